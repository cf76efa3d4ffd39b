//! Finding how a CSV file is written from its first kilobytes.

use std::collections::HashMap;

use super::Dialect;
use super::scan::{Scan, Span, scan};
use crate::value::looks_like_value;

const DELIMITERS: [(u8, f64); 9] = [
    (b',', 1.0),
    (b';', 1.0),
    (b'\t', 1.0),
    (b'|', 0.98),
    (b'#', 0.8),
    (b'%', 0.8),
    (b'~', 0.8),
    (b'^', 0.8),
    (b':', 0.5),
];
const ROWS: usize = 200;
/// A control character no person types: the delimiter of a file that has one column.
const NONE: u8 = 0x1F;

/// What the start of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub(crate) dialect: Dialect,
    /// Whether the first line is `sep=…`, a hint for spreadsheet programs and no row.
    pub(crate) hint_line: bool,
}

/// The dialect of `sample`; `whole` says that the sample is the whole file. What the caller knows is not guessed.
pub(crate) fn sniff(sample: &str, whole: bool, delimiter: Option<u8>, quote: Option<u8>) -> Sniffed {
    let newline = if !sample.contains('\n') && sample.contains('\r') { b'\r' } else { b'\n' };
    let hint = hint(sample);
    let body = match hint {
        Some(_) => sample.split_once(char::from(newline)).map_or("", |(_, rest)| rest),
        None => sample,
    };
    let quotes: &[u8] = match &quote {
        Some(quote) => std::slice::from_ref(quote),
        None if body.contains('\'') => b"\"'",
        None => b"\"",
    };
    let known = delimiter.or(hint);
    let mut best = (0.0, Dialect { delimiter: known.unwrap_or(NONE), quote: quotes[0], newline });
    for &quote in quotes {
        for (candidate, prior) in DELIMITERS {
            if known.is_some_and(|known| known != candidate) {
                continue;
            }
            let dialect = Dialect { delimiter: candidate, quote, newline };
            let quote_prior = if quote == b'"' { 1.0 } else { 0.95 };
            let score = score(body, whole, dialect) * prior * quote_prior;
            if score > best.0 {
                best = (score, dialect);
            }
        }
    }
    Sniffed { dialect: best.1, hint_line: hint.is_some() }
}

fn hint(sample: &str) -> Option<u8> {
    let line = sample.split(['\r', '\n']).next()?.trim_matches('"');
    match line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?.as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

/// How well rows agree on their number of cells, and how much the cells look like values; 0 if rows have one cell.
fn score(body: &str, whole: bool, dialect: Dialect) -> f64 {
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let mut spans: Vec<Span> = Vec::new();
    let (mut at, mut rows, mut cells, mut clean, mut broken) = (0, 0, 0_usize, 0.0, 0_usize);
    while at < body.len() && rows < ROWS {
        let rest = &body.as_bytes()[at..];
        match scan(rest, dialect, whole, 4096, &mut spans) {
            Scan::Row { len, count } => {
                let line = &body[at..at + len];
                at += len;
                if line.trim().is_empty() {
                    continue;
                }
                rows += 1;
                *widths.entry(count).or_default() += 1;
                for span in &spans {
                    cells += 1;
                    clean += cleanliness(&line[span.start..span.end], *span, dialect);
                }
            }
            Scan::OpenQuote => {
                broken += 1;
                rows += 1;
                match memchr::memchr(dialect.newline, rest) {
                    Some(end) => at += end + 1,
                    None => break,
                }
            }
            Scan::Partial { .. } => break,
        }
    }
    let Some((width, agreeing)) = widths.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(w, n)| (*n, *w))
    else {
        return 0.0;
    };
    let agreement = agreeing as f64 / rows.max(1) as f64;
    let cleanliness = clean / cells.max(1) as f64;
    let intact = 1.0 - broken as f64 / rows.max(1) as f64;
    if agreement < 0.5 && agreeing < 3 {
        return 0.0;
    }
    agreement * agreement * intact * (1.0 - 0.5 / width as f64) * (0.3 + 0.7 * cleanliness)
}

/// 1 for a cell that looks whole, less for one that looks like a piece of something or like several cells.
fn cleanliness(text: &str, span: Span, dialect: Dialect) -> f64 {
    if span.quoted {
        return 1.0;
    }
    let trimmed = text.trim();
    if trimmed.is_empty() || looks_like_value(trimmed) {
        return 1.0;
    }
    let other_delimiters =
        trimmed.bytes().filter(|b| matches!(b, b',' | b';' | b'\t' | b'|') && *b != dialect.delimiter).count();
    let torn = text.starts_with(' ') || trimmed.starts_with('"') || trimmed.ends_with('"');
    match (other_delimiters, torn) {
        (0, false) => 0.9,
        (0, true) => 0.6,
        (1, _) => 0.6,
        _ => 0.2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> (char, char) {
        let Dialect { delimiter, quote, .. } = sniff(text, true, None, None).dialect;
        (char::from(delimiter), char::from(quote))
    }

    #[test]
    fn delimiters_are_found() {
        assert_eq!(check("a,b,c\n1,2,3\n"), (',', '"'));
        assert_eq!(check("nom;prix\nVis;1,50\nÉcrou;2,25\nRondelle;0,10\n"), (';', '"'));
        assert_eq!(check("nom\tadresse\nA\t1, rue du Port\nB\t2, rue du Port\n"), ('\t', '"'));
        assert_eq!(check("id|when\n1|2026-01-02 10:00:00\n2|2026-01-03 11:30:00\n"), ('|', '"'));
        assert_eq!(check("id#name#city\n1#Ann#Lille\n2#Bob#Brest\n"), ('#', '"'));
        assert_eq!(check("id%name\n1%Ann\n2%Bob\n"), ('%', '"'));
        assert_eq!(check("a;b\n'x;y';1\n'z;w';2\n'q;r';3\n"), (';', '\''));
        assert_eq!(check("sep=;\na;b,c\n1;2,3\n"), (';', '"'));
    }

    #[test]
    fn free_text_in_quotes_does_not_decide() {
        let text = "id,note\n1,\"a; b; c\"\n2,\"d; e; f\"\n3,\"g; h; i\"\n";
        assert_eq!(check(text), (',', '"'));
    }

    #[test]
    fn one_column_has_no_delimiter() {
        assert_eq!(check("name\nAnn\nBob Martin\n").0, char::from(NONE));
    }
}
