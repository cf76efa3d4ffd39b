use kernel::civil::Date;
use model::{
    Field, FileRef, Grant, Hue, ObjectDef, auto_number, boolean, choice, date, files, integer, long_text, text,
};

/// Its number, by year.
pub const NUMBER: Field<String> = auto_number("number", "DP-{year}-0000");
/// Which right.
pub const KIND: Field<String> = choice(
    "kind",
    &[
        ("access", Hue::Blue),
        ("rectification", Hue::Teal),
        ("erasure", Hue::Red),
        ("objection", Hue::Orange),
        ("portability", Hue::Violet),
        ("restriction", Hue::Amber),
    ],
)
.required()
.indexed();
/// Who asks.
pub const REQUESTER: Field<String> = text("requester").required().searchable().personal();
/// The address from which the request came and to which the answer goes: an e-mail address, a telephone number or a postal address.
pub const ADDRESS: Field<String> = text("address").required().searchable().personal();
/// The identifier of the profile that it is about.
pub const PROFILE: Field<String> = text("profile").indexed();
/// What was asked, in the requester's words.
pub const WISH: Field<String> = long_text("wish");
/// How far it is.
pub const STATE: Field<String> = choice(
    "state",
    &[
        ("received", Hue::Blue),
        ("identity_check", Hue::Amber),
        ("in_progress", Hue::Violet),
        ("answered", Hue::Green),
        ("refused", Hue::Grey),
    ],
)
.required()
.indexed()
.default_text("received");
/// How urgent it is; kept by the product.
pub const DEADLINE: Field<String> = choice(
    "deadline",
    &[("open", Hue::Blue), ("soon", Hue::Amber), ("overdue", Hue::Red), ("waiting", Hue::Grey), ("closed", Hue::Green)],
)
.read_only()
.indexed();
/// When it came in.
pub const RECEIVED_ON: Field<Date> = date("received_on").required().default_now();
/// Until when it must be answered.
pub const DUE_ON: Field<Date> = date("due_on").read_only().indexed();
/// Whether the month was extended by two (RGPD, article 12.3).
pub const EXTENDED: Field<bool> = boolean("extended").default_bool(false);
/// Why: the complexity or the number of requests.
pub const EXTENSION_REASON: Field<String> = long_text("extension_reason");
/// When the requester was told of the extension.
pub const EXTENDED_ON: Field<Date> = date("extended_on").read_only();
/// How the requester's identity was established (RGPD, article 12.6).
pub const IDENTITY: Field<String> = choice(
    "identity",
    &[
        ("no_doubt", Hue::Green),
        ("account", Hue::Teal),
        ("link", Hue::Violet),
        ("code", Hue::Blue),
        ("document", Hue::Amber),
    ],
);
/// When more information was asked for, for want of certainty.
pub const IDENTITY_ASKED_ON: Field<Date> = date("identity_asked_on");
/// When it was there.
pub const IDENTITY_PROVEN_ON: Field<Date> = date("identity_proven_on");
/// Days for which the month stood still while the identity was not sure.
pub const PAUSED_DAYS: Field<i64> = integer("paused_days").read_only();
/// What was answered.
pub const ANSWER: Field<String> = long_text("answer");
/// How it is proven that it was: by which means, when, with which receipt.
pub const PROOF: Field<String> = long_text("proof");
/// Copies of the answer and its receipt.
pub const PROOF_FILES: Field<Vec<FileRef>> = files("proof_files");
/// Why it was refused, as the requester was told (RGPD, articles 12.4 and 12.5).
pub const REFUSAL: Field<String> = long_text("refusal");
/// When it was answered or refused.
pub const CLOSED_ON: Field<Date> = date("closed_on").read_only();

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NUMBER.def(),
        KIND.def(),
        REQUESTER.def(),
        ADDRESS.def(),
        PROFILE.def(),
        WISH.def(),
        STATE.def(),
        DEADLINE.def(),
        RECEIVED_ON.def(),
        DUE_ON.def(),
        EXTENDED.def(),
        EXTENSION_REASON.def(),
        EXTENDED_ON.def(),
        IDENTITY.def(),
        IDENTITY_ASKED_ON.def(),
        IDENTITY_PROVEN_ON.def(),
        PAUSED_DAYS.def(),
        ANSWER.def(),
        PROOF.def(),
        PROOF_FILES.def(),
        REFUSAL.def(),
        CLOSED_ON.def(),
    ];
    let identity = ["identity", "identity_asked_on", "identity_proven_on", "paused_days"];
    let answer = ["answer", "proof", "proof_files", "refusal", "closed_on"];
    ObjectDef::new("rights_request", "rrq", "shield", "number", fields)
        .columns(&["number", "kind", "requester", "state", "deadline", "due_on", "owner"])
        .facts(&["kind", "deadline", "due_on"])
        .section("details", &["kind", "requester", "address", "profile", "wish", "received_on", "state", "owner"])
        .section("identity_check", &identity)
        .section("time_limit", &["due_on", "deadline", "extended", "extension_reason", "extended_on"])
        .section("answer", &answer)
        .board("state", None)
        .grant("*", Grant::default())
        .grant("steward", Grant::full())
        .setup()
}
