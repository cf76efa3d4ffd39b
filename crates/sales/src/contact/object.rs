use kernel::{Id, civil};
use model::{
    Address, Entry, Field, Grant, Hue, ObjectDef, PersonName, Scope, address, boolean, choice, date, emails, long_text,
    person_name, phones, reference, tags, text,
};

/// The person's name.
pub const NAME: Field<Box<PersonName>> = person_name("name").required().searchable().indexed().personal();
/// The company the person works for.
pub const ACCOUNT: Field<Id> = reference("account", "account");
/// What the person does there.
pub const JOB_TITLE: Field<String> = text("job_title");
/// Addresses.
pub const EMAILS: Field<Vec<Entry>> = emails("emails").searchable().indexed().personal();
/// Phone numbers.
pub const PHONES: Field<Vec<Entry>> = phones("phones").searchable().indexed().personal();
/// The postal address.
pub const ADDRESS: Field<Box<Address>> = address("address").personal();
/// The day of birth.
pub const BIRTH_DATE: Field<civil::Date> = date("birth_date").personal();
/// The language to write in.
pub const LANGUAGE: Field<String> = choice("language", &[("fr", Hue::Blue), ("en", Hue::Red)]);
/// Where the person stands in a customer's life.
pub const LIFECYCLE: Field<String> = choice("lifecycle", crate::LIFECYCLE).indexed().default_text("suspect");
/// The person does not want to be called.
pub const DO_NOT_CALL: Field<bool> = boolean("do_not_call").default_bool(false);
/// Free text.
pub const DESCRIPTION: Field<String> = long_text("description");
/// Labels.
pub const TAGS: Field<Vec<String>> = tags("tags");
/// The identifier in the system it came from.
pub const EXTERNAL_ID: Field<String> = text("external_id").unique();

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        ACCOUNT.def(),
        JOB_TITLE.def(),
        EMAILS.def(),
        PHONES.def(),
        ADDRESS.def(),
        BIRTH_DATE.def(),
        LANGUAGE.def(),
        LIFECYCLE.def(),
        DO_NOT_CALL.def(),
        DESCRIPTION.def(),
        TAGS.def(),
        EXTERNAL_ID.def(),
    ];
    ObjectDef::new("contact", "con", "contact", "name", fields)
        .columns(&["name", "account", "job_title", "emails", "phones", "lifecycle", "owner", "updated_at"])
        .facts(&["account", "job_title", "lifecycle"])
        .section("identity", &["name", "account", "job_title", "birth_date", "language"])
        .section("contact", &["emails", "phones", "address", "do_not_call"])
        .section("sales", &["lifecycle", "owner", "tags", "description", "external_id"])
        .board("lifecycle", None)
        .grant("*", Grant::write(Scope::Team))
}
