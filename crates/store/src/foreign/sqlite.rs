//! SQLite: a file, read on a thread of its own.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value as Json;
use tokio::sync::mpsc;

use super::{BATCH, Batch, DOOR, Question, WHOLE, inner, quoted};
use crate::StoreError;

pub(super) fn ask(path: PathBuf, question: Question) -> Result<mpsc::Receiver<Result<Batch, StoreError>>, StoreError> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::Builder::new()
        .name("pull".to_owned())
        .spawn(move || {
            if let Err(error) = read(&path, &question, &sender) {
                // Nobody listens any more when this fails.
                let _ = sender.blocking_send(Err(error));
            }
        })
        .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(receiver)
}

fn read(path: &Path, question: &Question, sender: &mpsc::Sender<Result<Batch, StoreError>>) -> Result<(), StoreError> {
    let refused = |e: rusqlite::Error| StoreError::Fault(e.to_string());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let unreachable = |e: rusqlite::Error| StoreError::Unavailable(e.to_string());
    let database = Connection::open_with_flags(path, flags).map_err(unreachable)?;
    database.busy_timeout(DOOR).map_err(refused)?;
    let mut text = format!("SELECT * FROM {} AS pulled_row", inner(&question.query));
    let mut from = None;
    if let Some((column, since)) = &question.since {
        let column = quoted(column, "\"");
        if let Some(since) = since {
            text.push_str(&format!(" WHERE pulled_row.{column} >= ?1"));
            from = Some(since);
        }
        text.push_str(&format!(" ORDER BY pulled_row.{column}"));
    }
    let mut statement = database.prepare(&text).map_err(refused)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    if let Some(from) = from {
        match (from.as_i64(), from.as_f64(), from.as_str()) {
            (Some(n), ..) => statement.raw_bind_parameter(1, n),
            (_, Some(n), _) => statement.raw_bind_parameter(1, n),
            (.., text) => statement.raw_bind_parameter(1, text.unwrap_or_default()),
        }
        .map_err(refused)?;
    }
    let started = Instant::now();
    let mut rows = statement.raw_query();
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(row) = rows.next().map_err(refused)? {
        let cell = |i: usize| match row.get_ref(i) {
            Ok(ValueRef::Integer(n)) => Json::from(n),
            Ok(ValueRef::Real(n)) => Json::from(n),
            Ok(ValueRef::Text(text)) => Json::from(String::from_utf8_lossy(text)),
            Ok(ValueRef::Null | ValueRef::Blob(_)) | Err(_) => Json::Null,
        };
        batch.push(names.iter().enumerate().map(|(i, name)| (name.clone(), cell(i))).collect());
        if batch.len() == BATCH && sender.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
            return Ok(());
        }
        if started.elapsed() > WHOLE {
            return Err(StoreError::Unavailable("the query took too long".to_owned()));
        }
    }
    if !batch.is_empty() {
        // Nobody listens any more when this fails.
        let _ = sender.blocking_send(Ok(batch));
    }
    Ok(())
}
