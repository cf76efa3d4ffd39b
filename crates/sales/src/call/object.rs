use kernel::Timestamp;
use model::{Field, Grant, Hue, ObjectDef, Ref, Scope, choice, date_time, duration, long_text, polymorphic, text};

use crate::task::SUBJECTS;

/// What it was about.
pub const SUBJECT: Field<String> = text("subject").required().searchable();
/// Who called whom.
pub const DIRECTION: Field<String> = choice("direction", &[("in", Hue::Teal), ("out", Hue::Blue)]).default_text("out");
/// When it started.
pub const STARTED_AT: Field<Timestamp> = date_time("started_at").required().indexed().default_now();
/// How long it lasted.
pub const DURATION: Field<i64> = duration("duration");
/// Whether somebody answered.
pub const OUTCOME: Field<String> =
    choice("outcome", &[("answered", Hue::Green), ("voicemail", Hue::Amber), ("no_answer", Hue::Grey)]);
/// The record it is about.
pub const ABOUT: Field<Ref> = polymorphic("about", SUBJECTS);
/// What was said.
pub const NOTES: Field<String> = long_text("notes");

/// The definition.
pub fn object() -> ObjectDef {
    let fields =
        vec![SUBJECT.def(), DIRECTION.def(), STARTED_AT.def(), DURATION.def(), OUTCOME.def(), ABOUT.def(), NOTES.def()];
    ObjectDef::new("call", "cal", "phone", "subject", fields)
        .columns(&["subject", "about", "direction", "outcome", "started_at", "duration", "owner"])
        .facts(&["about", "direction", "outcome"])
        .section("details", &["subject", "about", "direction", "outcome", "started_at", "duration", "owner", "notes"])
        .about("about")
        .grant("*", Grant::write(Scope::Team))
}
