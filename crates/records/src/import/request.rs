//! What an import is asked to do, as it is kept with its batch: enough to go on after a crash.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tabular::{Encoding, Format, Header, Options, Ragged};

use super::mapping::Mapping;

/// What an import is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The file.
    pub path: PathBuf,
    /// What the user calls it.
    pub name: String,
    /// Where the data comes from, `{@source}` in templates.
    #[serde(default)]
    pub source: String,
    /// How the file is read.
    #[serde(default)]
    pub reading: Reading,
    /// What is done with it.
    pub mapping: Mapping,
    /// Where rejected rows go. It is made when there is one.
    pub rejects: PathBuf,
}

/// How a file is read, where it is not to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// `csv`, `xlsx`, `json` or `parquet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The character between cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The character around cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<char>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `iso-8859-15`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The row of the header; 0 when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<u64>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Rows with too few cells are filled with blanks instead of rejected.
    pub pad: bool,
}

impl Reading {
    /// The options of the table reader; the error names a format or an encoding that is not known.
    pub fn options(&self) -> Result<Options, model::Problem> {
        let unknown = |value: &str| model::Problem::new("", "import-unknown-option").text("value", value);
        let ascii = |c: char| u8::try_from(c).ok().filter(u8::is_ascii).ok_or_else(|| unknown(&c.to_string()));
        let format = match self.format.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => None,
            Some(name) => Some(Format::of_name(&format!("x.{name}")).ok_or_else(|| unknown(name))?),
        };
        let encoding = match self.encoding.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => None,
            Some("utf-8" | "utf8") => Some(Encoding::Utf8),
            Some("utf-16" | "utf-16le") => Some(Encoding::Utf16Le),
            Some("utf-16be") => Some(Encoding::Utf16Be),
            Some("windows-1252" | "cp1252" | "latin1" | "iso-8859-1") => Some(Encoding::Windows1252),
            Some("iso-8859-15" | "latin9") => Some(Encoding::Iso8859_15),
            Some(other) => return Err(unknown(other)),
        };
        Ok(Options {
            format,
            delimiter: self.delimiter.map(ascii).transpose()?,
            quote: self.quote.map(ascii).transpose()?,
            encoding,
            header: match self.header {
                None => Header::Sniff,
                Some(0) => Header::Absent,
                Some(row) => Header::Row(row),
            },
            sheet: self.sheet.clone(),
            ragged: if self.pad { Ragged::Pad } else { Ragged::Reject },
            ..Options::default()
        })
    }
}

/// What tells a file from another one and from a later version of itself: its length, its start and its end.
pub(super) fn fingerprint(path: &Path) -> io::Result<String> {
    const ENDS: u64 = 64 * 1024;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    (&mut file).take(ENDS).read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(length.saturating_sub(ENDS)))?;
    file.take(ENDS).read_to_end(&mut bytes)?;
    let hash = Sha256::digest(&bytes);
    let hex: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
    Ok(format!("{length}-{hex}"))
}
