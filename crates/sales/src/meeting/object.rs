use kernel::{Id, Timestamp};
use model::{Field, Grant, ObjectDef, Ref, Scope, date_time, long_text, polymorphic, references, text};

use crate::task::SUBJECTS;

/// What it is about.
pub const SUBJECT: Field<String> = text("subject").required().searchable();
/// When it starts.
pub const STARTS_AT: Field<Timestamp> = date_time("starts_at").required().indexed();
/// When it ends.
pub const ENDS_AT: Field<Timestamp> = date_time("ends_at");
/// Where.
pub const LOCATION: Field<String> = text("location");
/// The record it is about.
pub const ABOUT: Field<Ref> = polymorphic("about", SUBJECTS);
/// Who takes part.
pub const ATTENDEES: Field<Vec<Id>> = references("attendees", "contact");
/// What was said.
pub const NOTES: Field<String> = long_text("notes");

/// The definition.
pub fn object() -> ObjectDef {
    let fields =
        vec![SUBJECT.def(), STARTS_AT.def(), ENDS_AT.def(), LOCATION.def(), ABOUT.def(), ATTENDEES.def(), NOTES.def()];
    let mut object = ObjectDef::new("meeting", "mtg", "calendar", "subject", fields)
        .columns(&["subject", "about", "starts_at", "ends_at", "location", "owner"])
        .facts(&["about", "starts_at", "location"])
        .section("details", &["subject", "about", "starts_at", "ends_at", "location", "attendees", "owner", "notes"])
        .about("about")
        .grant("*", Grant::write(Scope::Team));
    object.validations.push(records::objects::validation(
        "ends_after_start",
        "blank(ends_at) || ends_at >= starts_at",
        Some("ends_at"),
        "Une réunion se termine après son début.",
        "A meeting ends after it starts.",
    ));
    object
}
