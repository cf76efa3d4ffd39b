//! What people say of pairs, and how sure links are to be.

use matching::{Config, Entity, Error, Index, Label, Options, Resolution, Table, evaluate, explain, resolve};

use crate::people::{Dice, register, table};

fn run(table: &Table, labels: &[Label], precision: Option<f64>) -> Resolution {
    let config = Config::infer(table, Some(Entity::Person)).expect("columns");
    resolve(table, &config, &Options { labels, precision, ..Options::default() }).expect("resolved")
}

#[test]
fn must_links_and_cannot_links_hold_whatever_the_scores() {
    let (records, truth) = register(300, 8);
    let table = table(&records);
    let mut dice = Dice(2);
    let mut labels = Vec::new();
    for _ in 0..15 {
        let (a, b) = (dice.roll(300) as u32, dice.roll(300) as u32);
        // Strangers joined in chains, and copies told apart.
        if a != b && truth[a as usize] != truth[b as usize] {
            labels.push(Label { a, b, same: true });
        }
    }
    let plain = run(&table, &[], None);
    for pair in plain.pairs.iter().filter(|pair| pair.weight > 10.0).take(60) {
        if labels.iter().all(|label| ![label.a, label.b].contains(&pair.a) && ![label.a, label.b].contains(&pair.b)) {
            labels.push(Label { a: pair.a, b: pair.b, same: false });
        }
    }
    assert!(labels.iter().filter(|label| !label.same).count() > 3);
    let mut backwards = labels.clone();
    backwards.reverse();
    let (told, again) = (run(&table, &labels, None), run(&table, &backwards, None));
    for Label { a, b, same } in labels {
        assert_eq!(told.clusters[a as usize] == told.clusters[b as usize], same, "{a} {b}");
    }
    assert_eq!((told.clusters, told.model), (again.clusters, again.model));
}

#[test]
fn a_yes_joins_companies_whose_numbers_differ() {
    let mut table = Table::default();
    let row = |name: &'static str, siren: &'static str| vec![Some(name), Some(siren)];
    table
        .append_rows("t", &["Raison sociale", "SIREN"], &[row("Roux", "732829320"), row("Roux", "552100554")])
        .expect("a table");
    let config = Config::infer(&table, None).expect("columns");
    let run = |labels: &[Label]| {
        resolve(&table, &config, &Options { labels, ..Options::default() }).expect("resolved").cluster_count
    };
    assert_eq!((run(&[]), run(&[Label { a: 0, b: 1, same: true }])), (2, 1));
    let both = [Label { a: 0, b: 1, same: true }, Label { a: 1, b: 0, same: false }];
    assert_eq!(run(&both), 2);
}

#[test]
fn verdicts_move_the_model_towards_them() {
    let (records, truth) = register(600, 21);
    let table = table(&records);
    let plain = run(&table, &[], None);
    // A steward who says no to whatever is linked by less than 25 bits, and looks at every other such pair.
    let doubtful: Vec<_> = plain.pairs.iter().filter(|pair| (0.0..25.0).contains(&pair.weight)).collect();
    let label = |pair: &&matching::Pair| Label { a: pair.a, b: pair.b, same: false };
    let said: Vec<Label> = doubtful.iter().step_by(2).map(label).collect();
    assert!(said.len() > 10, "{}", said.len());
    let mut model = plain.model.clone();
    model.teach(&table, &said).expect("rows of the table");
    let rest = doubtful.iter().skip(1).step_by(2);
    let fallen = rest.clone().filter(|pair| {
        let waterfall = explain(&model, &table, pair.a as usize, pair.b as usize).expect("rows");
        waterfall.weight < f64::from(pair.weight) - 3.0
    });
    assert!(fallen.count() * 10 > rest.count() * 8);
    // Verdicts that are what the model thinks leave it as it is.
    let agreed: Vec<Label> = plain
        .pairs
        .iter()
        .filter(|pair| pair.weight > 30.0)
        .map(|pair| Label { a: pair.a, b: pair.b, same: truth[pair.a as usize] == truth[pair.b as usize] })
        .collect();
    let mut same = plain.model.clone();
    same.teach(&table, &agreed).expect("rows of the table");
    let pair = plain.pairs.iter().find(|pair| pair.weight > 30.0).expect("a sure pair");
    let weight = explain(&same, &table, pair.a as usize, pair.b as usize).expect("rows").weight;
    assert!((weight - f64::from(pair.weight)).abs() < 0.5, "{weight} {}", pair.weight);
    assert!(matches!(same.teach(&table, &[Label { a: 0, b: 9999, same: true }]), Err(Error::NoSuchRow(9999))));
}

#[test]
fn an_index_keeps_a_yes_on_what_its_scores_refuse() {
    let (records, _) = register(120, 4);
    let batch = run(&table(&records), &[], None);
    let mut index = Index::of_resolution(&table(&records), &batch).expect("an index");
    let stranger = (1..120).find(|row| index.cluster(*row) != index.cluster(0)).expect("a stranger");
    index.decide(0, stranger, true).expect("decided");
    let cells: Vec<(&str, &str)> = crate::people::COLUMNS
        .iter()
        .zip(&records[0])
        .filter_map(|(name, cell)| Some((*name, cell.as_deref()?)))
        .collect();
    for _ in 0..4 {
        index.insert("register", &cells).expect("inserted");
        assert_eq!(index.cluster(0), index.cluster(stranger));
    }
}

#[test]
fn links_are_as_precise_as_they_are_asked_to_be() {
    let (records, truth) = register(900, 13);
    let table = table(&records);
    let entities: Vec<u32> = truth.iter().map(|entity| *entity as u32).collect();
    let mut before = (0.0, u64::MAX);
    for precision in [0.5, 0.9, 0.99, 0.999] {
        let found = run(&table, &[], Some(precision));
        assert!(found.expected_precision >= precision, "{precision}: {}", found.expected_precision);
        let linked = found.pairs.iter().filter(|pair| f64::from(pair.weight) >= found.match_weight).count() as u64;
        assert!(found.match_weight >= before.0 || before.1 == u64::MAX);
        assert!(linked <= before.1 && linked > 50, "{precision}: {linked}");
        before = (found.match_weight, linked);
        assert!((found.model.thresholds.matched - matching::probability(found.match_weight)).abs() < 1e-12);
        let matches: u64 = found.blocking.iter().map(|rule| rule.matches).sum();
        assert_eq!(matches, linked);
        let quality = evaluate::clusters(&found.clusters, &entities).pairs;
        assert!(quality.precision >= precision.min(0.95), "{precision}: {quality:?}");
        // One link more, and it would be expected to fall short.
        let below: Vec<f64> = found.pairs.iter().map(matching::Pair::probability).collect();
        let mut below: Vec<f64> =
            below.into_iter().filter(|p| matching::weight_of(*p) < found.match_weight - 1e-4).collect();
        below.sort_by(f64::total_cmp);
        if let Some(next) = below.last() {
            let sum = found.expected_precision * linked as f64 + next;
            assert!(sum < precision * (linked + 1) as f64 + 1e-3, "{precision}");
        }
    }
}
