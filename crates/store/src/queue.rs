//! Jobs: rows claimed by workers, retried with growing pauses, buried when they cannot succeed.

use kernel::Timestamp;
use serde_json::Value as Json;

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Dialect, Row, Sql};

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number.
    pub seq: i64,
    /// Which handler runs it.
    pub kind: String,
    /// What the handler needs.
    pub payload: Json,
    /// `ready`, `running`, `done` or `dead`.
    pub state: String,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it was started.
    pub attempts: i64,
    /// Why it failed last.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Which jobs are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Kinds<'a> {
    /// Those of this kind.
    Of(&'a str),
    /// Those of every other kind than these.
    Except(&'a [&'a str]),
}

const COLUMNS: &str = "seq, kind, payload, state, run_at, attempts, error, created_at, ended_at";

impl Writer {
    /// Adds a job. With a key, only once: a job of the same key, ended ones included, makes this one unnecessary.
    pub async fn enqueue(
        &mut self,
        kind: &str,
        key: Option<&str>,
        payload: &Json,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let text = "INSERT INTO _job (kind, key, payload, state, run_at, created_at) VALUES (?, ?, ?, 'ready', ?, ?) ON CONFLICT DO NOTHING";
        let args = vec![
            Cell::text(kind),
            Cell::opt_text(key.map(str::to_owned)),
            Cell::Json(payload.to_string()),
            Cell::DateTime(run_at),
            Cell::DateTime(now),
        ];
        Ok(self.execute(&Sql::with(self.dialect(), text, args)).await? == 1)
    }

    /// Takes up to `limit` jobs of some kinds that are due, or whose worker's lease ran out, until `lease`.
    pub async fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
        kinds: Kinds<'_>,
    ) -> Result<Vec<Job>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let skip = if self.dialect() == Dialect::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        let (is, kinds) = match kinds {
            Kinds::Of(kind) => ("", vec![Cell::text(kind)]),
            Kinds::Except(kinds) => ("NOT ", kinds.iter().map(|kind| Cell::text(*kind)).collect()),
        };
        let places = vec!["?"; kinds.len()].join(", ");
        let text = format!(
            "UPDATE _job SET state = 'running', locked_until = ?, attempts = attempts + 1 WHERE seq IN (SELECT seq FROM _job
             WHERE state IN ('ready', 'running') AND run_at <= ? AND (state = 'ready' OR locked_until < ?) AND kind {is}IN ({places}) ORDER BY run_at, seq LIMIT ?{skip})
             RETURNING {COLUMNS}"
        );
        let mut args = vec![Cell::DateTime(lease), Cell::DateTime(now), Cell::DateTime(now)];
        args.extend(kinds);
        args.push(Cell::Int(i64::from(limit)));
        let sql = Sql::with(self.dialect(), &text, args);
        let rows = self.query(&sql).await?;
        rows.into_iter().map(read).collect()
    }

    /// The worker is still at the job: no other one takes it over before `lease`.
    pub async fn prolong(&mut self, job: i64, lease: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE _job SET locked_until = ? WHERE seq = ? AND state = 'running'";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(lease), Cell::Int(job)])).await.map(drop)
    }

    /// The job succeeded.
    pub async fn finish(&mut self, job: i64, now: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE _job SET state = 'done', ended_at = ?, error = NULL WHERE seq = ?";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::Int(job)])).await.map(drop)
    }

    /// The job failed and runs again later, or never (`None`).
    pub async fn fail(
        &mut self,
        job: i64,
        error: &str,
        again: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let text = "UPDATE _job SET state = ?, run_at = ?, error = ?, ended_at = ?, locked_until = NULL WHERE seq = ?";
        let (state, ended) = if again.is_some() { ("ready", Cell::Null) } else { ("dead", Cell::DateTime(now)) };
        let error: String = error.chars().take(2_000).collect();
        let args =
            vec![Cell::text(state), Cell::DateTime(again.unwrap_or(now)), Cell::Text(error), ended, Cell::Int(job)];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Gives a dead job another life.
    pub async fn revive(&mut self, job: i64, now: Timestamp) -> Result<bool, StoreError> {
        let text = "UPDATE _job SET state = 'ready', run_at = ?, attempts = 0, ended_at = NULL WHERE seq = ? AND state = 'dead'";
        Ok(self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::Int(job)])).await? == 1)
    }
}

impl Reader {
    /// Jobs of a state (all when none is given), newest first, before a number.
    pub async fn jobs(&mut self, state: Option<&str>, before: Option<i64>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let (before, limit) = (Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit)));
        let sql = match state {
            Some(state) => {
                let text = format!("SELECT {COLUMNS} FROM _job WHERE state = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
                Sql::with(self.dialect(), &text, vec![Cell::text(state), before, limit])
            }
            None => {
                let text = format!("SELECT {COLUMNS} FROM _job WHERE seq < ? ORDER BY seq DESC LIMIT ?");
                Sql::with(self.dialect(), &text, vec![before, limit])
            }
        };
        self.query(&sql).await?.into_iter().map(read).collect()
    }

    /// Jobs of a kind that did not end well or not yet, newest first.
    pub async fn open_jobs(&mut self, kind: &str, limit: u32) -> Result<Vec<Job>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM _job WHERE state IN ('ready', 'running', 'dead') AND kind = ? ORDER BY seq DESC LIMIT ?"
        );
        let args = vec![Cell::text(kind), Cell::Int(i64::from(limit))];
        self.query(&Sql::with(self.dialect(), &text, args)).await?.into_iter().map(read).collect()
    }
}

fn read(row: Row) -> Result<Job, StoreError> {
    let fault = || StoreError::Fault("a job cannot be read back".to_owned());
    Ok(Job {
        seq: row[0].int().ok_or_else(fault)?,
        kind: row[1].str().ok_or_else(fault)?.to_owned(),
        payload: row[2].json().ok_or_else(fault)?,
        state: row[3].str().ok_or_else(fault)?.to_owned(),
        run_at: row[4].moment().ok_or_else(fault)?,
        attempts: row[5].int().ok_or_else(fault)?,
        error: row[6].str().map(str::to_owned),
        created_at: row[7].moment().ok_or_else(fault)?,
        ended_at: row[8].moment(),
    })
}
