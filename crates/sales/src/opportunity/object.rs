use kernel::{Id, Money, Timestamp, civil};
use model::{
    Field, Grant, Hue, ObjectDef, Scalar, Scope, Value, choice, date, date_time, duration, formula, long_text, money,
    percent, reference, text,
};

/// What is sold to whom.
pub const NAME: Field<String> = text("name").required().searchable().indexed();
/// The buyer.
pub const ACCOUNT: Field<Id> = reference("account", "account");
/// The person one deals with.
pub const CONTACT: Field<Id> = reference("contact", "contact");
/// The pipeline.
pub const PIPELINE: Field<Id> = reference("pipeline", "pipeline").required().restrict();
/// The stage, one of the pipeline's.
pub const STAGE: Field<Id> = reference("stage", "stage").required().restrict();
/// Open, won or lost: what the stage means, so that reports are the same for every pipeline.
pub const STATUS: Field<String> =
    choice("status", &[("open", Hue::Blue), ("won", Hue::Green), ("lost", Hue::Red)]).read_only().indexed();
/// What it is worth.
pub const AMOUNT: Field<Money> = money("amount").indexed();
/// How likely it is won: the stage's figure until somebody sets another.
pub const PROBABILITY: Field<f64> = percent("probability");
/// When it was opened.
pub const OPENED_ON: Field<civil::Date> = date("opened_on").default_now();
/// When it is expected to close, or closed.
pub const CLOSE_DATE: Field<civil::Date> = date("close_date").indexed();
/// Since when it has been in its stage.
pub const STAGE_SINCE: Field<Timestamp> = date_time("stage_since").read_only();
/// The product sold.
pub const PRODUCT: Field<Id> = reference("product", "product");
/// Where it comes from.
pub const SOURCE: Field<String> = choice("source", crate::SOURCES);
/// Why it was lost.
pub const LOST_REASON: Field<String> = text("lost_reason");
/// Free text.
pub const DESCRIPTION: Field<String> = long_text("description");
/// The identifier in the system it came from.
pub const EXTERNAL_ID: Field<String> = text("external_id").unique();
/// The amount weighted by the probability.
pub const EXPECTED: Field<Value> = formula("expected", "amount.amount * probability / 100.0", Scalar::Number);
/// Days from opening to closing.
pub const CYCLE_DAYS: Field<Value> = formula("cycle_days", "close_date - opened_on", Scalar::Integer);

/// The sale whose stage changed.
pub const CHANGE_OPPORTUNITY: Field<Id> = reference("opportunity", "opportunity").required().cascade();
/// The stage entered.
pub const CHANGE_STAGE: Field<Id> = reference("stage", "stage").required();
/// When it was entered.
pub const CHANGE_ENTERED: Field<Timestamp> = date_time("entered_at").required();
/// When it was left.
pub const CHANGE_LEFT: Field<Timestamp> = date_time("left_at");
/// How long it lasted, once left.
pub const CHANGE_LASTED: Field<i64> = duration("lasted");

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        ACCOUNT.def(),
        CONTACT.def(),
        PIPELINE.def(),
        STAGE.def(),
        STATUS.def(),
        AMOUNT.def(),
        PROBABILITY.def(),
        OPENED_ON.def(),
        CLOSE_DATE.def(),
        STAGE_SINCE.def(),
        PRODUCT.def(),
        SOURCE.def(),
        LOST_REASON.def(),
        DESCRIPTION.def(),
        EXTERNAL_ID.def(),
        EXPECTED.def(),
        CYCLE_DAYS.def(),
    ];
    ObjectDef::new("opportunity", "opp", "target", "name", fields)
        .columns(&["name", "account", "stage", "amount", "probability", "close_date", "owner", "updated_at"])
        .facts(&["account", "amount", "stage", "close_date"])
        .section("sales", &["name", "account", "contact", "product", "amount", "owner"])
        .section(
            "schedule",
            &["pipeline", "stage", "status", "probability", "expected", "opened_on", "close_date", "cycle_days"],
        )
        .section("details", &["source", "lost_reason", "description", "external_id"])
        .board("stage", Some("amount"))
        .grant("*", Grant::write(Scope::Team))
}

/// Each stay of a sale in a stage, kept from the first day.
pub fn stage_change() -> ObjectDef {
    let fields = vec![
        CHANGE_OPPORTUNITY.def(),
        CHANGE_STAGE.def(),
        CHANGE_ENTERED.def(),
        CHANGE_LEFT.def(),
        CHANGE_LASTED.def(),
    ];
    let mut object = ObjectDef::new("stage_change", "stc", "history", "stage", fields)
        .columns(&["opportunity", "stage", "entered_at", "left_at", "lasted"])
        .grant("*", Grant::read_only())
        .setup();
    object.guarded_by = Some(model::Ident::of("opportunity"));
    object
}
