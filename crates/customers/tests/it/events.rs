//! Events that are kept: once each, with their time put right, with what they say about people.

use customers::event::{IntakeError, MAX_BODY, MAX_EVENT};
use customers::source;
use serde_json::{Value as Json, json};
use store::Trace;

use crate::world::{World, on_each};

fn track(message: &str, user: &str, name: &str, properties: Json) -> Json {
    json!({ "type": "track", "messageId": message, "userId": user, "event": name, "properties": properties })
}

#[test]
fn a_message_is_kept_once_for_ever() {
    on_each(async |world| {
        let events = vec![
            track("m-1", "u", "Paid", json!({})),
            track("m-2", "u", "Paid", json!({})),
            track("m-1", "u", "Paid", json!({})),
        ];
        assert_eq!(world.batch(events.clone()).await, (2, 1, 0));
        world.wait(400 * 86_400);
        assert_eq!(world.batch(events).await, (0, 3, 0));
        let again = world.send("track", json!({"messageId": "m-2", "userId": "u", "event": "Paid"})).await;
        assert_eq!(again.expect("read").repeated, 1);
        let without = json!({"userId": "u", "event": "Paid"});
        assert_eq!(world.send("t", without.clone()).await.expect("read").accepted, 1);
        assert_eq!(world.send("t", without).await.expect("read").accepted, 1, "nothing says that it came before");
        let mut reader = world.space.store.read().await.expect("a reader");
        assert_eq!(reader.events_of(Trace::User("u"), None, 100).await.expect("read").len(), 4);
        drop(reader);
        let health = source::health(&world.space, &world.ctx(), world.source).await.expect("read");
        let today = health.days.last().expect("a day");
        assert_eq!((today.accepted, today.repeated, health.days.len()), (2, 4, 30));
        assert_eq!(health.last_at, Some(world.clock.now()));
        let activity = source::activity(&world.space, &world.ctx()).await.expect("read");
        assert_eq!(activity[&world.source].accepted, 2, "what came long ago is not counted");
    });
}

#[test]
fn a_clock_that_is_wrong_is_put_right() {
    on_each(async |world| {
        let body = json!({
            "sentAt": "2026-03-02T10:00:00.000Z",
            "context": {"library": {"name": "test"}},
            "batch": [{
                "type": "page", "anonymousId": "a", "messageId": "m", "name": "Home",
                "timestamp": "2026-03-02T09:50:00.000Z",
            }],
        });
        assert_eq!(world.send("batch", body).await.expect("read").accepted, 1);
        let mut reader = world.space.store.read().await.expect("a reader");
        let event = reader.events_of(Trace::Anonymous("a"), None, 1).await.expect("read").remove(0);
        drop(reader);
        assert_eq!(event.at.to_string(), "2026-03-02T08:50:00Z");
        assert_eq!((event.received_at, event.name.as_deref()), (world.clock.now(), Some("Home")));
        let json: Json = serde_json::from_str(&event.payload).expect("JSON");
        assert_eq!(json["context"]["library"]["name"], "test");
    });
}

#[test]
fn what_identify_and_group_say_becomes_records_in_versions() {
    on_each(async |world| {
        let identify = |message: &str, traits: Json| json!({"type": "identify", "messageId": message, "userId": "7", "anonymousId": "a", "traits": traits});
        let events = vec![
            identify("1", json!({"email": "ada@a.example", "city": "Lille"})),
            identify("2", json!({"city": "Lyon"})),
            identify("3", json!({"city": "Lyon"})),
            identify("2", json!({"city": "Brest"})),
            json!({"type": "group", "messageId": "4", "userId": "7", "groupId": "g", "traits": {"name": "Aciers"}}),
            json!({"type": "identify", "messageId": "5", "anonymousId": "b", "traits": {"name": "Béa"}}),
            json!({"type": "alias", "messageId": "6", "userId": "7", "previousId": "b"}),
        ];
        assert_eq!(world.batch(events).await, (6, 1, 0));
        let mut reader = world.space.store.read().await.expect("a reader");
        let records = reader.source_records(world.source, None, 10).await.expect("read");
        let shown: Vec<_> = records.iter().map(|r| (r.key.as_str(), r.version, r.payload.clone())).collect();
        assert_eq!(
            shown,
            [
                ("anonymous/b", 1, json!({"name": "Béa"})),
                ("group/g", 1, json!({"name": "Aciers"})),
                ("user/7", 2, json!({"email": "ada@a.example", "city": "Lyon"})),
            ]
        );
        let group = reader.events_of(Trace::Group("g"), None, 10).await.expect("read");
        assert_eq!(group.len(), 1);
        let alias = reader.events_from(world.source, None, 1).await.expect("read").remove(0);
        assert_eq!((alias.kind.as_str(), alias.previous_id.as_deref()), ("alias", Some("b")));
    });
}

#[test]
fn several_writers_send_the_same_events_at_once() {
    on_each(async |world| {
        let events: Vec<Json> = (0..50).map(|n| track(&format!("m-{n}"), "u", "Paid", json!({"n": n}))).collect();
        let mut backwards = events.clone();
        backwards.reverse();
        let (a, b, c, d) = tokio::join!(
            world.batch(events.clone()),
            world.batch(backwards.clone()),
            world.batch(events),
            world.batch(backwards)
        );
        let sum = [a, b, c, d].iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        assert_eq!(sum, (50, 150));
    });
}

#[test]
fn odd_characters_harm_nobody() {
    on_each(async |world| {
        let odd = r#"{"batch": [
            {"type": "page", "userId": "u\u0000v", "messageId": "a", "properties": {"x": "zero \u0000, path C:\\u0000, 😀"}},
            {"type": "page", "userId": "u", "messageId": "b", "properties": {"x": "\ud800"}},
            {"type": "page", "userId": "u", "messageId": "c", "properties": {"x": 1e400}},
            {"type": "page", "userId": "u", "messageId": "d", "properties": {"x": 1e300, "x": 2}}
        ]}"#;
        let receipt = world.send_text("batch", odd).await.expect("read");
        assert_eq!((receipt.accepted, receipt.rejected.len()), (2, 2));
        assert!(receipt.rejected.iter().all(|r| r.problem.key == "event-unreadable"));
    });
}

#[test]
fn a_call_that_cannot_be_read_keeps_nothing() {
    on_each(async |world| {
        for body in ["", "{", "[]", r#"{"batch": {}}"#] {
            let refused = world.send_text("batch", body).await;
            assert!(matches!(refused, Err(IntakeError::Unreadable(_))), "{body}: {refused:?}");
        }
        let large = format!("{{\"batch\": []{}}}", " ".repeat(MAX_BODY));
        assert!(matches!(world.send_text("batch", &large).await, Err(IntakeError::TooLarge)));
        assert_eq!(world.batch(Vec::new()).await, (0, 0, 0));
        let long = track("m", "u", "Paid", json!({"x": "é".repeat(MAX_EVENT)}));
        assert_eq!(world.batch(vec![long]).await, (0, 0, 1));
        assert_eq!(events(world).await, 0);
    });
}

async fn events(world: &World) -> usize {
    world.space.store.read().await.expect("a reader").events_from(world.source, None, 100).await.expect("read").len()
}
