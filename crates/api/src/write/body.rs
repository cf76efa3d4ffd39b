use axum::http::{HeaderMap, header};
use kernel::Code;
use model::{FieldDef, FieldType, Fields, ObjectDef, Problem, Schema, Value, from_json, system};
use serde_json::{Map, Value as Json};

use super::{MAX_CHANGES, csv};
use crate::ask::{is_clean, text};
use crate::failure::Failure;

/// The rows of a body.
pub(super) struct Rows {
    pub(super) rows: Vec<Map<String, Json>>,
    /// Whether they came as a list.
    pub(super) many: bool,
}

/// A row as values of an object's fields.
pub(super) struct Row {
    pub(super) fields: Fields,
    /// The version that the values were decided on.
    pub(super) version: Option<i64>,
}

/// Reads an object or a list of objects, as JSON or CSV.
pub(super) fn rows(headers: &HeaderMap, body: &[u8]) -> Result<Rows, Failure> {
    let media = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or("application/json");
    let kind = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let refuse = |key: &str, detail: String| Failure::of(Code::BadRequest).said(key, detail).named("PGRST102");
    let rows = match kind.as_str() {
        "text/csv" => {
            let text = std::str::from_utf8(body).map_err(|e| refuse("body-not-csv", e.to_string()))?;
            Rows { rows: csv::read(text).map_err(|e| refuse("body-not-csv", e))?, many: true }
        }
        kind if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) => {
            match serde_json::from_slice(body).map_err(|e| refuse("body-not-json", e.to_string()))? {
                Json::Object(row) => Rows { rows: vec![row], many: false },
                Json::Array(list) => {
                    let row = |json| if let Json::Object(row) = json { Ok(row) } else { Err(not_rows()) };
                    Rows { rows: list.into_iter().map(row).collect::<Result<_, _>>()?, many: true }
                }
                _ => return Err(not_rows()),
            }
        }
        _ => {
            return Err(Failure::of(Code::BadRequest)
                .status(415)
                .detail(Problem::new("", "media-type").text("found", media)));
        }
    };
    let clean = |(name, json): (&String, &Json)| !name.contains('\0') && is_clean(json);
    if !rows.rows.iter().flatten().all(clean) {
        return Err(Failure::because(Code::BadRequest, "nul").named("22021"));
    }
    if rows.rows.len() > MAX_CHANGES {
        return Err(
            Failure::of(Code::TooLarge).detail(Problem::new("", "too-many-rows").number("max", MAX_CHANGES as i64))
        );
    }
    Ok(rows)
}

fn not_rows() -> Failure {
    Failure::because(Code::BadRequest, "body-not-rows").named("PGRST102")
}

/// The only row of a body.
pub(super) fn row(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Json>, Failure> {
    let mut rows = rows(headers, body)?;
    if rows.rows.len() != 1 {
        return Err(Failure::because(Code::BadRequest, "body-not-row").named("PGRST102"));
    }
    Ok(rows.rows.remove(0))
}

/// The values of the only row of a body.
pub(crate) fn fields_of(
    schema: &Schema,
    object: &ObjectDef,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Fields, Failure> {
    let rows = values(schema, object, &[row(headers, body)?], false)?;
    Ok(rows.into_iter().next().map(|row| row.fields).unwrap_or_default())
}

/// Reads rows as values, all problems of all rows together. `version` among them says what an update was decided on.
pub(super) fn values(
    schema: &Schema,
    object: &ObjectDef,
    rows: &[Map<String, Json>],
    many: bool,
) -> Result<Vec<Row>, Failure> {
    let mut problems = Vec::new();
    let mut out = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let mut fields = Fields::with_capacity(row.len());
        let mut version = None;
        let at = many.then_some(at);
        for (name, json) in row {
            if name == system::VERSION {
                match json.as_i64() {
                    Some(n) => version = Some(n),
                    None if json.is_null() => {}
                    None => problems.push((at, Problem::new(name, "not-an-integer").text("value", json.to_string()))),
                }
                continue;
            }
            let Some(field) = object.field(name) else {
                problems.push((at, Problem::new(name, "unknown-field").text("object", object.name.as_str())));
                continue;
            };
            match read(schema, object, field, json) {
                Ok(value) => fields.set(field.name.clone(), value),
                Err(problem) => problems.push((at, problem)),
            }
        }
        out.push(Row { fields, version });
    }
    if problems.is_empty() { Ok(out) } else { Err(Failure::rows(problems)) }
}

/// A text that is itself JSON, as a cell of CSV is, serves for a composite value.
fn read(schema: &Schema, object: &ObjectDef, field: &FieldDef, json: &Json) -> Result<Value, Problem> {
    let composite = !matches!(field.kind, FieldType::Text { .. } | FieldType::LongText | FieldType::Choice { .. });
    if composite
        && let Json::String(text) = json
        && text.starts_with(['{', '['])
        && let Ok(inner) = serde_json::from_str::<Json>(text)
    {
        return from_json(schema, object, field, &inner);
    }
    // A computed value that comes back as it was read is looked at by the pipeline, which knows the record.
    if field.is_computed() && !matches!(field.kind, FieldType::AutoNumber { .. }) {
        let plain = FieldDef::new(field.name.clone(), schema.effective(object, field).clone());
        return from_json(schema, object, &plain, json);
    }
    from_json(schema, object, field, json)
}
