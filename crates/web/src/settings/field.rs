//! Fields that administrators add to any object.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use kernel::Label;
use maud::{Markup, html};
use model::{Choice, FieldDef, FieldType, Hue, Ident, Initial, ObjectDef, OnDelete, Problem, Rollup, RollupOp, Scalar};
use records::RecordError;

use crate::failure::Answer;
use crate::form::{Pairs, PostedByAdministrator, problems_of};
use crate::settings::below;
use crate::settings::object::{label_of, name_of};
use crate::simple::Simple;
use crate::visit::{Administrator, Visit};
use crate::{frame, label};

/// The types offered, with an icon each.
const TYPES: [&str; 27] = [
    "text",
    "long_text",
    "integer",
    "number",
    "percent",
    "money",
    "boolean",
    "date",
    "date_time",
    "duration",
    "choice",
    "multi_choice",
    "person_name",
    "emails",
    "phones",
    "links",
    "address",
    "reference",
    "references",
    "user",
    "files",
    "rating",
    "tags",
    "location",
    "auto_number",
    "formula",
    "rollup",
];

/// The colours that options get in turn.
const HUES: [Hue; 11] = [
    Hue::Blue,
    Hue::Green,
    Hue::Amber,
    Hue::Red,
    Hue::Violet,
    Hue::Teal,
    Hue::Orange,
    Hue::Pink,
    Hue::Cyan,
    Hue::Lime,
    Hue::Grey,
];

const SCALARS: [(&str, Scalar); 6] = [
    ("text", Scalar::Text),
    ("integer", Scalar::Integer),
    ("number", Scalar::Number),
    ("boolean", Scalar::Boolean),
    ("date", Scalar::Date),
    ("date_time", Scalar::DateTime),
];

const OPERATIONS: [(&str, RollupOp); 5] = [
    ("count", RollupOp::Count),
    ("sum", RollupOp::Sum),
    ("min", RollupOp::Min),
    ("max", RollupOp::Max),
    ("avg", RollupOp::Avg),
];

fn address(object: &ObjectDef) -> String {
    format!("/settings/objects/{}", object.name)
}

fn frame_of(visit: &Visit, object: &ObjectDef, title: String) -> frame::Frame {
    below(visit, title)
        .crumb(visit.word("settings-objects"), "/settings/objects")
        .crumb(label::many(visit, object), address(object))
}

/// `GET /settings/objects/{object}/fields/new?type=`: first the type, then what it needs.
pub(crate) async fn new(visit: Administrator, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let title = visit.word("field-new");
    if !TYPES.contains(&pairs.text("type")) {
        let body = html! {
            ul.tiles { @for kind in TYPES {
                li.tile { a.value href={ (address(&object)) "/fields/new?type=" (kind) } { (visit.word(&format!("type-{kind}"))) } }
            } }
        };
        return Ok(frame::page(&visit, frame_of(&visit, &object, title), ui::page_body(body)));
    }
    let content = form(&visit, &object, "new", &pairs, &[]);
    Ok(frame::page(&visit, frame_of(&visit, &object, title), ui::page_body(content)))
}

fn form(visit: &Visit, object: &Arc<ObjectDef>, at: &str, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let kind = pairs.text("type");
    let schema = visit.space.schema();
    let mut form = Simple::new(visit, &format!("{}/fields/{at}", address(object)), pairs, problems)
        .hidden("type", kind)
        .text("label.fr", "label-fr", true)
        .text("label.en", "label-en", false);
    form = if at == "new" { form.text("name", "object-name", true) } else { form.hidden("name", at) };
    let objects = || schema.objects().map(|o| (o.name.to_string(), label::one(visit, o)));
    form = match kind {
        "choice" | "multi_choice" => form.long("options", "field-options", false),
        "reference" | "references" => form.choice("to", "field-to", &objects().collect::<Vec<_>>(), None),
        "rating" => form.text("max", "field-stars", true),
        "auto_number" => form.text("pattern", "field-pattern", true),
        "formula" => {
            let results = SCALARS.map(|(key, _)| (key.to_owned(), visit.word(&format!("type-{key}"))));
            form.code("expression", "field-expression").choice("result", "field-result", &results, None)
        }
        "rollup" => {
            let sources: Vec<(String, String)> = schema
                .references_to(&object.name)
                .filter(|(o, _)| !o.setup)
                .map(|(o, f)| {
                    (
                        format!("{}.{}", o.name, f.name),
                        format!("{} · {}", label::many(visit, o), label::field(visit, o, f)),
                    )
                })
                .collect();
            let operations = OPERATIONS.map(|(key, _)| (key.to_owned(), visit.word(&format!("rollup-{key}"))));
            let fields: Vec<(String, String)> = schema
                .references_to(&object.name)
                .filter(|(o, _)| !o.setup)
                .flat_map(|(o, _)| o.own_fields().filter(|f| f.is_sortable()).map(move |f| (o, f)))
                .map(|(o, f)| {
                    (f.name.to_string(), format!("{} · {}", label::many(visit, o), label::field(visit, o, f)))
                })
                .collect();
            form.choice("source", "field-source", &sources, None)
                .choice("op", "field-operation", &operations, None)
                .choice("of", "field-of", &fields, Some("—"))
        }
        _ => form,
    };
    if !matches!(kind, "formula" | "rollup" | "auto_number") {
        form = form.switch("required", "field-required");
        if matches!(kind, "text" | "integer" | "emails" | "phones" | "date") {
            form = form.switch("unique", "field-unique");
        }
        if matches!(kind, "text" | "integer" | "number" | "percent" | "choice" | "boolean") {
            form = form.text("default", "field-default", false);
        }
    }
    if matches!(kind, "text" | "long_text" | "emails" | "phones" | "person_name" | "links" | "tags" | "auto_number") {
        form = form.switch("searchable", "field-searchable");
    }
    if !matches!(kind, "multi_choice" | "references" | "files" | "tags" | "location" | "long_text") {
        form = form.switch("indexed", "field-indexed");
    }
    form = form
        .switch("personal", "field-personal")
        .section("field-help-section")
        .text("help.fr", "help-fr", false)
        .text("help.en", "help-en", false);
    if !matches!(kind, "formula" | "rollup" | "auto_number") {
        form = form
            .section("field-conditions")
            .code("required_when", "field-required-when")
            .code("visible_when", "field-visible-when")
            .code("read_only_when", "field-read-only-when");
    }
    form.cancel(&address(object)).draw(if at == "new" { "create" } else { "save" })
}

/// The value of an option, from what it is called.
fn slug(text: &str) -> String {
    let words: Vec<String> = kernel::words_of(text);
    words.join("_").chars().take(60).collect()
}

/// Options, one per line: `label`, or `value | French | English`. Options that exist keep their value and colour.
fn options(text: &str, present: &[Choice]) -> Result<Vec<Choice>, RecordError> {
    let mut options: Vec<Choice> = Vec::new();
    for (i, line) in text.lines().map(str::trim).filter(|l| !l.is_empty()).enumerate() {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let (value, label) = match parts.as_slice() {
            [one] => (slug(one), Label::same(one)),
            [value, label] => ((*value).to_owned(), Label::same(label)),
            [value, fr, en, ..] => ((*value).to_owned(), Label { fr: (*fr).to_owned(), en: (*en).to_owned() }),
            [] => continue,
        };
        let hue = present.iter().find(|o| o.value == value).map_or(HUES[i % HUES.len()], |o| o.hue);
        options.push(Choice { value, label, hue });
    }
    if options.is_empty() { Err(Problem::new("options", "options-expected").into()) } else { Ok(options) }
}

fn kind_of(pairs: &Pairs, present: Option<&FieldDef>) -> Result<FieldType, RecordError> {
    let ident = |name: &str, text: &str| Ident::new(text).map_err(|_| Problem::new(name, "required"));
    let old = present.and_then(|f| f.kind.options()).unwrap_or_default();
    Ok(match pairs.text("type") {
        "text" => FieldType::Text { max: 255 },
        "long_text" => FieldType::LongText,
        "integer" => FieldType::Integer { min: None, max: None },
        "number" => FieldType::Number,
        "percent" => FieldType::Percent,
        "money" => FieldType::Money,
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "date_time" => FieldType::DateTime,
        "duration" => FieldType::Duration,
        "choice" => FieldType::Choice { options: options(pairs.text("options"), old)? },
        "multi_choice" => FieldType::MultiChoice { options: options(pairs.text("options"), old)? },
        "person_name" => FieldType::PersonName,
        "emails" => FieldType::Emails,
        "phones" => FieldType::Phones,
        "links" => FieldType::Links,
        "address" => FieldType::Address,
        "reference" => FieldType::Reference { to: ident("to", pairs.text("to"))?, on_delete: OnDelete::Keep },
        "references" => FieldType::References { to: ident("to", pairs.text("to"))? },
        "user" => FieldType::User,
        "files" => FieldType::Files,
        "rating" => FieldType::Rating { max: pairs.text("max").parse().unwrap_or(5) },
        "tags" => FieldType::Tags,
        "location" => FieldType::Location,
        "auto_number" => FieldType::AutoNumber { pattern: pairs.text("pattern").to_owned() },
        "formula" => {
            let result = SCALARS.iter().find(|(key, _)| *key == pairs.text("result")).map_or(Scalar::Text, |(_, s)| *s);
            FieldType::Formula { expression: pairs.text("expression").to_owned(), result }
        }
        "rollup" => {
            let (object, via) =
                pairs.text("source").split_once('.').ok_or_else(|| Problem::new("source", "required"))?;
            let op = OPERATIONS.iter().find(|(key, _)| *key == pairs.text("op")).map_or(RollupOp::Count, |(_, op)| *op);
            let field = Ident::new(pairs.text("of")).ok().filter(|_| op != RollupOp::Count);
            FieldType::Rollup(Box::new(Rollup {
                object: ident("source", object)?,
                via: ident("source", via)?,
                op,
                field,
                filter: Default::default(),
            }))
        }
        other => return Err(RecordError::unknown("type", other)),
    })
}

fn definition(pairs: &Pairs, present: Option<&FieldDef>) -> Result<FieldDef, RecordError> {
    let condition = |name: &str| Some(pairs.text(name).to_owned()).filter(|t| !t.is_empty());
    let kind = kind_of(pairs, present)?;
    let default = Some(pairs.text("default")).filter(|t| !t.is_empty()).map(|text| {
        let json = match kind {
            FieldType::Integer { .. } | FieldType::Number | FieldType::Percent | FieldType::Boolean => {
                serde_json::from_str(text).unwrap_or_else(|_| text.into())
            }
            _ => text.into(),
        };
        Initial::Value(json)
    });
    Ok(FieldDef {
        label: label_of(pairs, "label"),
        help: label_of(pairs, "help"),
        required: pairs.is_on("required"),
        unique: pairs.is_on("unique"),
        indexed: pairs.is_on("indexed") || pairs.is_on("unique"),
        searchable: pairs.is_on("searchable"),
        personal: pairs.is_on("personal"),
        default,
        required_when: condition("required_when"),
        visible_when: condition("visible_when"),
        read_only_when: condition("read_only_when"),
        custom: true,
        ..FieldDef::new(name_of(pairs)?, kind)
    })
}

/// A definition as its form would post it.
fn filled(field: &FieldDef) -> Pairs {
    let mut pairs = Pairs::default();
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    pairs.push("type", field.kind.name());
    pairs.push("name", field.name.as_str());
    for (name, label) in [("label", &field.label), ("help", &field.help)] {
        pairs.push(format!("{name}.fr"), &label.fr);
        pairs.push(format!("{name}.en"), &label.en);
    }
    let switches = [
        ("required", field.required),
        ("unique", field.unique),
        ("indexed", field.indexed),
        ("searchable", field.searchable),
        ("personal", field.personal),
    ];
    switches.iter().for_each(|(name, on)| pairs.push(*name, on.to_string()));
    pairs.push("required_when", text(&field.required_when));
    pairs.push("visible_when", text(&field.visible_when));
    pairs.push("read_only_when", text(&field.read_only_when));
    if let Some(Initial::Value(json)) = &field.default {
        pairs.push("default", json.as_str().map_or_else(|| json.to_string(), str::to_owned));
    }
    match &field.kind {
        FieldType::Choice { options } | FieldType::MultiChoice { options } => {
            let lines: Vec<String> =
                options.iter().map(|o| format!("{} | {} | {}", o.value, o.label.fr, o.label.en)).collect();
            pairs.push("options", lines.join("\n"));
        }
        FieldType::Reference { to, .. } | FieldType::References { to } => pairs.push("to", to.as_str()),
        FieldType::Rating { max } => pairs.push("max", max.to_string()),
        FieldType::AutoNumber { pattern } => pairs.push("pattern", pattern),
        FieldType::Formula { expression, result } => {
            pairs.push("expression", expression);
            pairs.push("result", SCALARS.iter().find(|(_, s)| s == result).map_or("text", |(key, _)| key));
        }
        FieldType::Rollup(rollup) => {
            pairs.push("source", format!("{}.{}", rollup.object, rollup.via));
            pairs.push("op", OPERATIONS.iter().find(|(_, op)| *op == rollup.op).map_or("count", |(key, _)| key));
            pairs.push("of", rollup.field.as_ref().map(Ident::as_str).unwrap_or_default());
        }
        _ => {}
    }
    pairs
}

async fn define(posted: &PostedByAdministrator, object: &Arc<ObjectDef>, at: &str) -> Answer {
    let present = object.field(at);
    let result = match definition(&posted.pairs, present) {
        Ok(field) => posted.space.define_field(&posted.ctx, object.name.as_str(), field).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(frame::go_saying(posted, &address(object), "saved", None)),
        Err(error) => Ok(frame::refused(form(posted, object, at, &posted.pairs, &problems_of(error)?))),
    }
}

/// `POST /settings/objects/{object}/fields/new`
pub(crate) async fn create(Path(object): Path<String>, posted: PostedByAdministrator) -> Answer {
    let object = posted.space.object(&object)?;
    define(&posted, &object, "new").await
}

/// `GET /settings/objects/{object}/fields/{field}`
pub(crate) async fn edit(visit: Administrator, Path((object, field)): Path<(String, String)>) -> Answer {
    let object = visit.space.object(&object)?;
    let field = object.field(&field).filter(|f| f.custom).ok_or_else(|| RecordError::unknown("field", &field))?;
    let content = form(&visit, &object, field.name.as_str(), &filled(field), &[]);
    let title = label::field(&visit, &object, field);
    Ok(frame::page(&visit, frame_of(&visit, &object, title), ui::page_body(content)))
}

/// `POST /settings/objects/{object}/fields/{field}`
pub(crate) async fn change(Path((object, field)): Path<(String, String)>, posted: PostedByAdministrator) -> Answer {
    let object = posted.space.object(&object)?;
    let field = object
        .field(&field)
        .filter(|f| f.custom)
        .ok_or_else(|| RecordError::unknown("field", &field))?
        .name
        .to_string();
    define(&posted, &object, &field).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_written_one_per_line_and_keep_their_colour() {
        let old = [Choice { value: "gold".into(), label: Label::same("Gold"), hue: Hue::Amber }];
        let read = options("Très bon client\ngold | Or | Gold\n\n", &old).unwrap();
        let values: Vec<(&str, &str, Hue)> =
            read.iter().map(|o| (o.value.as_str(), o.label.fr.as_str(), o.hue)).collect();
        assert_eq!(values, [("tres_bon_client", "Très bon client", Hue::Blue), ("gold", "Or", Hue::Amber)]);
        assert!(options(" \n", &[]).is_err());
    }

    #[test]
    fn a_definition_survives_its_form() {
        let mut field = FieldDef::new(
            Ident::of("grade"),
            FieldType::Choice {
                options: vec![Choice {
                    label: Label { fr: "Bon".into(), en: "Good".into() },
                    ..Choice::of("good", Hue::Green)
                }],
            },
        );
        field.label = Label { fr: "Note".into(), en: "Grade".into() };
        field.required = true;
        field.default = Some(Initial::Value("good".into()));
        field.visible_when = Some("score > 3".into());
        field.custom = true;
        assert_eq!(definition(&filled(&field), Some(&field)).unwrap(), field);
    }
}
