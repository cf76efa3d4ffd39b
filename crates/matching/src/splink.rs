//! Models trained by Splink.

use serde_json::Value;

use crate::compare::levels;
use crate::plan::{Kind, Plan};
use crate::{Config, Error, Level, MODEL_FORMAT, Model, Thresholds};

impl Model {
    /// Takes over a model that Splink saved as JSON: the prior, and for each of its comparisons the m and u probabilities of
    /// exact agreement and of disagreement. Its levels between these, whose conditions are SQL, share out what lies between
    /// in the order of ours. Comparisons are found by their column; those that the configuration lacks are left out, and
    /// comparisons that Splink's model lacks keep what is expected of them before anything is learnt.
    ///
    /// Frequencies of values are not part of a Splink model: give them with `frequencies`, or leave them empty.
    ///
    /// ```
    /// use matching::{Config, Model};
    /// let config = Config::from_toml(r#"
    ///     entity = "person"
    ///     [[columns]]
    ///     name = "surname"
    ///     role = "last_name"
    /// "#)?;
    /// let splink = r#"{"probability_two_random_records_match": 0.001, "comparisons": [{
    ///     "output_column_name": "surname",
    ///     "comparison_levels": [
    ///         {"is_null_level": true},
    ///         {"label_for_charts": "Exact match", "m_probability": 0.8, "u_probability": 0.01},
    ///         {"label_for_charts": "All other comparisons", "m_probability": 0.2, "u_probability": 0.99}
    ///     ]}]}"#;
    /// let model = Model::import_splink(splink, &config)?;
    /// assert_eq!((model.prior, model.comparisons[0].levels[0].m), (0.001, 0.8));
    /// # Ok::<(), matching::Error>(())
    /// ```
    pub fn import_splink(json: &str, config: &Config) -> Result<Self, Error> {
        let unreadable = |detail: String| Error::Unreadable { what: "the Splink model", detail };
        let saved: Value = serde_json::from_str(json).map_err(|error| unreadable(error.to_string()))?;
        let plan = Plan::new(config)?;
        let theirs = saved["comparisons"].as_array().ok_or_else(|| unreadable("it has no comparisons".to_owned()))?;
        let mut model = Self {
            format: MODEL_FORMAT,
            entity: config.entity,
            config: config.clone(),
            records: 0,
            prior: saved["probability_two_random_records_match"].as_f64().unwrap_or(1e-4).clamp(1e-14, 0.3),
            related: 0.0,
            thresholds: Thresholds::default(),
            comparisons: Vec::new(),
            block_limits: Vec::new(),
            blocking: Vec::new(),
            frequencies: Default::default(),
        };
        let rules = crate::block::rule::propose(&plan);
        model.blocking = rules.iter().map(ToString::to_string).collect();
        for compared in &plan.comparisons {
            let columns: Vec<String> = compared.columns.iter().map(|at| plan.columns[*at].0.clone()).collect();
            let named = |held: &&Value| {
                let name = held["output_column_name"].as_str().unwrap_or_default();
                columns.iter().any(|column| name == column) || name == compared.name
            };
            model.comparisons.push(crate::Comparison {
                name: compared.name.clone(),
                levels: joined(&compared.kind, theirs.iter().find(named)),
                columns,
            });
        }
        model.check(&plan)?;
        Ok(model)
    }
}

/// Our levels with the probabilities of a Splink comparison.
fn joined(kind: &Kind, theirs: Option<&Value>) -> Vec<Level> {
    let specs = levels(kind);
    let count = specs.len() as f64;
    let found: Vec<(f64, f64)> = theirs
        .and_then(|held| held["comparison_levels"].as_array())
        .into_iter()
        .flatten()
        .filter(|level| level["is_null_level"].as_bool() != Some(true))
        .filter_map(|level| Some((level["m_probability"].as_f64()?, level["u_probability"].as_f64()?)))
        .filter(|(m, u)| *m > 0.0 && *u > 0.0)
        .collect();
    let specified = specs.iter().enumerate().map(|(at, spec)| {
        let last = at + 1 == specs.len();
        let (m, u) = match (found.as_slice(), at) {
            ([first, .., _], 0) => *first,
            ([.., other], _) if last && found.len() > 1 => *other,
            ([_, between @ .., _], _) if !between.is_empty() => {
                let place = (at - 1) * between.len() / (specs.len() - 2);
                let shared =
                    (1..specs.len() - 1).filter(|at| (at - 1) * between.len() / (specs.len() - 2) == place).count();
                (between[place].0 / shared as f64, between[place].1 / shared as f64)
            }
            // Nothing is known: exact agreement is rare by chance, disagreement usual.
            _ => (spec.m, if last { 0.9 } else { 0.1 / count }),
        };
        Level { name: spec.name.to_owned(), m, u, related: u, by_frequency: spec.by_frequency }
    });
    specified.collect()
}
