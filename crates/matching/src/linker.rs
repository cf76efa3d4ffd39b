//! Records that are kept elsewhere, in a database for example: read, keyed, scored and clustered a few at a time with the very
//! parameters of a batch.

use std::sync::Arc;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::block::refinements;
use crate::block::rule::{Part, Rule, Take, part_key};
use crate::cluster::{Judge, component_clusters};
use crate::compare::Comparer;
use crate::dictionary::ValueKind;
use crate::frequency::{SlotFrequency, of_few};
use crate::hash;
use crate::plan::Plan;
use crate::records::Records;
use crate::score::Scorer;
use crate::{Error, Model, Pair, weight_of};

/// The weight of a person's verdict, in bits.
const CERTAIN: f32 = 60.0;
/// Most keys that a rule by words gives a record.
const WORDS: usize = 4;

/// What a model reads of a record: the normalised value of each attribute, in the model's order. Keep it beside the record, and read
/// the record again when the model's columns change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Features(Vec<Option<String>>);

impl Features {
    /// Whether the model reads nothing of the record: it can never be linked.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// Where a record stands under a blocking rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The rule, by its place in the model's list; one more for the key of all that a record holds.
    pub rule: usize,
    /// The key, the same on every machine and in every run. Records that share one are candidates.
    pub key: u64,
    /// Finer keys, for when too many records share the key: each to be used once the one before is full.
    pub finer: Vec<u64>,
}

/// Reads, keys, scores and clusters records that are kept elsewhere. Cheap to share, and dear enough to make to be kept.
///
/// ```
/// use matching::{Config, Linker, Options, Table, resolve};
/// # let mut table = Table::default();
/// # table.append_rows("crm", &["nom", "prénom", "naissance", "ville"], &[
/// #     vec![Some("Durand"), Some("Élodie"), Some("14/03/1990"), Some("Lyon")],
/// #     vec![Some("DURAND"), Some("Elodie"), Some("1990-03-14"), Some("Lyon")],
/// #     vec![Some("Roux"), Some("Karim"), Some("02/11/1971"), Some("Lille")],
/// # ])?;
/// let linker = Linker::new(resolve(&table, &Config::infer(&table, None)?, &Options::default())?.model)?;
/// let cells = [("nom", "Durand"), ("prénom", "Élodie"), ("naissance", "14/03/1990")];
/// let first = linker.read(|column| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell));
/// let desk = linker.desk([&first, &first]);
/// assert!(desk.weight(0, 1) > linker.threshold());
/// assert_eq!(desk.keys(0), desk.keys(1));
/// # Ok::<(), matching::Error>(())
/// ```
#[derive(Debug)]
pub struct Linker {
    model: Arc<Model>,
    plan: Plan,
    month_first: bool,
    rules: Vec<(Rule, Vec<Part>)>,
    scorer: Scorer,
    threshold: f32,
    floor: f32,
    sure: f32,
}

impl Linker {
    /// A linker with the parameters of a model.
    pub fn new(model: Model) -> Result<Self, Error> {
        let plan = Plan::new(&model.config)?;
        model.check(&plan)?;
        let refine = refinements(&plan);
        let rules = model.blocking.iter().map(|text| {
            let rule = Rule::parse(text, &plan)?;
            let finer = refine.iter().filter(|part| !rule.parts.contains(part)).copied().collect();
            Ok((rule, finer))
        });
        let rules = rules.collect::<Result<_, Error>>()?;
        let bits = |p: f64| weight_of(p) as f32;
        let thresholds = model.thresholds;
        Ok(Self {
            scorer: Scorer::new(&model),
            month_first: model.config.month_first.unwrap_or(false),
            threshold: bits(thresholds.matched),
            floor: bits(thresholds.review.min(thresholds.matched)),
            sure: bits(thresholds.sure),
            rules,
            plan,
            model: Arc::new(model),
        })
    }

    /// The model.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The weight from which pairs are linked, in bits.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The weight from which pairs are worth keeping, in bits: they may be the same.
    pub fn floor(&self) -> f32 {
        self.floor
    }

    /// The weight from which pairs need no person's look, in bits.
    pub fn sure(&self) -> f32 {
        self.sure
    }

    /// Reads a record, given by the cells of the model's columns.
    pub fn read<'a>(&self, cell: impl Fn(&str) -> Option<&'a str>) -> Features {
        let mut records = Records::new(self.plan.clone(), self.month_first);
        let row = records.push(0, cell);
        let row = records.row(row);
        let text = |slot: usize| (row[slot] != 0).then(|| records.dictionary(slot).text(row[slot]).to_owned());
        Features((0..records.slots()).map(text).collect())
    }

    /// What was read of an attribute, in its normal form: a date as `19900314`, a telephone number as E.164.
    pub fn value<'f>(&self, features: &'f Features, attribute: &str) -> Option<&'f str> {
        features.0.get(self.plan.slot(attribute)?)?.as_deref()
    }

    /// Puts some records side by side. They are numbered from 0.
    pub fn desk<'a>(&self, features: impl IntoIterator<Item = &'a Features>) -> Desk<'_> {
        let mut records = Records::new(self.plan.clone(), self.month_first);
        for Features(values) in features {
            records.push_values(values);
        }
        Desk { frequencies: of_few(&records, &self.model), linker: self, records }
    }
}

/// Some records side by side.
#[derive(Debug)]
pub struct Desk<'l> {
    linker: &'l Linker,
    records: Records,
    frequencies: Vec<SlotFrequency>,
}

impl Desk<'_> {
    /// The keys of a record, each once: at most one for each rule, except for rules by words and rules of several addresses or
    /// numbers, and one of all it holds.
    pub fn keys(&self, row: u32) -> Vec<Key> {
        let mut keys = Vec::new();
        for (place, (rule, finer)) in self.linker.rules.iter().enumerate() {
            let seed = hash::bytes(self.seed(rule).as_bytes());
            for part_keys in self.rule_keys(rule, row) {
                let mut key = part_keys.into_iter().fold(seed, hash::mix);
                let base = key;
                let finer = finer
                    .iter()
                    .map(|part| {
                        key = hash::mix(key, self.part(part, row));
                        key
                    })
                    .collect();
                if keys.iter().all(|held: &Key| held.key != base) {
                    keys.push(Key { rule: place, key: base, finer });
                }
            }
        }
        // Equal records are candidates whatever the rules.
        let slots = self.records.slots();
        if self.records.row(row)[..slots].iter().filter(|id| **id != 0).count() > 1 {
            let seed = hash::bytes(b"equal");
            keys.push(Key {
                rule: self.linker.rules.len(),
                key: hash::mix(seed, self.records.content(row)),
                finer: Vec::new(),
            });
        }
        keys
    }

    /// The match weight of two records, in bits.
    pub fn weight(&self, a: u32, b: u32) -> f32 {
        let comparer = Comparer { records: &self.records, frequencies: &self.frequencies };
        self.linker.scorer.weights(&comparer.outcome(self.records.row(a.min(b)), self.records.row(a.max(b)))).total
    }

    /// Whether two records can never be the same: their checked identifiers differ.
    pub fn apart(&self, a: u32, b: u32) -> bool {
        self.records.numbers_differ(a, b)
    }

    /// The clusters of records that are linked, directly or through others, each with its records in order; records alone are left
    /// out. `bound` groups records that a person said are the same; `parted` tells whether a person told any of some records apart
    /// from any of some others, which outweighs everything.
    pub fn clusters(
        &self,
        links: &[Pair],
        bound: &[Vec<u32>],
        parted: &(dyn Fn(&[u32], &[u32]) -> bool + Sync),
    ) -> Vec<Vec<u32>> {
        let least: HashMap<u32, u32> = bound
            .iter()
            .flat_map(|rows| rows.iter().map(|row| (*row, rows.iter().copied().min().unwrap_or(*row))))
            .collect();
        let certain = least.iter().filter(|(row, least)| row != least);
        let mut links: Vec<Pair> =
            [links.to_vec(), certain.map(|(row, least)| Pair { a: *least, b: *row, weight: CERTAIN }).collect()]
                .concat();
        links.sort_by(|x, y| (x.a, x.b).cmp(&(y.a, y.b)).then(y.weight.total_cmp(&x.weight)));
        links.dedup_by_key(|link| (link.a, link.b));
        let judge = Judge {
            weight: &|a, b| self.weight(a, b),
            apart: &|a, b| self.apart(a, b),
            parted,
            bound: Some(&least).filter(|least| !least.is_empty()),
            content: &|row| self.records.content(row),
            threshold: self.linker.threshold,
        };
        let mut found = if links.is_empty() { Vec::new() } else { component_clusters(&links, &judge) };
        found.iter_mut().for_each(|group| group.sort_unstable());
        found
    }

    /// What the keys of a rule start from. A second e-mail address has the keys of the first.
    fn seed(&self, rule: &Rule) -> String {
        match rule.parts[..] {
            [Part::Slot(slot, Take::Whole)] => {
                let dictionary = self.records.plan.slots[slot].dictionary;
                let first = self.records.plan.slots.iter().find(|slot| slot.dictionary == dictionary);
                first.map(|slot| slot.name.clone()).unwrap_or_default()
            }
            _ => rule.to_string(),
        }
    }

    /// The keys of a rule's parts: one list, several for rules by words and of several values, none where a part is missing.
    fn rule_keys(&self, rule: &Rule, row: u32) -> Vec<Vec<u64>> {
        rule.ways().flat_map(|parts| self.lists(parts, row)).collect()
    }

    fn lists(&self, parts: &[Part], row: u32) -> Vec<Vec<u64>> {
        let mut lists = vec![Vec::new()];
        for part in parts {
            let keys = match part {
                Part::Slot(slot, Take::Words) => self.words(*slot, row),
                part => vec![self.part(part, row)],
            };
            let keys = keys.into_iter().filter(|key| *key != 0);
            lists = keys.flat_map(|key| lists.iter().map(move |list| [list.as_slice(), &[key]].concat())).collect();
        }
        lists
    }

    /// The key of a part, made of texts alone; 0 where the record has none.
    fn part(&self, part: &Part, row: u32) -> u64 {
        let features = self.records.row(row);
        let of = |slot: usize, take: Take| {
            let (id, dictionary) = (features[slot], self.records.dictionary(slot));
            let kind = self.records.plan.dictionaries[self.records.plan.slots[slot].dictionary];
            let sounds = matches!(kind, ValueKind::Name | ValueKind::Place | ValueKind::Email | ValueKind::Words);
            match take {
                _ if id == 0 => 0,
                Take::Whole | Take::Words => hash::bytes(dictionary.bytes(id)),
                Take::Sound if !sounds => hash::bytes(dictionary.bytes(id)),
                _ => u64::from(part_key(dictionary, kind, take, id)),
            }
        };
        match part {
            Part::Everything => 1,
            Part::Slot(slot, take) => of(*slot, *take),
            Part::Names { last, first } => match (of(*last, Take::Sound), of(*first, Take::Sound)) {
                (0, _) | (_, 0) => 0,
                (a, b) => hash::mix(a.min(b), a.max(b)),
            },
        }
    }

    /// The keys of the most telling words of a text.
    fn words(&self, slot: usize, row: u32) -> Vec<u64> {
        let (id, dictionary) = (self.records.row(row)[slot], self.records.dictionary(slot));
        let Some(words) = dictionary.words.as_ref().filter(|_| id != 0) else { return Vec::new() };
        let mut ids: Vec<u32> = words.of(id).to_vec();
        let weight = |word: u32| self.frequencies[slot].word_weight(word);
        let text = |word: u32| words.vocabulary.bytes(word);
        ids.sort_by(|x, y| weight(*y).total_cmp(&weight(*x)).then(text(*x).cmp(text(*y))));
        ids.iter().take(WORDS).map(|word| hash::bytes(text(*word))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Index, Options, Table, resolve};

    const COLUMNS: [&str; 5] = ["nom", "prénom", "naissance", "mail", "ville"];
    const ROWS: [[&str; 5]; 4] = [
        ["Lefèvre", "Élodie", "14/03/1990", "elodie.lefevre@free.fr", "Lyon"],
        ["LEFEBVRE", "Elodie", "1990-03-14", "", "Lyon"],
        ["Roux", "Karim", "02/11/1971", "k.roux@orange.fr", "Lille"],
        ["Roux", "Karime", "02/11/1971", "k.roux@orange.fr", ""],
    ];

    fn model() -> Model {
        let mut table = Table::default();
        let rows: Vec<Vec<Option<&str>>> =
            ROWS.iter().map(|row| row.iter().map(|cell| Some(*cell)).collect()).collect();
        table.append_rows("crm", &COLUMNS, &rows).unwrap();
        let config = Config {
            blocking: vec!["email".to_owned(), "last_name.sound + date.any_order".to_owned()],
            ..Config::infer(&table, None).unwrap()
        };
        resolve(&table, &config, &Options::default()).unwrap().model
    }

    fn features(linker: &Linker) -> Vec<Features> {
        let cell =
            |row: &[&'static str; 5], column: &str| COLUMNS.iter().position(|name| *name == column).map(|at| row[at]);
        ROWS.iter().map(|row| linker.read(|column| cell(row, column))).collect()
    }

    #[test]
    fn weights_are_those_of_an_index() {
        let linker = Linker::new(model()).unwrap();
        let features = features(&linker);
        let desk = linker.desk(&features);
        let mut index = Index::new(model()).unwrap();
        for row in ROWS {
            let cells: Vec<(&str, &str)> = COLUMNS.into_iter().zip(row).collect();
            index.insert("crm", &cells).unwrap();
        }
        for (a, b) in [(0, 1), (2, 3), (1, 3)] {
            assert_eq!(desk.weight(a, b), index.score(a, b).unwrap());
            assert_eq!(linker.desk([&features[b as usize], &features[a as usize]]).weight(0, 1), desk.weight(a, b));
        }
    }

    #[test]
    fn keys_do_not_depend_on_the_neighbours() {
        let linker = Linker::new(model()).unwrap();
        let features = features(&linker);
        let desk = linker.desk(&features);
        for row in 0..4 {
            assert_eq!(desk.keys(row), linker.desk([&features[row as usize]]).keys(0));
        }
        let shares = |a: u32, b: u32| desk.keys(a).iter().any(|x| desk.keys(b).iter().any(|y| x.key == y.key));
        assert!(shares(2, 3) && !shares(0, 2));
        assert_eq!(desk.keys(0).len(), 3);
        assert_eq!(desk.keys(1).len(), 2);
    }

    #[test]
    fn who_was_told_apart_stays_apart() {
        let linker = Linker::new(model()).unwrap();
        let features = features(&linker);
        let desk = linker.desk(&features);
        let links = [Pair { a: 2, b: 3, weight: desk.weight(2, 3) }];
        assert_eq!(desk.clusters(&links, &[], &|_, _| false), [[2, 3]]);
        assert!(
            desk.clusters(&links, &[], &|a, b| a.contains(&2) && b.contains(&3) || a.contains(&3) && b.contains(&2))
                .is_empty()
        );
    }

    #[test]
    fn who_was_said_to_be_the_same_stays_together() {
        let linker = Linker::new(model()).unwrap();
        let features = features(&linker);
        let desk = linker.desk(&features);
        let links = [(0, 1), (2, 3)].map(|(a, b)| Pair { a, b, weight: desk.weight(a, b) });
        assert_eq!(desk.clusters(&links, &[vec![0, 2, 3]], &|_, _| false), [[0, 1, 2, 3]]);
        let apart = |a: &[u32], b: &[u32]| a.contains(&1) && b.contains(&0) || a.contains(&0) && b.contains(&1);
        assert_eq!(desk.clusters(&links, &[vec![0, 2, 3]], &apart), [[0, 2, 3]]);
    }

    #[test]
    fn features_are_kept_as_text() {
        let linker = Linker::new(model()).unwrap();
        let features = features(&linker);
        let text = serde_json::to_string(&features[1]).unwrap();
        assert_eq!(serde_json::from_str::<Features>(&text).unwrap(), features[1]);
        assert!(linker.read(|_| None).is_empty());
    }
}
