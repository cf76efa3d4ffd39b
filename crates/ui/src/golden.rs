//! Values of which one is believed, each with its reasons behind it.

use maud::{Markup, html};

use crate::{Icon, View, icon};

/// Another value that was said.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// Who said it and when, in words.
    pub said: String,
    /// The form that makes it the one believed.
    pub choose: Option<Markup>,
}

/// What is believed of an attribute.
#[derive(Clone, Debug, Default)]
pub struct Golden {
    /// The attribute.
    pub label: String,
    /// The values, the best first.
    pub values: Vec<String>,
    /// A person fixed it.
    pub pinned: Option<String>,
    /// How many sources say something else, in words.
    pub others: Option<String>,
    /// Why it is believed: source, time and rule, a sentence each.
    pub why: Vec<String>,
    /// The heading of the candidates.
    pub heading: String,
    /// What else was said.
    pub candidates: Vec<Candidate>,
    /// The forms by which it can be fixed by hand.
    pub fix: Option<Markup>,
}

/// Draws believed values under a heading; each unfolds to its reasons.
pub fn golden(_: &View, heading: &str, values: &[Golden]) -> Markup {
    html! {
        section.golden {
            h3 { (heading) }
            @for each in values {
                details {
                    summary {
                        span.golden-label { (each.label) }
                        span.golden-value { @for value in &each.values { span { (value) } } }
                        span.golden-marks {
                            @if let Some(pinned) = &each.pinned { span title=(pinned) { (icon(Icon::Lock)) span.visually-hidden { (pinned) } } }
                            @if let Some(others) = &each.others { span.badge title=(others) { (each.candidates.len()) span.visually-hidden { " " (others) } } }
                            (icon(Icon::ChevronRight))
                        }
                    }
                    div.golden-why {
                        @for sentence in &each.why { p { (sentence) } }
                        @if !each.candidates.is_empty() {
                            h4 { (each.heading) }
                            ul { @for candidate in &each.candidates { li {
                                div { span.value { (candidate.value) } span.muted { (candidate.said) } }
                                @if let Some(choose) = &candidate.choose { (choose) }
                            } } }
                        }
                        @if let Some(fix) = &each.fix { (fix) }
                    }
                }
            }
        }
    }
}
