//! Accuracy on public registers, where they are at hand.

use std::path::{Path, PathBuf};

use matching::{Column, Config, Entity, Options, Table, evaluate, resolve};

/// A file of the data folder; `None`, with a word about it, where the folder is absent.
fn data(file: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLIENTELE_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("{} is absent: accuracy is not measured on it", path.display());
    None
}

/// Reads a file of simple cells: none of these files has quotes.
fn read(table: &mut Table, path: &Path) {
    let text = std::fs::read_to_string(path).expect("a text file");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').map(str::trim).collect();
    let mut columns: Vec<(String, Column)> = names.iter().map(|name| ((*name).to_owned(), Column::default())).collect();
    for line in lines {
        let mut cells = line.split(',');
        for (_, column) in &mut columns {
            column.push(cells.next().map(str::trim).filter(|cell| !cell.is_empty()));
        }
    }
    table.append(&path.file_stem().expect("a name").to_string_lossy(), columns).expect("a table");
}

/// The F1 of the clusters' pairs, where `entity` gives the truth of a cell of `column`.
fn f1(files: &[PathBuf], column: &str, entity: fn(&str) -> &str) -> f64 {
    let mut table = Table::default();
    for file in files {
        read(&mut table, file);
    }
    let config = Config::infer(&table, None).expect("columns");
    assert_eq!(config.entity, Entity::Person);
    let found = resolve(&table, &config, &Options::default()).expect("resolved");
    let at = table.column(column).expect("the truth");
    let truth = evaluate::number(table.columns()[at].iter().map(|cell| cell.map(entity)));
    evaluate::clusters(&found.clusters, &truth).pairs.f1
}

fn febrl(id: &str) -> &str {
    id.split('-').nth(1).unwrap_or_default()
}

#[test]
fn febrl_3() {
    let Some(file) = data("er/febrl/dataset3.csv") else { return };
    let f1 = f1(&[file], "rec_id", febrl);
    assert!(f1 >= 0.997, "{f1}");
}

#[test]
fn febrl_4() {
    let (Some(a), Some(b)) = (data("er/febrl/dataset4a.csv"), data("er/febrl/dataset4b.csv")) else { return };
    let f1 = f1(&[a, b], "rec_id", febrl);
    assert!(f1 >= 0.9995, "{f1}");
}

#[test]
fn fake_1000() {
    let Some(file) = data("er/fake_1000.csv") else { return };
    let f1 = f1(&[file], "cluster", |cell| cell);
    assert!(f1 >= 0.93, "{f1}");
}
