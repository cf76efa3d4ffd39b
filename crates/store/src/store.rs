use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use deadpool::managed::Object;
use futures_util::future::BoxFuture;

use crate::StoreError;
use crate::conn::{Conn, Reader, Writer};
use crate::postgres::PostgresSchema;
use crate::sql::{Cell, Dialect, Sql};
use crate::sqlite::{Done, SqliteFile};

/// One tenant's database: a SQLite file or a PostgreSQL schema. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Backend>);

enum Backend {
    Sqlite(Arc<SqliteFile>),
    Postgres(PostgresSchema),
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// A schema in a PostgreSQL database.
    Schema {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// The schema.
        schema: String,
    },
}

impl Store {
    /// Opens a place. A file and its folder are made when they do not exist.
    pub async fn open(place: &Place) -> Result<Store, StoreError> {
        let backend = match place {
            Place::File(path) => Backend::Sqlite(Arc::new(SqliteFile::open(path)?)),
            Place::Schema { url, schema } => {
                check_schema(schema)?;
                let opened = PostgresSchema::open(url, schema, 10)?;
                let mut line = opened.connection().await?;
                // Two processes may start at once; the second one's attempt meets the first one's catalogue row.
                let made = line.batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"")).await;
                let there = "SELECT 1 FROM pg_namespace WHERE nspname = ?";
                if line.query(&Sql::with(Dialect::Postgres, there, vec![Cell::text(schema)])).await?.is_empty() {
                    made?;
                }
                Backend::Postgres(opened)
            }
        };
        Ok(Store(Arc::new(backend)))
    }

    /// The place.
    pub fn place(&self) -> Place {
        match &*self.0 {
            Backend::Sqlite(file) => Place::File(file.path().to_owned()),
            Backend::Postgres(pg) => Place::Schema { url: pg.url().to_owned(), schema: pg.schema().to_owned() },
        }
    }

    /// The SQLite file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match &*self.0 {
            Backend::Sqlite(file) => Some(file.path()),
            Backend::Postgres(_) => None,
        }
    }

    /// How many writes this process has asked for, where one waits for the other: on a SQLite file.
    pub fn writes_asked(&self) -> Option<u64> {
        match &*self.0 {
            Backend::Sqlite(file) => Some(file.asked()),
            Backend::Postgres(_) => None,
        }
    }

    /// Takes a connection for reading.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        match &*self.0 {
            Backend::Sqlite(file) => {
                let (connection, permit) = file.reader().await?;
                Reader::sqlite(connection, Arc::clone(file), permit)
            }
            Backend::Postgres(pg) => Ok(Reader::postgres(pg.connection().await?)),
        }
    }

    /// Runs a write: everything in it is committed when it answers `Ok`, nothing when it answers an error. When this returns `Ok`,
    /// the change is on disk.
    ///
    /// On SQLite the write runs on the writer's thread and shares its commit with others; it must await nothing but this crate's
    /// operations.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Writer) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        match &*self.0 {
            Backend::Sqlite(file) => {
                let (send, receive) = tokio::sync::oneshot::channel();
                file.submit(Box::new(move |writer| {
                    let result = ready(f(writer));
                    Done {
                        keep: result.is_ok(),
                        acknowledge: Box::new(move |committed| {
                            let result = match (committed, result) {
                                (Err(error), Ok(_)) => Err(E::from(error)),
                                (_, result) => result,
                            };
                            // The caller may have gone away; the write stands.
                            let _ = send.send(result);
                        }),
                    }
                }))
                .await?;
                receive
                    .await
                    .unwrap_or_else(|_| Err(StoreError::Fault("a write panicked and was undone".to_owned()).into()))
            }
            Backend::Postgres(pg) => {
                let line = pg.connection().await?;
                let mut writer = Writer::new(Conn::Postgres(line));
                writer.begin();
                let guard = Abandon(Some(writer));
                let mut guard = guard;
                let writer = guard.0.as_mut().expect("just put there");
                let result = f(writer).await;
                let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
                let ended = writer.batch(end).await;
                if ended.is_ok() {
                    // The connection is clean: back to the pool.
                    drop(guard.0.take());
                }
                match result {
                    Ok(value) => ended.map(|()| value).map_err(E::from),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

/// A PostgreSQL write whose future was dropped half-way: its connection must not return to the pool inside a transaction.
struct Abandon(Option<Writer>);

impl Drop for Abandon {
    fn drop(&mut self) {
        if let Some(writer) = self.0.take() {
            writer.close();
        }
    }
}

impl Writer {
    fn close(mut self) {
        if let Conn::Postgres(line) = self.take_conn() {
            drop(Object::take(line));
        }
    }
}

/// Polls a future that never waits.
fn ready<T, E: From<StoreError>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => {
            Err(StoreError::Fault("a write waited for something else than the database".to_owned()).into())
        }
    }
}

fn check_schema(schema: &str) -> Result<(), StoreError> {
    let ok = schema.len() <= 60
        && schema.starts_with(|c: char| c.is_ascii_lowercase())
        && schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if ok { Ok(()) } else { Err(StoreError::Foreign(format!("“{schema}” cannot be a schema's name"))) }
}
