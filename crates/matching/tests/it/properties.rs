//! Laws that hold for every input.

use matching::{Config, Label, Options, explain, explain_cluster, resolve};
use proptest::prelude::*;

use crate::people::{append, register, table};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn the_number_of_threads_changes_nothing(seed: u64) {
        let (records, _) = register(300, seed);
        let table = table(&records);
        let config = Config::infer(&table, None).expect("columns");
        let run = |threads| resolve(&table, &config, &Options { threads: Some(threads), ..Options::default() }).expect("resolved");
        let (one, three) = (run(1), run(3));
        prop_assert_eq!(one.model, three.model);
        prop_assert_eq!(one.pairs, three.pairs);
        prop_assert_eq!(one.clusters, three.clusters);
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing_under_one_model(seed: u64) {
        let (mut records, _) = register(200, seed);
        let first = table(&records);
        let config = Config::infer(&first, None).expect("columns");
        let learnt = resolve(&first, &config, &Options::default()).expect("resolved");
        records.reverse();
        let options = Options { model: Some(&learnt.model), ..Options::default() };
        let reversed = resolve(&table(&records), &config, &options).expect("resolved");
        for a in 0..200 {
            for b in a + 1..200 {
                let together = learnt.clusters[a] == learnt.clusters[b];
                prop_assert_eq!(together, reversed.clusters[199 - a] == reversed.clusters[199 - b]);
            }
        }
    }

    #[test]
    fn the_bars_of_a_waterfall_add_up_to_the_weight_of_the_pair(seed: u64) {
        let (records, _) = register(150, seed);
        let table = table(&records);
        let found = resolve(&table, &Config::infer(&table, None).expect("columns"), &Options::default()).expect("resolved");
        for pair in found.pairs.iter().take(40) {
            let waterfall = explain(&found.model, &table, pair.a as usize, pair.b as usize).expect("rows");
            prop_assert!((waterfall.weight - f64::from(pair.weight)).abs() < 1e-3);
            let sum: f64 = waterfall.bars.iter().map(|bar| bar.weight).sum();
            prop_assert!((sum - waterfall.weight).abs() < 0.01);
        }
    }
}

#[test]
fn a_source_without_duplicates_never_joins_its_own_rows() {
    let (mut records, truth) = register(320, 4);
    let mut number = 0;
    records.retain(|_| {
        number += 1;
        !truth[..number - 1].contains(&truth[number - 1])
    });
    records.truncate(200);
    let mut table = table(&[]);
    append(&mut table, "a", &records);
    append(&mut table, "b", &records);
    let mut config = Config::infer(&table, None).expect("columns");
    config.distinct_sources = vec!["a".to_owned(), "b".to_owned()];
    let found = resolve(&table, &config, &Options::default()).expect("resolved");
    for rows in [0..200, 200..400] {
        let mut clusters: Vec<u32> = found.clusters[rows].to_vec();
        clusters.sort_unstable();
        clusters.dedup();
        assert_eq!(clusters.len(), 200);
    }
    let linked = (0..200).filter(|row| found.clusters[*row] == found.clusters[200 + *row]).count();
    assert!(linked > 190, "{linked}");
}

#[test]
fn verdicts_of_people_are_kept() {
    let (records, truth) = register(200, 8);
    let table = table(&records);
    let config = Config::infer(&table, None).expect("columns");
    let plain = resolve(&table, &config, &Options::default()).expect("resolved");
    let pair = plain.pairs.iter().find(|pair| plain.clusters[pair.a as usize] == plain.clusters[pair.b as usize]);
    let (a, b) = pair.map(|pair| (pair.a, pair.b)).expect("a link");
    let stranger = (0..200).find(|row| truth[*row as usize] != truth[a as usize]).expect("somebody else");
    let labels = [Label { a, b, same: false }, Label { a, b: stranger, same: true }];
    let told = resolve(&table, &config, &Options { labels: &labels, ..Options::default() }).expect("resolved");
    assert_ne!(told.clusters[a as usize], told.clusters[b as usize]);
    assert_eq!(told.clusters[a as usize], told.clusters[stranger as usize]);
}

#[test]
fn a_saved_model_gives_the_same_result() {
    let (records, _) = register(300, 2);
    let table = table(&records);
    let config = Config::infer(&table, None).expect("columns");
    let learnt = resolve(&table, &config, &Options::default()).expect("resolved");
    let read = matching::Model::from_json(&learnt.model.to_json()).expect("a model");
    assert_eq!(read, learnt.model);
    let again = resolve(&table, &config, &Options { model: Some(&read), ..Options::default() }).expect("resolved");
    assert_eq!(again.pairs, learnt.pairs);
    assert_eq!(again.clusters, learnt.clusters);
}

#[test]
fn a_cluster_shows_its_weakest_link_and_its_cut() {
    let (records, _) = register(200, 9);
    let table = table(&records);
    let found = resolve(&table, &Config::infer(&table, None).expect("columns"), &Options::default()).expect("resolved");
    let cluster = (0..found.cluster_count as u32)
        .find(|cluster| found.clusters.iter().filter(|held| *held == cluster).count() == 3)
        .expect("a cluster of three");
    let view = explain_cluster(&found, &table, cluster).expect("a cluster");
    assert_eq!((view.rows.len(), view.links.len()), (3, 3));
    assert!(view.links[0].2 <= view.links[2].2);
    let (one, other) = view.cut.expect("a cut");
    assert_eq!(one.len() + other.len(), 3);
    assert!(explain_cluster(&found, &table, 9999).is_err());
}
