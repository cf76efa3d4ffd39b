//! Which profile a group of records is: profiles keep their identifiers through merges and splits, and every change is written down.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::Id;
use records::{Cx, RecordError};
use store::{Step, Verdict};

/// Records that belong together, each with the profile it has.
pub(crate) type Group = Vec<(Id, Id)>;

/// Which profiles were merged and split.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changes {
    /// Profiles that are no more, each with the one that took up its records.
    pub(crate) merged: Vec<(Id, Id)>,
    /// Profiles that lost records, each with the profile that has them now.
    pub(crate) split: Vec<(Id, Id)>,
}

impl Changes {
    pub(crate) fn extend(&mut self, other: Changes) {
        self.merged.extend(other.merged);
        self.split.extend(other.split);
    }

    pub(crate) fn touched(&self) -> impl Iterator<Item = Id> {
        self.merged.iter().chain(&self.split).flat_map(|(a, b)| [*a, *b])
    }
}

/// Moves records to the profile of their group: the one that most of the group had; where another group has that, the one that these
/// records had before a merge, or a new one. Equal claims go to the oldest profile.
pub(crate) async fn adopt(
    cx: &mut Cx<'_>,
    mut groups: Vec<Group>,
    fresh: &HashSet<Id>,
    verdict: Option<&Verdict>,
) -> Result<Changes, RecordError> {
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_by(|x, y| y.len().cmp(&x.len()).then(x.cmp(y)));
    let mut taken: HashSet<Id> = HashSet::new();
    let mut placed: Vec<(Group, Option<Id>)> = Vec::new();
    for group in groups {
        let mut claims: BTreeMap<Id, usize> = BTreeMap::new();
        for (_, profile) in group.iter().filter(|(_, profile)| !taken.contains(profile)) {
            *claims.entry(*profile).or_default() += usize::from(!fresh.contains(profile));
        }
        let best = claims.iter().max_by(|x, y| x.1.cmp(y.1).then(y.0.cmp(x.0))).map(|(profile, _)| *profile);
        taken.extend(best);
        placed.push((group, best));
    }
    let mut changes = Changes::default();
    let (mut moves, mut steps, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
    let mut moved: BTreeMap<(Id, Id), Vec<Id>> = BTreeMap::new();
    for (group, profile) in &placed {
        let profile = match profile {
            Some(profile) => *profile,
            None => {
                let returned = former(cx, group, &taken).await?;
                aliases.extend(returned.map(|profile| (profile, None)));
                returned.unwrap_or_else(|| Id::new(cx.ctx.now))
            }
        };
        taken.insert(profile);
        for (record, old) in group.iter().filter(|(_, old)| *old != profile) {
            moves.push((*record, profile));
            moved.entry((*old, profile)).or_default().push(*record);
        }
    }
    if moves.is_empty() {
        return Ok(changes);
    }
    let (at, actor) = (cx.ctx.now, verdict.and_then(|verdict| verdict.actor));
    let cause = verdict.map(|verdict| verdict.id);
    for ((old, new), records) in moved {
        if fresh.contains(&old) {
            continue;
        }
        let step = |profile, kind: &str, other, records| {
            let kind = kind.to_owned();
            Step { seq: 0, at, actor, profile, kind, other, records, verdict: cause }
        };
        if taken.contains(&old) {
            changes.split.push((old, new));
            steps.push(step(old, "split", new, records));
        } else {
            changes.merged.push((old, new));
            steps.push(step(new, "merge", old, records));
        }
    }
    // A profile whose records went to several others is remembered as the one that took up most.
    let mut kept: HashMap<Id, (usize, Id)> = HashMap::new();
    for step in steps.iter().filter(|step| step.kind == "merge") {
        let held = kept.entry(step.other).or_insert((0, step.profile));
        *held = (*held).max((step.records.len(), step.profile));
    }
    aliases.extend(kept.into_iter().map(|(profile, (_, kept))| (profile, Some(kept))));
    aliases.sort_unstable();
    cx.writer.set_profiles(&moves).await?;
    cx.writer.append_lineage(&steps).await?;
    cx.writer.put_aliases(&aliases).await?;
    Ok(changes)
}

/// The profile that most records of a group had before it was merged into the one that they have.
async fn former(cx: &mut Cx<'_>, group: &Group, taken: &HashSet<Id>) -> Result<Option<Id>, RecordError> {
    let profiles: BTreeSet<Id> = group.iter().map(|(_, profile)| *profile).collect();
    let records: HashSet<Id> = group.iter().map(|(record, _)| *record).collect();
    let mut best: Option<(usize, Id)> = None;
    for profile in profiles {
        let merged: HashSet<Id> = cx.writer.former(&[profile]).await?.into_iter().map(|(gone, _)| gone).collect();
        if merged.is_empty() {
            continue;
        }
        for step in cx.writer.lineage(profile, STEPS).await? {
            let known = step.kind == "merge" && step.profile == profile && merged.contains(&step.other);
            let ours = step.records.iter().filter(|record| records.contains(record)).count();
            if known && 2 * ours > step.records.len() && !taken.contains(&step.other) {
                best = best.max(Some((ours, step.other)));
            }
        }
    }
    Ok(best.map(|(_, profile)| profile))
}

/// How far back a profile's former identifiers are looked for.
const STEPS: u32 = 200;
