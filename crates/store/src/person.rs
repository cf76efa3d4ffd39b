//! The person's own way in (links and sessions), who looked at whom, and the tombstones of those who were erased.

use std::collections::HashSet;

use kernel::{Id, Timestamp};

use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Row, Sql};
use crate::{Digest, StoreError};

pub(crate) const TABLES: &str = "
CREATE TABLE _person_link (hash {text} PRIMARY KEY, profile {id} NOT NULL, point {text} NOT NULL, parent {text}, created_at {time} NOT NULL,
  expires_at {time} NOT NULL, actor {id}, opened_at {time}, opened BIGINT NOT NULL DEFAULT 0);
CREATE INDEX _person_link_profile ON _person_link (profile);
CREATE INDEX _person_link_parent ON _person_link (parent) WHERE parent IS NOT NULL;
CREATE TABLE _view_log (profile {id} NOT NULL, viewer {id} NOT NULL, day {text} NOT NULL, PRIMARY KEY (profile, viewer, day)) {clustered};
CREATE TABLE _tombstone (hash {id} PRIMARY KEY, at {time} NOT NULL);
";

const LINK: &str = "hash, profile, point, parent, created_at, expires_at, actor, opened_at, opened";

/// A way of a person to what is held about it: a link, or the session that one opened.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonLink {
    /// The hash of its secret.
    pub hash: String,
    /// The profile.
    pub profile: Id,
    /// The contact point to which it was given, with its kind: `email:ada@example.org`.
    pub point: String,
    /// Of a session: the link that opened it.
    pub parent: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The user who made it.
    pub actor: Option<Id>,
    /// When it was first opened.
    pub opened_at: Option<Timestamp>,
    /// How often it was opened.
    pub opened: i64,
}

/// That a user looked at a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Seeing {
    /// The user.
    pub viewer: Id,
    /// The day in UTC, as in `2026-11-22`.
    pub day: String,
}

impl Reader {
    /// A link or session by the hash of its secret; ended ones are left out, and sessions whose link has ended or was taken back.
    pub async fn person_link(&mut self, hash: &str, now: Timestamp) -> Result<Option<PersonLink>, StoreError> {
        let text = format!(
            "SELECT {LINK} FROM _person_link WHERE hash = ? AND expires_at > ?
             AND (parent IS NULL OR EXISTS (SELECT 1 FROM _person_link p WHERE p.hash = _person_link.parent AND p.expires_at > ?))"
        );
        let args = vec![Cell::text(hash), Cell::DateTime(now), Cell::DateTime(now)];
        self.query_one(&Sql::with(self.dialect(), &text, args)).await?.map(read_link).transpose()
    }

    /// The links given out for a profile, newest first.
    pub async fn person_links(&mut self, profile: Id) -> Result<Vec<PersonLink>, StoreError> {
        let text = format!(
            "SELECT {LINK} FROM _person_link WHERE profile = ? AND parent IS NULL ORDER BY created_at DESC, hash LIMIT 100"
        );
        let rows = self.query(&Sql::with(self.dialect(), &text, vec![Cell::Id(profile)])).await?;
        rows.into_iter().map(read_link).collect()
    }

    /// Who looked at profiles, the latest first: one line for each user and day.
    pub async fn seeings(&mut self, profiles: &[Id], limit: u32) -> Result<Vec<Seeing>, StoreError> {
        let mut sql = Sql::of(self.dialect(), "SELECT DISTINCT viewer, day FROM _view_log WHERE profile IN ");
        sql.bind_list(profiles.iter().map(|id| Cell::Id(*id)));
        sql.push(" ORDER BY day DESC, viewer LIMIT ").bind(Cell::Int(i64::from(limit)));
        let read = |row: &Row| Some(Seeing { viewer: row[0].id()?, day: row[1].str()?.to_owned() });
        Ok(self.query(&sql).await?.iter().filter_map(read).collect())
    }

    /// Which of these hashes have a tombstone.
    pub async fn tombstoned(&mut self, hashes: &[Digest]) -> Result<HashSet<Digest>, StoreError> {
        let mut found = HashSet::new();
        for chunk in hashes.chunks(512) {
            let mut sql = Sql::of(self.dialect(), "SELECT hash FROM _tombstone WHERE hash IN ");
            sql.bind_list(chunk.iter().map(|hash| Cell::of_digest(*hash)));
            found.extend(self.query(&sql).await?.iter().filter_map(|row| row[0].digest()));
        }
        Ok(found)
    }

    /// The tombstones after a hash, in no order that means anything, each with when it was set.
    pub async fn tombstones(
        &mut self,
        after: Option<Digest>,
        limit: u32,
    ) -> Result<Vec<(Digest, Timestamp)>, StoreError> {
        let after = after.map_or(Cell::Id(Id::from_bytes([0; 16])), Cell::of_digest);
        let text = "SELECT hash, at FROM _tombstone WHERE hash > ? ORDER BY hash LIMIT ?";
        let sql = Sql::with(self.dialect(), text, vec![after, Cell::Int(i64::from(limit))]);
        let rows = self.query(&sql).await?;
        Ok(rows.iter().filter_map(|row| Some((row[0].digest()?, row[1].moment()?))).collect())
    }
}

impl Writer {
    /// Keeps a link or a session.
    pub async fn put_person_link(&mut self, link: &PersonLink) -> Result<(), StoreError> {
        let text = "INSERT INTO _person_link (hash, profile, point, parent, created_at, expires_at, actor) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let args = vec![
            Cell::text(&link.hash),
            Cell::Id(link.profile),
            Cell::text(&link.point),
            Cell::opt_text(link.parent.clone()),
            Cell::DateTime(link.created_at),
            Cell::DateTime(link.expires_at),
            Cell::opt_id(link.actor),
        ];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Notes that a link was opened.
    pub async fn open_person_link(&mut self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE _person_link SET opened = opened + 1, opened_at = coalesce(opened_at, ?) WHERE hash = ?";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::text(hash)])).await.map(drop)
    }

    /// Takes a link back with the sessions that it opened, or ends a session. False when there was none.
    pub async fn end_person_link(&mut self, hash: &str) -> Result<bool, StoreError> {
        let sessions = "DELETE FROM _person_link WHERE parent = ?";
        self.execute(&Sql::with(self.dialect(), sessions, vec![Cell::text(hash)])).await?;
        let own = "DELETE FROM _person_link WHERE hash = ?";
        Ok(self.execute(&Sql::with(self.dialect(), own, vec![Cell::text(hash)])).await? == 1)
    }

    /// Notes that a user looked at a profile on a day.
    pub async fn note_seeing(&mut self, profile: Id, seeing: &Seeing) -> Result<(), StoreError> {
        let text = "INSERT INTO _view_log (profile, viewer, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        let args = vec![Cell::Id(profile), Cell::Id(seeing.viewer), Cell::text(&seeing.day)];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Sets tombstones; those that are there stay as they are.
    pub async fn put_tombstones(&mut self, stones: &[(Digest, Timestamp)]) -> Result<(), StoreError> {
        let rows = stones.iter().map(|(hash, at)| vec![Cell::of_digest(*hash), Cell::DateTime(*at)]).collect();
        let into = "INSERT INTO _tombstone (hash, at) ";
        self.put_rows(into, &["uuid", "timestamptz"], rows, " ON CONFLICT DO NOTHING").await
    }

    /// Takes tombstones away. Answers how many there were.
    pub async fn lift_tombstones(&mut self, hashes: &[Digest]) -> Result<u64, StoreError> {
        let mut lifted = 0;
        for hash in hashes {
            let text = "DELETE FROM _tombstone WHERE hash = ?";
            lifted += self.execute(&Sql::with(self.dialect(), text, vec![Cell::of_digest(*hash)])).await?;
        }
        Ok(lifted)
    }
}

fn read_link(row: Row) -> Result<PersonLink, StoreError> {
    let fault = || StoreError::Fault("a person's link cannot be read back".to_owned());
    Ok(PersonLink {
        hash: row[0].str().ok_or_else(fault)?.to_owned(),
        profile: row[1].id().ok_or_else(fault)?,
        point: row[2].str().ok_or_else(fault)?.to_owned(),
        parent: row[3].str().map(str::to_owned),
        created_at: row[4].moment().ok_or_else(fault)?,
        expires_at: row[5].moment().ok_or_else(fault)?,
        actor: row[6].id(),
        opened_at: row[7].moment(),
        opened: row[8].int().unwrap_or(0),
    })
}
