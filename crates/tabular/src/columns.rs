//! A whole table as the texts of its columns, for readers that keep columns and need no types.

use std::path::Path;

use crate::{Error, Layout, Options, RowError, Source};

/// Errors that are kept; the others are counted.
const KEPT_ERRORS: usize = 100;
/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 16 * 1024;

/// Receives the cells of a table. Columns may take turns in any way; the cells of one column come in the order of rows, and
/// in the end every column has had one cell per row.
pub trait ColumnSink: Send {
    /// Called once, before any cell, with the names of the columns and the number of rows where the file tells.
    fn begin(&mut self, columns: &[String], rows: Option<u64>);

    /// The next cell of a column; none where nothing was written.
    fn cell(&mut self, column: usize, text: Option<&str>);

    /// The [number](crate::Row::number) of the next row.
    fn row(&mut self, number: u64);

    /// Called now and then with the share of the table that was read, where it is known. Reading stops on `false`.
    fn progress(&mut self, done: Option<f64>) -> bool;
}

/// How reading a table by columns went.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// What was found out about the table.
    pub layout: Layout,
    /// Rows that were given to the sink.
    pub rows: u64,
    /// Rows that could not be read, and are not among them.
    pub rejected: u64,
    /// The first of them, with what is wrong.
    pub errors: Vec<RowError>,
    /// Whether the sink asked to stop.
    pub stopped: bool,
}

/// Reads a file by columns. Cells are given as [`Cell::to_text`](crate::Cell::to_text) shows them. Parquet files of plain
/// columns are decoded column by column and CSV files without a text of their own for each cell, which makes both several
/// times faster than [`Source`].
///
/// ```
/// use tabular::{ColumnSink, Options, read_columns};
///
/// #[derive(Default)]
/// struct Cities(Vec<String>);
///
/// impl ColumnSink for Cities {
///     fn begin(&mut self, _: &[String], _: Option<u64>) {}
///     fn cell(&mut self, column: usize, text: Option<&str>) {
///         if column == 1 {
///             self.0.push(text.unwrap_or("?").to_owned());
///         }
///     }
///     fn row(&mut self, _: u64) {}
///     fn progress(&mut self, _: Option<f64>) -> bool {
///         true
///     }
/// }
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("people.csv");
/// std::fs::write(&path, "name,city\nAnn,Lille\nBob,\n")?;
/// let mut cities = Cities::default();
/// let summary = read_columns(&path, &Options::default(), &mut cities)?;
/// assert_eq!((summary.rows, cities.0), (2, vec!["Lille".to_owned(), "?".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As for [`Source::open`], and where the file cannot be read to its end. Rows that cannot be read are no errors: they are
/// left out and counted.
pub fn read_columns(path: &Path, options: &Options, sink: &mut dyn ColumnSink) -> Result<Summary, Error> {
    #[cfg(feature = "parquet")]
    if let Some(summary) = crate::parquet::columns::read(path, options, sink)? {
        return Ok(summary);
    }
    Source::open(path, options)?.into_columns(sink)
}

/// The cells of one row, as a reader hands them over: one text, the end of each cell in it.
#[derive(Default)]
pub(crate) struct TextRow {
    pub(crate) text: String,
    /// For each cell where it ends, and whether anything was written.
    pub(crate) cells: Vec<(usize, bool)>,
}

impl TextRow {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    pub(crate) fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
        self.cells.push((self.text.len(), text.is_some()));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.cells.iter().map(move |(end, written)| {
            let text = &self.text[start..*end];
            start = *end;
            written.then_some(text)
        })
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Fits the row to a number of columns: blank cells too many are dropped, and cells too few made up where that is wanted.
    pub(crate) fn fit(&mut self, columns: usize, pad: bool) -> bool {
        while self.cells.len() > columns && self.last().is_none_or(|text| text.trim().is_empty()) {
            self.cells.pop();
            self.text.truncate(self.cells.last().map_or(0, |(end, _)| *end));
        }
        while pad && self.cells.len() < columns {
            self.push(None);
        }
        self.cells.len() == columns
    }

    fn last(&self) -> Option<&str> {
        self.iter().last().flatten()
    }
}

/// Counts rows and errors on their way to a sink.
pub(crate) struct Gathering {
    pub(crate) summary: Summary,
}

impl Gathering {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { summary: Summary { layout, rows: 0, rejected: 0, errors: Vec::new(), stopped: false } }
    }

    /// Whether it is time to tell how far reading is.
    pub(crate) fn is_report_due(&self) -> bool {
        (self.summary.rows + self.summary.rejected).is_multiple_of(REPORT_EVERY)
    }

    pub(crate) fn reject(&mut self, error: RowError) {
        self.summary.rejected += 1;
        if self.summary.errors.len() < KEPT_ERRORS {
            self.summary.errors.push(error);
        }
    }
}
