//! Records one at a time end in the clusters of a batch.

use std::collections::BTreeMap;
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
        let order = shuffled(rows, shuffle);
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

/// Records in a shuffled order.
fn shuffled(rows: usize, shuffle: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    let mut dice = Dice(shuffle);
    for at in (1..rows).rev() {
        order.swap(at, dice.roll(at + 1));
    }
    order
}

/// A model whose groups are divided from so many rows on.
fn limited(model: &Model, limit: u32) -> Model {
    Model { block_limits: vec![limit; model.blocking.len()], ..model.clone() }
}

/// The clusters of a batch of some of the records in an order, and how many groups were divided. Of records that are the same in
/// everything, some of which are linked to others that resemble each other less, the first ones are: so the order is that of the index.
fn batch(columns: &[&str], model: &Model, records: &[Row], of: &[usize]) -> (Vec<Vec<usize>>, u64) {
    let rows: Vec<Row> = of.iter().map(|row| records[*row].clone()).collect();
    let options = Options { model: Some(model), ..Options::default() };
    let batch = resolve(&table_of(columns, &rows), &model.config, &options).expect("resolved");
    let clusters = batch.clusters.iter().zip(of).map(|(cluster, row)| (*row, *cluster));
    (parts(clusters), batch.blocking.iter().map(|rule| rule.divided).sum())
}

/// An index that got some records, in their order.
fn index_of(columns: &[&str], model: &Model, records: &[Row], order: &[usize]) -> Index {
    let mut index = Index::new(model.clone()).expect("an index");
    for row in order {
        let cells = columns.iter().zip(&records[*row]).filter_map(|(name, cell)| Some((*name, cell.as_deref()?)));
        index.insert("register", &cells.collect::<Vec<_>>()).expect("inserted");
    }
    index
}

/// The clusters of an index that got records in an order, of those that are still in it.
fn held(index: &Index, order: &[usize]) -> Vec<Vec<usize>> {
    let places = order.iter().enumerate();
    parts(places.filter_map(|(number, row)| Some((*row, index.cluster(number as u32)?))))
}

/// Records of which some come again and again.
fn with_copies(mut records: Vec<Row>, dice: &mut Dice) -> Vec<Row> {
    for _ in 0..3 {
        let copied = records[dice.roll(records.len())].clone();
        records.extend(std::iter::repeat_n(copied, 28 + dice.roll(12)));
    }
    records
}

static PEOPLE: LazyLock<Model> = LazyLock::new(|| taught_by(COLUMNS, &register(500, 77).0));
static COMPANIES: LazyLock<Model> = LazyLock::new(|| taught_by(COMPANY, &companies(500, 78)));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn groups_that_are_divided_on_the_way_end_as_in_the_batch(seed: u64, shuffle: u64, limit in 3u32..8) {
        let (records, _) = register(420, seed);
        let (model, order) = (limited(&PEOPLE, limit), shuffled(records.len(), shuffle));
        let (clusters, divided) = batch(COLUMNS, &model, &records, &order);
        prop_assert!(divided > 0);
        prop_assert_eq!(held(&index_of(COLUMNS, &model, &records, &order), &order), clusters);
    }

    #[test]
    fn companies_found_by_their_words_end_as_in_the_batch(seed: u64, shuffle: u64, limit in 3u32..60) {
        let records = with_copies(companies(320, seed), &mut Dice(seed));
        let (model, order) = (limited(&COMPANIES, limit), shuffled(records.len(), shuffle));
        let (clusters, _) = batch(COMPANY, &model, &records, &order);
        prop_assert!(clusters.len() < 320);
        prop_assert_eq!(held(&index_of(COMPANY, &model, &records, &order), &order), clusters);
    }

    #[test]
    fn records_that_went_leave_no_trace(seed: u64, shuffle: u64, limit in 3u32..20) {
        let people = with_copies(register(200, seed).0, &mut Dice(seed));
        let companies = with_copies(companies(200, seed), &mut Dice(seed));
        for (columns, model, records) in [(COLUMNS, &*PEOPLE, people), (COMPANY, &*COMPANIES, companies)] {
            let (model, order) = (limited(model, limit), shuffled(records.len(), shuffle));
            let mut index = index_of(columns, &model, &records, &order);
            let gone = shuffled(records.len(), seed).into_iter().take(120);
            for number in gone {
                index.remove(number as u32).expect("removed");
            }
            let numbers = (0..order.len()).filter(|number| index.cluster(*number as u32).is_some());
            let left: Vec<usize> = numbers.map(|number| order[number]).collect();
            prop_assert_eq!(held(&index, &order), batch(columns, &model, &records, &left).0);
        }
    }

    #[test]
    fn an_index_of_a_resolution_goes_on_as_one_from_the_start(seed: u64, shuffle: u64, limit in 3u32..20) {
        let records = with_copies(companies(200, seed), &mut Dice(seed));
        let (model, order) = (limited(&COMPANIES, limit), shuffled(records.len(), shuffle));
        let first: Vec<Row> = order[..150].iter().map(|row| records[*row].clone()).collect();
        let table = table_of(COMPANY, &first);
        let options = Options { model: Some(&model), ..Options::default() };
        let resolution = resolve(&table, &model.config, &options).expect("resolved");
        let mut index = Index::of_resolution(&table, &resolution).expect("an index");
        for row in &order[150..] {
            let cells = COMPANY.iter().zip(&records[*row]).filter_map(|(name, cell)| Some((*name, cell.as_deref()?)));
            index.insert("register", &cells.collect::<Vec<_>>()).expect("inserted");
        }
        prop_assert_eq!(held(&index, &order), batch(COMPANY, &model, &records, &order).0);
    }
}

#[test]
fn a_verdict_on_one_of_many_copies_is_about_that_one() {
    let (records, _) = register(1, 3);
    let copies = vec![records[0].clone(); 60];
    let order: Vec<usize> = (0..60).collect();
    let mut index = index_of(COLUMNS, &PEOPLE, &copies, &order);
    assert_eq!(held(&index, &order), std::slice::from_ref(&order));
    index.decide(40, 50, false).expect("decided");
    assert_ne!(index.cluster(40), index.cluster(50));
    let label = matching::Label { a: 40, b: 50, same: false };
    let options = Options { model: Some(&PEOPLE), labels: &[label], ..Options::default() };
    let batch = resolve(&table_of(COLUMNS, &copies), &PEOPLE.config, &options).expect("resolved");
    assert_ne!(batch.clusters[40], batch.clusters[50]);
}
