//! What is learnt of events, what is refused for it, and trying again.

use customers::event::forget;
use customers::source::{Replayed, discard, replay};
use serde_json::{Value as Json, json};
use store::Trace;

use crate::world::{World, on_each};

fn paid(message: &str, amount: Json) -> Json {
    let properties = json!({"amount": amount, "currency": "EUR"});
    json!({"type": "track", "messageId": message, "userId": "u", "event": "Paid", "properties": properties})
}

async fn waiting(world: &World) -> Vec<(Option<String>, String)> {
    let mut reader = world.space.store.read().await.expect("a reader");
    let rejects = reader.rejects(world.source, None, 100).await.expect("read");
    let key = |problem: &str| serde_json::from_str::<Json>(problem).expect("JSON")["key"].as_str().map(str::to_owned);
    rejects.into_iter().map(|r| (r.message, key(&r.problem).expect("a key"))).collect()
}

#[test]
fn events_are_learnt_each_once() {
    on_each(async |world| {
        world.batch(vec![paid("1", json!(1)), paid("2", json!("2")), paid("2", json!("2"))]).await;
        world.batch(vec![json!({"type": "page", "messageId": "3", "userId": "u", "name": "Home"})]).await;
        world.learn(3).await;
        world.batch(vec![paid("4", json!(4))]).await;
        let known = world.learn(4).await;
        let shown: Vec<_> = known
            .iter()
            .map(|(p, count)| (p.kind.as_str(), p.event.as_str(), p.property.as_str(), p.value.as_str(), *count))
            .collect();
        assert_eq!(
            shown,
            [
                ("page", "", "", "", 1),
                ("track", "Paid", "", "", 3),
                ("track", "Paid", "amount", "number", 2),
                ("track", "Paid", "amount", "text", 1),
                ("track", "Paid", "currency", "text", 3),
            ]
        );
    });
}

#[test]
fn a_source_that_enforces_refuses_what_it_does_not_know_and_takes_it_once_mended() {
    on_each(async |world| {
        world.batch(vec![paid("1", json!(1))]).await;
        world.learn(1).await;
        world.set("schema", "enforce").await;
        let unknown = json!({"type": "track", "messageId": "3", "userId": "u", "event": "Payed"});
        let sent = json!({
            "sentAt": "2026-03-02T09:10:00Z",
            "batch": [paid("2", json!("2")), unknown, paid("4", json!(4)), {"type": "track", "userId": "u"}],
        });
        let receipt = world.send("batch", sent).await.expect("read");
        assert_eq!(receipt.accepted, 1);
        let refused: Vec<_> =
            receipt.rejected.iter().map(|r| (r.index, r.message.as_deref(), r.problem.key.as_str())).collect();
        let expected =
            [(0, Some("2"), "event-property-type"), (1, Some("3"), "event-unknown"), (3, None, "event-name-missing")];
        assert_eq!(refused, expected);
        assert_eq!(waiting(world).await.len(), 3);

        let ctx = world.ctx();
        let same = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(same, Replayed { rejected: 3, ..Replayed::default() }, "nothing was mended");
        forget(&world.space, &ctx, world.source, ("track", "Paid"), Some("amount")).await.expect("forgotten");
        let mended = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(mended, Replayed { accepted: 1, repeated: 0, rejected: 2 });
        world.set("schema", "learn").await;
        let open = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(open, Replayed { accepted: 1, repeated: 0, rejected: 1 });
        assert_eq!(waiting(world).await, [(None, "event-name-missing".to_owned())]);
        let mut reader = world.space.store.read().await.expect("a reader");
        assert_eq!(reader.events_of(Trace::User("u"), None, 10).await.expect("read").len(), 4);
        drop(reader);
        assert_eq!(discard(&world.space, &ctx, world.source, None).await.expect("gone"), 1);
        assert_eq!(waiting(world).await, []);
    });
}

#[test]
fn a_single_call_that_was_refused_is_tried_again_as_what_it_was() {
    on_each(async |world| {
        world.set("schema", "enforce").await;
        let refused = world.send("track", json!({"messageId": "1", "userId": "u", "event": "Paid"})).await;
        assert_eq!(refused.expect("read").rejected.len(), 1);
        world.set("schema", "learn").await;
        let one = {
            let mut reader = world.space.store.read().await.expect("a reader");
            reader.rejects(world.source, None, 1).await.expect("read").remove(0)
        };
        assert!(!one.payload.contains("clw_"), "the write key is not kept");
        let done = replay(&world.space, &world.ctx(), world.source, Some(one.seq)).await.expect("tried");
        assert_eq!(done.accepted, 1);
    });
}
