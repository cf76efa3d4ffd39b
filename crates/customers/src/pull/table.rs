//! Rows of tables as records of a source.

use serde_json::{Map, Value as Json};
use tabular::Row;

/// A row as a record: its key, from the column at this place, and what its cells that are not empty say, by the columns' names.
pub fn record_of_row(names: &[String], key: usize, row: &Row) -> (String, Json) {
    let cells = row.cells.iter().map(|cell| cell.to_text().trim().to_owned());
    let said = names.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty());
    let payload: Map<String, Json> = said.map(|(name, cell)| (name, cell.into())).collect();
    let key = row.cells.get(key).map(|cell| cell.to_text().into_owned()).unwrap_or_default();
    (key, Json::Object(payload))
}
