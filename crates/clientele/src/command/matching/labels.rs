//! Verdicts of people in a file: two rows and whether they are the same.

use std::path::Path;

use matching::Label;
use tabular::{Options, Source};

use super::read::Input;
use super::rows::Ids;
use crate::failure::Failure;

/// Words for the same, and for not the same.
const SAME: &[&str] = &["yes", "y", "true", "1", "same", "match", "oui", "o", "vrai", "ja"];
const DIFFERENT: &[&str] = &["no", "n", "false", "0", "different", "non", "faux", "nein"];

/// Reads a file of verdicts: its first two columns name rows, the third says `yes` or `no`. A first line that says neither is a
/// header.
pub fn read(path: &Path, input: &Input, ids: &Ids) -> Result<Vec<Label>, Failure> {
    let fail = |detail: String| Failure::usage(format!("{}: {detail}", path.display()));
    let source = Source::open(path, &Options::default()).map_err(|error| fail(error.to_string()))?;
    let mut lines = vec![(1, source.columns().to_vec())];
    for row in source {
        let row = row.map_err(|error| fail(error.to_string()))?;
        lines.push((row.number, row.cells.iter().map(|cell| cell.to_text().into_owned()).collect()));
    }
    let known = ids.rows(input);
    let mut labels = Vec::with_capacity(lines.len());
    for (at, (number, cells)) in lines.iter().enumerate() {
        let [a, b, said, ..] = cells.as_slice() else {
            return Err(fail(format!("row {number}: two rows and yes or no are expected")));
        };
        let Some(same) = verdict(said) else {
            if at == 0 {
                continue;
            }
            return Err(fail(format!("row {number}: “{said}” is neither yes nor no")));
        };
        let find = |name: &str| match known.get(name.trim()) {
            Some(row) => Ok(*row),
            None => ids.find(input, name).map_err(|error| fail(format!("row {number}: {error}"))),
        };
        labels.push(Label { a: find(a)? as u32, b: find(b)? as u32, same });
    }
    Ok(labels)
}

fn verdict(said: &str) -> Option<bool> {
    let said = said.trim().to_lowercase();
    if SAME.contains(&said.as_str()) {
        return Some(true);
    }
    DIFFERENT.contains(&said.as_str()).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_understood_in_three_languages() {
        assert_eq!(["Yes", " oui", "1"].map(verdict), [Some(true); 3]);
        assert_eq!(["no", "NON", "false"].map(verdict), [Some(false); 3]);
        assert_eq!(verdict("verdict"), None);
    }
}
