//! JSON lines out: one object a line, its keys in the order of the columns.

use std::io::{self, Write};

use serde_json::{Number, Value};

use crate::sink::{Column, Output, RowWriter};
use crate::{Cell, Error};

/// Writes objects as they come.
pub(crate) struct JsonWriter {
    out: io::BufWriter<Output>,
    keys: Vec<String>,
}

impl JsonWriter {
    pub(crate) fn new(out: Output, columns: &[Column]) -> Self {
        let keys = columns.iter().map(|column| Value::from(column.name.as_str()).to_string()).collect();
        Self { out: io::BufWriter::with_capacity(64 * 1024, out), keys }
    }
}

impl RowWriter for JsonWriter {
    fn write(&mut self, cells: &[Cell]) -> Result<(), Error> {
        self.out.write_all(b"{")?;
        for (index, (key, cell)) in self.keys.iter().zip(cells).enumerate() {
            if index > 0 {
                self.out.write_all(b",")?;
            }
            write!(self.out, "{key}:")?;
            match cell {
                Cell::Null => self.out.write_all(b"null")?,
                Cell::Text(text) => serde_json::to_writer(&mut self.out, text).map_err(io::Error::from)?,
                Cell::Bool(_) | Cell::Int(_) | Cell::Decimal(_) | Cell::Json(_) => write!(self.out, "{cell}")?,
                Cell::Float(value) => {
                    let number = Number::from_f64(*value).map_or(Value::Null, Value::Number);
                    write!(self.out, "{number}")?;
                }
                Cell::Date(_) | Cell::DateTime(_) | Cell::Instant(_) => write!(self.out, "\"{cell}\"")?,
            }
        }
        self.out.write_all(b"}\n")?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
        Ok(())
    }
}
