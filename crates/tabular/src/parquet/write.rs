//! Parquet out: row groups of bounded size, packed with zstd.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::tz::TimeZone;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::sink::{Column, ColumnType, Output, RowWriter};
use crate::{Cell, Error, Format};

const GROUP_ROWS: usize = 64 * 1024;
const GROUP_BYTES: usize = 32 << 20;
/// The most digits an eight-byte integer always holds.
const PRECISION: i32 = 18;

/// Gathers a row group, then writes it.
pub(crate) struct ParquetWriter {
    file: SerializedFileWriter<Output>,
    columns: Vec<Column>,
    values: Vec<Values>,
    rows: usize,
    weight: usize,
}

/// The values of one column in a row group: those that are there, and for each row whether it has one.
struct Values {
    present: Vec<i16>,
    kind: Kind,
}

enum Kind {
    Bools(Vec<bool>),
    Days(Vec<i32>),
    Longs(Vec<i64>),
    Doubles(Vec<f64>),
    Texts(Vec<ByteArray>),
}

impl ParquetWriter {
    pub(crate) fn new(out: Output, columns: &[Column]) -> Result<Self, Error> {
        let fields = columns.iter().map(schema).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let root = Type::group_type_builder("table").with_fields(fields).build().map_err(failed)?;
        let level = ZstdLevel::try_new(3).map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let file = SerializedFileWriter::new(out, Arc::new(root), Arc::new(properties)).map_err(failed)?;
        let values = columns.iter().map(|column| Values::new(column.kind)).collect();
        Ok(Self { file, columns: columns.to_vec(), values, rows: 0, weight: 0 })
    }

    fn write_group(&mut self) -> Result<(), Error> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group().map_err(failed)?;
        for values in &mut self.values {
            let Some(mut writer) = group.next_column().map_err(failed)? else { break };
            values.write(&mut writer).map_err(failed)?;
            writer.close().map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.rows = 0;
        self.weight = 0;
        Ok(())
    }
}

impl RowWriter for ParquetWriter {
    fn write(&mut self, cells: &[Cell]) -> Result<(), Error> {
        // Every cell is converted before one is stored, so that a refused row leaves the columns aligned.
        let scalars = cells
            .iter()
            .zip(&self.columns)
            .map(|(cell, column)| scalar(cell, column))
            .collect::<Result<Vec<_>, _>>()?;
        for (scalar, values) in scalars.into_iter().zip(&mut self.values) {
            self.weight += values.push(scalar);
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS || self.weight > GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.write_group()?;
        let mut out = self.file.into_inner().map_err(failed)?;
        out.flush()?;
        out.finish()?;
        Ok(())
    }
}

fn schema(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        ColumnType::Int => (Physical::INT64, None),
        ColumnType::Float => (Physical::DOUBLE, None),
        ColumnType::Bool => (Physical::BOOLEAN, None),
        ColumnType::Date => (Physical::INT32, Some(LogicalType::Date)),
        ColumnType::DateTime => (Physical::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
        ColumnType::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        ColumnType::Decimal(scale) => (Physical::INT64, Some(LogicalType::decimal(scale as i32, PRECISION))),
    };
    let mut builder = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if let ColumnType::Decimal(scale) = column.kind {
        builder = builder.with_precision(PRECISION).with_scale(scale as i32);
    }
    Ok(Arc::new(builder.build()?))
}

enum Scalar {
    Null,
    Bool(bool),
    Days(i32),
    Long(i64),
    Double(f64),
    Text(String),
}

fn scalar(cell: &Cell, column: &Column) -> Result<Scalar, Error> {
    let refuse = |expected| {
        Err(Error::Type {
            column: column.name.clone(),
            expected,
            found: crate::row::shorten(&cell.to_text(), 80).to_owned(),
        })
    };
    let found = match (column.kind, cell) {
        (_, Cell::Null) => Some(Scalar::Null),
        (ColumnType::Text | ColumnType::Json, cell) => Some(Scalar::Text(cell.to_text().into_owned())),
        (ColumnType::Int, Cell::Int(value)) => Some(Scalar::Long(*value)),
        (ColumnType::Float, Cell::Float(value)) => Some(Scalar::Double(*value)),
        (ColumnType::Float, Cell::Int(value)) => Some(Scalar::Double(*value as f64)),
        (ColumnType::Float, Cell::Decimal(value)) => value.to_f64().map(Scalar::Double),
        (ColumnType::Decimal(scale), Cell::Decimal(value)) => unscaled(*value, scale).map(Scalar::Long),
        (ColumnType::Decimal(scale), Cell::Int(value)) => unscaled((*value).into(), scale).map(Scalar::Long),
        (ColumnType::Bool, Cell::Bool(value)) => Some(Scalar::Bool(*value)),
        (ColumnType::Date, Cell::Date(value)) => {
            jiff::civil::date(1970, 1, 1).until(*value).ok().map(|span| Scalar::Days(span.get_days()))
        }
        (ColumnType::DateTime, Cell::DateTime(value)) => {
            TimeZone::UTC.to_timestamp(*value).ok().map(|at| Scalar::Long(at.as_microsecond()))
        }
        (ColumnType::Instant, Cell::Instant(value)) => Some(Scalar::Long(value.as_microsecond())),
        _ => None,
    };
    match (found, column.kind) {
        (Some(scalar), _) => Ok(scalar),
        (None, ColumnType::Int) => refuse("whole numbers"),
        (None, ColumnType::Float) => refuse("numbers"),
        (None, ColumnType::Decimal(_)) => refuse("decimal numbers of at most 18 digits"),
        (None, ColumnType::Bool) => refuse("true or false"),
        (None, ColumnType::Date) => refuse("dates"),
        (None, ColumnType::DateTime) => refuse("dates with a time"),
        (None, ColumnType::Instant) => refuse("moments"),
        (None, ColumnType::Text | ColumnType::Json) => refuse("text"),
    }
}

/// The number times ten to the scale, if that is whole and has at most 18 digits.
fn unscaled(value: Decimal, scale: u32) -> Option<i64> {
    let mut value = value.normalize();
    if value.scale() > scale {
        return None;
    }
    value.rescale(scale);
    let digits = (value.scale() == scale).then(|| value.mantissa())?;
    i64::try_from(digits).ok().filter(|digits| digits.unsigned_abs() < 10_u64.pow(PRECISION as u32))
}

impl Values {
    fn new(kind: ColumnType) -> Self {
        let kind = match kind {
            ColumnType::Bool => Kind::Bools(Vec::new()),
            ColumnType::Date => Kind::Days(Vec::new()),
            ColumnType::Float => Kind::Doubles(Vec::new()),
            ColumnType::Text | ColumnType::Json => Kind::Texts(Vec::new()),
            ColumnType::Int | ColumnType::Decimal(_) | ColumnType::DateTime | ColumnType::Instant => {
                Kind::Longs(Vec::new())
            }
        };
        Self { present: Vec::new(), kind }
    }

    /// Adds a value and says how many bytes it takes.
    fn push(&mut self, scalar: Scalar) -> usize {
        self.present.push(i16::from(!matches!(scalar, Scalar::Null)));
        match (&mut self.kind, scalar) {
            (Kind::Bools(values), Scalar::Bool(value)) => values.push(value),
            (Kind::Days(values), Scalar::Days(value)) => values.push(value),
            (Kind::Longs(values), Scalar::Long(value)) => values.push(value),
            (Kind::Doubles(values), Scalar::Double(value)) => values.push(value),
            (Kind::Texts(values), Scalar::Text(text)) => {
                let weight = text.len() + 32;
                values.push(ByteArray::from(text.into_bytes()));
                return weight;
            }
            _ => return 2,
        }
        10
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        fn put<T: DataType>(
            writer: &mut SerializedColumnWriter<'_>,
            values: &mut Vec<T::T>,
            present: &[i16],
        ) -> Result<(), ParquetError> {
            writer.typed::<T>().write_batch(values, Some(present), None)?;
            values.clear();
            Ok(())
        }
        match &mut self.kind {
            Kind::Bools(values) => put::<BoolType>(writer, values, &self.present)?,
            Kind::Days(values) => put::<Int32Type>(writer, values, &self.present)?,
            Kind::Longs(values) => put::<Int64Type>(writer, values, &self.present)?,
            Kind::Doubles(values) => put::<DoubleType>(writer, values, &self.present)?,
            Kind::Texts(values) => put::<ByteArrayType>(writer, values, &self.present)?,
        }
        self.present.clear();
        Ok(())
    }
}

fn failed(error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => Error::Io(*error),
            Err(other) => Error::damaged(Format::Parquet, other),
        },
        other => Error::damaged(Format::Parquet, other),
    }
}
