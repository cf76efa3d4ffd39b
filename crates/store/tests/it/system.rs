//! Transactions, jobs, the log, copies.

use model::*;
use serde_json::json;
use store::{Change, ChangeOp, Kinds, Position, StoreError};

use crate::databases::{both, run};
use crate::sample::{id, moment, schema, thing};

#[test]
fn a_write_that_fails_leaves_nothing_behind() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            let inner = schema.clone();
            let result: Result<(), StoreError> = database
                .store
                .write(move |w| {
                    Box::pin(async move {
                        w.insert(&inner, &Ident::of("thing"), &[thing(1)]).await?;
                        Err(StoreError::Fault("enough".into()))
                    })
                })
                .await;
            assert!(result.is_err());
            let inner = schema.clone();
            let twice: Result<(), StoreError> = database
                .store
                .write(move |w| {
                    Box::pin(async move { w.insert(&inner, &Ident::of("thing"), &[thing(1), thing(1)]).await })
                })
                .await;
            assert!(matches!(twice, Err(StoreError::Taken { ref columns, .. }) if columns == &["id"]), "{twice:?}");
            let query = Query::of(Ident::of("thing"));
            assert_eq!(
                database.store.read().await.expect("a reader").count(&schema, &query, None).await.expect("count").n,
                0
            );
            database.end().await;
        }
    });
}

#[test]
fn a_panic_in_a_write_undoes_it_and_the_store_goes_on() {
    run(async {
        let schema = schema();
        let database = both(&schema).await.remove(0);
        let inner = schema.clone();
        let result: Result<(), StoreError> = database
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.insert(&inner, &Ident::of("thing"), &[thing(1)]).await?;
                    panic!("a fault of ours")
                })
            })
            .await;
        assert!(matches!(result, Err(StoreError::Fault(_))));
        database.insert(&schema, vec![thing(2)]).await;
        let query = Query::of(Ident::of("thing"));
        assert_eq!(
            database.store.read().await.expect("a reader").count(&schema, &query, None).await.expect("count").n,
            1
        );
    });
}

#[test]
fn a_job_is_claimed_by_one_worker_and_made_once() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            let (now, later) = (moment(0), moment(1));
            let made: Result<Vec<bool>, StoreError> = database
                .store
                .write(move |w| {
                    Box::pin(async move {
                        let mut made = Vec::new();
                        for key in ["a", "a", "b"] {
                            made.push(w.enqueue("send", Some(key), &json!({"to": key}), now, now).await?);
                        }
                        Ok(made)
                    })
                })
                .await;
            assert_eq!(made.expect("made"), [true, false, true]);
            let claim = || {
                database.store.write(move |w| {
                    Box::pin(async move { w.claim(now, later, 10, Kinds::Except(&["import", "pull"])).await })
                })
            };
            let (one, two): (Result<_, StoreError>, Result<_, StoreError>) = tokio::join!(claim(), claim());
            let (one, two) = (one.expect("claimed"), two.expect("claimed"));
            assert_eq!(one.len() + two.len(), 2, "each job went to one of them");
            let job = one.iter().chain(&two).next().expect("a job").seq;
            let past = moment(2);
            let taken = async |kinds: Kinds<'static>| {
                let claim =
                    database.store.write(move |w| Box::pin(async move { w.claim(past, moment(3), 10, kinds).await }));
                let jobs: Result<_, StoreError> = claim.await;
                jobs.expect("claimed").len()
            };
            let prolonged: Result<(), StoreError> =
                database.store.write(move |w| Box::pin(async move { w.prolong(job, moment(3)).await })).await;
            prolonged.expect("prolonged");
            assert_eq!((taken(Kinds::Of("import")).await, taken(Kinds::Except(&["send"])).await), (0, 0));
            assert_eq!(taken(Kinds::Of("send")).await, 1, "the worker of one is still at it");
            let buried: Result<(), StoreError> =
                database.store.write(move |w| Box::pin(async move { w.fail(job, "no answer", None, now).await })).await;
            buried.expect("buried");
            let dead = database.store.read().await.expect("a reader").jobs(Some("dead"), None, 10).await.expect("jobs");
            assert_eq!((dead.len(), dead[0].error.as_deref()), (1, Some("no answer")));
            database.end().await;
        }
    });
}

fn change(n: u8) -> Change {
    Change {
        seq: 0,
        tx: 0,
        at: moment(0),
        actor: None,
        via: "test".into(),
        batch: None,
        object: Ident::of("thing"),
        record: id(n),
        op: ChangeOp::Update,
        version: 2,
        diff: Some(json!({"line": [null, "x"]})),
    }
}

#[test]
fn the_log_passes_over_no_change_of_overlapping_transactions() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            // Sixteen writers at once, and a reader that follows them: every change is seen once, whatever order they commit in.
            let writers: Vec<_> = (0..16_u8)
                .map(|n| {
                    let store = database.store.clone();
                    tokio::spawn(async move {
                        for _ in 0..10 {
                            let done: Result<(), StoreError> = store
                                .write(move |w| Box::pin(async move { w.append(&[change(n), change(n)]).await }))
                                .await;
                            done.expect("appended");
                        }
                    })
                })
                .collect();
            let mut seen = Vec::new();
            let mut position = Position::default();
            while seen.len() < 320 {
                let mut reader = database.store.read().await.expect("a reader");
                let (changes, next) = reader.tail(position, 7).await.expect("read");
                seen.extend(changes.iter().map(|c| c.seq));
                position = next;
                drop(reader);
                tokio::task::yield_now().await;
            }
            for writer in writers {
                writer.await.expect("wrote");
            }
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 320);
            database.end().await;
        }
    });
}

#[test]
fn a_copy_holds_what_the_database_held() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            database.insert(&schema, vec![thing(1), thing(2)]).await;
            let place = database.store.snapshot(moment(0)).await.expect("a copy");
            database.insert(&schema, vec![thing(3)]).await;
            let copy = store::Store::open(&place).await.expect("opened");
            let query = Query::of(Ident::of("thing"));
            assert_eq!(copy.read().await.expect("a reader").count(&schema, &query, None).await.expect("count").n, 2);
            if copy.file().is_none() {
                copy.erase().await.expect("erased");
            }
            database.end().await;
        }
    });
}

#[test]
fn a_write_of_which_a_statement_fails_unseen_keeps_nothing() {
    run(async {
        for database in both(&schema()).await {
            let verdict = store::Verdict {
                seq: 0,
                id: id(1),
                at: moment(0),
                actor: None,
                same: true,
                note: String::new(),
                undone_at: None,
                sides: [vec![id(2)], vec![id(3)]],
            };
            // On PostgreSQL nobody waits for what keeps a verdict: the second one's error is that of what follows it, or of the end.
            for seen_by in ["the end", "a statement"] {
                let (again, text) = (verdict.clone(), json!(seen_by));
                let written: Result<(), StoreError> = database
                    .store
                    .write(move |w| {
                        Box::pin(async move {
                            w.set_setting("seen by", &text).await?;
                            w.put_verdict(&again).await?;
                            w.put_verdict(&again).await?;
                            if text == "a statement" { w.setting("seen by").await.map(drop) } else { Ok(()) }
                        })
                    })
                    .await;
                assert!(matches!(written, Err(StoreError::Taken { .. })), "{seen_by}: {written:?}");
            }
            let mut reader = database.store.read().await.expect("a reader");
            assert_eq!(reader.setting("seen by").await.expect("read"), None);
            assert!(reader.verdicts(&[verdict.id]).await.expect("read").is_empty());
            drop(reader);
            let kept: Result<(), StoreError> =
                database.store.write(move |w| Box::pin(async move { w.put_verdict(&verdict).await })).await;
            kept.expect("kept");
            database.end().await;
        }
    });
}

#[test]
fn a_server_that_hangs_up_is_an_error_and_no_wait() {
    run(async {
        for database in both(&schema()).await {
            let store::Place::Schema { url, schema } = database.store.place() else { continue };
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let (ended, has_ended) = tokio::sync::oneshot::channel();
            let store = database.store.clone();
            let writing = tokio::spawn(async move {
                let written: Result<(), StoreError> = store
                    .write(move |w| {
                        Box::pin(async move {
                            w.set_setting("one", &json!(1)).await?;
                            begun.send(()).expect("awaited");
                            has_ended.await.expect("told");
                            w.setting("one").await.map(drop)
                        })
                    })
                    .await;
                written
            });
            has_begun.await.expect("begun");
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("connected");
            tokio::spawn(connection);
            let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE relation = $1::text::regclass";
            let hung_up = client.query(end, &[&format!("{schema}._setting")]).await.expect("hung up");
            assert!(!hung_up.is_empty());
            ended.send(()).expect("awaited");
            let written = writing.await.expect("no panic");
            assert!(matches!(written, Err(StoreError::Unavailable(_))), "{written:?}");
            // Whoever comes next gets another connection.
            let mut reader = database.store.read().await.expect("a reader");
            assert_eq!(reader.setting("one").await.expect("read"), None);
            drop(reader);
            database.end().await;
        }
    });
}

#[test]
fn a_database_goes_while_others_still_write_to_it() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            // A file's one writer ends what it is at before the file goes.
            if database.store.file().is_some() {
                continue;
            }
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let fields = schema.clone();
            let store = database.store.clone();
            let writing = tokio::spawn(async move {
                let written: Result<(), StoreError> = store
                    .write(move |w| {
                        Box::pin(async move {
                            w.insert(&fields, &Ident::of("thing"), &[thing(1)]).await?;
                            begun.send(()).expect("awaited");
                            // By now the other one holds some tables and waits for this one's.
                            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                            w.set_setting("one", &json!(1)).await
                        })
                    })
                    .await;
                written
            });
            has_begun.await.expect("begun");
            database.store.clone().erase().await.expect("erased");
            let _ = writing.await.expect("no panic");
            assert!(database.store.read().await.expect("a reader").setting("one").await.is_err(), "it is still there");
        }
    });
}

#[test]
fn the_log_of_a_file_is_moved_without_the_writer() {
    run(async {
        let database = both(&schema()).await.remove(0);
        let file = database.store.file().expect("a file").to_owned();
        let size = || std::fs::metadata(&file).map_or(0, |file| file.len());
        let text = "x".repeat(1 << 20);
        for n in 0..80 {
            let value = json!(text);
            let kept: Result<(), StoreError> = database
                .store
                .write(move |w| Box::pin(async move { w.set_setting(&format!("large {n}"), &value).await }))
                .await;
            kept.expect("kept");
        }
        // Nothing is written any more: what was is moved all the same, up to what the log may hold.
        while size() < 64 << 20 {
            std::thread::yield_now();
        }
        let kept = database.store.read().await.expect("a reader").setting("large 79").await.expect("read");
        assert_eq!(kept, Some(json!(text)));
        database.end().await;
    });
}
