//! Events: what people did, each kept once and as it came.

use std::collections::HashSet;

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

impl Reader {
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
