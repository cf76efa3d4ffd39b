//! The customer repository: sources, the records and events they send, and what is known from them.

pub mod event;
pub mod source;

use records::App;

/// The app: its objects, their words, and what it does with what comes in.
pub fn app() -> App {
    App::new("customers")
        .words(include_str!("words.fr.ftl"), include_str!("words.en.ftl"))
        .object(source::object())
        .words(include_str!("source/words.fr.ftl"), include_str!("source/words.en.ftl"))
        .words(include_str!("event/words.fr.ftl"), include_str!("event/words.en.ftl"))
        .follow(|space| Box::pin(event::learn(space)))
}
