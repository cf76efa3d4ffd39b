//! Credentials, sessions, tokens and one-time links. Secrets arrive here already hashed.

use kernel::{Id, Timestamp};

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::sql::{Cell, Row, Sql};

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The hash of its secret.
    pub hash: String,
    /// The user.
    pub user: Id,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last seen, to the minute.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The browser, as it names itself.
    pub agent: String,
    /// The network address it signed in from.
    pub address: String,
}

/// A key to the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its identifier, which is no secret.
    pub id: Id,
    /// The user in whose name it acts.
    pub user: Id,
    /// What its owner calls it.
    pub name: String,
    /// What it may do: `read`, `write`, or either for one object (`write:contact`).
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

const SESSION: &str = "hash, user_id, created_at, seen_at, expires_at, agent, address";
const TOKEN: &str = "id, user_id, name, scopes, created_at, expires_at, used_at, revoked_at";

impl Reader {
    /// A user's password hash.
    pub async fn credential(&mut self, user: Id) -> Result<Option<String>, StoreError> {
        let sql = Sql::with(self.dialect(), "SELECT hash FROM _credential WHERE user_id = ?", vec![Cell::Id(user)]);
        Ok(self.query_one(&sql).await?.and_then(|row| row[0].str().map(str::to_owned)))
    }

    /// Whether anybody can sign in.
    pub async fn has_credentials(&mut self) -> Result<bool, StoreError> {
        Ok(self.query_one(&Sql::of(self.dialect(), "SELECT 1 FROM _credential LIMIT 1")).await?.is_some())
    }

    /// A session by the hash of its secret.
    pub async fn session(&mut self, hash: &str) -> Result<Option<Session>, StoreError> {
        let text = format!("SELECT {SESSION} FROM _session WHERE hash = ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::text(hash)]);
        let row = self.query_one(&sql).await?;
        row.map(read_session).transpose()
    }

    /// A user's sessions, newest first.
    pub async fn sessions(&mut self, user: Id) -> Result<Vec<Session>, StoreError> {
        let text = format!("SELECT {SESSION} FROM _session WHERE user_id = ? ORDER BY seen_at DESC LIMIT 100");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::Id(user)]);
        let rows = self.query(&sql).await?;
        rows.into_iter().map(read_session).collect()
    }

    /// A token by the hash of its secret.
    pub async fn token(&mut self, hash: &str) -> Result<Option<Token>, StoreError> {
        let text = format!("SELECT {TOKEN} FROM _token WHERE hash = ?");
        let sql = Sql::with(self.dialect(), &text, vec![Cell::text(hash)]);
        let row = self.query_one(&sql).await?;
        row.map(read_token).transpose()
    }

    /// The tokens of one user, or of all.
    pub async fn tokens(&mut self, user: Option<Id>) -> Result<Vec<Token>, StoreError> {
        let sql = match user {
            Some(user) => {
                let text = format!("SELECT {TOKEN} FROM _token WHERE user_id = ? ORDER BY created_at DESC LIMIT 500");
                Sql::with(self.dialect(), &text, vec![Cell::Id(user)])
            }
            None => Sql::of(self.dialect(), &format!("SELECT {TOKEN} FROM _token ORDER BY created_at DESC LIMIT 500")),
        };
        self.query(&sql).await?.into_iter().map(read_token).collect()
    }

    /// Whom a one-time link is for; `None` when it does not exist or has ended. The outer option says whether there is one.
    pub async fn ticket(&mut self, hash: &str, kind: &str, now: Timestamp) -> Result<Option<Option<Id>>, StoreError> {
        let text = "SELECT user_id FROM _ticket WHERE hash = ? AND kind = ? AND expires_at > ?";
        let sql = Sql::with(self.dialect(), text, vec![Cell::text(hash), Cell::text(kind), Cell::DateTime(now)]);
        Ok(self.query_one(&sql).await?.map(|row| row[0].id()))
    }
}

impl Writer {
    /// Sets a user's password hash.
    pub async fn set_credential(&mut self, user: Id, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let text = "INSERT INTO _credential (user_id, hash, changed_at) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::Id(user), Cell::text(hash), Cell::DateTime(now)]))
            .await
            .map(drop)
    }

    /// Keeps a session.
    pub async fn put_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let text = "INSERT INTO _session (hash, user_id, created_at, seen_at, expires_at, agent, address) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let args = vec![
            Cell::text(&session.hash),
            Cell::Id(session.user),
            Cell::DateTime(session.created_at),
            Cell::DateTime(session.seen_at),
            Cell::DateTime(session.expires_at),
            Cell::text(&session.agent),
            Cell::text(&session.address),
        ];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Notes that a session was used, and when it now ends.
    pub async fn touch_session(&mut self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE _session SET seen_at = ? WHERE hash = ?";
        self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::text(hash)])).await.map(drop)
    }

    /// Ends one session.
    pub async fn end_session(&mut self, hash: &str) -> Result<(), StoreError> {
        self.execute(&Sql::with(self.dialect(), "DELETE FROM _session WHERE hash = ?", vec![Cell::text(hash)]))
            .await
            .map(drop)
    }

    /// Ends every session of a user.
    pub async fn end_sessions(&mut self, user: Id) -> Result<(), StoreError> {
        self.execute(&Sql::with(self.dialect(), "DELETE FROM _session WHERE user_id = ?", vec![Cell::Id(user)]))
            .await
            .map(drop)
    }

    /// Keeps a token under the hash of its secret.
    pub async fn put_token(&mut self, token: &Token, hash: &str) -> Result<(), StoreError> {
        let text =
            "INSERT INTO _token (id, hash, user_id, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let args = vec![
            Cell::Id(token.id),
            Cell::text(hash),
            Cell::Id(token.user),
            Cell::text(&token.name),
            Cell::Json(serde_json::json!(token.scopes).to_string()),
            Cell::DateTime(token.created_at),
            token.expires_at.map_or(Cell::Null, Cell::DateTime),
        ];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Notes that a token was used.
    pub async fn touch_token(&mut self, id: Id, now: Timestamp) -> Result<(), StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "UPDATE _token SET used_at = ? WHERE id = ?",
            vec![Cell::DateTime(now), Cell::Id(id)],
        );
        self.execute(&sql).await.map(drop)
    }

    /// Takes a token back.
    pub async fn revoke_token(&mut self, id: Id, now: Timestamp) -> Result<bool, StoreError> {
        let text = "UPDATE _token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
        Ok(self.execute(&Sql::with(self.dialect(), text, vec![Cell::DateTime(now), Cell::Id(id)])).await? == 1)
    }

    /// Keeps a one-time link.
    pub async fn put_ticket(
        &mut self,
        hash: &str,
        kind: &str,
        user: Option<Id>,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        let text = "INSERT INTO _ticket (hash, kind, user_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)";
        let args =
            vec![Cell::text(hash), Cell::text(kind), Cell::opt_id(user), Cell::DateTime(now), Cell::DateTime(expires)];
        self.execute(&Sql::with(self.dialect(), text, args)).await.map(drop)
    }

    /// Uses up a one-time link. False when it was used or has ended.
    pub async fn use_ticket(&mut self, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "DELETE FROM _ticket WHERE hash = ? AND expires_at > ?",
            vec![Cell::text(hash), Cell::DateTime(now)],
        );
        Ok(self.execute(&sql).await? == 1)
    }

    /// Counts an attempt under a key and answers how many there were since `window` began.
    pub async fn count_attempt(&mut self, key: &str, now: Timestamp, window: Timestamp) -> Result<i64, StoreError> {
        let text = "INSERT INTO _attempt (key, since, count) VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN _attempt.since < ? THEN 1 ELSE _attempt.count + 1 END,
            since = CASE WHEN _attempt.since < ? THEN excluded.since ELSE _attempt.since END RETURNING count";
        let args = vec![Cell::text(key), Cell::DateTime(now), Cell::DateTime(window), Cell::DateTime(window)];
        let sql = Sql::with(self.dialect(), text, args);
        let row = self.query_one(&sql).await?;
        Ok(row.and_then(|r| r[0].int()).unwrap_or(1))
    }

    /// Forgets the attempts under a key.
    pub async fn clear_attempts(&mut self, key: &str) -> Result<(), StoreError> {
        self.execute(&Sql::with(self.dialect(), "DELETE FROM _attempt WHERE key = ?", vec![Cell::text(key)]))
            .await
            .map(drop)
    }
}

fn fault() -> StoreError {
    StoreError::Fault("a session or token cannot be read back".to_owned())
}

fn read_session(row: Row) -> Result<Session, StoreError> {
    let text = |i: usize| row[i].str().unwrap_or_default().to_owned();
    Ok(Session {
        hash: text(0),
        user: row[1].id().ok_or_else(fault)?,
        created_at: row[2].moment().ok_or_else(fault)?,
        seen_at: row[3].moment().ok_or_else(fault)?,
        expires_at: row[4].moment().ok_or_else(fault)?,
        agent: text(5),
        address: text(6),
    })
}

fn read_token(row: Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row[0].id().ok_or_else(fault)?,
        user: row[1].id().ok_or_else(fault)?,
        name: row[2].str().unwrap_or_default().to_owned(),
        scopes: row[3].json().and_then(|j| serde_json::from_value(j).ok()).ok_or_else(fault)?,
        created_at: row[4].moment().ok_or_else(fault)?,
        expires_at: row[5].moment(),
        used_at: row[6].moment(),
        revoked_at: row[7].moment(),
    })
}
