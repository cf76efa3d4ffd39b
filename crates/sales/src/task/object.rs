use kernel::Timestamp;
use model::{Field, Grant, Hue, ObjectDef, Ref, Scope, choice, date_time, long_text, polymorphic, text};

/// What an activity can be about.
pub const SUBJECTS: &[&str] = &["account", "contact", "lead", "opportunity"];

/// What is to be done.
pub const SUBJECT: Field<String> = text("subject").required().searchable().indexed();
/// Until when.
pub const DUE_AT: Field<Timestamp> = date_time("due_at").indexed();
/// Whether it is done.
pub const STATUS: Field<String> =
    choice("status", &[("open", Hue::Blue), ("done", Hue::Green)]).required().indexed().default_text("open");
/// How urgent.
pub const PRIORITY: Field<String> =
    choice("priority", &[("low", Hue::Grey), ("normal", Hue::Blue), ("high", Hue::Red)]).default_text("normal");
/// When it was done.
pub const DONE_AT: Field<Timestamp> = date_time("done_at");
/// The record it is about.
pub const ABOUT: Field<Ref> = polymorphic("about", SUBJECTS);
/// Free text.
pub const DESCRIPTION: Field<String> = long_text("description");

/// The definition.
pub fn object() -> ObjectDef {
    let fields =
        vec![SUBJECT.def(), DUE_AT.def(), STATUS.def(), PRIORITY.def(), DONE_AT.def(), ABOUT.def(), DESCRIPTION.def()];
    ObjectDef::new("task", "tsk", "check-square", "subject", fields)
        .columns(&["subject", "about", "due_at", "status", "priority", "owner"])
        .facts(&["about", "due_at", "priority"])
        .section("details", &["subject", "about", "due_at", "priority", "status", "owner", "description"])
        .board("status", None)
        .about("about")
        .grant("*", Grant::write(Scope::Team))
}
