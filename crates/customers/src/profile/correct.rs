//! Values fixed by hand. A correction is one more source record, bound to the profile's others by a verdict: it follows them wherever they
//! go, it can be taken back, and it overwrites nothing.

use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Fields, Ident, Problem, Value, system};
use records::{Access, Action, Cx, Op, RecordError, Space};
use serde_json::{Map, Value as Json};
use store::{Entry, Incoming, Verdict};

use super::golden::STEWARD;
use crate::identity::{GROUP, Kind, Linkers, Sources, current, lock, take, vocabulary};

/// Fixes the values of an attribute of a profile, or, without values, lets the sources speak again. For actors who may change profiles.
///
/// Errors when the actor may not, when there is no such profile, and when there is no such attribute.
pub async fn fix(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: Arc<Access>,
    profile: Id,
    attribute: &str,
    values: Vec<String>,
) -> Result<(), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let attribute = attribute.to_owned();
    space
        .transact_as(ctx, access, false, move |cx| {
            Box::pin(async move {
                lock(cx).await?;
                let source = steward(cx).await?;
                correct(cx, &linkers, &sources, source, profile, &attribute, values).await
            })
        })
        .await
}

/// The identifier of the source of what stewards fix.
pub(crate) fn steward_id() -> Id {
    Id::named("source of corrections by stewards")
}

/// The source of what stewards fix, made when it is first needed.
async fn steward(cx: &mut Cx<'_>) -> Result<Id, RecordError> {
    let id = steward_id();
    if cx.get("source", id).await?.is_none() {
        let fields = Fields::from_iter([
            (Ident::of(system::ID), Value::Id(id)),
            (Ident::of("name"), Value::from(STEWARD)),
            (Ident::of("kind"), Value::from("object")),
            (Ident::of("trust"), Value::Int(1)),
        ]);
        cx.write("source", vec![Op::Create(fields)]).await?;
    }
    Ok(id)
}

/// Lets a source say something about a profile; without values, nothing any more. The caller holds the identity lock.
pub(crate) async fn correct(
    cx: &mut Cx<'_>,
    linkers: &Linkers,
    sources: &Sources,
    source: Id,
    profile: Id,
    attribute: &str,
    values: Vec<String>,
) -> Result<(), RecordError> {
    let profile = current(cx.writer, profile).await?;
    let members = cx.writer.entries_of(&[profile]).await?;
    let missing = || RecordError::NotFound { object: Ident::of("profile"), id: profile };
    let kind = members.first().and_then(|entry| Kind::parse(&entry.entity)).ok_or_else(missing)?;
    if !vocabulary(kind).iter().any(|known| known.name == attribute) {
        return Err(Problem::new("attribute", "profile-attribute-unknown").text("value", attribute).into());
    }
    let own = members.iter().find(|entry| entry.source == source);
    let (key, mut payload) = match own {
        None => {
            let anchor = anchor(&members, source).ok_or_else(missing)?.record;
            // Its kind is that of the profile, whatever the source is usually about.
            let key = if kind == Kind::Organisation { format!("{GROUP}{anchor}") } else { anchor.to_string() };
            (key, Map::new())
        }
        Some(own) => {
            let held = cx.writer.latest_versions(&[own.record]).await?.into_iter().next().ok_or_else(missing)?;
            let said = if let Json::Object(said) = held.payload { said } else { Map::new() };
            (held.key, said)
        }
    };
    let values: Vec<Json> =
        values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).map(Json::from).collect();
    match values.is_empty() {
        true => payload.remove(attribute),
        false => payload.insert(attribute.to_owned(), values.into()),
    };
    if own.is_none() && payload.is_empty() {
        return Ok(());
    }
    let incoming = Incoming { source, key, payload, partial: false };
    let appended = cx.writer.append_records(&[incoming], cx.ctx.now).await?;
    let Some(record) = appended.first().map(|appended| appended.record) else { return Ok(()) };
    let bound = cx.writer.verdicts_on(&[record]).await?.iter().any(|verdict| verdict.same);
    if !bound {
        let (id, at) = (Id::new(cx.ctx.now), cx.ctx.now);
        let sides = [members.iter().map(|entry| entry.record).collect(), vec![record]];
        let verdict =
            Verdict { seq: 0, id, at, actor: cx.ctx.user(), same: true, note: String::new(), undone_at: None, sides };
        cx.writer.put_verdict(&verdict).await?;
    }
    let latest = cx.writer.latest_versions(&[record]).await?;
    take(cx, linkers, sources, latest).await?;
    Ok(())
}

/// The record to which a correction is bound: the oldest of another source.
fn anchor(members: &[Entry], source: Id) -> Option<&Entry> {
    members.iter().filter(|entry| entry.source != source).min_by_key(|entry| entry.record)
}
