//! What is held about somebody, whole: what an employee can see about a person, the person can see.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use kernel::{Ctx, Id, Timestamp};
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Op as Is, Operand, Query, Record, Ref, Value, system};
use records::objects::{USER_NAME, standard_role};
use records::{Access, RecordError, Space};
use store::{Event, Reader, Seeing, StoreError};

use crate::consent::{ContactPoint, PointKind};
use crate::profile::{Golden, Lifecycle, STAGE, View, events, view};
use crate::segment::{Membership, Segments};
use crate::source::{KIND, LEGAL_BASIS, NAME, PURPOSE, day_of, originals};

/// The setting under which a company says that people may read the names of those who looked at them.
const NAMES: &str = "viewers by name";
/// Events shown and given out.
const MOST_EVENTS: u32 = 1_000;
/// Activities of a kind shown and given out for each record.
const MOST_ACTIVITIES: u32 = 200;
/// Days on which somebody looked.
const MOST_SEEINGS: u32 = 200;

/// The field by which a note says on which legal ground the person does not see it.
const WITHHELD: &str = "withheld";

/// Everything that is held about a person.
#[derive(Clone, Debug)]
pub struct Held {
    /// The profile with its records, values and history.
    pub view: View,
    /// The contact points of the profile.
    pub points: Vec<ContactPoint>,
    /// What is known of each source that speaks of the person.
    pub sources: BTreeMap<Id, Told>,
    /// What happened, latest first.
    pub events: Vec<Event>,
    /// Where the person stands in a customer's life.
    pub stage: String,
    /// Recency, frequency and monetary value, each from 1 to 5; nothing before the first purchase.
    pub rfm: Option<[u8; 3]>,
    /// By which limits the stage is reached.
    pub lifecycle: Lifecycle,
    /// The segments that the person is in, with the reasons.
    pub segments: Vec<Membership>,
    /// The records of this space's own objects behind the profile, with all fields.
    pub records: Vec<(Arc<ObjectDef>, Record)>,
    /// Notes, calls, meetings, tasks about them.
    pub activities: Vec<(Arc<ObjectDef>, Record)>,
    /// What is marked as withheld, without its content.
    pub withheld: Vec<Withheld>,
    /// Who looked, the latest first.
    pub viewers: Vec<Viewer>,
}

/// A note that the person does not see.
#[derive(Clone, Debug)]
pub struct Withheld {
    /// What it is.
    pub object: Arc<ObjectDef>,
    /// When it was written.
    pub at: Timestamp,
    /// The legal ground, an option of the field `withheld`.
    pub ground: String,
}

impl Withheld {
    /// What is said of an activity that is marked so.
    fn of((object, record): &(Arc<ObjectDef>, Record)) -> Option<Withheld> {
        let field = object.field(WITHHELD).filter(|field| field.kind.options().is_some())?;
        let Value::Text(ground) = record.value(field.name.as_str()) else { return None };
        let Value::DateTime(at) = record.value(system::CREATED_AT) else { return None };
        Some(Withheld { object: Arc::clone(object), at: *at, ground: ground.clone() })
    }

    /// The field that holds the ground.
    pub fn field(&self) -> Option<&FieldDef> {
        self.object.field(WITHHELD)
    }
}

/// A source in the terms of RGPD, articles 13 and 14.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Its name.
    pub name: String,
    /// What it is, as in [`KIND`].
    pub kind: String,
    /// What its data is processed for.
    pub purpose: String,
    /// On which ground, as in [`LEGAL_BASIS`].
    pub legal_basis: String,
    /// Whether it is what the person said here.
    pub own: bool,
}

/// Somebody who looked at the profile on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// The day in UTC, as in `2026-11-22`.
    pub day: String,
    /// The keys of the roles that they have.
    pub roles: Vec<String>,
    /// Their name, where the company wants it to be read.
    pub name: Option<String>,
}

/// What is held about the person of a profile. Whoever calls this has proof that the person asks.
///
/// Errors when there is no such profile any more.
pub async fn held(space: &Arc<Space>, ctx: &Ctx, profile: Id) -> Result<Held, RecordError> {
    let mut reader = space.store.read().await?;
    let all = Access::everything();
    let view = view(space, &all, profile, &mut reader).await?;
    let events = events(&mut reader, &view.records, None, MOST_EVENTS).await?;
    let sources = told(space, &view, &mut reader).await?;
    let lifecycle = Lifecycle::read(reader.setting(Lifecycle::SETTING).await?);
    let mut ids: Vec<Id> = vec![view.profile.id()];
    ids.extend(reader.former(&ids).await?.into_iter().map(|(former, _)| former));
    let seeings = reader.seeings(&ids, MOST_SEEINGS).await?;
    let names = reader.setting(NAMES).await? == Some(true.into());
    let viewers = viewers(space, &seeings, names, &mut reader).await?;
    let segments = Segments::load(space, ctx, &all, &mut reader).await?.of(&space.schema(), &view.profile);
    drop(reader);
    let records = own_records(space, &view).await?;
    let mut activities = activities(space, ctx, &records).await?;
    let withheld: Vec<Withheld> = activities.iter().filter_map(Withheld::of).collect();
    activities.retain(|activity| Withheld::of(activity).is_none());
    Ok(Held {
        points: points_of(&view.golden),
        stage: view.profile.get(STAGE).unwrap_or_default(),
        rfm: view.worth.as_ref().and_then(|worth| worth.rfm(ctx.now)),
        view,
        sources,
        events,
        lifecycle,
        segments,
        records,
        activities,
        withheld,
        viewers,
    })
}

/// What was noted since the day began, so that a page that is opened again costs no write.
#[derive(Default)]
struct Noted(Mutex<(String, HashSet<(Id, Id)>)>);

/// Notes that a user looked at a profile: one row for each profile, user and day. The product itself is nobody who looks.
pub async fn note_view(space: &Space, ctx: &Ctx, profile: Id) -> Result<(), RecordError> {
    let Some(viewer) = ctx.user() else { return Ok(()) };
    let seeing = Seeing { viewer, day: day_of(ctx.now).to_string() };
    let noted = space.kept::<Noted>();
    {
        let mut held = noted.0.lock().expect("not poisoned");
        if held.0 != seeing.day || held.1.len() > 100_000 {
            *held = (seeing.day.clone(), HashSet::new());
        }
        if !held.1.insert((profile, viewer)) {
            return Ok(());
        }
    }
    let noted: Result<(), StoreError> =
        space.store.write(move |w| Box::pin(async move { w.note_seeing(profile, &seeing).await })).await;
    Ok(noted?)
}

/// The e-mail addresses and telephones of golden values.
pub(crate) fn points_of(golden: &Golden) -> Vec<ContactPoint> {
    let of = |attribute: &'static str, kind: PointKind| {
        golden.all(attribute).iter().filter_map(move |candidate| ContactPoint::new(kind, &candidate.value))
    };
    let found: BTreeSet<ContactPoint> = of("email", PointKind::Email).chain(of("phone", PointKind::Phone)).collect();
    found.into_iter().collect()
}

async fn told(space: &Space, view: &View, reader: &mut Reader) -> Result<BTreeMap<Id, Told>, RecordError> {
    let mut ids: Vec<Id> = view.records.iter().map(|record| record.source).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = reader.get_many(&space.schema(), &Ident::of("source"), &ids, &Filter::All, &[]).await?;
    let one = |source: &Record| Told {
        name: source.get(NAME).unwrap_or_default(),
        kind: source.get(KIND).unwrap_or_default(),
        purpose: source.get(PURPOSE).unwrap_or_default(),
        legal_basis: source.get(LEGAL_BASIS).unwrap_or_default(),
        own: source.id() == super::person_id(),
    };
    Ok(found.iter().map(|source| (source.id(), one(source))).collect())
}

async fn viewers(
    space: &Space,
    seeings: &[Seeing],
    names: bool,
    reader: &mut Reader,
) -> Result<Vec<Viewer>, RecordError> {
    let mut ids: Vec<Id> = seeings.iter().map(|seeing| seeing.viewer).collect();
    ids.sort_unstable();
    ids.dedup();
    let schema = space.schema();
    let users = reader.get_many(&schema, &Ident::of("user"), &ids, &Filter::All, &[]).await?;
    let users: HashMap<Id, Record> = users.into_iter().map(|user| (user.id(), user)).collect();
    let key = |id: &Id| ["admin", "manager", "rep", "steward"].into_iter().find(|key| standard_role(key) == *id);
    let viewer = |seeing: &Seeing| {
        let user = users.get(&seeing.viewer);
        let held = user.map(|user| user.value("roles"));
        let roles = if let Some(Value::Ids(ids)) = held {
            ids.iter().filter_map(key).map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        Viewer { day: seeing.day.clone(), roles, name: user.filter(|_| names).and_then(|user| user.get(USER_NAME)) }
    };
    Ok(seeings.iter().map(viewer).collect())
}

/// The records of this space's own objects behind a profile, from the bin too.
pub(crate) async fn own_records(space: &Arc<Space>, view: &View) -> Result<Vec<(Arc<ObjectDef>, Record)>, RecordError> {
    let keys: Vec<(Id, String)> = view.records.iter().map(|record| (record.source, record.key.clone())).collect();
    let mut found = Vec::new();
    let schema = space.schema();
    let mut reader = space.store.read().await?;
    for (object, id) in originals(space, &keys).await?.into_values() {
        let records = reader.get_many(&schema, &object.name, &[id], &Filter::All, &[]).await?;
        found.extend(records.into_iter().map(|record| (Arc::clone(&object), record)));
    }
    found.sort_by_key(|(object, record)| (object.name.clone(), record.id()));
    Ok(found)
}

/// What stands on the timelines of records.
pub(crate) async fn activities(
    space: &Arc<Space>,
    ctx: &Ctx,
    records: &[(Arc<ObjectDef>, Record)],
) -> Result<Vec<(Arc<ObjectDef>, Record)>, RecordError> {
    let schema = space.schema();
    let system = Ctx { now: ctx.now, ..space.system_ctx() };
    let mut found: BTreeMap<Id, (Arc<ObjectDef>, Record)> = BTreeMap::new();
    for (object, record) in records {
        for other in schema.objects() {
            let field = other.timeline.as_ref().and_then(|name| other.field(name.as_str()));
            let Some(field) = field.filter(|field| {
                field.targets().is_some_and(|targets| targets.is_empty() || targets.contains(&object.name))
            }) else {
                continue;
            };
            let target = match field.kind {
                FieldType::Polymorphic { .. } => Value::Ref(Ref { object: object.name.clone(), id: record.id() }),
                _ => Value::Id(record.id()),
            };
            let filter = Filter::is(field.name.clone(), Is::Eq, Operand::Value(target));
            let query = Query::of(other.name.clone()).filter(filter).limit(MOST_ACTIVITIES);
            let page = space.list(&system, &query).await?;
            found.extend(page.records.into_iter().map(|record| (record.id(), (Arc::clone(other), record))));
        }
    }
    Ok(found.into_values().rev().collect())
}
