//! Why two rows are, or are not, the same entity; what holds a cluster together.

mod cut;
mod svg;

use std::fmt::Write;

use serde::Serialize;

use crate::compare::Comparer;
use crate::frequency::{SlotFrequency, of_few, per_thousand};
use crate::plan::{Compared, Plan};
use crate::records::Records;
use crate::score::Scorer;
use crate::{Error, Model, Resolution, Table, probability};

/// One bar of a [`Waterfall`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The comparison, or `prior`, `related` for the correction for related entities, or `identical`
    /// for what is added to records that are equal in everything.
    pub name: String,
    /// The value of the first row, as it is written in the table.
    pub a: String,
    /// The value of the second row.
    pub b: String,
    /// The outcome; `missing` when a row has no value.
    pub level: String,
    /// How many of a thousand records have the agreeing value, where the weight depends on it.
    pub per_thousand: Option<f64>,
    /// The part of the weight that the frequency of the value adds, in bits.
    pub frequency_weight: f64,
    /// The weight in bits, the part for frequency included.
    pub weight: f64,
    /// The weight so far, this bar included.
    pub total: f64,
}

/// The weight of a pair of rows, bar by bar: the prior, one bar for each comparison, and a correction for pairs that are
/// better explained as related entities, such as two members of a household.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waterfall {
    /// The bars, the prior first.
    pub bars: Vec<Bar>,
    /// The match weight in bits: the sum of the bars.
    pub weight: f64,
    /// The probability that the two rows are the same entity.
    pub probability: f64,
}

impl Waterfall {
    /// A table for a terminal.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let width =
            |of: fn(&Bar) -> &str| self.bars.iter().map(|bar| of(bar).chars().count()).max().unwrap_or(0).min(36);
        let (names, levels) = (width(|bar| &bar.name), width(|bar| &bar.level));
        for bar in &self.bars {
            let values = match (bar.a.as_str(), bar.b.as_str()) {
                ("", "") => String::new(),
                (a, b) if a == b => a.to_owned(),
                (a, b) => format!("{} / {}", if a.is_empty() { "-" } else { a }, if b.is_empty() { "-" } else { b }),
            };
            let _ = write!(
                text,
                "{:names$}  {:levels$}  {:+8.2}  {:+8.2}  {values}",
                bar.name, bar.level, bar.weight, bar.total
            );
            if let Some(share) = bar.per_thousand {
                let _ = write!(text, " ({share:.3} ‰)");
            }
            text.push('\n');
        }
        let _ = writeln!(text, "weight {:+.2} bits, probability {:.6}", self.weight, self.probability);
        text
    }

    /// A picture that needs no style sheet and no script.
    pub fn to_svg(&self) -> String {
        svg::waterfall(self)
    }
}

/// The links that hold a cluster together, and where it would come apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterView {
    /// The rows of the cluster.
    pub rows: Vec<u32>,
    /// Links between its rows (row, row, weight in bits), the weakest first. Of large clusters only the links that were scored.
    pub links: Vec<(u32, u32, f64)>,
    /// The two parts into which the cluster falls most easily: the cut with the least total weight of its positive links
    /// (Stoer and Wagner, *A Simple Min-Cut Algorithm*, Journal of the ACM 44, 1997). None for single rows and very large clusters.
    pub cut: Option<(Vec<u32>, Vec<u32>)>,
    /// The weight that the cut takes away, in bits.
    pub cut_weight: f64,
}

/// A few rows of a table, ready to be compared under a model.
struct Scene {
    records: Records,
    frequencies: Vec<SlotFrequency>,
    scorer: Scorer,
}

impl Scene {
    fn new(model: &Model, table: &Table, rows: &[usize]) -> Result<Self, Error> {
        let plan = Plan::new(&model.config)?;
        model.check(&plan)?;
        let mut records = Records::new(plan, model.config.month_first.unwrap_or(false));
        for row in rows {
            if *row >= table.rows() {
                return Err(Error::NoSuchRow(*row));
            }
            let source = table.source(*row).min(usize::from(u16::MAX)) as u16;
            records.push(source, |column| table.value(*row, table.column(column)?));
        }
        let frequencies = of_few(&records, model);
        Ok(Self { records, frequencies, scorer: Scorer::new(model) })
    }

    fn comparer(&self) -> Comparer<'_> {
        Comparer { records: &self.records, frequencies: &self.frequencies }
    }

    fn weight(&self, a: u32, b: u32) -> f64 {
        let outcome = self.comparer().outcome(self.records.row(a), self.records.row(b));
        f64::from(self.scorer.weights(&outcome).total)
    }
}

/// Explains the weight of any two rows, whether or not they were candidates.
///
/// ```
/// # use matching::{Config, Options, Table, explain, resolve};
/// # let mut table = Table::default();
/// # table.append_rows("crm", &["nom", "prénom", "naissance"], &[
/// #     vec![Some("Durand"), Some("Élodie"), Some("14/03/1990")],
/// #     vec![Some("DURAND"), Some("Elodie"), Some("1990-03-14")],
/// # ])?;
/// # let resolution = resolve(&table, &Config::infer(&table, None)?, &Options::default())?;
/// let waterfall = explain(&resolution.model, &table, 0, 1)?;
/// let last_name = &waterfall.bars[1];
/// assert_eq!((last_name.name.as_str(), last_name.level.as_str()), ("last_name", "exact"));
/// assert!((waterfall.bars.iter().map(|bar| bar.weight).sum::<f64>() - waterfall.weight).abs() < 1e-3);
/// # Ok::<(), matching::Error>(())
/// ```
pub fn explain(model: &Model, table: &Table, a: usize, b: usize) -> Result<Waterfall, Error> {
    let scene = Scene::new(model, table, &[a, b])?;
    let (x, y) = (scene.records.row(0), scene.records.row(1));
    let comparer = scene.comparer();
    let mut bars = Vec::new();
    let mut total = 0.0;
    let mut push = |mut bar: Bar| {
        total += bar.weight;
        bar.total = total;
        bars.push(bar);
    };
    push(Bar::bare("prior", "two records taken at random", f64::from(scene.scorer.prior)));
    for (at, compared) in scene.records.plan.comparisons.iter().enumerate() {
        let (level, adjust) = comparer.single(at, x, y);
        let comparison = &model.comparisons[at];
        let held = level.checked_sub(1).and_then(|level| comparison.levels.get(level));
        let written = |row: usize| written(compared, &scene.records.plan, table, row);
        push(Bar {
            name: compared.name.clone(),
            a: written(a),
            b: written(b),
            level: held.map_or("missing", |level| &level.name).to_owned(),
            per_thousand: held.filter(|level| level.by_frequency && adjust != 0.0).and_then(|_| {
                let slot = *compared.kind.slots().first()?;
                let values = model.frequencies.get(&scene.records.plan.slots[slot].name)?;
                Some(per_thousand(values, scene.records.dictionary(slot).text(x[slot])))
            }),
            frequency_weight: f64::from(adjust),
            weight: f64::from(scene.scorer.level(at, level) + adjust),
            total: 0.0,
        });
    }
    let weights = scene.scorer.weights(&comparer.outcome(x, y));
    if weights.related > 0.005 {
        push(Bar::bare("related", "may be a relative instead", -f64::from(weights.related)));
    }
    if weights.twice > 0.0 {
        push(Bar::bare("identical", "one record written twice", f64::from(weights.twice)));
    }
    let weight = f64::from(weights.total);
    Ok(Waterfall { bars, weight, probability: probability(weight) })
}

impl Bar {
    fn bare(name: &str, level: &str, weight: f64) -> Self {
        let empty = String::new;
        Self {
            name: name.to_owned(),
            a: empty(),
            b: empty(),
            level: level.to_owned(),
            per_thousand: None,
            frequency_weight: 0.0,
            weight,
            total: 0.0,
        }
    }
}

/// The cells that a comparison reads, as they are written.
fn written(compared: &Compared, plan: &Plan, table: &Table, row: usize) -> String {
    let cells = compared.columns.iter().filter_map(|at| table.value(row, table.column(&plan.columns[*at].0)?));
    cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Clusters of up to this many rows are looked at link by link.
const LOOKED_THROUGH: usize = 120;

/// The links of a cluster, the weakest first, and its cut.
pub fn explain_cluster(resolution: &Resolution, table: &Table, cluster: u32) -> Result<ClusterView, Error> {
    let members = resolution.clusters.iter().enumerate().filter(|(_, held)| **held == cluster);
    let rows: Vec<u32> = members.map(|(row, _)| row as u32).collect();
    if rows.is_empty() {
        return Err(Error::NoSuchRow(cluster as usize));
    }
    let mut links = Vec::new();
    let small = rows.len() <= LOOKED_THROUGH;
    if small {
        let numbers: Vec<usize> = rows.iter().map(|row| *row as usize).collect();
        let scene = Scene::new(&resolution.model, table, &numbers)?;
        for a in 0..rows.len() {
            for b in a + 1..rows.len() {
                links.push((rows[a], rows[b], scene.weight(a as u32, b as u32)));
            }
        }
    } else {
        let held = resolution
            .pairs
            .iter()
            .filter(|pair| rows.binary_search(&pair.a).is_ok() && rows.binary_search(&pair.b).is_ok());
        links.extend(held.map(|pair| (pair.a, pair.b, f64::from(pair.weight))));
    }
    links.sort_by(|x, y| x.2.total_cmp(&y.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    let (cut, cut_weight) = if small && rows.len() > 1 {
        let (part, weight) = cut::least_cut(&rows, &links);
        let rest = rows.iter().filter(|row| !part.contains(row)).copied().collect();
        (Some((part, rest)), weight)
    } else {
        (None, 0.0)
    };
    Ok(ClusterView { rows, links, cut, cut_weight })
}
