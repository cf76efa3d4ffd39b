//! Databases of others, read by an administrator's query. Nothing is ever written to them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value as Json};
use tokio::sync::mpsc;
use tokio_postgres::{Client, NoTls};

use crate::StoreError;

/// Rows handed over at a time.
const BATCH: usize = 1_000;
/// How long a statement may take on PostgreSQL, and a whole reading on SQLite.
const PATIENCE: (&str, Duration) = ("60s", Duration::from_secs(3_600));

/// The rows of a query, some at a time, each as an object of its columns.
pub struct Foreign(Rows);

enum Rows {
    Postgres(Client),
    Sqlite(mpsc::Receiver<Result<Vec<Map<String, Json>>, StoreError>>),
}

/// A query on a database of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// One `SELECT`.
    pub query: String,
    /// A column that grows with every change, and the value from which on rows are wanted; rows come in its order.
    pub since: Option<(String, Option<Json>)>,
}

impl Foreign {
    /// Asks a database: `postgres://…` without TLS, or `sqlite:FILE`. On PostgreSQL the query runs in a transaction that can only read;
    /// an SQLite file is opened for reading only. Either way it is one statement, for it stands inside another one.
    ///
    /// Errors when the database cannot be reached, and when it refuses the query.
    pub async fn ask(url: &str, question: &Question) -> Result<Foreign, StoreError> {
        match url.strip_prefix("sqlite:") {
            Some(path) => Ok(Foreign(Rows::Sqlite(of_sqlite(PathBuf::from(path), question.clone())?))),
            None => Ok(Foreign(Rows::Postgres(of_postgres(url, question).await?))),
        }
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Result<Vec<Map<String, Json>>, StoreError> {
        match &mut self.0 {
            Rows::Sqlite(rows) => rows.recv().await.unwrap_or_else(|| Ok(Vec::new())),
            Rows::Postgres(client) => {
                let rows = client.query(&format!("FETCH {BATCH} FROM pull"), &[]).await.map_err(refused)?;
                let read = |text: &str| serde_json::from_str(text).map_err(|e| StoreError::Fault(e.to_string()));
                rows.iter().map(|row| read(row.try_get(0)?)).collect()
            }
        }
    }
}

fn refused(error: tokio_postgres::Error) -> StoreError {
    let said = error.as_db_error().map(|db| db.message().to_owned());
    StoreError::Fault(said.unwrap_or_else(|| error.to_string()))
}

fn quoted(column: &str) -> String {
    format!("\"{}\"", column.replace('"', "\"\""))
}

/// A query as the source of another one. A remark at its end does not swallow what follows.
fn inner(query: &str) -> String {
    format!("(\n{}\n)", query.trim().trim_end_matches(';'))
}

async fn of_postgres(url: &str, question: &Question) -> Result<Client, StoreError> {
    let unreachable = |e: tokio_postgres::Error| StoreError::Unavailable(e.to_string());
    let mut config: tokio_postgres::Config = url.parse().map_err(unreachable)?;
    config.connect_timeout(Duration::from_secs(10)).application_name("clientele");
    let (client, connection) = config.connect(NoTls).await.map_err(unreachable)?;
    tokio::spawn(async move {
        // What ends it is told to whoever waits for rows.
        let _ = connection.await;
    });
    let begin = format!(
        "BEGIN READ ONLY; SET LOCAL statement_timeout = '{}'; SET LOCAL standard_conforming_strings = on",
        PATIENCE.0
    );
    client.batch_execute(&begin).await.map_err(refused)?;
    let mut text = format!(
        "DECLARE pull NO SCROLL CURSOR FOR SELECT row_to_json(pulled_row)::text FROM {} pulled_row",
        inner(&question.query)
    );
    if let Some((column, from)) = &question.since {
        let column = quoted(column);
        if let Some(from) = from {
            let from = from.as_str().map_or_else(|| from.to_string(), str::to_owned).replace('\'', "''");
            text.push_str(&format!(" WHERE pulled_row.{column} >= '{from}'"));
        }
        text.push_str(&format!(" ORDER BY pulled_row.{column}"));
    }
    // Prepared, so that it is one statement whatever the query holds.
    client.execute(&text, &[]).await.map_err(refused)?;
    Ok(client)
}

type Batches = Result<Vec<Map<String, Json>>, StoreError>;

fn of_sqlite(path: PathBuf, question: Question) -> Result<mpsc::Receiver<Batches>, StoreError> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::Builder::new()
        .name("pull".to_owned())
        .spawn(move || {
            if let Err(error) = read_sqlite(&path, &question, &sender) {
                // Nobody listens any more when this fails.
                let _ = sender.blocking_send(Err(error));
            }
        })
        .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(receiver)
}

fn read_sqlite(path: &Path, question: &Question, sender: &mpsc::Sender<Batches>) -> Result<(), StoreError> {
    let refused = |e: rusqlite::Error| StoreError::Fault(e.to_string());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let unreachable = |e: rusqlite::Error| StoreError::Unavailable(e.to_string());
    let database = Connection::open_with_flags(path, flags).map_err(unreachable)?;
    database.busy_timeout(Duration::from_secs(10)).map_err(refused)?;
    let mut text = format!("SELECT * FROM {} AS pulled_row", inner(&question.query));
    let mut from = None;
    if let Some((column, since)) = &question.since {
        let column = quoted(column);
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
        if started.elapsed() > PATIENCE.1 {
            return Err(StoreError::Unavailable("the query took too long".to_owned()));
        }
    }
    if !batch.is_empty() {
        // Nobody listens any more when this fails.
        let _ = sender.blocking_send(Ok(batch));
    }
    Ok(())
}
