//! Workbooks out, cell by cell into the zip stream: memory does not grow with the table.

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use crate::sink::{Column, ColumnType, Output, RowWriter, SinkOptions};
use crate::{Cell, Error, Format};

const MOST_ROWS: u32 = 1_048_576;
const MOST_CHARACTERS: usize = 32_767;
const MOST_EXACT_DIGITS: usize = 15;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// Cell formats, in the order of [`Style`].
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

#[derive(Clone, Copy)]
enum Style {
    Plain = 0,
    Bold = 1,
    Date = 2,
    DateTime = 3,
    Amount = 4,
}

/// Writes rows as they come; a table longer than a sheet goes on in the next one.
pub(crate) struct XlsxWriter {
    zip: ZipWriter<StreamWriter<io::BufWriter<Output>>>,
    columns: Vec<Column>,
    references: Vec<String>,
    sheet: String,
    sheets: u32,
    row: u32,
    buffer: String,
}

impl XlsxWriter {
    pub(crate) fn new(out: Output, columns: &[Column], options: &SinkOptions) -> Result<Self, Error> {
        let out = io::BufWriter::with_capacity(64 * 1024, out);
        let mut writer = Self {
            zip: ZipWriter::new_stream(out),
            columns: columns.to_vec(),
            references: (0..columns.len()).map(column_reference).collect(),
            sheet: sheet_name(&options.sheet),
            sheets: 0,
            row: 0,
            buffer: String::new(),
        };
        writer.part("_rels/.rels", RELATIONS)?;
        writer.start_sheet()?;
        Ok(writer)
    }

    fn part(&mut self, name: &str, content: &str) -> Result<(), Error> {
        self.start_part(name)?;
        self.zip.write_all(content.as_bytes())?;
        Ok(())
    }

    fn start_part(&mut self, name: &str) -> Result<(), Error> {
        self.zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(io::Error::from)?;
        Ok(())
    }

    fn start_sheet(&mut self) -> Result<(), Error> {
        self.sheets += 1;
        self.row = 0;
        self.start_part(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        self.buffer.push_str(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#);
        self.buffer.push_str(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>"#);
        for (index, column) in self.columns.iter().enumerate() {
            let width = match column.kind {
                ColumnType::Bool => 8,
                ColumnType::Int | ColumnType::Float | ColumnType::Decimal(_) | ColumnType::Date => 12,
                ColumnType::DateTime | ColumnType::Instant => 20,
                ColumnType::Text | ColumnType::Json => 24,
            };
            let number = index + 1;
            let _ = write!(self.buffer, r#"<col min="{number}" max="{number}" width="{width}" customWidth="1"/>"#);
        }
        self.buffer.push_str("</cols><sheetData>");
        let names: Vec<Cell> = self.columns.iter().map(|column| Cell::from(column.name.as_str())).collect();
        self.row(&names, true)
    }

    fn end_sheet(&mut self) -> Result<(), Error> {
        self.zip.write_all(b"</sheetData></worksheet>")?;
        Ok(())
    }

    fn row(&mut self, cells: &[Cell], bold: bool) -> Result<(), Error> {
        self.row += 1;
        let _ = write!(self.buffer, r#"<row r="{}">"#, self.row);
        for (index, cell) in cells.iter().enumerate() {
            self.cell(index, cell, bold)?;
        }
        self.buffer.push_str("</row>");
        self.zip.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        Ok(())
    }

    fn cell(&mut self, index: usize, cell: &Cell, bold: bool) -> Result<(), Error> {
        match cell {
            Cell::Null => {}
            Cell::Bool(value) => {
                let _ = write!(
                    self.buffer,
                    r#"<c r="{}{}" t="b"><v>{}</v></c>"#,
                    self.references[index],
                    self.row,
                    u8::from(*value)
                );
            }
            Cell::Int(value) if value.unsigned_abs() < 10_u64.pow(MOST_EXACT_DIGITS as u32) => {
                self.number(index, value, Style::Plain)
            }
            Cell::Float(value) if value.is_finite() => self.number(index, value, Style::Plain),
            Cell::Decimal(value) if is_exact(*value) => {
                let style = if value.scale() == 2 { Style::Amount } else { Style::Plain };
                self.number(index, value, style);
            }
            Cell::Date(value) => match serial(value.at(0, 0, 0, 0)) {
                Some(days) => self.number(index, days, Style::Date),
                None => self.text(index, &value.to_string(), Style::Plain)?,
            },
            Cell::DateTime(value) => self.moment(index, *value)?,
            Cell::Instant(value) => self.moment(index, TimeZone::UTC.to_datetime(*value))?,
            Cell::Text(text) => self.text(index, text, if bold { Style::Bold } else { Style::Plain })?,
            Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) | Cell::Json(_) => {
                self.text(index, &cell.to_text(), Style::Plain)?
            }
        }
        Ok(())
    }

    fn moment(&mut self, index: usize, at: DateTime) -> Result<(), Error> {
        match serial(at) {
            Some(days) => {
                self.number(index, days, Style::DateTime);
                Ok(())
            }
            None => self.text(index, &at.to_string(), Style::Plain),
        }
    }

    fn number(&mut self, index: usize, value: impl std::fmt::Display, style: Style) {
        let _ = write!(
            self.buffer,
            r#"<c r="{}{}" s="{}"><v>{value}</v></c>"#,
            self.references[index], self.row, style as u8
        );
    }

    fn text(&mut self, index: usize, text: &str, style: Style) -> Result<(), Error> {
        if text.chars().count() > MOST_CHARACTERS {
            return Err(Error::Type {
                column: self.columns[index].name.clone(),
                expected: "at most 32,767 characters",
                found: crate::row::shorten(text, 80).to_owned(),
            });
        }
        let reference = &self.references[index];
        let _ = write!(
            self.buffer,
            r#"<c r="{reference}{}" t="inlineStr" s="{}"><is><t xml:space="preserve">"#,
            self.row, style as u8
        );
        escape(text, &mut self.buffer);
        self.buffer.push_str("</t></is></c>");
        Ok(())
    }
}

impl RowWriter for XlsxWriter {
    fn write(&mut self, cells: &[Cell]) -> Result<(), Error> {
        if self.row == MOST_ROWS {
            self.end_sheet()?;
            self.start_sheet()?;
        }
        self.row(cells, false)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.end_sheet()?;
        self.part("xl/styles.xml", STYLES)?;
        let mut sheets = String::new();
        let mut relations = String::new();
        let mut types = String::new();
        let mut name = String::new();
        escape(&self.sheet, &mut name);
        for number in 1..=self.sheets {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let _ = write!(sheets, r#"<sheet name="{name}{suffix}" sheetId="{number}" r:id="rId{number}"/>"#);
            let _ = write!(
                relations,
                r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
            );
            let _ = write!(
                types,
                r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
            );
        }
        let styles = self.sheets + 1;
        self.part("xl/workbook.xml", &format!(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"#))?;
        self.part("xl/_rels/workbook.xml.rels", &format!(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}<Relationship Id="rId{styles}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#))?;
        self.part("[Content_Types].xml", &format!(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{types}</Types>"#))?;
        let stream = self.zip.finish().map_err(|error| Error::damaged(Format::Xlsx, error))?;
        stream.into_inner().into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
        Ok(())
    }
}

/// Days since the epoch of spreadsheets, with the time of day as a fraction. Before March 1900 their calendar is wrong.
fn serial(at: DateTime) -> Option<f64> {
    const EPOCH: Date = date(1899, 12, 30);
    if at.date() < date(1900, 3, 1) {
        return None;
    }
    let days = EPOCH.until(at.date()).ok()?.get_days();
    let seconds = f64::from(at.hour()) * 3600.0 + f64::from(at.minute()) * 60.0 + f64::from(at.second());
    Some(f64::from(days) + (seconds + f64::from(at.subsec_nanosecond()) / 1e9) / 86_400.0)
}

/// Whether a spreadsheet, which calculates in floating point, keeps every digit.
fn is_exact(value: rust_decimal::Decimal) -> bool {
    value.normalize().mantissa().unsigned_abs().checked_ilog10().unwrap_or(0) < MOST_EXACT_DIGITS as u32
        && value.to_f64().is_some()
}

fn column_reference(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}

/// At most 31 characters, less a suffix, none of them forbidden.
fn sheet_name(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control())
        .take(27)
        .collect();
    if name.trim().is_empty() { "Data".into() } else { name }
}

/// XML text. Characters that XML cannot hold are written the way spreadsheets do (`_x0001_`), and so is a text that looks like it.
fn escape(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    for (index, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if looks_escaped(&bytes[index..]) => out.push_str("_x005F_"),
            '\r' | '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", c as u32);
            }
            _ => out.push(c),
        }
    }
}

fn looks_escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered() {
        let letters: Vec<_> = [0, 25, 26, 701, 702, 16_383].into_iter().map(column_reference).collect();
        assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn days_are_counted_from_the_spreadsheet_epoch() {
        assert_eq!(serial(date(2026, 3, 1).at(12, 0, 0, 0)), Some(46_082.5));
        assert_eq!(serial(date(1900, 2, 28).at(0, 0, 0, 0)), None);
    }
}
