//! What is known of source records before new versions of them are written.

use std::collections::HashMap;

use kernel::{Id, Timestamp};
use serde_json::{Map, Value as Json};

use crate::StoreError;
use crate::conn::Writer;
use crate::source::Digest;
use crate::sql::{Cell, Dialect, Row, Sql};

pub(super) struct Head {
    pub(super) id: Id,
    /// The number of its latest version; 0 where there is none.
    pub(super) version: i64,
    pub(super) hash: Option<Digest>,
    /// What it said last, where it was asked for.
    pub(super) latest: Option<Map<String, Json>>,
}

/// By source and key.
type Heads<'k> = HashMap<(Id, &'k str), Head>;

impl Head {
    /// Reads an identifier, a version and a hash.
    fn read(row: &Row) -> Result<Head, StoreError> {
        let [id, version, hash, ..] = row.as_slice() else { return Err(unreadable()) };
        let (id, version) = (id.id().ok_or_else(unreadable)?, version.int().ok_or_else(unreadable)?);
        Ok(Head { id, version, hash: hash.digest(), latest: None })
    }
}

fn unreadable() -> StoreError {
    StoreError::Fault("a source's record cannot be read back".to_owned())
}

fn members(payload: &Cell) -> Option<Map<String, Json>> {
    if let Json::Object(map) = payload.json()? { Some(map) } else { None }
}

impl Writer {
    /// Makes what is not there yet of the records that sources call by some keys, and locks them. With `true`, what they said last
    /// comes along.
    pub(super) async fn heads<'k>(
        &mut self,
        names: &[(Id, &'k str, bool)],
        now: Timestamp,
    ) -> Result<Heads<'k>, StoreError> {
        match self.dialect() {
            Dialect::Sqlite => self.heads_one_by_one(names, now).await,
            Dialect::Postgres => self.heads_together(names, now).await,
        }
    }

    async fn heads_one_by_one<'k>(
        &mut self,
        names: &[(Id, &'k str, bool)],
        now: Timestamp,
    ) -> Result<Heads<'k>, StoreError> {
        let make =
            "INSERT INTO _source_record (id, source, key, version, created_at, updated_at) VALUES (?, ?, ?, 0, ?, ?)
            ON CONFLICT DO NOTHING";
        let find = "SELECT id, version, hash FROM _source_record WHERE source = ? AND key = ?";
        let said = "SELECT payload FROM _source_version WHERE record = ? AND version = ?";
        let mut heads = HashMap::new();
        for (source, key, partial) in names {
            let (named, at) = ([Cell::Id(*source), Cell::text(*key)], Cell::DateTime(now));
            let args = [Cell::Id(Id::new(now))].into_iter().chain(named.clone()).chain([at.clone(), at]).collect();
            self.execute(&Sql::with(Dialect::Sqlite, make, args)).await?;
            let row = self.query_one(&Sql::with(Dialect::Sqlite, find, named.into())).await?;
            let mut head = Head::read(&row.unwrap_or_default())?;
            if *partial && head.version > 0 {
                let args = vec![Cell::Id(head.id), Cell::Int(head.version)];
                let row = self.query_one(&Sql::with(Dialect::Sqlite, said, args)).await?;
                head.latest = row.and_then(|row| members(&row[0]));
            }
            heads.insert((*source, *key), head);
        }
        Ok(heads)
    }

    /// Three statements. The records are locked in the order of the names.
    async fn heads_together<'k>(
        &mut self,
        names: &[(Id, &'k str, bool)],
        now: Timestamp,
    ) -> Result<Heads<'k>, StoreError> {
        let sources = || ("uuid", names.iter().map(|(source, ..)| Cell::Id(*source)).collect::<Vec<_>>());
        let keys = || ("text", names.iter().map(|(_, key, _)| Cell::text(*key)).collect::<Vec<_>>());
        let places = ("bigint", (0..names.len()).map(|at| Cell::Int(at as i64)).collect::<Vec<_>>());
        let ids = ("uuid", names.iter().map(|_| Cell::Id(Id::new(now))).collect::<Vec<_>>());
        let mut make = Sql::of(
            Dialect::Postgres,
            "INSERT INTO _source_record (id, source, key, version, created_at, updated_at) SELECT s.c0, s.c1, s.c2, 0, ",
        );
        make.bind(Cell::DateTime(now)).push(", ").bind(Cell::DateTime(now)).push(" FROM ");
        make.unnest(vec![ids, sources(), keys(), places.clone()]).push(" ORDER BY s.c3 ON CONFLICT DO NOTHING");
        self.send(make).await?;
        let mut find = Sql::of(Dialect::Postgres, "SELECT r.id, r.version, r.hash, s.c2 FROM ");
        find.unnest(vec![sources(), keys(), places]);
        find.push(" JOIN _source_record r ON r.source = s.c0 AND r.key = s.c1 ORDER BY s.c2 FOR UPDATE OF r");
        let mut heads = HashMap::new();
        let mut partial = HashMap::new();
        for row in self.query(&find).await? {
            let head = Head::read(&row)?;
            let at = row[3].int().and_then(|at| names.get(at as usize));
            let (source, key, wanted) = at.ok_or_else(unreadable)?;
            if *wanted && head.version > 0 {
                partial.insert(head.id, ((*source, *key), head.version));
            }
            heads.insert((*source, *key), head);
        }
        if !partial.is_empty() {
            let (ids, versions) = partial.iter().map(|(id, (_, version))| (Cell::Id(*id), Cell::Int(*version))).unzip();
            let mut said = Sql::of(Dialect::Postgres, "SELECT v.record, v.payload FROM ");
            said.unnest(vec![("uuid", ids), ("bigint", versions)]);
            said.push(" JOIN _source_version v ON v.record = s.c0 AND v.version = s.c1");
            for row in self.query(&said).await? {
                let head = row[0].id().and_then(|id| heads.get_mut(&partial.get(&id)?.0));
                head.ok_or_else(unreadable)?.latest = members(&row[1]);
            }
        }
        Ok(heads)
    }
}
