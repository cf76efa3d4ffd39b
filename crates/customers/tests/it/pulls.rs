//! Sources that are fetched: each change once, goes on where it was killed, and reaches nothing that was not opened.

use std::fs;
use std::sync::Arc;

use customers::pull::{Progress, ask, progress, run};
use customers::source::replay;
use model::{Fields, Ident, Value};
use records::{At, Bucket, Handler, Op, Space, Worker};
use serde_json::Value as Json;
use store::{Address, BoxFuture, StoreError};

use crate::world::{World, on_each, on_each_with};

async fn fetch(world: &World) -> Progress {
    run(&world.space, world.source).await.expect("our own database answers");
    progress(&world.space, &world.ctx(), world.source).await.expect("read")
}

/// What was kept and what was left out, of everything that came.
async fn counts(world: &World) -> (i64, i64, i64) {
    let volumes = world.space.store.read().await.expect("a reader").volumes(world.source, 30).await.expect("read");
    volumes.iter().fold((0, 0, 0), |(a, b, c), v| (a + v.accepted, b + v.repeated, c + v.rejected))
}

fn write(world: &World, name: &str, rows: impl Iterator<Item = (usize, String)>) {
    let mut text = "id;email\n".to_owned();
    rows.for_each(|(id, email)| text.push_str(&format!("{id};{email}\n")));
    fs::write(world.folder.path().join(name), text).expect("written");
}

fn problem(progress: &Progress) -> String {
    progress.problem.as_ref().map(|problem| format!("{}:{}", problem.field, problem.key)).unwrap_or_default()
}

#[test]
fn files_are_read_once_for_every_change() {
    on_each(async |world| {
        world.set("kind", "folder").await;
        world.set("place", "drop").await;
        let one = |n: usize| (n, format!("n{n}@x.example"));
        write(world, "a.csv", (0..1_500).map(one));
        write(world, "b.csv", (1_500..1_510).map(one));
        write(world, ".hidden.csv", (9_000..9_001).map(one));
        fs::write(world.folder.path().join("notes.md"), "id\n1").expect("written");
        let first = fetch(world).await;
        assert_eq!((first.rows, problem(&first).as_str(), first.ended_at.is_some()), (1_510, "", true));
        assert_eq!(counts(world).await, (1_510, 0, 0));
        assert_eq!(fetch(world).await.rows, 0, "nothing changed");
        write(world, "b.csv", (1_500..1_512).map(one));
        assert_eq!(fetch(world).await.rows, 12);
        assert_eq!(counts(world).await, (1_512, 10, 0));
        world.set("files", "c*.csv").await;
        write(world, "c1.csv", (1..2).map(|n| (n, "changed@x.example".to_owned())));
        assert_eq!(fetch(world).await.rows, 1);
        let mut reader = world.space.store.read().await.expect("a reader");
        let versions = reader.source_versions(world.source, "1").await.expect("read");
        assert_eq!(
            versions.iter().map(|v| v.payload["email"].clone()).collect::<Vec<_>>(),
            ["changed@x.example", "n1@x.example"]
        );
    });
}

#[test]
fn a_run_that_was_stopped_goes_on_without_doubling() {
    on_each(async |world| {
        world.set("kind", "folder").await;
        world.set("place", "drop").await;
        write(world, "a.csv", (0..6_000).map(|n| (n, format!("n{n}@x.example"))));
        let (space, source) = (Arc::clone(&world.space), world.source);
        let task = tokio::spawn(async move { run(&space, source).await });
        loop {
            let rows = progress(&world.space, &world.ctx(), world.source).await.expect("read").rows;
            if rows >= 1_000 {
                break;
            }
            tokio::task::yield_now().await;
        }
        task.abort();
        let _ = task.await;
        let second = fetch(world).await;
        assert!(second.rows <= 5_000, "{} rows were read again", second.rows);
        let (accepted, repeated, rejected) = counts(world).await;
        assert_eq!((accepted, repeated, rejected), (6_000, 0, 0));
    });
}

#[test]
fn only_what_was_opened_is_reached() {
    on_each(async |world| {
        world.set("kind", "folder").await;
        assert_eq!(problem(&fetch(world).await), "place:pull-place");
        for place in ["others", "shop", "/etc", "../drop"] {
            world.set("place", place).await;
            assert_eq!(problem(&fetch(world).await), "place:pull-place", "{place}");
        }
        world.set("place", "drop").await;
        let outside = tempfile::tempdir().expect("a folder");
        fs::write(outside.path().join("x.csv"), "id\n1\n").expect("written");
        std::os::unix::fs::symlink(outside.path().join("x.csv"), world.folder.path().join("x.csv")).expect("linked");
        world.set("files", "../*").await;
        assert_eq!(fetch(world).await.rows, 0);
        world.set("files", "*").await;
        assert_eq!(fetch(world).await.rows, 0, "a link is not followed");
        fs::write(world.folder.path().join("bad.parquet"), "PAR1 and no more than that PAR1").expect("written");
        write(world, "good.csv", std::iter::once((7, "g@x.example".to_owned())));
        let past = fetch(world).await;
        assert_eq!(
            (problem(&past).as_str(), past.rows),
            ("place:pull-file", 1),
            "one that is broken keeps no other back"
        );
        fs::remove_file(world.folder.path().join("bad.parquet")).expect("removed");
        world.set("key_path", "no").await;
        write(world, "a.csv", std::iter::once((1, "a@x.example".to_owned())));
        assert_eq!(problem(&fetch(world).await), "key_path:pull-column");
        assert_eq!(counts(world).await, (1, 0, 0));
    });
}

#[test]
fn a_query_is_asked_for_what_is_new() {
    on_each(async |world| {
        world.set("kind", "sql").await;
        world.set("place", "gone").await;
        world.set("query", "SELECT 1 AS id").await;
        assert_eq!(problem(&fetch(world).await), "query:pull-unreachable");
        world.set("place", "shop").await;
        world.set("query", "SELECT nothing FROM nowhere").await;
        assert_eq!(problem(&fetch(world).await), "query:pull-query");
        let rows = |n: u32| {
            (1..=n)
                .map(|n| format!("SELECT {n} AS id, 'n{n}@x.example' AS email, {n} AS changed"))
                .collect::<Vec<_>>()
                .join(" UNION ALL ")
        };
        world.set("query", &*format!("{};", rows(3))).await;
        world.set("grows", "changed").await;
        let first = fetch(world).await;
        assert_eq!((first.rows, problem(&first).as_str()), (3, ""));
        world.set("query", &*format!("{} -- the last word", rows(5))).await;
        assert_eq!(fetch(world).await.rows, 3, "the last one again, and two new ones");
        assert_eq!(counts(world).await, (5, 1, 0));
    });
}

#[test]
fn a_database_of_another_maker_is_asked_alike() {
    let Ok(server) = std::env::var("CLIENTELE_TEST_MYSQL") else {
        return eprintln!("CLIENTELE_TEST_MYSQL is not set: neither MySQL nor MariaDB is tested");
    };
    let erp = At::Database(Address { url: server, ca: None });
    on_each_with(
        async || (vec![("erp", erp.clone())], ()),
        async |world, ()| {
            world.set("kind", "sql").await;
            world.set("place", "erp").await;
            world.set("query", "SELECT nothing FROM nowhere").await;
            assert_eq!(problem(&fetch(world).await), "query:pull-query");
            let rows = |n: u32| {
                let one = |n: u32| {
                    format!(
                        "SELECT {n} AS id, 'n{n}@x.example' AS email, 10.50 AS paid, TIMESTAMP '2026-03-0{n} 08:00:00' AS changed"
                    )
                };
                (1..=n).map(one).collect::<Vec<_>>().join(" UNION ALL ")
            };
            world.set("query", &*format!("{};", rows(3))).await;
            world.set("grows", "changed").await;
            let first = fetch(world).await;
            assert_eq!((first.rows, problem(&first).as_str()), (3, ""));
            world.set("query", &*format!("{} -- the last word", rows(5))).await;
            assert_eq!(fetch(world).await.rows, 3, "the last one again, and two new ones");
            assert_eq!(counts(world).await, (5, 1, 0));
            let mut reader = world.space.store.read().await.expect("a reader");
            let versions = reader.source_versions(world.source, "5").await.expect("read");
            let wanted = serde_json::json!({"id": 5, "email": "n5@x.example", "paid": "10.50", "changed": "2026-03-05T08:00:00"});
            assert_eq!(versions[0].payload, wanted);
        },
    );
}

#[test]
fn schedules_make_one_job_for_each_span() {
    on_each(async |world| {
        world.set("kind", "folder").await;
        world.set("place", "drop").await;
        world.set("every", Value::Int(10)).await;
        write(world, "a.csv", std::iter::once((1, "a@x.example".to_owned())));
        let worker = Worker::new(Arc::clone(&world.space), &[]);
        let started = async || progress(&world.space, &world.ctx(), world.source).await.expect("read").started_at;
        while started().await.is_none() {
            worker.step().await.expect("worked");
        }
        let first = started().await;
        world.wait(60);
        worker.step().await.expect("worked");
        assert_eq!(started().await, first, "not due yet");
        world.wait(600);
        while started().await == first {
            worker.step().await.expect("worked");
        }
        assert_eq!(counts(world).await, (1, 0, 0));
    });
}

#[test]
fn a_source_that_asks_for_it_is_resolved_before_a_run_ends_and_when_tried_again() {
    on_each(async |world| {
        world.set("kind", "folder").await;
        world.set("place", "drop").await;
        world.set("resolve", "at_once").await;
        let table = "id;email;first_name;last_name\n1;ana@x.example;Ana;Ruiz\n2;karim@x.example;Karim;Roux\n;lea@x.example;Léa;Petit\n";
        fs::write(world.folder.path().join("a.csv"), table).expect("written");
        assert_eq!(fetch(world).await.rows, 3);
        assert_eq!((world.profiles().await.len(), counts(world).await), (2, (2, 0, 1)));
        world.set("key_path", "email").await;
        let tried = replay(&world.space, &world.ctx(), world.source, None).await.expect("tried");
        assert_eq!((tried.accepted, world.profiles().await.len()), (1, 3));
        // The worker has nothing left to do with them.
        world.resolve().await;
        assert_eq!(world.profiles().await.len(), 3);
    });
}

/// Notes that it ran.
fn note(space: Arc<Space>, _: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let noted = space.store.write(|w| Box::pin(async move { w.set_setting("noted", &Json::Bool(true)).await }));
        noted.await.map_err(|error: StoreError| error.to_string())
    })
}

#[test]
fn what_waits_for_a_silent_store_holds_no_other_job_back() {
    let silent = async || {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = At::Bucket(Bucket {
            name: "lake".to_owned(),
            prefix: String::new(),
            endpoint: format!("http://{}", listener.local_addr().expect("an address")),
            region: "us-east-1".to_owned(),
            keys: None,
            in_path: true,
        });
        (vec![("silent", at)], listener)
    };
    on_each_with(silent, async |world, listener| {
        let mut sources = vec![world.source];
        for n in 1..6 {
            sources.push(world.create_source(&format!("Silent {n}")).await);
        }
        for source in sources {
            let fields = [("kind", "folder"), ("place", "silent")].map(|(k, v)| (Ident::of(k), Value::from(v)));
            let op = Op::Update { id: source, fields: Fields::from_iter(fields), version: None };
            world.space.write_one(&world.ctx(), &Ident::of("source"), op).await.expect("changed");
            ask(&world.space, &world.ctx(), source).await.expect("asked");
        }
        let now = world.clock.now();
        let later = world
            .space
            .store
            .write(move |w| Box::pin(async move { w.enqueue("note", None, &Json::Null, now, now).await }));
        later.await.map(drop).unwrap_or_else(|error: StoreError| panic!("{error}"));
        let space = Arc::clone(&world.space);
        let worker = tokio::spawn(async move { Worker::new(space, &[("note", note as Handler)]).run().await });
        let mut waiting = vec![listener.accept().await.expect("a pull").0];
        waiting.push(listener.accept().await.expect("another one").0);
        let noted = async || world.space.store.read().await.expect("a reader").setting("noted").await.expect("read");
        while noted().await.is_none() {
            tokio::task::yield_now().await;
        }
        worker.abort();
        let _ = worker.await;
    });
}

/// Never ends.
fn endless(_: Arc<Space>, _: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(std::future::pending())
}

#[test]
fn what_goes_through_all_records_holds_no_other_job_back() {
    const KINDS: [&str; 4] = ["mirror", "train", "rematch", "renew"];
    on_each(async |world| {
        let now = world.clock.now();
        for kind in KINDS.into_iter().flat_map(|kind| [kind; 4]).chain(["note"]) {
            let made = world
                .space
                .store
                .write(move |w| Box::pin(async move { w.enqueue(kind, None, &Json::Null, now, now).await }));
            made.await.map(drop).unwrap_or_else(|error: StoreError| panic!("{error}"));
        }
        let space = Arc::clone(&world.space);
        let mut handlers = vec![("note", note as Handler)];
        handlers.extend(KINDS.map(|kind| (kind, endless as Handler)));
        let worker = tokio::spawn(async move { Worker::new(space, &handlers).run().await });
        let noted = async || world.space.store.read().await.expect("a reader").setting("noted").await.expect("read");
        while noted().await.is_none() {
            tokio::task::yield_now().await;
        }
        worker.abort();
        let _ = worker.await;
    });
}
