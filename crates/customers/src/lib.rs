//! The customer repository: sources, the records and events they send, and what is known from them.

pub mod consent;
pub mod event;
pub mod source;

use records::{App, When};

/// The app: its objects, their words, and what it does with what comes in.
pub fn app() -> App {
    App::new("customers")
        .words(include_str!("words.fr.ftl"), include_str!("words.en.ftl"))
        .object(source::object())
        .words(include_str!("source/words.fr.ftl"), include_str!("source/words.en.ftl"))
        .words(include_str!("event/words.fr.ftl"), include_str!("event/words.en.ftl"))
        .follow(|space| Box::pin(event::learn(space)))
        .object(consent::purpose::object())
        .on("purpose", When::Saving, |draft, _| Box::pin(async move { consent::purpose::check(draft) }))
        .words(include_str!("consent/words.fr.ftl"), include_str!("consent/words.en.ftl"))
        .follow(|space| Box::pin(consent::follow(space)))
        .seed(|space| Box::pin(consent::purpose::seed(space)))
}
