//! Rows by the name that people give them.

use std::collections::{HashMap, HashSet};

use super::read::Input;
use crate::failure::Failure;

/// How rows are called: by the values of a column, or by file and row number.
pub struct Ids {
    column: Option<usize>,
}

impl Ids {
    /// The column that was asked for, or one that looks made for it: named like one, filled and different in every row.
    pub fn new(input: &Input, wanted: Option<&str>) -> Result<Self, Failure> {
        let column = match wanted {
            Some(name) => {
                let column = input.table.column(name);
                Some(column.ok_or_else(|| Failure::usage(format!("--id: the files have no column “{name}”")))?)
            }
            None => (0..input.table.names().len()).find(|column| is_key(input, *column)),
        };
        Ok(Self { column })
    }

    /// The name of the column, where rows are called by one.
    pub fn column_name<'a>(&self, input: &'a Input) -> Option<&'a str> {
        self.column.map(|column| input.table.names()[column].as_str())
    }

    /// What a row is called.
    pub fn name(&self, input: &Input, row: usize) -> String {
        match self.column.and_then(|column| input.table.value(row, column)) {
            Some(value) => value.to_owned(),
            None => place(input, row),
        }
    }

    /// Rows by the values of the column, where rows are called by one.
    pub fn rows<'a>(&self, input: &'a Input) -> HashMap<&'a str, usize> {
        let Some(column) = self.column else { return HashMap::new() };
        let mut rows = HashMap::with_capacity(input.table.rows());
        for (row, cell) in input.table.columns()[column].iter().enumerate() {
            if let Some(cell) = cell {
                rows.entry(cell.trim()).or_insert(row);
            }
        }
        rows
    }

    /// The row of a name: a value of the column, `source:row`, or a row number where there is one file.
    pub fn find(&self, input: &Input, name: &str) -> Result<usize, Failure> {
        let by_value = self.column.and_then(|column| {
            let cells = &input.table.columns()[column];
            cells.iter().position(|cell| cell.is_some_and(|cell| cell.trim() == name.trim()))
        });
        let by_place = || {
            let (source, number) = name.rsplit_once(':').unwrap_or(("", name));
            let number: u32 = number.trim().parse().ok()?;
            let source = match (source, input.sources.len()) {
                ("", 1) => 0,
                (source, _) => input.sources.iter().position(|held| held.name == source)?,
            };
            (0..input.numbers.len()).find(|row| input.numbers[*row] == number && input.table.source(*row) == source)
        };
        by_value.or_else(by_place).ok_or_else(|| {
            let how = match self.column_name(input) {
                Some(column) => format!("a value of “{column}”, or file and row as in {}", place(input, 0)),
                None => format!("file and row, as in {}", place(input, 0)),
            };
            Failure::usage(format!("there is no row “{name}”: name it by {how}"))
        })
    }
}

fn place(input: &Input, row: usize) -> String {
    format!("{}:{}", input.sources[input.table.source(row)].name, input.numbers[row])
}

/// Whether a column is named like a key and is one. Only the head of the column is looked at before all of it is.
fn is_key(input: &Input, column: usize) -> bool {
    let name = input.table.names()[column].to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let named =
        words.iter().any(|word| matches!(*word, "id" | "uid" | "uuid" | "key" | "ref" | "reference" | "identifiant"));
    let cells = &input.table.columns()[column];
    let rows = input.table.rows();
    let different = |most: usize| {
        let mut seen = HashSet::with_capacity(most.min(rows));
        (0..most.min(rows)).all(|row| cells.get(row).is_some_and(|cell| seen.insert(cell)))
    };
    named && different(1_000) && different(rows)
}

#[cfg(test)]
mod tests {
    use matching::Table;

    use super::super::read::Source;
    use super::*;

    fn input() -> Input {
        let mut table = Table::default();
        let rows = [vec![Some("7"), Some("Ann")], vec![Some("9"), Some("Bob")]];
        table.append_rows("crm", &["Client ID", "name"], &rows).unwrap();
        let source = Source { name: "crm".into(), path: "crm.csv".into(), rows: 2, rejected: 0, errors: Vec::new() };
        Input { table, sources: vec![source], numbers: vec![2, 3] }
    }

    #[test]
    fn rows_are_found_by_key_and_by_place() {
        let input = input();
        let ids = Ids::new(&input, None).unwrap();
        assert_eq!(ids.column_name(&input), Some("Client ID"));
        assert_eq!((ids.name(&input, 1), ids.find(&input, "9").unwrap()), ("9".to_owned(), 1));
        assert_eq!((ids.find(&input, "crm:2").unwrap(), ids.find(&input, "3").unwrap()), (0, 1));
        assert_eq!(
            ids.find(&input, "5").unwrap_err().to_string(),
            "there is no row “5”: name it by a value of “Client ID”, or file and row as in crm:2"
        );
        assert_eq!(Ids::new(&input, Some("x")).err().unwrap().to_string(), "--id: the files have no column “x”");
    }
}
