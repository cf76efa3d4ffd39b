//! The worker: makes jobs from the log of changes, runs them, tries again with growing pauses.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value as Json;
use store::{BoxFuture, Job};

use crate::{RecordError, Space, webhook};

/// How long a worker may take for a job before another one takes it over.
const LEASE: SignedDuration = SignedDuration::from_mins(15);
/// Jobs run side by side.
const TOGETHER: u32 = 4;
/// After this many failures a job is dead: it waits for a person.
const ATTEMPTS: i64 = 12;

/// A job's code. It may run more than once: what it does must bear that.
pub type Handler = fn(Arc<Space>, Json) -> BoxFuture<'static, Result<(), String>>;

/// What runs the jobs of a tenant.
pub struct Worker {
    space: Arc<Space>,
    handlers: HashMap<&'static str, Handler>,
}

impl Worker {
    /// A worker with the platform's handlers and others.
    pub fn new(space: Arc<Space>, others: &[(&'static str, Handler)]) -> Worker {
        let mut handlers: HashMap<&'static str, Handler> =
            HashMap::from([("webhook", webhook::send as Handler), ("import", crate::import::job)]);
        handlers.extend(others.iter().copied());
        Worker { space, handlers }
    }

    /// Works until the future is dropped. Errors of the database are logged and tried again.
    pub async fn run(&self) {
        let mut pause = Duration::from_secs(2);
        let mut tidied = None;
        loop {
            match self.step().await {
                Ok(true) => pause = Duration::from_secs(2),
                Ok(false) => self.space.idle(pause).await,
                Err(error) => {
                    tracing::warn!(tenant = %self.space.tenant, %error, "the worker could not reach its database");
                    pause = (pause * 2).min(Duration::from_secs(60));
                    tokio::time::sleep(pause).await;
                }
            }
            let now = self.space.platform.clock.now();
            if tidied.is_none_or(|at| now.duration_since(at) > SignedDuration::from_hours(1)) {
                tidied = Some(now);
                let before = now - SignedDuration::from_hours(24);
                if let Err(error) =
                    self.space.store.write(move |w| Box::pin(async move { w.forget(now, before).await })).await
                {
                    tracing::warn!(%error, "old sessions and jobs could not be removed");
                }
            }
        }
    }

    /// One round: takes over new definitions, makes jobs of changes, runs those that are due. Answers whether there was anything to do.
    pub async fn step(&self) -> Result<bool, RecordError> {
        self.space.refresh().await?;
        let made = webhook::dispatch(&self.space).await?;
        let now = self.space.platform.clock.now();
        let jobs =
            self.space.store.write(move |w| Box::pin(async move { w.claim(now, now + LEASE, TOGETHER).await })).await?;
        let any = !jobs.is_empty();
        let mut running = tokio::task::JoinSet::new();
        for job in jobs {
            let space = Arc::clone(&self.space);
            let handler = self.handlers.get(job.kind.as_str()).copied();
            running.spawn(async move { run(space, handler, job).await });
        }
        while let Some(ended) = running.join_next().await {
            if let Ok(Err(error)) = ended {
                tracing::warn!(%error, "a job's end could not be kept; it runs again when its lease is over");
            }
        }
        Ok(any || made)
    }
}

async fn run(space: Arc<Space>, handler: Option<Handler>, job: Job) -> Result<(), RecordError> {
    let result = match handler {
        Some(handler) => {
            let work = handler(Arc::clone(&space), job.payload.clone());
            match tokio::spawn(work).await {
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

/// 10 s, 20 s, 40 s … up to six hours: twelve attempts span a little more than half a day.
fn pause(attempts: i64) -> SignedDuration {
    let seconds = 10_i64 << (attempts - 1).clamp(0, 20);
    SignedDuration::from_secs(seconds.min(6 * 3600))
}
