//! The customer repository: sources, the records and events they send, and what is known from them.

pub mod consent;
pub mod erasure;
pub mod event;
pub mod form;
pub mod identity;
pub mod person;
pub mod profile;
pub mod pull;
pub mod retention;
pub mod right;
pub mod segment;
mod signed;
pub mod source;
mod work;

pub use work::Progress;

use records::{App, When};

/// The app: its objects, their words, and what it does with what comes in.
pub fn app() -> App {
    App::new("customers")
        .words(include_str!("words.fr.ftl"), include_str!("words.en.ftl"))
        .object(source::object())
        .words(include_str!("source/words.fr.ftl"), include_str!("source/words.en.ftl"))
        .on("source", When::Saved, |draft, cx| Box::pin(source::start(draft, cx)))
        .long_job(source::MIRROR, source::mirror)
        .long_job(pull::JOB, pull::job)
        .follow(|space| Box::pin(pull::schedule(space)))
        .words(include_str!("pull/words.fr.ftl"), include_str!("pull/words.en.ftl"))
        .follow(|space| Box::pin(source::follow(space)))
        .words(include_str!("event/words.fr.ftl"), include_str!("event/words.en.ftl"))
        .follow(|space| Box::pin(event::learn(space)))
        .words(include_str!("form/words.fr.ftl"), include_str!("form/words.en.ftl"))
        .object(profile::object())
        .words(include_str!("profile/words.fr.ftl"), include_str!("profile/words.en.ftl"))
        .words(include_str!("identity/words.fr.ftl"), include_str!("identity/words.en.ftl"))
        .follow(|space| Box::pin(identity::follow(space)))
        .follow(|space| Box::pin(identity::follow_models(space)))
        .long_job(identity::TRAIN, identity::train_job)
        .long_job(identity::REMATCH, identity::rematch_job)
        .job(profile::APART, profile::apart_job)
        .long_job(profile::RENEW, profile::renew_job)
        .follow(|space| Box::pin(event::tally(space)))
        .object(segment::object())
        .on("segment", When::Saving, |draft, cx| Box::pin(async move { segment::check(draft, cx) }))
        .words(include_str!("segment/words.fr.ftl"), include_str!("segment/words.en.ftl"))
        .object(consent::purpose::object())
        .on("purpose", When::Saving, |draft, _| Box::pin(async move { consent::purpose::check(draft) }))
        .words(include_str!("consent/words.fr.ftl"), include_str!("consent/words.en.ftl"))
        .follow(|space| Box::pin(consent::follow(space)))
        .seed(|space| Box::pin(consent::purpose::seed(space)))
        .object(right::object())
        .on("rights_request", When::Saving, |draft, cx| Box::pin(async move { right::check(draft, cx.ctx.today()) }))
        .on("rights_request", When::Saved, right::object_at_once)
        .words(include_str!("right/words.fr.ftl"), include_str!("right/words.en.ftl"))
        .follow(|space| Box::pin(right::follow(space)))
        .words(include_str!("person/words.fr.ftl"), include_str!("person/words.en.ftl"))
        .job(erasure::JOB, erasure::job)
        .screen(|cx, object, records| erasure::screen(cx, object, records))
        .words(include_str!("erasure/words.fr.ftl"), include_str!("erasure/words.en.ftl"))
        .object(retention::object())
        .on("retention_rule", When::Saving, |draft, cx| Box::pin(async move { retention::check(draft, cx) }))
        .words(include_str!("retention/words.fr.ftl"), include_str!("retention/words.en.ftl"))
        .follow(|space| Box::pin(retention::follow(space)))
        .seed(|space| Box::pin(retention::seed(space)))
}
