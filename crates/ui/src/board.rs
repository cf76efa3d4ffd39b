use maud::{Markup, html};

use crate::{Avatar, AvatarSize, Cell, Empty, Hue, Icon, View, avatar, cell, empty, icon};

/// When the next activity of a card is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It should have happened.
    Overdue,
    /// It is due today.
    Today,
    /// It is planned.
    Later,
    /// None is planned.
    Missing,
}

/// A record on a board.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The record's identifier, posted as `card`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its page.
    pub href: String,
    /// A second line, such as the account.
    pub subtitle: Option<String>,
    /// The formatted amount.
    pub amount: Option<String>,
    /// Whose it is.
    pub owner: Option<Avatar>,
    /// More values, with their names.
    pub fields: Vec<(String, Cell)>,
    /// When its next activity is due, and the date in words.
    pub activity: Option<(Activity, String)>,
    /// Left too long in its lane: tinted, with the reason in words.
    pub stale: Option<String>,
}

/// A column of a board: a stage or another choice.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// Its key, posted as `lane`.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Its colour.
    pub hue: Hue,
    /// How many cards it holds, formatted and capped.
    pub count: String,
    /// Their sum, formatted.
    pub sum: Option<String>,
    /// The first cards.
    pub cards: Vec<Card>,
    /// The address of the next cards: answers with [`card`]s.
    pub more: Option<String>,
    /// Creates a card in this lane, over the page.
    pub create: Option<String>,
}

/// Records in lanes.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// What the board shows, for assistive technology.
    pub label: String,
    /// What a move posts to: `card`, `lane` and `before` (the card it lands above, or empty). It may answer with toasts, a
    /// dialog that asks why, or an error, upon which the card returns. `None` forbids moves.
    pub moves: Option<String>,
    /// Lanes from left to right.
    pub lanes: Vec<Lane>,
    /// Shown when there is no lane.
    pub empty: Empty,
}

/// Draws a board. Cards move by pointer, or by keyboard with Shift and an arrow.
pub fn board(view: &View, board: &Board) -> Markup {
    if board.lanes.is_empty() {
        return empty(view, &board.empty);
    }
    html! {
        div.board role="group" aria-label=(board.label) data-board=[board.moves.as_ref()] {
            @for lane in &board.lanes {
                section.lane aria-label=(lane.label) data-lane=(lane.key) data-hue=(lane.hue.name()) {
                    header.lane-head {
                        h2 { span { (lane.label) } }
                        span.badge data-lane-count { (lane.count) }
                        @if let Some(sum) = &lane.sum { span.lane-sum.number { (sum) } }
                        @if let Some(href) = &lane.create {
                            a.icon-button href=(href) hx-get=(href) hx-target="#overlay" hx-swap="innerHTML"
                                aria-label={ (view.words.add) ": " (lane.label) } { (icon(Icon::Plus)) }
                        }
                    }
                    ol.lane-cards tabindex="0" aria-label=(lane.label) data-lane-cards {
                        @for each in &lane.cards { (card(view, each)) }
                        @if let Some(more) = &lane.more {
                            li.more-rows hx-get=(more) hx-trigger="revealed" hx-swap="outerHTML" {
                                a href=(more) { (view.words.load_more) }
                            }
                        }
                    }
                }
            }
            p.visually-hidden role="status" data-board-status {}
        }
    }
}

/// Draws one card as an item of its lane.
pub fn card(view: &View, card: &Card) -> Markup {
    html! {
        li.card.stale[card.stale.is_some()] data-card=(card.id) title=[card.stale.as_ref()] {
            a.card-title href=(card.href) draggable="false" aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown" {
                (card.title)
            }
            @if let Some(subtitle) = &card.subtitle { p.muted { (subtitle) } }
            @if !card.fields.is_empty() {
                dl.card-fields { @for (label, value) in &card.fields {
                    div { dt { (label) } dd { (cell(view, value)) } }
                } }
            }
            div.card-foot {
                @if let Some(amount) = &card.amount { span.number.amount { (amount) } }
                @if let Some((activity, text)) = &card.activity { (mark(view, *activity, text)) }
                @if let Some(owner) = &card.owner {
                    span.card-owner title=(owner.name) { (avatar(owner, AvatarSize::Small)) span.visually-hidden { (owner.name) } }
                }
            }
        }
    }
}

fn mark(view: &View, activity: Activity, text: &str) -> Markup {
    let words = view.words;
    let (state, meaning) = match activity {
        Activity::Overdue => ("overdue", &words.overdue),
        Activity::Today => ("today", &words.today),
        Activity::Later => ("later", &words.later),
        Activity::Missing => ("missing", &words.none),
    };
    html! {
        span.activity data-state=(state) title=(meaning) {
            (icon(Icon::Clock)) span.visually-hidden { (meaning) ": " } (text)
        }
    }
}
