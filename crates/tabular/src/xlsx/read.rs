//! Rows of a sheet, one at a time.

use std::io::{Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::{DateTime, date};

use super::guard;
use crate::producer::Producer;
use crate::source::check_row;
use crate::{Cell, Error, Format, Options, Row};

/// The widest sheet there can be.
const MOST_COLUMNS: usize = 16_384;
/// Whole numbers up to here are exact in the floating-point numbers of spreadsheets.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(crate) struct Opened {
    pub(crate) sheets: Vec<String>,
    pub(crate) sheet: String,
    pub(crate) rows: Option<u64>,
}

/// Weighs the workbook and reads one of its sheets on a thread.
pub(crate) fn open<R: Read + Seek + Send + 'static>(
    mut reader: R,
    options: &Options,
) -> Result<(Opened, Producer), Error> {
    guard::weigh(&mut reader, &options.limits)?;
    let wanted = options.sheet.clone();
    let limits = options.limits.clone();
    Producer::spawn(Format::Xlsx, move |report, rows| {
        let damaged = |error: calamine::XlsxError| Error::damaged(Format::Xlsx, error);
        let mut book: Xlsx<R> = Xlsx::new(reader).map_err(damaged)?;
        let sheets: Vec<_> =
            book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
        let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
        let sheet = match wanted {
            Some(wanted) if names.contains(&wanted) => wanted,
            Some(wanted) => return Err(Error::NoSuchSheet { wanted, available: names }),
            None => {
                let visible = sheets.iter().find(|sheet| sheet.visible == SheetVisible::Visible);
                visible.or(sheets.first()).ok_or(Error::Empty)?.name.clone()
            }
        };
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
        let last = u64::from(cells.dimensions().end.0) + 1;
        if !report(Opened { sheets: names, sheet, rows: (last > 1).then_some(last) }) {
            return Ok(());
        }
        let mut row = Row { number: 0, cells: Vec::new() };
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (line, column) = (u64::from(cell.get_position().0) + 1, cell.get_position().1 as usize);
            let value = convert(cell.get_value());
            if value == Cell::Null {
                continue;
            }
            if line < row.number || column >= MOST_COLUMNS {
                return Err(Error::damaged(Format::Xlsx, format!("a cell is out of place in row {line}")));
            }
            if line > row.number {
                let full = std::mem::replace(&mut row, Row { number: line, cells: Vec::new() });
                if full.number > 0 && !rows.push(check_row(full, &limits)) {
                    return Ok(());
                }
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Cell::Null);
            }
            row.cells[column] = value;
        }
        if row.number > 0 {
            rows.push(check_row(row, &limits));
        }
        Ok(())
    })
}

/// The cached value of a formula counts as the value. Errors (`#N/A`) stay as text, so that whoever reads the column sees them.
fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Null,
        DataRef::Int(value) => Cell::Int(*value),
        DataRef::Float(value) => number(*value),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::DateTime(value) => date_time(value),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned()) }
}

fn number(value: f64) -> Cell {
    if value.fract() == 0.0 && value.abs() < EXACT { Cell::Int(value as i64) } else { Cell::Float(value) }
}

fn iso(text: &str) -> Cell {
    if let Ok(date) = text.parse() {
        return Cell::Date(date);
    }
    text.parse::<DateTime>().map_or_else(|_| Cell::Text(text.to_owned()), Cell::DateTime)
}

/// Days since the epoch of the workbook; below one day it is a time of day, which stays text as durations do.
fn date_time(value: &ExcelDateTime) -> Cell {
    let days = value.as_f64();
    if value.is_duration() || (0.0..1.0).contains(&days) {
        let seconds = (days * 86_400.0).round() as i64;
        return Cell::Text(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds.rem_euclid(60)));
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let parts = || {
        let [month, day, hour, minute, second] = [month, day, hour, minute, second].map(|part| i8::try_from(part).ok());
        let year = i16::try_from(year).ok()?;
        DateTime::new(year, month?, day?, hour?, minute?, second?, i32::from(milli) * 1_000_000).ok()
    };
    match parts() {
        Some(at) if at.time() == date(2000, 1, 1).at(0, 0, 0, 0).time() => Cell::Date(at.date()),
        Some(at) => Cell::DateTime(at),
        None => number(days),
    }
}
