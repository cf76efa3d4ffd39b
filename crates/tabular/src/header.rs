//! Which row names the columns, and what they are called.

use std::collections::{HashMap, HashSet};

use crate::value::looks_like_value;
use crate::{Cell, Row};

/// How many rows are looked at to find the header.
pub(crate) const LOOKED_AT: usize = 50;

/// Where the header is among the first rows of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Rows to drop before the first row of data, titles and header together.
    pub(crate) skip: usize,
    pub(crate) columns: Vec<String>,
}

/// The header found in the first rows, or made up for a table without one. `rows` is not empty.
pub(crate) fn sniff(rows: &[&Row]) -> Found {
    let width = usual_width(rows);
    let Some(index) = rows.iter().take(10).position(|row| filled(row) * 2 > width.max(1) && last_filled(row) > 0)
    else {
        return absent(rows);
    };
    let row = &rows[index];
    if !is_header(row) {
        return absent(rows);
    }
    if let Some(next) = rows.get(index + 1)
        && is_group(row, next, &rows[index + 2..])
    {
        return Found { skip: index + 2, columns: names(&join_groups(row, next), width) };
    }
    let above = index
        .checked_sub(1)
        .map(|i| rows[i])
        .filter(|above| filled(above) > 1 && is_group(above, row, &rows[index + 1..]));
    let labels = match above {
        Some(above) => join_groups(above, row),
        None => texts(row),
    };
    Found { skip: index + 1, columns: names(&labels, width) }
}

/// The header at a given index among `rows`.
pub(crate) fn at(rows: &[&Row], index: usize) -> Found {
    let width = rows.get(index + 1..).map_or(0, usual_width);
    Found { skip: index + 1, columns: names(&texts(rows[index]), width) }
}

/// Made-up names for a table without header.
pub(crate) fn absent(rows: &[&Row]) -> Found {
    Found { skip: 0, columns: names(&[], usual_width(rows)) }
}

fn filled(row: &Row) -> usize {
    row.cells.iter().filter(|cell| !cell.is_blank()).count()
}

fn last_filled(row: &Row) -> usize {
    row.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |index| index + 1)
}

/// The width that most rows have, the wider one when two are as frequent.
fn usual_width(rows: &[&Row]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *counts.entry(last_filled(row)).or_default() += 1;
    }
    let widest = counts.iter().max_by_key(|(width, count)| (**count, **width)).map_or(0, |(width, _)| *width);
    // Rows often end in blank cells: a wider width is taken as soon as it is not an exception.
    let frequent = |count: usize| count * 5 >= rows.len();
    counts.into_iter().filter(|(_, count)| frequent(*count)).map(|(width, _)| width).fold(widest, usize::max)
}

fn is_header(row: &Row) -> bool {
    let mut seen = HashSet::new();
    let (mut texts, mut values) = (0, 0);
    for cell in row.cells.iter().filter(|cell| !cell.is_blank()) {
        match cell {
            Cell::Text(text) if !looks_like_value(text.trim()) => texts += 1,
            _ => values += 1,
        }
        seen.insert(cell.to_text().trim().to_lowercase());
    }
    texts > 0 && (values == 0 || (values * 4 <= texts && seen.len() == texts + values))
}

/// Whether `row` holds groups over the columns that `next` names: `next` fills every gap, and is a row of words over values.
fn is_group(row: &Row, next: &Row, below: &[&Row]) -> bool {
    let width = last_filled(row).max(last_filled(next));
    let blank = |row: &Row, column: usize| row.cells.get(column).is_none_or(Cell::is_blank);
    let mut gaps = (0..width).filter(|column| blank(row, *column)).peekable();
    let has_gaps = gaps.peek().is_some();
    let filled_gaps = gaps.all(|column| !blank(next, column));
    let is_word = |cell: &Cell| matches!(cell, Cell::Text(text) if !looks_like_value(text.trim()));
    let words_only = next.cells.iter().all(|cell| cell.is_blank() || is_word(cell));
    let over_values = next.cells.iter().enumerate().any(|(column, cell)| {
        let under = below.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_blank());
        let mut under = under.peekable();
        is_word(cell) && under.peek().is_some() && !under.any(is_word)
    });
    has_gaps && filled_gaps && words_only && over_values
}

fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.to_text().trim().to_owned()).collect()
}

/// Labels of a header of two rows: the lower one, the group before it where it would not be unique, the upper one where
/// the lower is blank.
fn join_groups(upper: &Row, lower: &Row) -> Vec<String> {
    let lower_texts = texts(lower);
    let mut counts: HashMap<String, usize> = HashMap::new();
    for text in &lower_texts {
        *counts.entry(text.to_lowercase()).or_default() += 1;
    }
    let mut group = String::new();
    let mut labels = Vec::new();
    for index in 0..lower_texts.len().max(upper.cells.len()) {
        let above = upper.cells.get(index).map(|cell| cell.to_text().trim().to_owned()).unwrap_or_default();
        let below = lower_texts.get(index).cloned().unwrap_or_default();
        if !above.is_empty() {
            group.clone_from(&above);
        }
        labels.push(match below.as_str() {
            "" => above,
            text if counts.get(&text.to_lowercase()).is_some_and(|count| *count > 1) && !group.is_empty() => {
                format!("{group} {text}")
            }
            _ => below,
        });
    }
    labels
}

/// Unique, non-blank names: blank ones become `column_3`, repeated ones `name_2`.
pub(crate) fn names(labels: &[String], width: usize) -> Vec<String> {
    let last = labels.iter().rposition(|label| !label.is_empty()).map_or(0, |index| index + 1);
    let width = width.max(last).max(1);
    let mut taken: HashSet<String> = labels.iter().map(|label| label.to_lowercase()).collect();
    let mut used = HashSet::new();
    (0..width)
        .map(|index| {
            let label = labels.get(index).map_or("", String::as_str);
            if !label.is_empty() && used.insert(label.to_lowercase()) {
                return label.to_owned();
            }
            let (stem, first) = if label.is_empty() { ("column", index + 1) } else { (label, 2) };
            let name = (first..).map(|n| format!("{stem}_{n}")).find(|name| !taken.contains(&name.to_lowercase()));
            let name = name.unwrap_or_default();
            taken.insert(name.to_lowercase());
            used.insert(name.to_lowercase());
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let rows: Vec<Row> = text
            .lines()
            .enumerate()
            .map(|(index, line)| Row {
                number: index as u64 + 1,
                cells: line.split(',').map(|cell| if cell.is_empty() { Cell::Null } else { cell.into() }).collect(),
            })
            .collect();
        let found = sniff(&rows.iter().collect::<Vec<_>>());
        format!("{} {:?}", found.skip, found.columns)
    }

    #[test]
    fn headers_are_found() {
        insta::assert_snapshot!(check("name,age\nAnn,3\nBob,4"), @r#"1 ["name", "age"]"#);
        insta::assert_snapshot!(check("Ann,3\nBob,4"), @r#"0 ["column_1", "column_2"]"#);
        insta::assert_snapshot!(check("Report,,\n,,\nname,age,city\nAnn,3,Lille\nBob,4,Brest"), @r#"3 ["name", "age", "city"]"#);
        insta::assert_snapshot!(check("name,2023,2024,2025,zone\nAnn,3,4,5,x\nBob,4,5,6,y"), @r#"0 ["column_1", "column_2", "column_3", "column_4", "column_5"]"#);
    }

    #[test]
    fn names_are_unique_and_never_blank() {
        insta::assert_snapshot!(check("name,,Name,name_2,\nAnn,1,b,c,d\nBob,2,c,d,e"), @r#"1 ["name", "column_2", "Name_3", "name_2", "column_5"]"#);
    }

    #[test]
    fn merged_headers_are_joined() {
        let text =
            "Client,Invoice,,Delivery,\n,city,zip,city,zip\nAnn,Lille,59000,Brest,29200\nBob,Metz,57000,Nice,06000";
        insta::assert_snapshot!(check(text), @r#"2 ["Client", "Invoice city", "Invoice zip", "Delivery city", "Delivery zip"]"#);
        let text = "Client,Address,,Since\n,city,zip,\nAnn,Lille,59000,2020-01-01\nBob,Metz,57000,2020-01-02";
        insta::assert_snapshot!(check(text), @r#"2 ["Client", "city", "zip", "Since"]"#);
    }
}
