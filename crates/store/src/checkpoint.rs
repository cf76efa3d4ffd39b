//! Moves what the log of a SQLite file holds into the file, on a thread of its own, so that no write waits for it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use rusqlite::Connection;

use crate::StoreError;

/// Bytes of the log from which on it is moved.
const LARGE: u64 = 16 << 20;
/// What the file of the log is cut down to when it begins anew; the rest of its size tells how much it holds.
pub(crate) const SMALL: u64 = 4 << 20;
/// Pages in the log (256 MB) at which the writer moves them itself: who writes without a pause waits at last.
pub(crate) const AT_LAST: u32 = 64_000;

/// The thread that moves the log of a file; it ends with this.
pub(crate) struct Checkpoint {
    log: PathBuf,
    wake: SyncSender<()>,
}

impl Checkpoint {
    pub(crate) fn start(path: &Path) -> Result<Checkpoint, StoreError> {
        let connection = Connection::open(path)?;
        let (wake, woken) = sync_channel(1);
        std::thread::Builder::new()
            .name("sqlite-checkpoint".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    // What fails, or is held back by readers, is tried again after a later commit.
                    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                }
            })
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let mut log = path.to_owned().into_os_string();
        log.push("-wal");
        Ok(Checkpoint { log: log.into(), wake })
    }

    /// To be called after a commit: has the log moved when it is large.
    pub(crate) fn consider(&self) {
        if std::fs::metadata(&self.log).is_ok_and(|log| log.len() > LARGE) {
            // Full: it is being woken already.
            let _ = self.wake.try_send(());
        }
    }
}
