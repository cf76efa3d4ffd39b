//! Records one at a time: found, scored and clustered with the very model of a batch.

mod buckets;
mod copies;
mod words;

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use serde::Serialize;

use crate::block::Limits;
use crate::block::rule::Rule;
use crate::cluster::{Judge, bound, component_clusters};
use crate::compare::Comparer;
use crate::frequency::{SlotFrequency, all as all_frequencies};
use crate::plan::Plan;
use crate::records::Records;
use crate::score::Scorer;
use crate::{Error, Frequencies, Model, Pair, Resolution, Table, probability, weight_of};
use buckets::Buckets;
use copies::{Copies, Shift};
use words::Words;

/// A record that resembles another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Candidate {
    /// Its number in the index.
    pub record: u32,
    /// Its cluster.
    pub cluster: u32,
    /// The match weight in bits.
    pub weight: f32,
    /// The probability that the two are the same entity.
    pub probability: f64,
}

/// What became of a record's cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It belongs to a cluster that was there before.
    Attach,
    /// It is alone in a new cluster, and nothing resembles it.
    Create,
    /// It resembles others without being surely the same, or surely different: a person should look.
    Review,
}

/// What inserting a record, or deciding on a pair, changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// The record's number in the index.
    pub record: u32,
    /// What was decided.
    pub verdict: Verdict,
    /// The record's cluster.
    pub cluster: u32,
    /// Records that resemble it, the most probable first.
    pub candidates: Vec<Candidate>,
    /// Clusters that are now part of another one: (gone, kept).
    pub merged: Vec<(u32, u32)>,
    /// Clusters of which a part is now a cluster of its own: (kept, new).
    pub split: Vec<(u32, u32)>,
}

/// An index of records in memory. Whatever the order in which records come and go, the clusters are those that a batch finds with the
/// same model, as long as no word that the model takes for rare is held by thousands of records. Only of records that are the same in
/// everything does the order decide which is where.
///
/// ```
/// use matching::{Config, Index, Options, Table, Verdict, resolve};
/// # let mut table = Table::default();
/// # table.append_rows("crm", &["nom", "prénom", "naissance", "ville"], &[
/// #     vec![Some("Durand"), Some("Élodie"), Some("14/03/1990"), Some("Lyon")],
/// #     vec![Some("DURAND"), Some("Elodie"), Some("1990-03-14"), Some("Lyon")],
/// #     vec![Some("Roux"), Some("Karim"), Some("02/11/1971"), Some("Lille")],
/// # ])?;
/// let resolution = resolve(&table, &Config::infer(&table, None)?, &Options::default())?;
/// let mut index = Index::new(resolution.model)?;
/// let first = index.insert("crm", &[("nom", "Durand"), ("prénom", "Élodie"), ("naissance", "14/03/1990")])?;
/// let second = index.insert("shop", &[("nom", "Durand"), ("prénom", "Elodie"), ("naissance", "1990-03-14")])?;
/// assert_eq!(second.verdict, Verdict::Attach);
/// assert_eq!(second.cluster, first.cluster);
/// # Ok::<(), matching::Error>(())
/// ```
#[derive(Debug)]
pub struct Index {
    model: Model,
    records: Records,
    frequencies: Vec<SlotFrequency>,
    scorer: Scorer,
    buckets: Vec<Buckets>,
    words: Vec<Words>,
    /// None where sources without duplicates have records that are alike and yet not the same.
    copies: Option<Copies>,
    /// Records for which the first of their content stands.
    stood_for: HashSet<u32>,
    sources: Vec<String>,
    /// For each record the records that resemble it, with the weight.
    links: Vec<Vec<(u32, f32)>>,
    clusters: Vec<u32>,
    members: HashMap<u32, Vec<u32>>,
    next_cluster: u32,
    removed: Vec<bool>,
    told_apart: HashSet<(u32, u32)>,
    distinct: Vec<bool>,
    threshold: f32,
    floor: f32,
    sure: f32,
}

impl Index {
    /// An empty index that scores with a model.
    pub fn new(model: Model) -> Result<Self, Error> {
        let plan = Plan::new(&model.config)?;
        model.check(&plan)?;
        let records = Records::new(plan, model.config.month_first.unwrap_or(false));
        Self::of_records(model, records)
    }

    fn of_records(model: Model, records: Records) -> Result<Self, Error> {
        let rules: Vec<Rule> =
            model.blocking.iter().map(|text| Rule::parse(text, &records.plan)).collect::<Result<_, _>>()?;
        let limits: Vec<usize> =
            rules.iter().enumerate().map(|(at, rule)| Limits::known(&model.block_limits, at, rule)).collect();
        let (by_words, by_key): (Vec<_>, Vec<_>) =
            rules.into_iter().zip(limits).partition(|(rule, _)| rule.is_by_words());
        let by_key = by_key.into_iter();
        let bits = |p: f64| weight_of(p) as f32;
        let thresholds = model.thresholds;
        Ok(Self {
            frequencies: all_frequencies(&records, &model),
            scorer: Scorer::new(&model),
            buckets: by_key.map(|(rule, limit)| Buckets::new(rule, limit, &records)).collect(),
            words: by_words.into_iter().map(|(rule, _)| Words::new(rule)).collect(),
            copies: model.config.distinct_sources.is_empty().then(Copies::default),
            stood_for: HashSet::new(),
            threshold: bits(thresholds.matched),
            floor: bits(thresholds.review.min(thresholds.matched)),
            sure: bits(thresholds.sure),
            sources: Vec::new(),
            links: Vec::new(),
            clusters: Vec::new(),
            members: HashMap::new(),
            next_cluster: 0,
            removed: Vec::new(),
            told_apart: HashSet::new(),
            distinct: Vec::new(),
            records,
            model,
        })
    }

    /// An index that holds a table as it was resolved. Records have the numbers of their rows, clusters those of the resolution.
    pub fn of_resolution(table: &Table, resolution: &Resolution) -> Result<Self, Error> {
        let model = resolution.model.clone();
        let plan = Plan::new(&model.config)?;
        model.check(&plan)?;
        let records = Records::of_table(plan, table, model.config.month_first.unwrap_or(false))?;
        let mut index = Self::of_records(model, records)?;
        for source in table.sources() {
            index.source(source);
        }
        let rows = table.rows();
        let (records, frequencies) = (&index.records, &index.frequencies);
        if let Some(copies) = &mut index.copies {
            index.stood_for.extend((0..rows as u32).flat_map(|row| copies.add(records, row).stood_for));
        }
        let stood_for = |row: u32| index.stood_for.contains(&row);
        index.buckets.par_iter_mut().for_each(|buckets| {
            for row in (0..rows as u32).filter(|row| !stood_for(*row)) {
                buckets.insert(records, row);
            }
        });
        for words in &mut index.words {
            words.fill(records, frequencies, &stood_for);
        }
        index.links = vec![Vec::new(); rows];
        for pair in &resolution.pairs {
            index.links[pair.a as usize].push((pair.b, pair.weight));
            index.links[pair.b as usize].push((pair.a, pair.weight));
        }
        index.clusters.clone_from(&resolution.clusters);
        index.removed = vec![false; rows];
        index.next_cluster = resolution.cluster_count as u32;
        for (row, cluster) in resolution.clusters.iter().enumerate() {
            index.members.entry(*cluster).or_default().push(row as u32);
        }
        Ok(index)
    }

    /// The number of a source, given now if it is new.
    fn source(&mut self, name: &str) -> u16 {
        let at = self.sources.iter().position(|held| held == name).unwrap_or_else(|| {
            self.sources.push(name.to_owned());
            self.distinct.push(self.model.config.distinct_sources.iter().any(|held| held == name));
            self.sources.len() - 1
        });
        at.min(usize::from(u16::MAX)) as u16
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How many records were inserted, removed ones included.
    pub fn len(&self) -> usize {
        self.clusters.len()
    }

    /// Whether nothing was inserted.
    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }

    /// The cluster of a record; `None` when there is no such record or it was removed.
    pub fn cluster(&self, record: u32) -> Option<u32> {
        (!*self.removed.get(record as usize)?).then(|| self.clusters[record as usize])
    }

    /// The records of a cluster, in the order of their numbers.
    pub fn members(&self, cluster: u32) -> &[u32] {
        self.members.get(&cluster).map_or(&[], Vec::as_slice)
    }

    fn comparer(&self) -> Comparer<'_> {
        Comparer { records: &self.records, frequencies: &self.frequencies }
    }

    fn weight(&self, a: u32, b: u32) -> f32 {
        let (low, high) = (a.min(b), a.max(b));
        self.scorer.weights(&self.comparer().outcome(self.records.row(low), self.records.row(high))).total
    }

    fn apart(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.records.sources[a as usize], self.records.sources[b as usize]);
        (x == y && self.distinct[usize::from(x)])
            || self.records.numbers_differ(a, b)
            || self.told_apart.contains(&(a.min(b), a.max(b)))
    }

    /// The match weight of two records in bits, by the same parameters as in a batch.
    pub fn score(&self, a: u32, b: u32) -> Result<f32, Error> {
        match (a.max(b) as usize) < self.len() {
            true => Ok(self.weight(a, b)),
            false => Err(Error::NoSuchRow(a.max(b) as usize)),
        }
    }

    /// Records that share a blocking key with a record, beside those that its words bring: a bounded number, whatever the size
    /// of the index.
    fn neighbours(&self, record: u32, by_words: Vec<u32>) -> Vec<u32> {
        let mut found = by_words;
        found.extend(self.buckets.iter().flat_map(|buckets| buckets.candidates(&self.records, record)));
        found.sort_unstable();
        found.dedup();
        found.retain(|other| *other != record && !self.removed[*other as usize] && !self.apart(record, *other));
        found
    }

    /// Inserts a record, given by its columns, and says where it belongs. Columns that the model does not read are ignored.
    pub fn insert(&mut self, source: &str, cells: &[(&str, &str)]) -> Result<Decision, Error> {
        if self.len() >= u32::MAX as usize {
            return Err(Error::TooLarge("the index".to_owned()));
        }
        let source = self.source(source);
        let record =
            self.records.push(source, |column| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell));
        self.learn_new_values();
        self.removed.push(false);
        self.links.push(Vec::new());
        self.clusters.push(self.next_cluster);
        self.members.insert(self.next_cluster, vec![record]);
        self.next_cluster += 1;
        let shift = self.copies.as_mut().map(|copies| copies.add(&self.records, record)).unwrap_or_default();
        if shift.stood_for == [record] {
            return Ok(self.follow(shift.first, record));
        }
        let mut touched = self.enter(record);
        touched.extend(self.shift(shift));
        Ok(self.settle_all(record, touched))
    }

    /// Lets a record that is the same as many others go where the first of them is.
    fn follow(&mut self, first: u32, record: u32) -> Decision {
        self.stood_for.insert(record);
        self.link(first, record);
        if self.links[record as usize].iter().any(|(_, weight)| *weight >= self.threshold) {
            let cluster = self.clusters[first as usize];
            self.members.remove(&self.clusters[record as usize]);
            self.clusters[record as usize] = cluster;
            self.members.entry(cluster).or_default().push(record);
        }
        self.decision(record, (Vec::new(), Vec::new()))
    }

    /// Lets a record be found, and links it with those that resemble it. Gives records that lost links.
    fn enter(&mut self, record: u32) -> Vec<u32> {
        let (mut near, mut gone) = (Vec::new(), Vec::new());
        for words in &mut self.words {
            let changed = words.insert(&self.records, &self.frequencies, record);
            near.extend(changed.near);
            gone.extend(changed.gone);
        }
        for other in self.neighbours(record, near) {
            self.link(record, other);
        }
        for buckets in &mut self.buckets {
            let divided: HashSet<u32> = buckets.insert(&self.records, record).into_iter().collect();
            for row in &divided {
                let links = self.links[*row as usize].iter();
                gone.extend(links.filter(|(other, _)| divided.contains(other)).map(|(other, _)| (*row, *other)));
            }
        }
        self.unlink(gone)
    }

    /// Lets a record be found no more, and takes its links away. Gives records that lost or gained links.
    fn withdraw(&mut self, record: u32) -> Vec<u32> {
        let mut touched = Vec::new();
        for (other, weight) in std::mem::take(&mut self.links[record as usize]) {
            self.links[other as usize].retain(|(held, _)| *held != record);
            if weight >= self.threshold {
                touched.push(other);
            }
        }
        if self.stood_for.contains(&record) {
            return touched;
        }
        let mut near: Vec<(u32, u32)> =
            self.words.iter_mut().flat_map(|words| words.remove(&self.records, record)).collect();
        for rows in self.buckets.iter_mut().flat_map(|buckets| buckets.remove(&self.records, record)) {
            near.extend(rows.iter().enumerate().flat_map(|(at, a)| rows[at + 1..].iter().map(|b| (*a, *b))));
        }
        near.sort_unstable();
        near.dedup();
        touched.extend(near.into_iter().filter(|(a, b)| self.link(*a, *b)).map(|(a, _)| a));
        touched
    }

    /// Lets a record stand for others, or others for themselves again. Gives records that lost or gained links.
    fn shift(&mut self, shift: Shift) -> Vec<u32> {
        let mut touched = Vec::new();
        for row in &shift.free {
            touched.extend(self.stand_alone(*row));
        }
        for row in &shift.stood_for {
            touched.extend(self.withdraw(*row));
            self.stood_for.insert(*row);
        }
        for row in shift.stood_for {
            self.link(shift.first, row);
            touched.push(row);
        }
        touched
    }

    /// Lets a record be found for which another one stood. Gives records that lost or gained links.
    fn stand_alone(&mut self, record: u32) -> Vec<u32> {
        let mut touched = self.withdraw(record);
        if self.stood_for.remove(&record) {
            touched.extend(self.enter(record));
        }
        touched.push(record);
        touched
    }

    /// Scores a pair, and links it when that is worth keeping. Says whether it is linked now and was not before.
    fn link(&mut self, a: u32, b: u32) -> bool {
        if self.apart(a, b) || self.links[a as usize].iter().any(|(held, _)| *held == b) {
            return false;
        }
        let weight = self.weight(a, b);
        if weight < self.floor {
            return false;
        }
        self.links[a as usize].push((b, weight));
        self.links[b as usize].push((a, weight));
        true
    }

    /// Takes links away that no rule proposes any more, as a batch would not look at such pairs; gives their rows.
    fn unlink(&mut self, pairs: Vec<(u32, u32)>) -> Vec<u32> {
        let mut parted = Vec::new();
        for (a, b) in pairs {
            let linked = self.links[a as usize].iter().any(|(held, weight)| *held == b && *weight != CERTAIN);
            let proposed = linked
                && (self.buckets.iter().any(|buckets| buckets.are_together(&self.records, a, b))
                    || self.words.iter().any(|words| words.are_near(a, b)));
            if linked && !proposed {
                for (x, y) in [(a, b), (b, a)] {
                    self.links[x as usize].retain(|(held, _)| *held != y);
                    parted.push(x);
                }
            }
        }
        parted.sort_unstable();
        parted.dedup();
        parted
    }

    /// Clusters anew what hangs together with a record or with others whose links changed, and says what changed.
    fn settle_all(&mut self, record: u32, others: Vec<u32>) -> Decision {
        let mut changes = (Vec::new(), Vec::new());
        for settled in self.settle_each(others.into_iter().filter(|other| *other != record).collect()) {
            changes.0.extend(settled.merged);
            changes.1.extend(settled.split);
        }
        let mut decision = self.settle(record);
        decision.merged.extend(changes.0);
        decision.split.extend(changes.1);
        decision
    }

    fn settle_each(&mut self, mut records: Vec<u32>) -> Vec<Decision> {
        records.sort_unstable();
        records.dedup();
        records.retain(|record| !self.removed[*record as usize]);
        records.into_iter().map(|record| self.settle(record)).collect()
    }

    /// Takes a record out, for example because it was erased or is about to be inserted anew with other values.
    pub fn remove(&mut self, record: u32) -> Result<Vec<Decision>, Error> {
        if self.cluster(record).is_none() {
            return Err(Error::NoSuchRow(record as usize));
        }
        self.removed[record as usize] = true;
        let cluster = self.clusters[record as usize];
        let left = self.members.get_mut(&cluster).map_or(0, |members| {
            members.retain(|held| *held != record);
            members.len()
        });
        if left == 0 {
            self.members.remove(&cluster);
        }
        let mut touched = self.withdraw(record);
        let shift = self.copies.as_mut().map(|copies| copies.forget(&self.records, record)).unwrap_or_default();
        touched.extend(self.shift(shift));
        self.stood_for.remove(&record);
        Ok(self.settle_each(touched))
    }

    /// Records a person's verdict on two records, which from now on outweighs their score.
    pub fn decide(&mut self, a: u32, b: u32, same: bool) -> Result<Decision, Error> {
        if a == b || self.cluster(a).is_none() || self.cluster(b).is_none() {
            return Err(Error::NoSuchRow(a.max(b) as usize));
        }
        let mut touched = Vec::new();
        for record in [a, b] {
            let shift = self.copies.as_mut().map(|copies| copies.forget(&self.records, record)).unwrap_or_default();
            if self.stood_for.contains(&record) {
                touched.extend(self.stand_alone(record));
            }
            touched.extend(self.shift(shift));
        }
        let key = (a.min(b), a.max(b));
        for (x, y) in [(a, b), (b, a)] {
            self.links[x as usize].retain(|(held, _)| *held != y);
        }
        self.told_apart.remove(&key);
        if same {
            for (x, y) in [(a, b), (b, a)] {
                self.links[x as usize].push((y, CERTAIN));
            }
        } else {
            self.told_apart.insert(key);
        }
        touched.push(b);
        Ok(self.settle_all(a, touched))
    }

    fn learn_new_values(&mut self) {
        let none = Frequencies::default();
        for (slot, frequency) in self.frequencies.iter_mut().enumerate() {
            let name = &self.records.plan.slots[slot].name;
            let values = self.model.frequencies.get(name).unwrap_or(&none);
            let dictionary = self.records.dictionary(slot);
            let words = dictionary.words.as_ref().and_then(|_| self.model.frequencies.get(&format!("{name}:words")));
            frequency.extend(values, words, dictionary);
        }
    }

    /// Clusters anew all records that hang together with a record, and says what changed.
    fn settle(&mut self, record: u32) -> Decision {
        let (rows, links) = self.component(record);
        let (following, links): (Vec<Pair>, Vec<Pair>) =
            links.into_iter().partition(|link| self.stood_for.contains(&link.a) || self.stood_for.contains(&link.b));
        let groups = {
            let certain = links.iter().filter(|link| link.weight == CERTAIN);
            let bound = bound(certain.map(|link| (link.a, link.b)));
            let binds = |a: u32, b: u32| bound.get(&a).is_some_and(|least| bound.get(&b) == Some(least));
            let told = |a: u32, b: u32| self.told_apart.contains(&(a.min(b), a.max(b)));
            let judge = Judge {
                weight: &|a, b| self.weight(a, b),
                apart: &|a, b| told(a, b) || (self.apart(a, b) && !binds(a, b)),
                parted: &|a, b| {
                    let told = |x: u32, y: u32| self.told_apart.contains(&(x.min(y), x.max(y)));
                    !self.told_apart.is_empty() && a.iter().any(|x| b.iter().any(|y| told(*x, *y)))
                },
                bound: Some(&bound).filter(|bound| !bound.is_empty()),
                content: &|row| self.records.content(row),
                threshold: self.threshold,
            };
            if links.is_empty() { Vec::new() } else { component_clusters(&links, &judge) }
        };
        let mut all: Vec<Vec<u32>> = groups;
        let numbered = all.iter().enumerate().flat_map(|(group, rows)| rows.iter().map(move |row| (*row, group)));
        let mut grouped: HashMap<u32, usize> = numbered.collect();
        let firsts = rows.iter().filter(|row| !self.stood_for.contains(*row));
        for row in firsts {
            grouped.entry(*row).or_insert_with(|| {
                all.push(vec![*row]);
                all.len() - 1
            });
        }
        for link in following {
            let (first, row) = if self.stood_for.contains(&link.b) { (link.a, link.b) } else { (link.b, link.a) };
            all[grouped[&first]].push(row);
            grouped.insert(row, grouped[&first]);
        }
        all.extend(rows.iter().filter(|row| !grouped.contains_key(*row)).map(|row| vec![*row]));
        let changes = self.adopt(all);
        self.decision(record, changes)
    }

    /// What became of a record, with clusters that changed.
    fn decision(&self, record: u32, (merged, split): (Changes, Changes)) -> Decision {
        let cluster = self.clusters[record as usize];
        let mut candidates: Vec<Candidate> = self.links[record as usize]
            .iter()
            .map(|(other, weight)| Candidate {
                record: *other,
                cluster: self.clusters[*other as usize],
                weight: *weight,
                probability: probability(f64::from(*weight)),
            })
            .collect();
        candidates.sort_by(|x, y| y.weight.total_cmp(&x.weight).then(x.record.cmp(&y.record)));
        let doubtful = candidates.iter().any(|held| (held.cluster == cluster) != (held.weight >= self.sure));
        let attached = self.members(cluster).len() > 1;
        let surely = candidates.iter().any(|held| held.cluster == cluster && held.weight >= self.sure);
        let verdict = match (attached, doubtful && !surely) {
            (_, true) => Verdict::Review,
            (true, _) => Verdict::Attach,
            (false, _) => Verdict::Create,
        };
        Decision { record, verdict, cluster, candidates, merged, split }
    }

    /// All records that are linked to a record, directly or through others, with those that share a cluster with one of
    /// them, and the links among all of these.
    fn component(&self, record: u32) -> (Vec<u32>, Vec<Pair>) {
        let mut rows = vec![record];
        let mut met: HashSet<u32> = HashSet::from_iter([record]);
        let mut links = Vec::new();
        let mut at = 0;
        while at < rows.len() {
            let row = rows[at];
            for (other, weight) in &self.links[row as usize] {
                if *weight < self.threshold {
                    continue;
                }
                if row < *other {
                    links.push(Pair { a: row, b: *other, weight: *weight });
                }
                if met.insert(*other) {
                    rows.push(*other);
                }
            }
            let together = self.members(self.clusters[row as usize]);
            rows.extend(together.iter().filter(|other| met.insert(**other)));
            at += 1;
        }
        (rows, links)
    }

    /// Gives groups of records their cluster numbers: the number that most of the group had, a new one where that is taken.
    fn adopt(&mut self, mut groups: Vec<Vec<u32>>) -> (Changes, Changes) {
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_by(|x, y| y.len().cmp(&x.len()).then(x.cmp(y)));
        let (mut merged, mut split) = (Vec::new(), Vec::new());
        let mut taken: HashSet<u32> = HashSet::new();
        for group in groups {
            let mut before: Vec<u32> = group.iter().map(|row| self.clusters[*row as usize]).collect();
            before.sort_unstable();
            let most = before.chunk_by(|x, y| x == y).filter(|same| !taken.contains(&same[0])).max_by(|x, y| {
                let ranked = |same: &[u32]| (same.len(), std::cmp::Reverse(same[0]));
                ranked(x).cmp(&ranked(y))
            });
            let cluster = match most {
                Some(same) => same[0],
                None => {
                    split.push((before[0], self.next_cluster));
                    self.next_cluster += 1;
                    self.next_cluster - 1
                }
            };
            taken.insert(cluster);
            before.dedup();
            merged.extend(before.iter().filter(|old| **old != cluster).map(|old| (*old, cluster)));
            for row in &group {
                let old = self.clusters[*row as usize];
                if old != cluster
                    && let Some(members) = self.members.get_mut(&old)
                {
                    members.retain(|held| held != row);
                    if members.is_empty() {
                        self.members.remove(&old);
                    }
                }
                self.clusters[*row as usize] = cluster;
            }
            self.members.insert(cluster, group);
        }
        // A number that lives on was divided, not merged.
        merged.retain(|(gone, _)| !self.members.contains_key(gone));
        (merged, split)
    }
}

/// Clusters that took the place of others.
type Changes = Vec<(u32, u32)>;

/// The weight of a person's verdict, in bits.
const CERTAIN: f32 = 60.0;
