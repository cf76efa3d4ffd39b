//! Learns weights without labels: expectation maximisation on counts of outcome patterns.
//!
//! Every pair is of the same entity, of related entities or of neither. What is found among the pairs of a blocking rule
//! only teaches the comparisons that do not depend on the rule; each rule has shares of its own, and all rules share the
//! probabilities of outcomes (Dempster, Laird and Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm*, 1977;
//! Winkler, *Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of Record Linkage*, 2000).

pub(crate) mod sample;

use crate::compare::{LevelSpec, levels};
use crate::frequency::SlotFrequency;
use crate::plan::{Kind, Plan};
use crate::{Comparison, Entity, Level};
use sample::{Cell, Counts, RuleSample};

/// How many pairs the expectation of a comparison weighs before anything is seen.
const CAUTION: f64 = 30.0;
/// The level of names of organisations that says “another part of the group”.
const OTHER_PART: usize = 7;
/// The level of last names that says “first and last name swapped”.
const SWAPPED: usize = 1;
const ROUNDS: usize = 40;
const CLOSE_ENOUGH: f64 = 2e-4;

/// What was learnt.
#[derive(Debug, Clone)]
pub(crate) struct Learnt {
    pub comparisons: Vec<Comparison>,
    pub prior: f64,
    pub related: f64,
}

/// The probabilities of one comparison's levels.
#[derive(Debug, Clone)]
struct Table {
    m: Vec<f64>,
    u: Vec<f64>,
    related: Vec<f64>,
}

/// Shares of the three explanations.
#[derive(Debug, Clone, Copy)]
struct Shares {
    same: f64,
    related: f64,
}

/// The probabilities of the three explanations of a cell.
#[derive(Debug, Clone, Copy)]
struct Posterior {
    same: f64,
    related: f64,
}

/// Logarithms of the probabilities by comparison and level, so that a cell costs additions only.
struct Logs {
    m: Vec<[f64; 16]>,
    related: Vec<[f64; 16]>,
}

impl Logs {
    fn new(tables: &[Table]) -> Self {
        let logs = |of: fn(&Table) -> &Vec<f64>| {
            let ratio = |table: &Table| {
                let mut row = [0.0; 16];
                for (at, p) in of(table).iter().enumerate() {
                    row[at + 1] = (p / table.u[at]).ln();
                }
                row
            };
            tables.iter().map(ratio).collect()
        };
        Self { m: logs(|table| &table.m), related: logs(|table| &table.related) }
    }

    fn posterior(&self, cell: &Cell, shares: Shares) -> Posterior {
        let chance = (1.0 - shares.same - shares.related).max(1e-12);
        let mut same = if shares.same > 0.0 {
            (shares.same / chance).ln() + cell.adjust * std::f64::consts::LN_2
        } else {
            f64::NEG_INFINITY
        };
        let mut related = if shares.related > 0.0 {
            (shares.related / chance).ln() + cell.shared * std::f64::consts::LN_2
        } else {
            f64::NEG_INFINITY
        };
        let mut pattern = cell.pattern;
        for (m, h) in self.m.iter().zip(&self.related) {
            let level = (pattern & 15) as usize;
            pattern >>= 4;
            same += m[level];
            related += h[level];
        }
        let top = same.max(related).max(0.0);
        let (same, related, none) = ((same - top).exp(), (related - top).exp(), (-top).exp());
        let sum = same + related + none;
        Posterior { same: same / sum, related: related / sum }
    }
}

/// What learning starts from.
pub(crate) struct Evidence<'a> {
    pub plan: &'a Plan,
    pub frequencies: &'a [SlotFrequency],
    pub samples: &'a [RuleSample],
    pub random: &'a Counts,
    /// All pairs that could be the same.
    pub all_pairs: f64,
    pub records: f64,
}

/// The slot whose frequencies give the chance of exact agreement.
fn exact_slot(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::Last { last, .. } => Some(*last),
        Kind::First { first, .. } => Some(*first),
        Kind::Email(slots) | Kind::Phone(slots) => slots.first().copied(),
        Kind::Date(slot) | Kind::Word(slot) | Kind::Identifier(slot) | Kind::Website(slot) | Kind::Number(slot) => {
            Some(*slot)
        }
        Kind::Organisation(slot) | Kind::Text(slot) => Some(*slot),
        Kind::Distance { point, .. } => Some(point.point),
        _ => None,
    }
}

/// Learns the probabilities of all outcomes, and the shares of matches and of related entities among all pairs.
pub(crate) fn learn(evidence: &Evidence) -> Learnt {
    let plan = evidence.plan;
    let specs: Vec<&[LevelSpec]> = plan.comparisons.iter().map(|compared| levels(&compared.kind)).collect();
    let households = plan.tells_related();
    let mut tables = start(plan, &specs, evidence.random);
    let guess = (0.2 * evidence.records / evidence.all_pairs).min(0.2);
    let mut whole = Shares { same: guess, related: if households { guess } else { 0.0 } };
    let mut shares = vec![Shares { same: 0.3, related: if households { 0.2 } else { 0.0 } }; evidence.samples.len()];
    set_chance(evidence, &mut tables, &whole, &vec![Vec::new(); specs.len()]);
    for _ in 0..ROUNDS {
        let logs = Logs::new(&tables);
        let mut m: Vec<Vec<f64>> = specs.iter().map(|specs| vec![0.0; specs.len()]).collect();
        let mut related = m.clone();
        let add = |to: &mut Vec<Vec<f64>>, pattern: u64, weight: f64| {
            for (at, levels) in to.iter_mut().enumerate() {
                let level = (pattern >> (4 * at) & 15) as usize;
                if level > 0 {
                    levels[level - 1] += weight;
                }
            }
        };
        for (sample, shares) in evidence.samples.iter().zip(&mut shares) {
            let (mut same, mut kin, mut all) = (0.0, 0.0, 0.0);
            for cell in &sample.others.cells {
                let p = logs.posterior(cell, *shares);
                same += p.same * cell.pairs;
                kin += p.related * cell.pairs;
                all += cell.pairs;
                add(&mut m, cell.pattern, p.same * cell.pairs);
                add(&mut related, cell.pattern, p.related * cell.pairs);
            }
            for cell in &sample.others_apart.cells {
                let p = logs.posterior(cell, Shares { same: 0.0, ..*shares });
                kin += p.related * cell.pairs;
                all += cell.pairs;
                add(&mut related, cell.pattern, p.related * cell.pairs);
            }
            if all > 0.0 {
                let part = |sum: f64| (sum + 0.5) / (all + 2.0);
                *shares = Shares { same: part(same), related: if households { part(kin) } else { 0.0 } };
            }
        }
        let (mut same, mut kin) = (0.0, 0.0);
        for cell in evidence.samples.iter().flat_map(|sample| &sample.fresh.cells) {
            let p = logs.posterior(cell, whole);
            same += p.same * cell.pairs;
            kin += p.related * cell.pairs;
        }
        for cell in evidence.samples.iter().flat_map(|sample| &sample.fresh_apart.cells) {
            kin += logs.posterior(cell, Shares { same: 0.0, ..whole }).related * cell.pairs;
        }
        let part = |sum: f64| ((sum + 0.5) / (evidence.all_pairs + 10.0)).clamp(1e-14, 0.3);
        whole = Shares { same: part(same), related: if households { part(kin) } else { 0.0 } };
        // Chance: random pairs, less the few among them that are not by chance.
        let mut chance: Vec<Vec<f64>> = specs.iter().map(|specs| vec![0.0; specs.len()]).collect();
        for cell in &evidence.random.cells {
            let p = logs.posterior(cell, whole);
            add(&mut chance, cell.pattern, (1.0 - p.same - p.related) * cell.pairs);
        }
        let mut moved = 0.0f64;
        for (at, table) in tables.iter_mut().enumerate() {
            let kind = &plan.comparisons[at].kind;
            let before = table.m.clone();
            // Texts on one subject resemble each other, and would pass for the same if nothing were expected of them.
            let caution = match kind {
                // So do places: much lies in one street that has nothing to do with each other.
                Kind::Text(_) | Kind::Codes(_) | Kind::Distance { .. } => CAUTION.max(m[at].iter().sum()),
                // Companies of one group share nearly everything but their numbers.
                Kind::Identifier(_) if plan.entity == Entity::Organisation => {
                    CAUTION.max(3.0 * m[at].iter().sum::<f64>())
                }
                _ => CAUTION,
            };
            table.m = blend(&m[at], &specs[at].iter().map(|spec| spec.m).collect::<Vec<_>>(), caution);
            table.related = if kind.is_shared() {
                blend(&related[at], &related_start(kind, &table.m, &table.u), CAUTION)
            } else if matches!(kind, Kind::Date(_)) {
                blend(&related[at], &table.u, CAUTION)
            } else {
                table.u.clone()
            };
            let change = before.iter().zip(&table.m).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
            moved = moved.max(change);
        }
        set_chance(evidence, &mut tables, &whole, &chance);
        temper_swapped(plan, &mut tables);
        for (table, compared) in tables.iter_mut().zip(&plan.comparisons) {
            if matches!(compared.kind, Kind::Organisation(_)) {
                // Nothing else tells a property company or a holding from the company that it belongs to.
                table.m[OTHER_PART] = 0.004 * table.u[OTHER_PART];
            }
        }
        if moved < CLOSE_ENOUGH {
            break;
        }
    }
    for (table, compared) in tables.iter_mut().zip(&plan.comparisons) {
        make_monotone(table, &compared.kind);
    }
    let comparisons =
        tables.iter().zip(plan.comparisons.iter().zip(&specs)).map(|(table, (compared, specs))| Comparison {
            name: compared.name.clone(),
            columns: compared.columns.iter().map(|at| plan.columns[*at].0.clone()).collect(),
            levels: specs
                .iter()
                .enumerate()
                .map(|(at, spec)| Level {
                    name: spec.name.to_owned(),
                    m: table.m[at],
                    u: table.u[at],
                    related: table.related[at],
                    by_frequency: spec.by_frequency,
                })
                .collect(),
        });
    Learnt { comparisons: comparisons.collect(), prior: whole.same, related: whole.related }
}

/// Swapped names say no more than that both names are the same.
fn temper_swapped(plan: &Plan, tables: &mut [Table]) {
    let place = |is: fn(&Kind) -> bool| plan.comparisons.iter().position(|compared| is(&compared.kind));
    let last = place(|kind| matches!(kind, Kind::Last { .. }));
    let Some((last, first)) = last.zip(place(|kind| matches!(kind, Kind::First { .. }))) else { return };
    let by_chance = |table: &Table| table.u[0] / table.m[0];
    let both = by_chance(&tables[last]) * by_chance(&tables[first]);
    let table = &mut tables[last];
    table.u[SWAPPED] = table.u[SWAPPED].max(table.m[SWAPPED] * both);
}

/// Counts joined to an expectation that weighs as much as `caution` pairs.
fn blend(counts: &[f64], expected: &[f64], caution: f64) -> Vec<f64> {
    let all: f64 = counts.iter().sum();
    let whole: f64 = expected.iter().sum();
    counts.iter().zip(expected).map(|(count, p)| (count + caution * p / whole) / (all + caution)).collect()
}

fn start(plan: &Plan, specs: &[&[LevelSpec]], random: &Counts) -> Vec<Table> {
    let tables = specs.iter().zip(&plan.comparisons).enumerate().map(|(at, (specs, compared))| {
        let m: Vec<f64> = specs.iter().map(|spec| spec.m).collect();
        let u = chance_of_levels(random, at, specs.len());
        let related = if compared.kind.is_shared() { related_start(&compared.kind, &m, &u) } else { u.clone() };
        Table { m, u, related }
    });
    tables.collect()
}

/// Chance of each level of a comparison from random pairs.
pub(crate) fn chance_of_levels(random: &Counts, comparison: usize, levels: usize) -> Vec<f64> {
    let mut seen = vec![0.0; levels];
    for cell in &random.cells {
        let level = (cell.pattern >> (4 * comparison) & 15) as usize;
        if level > 0 {
            seen[level - 1] += cell.pairs;
        }
    }
    chance_of(&seen)
}

/// Chance of each level from counts of random pairs; unseen levels get half a pair, disagreement most of the rest.
fn chance_of(seen: &[f64]) -> Vec<f64> {
    let mut expected = vec![0.5; seen.len()];
    if let Some(last) = expected.last_mut() {
        *last = 2.0 * seen.len() as f64;
    }
    let caution = expected.iter().sum();
    blend(seen, &expected, caution)
}

/// What related entities have in common before anything is learnt: they agree on the last name nearly as the same entity
/// does, on address, phone and e-mail often or not at all.
fn related_start(kind: &Kind, m: &[f64], u: &[f64]) -> Vec<f64> {
    let share = match kind {
        Kind::Last { .. } => 0.95,
        Kind::Address { .. } | Kind::Distance { .. } => 0.8,
        Kind::Phone(_) | Kind::Organisation(_) | Kind::Website(_) => 0.3,
        _ => 0.1,
    };
    m.iter().zip(u).map(|(m, u)| share * m + (1.0 - share) * u).collect()
}

/// Sets the chance of each level: exact agreement from the frequencies of values, less the pairs that are matches; the
/// rest from random pairs.
fn set_chance(evidence: &Evidence, tables: &mut [Table], whole: &Shares, chance: &[Vec<f64>]) {
    for (at, table) in tables.iter_mut().enumerate() {
        if !chance[at].is_empty() {
            table.u = chance_of(&chance[at]);
        }
        if let Some(slot) = exact_slot(&evidence.plan.comparisons[at].kind) {
            let agreement = evidence.frequencies[slot].agreement;
            let by_match = whole.same * table.m[0] + whole.related * table.related[0];
            let left = (agreement - by_match) / (1.0 - whole.same - whole.related);
            table.u[0] = left.max(0.03 * agreement).clamp(1e-9, 0.99);
        }
    }
}

/// Stronger agreement must not weigh less than weaker agreement: neighbours that do are pooled (Ayer et al., *An Empirical
/// Distribution Function for Sampling with Incomplete Information*, 1955).
fn make_monotone(table: &mut Table, kind: &Kind) {
    // Swapped names speak for two names at once and have no place in the order.
    let apart = |at: &usize| match kind {
        Kind::Last { .. } => *at == SWAPPED,
        Kind::Organisation(_) => *at == OTHER_PART,
        _ => false,
    };
    let order: Vec<usize> = (0..table.m.len()).filter(|at| !apart(at)).collect();
    let mut pools: Vec<(f64, f64, Vec<usize>)> = Vec::new();
    for at in order {
        pools.push((table.m[at], table.u[at], vec![at]));
        while let [.., before, last] = pools.as_slice() {
            if last.0 / last.1 <= before.0 / before.1 {
                break;
            }
            let (m, u, members) = (before.0 + last.0, before.1 + last.1, [&before.2[..], &last.2[..]].concat());
            pools.truncate(pools.len() - 2);
            pools.push((m, u, members));
        }
    }
    for (m, u, members) in pools.into_iter().filter(|pool| pool.2.len() > 1) {
        for at in members {
            // The weight of the pool, with each level's own chance.
            table.m[at] = table.u[at] * m / u;
        }
    }
}
