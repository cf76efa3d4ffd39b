//! Rows of a CSV file, one at a time.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::scan::{Scan, Span, scan};
use super::{Dialect, formula};
use crate::columns::TextRow;
use crate::row::raw_text;
use crate::source::RowReader;
use crate::text::TextReader;
use crate::{Cell, Limits, Reason, Row, RowError};

/// Reads rows of any width; [`Source`](crate::Source) fits them to the header.
pub(crate) struct CsvReader {
    text: TextReader,
    dialect: Dialect,
    limits: Limits,
    restore_formulas: bool,
    buffer: Vec<u8>,
    /// Where the next row starts in the buffer.
    at: usize,
    /// The offset in the text of the first byte of the buffer.
    base: u64,
    line: u64,
    end: bool,
    failed: bool,
    spans: Vec<Span>,
}

impl CsvReader {
    pub(crate) fn new(text: TextReader, dialect: Dialect, limits: Limits, restore_formulas: bool) -> Self {
        Self {
            text,
            dialect,
            limits,
            restore_formulas,
            buffer: Vec::new(),
            at: 0,
            base: 0,
            line: 1,
            end: false,
            failed: false,
            spans: Vec::new(),
        }
    }

    fn fill(&mut self) -> Result<(), RowError> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.base += self.at as u64;
            self.at = 0;
        }
        match self.text.fill(&mut self.buffer) {
            Ok(more) => self.end = !more,
            Err(error) => {
                self.failed = true;
                return Err(RowError::new(self.line, Reason::Fatal(error.to_string()), ""));
            }
        }
        Ok(())
    }

    /// Moves to the line after the current one, however long it is.
    fn skip_line(&mut self) -> Result<(), RowError> {
        loop {
            if let Some(offset) = memchr(self.dialect.newline, &self.buffer[self.at..]) {
                self.at += offset + 1;
                self.line += 1;
                return Ok(());
            }
            self.at = self.buffer.len();
            if self.end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn reject_line(&mut self, reason: Reason) -> RowError {
        let rest = &self.buffer[self.at..];
        let line_end = memchr(self.dialect.newline, rest).unwrap_or(rest.len());
        let error = RowError::new(self.line, reason, raw_text(&rest[..line_end]));
        match self.skip_line() {
            Ok(()) => error,
            Err(fatal) => fatal,
        }
    }

    /// Passes over the row of `len` bytes that was just found and checks it: its number, and where it is in the buffer.
    fn take(&mut self, len: usize, count: usize) -> Result<(u64, usize), RowError> {
        let number = self.line;
        let start = self.at;
        let record = &self.buffer[start..start + len];
        let lines = memchr_iter(self.dialect.newline, record).count() as u64;
        self.at += len;
        self.line += lines;
        let reject = |reason| RowError::new(number, reason, raw_text(record));
        if count > self.limits.columns {
            return Err(reject(Reason::Ragged { expected: self.limits.columns, found: count }));
        }
        if let Err(error) = std::str::from_utf8(record) {
            let wrong = error.valid_up_to();
            let line = number + memchr_iter(self.dialect.newline, &record[..wrong]).count() as u64;
            let raw = raw_text(record);
            let byte = self.text.raw_offset(self.base + (start + wrong) as u64);
            return Err(RowError::new(number, Reason::Encoding { line, byte }, raw));
        }
        let long = self.spans.iter().position(|span| span.end - span.start > self.limits.cell_bytes);
        match long {
            Some(index) => Err(reject(Reason::CellTooLong { column: index + 1, limit: self.limits.cell_bytes })),
            None => Ok((number, start)),
        }
    }

    /// The text of a cell of a row that [`take`](Self::take) has checked; none when nothing was written.
    fn text(&self, start: usize, span: Span) -> Option<Cow<'_, str>> {
        let bytes = &self.buffer[start + span.start..start + span.end];
        if bytes.is_empty() && !span.quoted {
            return None;
        }
        // The row is UTF-8 and cells end at ASCII characters, so that nothing is ever replaced here.
        let text = String::from_utf8_lossy(bytes);
        let text = if span.doubled {
            let quote = char::from(self.dialect.quote);
            Cow::Owned(text.replace(&format!("{quote}{quote}"), quote.encode_utf8(&mut [0; 4])))
        } else {
            text
        };
        Some(if self.restore_formulas { restored(text) } else { text })
    }
}

fn restored(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(formula::restore(text)),
        Cow::Owned(text) => Cow::Owned(formula::restore(&text).to_owned()),
    }
}

impl RowReader for CsvReader {
    fn next_row(&mut self) -> Option<Result<Row, RowError>> {
        Some(self.find_row()?.map(|(number, start)| {
            let cells = self.spans.iter().map(|span| match self.text(start, *span) {
                Some(text) => Cell::Text(text.into_owned()),
                None => Cell::Null,
            });
            Row { number, cells: cells.collect() }
        }))
    }

    fn next_texts(&mut self, cells: &mut TextRow) -> Option<Result<u64, RowError>> {
        Some(self.find_row()?.map(|(number, start)| {
            cells.clear();
            for span in &self.spans {
                cells.push(self.text(start, *span).as_deref());
            }
            number
        }))
    }
}

impl CsvReader {
    /// Finds the next row that is not an empty line: its number, and where it starts in the buffer.
    fn find_row(&mut self) -> Option<Result<(u64, usize), RowError>> {
        if self.failed {
            return None;
        }
        loop {
            let rest = &self.buffer[self.at..];
            if rest.is_empty() && self.end {
                return None;
            }
            let found = if rest.is_empty() {
                Scan::Partial { in_quotes: false }
            } else {
                scan(rest, self.dialect, self.end, self.limits.columns, &mut self.spans)
            };
            let limit = self.limits.row_bytes;
            match found {
                Scan::Row { len, count } => {
                    if len > limit {
                        return Some(Err(self.reject_line(Reason::RowTooLong { limit })));
                    }
                    let blank =
                        count == 1 && self.spans.first().is_none_or(|span| !span.quoted && span.start == span.end);
                    if blank {
                        self.at += len;
                        self.line += 1;
                        continue;
                    }
                    return Some(self.take(len, count));
                }
                Scan::OpenQuote => return Some(Err(self.reject_line(Reason::OpenQuote { line: self.line }))),
                Scan::Partial { in_quotes } if rest.len() > limit => {
                    let reason =
                        if in_quotes { Reason::OpenQuote { line: self.line } } else { Reason::RowTooLong { limit } };
                    return Some(Err(self.reject_line(reason)));
                }
                Scan::Partial { .. } => {
                    // Reading at least as much as is waiting keeps rescans linear in the length of a long row.
                    let waiting = rest.len();
                    let mut got = 0;
                    loop {
                        let before = self.buffer.len() - self.at;
                        if let Err(error) = self.fill() {
                            return Some(Err(error));
                        }
                        got += self.buffer.len() - before;
                        if self.end || got >= waiting.min(limit) {
                            break;
                        }
                    }
                }
            }
        }
    }
}
