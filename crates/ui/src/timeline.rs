use maud::{Markup, html};

use crate::{Avatar, AvatarSize, Change, Empty, Icon, View, avatar, diff, empty, icon};

/// Something that happened to a record.
#[derive(Clone, Debug, Default)]
pub struct TimelineEntry {
    /// Identifies it, so that a live update can replace it.
    pub id: String,
    /// The icon of its kind.
    pub icon: Option<Icon>,
    /// Who did it.
    pub actor: Avatar,
    /// What was done, as words after the actor's name.
    pub summary: String,
    /// When, ISO 8601.
    pub iso: String,
    /// When, formatted.
    pub time: String,
    /// Text of a note, call or meeting; blank lines part paragraphs.
    pub body: Option<String>,
    /// Fields that changed.
    pub changes: Vec<Change>,
    /// Its page or its editor.
    pub href: Option<String>,
    /// A heading before it when a new day or month starts.
    pub heading: Option<String>,
}

/// Draws the stream of what happened, newest first, loading older entries from `more` as one scrolls.
pub fn timeline(view: &View, entries: &[TimelineEntry], more: Option<&str>, none: &Empty) -> Markup {
    html! {
        @if entries.is_empty() { (empty(view, none)) }
        @else { ol #timeline.timeline { (timeline_entries(view, entries, more)) } }
    }
}

/// Draws entries alone: the answer to `more`, or what a live update puts first.
pub fn timeline_entries(view: &View, entries: &[TimelineEntry], more: Option<&str>) -> Markup {
    html! {
        @for entry in entries { (one(view, entry)) }
        @if let Some(url) = more {
            li.more-rows hx-get=(url) hx-trigger="revealed" hx-swap="outerHTML" { a href=(url) { (view.words.load_more) } }
        }
    }
}

fn one(view: &View, entry: &TimelineEntry) -> Markup {
    html! {
        @if let Some(heading) = &entry.heading { li.timeline-heading { (heading) } }
        li.timeline-entry id={ "entry-" (entry.id) } {
            span.timeline-icon { (icon(entry.icon.unwrap_or(Icon::Circle))) }
            div.timeline-content {
                p.timeline-line {
                    (avatar(&entry.actor, AvatarSize::Small))
                    span { strong { (entry.actor.name) } " " (entry.summary) }
                    @let time = html! { time datetime=(entry.iso) title=(entry.time) data-relative { (entry.time) } };
                    @match &entry.href { Some(href) => a.muted href=(href) { (time) }, None => span.muted { (time) } }
                }
                @if let Some(body) = &entry.body {
                    div.timeline-body { @for paragraph in body.split("\n\n") { p { (paragraph) } } }
                }
                @if !entry.changes.is_empty() { (diff(view, &entry.changes)) }
            }
        }
    }
}

/// A kind of thing to add to a timeline.
#[derive(Clone, Debug, Default)]
pub struct ComposerTab {
    /// Its key within the page, such as `note`.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Its icon.
    pub icon: Option<Icon>,
    /// What its form posts to.
    pub action: String,
    /// Its fields.
    pub fields: Markup,
    /// What the button says.
    pub submit: String,
}

/// The place to add a note, call, task or meeting.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    /// What can be added; the first is open.
    pub tabs: Vec<ComposerTab>,
}

/// Draws the composer as forms of which one is open at a time, without script too.
pub fn composer(view: &View, composer: &Composer) -> Markup {
    html! {
        div.composer {
            @for (number, tab) in composer.tabs.iter().enumerate() {
                details name="composer" open[number == 0] id={ "compose-" (tab.key) } {
                    summary { @if let Some(each) = tab.icon { (icon(each)) } span { (tab.label) } }
                    form method="post" action=(tab.action) hx-post=(tab.action) hx-target="#timeline" hx-swap="afterbegin"
                        data-reset-after {
                        (view.csrf_field())
                        (tab.fields)
                        div.form-actions { button.button data-kind="secondary" { (tab.submit) } }
                    }
                }
            }
        }
    }
}
