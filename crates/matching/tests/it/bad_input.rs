//! What is not a clean table gives a clear error or a sound result.

use matching::{Column, Config, Entity, Error, Model, Options, Role, Table, resolve};

fn run(table: &Table) -> Result<matching::Resolution, Error> {
    resolve(table, &Config::infer(table, None)?, &Options::default())
}

fn repeated(columns: &[(&str, &str)], rows: usize) -> Table {
    let mut table = Table::default();
    let columns = columns.iter().map(|(name, cell)| {
        let cell = if cell.is_empty() { None } else { Some(*cell) };
        ((*name).to_owned(), (0..rows).map(|_| cell).collect::<Column>())
    });
    table.append("t", columns.collect()).expect("a table");
    table
}

#[test]
fn nothing_at_all() {
    assert!(matches!(run(&Table::default()), Err(Error::Empty)));
    assert!(matches!(run(&repeated(&[("nom", "x")], 0)), Err(Error::Empty)));
    let message = run(&repeated(&[("id", "1"), ("created_at", "2020-01-01")], 3)).expect_err("no column").to_string();
    assert_eq!(message, "no column was recognised: give some a role in the configuration (columns: id, created_at)");
}

#[test]
fn one_row_and_one_column() {
    assert_eq!(run(&repeated(&[("nom", "Durand")], 1)).expect("one row").clusters, [0]);
    let found = run(&repeated(&[("email", "a@free.fr")], 5)).expect("one column");
    assert_eq!(found.clusters.len(), 5);
}

#[test]
fn columns_without_values() {
    let mut table = repeated(&[("nom", ""), ("prénom", "")], 50);
    assert!(matches!(run(&table), Err(Error::NothingToCompare(_))));
    let config = Config::from_toml("entity = \"person\"\n[[columns]]\nname = \"nom\"\nrole = \"last_name\"")
        .expect("a configuration");
    let found = resolve(&table, &config, &Options::default()).expect("resolved");
    assert_eq!(found.cluster_count, 50);
    table.append("u", vec![("nom".to_owned(), Column::from_iter([Some("n/a"), Some("test")]))]).expect("appended");
    assert_eq!(resolve(&table, &config, &Options::default()).expect("resolved").cluster_count, 52);
}

#[test]
fn many_identical_rows_are_one_and_cost_little() {
    let columns = [
        ("nom", "Zyskind"),
        ("prénom", "Élodie"),
        ("naissance", "1990-03-14"),
        ("email", "elodie@zyskind.fr"),
        ("cp", "69001"),
    ];
    let found = run(&repeated(&columns, 60_000)).expect("resolved");
    assert!(found.scored < 60_000 * 60, "{}", found.scored);
    let first = found.clusters[0];
    assert!(found.clusters.iter().all(|cluster| *cluster == first));
}

#[test]
fn one_giant_block_is_divided() {
    let mut table = Table::default();
    let names: Column = (0..20_000).map(|_| Some("Martin")).collect();
    let first: Vec<String> = (0..20_000).map(|n| format!("N{}", n % 7000)).collect();
    let first: Column = first.iter().map(|name| Some(name.as_str())).collect();
    table.append("t", vec![("nom".to_owned(), names), ("prénom".to_owned(), first)]).expect("a table");
    let found = run(&table).expect("resolved");
    assert!(found.scored < 4_000_000, "{}", found.scored);
}

#[test]
fn absurd_lengths() {
    let long = "Très longue ".repeat(200_000);
    let found = run(&repeated(&[("nom", &long), ("prénom", &long), ("adresse", &long), ("email", &long)], 3))
        .expect("resolved");
    assert_eq!(found.clusters.len(), 3);
}

#[test]
fn unknown_names_in_a_configuration() {
    let table = repeated(&[("nom", "Durand"), ("prénom", "Léa")], 3);
    let mut config = Config::infer(&table, None).expect("columns");
    config.distinct_sources = vec!["nowhere".to_owned()];
    let error = resolve(&table, &config, &Options::default()).expect_err("no such source").to_string();
    assert_eq!(error, "the table has no source “nowhere”");
    config.distinct_sources.clear();
    config.columns[0].name = "absent".to_owned();
    let error = resolve(&table, &config, &Options::default()).expect_err("no such column").to_string();
    assert_eq!(error, "the table has no column “absent”");
    let mut config = Config::infer(&table, None).expect("columns");
    config.blocking = vec!["email".to_owned()];
    let error = resolve(&table, &config, &Options::default()).expect_err("no such slot").to_string();
    assert_eq!(error, "a blocking rule cannot be read: “email” is none of last_name, first_name");
    assert!(Config::from_toml("entity = \"dragon\"").is_err());
}

#[test]
fn models_that_do_not_fit() {
    let table = repeated(&[("nom", "Durand"), ("prénom", "Léa")], 3);
    let config = Config::infer(&table, Some(Entity::Person)).expect("columns");
    let model = resolve(&table, &config, &Options::default()).expect("resolved").model;
    let mut other = model.clone();
    other.config.columns[0].role = Role::Email;
    let error = resolve(&table, &config, &Options { model: Some(&other), ..Options::default() });
    assert!(matches!(error, Err(Error::ModelMismatch(_))));
    let mut broken = model.clone();
    broken.comparisons[0].levels[0].u = 0.0;
    let error = resolve(&table, &config, &Options { model: Some(&broken), ..Options::default() });
    assert!(matches!(error, Err(Error::ModelMismatch(_))));
    let later = model.to_json().replacen("\"format\": 1", "\"format\": 99", 1);
    assert!(matches!(Model::from_json(&later), Err(Error::FutureModel { found: 99, known: 1 })));
    assert!(matches!(Model::from_json("{"), Err(Error::Unreadable { .. })));
}

#[test]
fn resolving_stops_when_it_is_told_to() {
    let table = repeated(&[("nom", "Durand"), ("prénom", "Léa")], 3);
    let config = Config::infer(&table, None).expect("columns");
    let stop = |_| false;
    let error = resolve(&table, &config, &Options { progress: Some(&stop), ..Options::default() });
    assert!(matches!(error, Err(Error::Stopped)));
}
