use maud::{Markup, html};

use crate::{Action, ActionKind, Icon, Menu, MenuEntry, Method, View, action, icon, menu};

/// A saved view of a list.
#[derive(Clone, Debug, Default)]
pub struct ViewLink {
    /// Its name.
    pub label: String,
    /// The list under that view.
    pub href: String,
    /// The view in force.
    pub current: bool,
    /// Heading that starts a group: private, shared, pinned.
    pub section: Option<String>,
}

/// A way to lay a list out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// The list under that layout.
    pub href: String,
    /// The layout in force.
    pub current: bool,
}

/// A condition in force, in words.
#[derive(Clone, Debug, Default)]
pub struct Chip {
    /// The field.
    pub field: String,
    /// The operator and value, such as `is Won`.
    pub text: String,
    /// The list without it.
    pub remove: String,
}

/// The line above a list.
#[derive(Clone, Debug, Default)]
pub struct Toolbar {
    /// Saved views; the button shows the current one.
    pub views: Vec<ViewLink>,
    /// What can be done to views: save as, rename, share.
    pub view_actions: Vec<MenuEntry>,
    /// Ways to lay the list out; hidden when there is one.
    pub layouts: Vec<Layout>,
    /// Conditions in force.
    pub chips: Vec<Chip>,
    /// Opens the filter builder over the page.
    pub filter: Option<String>,
    /// The list without any condition; shown with two chips or more.
    pub clear: Option<String>,
    /// Sorts to choose from; the current ones are marked.
    pub sorts: Vec<MenuEntry>,
    /// Opens the column chooser over the page.
    pub columns: Option<String>,
    /// Where the search within the list goes, with `q`; `None` hides it.
    pub search: Option<String>,
    /// The words that the list is searched for at present.
    pub query: String,
    /// Query parameters that the search keeps: filters, sort, view.
    pub keep: Vec<(String, String)>,
    /// Import, export and the like.
    pub tools: Vec<MenuEntry>,
    /// A change to the view that is not saved yet: what it says and what can be done.
    pub unsaved: Option<(String, Vec<Action>)>,
}

/// Draws the line above a list.
pub fn toolbar(view: &View, bar: &Toolbar) -> Markup {
    let words = view.words;
    html! {
        div.toolbar {
            div.toolbar-start {
                @if let Some(current) = bar.views.iter().find(|each| each.current).or(bar.views.first()) {
                    (menu(view, &Menu {
                        id: "view-menu".into(),
                        label: current.label.clone(),
                        icon: Some(Icon::Layers),
                        entries: bar.views.iter().map(view_entry).chain(bar.view_actions.iter().cloned()).collect(),
                        ..Menu::default()
                    }))
                }
                @if bar.layouts.len() > 1 {
                    nav.segmented aria-label=(words.layout) {
                        @for each in &bar.layouts {
                            @let current = each.current.then_some("true");
                            a href=(each.href) aria-current=[current] aria-label=(each.label) title=(each.label) { (icon(each.icon)) }
                        }
                    }
                }
                @if let Some(href) = &bar.filter { (quiet(view, &words.filter, Icon::Funnel, href)) }
                @if !bar.sorts.is_empty() {
                    (menu(view, &Menu {
                        id: "sort-menu".into(),
                        label: words.sort.clone(),
                        icon: Some(Icon::ArrowUpDown),
                        kind: ActionKind::Quiet,
                        entries: bar.sorts.clone(),
                        ..Menu::default()
                    }))
                }
                @if let Some(href) = &bar.columns { (quiet(view, &words.columns, Icon::Columns3, href)) }
            }
            div.toolbar-end {
                @if let Some(target) = &bar.search { (list_search(view, bar, target)) }
                @if !bar.tools.is_empty() {
                    (menu(view, &Menu {
                        id: "tool-menu".into(),
                        label: words.more.clone(),
                        icon: Some(Icon::Ellipsis),
                        icon_only: true,
                        entries: bar.tools.clone(),
                        ..Menu::default()
                    }))
                }
            }
        }
        @if !bar.chips.is_empty() || bar.unsaved.is_some() {
            div.chips {
                @for each in &bar.chips {
                    span.chip {
                        span { (each.field) " " strong { (each.text) } }
                        a.chip-remove href=(each.remove) aria-label={ (words.remove) ": " (each.field) " " (each.text) } { (icon(Icon::X)) }
                    }
                }
                @if let Some(href) = bar.clear.as_ref().filter(|_| bar.chips.len() > 1) {
                    a.button data-kind="quiet" href=(href) { (words.clear_filters) }
                }
                @if let Some((text, actions)) = &bar.unsaved {
                    span.unsaved { span.muted { (text) } @for each in actions { (action(view, each)) } }
                }
            }
        }
    }
}

fn view_entry(link: &ViewLink) -> MenuEntry {
    MenuEntry {
        label: link.label.clone(),
        href: link.href.clone(),
        current: link.current,
        section: link.section.clone(),
        ..MenuEntry::default()
    }
}

fn quiet(view: &View, label: &str, symbol: Icon, href: &str) -> Markup {
    action(
        view,
        &Action {
            label: label.to_owned(),
            icon: Some(symbol),
            href: href.to_owned(),
            method: Method::Overlay,
            kind: ActionKind::Quiet,
            ..Action::default()
        },
    )
}

fn list_search(view: &View, bar: &Toolbar, target: &str) -> Markup {
    html! {
        form.list-search role="search" action=(target) {
            @for (name, value) in &bar.keep { input type="hidden" name=(name) value=(value); }
            (icon(Icon::Search))
            input type="search" name="q" value=(bar.query) placeholder=(view.words.search_list)
                aria-label=(view.words.search_list) data-list-search autocomplete="off";
        }
    }
}

/// What can be done to selected rows.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    /// What the selection posts to; the button's value arrives as `verb`, the rows as `id`.
    pub action: String,
    /// Verb, label and icon of each button, in order.
    pub verbs: Vec<(String, String, Option<Icon>)>,
    /// Verbs among them that destroy something.
    pub dangerous: Vec<String>,
    /// How many rows match, in words; offers to select them all, which posts `all=true`.
    pub matching: Option<String>,
    /// The filter in force, so that "all" means these: query parameters posted along.
    pub keep: Vec<(String, String)>,
}

/// Draws the bar that appears while rows are selected. One per page; it owns the checkboxes of the table.
pub fn selection_bar(view: &View, bulk: &Bulk) -> Markup {
    let words = view.words;
    html! {
        form #selection.selection-bar method="post" action=(bulk.action) hx-post=(bulk.action) hx-target="#overlay"
            hx-swap="innerHTML" aria-label=(words.selected) {
            (view.csrf_field())
            @for (name, value) in &bulk.keep { input type="hidden" name=(name) value=(value); }
            span.selection-count { (words.selected) " " output data-selection-count { "0" } }
            @if let Some(matching) = &bulk.matching {
                label.select-matching {
                    input type="checkbox" name="all" value="true" data-select-matching;
                    span { (words.select_all_matching) " (" (matching) ")" }
                }
            }
            span.buttons {
                @for (verb, label, symbol) in &bulk.verbs {
                    @let kind = if bulk.dangerous.contains(verb) { "danger" } else { "secondary" };
                    button.button data-kind=(kind) name="verb" value=(verb) {
                        @if let Some(each) = symbol { (icon(*each)) }
                        span { (label) }
                    }
                }
            }
            button.icon-button type="reset" data-selection-clear aria-label=(words.clear_selection) title=(words.clear_selection) {
                (icon(Icon::X))
            }
        }
    }
}

/// Draws the form that chooses and orders columns. It posts `column` once per chosen column, in order.
pub fn columns_chooser(view: &View, target: &str, columns: &[(String, String, bool)]) -> Markup {
    let words = view.words;
    html! {
        form method="post" action=(target) data-columns {
            (view.csrf_field())
            ul.column-list aria-label=(words.show_columns) {
                @for (key, label, shown) in columns {
                    li draggable="true" {
                        span.grip aria-hidden="true" { (icon(Icon::GripVertical)) }
                        label { input type="checkbox" name="column" value=(key) checked[*shown]; span { (label) } }
                        button.icon-button type="button" data-move="up" aria-label={ (words.move_up) ": " (label) } { (icon(Icon::ArrowUp)) }
                        button.icon-button type="button" data-move="down" aria-label={ (words.move_down) ": " (label) } { (icon(Icon::ArrowDown)) }
                    }
                }
            }
            div.form-actions { button.button data-kind="primary" { (words.apply) } }
        }
    }
}
