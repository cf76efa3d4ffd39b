//! Files into one table.

use std::path::PathBuf;

use matching::{Column, Table};
use tabular::{ColumnSink, Options, Ragged, RowError, read_columns};

use super::join::Known;
use super::progress::{Bar, Step};
use crate::failure::Failure;

/// The rows of all files, and where each came from.
pub struct Input {
    pub table: Table,
    pub sources: Vec<Source>,
    /// For each row of the table its number in its file: the line of a text file, the record of a Parquet file.
    pub numbers: Vec<u32>,
}

/// One file.
pub struct Source {
    pub name: String,
    pub path: PathBuf,
    pub rows: u64,
    /// Rows that could not be read and are not in the table.
    pub rejected: u64,
    /// What is wrong with the first of them.
    pub errors: Vec<RowError>,
}

/// Reads the files in their order.
pub fn read(files: &[PathBuf], bar: &Bar) -> Result<Input, Failure> {
    let mut input = Input { table: Table::default(), sources: Vec::new(), numbers: Vec::new() };
    let mut known = Known::default();
    for (index, path) in files.iter().enumerate() {
        let fail = |detail: String| Failure::usage(format!("{}: {detail}", path.display()));
        let mut gathered =
            Gathered { columns: Vec::new(), numbers: &mut input.numbers, bar, index, files: files.len() };
        let options = Options { ragged: Ragged::Pad, ..Options::default() };
        let summary = read_columns(path, &options, &mut gathered).map_err(|error| fail(error.to_string()))?;
        let mut columns = gathered.columns;
        if summary.stopped {
            return Err(super::stopped());
        }
        if files.len() > 1 {
            known.join(&mut columns);
        }
        let name = source_name(path.file_stem().map(|stem| stem.to_string_lossy()), &input.sources);
        input.table.append(&name, columns).map_err(|error| fail(error.to_string()))?;
        let (rows, rejected, errors) = (summary.rows, summary.rejected, summary.errors);
        input.sources.push(Source { name, path: path.clone(), rows, rejected, errors });
    }
    Ok(input)
}

/// The name of the file without its ending; with a number where another file has it already.
fn source_name(stem: Option<std::borrow::Cow<'_, str>>, taken: &[Source]) -> String {
    let stem = stem.map_or_else(|| "file".to_owned(), std::borrow::Cow::into_owned);
    let free = |name: &String| taken.iter().all(|source| source.name != *name);
    let numbered = (2..).map(|n| format!("{stem} {n}"));
    std::iter::once(stem.clone()).chain(numbered).find(free).unwrap_or_default()
}

struct Gathered<'a> {
    columns: Vec<(String, Column)>,
    numbers: &'a mut Vec<u32>,
    bar: &'a Bar,
    index: usize,
    files: usize,
}

impl ColumnSink for Gathered<'_> {
    fn begin(&mut self, columns: &[String], rows: Option<u64>) {
        let rows = rows.map_or(0, |rows| usize::try_from(rows).unwrap_or(0));
        self.columns = columns.iter().map(|name| (name.clone(), Column::with_capacity(rows, rows * 8))).collect();
        self.numbers.reserve(rows);
    }

    fn cell(&mut self, column: usize, text: Option<&str>) {
        self.columns[column].1.push(text);
    }

    fn row(&mut self, number: u64) {
        self.numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
    }

    fn progress(&mut self, done: Option<f64>) -> bool {
        let done = done.unwrap_or(0.5);
        self.bar.show(Step::Read, (self.index as f64 + done) / self.files as f64)
    }
}
