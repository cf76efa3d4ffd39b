//! Any text in any column, configuration or model is read without harm.

use matching::{Config, Entity, Model, Options, Table, resolve};
use proptest::prelude::*;

const COLUMNS: &[&str] = &[
    "nom",
    "prénom",
    "naissance",
    "adresse",
    "cp",
    "ville",
    "mail",
    "tel",
    "siret",
    "titre",
    "prix",
    "gps",
    "nom complet",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_cells_are_resolved(
        cells in prop::collection::vec(prop::option::of(".{0,24}"), COLUMNS.len()..5 * COLUMNS.len()),
        entity in prop::sample::select(vec![None, Some(Entity::Person), Some(Entity::Organisation), Some(Entity::Any)]),
    ) {
        let rows: Vec<Vec<Option<&str>>> =
            cells.chunks_exact(COLUMNS.len()).map(|row| row.iter().map(Option::as_deref).collect()).collect();
        let mut table = Table::default();
        table.append_rows("t", COLUMNS, &rows).expect("rows of equal length");
        if let Ok(config) = Config::infer(&table, entity) {
            let found = resolve(&table, &config, &Options::default()).expect("resolved");
            prop_assert_eq!(found.clusters.len(), rows.len());
            prop_assert!(found.confidence.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }

    #[test]
    fn any_text_is_no_model_or_one(text in ".{0,200}") {
        let _ = Config::from_toml(&text);
        let _ = Model::from_json(&text);
        let _ = Model::import_splink(&text, &Config::default());
    }
}
