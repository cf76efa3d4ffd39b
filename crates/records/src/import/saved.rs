//! Mappings kept in the instance under a name.

use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Fields, Filter, Ident, Op as Is, Operand, Query, Record, Sort, Value};
use serde_json::json;

use super::Mapping;
use crate::pipeline::Op;
use crate::{RecordError, Space};

/// Most mappings of an object that are offered.
const OFFERED: u32 = 100;

/// The saved mappings that fill an object, as far as the actor may see them: identifier and name, by name.
pub async fn saved_mappings(space: &Space, ctx: &Ctx, object: &Ident) -> Result<Vec<(Id, String)>, RecordError> {
    let query = mappings("object", object.as_str()).sort(Sort::by(Ident::of("name"), false)).limit(OFFERED);
    let found = space.list(ctx, &query).await?.records;
    Ok(found.iter().map(|r| (r.id(), r.value("name").as_text().unwrap_or_default().to_owned())).collect())
}

/// A saved mapping by its identifier.
pub async fn saved_mapping(space: &Space, ctx: &Ctx, id: Id) -> Result<Mapping, RecordError> {
    read(&space.get(ctx, &Ident::of("mapping"), id).await?)
}

/// A saved mapping by its name.
pub async fn mapping_named(space: &Space, ctx: &Ctx, name: &str) -> Result<Option<Mapping>, RecordError> {
    named(space, ctx, name).await?.as_ref().map(read).transpose()
}

/// Keeps a mapping under a name, in place of the one that had it.
pub async fn save_mapping(space: &Arc<Space>, ctx: &Ctx, name: &str, mapping: &Mapping) -> Result<(), RecordError> {
    let fields = Fields::from_iter([
        (Ident::of("name"), Value::from(name)),
        (Ident::of("object"), Value::from(mapping.object.as_str())),
        (Ident::of("spec"), Value::Json(Box::new(json!(mapping)))),
    ]);
    let op = match named(space, ctx, name).await? {
        Some(record) => Op::Update { id: record.id(), fields, version: None },
        None => Op::Create(fields),
    };
    space.write_one(ctx, &Ident::of("mapping"), op).await.map(drop)
}

async fn named(space: &Space, ctx: &Ctx, name: &str) -> Result<Option<Record>, RecordError> {
    Ok(space.list(ctx, &mappings("name", name).limit(1)).await?.records.pop())
}

fn mappings(field: &'static str, value: &str) -> Query {
    let filter = Filter::is(Ident::of(field), Is::Eq, Operand::Value(Value::from(value)));
    Query::of(Ident::of("mapping")).filter(filter)
}

fn read(record: &Record) -> Result<Mapping, RecordError> {
    let Value::Json(spec) = record.value("spec") else {
        return Err(RecordError::unknown("mapping", record.id().to_string()));
    };
    Ok(Mapping::from_json(spec)?)
}
