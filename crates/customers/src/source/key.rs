//! Write keys: with one, a program sends events in a source's name. Only their hashes are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use kernel::{Ctx, Id, Timestamp};
use model::{Filter, Ident, Problem, Record};
use records::{Action, RecordError, Secret, Space, digest};
use store::WriteKey;

use super::{ACTIVE, SCHEMA, When};

/// For how long a key that was looked up is remembered. A change made through another process counts after this time at the latest.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(5);
/// Keys remembered at once.
const MOST: usize = 10_000;

/// A source at the door: what a write key opens.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) source: Id,
    /// Whether events must be like those learnt before.
    pub(crate) enforces: bool,
    /// When what it sends is resolved to profiles.
    pub(crate) when: When,
}

/// Senders by the hash of their key.
#[derive(Default)]
struct Senders(Mutex<HashMap<String, (Timestamp, Sender)>>);

impl Senders {
    fn forget(&self) {
        self.0.lock().expect("not poisoned").clear();
    }
}

/// Finds a source that the actor may use in this way.
///
/// Errors when there is none, and when the actor may not.
pub async fn find(space: &Space, ctx: &Ctx, id: Id, action: Action) -> Result<Record, RecordError> {
    let object = space.object("source")?;
    let access = space.access(ctx).await?;
    access.check(&object, action)?;
    space.get_as(&access, &object.name, id, &mut space.store.read().await?).await
}

/// Makes a write key for a source that the actor may change. Its text is shown once.
///
/// Errors when the actor may not, when there is no such source, and when the name is empty.
pub async fn new_key(space: &Space, ctx: &Ctx, source: Id, name: &str) -> Result<(WriteKey, Secret), RecordError> {
    find(space, ctx, source, Action::Update).await?;
    if name.trim().is_empty() {
        return Err(Problem::new("name", "required").into());
    }
    let secret = Secret::new("clw_");
    let key = WriteKey {
        id: Id::new(ctx.now),
        source,
        name: name.trim().chars().take(100).collect(),
        created_at: ctx.now,
        used_at: None,
        revoked_at: None,
    };
    let (kept, hash) = (key.clone(), secret.hash.clone());
    space.store.write(move |w| Box::pin(async move { w.put_write_key(&kept, &hash).await })).await?;
    Ok((key, secret))
}

/// The write keys of a source that the actor may read, newest first, those taken back included.
pub async fn keys(space: &Space, ctx: &Ctx, source: Id) -> Result<Vec<WriteKey>, RecordError> {
    find(space, ctx, source, Action::Read).await?;
    Ok(space.store.read().await?.write_keys(source).await?)
}

/// Takes a write key of a source back. It opens nothing from now on; other processes notice within five seconds.
///
/// Errors when the actor may not change the source, and when it has no such key.
pub async fn revoke_key(space: &Space, ctx: &Ctx, source: Id, key: Id) -> Result<(), RecordError> {
    find(space, ctx, source, Action::Update).await?;
    let now = ctx.now;
    let own = space.store.read().await?.write_keys(source).await?;
    let unknown = || RecordError::unknown("key", key.to_string());
    own.iter().find(|k| k.id == key && k.revoked_at.is_none()).ok_or_else(unknown)?;
    let revoked = space.store.write(move |w| Box::pin(async move { w.revoke_write_key(key, now).await })).await?;
    space.kept::<Senders>().forget();
    if revoked { Ok(()) } else { Err(unknown()) }
}

/// The sender whose key this is; `None` for keys that are unknown or taken back, and for sources that are switched off or deleted.
pub(crate) async fn sender(space: &Space, secret: &str, now: Timestamp) -> Result<Option<Sender>, RecordError> {
    let senders: Arc<Senders> = space.kept();
    let hash = digest(secret);
    if let Some((at, sender)) = senders.0.lock().expect("not poisoned").get(&hash)
        && now.duration_since(*at) < REMEMBERED
    {
        return Ok(Some(sender.clone()));
    }
    let mut reader = space.store.read().await?;
    let Some(key) = reader.write_key(&hash).await?.filter(|key| key.revoked_at.is_none()) else { return Ok(None) };
    let found = reader.get_many(&space.schema(), &Ident::of("source"), &[key.source], &Filter::All, &[]).await?;
    drop(reader);
    let open = |source: &Record| source.deleted_at().is_none() && source.get(ACTIVE) == Some(true);
    let Some(source) = found.into_iter().find(open) else { return Ok(None) };
    if key.used_at.is_none_or(|at| now.duration_since(at) > SignedDuration::from_mins(1)) {
        let id = key.id;
        space.store.write(move |w| Box::pin(async move { w.touch_write_key(id, now).await })).await?;
    }
    let sender = sender_of(&source);
    let mut known = senders.0.lock().expect("not poisoned");
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(hash, (now, sender.clone()));
    Ok(Some(sender))
}

/// The sender that a source is, whatever its keys.
pub(crate) fn sender_of(source: &Record) -> Sender {
    Sender { source: source.id(), enforces: source.get(SCHEMA).as_deref() == Some("enforce"), when: When::of(source) }
}
