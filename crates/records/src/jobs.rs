//! The worker: makes jobs from the log of changes, runs them, tries again with growing pauses.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value as Json;
use store::{BoxFuture, Job, Kinds};
use tokio::task::{JoinError, JoinHandle, JoinSet};

use crate::{RecordError, Space, webhook};

/// How long a worker may take for a job before another one takes it over.
const LEASE: SignedDuration = SignedDuration::from_mins(15);
/// How often a worker says that it is still at a job.
const RENEWED: Duration = Duration::from_secs(5 * 60);
/// Jobs run side by side.
const TOGETHER: u32 = 4;
/// Of these, jobs that may take hours: of all kinds together, and of one kind. The others never wait for them, nor does one kind for another alone.
const LONG: (usize, usize) = (3, 2);
/// What is written within this time is followed together, so that the worker's own writes do not stand in the way of each of them.
const GATHER: Duration = Duration::from_millis(40);
/// After this many failures a job is dead: it waits for a person.
const ATTEMPTS: i64 = 12;

/// A job's code. It may run more than once: what it does must bear that.
pub type Handler = fn(Arc<Space>, Json) -> BoxFuture<'static, Result<(), String>>;

/// What runs the jobs of a tenant.
pub struct Worker {
    space: Arc<Space>,
    handlers: HashMap<&'static str, Handler>,
    /// The kinds that may take hours.
    long: Vec<&'static str>,
}

impl Worker {
    /// A worker with the platform's handlers, those of the apps, and others.
    pub fn new(space: Arc<Space>, others: &[(&'static str, Handler)]) -> Worker {
        let mut handlers: HashMap<&'static str, Handler> =
            HashMap::from([("webhook", webhook::send as Handler), ("import", crate::import::job)]);
        handlers.extend(space.platform.jobs().iter().chain(others).copied());
        let long = std::iter::once("import").chain(space.platform.long_jobs().iter().copied()).collect();
        Worker { space, handlers, long }
    }

    /// Works until the future is dropped. Errors of the database are logged and tried again.
    pub async fn run(&self) {
        let mut running = Running::default();
        let mut pause = Duration::from_secs(2);
        let mut tidied = None;
        loop {
            let begun = tokio::time::Instant::now();
            match self.start_due(&mut running).await {
                Ok(true) => {
                    pause = Duration::from_secs(2);
                    // A round that was soon over found little: more is gathered before the next one.
                    if begun.elapsed() < GATHER {
                        tokio::time::sleep(GATHER).await;
                    }
                }
                Ok(false) => {
                    tokio::select! {
                        () = self.space.idle(pause) => tokio::time::sleep(GATHER).await,
                        () = running.one_ended() => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(tenant = %self.space.tenant, %error, "the worker could not reach its database");
                    pause = (pause * 2).min(Duration::from_secs(60));
                    tokio::time::sleep(pause).await;
                }
            }
            let now = self.space.platform.clock.now();
            if tidied.is_none_or(|at| now.duration_since(at) > SignedDuration::from_hours(1)) {
                tidied = Some(now);
                crate::import::tidy(&self.space, now);
                let before = now - SignedDuration::from_hours(24);
                if let Err(error) =
                    self.space.store.write(move |w| Box::pin(async move { w.forget(now, before).await })).await
                {
                    tracing::warn!(%error, "old sessions and jobs could not be removed");
                }
            }
        }
    }

    /// One round: takes over new definitions, makes jobs of changes, runs those that are due to their end. Answers whether there was
    /// anything to do.
    pub async fn step(&self) -> Result<bool, RecordError> {
        let mut running = Running::default();
        let any = self.start_due(&mut running).await?;
        while !running.tasks.is_empty() {
            running.one_ended().await;
        }
        Ok(any)
    }

    /// Takes over new definitions, makes jobs of changes, lets the apps follow what came in, and starts as many of those that are due as there is room for.
    async fn start_due(&self, running: &mut Running) -> Result<bool, RecordError> {
        self.space.refresh().await?;
        let mut made = webhook::dispatch(&self.space).await?;
        for follow in self.space.platform.followers() {
            made |= follow(Arc::clone(&self.space)).await?;
        }
        let room = TOGETHER.saturating_sub(running.tasks.len() as u32);
        if room == 0 {
            return Ok(false);
        }
        let now = self.space.platform.clock.now();
        let (kinds, under_way) = (self.long.clone(), running.long.clone());
        let jobs = self
            .space
            .store
            .write(move |w| {
                Box::pin(async move {
                    let mut jobs = Vec::new();
                    for kind in &kinds {
                        let of_it = LONG.1.saturating_sub(under_way.iter().filter(|other| *other == kind).count());
                        let of_all = LONG.0.saturating_sub(under_way.len() + jobs.len());
                        let most = room.saturating_sub(jobs.len() as u32).min(of_it.min(of_all) as u32);
                        jobs.extend(w.claim(now, now + LEASE, most, Kinds::Of(kind)).await?);
                    }
                    let room = room.saturating_sub(jobs.len() as u32);
                    jobs.extend(w.claim(now, now + LEASE, room, Kinds::Except(&kinds)).await?);
                    Ok::<_, RecordError>(jobs)
                })
            })
            .await?;
        let any = !jobs.is_empty();
        for job in jobs {
            let space = Arc::clone(&self.space);
            let handler = self.handlers.get(job.kind.as_str()).copied();
            let long = self.long.iter().find(|kind| **kind == job.kind).copied();
            running.long.extend(long);
            running.tasks.spawn(async move { (long, run(space, handler, job).await) });
        }
        Ok(any || made)
    }
}

/// The jobs under way.
#[derive(Default)]
struct Running {
    tasks: JoinSet<(Option<&'static str>, Result<(), RecordError>)>,
    /// The kinds of those that may take hours.
    long: Vec<&'static str>,
}

impl Running {
    /// Waits until one ends; for ever when there is none.
    async fn one_ended(&mut self) {
        let Some(ended) = self.tasks.join_next().await else { return std::future::pending().await };
        let Ok((long, outcome)) = ended else { return };
        if let Some(at) = self.long.iter().position(|kind| Some(*kind) == long) {
            self.long.swap_remove(at);
        }
        if let Err(error) = outcome {
            tracing::warn!(%error, "a job's end could not be kept; it runs again when its lease is over");
        }
    }
}

async fn run(space: Arc<Space>, handler: Option<Handler>, job: Job) -> Result<(), RecordError> {
    let result = match handler {
        Some(handler) => {
            let work = handler(Arc::clone(&space), job.payload.clone());
            match held(&space, job.seq, tokio::spawn(work)).await {
                Ok(result) => result,
                Err(panic) => Err(format!("the job panicked: {panic}")),
            }
        }
        None => Err(format!("nothing here runs jobs of kind “{}”", job.kind)),
    };
    let now = space.platform.clock.now();
    let seq = job.seq;
    match result {
        Ok(()) => space.store.write(move |w| Box::pin(async move { w.finish(seq, now).await })).await?,
        Err(error) => {
            let again = (job.attempts < ATTEMPTS).then(|| now + pause(job.attempts));
            space.store.write(move |w| Box::pin(async move { w.fail(seq, &error, again, now).await })).await?;
        }
    }
    Ok(())
}

/// Waits for a job's end, and keeps other workers from taking it over meanwhile.
async fn held<T>(space: &Space, job: i64, mut work: JoinHandle<T>) -> Result<T, JoinError> {
    loop {
        match tokio::time::timeout(RENEWED, &mut work).await {
            Ok(ended) => return ended,
            Err(_) => {
                let lease = space.platform.clock.now() + LEASE;
                let renewed = space.store.write(move |w| Box::pin(async move { w.prolong(job, lease).await })).await;
                if let Err(error) = renewed {
                    tracing::warn!(%error, "a job's lease could not be renewed");
                }
            }
        }
    }
}

/// 10 s, 20 s, 40 s … up to six hours: twelve attempts span a little more than half a day.
fn pause(attempts: i64) -> SignedDuration {
    let seconds = 10_i64 << (attempts - 1).clamp(0, 20);
    SignedDuration::from_secs(seconds.min(6 * 3600))
}
