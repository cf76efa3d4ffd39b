//! Who is who: for each source's record what the model read of it, its keys, the records it resembles and the profile it belongs to;
//! what people decided; and how profiles came to be.

use kernel::{Id, Timestamp};
use serde_json::Value as Json;

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::source::Version;
use crate::sql::{Cell, Dialect, Row, Sql};

/// A source's record in the light of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The record.
    pub record: Id,
    /// Its source.
    pub source: Id,
    /// `person` or `organisation`.
    pub entity: String,
    /// The profile it belongs to.
    pub profile: Id,
    /// The version of the record that was read.
    pub version: i64,
    /// What the model read of it, in the model's own form.
    pub features: String,
}

/// Two records that resemble each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// A record.
    pub a: Id,
    /// The other one.
    pub b: Id,
    /// The match weight, in bits.
    pub weight: f64,
}

/// What a person decided: all records of one side are, or none of them is, the same as those of the other side.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Its number in the order of decisions; 0 before it is written.
    pub seq: i64,
    /// Its identifier.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<Id>,
    /// Whether they are the same.
    pub same: bool,
    /// Why, in the person's words.
    pub note: String,
    /// When it was taken back, and does not count any more.
    pub undone_at: Option<Timestamp>,
    /// The records of either side.
    pub sides: [Vec<Id>; 2],
}

/// A change of what a profile is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its number in the order of events; 0 before it is written.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; nobody where the model did.
    pub actor: Option<Id>,
    /// The profile.
    pub profile: Id,
    /// `merge`: it took up the records of `other`. `split`: `other` took records of it.
    pub kind: String,
    /// The other profile.
    pub other: Id,
    /// The records that moved.
    pub records: Vec<Id>,
    /// The verdict that caused it, if one did.
    pub verdict: Option<Id>,
}

/// Two records of which a person should say whether they are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// A record.
    pub a: Id,
    /// The other one.
    pub b: Id,
    /// `person` or `organisation`.
    pub entity: String,
    /// The match weight, in bits.
    pub weight: f64,
    /// What an answer is worth, in no unit: the more the higher.
    pub worth: f64,
}

/// A matching model of this database.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptModel {
    /// Its identifier.
    pub id: Id,
    /// `person` or `organisation`.
    pub entity: String,
    /// When it was learnt.
    pub made_at: Timestamp,
    /// `candidate`, `current`, `retired` or `refused`.
    pub state: String,
    /// The model as JSON.
    pub model: String,
    /// What is known about it: how many records it was learnt from, what it would merge and split.
    pub detail: Json,
}

pub(crate) const TABLES: &str = "
CREATE TABLE _entry (record {id} PRIMARY KEY, source {id} NOT NULL, entity {text} NOT NULL, profile {id} NOT NULL, version BIGINT NOT NULL,
  features {text} NOT NULL);
CREATE INDEX _entry_profile ON _entry (profile);
CREATE TABLE _entry_key (key BIGINT NOT NULL, record {id} NOT NULL, PRIMARY KEY (key, record)) {clustered};
CREATE INDEX _entry_key_record ON _entry_key (record);
CREATE TABLE _link (a {id} NOT NULL, b {id} NOT NULL, weight DOUBLE PRECISION NOT NULL, PRIMARY KEY (a, b)) {clustered};
CREATE TABLE _doubt (a {id} NOT NULL, b {id} NOT NULL, entity {text} NOT NULL, weight DOUBLE PRECISION NOT NULL, worth DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (a, b)) {clustered};
CREATE INDEX _doubt_b ON _doubt (b);
CREATE INDEX _doubt_worth ON _doubt (worth, a, b);
CREATE TABLE _verdict (seq {seq}, id {id} NOT NULL UNIQUE, at {time} NOT NULL, actor {id}, same BOOLEAN NOT NULL, note {text} NOT NULL, undone_at {time});
CREATE TABLE _verdict_side (record {id} NOT NULL, verdict {id} NOT NULL, side BIGINT NOT NULL, PRIMARY KEY (record, verdict, side)) {clustered};
CREATE INDEX _verdict_side_verdict ON _verdict_side (verdict);
CREATE TABLE _lineage (seq {seq}, at {time} NOT NULL, actor {id}, profile {id} NOT NULL, kind {text} NOT NULL, other {id} NOT NULL,
  records {json} NOT NULL, verdict {id});
CREATE INDEX _lineage_profile ON _lineage (profile, seq);
CREATE INDEX _lineage_other ON _lineage (other, seq);
CREATE TABLE _alias (profile {id} PRIMARY KEY, kept {id} NOT NULL);
CREATE TABLE _matching_model (id {id} PRIMARY KEY, entity {text} NOT NULL, made_at {time} NOT NULL, state {text} NOT NULL, model {text} NOT NULL,
  detail {json} NOT NULL);
";

const ENTRY: &str = "record, source, entity, profile, version, features";
const STEP: &str = "seq, at, actor, profile, kind, other, records, verdict";
const MODEL: &str = "id, entity, made_at, state, model, detail";

const LINKS: &str = "SELECT a, b, weight FROM _link WHERE a IN ";
const VERDICTS: &str = "SELECT DISTINCT s.verdict FROM _verdict_side s JOIN _verdict v ON v.id = s.verdict
    WHERE v.undone_at IS NULL AND s.record IN ";

/// Identifiers bound in one statement.
const BOUND: usize = 512;

impl Reader {
    /// The entries of records; those without one are left out.
    pub async fn entries(&mut self, records: &[Id]) -> Result<Vec<Entry>, StoreError> {
        self.by_ids(&format!("SELECT {ENTRY} FROM _entry WHERE record IN "), "", records, read_entry).await
    }

    /// The entries of all records of some profiles, by record.
    pub async fn entries_of(&mut self, profiles: &[Id]) -> Result<Vec<Entry>, StoreError> {
        let select = format!("SELECT {ENTRY} FROM _entry WHERE profile IN ");
        self.by_ids(&select, " ORDER BY record", profiles, read_entry).await
    }

    /// Entries after a record, by record: what goes through all of them takes them a page at a time.
    pub async fn entries_after(&mut self, after: Option<Id>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let text = format!("SELECT {ENTRY} FROM _entry WHERE record > ? ORDER BY record LIMIT ?");
        let args = vec![Cell::Id(after.unwrap_or(Id::from_bytes([0; 16]))), Cell::Int(i64::from(limit))];
        self.query(&Sql::with(self.dialect(), &text, args)).await?.into_iter().map(read_entry).collect()
    }

    /// How many records of an entity there are. Costs a look at every entry.
    pub async fn count_entries(&mut self, entity: &str) -> Result<i64, StoreError> {
        let sql = Sql::with(self.dialect(), "SELECT count(*) FROM _entry WHERE entity = ?", vec![Cell::text(entity)]);
        Ok(self.query_one(&sql).await?.and_then(|row| row[0].int()).unwrap_or(0))
    }

    /// Records that have keys: at most `most` for each key, and one more where there are more.
    pub async fn key_holders(&mut self, keys: &[i64], most: u32) -> Result<Vec<(i64, Id)>, StoreError> {
        let limit = Cell::Int(i64::from(most) + 1);
        let mut rows = Vec::new();
        match self.dialect() {
            Dialect::Sqlite => {
                let text = "SELECT key, record FROM _entry_key WHERE key = ? ORDER BY record LIMIT ?";
                let mut sql = Sql::with(Dialect::Sqlite, text, vec![Cell::Null, limit]);
                for key in keys {
                    sql.args[0] = Cell::Int(*key);
                    rows.extend(self.query(&sql).await?);
                }
            }
            Dialect::Postgres => {
                let mut sql = Sql::of(Dialect::Postgres, "SELECT s.c0, k.record FROM ");
                sql.unnest(vec![("bigint", keys.iter().map(|key| Cell::Int(*key)).collect())])
                    .push(" CROSS JOIN LATERAL (SELECT record FROM _entry_key WHERE key = s.c0 ORDER BY record LIMIT ")
                    .bind(limit)
                    .push(") k");
                rows = self.query(&sql).await?;
            }
        }
        Ok(rows.iter().filter_map(|row| Some((row[0].int()?, row[1].id()?))).collect())
    }

    /// The records that some records resemble at least as much as a weight; each link is met from the side of the given records.
    pub async fn links(&mut self, records: &[Id], at_least: f64) -> Result<Vec<Link>, StoreError> {
        let mut found = self.by_ids(LINKS, "", records, read_link).await?;
        found.retain(|link| link.weight >= at_least);
        Ok(found)
    }

    /// The verdicts that count and are about some records.
    pub async fn verdicts_on(&mut self, records: &[Id]) -> Result<Vec<Verdict>, StoreError> {
        let ids = self.by_ids(VERDICTS, "", records, |row| row[0].id().ok_or_else(no_verdict)).await?;
        self.verdicts_among(ids).await
    }

    /// What ties records to others: [`Reader::links`] and [`Reader::verdicts_on`].
    pub async fn ties(&mut self, records: &[Id], at_least: f64) -> Result<(Vec<Link>, Vec<Verdict>), StoreError> {
        let (mut links, mut verdicts) = (Vec::new(), Vec::new());
        for chunk in records.chunks(BOUND) {
            let questions = [LINKS, VERDICTS].map(|select| {
                let mut sql = Sql::of(self.dialect(), select);
                sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
                sql
            });
            let (resembling, decided) = self.query_both(&questions[0], &questions[1]).await?;
            for link in resembling {
                links.push(read_link(link)?);
            }
            for row in decided {
                verdicts.push(row[0].id().ok_or_else(no_verdict)?);
            }
        }
        links.retain(|link| link.weight >= at_least);
        Ok((links, self.verdicts_among(verdicts).await?))
    }

    /// Verdicts by their identifiers, which may come several times.
    async fn verdicts_among(&mut self, mut ids: Vec<Id>) -> Result<Vec<Verdict>, StoreError> {
        ids.sort_unstable();
        ids.dedup();
        self.verdicts(&ids).await
    }

    /// The latest verdicts, newest first, before a number.
    pub async fn latest_verdicts(&mut self, before: Option<i64>, limit: u32) -> Result<Vec<Verdict>, StoreError> {
        let text = "SELECT id FROM _verdict WHERE seq < ? ORDER BY seq DESC LIMIT ?";
        let args = vec![Cell::Int(before.unwrap_or(i64::MAX)), Cell::Int(i64::from(limit))];
        let rows = self.query(&Sql::with(self.dialect(), text, args)).await?;
        let ids: Vec<Id> = rows.iter().filter_map(|row| row[0].id()).collect();
        let mut found = self.verdicts(&ids).await?;
        found.reverse();
        Ok(found)
    }

    /// Verdicts by their identifiers, in the order of decisions.
    pub async fn verdicts(&mut self, ids: &[Id]) -> Result<Vec<Verdict>, StoreError> {
        let heads = "SELECT id, at, actor, same, note, undone_at, seq FROM _verdict WHERE id IN ";
        let mut found = self
            .by_ids(heads, " ORDER BY id", ids, |row| {
                Ok(Verdict {
                    seq: row[6].int().ok_or_else(no_verdict)?,
                    id: row[0].id().ok_or_else(no_verdict)?,
                    at: row[1].moment().ok_or_else(no_verdict)?,
                    actor: row[2].id(),
                    same: row[3].int() == Some(1),
                    note: row[4].str().unwrap_or_default().to_owned(),
                    undone_at: row[5].moment(),
                    sides: [Vec::new(), Vec::new()],
                })
            })
            .await?;
        found.sort_by_key(|verdict| verdict.id);
        let sides = "SELECT verdict, side, record FROM _verdict_side WHERE verdict IN ";
        for row in self.by_ids(sides, " ORDER BY record", ids, Ok).await? {
            let (Some(verdict), Some(side), Some(record)) = (row[0].id(), row[1].int(), row[2].id()) else { continue };
            if let Ok(at) = found.binary_search_by_key(&verdict, |held| held.id) {
                found[at].sides[usize::from(side == 1)].push(record);
            }
        }
        found.sort_by_key(|verdict| verdict.seq);
        Ok(found)
    }

    /// What happened to a profile, newest first.
    pub async fn lineage(&mut self, profile: Id, limit: u32) -> Result<Vec<Step>, StoreError> {
        let text = format!("SELECT {STEP} FROM _lineage WHERE profile = ? OR other = ? ORDER BY seq DESC LIMIT ?");
        let args = vec![Cell::Id(profile), Cell::Id(profile), Cell::Int(i64::from(limit))];
        self.query(&Sql::with(self.dialect(), &text, args)).await?.into_iter().map(read_step).collect()
    }

    /// Where the records of profiles that are no more went, each with the profile that took its place.
    pub async fn aliases(&mut self, profiles: &[Id]) -> Result<Vec<(Id, Id)>, StoreError> {
        let fault = || StoreError::Fault("an alias cannot be read back".to_owned());
        let read = |row: Row| row[0].id().zip(row[1].id()).ok_or_else(fault);
        self.by_ids("SELECT profile, kept FROM _alias WHERE profile IN ", "", profiles, read).await
    }

    /// The profiles that profiles took the place of, each with the one that took its place.
    pub async fn former(&mut self, kept: &[Id]) -> Result<Vec<(Id, Id)>, StoreError> {
        let fault = || StoreError::Fault("an alias cannot be read back".to_owned());
        let read = |row: Row| row[0].id().zip(row[1].id()).ok_or_else(fault);
        self.by_ids("SELECT profile, kept FROM _alias WHERE kept IN ", " ORDER BY profile", kept, read).await
    }

    /// What people should look at, the most worthwhile first, after a worth and its records.
    pub async fn doubts(
        &mut self,
        entity: Option<&str>,
        after: Option<(f64, Id, Id)>,
        limit: u32,
    ) -> Result<Vec<Doubt>, StoreError> {
        let mut sql = Sql::of(self.dialect(), "SELECT a, b, entity, weight, worth FROM _doubt WHERE ");
        match after {
            None => sql.push("1 = 1"),
            Some((worth, a, b)) => {
                sql.push("(worth, a, b) < (").bind(Cell::Real(worth)).push(", ").bind(Cell::Id(a)).push(", ");
                sql.bind(Cell::Id(b)).push(")")
            }
        };
        if let Some(entity) = entity {
            sql.push(" AND entity = ").bind(Cell::text(entity));
        }
        sql.push(" ORDER BY worth DESC, a DESC, b DESC LIMIT ").bind(Cell::Int(i64::from(limit)));
        self.query(&sql).await?.into_iter().map(read_doubt).collect()
    }

    /// The doubts about some records.
    pub async fn doubts_on(&mut self, records: &[Id]) -> Result<Vec<Doubt>, StoreError> {
        let mut found = Vec::new();
        for column in ["a", "b"] {
            let select = format!("SELECT a, b, entity, weight, worth FROM _doubt WHERE {column} IN ");
            found.extend(self.by_ids(&select, "", records, read_doubt).await?);
        }
        found.sort_by_key(|doubt| (doubt.a, doubt.b));
        found.dedup_by_key(|doubt| (doubt.a, doubt.b));
        Ok(found)
    }

    /// How many doubts there are, counted up to a number.
    pub async fn count_doubts(&mut self, most: u32) -> Result<i64, StoreError> {
        let text = "SELECT count(*) FROM (SELECT 1 AS one FROM _doubt LIMIT ?) d";
        let row = self.query_one(&Sql::with(self.dialect(), text, vec![Cell::Int(i64::from(most))])).await?;
        Ok(row.and_then(|row| row[0].int()).unwrap_or(0))
    }

    /// How many doubts are at least so sure, counted up to a number. One pass over the doubts.
    pub async fn count_doubts_above(&mut self, weight: f64, most: u32) -> Result<i64, StoreError> {
        let text = "SELECT count(*) FROM (SELECT 1 AS one FROM _doubt WHERE weight >= ? LIMIT ?) d";
        let args = vec![Cell::Real(weight), Cell::Int(i64::from(most))];
        let row = self.query_one(&Sql::with(self.dialect(), text, args)).await?;
        Ok(row.and_then(|row| row[0].int()).unwrap_or(0))
    }

    /// Doubts that are at least so sure, the surest first. One pass over the doubts.
    pub async fn doubts_above(&mut self, weight: f64, limit: u32) -> Result<Vec<Doubt>, StoreError> {
        let text =
            "SELECT a, b, entity, weight, worth FROM _doubt WHERE weight >= ? ORDER BY weight DESC, a, b LIMIT ?";
        let args = vec![Cell::Real(weight), Cell::Int(i64::from(limit))];
        self.query(&Sql::with(self.dialect(), text, args)).await?.into_iter().map(read_doubt).collect()
    }

    /// The models of an entity, newest first.
    pub async fn models(&mut self, entity: &str) -> Result<Vec<KeptModel>, StoreError> {
        let text =
            format!("SELECT {MODEL} FROM _matching_model WHERE entity = ? ORDER BY made_at DESC, id DESC LIMIT 50");
        self.query(&Sql::with(self.dialect(), &text, vec![Cell::text(entity)]))
            .await?
            .into_iter()
            .map(read_model)
            .collect()
    }

    /// The identifier of the model by which records of an entity are matched; none before the first was learnt.
    pub async fn current_model(&mut self, entity: &str) -> Result<Option<Id>, StoreError> {
        let text = "SELECT id FROM _matching_model WHERE entity = ? AND state = 'current'";
        let row = self.query_one(&Sql::with(self.dialect(), text, vec![Cell::text(entity)])).await?;
        Ok(row.and_then(|row| row[0].id()))
    }

    /// A model.
    pub async fn model(&mut self, id: Id) -> Result<Option<KeptModel>, StoreError> {
        let text = format!("SELECT {MODEL} FROM _matching_model WHERE id = ?");
        self.query_one(&Sql::with(self.dialect(), &text, vec![Cell::Id(id)])).await?.map(read_model).transpose()
    }

    /// The latest versions of records, by record.
    pub async fn latest_versions(&mut self, records: &[Id]) -> Result<Vec<Version>, StoreError> {
        let select = "SELECT v.seq, v.record, r.source, r.key, v.version, v.received_at, v.payload
            FROM _source_record r JOIN _source_version v ON v.record = r.id AND v.version = r.version WHERE r.id IN ";
        let mut found = self.by_ids(select, "", records, crate::source::read_version).await?;
        found.sort_by_key(|version| version.record);
        Ok(found)
    }

    /// The records that sources call by these keys; unknown ones are left out.
    pub async fn records_called(&mut self, keys: &[(Id, String)]) -> Result<Vec<(Id, String, Id)>, StoreError> {
        let mut found = Vec::new();
        for chunk in keys.chunks(BOUND / 2) {
            let mut sql =
                Sql::of(self.dialect(), "SELECT source, key, id FROM _source_record WHERE (source, key) IN (VALUES ");
            for (at, (source, key)) in chunk.iter().enumerate() {
                sql.push(if at == 0 { "(" } else { ", (" }).bind(Cell::Id(*source));
                sql.either("", "::uuid").push(", ").bind(Cell::text(key)).either("", "::text").push(")");
            }
            sql.push(")");
            let rows = self.query(&sql).await?;
            found.extend(rows.iter().filter_map(|row| Some((row[0].id()?, row[1].str()?.to_owned(), row[2].id()?))));
        }
        Ok(found)
    }

    async fn by_ids<T>(
        &mut self,
        select: &str,
        rest: &str,
        ids: &[Id],
        read: impl Fn(Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(BOUND) {
            let mut sql = Sql::of(self.dialect(), select);
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(rest);
            for row in self.query(&sql).await? {
                found.push(read(row)?);
            }
        }
        Ok(found)
    }
}

impl Writer {
    /// Keeps entries; those of records that have one take its place.
    pub async fn put_entries(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let rows = entries.iter().map(|entry| {
            vec![
                Cell::Id(entry.record),
                Cell::Id(entry.source),
                Cell::text(&entry.entity),
                Cell::Id(entry.profile),
                Cell::Int(entry.version),
                Cell::text(&entry.features),
            ]
        });
        let conflict = " ON CONFLICT (record) DO UPDATE SET entity = excluded.entity, profile = excluded.profile,
            version = excluded.version, features = excluded.features";
        let columns = ["uuid", "uuid", "text", "uuid", "bigint", "text"];
        self.put_rows(&format!("INSERT INTO _entry ({ENTRY}) "), &columns, rows.collect(), conflict).await
    }

    /// Moves records to profiles.
    pub async fn set_profiles(&mut self, moves: &[(Id, Id)]) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Sqlite => {
                let text = "UPDATE _entry SET profile = ? WHERE record = ?";
                for (record, profile) in moves {
                    let args = vec![Cell::Id(*profile), Cell::Id(*record)];
                    self.execute(&Sql::with(Dialect::Sqlite, text, args)).await?;
                }
                Ok(())
            }
            Dialect::Postgres => {
                let mut sql = Sql::of(Dialect::Postgres, "UPDATE _entry SET profile = s.c1 FROM ");
                let (records, profiles) = moves.iter().map(|(a, b)| (Cell::Id(*a), Cell::Id(*b))).unzip();
                sql.unnest(vec![("uuid", records), ("uuid", profiles)]).push(" WHERE record = s.c0");
                self.send(sql).await
            }
        }
    }

    /// Forgets keys, links and doubts of records, and, when `whole`, their entries.
    pub async fn clear_entries(&mut self, records: &[Id], whole: bool) -> Result<(), StoreError> {
        let mut texts = vec![
            "DELETE FROM _entry_key WHERE record IN ",
            "DELETE FROM _link WHERE b IN ",
            "DELETE FROM _link WHERE a IN ",
            "DELETE FROM _doubt WHERE a IN ",
            "DELETE FROM _doubt WHERE b IN ",
        ];
        if whole {
            texts.push("DELETE FROM _entry WHERE record IN ");
        }
        for text in texts {
            self.delete_by_ids(text, records).await?;
        }
        Ok(())
    }

    /// Keeps keys of records.
    pub async fn put_keys(&mut self, keys: &[(i64, Id)]) -> Result<(), StoreError> {
        let rows = keys.iter().map(|(key, record)| vec![Cell::Int(*key), Cell::Id(*record)]).collect();
        self.put_rows("INSERT INTO _entry_key (key, record) ", &["bigint", "uuid"], rows, " ON CONFLICT DO NOTHING")
            .await
    }

    /// Keeps links, each in both directions.
    pub async fn put_links(&mut self, links: &[Link]) -> Result<(), StoreError> {
        let both = links.iter().flat_map(|link| [(link.a, link.b, link.weight), (link.b, link.a, link.weight)]);
        let rows = both.map(|(a, b, weight)| vec![Cell::Id(a), Cell::Id(b), Cell::Real(weight)]).collect();
        let conflict = " ON CONFLICT (a, b) DO UPDATE SET weight = excluded.weight";
        self.put_rows("INSERT INTO _link (a, b, weight) ", &["uuid", "uuid", "float8"], rows, conflict).await
    }

    /// Keeps doubts.
    pub async fn put_doubts(&mut self, doubts: &[Doubt]) -> Result<(), StoreError> {
        let rows = doubts.iter().map(|doubt| {
            let (a, b) = (doubt.a.min(doubt.b), doubt.a.max(doubt.b));
            let numbers = [Cell::Real(doubt.weight), Cell::Real(doubt.worth)];
            [vec![Cell::Id(a), Cell::Id(b), Cell::text(&doubt.entity)], numbers.into()].concat()
        });
        let conflict = " ON CONFLICT (a, b) DO UPDATE SET weight = excluded.weight, worth = excluded.worth";
        let columns = ["uuid", "uuid", "text", "float8", "float8"];
        self.put_rows("INSERT INTO _doubt (a, b, entity, weight, worth) ", &columns, rows.collect(), conflict).await
    }

    /// Ends doubts: somebody answered.
    pub async fn end_doubts(&mut self, pairs: &[(Id, Id)]) -> Result<(), StoreError> {
        for (a, b) in pairs {
            let args = vec![Cell::Id(*a.min(b)), Cell::Id(*a.max(b))];
            self.execute(&Sql::with(self.dialect(), "DELETE FROM _doubt WHERE a = ? AND b = ?", args)).await?;
        }
        Ok(())
    }

    /// Keeps a verdict.
    pub async fn put_verdict(&mut self, verdict: &Verdict) -> Result<(), StoreError> {
        let head = vec![vec![
            Cell::Id(verdict.id),
            Cell::DateTime(verdict.at),
            Cell::opt_id(verdict.actor),
            Cell::Bool(verdict.same),
            Cell::text(&verdict.note),
        ]];
        let columns = ["uuid", "timestamptz", "uuid", "boolean", "text"];
        self.put_rows("INSERT INTO _verdict (id, at, actor, same, note) ", &columns, head, "").await?;
        let sides = verdict.sides.iter().enumerate().flat_map(|(side, records)| {
            records.iter().map(move |record| vec![Cell::Id(*record), Cell::Id(verdict.id), Cell::Int(side as i64)])
        });
        let into = "INSERT INTO _verdict_side (record, verdict, side) ";
        self.put_rows(into, &["uuid", "uuid", "bigint"], sides.collect(), " ON CONFLICT DO NOTHING").await
    }

    /// Takes a verdict back, or lets it count again. False when it was so before, and when there is none.
    pub async fn undo_verdict(&mut self, id: Id, at: Option<Timestamp>) -> Result<bool, StoreError> {
        let text = match at {
            Some(_) => "UPDATE _verdict SET undone_at = ? WHERE id = ? AND undone_at IS NULL",
            None => "UPDATE _verdict SET undone_at = ? WHERE id = ? AND undone_at IS NOT NULL",
        };
        let args = vec![at.map_or(Cell::Null, Cell::DateTime), Cell::Id(id)];
        Ok(self.execute(&Sql::with(self.dialect(), text, args)).await? == 1)
    }

    /// Appends to the lineage of profiles.
    pub async fn append_lineage(&mut self, steps: &[Step]) -> Result<(), StoreError> {
        let rows = steps.iter().map(|step| {
            let records: Vec<String> = step.records.iter().map(Id::to_string).collect();
            vec![
                Cell::DateTime(step.at),
                Cell::opt_id(step.actor),
                Cell::Id(step.profile),
                Cell::text(&step.kind),
                Cell::Id(step.other),
                Cell::Json(Json::from(records).to_string()),
                Cell::opt_id(step.verdict),
            ]
        });
        let into = "INSERT INTO _lineage (at, actor, profile, kind, other, records, verdict) ";
        let columns = ["timestamptz", "uuid", "uuid", "text", "uuid", "jsonb", "uuid"];
        self.put_rows(into, &columns, rows.collect(), "").await
    }

    /// Notes which profiles took the place of others; `None`: the profile is itself again.
    pub async fn put_aliases(&mut self, aliases: &[(Id, Option<Id>)]) -> Result<(), StoreError> {
        let (gone, back): (Vec<_>, Vec<_>) = aliases.iter().partition(|(_, kept)| kept.is_some());
        let rows = gone.iter().filter_map(|(profile, kept)| Some(vec![Cell::Id(*profile), Cell::Id((*kept)?)]));
        let conflict = " ON CONFLICT (profile) DO UPDATE SET kept = excluded.kept";
        self.put_rows("INSERT INTO _alias (profile, kept) ", &["uuid", "uuid"], rows.collect(), conflict).await?;
        let back: Vec<Id> = back.iter().map(|(profile, _)| *profile).collect();
        self.delete_by_ids("DELETE FROM _alias WHERE profile IN ", &back).await
    }

    /// Keeps a model, or what became of it. A current one takes the place of the one before.
    pub async fn put_model(&mut self, model: &KeptModel) -> Result<(), StoreError> {
        if model.state == "current" {
            let text =
                "UPDATE _matching_model SET state = 'retired' WHERE entity = ? AND state = 'current' AND id <> ?";
            let args = vec![Cell::text(&model.entity), Cell::Id(model.id)];
            self.execute(&Sql::with(self.dialect(), text, args)).await?;
        }
        let row = vec![
            Cell::Id(model.id),
            Cell::text(&model.entity),
            Cell::DateTime(model.made_at),
            Cell::text(&model.state),
            Cell::text(&model.model),
            Cell::Json(model.detail.to_string()),
        ];
        let columns = ["uuid", "text", "timestamptz", "text", "text", "jsonb"];
        let conflict = " ON CONFLICT (id) DO UPDATE SET state = excluded.state, detail = excluded.detail";
        self.put_rows(&format!("INSERT INTO _matching_model ({MODEL}) "), &columns, vec![row], conflict).await
    }

    /// Inserts rows: one statement on PostgreSQL, one prepared statement for all on SQLite. `kinds` are PostgreSQL's types.
    pub(crate) async fn put_rows(
        &mut self,
        into: &str,
        kinds: &[&'static str],
        rows: Vec<Vec<Cell>>,
        conflict: &str,
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        match self.dialect() {
            Dialect::Sqlite => {
                let places = vec!["?"; kinds.len()].join(", ");
                let text = format!("{into}VALUES ({places}){conflict}");
                let mut sql = Sql::with(Dialect::Sqlite, &text, vec![Cell::Null; kinds.len()]);
                for row in rows {
                    sql.args = row;
                    self.execute(&sql).await?;
                }
            }
            Dialect::Postgres => {
                for chunk in rows.chunks(2_000) {
                    let column = |at: usize| chunk.iter().map(|row| row[at].clone()).collect();
                    let columns = kinds.iter().enumerate().map(|(at, kind)| (*kind, column(at))).collect();
                    let mut sql = Sql::of(Dialect::Postgres, into);
                    sql.push("SELECT * FROM ").unnest(columns).push(conflict);
                    self.send(sql).await?;
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn delete_by_ids(&mut self, text: &str, ids: &[Id]) -> Result<(), StoreError> {
        for chunk in ids.chunks(BOUND) {
            let mut sql = Sql::of(self.dialect(), text);
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            self.send(sql).await?;
        }
        Ok(())
    }
}

fn no_verdict() -> StoreError {
    StoreError::Fault("a verdict cannot be read back".to_owned())
}

fn read_link(row: Row) -> Result<Link, StoreError> {
    let link = |row: &Row| Some(Link { a: row[0].id()?, b: row[1].id()?, weight: row[2].real()? });
    link(&row).ok_or_else(|| StoreError::Fault("a link cannot be read back".to_owned()))
}

fn read_entry(row: Row) -> Result<Entry, StoreError> {
    let fault = || StoreError::Fault("an entry cannot be read back".to_owned());
    Ok(Entry {
        record: row[0].id().ok_or_else(fault)?,
        source: row[1].id().ok_or_else(fault)?,
        entity: row[2].str().ok_or_else(fault)?.to_owned(),
        profile: row[3].id().ok_or_else(fault)?,
        version: row[4].int().ok_or_else(fault)?,
        features: row[5].str().ok_or_else(fault)?.to_owned(),
    })
}

fn read_step(row: Row) -> Result<Step, StoreError> {
    let fault = || StoreError::Fault("a profile's lineage cannot be read back".to_owned());
    let records: Vec<String> = row[6].json().and_then(|json| serde_json::from_value(json).ok()).ok_or_else(fault)?;
    Ok(Step {
        seq: row[0].int().ok_or_else(fault)?,
        at: row[1].moment().ok_or_else(fault)?,
        actor: row[2].id(),
        profile: row[3].id().ok_or_else(fault)?,
        kind: row[4].str().ok_or_else(fault)?.to_owned(),
        other: row[5].id().ok_or_else(fault)?,
        records: records.iter().filter_map(|id| Id::parse_any(id).ok()).map(|(_, id)| id).collect(),
        verdict: row[7].id(),
    })
}

fn read_doubt(row: Row) -> Result<Doubt, StoreError> {
    let fault = || StoreError::Fault("a doubt cannot be read back".to_owned());
    Ok(Doubt {
        a: row[0].id().ok_or_else(fault)?,
        b: row[1].id().ok_or_else(fault)?,
        entity: row[2].str().ok_or_else(fault)?.to_owned(),
        weight: row[3].real().ok_or_else(fault)?,
        worth: row[4].real().ok_or_else(fault)?,
    })
}

fn read_model(row: Row) -> Result<KeptModel, StoreError> {
    let fault = || StoreError::Fault("a matching model cannot be read back".to_owned());
    let text = |at: usize| row[at].str().map(str::to_owned);
    Ok(KeptModel {
        id: row[0].id().ok_or_else(fault)?,
        entity: text(1).ok_or_else(fault)?,
        made_at: row[2].moment().ok_or_else(fault)?,
        state: text(3).ok_or_else(fault)?,
        model: text(4).ok_or_else(fault)?,
        detail: row[5].json().ok_or_else(fault)?,
    })
}
