use maud::{Markup, html};

use crate::{Action, Icon, View, action, icon};

/// How a message is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neutral.
    #[default]
    Info,
    /// It worked.
    Success,
    /// Look at this.
    Warning,
    /// It failed.
    Error,
}

impl Tone {
    fn name(self) -> &'static str {
        match self {
            Tone::Info => "info",
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Error => "error",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Tone::Info => Icon::Info,
            Tone::Success => Icon::CircleCheck,
            Tone::Warning => Icon::TriangleAlert,
            Tone::Error => Icon::CircleAlert,
        }
    }
}

/// A message within the page.
#[derive(Clone, Debug, Default)]
pub struct Banner {
    /// How it is meant.
    pub tone: Tone,
    /// One sentence.
    pub title: String,
    /// More words, when needed.
    pub detail: Option<String>,
    /// What can be done about it.
    pub actions: Vec<Action>,
}

/// Draws a banner; an error is announced at once, the rest politely.
pub fn banner(view: &View, banner: &Banner) -> Markup {
    let role = if banner.tone == Tone::Error { "alert" } else { "status" };
    html! {
        div.banner data-tone=(banner.tone.name()) role=(role) {
            (icon(banner.tone.icon()))
            div.banner-text {
                strong { (banner.title) }
                @if let Some(detail) = &banner.detail { p { (detail) } }
            }
            @for each in &banner.actions { (action(view, each)) }
        }
    }
}

/// What a list says when it has nothing to show.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    /// The icon of what is missing.
    pub icon: Option<Icon>,
    /// One sentence.
    pub title: String,
    /// A second sentence, when needed.
    pub detail: Option<String>,
    /// What to do: create, import, sample data, or clear the filters.
    pub actions: Vec<Action>,
}

/// Draws an empty state.
pub fn empty(view: &View, empty: &Empty) -> Markup {
    html! {
        div.empty {
            @if let Some(each) = empty.icon { span.empty-icon { (icon(each)) } }
            p.empty-title { (empty.title) }
            @if let Some(detail) = &empty.detail { p.muted { (detail) } }
            @if !empty.actions.is_empty() { (crate::button_bar(view, &empty.actions)) }
        }
    }
}

/// The place toasts appear in; one per page, placed by [`crate::shell`] and [`crate::sign_in`]. It also holds the toast
/// that the scripts show when a request fails without an explanation.
pub fn toast_region(view: &View) -> Markup {
    html! {
        div #toasts.toasts role="region" aria-label=(view.words.notifications) aria-live="polite" {}
        template #failure { (one_toast(view, Tone::Error, &view.words.failed, None)) }
    }
}

/// A passing message with an optional undo address. Send it beside any fragment, or put it into a page:
/// it moves itself into the region.
pub fn toast(view: &View, tone: Tone, text: &str, undo: Option<&str>) -> Markup {
    html! { div.toast-carrier hx-swap-oob="beforeend:#toasts" { (one_toast(view, tone, text, undo)) } }
}

fn one_toast(view: &View, tone: Tone, text: &str, undo: Option<&str>) -> Markup {
    html! {
        div.toast data-toast data-tone=(tone.name()) {
            (icon(tone.icon()))
            p { (text) }
            @if let Some(url) = undo {
                form method="post" action=(url) hx-post=(url) hx-swap="none" data-toast-undo {
                    (view.csrf_field())
                    button.button data-kind="quiet" { (icon(Icon::Undo2)) span { (view.words.undo) } }
                }
            }
            button.icon-button type="button" data-toast-close aria-label=(view.words.close) { (icon(Icon::X)) }
        }
    }
}

/// How far a long piece of work has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// What is being done.
    pub label: String,
    /// Done so far; `None` while the total is unknown.
    pub value: Option<u64>,
    /// The total that [`Progress::value`] counts towards; at least 1.
    pub total: u64,
    /// Numbers in words, such as `4,200 of 8,800 rows`.
    pub detail: String,
}

/// Draws a progress bar with its label and numbers.
pub fn progress(progress: &Progress) -> Markup {
    html! {
        div.progress {
            div.progress-line { span { (progress.label) } span.muted.number { (progress.detail) } }
            progress value=[progress.value] max=(progress.total.max(1)) aria-label=(progress.label) { (progress.detail) }
        }
    }
}

/// A progress bar that asks `url` for its successor every second, until an answer comes without this wrapper.
pub fn live_progress(bar: &Progress, url: &str) -> Markup {
    html! {
        div.live-progress hx-get=(url) hx-trigger="load delay:1s" hx-swap="outerHTML" aria-live="polite" { (progress(bar)) }
    }
}

/// Grey lines in place of content that is still loading.
pub fn skeleton(view: &View, lines: usize) -> Markup {
    html! {
        div.skeleton role="status" aria-label=(view.words.loading) {
            @for _ in 0..lines { span {} }
        }
    }
}
