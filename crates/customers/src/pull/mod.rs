//! Sources that are fetched: files that lie in a folder or a bucket, the rows of a query. Each run goes on where the last one stopped, even one that
//! was killed, for records and how far it went are written together.

mod bucket;
mod folder;
mod query;
mod table;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use kernel::{Ctx, Id, Timestamp};
use model::{Filter, Ident, Problem, Query, Record};
use records::{Action, At, Place, RecordError, Space};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Reader, StoreError};

use crate::source::{ACTIVE, EVERY, KIND, Lot, PLACE, find, new_records, write_for};

pub use table::record_of_row;

/// The kind of job that pulls a source.
pub(crate) const JOB: &str = "pull";
/// How often the schedules are looked at.
const LOOK: SignedDuration = SignedDuration::from_secs(20);

/// How far the pulling of a source went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// When the last run began.
    pub started_at: Option<Timestamp>,
    /// When it ended; none while it runs.
    pub ended_at: Option<Timestamp>,
    /// Rows that the last run read.
    pub rows: u64,
    /// Rows of it that could not be read.
    pub unreadable: u64,
    /// Why it stopped before its end.
    pub problem: Option<Problem>,
    /// Files that were read, each with its size and time of change.
    files: BTreeMap<String, String>,
    /// The file being read, its size and time of change, and its last row that is on disk.
    current: Option<(String, String, u64)>,
    /// The greatest value of the column that grows.
    since: Option<Json>,
    /// Grows with every write: who finds another value than its own was overtaken by another run.
    turn: u64,
}

impl Progress {
    async fn load(reader: &mut Reader, source: Id) -> Result<Progress, StoreError> {
        let held = reader.setting(&setting(source)).await?;
        Ok(held.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
    }

    /// The file that is being read.
    pub fn file(&self) -> Option<&str> {
        self.current.as_ref().map(|(name, ..)| name.as_str())
    }
}

fn setting(source: Id) -> String {
    format!("pull {source}")
}

/// A run over a source.
struct Run {
    space: Arc<Space>,
    source: Record,
    progress: Progress,
}

/// Why a run ends before its end.
enum Stop {
    /// Another run is at it.
    Overtaken,
    /// Something that an administrator can mend.
    Problem(Problem),
    /// Our own database.
    Failed(RecordError),
}

impl<E: Into<RecordError>> From<E> for Stop {
    fn from(error: E) -> Stop {
        Stop::Failed(error.into())
    }
}

impl Run {
    /// Writes records and how far it went, together, and the profiles that follow where the source asks for that.
    async fn keep(&mut self, lot: Option<Lot>, next: Progress) -> Result<(), Stop> {
        let (source, mine) = (self.source.id(), self.progress.turn);
        let next = Progress { turn: mine + 1, ..next };
        let value = serde_json::to_value(&next).unwrap_or_default();
        let kept = write_for(&self.space, &self.source, move |w| {
            Box::pin(async move {
                w.lock_position(&setting(source)).await?;
                if Progress::load(w, source).await?.turn != mine {
                    return Ok((false, Vec::new()));
                }
                let written = match &lot {
                    Some(lot) => new_records(&lot.write(w).await?.0),
                    None => Vec::new(),
                };
                w.set_setting(&setting(source), &value).await?;
                Ok((true, written))
            })
        });
        if !kept.await? {
            return Err(Stop::Overtaken);
        }
        self.progress = next;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.space.platform.clock.now()
    }

    /// Begins where the last run stopped, and overtakes it if it still goes: what it has on its way is not kept after this.
    async fn begin(space: &Arc<Space>, source: Record) -> Result<Run, RecordError> {
        let (id, now) = (source.id(), space.platform.clock.now());
        let begun: Result<Progress, RecordError> = space
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.lock_position(&setting(id)).await?;
                    let held = Progress::load(w, id).await?;
                    let (turn, started_at) = (held.turn + 1, Some(now));
                    let next =
                        Progress { started_at, ended_at: None, rows: 0, unreadable: 0, problem: None, turn, ..held };
                    w.set_setting(&setting(id), &serde_json::to_value(&next).unwrap_or_default()).await?;
                    Ok(next)
                })
            })
            .await;
        Ok(Run { space: Arc::clone(space), source, progress: begun? })
    }

    async fn work(&mut self) -> Result<(), Stop> {
        let name = self.source.get(PLACE).unwrap_or_default();
        let unknown = || Stop::Problem(Problem::new("place", "pull-place").text("value", &name));
        let space = Arc::clone(&self.space);
        let place = places(&space).find(|place| place.name == name).ok_or_else(unknown)?;
        match (&place.at, self.source.get(KIND).as_deref()) {
            (At::Folder(folder), Some("folder")) => folder::read(self, folder).await?,
            (At::Bucket(bucket), Some("folder")) => folder::read_bucket(self, bucket).await?,
            (At::Database(address), Some("sql")) => query::read(self, address).await?,
            _ => return Err(unknown()),
        }
        let ended = Progress { ended_at: Some(self.now()), ..self.progress.clone() };
        self.keep(None, ended).await
    }
}

/// The places that a space's sources may be pulled from.
pub fn places(space: &Space) -> impl Iterator<Item = &Place> {
    space.platform.places.iter().filter(|place| place.is_for(&space.tenant))
}

/// How far the pulling of a source that the actor may read went.
pub async fn progress(space: &Space, ctx: &Ctx, source: Id) -> Result<Progress, RecordError> {
    find(space, ctx, source, Action::Read).await?;
    Ok(Progress::load(&mut space.store.read().await?, source).await?)
}

/// Lets a source that the actor may change be pulled in the background now.
pub async fn ask(space: &Space, ctx: &Ctx, source: Id) -> Result<(), RecordError> {
    find(space, ctx, source, Action::Update).await?;
    let (now, payload) = (ctx.now, json!({ "source": source.to_string() }));
    space.store.write(move |w| Box::pin(async move { w.enqueue(JOB, None, &payload, now, now).await })).await?;
    Ok(())
}

pub(crate) fn job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let id = payload.get("source").and_then(Json::as_str).and_then(|id| Id::parse_any(id).ok());
        let Some((_, id)) = id else { return Ok(()) };
        run(&space, id).await.map_err(|error| error.to_string())
    })
}

/// Pulls a source to its end, and notes why where that cannot be.
///
/// Errors when our own database does not answer; the run goes on from where it was when it is begun again.
pub async fn run(space: &Arc<Space>, source: Id) -> Result<(), RecordError> {
    let mut reader = space.store.read().await?;
    let found = reader.get_many(&space.schema(), &Ident::of("source"), &[source], &Filter::All, &[]).await?;
    drop(reader);
    let is_open = |source: &Record| source.deleted_at().is_none() && source.get(ACTIVE) == Some(true);
    let Some(source) = found.into_iter().find(is_open) else { return Ok(()) };
    let mut run = Run::begin(space, source).await?;
    match run.work().await {
        Ok(()) | Err(Stop::Overtaken) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Problem(problem)) => {
            let next = Progress { ended_at: Some(run.now()), problem: Some(problem), ..run.progress.clone() };
            match run.keep(None, next).await {
                Err(Stop::Failed(error)) => Err(error),
                _ => Ok(()),
            }
        }
    }
}

/// When the schedules were last looked at.
#[derive(Default)]
pub(crate) struct Looked(Mutex<Option<Timestamp>>);

/// Makes jobs for the sources that are due: one for each span of their schedule, whichever process is first.
pub(crate) async fn schedule(space: Arc<Space>) -> Result<bool, RecordError> {
    let now = space.platform.clock.now();
    {
        let looked = space.kept::<Looked>();
        let mut last = looked.0.lock().expect("not poisoned");
        if places(&space).next().is_none() || last.is_some_and(|last| now.duration_since(last) < LOOK) {
            return Ok(false);
        }
        *last = Some(now);
    }
    let pulled = Filter::Or(vec![KIND.eq("folder".to_owned()), KIND.eq("sql".to_owned())]);
    let only = Filter::And(vec![pulled, ACTIVE.eq(true)]);
    let query = Query { limit: 500, ..Query::of(Ident::of("source")).filter(only) };
    let sources = space.list(&space.system_ctx(), &query).await?.records;
    let due: Vec<(String, Json)> = sources
        .iter()
        .filter_map(|source| {
            let minutes = source.get(EVERY).filter(|minutes| *minutes > 0)?;
            let id = source.id();
            Some((format!("pull {id} {}", now.as_second() / (minutes * 60)), json!({ "source": id.to_string() })))
        })
        .collect();
    if due.is_empty() {
        return Ok(false);
    }
    let write = space.store.write(move |w| {
        Box::pin(async move {
            let mut any = false;
            for (key, payload) in &due {
                any |= w.enqueue(JOB, Some(key), payload, now, now).await?;
            }
            Ok::<_, RecordError>(any)
        })
    });
    write.await
}
