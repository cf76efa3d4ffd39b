//! Records one at a time end in the clusters of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use matching::{Config, Index, Model, Options, Verdict, resolve};
use proptest::prelude::*;

use crate::people::{COLUMNS, Dice, Row, register, table};

/// A model that blocks by keys, not by comparing everything.
fn model() -> Model {
    static MODEL: LazyLock<Model> = LazyLock::new(learnt);
    MODEL.clone()
}

fn learnt() -> Model {
    let (records, _) = register(600, 5);
    let table = table(&records);
    let mut config = Config::infer(&table, None).expect("columns");
    config.blocking =
        ["email", "phone", "last_name.sound + date.any_order", "names + postcode", "first_name.sound + date.any_order"]
            .map(str::to_owned)
            .to_vec();
    resolve(&table, &config, &Options::default()).expect("resolved").model
}

/// Rows that are together, in an order that does not depend on cluster numbers.
fn parts(clusters: impl Iterator<Item = (usize, u32)>) -> Vec<Vec<usize>> {
    let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, cluster) in clusters {
        parts.entry(cluster).or_default().push(row);
    }
    let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts.sort();
    parts
}

fn cells(row: &Row) -> Vec<(&str, &str)> {
    COLUMNS.iter().zip(row).filter_map(|(name, cell)| Some((*name, cell.as_deref()?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_order_ends_in_the_clusters_of_the_batch(seed: u64, shuffle: u64, rows in 2usize..90) {
        let model = model();
        let (records, _) = register(rows, seed);
        let table = table(&records);
        let options = Options { model: Some(&model), ..Options::default() };
        let batch = resolve(&table, &model.config, &options).expect("resolved");
        let mut order: Vec<usize> = (0..rows).collect();
        let mut dice = Dice(shuffle);
        for at in (1..rows).rev() {
            order.swap(at, dice.roll(at + 1));
        }
        let mut index = Index::new(model).expect("an index");
        for row in &order {
            index.insert("register", &cells(&records[*row])).expect("inserted");
        }
        let one_by_one = parts(order.iter().enumerate().map(|(number, row)| (*row, index.cluster(number as u32).expect("there"))));
        prop_assert_eq!(one_by_one, parts(batch.clusters.iter().copied().enumerate()));
    }

    #[test]
    fn removing_a_record_leaves_what_the_others_make(seed: u64, gone in 0usize..60) {
        let model = model();
        let (records, _) = register(60, seed);
        let mut index = Index::new(model.clone()).expect("an index");
        let mut without = Index::new(model).expect("an index");
        for (row, record) in records.iter().enumerate() {
            index.insert("register", &cells(record)).expect("inserted");
            if row != gone {
                without.insert("register", &cells(record)).expect("inserted");
            }
        }
        index.remove(gone as u32).expect("removed");
        prop_assert_eq!(index.cluster(gone as u32), None);
        let rest = (0..60).filter(|row| *row != gone).map(|row| (row, index.cluster(row as u32).expect("there")));
        let expected = (0..60).filter(|row| *row != gone).enumerate();
        let expected = expected.map(|(number, row)| (row, without.cluster(number as u32).expect("there")));
        prop_assert_eq!(parts(rest), parts(expected));
    }
}

#[test]
fn an_index_of_a_resolution_goes_on_where_the_batch_stopped() {
    let (records, _) = register(400, 11);
    let table = table(&records);
    let config = Config::infer(&table, None).expect("columns");
    let batch = resolve(&table, &config, &Options::default()).expect("resolved");
    let mut index = Index::of_resolution(&table, &batch).expect("an index");
    let again = index.insert("web form", &cells(&records[7])).expect("inserted");
    assert_eq!(again.verdict, Verdict::Attach);
    assert_eq!(again.cluster, batch.clusters[7]);
    assert!(index.members(again.cluster).contains(&7));
    let new = index.insert("web form", &[("last_name", "Zyskind"), ("birth_date", "1931-01-02")]).expect("inserted");
    assert_eq!(new.verdict, Verdict::Create);
    assert_eq!(index.members(new.cluster), [new.record]);
}

#[test]
fn a_verdict_splits_and_a_later_one_joins_again() {
    let mut index = Index::new(model()).expect("an index");
    let (records, _) = register(1, 3);
    let first = index.insert("a", &cells(&records[0])).expect("inserted");
    let second = index.insert("b", &cells(&records[0])).expect("inserted");
    assert_eq!(first.cluster, second.cluster);
    let split = index.decide(first.record, second.record, false).expect("decided");
    assert_ne!(index.cluster(0), index.cluster(1));
    assert_eq!(split.split.len(), 1);
    let joined = index.decide(first.record, second.record, true).expect("decided");
    assert_eq!(index.cluster(0), index.cluster(1));
    assert_eq!(joined.merged.len(), 1);
}

/// Made-up companies whose names share words, in few towns, with copies that lack something.
fn companies(rows: usize, seed: u64) -> Vec<Row> {
    const HEADS: &[&str] = &["Roux", "Durand", "Nova", "Lumi", "Alti", "Soleil", "Mistral", "Garrec"];
    const TRADES: &[&str] = &["Garage", "Conseil", "Transports", "Boulangerie", "Optique"];
    const TOWNS: &[(&str, &str)] = &[("69001", "Lyon"), ("59000", "Lille"), ("29200", "Brest")];
    let mut dice = Dice(seed);
    let mut made: Vec<Row> = Vec::new();
    for _ in 0..rows {
        if made.is_empty() || dice.roll(5) > 1 {
            let (postcode, city) = TOWNS[dice.roll(TOWNS.len())];
            let trade = TRADES[dice.roll(TRADES.len())];
            let name = match dice.roll(3) {
                0 => format!("{} {trade}", HEADS[dice.roll(HEADS.len())]),
                1 => format!("{trade} {} {}", HEADS[dice.roll(HEADS.len())], HEADS[dice.roll(HEADS.len())]),
                _ => format!("{}{} {trade} {city}", HEADS[dice.roll(HEADS.len())], dice.roll(40)),
            };
            made.push(vec![
                Some(name),
                Some(format!("{} rue {}", 1 + dice.roll(30), HEADS[dice.roll(HEADS.len())])),
                Some(postcode.to_owned()),
                Some(city.to_owned()),
                Some(format!("04{:08}", dice.roll(99_999_999))),
            ]);
        } else {
            let mut copy = made[dice.roll(made.len())].clone();
            let gone = 1 + dice.roll(4);
            copy[gone] = None;
            if let Some(name) = copy[0].as_mut().filter(|_| dice.roll(2) == 0) {
                name.push_str(" SARL");
            }
            made.push(copy);
        }
    }
    made
}

const COMPANY: &[&str] = &["Raison sociale", "Adresse", "Code postal", "Ville", "Téléphone"];

fn table_of(columns: &[&str], records: &[Row]) -> matching::Table {
    let mut table = matching::Table::default();
    let rows: Vec<Vec<Option<&str>>> =
        records.iter().map(|row| row.iter().map(|cell| cell.as_deref()).collect()).collect();
    table.append_rows("register", columns, &rows).expect("rows of equal length");
    table
}

/// A model learnt from records, that looks only at pairs which a rule proposes.
fn taught_by(columns: &[&str], records: &[Row]) -> Model {
    let table = table_of(columns, records);
    let config = Config::infer(&table, None).expect("columns");
    let mut model = resolve(&table, &config, &Options::default()).expect("resolved").model;
    model.blocking.retain(|rule| rule != "everything");
    model
}

/// Resolves records as a batch and one at a time in a shuffled order, under a model whose groups are divided from `limit` rows
/// on; and gives how many groups were.
fn both_ways(
    columns: &[&str],
    model: &Model,
    records: &[Row],
    shuffle: u64,
    limit: u32,
) -> (Vec<Vec<usize>>, Vec<Vec<usize>>, u64) {
    let mut model = model.clone();
    model.block_limits = vec![limit; model.blocking.len()];
    let options = Options { model: Some(&model), ..Options::default() };
    let batch = resolve(&table_of(columns, records), &model.config, &options).expect("resolved");
    let mut order: Vec<usize> = (0..records.len()).collect();
    let mut dice = Dice(shuffle);
    for at in (1..order.len()).rev() {
        order.swap(at, dice.roll(at + 1));
    }
    let mut index = Index::new(model).expect("an index");
    for row in &order {
        let cells: Vec<(&str, &str)> =
            columns.iter().zip(&records[*row]).filter_map(|(name, cell)| Some((*name, cell.as_deref()?))).collect();
        index.insert("register", &cells).expect("inserted");
    }
    let places = order.iter().enumerate();
    let one_by_one = parts(places.map(|(number, row)| (*row, index.cluster(number as u32).expect("there"))));
    let divided = batch.blocking.iter().map(|rule| rule.divided).sum();
    (one_by_one, parts(batch.clusters.iter().copied().enumerate()), divided)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn groups_that_are_divided_on_the_way_end_as_in_the_batch(seed: u64, shuffle: u64, limit in 5u32..8) {
        static MODEL: LazyLock<Model> = LazyLock::new(|| taught_by(COLUMNS, &register(500, 77).0));
        let (records, _) = register(420, seed);
        let (one_by_one, batch, divided) = both_ways(COLUMNS, &MODEL, &records, shuffle, limit);
        prop_assert!(divided > 0);
        prop_assert_eq!(one_by_one, batch);
    }

    #[test]
    fn companies_found_by_their_words_end_nearly_as_in_the_batch(seed: u64, shuffle: u64, limit in 8u32..60) {
        static MODEL: LazyLock<Model> = LazyLock::new(|| taught_by(COMPANY, &companies(500, 78)));
        let records = companies(360, seed);
        let (one_by_one, batch, _) = both_ways(COMPANY, &MODEL, &records, shuffle, limit);
        prop_assert!(batch.len() < 340);
        // A group that no key divides is compared with those that came last, and of equally near records the first counts: a pair
        // in twenty at most.
        let (ours, theirs) = (pairs(&one_by_one), pairs(&batch));
        let differ = ours.symmetric_difference(&theirs).count();
        prop_assert!(20 * differ <= ours.len() + theirs.len(), "{differ} of {} and {}", ours.len(), theirs.len());
    }
}

/// The pairs of rows that share a group.
fn pairs(groups: &[Vec<usize>]) -> BTreeSet<(usize, usize)> {
    let of = |group: &Vec<usize>| -> Vec<(usize, usize)> {
        group.iter().flat_map(|a| group.iter().filter(move |b| a < *b).map(move |b| (*a, *b))).collect()
    };
    groups.iter().flat_map(of).collect()
}
