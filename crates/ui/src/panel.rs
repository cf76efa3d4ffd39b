use maud::{Markup, html};

use crate::{Cell, Icon, View, cell, icon};

/// A step of the way to a page.
#[derive(Clone, Debug, Default)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address; `None` for the page itself.
    pub href: Option<String>,
}

/// Draws the way to a page.
pub fn breadcrumb(view: &View, crumbs: &[Crumb]) -> Markup {
    html! {
        nav.breadcrumb aria-label=(view.words.breadcrumb) {
            ol { @for crumb in crumbs {
                li {
                    @match &crumb.href {
                        Some(href) => a href=(href) { (crumb.label) },
                        None => span aria-current="page" { (crumb.label) },
                    }
                }
            } }
        }
    }
}

/// A tab: a page of its own with an address.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// A count beside the name.
    pub count: Option<String>,
    /// The tab in sight.
    pub current: bool,
    /// An icon before the name.
    pub icon: Option<Icon>,
}

/// Draws tabs as links; the current page's content follows them. `label` names the set.
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                @let current = tab.current.then_some("page");
                a href=(tab.href) aria-current=[current] {
                    @if let Some(each) = tab.icon { (icon(each)) }
                    span { (tab.label) }
                    @if let Some(count) = &tab.count { span.badge { (count) } }
                }
            }
        }
    }
}

/// A name with its value.
#[derive(Clone, Debug, Default)]
pub struct KeyValue {
    /// The name.
    pub label: String,
    /// The value.
    pub value: Cell,
}

/// Draws names and values in two columns.
pub fn key_values(view: &View, pairs: &[KeyValue]) -> Markup {
    html! {
        dl.key-values { @for pair in pairs { div { dt { (pair.label) } dd { (cell(view, &pair.value)) } } } }
    }
}

/// A figure with its name.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    /// What is measured.
    pub label: String,
    /// The formatted figure.
    pub value: String,
    /// The change or context, in words.
    pub detail: Option<String>,
    /// Whether the change is good; `None` is neutral.
    pub good: Option<bool>,
    /// The list behind the figure.
    pub href: Option<String>,
}

/// Draws figures in a row of tiles.
pub fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        ul.tiles { @for tile in tiles {
            li.tile {
                span.tile-label { (tile.label) }
                span.tile-value.number {
                    @match &tile.href { Some(href) => a href=(href) { (tile.value) }, None => (tile.value) }
                }
                @if let Some(detail) = &tile.detail {
                    @let trend = tile.good.map(|good| if good { "good" } else { "bad" });
                    span.tile-detail data-trend=[trend] { (detail) }
                }
            }
        } }
    }
}

/// Draws text as written, in a fixed-width face, with a button that copies it.
pub fn code_block(view: &View, code: &str) -> Markup {
    html! {
        div.code {
            pre tabindex="0" { code { (code) } }
            button.icon-button type="button" data-copy aria-label=(view.words.copy) title=(view.words.copy) { (icon(Icon::Copy)) }
        }
    }
}

/// Draws links to the previous and next page, with what is shown now in words.
pub fn pager(view: &View, previous: Option<&str>, next: Option<&str>, position: &str) -> Markup {
    html! {
        nav.pager aria-label=(view.words.pages) {
            @if let Some(href) = previous {
                a.button data-kind="secondary" rel="prev" href=(href) { (icon(Icon::ChevronLeft)) span { (view.words.previous) } }
            }
            span.muted.number { (position) }
            @if let Some(href) = next {
                a.button data-kind="secondary" rel="next" href=(href) { span { (view.words.next) } (icon(Icon::ChevronRight)) }
            }
        }
    }
}

/// Draws content in a framed section with a heading; the frame of settings pages and dashboards.
pub fn panel(title: &str, hint: Option<&str>, body: Markup) -> Markup {
    html! {
        section.panel {
            header { h2 { (title) } @if let Some(hint) = hint { p.muted { (hint) } } }
            (body)
        }
    }
}
