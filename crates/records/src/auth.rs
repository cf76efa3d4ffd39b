//! Sign-in: passwords, sessions, API tokens, one-time links. Only hashes of secrets are stored.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use jiff::SignedDuration;
use kernel::{Actor, Ctx, Id, Timestamp};
use model::{Filter, Ident, Query, Record};
use sha2::{Digest, Sha256};
use store::{Session, Token};
use tokio::sync::Semaphore;

use crate::access::Access;
use crate::objects::{USER_ACTIVE, USER_EMAIL};
use crate::space::ACCESS_SECONDS;
use crate::{RecordError, Space};

/// A session unused for this long ends.
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// A session ends after this long in any case.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long an invitation or a first sign-in link is good for.
const TICKET: SignedDuration = SignedDuration::from_hours(24 * 3);
/// Attempts in a quarter of an hour, for one account and for one network address.
const ATTEMPTS: [(&str, i64); 2] = [("account", 10), ("address", 100)];
/// The least length of a password (NIST SP 800-63B-4 asks for fifteen where it is the only factor, eight at the least).
pub const MIN_PASSWORD: usize = 10;

/// By the hash of a secret, with the time at which it was looked up.
type ByHash<T> = Mutex<HashMap<String, (Timestamp, T)>>;

/// The sessions and tokens that were looked up a moment ago.
#[derive(Default)]
pub(crate) struct Known {
    sessions: ByHash<(Session, Record)>,
    tokens: ByHash<(Token, Arc<Access>)>,
    round: AtomicU64,
}

impl Known {
    const MOST: usize = 10_000;

    /// Which round of remembering this is: what was read in an earlier one is not kept.
    pub(crate) fn round(&self) -> u64 {
        self.round.load(Ordering::SeqCst)
    }

    pub(crate) fn forget(&self) {
        self.round.fetch_add(1, Ordering::SeqCst);
        self.sessions.lock().expect("not poisoned").clear();
        self.tokens.lock().expect("not poisoned").clear();
    }

    fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
        (0..ACCESS_SECONDS).contains(&now.duration_since(at).as_secs())
    }

    fn put<T>(&self, map: &ByHash<T>, round: u64, hash: String, now: Timestamp, value: T) {
        let mut map = map.lock().expect("not poisoned");
        if self.round() != round {
            return;
        }
        if map.len() >= Known::MOST {
            map.clear();
        }
        map.insert(hash, (now, value));
    }
}

/// A secret as it is handed out, and the hash under which it is kept.
pub struct Secret {
    /// Shown once.
    pub text: String,
    /// Stored.
    pub hash: String,
}

impl Secret {
    /// A new secret of 256 bits behind a prefix that says what it is for.
    pub fn new(prefix: &str) -> Secret {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        let text = format!("{prefix}{}", hex(&bytes));
        let hash = digest(&text);
        Secret { text, hash }
    }
}

/// The hash under which a secret is kept. Secrets are random, so a fast hash is enough.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Argon2id takes 19 MB and a core for some tens of milliseconds: as many at once as there are cores to spare.
fn gate() -> Arc<Semaphore> {
    static GATE: OnceLock<Arc<Semaphore>> = OnceLock::new();
    Arc::clone(GATE.get_or_init(|| Arc::new(Semaphore::new(2))))
}

async fn hash(password: String) -> Result<String, RecordError> {
    let _permit = gate().acquire_owned().await;
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string())
    })
    .await;
    let fault = |e: String| RecordError::Store(store::StoreError::Fault(e));
    hashed.map_err(|e| fault(e.to_string()))?.map_err(|e| fault(e.to_string()))
}

async fn verify(password: String, stored: String) -> bool {
    let _permit = gate().acquire_owned().await;
    let check = move || {
        PasswordHash::new(&stored).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false)
}

impl Space {
    /// Signs in with address and password. Answers the session's secret for the cookie.
    pub async fn sign_in(
        &self,
        ctx: &Ctx,
        email: &str,
        password: &str,
        agent: &str,
        address: &str,
    ) -> Result<(Secret, Record), RecordError> {
        let email: String = email.trim().to_lowercase().chars().take(254).collect();
        self.limit(ctx, &email, address).await?;
        let user = self.user_by_email(ctx, &email).await?;
        let stored = match &user {
            Some(user) => self.store.read().await?.credential(user.id()).await?,
            None => None,
        };
        // Unknown addresses cost as much as wrong passwords, so that the answer's time tells nothing.
        let dummy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let right = verify(password.to_owned(), stored.clone().unwrap_or_else(|| dummy.to_owned())).await;
        match user {
            Some(user) if right && stored.is_some() => {
                let key = format!("account:{}:{email}", self.tenant);
                self.store.write(move |w| Box::pin(async move { w.clear_attempts(&key).await })).await?;
                let secret = self.open_session(ctx, user.id(), agent, address).await?;
                Ok((secret, user))
            }
            _ => Err(RecordError::Unauthenticated),
        }
    }

    async fn limit(&self, ctx: &Ctx, email: &str, address: &str) -> Result<(), RecordError> {
        let now = ctx.now;
        let window = now - SignedDuration::from_mins(15);
        let keys = [format!("account:{}:{email}", self.tenant), format!("address:{address}")];
        let counts = self
            .store
            .write(move |w| {
                Box::pin(async move {
                    let mut counts = [0; 2];
                    for (count, key) in counts.iter_mut().zip(&keys) {
                        *count = w.count_attempt(key, now, window).await?;
                    }
                    Ok::<_, RecordError>(counts)
                })
            })
            .await?;
        let over = counts.iter().zip(ATTEMPTS).any(|(count, (_, most))| *count > most);
        if over { Err(RecordError::TooMany) } else { Ok(()) }
    }

    async fn user_by_email(&self, ctx: &Ctx, email: &str) -> Result<Option<Record>, RecordError> {
        let schema = self.schema();
        let object = self.object("user")?;
        let filter = USER_EMAIL.eq(email.to_owned()).and(USER_ACTIVE.eq(true)).bind(&schema, &object, ctx)?;
        let query = Query::of(object.name.clone()).filter(filter).limit(1);
        Ok(self.store.read().await?.list(&schema, &query).await?.records.pop())
    }

    /// Opens a session for a user whose identity is proven.
    pub async fn open_session(&self, ctx: &Ctx, user: Id, agent: &str, address: &str) -> Result<Secret, RecordError> {
        let secret = Secret::new("");
        let session = Session {
            hash: secret.hash.clone(),
            user,
            created_at: ctx.now,
            seen_at: ctx.now,
            expires_at: ctx.now + ABSOLUTE,
            agent: agent.chars().take(200).collect(),
            address: address.to_owned(),
        };
        self.store.write(move |w| Box::pin(async move { w.put_session(&session).await })).await?;
        Ok(secret)
    }

    /// The session and the user of a cookie's secret; `None` when it has ended or the user may no longer sign in.
    pub async fn session(&self, secret: &str, now: Timestamp) -> Result<Option<(Session, Record)>, RecordError> {
        let hash = digest(secret);
        if let Some((at, (session, user))) = self.known.sessions.lock().expect("not poisoned").get(&hash)
            && Known::is_fresh(*at, now)
            && session.expires_at > now
        {
            return Ok(Some((session.clone(), user.clone())));
        }
        let round = self.known.round();
        let mut reader = self.store.read().await?;
        let Some(session) = reader.session(&hash).await? else { return Ok(None) };
        if session.expires_at <= now || session.seen_at + IDLE <= now {
            return Ok(None);
        }
        let found = reader.get_many(&self.schema(), &Ident::of("user"), &[session.user], &Filter::All, &[]).await?;
        drop(reader);
        let Some(user) = found.into_iter().find(|u| u.deleted_at().is_none() && u.get(USER_ACTIVE) == Some(true))
        else {
            return Ok(None);
        };
        if now.duration_since(session.seen_at) > SignedDuration::from_mins(1) {
            let hash = session.hash.clone();
            self.store.write(move |w| Box::pin(async move { w.touch_session(&hash, now).await })).await?;
        }
        self.known.put(&self.known.sessions, round, hash, now, (session.clone(), user.clone()));
        Ok(Some((session, user)))
    }

    /// Ends a session.
    pub async fn sign_out(&self, secret: &str) -> Result<(), RecordError> {
        self.end_session(digest(secret)).await
    }

    /// Ends the session with this hash.
    pub async fn end_session(&self, hash: String) -> Result<(), RecordError> {
        self.store.write(move |w| Box::pin(async move { w.end_session(&hash).await })).await?;
        self.known.forget();
        Ok(())
    }

    /// Sets a user's password and ends their sessions.
    pub async fn set_password(&self, ctx: &Ctx, user: Id, password: &str) -> Result<(), RecordError> {
        let length = password.chars().count();
        if length < MIN_PASSWORD {
            return Err(model::Problem::new("password", "too-short").number("min", MIN_PASSWORD as i64).into());
        }
        if length > 500 {
            return Err(model::Problem::new("password", "too-long").number("max", 500).into());
        }
        let hash = hash(password.to_owned()).await?;
        let now = ctx.now;
        self.store
            .write(move |w| {
                Box::pin(async move {
                    w.set_credential(user, &hash, now).await?;
                    w.end_sessions(user).await
                })
            })
            .await?;
        self.known.forget();
        Ok(())
    }

    /// Changes one's own password, the present one at hand.
    pub async fn change_password(&self, ctx: &Ctx, present: &str, new: &str) -> Result<(), RecordError> {
        let user = ctx.user().ok_or(RecordError::Unauthenticated)?;
        let stored = self.store.read().await?.credential(user).await?.unwrap_or_default();
        if !verify(present.to_owned(), stored).await {
            return Err(model::Problem::new("present", "wrong-password").into());
        }
        self.set_password(ctx, user, new).await
    }

    /// A one-time link's secret: `setup` makes the first administrator, `invite` lets a user choose a password.
    pub async fn new_ticket(&self, ctx: &Ctx, kind: &'static str, user: Option<Id>) -> Result<Secret, RecordError> {
        let secret = Secret::new("");
        let (hash, now) = (secret.hash.clone(), ctx.now);
        self.store
            .write(move |w| Box::pin(async move { w.put_ticket(&hash, kind, user, now, now + TICKET).await }))
            .await?;
        Ok(secret)
    }

    /// Whom a one-time link is for.
    pub async fn ticket(&self, ctx: &Ctx, secret: &str, kind: &str) -> Result<Option<Option<Id>>, RecordError> {
        Ok(self.store.read().await?.ticket(&digest(secret), kind, ctx.now).await?)
    }

    /// Uses a one-time link up; an error when it was used already.
    pub async fn use_ticket(&self, ctx: &Ctx, secret: &str) -> Result<(), RecordError> {
        let (hash, now) = (digest(secret), ctx.now);
        let used = self.store.write(move |w| Box::pin(async move { w.use_ticket(&hash, now).await })).await?;
        if used { Ok(()) } else { Err(RecordError::Unauthenticated) }
    }

    /// Makes an API token that acts for the signed-in user. Its text is shown once.
    pub async fn new_token(
        &self,
        ctx: &Ctx,
        user: Id,
        name: &str,
        scopes: Vec<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<(Token, Secret), RecordError> {
        let schema = self.schema();
        let known = |scope: &String| {
            let (verb, object) = scope.split_once(':').unwrap_or((scope, "*"));
            matches!(verb, "read" | "write") && (object == "*" || schema.object(object).is_some())
        };
        if name.trim().is_empty() {
            return Err(model::Problem::new("name", "required").into());
        }
        if scopes.is_empty() || !scopes.iter().all(known) {
            return Err(model::Problem::new("scopes", "not-scopes").into());
        }
        let secret = Secret::new("clt_");
        let token = Token {
            id: Id::new(ctx.now),
            user,
            name: name.trim().chars().take(100).collect(),
            scopes,
            created_at: ctx.now,
            expires_at,
            used_at: None,
            revoked_at: None,
        };
        let (kept, hash) = (token.clone(), secret.hash.clone());
        self.store.write(move |w| Box::pin(async move { w.put_token(&kept, &hash).await })).await?;
        Ok((token, secret))
    }

    /// The actor and the rights of an API token.
    pub async fn token_access(&self, ctx: &Ctx, secret: &str) -> Result<(Ctx, Arc<Access>), RecordError> {
        let hash = digest(secret);
        if let Some((at, (token, access))) = self.known.tokens.lock().expect("not poisoned").get(&hash)
            && Known::is_fresh(*at, ctx.now)
            && token.expires_at.is_none_or(|end| end > ctx.now)
        {
            return Ok((ctx.as_actor(Actor::User(token.user)), Arc::clone(access)));
        }
        let round = self.known.round();
        let token = self.store.read().await?.token(&hash).await?.ok_or(RecordError::Unauthenticated)?;
        let ended = token.expires_at.is_some_and(|at| at <= ctx.now) || token.revoked_at.is_some();
        if ended {
            return Err(RecordError::Unauthenticated);
        }
        let ctx = ctx.as_actor(Actor::User(token.user));
        let mut access = (*self.access(&ctx).await?).clone();
        if access.user.is_none() {
            return Err(RecordError::Unauthenticated);
        }
        access.scopes = Some(token.scopes.clone());
        let access = Arc::new(access);
        if token.used_at.is_none_or(|at| ctx.now.duration_since(at) > SignedDuration::from_mins(1)) {
            let (id, now) = (token.id, ctx.now);
            self.store.write(move |w| Box::pin(async move { w.touch_token(id, now).await })).await?;
        }
        self.known.put(&self.known.tokens, round, hash, ctx.now, (token, Arc::clone(&access)));
        Ok((ctx, access))
    }

    /// Revokes an API token; `false` when there is none with this identifier.
    pub async fn revoke_token(&self, ctx: &Ctx, id: Id) -> Result<bool, RecordError> {
        let now = ctx.now;
        let revoked = self.store.write(move |w| Box::pin(async move { w.revoke_token(id, now).await })).await?;
        self.known.forget();
        Ok(revoked)
    }
}
