use model::{
    Address, Entry, Field, Grant, Hue, ObjectDef, PersonName, Scope, address, choice, emails, integer, long_text,
    person_name, phones, text,
};

/// The person's name.
pub const NAME: Field<Box<PersonName>> = person_name("name").required().searchable().indexed().personal();
/// The company, as the person gave it.
pub const COMPANY: Field<String> = text("company").searchable().indexed();
/// What the person does there.
pub const JOB_TITLE: Field<String> = text("job_title");
/// Addresses.
pub const EMAILS: Field<Vec<Entry>> = emails("emails").searchable().indexed().personal();
/// Phone numbers.
pub const PHONES: Field<Vec<Entry>> = phones("phones").searchable().personal();
/// The postal address.
pub const ADDRESS: Field<Box<Address>> = address("address").personal();
/// Where the person comes from.
pub const SOURCE: Field<String> = choice("source", crate::SOURCES).indexed();
/// How far the qualification is.
pub const STATUS: Field<String> = choice(
    "status",
    &[
        ("new", Hue::Blue),
        ("contacted", Hue::Amber),
        ("qualified", Hue::Green),
        ("disqualified", Hue::Grey),
        ("converted", Hue::Violet),
    ],
)
.required()
.indexed()
.default_text("new");
/// How promising, from 0 to 100.
pub const SCORE: Field<i64> = integer("score").min(0).max(100).indexed();
/// What the person asks for.
pub const DESCRIPTION: Field<String> = long_text("description");
/// The identifier in the system it came from.
pub const EXTERNAL_ID: Field<String> = text("external_id").unique();

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        COMPANY.def(),
        JOB_TITLE.def(),
        EMAILS.def(),
        PHONES.def(),
        ADDRESS.def(),
        SOURCE.def(),
        STATUS.def(),
        SCORE.def(),
        DESCRIPTION.def(),
        EXTERNAL_ID.def(),
    ];
    ObjectDef::new("lead", "lea", "user-plus", "name", fields)
        .columns(&["name", "company", "status", "score", "source", "emails", "owner", "updated_at"])
        .facts(&["company", "status", "score", "source"])
        .section("identity", &["name", "company", "job_title"])
        .section("contact", &["emails", "phones", "address"])
        .section("qualification", &["status", "score", "source", "owner", "description", "external_id"])
        .board("status", None)
        .grant("*", Grant::write(Scope::Team))
}
