//! The customer repository's own pages: everything known about somebody, why, and what people decide about who is who.

pub(crate) mod aside;
pub(crate) mod bulk;
pub(crate) mod decide;
mod follows;
pub(crate) mod page;
pub(crate) mod pair;
pub(crate) mod quality;
pub(crate) mod records;
pub(crate) mod review;
pub(crate) mod segment;
pub(crate) mod side;
mod stream;
pub(crate) mod values;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ::records::{Action, RecordError};
use customers::identity::Kind;
use customers::person::note_view;
use customers::profile::{self, View};
use kernel::{Id, Timestamp};
use model::{FieldDef, ObjectDef};
use store::Reader;

use crate::visit::Visit;
use crate::{label, record};

/// The object whose records are profiles.
pub(crate) const PROFILE: &str = "profile";

/// A profile as the reader may see it.
pub(crate) struct Seen {
    object: Arc<ObjectDef>,
    view: View,
    /// The records of this space's own objects among its source records.
    originals: HashMap<(Id, String), (Arc<ObjectDef>, Id)>,
}

impl Seen {
    /// The profile that an address names, perhaps by a former identifier.
    async fn read(visit: &Visit, id: &str, reader: &mut Reader) -> Result<Seen, RecordError> {
        let (object, id) = record::named(visit, PROFILE, id)?;
        let view = profile::view(&visit.space, &visit.access, id, reader).await?;
        note_view(&visit.space, &visit.ctx, view.profile.id()).await?;
        let keys: Vec<(Id, String)> = view.records.iter().map(|record| (record.source, record.key.clone())).collect();
        let originals = customers::source::originals(&visit.space, &keys).await?;
        Ok(Seen { object, view, originals })
    }

    fn id(&self) -> Id {
        self.view.profile.id()
    }

    /// Its page, or one below it.
    fn address(&self, below: &str) -> String {
        format!("{}{below}", label::record_address(&self.object, self.id()))
    }

    fn name(&self) -> String {
        crate::names::title_text(&self.object, &self.view.profile)
    }
}

/// Whether the reader may decide who is who: profiles may be changed, and nothing of them is hidden.
pub(crate) fn decides(visit: &Visit) -> bool {
    visit.space.object(PROFILE).is_ok_and(|object| may_decide(visit, &object).is_ok())
}

pub(crate) fn may_decide(visit: &Visit, object: &ObjectDef) -> Result<(), RecordError> {
    visit.access.check(object, Action::Update)?;
    if sees_all(visit, object) { Ok(()) } else { Err(RecordError::forbidden("update", PROFILE)) }
}

/// Whether nothing of profiles is hidden from the reader. Keys of records and properties of events may say what fields hide.
fn sees_all(visit: &Visit, object: &ObjectDef) -> bool {
    object.own_fields().all(|field: &FieldDef| visit.access.reads(object, &field.name))
}

/// A share from 0 to 1 in words. Nothing is certain, so what rounds to 100 % is said to be more than 99.9 %.
pub(crate) fn percent(visit: &Visit, share: f64) -> String {
    let format = visit.format();
    match share {
        p if p >= 1.0 => format.percent(100.0),
        p if p > 0.999 => format!("> {}", format.percent(99.9)),
        p if p > 0.0 && p < 0.001 => format!("< {}", format.percent(0.1)),
        p => format.percent((p * 1_000.0).round() / 10.0),
    }
}

/// How a probability looks.
pub(crate) fn hue_of_share(share: f64) -> ui::Hue {
    match share {
        p if p >= 0.95 => ui::Hue::Green,
        p if p >= 0.7 => ui::Hue::Amber,
        _ => ui::Hue::Orange,
    }
}

fn moment(visit: &Visit, at: Timestamp) -> String {
    visit.format().date_time(at, &visit.ctx.zone)
}

fn day(visit: &Visit, at: Timestamp) -> String {
    visit.format().date(at.to_zoned(visit.ctx.zone.clone()).date())
}

pub(crate) fn attribute(visit: &Visit, name: &str) -> String {
    visit.word(&format!("attribute-{name}"))
}

fn mark(kind: Kind, name: &str) -> ui::Avatar {
    if kind == Kind::Person { ui::Avatar::person(name) } else { ui::Avatar::thing(name) }
}

/// What a source calls a record, in few signs.
fn key(key: &str) -> String {
    let bare = key.split_once('/').map_or(key, |(_, rest)| rest);
    let long = bare.chars().count() > 24;
    if long { bare.chars().take(23).chain(['…']).collect() } else { bare.to_owned() }
}

/// How many pairs wait for an answer, remembered for a moment so that no page asks for it.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Option<(Timestamp, i64)>>);

/// Pairs are counted up to this number.
const COUNTED: u32 = 1_000;
/// Seconds for which a count is believed.
const BELIEVED: i64 = 10;

impl Waiting {
    /// The count as it was a moment ago.
    pub(crate) fn count(&self) -> i64 {
        self.0.lock().expect("not poisoned").map_or(0, |(_, n)| n)
    }

    /// Counts anew, unless that was done a moment ago and `at_once` is not asked for.
    pub(crate) async fn renew(&self, visit: &Visit, at_once: bool) -> Result<i64, RecordError> {
        let held = *self.0.lock().expect("not poisoned");
        let fresh = |at: &Timestamp| visit.ctx.now.as_second() - at.as_second() < BELIEVED;
        if let Some((_, n)) = held.filter(|(at, _)| !at_once && fresh(at)) {
            return Ok(n);
        }
        let n = visit.space.store.read().await?.count_doubts(COUNTED).await?;
        *self.0.lock().expect("not poisoned") = Some((visit.ctx.now, n));
        Ok(n)
    }

    /// A count in words, `1,000+`.
    pub(crate) fn text(visit: &Visit, n: i64) -> String {
        let text = visit.format().integer(n);
        if n >= i64::from(COUNTED) { format!("{text}+") } else { text }
    }
}
