//! What people decide about who is who. A verdict is evidence: it changes no record, outweighs every model, can be taken back, and of two
//! that contradict each other the later one counts.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Filter, Ident, Problem, Record};
use records::{Access, Action, Cx, RecordError, Space};
use store::{Doubt, Entry, Verdict};

use super::resolve::{Known, answered, doubt};
use super::{Kind, Linkers, Resolved, Sources, Understood, lock, settle, understand};
use crate::profile::refresh;

/// Most characters of a verdict's note.
const NOTE: usize = 1_000;

/// A decision that a person asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Records of a profile are not the same as the rest of it.
    Separate {
        /// The profile.
        profile: Id,
        /// The records that leave it together.
        records: Vec<Id>,
    },
    /// Profiles are the same.
    Join {
        /// Two or more of them.
        profiles: Vec<Id>,
    },
    /// Two records are, or are not, the same.
    Pair {
        /// A record.
        a: Id,
        /// The other one.
        b: Id,
        /// Whether they are.
        same: bool,
    },
    /// An earlier verdict does not count any more.
    TakeBack {
        /// The verdict.
        verdict: Id,
    },
}

/// A profile before or after a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The profile's record, with its golden values.
    pub profile: Record,
    /// The records that it is made of.
    pub records: Vec<Understood>,
}

/// What a decision changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The verdict, with which the decision can be taken back.
    pub verdict: Id,
    /// The profiles that it is about, as they were.
    pub before: Vec<Snapshot>,
    /// The same people as they are afterwards.
    pub after: Vec<Snapshot>,
}

/// Decides for an actor who may change profiles. With `dry`, nothing is kept, and the answer is what would follow.
///
/// Errors when the actor may not, when there is no such profile, record or verdict, and when the decision would change nothing.
pub async fn decide(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: Arc<Access>,
    decision: Decision,
    note: &str,
    dry: bool,
) -> Result<Effect, RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let note: String = note.trim().chars().take(NOTE).collect();
    space
        .transact_as(ctx, access, dry, move |cx| {
            Box::pin(async move {
                lock(cx).await?;
                let verdict = write_verdict(cx, decision, note).await?;
                carry_out(cx, &linkers, &sources, &verdict).await
            })
        })
        .await
}

/// Keeps what a decision says, or takes an earlier verdict back. Answers the verdict.
async fn write_verdict(cx: &mut Cx<'_>, decision: Decision, note: String) -> Result<Verdict, RecordError> {
    let (same, sides) = match decision {
        Decision::TakeBack { verdict } => {
            let unknown = || RecordError::unknown("verdict", verdict.to_string());
            if !cx.writer.undo_verdict(verdict, Some(cx.ctx.now)).await? {
                return Err(unknown());
            }
            return cx.writer.verdicts(&[verdict]).await?.into_iter().next().ok_or_else(unknown);
        }
        Decision::Separate { profile, records } => {
            let wanted: BTreeSet<Id> = records.into_iter().collect();
            let members = members(cx, profile).await?;
            let (leave, stay): (Vec<Id>, Vec<Id>) = members.iter().partition(|record| wanted.contains(record));
            if leave.len() != wanted.len() {
                return Err(Problem::new("records", "verdict-not-of-the-profile").into());
            }
            (false, [leave, stay])
        }
        Decision::Join { profiles } => {
            let profiles: BTreeSet<Id> = profiles.into_iter().collect();
            let mut sides = [Vec::new(), Vec::new()];
            for (at, profile) in profiles.into_iter().enumerate() {
                sides[usize::from(at > 0)].extend(members(cx, profile).await?);
            }
            (true, sides)
        }
        Decision::Pair { a, b, same } => (same, if a == b { [vec![a], Vec::new()] } else { [vec![a], vec![b]] }),
    };
    let entries = cx.writer.entries(&sides.concat()).await?;
    if sides.iter().any(Vec::is_empty) || entries.len() != sides.concat().len() {
        return Err(Problem::new("records", "verdict-needs-two-sides").into());
    }
    if entries.iter().any(|entry| entry.entity != entries[0].entity) {
        return Err(Problem::new("records", "verdict-of-different-kinds").into());
    }
    let (at, actor) = (cx.ctx.now, cx.ctx.user());
    let verdict = Verdict { seq: 0, id: Id::new(at), at, actor, same, note, undone_at: None, sides };
    cx.writer.put_verdict(&verdict).await?;
    Ok(verdict)
}

/// The records of a profile, which may go by a former identifier.
async fn members(cx: &mut Cx<'_>, profile: Id) -> Result<Vec<Id>, RecordError> {
    let profile = current(cx.writer, profile).await?;
    let members: Vec<Id> = cx.writer.entries_of(&[profile]).await?.into_iter().map(|entry| entry.record).collect();
    match members.is_empty() {
        true => Err(RecordError::NotFound { object: Ident::of("profile"), id: profile }),
        false => Ok(members),
    }
}

/// The profile that a profile's identifier, perhaps a former one, leads to.
pub async fn current(reader: &mut store::Reader, mut profile: Id) -> Result<Id, RecordError> {
    // Each merge is one step, and nobody was merged so many times without an end.
    for _ in 0..64 {
        match reader.aliases(&[profile]).await?.first() {
            Some((_, kept)) => profile = *kept,
            None => break,
        }
    }
    Ok(profile)
}

/// Clusters anew what a verdict is about, and writes the profiles that follow.
async fn carry_out(
    cx: &mut Cx<'_>,
    linkers: &Linkers,
    sources: &Sources,
    verdict: &Verdict,
) -> Result<Effect, RecordError> {
    let records = verdict.sides.concat();
    let entries = cx.writer.entries(&records).await?;
    let kind = entries.first().and_then(|entry| Kind::parse(&entry.entity)).unwrap_or(Kind::Person);
    let profiles: BTreeSet<Id> = entries.iter().map(|entry| entry.profile).collect();
    let before = snapshots(cx, sources, &profiles).await?;
    renew_doubts(cx, linkers, kind, verdict).await?;
    let linker = linkers.current(cx.writer, kind).await?;
    let mut resolved = Resolved::default();
    let cause = Some(verdict).filter(|verdict| verdict.undone_at.is_none());
    settle(cx, &linker, kind, records.into_iter().collect(), Known::default(), cause, &mut resolved).await?;
    refresh(cx, sources, linkers, &resolved.touched).await?;
    let known: Vec<Id> = before.iter().flat_map(|snapshot| &snapshot.records).map(|record| record.record).collect();
    let now: BTreeSet<Id> = cx.writer.entries(&known).await?.into_iter().map(|entry| entry.profile).collect();
    Ok(Effect { verdict: verdict.id, before, after: snapshots(cx, sources, &now).await? })
}

/// Ends the doubts that a verdict settles; one that was taken back leaves them open again.
async fn renew_doubts(cx: &mut Cx<'_>, linkers: &Linkers, kind: Kind, verdict: &Verdict) -> Result<(), RecordError> {
    let records = verdict.sides.concat();
    if verdict.undone_at.is_none() {
        let doubts = cx.writer.doubts_on(&records).await?;
        let pairs: Vec<(Id, Id)> =
            doubts.iter().filter(|doubt| answered(verdict, doubt.a, doubt.b)).map(|doubt| (doubt.a, doubt.b)).collect();
        return Ok(cx.writer.end_doubts(&pairs).await?);
    }
    let sure = f64::from(linkers.current(cx.writer, kind).await?.sure());
    let links = cx.writer.links(&records, f64::MIN).await?;
    let open =
        links.into_iter().filter(|link| link.a < link.b && link.weight < sure && answered(verdict, link.a, link.b));
    let doubts: Vec<Doubt> = open.map(|link| doubt(kind, &link)).collect();
    Ok(cx.writer.put_doubts(&doubts).await?)
}

/// Profiles as they are now, by identifier.
async fn snapshots(cx: &mut Cx<'_>, sources: &Sources, profiles: &BTreeSet<Id>) -> Result<Vec<Snapshot>, RecordError> {
    let ids: Vec<Id> = profiles.iter().copied().collect();
    let schema = cx.schema();
    let entries: Vec<Entry> = cx.writer.entries_of(&ids).await?;
    let records: Vec<Id> = entries.iter().map(|entry| entry.record).collect();
    let versions = cx.writer.latest_versions(&records).await?;
    let understood = understand(sources, &schema, cx.writer, &versions).await?;
    let profiles = cx.writer.get_many(&schema, &Ident::of("profile"), &ids, &Filter::All, &[]).await?;
    let of = |profile: Id| -> HashSet<Id> {
        entries.iter().filter(|entry| entry.profile == profile).map(|entry| entry.record).collect()
    };
    let mut found: Vec<Snapshot> = profiles
        .into_iter()
        .map(|profile| {
            let members = of(profile.id());
            let records = understood.iter().filter(|record| members.contains(&record.record)).cloned().collect();
            Snapshot { profile, records }
        })
        .collect();
    found.sort_by_key(|snapshot| snapshot.profile.id());
    Ok(found)
}
