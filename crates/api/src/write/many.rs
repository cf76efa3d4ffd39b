//! `PATCH` and `DELETE /{object}`: every record that the filters name, in one batch that can be undone.

use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use kernel::{Code, Id};
use model::{Filter, Ident, ObjectDef, Problem, Query, Record, system};
use records::{Cx, Op};

use super::MAX_CHANGES;
use super::body::{row, values};
use super::change::{Change, write};
use crate::ask::Ask;
use crate::call::{Body, Call, Deletes, On, Updates};
use crate::failure::Failure;
use crate::postgrest::{Field, Handling, Item, Join, Level};
use crate::read;

pub(crate) async fn update_many(
    On { call, object, .. }: On<Updates>,
    ask: Ask,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let change = Change::of_many(&call, &object, &ask, Method::PATCH, &headers, &body)?;
    let targets = Targets::read(&call, &object, &ask)?;
    let mut given = row(&headers, &body)?;
    if let Some(columns) = &ask.query.columns {
        given.retain(|name, _| columns.contains(name));
    }
    let given = values(&call.schema, &object, &[given], false)?.remove(0);
    change
        .run(move |cx| {
            Box::pin(async move {
                let ids = targets.find(cx).await?;
                let op = |id| Op::Update { id, fields: given.fields.clone(), version: given.version };
                let many = ids.len() > 1;
                write(cx, &object, ids.into_iter().map(op).collect(), "update", many).await
            })
        })
        .await
}

pub(crate) async fn delete_many(
    On { call, object, .. }: On<Deletes>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let change = Change::of_many(&call, &object, &ask, Method::DELETE, &headers, &[])?;
    let targets = Targets::read(&call, &object, &ask)?;
    change
        .run(move |cx| {
            Box::pin(async move {
                let ids = targets.find(cx).await?;
                write(cx, &object, ids.into_iter().map(Op::Delete).collect(), "delete", false).await
            })
        })
        .await
}

/// The records that a query names.
struct Targets {
    query: Query,
    most: Option<u64>,
}

impl Targets {
    fn read(call: &Call, object: &Arc<ObjectDef>, ask: &Ask) -> Result<Targets, Failure> {
        let root = &ask.query.root;
        let narrows = root.embeds().any(|embed| embed.join == Some(Join::Inner));
        if root.filters.is_empty() && !narrows {
            return Err(Failure::because(Code::BadRequest, "needs-filter").named("21000"));
        }
        let id = Field { name: system::ID.to_owned(), path: Vec::new() };
        let mut select =
            vec![Item::Column(crate::postgrest::Column { alias: None, field: id, cast: None, aggregate: None })];
        // Filters may be about embedded resources.
        select.extend(root.select.iter().filter(|item| matches!(item, Item::Embed(_))).cloned());
        let level = Level { select, ..root.clone() };
        let plan = read::plan(call, object, &level, Filter::All)?;
        let limit = root.window.limit.map_or(u32::MAX, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let query = Query {
            fields: vec![Ident::of(system::ID)],
            limit: limit.min(MAX_CHANGES as u32 + 1),
            offset: u32::try_from(root.window.offset).unwrap_or(u32::MAX),
            ..plan.query
        };
        let strict = ask.prefer.handling == Some(Handling::Strict);
        Ok(Targets { query, most: ask.prefer.max_affected.filter(|_| strict) })
    }

    async fn find(&self, cx: &mut Cx<'_>) -> Result<Vec<Id>, Failure> {
        if self.query.limit == 0 {
            return Ok(Vec::new());
        }
        let found = cx.list(&self.query).await?;
        if found.len() > MAX_CHANGES {
            return Err(
                Failure::of(Code::TooLarge).detail(Problem::new("", "too-many-rows").number("max", MAX_CHANGES as i64))
            );
        }
        if let Some(most) = self.most.filter(|most| found.len() as u64 > *most) {
            let problem =
                Problem::new("", "too-many-affected").number("n", found.len() as i64).number("max", most as i64);
            return Err(Failure::of(Code::BadRequest).detail(problem).named("PGRST124"));
        }
        Ok(found.iter().map(Record::id).collect())
    }
}
