//! `/objects`: the definitions of this instance, and what administrators add to them.

use std::sync::Arc;

use axum::Json;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, StatusCode, header};
use kernel::{Code, Label, Locale, Words};
use model::{FieldDef, FieldType, Ident, ObjectDef, Problem};
use records::{Action, free_prefix};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::ask::{is_clean, text};
use crate::call::{Administrator, Body, Call};
use crate::failure::Failure;

/// The objects that the caller may read.
pub(crate) async fn list(call: Call) -> Json<Vec<Value>> {
    Json(call.schema.objects().filter(|o| call.access.check(o, Action::Read).is_ok()).map(|o| show(&call, o)).collect())
}

pub(crate) async fn read(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    let object = call.object(parameter(&params, "name"))?;
    call.access.check(&object, Action::Read)?;
    Ok(Json(show(&call, &object)))
}

/// Adds an object.
pub(crate) async fn create(
    Administrator(call): Administrator,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let mut given: Map<String, Value> = parse(&headers, &body)?;
    let name = given.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if call.schema.object(&name).is_some() {
        return Err(Failure::of(Code::Conflict).detail(Problem::new("name", "taken")));
    }
    if let Ok(name) = Ident::new(&name) {
        given.entry("prefix").or_insert_with(|| json!(free_prefix(&call.schema, &name)));
    }
    let fields = given.entry("fields").or_insert_with(|| json!([]));
    if fields.as_array().is_some_and(Vec::is_empty) {
        let mut field = FieldDef::new(Ident::of("name"), FieldType::Text { max: 255 });
        field.label = Label { fr: "Nom".to_owned(), en: "Name".to_owned() };
        (field.required, field.searchable, field.indexed) = (true, true, true);
        *fields = json!([field]);
    }
    let first = given["fields"][0]["name"].clone();
    given.entry("title").or_insert(first);
    let object: ObjectDef = typed(Value::Object(given))?;
    let name = object.name.clone();
    call.space.define_object(&call.ctx, object).await?;
    Ok((StatusCode::CREATED, Json(shown_now(&call, name.as_str())?)))
}

/// Changes an object that an administrator added.
pub(crate) async fn update(
    Administrator(call): Administrator,
    params: RawPathParams,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Failure> {
    let object = call.object(parameter(&params, "name"))?;
    let own = ObjectDef { fields: object.own_fields().cloned().collect(), ..(*object).clone() };
    let changed: ObjectDef = typed(merged(json!(own), parse(&headers, &body)?, &["name", "prefix"])?)?;
    call.space.define_object(&call.ctx, changed).await?;
    Ok(Json(shown_now(&call, object.name.as_str())?))
}

/// Adds a field to any object.
pub(crate) async fn create_field(
    Administrator(call): Administrator,
    params: RawPathParams,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let object = call.object(parameter(&params, "name"))?;
    let field: FieldDef = typed(Value::Object(parse(&headers, &body)?))?;
    if object.field(field.name.as_str()).is_some() {
        return Err(Failure::of(Code::Conflict).detail(Problem::new("name", "taken")));
    }
    call.space.define_field(&call.ctx, object.name.as_str(), field).await?;
    Ok((StatusCode::CREATED, Json(shown_now(&call, object.name.as_str())?)))
}

/// Changes a field that an administrator added.
pub(crate) async fn update_field(
    Administrator(call): Administrator,
    params: RawPathParams,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Failure> {
    let object = call.object(parameter(&params, "name"))?;
    let name = parameter(&params, "field");
    let present = object
        .field(name)
        .ok_or_else(|| Failure::of(Code::NotFound).detail(Problem::new("", "no-such-field").text("name", name)))?;
    let changed: FieldDef = typed(merged(json!(present), parse(&headers, &body)?, &["name", "type"])?)?;
    call.space.define_field(&call.ctx, object.name.as_str(), changed).await?;
    Ok(Json(shown_now(&call, object.name.as_str())?))
}

/// A body of JSON.
pub(crate) fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Failure> {
    let media = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or("application/json");
    if !media.starts_with("application/json") {
        return Err(Failure::of(Code::BadRequest)
            .status(415)
            .detail(Problem::new("", "media-type").text("found", media)));
    }
    let unreadable = |e: serde_json::Error| Failure::of(Code::BadRequest).said("body-not-json", e);
    let json: Value = serde_json::from_slice(body).map_err(unreadable)?;
    if !is_clean(&json) {
        return Err(Failure::because(Code::BadRequest, "nul"));
    }
    serde_json::from_value(json).map_err(unreadable)
}

fn typed<T: DeserializeOwned>(json: Value) -> Result<T, Failure> {
    serde_json::from_value(json)
        .map_err(|e| Failure::rows(vec![(None, Problem::new("", "definition").text("detail", e.to_string()))]))
}

/// The definition with members replaced, except those that stay.
fn merged(mut definition: Value, given: Map<String, Value>, stay: &[&str]) -> Result<Value, Failure> {
    for (name, value) in given {
        if stay.contains(&name.as_str()) && definition[&name] != value {
            return Err(Failure::rows(vec![(None, Problem::new(&name, "read-only"))]));
        }
        definition[name] = value;
    }
    Ok(definition)
}

fn parameter<'a>(params: &'a RawPathParams, name: &str) -> &'a str {
    params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// The definition after a change.
fn shown_now(call: &Call, name: &str) -> Result<Value, Failure> {
    let schema = call.space.schema();
    let object = schema.object(name).cloned().ok_or_else(|| Failure::of(Code::NotFound))?;
    Ok(show(&Call { schema: Arc::clone(&schema), ..call.clone() }, &object))
}

/// A definition with its words, without the fields that the caller may not read.
fn show(call: &Call, object: &ObjectDef) -> Value {
    let words = &call.space.platform.words;
    let mut shown = object.clone();
    shown.fields.retain(|f| call.access.reads(object, &f.name));
    shown.label = object_label(words, object, "");
    shown.plural = object_label(words, object, ".many");
    for field in &mut shown.fields {
        field.label = field_label(words, object, field);
    }
    if !call.access.full {
        shown.grants.clear();
    }
    json!(shown)
}

/// An object's words: its own, else those of its app; `.many` for the plural.
pub(crate) fn object_label(words: &Words, object: &ObjectDef, attribute: &str) -> Label {
    let own = if attribute.is_empty() { &object.label } else { &object.plural };
    labelled(words, own, &format!("{}{attribute}", object.name), object.name.as_str())
}

/// A field's words.
pub(crate) fn field_label(words: &Words, object: &ObjectDef, field: &FieldDef) -> Label {
    let key = if field.system { format!("system.{}", field.name) } else { format!("{}.{}", object.name, field.name) };
    labelled(words, &field.label, &key, field.name.as_str())
}

fn labelled(words: &Words, own: &Label, key: &str, name: &str) -> Label {
    if !own.is_empty() {
        return own.clone();
    }
    let find = |locale| words.find(locale, key, None).map_or_else(|| name.to_owned(), |text| text.into_owned());
    Label { fr: find(Locale::Fr), en: find(Locale::En) }
}
