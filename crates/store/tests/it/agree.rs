//! The compiled SQL and the evaluator in memory give the same answer, for every type and operator, on both databases.

use std::collections::HashMap;

use kernel::{Ctx, Id};
use model::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::databases::{both, run};
use crate::sample::{WORDS, id, schema, value, world};

struct World(Vec<Record>);

impl Related for World {
    fn get(&self, object: &Ident, id: Id) -> Option<&Record> {
        self.0.iter().find(|r| r.object == *object && r.id() == id)
    }

    fn pointing(&self, object: &Ident, via: &Ident, id: Id) -> Vec<&Record> {
        let hits = |r: &&Record| match r.value(via.as_str()) {
            Value::Ids(ids) => ids.contains(&id),
            Value::Ref(reference) => reference.id == id,
            other => other.as_id() == Some(id),
        };
        self.0.iter().filter(|r| r.object == *object).filter(hits).collect()
    }
}

const OPS: [Op; 20] = [
    Op::Eq,
    Op::Ne,
    Op::Lt,
    Op::Lte,
    Op::Gt,
    Op::Gte,
    Op::In,
    Op::IsNull,
    Op::Distinct,
    Op::Contains,
    Op::StartsWith,
    Op::Like,
    Op::Ilike,
    Op::Match,
    Op::Imatch,
    Op::Has,
    Op::HasAny,
    Op::Among,
    Op::Within,
    Op::Near,
];

fn pattern() -> BoxedStrategy<Value> {
    let patterns = vec!["%on%", "d%", "_u%", "%", "%[1]", "É%", "50%", "*?"];
    prop::sample::select(patterns).prop_map(Value::from).boxed()
}

fn operand(field: &FieldDef, op: Op) -> BoxedStrategy<Operand> {
    let word = || prop::sample::select(&WORDS[..]).prop_map(Value::from).boxed();
    let one = || -> BoxedStrategy<Value> {
        match &field.kind {
            FieldType::Tags => word(),
            FieldType::MultiChoice { .. } => prop::sample::select(vec!["red", "green"]).prop_map(Value::from).boxed(),
            FieldType::References { .. } => (0_u8..6).prop_map(|n| Value::Id(id(n))).boxed(),
            FieldType::PersonName | FieldType::Address => word(),
            FieldType::Emails => prop::sample::select(vec!["a@x.example", "b@x.example"]).prop_map(Value::from).boxed(),
            FieldType::Phones => Just(Value::from("+33199001234")).boxed(),
            FieldType::Links => Just(Value::from("https://a.example")).boxed(),
            _ => value(field).prop_map(|v| v.scalar(None)).boxed(),
        }
    };
    match op {
        Op::IsNull => Just(Operand::None).boxed(),
        Op::In | Op::HasAny | Op::Among => prop::collection::vec(one(), 0..3).prop_map(Operand::Values).boxed(),
        Op::Has => {
            prop_oneof![one().prop_map(Operand::Value), prop::collection::vec(one(), 0..3).prop_map(Operand::Values)]
                .boxed()
        }
        Op::Contains | Op::StartsWith => word().prop_map(Operand::Value).boxed(),
        Op::Like | Op::Ilike => pattern().prop_map(Operand::Value).boxed(),
        Op::Match | Op::Imatch => {
            prop::sample::select(vec!["^D", "on", "p.n", "x$"]).prop_map(|p| Operand::Value(p.into())).boxed()
        }
        Op::Within => (one(), one()).prop_map(|(a, b)| Operand::Values(vec![a, b])).boxed(),
        Op::Near => Just(Operand::Values(vec![Value::Number(48.1), Value::Number(2.1), Value::Number(13.0)])).boxed(),
        _ => one().prop_map(Operand::Value).boxed(),
    }
}

fn condition() -> BoxedStrategy<Filter> {
    let fields: Vec<FieldDef> = schema().object("thing").expect("it is there").fields.to_vec();
    (prop::sample::select(fields), prop::sample::select(&OPS[..]))
        .prop_flat_map(|(field, op)| simple(field, op))
        .boxed()
}

/// One comparison of a field, or of one of its parts.
fn simple(field: FieldDef, op: Op) -> BoxedStrategy<Filter> {
    let textual = matches!(field.kind, FieldType::PersonName | FieldType::Address);
    let parts: Vec<Option<&str>> = std::iter::once(None)
        .chain(field.kind.parts().iter().filter(|_| textual).map(|p| Some(*p)).filter(|p| *p != Some("title")))
        .collect();
    (prop::sample::select(parts), operand(&field, op))
        .prop_map(move |(part, operand)| {
            let path = Path { field: field.name.clone(), part: part.map(Ident::of) };
            Filter::Is(Condition { path, op, operand })
        })
        .boxed()
}

fn filter() -> BoxedStrategy<Filter> {
    let thing = || Ident::of("thing");
    condition()
        .prop_recursive(3, 12, 3, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Filter::And),
                prop::collection::vec(inner.clone(), 0..3).prop_map(Filter::Or),
                inner.clone().prop_map(|f| Filter::Not(Box::new(f))),
                (prop::sample::select(vec!["parent", "others", "about"]), inner.clone()).prop_map(move |(field, f)| {
                    Filter::Related { field: Ident::of(field), object: Some(thing()), filter: Box::new(f) }
                }),
                (prop::sample::select(vec!["parent", "others", "about"]), inner).prop_map(move |(via, f)| {
                    Filter::Any { object: thing(), via: Ident::of(via), filter: Box::new(f) }
                }),
            ]
        })
        .boxed()
}

#[test]
fn compiled_sql_and_the_evaluator_agree() {
    run(async {
        let schema = schema();
        let object = schema.object("thing").expect("it is there").clone();
        let ctx = Ctx::system("test", "2026-03-01T12:00:00Z".parse().expect("a moment"));
        let mut runner = TestRunner::new(Config::default());
        let mut accepted: HashMap<&str, u32> = HashMap::new();
        for _ in 0..4 {
            let records = world(12).new_tree(&mut runner).expect("a world").current();
            let databases = both(&schema).await;
            for database in &databases {
                database.insert(&schema, records.clone()).await;
            }
            let world = World(records);
            let each = object
                .fields
                .iter()
                .flat_map(|f| OPS.map(|op| simple(f.clone(), op)))
                .flat_map(|s| [s.clone(), s.clone(), s]);
            for strategy in each.chain((0..800).map(|_| filter())) {
                let filter = strategy.new_tree(&mut runner).expect("a filter").current();
                let Ok(bound) = filter.bind(&schema, &object, &ctx) else { continue };
                let mut expected: Vec<Id> = world
                    .0
                    .iter()
                    .filter(|r| evaluate(&schema, &bound, r, &world) == Some(true))
                    .map(Record::id)
                    .collect();
                expected.sort();
                let query = Query::of(Ident::of("thing")).filter(bound.clone()).limit(100);
                for database in &databases {
                    let mut reader = database.store.read().await.expect("a reader");
                    let page = reader.list(&schema, &query).await.unwrap_or_else(|e| panic!("{e}\n{bound:?}"));
                    let mut found: Vec<Id> = page.records.iter().map(Record::id).collect();
                    found.sort();
                    assert_eq!(found, expected, "{:?}\n{bound:#?}", database.store.place());
                }
                if let Filter::Is(c) = &bound {
                    *accepted.entry(c.op.as_str()).or_default() += 1;
                }
            }
            for database in databases {
                database.end().await;
            }
        }
        for op in OPS {
            assert!(accepted.contains_key(op.as_str()), "no filter with {} was compared", op.as_str());
        }
    });
}

#[test]
fn values_of_every_type_come_back_as_they_went_in() {
    run(async {
        let schema = schema();
        let mut runner = TestRunner::deterministic();
        for database in both(&schema).await {
            let records = world(40).new_tree(&mut runner).expect("a world").current();
            database.insert(&schema, records.clone()).await;
            let ids: Vec<Id> = records.iter().map(Record::id).collect();
            let mut reader = database.store.read().await.expect("a reader");
            let found = reader.get_many(&schema, &Ident::of("thing"), &ids, &Filter::All, &[]).await.expect("read");
            assert_eq!(found.len(), records.len());
            for record in &records {
                let stored = found.iter().find(|r| r.id() == record.id()).expect("it is there");
                for (name, value) in record.fields.iter() {
                    assert_eq!(stored.value(name.as_str()), value, "{name}");
                }
            }
            drop(reader);
            database.end().await;
        }
    });
}
