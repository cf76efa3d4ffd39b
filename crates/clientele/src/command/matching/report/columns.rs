//! What was understood of each column.

use std::collections::HashMap;

use matching::{Column, Role};
use maud::{Markup, html};

use super::{Told, Tongue};
use crate::command::matching::summary::role_name;

/// Rows that are looked at to tell how varied a column is.
const SAMPLE: usize = 20_000;
const EXAMPLES: usize = 3;
const LONGEST: usize = 48;

struct Seen {
    filled: f64,
    different: f64,
    examples: Vec<String>,
}

pub fn section(tongue: Tongue, told: &Told) -> Markup {
    let table = &told.input.table;
    let mut order: Vec<usize> = (0..table.names().len()).collect();
    order.sort_by_key(|column| told.resolution.config.role(&table.names()[*column]) == Role::Ignore);
    html! {
        div.scroll { table {
            thead { tr {
                th scope="col" { (tongue.word("column-name")) }
                th scope="col" { (tongue.word("column-role")) }
                th.number scope="col" { (tongue.word("column-filled")) }
                th.number scope="col" { (tongue.word("column-different")) }
                th scope="col" { (tongue.word("column-examples")) }
            } }
            tbody {
                @for column in order {
                    @let name = &table.names()[column];
                    @let seen = look(&table.columns()[column]);
                    @let role = told.resolution.config.role(name);
                    @let because = told.resolution.config.columns.iter().find(|held| held.name == *name).map(|held| held.because.as_str());
                    tr {
                        th scope="row" { (name) }
                        td {
                            span.tag.ink-good[role != Role::Ignore] { (tongue.word(&format!("role-{}", role_name(role)))) }
                            @if let Some(because) = because.filter(|because| !because.is_empty()) {
                                " " span.hint { (reason(tongue, because)) }
                            }
                        }
                        td.number { (tongue.share(seen.filled)) }
                        td.number { (tongue.share(seen.different)) }
                        td.value.missing { (seen.examples.join(" · ")) }
                    }
                }
            }
        } }
    }
}

/// Why a column was understood as it was, in the reader's language.
fn reason(tongue: Tongue, because: &str) -> String {
    let named = because.strip_prefix("header “").and_then(|rest| rest.strip_suffix('”'));
    match named {
        Some(name) => tongue.with("because-header", "name", name.to_owned()),
        None => tongue.word_or(&format!("because-{}", key(because)), because),
    }
}

/// A text of the library as the end of a key: lower-case words with hyphens.
pub(super) fn key(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

/// The share of filled cells, of different values among them, and the most frequent values, from rows spread over the table.
fn look(column: &Column) -> Seen {
    let step = (column.len() / SAMPLE).max(1);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut looked, mut filled) = (0_usize, 0_usize);
    for row in (0..column.len()).step_by(step) {
        looked += 1;
        if let Some(cell) = column.get(row).map(str::trim).filter(|cell| !cell.is_empty()) {
            filled += 1;
            *counts.entry(cell).or_default() += 1;
        }
    }
    let different = counts.len() as f64 / filled.max(1) as f64;
    let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let examples = frequent.iter().take(EXAMPLES).map(|(value, _)| shortened(value)).collect();
    Seen { filled: filled as f64 / looked.max(1) as f64, different, examples }
}

/// At most so much of a text as fits in a cell.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_looked_at() {
        let cells = [Some("Lyon"), Some("Brest"), Some(" "), None, Some("Lyon")];
        let seen = look(&cells.into_iter().collect());
        assert_eq!((seen.filled, seen.examples), (0.6, vec!["Lyon".to_owned(), "Brest".to_owned()]));
        assert!((seen.different - 2.0 / 3.0).abs() < 1e-9);
        let empty = look(&Column::default());
        assert_eq!((empty.filled, empty.different), (0.0, 0.0));
    }

    #[test]
    fn texts_become_keys_and_are_shortened() {
        assert_eq!(key("One letter differs (close)"), "one-letter-differs-close");
        assert_eq!(shortened(&"é".repeat(60)), format!("{}…", "é".repeat(48)));
    }
}
