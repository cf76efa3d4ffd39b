//! Segments: who is in them at once, why, for whom, and what a decision would change.

use std::collections::{BTreeMap, BTreeSet};

use customers::consent::Channel;
use customers::erasure;
use customers::identity::{Decision, decide};
use customers::person::{Form, export, held};
use customers::profile::{Lookup, find};
use customers::retention::register;
use customers::segment::{Membership, Segment, Segments, reach};
use kernel::{Ctx, Id};
use model::{Fields, Ident, Record, Value};
use records::{Access, Op, RecordError};
use serde_json::{Value as Json, json};

use crate::world::{World, on_each};

/// Two people of Lyon, one of them in two sources with another job in the second, and one of Lille.
async fn town(world: &World) -> [Id; 2] {
    let sources = [world.source_of("Boutique", "person").await, world.source_of("Support", "person").await];
    let person = |first: &str, last: &str, email: &str, city: &str| json!({"first_name": first, "last_name": last, "email": email, "city": city});
    let shop = vec![
        ("S1".to_owned(), person("Ada", "Quill", "ada@exemple-mail.fr", "Lyon")),
        ("S2".to_owned(), person("Basile", "Roux", "basile@exemple-mail.fr", "Lyon")),
        ("S3".to_owned(), person("Cléo", "Marin", "cleo@exemple-mail.fr", "Lille")),
    ];
    world.give(sources[0], shop).await;
    let mut desk = person("Ada", "Quill", "ada@exemple-mail.fr", "Lyon");
    desk["phone"] = json!("06 39 98 12 34");
    desk["job_title"] = json!("Relieuse");
    world.give(sources[1], vec![("D1".to_owned(), desk)]).await;
    world.resolve().await;
    sources
}

fn is(field: &str, op: &str, operand: Json) -> Json {
    let (field, part) = field.split_once('.').map_or((field, None), |(field, part)| (field, Some(part)));
    let mut condition = json!({ "field": field, "op": op });
    if let Some(part) = part {
        condition["part"] = json!(part);
    }
    if !operand.is_null() {
        condition["operand"] = operand;
    }
    json!({ "is": condition })
}

fn fields(name: &str, filter: Json) -> Fields {
    Fields::from_iter([
        (Ident::of("name"), Value::from(name)),
        (Ident::of("description_fr"), Value::from("Qui habite là")),
        (Ident::of("description_en"), Value::from("Who lives there")),
        (Ident::of("filter"), Value::Json(Box::new(filter))),
    ])
}

async fn make(world: &World, ctx: &Ctx, fields: Fields) -> Result<Record, RecordError> {
    world.space.write_one(ctx, &Ident::of("segment"), Op::Create(fields)).await.map(|outcome| outcome.record)
}

async fn members(world: &World, segment: &Record) -> BTreeSet<String> {
    let query = Segment::of(segment).query(&world.space.schema(), &world.ctx()).expect("bound");
    let found = world.space.list(&world.ctx(), &query).await.expect("listed").records;
    found.iter().map(|record| record.value("name").as_text().unwrap_or_default().to_owned()).collect()
}

async fn segments(world: &World, ctx: &Ctx) -> Segments {
    let access = world.space.access(ctx).await.expect("rights");
    let mut reader = world.space.store.read().await.expect("a reader");
    Segments::load(&world.space, ctx, &access, &mut reader).await.expect("read")
}

async fn of(world: &World, email: &str) -> Vec<Membership> {
    let profile = profile(world, email).await;
    let found = world.space.get(&world.ctx(), &Ident::of("profile"), profile).await.expect("there");
    segments(world, &world.ctx()).await.of(&world.space.schema(), &found)
}

async fn profile(world: &World, email: &str) -> Id {
    let mut reader = world.space.store.read().await.expect("a reader");
    let found = find(&world.space, &mut reader, &Lookup::Email(email.to_owned())).await.expect("looked");
    *found.first().expect("a profile")
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn whoever_matches_is_a_member_at_once_and_can_be_told_why() {
    on_each(async |world| {
        let [shop, _] = town(world).await;
        let reachable =
            json!({"or": [is("job_title", "contains", json!("reli")), is("emails", "is_null", Json::Null)]});
        let lyon =
            make(world, &world.ctx(), fields("Lyon", is("address.city", "eq", json!("Lyon")))).await.expect("made");
        let both = json!({"and": [is("address.city", "eq", json!("Lyon")), reachable]});
        let both = make(world, &world.ctx(), fields("Relieuses", both)).await.expect("made");
        assert_eq!(members(world, &lyon).await, set(&["Ada Quill", "Basile Roux"]));
        assert_eq!(members(world, &both).await, set(&["Ada Quill"]));
        let why = of(world, "ada@exemple-mail.fr").await;
        let told: Vec<(&str, Vec<String>)> = (why.iter())
            .map(|membership| {
                let values = membership.because.iter().flat_map(|because| &because.values);
                (
                    membership.segment.name.as_str(),
                    values.map(|(path, value)| format!("{path}: {}", value.as_text().unwrap_or_default())).collect(),
                )
            })
            .collect();
        let city = "address.city: Lyon".to_owned();
        assert_eq!(told, [("Lyon", vec![city.clone()]), ("Relieuses", vec![city, "job_title: Relieuse".to_owned()])]);
        assert_eq!(of(world, "basile@exemple-mail.fr").await.len(), 1);
        assert_eq!(of(world, "cleo@exemple-mail.fr").await, []);

        // What a source says now counts now; what is put aside has no members.
        let moved =
            json!({"first_name": "Cléo", "last_name": "Marin", "email": "cleo@exemple-mail.fr", "city": "Lyon"});
        world.give(shop, vec![("S3".to_owned(), moved)]).await;
        world.resolve().await;
        assert_eq!(members(world, &lyon).await, set(&["Ada Quill", "Basile Roux", "Cléo Marin"]));
        assert_eq!(of(world, "cleo@exemple-mail.fr").await.len(), 1);
        let off = Fields::from_iter([(Ident::of("active"), Value::Bool(false))]);
        let op = Op::Update { id: lyon.id(), fields: off, version: None };
        let lyon = world.space.write_one(&world.ctx(), &Ident::of("segment"), op).await.expect("put aside").record;
        assert_eq!((members(world, &lyon).await, of(world, "cleo@exemple-mail.fr").await.len()), (set(&[]), 0));
    });
}

#[test]
fn a_profile_at_hand_and_the_database_agree() {
    on_each(async |world| {
        town(world).await;
        let not = |inner: Json| json!({ "not": inner });
        let none_of =
            |field: &str, list: Json| json!({"or": [not(is(field, "in", list)), is(field, "is_null", Json::Null)]});
        let filters = [
            json!("all"),
            is("address.city", "distinct", json!("lyon")),
            is("name", "contains", json!("CLEO")),
            is("emails", "has_any", json!(["ada@exemple-mail.fr"])),
            is("phones", "is_null", Json::Null),
            not(is("phones", "is_null", Json::Null)),
            is("stage", "in", json!(["suspect", "loyal"])),
            none_of("stage", json!(["loyal"])),
            none_of("job_title", json!(["Relieuse"])),
            is("records", "gte", json!(2)),
            is("spent", "gt", json!(10)),
            is("created_at", "within", json!({"span": {"unit": "day", "from": -6, "to": 0}})),
            is("stage_since", "lt", json!({"relative": {"unit": "day", "offset": 1}})),
            is("sources", "has_any", json!(["Support"])),
        ];
        let mut made = BTreeMap::new();
        for (n, filter) in filters.into_iter().enumerate() {
            let name = format!("S{n}");
            match make(world, &world.ctx(), fields(&name, filter.clone())).await {
                Ok(record) => drop(made.insert(name, record)),
                Err(error) => panic!("{filter}: {error:?}"),
            }
        }
        let (segments, schema) = (segments(world, &world.ctx()).await, world.space.schema());
        let mut at_hand: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for profile in world.profiles().await {
            for membership in segments.of(&schema, &profile) {
                let name = profile.value("name").as_text().unwrap_or_default().to_owned();
                at_hand.entry(membership.segment.name).or_default().insert(name);
            }
        }
        for (name, record) in &made {
            let expected = at_hand.get(name).cloned().unwrap_or_default();
            assert_eq!(members(world, record).await, expected, "{name}");
        }
    });
}

#[test]
fn rights_are_those_of_lists() {
    on_each(async |world| {
        town(world).await;
        let (rep, steward) = (world.user("rep", &["rep"]).await, world.user("steward", &["steward"]).await);
        let city = || fields("Lyon", is("address.city", "eq", json!("Lyon")));
        assert!(matches!(make(world, &rep, city()).await, Err(RecordError::Forbidden { .. })));
        let segment = make(world, &steward, city()).await.expect("made");
        let profile = profile(world, "ada@exemple-mail.fr").await;
        let ada = world.space.get(&rep, &Ident::of("profile"), profile).await.expect("seen");
        assert_eq!(segments(world, &rep).await.of(&world.space.schema(), &ada).len(), 1);

        // Who may not see addresses learns them neither from a list of members nor from being told a segment.
        let grants = json!({"profile": {"read": "all", "hidden": ["address"]}});
        let grants = Fields::from_iter([(Ident::of("grants"), Value::Json(Box::new(grants)))]);
        let role = Op::Update { id: records::objects::standard_role("rep"), fields: grants, version: None };
        world.space.write_one(&world.ctx(), &Ident::of("role"), role).await.expect("changed");
        world.wait(6);
        let rep = Ctx { now: world.ctx().now, ..rep };
        let query = Segment::of(&segment).query(&world.space.schema(), &rep).expect("bound");
        assert!(matches!(world.space.list(&rep, &query).await, Err(RecordError::Forbidden { .. })));
        assert_eq!(segments(world, &rep).await.of(&world.space.schema(), &ada), []);

        for filter in [
            json!({"nothing": 1}),
            is("nothing", "eq", json!("x")),
            is("owner", "eq", json!({"me": true})),
            json!({"related": {"field": "owner", "filter": is("name", "eq", json!("x"))}}),
        ] {
            let refused = make(world, &steward, fields("X", filter.clone())).await;
            assert!(matches!(refused, Err(RecordError::Invalid(_))), "{filter}");
        }
    });
}

#[test]
fn a_decision_says_which_segments_follow() {
    on_each(async |world| {
        let [_, desk] = town(world).await;
        make(world, &world.ctx(), fields("Relieuses", is("job_title", "eq", json!("Relieuse")))).await.expect("made");
        let profile = profile(world, "ada@exemple-mail.fr").await;
        let mut reader = world.space.store.read().await.expect("a reader");
        let record = reader.source_record(desk, "D1").await.expect("read").expect("kept").record;
        drop(reader);
        let decision = Decision::Separate { profile, records: vec![record] };
        let all = std::sync::Arc::new(Access::everything());
        let effect = decide(&world.space, &world.ctx(), all, decision, "", true).await.expect("previewed");
        let (segments, schema) = (segments(world, &world.ctx()).await, world.space.schema());
        let count = |snapshots: &[customers::identity::Snapshot]| -> Vec<usize> {
            snapshots.iter().map(|snapshot| segments.of(&schema, &snapshot.profile).len()).collect()
        };
        assert_eq!(count(&effect.before), [1]);
        let mut after = count(&effect.after);
        after.sort_unstable();
        assert_eq!(after, [0, 1], "one side leaves");
        assert_eq!(of(world, "ada@exemple-mail.fr").await.len(), 1, "nothing is kept");
    });
}

#[test]
fn a_person_is_told_takes_it_along_and_leaves_with_its_data() {
    on_each(async |world| {
        town(world).await;
        let mut with = fields("Lyon", is("address.city", "eq", json!("Lyon")));
        with.set(Ident::of("purpose"), Value::Id(Id::named("purpose:newsletter")));
        let segment = make(world, &world.ctx(), with).await.expect("made");
        let ctx = Ctx { locale: kernel::Locale::En, ..world.ctx() };
        let profile = profile(world, "ada@exemple-mail.fr").await;
        let known = held(&world.space, &ctx, profile).await.expect("held");
        let file: Json = serde_json::from_str(&export(&world.space, &ctx, &known, &[], Form::Json)).expect("JSON");
        let told = &file["segments"][0];
        assert_eq!((&told["name"], &told["description"]), (&json!("Lyon"), &json!("Who lives there")));
        assert_eq!(told["because"][0]["values"], json!({"address.city": "Lyon"}));
        let listed = register(&world.space, &ctx).await.expect("made");
        let newsletter = listed.entries.iter().find(|entry| entry.name == "Newsletter").expect("there");
        assert_eq!(newsletter.segments, ["Lyon: Who lives there"]);

        // Nobody said yes to the newsletter; telephones are called until 10 August 2026 unless somebody said no.
        let mut reader = world.space.store.read().await.expect("a reader");
        let all = Access::everything();
        let reached = reach(&world.space, &ctx, &all, &Segment::of(&segment), &mut reader).await.expect("asked");
        drop(reader);
        let reached = reached.expect("it has a purpose");
        assert_eq!(reached.of, 2);
        assert_eq!(reached.channels, [(Channel::Email, 0), (Channel::Sms, 0), (Channel::Phone, 1)]);

        erasure::run(&world.space, &ctx, profile, None).await.expect("erased");
        assert_eq!(members(world, &segment).await, set(&["Basile Roux"]));
    });
}
