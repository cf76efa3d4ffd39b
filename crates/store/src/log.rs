//! The log of changes: the history of every record, and the outbox from which everything that follows a change is made.

use kernel::{Id, Timestamp};
use model::Ident;
use serde_json::Value as Json;

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Dialect, Row, Sql};

/// One change of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its number in the log; 0 before it is written.
    pub seq: i64,
    /// The transaction, on PostgreSQL.
    pub tx: i64,
    /// When.
    pub at: Timestamp,
    /// The user, if one acted.
    pub actor: Option<Id>,
    /// How it came in.
    pub via: String,
    /// The batch it belongs to.
    pub batch: Option<Id>,
    /// The record's object.
    pub object: Ident,
    /// The record.
    pub record: Id,
    /// What happened.
    pub op: ChangeOp,
    /// The record's version afterwards.
    pub version: i64,
    /// The changed fields, each with what it was and what it became, in JSON form. Nothing for creations.
    pub diff: Option<Json>,
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ChangeOp {
    Create,
    Update,
    Delete,
    Restore,
}

/// A place in the log up to which a consumer has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub(crate) tx: i64,
    pub(crate) seq: i64,
}

/// Changes that belong together and can be undone together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Its identifier.
    pub id: Id,
    /// `import`, `bulk`, `undo`, …
    pub kind: String,
    /// What to call it: the file's name, the action.
    pub label: String,
    /// When it started.
    pub at: Timestamp,
    /// Who started it.
    pub actor: Option<Id>,
    /// `running`, `done`, `failed`, `cancelled`, `undone`.
    pub state: String,
    /// Progress and result, as its kind has them.
    pub detail: Json,
    /// The batch that undid it.
    pub undone_by: Option<Id>,
}

impl Position {
    /// A selection's rows after this position. On PostgreSQL those of transactions that overlap a running one are left for later.
    pub(crate) fn follow(self, dialect: Dialect, select: &str, limit: u32) -> Sql {
        let limit = Cell::Int(i64::from(limit));
        match dialect {
            Dialect::Sqlite => {
                let text = format!("{select} WHERE seq > ? ORDER BY seq LIMIT ?");
                Sql::with(dialect, &text, vec![Cell::Int(self.seq), limit])
            }
            Dialect::Postgres => {
                let text = format!(
                    "{select} WHERE (tx, seq) > (?, ?) AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                     ORDER BY tx, seq LIMIT ?"
                );
                Sql::with(dialect, &text, vec![Cell::Int(self.tx), Cell::Int(self.seq), limit])
            }
        }
    }
}

impl ChangeOp {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            ChangeOp::Create => "create",
            ChangeOp::Update => "update",
            ChangeOp::Delete => "delete",
            ChangeOp::Restore => "restore",
        }
    }

    fn parse(text: &str) -> Option<ChangeOp> {
        [ChangeOp::Create, ChangeOp::Update, ChangeOp::Delete, ChangeOp::Restore]
            .into_iter()
            .find(|op| op.as_str() == text)
    }
}

const COLUMNS: &str = "seq, tx, at, actor, via, batch, object, record, op, version, diff";
const WRITTEN: &str = "at, actor, via, batch, object, record, op, version, diff";
const BATCH: &str = "id, kind, label, at, actor, state, detail, undone_by";

impl Writer {
    /// Appends changes, in order.
    pub async fn append(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let into = format!("INSERT INTO _change ({WRITTEN}) ");
        match self.dialect() {
            Dialect::Sqlite => {
                let mut sql =
                    Sql::with(Dialect::Sqlite, &(into + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"), vec![Cell::Null; 9]);
                for change in changes {
                    sql.args.clear();
                    sql.args.extend(change_cells(change));
                    self.execute(&sql).await?;
                }
            }
            Dialect::Postgres => {
                for chunk in changes.chunks(1_000) {
                    let kinds = ["timestamptz", "uuid", "text", "uuid", "text", "uuid", "text", "bigint", "jsonb"];
                    let mut columns: Vec<(&str, Vec<Cell>)> =
                        kinds.map(|kind| (kind, Vec::with_capacity(chunk.len()))).into();
                    for change in chunk {
                        columns.iter_mut().zip(change_cells(change)).for_each(|((_, column), cell)| column.push(cell));
                    }
                    let mut sql = Sql::of(Dialect::Postgres, &into);
                    sql.push("SELECT * FROM ").unnest(columns);
                    self.send(sql).await?;
                }
            }
        }
        Ok(())
    }

    /// Moves a consumer's position forward.
    pub async fn set_position(&mut self, name: &str, position: Position) -> Result<(), StoreError> {
        let text = "INSERT INTO _position (name, tx, seq) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET tx = excluded.tx, seq = excluded.seq";
        let args = vec![Cell::text(name), Cell::Int(position.tx), Cell::Int(position.seq)];
        self.send(Sql::with(self.dialect(), text, args)).await
    }

    /// A consumer's position, held against other processes until the end of the write.
    pub async fn lock_position(&mut self, name: &str) -> Result<Position, StoreError> {
        let mut held =
            Sql::with(self.dialect(), "SELECT tx, seq FROM _position WHERE name = ?", vec![Cell::text(name)]);
        held.either("", " FOR UPDATE");
        let mut row = self.query_one(&held).await?;
        if row.is_none() {
            let text = "INSERT INTO _position (name, tx, seq) VALUES (?, 0, 0) ON CONFLICT DO NOTHING";
            self.execute(&Sql::with(self.dialect(), text, vec![Cell::text(name)])).await?;
            row = self.query_one(&held).await?;
        }
        Ok(row.map_or(Position::default(), |r| Position { tx: r[0].int().unwrap_or(0), seq: r[1].int().unwrap_or(0) }))
    }

    /// A batch, held against other processes until the end of the write.
    pub async fn lock_batch(&mut self, id: Id) -> Result<Option<Batch>, StoreError> {
        let text = format!("SELECT {BATCH} FROM _batch WHERE id = ?");
        let mut sql = Sql::with(self.dialect(), &text, vec![Cell::Id(id)]);
        sql.either("", " FOR UPDATE");
        let row = self.query_one(&sql).await?;
        row.map(read_batch).transpose()
    }

    /// Keeps a batch, or what became of it.
    pub async fn put_batch(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let text = "INSERT INTO _batch (id, kind, label, at, actor, state, detail, undone_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, detail = excluded.detail, undone_by = excluded.undone_by";
        let args = vec![
            Cell::Id(batch.id),
            Cell::text(&batch.kind),
            Cell::text(&batch.label),
            Cell::DateTime(batch.at),
            Cell::opt_id(batch.actor),
            Cell::text(&batch.state),
            Cell::Json(batch.detail.to_string()),
            Cell::opt_id(batch.undone_by),
        ];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }
}

impl Reader {
    /// A record's changes, newest first, before a number of the log.
    pub async fn history(&mut self, record: Id, before: Option<i64>, limit: u32) -> Result<Vec<Change>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM _change WHERE record = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
        let args = vec![Cell::Id(record), Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit))];
        self.changes(&Sql::with(self.dialect(), &text, args)).await
    }

    /// A batch's changes, newest first, before a number of the log: the order in which they are undone.
    pub async fn batch_changes(
        &mut self,
        batch: Id,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM _change WHERE batch = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
        let args = vec![Cell::Id(batch), Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit))];
        self.changes(&Sql::with(self.dialect(), &text, args)).await
    }

    /// The changes after a position, in the order in which they became visible, and the position after them. On PostgreSQL those of
    /// transactions that overlap a running one wait until it has ended, so that none is ever passed over.
    pub async fn tail(&mut self, after: Position, limit: u32) -> Result<(Vec<Change>, Position), StoreError> {
        let sql = after.follow(self.dialect(), &format!("SELECT {COLUMNS} FROM _change"), limit);
        let changes = self.changes(&sql).await?;
        let position = changes.last().map_or(after, |c| Position { tx: c.tx, seq: c.seq });
        Ok((changes, position))
    }

    /// The end of the log: where a consumer that wants only what comes next starts.
    pub async fn log_end(&mut self) -> Result<Position, StoreError> {
        let text = match self.dialect() {
            Dialect::Sqlite => "SELECT 0, coalesce(max(seq), 0) FROM _change",
            Dialect::Postgres => {
                "SELECT tx, seq FROM _change WHERE tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY tx DESC, seq DESC LIMIT 1"
            }
        };
        let sql = Sql::of(self.dialect(), text);
        let row = self.query_one(&sql).await?;
        Ok(row.map_or(Position::default(), |r| Position { tx: r[0].int().unwrap_or(0), seq: r[1].int().unwrap_or(0) }))
    }

    /// How many rows of the source records' versions, and of the events, wait behind two positions, each counted up to a number.
    pub async fn waiting(&mut self, versions: Position, events: Position, most: u32) -> Result<(i64, i64), StoreError> {
        let mut counts = [0, 0];
        for (at, (after, select)) in
            [(versions, "SELECT seq FROM _source_version"), (events, "SELECT seq FROM _event")].into_iter().enumerate()
        {
            let mut sql = after.follow(self.dialect(), select, most);
            sql.text = format!("SELECT count(*) FROM ({}) w", sql.text);
            counts[at] = self.query_one(&sql).await?.and_then(|row| row[0].int()).unwrap_or(0);
        }
        Ok((counts[0], counts[1]))
    }

    /// A consumer's position.
    pub async fn position(&mut self, name: &str) -> Result<Position, StoreError> {
        let text = "SELECT tx, seq FROM _position WHERE name = ?";
        let row = self.query_one(&Sql::with(self.dialect(), text, vec![Cell::text(name)])).await?;
        Ok(row.map_or(Position::default(), |r| Position { tx: r[0].int().unwrap_or(0), seq: r[1].int().unwrap_or(0) }))
    }

    /// A batch.
    pub async fn batch_of(&mut self, id: Id) -> Result<Option<Batch>, StoreError> {
        let text = format!("SELECT {BATCH} FROM _batch WHERE id = ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(id)]);
        let row = self.query_one(&sql).await?;
        row.map(read_batch).transpose()
    }

    /// The latest batches, newest first.
    pub async fn batches(&mut self, limit: u32) -> Result<Vec<Batch>, StoreError> {
        let text = format!("SELECT {BATCH} FROM _batch ORDER BY at DESC LIMIT ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Int(i64::from(limit))]);
        let rows = self.query(&sql).await?;
        rows.into_iter().map(read_batch).collect()
    }

    async fn changes(&mut self, sql: &Sql) -> Result<Vec<Change>, StoreError> {
        self.query(sql).await?.into_iter().map(read_change).collect()
    }
}

fn change_cells(change: &Change) -> [Cell; 9] {
    [
        Cell::DateTime(change.at),
        Cell::opt_id(change.actor),
        Cell::text(&change.via),
        Cell::opt_id(change.batch),
        Cell::text(change.object.as_str()),
        Cell::Id(change.record),
        Cell::text(change.op.as_str()),
        Cell::Int(change.version),
        change.diff.as_ref().map_or(Cell::Null, |d| Cell::Json(d.to_string())),
    ]
}

fn read_change(row: Row) -> Result<Change, StoreError> {
    let fault = || StoreError::Fault("a change cannot be read back".to_owned());
    Ok(Change {
        seq: row[0].int().ok_or_else(fault)?,
        tx: row[1].int().ok_or_else(fault)?,
        at: row[2].moment().ok_or_else(fault)?,
        actor: row[3].id(),
        via: row[4].str().ok_or_else(fault)?.to_owned(),
        batch: row[5].id(),
        object: row[6].str().and_then(|t| Ident::new(t).ok()).ok_or_else(fault)?,
        record: row[7].id().ok_or_else(fault)?,
        op: row[8].str().and_then(ChangeOp::parse).ok_or_else(fault)?,
        version: row[9].int().ok_or_else(fault)?,
        diff: row[10].json(),
    })
}

fn read_batch(row: Row) -> Result<Batch, StoreError> {
    let fault = || StoreError::Fault("a batch cannot be read back".to_owned());
    let text = |i: usize| row[i].str().unwrap_or_default().to_owned();
    Ok(Batch {
        id: row[0].id().ok_or_else(fault)?,
        kind: text(1),
        label: text(2),
        at: row[3].moment().ok_or_else(fault)?,
        actor: row[4].id(),
        state: text(5),
        detail: row[6].json().unwrap_or_default(),
        undone_by: row[7].id(),
    })
}
