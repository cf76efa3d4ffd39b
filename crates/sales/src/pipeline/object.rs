use kernel::Id;
use model::{Field, Grant, Hue, ObjectDef, boolean, choice, integer, percent, reference, text};

/// The pipeline's name.
pub const NAME: Field<String> = text("name").required().unique().searchable();
/// Its place among the pipelines.
pub const POSITION: Field<i64> = integer("position").indexed();
/// New opportunities go there.
pub const IS_DEFAULT: Field<bool> = boolean("is_default").default_bool(false);

/// The stage's name.
pub const STAGE_NAME: Field<String> = text("name").required();
/// Its pipeline.
pub const STAGE_PIPELINE: Field<Id> = reference("pipeline", "pipeline").required().cascade();
/// Its place in the pipeline.
pub const STAGE_POSITION: Field<i64> = integer("position").required().indexed();
/// What it means, the same in every pipeline.
pub const STAGE_STATUS: Field<String> =
    choice("status", &[("open", Hue::Blue), ("won", Hue::Green), ("lost", Hue::Red)]).required().default_text("open");
/// How likely an opportunity in it is won.
pub const STAGE_PROBABILITY: Field<f64> = percent("probability");

/// The definition of pipelines.
pub fn object() -> ObjectDef {
    ObjectDef::new("pipeline", "pip", "git-branch", "name", vec![NAME.def(), POSITION.def(), IS_DEFAULT.def()])
        .columns(&["name", "position", "is_default"])
        .section("details", &["name", "position", "is_default"])
        .grant("manager", Grant::full())
        .grant("*", Grant::read_only())
        .setup()
}

/// The definition of stages.
pub fn stage() -> ObjectDef {
    let fields =
        vec![STAGE_NAME.def(), STAGE_PIPELINE.def(), STAGE_POSITION.def(), STAGE_STATUS.def(), STAGE_PROBABILITY.def()];
    ObjectDef::new("stage", "stg", "flag", "name", fields)
        .columns(&["name", "pipeline", "position", "status", "probability"])
        .section("details", &["name", "pipeline", "position", "status", "probability"])
        .index(&["pipeline", "name"], true)
        .grant("manager", Grant::full())
        .grant("*", Grant::read_only())
        .setup()
}
