//! Any bytes as the cells of a small table, as a configuration, as a model: never a panic, never a hang.

#![no_main]

use libfuzzer_sys::fuzz_target;
use matching::{Config, Model, Options, Table, resolve};

const COLUMNS: &[&str] = &[
    "nom", "prénom", "naissance", "adresse", "cp", "ville", "mail", "tel", "siret", "titre", "prix", "lat", "lon",
    "coordonnées gps",
];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = Config::from_toml(&text);
    let _ = Model::from_json(&text);
    let cells: Vec<Option<&str>> = text.split('|').map(Some).collect();
    let rows: Vec<Vec<Option<&str>>> = cells
        .chunks(COLUMNS.len())
        .take(40)
        .map(|row| row.iter().copied().chain(std::iter::repeat(None)).take(COLUMNS.len()).collect())
        .collect();
    let mut table = Table::default();
    if table.append_rows("fuzz", COLUMNS, &rows).is_ok()
        && let Ok(config) = Config::infer(&table, None)
    {
        let _ = resolve(&table, &config, &Options { threads: Some(1), ..Options::default() });
    }
});
