use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::csv::write::CsvWriter;
use crate::json::write::JsonWriter;
use crate::xlsx::write::XlsxWriter;
use crate::{Cell, Error, Format};

/// What the cells of a column hold. CSV and JSON take any cell anywhere; XLSX uses it for the column's look; Parquet
/// holds exactly this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text; any other cell is written as its text.
    Text,
    /// Whole numbers.
    Int,
    /// Floating-point numbers.
    Float,
    /// Exact numbers with this many decimals.
    Decimal(u32),
    /// True or false.
    Bool,
    /// Dates.
    Date,
    /// Dates with a time of day.
    DateTime,
    /// Moments, in UTC.
    Instant,
    /// Lists and objects.
    Json,
}

/// A column to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What the header says.
    pub name: String,
    /// What the cells hold.
    pub kind: ColumnType,
}

impl Column {
    /// A column of this name and type.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self { name: name.into(), kind }
    }
}

/// How a table is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkOptions {
    /// The character between the cells of a CSV file (ASCII, a comma by default).
    pub delimiter: u8,
    /// Whether numbers in CSV have a decimal comma.
    pub decimal_comma: bool,
    /// Starts a CSV file with a byte order mark, without which spreadsheet programs misread accents. Off by default.
    pub byte_order_mark: bool,
    /// Puts an apostrophe before texts that a spreadsheet would execute when it opens the CSV file. On by default.
    pub neutralise_formulas: bool,
    /// The name of the sheet of a workbook.
    pub sheet: String,
}

impl Default for SinkOptions {
    fn default() -> Self {
        Self {
            delimiter: b',',
            decimal_comma: false,
            byte_order_mark: false,
            neutralise_formulas: true,
            sheet: "Data".into(),
        }
    }
}

/// Writes a table, row by row, in memory that does not grow with it.
///
/// A file is written beside its final name and takes that name when it is finished: what bears the name is whole. A sink
/// dropped before [`finish`](Self::finish) leaves nothing behind.
///
/// ```
/// use tabular::{Cell, Column, ColumnType, Format, Sink, SinkOptions};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("cities.csv");
/// let columns = [Column::new("city", ColumnType::Text), Column::new("people", ColumnType::Int)];
/// let mut sink = Sink::create(&path, Format::Csv, &columns, &SinkOptions::default())?;
/// sink.write(&["Brest, Finistère".into(), Cell::Int(139_619)])?;
/// sink.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "city,people\r\n\"Brest, Finistère\",139619\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sink {
    writer: Box<dyn RowWriter>,
    width: usize,
}

pub(crate) trait RowWriter: Send {
    fn write(&mut self, cells: &[Cell]) -> Result<(), Error>;
    fn finish(self: Box<Self>) -> Result<(), Error>;
}

impl Sink {
    /// Starts a file at `path`, which is replaced when the sink is finished.
    pub fn create(path: &Path, format: Format, columns: &[Column], options: &SinkOptions) -> Result<Self, Error> {
        Self::start(Output::file(path)?, format, columns, options)
    }

    /// Writes to `out`, which need not be seekable.
    pub fn to_writer(
        out: impl Write + Send + 'static,
        format: Format,
        columns: &[Column],
        options: &SinkOptions,
    ) -> Result<Self, Error> {
        Self::start(Output::stream(out), format, columns, options)
    }

    fn start(out: Output, format: Format, columns: &[Column], options: &SinkOptions) -> Result<Self, Error> {
        let writer: Box<dyn RowWriter> = match format {
            Format::Csv => Box::new(CsvWriter::new(out, columns, options)?),
            Format::Json => Box::new(JsonWriter::new(out, columns)),
            Format::Xlsx => Box::new(XlsxWriter::new(out, columns, options)?),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(crate::parquet::write::ParquetWriter::new(out, columns)?),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(Error::NotBuilt(format)),
        };
        Ok(Self { writer, width: columns.len() })
    }

    /// Adds a row, one cell per column.
    pub fn write(&mut self, cells: &[Cell]) -> Result<(), Error> {
        if cells.len() != self.width {
            return Err(Error::Width { expected: self.width, found: cells.len() });
        }
        self.writer.write(cells)
    }

    /// Writes what is left and, for a file, gives it its name once it is safely on disk.
    pub fn finish(self) -> Result<(), Error> {
        self.writer.finish()
    }
}

/// Where the bytes of a sink go.
pub(crate) struct Output {
    target: Target,
}

enum Target {
    Stream(Box<dyn Write + Send>),
    File { file: File, partial: PathBuf, path: PathBuf, finished: bool },
}

impl Output {
    fn stream(out: impl Write + Send + 'static) -> Self {
        Self { target: Target::Stream(Box::new(out)) }
    }

    fn file(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let file = File::create(&partial)?;
        Ok(Self { target: Target::File { file, partial, path: path.to_owned(), finished: false } })
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Stream(out) => out.flush(),
            Target::File { file, partial, path, finished } => {
                file.sync_all()?;
                std::fs::rename(partial, path)?;
                *finished = true;
                Ok(())
            }
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Target::File { partial, finished: false, .. } = &self.target {
            // A partial file that cannot be removed is harmless, and a drop has nobody to tell.
            let _ = std::fs::remove_file(partial);
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Stream(out) => out.write(bytes),
            Target::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Stream(out) => out.flush(),
            Target::File { file, .. } => file.flush(),
        }
    }
}
