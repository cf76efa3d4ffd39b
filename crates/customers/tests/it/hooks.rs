//! Webhooks: records found in what is delivered, signatures, and trying again once the mapping was mended.

use customers::event::IntakeError;
use customers::source::{Delivery, Replayed, Taken, deliver, give, replay, sample, set_secret};
use model::Value;
use records::webhook;
use serde_json::{Value as Json, json};
use store::Refused;

use crate::world::{World, on_each};

async fn hook(world: &World, headers: &[(&str, &str)], body: &[u8]) -> Result<Taken, IntakeError> {
    let header = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
    let delivery = Delivery { key: &world.key, header: &header, body };
    deliver(&world.space, &delivery, world.clock.now()).await
}

async fn post(world: &World, body: Json) -> Taken {
    hook(world, &[], body.to_string().as_bytes()).await.expect("on disk")
}

async fn waiting(world: &World) -> Vec<(Refused, String)> {
    let rejects = world.space.store.read().await.expect("a reader").rejects(world.source, None, 100).await;
    let key = |problem: &str| serde_json::from_str::<Json>(problem).expect("JSON")["key"].as_str().map(str::to_owned);
    rejects.expect("read").into_iter().map(|r| (r.kind, key(&r.problem).expect("a key"))).collect()
}

async fn latest(world: &World, key: &str) -> Option<Json> {
    let mut reader = world.space.store.read().await.expect("a reader");
    reader.source_record(world.source, key).await.expect("read").map(|version| version.payload)
}

#[test]
fn what_is_delivered_is_kept_even_before_anybody_said_what_it_means() {
    on_each(async |world| {
        world.set("kind", "webhook").await;
        let people = json!([{"id": 1, "mail": "ana@x.example"}, {"id": 2}, {"mail": "no key"}]);
        let body = json!({"data": {"people": people}});
        let first = post(world, body.clone()).await;
        assert_eq!((first.accepted, first.rejected[0].1.key.as_str()), (0, "hook-key-unset"));
        let shown = sample(&world.space, &world.ctx(), world.source).await.expect("read").expect("there");
        assert_eq!(
            (shown.delivery, shown.record("data.people")),
            (true, Some(&json!({"id": 1, "mail": "ana@x.example"})))
        );

        world.set("key_path", "id").await;
        world.set("list_path", "data.persons").await;
        let ctx = world.ctx();
        let same = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(same, Replayed { rejected: 1, ..Replayed::default() });
        assert_eq!(waiting(world).await, [(Refused::Delivery, "hook-list-missing".to_owned())]);

        world.set("list_path", "data.people").await;
        let mended = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(mended, Replayed { accepted: 2, repeated: 0, rejected: 1 });
        assert_eq!(waiting(world).await, [(Refused::Record, "source-key-unreadable".to_owned())]);
        assert_eq!(latest(world, "1").await, Some(json!({"id": 1, "mail": "ana@x.example"})));
        let again = post(world, body).await;
        assert_eq!((again.accepted, again.repeated, again.rejected.len()), (0, 2, 1), "what comes again is no news");
    });
}

#[test]
fn a_form_and_a_single_record_are_deliveries() {
    on_each(async |world| {
        world.set("kind", "webhook").await;
        world.set("key_path", "contact.id").await;
        let taken = post(world, json!({"contact": {"id": "c-1"}, "mail": "a@x.example"})).await;
        assert_eq!((taken.accepted, taken.rejected.len()), (1, 0));
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let taken = hook(world, &form, b"contact.id=c-2&mail=b%40x.example").await.expect("on disk");
        assert_eq!(taken.accepted, 1);
        assert_eq!(latest(world, "c-2").await, Some(json!({"contact.id": "c-2", "mail": "b@x.example"})));
    });
}

#[test]
fn hostile_deliveries_change_nothing() {
    on_each(async |world| {
        let refused = async |body: &[u8]| hook(world, &[], body).await.err().map(|error| error.to_string());
        assert_eq!(refused(b"{}").await.as_deref(), Some("no open source has this write key"), "it is no webhook");
        world.set("kind", "webhook").await;
        world.set("key_path", "id").await;
        assert!(refused(b"nothing").await.is_some_and(|e| e.starts_with("the body cannot be read")));
        assert!(refused(&[b' '; 600 * 1024]).await.is_some_and(|e| e.starts_with("the body is larger")));
        let deep = "[".repeat(100_000);
        assert!(refused(deep.as_bytes()).await.is_some());
        let keys = ["hook-not-json", "hook-not-json"].map(|key| (Refused::Delivery, key.to_owned()));
        assert_eq!(waiting(world).await, keys);
        let large = json!({"id": "\u{0}", "x": "x"});
        assert_eq!(post(world, large).await.rejected.len(), 1);
        world.set("active", Value::Bool(false)).await;
        assert!(refused(b"{\"id\": 1}").await.is_some());
        assert_eq!(latest(world, "1").await, None);
    });
}

#[test]
fn deliveries_are_signed_where_the_source_asks_for_it() {
    on_each(async |world| {
        world.set("kind", "webhook").await;
        world.set("key_path", "id").await;
        world.set("signature", "standard").await;
        let ctx = world.ctx();
        assert!(set_secret(&world.space, &ctx, world.source, "not base 64!").await.is_err());
        let body = json!({"id": 1}).to_string();
        assert!(matches!(hook(world, &[], body.as_bytes()).await, Err(IntakeError::Unsigned)), "no secret yet");
        let secret = webhook::new_secret();
        set_secret(&world.space, &ctx, world.source, &secret).await.expect("kept");
        let now = world.clock.now().as_second();
        let signed = async |sent: i64, secret: &str, text: &str| {
            let signature = webhook::sign(secret, "msg_1", sent, text).expect("signed");
            let both = format!("v1,b2xk {signature}");
            let headers = [
                ("webhook-id", "msg_1"),
                ("webhook-timestamp", &sent.to_string()),
                ("webhook-signature", both.as_str()),
            ];
            hook(world, &headers, body.as_bytes()).await.is_ok_and(|taken| taken.rejected.is_empty())
        };
        assert!(signed(now, &secret, &body).await);
        assert!(!signed(now, &webhook::new_secret(), &body).await, "another key");
        assert!(!signed(now, &secret, "{}").await, "another body");
        assert!(!signed(now - 301, &secret, &body).await, "long ago");

        world.set("signature", "sha256").await;
        set_secret(&world.space, &ctx, world.source, "It's a Secret to Everybody").await.expect("kept");
        // The example of GitHub's documentation.
        let known = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let sent = hook(world, &[("x-hub-signature-256", known)], b"Hello, World!").await;
        assert!(matches!(sent, Err(IntakeError::Unreadable(_))), "signed well, but no JSON");
        world.set("signature_header", "X-Signature").await;
        let sent = hook(world, &[("x-hub-signature-256", known)], b"Hello, World!").await;
        assert!(matches!(sent, Err(IntakeError::Unsigned)));
        let sent = hook(world, &[("x-signature", &known[7..])], b"Hello, World?").await;
        assert!(matches!(sent, Err(IntakeError::Unsigned)));
    });
}

#[test]
fn refused_records_of_a_program_are_tried_again() {
    on_each(async |world| {
        let ctx = world.ctx();
        let records = vec![(String::new(), json!({"no": 7, "mail": "old@x.example"})), ("8".to_owned(), json!("text"))];
        let taken = give(&world.space, &ctx, world.source, records, false).await.expect("read");
        assert_eq!(taken.rejected.len(), 2);
        let same = replay(&world.space, &ctx, world.source, None).await.expect("tried");
        assert_eq!(same, Replayed { rejected: 2, ..Replayed::default() }, "nothing was mended");
        world.set("key_path", "no").await;
        let records = vec![("7".to_owned(), json!({"no": 7, "mail": "new@x.example"}))];
        give(&world.space, &world.ctx(), world.source, records, false).await.expect("read");
        let mended = replay(&world.space, &world.ctx(), world.source, None).await.expect("tried");
        assert_eq!(mended, Replayed { accepted: 0, repeated: 1, rejected: 1 }, "what came later stands");
        assert_eq!(latest(world, "7").await.expect("there")["mail"], "new@x.example");
    });
}

#[test]
fn a_mapping_is_used_where_records_are_understood() {
    on_each(async |world| {
        world.set("kind", "webhook").await;
        world.set("key_path", "id").await;
        world.set("mapping", Value::Json(Box::new(json!({"who.mails.0.to": "email", "who.call": "full_name"})))).await;
        post(world, json!({"id": 1, "who": {"call": "Ana Ruiz", "mails": [{"to": "ana@x.example"}]}})).await;
        let worker = records::Worker::new(std::sync::Arc::clone(&world.space), &[]);
        let query = model::Query::of(model::Ident::of("profile")).limit(10);
        loop {
            worker.step().await.expect("worked");
            let found = world.space.list(&world.ctx(), &query).await.expect("read").records;
            if let [profile] = found.as_slice() {
                assert!(format!("{profile:?}").contains("ana@x.example"));
                break;
            }
            tokio::task::yield_now().await;
        }
    });
}
