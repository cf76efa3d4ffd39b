//! Sources' records in versions, events, what is learnt of them, refusals.

use kernel::Id;
use serde_json::{Map, Value as Json, json};
use store::{
    Appended, Digest, Event, Incoming, Position, Property, Reject, Seen, Store, StoreError, Trace, Volume, WriteKey,
};

use crate::databases::{both, run};
use crate::sample::{id, moment, schema};

fn object(json: Json) -> Map<String, Json> {
    json.as_object().expect("an object").clone()
}

fn incoming(key: &str, payload: Json, partial: bool) -> Incoming {
    Incoming { source: id(1), key: key.into(), payload: object(payload), partial }
}

async fn append(store: &Store, records: Vec<Incoming>) -> Vec<Appended> {
    let done: Result<_, StoreError> =
        store.write(move |w| Box::pin(async move { w.append_records(&records, moment(0)).await })).await;
    done.expect("appended")
}

fn event(n: u32, user: &str) -> Event {
    Event {
        seq: 0,
        tx: 0,
        message: Digest::of(&format!("message {n}")),
        source: id(1),
        kind: "track".into(),
        name: Some("Order Completed".into()),
        at: moment(0) + jiff::SignedDuration::from_secs(n.into()),
        received_at: moment(0),
        user_id: (!user.is_empty()).then(|| user.to_owned()),
        anonymous_id: Some("a-1".into()),
        group_id: None,
        previous_id: None,
        payload: r#"{"type":"track","zero":"C:\\u0000","n":1}"#.into(),
    }
}

async fn put(store: &Store, events: Vec<Event>) -> Vec<bool> {
    let done: Result<_, StoreError> = store.write(move |w| Box::pin(async move { w.put_events(&events).await })).await;
    done.expect("written")
}

#[test]
fn what_a_source_says_is_kept_in_versions() {
    run(async {
        for database in both(&schema()).await {
            let store = &database.store;
            let first = append(
                store,
                vec![
                    incoming("b", json!({"name": "Béa", "city": "Lille"}), false),
                    incoming("a", json!({"name": "Ada"}), false),
                    incoming("b", json!({"city": "Lille", "name": "Béa"}), false),
                ],
            )
            .await;
            assert_eq!(
                first.iter().map(|a| (a.version, a.new)).collect::<Vec<_>>(),
                [(1, true), (1, true), (1, false)]
            );
            assert_eq!(first[0].record, first[2].record);
            let second = append(
                store,
                vec![
                    incoming("b", json!({"city": "Lyon"}), false),
                    incoming("a", json!({"phone": "1"}), true),
                    incoming("a", json!({"name": "Ada"}), true),
                    incoming("a", json!({"phone": "2"}), true),
                ],
            )
            .await;
            assert_eq!(
                second.iter().map(|a| (a.version, a.new)).collect::<Vec<_>>(),
                [(2, true), (2, true), (2, false), (3, true)]
            );
            assert_eq!(second[0].record, first[0].record, "the identifier stays");
            let mut reader = store.read().await.expect("a reader");
            let latest = reader.source_record(id(1), "a").await.expect("read").expect("there");
            assert_eq!(latest.payload, json!({"name": "Ada", "phone": "2"}));
            let all = reader.source_versions(id(1), "b").await.expect("read");
            assert_eq!(all.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
            assert_eq!(all[0].payload, json!({"city": "Lyon"}), "a whole record is not completed");
            let page = reader.source_records(id(1), Some("a"), 10).await.expect("read");
            assert_eq!(page.iter().map(|v| (v.key.as_str(), v.version)).collect::<Vec<_>>(), [("b", 2)]);
            drop(reader);
            // Writes of other tests on the same server may hold the end of the log back for a while.
            let (mut seen, mut position) = (Vec::new(), Position::default());
            while seen.len() < 5 {
                let (some, next) =
                    store.read().await.expect("a reader").versions_after(position, 2).await.expect("read");
                seen.extend(some.into_iter().map(|v| (v.key, v.version)));
                position = next;
                tokio::task::yield_now().await;
            }
            seen.sort();
            let expected = [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)].map(|(key, n)| (key.to_owned(), n));
            assert_eq!(seen, expected);
            database.end().await;
        }
    });
}

#[test]
fn writers_of_one_record_follow_one_another() {
    run(async {
        for database in both(&schema()).await {
            let writers: Vec<_> = (0..8)
                .map(|n| {
                    let store = database.store.clone();
                    tokio::spawn(async move {
                        for _ in 0..5 {
                            let member = format!("m{n}");
                            let payload = json!({ member: n });
                            append(&store, vec![incoming("x", payload.clone(), true), incoming("y", payload, true)])
                                .await;
                        }
                    })
                })
                .collect();
            for writer in writers {
                writer.await.expect("wrote");
            }
            let mut reader = database.store.read().await.expect("a reader");
            for key in ["x", "y"] {
                let latest = reader.source_record(id(1), key).await.expect("read").expect("there");
                assert_eq!((latest.version, latest.payload.as_object().map(Map::len)), (8, Some(8)));
            }
            drop(reader);
            database.end().await;
        }
    });
}

#[test]
fn an_event_is_kept_once() {
    run(async {
        for database in both(&schema()).await {
            let store = &database.store;
            let one = vec![event(1, "u-1"), event(2, ""), event(1, "u-1")];
            assert_eq!(put(store, one).await, [true, true, false]);
            assert_eq!(put(store, vec![event(2, "u-1"), event(3, "u-1")]).await, [false, true]);
            let mut reader = store.read().await.expect("a reader");
            let user = reader.events_of(Trace::User("u-1"), None, 10).await.expect("read");
            assert_eq!(
                user.iter().map(|e| e.message).collect::<Vec<_>>(),
                [event(3, "").message, event(1, "").message]
            );
            let json: Json = serde_json::from_str(&user[0].payload).expect("JSON");
            assert_eq!(json["zero"], "C:\\u0000");
            let earlier = reader.events_of(Trace::User("u-1"), Some(user[0].at), 10).await.expect("read");
            assert_eq!(earlier.len(), 1);
            assert_eq!(reader.events_of(Trace::Anonymous("a-1"), None, 2).await.expect("read").len(), 2);
            assert_eq!(reader.events_of(Trace::Group("a-1"), None, 2).await.expect("read"), []);
            let latest = reader.events_from(id(1), None, 2).await.expect("read");
            assert_eq!(reader.events_from(id(1), Some(latest[1].seq), 9).await.expect("read").len(), 1);
            drop(reader);
            let (mut seen, mut position) = (Vec::new(), Position::default());
            while seen.len() < 3 {
                let (some, next) = store.read().await.expect("a reader").events_after(position, 2).await.expect("read");
                seen.extend(some.into_iter().map(|e| e.seq));
                position = next;
                tokio::task::yield_now().await;
            }
            seen.dedup();
            assert_eq!(seen.len(), 3);
            database.end().await;
        }
    });
}

#[test]
fn what_is_learnt_adds_up_and_is_forgotten() {
    run(async {
        for database in both(&schema()).await {
            let seen = |count, day| Seen { count, first_at: moment(day), last_at: moment(day) };
            let of = |property: &str, value: &str| Property {
                source: id(1),
                kind: "track".into(),
                event: "Signed Up".into(),
                property: property.into(),
                value: value.into(),
            };
            let rounds = [
                vec![(of("", ""), seen(2, 0)), (of("plan", "text"), seen(2, 0))],
                vec![(of("", ""), seen(3, 1)), (of("plan", "number"), seen(1, 1)), (of("plan", "text"), seen(2, 1))],
            ];
            for round in rounds {
                let done: Result<(), StoreError> =
                    database.store.write(move |w| Box::pin(async move { w.learn(&round).await })).await;
                done.expect("learnt");
            }
            let known = database.store.read().await.expect("a reader").properties(id(1), None, 10).await.expect("read");
            let figures: Vec<_> = known.iter().map(|(p, s)| (p.property.as_str(), p.value.as_str(), s.count)).collect();
            assert_eq!(figures, [("", "", 5), ("plan", "number", 1), ("plan", "text", 4)]);
            assert_eq!((known[2].1.first_at, known[2].1.last_at), (moment(0), moment(1)));
            let gone: Result<bool, StoreError> = database
                .store
                .write(|w| Box::pin(async move { w.unlearn(id(1), "track", "Signed Up", Some("plan")).await }))
                .await;
            assert!(gone.expect("forgotten"));
            let mut reader = database.store.read().await.expect("a reader");
            assert_eq!(reader.properties(id(1), Some(("track", "Signed Up")), 10).await.expect("read").len(), 1);
            drop(reader);
            database.end().await;
        }
    });
}

#[test]
fn refused_events_wait_and_volumes_are_counted() {
    run(async {
        for database in both(&schema()).await {
            let reject = |n: u8| Reject {
                kind: store::Refused::Event,
                seq: 0,
                source: id(1),
                message: Some(format!("m{n}")),
                received_at: moment(0),
                problem: "{}".into(),
                payload: format!("{{\"n\":{n}}}"),
            };
            let done: Result<_, StoreError> = database
                .store
                .write(move |w| {
                    Box::pin(async move {
                        w.put_rejects(&[reject(1), reject(2), reject(3)]).await?;
                        for shard in [1, 2, 1] {
                            let volume =
                                Volume { day: "2026-03-01".into(), accepted: 5, rejected: 3, ..Volume::default() };
                            w.count_received(id(1), &volume, shard, moment(0)).await?;
                        }
                        let volume = Volume { day: "2026-03-02".into(), repeated: 1, ..Volume::default() };
                        w.count_received(id(1), &volume, 0, moment(1)).await
                    })
                })
                .await;
            done.expect("kept");
            let mut reader = database.store.read().await.expect("a reader");
            let all = reader.rejects(id(1), None, 10).await.expect("read");
            assert_eq!(
                all.iter().map(|r| r.message.as_deref()).collect::<Vec<_>>(),
                [Some("m3"), Some("m2"), Some("m1")]
            );
            let days = reader.volumes(id(1), 30).await.expect("read");
            assert_eq!((days[0].repeated, days[0].last_at), (1, Some(moment(1))));
            assert_eq!((days[1].day.as_str(), days[1].accepted, days[1].rejected), ("2026-03-01", 15, 9));
            let since = reader.volumes_since("2026-03-02").await.expect("read");
            assert_eq!(
                (since[&id(1)].accepted, since[&id(1)].repeated, since[&id(1)].last_at),
                (0, 1, Some(moment(1)))
            );
            drop(reader);
            let middle = all[1].seq;
            let taken: Result<Vec<Reject>, StoreError> = database
                .store
                .write(move |w| Box::pin(async move { w.take_rejects(id(1), 0..=middle, 10).await }))
                .await;
            assert_eq!(
                taken.expect("taken").iter().map(|r| r.payload.as_str()).collect::<Vec<_>>(),
                ["{\"n\":1}", "{\"n\":2}"]
            );
            assert_eq!(
                database.store.read().await.expect("a reader").rejects(id(1), None, 10).await.expect("read").len(),
                1
            );
            database.end().await;
        }
    });
}

#[test]
fn write_keys_are_found_by_their_hash() {
    run(async {
        for database in both(&schema()).await {
            let key = WriteKey {
                id: Id::named("key"),
                source: id(1),
                name: "site".into(),
                created_at: moment(0),
                used_at: None,
                revoked_at: None,
            };
            let kept = key.clone();
            let done: Result<bool, StoreError> = database
                .store
                .write(move |w| {
                    Box::pin(async move {
                        w.put_write_key(&kept, "hash").await?;
                        w.touch_write_key(kept.id, moment(1)).await?;
                        w.revoke_write_key(kept.id, moment(2)).await?;
                        w.revoke_write_key(kept.id, moment(3)).await
                    })
                })
                .await;
            assert!(!done.expect("written"), "taken back once");
            let mut reader = database.store.read().await.expect("a reader");
            let found = reader.write_key("hash").await.expect("read").expect("there");
            assert_eq!(found, WriteKey { used_at: Some(moment(1)), revoked_at: Some(moment(2)), ..key });
            assert_eq!(reader.write_keys(id(1)).await.expect("read").len(), 1);
            assert_eq!(reader.write_key("other").await.expect("read"), None);
            drop(reader);
            database.end().await;
        }
    });
}
