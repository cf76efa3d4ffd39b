//! SQLite: one writer thread with group commit, a pool of read-only connections.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value as Native, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, functions::FunctionFlags};
use tokio::sync::{Semaphore, mpsc};

use crate::StoreError;
use crate::checkpoint::{self, Checkpoint, KEPT};
use crate::conn::{Conn, Writer};
use crate::hints::Hints;
use crate::sql::{Cell, Dialect, Row, Sql};

const READERS: usize = 6;
const QUEUE: usize = 1024;
/// Bytes of a file that are read as memory: the most that SQLite maps.
const MAPPED: u32 = 0x7fff_0000;
/// How many writes share one commit.
const GROUP: usize = 64;

/// A SQLite file.
pub(crate) struct SqliteFile {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    readers: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
    asked: AtomicU64,
    pub(crate) hints: Arc<Hints>,
    /// Closed after the connections above.
    _file: Arc<File>,
}

/// A write: runs in a savepoint, then is told whether the commit went through.
pub(crate) type Job = Box<dyn FnOnce(&mut Writer) -> Done + Send>;

/// Tells a write's caller whether it was committed.
pub(crate) type Acknowledge = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What a write asks for.
pub(crate) struct Done {
    pub(crate) keep: bool,
    pub(crate) acknowledge: Acknowledge,
}

impl SqliteFile {
    pub(crate) fn open(path: &Path) -> Result<SqliteFile, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|e| StoreError::Unavailable(format!("cannot create {}: {e}", folder.display())))?;
        }
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(Duration::from_secs(30))?;
        writer.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -64000; PRAGMA threads = 2;
             PRAGMA mmap_size = {MAPPED}; PRAGMA journal_size_limit = {KEPT};"
        ))?;
        prepare(&writer)?;
        let checkpoint = Checkpoint::start(path, &mut writer)?;
        let file = checkpoint.file();
        let (jobs, queue) = mpsc::channel(QUEUE);
        let hints = Arc::new(Hints::default());
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn({
                let hints = Arc::clone(&hints);
                move || write_loop(writer, queue, &hints, checkpoint)
            })
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(SqliteFile {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
            readers: Arc::new(Semaphore::new(READERS)),
            jobs,
            asked: AtomicU64::new(0),
            hints,
            _file: file,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A reader, with the permit that keeps the pool bounded.
    pub(crate) async fn reader(&self) -> Result<(Connection, tokio::sync::OwnedSemaphorePermit), StoreError> {
        let permit = Arc::clone(&self.readers).acquire_owned().await.map_err(|_| closed())?;
        if let Some(connection) = self.idle.lock().expect("not poisoned").pop() {
            return Ok((connection, permit));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection
            .execute_batch(&format!("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA mmap_size = {MAPPED};"))?;
        prepare(&connection)?;
        Ok((connection, permit))
    }

    pub(crate) fn give_back(&self, connection: Connection) {
        self.idle.lock().expect("not poisoned").push(connection);
    }

    /// How many writes were submitted.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) async fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.jobs.send(job).await.map_err(|_| closed())
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database is closed".to_owned())
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(256);
    // A statement is planned once, not again for every value bound to it: planning costs more than reading a page of records.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |ctx| {
        let text: Option<String> = ctx.get(0)?;
        Ok(text.map(|t| kernel::fold(&t)))
    })?;
    connection.create_scalar_function("regexp", 2, flags, |ctx| {
        let pattern = ctx.get_or_create_aux(0, |value| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
            Ok(regex::RegexBuilder::new(value.as_str()?).size_limit(1 << 20).build()?)
        })?;
        let text: Option<String> = ctx.get(1)?;
        Ok(text.map(|t| pattern.is_match(&t)))
    })?;
    Ok(())
}

fn write_loop(connection: Connection, mut queue: mpsc::Receiver<Job>, hints: &Hints, mut checkpoint: Checkpoint) {
    let mut writer = Writer::new(Conn::Sqlite(connection));
    while let Some(first) = queue.blocking_recv() {
        let mut acknowledgements = Vec::new();
        let mut outcome = writer.batch_now("BEGIN IMMEDIATE");
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if outcome.is_err() {
                // The job is dropped, and its caller sees a closed channel, unless it is told why.
                let done = Done { keep: false, acknowledge: refuse(job) };
                acknowledgements.push(done.acknowledge);
            } else if let Err(error) = run(&mut writer, job, &mut acknowledgements) {
                outcome = Err(error);
            }
            if acknowledgements.len() < GROUP {
                next = queue.try_recv().ok();
            }
        }
        if outcome.is_ok() {
            outcome = writer.batch_now("COMMIT");
            hints.forget_counts();
        }
        if outcome.is_err() {
            // Nothing to do when this fails too: there may be no transaction left.
            let _ = writer.batch_now("ROLLBACK");
        }
        for acknowledge in acknowledgements {
            acknowledge(outcome.as_ref().copied().map_err(copy));
        }
        if checkpoint.consider() {
            writer.with_sqlite(checkpoint::finish);
        }
    }
    let _ = writer.batch_now("PRAGMA optimize");
}

/// Runs a job in its savepoint. An error here means that the whole transaction is lost (disk full, IO).
fn run(writer: &mut Writer, job: Job, acknowledgements: &mut Vec<Acknowledge>) -> Result<(), StoreError> {
    writer.batch_now("SAVEPOINT job")?;
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(writer))) {
        Ok(done) => {
            acknowledgements.push(done.acknowledge);
            writer.batch_now(if done.keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" })
        }
        // The panic was reported by its hook; the caller sees its channel closed.
        Err(_) => writer.batch_now("ROLLBACK TO job; RELEASE job"),
    }
}

/// Runs the job against a connection that refuses everything, so that its caller gets the reason.
fn refuse(job: Job) -> Acknowledge {
    let mut writer = Writer::new(Conn::Closed);
    job(&mut writer).acknowledge
}

fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::Unavailable(text) => StoreError::Unavailable(text.clone()),
        StoreError::Dangling => StoreError::Dangling,
        other => StoreError::Fault(other.to_string()),
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Native::Null),
            Cell::Bool(b) => ToSqlOutput::Owned(Native::Integer(i64::from(*b))),
            Cell::Int(n) => ToSqlOutput::Owned(Native::Integer(*n)),
            Cell::Real(n) => ToSqlOutput::Owned(Native::Real(*n)),
            Cell::Text(text) | Cell::Json(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Cell::Date(date) => ToSqlOutput::Owned(Native::Text(date.to_string())),
            Cell::DateTime(at) => ToSqlOutput::Owned(Native::Integer(at.as_microsecond())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Cell::Column(_) => return Err(rusqlite::Error::InvalidQuery),
        })
    }
}

/// How many statements run on the runtime's own threads at this moment, over all files.
static IN_PLACE: AtomicUsize = AtomicUsize::new(0);

/// Runs a statement on the thread at hand as long as enough of the runtime's threads stay free to serve others; beyond that the
/// thread's other tasks are handed over first, which costs more than most statements do.
pub(crate) fn in_place<T>(f: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            IN_PLACE.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let spare = tokio::runtime::Handle::current().metrics().num_workers().saturating_sub(2);
    let _leave = Leave;
    if IN_PLACE.fetch_add(1, Ordering::Relaxed) < spare { f() } else { tokio::task::block_in_place(f) }
}

/// Runs a statement without values whose text never changes.
pub(crate) fn run_cached(connection: &Connection, text: &'static str) -> Result<(), StoreError> {
    connection.prepare_cached(text)?.execute([])?;
    Ok(())
}

pub(crate) fn query(connection: &Connection, sql: &Sql) -> Result<Vec<Row>, StoreError> {
    debug_assert_eq!(sql.dialect, Dialect::Sqlite);
    let mut statement =
        connection.prepare_cached(&sql.text).map_err(|e| StoreError::Fault(format!("{e}: {}", sql.text)))?;
    let width = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(&sql.args))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(width);
        for i in 0..width {
            cells.push(match row.get_ref(i)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::Int(n),
                ValueRef::Real(n) => Cell::Real(n),
                ValueRef::Text(text) => Cell::Text(match std::str::from_utf8(text) {
                    Ok(text) => text.to_owned(),
                    Err(_) => String::from_utf8_lossy(text).into_owned(),
                }),
                ValueRef::Blob(bytes) => match <[u8; 16]>::try_from(bytes) {
                    Ok(id) => Cell::Id(kernel::Id::from_bytes(id)),
                    Err(_) => Cell::Bytes(bytes.to_vec()),
                },
            });
        }
        out.push(cells);
    }
    Ok(out)
}

pub(crate) fn execute(connection: &Connection, sql: &Sql) -> Result<u64, StoreError> {
    let mut statement =
        connection.prepare_cached(&sql.text).map_err(|e| StoreError::Fault(format!("{e}: {}", sql.text)))?;
    Ok(statement.execute(rusqlite::params_from_iter(&sql.args))? as u64)
}
