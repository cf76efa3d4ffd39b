use model::{Field, Grant, ObjectDef, Ref, Scope, long_text, polymorphic};

use crate::task::SUBJECTS;

/// The text, in Markdown.
pub const BODY: Field<String> = long_text("body").required().searchable();
/// The record it is about.
pub const ABOUT: Field<Ref> = polymorphic("about", SUBJECTS);

/// The definition.
pub fn object() -> ObjectDef {
    ObjectDef::new("note", "not", "sticky-note", "body", vec![BODY.def(), ABOUT.def()])
        .columns(&["body", "about", "owner", "created_at"])
        .section("details", &["body", "about", "owner"])
        .about("about")
        .grant("*", Grant::write(Scope::Own))
}
