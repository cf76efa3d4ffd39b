//! From records that arrived to profiles: read, keyed, compared with those that share a key, and clustered anew with all they hang
//! together with.
//!
//! The cost of a record does not grow with the number of records: a key brings at most [`MOST_HOLDERS`] candidates, and a fixed
//! number of statements serves all records that arrive together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::Id;
use matching::{Desk, Features, Linker, Pair, probability};
use records::{Cx, RecordError};
use store::{Doubt, Entry, Link, StoreError, Verdict};

use super::lineage::{self, Changes, Group};
use super::{Kind, Linkers, Understood};

/// Most records that one key makes candidates: those that come later are told apart by a finer key.
pub(crate) const MOST_HOLDERS: u32 = 60;
/// Most records that are clustered together. Nobody has so many; a glut of records without anything of their own may.
const MOST_TOGETHER: usize = 4_000;

/// What resolving some records did.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// Profiles whose records, or what they say, may have changed.
    pub(crate) touched: BTreeSet<Id>,
    /// Which profiles were merged and split.
    pub(crate) changes: Changes,
}

/// Resolves records that arrived, of which `before` has what is held of them. The caller holds the identity lock.
pub(crate) async fn resolve(
    cx: &mut Cx<'_>,
    linkers: &Linkers,
    arrived: &[Understood],
    before: HashMap<Id, Entry>,
) -> Result<Resolved, RecordError> {
    let mut resolved = Resolved::default();
    let held: Vec<Id> = before.keys().copied().collect();
    resolved.touched.extend(before.values().map(|entry| entry.profile));
    let neighbours: Vec<Id> = cx.writer.links(&held, f64::MIN).await?.into_iter().map(|link| link.b).collect();

    let gone: Vec<Id> = arrived.iter().filter(|record| record.gone).map(|record| record.record).collect();
    cx.writer.clear_entries(&gone, true).await?;
    for kind in Kind::ALL {
        if neighbours.is_empty() && arrived.iter().all(|record| record.kind != kind) {
            continue;
        }
        let linker = linkers.current(cx.writer, kind).await?;
        let mut read = Vec::new();
        for record in arrived.iter().filter(|record| record.kind == kind && !record.gone) {
            let features = linker.read(|column| record.compared(column));
            let text = serde_json::to_string(&features).unwrap_or_default();
            let old = before.get(&record.record);
            let same = old.is_some_and(|old| old.features == text && old.entity == kind.as_str());
            let entry = Entry {
                record: record.record,
                source: record.source,
                entity: kind.as_str().to_owned(),
                profile: old
                    .filter(|old| old.entity == kind.as_str())
                    .map_or_else(|| Id::new(cx.ctx.now), |old| old.profile),
                version: record.version,
                features: text,
            };
            read.push((entry, features, same));
        }
        let entries: Vec<Entry> = read.iter().map(|(entry, ..)| entry.clone()).collect();
        cx.writer.put_entries(&entries).await?;
        resolved.touched.extend(entries.iter().map(|entry| entry.profile));
        let changed: Vec<(Id, Features)> =
            read.into_iter().filter(|(.., same)| !same).map(|(entry, features, _)| (entry.record, features)).collect();
        let fresh: HashSet<Id> =
            entries.iter().filter(|entry| !before.contains_key(&entry.record)).map(|entry| entry.profile).collect();
        let known: Vec<Id> = changed.iter().map(|(id, _)| *id).filter(|id| before.contains_key(id)).collect();
        cx.writer.clear_entries(&known, false).await?;
        let (mut known, links) = connect(cx, &linker, kind, &changed).await?;
        known.extend(entries.into_iter().map(|entry| (entry.record, entry)));
        // The other ends of new links are looked up at once instead of on the next round.
        let tied = links.iter().filter(|link| link.weight >= f64::from(linker.threshold())).map(|link| link.b);
        let affected = changed.iter().map(|(id, _)| *id).chain(neighbours.iter().copied()).chain(tied).collect();
        settle(cx, &linker, kind, affected, Known { entries: known, fresh }, None, &mut resolved).await?;
    }
    Ok(resolved)
}

/// Gives records their keys, and links them to those that share one and resemble them. Gives what is held of those that share one,
/// and the links.
pub(crate) async fn connect(
    cx: &mut Cx<'_>,
    linker: &Linker,
    kind: Kind,
    records: &[(Id, Features)],
) -> Result<(HashMap<Id, Entry>, Vec<Link>), RecordError> {
    if records.is_empty() {
        return Ok((HashMap::new(), Vec::new()));
    }
    let candidates = place(cx, linker, kind, records).await?;
    let arrived: HashMap<Id, usize> = records.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let others: BTreeSet<Id> = candidates.iter().flatten().filter(|id| !arrived.contains_key(id)).copied().collect();
    let others: Vec<Entry> = cx.writer.entries(&others.into_iter().collect::<Vec<_>>()).await?;
    let held: Vec<Features> = others.iter().map(features_of).collect::<Result<_, _>>()?;
    let desk = linker.desk(records.iter().map(|(_, features)| features).chain(&held));
    let mut rows = arrived;
    rows.extend(others.iter().enumerate().map(|(at, entry)| (entry.record, records.len() + at)));
    let mut links = Vec::new();
    for (at, (id, _)) in records.iter().enumerate() {
        for other in &candidates[at] {
            let Some(row) = rows.get(other).copied() else { continue };
            // Of two that arrived together, the first meets the second.
            if row == at || (row < records.len() && row < at && candidates[row].contains(id)) {
                continue;
            }
            let (a, b) = (at as u32, row as u32);
            if desk.apart(a, b) {
                continue;
            }
            let weight = desk.weight(a, b);
            if weight >= linker.floor() {
                links.push(Link { a: *id, b: *other, weight: f64::from(weight) });
            }
        }
    }
    cx.writer.put_links(&links).await?;
    let mut doubtful: Vec<&Link> = links.iter().filter(|link| link.weight < f64::from(linker.sure())).collect();
    let others = others.into_iter().map(|entry| (entry.record, entry)).collect();
    if doubtful.is_empty() {
        return Ok((others, links));
    }
    let asked: BTreeSet<Id> = doubtful.iter().flat_map(|link| [link.a, link.b]).collect();
    let answers = cx.writer.verdicts_on(&asked.into_iter().collect::<Vec<_>>()).await?;
    doubtful.retain(|link| !answers.iter().any(|verdict| answered(verdict, link.a, link.b)));
    let doubts: Vec<Doubt> = doubtful.into_iter().map(|link| doubt(kind, link)).collect();
    cx.writer.put_doubts(&doubts).await?;
    Ok((others, links))
}

/// The question that a link asks.
pub(crate) fn doubt(kind: Kind, link: &Link) -> Doubt {
    let worth = worth(link.weight);
    Doubt { a: link.a, b: link.b, entity: kind.as_str().to_owned(), weight: link.weight, worth }
}

/// Whether a verdict says of two records whether they are the same.
pub(crate) fn answered(verdict: &Verdict, a: Id, b: Id) -> bool {
    let [in_a, in_b] = [a, b].map(|id| [0, 1].map(|side| verdict.sides[side].contains(&id)));
    // What leaves a profile together, and what stays, was looked at together.
    (in_a[0] || in_a[1]) && (in_b[0] || in_b[1]) && (verdict.same || in_a != in_b)
}

/// What an answer is worth: the entropy of the question, in bits (Shannon, 1948).
fn worth(weight: f64) -> f64 {
    let p = probability(weight).clamp(1e-9, 1.0 - 1e-9);
    -(p * p.log2() + (1.0 - p) * (1.0 - p).log2())
}

/// Keeps the keys of records and answers, for each record, those that share one. A key that is full is left for its next finer one.
async fn place(
    cx: &mut Cx<'_>,
    linker: &Linker,
    kind: Kind,
    records: &[(Id, Features)],
) -> Result<Vec<BTreeSet<Id>>, RecordError> {
    let mut candidates = vec![BTreeSet::new(); records.len()];
    let desk = linker.desk(records.iter().map(|(_, features)| features));
    // Each with its record, and its keys from the coarsest to the finest.
    let mut waiting: Vec<(usize, Vec<i64>)> = Vec::new();
    for at in 0..records.len() {
        for key in desk.keys(at as u32) {
            let all = std::iter::once(key.key).chain(key.finer);
            waiting.push((at, all.map(|key| key_of(kind, key)).collect()));
        }
    }
    let mut kept = Vec::new();
    let mut depth = 0;
    while !waiting.is_empty() {
        let keys: BTreeSet<i64> = waiting.iter().map(|(_, keys)| keys[depth]).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let mut holders: HashMap<i64, Vec<Id>> = HashMap::new();
        for (key, record) in cx.writer.key_holders(&keys, MOST_HOLDERS).await? {
            holders.entry(key).or_default().push(record);
        }
        waiting.retain(|(at, keys)| {
            let (id, held) = (records[*at].0, holders.entry(keys[depth]).or_default());
            candidates[*at].extend(held.iter().filter(|other| **other != id).take(MOST_HOLDERS as usize));
            if held.contains(&id) {
                return false;
            }
            if held.len() < MOST_HOLDERS as usize {
                held.push(id);
                kept.push((keys[depth], id));
                return false;
            }
            depth + 1 < keys.len()
        });
        depth += 1;
    }
    // Neighbours in the index are written one after the other.
    kept.sort_unstable();
    cx.writer.put_keys(&kept).await?;
    Ok(candidates)
}

/// A key as the database keeps it; people and organisations never share one.
pub(crate) fn key_of(kind: Kind, key: u64) -> i64 {
    let key = match kind {
        Kind::Person => key,
        Kind::Organisation => !key,
    };
    key.cast_signed()
}

pub(crate) fn features_of(entry: &Entry) -> Result<Features, RecordError> {
    serde_json::from_str(&entry.features)
        .map_err(|_| StoreError::Fault("what the model read of a record cannot be read back".to_owned()).into())
}

/// What is known already of records that are clustered anew.
#[derive(Default)]
pub(crate) struct Known {
    /// What is held of some records.
    pub(crate) entries: HashMap<Id, Entry>,
    /// Profiles made for records that just arrived, which give way to any other.
    pub(crate) fresh: HashSet<Id>,
}

/// Clusters records anew with all they hang together with, and moves them to the profiles that follow. `verdict` is what caused it, if a
/// person did.
pub(crate) async fn settle(
    cx: &mut Cx<'_>,
    linker: &Linker,
    kind: Kind,
    records: BTreeSet<Id>,
    known: Known,
    verdict: Option<&Verdict>,
    resolved: &mut Resolved,
) -> Result<(), RecordError> {
    if records.is_empty() {
        return Ok(());
    }
    let together = Together::gather(cx, linker, kind, records, known.entries).await?;
    let groups = together.groups(linker)?;
    let changes = lineage::adopt(cx, groups, &known.fresh, verdict).await?;
    resolved.touched.extend(together.entries.values().map(|entry| entry.profile));
    resolved.touched.extend(changes.touched());
    resolved.changes.extend(changes);
    Ok(())
}

/// Records that hang together: by links, by a profile, or by what a person said.
struct Together {
    entries: BTreeMap<Id, Entry>,
    links: Vec<Link>,
    verdicts: Vec<Verdict>,
}

impl Together {
    async fn gather(
        cx: &mut Cx<'_>,
        linker: &Linker,
        kind: Kind,
        records: BTreeSet<Id>,
        mut known: HashMap<Id, Entry>,
    ) -> Result<Together, RecordError> {
        let mut all = Together { entries: BTreeMap::new(), links: Vec::new(), verdicts: Vec::new() };
        let mut met_profiles = HashSet::new();
        let mut frontier: Vec<Id> = records.into_iter().collect();
        while !frontier.is_empty() && all.entries.len() < MOST_TOGETHER {
            let ours = |entry: &Entry| entry.entity == kind.as_str();
            let mut fresh: Vec<Entry> = Vec::new();
            frontier.retain(|id| match known.remove(id) {
                Some(entry) => {
                    fresh.push(entry);
                    false
                }
                None => true,
            });
            if !frontier.is_empty() {
                fresh.extend(cx.writer.entries(&frontier).await?);
            }
            fresh.retain(|entry| ours(entry) && !all.entries.contains_key(&entry.record));
            let profiles: BTreeSet<Id> =
                fresh.iter().map(|entry| entry.profile).filter(|profile| met_profiles.insert(*profile)).collect();
            let mates = cx.writer.entries_of(&profiles.into_iter().collect::<Vec<_>>()).await?;
            fresh.extend(mates);
            fresh.retain(|entry| all.entries.insert(entry.record, entry.clone()).is_none());
            let ids: Vec<Id> = fresh.iter().map(|entry| entry.record).collect();
            let mut next = BTreeSet::new();
            let (links, verdicts) = cx.writer.ties(&ids, f64::from(linker.threshold())).await?;
            next.extend(links.iter().map(|link| link.b));
            all.links.extend(links);
            for verdict in verdicts {
                if all.verdicts.iter().all(|held| held.id != verdict.id) {
                    if verdict.same {
                        next.extend(verdict.sides.iter().flatten().copied());
                    }
                    all.verdicts.push(verdict);
                }
            }
            next.retain(|id| !all.entries.contains_key(id));
            frontier = next.into_iter().collect();
        }
        Ok(all)
    }

    /// The groups in which the records belong together, those of one record included.
    fn groups(&self, linker: &Linker) -> Result<Vec<Group>, RecordError> {
        let rows: HashMap<Id, u32> = self.entries.keys().enumerate().map(|(at, id)| (*id, at as u32)).collect();
        let entries: Vec<&Entry> = self.entries.values().collect();
        let both = |link: &Link| Some((*rows.get(&link.a)?, *rows.get(&link.b)?));
        let mut links: Vec<Pair> = (self.links.iter())
            .filter_map(|link| both(link).map(|(a, b)| Pair { a: a.min(b), b: a.max(b), weight: link.weight as f32 }))
            .collect();
        links.sort_by_key(|link| (link.a, link.b));
        links.dedup_by_key(|link| (link.a, link.b));
        let present = |ids: &[Id]| -> Vec<u32> { ids.iter().filter_map(|id| rows.get(id).copied()).collect() };
        let verdicts: Vec<Said> = (self.verdicts.iter())
            .map(|verdict| Said {
                at: verdict.seq,
                same: verdict.same,
                sides: [0, 1].map(|side| present(&verdict.sides[side]).into_iter().collect()),
            })
            .collect();
        let bound = bound(verdicts.iter().filter(|said| said.same).flat_map(|said| said.parts(&verdicts)));
        let mut groups: Vec<Vec<u32>> = Vec::new();
        if !(links.is_empty() && bound.is_empty()) {
            let features: Vec<Features> = entries.iter().map(|entry| features_of(entry)).collect::<Result<_, _>>()?;
            let desk: Desk<'_> = linker.desk(&features);
            let parted = |x: &[u32], y: &[u32]| verdicts.iter().any(|said| said.parts_rows(x, y, &verdicts));
            groups = desk.clusters(&links, &bound, &parted);
        }
        let grouped: HashSet<u32> = groups.iter().flatten().copied().collect();
        groups.extend((0..entries.len() as u32).filter(|row| !grouped.contains(row)).map(|row| vec![row]));
        let member = |row: &u32| (entries[*row as usize].record, entries[*row as usize].profile);
        Ok(groups.iter().map(|rows| rows.iter().map(member).collect()).collect())
    }
}

/// A verdict in rows. Of two that contradict each other, the later one counts.
struct Said {
    /// Later ones are greater.
    at: i64,
    same: bool,
    sides: [HashSet<u32>; 2],
}

impl Said {
    fn holds(&self, row: u32) -> bool {
        self.sides.iter().any(|side| side.contains(&row))
    }

    /// The rows that it says are the same, taken apart where later verdicts say otherwise.
    fn parts(&self, all: &[Said]) -> Vec<Vec<u32>> {
        let mut parts: Vec<Vec<u32>> = vec![self.sides.iter().flatten().copied().collect()];
        for later in all.iter().filter(|other| !other.same && other.at > self.at) {
            let split = |part: Vec<u32>| {
                let of = |side: usize| -> Vec<u32> {
                    part.iter().copied().filter(|row| later.sides[side].contains(row)).collect()
                };
                let (mut one, mut other) = (of(0), of(1));
                // Rows that the later verdict does not name stay with those with whom they came.
                for row in part.iter().filter(|row| !later.holds(**row)) {
                    let came = |with: &[u32]| {
                        self.sides.iter().any(|side| side.contains(row) && with.iter().any(|mate| side.contains(mate)))
                    };
                    let to = if other.is_empty() || (!one.is_empty() && came(&one)) { &mut one } else { &mut other };
                    to.push(*row);
                }
                [one, other]
            };
            parts = parts.into_iter().flat_map(split).filter(|part| !part.is_empty()).collect();
        }
        parts
    }

    /// Whether it tells any of some rows apart from any of some others, and no later verdict says that the two are the same.
    fn parts_rows(&self, x: &[u32], y: &[u32], all: &[Said]) -> bool {
        if self.same {
            return false;
        }
        let of = |rows: &[u32], side: usize| -> Vec<u32> {
            rows.iter().copied().filter(|row| self.sides[side].contains(row)).collect()
        };
        let joined = |a: u32, b: u32| {
            all.iter().any(|other| other.same && other.at > self.at && other.holds(a) && other.holds(b))
        };
        [(0, 1), (1, 0)].into_iter().any(|(one, two)| {
            let (left, right) = (of(x, one), of(y, two));
            left.iter().any(|a| right.iter().any(|b| !joined(*a, *b)))
        })
    }
}

/// Joins groups that share a row.
fn bound(groups: impl Iterator<Item = Vec<u32>>) -> Vec<Vec<u32>> {
    let mut joined: Vec<BTreeSet<u32>> = Vec::new();
    for group in groups {
        let mut group: BTreeSet<u32> = group.into_iter().collect();
        joined.retain(|held| {
            let apart = held.is_disjoint(&group);
            if !apart {
                group.extend(held);
            }
            apart
        });
        joined.push(group);
    }
    joined.into_iter().filter(|group| group.len() > 1).map(|group| group.into_iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_share_a_row_are_one() {
        let joined = bound([vec![1, 2], vec![5, 6], vec![2, 3], vec![9], vec![6, 1]].into_iter());
        assert_eq!(joined, [[1, 2, 3, 5, 6]]);
    }

    fn said(at: i64, same: bool, one: &[u32], other: &[u32]) -> Said {
        Said { at, same, sides: [one, other].map(|side| side.iter().copied().collect()) }
    }

    #[test]
    fn the_later_verdict_counts() {
        let sorted = |parts: Vec<Vec<u32>>| {
            let mut parts: Vec<BTreeSet<u32>> = parts.into_iter().map(|part| part.into_iter().collect()).collect();
            parts.sort();
            parts
        };
        let all = [said(1, true, &[1, 2], &[3]), said(2, false, &[1], &[3])];
        assert_eq!(sorted(all[0].parts(&all)), [BTreeSet::from([1, 2]), BTreeSet::from([3])]);
        assert!(all[1].parts_rows(&[1, 2], &[3], &all) && !all[1].parts_rows(&[2], &[3], &all));
        let all = [said(1, true, &[1], &[2, 3]), said(2, false, &[1], &[2])];
        assert_eq!(sorted(all[0].parts(&all)), [BTreeSet::from([1]), BTreeSet::from([2, 3])]);
        let all = [said(2, true, &[1, 2], &[3]), said(1, false, &[1], &[3, 4])];
        assert_eq!(sorted(all[0].parts(&all)), [BTreeSet::from([1, 2, 3])]);
        assert!(!all[1].parts_rows(&[1, 2], &[3], &all) && all[1].parts_rows(&[4], &[1], &all));
    }

    #[test]
    fn the_less_sure_the_more_worth() {
        assert!(worth(0.0) > worth(2.0) && worth(2.0) > worth(4.0));
        assert!((worth(0.0) - 1.0).abs() < 1e-9);
        assert!((worth(-1.5) - worth(1.5)).abs() < 1e-9);
    }
}
