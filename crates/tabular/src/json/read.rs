//! Objects of a JSON file, one at a time.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use crate::row::raw_text;
use crate::source::{RowReader, check_row};
use crate::text::TextReader;
use crate::{Cell, Error, Limits, Reason, Row, RowError};

/// Objects looked at to find the columns.
const LOOKED_AT: usize = 1000;
const LOOKED_AT_BYTES: usize = 4 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One value a line: a bad line does not harm the next.
    Lines,
    /// Values cut by their brackets, in an array or not.
    Values,
}

type Object = Result<(u64, Map<String, Value>), RowError>;

/// Reads objects; keys become columns.
pub(crate) struct JsonReader {
    text: TextReader,
    shape: Shape,
    limits: Limits,
    in_array: bool,
    buffer: Vec<u8>,
    at: usize,
    /// Lines read, or elements read.
    number: u64,
    end: bool,
    done: bool,
    columns: HashMap<String, usize>,
    pending: VecDeque<Object>,
}

/// A piece of the file, or as much of it as the limit allows.
struct Piece {
    bytes: Vec<u8>,
    too_long: bool,
    complete: bool,
}

impl JsonReader {
    /// Starts reading; `start` is the first part of the text.
    pub(crate) fn open(text: TextReader, start: &str, limits: Limits) -> Result<(Vec<String>, Self), Error> {
        let trimmed = start.trim_start();
        let first_line = trimmed.lines().next().unwrap_or("");
        let cut = !trimmed.contains('\n');
        let lines = !trimmed.starts_with('[')
            && (cut || serde_json::from_str::<Value>(first_line).is_ok() || !matches!(first_line.trim_end(), "{"));
        let mut reader = Self {
            text,
            shape: if lines { Shape::Lines } else { Shape::Values },
            limits,
            in_array: false,
            buffer: Vec::new(),
            at: 0,
            number: 0,
            end: false,
            done: false,
            columns: HashMap::new(),
            pending: VecDeque::new(),
        };
        if trimmed.starts_with('[') {
            while let Some(byte) = reader.byte()? {
                if byte == b'[' {
                    break;
                }
            }
            reader.in_array = true;
        }
        let mut names: Vec<String> = Vec::new();
        let mut weight = 0;
        while reader.pending.len() < LOOKED_AT && weight < LOOKED_AT_BYTES {
            let Some(item) = reader.next_object() else { break };
            if let Ok((_, object)) = &item {
                for (key, value) in object {
                    weight += key.len() + value.as_str().map_or(16, str::len);
                    if !reader.columns.contains_key(key) {
                        reader.columns.insert(key.clone(), names.len());
                        names.push(key.clone());
                    }
                }
            }
            reader.pending.push_back(item);
        }
        if names.len() > reader.limits.columns {
            return Err(Error::TooManyColumns { actual: names.len(), limit: reader.limits.columns });
        }
        if reader.pending.is_empty() {
            return Err(Error::Empty);
        }
        Ok((crate::header::names(&names, names.len()), reader))
    }

    /// Whether something is left to read, after reading more where needed.
    fn more(&mut self) -> std::io::Result<bool> {
        while self.at == self.buffer.len() && !self.end {
            self.buffer.clear();
            self.at = 0;
            self.end = !self.text.fill(&mut self.buffer)?;
        }
        Ok(self.at < self.buffer.len())
    }

    fn byte(&mut self) -> std::io::Result<Option<u8>> {
        if !self.more()? {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(self.buffer[self.at - 1]))
    }

    fn next_line(&mut self) -> std::io::Result<Option<Piece>> {
        let mut piece = Piece { bytes: Vec::new(), too_long: false, complete: true };
        let mut any = false;
        while self.more()? {
            any = true;
            let rest = &self.buffer[self.at..];
            let found = memchr::memchr(b'\n', rest);
            let part = &rest[..found.unwrap_or(rest.len())];
            let room = (self.limits.row_bytes + 1).saturating_sub(piece.bytes.len());
            piece.too_long |= part.len() > room;
            piece.bytes.extend_from_slice(&part[..part.len().min(room)]);
            self.at += part.len() + usize::from(found.is_some());
            if found.is_some() {
                break;
            }
        }
        Ok(any.then_some(piece))
    }

    /// The next value at the top, or in the array.
    fn next_value(&mut self) -> std::io::Result<Option<Piece>> {
        let mut piece = Piece { bytes: Vec::new(), too_long: false, complete: false };
        let (mut depth, mut in_text, mut escaped) = (0_u64, false, false);
        while let Some(byte) = self.byte()? {
            let blank = byte.is_ascii_whitespace();
            if piece.bytes.is_empty() {
                match byte {
                    b',' if self.in_array => continue,
                    b']' if self.in_array => {
                        self.in_array = false;
                        continue;
                    }
                    _ if blank => continue,
                    _ => {}
                }
            } else if depth == 0 && !in_text && (byte == b',' || byte == b']' || blank) {
                self.at -= 1;
                piece.complete = true;
                return Ok(Some(piece));
            }
            if piece.bytes.len() <= self.limits.row_bytes {
                piece.bytes.push(byte);
            } else {
                piece.too_long = true;
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_text => escaped = true,
                b'"' => in_text = !in_text,
                _ if in_text => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        piece.complete = true;
                        return Ok(Some(piece));
                    }
                }
                _ => {}
            }
        }
        piece.complete = depth == 0 && !in_text && !self.in_array;
        Ok((!piece.bytes.is_empty()).then_some(piece))
    }

    fn next_object(&mut self) -> Option<Object> {
        while !self.done {
            let read = match self.shape {
                Shape::Lines => self.next_line(),
                Shape::Values => self.next_value(),
            };
            self.number += 1;
            let number = self.number;
            let piece = match read {
                Ok(Some(piece)) => piece,
                Ok(None) => {
                    self.done = true;
                    return self.in_array.then(|| Err(RowError::new(number, Reason::Truncated, "")));
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(RowError::new(number, Reason::Fatal(error.to_string()), "")));
                }
            };
            if self.shape == Shape::Lines && piece.bytes.trim_ascii().is_empty() {
                continue;
            }
            return Some(self.parse(number, &piece));
        }
        None
    }

    fn parse(&mut self, number: u64, piece: &Piece) -> Object {
        let reject = |reason| RowError::new(number, reason, raw_text(&piece.bytes));
        if piece.too_long || piece.bytes.len() > self.limits.row_bytes {
            return Err(reject(Reason::RowTooLong { limit: self.limits.row_bytes }));
        }
        match serde_json::from_slice::<Value>(&piece.bytes) {
            Ok(Value::Object(object)) => Ok((number, object)),
            Ok(other) => Err(reject(Reason::Json(format!("it is {}", kind(&other))))),
            Err(_) if !piece.complete => {
                self.done = true;
                Err(reject(Reason::Truncated))
            }
            Err(error) => Err(reject(Reason::Json(error.to_string()))),
        }
    }

    fn row(&self, number: u64, object: Map<String, Value>) -> Result<Row, RowError> {
        let mut cells = vec![Cell::Null; self.columns.len()];
        for (key, value) in object {
            let Some(index) = self.columns.get(&key) else {
                return Err(RowError::new(number, Reason::UnknownKey(key), value.to_string()));
            };
            cells[*index] = cell(value);
        }
        check_row(Row { number, cells }, &self.limits)
    }
}

impl RowReader for JsonReader {
    fn next_row(&mut self) -> Option<Result<Row, RowError>> {
        let item = self.pending.pop_front().or_else(|| self.next_object())?;
        Some(item.and_then(|(number, object)| self.row(number, object)))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Bool(value),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), _, _) => Cell::Int(value),
            (_, Some(value), _) => Cell::Decimal(value.into()),
            (_, _, Some(value)) => Cell::Float(value),
            _ => Cell::Text(number.to_string()),
        },
        Value::String(text) => Cell::Text(text),
        nested => Cell::Json(nested),
    }
}
