//! `GET /{object}`: lists in the PostgREST dialect.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use kernel::{Code, words_of};
use model::{Filter, ObjectDef, Problem};
use records::RecordError;
use store::Reader;

use crate::ask::Ask;
use crate::call::{Call, On, Reads};
use crate::failure::Failure;
use crate::postgrest::{Count, Preferences, Window};
use crate::read::{self, MAX_ROWS, Plan};

/// Rows counted exactly before an estimate takes over.
const COUNTED: u32 = 10_000;

pub(crate) async fn list(On { call, object, .. }: On<Reads>, ask: Ask) -> Result<Response, Failure> {
    answer(&call, &object, ask, Filter::All).await
}

/// A page of the records that match `narrow` and what is asked for.
pub(crate) async fn answer(
    call: &Call,
    object: &Arc<ObjectDef>,
    ask: Ask,
    narrow: Filter,
) -> Result<Response, Failure> {
    let mut plan = read::plan(call, object, &ask.query.root, narrow)?;
    plan.query.deleted = ask.deleted();
    plan.query.search = ask.own("q").map(words_of).unwrap_or_default();
    if !plan.query.search.is_empty() {
        call.access.check_search(object)?;
    }
    let after = ask.own("cursor").map(|text| read::decode(&plan.query, text)).transpose()?;
    let window = ask.range.map_or(ask.query.root.window, |range| ask.query.root.window.within(range));
    let mut reader = call.space.store.read().await?;
    let total = match ask.prefer.count {
        Some(count) => Some(total(call, &mut reader, &plan, count).await?),
        None => None,
    };
    if let Some(total) = total
        && window.offset > total
    {
        return Err(Failure::of(Code::RangeNotSatisfiable)
            .detail(
                Problem::new("", "beyond-the-end").number("from", window.offset as i64).number("rows", total as i64),
            )
            .named("PGRST103"));
    }
    let rows = read::fetch(call, &mut reader, &plan, window, after).await.map_err(Failure::reading)?;
    drop(reader);
    let count = rows.len() as u64;
    let partial = total.is_some_and(|total| count < total);
    let status = if partial { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = read::body(&call.schema, &plan, &rows, ask.format, false)?.respond(status);
    let headers = response.headers_mut();
    let mut put = |name: &'static str, text: String| {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_RANGE.as_str(), range(window, count, total));
    if let Some(cursor) = &rows.next {
        let text = read::encode(&plan.query, cursor);
        put(header::LINK.as_str(), format!("<{}>; rel=\"next\"", next(&ask.uri, &text)));
        put("next-cursor", text);
    }
    if ask.prefer.count.is_some() {
        put("preference-applied", Preferences { count: ask.prefer.count, ..Preferences::default() }.to_string());
    }
    Ok(response)
}

async fn total(call: &Call, reader: &mut Reader, plan: &Plan, count: Count) -> Result<u64, RecordError> {
    if let Some(grouping) = &plan.grouping {
        return Ok(reader.groups(&call.schema, &plan.query, grouping.by.as_ref(), &[], MAX_ROWS).await?.len() as u64);
    }
    Ok(match count {
        Count::Exact => reader.count(&call.schema, &plan.query, None).await?.n,
        Count::Planned => reader.estimate(&call.schema, &plan.query).await?,
        Count::Estimated => {
            let counted = reader.count(&call.schema, &plan.query, Some(COUNTED)).await?;
            if counted.more { reader.estimate(&call.schema, &plan.query).await?.max(counted.n) } else { counted.n }
        }
    })
}

/// `0-24/100`; an asterisk stands for no rows, and for a total that was not asked.
fn range(window: Window, count: u64, total: Option<u64>) -> String {
    let total = total.map_or_else(|| "*".to_owned(), |n| n.to_string());
    match count {
        0 => format!("*/{total}"),
        n => format!("{}-{}/{total}", window.offset, window.offset + n - 1),
    }
}

/// The same address with another cursor, and without an offset.
fn next(uri: &Uri, cursor: &str) -> String {
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && name != "cursor" && name != "offset"
    });
    let cursor = format!("cursor={cursor}");
    let query: Vec<&str> = kept.chain([cursor.as_str()]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_say_what_is_known() {
        let window = Window { offset: 10, limit: None };
        assert_eq!(range(window, 5, Some(100)), "10-14/100");
        assert_eq!(range(window, 5, None), "10-14/*");
        assert_eq!(range(window, 0, Some(3)), "*/3");
    }

    #[test]
    fn the_next_page_keeps_everything_but_the_place() {
        let uri: Uri = "/api/v1/contact?select=id&offset=5&cursor=a&limit=2".parse().unwrap();
        assert_eq!(next(&uri, "b"), "/api/v1/contact?select=id&limit=2&cursor=b");
    }
}
