//! Pages by keyset: every record once, in the same order as one read of them all.

use kernel::Id;
use model::*;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::Figure;

use crate::databases::{both, run};
use crate::sample::{schema, world};

#[test]
fn pages_follow_each_other_without_gaps_or_repeats() {
    run(async {
        let schema = schema();
        let mut runner = TestRunner::deterministic();
        let records = world(23).new_tree(&mut runner).expect("a world").current();
        let sortable: Vec<Ident> = schema
            .object("thing")
            .expect("it is there")
            .fields
            .iter()
            .filter(|f| f.is_sortable() && f.name != "id")
            .map(|f| f.name.clone())
            .collect();
        for database in both(&schema).await {
            database.insert(&schema, records.clone()).await;
            let mut reader = database.store.read().await.expect("a reader");
            for (i, field) in sortable.iter().enumerate() {
                for desc in [false, true] {
                    for nulls in [Nulls::Smallest, Nulls::First, Nulls::Last] {
                        for second in [None, Some(&sortable[(i + 3) % sortable.len()])] {
                            let sort = |f: &Ident| Sort { path: Path { field: f.clone(), part: None }, desc, nulls };
                            let mut query = Query::of(Ident::of("thing")).sort(sort(field)).limit(100);
                            if let Some(second) = second.filter(|s| *s != field) {
                                query = query.sort(sort(second));
                            }
                            let whole = reader.list(&schema, &query).await.expect("read");
                            let whole: Vec<Id> = whole.records.iter().map(Record::id).collect();
                            assert_eq!(whole.len(), 23);
                            let mut paged = Vec::new();
                            query.limit = 4;
                            loop {
                                let page = reader.list(&schema, &query).await.expect("read");
                                paged.extend(page.records.iter().map(Record::id));
                                match page.next {
                                    Some(next) => query.after = Some(next),
                                    None => break,
                                }
                            }
                            assert_eq!(
                                paged,
                                whole,
                                "{field} desc={desc} {nulls:?} {second:?} {:?}",
                                database.store.place()
                            );
                        }
                    }
                }
            }
            drop(reader);
            database.end().await;
        }
    });
}

#[test]
fn counts_stop_at_their_cap_and_groups_add_up() {
    run(async {
        let schema = schema();
        let mut runner = TestRunner::deterministic();
        let records = world(30).new_tree(&mut runner).expect("a world").current();
        let wholes: i64 = records.iter().filter_map(|r| r.value("whole").as_int()).sum();
        for database in both(&schema).await {
            database.insert(&schema, records.clone()).await;
            let mut reader = database.store.read().await.expect("a reader");
            let query = Query::of(Ident::of("thing"));
            assert_eq!(
                reader.count(&schema, &query, Some(10)).await.expect("count"),
                store::Count { n: 10, more: true }
            );
            assert_eq!(
                reader.count(&schema, &query, Some(30)).await.expect("count"),
                store::Count { n: 30, more: false }
            );
            assert_eq!(reader.count(&schema, &query, None).await.expect("count").n, 30);
            let by = Ident::of("tint");
            let groups = reader
                .groups(&schema, &query, Some(&by), &[(Figure::Sum, Ident::of("whole"))], 10)
                .await
                .expect("groups");
            assert_eq!(groups.iter().map(|g| g.count).sum::<u64>(), 30);
            assert_eq!(groups.iter().filter_map(|g| g.figures[0].as_int()).sum::<i64>(), wholes);
            drop(reader);
            database.end().await;
        }
    });
}
