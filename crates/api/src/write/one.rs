//! `PATCH`, `PUT` and `DELETE /{object}/{id}`, and `POST …/restore`.

use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use kernel::{Code, Id};
use model::{Fields, Filter, Ident, ObjectDef, Problem, Record, Value, system};
use records::{Action, Cx, Op, RecordError};

use super::body::{Row, row, values};
use super::change::{Change, write};
use crate::ask::{Ask, text};
use crate::call::{Body, Call, Deletes, One, Updates};
use crate::failure::Failure;

pub(crate) async fn update(
    One { call, object, id, .. }: One<Updates>,
    ask: Ask,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let change = Change::of_one(&call, &object, &ask, Method::PATCH, &headers, &body)?;
    let wanted = versions(&headers)?;
    let Row { fields, version } = values(&call.schema, &object, &[row(&headers, &body)?], false)?.remove(0);
    change
        .run(move |cx| {
            Box::pin(async move {
                present(cx, &call, &object, id, wanted.as_deref()).await?;
                write(cx, &object, vec![Op::Update { id, fields, version }], "update", false).await
            })
        })
        .await
}

/// Replaces the record: fields that are not given lose their value. Makes it where there is none.
pub(crate) async fn put(
    One { call, object, id, .. }: One<Updates>,
    ask: Ask,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let change = Change::of_one(&call, &object, &ask, Method::PUT, &headers, &body)?;
    let wanted = versions(&headers)?;
    let Row { mut fields, version } = values(&call.schema, &object, &[row(&headers, &body)?], false)?.remove(0);
    if fields.get(system::ID).is_some_and(|given| *given != Value::Id(id)) {
        return Err(Failure::rows(vec![(None, Problem::new(system::ID, "id-differs"))]));
    }
    change
        .run(move |cx| {
            Box::pin(async move {
                let op = match find(cx, &call, &object, id).await? {
                    Some(record) => {
                        precondition(&record, wanted.as_deref())?;
                        Op::Update { id, fields: whole(&call, &object, fields), version }
                    }
                    None => {
                        if wanted.is_some() {
                            return Err(missing(&object));
                        }
                        fields.set(Ident::of(system::ID), Value::Id(id));
                        Op::Create(fields)
                    }
                };
                write(cx, &object, vec![op], "update", false).await
            })
        })
        .await
}

pub(crate) async fn delete(
    One { call, object, id, .. }: One<Deletes>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let change = Change::of_one(&call, &object, &ask, Method::DELETE, &headers, &[])?;
    let wanted = versions(&headers)?;
    change
        .run(move |cx| {
            Box::pin(async move {
                present(cx, &call, &object, id, wanted.as_deref()).await?;
                write(cx, &object, vec![Op::Delete(id)], "delete", false).await
            })
        })
        .await
}

/// Takes the record out of the bin.
pub(crate) async fn restore(
    One { call, object, id, .. }: One<Deletes>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let change = Change::of_one(&call, &object, &ask, Method::POST, &headers, &[])?;
    change
        .run(move |cx| Box::pin(async move { write(cx, &object, vec![Op::Restore(id)], "restore", false).await }))
        .await
}

/// Given fields, and nothing for the others that the caller may write.
fn whole(call: &Call, object: &ObjectDef, mut fields: Fields) -> Fields {
    for field in object.own_fields().filter(|f| !f.read_only && !f.is_computed()) {
        if fields.get(field.name.as_str()).is_none() && call.access.writes(object, &field.name) {
            fields.set(field.name.clone(), Value::Null);
        }
    }
    fields
}

/// The record, held until the end of the transaction; none when it does not exist for the caller.
async fn find(cx: &mut Cx<'_>, call: &Call, object: &Arc<ObjectDef>, id: Id) -> Result<Option<Record>, Failure> {
    let schema = cx.schema();
    let filter = call.access.filter(&schema, object, Action::Read);
    let filter = if matches!(filter, Filter::None) { return Ok(None) } else { filter };
    let found = cx.writer.lock_many(&schema, &object.name, &[id], &filter).await?;
    Ok(found.into_iter().find(|r| r.deleted_at().is_none()))
}

async fn present(
    cx: &mut Cx<'_>,
    call: &Call,
    object: &Arc<ObjectDef>,
    id: Id,
    wanted: Option<&[i64]>,
) -> Result<(), Failure> {
    let record = find(cx, call, object, id)
        .await?
        .ok_or_else(|| Failure::from(RecordError::NotFound { object: object.name.clone(), id }))?;
    precondition(&record, wanted)
}

fn missing(object: &ObjectDef) -> Failure {
    Failure::of(Code::PreconditionFailed)
        .detail(Problem::new("", "no-such-record").text("object", object.name.as_str()))
}

fn precondition(record: &Record, wanted: Option<&[i64]>) -> Result<(), Failure> {
    match wanted {
        Some(versions) if !versions.is_empty() && !versions.contains(&record.version()) => {
            Err(Failure::of(Code::PreconditionFailed)
                .detail(Problem::new("", "version-differs").number("version", record.version())))
        }
        _ => Ok(()),
    }
}

/// The versions of `If-Match`; an empty list for any, none without the header.
fn versions(headers: &HeaderMap) -> Result<Option<Vec<i64>>, Failure> {
    let Some(value) = text(headers, "if-match") else { return Ok(None) };
    if value.trim() == "*" {
        return Ok(Some(Vec::new()));
    }
    let read = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').parse().ok();
    let versions: Option<Vec<i64>> = value.split(',').map(read).collect();
    versions.map(Some).ok_or_else(|| Failure::because(Code::BadRequest, "not-a-version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_tags() {
        let read = |text: &'static str| {
            versions(&[("if-match".parse().unwrap(), text.parse().unwrap())].into_iter().collect())
        };
        assert_eq!(read("\"3\"").unwrap(), Some(vec![3]));
        assert_eq!(read("W/\"3\", \"4\"").unwrap(), Some(vec![3, 4]));
        assert_eq!(read("*").unwrap(), Some(vec![]));
        assert!(read("\"x\"").is_err());
        assert_eq!(versions(&HeaderMap::new()).unwrap(), None);
    }
}
