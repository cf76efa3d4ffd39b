//! Real files as sources, one after the other and mixed: the same profiles each time, as good as a batch, and what people decided
//! survives everything that follows.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use customers::identity::{Choice, Decision, Kind, adopt, rematch, train};
use kernel::Id;
use records::Access;
use serde_json::{Map, Value as Json};

use crate::identity::{batch, groups, shuffled, town};
use crate::world::{World, on_each};

/// Rows of each FEBRL file; all of them where there is time.
fn rows_of_a_file() -> usize {
    std::env::var("CLIENTELE_WALKTHROUGH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_200)
}

/// A source's number, the record's key, what it says.
type Row = (usize, String, Json);

/// People of the FEBRL 4 files; `None`, with a word about it, where the data folder is absent.
fn febrl() -> Option<Vec<Row>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLIENTELE_DATA").map_or(beside, PathBuf::from).join("er/febrl");
    let mut rows = Vec::new();
    for (at, file) in ["dataset4a.csv", "dataset4b.csv"].into_iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            eprintln!("{} is absent: the walkthrough has generated people only", folder.display());
            return None;
        };
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next()?.split(',').map(str::trim).collect();
        for line in lines {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            // Both files have the people of the first numbers, so that the pairs of a part are whole.
            let number: usize = cells[0].split('-').nth(1)?.parse().ok()?;
            if number >= rows_of_a_file() {
                continue;
            }
            let said = names.iter().zip(&cells).skip(1).filter(|(_, cell)| !cell.is_empty());
            let payload: Map<String, Json> = said.map(|(name, cell)| ((*name).to_owned(), (*cell).into())).collect();
            rows.push((at, format!("febrl {}", cells[0]), Json::Object(payload)));
        }
    }
    Some(rows)
}

/// Who a record is: FEBRL's number of the person.
fn person(key: &str) -> Option<&str> {
    key.strip_prefix("febrl rec-")?.split('-').next()
}

/// Pairwise F1 of the FEBRL records.
fn f1(groups: &BTreeSet<BTreeSet<String>>) -> f64 {
    let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    let (mut right, mut found) = (0.0, 0.0);
    for group in groups {
        let mut here: HashMap<&str, usize> = HashMap::new();
        for who in group.iter().filter_map(|key| person(key)) {
            *here.entry(who).or_default() += 1;
            *sizes.entry(who).or_default() += 1;
        }
        right += here.values().map(|n| pairs(*n)).sum::<f64>();
        found += pairs(here.values().sum());
    }
    let all: f64 = sizes.values().map(|n| pairs(*n)).sum();
    2.0 * right / (found + all)
}

async fn give_all(world: &World, sources: &[Id], rows: &[Row], chunk: usize) {
    for some in rows.chunks(chunk) {
        for (at, source) in sources.iter().enumerate() {
            let ours = some.iter().filter(|(of, ..)| *of == at);
            world.give(*source, ours.map(|(_, key, payload)| (key.clone(), payload.clone())).collect()).await;
        }
        world.resolve().await;
    }
}

#[test]
fn files_in_any_order_end_in_the_same_profiles_and_verdicts_survive() {
    let mut rows = febrl().unwrap_or_default();
    rows.extend(town(5, 700).into_iter().map(|(at, key, payload)| (at + 2, key, payload)));
    let expected = batch(&rows);
    let accuracy = f1(&expected);
    on_each(async |world| {
        let mut sources = Vec::new();
        for name in ["4a", "4b", "shop", "newsletter", "helpdesk", "fair"] {
            sources.push(world.source_of(name, "person").await);
        }
        // One file after the other on SQLite, all of them mixed on PostgreSQL.
        let file = world.space.store.file().is_some();
        let order = if file { rows.clone() } else { shuffled(rows.clone(), 7) };
        give_all(world, &sources, &order, if file { 1_000 } else { 333 }).await;
        let partition = world.partition(&sources).await;
        let found = groups(&partition);
        assert_eq!(found.symmetric_difference(&expected).collect::<Vec<_>>(), Vec::<&BTreeSet<String>>::new());
        if rows[0].1.starts_with("febrl") {
            eprintln!("pairwise F1 on FEBRL 4: {:.4}, as in batch: {accuracy:.4}", f1(&found));
            assert!(f1(&found) > 0.98 && f1(&found) == accuracy);
        }

        // Ten times somebody says: these are not the same.
        let pairs: Vec<&BTreeSet<String>> = found.iter().filter(|group| group.len() == 2).take(10).collect();
        assert_eq!(pairs.len(), 10);
        for pair in &pairs {
            let key = pair.first().expect("two");
            let source = sources[rows.iter().find(|(_, known, _)| known == key).expect("known").0];
            let records = vec![world.record(source, key).await];
            let profile = partition[key];
            world.decide(Decision::Separate { profile, records }, false).await.expect("separated");
        }
        let apart = async |when: &str| {
            let partition = world.partition(&sources).await;
            for pair in &pairs {
                let profiles: BTreeSet<Id> = pair.iter().map(|key| partition[key]).collect();
                assert_eq!(profiles.len(), 2, "{when}: {pair:?}");
            }
        };
        apart("at once").await;

        let everything = Arc::new(Access::everything());
        let learnt = train(&world.space, Kind::Person).await.expect("learnt").expect("enough records");
        let models = customers::identity::models(&world.space, &everything, Kind::Person).await.expect("listed");
        assert_eq!(models[0].1.records as usize, rows.len());
        assert_eq!(models[0].1.verdicts, 10);
        adopt(&world.space, &world.ctx(), Arc::clone(&everything), Choice::Learnt(learnt)).await.expect("adopted");
        rematch(&world.space, Kind::Person).await.expect("matched anew");
        apart("after a new model").await;

        // Imported again, a little changed.
        let again: Vec<Row> = (rows.iter())
            .filter(|(_, key, _)| pairs.iter().any(|pair| pair.contains(key)))
            .map(|(at, key, payload)| {
                let mut payload = payload.clone();
                payload["seen"] = "again".into();
                (*at, key.clone(), payload)
            })
            .collect();
        give_all(world, &sources, &again, 5).await;
        apart("after another import").await;
    });
}
