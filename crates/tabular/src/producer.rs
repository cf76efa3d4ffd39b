//! A reader on a thread of its own, for libraries whose readers borrow or may panic on damaged files.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::source::RowReader;
use crate::{Error, Format, Reason, Row, RowError};

const BATCH: usize = 256;
/// A batch is sent when its cells pass this weight, so that few wide rows wait in memory.
const BATCH_BYTES: usize = 1 << 20;

type Item = Result<Row, RowError>;

/// Receives what a thread reads, a few batches ahead.
pub(crate) struct Producer {
    batches: Option<Receiver<Vec<Item>>>,
    current: std::vec::IntoIter<Item>,
    thread: Option<JoinHandle<()>>,
    last: u64,
}

/// Where the thread puts rows. Every call returns false once nobody listens any more.
pub(crate) struct Rows {
    sender: SyncSender<Vec<Item>>,
    batch: Vec<Item>,
    weight: usize,
}

impl Rows {
    pub(crate) fn push(&mut self, item: Item) -> bool {
        self.weight += item.as_ref().map_or(0, |row| row.cells.iter().map(crate::Cell::weight).sum());
        self.batch.push(item);
        if self.batch.len() < BATCH && self.weight < BATCH_BYTES {
            return true;
        }
        self.flush()
    }

    fn flush(&mut self) -> bool {
        self.weight = 0;
        self.sender.send(std::mem::take(&mut self.batch)).is_ok()
    }
}

impl Producer {
    /// Runs `read` on a new thread: it first reports what it opened, then pushes rows.
    pub(crate) fn spawn<T: Send + 'static>(
        format: Format,
        read: impl FnOnce(&mut dyn FnMut(T) -> bool, &mut Rows) -> Result<(), Error> + Send + 'static,
    ) -> Result<(T, Self), Error> {
        let (opened, opening) = sync_channel::<Result<T, Error>>(1);
        let (sender, batches) = sync_channel(2);
        let thread = std::thread::Builder::new().name(format!("read-{format}")).spawn(move || {
            let mut rows = Rows { sender, batch: Vec::new(), weight: 0 };
            let mut reported = false;
            let mut report = |value| {
                reported = true;
                opened.send(Ok(value)).is_ok()
            };
            match read(&mut report, &mut rows) {
                Ok(()) => {}
                Err(error) if reported => {
                    let number = rows.batch.iter().flatten().last().map_or(0, |row| row.number + 1);
                    rows.batch.push(Err(RowError::new(number, Reason::Fatal(error.to_string()), "")));
                }
                Err(error) => {
                    // The receiver only goes away with the caller, who then wants no answer.
                    let _ = opened.send(Err(error));
                }
            }
            rows.flush();
        })?;
        let producer = Self { batches: Some(batches), current: Vec::new().into_iter(), thread: Some(thread), last: 0 };
        match opening.recv() {
            Ok(opened) => Ok((opened?, producer)),
            Err(_) => Err(Error::damaged(format, "its structure makes no sense")),
        }
    }
}

impl RowReader for Producer {
    fn next_row(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.current.next() {
                match &item {
                    Ok(row) => self.last = row.number,
                    Err(error) => self.last = self.last.max(error.number),
                }
                return Some(item);
            }
            match self.batches.as_ref()?.recv() {
                Ok(batch) => self.current = batch.into_iter(),
                Err(_) => {
                    self.batches = None;
                    let crashed = self.thread.take()?.join().is_err();
                    let reason = Reason::Fatal("its structure makes no sense".into());
                    return crashed.then(|| Err(RowError::new(self.last + 1, reason, "")));
                }
            }
        }
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was either reported by `next_row` or concerns rows nobody wants any more.
            let _ = thread.join();
        }
    }
}
