//! Learns the models that a new database starts with, from the demo's generated people and organisations:
//! `starting_model FOLDER` writes `person.json` and `organisation.json`.

use std::collections::BTreeMap;
use std::path::Path;

use customers::identity::{Attributes, Kind, Reader, columns, config};
use demo::{Company, ORGANISATION_COLUMNS, Plan, SourceFile};
use matching::{Column, Frequencies, Model, Options, Table, resolve};
use serde_json::{Map, Value as Json};

/// Most values of an attribute whose frequency is kept: rarer ones weigh alike.
const KEPT: usize = 400;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("say the folder to write to")?;
    let company = Company::new(Plan::new(7, "2026-01-01".parse()?).scaled(6_000));
    let mut people = Vec::new();
    for file in [SourceFile::Shop, SourceFile::Newsletter, SourceFile::HelpDesk, SourceFile::TradeFair] {
        people.extend(read(Kind::Person, file.columns(), company.source_rows(file)));
    }
    write(Kind::Person, &people, Path::new(&folder))?;
    let rows = demo::organisations(20_000, 7).map(|row| row[2..].to_vec());
    let organisations = read(Kind::Organisation, &ORGANISATION_COLUMNS[2..], rows);
    write(Kind::Organisation, &organisations, Path::new(&folder))
}

fn read(kind: Kind, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<Attributes> {
    let mut reader = Reader::default();
    let payload = |row: Vec<String>| -> Json {
        columns.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.into())).collect::<Map<_, _>>().into()
    };
    rows.map(|row| reader.read(kind, &payload(row))).collect()
}

fn write(kind: Kind, records: &[Attributes], folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut table = Table::default();
    let column = |name: String| {
        let mut column = Column::default();
        records.iter().for_each(|record| column.push(record.cell(&name)));
        (name, column)
    };
    table.append("demo", columns(kind).map(|(name, ..)| column(name)).collect())?;
    let found = resolve(&table, &config(kind), &Options::default())?;
    println!("{kind:?}: {} records, {} clusters", table.rows(), found.cluster_count);
    let mut model: Model = found.model;
    model.blocking = config(kind).blocking;
    model.block_limits.clear();
    model.frequencies.values_mut().for_each(prune);
    std::fs::write(folder.join(format!("{}.json", kind.as_str())), model.to_json() + "\n")?;
    Ok(())
}

fn prune(held: &mut Frequencies) {
    let mut counts: Vec<(String, u32)> = std::mem::take(&mut held.counts).into_iter().collect();
    counts.sort_by(|x, y| y.1.cmp(&x.1).then_with(|| x.0.cmp(&y.0)));
    counts.truncate(KEPT);
    held.counts = counts.into_iter().collect::<BTreeMap<_, _>>();
}
