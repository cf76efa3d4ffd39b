//! An object with a field of every type, and small worlds of its records.

use kernel::{Currency, Id, Money, Timestamp};
use model::*;
use proptest::prelude::*;

const TINTS: &[(&str, Hue)] = &[("red", Hue::Red), ("green", Hue::Green), ("blue", Hue::Blue)];
pub const WORDS: [&str; 8] = ["Élodie", "elodie", "Dupont", "du_pont", "50%", "Œuvre [1]", "*?", "Zoë"];

pub fn schema() -> Schema {
    let fields = vec![
        text("line").searchable().indexed().def(),
        long_text("prose").searchable().def(),
        integer("whole").indexed().def(),
        decimal("real").def(),
        percent("share").def(),
        money("price").indexed().def(),
        boolean("flag").def(),
        date("day").indexed().def(),
        date_time("at").indexed().def(),
        duration("span").def(),
        choice("tint", TINTS).indexed().def(),
        multi_choice("tints", TINTS).def(),
        person_name("person").searchable().indexed().def(),
        emails("emails").searchable().indexed().def(),
        phones("phones").searchable().def(),
        links("links").def(),
        address("place").def(),
        reference("parent", "thing").def(),
        references("others", "thing").def(),
        polymorphic("about", &["thing", "user"]).def(),
        files("papers").def(),
        rating("stars", 5).def(),
        tags("tags").def(),
        location("spot").def(),
        json("free").def(),
        auto_number("number").def(),
    ];
    let user = ObjectDef::new("user", "usr", "user", "name", vec![text("name").def()]);
    let team = ObjectDef::new("team", "tea", "users", "name", vec![text("name").def()]);
    let thing = ObjectDef::new("thing", "thg", "box", "line", fields);
    Schema::new([user, team, thing]).expect("a schema")
}

fn auto_number(name: &'static str) -> Field<String> {
    model::auto_number(name, "T-000")
}

pub fn id(n: u8) -> Id {
    let mut bytes = [0x11; 16];
    bytes[15] = n;
    Id::from_bytes(bytes)
}

pub fn moment(day: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + day * 86_400 / 2).expect("a moment")
}

/// A record whose system fields are filled in.
pub fn thing(n: u8) -> Record {
    let mut record = Record::new(Ident::of("thing"));
    record.fields.set(Ident::of("id"), Value::Id(id(n)));
    record.fields.set(Ident::of("created_at"), Value::DateTime(moment(i64::from(n))));
    record.fields.set(Ident::of("updated_at"), Value::DateTime(moment(i64::from(n))));
    record.fields.set(Ident::of("version"), Value::Int(1));
    record
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

fn maybe(strategy: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    prop_oneof![1 => Just(Value::Null), 3 => strategy].boxed()
}

fn list<T: std::fmt::Debug + PartialEq + Clone + 'static>(
    item: impl Strategy<Value = T> + 'static,
    make: fn(Vec<T>) -> Value,
) -> BoxedStrategy<Value> {
    prop::collection::vec(item, 0..3)
        .prop_map(move |mut v| {
            v.dedup();
            if v.len() == 2 && v[0] == v[1] {
                v.pop();
            }
            if v.is_empty() { Value::Null } else { make(v) }
        })
        .boxed()
}

fn entries(values: &'static [&'static str]) -> BoxedStrategy<Value> {
    let one = prop::sample::select(values).prop_map(|v| Entry { value: v.to_owned(), label: String::new() });
    list(one, Value::Entries)
}

/// A value for a field of this type.
pub fn value(field: &FieldDef) -> BoxedStrategy<Value> {
    match &field.kind {
        FieldType::Text { .. } | FieldType::LongText | FieldType::AutoNumber { .. } => {
            maybe(word().prop_map(Value::Text))
        }
        FieldType::Integer { .. } | FieldType::Duration => maybe((-3_i64..4).prop_map(Value::Int)),
        FieldType::Rating { .. } => maybe((1_i64..6).prop_map(Value::Int)),
        FieldType::Number | FieldType::Percent => maybe((-4_i32..5).prop_map(|n| Value::Number(f64::from(n) / 2.0))),
        FieldType::Money => maybe((-3_i64..4, any::<bool>()).prop_map(|(n, eur)| {
            Value::Money(Money::from_units(n * 5_000, if eur { Currency::EUR } else { Currency::USD }))
        })),
        FieldType::Boolean => maybe(any::<bool>().prop_map(Value::Bool)),
        FieldType::Date => maybe((0_i8..5).prop_map(|d| Value::Date(kernel::civil::date(2026, 2, 26 + d.min(2))))),
        FieldType::DateTime => maybe((0_i64..6).prop_map(|d| Value::DateTime(moment(d)))),
        FieldType::Choice { .. } => maybe(prop::sample::select(vec!["red", "green", "blue"]).prop_map(Value::from)),
        FieldType::MultiChoice { .. } => {
            list(prop::sample::select(vec!["red", "green", "blue"]).prop_map(str::to_owned), Value::Texts)
        }
        FieldType::Tags => list(word(), Value::Texts),
        FieldType::PersonName => maybe(
            (word(), word())
                .prop_map(|(first, last)| Value::Name(Box::new(PersonName { first, last, ..PersonName::default() }))),
        ),
        FieldType::Emails => entries(&["a@x.example", "b@x.example", "c@y.example"]),
        FieldType::Phones => entries(&["+33199001234", "+33639981234"]),
        FieldType::Links => entries(&["https://a.example", "https://B.example/É"]),
        FieldType::Address => maybe(
            (word(), word())
                .prop_map(|(city, street)| Value::Address(Box::new(Address { city, street, ..Address::default() }))),
        ),
        FieldType::Reference { .. } => maybe((0_u8..6).prop_map(|n| Value::Id(id(n)))),
        FieldType::References { .. } => list((0_u8..6).prop_map(id), Value::Ids),
        FieldType::Polymorphic { .. } => {
            maybe((0_u8..6).prop_map(|n| Value::Ref(Ref { object: Ident::of("thing"), id: id(n) })))
        }
        FieldType::Files => Just(Value::Null).boxed(),
        FieldType::Location => maybe((0_i32..4, 0_i32..4).prop_map(|(a, b)| {
            Value::Location(Location { lat: 48.0 + f64::from(a) / 10.0, lon: 2.0 + f64::from(b) / 10.0 })
        })),
        FieldType::Json => maybe(Just(Value::Json(Box::new(serde_json::json!({"a": [1, "é"]}))))),
        FieldType::User | FieldType::Formula { .. } | FieldType::Rollup(_) => Just(Value::Null).boxed(),
    }
}

/// Records 0 to `n`, with references among them that may point to what comes later or to nothing.
pub fn world(n: u8) -> BoxedStrategy<Vec<Record>> {
    let schema = schema();
    let object = schema.object("thing").expect("it is there").clone();
    let fields: Vec<_> = object.own_fields().cloned().collect();
    let values: Vec<_> = (0..n).map(|_| fields.iter().map(value).collect::<Vec<_>>()).collect();
    values
        .prop_map(move |rows| {
            rows.into_iter()
                .enumerate()
                .map(|(i, row)| {
                    let mut record = thing(i as u8);
                    for (field, value) in fields.iter().zip(row) {
                        // A foreign key can only point backwards, to what is stored already.
                        let backwards = |id: &Id| *id < self::id(i as u8);
                        let value = match value {
                            Value::Id(id) if !backwards(&id) => Value::Null,
                            Value::Ids(ids) => {
                                let ids: Vec<Id> = ids.into_iter().filter(backwards).collect();
                                if ids.is_empty() { Value::Null } else { Value::Ids(ids) }
                            }
                            value => value,
                        };
                        record.fields.set(field.name.clone(), value);
                    }
                    record
                })
                .collect()
        })
        .boxed()
}
