//! Removing a person for good: from every table that can hold something of it. What is removed here is in no history and cannot be
//! undone.

use std::time::Duration;

use kernel::Id;
use model::{Ident, Schema};

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::search::{is_searched, table};
use crate::source::{Version, read_version};
use crate::sql::{Cell, Dialect, Sql};
use crate::store::Store;

/// What stands for a person in the tables of this crate.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Profiles, former ones included.
    pub profiles: Vec<Id>,
    /// Source records.
    pub records: Vec<Id>,
    /// Source records by source and key.
    pub keys: Vec<(Id, String)>,
    /// Users and identifiers given before the user was known, of events, by source.
    pub users: Vec<(Id, String)>,
    /// The identifiers given before the user was known.
    pub anonymous: Vec<(Id, String)>,
    /// Records of objects: contacts, the activities about them alone, profiles.
    pub objects: Vec<(Ident, Vec<Id>)>,
    /// Contact points with their kind.
    pub points: Vec<String>,
    /// Texts that belong to nobody else: what holds one of them in a queue, a log or a refusal is removed.
    pub needles: Vec<String>,
    /// Files attached to the records.
    pub files: Vec<Id>,
    /// The kind of job that must not remove itself.
    pub job: &'static str,
}

/// Values bound in one statement.
const TOGETHER: usize = 256;

impl Writer {
    /// Removes what the traces lead to, the profile's and the records' history included. On SQLite what is removed is overwritten.
    pub async fn erase_person(&mut self, schema: &Schema, traces: &Traces) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Sqlite {
            self.batch("PRAGMA secure_delete = ON").await?;
        }
        self.erase_identity(traces).await?;
        self.erase_events(traces).await?;
        for (object, ids) in &traces.objects {
            self.delete_by_ids("DELETE FROM _change WHERE record IN ", ids).await?;
            self.purge(schema, object, ids).await?;
        }
        self.delete_by_ids("DELETE FROM _file WHERE id IN ", &traces.files).await?;
        for point in &traces.points {
            for table in ["_consent", "_point_action", "_person_link"] {
                let text = format!("DELETE FROM {table} WHERE point = ?");
                self.execute(&Sql::with(self.dialect(), &text, vec![Cell::text(point)])).await?;
            }
        }
        self.sweep(traces).await
    }

    async fn erase_identity(&mut self, traces: &Traces) -> Result<(), StoreError> {
        let Traces { profiles, records, .. } = traces;
        self.clear_entries(records, true).await?;
        // A note may tell of the person; a verdict without sides says nothing any more.
        for chunk in records.chunks(TOGETHER) {
            let blank = "UPDATE _verdict SET note = '' WHERE id IN (SELECT verdict FROM _verdict_side WHERE record IN ";
            let mut sql = Sql::of(self.dialect(), blank);
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(")");
            self.execute(&sql).await?;
        }
        self.delete_by_ids("DELETE FROM _verdict_side WHERE record IN ", records).await?;
        self.batch(
            "DELETE FROM _verdict WHERE NOT EXISTS (SELECT 1 FROM _verdict_side s WHERE s.verdict = _verdict.id)",
        )
        .await?;
        for column in ["profile", "other"] {
            self.delete_by_ids(&format!("DELETE FROM _lineage WHERE {column} IN "), profiles).await?;
        }
        for column in ["profile", "kept"] {
            self.delete_by_ids(&format!("DELETE FROM _alias WHERE {column} IN "), profiles).await?;
        }
        for table in ["_person_link", "_view_log"] {
            self.delete_by_ids(&format!("DELETE FROM {table} WHERE profile IN "), profiles).await?;
        }
        self.delete_by_ids("DELETE FROM _source_version WHERE record IN ", records).await?;
        self.delete_by_ids("DELETE FROM _source_record WHERE id IN ", records).await
    }

    async fn erase_events(&mut self, traces: &Traces) -> Result<(), StoreError> {
        // On a device that several people use, the events of the others are theirs.
        let of = [("user_id = ?", &traces.users), ("user_id IS NULL AND anonymous_id = ?", &traces.anonymous)];
        for (condition, ids) in of {
            let text = format!("DELETE FROM _event WHERE source = ? AND {condition}");
            for (source, id) in ids {
                let args = vec![Cell::Id(*source), Cell::text(id)];
                self.execute(&Sql::with(self.dialect(), &text, args)).await?;
            }
        }
        for (source, key) in &traces.keys {
            let args = vec![Cell::Id(*source), Cell::text(key)];
            self.execute(&Sql::with(self.dialect(), "DELETE FROM _tally WHERE source = ? AND key = ?", args)).await?;
        }
        Ok(())
    }

    /// Removes rows of queues and logs that hold one of the needles, and what the log says of such values of other records.
    async fn sweep(&mut self, traces: &Traces) -> Result<(), StoreError> {
        for needle in traces.needles.iter().map(|needle| like(needle)) {
            let own = [
                (
                    "DELETE FROM _event_reject WHERE lower(payload) LIKE ? ESCAPE '!' OR lower(message) LIKE ? ESCAPE '!'",
                    2,
                ),
                ("DELETE FROM _idempotency WHERE lower(body) LIKE ? ESCAPE '!'", 1),
                ("UPDATE _batch SET detail = '{}' WHERE lower(CAST(detail AS TEXT)) LIKE ? ESCAPE '!'", 1),
                ("DELETE FROM _attempt WHERE lower(key) LIKE ? ESCAPE '!'", 1),
                ("UPDATE _change SET diff = NULL WHERE lower(CAST(diff AS TEXT)) LIKE ? ESCAPE '!'", 1),
                ("DELETE FROM _event WHERE lower(CAST(payload AS TEXT)) LIKE ? ESCAPE '!'", 1),
            ];
            for (text, places) in own {
                let args = vec![Cell::text(&needle); places];
                self.execute(&Sql::with(self.dialect(), text, args)).await?;
            }
            let text = "DELETE FROM _job WHERE kind <> ? AND (lower(CAST(payload AS TEXT)) LIKE ? ESCAPE '!' OR lower(error) LIKE ? ESCAPE '!')";
            let args = vec![Cell::text(traces.job), Cell::text(&needle), Cell::text(&needle)];
            self.execute(&Sql::with(self.dialect(), text, args)).await?;
        }
        let ids = traces.objects.iter().flat_map(|(_, ids)| ids).chain(&traces.records);
        for id in ids {
            let text = "DELETE FROM _job WHERE kind <> ? AND CAST(payload AS TEXT) LIKE ?";
            let args = vec![Cell::text(traces.job), Cell::Text(format!("%{id}%"))];
            self.execute(&Sql::with(self.dialect(), text, args)).await?;
        }
        Ok(())
    }

    /// Forgets what the log says of records that stay, such as the request to be erased: that they changed stays.
    pub async fn forget_diffs(&mut self, records: &[Id]) -> Result<(), StoreError> {
        self.delete_by_ids("UPDATE _change SET diff = NULL WHERE record IN ", records).await
    }

    /// Takes words out of the search that stand in no record any more. Costs as much as the words of an object have pages on SQLite.
    pub async fn forget_words(&mut self, schema: &Schema, words: &[String]) -> Result<(), StoreError> {
        let searched: Vec<&Ident> = schema.objects().filter(|o| is_searched(o)).map(|o| &o.name).collect();
        match self.dialect() {
            // The index is of words alone and keeps those of removed rows until it is written anew.
            Dialect::Sqlite => {
                for object in searched {
                    let index = table(object.as_str());
                    let mut sql = self.sql();
                    sql.push("INSERT INTO ").quoted(&index).push(" (").quoted(&index).push(") VALUES ('optimize')");
                    self.execute(&sql).await?;
                }
            }
            Dialect::Postgres => {
                for word in words {
                    let mut sql = self.sql();
                    sql.push("DELETE FROM _term WHERE term = ").bind(Cell::text(word));
                    for object in &searched {
                        sql.push(" AND NOT EXISTS (SELECT 1 FROM ").name(object);
                        sql.push(" WHERE _search @@ to_tsquery('simple', ").bind(Cell::text(word)).push("))");
                    }
                    self.execute(&sql).await?;
                }
            }
        }
        Ok(())
    }
}

impl Reader {
    /// The versions of records, all of them, as they came.
    pub async fn versions_of(&mut self, records: &[Id]) -> Result<Vec<Version>, StoreError> {
        let mut found = Vec::new();
        for chunk in records.chunks(TOGETHER) {
            let text = "SELECT v.seq, v.record, r.source, r.key, v.version, v.received_at, v.payload
                FROM _source_version v JOIN _source_record r ON r.id = v.record WHERE v.record IN ";
            let mut sql = Sql::of(self.dialect(), text);
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(" ORDER BY v.seq");
            for row in self.query(&sql).await? {
                found.push(read_version(row)?);
            }
        }
        Ok(found)
    }

    /// Every row of every table as text, one a line, for those who must know whether something is left.
    pub async fn dump(&mut self) -> Result<String, StoreError> {
        let text = match self.dialect() {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_\\_%' ESCAPE '\\'"
            }
            Dialect::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
        };
        let tables = self.query(&Sql::of(self.dialect(), text)).await?;
        let mut out = String::new();
        for name in tables.iter().filter_map(|row| row[0].str()) {
            let sql = match self.dialect() {
                Dialect::Sqlite => format!("SELECT * FROM \"{name}\""),
                Dialect::Postgres => format!("SELECT t::text FROM \"{name}\" t"),
            };
            for row in self.query(&Sql::of(self.dialect(), &sql)).await? {
                out.push_str(&format!("{name} {row:?}\n"));
            }
        }
        Ok(out)
    }
}

impl Store {
    /// Writes the database anew without the space of what was removed, and empties its log: nothing of that is left in its files then.
    /// On PostgreSQL that is the server's `VACUUM`, and its archives are its operator's.
    pub async fn compact(&self) -> Result<(), StoreError> {
        let Some(path) = self.file().map(std::path::Path::to_owned) else { return Ok(()) };
        tokio::task::spawn_blocking(move || {
            let connection = rusqlite::Connection::open(&path)?;
            connection.busy_timeout(Duration::from_secs(30))?;
            connection.execute_batch("VACUUM")?;
            // Readers of the old state may keep the log from being emptied: it is then emptied by the next checkpoint.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })
        .await
        .map_err(|e| StoreError::Fault(e.to_string()))?
    }
}

/// The pattern of texts that hold this one, whatever its case.
fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
