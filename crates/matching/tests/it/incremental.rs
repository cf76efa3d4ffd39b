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
