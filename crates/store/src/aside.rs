//! A database put out of the way, so that a copy can take its place, and brought back when that fails.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::Timestamp;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;
use crate::store::{Place, Store};

/// How often it is tried to have a file alone; others may be about to let go of it.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

impl Place {
    /// Where what is kept of a database from before a moment goes: a file `name.before-….db`, or a schema `name_before_…`.
    pub(crate) fn before(&self, now: Timestamp) -> Place {
        let stamp = now.strftime("%Y%m%d%H%M%S%3f").to_string();
        match self {
            Place::File(path) => {
                let stem = path.file_stem().map_or_else(|| "tenant".to_owned(), |s| s.to_string_lossy().into_owned());
                Place::File(path.with_file_name(format!("{stem}.before-{stamp}.db")))
            }
            Place::Schema { url, schema } => {
                let name = &schema[..schema.len().min(38)];
                Place::Schema { url: url.clone(), schema: format!("{name}_before_{stamp}") }
            }
        }
    }

    /// Renames a database that nobody uses to what it is called from now on.
    ///
    /// Errors when another program has the file open; of a schema it is not known who uses it.
    pub async fn set_aside(&self, now: Timestamp) -> Result<Place, StoreError> {
        let aside = self.before(now);
        aside.take_over(self).await?;
        Ok(aside)
    }

    /// Renames another database, that nobody uses, to this one.
    pub async fn take_over(&self, other: &Place) -> Result<(), StoreError> {
        match (other, self) {
            (Place::File(from), Place::File(to)) => {
                let (from, to) = (from.clone(), to.clone());
                tokio::task::spawn_blocking(move || rename(&from, &to))
                    .await
                    .map_err(|e| StoreError::Fault(e.to_string()))?
            }
            (Place::Schema { schema: from, .. }, Place::Schema { schema: to, .. }) => {
                let script = format!("ALTER SCHEMA \"{from}\" RENAME TO \"{to}\"");
                Store::open(other).await?.write(|w| Box::pin(async move { w.batch(&script).await })).await
            }
            _ => Err(StoreError::Fault("a file cannot become a schema".to_owned())),
        }
    }
}

/// Puts a copy of a SQLite database where none is.
///
/// Errors when the copy is damaged or no database of ours; then nothing is there either.
pub async fn put_copy(copy: &Path, to: &Path) -> Result<(), StoreError> {
    let (copy, to) = (copy.to_owned(), to.to_owned());
    tokio::task::spawn_blocking(move || {
        let fresh = beside(&to, ".new");
        let put = || {
            std::fs::copy(&copy, &fresh)?;
            std::fs::File::open(&fresh)?.sync_all()?;
            std::fs::rename(&fresh, &to)
        };
        check(&copy)?;
        put().map_err(|e| {
            // What is half there is of no use; that it may not go either changes nothing.
            let _ = std::fs::remove_file(&fresh);
            StoreError::Unavailable(e.to_string())
        })
    })
    .await
    .map_err(|e| StoreError::Fault(e.to_string()))?
}

/// Whether a file is a whole SQLite database of ours.
fn check(copy: &Path) -> Result<(), StoreError> {
    let foreign = |what: &str| StoreError::Foreign(format!("{} {what}", copy.display()));
    let ask = || -> rusqlite::Result<(String, i64)> {
        let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let state = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        let ours = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('_position', '_setting')";
        Ok((state, connection.query_row(ours, [], |row| row.get(0))?))
    };
    match ask() {
        Ok((state, 2)) if state == "ok" => Ok(()),
        Ok((state, 2)) => Err(foreign(&format!("is damaged: {state}"))),
        _ => Err(foreign("is no database of this program")),
    }
}

/// Renames a SQLite file that nobody has open, with what its log holds.
fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Unavailable(format!("{} exists already", to.display())));
    }
    let mut attempt = 0;
    while let Err(error) = have_alone(from) {
        attempt += 1;
        if attempt == ATTEMPTS {
            let text = format!("{} is in use: stop the server first ({error})", from.display());
            return Err(StoreError::Unavailable(text));
        }
        std::thread::sleep(PAUSE);
    }
    let gone = |e: std::io::Error| StoreError::Unavailable(e.to_string());
    std::fs::rename(from, to).map_err(gone)?;
    for suffix in ["-wal", "-shm"] {
        match std::fs::remove_file(beside(from, suffix)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(gone(e)),
            _ => {}
        }
    }
    Ok(())
}

/// Empties the log of a file into it, which works only while nobody else has it open.
fn have_alone(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}
