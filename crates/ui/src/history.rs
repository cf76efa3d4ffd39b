use maud::{Markup, html};

use crate::{Action, Avatar, AvatarSize, View, action, avatar};

/// A field's value before and after, formatted.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The field's label.
    pub field: String,
    /// The value before; empty when there was none.
    pub before: String,
    /// The value after; empty when it was removed.
    pub after: String,
}

/// Draws changed fields as before and after.
pub fn diff(view: &View, changes: &[Change]) -> Markup {
    html! {
        dl.diff { @for change in changes {
            div { dt { (change.field) } dd { (before_after(view, change)) } }
        } }
    }
}

fn before_after(view: &View, change: &Change) -> Markup {
    let words = view.words;
    html! {
        @if !change.before.is_empty() { span.visually-hidden { (words.before) ": " } del { (change.before) } " " }
        span.visually-hidden { (words.after) ": " }
        @if change.after.is_empty() { ins.muted { (words.none) } } @else { ins { (change.after) } }
    }
}

/// A change of one field in a record's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryRow {
    /// When, ISO 8601.
    pub iso: String,
    /// When, formatted.
    pub time: String,
    /// Who changed it.
    pub actor: Avatar,
    /// Through what: the interface, the API, an import.
    pub through: String,
    /// What changed.
    pub change: Change,
    /// Puts the former value back.
    pub restore: Option<Action>,
}

/// Draws who changed what from what to what, when and through what.
pub fn history_table(view: &View, rows: &[HistoryRow]) -> Markup {
    let words = view.words;
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(words.field) {
            table.plain {
                thead { tr {
                    th scope="col" { (words.when) }
                    th scope="col" { (words.who) }
                    th scope="col" { (words.field) }
                    th scope="col" { (words.before) " → " (words.after) }
                    th scope="col" { (words.through) }
                    th scope="col" { span.visually-hidden { (words.restore) } }
                } }
                tbody { @for row in rows { tr {
                    td.nowrap { time datetime=(row.iso) { (row.time) } }
                    td { span.named { (avatar(&row.actor, AvatarSize::Small)) span.value { (row.actor.name) } } }
                    th scope="row" { (row.change.field) }
                    td.diff { (before_after(view, &row.change)) }
                    td.muted { (row.through) }
                    td { @if let Some(each) = &row.restore { (action(view, each)) } }
                } } }
            }
        }
    }
}
