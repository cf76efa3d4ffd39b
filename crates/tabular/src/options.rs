use std::fmt;

/// The formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Cells separated by a character, one row a line.
    Csv,
    /// An Office Open XML workbook.
    Xlsx,
    /// One JSON object a line, or one array of objects.
    Json,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format that a file name promises by its extension, ignoring a final `.gz`.
    ///
    /// ```
    /// use tabular::Format;
    /// assert_eq!(Format::of_name("Clients.CSV.gz"), Some(Format::Csv));
    /// assert_eq!(Format::of_name("notes.docx"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "csv" | "tsv" | "tab" | "txt" => Some(Self::Csv),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The usual file extension, without a point.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Json => "JSON",
            Self::Parquet => "Parquet",
        })
    }
}

/// How the bytes of a text file become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, what French and English Windows write; a superset of ISO-8859-1.
    Windows1252,
    /// ISO-8859-15, Latin with the euro sign.
    Iso8859_15,
}

/// Whether the first row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    /// Decide from the first rows; titles above the header are skipped.
    #[default]
    Sniff,
    /// The first row that is not blank is the header.
    Present,
    /// The row of this number (line of the file, row of the sheet) is the header.
    Row(u64),
    /// There is none: columns are called `column_1`, `column_2`, …
    Absent,
}

/// What becomes of rows with too few or too many cells. Blank cells beyond the last column are always dropped, and
/// spreadsheets, which do not store blank cells at the end of a row, are always padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ragged {
    /// They are row errors.
    #[default]
    Reject,
    /// Short rows are filled with nulls; long rows are still errors, for nothing is dropped in silence.
    Pad,
}

/// How much a file may ask of memory and time. A limit that is passed is an error that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest row, in bytes of UTF-8.
    pub row_bytes: usize,
    /// The longest cell, in bytes of UTF-8.
    pub cell_bytes: usize,
    /// The most columns.
    pub columns: usize,
    /// The most a compressed file may become, in bytes.
    pub unpacked_bytes: u64,
    /// The most the shared texts of a workbook may become, in bytes: they are held in memory while it is read.
    pub shared_text_bytes: u64,
    /// How many times larger than its packed form a part of a workbook may be, once it passes 64 MiB.
    pub unpacked_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes: 4 << 20,
            cell_bytes: 1 << 20,
            columns: 2_000,
            unpacked_bytes: 8 << 30,
            shared_text_bytes: 512 << 20,
            unpacked_ratio: 200,
        }
    }
}

/// How a table is read. Everything left at its default is found out from the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The format.
    pub format: Option<Format>,
    /// The character between the cells of a CSV file (ASCII).
    pub delimiter: Option<u8>,
    /// The character around cells of a CSV file (ASCII).
    pub quote: Option<u8>,
    /// The encoding of a text file.
    pub encoding: Option<Encoding>,
    /// Whether the first row names the columns.
    pub header: Header,
    /// The sheet of a workbook; the first one by default.
    pub sheet: Option<String>,
    /// What becomes of rows with too few or too many cells.
    pub ragged: Ragged,
    /// Takes back the apostrophe that [`formula::neutralise`](crate::formula::neutralise) puts before dangerous texts in CSV.
    pub restore_formulas: bool,
    /// Limits on memory and time.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            delimiter: None,
            quote: None,
            encoding: None,
            header: Header::default(),
            sheet: None,
            ragged: Ragged::default(),
            restore_formulas: true,
            limits: Limits::default(),
        }
    }
}
