use maud::{Markup, html};

use crate::{
    Action, Avatar, AvatarSize, Cell, Hue, Icon, KeyValue, Menu, MenuEntry, View, action, avatar, cell, icon, menu,
};

/// The top of a record page.
#[derive(Clone, Debug, Default)]
pub struct RecordHeader {
    /// The record's mark and name.
    pub avatar: Avatar,
    /// A line below the name, such as job and company.
    pub subtitle: Option<String>,
    /// Key facts beside the name.
    pub facts: Vec<KeyValue>,
    /// Main actions.
    pub actions: Vec<Action>,
    /// The overflow menu.
    pub more: Vec<MenuEntry>,
    /// Previous and next record of the list this one was opened from.
    pub siblings: (Option<String>, Option<String>),
}

/// Draws the top of a record page.
pub fn record_header(view: &View, header: &RecordHeader) -> Markup {
    let words = view.words;
    html! {
        header.record-head {
            (avatar(&header.avatar, AvatarSize::Large))
            div.record-name {
                h2 { (header.avatar.name) }
                @if let Some(subtitle) = &header.subtitle { p.muted { (subtitle) } }
            }
            @if !header.facts.is_empty() {
                dl.facts { @for fact in &header.facts { div { dt { (fact.label) } dd { (cell(view, &fact.value)) } } } }
            }
            div.buttons {
                @if let Some(href) = &header.siblings.0 { (crate::icon_link(&words.previous, Icon::ChevronUp, href)) }
                @if let Some(href) = &header.siblings.1 { (crate::icon_link(&words.next, Icon::ChevronDown, href)) }
                @for each in &header.actions { (action(view, each)) }
                @if !header.more.is_empty() {
                    (menu(view, &Menu {
                        id: "record-menu".into(),
                        label: words.more.clone(),
                        icon: Some(Icon::Ellipsis),
                        icon_only: true,
                        entries: header.more.clone(),
                        ..Menu::default()
                    }))
                }
            }
        }
    }
}

/// A stage of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Its key, posted as `stage`.
    pub key: String,
    /// Its name.
    pub label: String,
    /// The record stands here.
    pub current: bool,
    /// The record has passed it.
    pub done: bool,
    /// How long the record was or is here, in words.
    pub time: Option<String>,
    /// Its colour while current.
    pub hue: Hue,
}

/// Draws the stages as a path; a click posts `stage` to `target`, or nothing when that is `None`.
pub fn stage_path(view: &View, stages: &[Stage], target: Option<&str>) -> Markup {
    html! {
        form.stage-path method="post" action=[target] hx-post=[target] hx-swap="none" aria-label=(view.words.stage) {
            (view.csrf_field())
            ol { @for stage in stages {
                @let current = stage.current.then_some("step");
                li.done[stage.done] aria-current=[current] data-hue=(stage.hue.name()) {
                    button name="stage" value=(stage.key) disabled[target.is_none() || stage.current] {
                        @if stage.done { (icon(Icon::Check)) }
                        span { (stage.label) }
                        @if let Some(time) = &stage.time { span.stage-time.number { (time) } }
                    }
                }
            } }
        }
    }
}

/// A field of a record with its value.
#[derive(Clone, Debug, Default)]
pub struct Property {
    /// The field's label.
    pub label: String,
    /// The field's icon.
    pub icon: Option<Icon>,
    /// The value.
    pub value: Cell,
    /// Fetches the editor ([`crate::cell_edit`]); `None` when it cannot be edited.
    pub edit: Option<String>,
    /// Where the value comes from, in words.
    pub provenance: Option<String>,
}

/// Fields under a heading that folds.
#[derive(Clone, Debug, Default)]
pub struct PropertyGroup {
    /// The heading.
    pub label: String,
    /// The fields.
    pub properties: Vec<Property>,
    /// Folded at first.
    pub folded: bool,
}

/// Draws the fields of a record in groups, each value editable in place.
pub fn properties(view: &View, groups: &[PropertyGroup]) -> Markup {
    html! {
        @for group in groups {
            details.properties open[!group.folded] {
                summary { (icon(Icon::ChevronRight)) (group.label) }
                dl { @for each in &group.properties {
                    @let focus = each.edit.as_ref().map(|_| "0");
                    div.property {
                        dt { @if let Some(symbol) = each.icon { (icon(symbol)) } span { (each.label) } }
                        dd title=[each.provenance.as_ref()] {
                            div.property-value data-edit=[each.edit.as_ref()] tabindex=[focus] { (cell(view, &each.value)) }
                        }
                    }
                } }
            }
        }
    }
}

/// A record in a related list.
#[derive(Clone, Debug, Default)]
pub struct RelatedItem {
    /// Its mark and name.
    pub avatar: Avatar,
    /// Its page.
    pub href: String,
    /// A line below the name.
    pub detail: Option<String>,
    /// A value on the right.
    pub value: Cell,
}

/// Records that refer to this one.
#[derive(Clone, Debug, Default)]
pub struct Related {
    /// The heading.
    pub label: String,
    /// How many there are; not said when empty.
    pub count: String,
    /// The first of them.
    pub items: Vec<RelatedItem>,
    /// The list of all.
    pub all: Option<String>,
    /// Creates one, over the page.
    pub create: Option<String>,
    /// Said when there is none.
    pub empty: String,
}

/// Draws a related list with its "+".
pub fn related(view: &View, list: &Related) -> Markup {
    html! {
        section.related {
            header {
                h3 { @match &list.all { Some(href) => a href=(href) { (list.label) }, None => (list.label) } }
                @if !list.count.is_empty() { span.badge { (list.count) } }
                @if let Some(href) = &list.create {
                    a.icon-button href=(href) hx-get=(href) hx-target="#overlay" hx-swap="innerHTML"
                        aria-label={ (view.words.add) ": " (list.label) } { (icon(Icon::Plus)) }
                }
            }
            @if list.items.is_empty() { p.muted { (list.empty) } }
            @else {
                ul { @for item in &list.items {
                    li {
                        (avatar(&item.avatar, AvatarSize::Small))
                        div.related-text {
                            a href=(item.href) { (item.avatar.name) }
                            @if let Some(detail) = &item.detail { p.muted { (detail) } }
                        }
                        (cell(view, &item.value))
                    }
                } }
            }
        }
    }
}

/// The zones of a record page.
#[derive(Clone, Debug, Default)]
pub struct RecordLayout {
    /// From [`record_header`], with [`stage_path`] and banners below it.
    pub head: Markup,
    /// From [`properties`].
    pub properties: Markup,
    /// From [`crate::tabs`].
    pub tabs: Markup,
    /// The content of the current tab.
    pub center: Markup,
    /// Related lists, one after the other.
    pub aside: Markup,
}

/// Lays a record page out: three zones when wide, two when less, one on a phone.
pub fn record_page(layout: &RecordLayout) -> Markup {
    html! {
        div.record {
            div.record-top { (layout.head) }
            div.record-zones {
                div.record-properties { (layout.properties) }
                div.record-center { (layout.tabs) (layout.center) }
                aside.record-aside { (layout.aside) }
            }
        }
    }
}

/// Lays a record page out whose content needs the whole width, such as records side by side.
pub fn record_wide(head: &Markup, tabs: &Markup, content: &Markup) -> Markup {
    html! {
        div.record {
            div.record-top { (head) }
            div.record-wide { (tabs) (content) }
        }
    }
}
