//! The files that matching makes.

use std::path::Path;

use matching::Resolution;
use tabular::{Cell, Column, ColumnType, Format, Sink, SinkOptions};

use super::progress::{Bar, Step};
use super::read::Input;
use super::rows::Ids;
use crate::failure::Failure;

/// What is put before the columns of the input.
const ADDED: [&str; 4] = ["source", "row", "cluster_id", "confidence"];
const REPORT_EVERY: usize = 16 * 1024;

/// Writes the input rows in their order, each with its file, its row there, its cluster and how sure that is.
pub fn clusters(path: &Path, input: &Input, resolution: &Resolution, bar: &Bar) -> Result<(), Failure> {
    let names = input.table.names();
    let mut columns = vec![
        Column::new(ADDED[0], ColumnType::Text),
        Column::new(ADDED[1], ColumnType::Int),
        Column::new(ADDED[2], ColumnType::Int),
        Column::new(ADDED[3], ColumnType::Float),
    ];
    columns.extend(names.iter().map(|name| Column::new(free_name(name, names), ColumnType::Text)));
    let mut file = create(path, &columns, "--out")?;
    let mut cells = vec![Cell::Null; columns.len()];
    for row in 0..input.table.rows() {
        set(&mut cells[0], Some(&input.sources[input.table.source(row)].name));
        cells[1] = Cell::Int(input.numbers[row].into());
        cells[2] = Cell::Int(resolution.clusters[row].into());
        cells[3] = Cell::Float(rounded(resolution.confidence[row].into()));
        for (cell, column) in cells[ADDED.len()..].iter_mut().zip(input.table.columns()) {
            set(cell, column.get(row));
        }
        file.write(&cells).map_err(|error| failed(path, &error))?;
        if row % REPORT_EVERY == 0 && !bar.show(Step::Write, row as f64 / input.table.rows() as f64) {
            return Err(super::stopped());
        }
    }
    file.finish().map_err(|error| failed(path, &error))
}

/// Writes the scored pairs, the surest first.
pub fn pairs(path: &Path, input: &Input, ids: &Ids, resolution: &Resolution) -> Result<(), Failure> {
    let keyed = ids.column_name(input).is_some();
    let mut columns = Vec::new();
    for side in ["a", "b"] {
        columns.push(Column::new(format!("source_{side}"), ColumnType::Text));
        columns.push(Column::new(format!("row_{side}"), ColumnType::Int));
        if keyed {
            columns.push(Column::new(format!("id_{side}"), ColumnType::Text));
        }
    }
    columns.push(Column::new("weight", ColumnType::Float));
    columns.push(Column::new("probability", ColumnType::Float));
    columns.push(Column::new("same_cluster", ColumnType::Bool));
    let mut file = create(path, &columns, "--pairs")?;
    let mut order: Vec<usize> = (0..resolution.pairs.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&resolution.pairs[*a], &resolution.pairs[*b]);
        b.weight.total_cmp(&a.weight).then((a.a, a.b).cmp(&(b.a, b.b)))
    });
    for at in order {
        let pair = &resolution.pairs[at];
        let mut cells = Vec::with_capacity(columns.len());
        for row in [pair.a as usize, pair.b as usize] {
            cells.push(input.sources[input.table.source(row)].name.as_str().into());
            cells.push(Cell::Int(input.numbers[row].into()));
            if keyed {
                cells.push(ids.name(input, row).into());
            }
        }
        cells.push(Cell::Float(rounded(pair.weight.into())));
        cells.push(Cell::Float(rounded(pair.probability())));
        let (a, b) = (pair.a as usize, pair.b as usize);
        cells.push(Cell::Bool(resolution.clusters[a] == resolution.clusters[b]));
        file.write(&cells).map_err(|error| failed(path, &error))?;
    }
    file.finish().map_err(|error| failed(path, &error))
}

/// A name that is neither one of those put before nor another column's.
fn free_name(name: &str, names: &[String]) -> String {
    if !ADDED.contains(&name) {
        return name.to_owned();
    }
    let numbered = (2..).map(|n| format!("input_{name}_{n}"));
    let taken = |free: &String| names.contains(free);
    std::iter::once(format!("input_{name}")).chain(numbered).find(|free| !taken(free)).unwrap_or_default()
}

fn create(path: &Path, columns: &[Column], option: &str) -> Result<Sink, Failure> {
    let format = Format::of_name(&path.to_string_lossy());
    let format = format.ok_or_else(|| {
        Failure::usage(format!("{option} {}: end the name in .csv, .parquet, .xlsx or .jsonl", path.display()))
    })?;
    Sink::create(path, format, columns, &SinkOptions::default()).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &tabular::Error) -> Failure {
    Failure::Io(std::io::Error::other(format!("{}: {error}", path.display())))
}

/// Puts a text in a cell, in the memory that the cell has already.
fn set(cell: &mut Cell, text: Option<&str>) {
    match (&mut *cell, text) {
        (Cell::Text(held), Some(text)) => {
            held.clear();
            held.push_str(text);
        }
        (_, Some(text)) => *cell = text.into(),
        (_, None) => *cell = Cell::Null,
    }
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_a_name_of_their_own() {
        let names = ["row", "input_row", "city"].map(str::to_owned);
        assert_eq!(free_name("city", &names), "city");
        assert_eq!(free_name("row", &names), "input_row_2");
        assert_eq!(free_name("source", &names), "input_source");
    }
}
