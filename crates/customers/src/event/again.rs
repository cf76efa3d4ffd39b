//! Events that were refused, read anew.

use kernel::{Id, Timestamp};
use store::{Reject, StoreError, Writer};

use super::Call;
use super::envelope::Shared;
use super::intake::Lot;
use super::read::Arrival;
use super::shape::Shapes;
use crate::source::Replayed;

/// Refused events on their way back.
#[derive(Default)]
pub(crate) struct Again {
    lot: Lot,
    rejected: Vec<Reject>,
}

impl Again {
    /// Reads one again; it keeps the time at which it came in.
    pub(crate) fn take(&mut self, source: Id, shapes: Option<&Shapes>, reject: &Reject) {
        let shared = Shared::default();
        let arrival = Arrival { call: Call::Batch, source, received_at: reject.received_at, shared: &shared };
        if let Err(bad) = self.lot.take(&arrival, shapes, &reject.payload) {
            self.rejected.push(bad.reject(source, reject.received_at));
        }
    }

    /// Keeps the good ones, and those that are refused again; answers which records they tell of.
    pub(crate) async fn write(
        self,
        writer: &mut Writer,
        source: Id,
        now: Timestamp,
    ) -> Result<(Replayed, Vec<Id>), StoreError> {
        if self.lot.events.is_empty() && self.rejected.is_empty() {
            return Ok((Replayed::default(), Vec::new()));
        }
        let written = self.lot.write(writer, source, now).await?;
        let volume = &written.volume;
        writer.put_rejects(&self.rejected).await?;
        let rejected = (self.rejected.len() + written.erased.len()) as i64;
        let replayed = Replayed { accepted: volume.accepted, repeated: volume.repeated, rejected };
        Ok((replayed, written.records))
    }
}
