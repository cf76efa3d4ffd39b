//! Databases of others, read by an administrator's query. Nothing is ever written to them.

mod mysql;
mod postgres;
mod sqlite;
mod tls;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value as Json};
use tokio::sync::mpsc;
use tokio_postgres::Client;

use crate::StoreError;

/// Rows handed over at a time.
const BATCH: usize = 1_000;
/// How long a database may take to let us in.
const DOOR: Duration = Duration::from_secs(10);
/// How long it may take for some rows.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a whole reading may take where rows come by themselves once they are asked for.
const WHOLE: Duration = Duration::from_secs(3_600);

/// Rows, each as an object of its columns.
type Batch = Vec<Map<String, Json>>;

/// Where a database of others is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `postgres://…`, `mysql://…` (MariaDB too), or `sqlite:FILE`.
    pub url: String,
    /// A file in PEM with the certificates that vouch for the server. Where it is given, or where the address asks for it
    /// (`sslmode=require`, `require_ssl=true`), the connection is encrypted and the server's certificate is checked, against the
    /// public authorities where there is no file.
    pub ca: Option<PathBuf>,
}

/// The rows of a query, some at a time, each as an object of its columns.
pub struct Foreign(Rows);

enum Rows {
    /// A cursor that is asked for the next ones.
    Cursor(Client),
    /// They come by themselves, no faster than they are taken.
    Stream(mpsc::Receiver<Result<Batch, StoreError>>),
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
    /// Asks a database. On a server the query runs in a transaction that can only read; a file is opened for reading only. Either way
    /// it is one statement, for it stands inside another one.
    ///
    /// Errors when the database cannot be reached, and when it refuses the query.
    pub async fn ask(address: &Address, question: &Question) -> Result<Foreign, StoreError> {
        let rows = match address.url.split_once(':') {
            Some(("sqlite", path)) => Rows::Stream(sqlite::ask(PathBuf::from(path), question.clone())?),
            Some(("mysql" | "mariadb", _)) => Rows::Stream(mysql::ask(address, question).await?),
            _ => Rows::Cursor(postgres::ask(address, question).await?),
        };
        Ok(Foreign(rows))
    }

    /// The next rows; none at the end.
    ///
    /// Errors when the database goes away, takes too long, or stops the query.
    pub async fn next(&mut self) -> Result<Batch, StoreError> {
        match &mut self.0 {
            Rows::Stream(rows) => rows.recv().await.unwrap_or_else(|| Ok(Vec::new())),
            Rows::Cursor(client) => postgres::next(client).await,
        }
    }
}

/// A query as the source of another one. A remark at its end does not swallow what follows.
fn inner(query: &str) -> String {
    format!("(\n{}\n)", query.trim().trim_end_matches(';'))
}

/// A column's name between quotes of a database.
fn quoted(column: &str, quote: &str) -> String {
    format!("{quote}{}{quote}", column.replace(quote, &quote.repeat(2)))
}
