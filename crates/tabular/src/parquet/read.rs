//! Records of a Parquet file, one at a time, decoded by batches on a thread.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::data_type::Decimal as RawDecimal;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::producer::Producer;
use crate::source::check_row;
use crate::{Cell, Error, Format, Options, Reason, Row, RowError};

pub(crate) struct Opened {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: u64,
}

/// What the record interface of the format does not tell about a column.
#[derive(Clone, Copy, Default)]
struct Time {
    zoned: bool,
    nanoseconds: bool,
}

/// Reads the schema, then the records on a thread.
pub(crate) fn open<R: ChunkReader + 'static>(input: R, options: &Options) -> Result<(Opened, Producer), Error> {
    let limits = options.limits.clone();
    Producer::spawn(Format::Parquet, move |report, rows| {
        let reader = SerializedFileReader::new(input).map_err(damaged)?;
        check_sizes(reader.metadata(), limits.unpacked_bytes)?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let fields = schema.root_schema().get_fields();
        if fields.len() > limits.columns {
            return Err(Error::TooManyColumns { actual: fields.len(), limit: limits.columns });
        }
        let names: Vec<String> = fields.iter().map(|field| field.name().to_owned()).collect();
        let times: Vec<Time> = fields.iter().map(|field| time(field.get_basic_info().logical_type_ref())).collect();
        let columns = crate::header::names(&names, names.len());
        let total = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
        if !report(Opened { columns, rows: total }) {
            return Ok(());
        }
        let mut number = 0;
        for record in RowIter::from_file_into(Box::new(reader)) {
            number += 1;
            let record = record.map_err(damaged)?;
            let fields = record.into_columns().into_iter().map(|(_, field)| field);
            let cells = fields.zip(&times).map(|(field, time)| cell(field, *time)).collect();
            if !rows.push(check_row(Row { number, cells }, &limits)) {
                return Ok(());
            }
        }
        if number < total {
            rows.push(Err(RowError::new(number + 1, Reason::Truncated, "")));
        }
        Ok(())
    })
}

pub(crate) fn damaged(error: parquet::errors::ParquetError) -> Error {
    Error::damaged(Format::Parquet, error)
}

pub(crate) fn check_sizes(metadata: &ParquetMetaData, limit: u64) -> Result<(), Error> {
    let total: u64 =
        metadata.row_groups().iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(0)).sum();
    if total > limit {
        return Err(Error::TooLarge { what: "the table".into(), actual: total, limit });
    }
    Ok(())
}

fn time(kind: Option<&LogicalType>) -> Time {
    match kind {
        Some(LogicalType::Timestamp(kind)) => {
            Time { zoned: kind.is_adjusted_to_u_t_c, nanoseconds: kind.unit == TimeUnit::NANOS }
        }
        _ => Time::default(),
    }
}

fn cell(field: Field, time: Time) -> Cell {
    match field {
        Field::Null => Cell::Null,
        Field::Bool(value) => Cell::Bool(value),
        Field::Byte(value) => Cell::Int(value.into()),
        Field::Short(value) => Cell::Int(value.into()),
        Field::Int(value) => Cell::Int(value.into()),
        Field::Long(value) if time.nanoseconds => moment(Timestamp::from_nanosecond(value.into()), time),
        Field::Long(value) => Cell::Int(value),
        Field::UByte(value) => Cell::Int(value.into()),
        Field::UShort(value) => Cell::Int(value.into()),
        Field::UInt(value) => Cell::Int(value.into()),
        Field::ULong(value) => i64::try_from(value).map_or_else(|_| Cell::Decimal(value.into()), Cell::Int),
        Field::Float16(value) => Cell::Float(value.into()),
        Field::Float(value) => Cell::Float(shortest(value)),
        Field::Double(value) => Cell::Float(value),
        Field::Decimal(value) => decimal(&value),
        Field::Str(text) => Cell::Text(text),
        Field::Bytes(bytes) => text_of(bytes.data()),
        Field::Date(days) => day(days).map_or(Cell::Int(days.into()), Cell::Date),
        Field::TimeMillis(value) => Cell::Text(clock(i64::from(value) * 1000)),
        Field::TimeMicros(value) => Cell::Text(clock(value)),
        Field::TimestampMillis(value) => moment(Timestamp::from_millisecond(value), time),
        Field::TimestampMicros(value) => moment(Timestamp::from_microsecond(value), time),
        nested @ (Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_)) => Cell::Json(json(nested)),
    }
}

/// The double that reads like the single-precision number: 0.1 and not 0.10000000149.
pub(crate) fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

fn moment(at: Result<Timestamp, jiff::Error>, time: Time) -> Cell {
    match at {
        Ok(at) if time.zoned => Cell::Instant(at),
        Ok(at) => Cell::DateTime(TimeZone::UTC.to_datetime(at)),
        Err(_) => Cell::Null,
    }
}

pub(crate) fn day(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok()
}

fn clock(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn decimal(value: &RawDecimal) -> Cell {
    let bytes = value.data();
    let scale = u32::try_from(value.scale()).ok();
    let number = (bytes.len() <= 16 && !bytes.is_empty()).then(|| {
        let fill = if bytes[0] & 0x80 == 0 { 0 } else { 0xFF };
        let mut wide = [fill; 16];
        wide[16 - bytes.len()..].copy_from_slice(bytes);
        i128::from_be_bytes(wide)
    });
    match (number, scale) {
        (Some(number), Some(scale)) => match Decimal::try_from_i128_with_scale(number, scale) {
            Ok(decimal) => Cell::Decimal(decimal),
            Err(_) => Cell::Text(format!("{number}e-{scale}")),
        },
        _ => text_of(bytes),
    }
}

/// Bytes without a type are nearly always text of an old writer; others are shown in hexadecimal.
pub(crate) fn text_of(bytes: &[u8]) -> Cell {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::Text(text.to_owned()),
        Err(_) => Cell::Text(bytes.iter().fold(String::from("0x"), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })),
    }
}

fn json(field: Field) -> Value {
    match field {
        Field::Group(group) => {
            Value::Object(group.into_columns().into_iter().map(|(name, field)| (name, json(field))).collect())
        }
        Field::ListInternal(list) => Value::Array(list.elements().iter().cloned().map(json).collect()),
        Field::MapInternal(map) => {
            let entries = map.entries().iter().cloned();
            Value::Object(entries.map(|(key, value)| (key_text(key), json(value))).collect::<Map<_, _>>())
        }
        scalar => match cell(scalar, Time { zoned: true, nanoseconds: false }) {
            Cell::Null => Value::Null,
            Cell::Bool(value) => value.into(),
            Cell::Int(value) => value.into(),
            Cell::Float(value) => value.into(),
            other => other.to_text().into(),
        },
    }
}

fn key_text(key: Field) -> String {
    cell(key, Time::default()).to_text().into_owned()
}
