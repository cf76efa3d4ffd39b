//! Reading beside writing: a thread that reads and prepares rows, a few chunks ahead.

use std::collections::HashSet;
use std::sync::Arc;

use tabular::{Cell, Source};
use tokio::sync::mpsc;

use super::chunk::Item;
use super::plan::Plan;

/// Rows written in one transaction.
const ROWS: usize = 1_000;
/// Bytes of text after which a chunk ends before it has so many rows.
const BYTES: usize = 4 << 20;
/// Chunks that wait to be written.
const AHEAD: usize = 2;

/// Rows that go together.
pub(super) struct Chunk {
    pub(super) rows: Vec<Item>,
    /// How much of the file is read, from 0 to 1, where it can be told.
    pub(super) fraction: Option<f64>,
    /// Why nothing comes after these rows, when it is not the end of the file: the row and the reason.
    pub(super) broken: Option<(u64, String)>,
}

/// Reads a source; `only` leaves out all other rows.
pub(super) fn feed(mut source: Source, plan: Arc<Plan>, only: Option<HashSet<u64>>) -> mpsc::Receiver<Chunk> {
    let (send, receive) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        let mut ended = false;
        while !ended {
            let mut chunk = Chunk { rows: Vec::with_capacity(ROWS), fraction: None, broken: None };
            let mut weight = 0;
            while chunk.rows.len() < ROWS && weight < BYTES {
                let Some(item) = source.next() else {
                    ended = true;
                    break;
                };
                let number = item.as_ref().map_or_else(|e| e.number, |r| r.number);
                if only.as_ref().is_some_and(|only| !only.contains(&number)) {
                    continue;
                }
                match item {
                    Ok(row) => {
                        weight +=
                            row.cells.iter().map(|c| if let Cell::Text(t) = c { t.len() } else { 8 }).sum::<usize>();
                        chunk.rows.push(Ok(plan.prepare(row)));
                    }
                    Err(error) if error.reason.is_fatal() => {
                        chunk.broken = Some((error.number, error.reason.to_string()));
                        ended = true;
                        break;
                    }
                    Err(error) => {
                        weight += error.raw.len();
                        chunk.rows.push(Err(error));
                    }
                }
            }
            chunk.fraction = source.progress();
            // Nobody listens any more when the import stopped.
            if send.blocking_send(chunk).is_err() {
                break;
            }
        }
    });
    receive
}
