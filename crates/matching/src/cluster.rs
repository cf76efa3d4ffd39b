//! From scored pairs to clusters that hold together.
//!
//! Links are taken from the strongest down. Two groups are joined only when the pairs between them, taken together, do not
//! speak against it: one strong link between two records does not chain two people together. The result depends on the
//! records and links only, not on their order.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use crate::Pair;

/// Rows that speak for a large group; about as many pairs are looked at before two groups are joined.
const WITNESSES: usize = 64;
/// No single pair counts for more than this, in bits.
const LOUDEST: f32 = 12.0;
/// Parts of a bit that are counted, for sums in which the order does not matter.
const FINE: f32 = 65_536.0;

/// What clustering needs to know beside the links.
pub(crate) struct Judge<'a> {
    /// The weight of any pair.
    pub weight: &'a (dyn Fn(u32, u32) -> f32 + Sync),
    /// Whether two rows can never be the same.
    pub apart: &'a (dyn Fn(u32, u32) -> bool + Sync),
    /// Whether a person told any of some rows apart from any of some others.
    pub parted: &'a (dyn Fn(&[u32], &[u32]) -> bool + Sync),
    /// For rows that a person said are the same, the least of them.
    pub bound: Option<&'a HashMap<u32, u32>>,
    /// A number made from a row's content, to order links of equal weight.
    pub content: &'a (dyn Fn(u32) -> u64 + Sync),
    /// The weight from which pairs are linked.
    pub threshold: f32,
}

/// Rows joined so far.
struct Union(Vec<u32>);

impl Union {
    fn find(&mut self, mut row: u32) -> u32 {
        while self.0[row as usize] != row {
            self.0[row as usize] = self.0[self.0[row as usize] as usize];
            row = self.0[row as usize];
        }
        row
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high as usize] = low;
    }
}

/// The cluster of each row, by its lowest row. `links` are pairs at or above the threshold.
pub(crate) fn clusters(rows: usize, links: &[Pair], judge: &Judge) -> Vec<u32> {
    let mut union = Union((0..rows as u32).collect());
    for link in links {
        union.join(link.a, link.b);
    }
    let mut keyed: Vec<(u32, u32)> =
        links.iter().enumerate().map(|(at, link)| (union.find(link.a), at as u32)).collect();
    keyed.sort_unstable();
    let components: Vec<&[(u32, u32)]> = keyed.chunk_by(|a, b| a.0 == b.0).collect();
    let groups: Vec<Vec<Vec<u32>>> = components
        .par_iter()
        .map(|component| {
            let links: Vec<Pair> = component.iter().map(|(_, at)| links[*at as usize]).collect();
            component_clusters(&links, judge)
        })
        .collect();
    let mut cluster: Vec<u32> = (0..rows as u32).collect();
    for group in groups.iter().flatten() {
        let lowest = group.iter().min().copied().unwrap_or(0);
        for row in group {
            cluster[*row as usize] = lowest;
        }
    }
    cluster
}

/// The clusters of rows that are linked directly or through others; single rows are left out.
pub(crate) fn component_clusters(links: &[Pair], judge: &Judge) -> Vec<Vec<u32>> {
    if let [link] = links {
        let parted = (judge.apart)(link.a, link.b) || (judge.parted)(&[link.a], &[link.b]);
        return if parted { Vec::new() } else { vec![vec![link.a, link.b]] };
    }
    let mut ordered: Vec<(f32, u64, Pair)> = links
        .iter()
        .map(|link| {
            let (a, b) = ((judge.content)(link.a), (judge.content)(link.b));
            (link.weight, a.wrapping_add(b), *link)
        })
        .collect();
    ordered.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then((x.2.a, x.2.b).cmp(&(y.2.a, y.2.b))));
    let mut place: HashMap<u32, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for link in links {
        for row in [link.a, link.b] {
            place.entry(row).or_insert_with(|| {
                groups.push(Group { rows: vec![row], witnesses: vec![((judge.content)(row), row)], version: 0 });
                groups.len() - 1
            });
        }
    }
    let known: HashMap<(u32, u32), f32> = links.iter().map(|link| ((link.a, link.b), link.weight)).collect();
    let mut refused: HashSet<[(usize, u32); 2]> = HashSet::new();
    for (_, _, link) in &ordered {
        let (a, b) = (place[&link.a], place[&link.b]);
        if a == b {
            continue;
        }
        let certain = least(judge, link.a) == least(judge, link.b);
        // A group that has grown is judged anew.
        let pair = [a.min(b), a.max(b)].map(|at| (at, groups[at].version));
        if refused.contains(&pair) {
            continue;
        }
        let parted = (judge.parted)(&groups[a].rows, &groups[b].rows);
        if parted || !(certain || agree(&groups[a], &groups[b], &known, judge)) {
            refused.insert(pair);
            continue;
        }
        let (keep, gone) = if groups[a].rows.len() >= groups[b].rows.len() { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut groups[gone]);
        for row in &moved.rows {
            place.insert(*row, keep);
        }
        groups[keep].join(moved);
    }
    groups.into_iter().map(|group| group.rows).filter(|rows| rows.len() > 1).collect()
}

/// Rows joined so far.
#[derive(Default)]
struct Group {
    rows: Vec<u32>,
    /// The rows that speak for the group, by a number made from their content: all of them while they are few.
    witnesses: Vec<(u64, u32)>,
    version: u32,
}

/// For each row of some pairs that are the same, the least row that hangs together with it.
pub(crate) fn bound(pairs: impl Iterator<Item = (u32, u32)>) -> HashMap<u32, u32> {
    let pairs: Vec<(u32, u32)> = pairs.collect();
    let mut least: HashMap<u32, u32> = pairs.iter().flat_map(|(a, b)| [(*a, *a), (*b, *b)]).collect();
    fn find(least: &HashMap<u32, u32>, mut row: u32) -> u32 {
        while least[&row] != row {
            row = least[&row];
        }
        row
    }
    for (a, b) in pairs {
        let (a, b) = (find(&least, a), find(&least, b));
        least.insert(a.max(b), a.min(b));
    }
    let rows: Vec<u32> = least.keys().copied().collect();
    rows.into_iter().map(|row| (row, find(&least, row))).collect()
}

/// The least row of those that a person said are the same as a row.
fn least(judge: &Judge, row: u32) -> u32 {
    judge.bound.and_then(|bound| bound.get(&row)).copied().unwrap_or(row)
}

impl Group {
    fn join(&mut self, other: Group) {
        self.rows.extend(other.rows);
        self.witnesses.extend(other.witnesses);
        self.witnesses.sort_unstable();
        self.witnesses.truncate(WITNESSES);
        self.version += 1;
    }

    /// The rows that speak where the other side has so many witnesses.
    fn speakers(&self, others: usize) -> &[(u64, u32)] {
        let room = (WITNESSES / others.max(1)).max(8);
        &self.witnesses[..self.witnesses.len().min(room)]
    }
}

/// Whether the pairs between two groups speak for joining them.
fn agree(a: &Group, b: &Group, known: &HashMap<(u32, u32), f32>, judge: &Judge) -> bool {
    let (left, right) = (a.speakers(b.witnesses.len()), b.speakers(a.witnesses.len()));
    let mut sum = 0;
    // Rows that a person said are the same speak with one voice: that of the one which knows the other side best.
    let mut voices: HashMap<(u32, u32), i64> = HashMap::new();
    for (_, x) in left {
        for (_, y) in right {
            if (judge.apart)(*x, *y) {
                return false;
            }
            let key = (*x.min(y), *x.max(y));
            let weight = known.get(&key).copied().unwrap_or_else(|| (judge.weight)(key.0, key.1));
            let voice = ((weight - judge.threshold).clamp(-LOUDEST, LOUDEST) * FINE) as i64;
            match judge.bound {
                None => sum += voice,
                Some(_) => {
                    let held = voices.entry((least(judge, *x), least(judge, *y))).or_insert(voice);
                    *held = (*held).max(voice);
                }
            }
        }
    }
    sum + voices.values().sum::<i64>() >= 0
}

/// Numbers clusters from 0 by their first row.
pub(crate) fn number(clusters: &mut [u32]) -> usize {
    let mut numbers = vec![u32::MAX; clusters.len()];
    let mut next = 0;
    for cluster in clusters.iter_mut() {
        let number = &mut numbers[*cluster as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *cluster = *number;
    }
    next as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(links: &[(u32, u32, f32)], apart: &[(u32, u32)]) -> Vec<u32> {
        let weight = |a: u32, b: u32| links.iter().find(|link| (link.0, link.1) == (a, b)).map_or(-20.0, |link| link.2);
        let judge = Judge {
            weight: &weight,
            apart: &|a, b| apart.contains(&(a.min(b), a.max(b))),
            parted: &|_, _| false,
            bound: None,
            content: &|row| u64::from(row) * 7,
            threshold: 0.0,
        };
        let pairs: Vec<Pair> = links
            .iter()
            .filter(|link| link.2 >= 0.0)
            .map(|(a, b, weight)| Pair { a: *a, b: *b, weight: *weight })
            .collect();
        let mut found = clusters(6, &pairs, &judge);
        number(&mut found);
        found
    }

    #[test]
    fn what_is_the_same_hangs_together() {
        let least = bound([(5, 3), (9, 8), (3, 9), (1, 2)].into_iter());
        assert_eq!([5, 3, 9, 8, 1, 2].map(|row| least[&row]), [3, 3, 3, 3, 1, 1]);
    }

    #[test]
    fn strong_links_join() {
        assert_eq!(check(&[(0, 1, 9.0), (1, 2, 9.0), (0, 2, 3.0)], &[]), [0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn a_weak_bridge_does_not_chain_two_people() {
        let links = [(0, 1, 12.0), (2, 3, 12.0), (1, 2, 2.0)];
        assert_eq!(check(&links, &[]), [0, 0, 1, 1, 2, 3]);
    }

    #[test]
    fn what_is_apart_stays_apart() {
        let links = [(0, 1, 12.0), (1, 2, 11.0), (0, 2, 10.0)];
        assert_eq!(check(&links, &[(0, 2)]), [0, 0, 1, 2, 3, 4]);
        assert_eq!(check(&links[..1], &[(0, 1)]), [0, 1, 2, 3, 4, 5]);
    }
}
