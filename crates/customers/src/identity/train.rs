//! The model learns from this space's own records: trained in the background, and compared with the one in use.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use kernel::{Ctx, Id, Timestamp};
use matching::{Column, Label, Model, Options, Resolution, Table};
use model::Problem;
use records::{Access, Action, RecordError, Space};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Entry, Job, KeptModel, Reader, Verdict};

use super::model::broken;
use super::{Attributes, Kind, Sources, columns, config, understand};

/// Records that a model is learnt from at most: about 700 bytes of memory each. Of more, an even part is taken.
const MOST_TRAINED: u64 = 300_000;
/// With fewer records, the starting model knows better.
const LEAST_TRAINED: u64 = 500;
/// Records read at a time.
const PAGE: u32 = 1_000;
/// Verdicts that a model is taught, the latest ones, and pairs of each.
const TAUGHT: (u32, usize) = (5_000, 10);
/// Examples of what a model would change.
const EXAMPLES: usize = 20;
/// Verdicts after which a new model is worth learning.
const NEWS: usize = 50;

/// The kind of job that learns a model.
pub(crate) const TRAIN: &str = "train";

/// What adopting a model would change, as far as the records that it was learnt from tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comparison {
    /// Records that it was learnt from.
    pub records: u64,
    /// Records there were.
    pub of: u64,
    /// Verdicts that it was taught.
    pub verdicts: usize,
    /// Profiles that these records have now.
    pub profiles: usize,
    /// Profiles that they would have.
    pub clusters: usize,
    /// Groups of profiles that would become one.
    pub merges: usize,
    /// Profiles that would become several.
    pub splits: usize,
    /// Some of the former, each with its profiles.
    pub merged: Vec<Vec<String>>,
    /// Some of the latter.
    pub split: Vec<String>,
}

/// When it was last looked whether a model is due.
#[derive(Default)]
pub(crate) struct Looked(Mutex<Option<Timestamp>>);

impl Comparison {
    /// What is kept of a model's comparison; empty where it cannot be read.
    pub fn of(model: &KeptModel) -> Comparison {
        serde_json::from_value(model.detail.clone()).unwrap_or_default()
    }
}

/// Asks for a model to be learnt in the background, for actors who may change profiles.
///
/// Errors when there are too few records to learn from, and when one is being learnt already.
pub async fn ask(space: &Space, ctx: &Ctx, access: &Access, kind: Kind) -> Result<(), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let mut reader = space.store.read().await?;
    let records = reader.count_entries(kind.as_str()).await?;
    if (records as u64) < LEAST_TRAINED {
        let few = Problem::new("model", "model-too-few-records");
        return Err(few.number("min", LEAST_TRAINED as i64).number("n", records).into());
    }
    if learning(&mut reader, kind).await?.is_some_and(|job| job.state != "dead") {
        return Err(Problem::new("model", "model-being-learnt").into());
    }
    drop(reader);
    enqueue(space, kind, ctx.now).await?;
    space.work.notify_one();
    Ok(())
}

/// The job that learns a model of a kind, when there is one.
pub(crate) async fn learning(reader: &mut Reader, kind: Kind) -> Result<Option<Job>, RecordError> {
    let jobs = reader.open_jobs(TRAIN, 50).await?;
    Ok(jobs.into_iter().find(|job| job.payload.get("entity").and_then(Json::as_str) == Some(kind.as_str())))
}

async fn enqueue(space: &Space, kind: Kind, now: Timestamp) -> Result<(), RecordError> {
    let payload = json!({ "entity": kind.as_str() });
    let queued = space.store.write(move |w| Box::pin(async move { w.enqueue(TRAIN, None, &payload, now, now).await }));
    Ok(queued.await.map(drop)?)
}

/// Looks once an hour whether a model is due: records doubled since the last one, or people decided much.
pub async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let now = space.platform.clock.now();
    {
        let looked = space.kept::<Looked>();
        let mut last = looked.0.lock().expect("not poisoned");
        if last.is_some_and(|at| now.duration_since(at) < SignedDuration::from_hours(1)) {
            return Ok(false);
        }
        *last = Some(now);
    }
    for kind in Kind::ALL {
        let mut reader = space.store.read().await?;
        let newest = reader.models(kind.as_str()).await?.into_iter().next();
        let known = newest.as_ref().map(Comparison::of).unwrap_or_default();
        if newest.as_ref().is_some_and(|model| model.state == "candidate") {
            continue;
        }
        let records = reader.count_entries(kind.as_str()).await? as u64;
        let since = newest.map(|model| model.made_at);
        let verdicts = reader.latest_verdicts(None, NEWS as u32).await?;
        let news = verdicts.iter().filter(|verdict| since.is_none_or(|since| verdict.at > since)).count();
        drop(reader);
        if records >= LEAST_TRAINED && (records >= 2 * known.of.max(1) || news >= NEWS) {
            enqueue(&space, kind, now).await?;
        }
    }
    Ok(false)
}

/// The job that learns a model, and keeps it beside the one in use.
pub(crate) fn train_job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let Some(kind) = payload.get("entity").and_then(Json::as_str).and_then(Kind::parse) else { return Ok(()) };
        train(&space, kind).await.map(drop).map_err(|error| error.to_string())
    })
}

/// Learns a model from the records there are and keeps it as a candidate. Nothing while there are too few records.
pub async fn train(space: &Arc<Space>, kind: Kind) -> Result<Option<Id>, RecordError> {
    let mut reader = space.store.read().await?;
    let all = reader.count_entries(kind.as_str()).await? as u64;
    drop(reader);
    if all < LEAST_TRAINED {
        return Ok(None);
    }
    let sample = Sample::read(space, kind, all.div_ceil(MOST_TRAINED)).await?;
    let verdicts = space.store.read().await?.latest_verdicts(None, TAUGHT.0).await?;
    let (found, sample, taught) = tokio_blocking(move || {
        let labels = labels(&sample.entries, &verdicts);
        let options = Options { labels: &labels, threads: Some(1), ..Options::default() };
        let found = matching::resolve(&sample.table, &config(kind), &options);
        let taught = labels.len();
        (found, sample, taught)
    })
    .await?;
    let found = found.map_err(|error| broken(&error))?;
    let detail = compare(&sample.entries, &found, all, taught);
    let model = Model { blocking: config(kind).blocking, block_limits: Vec::new(), ..found.model };
    let now = space.platform.clock.now();
    let kept = KeptModel {
        id: Id::new(now),
        entity: kind.as_str().to_owned(),
        made_at: now,
        state: "candidate".to_owned(),
        model: model.to_json(),
        detail: serde_json::to_value(&detail).unwrap_or_default(),
    };
    let id = kept.id;
    let before = space.store.read().await?.models(kind.as_str()).await?;
    let written: Result<(), RecordError> = space
        .store
        .write(move |w| {
            Box::pin(async move {
                for older in before.into_iter().filter(|model| model.state == "candidate") {
                    w.put_model(&KeptModel { state: "refused".to_owned(), ..older }).await?;
                }
                Ok(w.put_model(&kept).await?)
            })
        })
        .await;
    written.map(|()| Some(id))
}

async fn tokio_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, RecordError> {
    let failed = |error| store::StoreError::Fault(format!("a model could not be learnt: {error}"));
    Ok(tokio::task::spawn_blocking(work).await.map_err(failed)?)
}

/// The records that a model is learnt from.
struct Sample {
    table: Table,
    entries: Vec<(Id, Id)>,
}

impl Sample {
    /// Reads one of `every` records.
    async fn read(space: &Arc<Space>, kind: Kind, every: u64) -> Result<Sample, RecordError> {
        let sources = space.kept::<Sources>();
        let schema = space.schema();
        let mut cells: Vec<(String, Column)> = columns(kind).map(|(name, ..)| (name, Column::default())).collect();
        let mut entries = Vec::new();
        let mut after = None;
        loop {
            let mut reader = space.store.read().await?;
            let page = reader.entries_after(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.record);
            let taken: Vec<Entry> = page
                .into_iter()
                .filter(|entry| entry.entity == kind.as_str() && lot(entry.record).is_multiple_of(every))
                .collect();
            let ids: Vec<Id> = taken.iter().map(|entry| entry.record).collect();
            let versions = reader.latest_versions(&ids).await?;
            let understood = understand(&sources, &schema, &mut reader, &versions).await?;
            let said: HashMap<Id, Attributes> =
                understood.into_iter().map(|record| (record.record, record.attributes)).collect();
            for entry in taken {
                let Some(attributes) = said.get(&entry.record) else { continue };
                cells.iter_mut().for_each(|(name, column)| column.push(attributes.cell(name)));
                entries.push((entry.record, entry.profile));
            }
        }
        let mut table = Table::default();
        table.append("all", cells).map_err(|error| broken(&error))?;
        Ok(Sample { table, entries })
    }
}

/// A number by which records are drawn, the same every time: the random end of their identifier.
fn lot(record: Id) -> u64 {
    record.as_bytes()[8..].iter().fold(0, |lot, byte| lot << 8 | u64::from(*byte))
}

fn labels(entries: &[(Id, Id)], verdicts: &[Verdict]) -> Vec<Label> {
    let rows: HashMap<Id, u32> = entries.iter().enumerate().map(|(row, (id, _))| (*id, row as u32)).collect();
    let mut labels: BTreeMap<(u32, u32), bool> = BTreeMap::new();
    for verdict in verdicts.iter().rev().filter(|verdict| verdict.undone_at.is_none()) {
        let [one, other] = [0, 1].map(|side| verdict.sides[side].iter().filter_map(|id| rows.get(id).copied()));
        let other: Vec<u32> = other.collect();
        let pairs = one.flat_map(|a| other.iter().map(move |b| (a.min(*b), a.max(*b))));
        labels.extend(pairs.filter(|(a, b)| a != b).take(TAUGHT.1).map(|pair| (pair, verdict.same)));
    }
    labels.into_iter().map(|((a, b), same)| Label { a, b, same }).collect()
}

/// What would change: the clusters of a resolution beside the profiles there are.
fn compare(entries: &[(Id, Id)], found: &Resolution, of: u64, verdicts: usize) -> Comparison {
    let mut by_cluster: HashMap<u32, BTreeSet<Id>> = HashMap::new();
    let mut by_profile: BTreeMap<Id, BTreeSet<u32>> = BTreeMap::new();
    for ((_, profile), cluster) in entries.iter().zip(&found.clusters) {
        by_cluster.entry(*cluster).or_default().insert(*profile);
        by_profile.entry(*profile).or_default().insert(*cluster);
    }
    let mut merged: Vec<Vec<String>> = (by_cluster.values())
        .filter(|profiles| profiles.len() > 1)
        .map(|profiles| profiles.iter().map(Id::to_string).collect())
        .collect();
    merged.sort();
    let split: Vec<String> =
        by_profile.iter().filter(|(_, clusters)| clusters.len() > 1).map(|(profile, _)| profile.to_string()).collect();
    Comparison {
        records: entries.len() as u64,
        of,
        verdicts,
        profiles: by_profile.len(),
        clusters: found.cluster_count,
        merges: merged.len(),
        splits: split.len(),
        merged: merged.into_iter().take(EXAMPLES).collect(),
        split: split.into_iter().take(EXAMPLES).collect(),
    }
}
