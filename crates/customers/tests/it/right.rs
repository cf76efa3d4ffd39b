//! Rights requests from receipt to proof, and their time limits.

use customers::consent::{Audience, Channel, ContactPoint, may};
use customers::right::{CLOSED_ON, DEADLINE, DUE_ON, PAUSED_DAYS, STATE};
use kernel::Id;
use model::{Fields, Ident, Record, Value};
use records::{Op, RecordError, Worker};

use crate::world::{World, on_each};

const DAY: i64 = 24 * 3600;

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| (Ident::of(name), Value::from(*value))).collect()
}

async fn ask(world: &World, kind: &str, address: &str) -> Record {
    let given = fields(&[("kind", kind), ("requester", "Ada"), ("address", address)]);
    world.space.write_one(&world.ctx(), &Ident::of("rights_request"), Op::Create(given)).await.expect("kept").record
}

async fn change(world: &World, id: Id, pairs: &[(&'static str, &str)]) -> Result<Record, Vec<String>> {
    change_to(world, id, fields(pairs)).await
}

async fn change_to(world: &World, id: Id, fields: Fields) -> Result<Record, Vec<String>> {
    let op = Op::Update { id, fields, version: None };
    match world.space.write_one(&world.ctx(), &Ident::of("rights_request"), op).await {
        Ok(outcome) => Ok(outcome.record),
        Err(RecordError::Invalid(problems)) => Err(problems.0.into_iter().map(|p| p.key).collect()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_request_goes_by_its_steps_to_a_proven_answer() {
    on_each(async |world| {
        let made = ask(world, "access", "ada@example.org").await;
        assert_eq!(made.get(DUE_ON).map(|day| day.to_string()).as_deref(), Some("2026-04-02"));
        assert_eq!(made.get(DEADLINE).as_deref(), Some("open"));
        let id = made.id();
        assert_eq!(change(world, id, &[("state", "answered")]).await, Err(vec!["right-step".into()]));
        assert_eq!(change(world, id, &[("state", "in_progress")]).await, Err(vec!["right-identity".into()]));
        let waiting = change(world, id, &[("state", "identity_check")]).await.expect("a step");
        assert_eq!(waiting.get(DEADLINE).as_deref(), Some("waiting"));
        world.wait(5 * DAY);
        let sure = change(world, id, &[("state", "in_progress"), ("identity", "code")]).await.expect("a step");
        assert_eq!(
            (sure.get(PAUSED_DAYS), sure.get(DUE_ON).map(|d| d.to_string())),
            (Some(5), Some("2026-04-07".into()))
        );
        let bare = change(world, id, &[("state", "answered")]).await;
        assert_eq!(bare, Err(vec!["right-answer".into(), "right-proof".into()]));
        let given = [("state", "answered"), ("answer", "Copie envoyée"), ("proof", "Recommandé n° 1")];
        let answered = change(world, id, &given).await.expect("answered");
        assert_eq!(answered.get(DEADLINE).as_deref(), Some("closed"));
        assert_eq!(answered.get(CLOSED_ON).map(|d| d.to_string()).as_deref(), Some("2026-03-07"));
        assert_eq!(change(world, id, &[("state", "in_progress")]).await, Err(vec!["right-step".into()]));
        let history = world.space.store.read().await.expect("a reader").history(id, None, 20).await.expect("read");
        assert_eq!(history.len(), 4, "every step is in the history");
    });
}

#[test]
fn an_extension_is_told_with_its_reason_within_the_month() {
    on_each(async |world| {
        let [early, late] =
            [ask(world, "access", "a@b.example").await.id(), ask(world, "erasure", "c@d.example").await.id()];
        let extended = |reason: &str| {
            let mut fields = fields(&[("extension_reason", reason)]);
            fields.set(Ident::of("extended"), Value::Bool(true));
            fields
        };
        assert_eq!(change_to(world, early, extended(" ")).await, Err(vec!["right-extension".into()]));
        let longer = change_to(world, early, extended("Douze systèmes")).await.expect("extended");
        assert_eq!(longer.get(DUE_ON).map(|day| day.to_string()).as_deref(), Some("2026-06-02"));
        world.wait(40 * DAY);
        assert_eq!(change_to(world, late, extended("Oubliée")).await, Err(vec!["right-extension-late".into()]));
        assert_eq!(change(world, late, &[("state", "refused")]).await, Err(vec!["right-refusal".into()]));
    });
}

#[test]
fn what_becomes_late_is_marked_every_day() {
    on_each(async |world| {
        let id = ask(world, "access", "a@b.example").await.id();
        let worker = Worker::new(world.space.clone(), &[]);
        let mut seen = Vec::new();
        for _ in 0..35 {
            while worker.step().await.expect("worked") {}
            let found = world.space.get(&world.ctx(), &Ident::of("rights_request"), id).await.expect("there");
            let mark = found.get(DEADLINE).expect("marked");
            if seen.last() != Some(&mark) {
                seen.push(mark);
            }
            assert_eq!(found.get(STATE).as_deref(), Some("received"));
            world.wait(DAY);
        }
        assert_eq!(seen, ["open", "soon", "overdue"]);
    });
}

#[test]
fn an_objection_counts_from_the_moment_it_comes_in() {
    on_each(async |world| {
        let points = [ContactPoint::guess("ada@example.org").expect("a point")];
        let allowed = async || {
            let mut reader = world.space.store.read().await.expect("a reader");
            let (channel, key, audience) = (Channel::Email, "work_prospecting", Audience::Professional);
            may(&world.space, &mut reader, &points, channel, key, audience).await.expect("decided")[0].allowed
        };
        assert!(allowed().await);
        ask(world, "access", "ada@example.org").await;
        assert!(allowed().await);
        ask(world, "objection", "Ada@Example.org").await;
        assert!(!allowed().await);
    });
}

#[test]
fn requests_are_the_stewards() {
    on_each(async |world| {
        for (role, may) in [("rep", false), ("manager", false), ("steward", true)] {
            let ctx = world.user(role, &[role]).await;
            let given = fields(&[("kind", "access"), ("requester", "Ada"), ("address", "a@b.example")]);
            let made = world.space.write_one(&ctx, &Ident::of("rights_request"), Op::Create(given)).await;
            assert_eq!(made.is_ok(), may, "{role}");
        }
    });
}
