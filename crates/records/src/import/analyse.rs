//! What a file holds, and which fields it probably fills.

use std::path::Path;

use kernel::{Ctx, Locale};
use model::ObjectDef;
use tabular::value::{ColumnGuess, Hint, infer};
use tabular::{Layout, Source};

use super::mapping::{Dates, Decimals, Mapping};
use super::propose::{Proposal, propose};
use super::{ImportError, Reading};
use crate::Space;

/// Rows looked at.
const SAMPLE: usize = 500;
/// Values shown for each column.
const SHOWN: usize = 5;

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Format, encoding, separators, sheets.
    pub layout: Layout,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Rows of the sample that could not be read: number and reason.
    pub unreadable: Vec<(u64, String)>,
    /// A mapping made of the best proposals; it creates records.
    pub mapping: Mapping,
}

/// A column of a file.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Some of its values.
    pub samples: Vec<String>,
    /// What it holds and how it is written.
    pub guess: ColumnGuess,
    /// The field that it probably fills.
    pub proposal: Option<Proposal>,
}

/// Looks at the beginning of a file. Blocks while it reads.
pub fn analyse(
    space: &Space,
    ctx: &Ctx,
    object: &ObjectDef,
    path: &Path,
    reading: &Reading,
) -> Result<Analysis, ImportError> {
    let mut source = Source::open(path, &reading.options()?)?;
    let names = source.columns().to_vec();
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    let mut unreadable = Vec::new();
    for item in source.by_ref().take(SAMPLE) {
        match item {
            Ok(row) => {
                for (column, cell) in cells.iter_mut().zip(&row.cells) {
                    column.push(cell.to_text().into_owned());
                }
            }
            Err(error) => unreadable.push((error.number, error.reason.to_string())),
        }
    }
    let hint = if ctx.locale == Locale::Fr { Hint::default() } else { Hint::GB };
    let guesses: Vec<ColumnGuess> = cells.iter().map(|values| infer(values.iter().map(String::as_str), hint)).collect();
    let schema = space.schema();
    let proposals = propose(&schema, object, &space.platform.words, &names, &guesses);
    let mut mapping = Mapping::new(object.name.clone());
    let mut columns = Vec::with_capacity(names.len());
    for (((name, values), guess), proposal) in names.into_iter().zip(cells).zip(guesses).zip(proposals) {
        if let Some(proposal) = &proposal {
            mapping = mapping.column(&name, &proposal.to);
        }
        let mut samples: Vec<String> = Vec::new();
        for value in values {
            let value = value.trim();
            if !value.is_empty() && samples.len() < SHOWN && !samples.iter().any(|s| s == value) {
                samples.push(value.chars().take(80).collect());
            }
        }
        columns.push(Column { name, samples, guess, proposal });
    }
    let mut analysis = Analysis { layout: source.layout().clone(), columns, unreadable, mapping };
    analysis.mapping = analysis.settle(analysis.mapping.clone());
    Ok(analysis)
}

impl Analysis {
    /// Writes into a mapping how dates and numbers are written, where it does not say so itself: what is decided on the whole file
    /// once does not change when an import goes on.
    pub fn settle(&self, mut mapping: Mapping) -> Mapping {
        for map in &mut mapping.fields {
            let Some(name) = &map.column else { continue };
            let Some(column) = self.columns.iter().find(|c| c.name.trim().eq_ignore_ascii_case(name.trim())) else {
                continue;
            };
            if map.dates.is_none() && mapping.dates.is_none() {
                map.dates = column.guess.date_order.map(Dates::of);
            }
            if map.decimal.is_none() && mapping.decimal.is_none() {
                map.decimal = column.guess.numbers.map(Decimals::of);
            }
            if map.currency.is_none() && mapping.currency.is_none() {
                map.currency = column.guess.currency.map(str::to_owned);
            }
        }
        mapping
    }
}
