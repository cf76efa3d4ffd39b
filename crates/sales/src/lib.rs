//! What salespeople work with: accounts, contacts, leads, opportunities in pipelines, products, and the activities around them.

pub mod account;
pub mod call;
pub mod contact;
pub mod lead;
pub mod meeting;
pub mod note;
pub mod opportunity;
pub mod pipeline;
pub mod product;
pub mod task;

use records::{App, When};

/// The app: its objects in the order of the navigation, and what happens when they change.
pub fn app() -> App {
    App::new("sales")
        .words(include_str!("words.fr.ftl"), include_str!("words.en.ftl"))
        .object(account::object())
        .words(include_str!("account/words.fr.ftl"), include_str!("account/words.en.ftl"))
        .object(contact::object())
        .words(include_str!("contact/words.fr.ftl"), include_str!("contact/words.en.ftl"))
        .object(lead::object())
        .words(include_str!("lead/words.fr.ftl"), include_str!("lead/words.en.ftl"))
        .object(opportunity::object())
        .words(include_str!("opportunity/words.fr.ftl"), include_str!("opportunity/words.en.ftl"))
        .on("opportunity", When::Saving, |draft, cx| Box::pin(opportunity::follow_stage(draft, cx)))
        .on("opportunity", When::Saved, |draft, cx| Box::pin(opportunity::keep_stage_history(draft, cx)))
        .object(opportunity::stage_change())
        .object(product::object())
        .words(include_str!("product/words.fr.ftl"), include_str!("product/words.en.ftl"))
        .object(pipeline::object())
        .object(pipeline::stage())
        .words(include_str!("pipeline/words.fr.ftl"), include_str!("pipeline/words.en.ftl"))
        .on("pipeline", When::Saved, |draft, cx| Box::pin(pipeline::keep_one_default(draft, cx)))
        .object(task::object())
        .words(include_str!("task/words.fr.ftl"), include_str!("task/words.en.ftl"))
        .on("task", When::Saving, |draft, cx| Box::pin(task::note_completion(draft, cx)))
        .object(call::object())
        .words(include_str!("call/words.fr.ftl"), include_str!("call/words.en.ftl"))
        .object(meeting::object())
        .words(include_str!("meeting/words.fr.ftl"), include_str!("meeting/words.en.ftl"))
        .object(note::object())
        .words(include_str!("note/words.fr.ftl"), include_str!("note/words.en.ftl"))
}

/// The stages of a customer's life.
pub(crate) const LIFECYCLE: &[(&str, model::Hue)] = &[
    ("suspect", model::Hue::Grey),
    ("prospect", model::Hue::Blue),
    ("unqualified", model::Hue::Orange),
    ("new_customer", model::Hue::Teal),
    ("loyal", model::Hue::Green),
    ("advocate", model::Hue::Violet),
    ("inactive", model::Hue::Amber),
];

/// Where people come from.
pub(crate) const SOURCES: &[(&str, model::Hue)] = &[
    ("web", model::Hue::Blue),
    ("fair", model::Hue::Violet),
    ("referral", model::Hue::Green),
    ("partner", model::Hue::Teal),
    ("phone", model::Hue::Amber),
];
