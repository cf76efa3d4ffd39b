use std::sync::Arc;

use jiff::SignedDuration;
use kernel::{Ctx, Id};
use model::Problem;
use records::{Access, Action, RecordError, Secret, Space, digest};
use store::{PersonLink, StoreError};

use super::held::points_of;
use crate::consent::ContactPoint;
use crate::profile::view;

/// How long a session lasts.
const SESSION: SignedDuration = SignedDuration::from_mins(30);
/// Most days for which a link can be good.
const MOST_DAYS: i64 = 90;

/// What a link or a session stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Entered {
    /// The profile.
    pub profile: Id,
    /// The contact point that is proven.
    pub point: ContactPoint,
}

/// A link for one contact point of a profile: 256 random bits, of which only a hash is kept, good for some days and until it is taken
/// back. Whoever sends it to another address than the point gives somebody else's data away. For those who answer rights requests.
///
/// Errors when the actor may not, when there is no such profile, and when the point is none of its own.
pub async fn link(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    profile: Id,
    point: &ContactPoint,
    days: i64,
) -> Result<Secret, RecordError> {
    access.check(&*space.object("rights_request")?, Action::Update)?;
    let mut reader = space.store.read().await?;
    let view = view(space, &Access::everything(), profile, &mut reader).await?;
    drop(reader);
    if !points_of(&view.golden).contains(point) {
        return Err(Problem::new("point", "person-point-foreign").into());
    }
    let secret = Secret::new("me_");
    let kept = PersonLink {
        hash: secret.hash.clone(),
        profile: view.profile.id(),
        point: point.key().to_owned(),
        parent: None,
        created_at: ctx.now,
        expires_at: ctx.now + SignedDuration::from_hours(24 * days.clamp(1, MOST_DAYS)),
        actor: ctx.user(),
        opened_at: None,
        opened: 0,
    };
    put(space, kept).await?;
    Ok(secret)
}

/// The links given out for a profile, newest first. For those who answer rights requests.
pub async fn links(space: &Space, access: &Access, profile: Id) -> Result<Vec<PersonLink>, RecordError> {
    access.check(&*space.object("rights_request")?, Action::Update)?;
    Ok(space.store.read().await?.person_links(profile).await?)
}

/// Takes a link back by its hash; the sessions that it opened end. For those who answer rights requests.
pub async fn revoke(space: &Space, access: &Access, hash: &str) -> Result<bool, RecordError> {
    access.check(&*space.object("rights_request")?, Action::Update)?;
    let hash = hash.to_owned();
    let ended: Result<bool, StoreError> =
        space.store.write(move |w| Box::pin(async move { w.end_person_link(&hash).await })).await;
    Ok(ended?)
}

/// Opens a link: a session of half an hour, and a note that it was opened. Nothing when it is none, has ended or was taken back.
pub async fn enter(space: &Space, ctx: &Ctx, secret: &str) -> Result<Option<Secret>, RecordError> {
    let found = space.store.read().await?.person_link(&digest(secret), ctx.now).await?;
    let Some(found) = found.filter(|link| link.parent.is_none()) else { return Ok(None) };
    let session = Secret::new("");
    let kept = PersonLink {
        hash: session.hash.clone(),
        parent: Some(found.hash.clone()),
        created_at: ctx.now,
        expires_at: (ctx.now + SESSION).min(found.expires_at),
        ..found
    };
    let (now, parent) = (ctx.now, kept.parent.clone().unwrap_or_default());
    let written: Result<(), StoreError> = space
        .store
        .write(move |w| {
            Box::pin(async move {
                w.open_person_link(&parent, now).await?;
                w.put_person_link(&kept).await
            })
        })
        .await;
    written?;
    Ok(Some(session))
}

/// What a session stands for; nothing when it has ended.
pub async fn session(space: &Space, ctx: &Ctx, secret: &str) -> Result<Option<Entered>, RecordError> {
    if secret.is_empty() {
        return Ok(None);
    }
    let found = space.store.read().await?.person_link(&digest(secret), ctx.now).await?;
    Ok(found
        .filter(|link| link.parent.is_some())
        .and_then(|link| Some(Entered { profile: link.profile, point: ContactPoint::parse(&link.point)? })))
}

/// Ends a session.
pub async fn leave(space: &Space, secret: &str) -> Result<(), RecordError> {
    let hash = digest(secret);
    let ended: Result<bool, StoreError> =
        space.store.write(move |w| Box::pin(async move { w.end_person_link(&hash).await })).await;
    ended?;
    Ok(())
}

async fn put(space: &Space, link: PersonLink) -> Result<(), RecordError> {
    let written: Result<(), StoreError> =
        space.store.write(move |w| Box::pin(async move { w.put_person_link(&link).await })).await;
    Ok(written?)
}
