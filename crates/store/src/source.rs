//! Sources of customer data: the keys with which they write, the records they gave in every version, and how much came in.

mod head;

use std::collections::HashMap;

use kernel::{Id, Timestamp};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::log::Position;
use crate::sql::{Cell, Dialect, Row, Sql};

/// The first sixteen bytes of a SHA-256: enough to tell any two texts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 16]);

/// A key with which a source writes events. Its secret is not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteKey {
    /// Its identifier, which is no secret.
    pub id: Id,
    /// The source.
    pub source: Id,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A record as a source gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// The source.
    pub source: Id,
    /// What the source calls it.
    pub key: String,
    /// What the source says about it: an object.
    pub payload: Map<String, Json>,
    /// Members that the payload does not name keep what the version before says.
    pub partial: bool,
}

/// What became of an incoming record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The record's identifier, the same for all its versions.
    pub record: Id,
    /// Its latest version, from 1.
    pub version: i64,
    /// Whether that version is new; false when the source said nothing new.
    pub new: bool,
}

/// One version of a source's record.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Its number in the order of arrival.
    pub seq: i64,
    /// The record's identifier.
    pub record: Id,
    /// The source.
    pub source: Id,
    /// What the source calls it.
    pub key: String,
    /// Counted from 1.
    pub version: i64,
    /// When it came in.
    pub received_at: Timestamp,
    /// What the source said.
    pub payload: Json,
}

/// How many items a source sent on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// The day in UTC, as in `2026-11-22`.
    pub day: String,
    /// Kept.
    pub accepted: i64,
    /// Left out because they had come before.
    pub repeated: i64,
    /// Refused, with a reason.
    pub rejected: i64,
    /// When the last of them came in.
    pub last_at: Option<Timestamp>,
}

const KEY: &str = "id, source, name, created_at, used_at, revoked_at";
const VERSION: &str = "v.seq, v.record, r.source, r.key, v.version, v.received_at, v.payload, v.tx";
const OF_RECORD: &str = "FROM _source_version v JOIN _source_record r ON r.id = v.record";

impl Digest {
    /// The digest of a text.
    pub fn of(text: &str) -> Digest {
        let whole = Sha256::digest(text.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&whole[..16]);
        Digest(bytes)
    }

    /// As 32 hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads 32 hexadecimal digits.
    pub fn parse(hex: &str) -> Option<Digest> {
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
        bytes.try_into().ok().map(Digest)
    }

    /// The digest of an object, whatever the order of its members.
    fn of_object(object: &Map<String, Json>) -> Digest {
        let mut sorted = Json::Object(object.clone());
        sorted.sort_all_objects();
        Digest::of(&sorted.to_string())
    }
}

impl Cell {
    pub(crate) fn of_digest(digest: Digest) -> Cell {
        Cell::Id(Id::from_bytes(digest.0))
    }

    pub(crate) fn digest(&self) -> Option<Digest> {
        self.id().map(|id| Digest(*id.as_bytes()))
    }
}

impl Writer {
    /// Keeps a write key under the hash of its secret.
    pub async fn put_write_key(&mut self, key: &WriteKey, hash: &str) -> Result<(), StoreError> {
        let text = "INSERT INTO _write_key (id, hash, source, name, created_at) VALUES (?, ?, ?, ?, ?)";
        let args = vec![
            Cell::Id(key.id),
            Cell::text(hash),
            Cell::Id(key.source),
            Cell::text(&key.name),
            Cell::DateTime(key.created_at),
        ];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Notes that a write key was used.
    pub async fn touch_write_key(&mut self, id: Id, now: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE _write_key SET used_at = ? WHERE id = ?";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::Id(id)])).await.map(drop)
    }

    /// Takes a write key back. False when there is none, or it was taken back before.
    pub async fn revoke_write_key(&mut self, id: Id, now: Timestamp) -> Result<bool, StoreError> {
        let text = "UPDATE _write_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
        Ok(self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::Id(id)])).await? == 1)
    }

    /// Appends versions of records, in order; a record that says what its latest version says gets none. Answers one entry for each.
    /// On PostgreSQL the records stay locked until the end of the write.
    pub async fn append_records(&mut self, records: &[Incoming], now: Timestamp) -> Result<Vec<Appended>, StoreError> {
        // One order for all writers, so that two of them never wait for each other.
        let mut names: Vec<(Id, &str, bool)> = records.iter().map(|r| (r.source, r.key.as_str(), r.partial)).collect();
        names.sort_unstable();
        names.dedup_by(|b, a| {
            (a.0, a.1) == (b.0, b.1) && {
                a.2 |= b.2;
                true
            }
        });
        let mut heads = self.heads(&names, now).await?;
        let mut out = Vec::with_capacity(records.len());
        let mut versions = Vec::new();
        for record in records {
            let Some(head) = heads.get_mut(&(record.source, record.key.as_str())) else { continue };
            let payload = match head.latest.take() {
                Some(mut latest) if record.partial => {
                    latest.extend(record.payload.clone());
                    latest
                }
                _ => record.payload.clone(),
            };
            let hash = Digest::of_object(&payload);
            let new = head.hash != Some(hash);
            if new {
                head.version += 1;
                head.hash = Some(hash);
                let text = Json::Object(payload.clone()).to_string();
                versions.push([
                    Cell::Id(head.id),
                    Cell::Int(head.version),
                    Cell::DateTime(now),
                    Cell::Json(text),
                    Cell::of_digest(hash),
                ]);
            }
            head.latest = Some(payload);
            out.push(Appended { record: head.id, version: head.version, new });
        }
        self.put_versions(versions).await?;
        Ok(out)
    }

    async fn put_versions(&mut self, versions: Vec<[Cell; 5]>) -> Result<(), StoreError> {
        let into = "INSERT INTO _source_version (record, version, received_at, payload) ";
        match self.dialect() {
            Dialect::Sqlite => {
                for [record, version, at, payload, hash] in versions {
                    let args = vec![record.clone(), version.clone(), at.clone(), payload];
                    self.execute(&Sql::with(Dialect::Sqlite, &format!("{into}VALUES (?, ?, ?, ?)"), args)).await?;
                    let text = "UPDATE _source_record SET version = ?, updated_at = ?, hash = ? WHERE id = ?";
                    self.execute(&Sql::with(Dialect::Sqlite, text, vec![version, at, hash, record])).await?;
                }
            }
            Dialect::Postgres if !versions.is_empty() => {
                let kinds = ["uuid", "bigint", "timestamptz", "jsonb"];
                let mut columns: Vec<(&str, Vec<Cell>)> = kinds.map(|kind| (kind, Vec::new())).into();
                // Of several versions of one record in a write, the head keeps the last.
                let mut last: HashMap<Id, [Cell; 4]> = HashMap::new();
                for [record, version, at, payload, hash] in versions {
                    if let Some(id) = record.id() {
                        last.insert(id, [record.clone(), version.clone(), at.clone(), hash]);
                    }
                    columns.iter_mut().zip([record, version, at, payload]).for_each(|((_, c), cell)| c.push(cell));
                }
                let mut sql = Sql::of(Dialect::Postgres, into);
                sql.push("SELECT * FROM ").unnest(columns);
                self.send(sql).await?;
                let kinds = ["uuid", "bigint", "timestamptz", "uuid"];
                let mut columns: Vec<(&str, Vec<Cell>)> = kinds.map(|kind| (kind, Vec::new())).into();
                for row in last.into_values() {
                    columns.iter_mut().zip(row).for_each(|((_, column), cell)| column.push(cell));
                }
                let set = "UPDATE _source_record SET version = s.c1, updated_at = s.c2, hash = s.c3 FROM ";
                let mut sql = Sql::of(Dialect::Postgres, set);
                sql.unnest(columns).push(" WHERE id = s.c0");
                self.send(sql).await?;
            }
            Dialect::Postgres => {}
        }
        Ok(())
    }

    /// Adds to what a source sent on a day. `shard` spreads the writers of several connections over rows that do not wait for each
    /// other; readers add them up.
    pub async fn count_received(
        &mut self,
        source: Id,
        volume: &Volume,
        shard: u8,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let text = "INSERT INTO _source_day (source, day, shard, accepted, repeated, rejected, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, day, shard) DO UPDATE SET accepted = _source_day.accepted + excluded.accepted,
            repeated = _source_day.repeated + excluded.repeated, rejected = _source_day.rejected + excluded.rejected,
            last_at = excluded.last_at";
        let args = vec![
            Cell::Id(source),
            Cell::text(&volume.day),
            Cell::Int(i64::from(shard)),
            Cell::Int(volume.accepted),
            Cell::Int(volume.repeated),
            Cell::Int(volume.rejected),
            Cell::DateTime(now),
        ];
        self.send(Sql::with(self.dialect(), text, args)).await
    }
}

impl Reader {
    /// A write key by the hash of its secret.
    pub async fn write_key(&mut self, hash: &str) -> Result<Option<WriteKey>, StoreError> {
        let text = format!("SELECT {KEY} FROM _write_key WHERE hash = ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::text(hash)]);
        self.query_one(&sql).await?.map(read_key).transpose()
    }

    /// The write keys of a source, newest first.
    pub async fn write_keys(&mut self, source: Id) -> Result<Vec<WriteKey>, StoreError> {
        let text = format!("SELECT {KEY} FROM _write_key WHERE source = ? ORDER BY created_at DESC LIMIT 500");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(source)]);
        self.query(&sql).await?.into_iter().map(read_key).collect()
    }

    /// The latest version of a source's record.
    pub async fn source_record(&mut self, source: Id, key: &str) -> Result<Option<Version>, StoreError> {
        let text = format!("SELECT {VERSION} {OF_RECORD} AND v.version = r.version WHERE r.source = ? AND r.key = ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(source), Cell::text(key)]);
        self.query_one(&sql).await?.map(read_version).transpose()
    }

    /// All versions of a source's record, newest first.
    pub async fn source_versions(&mut self, source: Id, key: &str) -> Result<Vec<Version>, StoreError> {
        let text = format!("SELECT {VERSION} {OF_RECORD} WHERE r.source = ? AND r.key = ? ORDER BY v.version DESC");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(source), Cell::text(key)]);
        self.query(&sql).await?.into_iter().map(read_version).collect()
    }

    /// The latest versions of a source's records by key, after a key.
    pub async fn source_records(
        &mut self,
        source: Id,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Version>, StoreError> {
        let text = format!(
            "SELECT {VERSION} {OF_RECORD} AND v.version = r.version WHERE r.source = ? AND r.key > ? ORDER BY r.key LIMIT ?"
        );
        let args = vec![Cell::Id(source), Cell::text(after.unwrap_or_default()), Cell::Int(i64::from(limit))];
        let sql = Sql::with(self.dialect(), &text, args);
        self.query(&sql).await?.into_iter().map(read_version).collect()
    }

    /// A late version of a source's records: the newest where it is among the last thousands of all sources, else any record's.
    pub async fn sample_version(&mut self, source: Id) -> Result<Option<Version>, StoreError> {
        let text = format!(
            "SELECT {VERSION} FROM (SELECT * FROM _source_version ORDER BY seq DESC LIMIT 5000) v
             JOIN _source_record r ON r.id = v.record WHERE r.source = ? ORDER BY v.seq DESC LIMIT 1"
        );
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(source)]);
        match self.query_one(&sql).await? {
            Some(row) => read_version(row).map(Some),
            None => Ok(self.source_records(source, None, 1).await?.pop()),
        }
    }

    /// How many records each source has; one pass over the index of their keys.
    pub async fn count_source_records(&mut self) -> Result<Vec<(Id, i64)>, StoreError> {
        let sql = Sql::of(self.dialect(), "SELECT source, count(*) FROM _source_record GROUP BY source");
        let rows = self.query(&sql).await?;
        Ok(rows.iter().filter_map(|row| Some((row[0].id()?, row[1].int()?))).collect())
    }

    /// The versions after a position, of all sources, in the order in which they became visible, and the position after them. As with
    /// [`Reader::tail`], none is ever passed over.
    pub async fn versions_after(
        &mut self,
        after: Position,
        limit: u32,
    ) -> Result<(Vec<Version>, Position), StoreError> {
        let inner = after.follow(self.dialect(), "SELECT * FROM _source_version", limit);
        let text = format!(
            "SELECT {VERSION} FROM ({}) v JOIN _source_record r ON r.id = v.record ORDER BY v.tx, v.seq",
            inner.text
        );
        let sql = Sql { text, ..inner };
        let rows = self.query(&sql).await?;
        let last = rows.last().and_then(|row| Some(Position { tx: row[7].int()?, seq: row[0].int()? }));
        let versions = rows.into_iter().map(read_version).collect::<Result<_, _>>()?;
        Ok((versions, last.unwrap_or(after)))
    }

    /// What a source sent by day, newest first, at most `days` of them.
    pub async fn volumes(&mut self, source: Id, days: u32) -> Result<Vec<Volume>, StoreError> {
        let text = "SELECT day, CAST(sum(accepted) AS BIGINT), CAST(sum(repeated) AS BIGINT), CAST(sum(rejected) AS BIGINT), max(last_at)
            FROM _source_day WHERE source = ? GROUP BY day ORDER BY day DESC LIMIT ?";
        let sql = Sql::with(self.dialect(), text, vec![Cell::Id(source), Cell::Int(i64::from(days))]);
        Ok(self.query(&sql).await?.iter().map(read_volume).collect())
    }

    /// What each source sent since a day, that day included, and when it last sent anything.
    pub async fn volumes_since(&mut self, day: &str) -> Result<HashMap<Id, Volume>, StoreError> {
        let sum = |column: &str| format!("CAST(coalesce(sum(CASE WHEN day >= ? THEN {column} END), 0) AS BIGINT)");
        let text = format!(
            "SELECT '', {}, {}, {}, max(last_at), source FROM _source_day GROUP BY source",
            sum("accepted"),
            sum("repeated"),
            sum("rejected")
        );
        let sql = Sql::with(self.dialect(), &text, vec![Cell::text(day); 3]);
        Ok(self.query(&sql).await?.iter().filter_map(|row| Some((row[5].id()?, read_volume(row)))).collect())
    }
}

fn read_volume(row: &Row) -> Volume {
    Volume {
        day: row[0].str().unwrap_or_default().to_owned(),
        accepted: row[1].int().unwrap_or(0),
        repeated: row[2].int().unwrap_or(0),
        rejected: row[3].int().unwrap_or(0),
        last_at: row[4].moment(),
    }
}

fn read_key(row: Row) -> Result<WriteKey, StoreError> {
    let fault = || StoreError::Fault("a write key cannot be read back".to_owned());
    Ok(WriteKey {
        id: row[0].id().ok_or_else(fault)?,
        source: row[1].id().ok_or_else(fault)?,
        name: row[2].str().unwrap_or_default().to_owned(),
        created_at: row[3].moment().ok_or_else(fault)?,
        used_at: row[4].moment(),
        revoked_at: row[5].moment(),
    })
}

pub(crate) fn read_version(row: Row) -> Result<Version, StoreError> {
    let fault = || StoreError::Fault("a source's record cannot be read back".to_owned());
    Ok(Version {
        seq: row[0].int().ok_or_else(fault)?,
        record: row[1].id().ok_or_else(fault)?,
        source: row[2].id().ok_or_else(fault)?,
        key: row[3].str().ok_or_else(fault)?.to_owned(),
        version: row[4].int().ok_or_else(fault)?,
        received_at: row[5].moment().ok_or_else(fault)?,
        payload: row[6].json().ok_or_else(fault)?,
    })
}
