//! Plain columns of a Parquet file as texts, decoded column by column.

use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::read::{check_sizes, damaged, day, shortest};
use crate::columns::{ColumnSink, Gathering, Summary};
use crate::{Cell, Error, Format, Layout, Options};

/// Records decoded at a time.
const BATCH: usize = 8 * 1024;

/// What the values of a column mean, beyond how they are stored.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Unsigned,
    Date,
}

/// Reads the file if it is a Parquet file of plain columns; none if it is anything else, for the slower way to read.
pub(crate) fn read(path: &Path, options: &Options, sink: &mut dyn ColumnSink) -> Result<Option<Summary>, Error> {
    if options.format.is_some_and(|format| format != Format::Parquet) {
        return Ok(None);
    }
    let mut file = File::open(path)?;
    let mut magic = [0; 4];
    if file.read_exact(&mut magic).is_err() || &magic != b"PAR1" {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(0))?;
    // The decoder of a damaged file may panic; the thread keeps that from whoever asked.
    let outcome = std::thread::scope(|scope| scope.spawn(|| decode(file, options, sink)).join());
    outcome.unwrap_or_else(|_| Err(Error::damaged(Format::Parquet, "its structure makes no sense")))
}

fn decode(file: File, options: &Options, sink: &mut dyn ColumnSink) -> Result<Option<Summary>, Error> {
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    check_sizes(reader.metadata(), options.limits.unpacked_bytes)?;
    let head = reader.metadata().file_metadata();
    let schema = head.schema_descr();
    let Some(kinds) = schema.columns().iter().map(|column| kind(column)).collect::<Option<Vec<Kind>>>() else {
        return Ok(None);
    };
    let names: Vec<String> = schema.columns().iter().map(|column| column.name().to_owned()).collect();
    if names.len() > options.limits.columns {
        return Err(Error::TooManyColumns { actual: names.len(), limit: options.limits.columns });
    }
    let total = u64::try_from(head.num_rows()).unwrap_or(0);
    let columns = crate::header::names(&names, names.len());
    sink.begin(&columns[..names.len()], Some(total));
    let mut gathering = Gathering::new(Layout::of(Format::Parquet));
    for index in 0..reader.num_row_groups() {
        let group = reader.get_row_group(index).map_err(damaged)?;
        let rows = u64::try_from(group.metadata().num_rows()).unwrap_or(0);
        for (column, kind) in kinds.iter().enumerate() {
            let mut cells = Cells { column, sink, limit: options.limits.cell_bytes, scratch: String::new() };
            let reader = group.get_column_reader(column).map_err(damaged)?;
            cells.read(reader, *kind, rows as usize)?;
            let before = gathering.summary.rows as f64;
            let part = rows as f64 * (column + 1) as f64 / kinds.len() as f64;
            if !sink.progress(Some((before + part) / total.max(1) as f64)) {
                gathering.summary.stopped = true;
                return Ok(Some(gathering.summary));
            }
        }
        for number in 1..=rows {
            sink.row(gathering.summary.rows + number);
        }
        gathering.summary.rows += rows;
    }
    Ok(Some(gathering.summary))
}

/// None for columns inside others and for types that need more than their stored form to be shown.
fn kind(column: &ColumnDescriptor) -> Option<Kind> {
    if column.max_rep_level() > 0 || column.max_def_level() > 1 || column.path().parts().len() != 1 {
        return None;
    }
    let logical = column.logical_type_ref();
    match column.physical_type() {
        Physical::BOOLEAN | Physical::FLOAT | Physical::DOUBLE => logical.is_none().then_some(Kind::Plain),
        Physical::BYTE_ARRAY => match (logical, column.converted_type()) {
            (Some(LogicalType::String | LogicalType::Enum), _) => Some(Kind::Plain),
            (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::NONE) => Some(Kind::Plain),
            _ => None,
        },
        Physical::INT32 | Physical::INT64 => match (logical, column.converted_type()) {
            (Some(LogicalType::Integer(kind)), _) if kind.is_signed => Some(Kind::Plain),
            (Some(LogicalType::Integer(_)), _) => Some(Kind::Unsigned),
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Kind::Date),
            (None, ConvertedType::NONE | ConvertedType::INT_8 | ConvertedType::INT_16) => Some(Kind::Plain),
            (None, ConvertedType::INT_32 | ConvertedType::INT_64) => Some(Kind::Plain),
            _ => None,
        },
        _ => None,
    }
}

/// Where the cells of one column go.
struct Cells<'a> {
    column: usize,
    sink: &'a mut dyn ColumnSink,
    limit: usize,
    scratch: String,
}

impl Cells<'_> {
    fn read(&mut self, reader: ColumnReader, kind: Kind, rows: usize) -> Result<(), Error> {
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => self.each(reader, rows, |cells, value| {
                if value.data().len() > cells.limit {
                    let (actual, limit) = (value.data().len() as u64, cells.limit as u64);
                    return Err(Error::TooLarge {
                        what: format!("a cell of column {}", cells.column + 1),
                        actual,
                        limit,
                    });
                }
                match std::str::from_utf8(value.data()) {
                    Ok(text) => cells.sink.cell(cells.column, Some(text)),
                    Err(_) => cells.show(&super::read::text_of(value.data())),
                }
                Ok(())
            }),
            ColumnReader::Int32ColumnReader(reader) => self.each(reader, rows, |cells, value| {
                match kind {
                    Kind::Plain => cells.write(value),
                    Kind::Unsigned => cells.write(&value.cast_unsigned()),
                    Kind::Date => match day(*value) {
                        Some(day) => cells.write(&day),
                        None => cells.write(value),
                    },
                }
                Ok(())
            }),
            ColumnReader::Int64ColumnReader(reader) => self.each(reader, rows, |cells, value| {
                match kind {
                    Kind::Unsigned => cells.write(&value.cast_unsigned()),
                    _ => cells.write(value),
                }
                Ok(())
            }),
            ColumnReader::BoolColumnReader(reader) => self.each(reader, rows, |cells, value| {
                cells.show(&Cell::Bool(*value));
                Ok(())
            }),
            ColumnReader::FloatColumnReader(reader) => self.each(reader, rows, |cells, value| {
                cells.write(&shortest(*value));
                Ok(())
            }),
            ColumnReader::DoubleColumnReader(reader) => self.each(reader, rows, |cells, value| {
                cells.write(value);
                Ok(())
            }),
            _ => Err(Error::damaged(Format::Parquet, "a column is not of the type that the schema gives")),
        }
    }

    fn each<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
        rows: usize,
        mut give: impl FnMut(&mut Self, &T::T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut left = rows;
        let (mut present, mut values) = (Vec::new(), Vec::new());
        while left > 0 {
            present.clear();
            values.clear();
            let (records, _, _) =
                reader.read_records(left.min(BATCH), Some(&mut present), None, &mut values).map_err(damaged)?;
            if records == 0 {
                return Err(Error::damaged(Format::Parquet, "it ends in the middle of a column"));
            }
            // A column that must be filled has no levels: all its values are there.
            let all = present.is_empty();
            let mut values = values.iter();
            for record in 0..records {
                let value =
                    if all || present.get(record).is_some_and(|level| *level > 0) { values.next() } else { None };
                match value {
                    Some(value) => give(self, value)?,
                    None => self.sink.cell(self.column, None),
                }
            }
            left -= records;
        }
        Ok(())
    }

    fn write(&mut self, value: &dyn std::fmt::Display) {
        self.scratch.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.scratch, "{value}");
        self.sink.cell(self.column, Some(&self.scratch));
    }

    fn show(&mut self, cell: &Cell) {
        self.sink.cell(self.column, Some(&cell.to_text()));
    }
}
