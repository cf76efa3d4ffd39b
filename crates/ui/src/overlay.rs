use maud::{Markup, html};

use crate::{Action, ActionKind, Avatar, AvatarSize, Icon, Method, View, action, avatar, icon};

/// A line of a [`Menu`].
#[derive(Clone, Debug, Default)]
pub struct MenuEntry {
    /// What it says.
    pub label: String,
    /// An icon before it.
    pub icon: Option<Icon>,
    /// Where it goes, or what it posts to.
    pub href: String,
    /// What following it does.
    pub method: Method,
    /// Marked as the one in force.
    pub current: bool,
    /// Destroys something.
    pub danger: bool,
    /// Starts a new section, with this heading unless it is empty.
    pub section: Option<String>,
    /// A question to confirm before a post.
    pub confirm: Option<String>,
}

/// A button that opens a list of links and actions.
#[derive(Clone, Debug, Default)]
pub struct Menu {
    /// Unique within the page.
    pub id: String,
    /// What the button says, or what it is called when only its icon shows.
    pub label: String,
    /// The button's icon.
    pub icon: Option<Icon>,
    /// Shows the icon alone.
    pub icon_only: bool,
    /// The button's look.
    pub kind: ActionKind,
    /// Lines in order.
    pub entries: Vec<MenuEntry>,
}

/// Draws a menu with the browser's own popover.
pub fn menu(view: &View, menu: &Menu) -> Markup {
    let name = menu.icon_only.then_some(&menu.label);
    html! {
        span.menu-anchor {
            button.button type="button" data-kind=(menu.kind.name()) popovertarget=(menu.id) aria-label=[name] title=[name] {
                @if let Some(each) = menu.icon { (icon(each)) }
                @if !menu.icon_only { span { (menu.label) } span.chevron { (icon(Icon::ChevronDown)) } }
            }
            div.menu id=(menu.id) popover {
                @for entry in &menu.entries { (menu_entry(view, entry)) }
            }
        }
    }
}

pub(crate) fn menu_entry(view: &View, entry: &MenuEntry) -> Markup {
    let label = html! {
        @if let Some(each) = entry.icon { (icon(each)) }
        span { (entry.label) }
        @if entry.current { span.menu-check { (icon(Icon::Check)) } }
    };
    let current = entry.current.then_some("true");
    html! {
        @if let Some(section) = &entry.section {
            @if section.is_empty() { hr; } @else { p.menu-heading { (section) } }
        }
        @match entry.method {
            Method::Get => a.menu-entry.danger[entry.danger] href=(entry.href) aria-current=[current] { (label) },
            Method::Overlay => a.menu-entry.danger[entry.danger] href=(entry.href) hx-get=(entry.href) hx-target="#overlay"
                hx-swap="innerHTML" data-close-menu { (label) },
            Method::Post => form.inline method="post" action=(entry.href) hx-post=(entry.href) hx-swap="none"
                hx-confirm=[entry.confirm.as_ref()] {
                (view.csrf_field())
                button.menu-entry.danger[entry.danger] data-close-menu { (label) }
            },
        }
    }
}

/// A dialog or drawer over the page. Send it as the answer to an [`Method::Overlay`] link; it opens by itself.
#[derive(Clone, Debug, Default)]
pub struct Dialog {
    /// Its heading.
    pub title: String,
    /// Its content, usually a form.
    pub body: Markup,
    /// Wide enough for a form of two columns.
    pub wide: bool,
}

/// Draws a dialog in the middle of the page.
pub fn dialog(view: &View, content: &Dialog) -> Markup {
    overlay(view, content, "dialog")
}

/// Draws a panel at the side of the page, at the bottom on a phone.
pub fn drawer(view: &View, content: &Dialog) -> Markup {
    overlay(view, content, "drawer")
}

fn overlay(view: &View, content: &Dialog, class: &str) -> Markup {
    html! {
        dialog class=(class) data-wide[content.wide] data-open aria-labelledby="overlay-title" closedby="any" {
            header.overlay-head {
                h2 #overlay-title { (content.title) }
                form method="dialog" {
                    button.icon-button aria-label=(view.words.close) { (icon(Icon::X)) }
                }
            }
            div.overlay-body { (content.body) }
        }
    }
}

/// Draws a question with one action and a way out.
pub fn confirm(view: &View, title: &str, text: &str, answer: &Action) -> Markup {
    let body = html! {
        p { (text) }
        div.form-actions {
            form method="dialog" { button.button data-kind="secondary" { (view.words.cancel) } }
            (action(view, answer))
        }
    };
    dialog(view, &Dialog { title: title.to_owned(), body, wide: false })
}

/// The command palette: results come from an address as one types.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// Answers `?q=` with [`palette_hits`].
    pub url: String,
    /// The search page, for readers without script.
    pub page: String,
}

/// Something the command palette found.
#[derive(Clone, Debug, Default)]
pub struct PaletteHit {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// What kind of thing it is, or where it lies.
    pub detail: Option<String>,
    /// Its icon.
    pub icon: Option<Icon>,
    /// A record's mark, instead of an icon.
    pub avatar: Option<Avatar>,
    /// Opens over the page instead of leaving it.
    pub overlay: bool,
}

pub(crate) fn palette(view: &View, palette: &Palette) -> Markup {
    html! {
        dialog #palette.palette aria-label=(view.words.search_everything) closedby="any" data-palette=(palette.url) {
            form.palette-search action=(palette.page) role="search" {
                (icon(Icon::Search))
                input type="search" name="q" role="combobox" aria-controls="palette-hits" aria-expanded="true"
                    aria-autocomplete="list" aria-label=(view.words.search_everything) placeholder=(view.words.search_everything)
                    autocomplete="off" spellcheck="false";
                kbd { "Esc" }
            }
            div #palette-hits.palette-hits role="listbox" aria-label=(view.words.search) {}
        }
    }
}

/// Draws what the palette found, in groups with headings: the answer to [`Palette::url`].
pub fn palette_hits(view: &View, groups: &[(String, Vec<PaletteHit>)]) -> Markup {
    html! {
        @if groups.iter().all(|(_, hits)| hits.is_empty()) {
            p.palette-none role="option" aria-disabled="true" { (view.words.no_result) }
        }
        @for (number, (heading, hits)) in groups.iter().enumerate().filter(|(_, (_, hits))| !hits.is_empty()) {
            div role="group" aria-labelledby={ "palette-group-" (number) } {
                p.menu-heading id={ "palette-group-" (number) } { (heading) }
                @for (place, hit) in hits.iter().enumerate() {
                    @let over = hit.overlay.then_some(&hit.href);
                    a.menu-entry id={ "palette-hit-" (number) "-" (place) } role="option" aria-selected="false" tabindex="-1"
                        href=(hit.href) data-overlay-href=[over] {
                        @if let Some(mark) = &hit.avatar { (avatar(mark, AvatarSize::Small)) }
                        @else if let Some(each) = hit.icon { (icon(each)) }
                        span { (hit.label) }
                        @if let Some(detail) = &hit.detail { span.muted { (detail) } }
                    }
                }
            }
        }
    }
}

/// Draws the map of keyboard shortcuts, which `?` opens; `goto` lists each letter with the page it goes to.
pub fn shortcut_map(view: &View, goto: &[(char, String)]) -> Markup {
    let words = view.words;
    let keys: [(&str, &str); 11] = [
        ("Ctrl K", &words.key_palette),
        ("/", &words.key_search),
        ("C", &words.key_create),
        ("J K", &words.key_move),
        ("X", &words.key_select),
        ("Enter", &words.key_open),
        ("E", &words.key_edit),
        ("Esc", &words.key_back),
        ("Ctrl Enter", &words.key_save),
        ("[", &words.collapse_sidebar),
        ("?", &words.key_help),
    ];
    html! {
        dialog #shortcuts.dialog aria-labelledby="shortcuts-title" closedby="any" {
            header.overlay-head {
                h2 #shortcuts-title { (words.shortcuts) }
                form method="dialog" { button.icon-button aria-label=(words.close) { (icon(Icon::X)) } }
            }
            div.overlay-body {
                dl.shortcut-list {
                    @for (key, meaning) in keys { (shortcut(key, meaning)) }
                    @for (letter, target) in goto {
                        (shortcut(&format!("G {}", letter.to_ascii_uppercase()), target))
                    }
                }
            }
        }
    }
}

fn shortcut(keys: &str, meaning: &str) -> Markup {
    html! {
        div { dt { @for key in keys.split(' ') { kbd { (key) } } } dd { (meaning) } }
    }
}
