//! A register of organisations as several tools of one company would keep it, with the truth beside each row.
//!
//! It is made to measure the matching of organisations. The truth is the **legal entity** (in France, the SIREN): branches of
//! one entity at different addresses are the same organisation. What must stay apart is there on purpose: a holding and the
//! company it owns, the property company (SCI) of the same family at the same address, sister companies abroad, franchises
//! of one brand, companies of namesakes, and unrelated companies that share a business centre.
//!
//! Mailboxes at public providers and telephone numbers are drawn from all possible ones and may exist: the rows are for
//! measuring, nobody is to be written to or called.

mod abroad;
mod company;
mod damage;
mod number;
mod words;

use company::Company;

use crate::rng::{Rng, permute};

/// The columns of [`organisations`], in the order of its cells.
pub const ORGANISATION_COLUMNS: [&str; 13] = [
    "id",
    "truth",
    "name",
    "siren",
    "siret",
    "vat_number",
    "street",
    "postcode",
    "city",
    "country",
    "phone",
    "email",
    "website",
];

/// How many rows a legal entity has, by weight: 1, 2, 3, 4, 6 or 9.
const COPIES: [(u64, u64); 6] = [(1, 66), (2, 19), (3, 8), (4, 4), (6, 2), (9, 1)];

/// `count` rows in an order that tells nothing, each with one cell per column of [`ORGANISATION_COLUMNS`]. Missing values
/// are empty. The same count and seed give the same rows on every machine.
///
/// ```
/// let rows: Vec<_> = demo::organisations(100, 7).collect();
/// assert_eq!(rows.len(), 100);
/// assert_eq!(rows, demo::organisations(100, 7).collect::<Vec<_>>());
/// ```
pub fn organisations(count: u64, seed: u64) -> impl Iterator<Item = Vec<String>> {
    let mut copies = Vec::new();
    let mut entity = 0;
    while (copies.len() as u64) < count {
        let weights = COPIES.map(|(_, weight)| weight);
        let times = COPIES[Rng::of(seed, "organisation-copies", entity).weighted(&weights)].0;
        copies.extend((0..times).map(|time| (entity, time)));
        entity += 1;
    }
    (0..count).map(move |row| {
        let (entity, time) = copies[permute(row, count) as usize];
        let company = Company::of(seed, entity);
        damage::copy(&company, seed, entity, time, row)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap, HashSet};

    use super::*;

    fn column(name: &str) -> usize {
        ORGANISATION_COLUMNS.iter().position(|column| *column == name).unwrap()
    }

    #[test]
    fn rows_of_one_entity_carry_one_registration_number_where_it_is_whole() {
        let mut numbers: HashMap<String, HashSet<String>> = HashMap::new();
        for row in organisations(4000, 3) {
            let siren = &row[column("siren")];
            if siren.len() == 9 && number::is_siren(siren) {
                numbers.entry(row[column("truth")].clone()).or_default().insert(siren.clone());
            }
        }
        assert!(numbers.len() > 300, "{}", numbers.len());
        assert!(numbers.values().all(|found| found.len() == 1));
    }

    #[test]
    fn names_and_addresses_are_shared_by_different_entities() {
        let mut by_name: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        let mut by_address: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        for row in organisations(4000, 3) {
            let truth = row[column("truth")].clone();
            by_name.entry(row[column("name")].clone()).or_default().insert(truth.clone());
            let (street, postcode) = (row[column("street")].clone(), row[column("postcode")].clone());
            if !street.is_empty() {
                by_address.entry(format!("{street}, {postcode}")).or_default().insert(truth);
            }
        }
        let shared = |map: &BTreeMap<String, HashSet<String>>| map.values().filter(|found| found.len() > 1).count();
        assert!(shared(&by_name) > 5, "{}", shared(&by_name));
        assert!(shared(&by_address) > 30, "{}", shared(&by_address));
    }

    #[test]
    fn rows_never_change() {
        let rows: Vec<String> = organisations(4, 1).map(|row| row.join("|")).collect();
        insta::assert_snapshot!(rows.join("\n"), @r"
        org-000001|e1|S.A.R.L. Joliplast Brasserie|||FR60444357792|56 rue Marie-Curie|35356|Fougères CEDEX||03 75 24 72 53|admin@joliplast-brasserie-fougeres.example|
        org-000002|e2|BESSON OPTIQUE SAS|588715409|||72 chemin du Moulin|35400|SAINT-MALO|||direction@besson-optique35.example|
        org-000003|e3|PHARMACIE BESSON SAS|733073019|733 073 019 00016|FR52733073019|Bâtiment A, 21 Bvd du 8-Mai-1945|08000|CHARLEVILLE-MEZIERES|France|05 85 47 34 86||
        org-000004|e0|S.A.R.L. Joliplast Brasserie||||36 chemin Jean-Moulin|57100|Thionville||03 59 43 06 72|ali.lucas@joliplast-brasserie57.example|
        ");
    }

    #[test]
    fn every_row_says_enough_to_be_found_again() {
        let told = ["siren", "siret", "vat_number", "street", "phone", "email", "website"].map(column);
        for row in organisations(3000, 5) {
            assert_eq!(row.len(), ORGANISATION_COLUMNS.len());
            assert!(!row[column("name")].trim().is_empty(), "{row:?}");
            assert!(told.iter().filter(|at| !row[**at].is_empty()).count() >= 2, "{row:?}");
        }
    }
}
