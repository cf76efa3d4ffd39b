//! Rows read per second, of each format.

use std::hint::black_box;
use std::sync::{Arc, Mutex};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tabular::{Cell, Column, ColumnSink, ColumnType, Format, Options, Sink, SinkOptions, Source, read_columns};

const ROWS: u64 = 50_000;

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|_| std::io::ErrorKind::Other)?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn table(format: Format) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let columns = [
        Column::new("id", ColumnType::Int),
        Column::new("name", ColumnType::Text),
        Column::new("email", ColumnType::Text),
        Column::new("city", ColumnType::Text),
        Column::new("note", ColumnType::Text),
        Column::new("day", ColumnType::Date),
    ];
    let memory = Memory::default();
    let mut sink = Sink::to_writer(memory.clone(), format, &columns, &SinkOptions::default())?;
    let day: jiff::civil::Date = "2026-03-01".parse()?;
    for id in 0..ROWS as i64 {
        let cells = [
            Cell::Int(id),
            format!("Élodie Lefèvre {id}").into(),
            format!("elodie{id}@client.example").into(),
            "Saint-Étienne".into(),
            "Prefers a call, \"never\" before ten".into(),
            Cell::Date(day),
        ];
        sink.write(&cells)?;
    }
    sink.finish()?;
    let bytes = memory.0.lock().map_err(|_| "poisoned")?.clone();
    Ok(bytes)
}

fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    for format in [Format::Csv, Format::Json, Format::Xlsx, Format::Parquet] {
        let Ok(bytes) = table(format) else { continue };
        group.bench_function(format.to_string(), |bencher| {
            bencher.iter_batched(
                || bytes.clone(),
                |bytes| black_box(Source::from_bytes(bytes, &Options::default()).map(Iterator::count)),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// Counts cells, as cheaply as a sink can.
#[derive(Default)]
struct Counter(usize);

impl ColumnSink for Counter {
    fn begin(&mut self, _: &[String], _: Option<u64>) {}

    fn cell(&mut self, _: usize, text: Option<&str>) {
        self.0 += text.map_or(0, str::len);
    }

    fn row(&mut self, _: u64) {}

    fn progress(&mut self, _: Option<f64>) -> bool {
        true
    }
}

fn columns(c: &mut Criterion) {
    let mut group = c.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    let Ok(folder) = tempfile::tempdir() else { return };
    for format in [Format::Csv, Format::Json, Format::Xlsx, Format::Parquet] {
        let path = folder.path().join(format.extension());
        let Ok(bytes) = table(format) else { continue };
        if std::fs::write(&path, bytes).is_err() {
            continue;
        }
        group.bench_function(format.to_string(), |bencher| {
            bencher.iter(|| {
                let mut counter = Counter::default();
                black_box(read_columns(&path, &Options::default(), &mut counter).map(|summary| summary.rows))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read, columns);
criterion_main!(benches);
