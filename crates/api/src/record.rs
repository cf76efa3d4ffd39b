//! `GET /{object}/{id}`: one record.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::Code;
use model::{Problem, system};

use crate::ask::{Ask, by_id, text};
use crate::call::{One, Reads};
use crate::failure::Failure;
use crate::postgrest::{Item, Window};
use crate::read;

pub(crate) async fn read(
    One { call, object, id, .. }: One<Reads>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut plan = read::plan(&call, &object, &ask.query.root, by_id(id))?;
    plan.query.deleted = ask.deleted();
    plan.query.sort.clear();
    let mut reader = call.space.store.read().await?;
    let rows = read::fetch(&call, &mut reader, &plan, Window { offset: 0, limit: Some(1) }, None)
        .await
        .map_err(Failure::reading)?;
    drop(reader);
    if rows.len() == 0 {
        return Err(Failure::of(Code::NotFound)
            .detail(Problem::new(system::ID, "no-such-record").text("object", object.name.as_str())));
    }
    // The version says nothing about what is embedded.
    let alone = ask.query.root.select.iter().all(|item| matches!(item, Item::All | Item::Column(_)));
    let tag = rows.records.first().filter(|_| alone).map(|r| format!("\"{}\"", r.version()));
    let known = text(&headers, header::IF_NONE_MATCH.as_str());
    let mut response = match (&tag, known) {
        (Some(tag), Some(known))
            if known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag || k.trim() == "*") =>
        {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        }
        _ => read::body(&call.schema, &plan, &rows, ask.format, true)?.respond(StatusCode::OK),
    };
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
