use jiff::civil::Date;
use kernel::{Money, Timestamp};
use model::{
    Address, Entry, Field, Grant, Hue, ObjectDef, Scope, address, choice, date, date_time, emails, integer, money,
    phones, tags, text,
};

/// Its display name.
pub const NAME: Field<String> = text("name").searchable().indexed().personal().read_only();
/// Person or organisation.
pub const KIND: Field<String> =
    choice("kind", &[("person", Hue::Blue), ("organisation", Hue::Violet)]).indexed().read_only();
/// Where it stands in a customer's life.
pub const STAGE: Field<String> = choice("stage", STAGES).indexed().read_only();
/// Since when it stands there.
pub const STAGE_SINCE: Field<Timestamp> = date_time("stage_since").read_only();
/// A person's given name.
pub const FIRST_NAME: Field<String> = text("first_name").personal().read_only();
/// A person's family name.
pub const LAST_NAME: Field<String> = text("last_name").personal().read_only();
/// Addresses, the best first.
pub const EMAILS: Field<Vec<Entry>> = emails("emails").searchable().indexed().personal().read_only();
/// Phone numbers, the best first.
pub const PHONES: Field<Vec<Entry>> = phones("phones").searchable().indexed().personal().read_only();
/// The postal address.
pub const ADDRESS: Field<Box<Address>> = address("address").personal().read_only();
/// A person's day of birth.
pub const BIRTH_DATE: Field<Date> = date("birth_date").personal().read_only();
/// The organisation that a person works for, in the words of the sources.
pub const ORGANISATION: Field<String> = text("organisation").searchable().read_only();
/// What a person does there.
pub const JOB_TITLE: Field<String> = text("job_title").read_only();
/// SIREN, VAT and other identifying numbers.
pub const IDENTIFIERS: Field<Vec<String>> = tags("identifiers").read_only();
/// Web address.
pub const WEBSITE: Field<String> = text("website").read_only();
/// Purchases.
pub const ORDERS: Field<i64> = integer("orders").indexed().read_only();
/// What they came to, in the currency in which most was spent.
pub const SPENT: Field<Money> = money("spent").read_only();
/// When the last purchase was made.
pub const LAST_ORDER_AT: Field<Timestamp> = date_time("last_order_at").indexed().read_only();
/// Records that it is made of.
pub const RECORDS: Field<i64> = integer("records").indexed().read_only();
/// Sources that know it.
pub const SOURCES: Field<Vec<String>> = tags("sources").read_only();

/// The stages of a customer's life: suspect → prospect → new customer → loyal → advocate, with the side states of prospects that do
/// not qualify and customers that fell silent.
pub const STAGES: &[(&str, Hue)] = &[
    ("suspect", Hue::Grey),
    ("prospect", Hue::Blue),
    ("unqualified", Hue::Orange),
    ("new_customer", Hue::Teal),
    ("loyal", Hue::Green),
    ("advocate", Hue::Violet),
    ("inactive", Hue::Amber),
];

/// The definition. Its values are derived from source records: nobody writes them, and correcting one is another record.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        KIND.def(),
        STAGE.def(),
        STAGE_SINCE.def(),
        FIRST_NAME.def(),
        LAST_NAME.def(),
        EMAILS.def(),
        PHONES.def(),
        ADDRESS.def(),
        BIRTH_DATE.def(),
        ORGANISATION.def(),
        JOB_TITLE.def(),
        IDENTIFIERS.def(),
        WEBSITE.def(),
        ORDERS.def(),
        SPENT.def(),
        LAST_ORDER_AT.def(),
        RECORDS.def(),
        SOURCES.def(),
    ];
    ObjectDef::new("profile", "prf", "contact", "name", fields)
        .columns(&["name", "kind", "stage", "emails", "phones", "organisation", "sources", "records", "updated_at"])
        .facts(&["kind", "stage", "records"])
        .section(
            "identity",
            &["name", "kind", "first_name", "last_name", "birth_date", "organisation", "job_title", "identifiers"],
        )
        .section("contact", &["emails", "phones", "address", "website"])
        .section("life", &["stage", "stage_since", "orders", "spent", "last_order_at", "records", "sources"])
        .grant("steward", Grant { update: Scope::All, ..Grant::read_only() })
        .grant("*", Grant::read_only())
}
