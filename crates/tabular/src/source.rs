use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use crate::columns::{ColumnSink, Gathering, Summary, TextRow};
use crate::csv::read::CsvReader;
use crate::csv::sniff;
use crate::header::{self, Found};
use crate::json::read::JsonReader;
use crate::text::{TextReader, detect, sample_text};
use crate::{Cell, Encoding, Error, Format, Header, Limits, Options, Ragged, Reason, Row, RowError};

const SAMPLE: u64 = 128 * 1024;

/// Rows as a format yields them, before they are fitted to the columns.
pub(crate) trait RowReader: Send {
    fn next_row(&mut self) -> Option<Result<Row, RowError>>;

    /// The next row as texts in `cells`, for readers that can do it with less work than by [`next_row`](Self::next_row);
    /// gives the row's number.
    fn next_texts(&mut self, cells: &mut TextRow) -> Option<Result<u64, RowError>> {
        Some(self.next_row()?.map(|row| {
            fill(cells, &row);
            row.number
        }))
    }
}

fn fill(cells: &mut TextRow, row: &Row) {
    cells.clear();
    for cell in &row.cells {
        cells.push((*cell != Cell::Null).then(|| cell.to_text()).as_deref());
    }
}

/// What was found out about a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The format.
    pub format: Format,
    /// The encoding of a text file.
    pub encoding: Option<Encoding>,
    /// The character between the cells of a CSV file; none when it has one column.
    pub delimiter: Option<char>,
    /// The character around cells of a CSV file.
    pub quote: Option<char>,
    /// The row (line, sheet row) of the header; none when the columns' names were made up or belong to the format.
    pub header_row: Option<u64>,
    /// The sheets of a workbook, in order.
    pub sheets: Vec<String>,
    /// The sheet that is read.
    pub sheet: Option<String>,
}

/// A table being read: an iterator of rows.
///
/// Every row has one cell per column. A row that cannot be read is an `Err` item, and the next item is the next row;
/// only an error whose reason [is fatal](Reason::is_fatal) is the last item.
pub struct Source {
    reader: Box<dyn RowReader>,
    pending: VecDeque<Result<Row, RowError>>,
    layout: Layout,
    columns: Vec<String>,
    pad: bool,
    skip_below: u64,
    done: bool,
    progress: Progress,
}

enum Progress {
    Bytes { read: Arc<AtomicU64>, total: Option<u64> },
    Rows { read: u64, total: Option<u64> },
}

enum Input {
    File(File),
    Bytes(Vec<u8>),
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// The file cannot be read, is empty, is of no known format, is damaged, or passes a limit before its first row.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::of_file(File::open(path)?, &name, options)
    }

    /// Reads a file that was opened already, from its beginning, under a name it may not have. Errors as for [`open`](Self::open).
    pub fn of_file(file: File, name: &str, options: &Options) -> Result<Self, Error> {
        // Only text is ambiguous; the name is trusted there, and ignored where the content says what it is.
        let hint = Format::of_name(name).filter(|format| matches!(format, Format::Csv | Format::Json));
        Self::start(Input::File(file), options, hint)
    }

    /// Reads a table held in memory. Errors as for [`open`](Self::open).
    pub fn from_bytes(bytes: Vec<u8>, options: &Options) -> Result<Self, Error> {
        Self::start(Input::Bytes(bytes), options, None)
    }

    /// Reads CSV or JSON, packed with gzip or not, from a stream. Errors as for [`open`](Self::open); workbooks and
    /// Parquet files cannot be streamed.
    pub fn from_reader(reader: impl Read + Send + 'static, options: &Options) -> Result<Self, Error> {
        Self::start(Input::Stream(Box::new(reader)), options, None)
    }

    /// What was found out about the table.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The format of the table.
    pub fn format(&self) -> Format {
        self.layout.format
    }

    /// The names of the columns: unique without regard to case, never blank.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Passes over rows (and errors) whose number is lower than `number`, to go on where an earlier reading stopped.
    pub fn skip_to_row(&mut self, number: u64) {
        self.skip_below = number;
    }

    /// How much of the table has been read, from 0 to 1, where its size is known.
    pub fn progress(&self) -> Option<f64> {
        if self.done {
            return Some(1.0);
        }
        let (read, total) = match &self.progress {
            Progress::Bytes { read, total } => (read.load(Ordering::Relaxed), (*total)?),
            Progress::Rows { read, total } => (*read, (*total)?),
        };
        Some((read as f64 / total.max(1) as f64).min(1.0))
    }

    /// Gives all rows to `sink` as texts.
    pub(crate) fn into_columns(mut self, sink: &mut dyn ColumnSink) -> Result<Summary, Error> {
        let mut gathering = Gathering::new(self.layout.clone());
        sink.begin(&self.columns, None);
        let mut cells = TextRow::default();
        loop {
            let item = match self.pending.pop_front() {
                Some(item) => item.map(|row| {
                    fill(&mut cells, &row);
                    row.number
                }),
                None => match self.reader.next_texts(&mut cells) {
                    Some(item) => item,
                    None => break,
                },
            };
            match item {
                Ok(_) if cells.is_blank() && self.columns.len() > 1 => continue,
                Ok(number) if cells.fit(self.columns.len(), self.pad) => {
                    for (column, text) in cells.iter().enumerate() {
                        sink.cell(column, text);
                    }
                    sink.row(number);
                    gathering.summary.rows += 1;
                }
                Ok(number) => {
                    let texts: Vec<&str> = cells.iter().map(Option::unwrap_or_default).collect();
                    gathering.reject(self.ragged(number, &texts));
                }
                Err(error) if error.reason.is_fatal() => {
                    return Err(Error::damaged(self.layout.format, error));
                }
                Err(error) => gathering.reject(error),
            }
            if gathering.is_report_due() && !sink.progress(self.progress()) {
                gathering.summary.stopped = true;
                break;
            }
        }
        Ok(gathering.summary)
    }

    fn start(mut input: Input, options: &Options, hint: Option<Format>) -> Result<Self, Error> {
        let mut sample = Vec::new();
        match &mut input {
            Input::File(file) => {
                file.take(SAMPLE).read_to_end(&mut sample)?;
                file.seek(SeekFrom::Start(0))?;
            }
            Input::Bytes(bytes) => sample.extend_from_slice(&bytes[..bytes.len().min(SAMPLE as usize)]),
            Input::Stream(stream) => {
                stream.take(SAMPLE).read_to_end(&mut sample)?;
            }
        }
        match (options.format, magic(&sample)?) {
            (_, Content::Nothing) => Err(Error::Empty),
            (Some(Format::Xlsx), _) | (None, Content::Zip) => Self::workbook(input, options),
            (Some(Format::Parquet), _) | (None, Content::Parquet) => Self::parquet(input, options),
            (Some(format @ (Format::Csv | Format::Json)), Content::Zip | Content::Parquet) => {
                Err(Error::damaged(format, "the content is not text"))
            }
            (wanted, content) => Self::text(input, sample, content == Content::Gzip, wanted.or(hint), options),
        }
    }

    fn workbook(input: Input, options: &Options) -> Result<Self, Error> {
        let (opened, reader) = match input {
            Input::File(file) => crate::xlsx::read::open(io::BufReader::new(file), options)?,
            Input::Bytes(bytes) => crate::xlsx::read::open(Cursor::new(bytes), options)?,
            Input::Stream(_) => return Err(Error::NeedsFile(Format::Xlsx)),
        };
        let layout = Layout { sheets: opened.sheets, sheet: Some(opened.sheet), ..Layout::of(Format::Xlsx) };
        let progress = Progress::Rows { read: 0, total: opened.rows };
        Self::grid(Box::new(reader), layout, options, true, progress)
    }

    #[cfg(feature = "parquet")]
    fn parquet(input: Input, options: &Options) -> Result<Self, Error> {
        let (opened, reader) = match input {
            Input::File(file) => crate::parquet::read::open(file, options)?,
            Input::Bytes(bytes) => crate::parquet::read::open(bytes::Bytes::from(bytes), options)?,
            Input::Stream(_) => return Err(Error::NeedsFile(Format::Parquet)),
        };
        let progress = Progress::Rows { read: 0, total: Some(opened.rows) };
        Ok(Self::named(Box::new(reader), Layout::of(Format::Parquet), opened.columns, progress))
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(_: Input, _: &Options) -> Result<Self, Error> {
        Err(Error::NotBuilt(Format::Parquet))
    }

    fn text(
        input: Input,
        mut sample: Vec<u8>,
        packed: bool,
        wanted: Option<Format>,
        options: &Options,
    ) -> Result<Self, Error> {
        let (bytes, total): (Box<dyn Read + Send>, _) = match input {
            Input::File(file) => {
                let size = file.metadata().ok().map(|metadata| metadata.len());
                (Box::new(file), size)
            }
            Input::Bytes(bytes) => {
                let size = bytes.len() as u64;
                (Box::new(Cursor::new(bytes)), Some(size))
            }
            Input::Stream(stream) => (Box::new(Cursor::new(sample.clone()).chain(stream)), None),
        };
        let read = Arc::new(AtomicU64::new(0));
        let mut bytes: Box<dyn Read + Send> = Box::new(Counted { inner: bytes, read: read.clone() });
        if packed {
            let mut unpacked = Capped { inner: MultiGzDecoder::new(bytes), left: options.limits.unpacked_bytes };
            sample.clear();
            (&mut unpacked).take(SAMPLE).read_to_end(&mut sample)?;
            bytes = Box::new(Cursor::new(sample.clone()).chain(unpacked));
        }
        let whole = (sample.len() as u64) < SAMPLE;
        if sample.is_empty() {
            return Err(Error::Empty);
        }
        let (encoding, mark) = match (options.encoding, detect(&sample, whole)) {
            (Some(encoding), found) => (encoding, found.filter(|found| found.0 == encoding).map_or(0, |found| found.1)),
            (None, Some(found)) => found,
            (None, None) => return Err(Error::UnknownFormat),
        };
        let start = sample_text(&sample, encoding, mark);
        if whole && start.trim().is_empty() {
            return Err(Error::Empty);
        }
        let json = start.trim_start().starts_with(['{', '[']);
        let format = wanted.unwrap_or(if json { Format::Json } else { Format::Csv });
        let text = TextReader::new(bytes, encoding, mark, options.encoding.is_none() && sample.is_ascii())?;
        let layout = Layout { encoding: Some(encoding), ..Layout::of(format) };
        let progress = Progress::Bytes { read, total };
        if format == Format::Json {
            let (columns, reader) = JsonReader::open(text, &start, options.limits.clone())?;
            return Ok(Self::named(Box::new(reader), layout, columns, progress));
        }
        let found = sniff::sniff(&start, whole, options.delimiter, options.quote);
        let dialect = found.dialect;
        let mut reader = CsvReader::new(text, dialect, options.limits.clone(), options.restore_formulas);
        if found.hint_line {
            let _ = reader.next_row();
        }
        let delimiter = Some(char::from(dialect.delimiter)).filter(|c| !c.is_control() || *c == '\t');
        let layout = Layout { delimiter, quote: Some(char::from(dialect.quote)), ..layout };
        Self::grid(Box::new(reader), layout, options, options.ragged == Ragged::Pad, progress)
    }

    /// A source whose columns are named by one of its rows.
    fn grid(
        mut reader: Box<dyn RowReader>,
        mut layout: Layout,
        options: &Options,
        pad: bool,
        progress: Progress,
    ) -> Result<Self, Error> {
        let mut pending: VecDeque<Result<Row, RowError>> = VecDeque::new();
        let wanted = match options.header {
            Header::Row(number) => number,
            _ => 0,
        };
        let mut weight = 0;
        while pending.len() < header::LOOKED_AT || pending.back().is_some_and(|item| number_of(item) <= wanted) {
            let Some(item) = reader.next_row() else { break };
            if number_of(&item) < wanted {
                continue;
            }
            weight += item.as_ref().map_or(0, |row| row.cells.iter().map(Cell::weight).sum::<usize>());
            pending.push_back(item);
            if weight > options.limits.row_bytes {
                break;
            }
        }
        let found = Self::find_header(&pending, options.header, wanted)?;
        if found.columns.len() > options.limits.columns {
            return Err(Error::TooManyColumns { actual: found.columns.len(), limit: options.limits.columns });
        }
        let mut left = found.skip;
        // Errors above the header (a wrong byte in a title) stay: what is not read is always reported.
        pending.retain(|item| match item {
            Ok(row) if left > 0 => {
                left -= 1;
                layout.header_row = Some(row.number);
                false
            }
            _ => true,
        });
        let columns = found.columns;
        Ok(Self { reader, pending, layout, columns, pad, skip_below: 0, done: false, progress })
    }

    fn find_header(pending: &VecDeque<Result<Row, RowError>>, header: Header, wanted: u64) -> Result<Found, Error> {
        let rows: Vec<&Row> = pending.iter().flatten().collect();
        let Some(first) = rows.iter().position(|row| !row.cells.iter().all(Cell::is_blank)) else {
            return match pending.front() {
                None | Some(Ok(_)) => Err(Error::Empty),
                Some(Err(error)) => Err(io::Error::new(io::ErrorKind::InvalidData, error.to_string()).into()),
            };
        };
        Ok(match header {
            Header::Sniff => header::sniff(&rows),
            Header::Present => header::at(&rows, first),
            Header::Row(_) => header::at(&rows, rows.iter().position(|row| row.number >= wanted).unwrap_or(first)),
            Header::Absent => header::absent(&rows),
        })
    }

    /// A source whose format names its columns.
    fn named(reader: Box<dyn RowReader>, layout: Layout, columns: Vec<String>, progress: Progress) -> Self {
        Self { reader, pending: VecDeque::new(), layout, columns, pad: true, skip_below: 0, done: false, progress }
    }

    fn fit(&self, mut row: Row) -> Result<Row, RowError> {
        let expected = self.columns.len();
        while row.cells.len() > expected && row.cells.last().is_some_and(Cell::is_blank) {
            row.cells.pop();
        }
        if row.cells.len() < expected && self.pad {
            row.cells.resize(expected, Cell::Null);
        }
        if row.cells.len() == expected {
            return Ok(row);
        }
        let texts: Vec<_> = row.cells.iter().map(Cell::to_text).collect();
        Err(self.ragged(row.number, &texts))
    }

    fn ragged<T: AsRef<str>>(&self, number: u64, cells: &[T]) -> RowError {
        let separator = self.layout.delimiter.unwrap_or('\t').to_string();
        let texts: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
        let raw = crate::row::raw_text(texts.join(&separator).as_bytes());
        RowError::new(number, Reason::Ragged { expected: self.columns.len(), found: cells.len() }, raw)
    }
}

impl Iterator for Source {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let Some(item) = self.pending.pop_front().or_else(|| self.reader.next_row()) else {
                self.done = true;
                break;
            };
            let number = number_of(&item);
            if let Progress::Rows { read, .. } = &mut self.progress {
                *read = number;
            }
            let fatal = item.as_ref().is_err_and(|error| error.reason.is_fatal());
            self.done = fatal;
            if number < self.skip_below && !fatal {
                continue;
            }
            match item {
                Ok(row) if row.cells.iter().all(Cell::is_blank) && self.columns.len() > 1 => {}
                Ok(row) => return Some(self.fit(row)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

impl Layout {
    pub(crate) fn of(format: Format) -> Self {
        Self { format, encoding: None, delimiter: None, quote: None, header_row: None, sheets: Vec::new(), sheet: None }
    }
}

fn number_of(item: &Result<Row, RowError>) -> u64 {
    match item {
        Ok(row) => row.number,
        Err(error) => error.number,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Zip,
    Parquet,
    Gzip,
    Other,
}

fn magic(sample: &[u8]) -> Result<Content, Error> {
    Ok(match sample {
        [] => Content::Nothing,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Content::Zip,
        [b'P', b'A', b'R', b'1', ..] => Content::Parquet,
        [0x1F, 0x8B, 8, ..] => Content::Gzip,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(Error::Unsupported("old or encrypted Excel (.xls)")),
        [b'%', b'P', b'D', b'F', ..] => return Err(Error::Unsupported("PDF")),
        _ => Content::Other,
    })
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Fails instead of unpacking for ever.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "the unpacked file passes the limit"))?;
        Ok(read)
    }
}

/// The limits that a row of typed cells must keep; formats that hold text check their own.
pub(crate) fn check_row(row: Row, limits: &Limits) -> Result<Row, RowError> {
    let mut total = 0;
    for (index, cell) in row.cells.iter().enumerate() {
        let weight = cell.weight();
        total += weight;
        if weight > limits.cell_bytes.max(16) {
            let reason = Reason::CellTooLong { column: index + 1, limit: limits.cell_bytes };
            return Err(RowError::new(row.number, reason, crate::row::shorten(&cell.to_text(), 1024)));
        }
    }
    if total > limits.row_bytes {
        return Err(RowError::new(row.number, Reason::RowTooLong { limit: limits.row_bytes }, ""));
    }
    Ok(row)
}
