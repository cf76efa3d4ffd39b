//! One row of CSV in a buffer: where its cells are.

use memchr::{memchr, memchr2};

use super::Dialect;

/// A cell inside a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoted: bool,
    /// Whether doubled quotes must be halved.
    pub(crate) doubled: bool,
}

/// What was found at the start of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A row of `len` bytes with its line ending, with `count` cells.
    Row { len: usize, count: usize },
    /// The buffer ends inside the row, and inside a quoted cell or not.
    Partial { in_quotes: bool },
    /// A quote is never closed, as far as can be told.
    OpenQuote,
}

/// Finds the first row of `buffer`. `last` says that nothing follows the buffer. Only the first `most` cells are put in
/// `spans`, all are counted.
///
/// A quote inside a quoted cell that is neither doubled nor followed by a delimiter is taken as text when the cell stays on
/// one line ("the "best" one"), and as proof of an open quote when the cell runs over several.
pub(crate) fn scan(buffer: &[u8], dialect: Dialect, last: bool, most: usize, spans: &mut Vec<Span>) -> Scan {
    spans.clear();
    let Dialect { delimiter, quote, newline } = dialect;
    let mut count = 0;
    let mut at = 0;
    let mut push = |span: Span| {
        count += 1;
        if spans.len() < most {
            spans.push(span);
        }
        count
    };
    loop {
        if buffer.get(at) == Some(&quote) {
            let start = at + 1;
            let mut from = start;
            let (mut doubled, mut stray) = (false, false);
            let end = loop {
                let Some(found) = memchr(quote, &buffer[from..]).map(|offset| from + offset) else {
                    return if last { Scan::OpenQuote } else { Scan::Partial { in_quotes: true } };
                };
                match buffer.get(found + 1) {
                    None if last => break found,
                    None => return Scan::Partial { in_quotes: true },
                    Some(next) if *next == quote => {
                        doubled = true;
                        from = found + 2;
                    }
                    Some(next) if *next == delimiter || *next == newline => break found,
                    Some(b'\r') => match buffer.get(found + 2) {
                        None if last => break found,
                        None => return Scan::Partial { in_quotes: true },
                        Some(b'\n') => break found,
                        Some(_) => {
                            stray = true;
                            from = found + 1;
                        }
                    },
                    Some(_) => {
                        stray = true;
                        from = found + 1;
                    }
                }
            };
            if stray && memchr(newline, &buffer[start..end]).is_some() {
                return Scan::OpenQuote;
            }
            let count = push(Span { start, end, quoted: true, doubled });
            at = end + 1;
            match buffer.get(at) {
                None => return Scan::Row { len: at, count },
                Some(byte) if *byte == delimiter => at += 1,
                Some(byte) if *byte == newline => return Scan::Row { len: at + 1, count },
                Some(_) => return Scan::Row { len: (at + 2).min(buffer.len()), count },
            }
        } else {
            match memchr2(delimiter, newline, &buffer[at..]).map(|offset| at + offset) {
                None if last => {
                    let end = trim_return(buffer, at, buffer.len(), newline);
                    let count = push(Span { start: at, end, quoted: false, doubled: false });
                    return Scan::Row { len: buffer.len(), count };
                }
                None => return Scan::Partial { in_quotes: false },
                Some(found) if buffer[found] == delimiter => {
                    push(Span { start: at, end: found, quoted: false, doubled: false });
                    at = found + 1;
                }
                Some(found) => {
                    let end = trim_return(buffer, at, found, newline);
                    let count = push(Span { start: at, end, quoted: false, doubled: false });
                    return Scan::Row { len: found + 1, count };
                }
            }
        }
    }
}

fn trim_return(buffer: &[u8], start: usize, end: usize, newline: u8) -> usize {
    if newline == b'\n' && end > start && buffer[end - 1] == b'\r' { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, last: bool) -> String {
        let dialect = Dialect { delimiter: b',', quote: b'"', newline: b'\n' };
        let mut spans = Vec::new();
        let found = scan(text.as_bytes(), dialect, last, 100, &mut spans);
        let cells: Vec<_> = spans.iter().map(|span| &text[span.start..span.end]).collect();
        format!("{found:?} {cells:?}")
    }

    #[test]
    fn rows_are_cut() {
        insta::assert_snapshot!(check("a,b\r\nc", true), @r#"Row { len: 5, count: 2 } ["a", "b"]"#);
        insta::assert_snapshot!(check("\"a,\"\"x\"\"\",\n", true), @r#"Row { len: 11, count: 2 } ["a,\"\"x\"\"", ""]"#);
        insta::assert_snapshot!(check("\"two\nlines\",b", true), @r#"Row { len: 13, count: 2 } ["two\nlines", "b"]"#);
        insta::assert_snapshot!(check("5\" pipe,b", true), @r#"Row { len: 9, count: 2 } ["5\" pipe", "b"]"#);
    }

    #[test]
    fn quotes_left_open_are_seen() {
        insta::assert_snapshot!(check("\"the \"best\" one\",b\n", true), @r#"Row { len: 19, count: 2 } ["the \"best\" one", "b"]"#);
        insta::assert_snapshot!(check("\"open,b\nc,d\n", true), @"OpenQuote []");
        insta::assert_snapshot!(check("\"open,b\n\"c\",d\n", true), @"OpenQuote []");
        insta::assert_snapshot!(check("\"open,b\nc,d\n", false), @"Partial { in_quotes: true } []");
        insta::assert_snapshot!(check("a,b", false), @r#"Partial { in_quotes: false } ["a"]"#);
    }
}
