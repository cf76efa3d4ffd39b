//! From a table to clusters.

use std::collections::BTreeMap;
use std::time::Instant;

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use crate::block::rule::{Rule, propose};
use crate::block::{Blocks, COMPARED_WHOLE, Limits};
use crate::cluster::{Judge, bound, clusters, number};
use crate::compare::{Comparer, levels};
use crate::frequency::{
    SlotFrequency, all as all_frequencies, frequencies, in_towns, town_frequencies, word_frequencies,
};
use crate::hash;
use crate::identical::{self, Identical};
use crate::learn::sample::Counts;
use crate::learn::{Evidence, chance_of_levels, learn, sample};
use crate::normalise::date::is_month_first;
use crate::normalise::organisation;
use crate::plan::{Compared, Kind, Plan, Reader};
use crate::records::Records;
use crate::score::Scorer;
use crate::{
    Config, Error, Frequencies, Histogram, MODEL_FORMAT, Model, Pair, PatternCount, Progress, Resolution, RuleReport,
    Stage, StageTime, Table, probability, weight_of,
};

/// A verdict on two rows, given by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// A row.
    pub a: u32,
    /// Another row.
    pub b: u32,
    /// Whether the two are the same entity.
    pub same: bool,
}

/// What [`resolve`] may be told beyond the configuration.
#[derive(Default)]
pub struct Options<'a> {
    /// Score with this model instead of learning one.
    pub model: Option<&'a Model>,
    /// Verdicts of people. They decide their pair and refine the model ([`Model::teach`]): rows told apart never share a cluster,
    /// rows said to be the same always do, unless another verdict parts them.
    pub labels: &'a [Label],
    /// The probability from which pairs are linked, instead of the configuration's.
    pub threshold: Option<f64>,
    /// The share of links that is to be right, by their own probabilities: the lowest threshold with which it is expected is taken
    /// instead of the configuration's. Pairs below are left to be reviewed.
    pub precision: Option<f64>,
    /// Called now and then; resolving stops with [`Error::Stopped`] when it returns `false`.
    pub progress: Option<&'a (dyn Fn(Progress) -> bool + Sync)>,
    /// How many threads to use; all processors when absent. The result does not depend on it.
    pub threads: Option<usize>,
}

/// Finds the rows that are the same entity.
///
/// ```
/// use matching::{Config, Entity, Options, Table, resolve};
/// let mut table = Table::default();
/// table.append_rows("crm", &["nom", "prénom", "naissance", "ville"], &[
///     vec![Some("Durand"), Some("Élodie"), Some("14/03/1990"), Some("Lyon")],
///     vec![Some("DURAND"), Some("Elodie"), Some("1990-03-14"), Some("LYON")],
///     vec![Some("Roux"), Some("Karim"), Some("02/11/1971"), Some("Lille")],
/// ])?;
/// let config = Config::infer(&table, Some(Entity::Person))?;
/// let resolution = resolve(&table, &config, &Options::default())?;
/// assert_eq!(resolution.clusters, [0, 0, 1]);
/// # Ok::<(), matching::Error>(())
/// ```
pub fn resolve(table: &Table, config: &Config, options: &Options) -> Result<Resolution, Error> {
    match options.threads {
        None => run(table, config, options),
        Some(threads) => rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| Error::Io(std::io::Error::other(error)))?
            .install(|| run(table, config, options)),
    }
}

/// Stages with their times.
struct Clock<'a> {
    options: &'a Options<'a>,
    times: Vec<StageTime>,
    since: Instant,
    stage: Option<Stage>,
}

impl Clock<'_> {
    fn enter(&mut self, stage: Stage) -> Result<(), Error> {
        self.leave();
        self.stage = Some(stage);
        self.at(0.0)
    }

    fn at(&self, done: f64) -> Result<(), Error> {
        let (Some(progress), Some(stage)) = (self.options.progress, self.stage) else { return Ok(()) };
        if progress(Progress { stage, done }) { Ok(()) } else { Err(Error::Stopped) }
    }

    fn leave(&mut self) {
        if let Some(stage) = self.stage.take() {
            self.times.push(StageTime { stage, wall: self.since.elapsed() });
        }
        self.since = Instant::now();
    }
}

/// Pairs that can never be the same: of one source without duplicates, or told apart by a person.
pub(crate) struct Apart {
    distinct: Vec<bool>,
    pairs: HashSet<(u32, u32)>,
    labelled: HashSet<u32>,
    /// For rows that a person said are the same, the least of them.
    bound: HashMap<u32, u32>,
}

impl Apart {
    /// Whether some source has no duplicates.
    pub fn has_distinct_sources(&self) -> bool {
        self.distinct.contains(&true)
    }

    /// Whether a person said something of a row.
    pub fn is_labelled(&self, row: u32) -> bool {
        self.labelled.contains(&row)
    }

    /// Whether a person said that two rows are the same, directly or through others.
    fn binds(&self, a: u32, b: u32) -> bool {
        !self.bound.is_empty() && self.bound.get(&a).is_some_and(|least| self.bound.get(&b) == Some(least))
    }

    /// Whether a person told any of some rows apart from any of some others.
    pub fn parts(&self, a: &[u32], b: &[u32]) -> bool {
        !self.pairs.is_empty() && a.iter().any(|x| b.iter().any(|y| self.pairs.contains(&(*x.min(y), *x.max(y)))))
    }

    #[inline]
    pub fn holds(&self, records: &Records, a: u32, b: u32) -> bool {
        if !self.pairs.is_empty() && self.pairs.contains(&(a.min(b), a.max(b))) {
            return true;
        }
        let (x, y) = (records.sources[a as usize], records.sources[b as usize]);
        ((x == y && self.distinct[usize::from(x)]) || records.numbers_differ(a, b)) && !self.binds(a, b)
    }
}

fn run(table: &Table, config: &Config, options: &Options) -> Result<Resolution, Error> {
    if table.rows() == 0 {
        return Err(Error::Empty);
    }
    let mut clock = Clock { options, times: Vec::new(), since: Instant::now(), stage: None };
    clock.enter(Stage::Normalise)?;
    let mut config = match options.model {
        None => config.clone(),
        Some(model) => Config { distinct_sources: config.distinct_sources.clone(), ..model.config.clone() },
    };
    let plan = Plan::new(&config)?;
    if let Some(model) = options.model {
        model.check(&plan)?;
    }
    let month_first = *config.month_first.get_or_insert_with(|| month_first(&plan, table));
    let records = Records::of_table(plan, table, month_first)?;
    let apart = apart(table, &config, options.labels)?;

    clock.enter(Stage::Block)?;
    let same = identical::groups(&records, &apart);
    let mut model = match options.model {
        Some(model) => model.clone(),
        None => untaught(&records, &config, &same),
    };
    let frequencies = all_frequencies(&records, &model);
    let mut blocks = block(&records, &frequencies, &config, options.model, &same)?;

    clock.enter(Stage::Learn)?;
    if options.model.is_none() {
        train(&mut model, &records, frequencies, &mut blocks, &apart, &same);
    }
    let frequencies = all_frequencies(&records, &model);
    let comparer = Comparer { records: &records, frequencies: &frequencies };
    model.learn_from(&comparer, options.labels.iter().map(|label| (label.a, label.b, label.same)));
    let scorer = Scorer::new(&model);

    clock.enter(Stage::Score)?;
    let threshold = weight_of(options.threshold.unwrap_or(model.thresholds.matched));
    let floor = weight_of(model.thresholds.review).min(threshold);
    let wanted = Wanted { floor, threshold, precision: options.precision };
    let mut scored = score(&comparer, &scorer, &blocks, &apart, &wanted, &clock)?;
    let threshold = scored.threshold;
    if options.precision.is_some() {
        model.thresholds.matched = probability(threshold);
        model.thresholds.sure = model.thresholds.sure.max(model.thresholds.matched);
    }
    same.add_pairs(&comparer, &scorer, &apart, &mut scored);
    decide(&mut scored.pairs, options.labels);

    clock.enter(Stage::Cluster)?;
    let links: Vec<Pair> = scored.pairs.iter().filter(|pair| f64::from(pair.weight) >= threshold).copied().collect();
    let direct: Vec<Pair> = links.iter().filter(|pair| !same.is_stood_for(pair.b)).copied().collect();
    let weight = |a: u32, b: u32| scorer.weights(&comparer.outcome(records.row(a), records.row(b))).total;
    let judge = Judge {
        weight: &weight,
        apart: &|a, b| apart.holds(&records, a, b),
        parted: &|a, b| apart.parts(a, b),
        bound: Some(&apart.bound).filter(|bound| !bound.is_empty()),
        content: &|row| records.content(row),
        threshold: threshold as f32,
    };
    let mut found = clusters(records.rows(), &direct, &judge);
    same.follow(&links, &mut found);
    let cluster_count = number(&mut found);
    let confidence = confidence(&found, &scored.pairs);
    let expected: f64 = links.iter().map(|pair| pair.probability()).sum();
    clock.leave();

    config.columns.clone_from(&model.config.columns);
    Ok(Resolution {
        config,
        pairs: scored.pairs,
        clusters: found,
        confidence,
        cluster_count,
        match_weight: threshold,
        review_weight: floor,
        scored: scored.blocking.iter().map(|rule| rule.pairs).sum(),
        expected_precision: if links.is_empty() { 1.0 } else { expected / links.len() as f64 },
        blocking: scored.blocking,
        patterns: scored.patterns,
        histogram: scored.histogram,
        timings: clock.times,
        model,
    })
}

fn month_first(plan: &Plan, table: &Table) -> bool {
    let dates = plan.columns.iter().filter(|(_, reader)| matches!(reader, Reader::Date(_)));
    let columns = dates.filter_map(|(name, _)| Some(&table.columns()[table.column(name)?]));
    is_month_first(columns.flat_map(|column| column.iter().flatten().take(2000)), &plan.region)
}

fn apart(table: &Table, config: &Config, labels: &[Label]) -> Result<Apart, Error> {
    let mut distinct = vec![false; table.sources().len()];
    for name in &config.distinct_sources {
        let source = table.sources().iter().position(|held| held == name);
        distinct[source.ok_or_else(|| Error::UnknownSource(name.clone()))?] = true;
    }
    let rows = table.rows() as u32;
    if let Some(label) = labels.iter().find(|label| label.a.max(label.b) >= rows) {
        return Err(Error::NoSuchRow(label.a.max(label.b) as usize));
    }
    let (same, parted): (Vec<&Label>, Vec<&Label>) = labels.iter().partition(|label| label.same);
    let pairs = parted.iter().map(|label| (label.a.min(label.b), label.a.max(label.b))).collect();
    let labelled = labels.iter().flat_map(|label| [label.a, label.b]).collect();
    Ok(Apart { distinct, pairs, labelled, bound: bound(same.iter().map(|label| (label.a, label.b))) })
}

fn block(
    records: &Records,
    frequencies: &[SlotFrequency],
    config: &Config,
    model: Option<&Model>,
    same: &Identical,
) -> Result<Blocks, Error> {
    let plan = &records.plan;
    let chosen = model.map_or(&config.blocking, |model| &model.blocking);
    let mut rules = if chosen.is_empty() {
        propose(plan)
    } else {
        chosen.iter().map(|text| Rule::parse(text, plan)).collect::<Result<_, _>>()?
    };
    if chosen.is_empty() && records.rows() <= COMPARED_WHOLE {
        rules.push(Rule::parse("everything", plan)?);
    }
    let limits = match model {
        Some(model) => Limits::Known(&model.block_limits),
        None => Limits::Budget((3 * records.rows() as u64).max(1_200_000)),
    };
    Ok(Blocks::new(records, frequencies, rules, &limits, |row| same.is_stood_for(row)))
}

/// A model that knows how frequent values are, and nothing more.
fn untaught(records: &Records, config: &Config, same: &Identical) -> Model {
    let mut saved: BTreeMap<String, Frequencies> = BTreeMap::new();
    let tables: Vec<(String, Frequencies, Option<Frequencies>)> = (0..records.plan.slots.len())
        .into_par_iter()
        .map(|slot| {
            let dictionary = records.dictionary(slot);
            // Addresses of several columns are one set: how frequent one is does not depend on where it stands.
            let mut counts = vec![0; dictionary.len()];
            for slot in records.plan.compared_with(slot) {
                for (sum, count) in counts.iter_mut().zip(records.counts(slot, |row| same.is_copy(row))) {
                    *sum += count;
                }
            }
            let name = records.plan.slots[slot].name.clone();
            (name, frequencies(&counts, dictionary), word_frequencies(&counts, dictionary))
        })
        .collect();
    for (name, values, words) in tables {
        if let Some(words) = words {
            saved.insert(format!("{name}:words"), words);
        }
        saved.insert(name, values);
    }
    if let (Some(names), Some(city)) = (records.plan.slot("organisation"), records.city)
        && let Some(towns) = town_frequencies(records, names, city, |row| same.is_copy(row))
    {
        saved.insert(in_towns("organisation"), towns);
    }
    for slot in alone(&records.plan) {
        if let Some(values) = saved.get_mut(&records.plan.slots[slot].name) {
            values.counts.clear();
        }
    }
    Model {
        format: MODEL_FORMAT,
        entity: config.entity,
        config: config.clone(),
        records: records.rows() as u64,
        prior: 0.0,
        related: 0.0,
        thresholds: config.thresholds,
        comparisons: Vec::new(),
        blocking: Vec::new(),
        block_limits: Vec::new(),
        frequencies: saved,
    }
}

fn train(
    model: &mut Model,
    records: &Records,
    mut frequencies: Vec<SlotFrequency>,
    blocks: &mut Blocks,
    apart: &Apart,
    same: &Identical,
) {
    let rows = (records.rows() - same.copies()) as f64;
    let random = sample::random(&Comparer { records, frequencies: &frequencies }, |a, b| apart.holds(records, a, b));
    for (at, compared) in records.plan.comparisons.iter().enumerate() {
        if let Kind::Organisation(slot) = compared.kind {
            frequencies[slot].set_chance(chance_of_levels(&random, at, levels(&compared.kind).len()).into_iter());
        }
    }
    let comparer = Comparer { records, frequencies: &frequencies };
    let samples = sample::of_rules(&comparer, blocks, |a, b| apart.holds(records, a, b));
    let mut by_source: HashMap<u16, f64> = HashMap::new();
    for source in &records.sources {
        *by_source.entry(*source).or_default() += 1.0;
    }
    let within = |(source, rows): (&u16, &f64)| {
        if apart.distinct[usize::from(*source)] { rows * (rows - 1.0) / 2.0 } else { 0.0 }
    };
    let never: f64 = by_source.iter().map(within).sum();
    let learnt = learn(&Evidence {
        plan: &records.plan,
        frequencies: &frequencies,
        samples: &samples,
        random: &random,
        all_pairs: (rows * (rows - 1.0) / 2.0 - never).max(1.0),
        records: rows,
    });
    model.comparisons = learnt.comparisons;
    model.prior = learnt.prior;
    model.related = learnt.related;
    if let Some(slot) = alone(&records.plan).first() {
        trust(model, &frequencies[*slot]);
    } else if let [Compared { kind, .. }] = records.plan.comparisons.as_slice()
        && !matches!(kind, Kind::Organisation(_) | Kind::Text(_))
    {
        // Many share a family name or a date: agreement on nothing else is chance.
        model.prior = model.prior.min(0.01 / rows);
    }
    if model.config.blocking.is_empty() {
        let scorer = Scorer::new(model);
        let worth: Vec<bool> = samples.iter().map(|sample| is_worth_its_pairs(&sample.fresh, &scorer, rows)).collect();
        blocks.keep(&worth);
    }
    model.blocking = blocks.rules.iter().map(|held| held.rule.to_string()).collect();
    model.block_limits = blocks.rules.iter().map(|held| held.limit as u32).collect();
}

/// The slots of the only thing that is compared, where it is one that few entities share.
fn alone(plan: &Plan) -> Vec<usize> {
    match plan.comparisons.as_slice() {
        [Compared { kind: Kind::Email(slots) | Kind::Phone(slots), .. }] => slots.clone(),
        [Compared { kind: Kind::Identifier(slot), .. }] => vec![*slot],
        _ => Vec::new(),
    }
}

/// The weight of equal values where nothing else is compared, in bits.
const TRUSTED: f64 = 6.0;

/// Makes equal values of the only comparison enough, and anything less nothing: from one column nothing can be learnt, and
/// addresses and numbers are made to belong to one.
fn trust(model: &mut Model, values: &SlotFrequency) {
    let [comparison] = model.comparisons.as_mut_slice() else { return };
    for (at, level) in comparison.levels.iter_mut().enumerate() {
        (level.m, level.u) = match at {
            0 => (0.95, (0.05 * values.agreement).clamp(1e-12, 0.5)),
            _ => (0.01 * level.u, level.u),
        };
        level.related = level.u;
    }
    let exact = comparison.levels[0].weight() + f64::from(values.adjust(u32::MAX));
    model.prior = probability(TRUSTED - exact).min(0.5);
    model.related = 0.0;
}

/// Rules must bring at least this share of matches among pairs that no rule before them brings.
const LEAST_YIELD: f64 = 0.002;

/// Tables of up to this many rows keep every rule.
const SMALL: f64 = 30_000.0;

/// Whether what a rule adds pays: cheap rules always do, others by the matches that are expected among their pairs.
fn is_worth_its_pairs(fresh: &Counts, scorer: &Scorer, rows: f64) -> bool {
    let (mut pairs, mut matches) = (0.0, 0.0);
    for cell in &fresh.cells {
        let weight = scorer.weights(&cell.outcome()).total;
        pairs += cell.pairs;
        matches += cell.pairs * probability(f64::from(weight));
    }
    rows <= SMALL || pairs < 0.05 * rows || matches >= LEAST_YIELD * pairs
}

/// What scoring brings.
pub(crate) struct Scored {
    pub pairs: Vec<Pair>,
    pub blocking: Vec<RuleReport>,
    pub floor: f64,
    pub threshold: f64,
    patterns: Vec<PatternCount>,
    histogram: Histogram,
}

/// From which weight pairs are kept and linked.
struct Wanted {
    floor: f64,
    threshold: f64,
    /// The share of links that is to be right, which then gives the threshold.
    precision: Option<f64>,
}

/// Pairs that one task scores.
const PORTION: u64 = 1 << 16;
const FIRST_BIN: i32 = -40;
const BINS: usize = 100;

/// For each pattern its pairs and the sum of their weights in `1 / FIXED` of a bit: in integers, whose order does not matter.
type Patterns = HashMap<u64, (u64, i64)>;
const FIXED: f32 = 1024.0;

/// What one task found.
struct Portion {
    pairs: Vec<Pair>,
    patterns: Patterns,
    bins: [u64; BINS],
    scored: u64,
}

fn score(
    comparer: &Comparer,
    scorer: &Scorer,
    blocks: &Blocks,
    apart: &Apart,
    wanted: &Wanted,
    clock: &Clock,
) -> Result<Scored, Error> {
    let records = comparer.records;
    let mut found = Scored {
        pairs: Vec::new(),
        blocking: Vec::new(),
        floor: wanted.floor,
        threshold: wanted.threshold,
        patterns: Vec::new(),
        histogram: Histogram { start: FIRST_BIN, counts: vec![0; BINS] },
    };
    let mut counted = Patterns::default();
    let mut ends = Vec::new();
    for (rule, held) in blocks.rules.iter().enumerate() {
        clock.at(rule as f64 / blocks.rules.len() as f64)?;
        let portions: Vec<Portion> = blocks
            .portions(rule, PORTION)
            .into_par_iter()
            .map(|groups| {
                let mut portion =
                    Portion { pairs: Vec::new(), patterns: Patterns::default(), bins: [0; BINS], scored: 0 };
                blocks.pairs(rule, groups, |a, b, fresh| {
                    if !fresh || apart.holds(records, a, b) {
                        return;
                    }
                    let outcome = comparer.outcome(records.row(a), records.row(b));
                    let weight = scorer.weights(&outcome).total;
                    portion.scored += 1;
                    let sum = portion.patterns.entry(outcome.pattern).or_default();
                    *sum = (sum.0 + 1, sum.1 + (weight * FIXED) as i64);
                    portion.bins
                        [((weight.floor() as i32).saturating_sub(FIRST_BIN)).clamp(0, BINS as i32 - 1) as usize] += 1;
                    if f64::from(weight) >= wanted.floor {
                        portion.pairs.push(Pair { a: a.min(b), b: a.max(b), weight });
                    }
                });
                portion
            })
            .collect();
        let mut report = RuleReport {
            rule: held.rule.to_string(),
            rows: held.rows,
            groups: held.groups() as u64,
            largest: held.largest,
            divided: held.divided,
            pairs: 0,
            matches: 0,
        };
        for portion in portions {
            report.pairs += portion.scored;
            found.pairs.extend(portion.pairs);
            for (pattern, (pairs, weight)) in portion.patterns {
                let sum = counted.entry(pattern).or_default();
                *sum = (sum.0 + pairs, sum.1 + weight);
            }
            for (bin, count) in found.histogram.counts.iter_mut().zip(portion.bins) {
                *bin += count;
            }
        }
        found.blocking.push(report);
        ends.push(found.pairs.len());
    }
    if let Some(precision) = wanted.precision {
        let mut once = found.pairs.clone();
        keep_once(&mut once);
        found.threshold = threshold_for(precision, &once);
    }
    let mut start = 0;
    for (report, end) in found.blocking.iter_mut().zip(ends) {
        let linked = found.pairs[start..end].iter().filter(|pair| f64::from(pair.weight) >= found.threshold);
        report.matches = linked.count() as u64;
        start = end;
    }
    keep_once(&mut found.pairs);
    found.patterns = patterns(counted, scorer.comparisons);
    Ok(found)
}

/// Sorts pairs, each once: what a rule that gives several keys brought, a later rule may have brought again.
fn keep_once(pairs: &mut Vec<Pair>) {
    pairs.par_sort_unstable_by_key(|pair| (pair.a, pair.b));
    pairs.dedup_by_key(|pair| (pair.a, pair.b));
}

/// The lowest weight from which the pairs are expected to be right in a share of at least `precision`; infinite where not even the
/// surest pair is.
fn threshold_for(precision: f64, pairs: &[Pair]) -> f64 {
    let mut weights: Vec<f32> = pairs.iter().map(|pair| pair.weight).collect();
    weights.par_sort_unstable_by(|x, y| y.total_cmp(x));
    let (mut right, mut count, mut threshold) = (0.0, 0, f64::INFINITY);
    // Pairs of one weight are linked together or not at all.
    for equal in weights.chunk_by(|x, y| x == y) {
        count += equal.len();
        right += probability(f64::from(equal[0])) * equal.len() as f64;
        if right < precision * count as f64 {
            break;
        }
        threshold = f64::from(equal[0]);
    }
    threshold
}

/// Patterns that are reported.
const MOST_PATTERNS: usize = 1000;

fn patterns(counted: Patterns, comparisons: usize) -> Vec<PatternCount> {
    let mut patterns: Vec<PatternCount> = counted
        .into_iter()
        .map(|(pattern, (pairs, weight))| PatternCount {
            levels: (0..comparisons).map(|at| (pattern >> (4 * at) & 15) as u8).collect(),
            pairs,
            weight: weight as f64 / f64::from(FIXED) / pairs as f64,
        })
        .collect();
    patterns.sort_by(|a, b| b.pairs.cmp(&a.pairs).then(a.levels.cmp(&b.levels)));
    patterns.truncate(MOST_PATTERNS);
    patterns
}

/// The verdicts of people replace what was scored.
fn decide(pairs: &mut Vec<Pair>, labels: &[Label]) {
    if labels.is_empty() {
        return;
    }
    let verdicts: HashMap<(u32, u32), bool> =
        labels.iter().map(|label| ((label.a.min(label.b), label.a.max(label.b)), label.same)).collect();
    pairs.retain(|pair| !verdicts.contains_key(&(pair.a, pair.b)));
    let certain = verdicts.iter().filter(|(_, same)| **same);
    pairs.extend(certain.map(|((a, b), _)| Pair { a: *a, b: *b, weight: CERTAIN }));
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
}

/// The weight of a verdict, in bits.
const CERTAIN: f32 = 60.0;

fn confidence(clusters: &[u32], pairs: &[Pair]) -> Vec<f32> {
    let mut within = vec![f32::NEG_INFINITY; clusters.len()];
    let mut across = within.clone();
    for pair in pairs {
        let together = clusters[pair.a as usize] == clusters[pair.b as usize];
        for row in [pair.a, pair.b] {
            let best = if together { &mut within[row as usize] } else { &mut across[row as usize] };
            *best = best.max(pair.weight);
        }
    }
    let rows = within.into_iter().zip(across).map(|(within, across)| {
        let p = |weight: f32| probability(f64::from(weight)) as f32;
        if within > f32::NEG_INFINITY { p(within) } else { 1.0 - p(across) }
    });
    rows.collect()
}

impl Records {
    /// Whether two rows have numbers of companies that cannot be one number mistyped: both of one register, and both passing
    /// their check or differing in more than two places.
    #[inline]
    pub(crate) fn numbers_differ(&self, a: u32, b: u32) -> bool {
        let Some(slot) = self.company else { return false };
        let (x, y) = (self.row(a)[slot], self.row(b)[slot]);
        if x == y || x == 0 || y == 0 {
            return false;
        }
        let numbers = self.dictionary(slot);
        let checked = |id| numbers.entry(id).extra == 1;
        (checked(x) && checked(y)) || organisation::differ(numbers.text(x), numbers.text(y))
    }

    /// A number made from what a row holds, the same wherever the row stands.
    pub(crate) fn content(&self, row: u32) -> u64 {
        let mut hash = u64::from(self.sources[row as usize]);
        for (slot, id) in self.row(row)[..self.slots()].iter().enumerate() {
            if *id != 0 {
                hash = hash::mix(hash, hash::bytes(self.dictionary(slot).bytes(*id)) ^ slot as u64);
            }
        }
        hash
    }
}
