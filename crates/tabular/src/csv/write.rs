//! CSV out.

use std::io::{self, Write};

use super::formula::neutralise;
use crate::sink::{Column, Output, RowWriter, SinkOptions};
use crate::{Cell, Error};

/// Writes rows as they come.
pub(crate) struct CsvWriter {
    out: io::BufWriter<Output>,
    options: SinkOptions,
    special: [bool; 256],
}

impl CsvWriter {
    pub(crate) fn new(out: Output, columns: &[Column], options: &SinkOptions) -> Result<Self, Error> {
        let mut special = [false; 256];
        for byte in [options.delimiter, b'"', b'\n', b'\r', b'\''] {
            special[usize::from(byte)] = true;
        }
        let mut writer = Self { out: io::BufWriter::with_capacity(64 * 1024, out), options: options.clone(), special };
        if options.byte_order_mark {
            writer.out.write_all("\u{feff}".as_bytes())?;
        }
        for (index, column) in columns.iter().enumerate() {
            writer.separate(index)?;
            writer.text(&column.name)?;
        }
        writer.out.write_all(b"\r\n")?;
        Ok(writer)
    }

    fn separate(&mut self, index: usize) -> io::Result<()> {
        if index > 0 { self.out.write_all(&[self.options.delimiter]) } else { Ok(()) }
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let safe = if self.options.neutralise_formulas { neutralise(text) } else { text.into() };
        let quoted = safe.is_empty()
            || safe.bytes().any(|byte| self.special[usize::from(byte)])
            || safe.starts_with(char::is_whitespace)
            || safe.ends_with(char::is_whitespace);
        if !quoted {
            return self.out.write_all(safe.as_bytes());
        }
        self.out.write_all(b"\"")?;
        self.out.write_all(safe.replace('"', "\"\"").as_bytes())?;
        self.out.write_all(b"\"")
    }
}

impl RowWriter for CsvWriter {
    fn write(&mut self, cells: &[Cell]) -> Result<(), Error> {
        for (index, cell) in cells.iter().enumerate() {
            self.separate(index)?;
            match cell {
                Cell::Null if cells.len() == 1 => self.out.write_all(b"\"\"")?,
                Cell::Null => {}
                Cell::Text(text) => self.text(text)?,
                Cell::Json(value) => self.text(&value.to_string())?,
                Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) if self.options.decimal_comma => {
                    self.text(&cell.to_string().replace('.', ","))?;
                }
                Cell::Bool(_) | Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) => write!(self.out, "{cell}")?,
                Cell::Date(_) | Cell::DateTime(_) | Cell::Instant(_) => write!(self.out, "{cell}")?,
            }
        }
        self.out.write_all(b"\r\n")?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
        Ok(())
    }
}
