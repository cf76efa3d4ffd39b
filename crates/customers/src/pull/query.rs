//! The rows of a query on a database of others.

use model::Problem;
use serde_json::{Map, Value as Json};
use store::{Address, Foreign, Question, StoreError};

use super::{Progress, Run, Stop};
use crate::source::{GROWS, KEY_PATH, Lot, QUERY};

/// Reads the rows of the source's query; where it names a column that grows, those from the greatest value on that is on disk.
pub(super) async fn read(run: &mut Run, address: &Address) -> Result<(), Stop> {
    let query = run.source.get(QUERY).unwrap_or_default();
    if query.trim().is_empty() {
        return Err(Stop::Problem(Problem::new("query", "required")));
    }
    let grows = run.source.get(GROWS);
    let since = grows.clone().map(|column| (column, run.progress.since.clone()));
    let mut rows = Foreign::ask(address, &Question { query, since }).await.map_err(refused)?;
    loop {
        let batch = rows.next().await.map_err(refused)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut lot = Lot::of(&run.source, run.now());
        let mut next = Progress { rows: run.progress.rows + batch.len() as u64, ..run.progress.clone() };
        let by_first = run.source.get(KEY_PATH).is_none();
        for row in batch {
            if let Some(value) = grows.as_ref().and_then(|column| row.get(column)).filter(|value| !value.is_null()) {
                next.since = Some(value.clone());
            }
            let key = if by_first { first(&row) } else { String::new() };
            let said: Map<String, Json> = row.into_iter().filter(|(_, value)| !value.is_null()).collect();
            lot.add(key, Json::Object(said), false);
        }
        run.keep(Some(lot), next).await?;
    }
}

/// The first column's value as a key.
fn first(row: &Map<String, Json>) -> String {
    match row.values().next() {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn refused(error: StoreError) -> Stop {
    let key = if matches!(error, StoreError::Unavailable(_)) { "pull-unreachable" } else { "pull-query" };
    let detail = match error {
        StoreError::Fault(text) | StoreError::Unavailable(text) => text,
        other => other.to_string(),
    };
    Stop::Problem(Problem::new("query", key).text("detail", detail))
}
