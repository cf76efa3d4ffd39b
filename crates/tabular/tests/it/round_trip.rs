use std::io::Write;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::civil::DateTime;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tabular::{Cell, Column, ColumnType, Format, Header, Options, Sink, SinkOptions, Source};

/// Memory that a sink writes to and a test reads.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn write(format: Format, columns: &[Column], rows: &[Vec<Cell>], options: &SinkOptions) -> Vec<u8> {
    let memory = Memory::default();
    let mut sink = Sink::to_writer(memory.clone(), format, columns, options).unwrap();
    for row in rows {
        sink.write(row).unwrap();
    }
    sink.finish().unwrap();
    Arc::try_unwrap(memory.0).unwrap().into_inner().unwrap()
}

fn read(bytes: Vec<u8>, options: &Options) -> (Vec<String>, Vec<Vec<Cell>>) {
    let source = Source::from_bytes(bytes, options).unwrap();
    let columns = source.columns().to_vec();
    (columns, source.map(|row| row.unwrap().cells).collect())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[-=+@'\"a1 ,;\t\r\n|]{0,8}",
        Just("_x000D_".to_owned()),
        Just("l'été\r\n\"cité\"".to_owned()),
    ]
}

fn column_kind() -> impl Strategy<Value = ColumnType> {
    prop_oneof![
        Just(ColumnType::Text),
        Just(ColumnType::Int),
        Just(ColumnType::Float),
        Just(ColumnType::Decimal(2)),
        Just(ColumnType::Bool),
        Just(ColumnType::Date),
        Just(ColumnType::DateTime),
        Just(ColumnType::Instant),
        Just(ColumnType::Json),
    ]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    // Whole seconds between 1950 and 2100, never midnight, which spreadsheets cannot tell from a date.
    (-600_000_000_i64..4_100_000_000)
        .prop_map(|s| Timestamp::from_second(s - s.rem_euclid(86_400) + s.rem_euclid(86_399) + 1).unwrap())
}

fn date_time(at: Timestamp) -> DateTime {
    jiff::tz::TimeZone::UTC.to_datetime(at)
}

fn cell(kind: ColumnType) -> BoxedStrategy<Cell> {
    let some = match kind {
        ColumnType::Text => text().prop_map(Cell::Text).boxed(),
        ColumnType::Int => (-999_999_999_999_999_i64..999_999_999_999_999).prop_map(Cell::Int).boxed(),
        ColumnType::Float => (-1e9_f64..1e9).prop_map(|f| Cell::Float(f + 0.123)).boxed(),
        ColumnType::Decimal(scale) => {
            (-99_999_999_i64..99_999_999).prop_map(move |n| Cell::Decimal(Decimal::new(n, scale))).boxed()
        }
        ColumnType::Bool => any::<bool>().prop_map(Cell::Bool).boxed(),
        ColumnType::Date => moment().prop_map(|at| Cell::Date(date_time(at).date())).boxed(),
        ColumnType::DateTime => moment().prop_map(|at| Cell::DateTime(date_time(at))).boxed(),
        ColumnType::Instant => moment().prop_map(Cell::Instant).boxed(),
        ColumnType::Json => prop_oneof![Just(serde_json::json!(["a", "b"])), Just(serde_json::json!({"k": [1, null]}))]
            .prop_map(Cell::Json)
            .boxed(),
    };
    prop_oneof![1 => Just(Cell::Null), 9 => some].boxed()
}

fn table() -> impl Strategy<Value = (Vec<Column>, Vec<Vec<Cell>>)> {
    prop::collection::vec(column_kind(), 1..5).prop_flat_map(|kinds| {
        let columns: Vec<Column> =
            kinds.iter().enumerate().map(|(i, kind)| Column::new(format!("field {i}"), *kind)).collect();
        let row: Vec<BoxedStrategy<Cell>> = kinds.iter().map(|kind| cell(*kind)).collect();
        // A first column that is never blank keeps rows from being blank ones.
        let rows = prop::collection::vec((row, 0_i64..99), 1..8).prop_map(|rows| {
            rows.into_iter()
                .map(|(mut row, n)| {
                    row.insert(0, Cell::Int(n));
                    row
                })
                .collect()
        });
        let mut all = vec![Column::new("id", ColumnType::Int)];
        all.extend(columns);
        (Just(all), rows)
    })
}

/// What a spreadsheet keeps of a cell: numbers are numbers, empty texts are nothing, lists are text.
fn as_spreadsheet(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) if text.is_empty() => Cell::Null,
        Cell::Float(value) if value.fract() == 0.0 => Cell::Int(*value as i64),
        Cell::Decimal(value) => {
            let value: f64 = value.to_string().parse().unwrap();
            as_spreadsheet(&Cell::Float(value))
        }
        Cell::Instant(at) => Cell::DateTime(date_time(*at)),
        Cell::Json(value) => Cell::Text(value.to_string()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn csv_keeps_every_text((columns, rows) in table(), delimiter in prop::sample::select(&b",;\t|"[..]), mark in any::<bool>()) {
        let options = SinkOptions { delimiter, byte_order_mark: mark, ..SinkOptions::default() };
        let bytes = write(Format::Csv, &columns, &rows, &options);
        let (names, found) = read(bytes, &Options { header: Header::Present, delimiter: Some(delimiter), quote: Some(b'"'), ..Options::default() });
        prop_assert_eq!(names, columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        let expected: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| match cell {
            Cell::Null => Cell::Null,
            other => Cell::Text(other.to_text().into_owned()),
        }).collect()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn json_keeps_every_value((columns, rows) in table()) {
        let (names, found) = read(write(Format::Json, &columns, &rows, &SinkOptions::default()), &Options { format: Some(Format::Json), ..Options::default() });
        prop_assert_eq!(names, columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        let expected: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| match cell {
            Cell::Decimal(value) => { let value: serde_json::Value = serde_json::from_str(&value.to_string()).unwrap(); value.as_f64().map_or(Cell::Null, Cell::Float) }
            Cell::Date(_) | Cell::DateTime(_) | Cell::Instant(_) => Cell::Text(cell.to_text().into_owned()),
            other => other.clone(),
        }).collect()).collect();
        let numbers = |rows: Vec<Vec<Cell>>| -> Vec<Vec<Cell>> { rows.into_iter().map(|row| row.into_iter().map(|cell| match cell {
            Cell::Int(value) => Cell::Float(value as f64),
            other => other,
        }).collect()).collect() };
        prop_assert_eq!(numbers(found), numbers(expected));
    }

    #[test]
    fn xlsx_keeps_every_value((columns, rows) in table()) {
        let (names, found) = read(write(Format::Xlsx, &columns, &rows, &SinkOptions::default()), &Options { header: Header::Present, ..Options::default() });
        prop_assert_eq!(names, columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        let expected: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(as_spreadsheet).collect()).collect();
        prop_assert_eq!(found, expected);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_keeps_every_value((columns, rows) in table()) {
        let (names, found) = read(write(Format::Parquet, &columns, &rows, &SinkOptions::default()), &Options::default());
        prop_assert_eq!(names, columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        let expected: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| match cell {
            Cell::Json(value) => Cell::Text(value.to_string()),
            other => other.clone(),
        }).collect()).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_file_has_its_name_only_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.xlsx");
    let columns = [Column::new("a", ColumnType::Int)];
    let sink = || Sink::create(&path, Format::Xlsx, &columns, &SinkOptions::default()).unwrap();
    drop(sink());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let mut whole = sink();
    whole.write(&[Cell::Int(1)]).unwrap();
    assert!(!path.exists());
    whole.finish().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(super::show(Source::open(&path, &Options::default()).unwrap()), "a\n2: 1");
}

#[cfg(feature = "parquet")]
#[test]
fn a_value_of_another_type_is_refused_and_the_table_goes_on() {
    let memory = Memory::default();
    let columns = [Column::new("name", ColumnType::Text), Column::new("day", ColumnType::Date)];
    let mut sink = Sink::to_writer(memory.clone(), Format::Parquet, &columns, &SinkOptions::default()).unwrap();
    let error = sink.write(&["Ann".into(), "soon".into()]).unwrap_err();
    assert_eq!(error.to_string(), "column \"day\" holds dates and cannot take \"soon\"");
    sink.write(&["Bob".into(), Cell::Date(jiff::civil::date(2026, 3, 1))]).unwrap();
    sink.finish().unwrap();
    let bytes = memory.0.lock().unwrap().clone();
    assert_eq!(super::show(super::open(bytes).unwrap()), "name | day\n1: Bob | 2026-03-01");
}
