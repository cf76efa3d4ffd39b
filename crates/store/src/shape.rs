//! What was learnt of events (which properties of which types they carry), and events that were refused.

use kernel::{Id, Timestamp};

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Dialect, Row, Sql};

/// A property of an event of a source, with one of the types its values had. Empty property and type stand for the event itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Property {
    /// The source.
    pub source: Id,
    /// The kind of event, as in [`crate::Event`].
    pub kind: String,
    /// The event's name; empty for kinds without one.
    pub event: String,
    /// The property's name.
    pub property: String,
    /// `text`, `number`, `boolean`, `list`, `object` or `nothing`.
    pub value: String,
}

/// How often a property had a type, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How often.
    pub count: i64,
    /// When it first came in.
    pub first_at: Timestamp,
    /// When it last came in.
    pub last_at: Timestamp,
}

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An event.
    Event,
    /// A record, kept as `{"key": …, "data": …, "partial": …}`.
    Record,
    /// What a webhook delivered, as a whole.
    Delivery,
}

impl Refused {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Refused::Event => "event",
            Refused::Record => "record",
            Refused::Delivery => "delivery",
        }
    }

    fn parse(name: &str) -> Option<Refused> {
        [Refused::Event, Refused::Record, Refused::Delivery].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something a source sent that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Its number; 0 before it is written.
    pub seq: i64,
    /// The source that sent it.
    pub source: Id,
    /// What it is.
    pub kind: Refused,
    /// An event's message identifier or a record's key, if it had one that can be read.
    pub message: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// Why, as a [`model::Problem`] in JSON.
    pub problem: String,
    /// What came, as far as it is kept.
    pub payload: String,
}

/// What else than events is refused.
pub(crate) const REFUSALS: &str = "
ALTER TABLE _event_reject ADD COLUMN kind {text} NOT NULL DEFAULT 'event';
";

const PROPERTY: &str = "source, kind, event, property, type, count, first_at, last_at";
const REJECT: &str = "seq, source, message, received_at, problem, payload, kind";

impl Writer {
    /// Adds to what is known of events. Give them in order, so that two writers never wait for each other.
    pub async fn learn(&mut self, seen: &[(Property, Seen)]) -> Result<(), StoreError> {
        let text = format!(
            "INSERT INTO _event_property ({PROPERTY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, kind, event, property, type)
             DO UPDATE SET count = _event_property.count + excluded.count, last_at = excluded.last_at"
        );
        for (property, seen) in seen {
            let args = vec![
                Cell::Id(property.source),
                Cell::text(&property.kind),
                Cell::text(&property.event),
                Cell::text(&property.property),
                Cell::text(&property.value),
                Cell::Int(seen.count),
                Cell::DateTime(seen.first_at),
                Cell::DateTime(seen.last_at),
            ];
            self.execute(&Sql::with(self.dialect(), &text, args)).await?;
        }
        Ok(())
    }

    /// Forgets an event of a source, or one property of it.
    pub async fn unlearn(
        &mut self,
        source: Id,
        kind: &str,
        event: &str,
        property: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut sql = Sql::with(
            self.dialect(),
            "DELETE FROM _event_property WHERE source = ? AND kind = ? AND event = ?",
            vec![Cell::Id(source), Cell::text(kind), Cell::text(event)],
        );
        if let Some(property) = property {
            sql.push(" AND property = ").bind(Cell::text(property));
        }
        Ok(self.execute(&sql).await? > 0)
    }

    /// Keeps what was refused.
    pub async fn put_rejects(&mut self, rejects: &[Reject]) -> Result<(), StoreError> {
        let text = "INSERT INTO _event_reject (source, message, received_at, problem, payload, kind) VALUES (?, ?, ?, ?, ?, ?)";
        for reject in rejects {
            let args = vec![
                Cell::Id(reject.source),
                Cell::opt_text(reject.message.clone()),
                Cell::DateTime(reject.received_at),
                Cell::text(&reject.problem),
                Cell::text(&reject.payload),
                Cell::text(reject.kind.as_str()),
            ];
            self.execute(&Sql::with(self.dialect(), text, args)).await?;
        }
        Ok(())
    }

    /// Takes what was refused of a source away, to be tried again or for good, oldest first: all up to a number, or one. On PostgreSQL
    /// other takers pass over them.
    pub async fn take_rejects(
        &mut self,
        source: Id,
        which: std::ops::RangeInclusive<i64>,
        limit: u32,
    ) -> Result<Vec<Reject>, StoreError> {
        let skip = if self.dialect() == Dialect::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        let text = format!(
            "DELETE FROM _event_reject WHERE seq IN (SELECT seq FROM _event_reject WHERE source = ? AND seq BETWEEN ? AND ?
             ORDER BY seq LIMIT ?{skip}) RETURNING {REJECT}"
        );
        let args =
            vec![Cell::Id(source), Cell::Int(*which.start()), Cell::Int(*which.end()), Cell::Int(i64::from(limit))];
        let sql = Sql::with(self.dialect(), &text, args);
        let mut taken = self.query(&sql).await?.into_iter().map(read_reject).collect::<Result<Vec<_>, _>>()?;
        taken.sort_by_key(|reject| reject.seq);
        Ok(taken)
    }
}

impl Reader {
    /// What is known of a source's events, in order; of one event when it is named.
    pub async fn properties(
        &mut self,
        source: Id,
        event: Option<(&str, &str)>,
        limit: u32,
    ) -> Result<Vec<(Property, Seen)>, StoreError> {
        let mut sql = Sql::with(
            self.dialect(),
            &format!("SELECT {PROPERTY} FROM _event_property WHERE source = ?"),
            vec![Cell::Id(source)],
        );
        if let Some((kind, event)) = event {
            sql.push(" AND kind = ").bind(Cell::text(kind)).push(" AND event = ").bind(Cell::text(event));
        }
        sql.push(" ORDER BY kind, event, property, type LIMIT ").bind(Cell::Int(i64::from(limit)));
        self.query(&sql).await?.into_iter().map(read_property).collect()
    }

    /// What was refused of a source, newest first, before a number.
    pub async fn rejects(&mut self, source: Id, before: Option<i64>, limit: u32) -> Result<Vec<Reject>, StoreError> {
        let text = format!("SELECT {REJECT} FROM _event_reject WHERE source = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
        let args = vec![Cell::Id(source), Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit))];
        let sql = Sql::with(self.dialect(), &text, args);
        self.query(&sql).await?.into_iter().map(read_reject).collect()
    }
}

fn read_property(row: Row) -> Result<(Property, Seen), StoreError> {
    let fault = || StoreError::Fault("a property of an event cannot be read back".to_owned());
    let text = |i: usize| row[i].str().unwrap_or_default().to_owned();
    let source = row[0].id().ok_or_else(fault)?;
    let property = Property { source, kind: text(1), event: text(2), property: text(3), value: text(4) };
    let seen = Seen {
        count: row[5].int().ok_or_else(fault)?,
        first_at: row[6].moment().ok_or_else(fault)?,
        last_at: row[7].moment().ok_or_else(fault)?,
    };
    Ok((property, seen))
}

fn read_reject(row: Row) -> Result<Reject, StoreError> {
    let fault = || StoreError::Fault("what was refused cannot be read back".to_owned());
    let text = |i: usize| row[i].str().unwrap_or_default().to_owned();
    Ok(Reject {
        seq: row[0].int().ok_or_else(fault)?,
        source: row[1].id().ok_or_else(fault)?,
        message: row[2].str().map(str::to_owned),
        received_at: row[3].moment().ok_or_else(fault)?,
        problem: text(4),
        payload: text(5),
        kind: Refused::parse(&text(6)).ok_or_else(fault)?,
    })
}
