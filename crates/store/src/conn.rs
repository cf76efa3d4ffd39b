//! One connection of either database, behind one asynchronous face. On SQLite every future is ready at once.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use deadpool::managed::Object;

use crate::hints::Hints;
use crate::line::Lines;
use crate::sql::{Dialect, Row, Sql};
use crate::sqlite::SqliteFile;
use crate::{StoreError, sqlite};

/// A connection.
pub(crate) enum Conn {
    Sqlite(rusqlite::Connection),
    Postgres(Object<Lines>),
    /// Refuses everything: what a write gets when no transaction could be started.
    Closed,
}

/// A connection for reading: on SQLite one snapshot, on PostgreSQL one statement's snapshot at a time.
pub struct Reader {
    conn: Conn,
    statements: u32,
    as_of: u64,
    home: Option<(Arc<SqliteFile>, tokio::sync::OwnedSemaphorePermit)>,
}

/// A connection inside a write transaction.
pub struct Writer {
    reader: Reader,
}

impl Conn {
    fn dialect(&self) -> Dialect {
        match self {
            Conn::Sqlite(_) | Conn::Closed => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }
}

impl Reader {
    pub(crate) fn postgres(line: Object<Lines>) -> Reader {
        Reader { conn: Conn::Postgres(line), statements: 0, as_of: 0, home: None }
    }

    pub(crate) fn sqlite(
        connection: rusqlite::Connection,
        file: Arc<SqliteFile>,
        permit: tokio::sync::OwnedSemaphorePermit,
    ) -> Result<Reader, StoreError> {
        let as_of = file.hints.writes();
        sqlite::run_cached(&connection, "BEGIN")?;
        Ok(Reader { conn: Conn::Sqlite(connection), statements: 0, as_of, home: Some((file, permit)) })
    }

    /// How many statements ran on this connection since it was taken: what a test of a page's cost asserts.
    pub fn statements(&self) -> u32 {
        self.statements
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.conn.dialect()
    }

    pub(crate) fn sql(&self) -> Sql {
        Sql::new(self.dialect())
    }

    pub(crate) async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        self.statements += 1;
        match &mut self.conn {
            Conn::Sqlite(connection) if self.home.is_some() => sqlite::in_place(|| sqlite::query(connection, sql)),
            Conn::Sqlite(connection) => sqlite::query(connection, sql),
            Conn::Postgres(line) => line.query(sql).await,
            Conn::Closed => Err(closed()),
        }
    }

    /// Asks two questions, together where the database is at the other end of a line.
    pub(crate) async fn query_both(&mut self, one: &Sql, other: &Sql) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        if let Conn::Postgres(line) = &mut self.conn {
            self.statements += 2;
            return line.query_both(one, other).await;
        }
        Ok((self.query(one).await?, self.query(other).await?))
    }

    /// How many writes of this process its snapshot surely holds.
    pub(crate) fn as_of(&self) -> u64 {
        self.as_of
    }

    /// What was remembered of a statement's outcome, where a database remembers.
    pub(crate) fn hints(&self) -> Option<&Hints> {
        self.home.as_ref().map(|(file, _)| &*file.hints)
    }

    /// The first row.
    pub(crate) async fn query_one(&mut self, sql: &Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql).await?.into_iter().next())
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("no transaction could be started".to_owned())
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some((file, _permit)) = self.home.take()
            && let Conn::Sqlite(connection) = std::mem::replace(&mut self.conn, Conn::Closed)
            && sqlite::run_cached(&connection, "COMMIT").is_ok()
        {
            file.give_back(connection);
        }
    }
}

impl Writer {
    pub(crate) fn new(conn: Conn) -> Writer {
        Writer { reader: Reader { conn, statements: 0, as_of: 0, home: None } }
    }

    pub(crate) async fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        self.statements += 1;
        match &mut self.conn {
            Conn::Sqlite(connection) => sqlite::execute(connection, sql),
            Conn::Postgres(line) => line.execute(sql).await,
            Conn::Closed => Err(closed()),
        }
    }

    /// Runs a statement of which only the success is of interest. On PostgreSQL nobody waits for it: what comes after it finds it done,
    /// and its error is that of the next statement, or of the whole write.
    pub(crate) async fn send(&mut self, sql: Sql) -> Result<(), StoreError> {
        let Conn::Postgres(line) = &mut self.reader.conn else { return self.execute(&sql).await.map(drop) };
        self.reader.statements += 1;
        line.send(sql).await
    }

    /// Begins a transaction, on PostgreSQL.
    pub(crate) fn begin(&mut self) {
        if let Conn::Postgres(line) = &mut self.conn {
            line.begin();
        }
    }

    /// Runs a script without values.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        match &mut self.conn {
            Conn::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            Conn::Postgres(line) => line.batch(text).await,
            Conn::Closed => Err(closed()),
        }
    }

    /// The same on SQLite's own thread.
    pub(crate) fn batch_now(&mut self, text: &str) -> Result<(), StoreError> {
        match &self.conn {
            Conn::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            _ => Err(closed()),
        }
    }

    /// Does something with the connection itself, on SQLite.
    pub(crate) fn with_sqlite(&self, work: impl FnOnce(&rusqlite::Connection)) {
        if let Conn::Sqlite(connection) = &self.conn {
            work(connection);
        }
    }

    /// The number of the row just inserted, on SQLite.
    pub(crate) fn last_row(&self) -> i64 {
        if let Conn::Sqlite(connection) = &self.conn { connection.last_insert_rowid() } else { 0 }
    }

    pub(crate) fn take_conn(&mut self) -> Conn {
        std::mem::replace(&mut self.conn, Conn::Closed)
    }

    /// Marks a place to which [`Writer::rollback_to`] goes back, for attempts that may fail inside a larger write.
    pub async fn savepoint(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.batch(&format!("SAVEPOINT {name}")).await
    }

    /// Undoes what was written since the place was marked.
    pub async fn rollback_to(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.batch(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")).await
    }

    /// Forgets the place and keeps what was written.
    pub async fn release(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.batch(&format!("RELEASE SAVEPOINT {name}")).await
    }
}

impl Deref for Writer {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Writer {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}
