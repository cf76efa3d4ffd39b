//! The ledger of consents: what was said about contact points, line after line, and when somebody was last seen at one. Lines are
//! appended and never changed.

use std::collections::{HashMap, HashSet};

use kernel::{Id, Timestamp};
use serde_json::Value as Json;

use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Dialect, Row, Sql};
use crate::{Digest, StoreError};

/// The tables of consents.
pub(crate) const CONSENT: &str = "
CREATE TABLE _consent (seq {seq}, tx BIGINT NOT NULL DEFAULT {tx}, digest {id} NOT NULL UNIQUE, point {text} NOT NULL, channel {text} NOT NULL,
  purpose {text} NOT NULL, state {text} NOT NULL, basis {text}, proof {json} NOT NULL, source {id}, at {time} NOT NULL, received_at {time} NOT NULL,
  expires_at {time}, via {text} NOT NULL, actor {id});
CREATE INDEX _consent_point ON _consent (point, seq);
CREATE TABLE _point_action (point {text} PRIMARY KEY, at {time} NOT NULL);
";

/// Points looked up by one statement on SQLite.
const TOGETHER: usize = 4_096;

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsentLine {
    /// Its number in the order of arrival; 0 before it is written.
    pub seq: i64,
    /// The contact point, with its kind: `email:ada@example.org`.
    pub point: String,
    /// The channel; `*` for every one.
    pub channel: String,
    /// The purpose's key; `*` for all of marketing.
    pub purpose: String,
    /// What was said.
    pub state: String,
    /// The legal basis, where one was given.
    pub basis: Option<String>,
    /// How it can be proven.
    pub proof: Json,
    /// The source that told.
    pub source: Option<Id>,
    /// When it was said.
    pub at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Option<Timestamp>,
    /// How it came in.
    pub via: String,
    /// The user who wrote it.
    pub actor: Option<Id>,
}

/// How many lines of the ledger there are of a purpose, a channel and a state.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsentCount {
    /// The purpose's key, or `*`.
    pub purpose: String,
    /// The channel, or `*`.
    pub channel: String,
    /// The state.
    pub state: String,
    /// How many.
    pub lines: i64,
}

const WRITTEN: &str =
    "digest, point, channel, purpose, state, basis, proof, source, at, received_at, expires_at, via, actor";
const KINDS: [&str; 13] = [
    "uuid",
    "text",
    "text",
    "text",
    "text",
    "text",
    "jsonb",
    "uuid",
    "timestamptz",
    "timestamptz",
    "timestamptz",
    "text",
    "uuid",
];
const READ: &str = "seq, point, channel, purpose, state, basis, proof, source, at, received_at, expires_at, via, actor";

impl ConsentLine {
    /// What makes two lines the same, whenever and however they came in.
    fn digest(&self) -> Digest {
        let mut proof = self.proof.clone();
        proof.sort_all_objects();
        let same = serde_json::json!([
            self.point,
            self.channel,
            self.purpose,
            self.state,
            self.basis,
            proof,
            self.source.map(|id| id.to_string()),
            self.at.as_microsecond(),
            self.expires_at.map(|at| at.as_microsecond()),
        ]);
        Digest::of(&same.to_string())
    }

    fn cells(&self) -> [Cell; 13] {
        [
            Cell::of_digest(self.digest()),
            Cell::text(&self.point),
            Cell::text(&self.channel),
            Cell::text(&self.purpose),
            Cell::text(&self.state),
            Cell::opt_text(self.basis.clone()),
            Cell::Json(self.proof.to_string()),
            Cell::opt_id(self.source),
            Cell::DateTime(self.at),
            Cell::DateTime(self.received_at),
            self.expires_at.map_or(Cell::Null, Cell::DateTime),
            Cell::text(&self.via),
            Cell::opt_id(self.actor),
        ]
    }
}

impl Writer {
    /// Appends lines. Answers for each whether it is new: one that says the same about the same point at the same moment from the same
    /// source as a line that is there is left out, so that what is told twice is kept once.
    pub async fn put_consents(&mut self, lines: &[ConsentLine]) -> Result<Vec<bool>, StoreError> {
        let into = format!("INSERT INTO _consent ({WRITTEN}) ");
        match self.dialect() {
            Dialect::Sqlite => {
                let text = into + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
                let mut sql = Sql::with(Dialect::Sqlite, &text, vec![Cell::Null; KINDS.len()]);
                let mut fresh = Vec::with_capacity(lines.len());
                for line in lines {
                    sql.args.clear();
                    sql.args.extend(line.cells());
                    fresh.push(self.execute(&sql).await? == 1);
                }
                Ok(fresh)
            }
            Dialect::Postgres if lines.is_empty() => Ok(Vec::new()),
            Dialect::Postgres => {
                let mut columns: Vec<(&str, Vec<Cell>)> = KINDS.map(|kind| (kind, Vec::new())).into();
                let mut digests = Vec::with_capacity(lines.len());
                for line in lines {
                    digests.push(line.digest());
                    columns.iter_mut().zip(line.cells()).for_each(|((_, column), cell)| column.push(cell));
                }
                let mut sql = Sql::of(Dialect::Postgres, &into);
                sql.push("SELECT * FROM ").unnest(columns).push(" ON CONFLICT DO NOTHING RETURNING digest");
                let rows = self.query(&sql).await?;
                let mut new: HashSet<Digest> = rows.iter().filter_map(|row| row[0].digest()).collect();
                Ok(digests.iter().map(|digest| new.remove(digest)).collect())
            }
        }
    }

    /// Notes that somebody acted at points: the latest moment of each is kept.
    pub async fn touch_points(&mut self, seen: &HashMap<String, Timestamp>) -> Result<(), StoreError> {
        // One order for all writers, so that two of them never wait for each other.
        let mut points: Vec<(&String, &Timestamp)> = seen.iter().collect();
        points.sort_unstable();
        let text = "INSERT INTO _point_action (point, at) VALUES (?, ?)
            ON CONFLICT (point) DO UPDATE SET at = excluded.at WHERE excluded.at > _point_action.at";
        for (point, at) in points {
            let args = vec![Cell::text(point), Cell::DateTime(*at)];
            self.execute(&Sql::with(self.dialect(), text, args)).await?;
        }
        Ok(())
    }
}

impl Reader {
    /// All lines about these points, in the order of arrival; one statement for every 4,096 points on SQLite, one on PostgreSQL.
    pub async fn consents_of(&mut self, points: &[String]) -> Result<Vec<ConsentLine>, StoreError> {
        let rows = self.of_points(&format!("SELECT {READ} FROM _consent"), " ORDER BY seq", points).await?;
        rows.into_iter().map(read).collect()
    }

    /// When somebody last acted at these points; at the same cost.
    pub async fn actions_of(&mut self, points: &[String]) -> Result<HashMap<String, Timestamp>, StoreError> {
        let rows = self.of_points("SELECT point, at FROM _point_action", "", points).await?;
        Ok(rows.iter().filter_map(|row| Some((row[0].str()?.to_owned(), row[1].moment()?))).collect())
    }

    /// How many lines there are by purpose, channel and state.
    pub async fn consent_counts(&mut self) -> Result<Vec<ConsentCount>, StoreError> {
        let text = "SELECT purpose, channel, state, count(*) FROM _consent GROUP BY purpose, channel, state ORDER BY purpose, channel, state";
        let sql = Sql::of(self.dialect(), text);
        let text = |row: &Row, i: usize| row[i].str().unwrap_or_default().to_owned();
        let read = |row: &Row| ConsentCount {
            purpose: text(row, 0),
            channel: text(row, 1),
            state: text(row, 2),
            lines: row[3].int().unwrap_or(0),
        };
        Ok(self.query(&sql).await?.iter().map(read).collect())
    }

    async fn of_points(&mut self, select: &str, order: &str, points: &[String]) -> Result<Vec<Row>, StoreError> {
        let together = if self.dialect() == Dialect::Sqlite { TOGETHER } else { points.len().max(1) };
        let mut rows = Vec::new();
        for chunk in points.chunks(together) {
            let cells = chunk.iter().map(Cell::text);
            let mut sql = Sql::of(self.dialect(), &format!("{select} WHERE point "));
            match self.dialect() {
                Dialect::Sqlite => sql.push("IN ").bind_list(cells),
                Dialect::Postgres => sql.push("= ANY(").bind(Cell::Column(cells.collect())).push("::text[])"),
            };
            sql.push(order);
            rows.extend(self.query(&sql).await?);
        }
        Ok(rows)
    }
}

fn read(row: Row) -> Result<ConsentLine, StoreError> {
    let fault = || StoreError::Fault("a consent cannot be read back".to_owned());
    let text = |i: usize| row[i].str().map(str::to_owned).ok_or_else(fault);
    Ok(ConsentLine {
        seq: row[0].int().ok_or_else(fault)?,
        point: text(1)?,
        channel: text(2)?,
        purpose: text(3)?,
        state: text(4)?,
        basis: row[5].str().map(str::to_owned),
        proof: row[6].json().ok_or_else(fault)?,
        source: row[7].id(),
        at: row[8].moment().ok_or_else(fault)?,
        received_at: row[9].moment().ok_or_else(fault)?,
        expires_at: row[10].moment(),
        via: text(11)?,
        actor: row[12].id(),
    })
}
