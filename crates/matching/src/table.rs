//! Columnar text, the input of everything else.

use crate::Error;

/// One column of optional texts: a single text arena, the end of each cell in it, and which cells hold something.
#[derive(Debug, Clone, Default)]
pub struct Column {
    text: String,
    ends: Vec<u32>,
    filled: Vec<u64>,
    overflow: bool,
}

impl Column {
    /// An empty column with room for `rows` cells of about `bytes` bytes in all.
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(rows),
            filled: Vec::with_capacity(rows.div_ceil(64)),
            overflow: false,
        }
    }

    /// Appends a cell. Text past 4 GiB is not kept: [`Table::append`] then refuses the column.
    pub fn push(&mut self, cell: Option<&str>) {
        let row = self.ends.len();
        if row.is_multiple_of(64) {
            self.filled.push(0);
        }
        if let Some(cell) = cell {
            if self.text.len() + cell.len() <= u32::MAX as usize {
                self.text.push_str(cell);
                self.filled[row / 64] |= 1 << (row % 64);
            } else {
                self.overflow = true;
            }
        }
        self.ends.push(self.text.len() as u32);
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the column has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell of a row; `None` when the cell holds nothing or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let end = *self.ends.get(row)? as usize;
        if self.filled[row / 64] >> (row % 64) & 1 == 0 {
            return None;
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        Some(&self.text[start..end])
    }

    /// The bytes of a row's cell: cheaper than its text.
    #[inline]
    pub(crate) fn bytes(&self, row: usize) -> Option<&[u8]> {
        let end = *self.ends.get(row)? as usize;
        if self.filled[row / 64] >> (row % 64) & 1 == 0 {
            return None;
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        Some(&self.text.as_bytes()[start..end])
    }

    /// The cells in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }

    fn append(&mut self, other: &Column) {
        if self.is_empty() {
            self.clone_from(other);
            return;
        }
        for cell in other.iter() {
            self.push(cell);
        }
    }

    fn append_missing(&mut self, rows: usize) {
        for _ in 0..rows {
            self.push(None);
        }
    }
}

impl<'a> FromIterator<Option<&'a str>> for Column {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(cells: I) -> Self {
        let mut column = Column::default();
        for cell in cells {
            column.push(cell);
        }
        column
    }
}

/// Named columns of text, with the source that each row came from. Several sources lie one after the other.
///
/// ```
/// let mut table = matching::Table::default();
/// table.append_rows("crm", &["name", "city"], &[vec![Some("Anne Roux"), Some("Lyon")]])?;
/// table.append_rows("shop", &["city", "name"], &[vec![None, Some("Anne Roux")]])?;
/// assert_eq!((table.rows(), table.value(1, 0), table.source(1)), (2, Some("Anne Roux"), 1));
/// # Ok::<(), matching::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
    sources: Vec<String>,
    /// Past-the-end row of each source.
    ends: Vec<usize>,
}

impl Table {
    /// Appends a source. Columns are joined by name, in the order of their first appearance; a column that one source
    /// lacks is empty for its rows.
    pub fn append(&mut self, source: &str, columns: Vec<(String, Column)>) -> Result<(), Error> {
        let before = self.rows();
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        if before + rows >= u32::MAX as usize {
            return Err(Error::TooLarge(source.to_owned()));
        }
        if let Some((_, column)) = columns.iter().find(|(_, column)| column.len() != rows) {
            return Err(Error::Ragged { found: column.len(), expected: rows });
        }
        if let Some((name, _)) = columns.iter().find(|(_, column)| column.overflow) {
            return Err(Error::TooLarge(name.clone()));
        }
        for (name, column) in columns {
            let at = match self.column(&name) {
                Some(at) if self.columns[at].len() == before => at,
                // Two columns of one source with the same name: the later one keeps its cells under a name of its own.
                Some(_) => self.add_column(self.free_name(&name), before),
                None => self.add_column(name.clone(), before),
            };
            if before > 0 || !column.is_empty() {
                let held = &mut self.columns[at];
                if held.is_empty() {
                    *held = column;
                } else {
                    held.append(&column);
                }
                if held.overflow {
                    return Err(Error::TooLarge(name));
                }
            }
        }
        for column in &mut self.columns {
            let missing = before + rows - column.len();
            column.append_missing(missing);
        }
        self.sources.push(source.to_owned());
        self.ends.push(before + rows);
        Ok(())
    }

    /// Appends a source given row by row: for tests, examples and small tables.
    pub fn append_rows(&mut self, source: &str, names: &[&str], rows: &[Vec<Option<&str>>]) -> Result<(), Error> {
        let mut columns: Vec<(String, Column)> =
            names.iter().map(|name| ((*name).to_owned(), Column::default())).collect();
        for row in rows {
            if row.len() != names.len() {
                return Err(Error::Ragged { found: row.len(), expected: names.len() });
            }
            for ((_, column), cell) in columns.iter_mut().zip(row) {
                column.push(*cell);
            }
        }
        self.append(source, columns)
    }

    fn add_column(&mut self, name: String, missing: usize) -> usize {
        let mut column = Column::default();
        column.append_missing(missing);
        self.names.push(name);
        self.columns.push(column);
        self.columns.len() - 1
    }

    fn free_name(&self, name: &str) -> String {
        (2..).map(|n| format!("{name} {n}")).find(|name| self.column(name).is_none()).unwrap_or_default()
    }

    /// The number of rows of all sources.
    pub fn rows(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns, in the order of [`names`](Self::names).
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|held| held == name)
    }

    /// One cell; `None` when it holds nothing or lies outside the table.
    pub fn value(&self, row: usize, column: usize) -> Option<&str> {
        self.columns.get(column)?.get(row)
    }

    /// The names of the sources.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The rows of a source.
    pub fn source_rows(&self, source: usize) -> std::ops::Range<usize> {
        let start = if source == 0 { 0 } else { self.ends[source - 1] };
        start..self.ends[source]
    }

    /// The number of the source that a row came from.
    pub fn source(&self, row: usize) -> usize {
        self.ends.partition_point(|end| *end <= row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_with_other_columns_are_joined_by_name() {
        let mut table = Table::default();
        table.append_rows("a", &["x", "y"], &[vec![Some("1"), None], vec![Some(""), Some("2")]]).unwrap();
        table.append_rows("b", &["z", "x"], &[vec![Some("3"), Some("4")]]).unwrap();
        table.append_rows("c", &[], &[]).unwrap();
        assert_eq!(table.names(), ["x", "y", "z"]);
        assert_eq!(table.rows(), 3);
        let row = |row| (0..3).map(|c| table.value(row, c)).collect::<Vec<_>>();
        assert_eq!(row(0), [Some("1"), None, None]);
        assert_eq!(row(1), [Some(""), Some("2"), None]);
        assert_eq!(row(2), [Some("4"), None, Some("3")]);
        assert_eq!(row(3), [None, None, None]);
        assert_eq!([0, 1, 2].map(|row| table.source(row)), [0, 0, 1]);
    }

    #[test]
    fn ragged_columns_are_refused() {
        let mut table = Table::default();
        let columns = vec![("x".to_owned(), Column::from_iter([Some("1")])), ("y".to_owned(), Column::default())];
        assert!(matches!(table.append("a", columns), Err(Error::Ragged { found: 0, expected: 1 })));
        assert!(table.append_rows("a", &["x"], &[vec![]]).is_err());
    }

    #[test]
    fn columns_of_the_same_name_are_both_kept() {
        let mut table = Table::default();
        table.append_rows("a", &["x", "x"], &[vec![Some("1"), Some("2")]]).unwrap();
        assert_eq!(table.names(), ["x", "x 2"]);
        assert_eq!(table.value(0, 1), Some("2"));
    }
}
