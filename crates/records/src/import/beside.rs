//! The files beside an import: rejected rows with their reasons, numbers of rows that wait. They grow before the transaction that
//! remembers their length commits, so that what a crash leaves too much is cut off when the import goes on.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tabular::{Cell, Column, ColumnType, Format, Sink, SinkOptions};

/// A rejected row.
pub(super) struct Rejected<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) row: u64,
    pub(super) reason: String,
    /// As the file has it, where it could not be split into cells.
    pub(super) text: &'a str,
}

/// Adds rejected rows to a CSV file that is `at` bytes long so far; answers its new length.
pub(super) fn reject(path: &Path, at: u64, columns: &[String], rows: &[Rejected<'_>]) -> io::Result<u64> {
    if rows.is_empty() {
        return Ok(at);
    }
    let head = table(columns, &[])?;
    let all = table(columns, rows)?;
    append(path, at, if at == 0 { &all } else { &all[head.len()..] })
}

/// Adds the numbers of waiting rows to a file that is `at` bytes long so far; answers its new length.
pub(super) fn wait(path: &Path, at: u64, rows: impl Iterator<Item = u64>) -> io::Result<u64> {
    let text: String = rows.map(|n| format!("{n}\n")).collect();
    if text.is_empty() { Ok(at) } else { append(path, at, text.as_bytes()) }
}

/// The numbers of waiting rows in the first `length` bytes of a file.
pub(super) fn waiting(path: &Path, length: u64) -> io::Result<HashSet<u64>> {
    let mut text = String::new();
    File::open(path)?.take(length).read_to_string(&mut text)?;
    Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
}

/// Where the numbers of the rows that wait after a pass are kept.
pub(super) fn waiting_path(rejects: &Path, pass: u32) -> PathBuf {
    let mut name = rejects.file_name().unwrap_or_default().to_owned();
    name.push(format!(".waiting-{pass}"));
    rejects.with_file_name(name)
}

fn append(path: &Path, at: u64, bytes: &[u8]) -> io::Result<u64> {
    let mut file = File::options().create(true).truncate(false).write(true).open(path)?;
    file.set_len(at)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(at + bytes.len() as u64)
}

fn table(columns: &[String], rows: &[Rejected<'_>]) -> io::Result<Vec<u8>> {
    let mut header: Vec<Column> = columns.iter().map(|c| Column::new(c, ColumnType::Text)).collect();
    for name in ["row", "error", "text"] {
        let mut name = name.to_owned();
        while columns.iter().any(|c| c.eq_ignore_ascii_case(&name)) {
            name.push('_');
        }
        header.push(Column::new(name, ColumnType::Text));
    }
    let bytes = Shared::default();
    let options = SinkOptions { byte_order_mark: true, ..SinkOptions::default() };
    let mut sink = Sink::to_writer(bytes.clone(), Format::Csv, &header, &options).map_err(io::Error::other)?;
    for row in rows {
        let mut cells = row.cells.to_vec();
        cells.resize(columns.len(), Cell::Null);
        cells.extend([Cell::Int(row.row as i64), Cell::from(row.reason.as_str()), Cell::from(row.text)]);
        sink.write(&cells).map_err(io::Error::other)?;
    }
    sink.finish().map_err(io::Error::other)?;
    let bytes = std::mem::take(&mut *bytes.0.lock().expect("not poisoned"));
    Ok(bytes)
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
