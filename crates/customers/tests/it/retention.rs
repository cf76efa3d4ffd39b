//! Retention rules: preview, run, report, undo; and the register that is made of them.

use customers::retention::{FOUND, RAN_AT, preview, register, run, set_security};
use kernel::Id;
use model::{Entry, Fields, Ident, ObjectDef, Record, Value, date, emails, text};
use records::{Op, RecordError, Worker};

use crate::world::{World, on_each};

const DAY: i64 = 24 * 3600;

async fn with_people(world: &World) -> Vec<Id> {
    let fields = vec![
        text("name").required().personal().def(),
        emails("emails").def(),
        date("left_on").def(),
        text("town").def(),
    ];
    let mut object = ObjectDef::new("member", "mem", "user", "name", fields);
    object.label = kernel::Label { fr: "Membre".into(), en: "Member".into() };
    object.plural = object.label.clone();
    for field in &mut object.fields {
        field.label = kernel::Label { fr: field.name.to_string(), en: field.name.to_string() };
    }
    world.space.define_object(&world.ctx(), object).await.expect("an object");
    let mut ids = Vec::new();
    for (name, left) in [("Ada", "2022-01-01"), ("Bob", "2023-06-01"), ("Cy", "2025-01-01")] {
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::from(name)),
            (
                Ident::of("emails"),
                Value::Entries(vec![Entry {
                    value: format!("{name}@example.org").to_lowercase(),
                    label: String::new(),
                }]),
            ),
            (Ident::of("left_on"), Value::Date(left.parse().expect("a day"))),
            (Ident::of("town"), Value::from("Lyon")),
        ]);
        let made = world.space.write_one(&world.ctx(), &Ident::of("member"), Op::Create(fields)).await.expect("made");
        ids.push(made.record.id());
    }
    ids
}

async fn rule(world: &World, pairs: &[(&'static str, Value)]) -> Result<Record, RecordError> {
    let mut fields = Fields::from_iter([
        (Ident::of("name"), Value::from("Anciens membres")),
        (Ident::of("object"), Value::from("member")),
        (Ident::of("after"), Value::from("left_on")),
        (Ident::of("months"), Value::Int(36)),
        (Ident::of("law"), Value::from("Statuts, art. 4")),
    ]);
    for (name, value) in pairs {
        fields.set(Ident::of(name), value.clone());
    }
    let made = world.space.write_one(&world.ctx(), &Ident::of("retention_rule"), Op::Create(fields)).await;
    made.map(|outcome| outcome.record)
}

async fn names(world: &World, ids: &[Id]) -> Vec<String> {
    let mut names = Vec::new();
    for id in ids {
        let found = world.space.get(&world.ctx(), &Ident::of("member"), *id).await.expect("there");
        let deleted = if found.deleted_at().is_some() { "†" } else { "" };
        let mails = if found.value("emails").is_empty() { "" } else { "@" };
        names.push(format!("{}{mails}{deleted}", found.value("name").as_text().unwrap_or_default()));
    }
    names
}

#[test]
fn a_preview_shows_and_changes_nothing() {
    on_each(async |world| {
        let ids = with_people(world).await;
        let rule = rule(world, &[("action", "delete".into())]).await.expect("a rule");
        let shown = preview(&world.space, &world.ctx(), &rule).await.expect("shown");
        assert_eq!((shown.count.n, shown.examples.len()), (1, 1));
        assert_eq!(shown.examples[0].id(), ids[0]);
        assert_eq!(names(world, &ids).await, ["Ada@", "Bob@", "Cy@"]);
    });
}

#[test]
fn a_run_is_a_batch_that_can_be_undone() {
    on_each(async |world| {
        let ids = with_people(world).await;
        let rule = rule(world, &[("action", "delete".into()), ("months", Value::Int(24))]).await.expect("a rule");
        let report = run(&world.space, &world.ctx(), &rule).await.expect("run");
        assert_eq!((report.found, report.done, report.refused), (2, 2, 0));
        assert_eq!(names(world, &ids).await, ["Ada@†", "Bob@†", "Cy@"]);
        world.space.undo(&world.ctx(), report.batch.expect("a batch")).await.expect("undone");
        assert_eq!(names(world, &ids).await, ["Ada@", "Bob@", "Cy@"]);
    });
}

#[test]
fn the_worker_applies_rules_once_a_day_and_anonymises_once() {
    on_each(async |world| {
        let ids = with_people(world).await;
        let made = rule(world, &[("action", "anonymise".into())]).await.expect("a rule");
        let look = rule(world, &[("name", "Regard".into()), ("months", Value::Int(1))]).await.expect("a rule");
        let worker = Worker::new(world.space.clone(), &[]);
        let of = async |id| world.space.get(&world.ctx(), &Ident::of("retention_rule"), id).await.expect("there");
        for (found, looked) in [(1, 3), (0, 3)] {
            while worker.step().await.expect("worked") {}
            let (done, seen) = (of(made.id()).await, of(look.id()).await);
            assert_eq!((done.get(FOUND), seen.get(FOUND)), (Some(found), Some(looked)));
            assert_eq!(done.get(RAN_AT), Some(world.clock.now()));
            assert_eq!(names(world, &ids).await, ["—", "Bob@", "Cy@"]);
            world.wait(DAY);
        }
    });
}

#[test]
fn wrong_rules_are_refused() {
    on_each(async |world| {
        with_people(world).await;
        for (name, value) in [
            ("object", Value::from("nothing")),
            ("object", Value::from("user")),
            ("after", Value::from("town")),
            (
                "only",
                Value::Json(Box::new(
                    serde_json::json!({"is": {"field": "nothing", "op": "eq", "operand": {"raw": 1}}}),
                )),
            ),
        ] {
            assert!(matches!(rule(world, &[(name, value)]).await, Err(RecordError::Invalid(_))), "{name}");
        }
        let rep = world.user("rep", &["rep"]).await;
        let good = rule(world, &[]).await.expect("a rule");
        assert!(matches!(run(&world.space, &rep, &good).await, Err(RecordError::Forbidden { .. })));
    });
}

#[test]
fn the_register_says_what_is_set_up() {
    on_each(async |world| {
        with_people(world).await;
        let purpose = Value::Id(Id::named("purpose:newsletter"));
        rule(world, &[("purpose", purpose)]).await.expect("a rule");
        world.set("purpose", "Commandes en ligne").await;
        world.set("legal_basis", "contract").await;
        set_security(&world.space, &world.ctx(), " Chiffrement ").await.expect("kept");
        let ctx = kernel::Ctx { locale: kernel::Locale::En, ..world.ctx() };
        let register = register(&world.space, &ctx).await.expect("made");
        let one = |name: &str| register.entries.iter().find(|entry| entry.name == name).expect("an entry");
        assert_eq!(one("Newsletter").legal_basis, "Consent");
        assert_eq!(
            one("Newsletter").retention,
            [
                "Consents: 36 months after the person’s last action",
                "Anciens membres (member): 36 months, Review. Statuts, art. 4"
            ]
        );
        assert_eq!(
            (one("Site").purpose.as_str(), one("Site").legal_basis.as_str()),
            ("Commandes en ligne", "Contract")
        );
        assert_eq!(register.security, "Chiffrement");
        let rep = world.user("rep", &["rep"]).await;
        assert!(matches!(customers::retention::register(&world.space, &rep).await, Err(RecordError::Forbidden { .. })));
    });
}
