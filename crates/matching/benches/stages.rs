//! The stages of resolving, each by itself and all together, on a made-up register.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use matching::{Config, Index, Model, Options, Stage, Table, explain, resolve};

#[path = "../tests/it/people.rs"]
mod people;

const ROWS: usize = 20_000;

fn register() -> (Table, Config, Model) {
    let (records, _) = people::register(ROWS, 1);
    let table = people::table(&records);
    let config = Config::infer(&table, None).expect("columns");
    let model = resolve(&table, &config, &Options::default()).expect("resolved").model;
    (table, config, model)
}

fn stages(criterion: &mut Criterion) {
    let (table, config, model) = register();
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10);
    group.bench_function("learn, score and cluster 20,000 rows", |bencher| {
        bencher.iter(|| resolve(&table, &config, &Options::default()).expect("resolved"));
    });
    let given = Options { model: Some(&model), ..Options::default() };
    group.bench_function("score and cluster 20,000 rows under a model", |bencher| {
        bencher.iter(|| resolve(&table, &config, &given).expect("resolved"));
    });
    for (name, stage) in [
        ("normalisation", Stage::Normalise),
        ("blocking", Stage::Block),
        ("expectation maximisation", Stage::Learn),
        ("comparison", Stage::Score),
        ("clustering", Stage::Cluster),
    ] {
        let time = || -> Duration {
            let found = resolve(&table, &config, &Options::default()).expect("resolved");
            found.timings.iter().filter(|time| time.stage == stage).map(|time| time.wall).sum()
        };
        group.bench_function(format!("{name} of 20,000 rows"), |bencher| {
            bencher.iter_custom(|rounds| (0..rounds).map(|_| time()).sum());
        });
    }
    group.bench_function("explain a pair", |bencher| {
        bencher.iter(|| explain(&model, &table, black_box(1), black_box(2)).expect("rows"));
    });
    group.finish();
}

fn index(criterion: &mut Criterion) {
    let (table, config, _) = register();
    let resolution = resolve(&table, &config, &Options::default()).expect("resolved");
    let mut index = Index::of_resolution(&table, &resolution).expect("an index");
    let (others, _) = people::register(5_000, 2);
    let mut next = others.iter().cycle();
    criterion.bench_function("insert a record", |bencher| {
        bencher.iter_batched(
            || next.next().expect("a record"),
            |row| {
                let cells: Vec<(&str, &str)> = people::COLUMNS
                    .iter()
                    .zip(row)
                    .filter_map(|(name, cell)| Some((*name, cell.as_deref()?)))
                    .collect();
                index.insert("web", &cells).expect("inserted")
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, stages, index);
criterion_main!(benches);
