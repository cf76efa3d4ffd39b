use model::{Field, Grant, Hue, ObjectDef, boolean, choice, integer, json, long_text, text};

/// The name.
pub const NAME: Field<String> = text("name").required().unique().searchable();
/// What it is: a file, an object of ours, a program that pushes records, events, a form, a webhook, a query, a folder.
pub const KIND: Field<String> = choice(
    "kind",
    &[
        ("file", Hue::Grey),
        ("object", Hue::Blue),
        ("api", Hue::Teal),
        ("events", Hue::Violet),
        ("form", Hue::Green),
        ("webhook", Hue::Orange),
        ("sql", Hue::Cyan),
        ("folder", Hue::Amber),
    ],
)
.required()
.default_text("events");
/// Of a source that is an object of this space: the object.
pub const OBJECT: Field<String> = text("object");
/// How far it is believed where sources differ: 1 is believed most.
pub const TRUST: Field<i64> = integer("trust").min(1).max(1_000).default_int(100).required();
/// What its records are about.
pub const ENTITY: Field<String> =
    choice("entity", &[("person", Hue::Blue), ("organisation", Hue::Violet)]).required().default_text("person");
/// Which of its members mean what, as `{"email": "emails", …}`.
pub const MAPPING: Field<Box<serde_json::Value>> = json("mapping");
/// Where in what it delivers its records are, as in `data.items`; nothing where a delivery is a record or a list of them.
pub const LIST_PATH: Field<String> = text("list_path");
/// Where in a record the key is by which the source knows it, as in `customer.id`.
pub const KEY_PATH: Field<String> = text("key_path");
/// How a webhook's deliveries are signed: not, by the Standard Webhooks specification, or with a hexadecimal HMAC-SHA-256 of the body.
pub const SIGNATURE: Field<String> =
    choice("signature", &[("none", Hue::Grey), ("standard", Hue::Green), ("sha256", Hue::Teal)])
        .required()
        .default_text("none");
/// The header that holds the signature, where it is a hexadecimal HMAC.
pub const SIGNATURE_HEADER: Field<String> = text("signature_header");
/// Of a source that is fetched: the place from which, by its name in the server's settings.
pub const PLACE: Field<String> = text("place");
/// Of a folder: which files, as in `clients-*.csv`; all where nothing is said.
pub const FILES: Field<String> = text("files");
/// Of a query: one `SELECT`.
pub const QUERY: Field<String> = long_text("query");
/// Of a query: the column that grows with every change, such as `updated_at`; all rows are read each time where none is named.
pub const GROWS: Field<String> = text("grows");
/// Minutes between two runs; it is fetched on demand only where nothing is said.
pub const EVERY: Field<i64> = integer("every").min(1).max(44_640);
/// Of a source that is a form: its texts and fields, as [`crate::form::Form`] writes them.
pub const FORM: Field<Box<serde_json::Value>> = json("web_form");
/// What its data is processed for (RGPD, article 30, 1 b).
pub const PURPOSE: Field<String> = long_text("purpose");
/// On which ground (RGPD, article 6, 1 a to f).
pub const LEGAL_BASIS: Field<String> = choice(
    "legal_basis",
    &[
        ("consent", Hue::Green),
        ("contract", Hue::Blue),
        ("legal_obligation", Hue::Orange),
        ("vital_interests", Hue::Red),
        ("public_task", Hue::Violet),
        ("legitimate_interests", Hue::Teal),
    ],
);
/// Whether events that differ from those learnt before are learnt or refused.
pub const SCHEMA: Field<String> =
    choice("schema", &[("learn", Hue::Green), ("enforce", Hue::Red)]).required().default_text("learn");
/// When its records are resolved to profiles: in the background, or in the transaction that acknowledges them.
pub const RESOLVE: Field<String> =
    choice("resolve", &[("soon", Hue::Blue), ("at_once", Hue::Orange)]).required().default_text("soon");
/// Whether it may send.
pub const ACTIVE: Field<bool> = boolean("active").default_bool(true);

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        KIND.def(),
        OBJECT.def(),
        TRUST.def(),
        ENTITY.def(),
        MAPPING.def(),
        LIST_PATH.def(),
        KEY_PATH.def(),
        SIGNATURE.def(),
        SIGNATURE_HEADER.def(),
        PLACE.def(),
        FILES.def(),
        QUERY.def(),
        GROWS.def(),
        EVERY.def(),
        FORM.def(),
        PURPOSE.def(),
        LEGAL_BASIS.def(),
        SCHEMA.def(),
        RESOLVE.def(),
        ACTIVE.def(),
    ];
    ObjectDef::new("source", "src", "database", "name", fields)
        .columns(&["name", "kind", "entity", "trust", "legal_basis", "active"])
        .facts(&["kind", "trust", "active"])
        .section("details", &["name", "kind", "object", "entity", "trust", "active", "schema", "resolve"])
        .section("fetching", &["place", "files", "query", "grows", "every"])
        .section("reading", &["list_path", "key_path", "mapping", "signature", "signature_header"])
        .section("lawfulness", &["purpose", "legal_basis"])
        .grant("steward", Grant::full())
        .setup()
}
