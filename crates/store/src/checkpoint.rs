//! Moves what the log of a SQLite file holds into the file, on a thread of its own, so that hardly any write waits for it.
//!
//! The thread moves the log twice: all of it, then what came meanwhile. The writer moves the little that is left, after which SQLite
//! begins the log anew. Without that last step a log that is written without a pause never ends: it grows, and is moved in vain. SQLite
//! has the file written to disk by whoever moves the last of the log; the thread has it written before, so that the writer need not wait.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use crate::StoreError;

/// Pages of the log (64 MB) after which it is moved: a page that is written often is moved once.
const LARGE: u32 = 16_384;
/// Bytes that the file of the log is cut down to when it begins anew.
pub(crate) const KEPT: u32 = LARGE * 4_096;
/// Pages (8 MB) that the writer moves itself.
const LITTLE: u32 = 2_048;
/// Pages (256 MB) from which on the writer moves all of them itself: who writes without a pause waits at last.
const AT_LAST: u32 = 65_536;
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread that moves the log of a file; it ends with this.
pub(crate) struct Checkpoint {
    wake: SyncSender<()>,
    /// Pages in the log after the last commit; 0 where nothing was written since they were asked for.
    logged: Arc<AtomicU32>,
    /// Pages that the thread has moved, until the writer heard of it.
    moved: Arc<AtomicU32>,
    /// Pages in the log after the last commit.
    pages: u32,
    /// Pages in the log after which the thread is woken.
    next: u32,
    /// Kept open for as long as any connection of this process is: closing it would end their locks (fcntl(2)).
    file: Arc<File>,
}

impl Checkpoint {
    /// Starts the thread for the file that `writer` writes.
    pub(crate) fn start(path: &Path, writer: &mut Connection) -> Result<Checkpoint, StoreError> {
        let logged = Arc::new(AtomicU32::new(0));
        writer.wal_hook(Some({
            let logged = Arc::clone(&logged);
            move |_: &mut Wal, pages: std::ffi::c_int| {
                logged.store(pages.unsigned_abs(), Ordering::Relaxed);
                Ok(())
            }
        }))?;
        let file = Arc::new(File::open(path).map_err(|e| StoreError::Unavailable(e.to_string()))?);
        let connection = Connection::open(path)?;
        let (wake, woken) = sync_channel(1);
        let moved = Arc::new(AtomicU32::new(0));
        std::thread::Builder::new()
            .name("sqlite-checkpoint".to_owned())
            .spawn({
                let (moved, file) = (Arc::clone(&moved), Arc::clone(&file));
                move || {
                    let connection = connection;
                    while woken.recv().is_ok() {
                        let both = [0; 2].map(|_| {
                            let pages = move_log(&connection);
                            // What is not on disk now is when the last of the log is moved.
                            let _ = file.sync_data();
                            pages
                        });
                        // What fails, or is held back by readers, is tried again after later commits.
                        moved.store(both[1].as_ref().copied().unwrap_or(0), Ordering::Release);
                    }
                }
            })
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Checkpoint { wake, logged, moved, pages: 0, next: LARGE, file })
    }

    /// The file, to be held by who opens connections to it, and let go after them.
    pub(crate) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// To be called by the writer after a commit: has the log moved when it is large. Whether the writer is to [`finish`].
    pub(crate) fn consider(&mut self) -> bool {
        let pages = self.logged.swap(0, Ordering::Relaxed);
        if pages == 0 {
            return false;
        }
        if pages < self.pages {
            self.next = LARGE;
        }
        self.pages = pages;
        let moved = self.moved.swap(0, Ordering::Acquire);
        if pages >= self.next && moved == 0 {
            self.next = pages + LARGE;
            // Full: it is being woken already.
            let _ = self.wake.try_send(());
        }
        (moved > 0 && pages.saturating_sub(moved) <= LITTLE) || pages >= AT_LAST
    }
}

/// Moves what is left of the log, on the writer's own thread.
pub(crate) fn finish(writer: &Connection) {
    // What fails is moved another time: nothing of it is lost.
    let _ = move_log(writer);
}

/// Answers how many pages of the log are in the file now.
fn move_log(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row(MOVE, [], |row| row.get(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer and a reader of a new file, and what moves its log.
    fn started(folder: &Path) -> (Connection, Connection, Checkpoint) {
        let path = folder.join("log.db");
        let mut writer = Connection::open(&path).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE t (b BLOB)").unwrap();
        let checkpoint = Checkpoint::start(&path, &mut writer).unwrap();
        (writer, Connection::open(&path).unwrap(), checkpoint)
    }

    #[test]
    fn a_log_that_was_moved_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, reader, mut checkpoint) = started(folder.path());
        let write = |checkpoint: &mut Checkpoint, bytes: u32| {
            writer.execute("INSERT INTO t VALUES (randomblob(?))", [bytes]).unwrap();
            checkpoint.consider()
        };
        while checkpoint.pages < LARGE {
            if reader.is_autocommit() && checkpoint.pages + LITTLE / 2 > LARGE {
                // What comes after this is not moved while it reads.
                reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
            }
            assert!(!write(&mut checkpoint, 1 << 20), "the thread moves it, not the writer");
        }
        while checkpoint.moved.load(Ordering::Acquire) == 0 {
            std::thread::yield_now();
        }
        assert!(write(&mut checkpoint, 1 << 12), "the rest is little");
        reader.execute_batch("COMMIT").unwrap();
        finish(&writer);
        assert!(!write(&mut checkpoint, 1 << 12));
        assert!(checkpoint.pages < 10, "{} pages", checkpoint.pages);
        let sound: String = writer.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }

    #[test]
    fn a_log_that_readers_hold_is_moved_at_last() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, reader, mut checkpoint) = started(folder.path());
        reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();
        let mut finished = false;
        while checkpoint.pages < AT_LAST {
            assert!(!finished, "the reader still needs the log");
            writer.execute("REPLACE INTO t (rowid, b) VALUES (abs(random() % 8), randomblob(4194304))", []).unwrap();
            finished = checkpoint.consider();
        }
        assert!(finished);
        reader.execute_batch("COMMIT").unwrap();
        finish(&writer);
        writer.execute("INSERT INTO t VALUES (1)", []).unwrap();
        assert!(!checkpoint.consider() && checkpoint.pages < 10, "{} pages", checkpoint.pages);
    }
}
