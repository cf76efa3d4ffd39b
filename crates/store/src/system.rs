//! The platform's own tables, in numbered migrations, and settings.

use std::collections::HashMap;

use kernel::{Id, Timestamp};
use serde_json::Value as Json;

use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Dialect, Sql};
use crate::{StoreError, consent, entity, event, person, shape};

/// Migrations in order. One that has been released is never edited. `{id}`, `{time}`, `{json}`, `{text}`, `{seq}`, `{bytes}` stand
/// for the database's types.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "platform", PLATFORM),
    (2, "sources", SOURCES),
    (3, "identity", entity::TABLES),
    (4, "consent", consent::CONSENT),
    (5, "tallies", event::TALLIES),
    (6, "person", person::TABLES),
    (7, "refusals", shape::REFUSALS),
    (8, "points", event::REACHED),
];

const PLATFORM: &str = "
CREATE TABLE _setting (name {text} PRIMARY KEY, value {json} NOT NULL);
CREATE TABLE _object (name {text} PRIMARY KEY, definition {json} NOT NULL);
CREATE TABLE _field (object {text} NOT NULL, name {text} NOT NULL, definition {json} NOT NULL, PRIMARY KEY (object, name));
CREATE TABLE _change (seq {seq}, tx BIGINT NOT NULL DEFAULT {tx}, at {time} NOT NULL, actor {id}, via {text} NOT NULL, batch {id},
  object {text} NOT NULL, record {id} NOT NULL, op {text} NOT NULL, version BIGINT NOT NULL, diff {json});
CREATE INDEX _change_record ON _change (record, seq);
CREATE INDEX _change_batch ON _change (batch, seq) WHERE batch IS NOT NULL;
{tx_index}
CREATE TABLE _batch (id {id} PRIMARY KEY, kind {text} NOT NULL, label {text} NOT NULL, at {time} NOT NULL, actor {id}, state {text} NOT NULL,
  detail {json} NOT NULL, undone_by {id});
CREATE INDEX _batch_at ON _batch (at);
CREATE TABLE _counter (name {text} PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE _position (name {text} PRIMARY KEY, tx BIGINT NOT NULL, seq BIGINT NOT NULL);
CREATE TABLE _job (seq {seq}, kind {text} NOT NULL, key {text} UNIQUE, payload {json} NOT NULL, state {text} NOT NULL, run_at {time} NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0, locked_until {time}, error {text}, created_at {time} NOT NULL, ended_at {time});
CREATE INDEX _job_ready ON _job (run_at) WHERE state IN ('ready', 'running');
CREATE INDEX _job_state ON _job (state, seq);
CREATE TABLE _credential (user_id {id} PRIMARY KEY, hash {text} NOT NULL, changed_at {time} NOT NULL);
CREATE TABLE _session (hash {text} PRIMARY KEY, user_id {id} NOT NULL, created_at {time} NOT NULL, seen_at {time} NOT NULL,
  expires_at {time} NOT NULL, agent {text} NOT NULL, address {text} NOT NULL);
CREATE INDEX _session_user ON _session (user_id);
CREATE TABLE _token (id {id} PRIMARY KEY, hash {text} NOT NULL UNIQUE, user_id {id} NOT NULL, name {text} NOT NULL, scopes {json} NOT NULL,
  created_at {time} NOT NULL, expires_at {time}, used_at {time}, revoked_at {time});
CREATE TABLE _ticket (hash {text} PRIMARY KEY, kind {text} NOT NULL, user_id {id}, created_at {time} NOT NULL, expires_at {time} NOT NULL);
CREATE TABLE _attempt (key {text} PRIMARY KEY, since {time} NOT NULL, count BIGINT NOT NULL);
CREATE TABLE _idempotency (key {text} PRIMARY KEY, fingerprint {text} NOT NULL, status BIGINT NOT NULL, body {text} NOT NULL, at {time} NOT NULL);
CREATE INDEX _idempotency_at ON _idempotency (at);
CREATE TABLE _file (id {id} PRIMARY KEY, name {text} NOT NULL, media {text} NOT NULL, size BIGINT NOT NULL, at {time} NOT NULL, actor {id},
  content {bytes} NOT NULL);
{postgres}
";

const SOURCES: &str = "
CREATE TABLE _write_key (id {id} PRIMARY KEY, hash {text} NOT NULL UNIQUE, source {id} NOT NULL, name {text} NOT NULL, created_at {time} NOT NULL,
  used_at {time}, revoked_at {time});
CREATE INDEX _write_key_source ON _write_key (source);
CREATE TABLE _source_record (id {id} PRIMARY KEY, source {id} NOT NULL, key {text} NOT NULL, version BIGINT NOT NULL, hash {id},
  created_at {time} NOT NULL, updated_at {time} NOT NULL, UNIQUE (source, key));
CREATE TABLE _source_version (seq {seq}, tx BIGINT NOT NULL DEFAULT {tx}, record {id} NOT NULL, version BIGINT NOT NULL, received_at {time} NOT NULL,
  payload {json} NOT NULL, UNIQUE (record, version));
CREATE TABLE _source_day (source {id} NOT NULL, day {text} NOT NULL, shard BIGINT NOT NULL, accepted BIGINT NOT NULL, repeated BIGINT NOT NULL,
  rejected BIGINT NOT NULL, last_at {time} NOT NULL, PRIMARY KEY (source, day, shard));
CREATE TABLE _event (seq {seq}, tx BIGINT NOT NULL DEFAULT {tx}, message {id} NOT NULL UNIQUE, source {id} NOT NULL, kind {text} NOT NULL, name {text},
  at {time} NOT NULL, received_at {time} NOT NULL, user_id {text}, anonymous_id {text}, group_id {text}, previous_id {text}, payload {json} NOT NULL);
CREATE INDEX _event_source ON _event (source, seq);
CREATE INDEX _event_user ON _event (user_id, at) WHERE user_id IS NOT NULL;
CREATE INDEX _event_anonymous ON _event (anonymous_id, at) WHERE anonymous_id IS NOT NULL;
CREATE INDEX _event_group ON _event (group_id, at) WHERE group_id IS NOT NULL;
CREATE INDEX _event_previous ON _event (previous_id) WHERE previous_id IS NOT NULL;
CREATE TABLE _event_property (source {id} NOT NULL, kind {text} NOT NULL, event {text} NOT NULL, property {text} NOT NULL, type {text} NOT NULL,
  count BIGINT NOT NULL, first_at {time} NOT NULL, last_at {time} NOT NULL, PRIMARY KEY (source, kind, event, property, type));
CREATE TABLE _event_reject (seq {seq}, source {id} NOT NULL, message {text}, received_at {time} NOT NULL, problem {text} NOT NULL, payload {text} NOT NULL);
CREATE INDEX _event_reject_source ON _event_reject (source, seq);
{follow_sources}
";

/// What followers of PostgreSQL's tables read by; on SQLite the number of a row is the order of commits.
const FOLLOW_SOURCES: &str = "
CREATE INDEX _source_version_tx ON _source_version (tx, seq);
CREATE INDEX _event_tx ON _event (tx, seq);
";

const POSTGRES_ONLY: &str = r#"
CREATE TABLE _term (term TEXT COLLATE "C" PRIMARY KEY);
CREATE FUNCTION fold(t TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
  SELECT replace(replace(replace(regexp_replace(normalize(lower(t COLLATE "und-x-icu"), NFD),
    U&'[\0300-\036f\1ab0-\1aff\1dc0-\1dff\20d0-\20ff\fe20-\fe2f]', '', 'g'), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss') COLLATE "C"
$fold$;
"#;

impl Reader {
    /// The version of the platform's tables; 0 in a new database.
    pub async fn version(&mut self) -> Result<i64, StoreError> {
        let text = match self.dialect() {
            Dialect::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = '_migration'",
            Dialect::Postgres => {
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_migration'"
            }
        };
        let sql = Sql::of(self.dialect(), text);
        let exists = self.query_one(&sql).await?.and_then(|r| r[0].int()) == Some(1);
        if !exists {
            return Ok(0);
        }
        let sql = Sql::of(self.dialect(), "SELECT coalesce(max(version), 0) FROM _migration");
        let row = self.query_one(&sql).await?;
        Ok(row.and_then(|r| r[0].int()).unwrap_or(0))
    }

    /// A setting.
    pub async fn setting(&mut self, name: &str) -> Result<Option<Json>, StoreError> {
        let sql = Sql::with(self.dialect(), "SELECT value FROM _setting WHERE name = ?", vec![Cell::text(name)]);
        Ok(self.query_one(&sql).await?.and_then(|row| row[0].json()))
    }

    /// Several settings by their names; those that are not set are absent.
    pub async fn settings(&mut self, names: &[&str]) -> Result<HashMap<String, Json>, StoreError> {
        let mut sql = Sql::of(self.dialect(), "SELECT name, value FROM _setting WHERE name IN ");
        sql.bind_list(names.iter().map(|name| Cell::text(*name)));
        let rows = self.query(&sql).await?;
        Ok(rows.iter().filter_map(|row| Some((row[0].str()?.to_owned(), row[1].json()?))).collect())
    }

    /// The objects and fields that administrators added: definitions of objects, and of fields with their object's name.
    pub async fn custom_definitions(&mut self) -> Result<(Vec<Json>, Vec<(String, Json)>), StoreError> {
        let sql = Sql::of(self.dialect(), "SELECT definition FROM _object ORDER BY name");
        let objects = self.query(&sql).await?;
        let sql = Sql::of(self.dialect(), "SELECT object, definition FROM _field ORDER BY object, name");
        let fields = self.query(&sql).await?;
        let read =
            |cell: &Cell| cell.json().ok_or_else(|| StoreError::Fault("a stored definition cannot be read".into()));
        let objects = objects.iter().map(|row| read(&row[0])).collect::<Result<_, _>>()?;
        let fields = fields
            .iter()
            .map(|row| Ok((row[0].str().unwrap_or_default().to_owned(), read(&row[1])?)))
            .collect::<Result<_, StoreError>>()?;
        Ok((objects, fields))
    }

    /// A stored file: name, media type, content.
    pub async fn file(&mut self, id: Id) -> Result<Option<(String, String, Vec<u8>)>, StoreError> {
        let sql = Sql::with(self.dialect(), "SELECT name, media, content FROM _file WHERE id = ?", vec![Cell::Id(id)]);
        Ok(self.query_one(&sql).await?.map(|row| {
            let content = match &row[2] {
                Cell::Bytes(bytes) => bytes.clone(),
                Cell::Id(id) => id.as_bytes().to_vec(),
                _ => Vec::new(),
            };
            (row[0].str().unwrap_or_default().to_owned(), row[1].str().unwrap_or_default().to_owned(), content)
        }))
    }

    /// The answer kept for an idempotency key: the request's fingerprint, the status and the body.
    pub async fn idempotent(&mut self, key: &str) -> Result<Option<(String, u16, String)>, StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "SELECT fingerprint, status, body FROM _idempotency WHERE key = ?",
            vec![Cell::text(key)],
        );
        Ok(self.query_one(&sql).await?.map(|row| {
            let text = |i: usize| row[i].str().unwrap_or_default().to_owned();
            (text(0), row[1].int().unwrap_or(500) as u16, text(2))
        }))
    }
}

impl Writer {
    /// Runs the migrations that this database has not seen. Answers how many; an error when it was written by a newer version.
    pub async fn migrate(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let version = self.version().await?;
        let newest = MIGRATIONS.last().map_or(0, |m| m.0);
        if version > newest {
            return Err(StoreError::Foreign(format!(
                "this database is of version {version}, newer than this program's {newest}: install the newer Clientele to open it"
            )));
        }
        if version == 0 {
            self.batch(&types(
                self.dialect(),
                "CREATE TABLE IF NOT EXISTS _migration (version BIGINT PRIMARY KEY, name {text} NOT NULL, at {time} NOT NULL)",
            ))
            .await?;
        }
        let mut ran = 0;
        for (number, name, script) in MIGRATIONS.iter().filter(|m| m.0 > version) {
            self.batch(&types(self.dialect(), script)).await?;
            let sql = Sql::with(
                self.dialect(),
                "INSERT INTO _migration (version, name, at) VALUES (?, ?, ?)",
                vec![Cell::Int(*number), Cell::text(*name), Cell::DateTime(now)],
            );
            self.execute(&sql).await?;
            ran += 1;
        }
        Ok(ran)
    }

    /// Keeps other processes from changing the layout at the same time, until the end of the write.
    pub async fn lock_layout(&mut self) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => self.batch("SELECT pg_advisory_xact_lock(hashtext(current_schema()))").await,
        }
    }

    /// Sets a setting.
    pub async fn set_setting(&mut self, name: &str, value: &Json) -> Result<(), StoreError> {
        let text =
            "INSERT INTO _setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let sql = Sql::with(self.dialect(), text, vec![Cell::text(name), Cell::Json(value.to_string())]);
        self.execute(&sql).await.map(drop)
    }

    /// Keeps an administrator's object.
    pub async fn put_object(&mut self, name: &str, definition: &Json) -> Result<(), StoreError> {
        let text = "INSERT INTO _object (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition";
        let sql = Sql::with(self.dialect(), text, vec![Cell::text(name), Cell::Json(definition.to_string())]);
        self.execute(&sql).await.map(drop)
    }

    /// Keeps an administrator's field of an object.
    pub async fn put_field(&mut self, object: &str, name: &str, definition: &Json) -> Result<(), StoreError> {
        let text = "INSERT INTO _field (object, name, definition) VALUES (?, ?, ?) ON CONFLICT (object, name) DO UPDATE SET definition = excluded.definition";
        let sql = Sql::with(
            self.dialect(),
            text,
            vec![Cell::text(object), Cell::text(name), Cell::Json(definition.to_string())],
        );
        self.execute(&sql).await.map(drop)
    }

    /// Stores a file's content.
    pub async fn put_file(
        &mut self,
        id: Id,
        name: &str,
        media: &str,
        content: Vec<u8>,
        at: Timestamp,
        actor: Option<Id>,
    ) -> Result<(), StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "INSERT INTO _file (id, name, media, size, at, actor, content) VALUES (?, ?, ?, ?, ?, ?, ?)",
            vec![
                Cell::Id(id),
                Cell::text(name),
                Cell::text(media),
                Cell::Int(content.len() as i64),
                Cell::DateTime(at),
                Cell::opt_id(actor),
                Cell::Bytes(content),
            ],
        );
        self.execute(&sql).await.map(drop)
    }

    /// Keeps the answer to a request with an idempotency key. False when another request was first.
    pub async fn keep_idempotent(
        &mut self,
        key: &str,
        fingerprint: &str,
        status: u16,
        body: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "INSERT INTO _idempotency (key, fingerprint, status, body, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            vec![
                Cell::text(key),
                Cell::text(fingerprint),
                Cell::Int(i64::from(status)),
                Cell::text(body),
                Cell::DateTime(at),
            ],
        );
        Ok(self.execute(&sql).await? == 1)
    }

    /// Forgets what has had its time: answers to idempotency keys, ended sessions and tickets, finished jobs.
    pub async fn forget(&mut self, now: Timestamp, before: Timestamp) -> Result<(), StoreError> {
        for (text, at) in [
            ("DELETE FROM _idempotency WHERE at < ?", before),
            ("DELETE FROM _session WHERE expires_at < ?", now),
            ("DELETE FROM _ticket WHERE expires_at < ?", now),
            ("DELETE FROM _person_link WHERE expires_at < ?", now),
            ("DELETE FROM _attempt WHERE since < ?", before),
            ("DELETE FROM _job WHERE state = 'done' AND ended_at < ?", before),
        ] {
            self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(at)])).await?;
        }
        Ok(())
    }
}

fn types(dialect: Dialect, script: &str) -> String {
    let pairs = match dialect {
        Dialect::Sqlite => [
            ("{id}", "BLOB"),
            ("{time}", "INTEGER"),
            ("{json}", "TEXT"),
            ("{text}", "TEXT"),
            ("{seq}", "INTEGER PRIMARY KEY"),
            ("{bytes}", "BLOB"),
            ("{tx}", "0"),
            ("{tx_index}", ""),
            ("{follow_sources}", ""),
            ("{clustered}", "WITHOUT ROWID"),
            ("{postgres}", ""),
        ],
        Dialect::Postgres => [
            ("{id}", "UUID"),
            ("{time}", "TIMESTAMPTZ"),
            ("{json}", "JSONB"),
            ("{text}", "TEXT COLLATE \"C\""),
            ("{seq}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("{bytes}", "BYTEA"),
            ("{tx}", "(pg_current_xact_id()::text::bigint)"),
            ("{tx_index}", "CREATE INDEX _change_tx ON _change (tx, seq);"),
            ("{follow_sources}", FOLLOW_SOURCES),
            ("{clustered}", ""),
            ("{postgres}", POSTGRES_ONLY),
        ],
    };
    pairs.iter().fold(script.to_owned(), |text, (token, word)| text.replace(token, word))
}
