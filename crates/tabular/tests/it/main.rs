//! Tables through files and memory, in every format, whole and broken.

mod columns;
mod hostile;
mod random;
mod round_trip;

use tabular::{Cell, Options, Row, RowError, Source};

/// The source of some bytes, with what is found out by itself.
fn open(bytes: impl Into<Vec<u8>>) -> Result<Source, tabular::Error> {
    Source::from_bytes(bytes.into(), &Options::default())
}

/// Rows and errors as text: one line each.
fn show(source: Source) -> String {
    let mut lines = vec![source.columns().join(" | ")];
    lines.extend(source.map(|item| match item {
        Ok(Row { number, cells }) => {
            format!("{number}: {}", cells.iter().map(Cell::to_text).collect::<Vec<_>>().join(" | "))
        }
        Err(RowError { number, reason, .. }) => format!("{number}! {reason}"),
    }));
    lines.join("\n")
}
