//! From a body to the disk.

use std::sync::Arc;

use kernel::{Id, Timestamp};
use model::{Problem, Record};
use records::{RecordError, Space};
use store::{Event, Incoming, Refused, Reject, StoreError, Volume, Writer};

use super::envelope::{Envelope, Shared};
use super::read::{Arrival, Bad};
use super::shape::Shapes;
use super::{Call, IntakeError};
use crate::erasure::hidden_events;
use crate::identity::{Linkers, Sources, lock, take};
use crate::source::{When, day_of, sender};

/// How often a write that met another one is tried.
const ATTEMPTS: u32 = 5;

/// What became of a call's events. What it counts is on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    /// Kept.
    pub accepted: usize,
    /// Left out, because an event with the same message identifier was kept before.
    pub repeated: usize,
    /// Refused; they wait on the source's page.
    pub rejected: Vec<Rejected>,
}

/// An event that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Its message identifier, if it has one that can be read.
    pub message: Option<String>,
    /// Why.
    pub problem: Problem,
}

/// What a lot became.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) volume: Volume,
    /// Source records that say something new.
    pub(super) records: Vec<Id>,
    /// The places of events of people who were erased: nothing of them is kept, not even a refusal.
    pub(super) erased: Vec<usize>,
}

/// What is written together.
#[derive(Debug, Default)]
pub(super) struct Lot {
    pub(super) events: Vec<Event>,
    /// What events say about people and groups, each with its event's place.
    pub(super) records: Vec<(usize, Incoming)>,
    pub(super) rejects: Vec<Reject>,
    /// When what they say is resolved to profiles.
    pub(super) when: When,
}

/// Takes a call: `header` is the write key from its header, which the body may have instead. When this answers, what it counts as kept is
/// on disk; an event whose message identifier came before is never kept again.
///
/// Errors when nothing of the call was kept: no key that is known, a body that cannot be read, a database that does not answer.
pub async fn receive(
    space: &Arc<Space>,
    call: Call,
    header: Option<&str>,
    body: &[u8],
    now: Timestamp,
) -> Result<Receipt, IntakeError> {
    let envelope = Envelope::read(call, body)?;
    let key = header.or(envelope.key.as_deref()).filter(|key| !key.is_empty()).ok_or(IntakeError::NoKey)?;
    let sender = sender(space, key, now).await?.ok_or(IntakeError::NoKey)?;
    let shapes = if sender.enforces { Some(Shapes::of(space, sender.source, now).await?) } else { None };
    let arrival = Arrival { call, source: sender.source, received_at: now, shared: &envelope.shared };
    let mut lot = Lot { when: sender.when, ..Lot::default() };
    let mut receipt = Receipt::default();
    let mut places = Vec::with_capacity(envelope.items.len());
    for (index, text) in envelope.items.iter().enumerate() {
        if let Err(bad) = lot.take(&arrival, shapes.as_deref(), text).map(|()| places.push(index)) {
            receipt.rejected.push(Rejected { index, message: bad.message.clone(), problem: bad.problem.clone() });
            lot.rejects.push(bad.reject(sender.source, now));
        }
    }
    if envelope.items.is_empty() {
        return Ok(receipt);
    }
    let kept = keep(space, sender.source, lot, now).await?;
    (receipt.accepted, receipt.repeated) = (kept.volume.accepted as usize, kept.volume.repeated as usize);
    let erased = |at: usize| Rejected { index: places[at], message: None, problem: Problem::new("", "erased") };
    receipt.rejected.extend(kept.erased.into_iter().map(erased));
    Ok(receipt)
}

/// Keeps events that this product makes itself in the name of a source.
///
/// Errors when one of them could not have come from outside either.
pub(crate) async fn keep_own(
    space: &Arc<Space>,
    source: &Record,
    events: &[serde_json::Value],
    now: Timestamp,
) -> Result<(), RecordError> {
    let shared = Shared::default();
    let arrival = Arrival { call: Call::Batch, source: source.id(), received_at: now, shared: &shared };
    let mut lot = Lot { when: When::of(source), ..Lot::default() };
    for event in events {
        lot.take(&arrival, None, &event.to_string()).map_err(|bad| bad.problem)?;
    }
    keep(space, source.id(), lot, now).await.map(drop)
}

impl Lot {
    /// Reads an event and adds it.
    pub(super) fn take(&mut self, arrival: &Arrival<'_>, shapes: Option<&Shapes>, text: &str) -> Result<(), Box<Bad>> {
        let good = arrival.read(text)?;
        if let Some(Err(problem)) = shapes.map(|s| s.check(&good.event.kind, good.event.name.as_deref(), &good.json)) {
            let message = good.json.get("messageId").and_then(|id| id.as_str()).map(str::to_owned);
            return Err(Box::new(Bad { message, problem, payload: arrival.alone(good.json) }));
        }
        self.records.extend(good.record.map(|record| (self.events.len(), record)));
        self.events.push(good.event);
        Ok(())
    }

    /// Writes the lot, in one order for all writers: events, records, refusals, volumes.
    pub(super) async fn write(&self, writer: &mut Writer, source: Id, now: Timestamp) -> Result<Written, StoreError> {
        let hidden = hidden_events(writer, &self.events).await?;
        let erased: Vec<usize> = (0..hidden.len()).filter(|place| hidden[*place]).collect();
        let fresh = if erased.is_empty() {
            writer.put_events(&self.events).await?
        } else {
            let kept = self.events.iter().zip(&hidden).filter(|(_, hidden)| !**hidden);
            let kept: Vec<Event> = kept.map(|(event, _)| event.clone()).collect();
            let mut fresh = writer.put_events(&kept).await?.into_iter();
            hidden.iter().map(|hidden| !hidden && fresh.next() == Some(true)).collect()
        };
        let records: Vec<Incoming> =
            self.records.iter().filter(|(place, _)| fresh[*place]).map(|(_, record)| record.clone()).collect();
        let appended = match records.is_empty() {
            true => Vec::new(),
            false => writer.append_records(&records, now).await?,
        };
        writer.put_rejects(&self.rejects).await?;
        let accepted = fresh.iter().filter(|new| **new).count() as i64;
        let volume = Volume {
            day: day_of(now).to_string(),
            accepted,
            repeated: (fresh.len() - erased.len()) as i64 - accepted,
            rejected: (self.rejects.len() + erased.len()) as i64,
            last_at: Some(now),
        };
        let shard = Id::new(now).as_bytes()[15] % 16;
        writer.count_received(source, &volume, shard, now).await?;
        let records = appended.into_iter().filter(|kept| kept.new).map(|kept| kept.record).collect();
        Ok(Written { volume, records, erased })
    }
}

impl Bad {
    pub(super) fn reject(self, source: Id, received_at: Timestamp) -> Reject {
        let problem = serde_json::to_string(&self.problem).unwrap_or_default();
        Reject {
            seq: 0,
            source,
            kind: Refused::Event,
            message: self.message,
            received_at,
            problem,
            payload: self.payload,
        }
    }
}

async fn keep(space: &Arc<Space>, source: Id, lot: Lot, now: Timestamp) -> Result<Written, RecordError> {
    let lot = Arc::new(lot);
    let mut attempt = 1;
    loop {
        let shared = Arc::clone(&lot);
        let written: Result<Written, RecordError> = match lot.when {
            When::Soon => {
                let written: Result<Written, StoreError> =
                    space.store.write(move |w| Box::pin(async move { shared.write(w, source, now).await })).await;
                written.map_err(RecordError::from)
            }
            When::AtOnce => {
                let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
                let system = space.system_ctx();
                let write = space.transact(&system, move |cx| {
                    Box::pin(async move {
                        lock(cx).await?;
                        let written = shared.write(cx.writer, source, now).await?;
                        let latest = cx.writer.latest_versions(&written.records).await?;
                        take(cx, &linkers, &sources, latest).await?;
                        Ok(written)
                    })
                });
                write.await
            }
        };
        match written {
            Err(RecordError::Store(StoreError::Deadlock)) if attempt < ATTEMPTS => attempt += 1,
            written => return written,
        }
    }
}
