//! Reading by columns shows what reading by rows shows.

use std::path::Path;

use tabular::{Cell, Column, ColumnSink, ColumnType, Format, Options, Ragged, Sink, SinkOptions, Source, Summary};

/// Keeps everything, and stops after a number of reports.
#[derive(Default)]
struct Kept {
    names: Vec<String>,
    columns: Vec<Vec<Option<String>>>,
    numbers: Vec<u64>,
    reports: usize,
    stop: bool,
}

impl ColumnSink for Kept {
    fn begin(&mut self, columns: &[String], _: Option<u64>) {
        self.names = columns.to_vec();
        self.columns = vec![Vec::new(); columns.len()];
    }

    fn cell(&mut self, column: usize, text: Option<&str>) {
        self.columns[column].push(text.map(str::to_owned));
    }

    fn row(&mut self, number: u64) {
        self.numbers.push(number);
    }

    fn progress(&mut self, done: Option<f64>) -> bool {
        assert!(done.is_none_or(|done| (0.0..=1.0).contains(&done)));
        self.reports += 1;
        !self.stop
    }
}

/// A row's number and its cells.
type Texts = (u64, Vec<Option<String>>);

impl Kept {
    fn rows(&self) -> Vec<Texts> {
        let row = |row: usize| self.columns.iter().map(|column| column[row].clone()).collect();
        self.numbers.iter().enumerate().map(|(index, number)| (*number, row(index))).collect()
    }
}

fn by_columns(path: &Path, options: &Options) -> (Kept, Summary) {
    let mut kept = Kept::default();
    let summary = tabular::read_columns(path, options, &mut kept).unwrap();
    (kept, summary)
}

fn by_rows(path: &Path, options: &Options) -> (Vec<String>, Vec<Texts>, u64) {
    let source = Source::open(path, options).unwrap();
    let names = source.columns().to_vec();
    let mut rejected = 0;
    let mut rows = Vec::new();
    for item in source {
        match item {
            Ok(row) => {
                let texts = row.cells.iter().map(|c| (*c != Cell::Null).then(|| c.to_text().into_owned())).collect();
                rows.push((row.number, texts));
            }
            Err(_) => rejected += 1,
        }
    }
    (names, rows, rejected)
}

fn check(path: &Path, options: &Options) -> Summary {
    let (names, rows, rejected) = by_rows(path, options);
    let (kept, summary) = by_columns(path, options);
    assert_eq!(kept.names, names);
    assert_eq!(kept.rows(), rows);
    assert_eq!((summary.rows, summary.rejected), (rows.len() as u64, rejected));
    summary
}

#[test]
fn every_format_reads_the_same_by_columns() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = [
        ColumnType::Text,
        ColumnType::Int,
        ColumnType::Float,
        ColumnType::Bool,
        ColumnType::Date,
        ColumnType::Decimal(2),
        ColumnType::Instant,
    ];
    // Without the last two every column of a Parquet file is plain, and is decoded by itself.
    for width in [5, 7] {
        let columns: Vec<Column> =
            kinds[..width].iter().enumerate().map(|(n, kind)| Column::new(format!("c{n}"), *kind)).collect();
        for format in [Format::Csv, Format::Json, Format::Xlsx, Format::Parquet] {
            let path = folder.path().join(format!("t{width}.{}", format.extension()));
            let mut sink = Sink::create(&path, format, &columns, &SinkOptions::default()).unwrap();
            for n in 0..300_i64 {
                let cells = [
                    if n % 7 == 3 { Cell::Null } else { format!("l'été \"{n}\",\n=1").into() },
                    if n % 5 == 1 { Cell::Null } else { Cell::Int(n - 20) },
                    Cell::Float(n as f64 / 8.0),
                    Cell::Bool(n % 2 == 0),
                    if n % 3 == 0 { Cell::Null } else { Cell::Date("2024-02-29".parse().unwrap()) },
                    Cell::Decimal(rust_decimal::Decimal::new(n, 2)),
                    Cell::Instant("2026-03-01T08:30:00Z".parse().unwrap()),
                ];
                sink.write(&cells[..width]).unwrap();
            }
            sink.finish().unwrap();
            assert_eq!(check(&path, &Options::default()).rows, 300, "{format}");
        }
    }
}

#[test]
fn bad_rows_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    let mut text = b"nom;ville\nAnn;Lille\nBob\nCid;Metz;;\n;\nDan;Br\xE8st\n".to_vec();
    text.extend("Eve;Nîmes\nFay;a;b\n".as_bytes());
    std::fs::write(&path, text).unwrap();
    let summary = check(&path, &Options::default());
    assert_eq!(summary.errors.len() as u64, summary.rejected);
    assert!(summary.rejected >= 2);
    let padded = check(&path, &Options { ragged: Ragged::Pad, ..Options::default() });
    assert_eq!(padded.rejected, summary.rejected - 1);
}

#[test]
fn reading_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    std::fs::write(&path, format!("a,b\n{}", "x,y\n".repeat(50_000))).unwrap();
    let mut kept = Kept { stop: true, ..Kept::default() };
    let summary = tabular::read_columns(&path, &Options::default(), &mut kept).unwrap();
    assert!(summary.stopped && summary.rows < 50_000 && kept.reports == 1);
}

#[test]
fn damaged_parquet_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let mut sink =
        Sink::create(&path, Format::Parquet, &[Column::new("a", ColumnType::Text)], &SinkOptions::default()).unwrap();
    for n in 0..2_000 {
        sink.write(&[format!("value {}", n * 7_919 % 1_009).into()]).unwrap();
    }
    sink.finish().unwrap();
    let whole = std::fs::read(&path).unwrap();
    for at in (4..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        // Some damage cannot be seen; whatever happens, every column has one cell per row.
        let mut kept = Kept::default();
        if let Ok(summary) = tabular::read_columns(&path, &Options::default(), &mut kept) {
            assert_eq!(kept.numbers.len() as u64, summary.rows);
            assert!(kept.columns.iter().all(|column| column.len() == kept.numbers.len()));
        }
    }
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(tabular::read_columns(&path, &Options::default(), &mut Kept::default()).is_err());
}
