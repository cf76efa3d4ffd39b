//! `POST /{object}`: one record or many, new or merged into those that exist.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use kernel::{Code, Id};
use model::{FieldType, Fields, Filter, Ident, ObjectDef, Value, system};
use records::{Cx, Op};

use super::body::{rows, values};
use super::change::{Change, write};
use crate::ask::Ask;
use crate::call::{Body, Call, Creates, On};
use crate::failure::Failure;
use crate::postgrest::{Missing, Resolution};
use crate::read::field_of;

pub(crate) async fn create(
    On { call, object, .. }: On<Creates>,
    ask: Ask,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let change = Change::of_many(&call, &object, &ask, Method::POST, &headers, &body)?;
    let mut given = rows(&headers, &body)?;
    if let Some(columns) = &ask.query.columns {
        for row in &mut given.rows {
            row.retain(|name, _| columns.contains(name));
            if ask.prefer.missing != Some(Missing::Default) {
                for column in columns.iter().filter(|c| !row.contains_key(*c)).cloned().collect::<Vec<_>>() {
                    row.insert(column, serde_json::Value::Null);
                }
            }
        }
    }
    let many = given.many;
    let rows = values(&call.schema, &object, &given.rows, given.many)?;
    let fields: Vec<Fields> = rows.into_iter().map(|row| row.fields).collect();
    let resolution = ask.prefer.resolution;
    let key = match resolution {
        Some(_) => conflict_key(&call, &object, ask.query.on_conflict.as_deref())?,
        None => Ident::of(system::ID),
    };
    change
        .run(move |cx| {
            Box::pin(async move {
                let ops = match resolution {
                    None => fields.into_iter().map(Op::Create).collect(),
                    Some(resolution) => merge(cx, &object, fields, &key, resolution).await?,
                };
                write(cx, &object, ops, "create", many).await
            })
        })
        .await
}

/// The field whose values decide that a record exists already.
fn conflict_key(call: &Call, object: &ObjectDef, columns: Option<&[String]>) -> Result<Ident, Failure> {
    let refuse = || Failure::because(Code::BadRequest, "conflict-column").named("42P10");
    match columns {
        None => Ok(Ident::of(system::ID)),
        Some([one]) => {
            let field = field_of(call, object, one)?;
            let unique = field.unique && !matches!(field.kind, FieldType::References { .. });
            if unique || field.name == system::ID { Ok(field.name.clone()) } else { Err(refuse()) }
        }
        Some(_) => Err(refuse()),
    }
}

/// Creations, and updates of the records that hold the same key.
async fn merge(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    rows: Vec<Fields>,
    key: &Ident,
    resolution: Resolution,
) -> Result<Vec<Op>, Failure> {
    let schema = cx.schema();
    let of =
        |fields: &Fields| fields.get(key.as_str()).map(|value| value.scalar(None)).filter(|value| !value.is_empty());
    let values: Vec<Value> = rows.iter().filter_map(of).collect();
    let holders: HashMap<String, Id> = if key == system::ID {
        let ids: Vec<Id> = values.iter().filter_map(Value::as_id).collect();
        let found = cx
            .writer
            .get_many(&schema, &object.name, &ids, &Filter::All, &[key.clone(), Ident::of(system::DELETED_AT)])
            .await?;
        let present = found.iter().filter(|r| r.deleted_at().is_none());
        present.map(|r| (format!("{:?}", Value::Id(r.id())), r.id())).collect()
    } else {
        let found = cx.writer.holders(&schema, &object.name, key, None, &values).await?;
        found.into_iter().map(|(value, id)| (format!("{value:?}"), id)).collect()
    };
    let mut ops = Vec::with_capacity(rows.len());
    for fields in rows {
        let holder = of(&fields).and_then(|value| holders.get(&format!("{value:?}")).copied());
        match (holder, resolution) {
            (None, _) => ops.push(Op::Create(fields)),
            (Some(id), Resolution::MergeDuplicates) => ops.push(Op::Update { id, fields, version: None }),
            (Some(_), Resolution::IgnoreDuplicates) => {}
        }
    }
    Ok(ops)
}
