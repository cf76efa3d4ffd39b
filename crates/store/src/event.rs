//! Events: what people did, each kept once and as it came.

use std::collections::{BTreeMap, HashSet};

use kernel::{Id, Timestamp};

use crate::conn::{Reader, Writer};
use crate::log::Position;
use crate::sql::{Cell, Dialect, Row, Sql};
use crate::{Digest, StoreError};

/// Something that somebody did, in the terms of the Segment specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number in the order of arrival; 0 before it is written.
    pub seq: i64,
    /// The transaction, on PostgreSQL.
    pub tx: i64,
    /// The hash of its message identifier: no two events have the same.
    pub message: Digest,
    /// The source that sent it.
    pub source: Id,
    /// `identify`, `track`, `page`, `screen`, `group` or `alias`.
    pub kind: String,
    /// What was done or looked at, where the kind has a name.
    pub name: Option<String>,
    /// When it happened, by this machine's clock.
    pub at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// The user's identifier at the source.
    pub user_id: Option<String>,
    /// The identifier of somebody who is not known yet.
    pub anonymous_id: Option<String>,
    /// The group's identifier at the source.
    pub group_id: Option<String>,
    /// The identifier that an alias replaces.
    pub previous_id: Option<String>,
    /// The event as it came, in JSON.
    pub payload: String,
}

/// An identifier that events name together with another: itself, and when the first and the last of them happened.
pub type Partner = (String, Timestamp, Timestamp);

/// Whose events are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace<'a> {
    /// Those of a user's identifier.
    User(&'a str),
    /// Those of an identifier given before the user was known.
    Anonymous(&'a str),
    /// Those of a group's identifier.
    Group(&'a str),
}

/// What an identifier did at a source, added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The source.
    pub source: Id,
    /// The source record whose key the identifier has: `user/42`, `anonymous/7`, `group/3`.
    pub key: String,
    /// Events.
    pub events: i64,
    /// When the first happened.
    pub first_at: Timestamp,
    /// When the last happened.
    pub last_at: Timestamp,
    /// Purchases.
    pub orders: i64,
    /// What they came to, in hundredths, by currency (ISO 4217).
    pub spent: BTreeMap<String, i64>,
    /// When the last purchase was made.
    pub last_order_at: Option<Timestamp>,
    /// Times it spoke for us: reviews, shares, invitations.
    pub praise: i64,
    /// What was learnt of addresses and numbers, each under a hash: a word, and when it was learnt.
    pub reached: BTreeMap<String, (String, Timestamp)>,
}

impl Tally {
    /// Adds another tally of the same identifier.
    pub fn add(&mut self, other: &Tally) {
        self.events += other.events;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        self.orders += other.orders;
        for (currency, amount) in &other.spent {
            let held = self.spent.entry(currency.clone()).or_default();
            *held = held.saturating_add(*amount);
        }
        self.last_order_at = self.last_order_at.max(other.last_order_at);
        self.praise += other.praise;
        for (point, learnt) in &other.reached {
            let held = self.reached.entry(point.clone()).or_insert_with(|| learnt.clone());
            if learnt.1 > held.1 {
                held.clone_from(learnt);
            }
        }
    }
}

pub(crate) const TALLIES: &str = "
CREATE TABLE _tally (source {id} NOT NULL, key {text} NOT NULL, events BIGINT NOT NULL, first_at {time} NOT NULL, last_at {time} NOT NULL,
  orders BIGINT NOT NULL, spent {json} NOT NULL, last_order_at {time}, praise BIGINT NOT NULL, PRIMARY KEY (source, key));
";

pub(crate) const REACHED: &str = "ALTER TABLE _tally ADD COLUMN reached {json};";

const TALLY: &str = "source, key, events, first_at, last_at, orders, spent, last_order_at, praise, reached";

const WRITTEN: &str =
    "message, source, kind, name, at, received_at, user_id, anonymous_id, group_id, previous_id, payload";
const KINDS: [&str; 11] =
    ["uuid", "uuid", "text", "text", "timestamptz", "timestamptz", "text", "text", "text", "text", "jsonb"];

impl Writer {
    /// Appends events. Answers for each whether it is new; an event whose message was kept before is left out.
    pub async fn put_events(&mut self, events: &[Event]) -> Result<Vec<bool>, StoreError> {
        let into = format!("INSERT INTO _event ({WRITTEN}) ");
        match self.dialect() {
            Dialect::Sqlite => {
                let text = into + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
                let mut sql = Sql::with(Dialect::Sqlite, &text, vec![Cell::Null; KINDS.len()]);
                let mut fresh = Vec::with_capacity(events.len());
                for event in events {
                    sql.args.clear();
                    sql.args.extend(cells(event));
                    fresh.push(self.execute(&sql).await? == 1);
                }
                Ok(fresh)
            }
            Dialect::Postgres => {
                let mut columns: Vec<(&str, Vec<Cell>)> =
                    KINDS.map(|kind| (kind, Vec::with_capacity(events.len()))).into();
                for event in events {
                    columns.iter_mut().zip(cells(event)).for_each(|((_, column), cell)| column.push(cell));
                }
                let mut sql = Sql::of(Dialect::Postgres, &into);
                sql.push("SELECT * FROM ").unnest(columns).push(" ON CONFLICT DO NOTHING RETURNING message");
                let rows = self.query(&sql).await?;
                let mut new: HashSet<Digest> = rows.iter().filter_map(|row| row[0].digest()).collect();
                Ok(events.iter().map(|event| new.remove(&event.message)).collect())
            }
        }
    }
}

impl Writer {
    /// Keeps tallies; those of identifiers that have one take its place.
    pub async fn put_tallies(&mut self, tallies: &[Tally]) -> Result<(), StoreError> {
        let rows = tallies.iter().map(|tally| {
            vec![
                Cell::Id(tally.source),
                Cell::text(&tally.key),
                Cell::Int(tally.events),
                Cell::DateTime(tally.first_at),
                Cell::DateTime(tally.last_at),
                Cell::Int(tally.orders),
                Cell::Json(serde_json::to_string(&tally.spent).unwrap_or_default()),
                tally.last_order_at.map_or(Cell::Null, Cell::DateTime),
                Cell::Int(tally.praise),
                reached(tally),
            ]
        });
        let kinds = [
            "uuid",
            "text",
            "bigint",
            "timestamptz",
            "timestamptz",
            "bigint",
            "jsonb",
            "timestamptz",
            "bigint",
            "jsonb",
        ];
        let conflict = " ON CONFLICT (source, key) DO UPDATE SET events = excluded.events, first_at = excluded.first_at,
            last_at = excluded.last_at, orders = excluded.orders, spent = excluded.spent, last_order_at = excluded.last_order_at,
            praise = excluded.praise, reached = excluded.reached";
        self.put_rows(&format!("INSERT INTO _tally ({TALLY}) "), &kinds, rows.collect(), conflict).await
    }
}

impl Reader {
    /// The tallies of identifiers, each given by its source and the key of its record.
    pub async fn tallies(&mut self, of: &[(Id, String)]) -> Result<Vec<Tally>, StoreError> {
        let mut found = Vec::new();
        for chunk in of.chunks(256) {
            let mut sql =
                Sql::of(self.dialect(), &format!("SELECT {TALLY} FROM _tally WHERE (source, key) IN (VALUES "));
            for (at, (source, key)) in chunk.iter().enumerate() {
                sql.push(if at == 0 { "(" } else { ", (" }).bind(Cell::Id(*source));
                sql.either("", "::uuid").push(", ").bind(Cell::text(key)).either("", "::text").push(")");
            }
            sql.push(")");
            for row in self.query(&sql).await? {
                found.push(read_tally(row)?);
            }
        }
        Ok(found)
    }

    /// Identifiers that a user had before being known, by events that have both; the latest first.
    pub async fn anonymous_of(&mut self, source: Id, user: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let partners = self.partners("anonymous_id", "user_id", "identify", source, user, limit).await?;
        Ok(partners.into_iter().map(|(id, ..)| id).collect())
    }

    /// The groups that a user is in, the latest first, each with when the first and the last event said so.
    pub async fn groups_of(&mut self, source: Id, user: &str, limit: u32) -> Result<Vec<Partner>, StoreError> {
        self.partners("group_id", "user_id", "group", source, user, limit).await
    }

    /// The users that are in a group, the latest first, each with when the first and the last event said so.
    pub async fn users_of(&mut self, source: Id, group: &str, limit: u32) -> Result<Vec<Partner>, StoreError> {
        self.partners("user_id", "group_id", "group", source, group, limit).await
    }

    async fn partners(
        &mut self,
        wanted: &str,
        known: &str,
        kind: &str,
        source: Id,
        id: &str,
        limit: u32,
    ) -> Result<Vec<Partner>, StoreError> {
        let text = format!(
            "SELECT {wanted}, max(at) AS latest, min(at) FROM _event WHERE {known} = ? AND kind = ? AND source = ? AND {wanted} IS NOT NULL
             GROUP BY {wanted} ORDER BY latest DESC, {wanted} LIMIT ?"
        );
        let args = vec![Cell::text(id), Cell::text(kind), Cell::Id(source), Cell::Int(i64::from(limit))];
        let rows = self.query(&Sql::with(self.dialect(), &text, args)).await?;
        let partner = |row: &Row| Some((row[0].str()?.to_owned(), row[2].moment()?, row[1].moment()?));
        Ok(rows.iter().filter_map(partner).collect())
    }

    /// The events after a position, in the order in which they became visible, and the position after them. As with
    /// [`Reader::tail`], none is ever passed over.
    pub async fn events_after(&mut self, after: Position, limit: u32) -> Result<(Vec<Event>, Position), StoreError> {
        let sql = after.follow(self.dialect(), &format!("SELECT seq, tx, {WRITTEN} FROM _event"), limit);
        let events = self.events(&sql).await?;
        let position = events.last().map_or(after, |e| Position { tx: e.tx, seq: e.seq });
        Ok((events, position))
    }

    /// The events of somebody, latest first, before a moment.
    pub async fn events_of(
        &mut self,
        whose: Trace<'_>,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let (column, id) = match whose {
            Trace::User(id) => ("user_id", id),
            Trace::Anonymous(id) => ("anonymous_id", id),
            Trace::Group(id) => ("group_id", id),
        };
        let mut sql = Sql::of(self.dialect(), &format!("SELECT seq, tx, {WRITTEN} FROM _event WHERE {column} = "));
        sql.bind(Cell::text(id));
        if let Some(before) = before {
            sql.push(" AND at < ").bind(Cell::DateTime(before));
        }
        sql.push(" ORDER BY at DESC, seq DESC LIMIT ").bind(Cell::Int(i64::from(limit)));
        self.events(&sql).await
    }

    /// The latest events of a source, newest first, before a number.
    pub async fn events_from(&mut self, source: Id, before: Option<i64>, limit: u32) -> Result<Vec<Event>, StoreError> {
        let text =
            format!("SELECT seq, tx, {WRITTEN} FROM _event WHERE source = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
        let args = vec![Cell::Id(source), Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit))];
        self.events(&Sql::with(self.dialect(), &text, args)).await
    }

    async fn events(&mut self, sql: &Sql) -> Result<Vec<Event>, StoreError> {
        self.query(sql).await?.into_iter().map(read).collect()
    }
}

fn read_tally(row: Row) -> Result<Tally, StoreError> {
    let fault = || StoreError::Fault("a tally cannot be read back".to_owned());
    let int = |at: usize| row[at].int().ok_or_else(fault);
    Ok(Tally {
        source: row[0].id().ok_or_else(fault)?,
        key: row[1].str().ok_or_else(fault)?.to_owned(),
        events: int(2)?,
        first_at: row[3].moment().ok_or_else(fault)?,
        last_at: row[4].moment().ok_or_else(fault)?,
        orders: int(5)?,
        spent: row[6].json().and_then(|json| serde_json::from_value(json).ok()).ok_or_else(fault)?,
        last_order_at: row[7].moment(),
        praise: int(8)?,
        reached: row[9].json().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default(),
    })
}

/// Nothing for the many of which nothing was learnt.
fn reached(tally: &Tally) -> Cell {
    match tally.reached.is_empty() {
        true => Cell::Null,
        false => Cell::Json(serde_json::to_string(&tally.reached).unwrap_or_default()),
    }
}

fn cells(event: &Event) -> [Cell; 11] {
    [
        Cell::of_digest(event.message),
        Cell::Id(event.source),
        Cell::text(&event.kind),
        Cell::opt_text(event.name.clone()),
        Cell::DateTime(event.at),
        Cell::DateTime(event.received_at),
        Cell::opt_text(event.user_id.clone()),
        Cell::opt_text(event.anonymous_id.clone()),
        Cell::opt_text(event.group_id.clone()),
        Cell::opt_text(event.previous_id.clone()),
        Cell::Json(event.payload.clone()),
    ]
}

fn read(row: Row) -> Result<Event, StoreError> {
    let fault = || StoreError::Fault("an event cannot be read back".to_owned());
    let text = |i: usize| row[i].str().map(str::to_owned);
    Ok(Event {
        seq: row[0].int().ok_or_else(fault)?,
        tx: row[1].int().ok_or_else(fault)?,
        message: row[2].digest().ok_or_else(fault)?,
        source: row[3].id().ok_or_else(fault)?,
        kind: text(4).ok_or_else(fault)?,
        name: text(5),
        at: row[6].moment().ok_or_else(fault)?,
        received_at: row[7].moment().ok_or_else(fault)?,
        user_id: text(8),
        anonymous_id: text(9),
        group_id: text(10),
        previous_id: text(11),
        payload: text(12).ok_or_else(fault)?,
    })
}
