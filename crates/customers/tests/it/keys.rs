//! Who may send, and who may say so.

use customers::event::{Call, IntakeError, receive};
use customers::source;
use kernel::Id;
use model::Value;
use records::{Op, RecordError};
use serde_json::json;

use crate::world::{World, on_each};

async fn sends(world: &World, key: Option<&str>, body: serde_json::Value) -> bool {
    let sent = receive(&world.space, Call::One("page"), key, body.to_string().as_bytes(), world.clock.now()).await;
    match sent {
        Ok(receipt) => receipt.accepted == 1,
        Err(IntakeError::NoKey) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_key_opens_its_source_until_it_is_taken_back() {
    on_each(async |world| {
        let page = || json!({"userId": "u"});
        assert!(sends(world, Some(&world.key), page()).await);
        assert!(sends(world, None, json!({"userId": "u", "writeKey": world.key})).await);
        for wrong in [None, Some(""), Some("clw_wrong")] {
            assert!(!sends(world, wrong, page()).await);
        }
        let other = world.new_key(world.source).await;
        let keys = source::keys(&world.space, &world.ctx(), world.source).await.expect("read");
        assert_eq!(keys.len(), 2);
        assert!(keys.iter().any(|key| key.used_at == Some(world.clock.now())));
        let first = keys.iter().find(|key| key.used_at.is_some()).expect("a key").id;
        source::revoke_key(&world.space, &world.ctx(), world.source, first).await.expect("taken back");
        assert!(!sends(world, Some(&world.key), page()).await, "at once");
        assert!(sends(world, Some(&other), page()).await);
        let again = source::revoke_key(&world.space, &world.ctx(), world.source, first).await;
        assert!(matches!(again, Err(RecordError::Unknown { .. })));
        let elsewhere = world.create_source("Shop").await;
        let wrong = source::revoke_key(&world.space, &world.ctx(), elsewhere, keys[0].id).await;
        assert!(matches!(wrong, Err(RecordError::Unknown { .. })), "the key of another source");
    });
}

#[test]
fn a_source_that_is_switched_off_or_gone_takes_nothing() {
    on_each(async |world| {
        let page = || json!({"userId": "u"});
        world.set("active", Value::Bool(false)).await;
        assert!(!sends(world, Some(&world.key), page()).await);
        world.set("active", Value::Bool(true)).await;
        assert!(sends(world, Some(&world.key), page()).await);
        let op = Op::Delete(world.source);
        world.space.write_one(&world.ctx(), &model::Ident::of("source"), op).await.expect("deleted");
        world.wait(6);
        assert!(!sends(world, Some(&world.key), page()).await);
    });
}

#[test]
fn stewards_and_administrators_look_after_sources() {
    on_each(async |world| {
        for (role, may) in [("admin", true), ("steward", true), ("manager", false), ("rep", false)] {
            let ctx = world.user(role, &[role]).await;
            let made = source::new_key(&world.space, &ctx, world.source, "site").await;
            assert_eq!(made.is_ok(), may, "{role}");
            assert_eq!(source::keys(&world.space, &ctx, world.source).await.is_ok(), may, "{role}");
            assert_eq!(source::health(&world.space, &ctx, world.source).await.is_ok(), may, "{role}");
            assert_eq!(source::activity(&world.space, &ctx).await.is_ok(), may, "{role}");
            let replayed = customers::source::replay(&world.space, &ctx, world.source, None).await;
            assert_eq!(replayed.is_ok(), may, "{role}");
        }
        let nameless = source::new_key(&world.space, &world.ctx(), world.source, " ").await;
        assert!(matches!(nameless, Err(RecordError::Invalid(_))));
        let nowhere = source::new_key(&world.space, &world.ctx(), Id::named("nothing"), "x").await;
        assert!(matches!(nowhere, Err(RecordError::NotFound { .. })));
    });
}
