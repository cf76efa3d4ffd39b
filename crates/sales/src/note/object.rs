use model::{Field, Grant, Hue, ObjectDef, Ref, Scope, choice, long_text, polymorphic};

use crate::task::SUBJECTS;

/// The text, in Markdown.
pub const BODY: Field<String> = long_text("body").required().searchable();
/// The record it is about.
pub const ABOUT: Field<Ref> = polymorphic("about", SUBJECTS);

/// On which legal ground the person does not see the text: rights of others (RGPD, article 15.4), professional secrecy, business
/// secrets (code de commerce, article L. 151-1), the defence of a legal claim. That there is such a note, and the ground, the person sees.
pub const WITHHELD: Field<String> = choice(
    "withheld",
    &[("others", Hue::Amber), ("secrecy", Hue::Amber), ("business", Hue::Amber), ("claim", Hue::Amber)],
);

/// The definition.
pub fn object() -> ObjectDef {
    ObjectDef::new("note", "not", "sticky-note", "body", vec![BODY.def(), ABOUT.def(), WITHHELD.def()])
        .columns(&["body", "about", "owner", "created_at"])
        .section("details", &["body", "about", "owner", "withheld"])
        .about("about")
        .grant("*", Grant::write(Scope::Own))
}
