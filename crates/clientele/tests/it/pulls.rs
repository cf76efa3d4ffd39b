//! `kill -9` at random moments while files of a folder are fetched: every row is there exactly once, and none is read from the start.

use std::time::{Duration, Instant};

use kernel::{Clock, Id};
use serde_json::{Value as Json, json};
use store::{Control, Store, StoreError};

use crate::program::{Program, text_of};
use crate::server::{Server, ask};

const FILES: usize = 3;
const ROWS: usize = 12_000;
const KILLS: u64 = 12;

/// What a run that goes on for too long is not waited for.
const PATIENCE: Duration = Duration::from_secs(240);

/// Lets the source be fetched by the next server.
async fn wish(store: &Store, source: Id) {
    let (now, payload) = (Clock::System.now(), json!({ "source": source.to_string() }));
    let write = store.write(move |w| Box::pin(async move { w.enqueue("pull", None, &payload, now, now).await }));
    write.await.map(drop).unwrap_or_else(|error: StoreError| panic!("{error}"));
}

/// How many rows were accepted and how many came again.
async fn counts(store: &Store, source: Id) -> (i64, i64) {
    let volumes = store.read().await.expect("a reader").volumes(source, 30).await.expect("read");
    volumes.iter().fold((0, 0), |(a, b), volume| (a + volume.accepted, b + volume.repeated))
}

async fn ended(store: &Store, source: Id) -> bool {
    let mut reader = store.read().await.expect("a reader");
    let progress = reader.setting(&format!("pull {source}")).await.expect("read").unwrap_or_default();
    assert_eq!(progress["problem"], Json::Null);
    progress["ended_at"] != Json::Null
}

/// How many records there are, and how many versions they have together.
async fn kept(store: &Store, source: Id) -> (usize, i64) {
    let mut reader = store.read().await.expect("a reader");
    let (mut records, mut versions, mut after) = (0, 0, None);
    loop {
        let page = reader.source_records(source, after.as_deref(), 1_000).await.expect("read");
        let Some(last) = page.last() else { return (records, versions) };
        after = Some(last.key.clone());
        records += page.len();
        versions += page.iter().map(|record| record.version).sum::<i64>();
    }
}

fn kill(program: &Program) {
    std::fs::create_dir(program.path("drop")).expect("made");
    for file in 0..FILES {
        let row = |n: usize| format!("{file}-{n};n{n}@f{file}.example\n");
        let text: String = std::iter::once("id;email\n".to_owned()).chain((0..ROWS).map(row)).collect();
        program.write(&format!("drop/{file}.csv"), &text);
    }
    let settings =
        program.write("settings.toml", &format!("[places.drop]\nfolder = '{}'\n", text_of(&program.path("drop"))));
    let source = program.run(&["source", "create", "Drop", "--kind", "folder"]);
    let source = Id::parse(source.trim(), "src").expect("an identifier");
    program.run(&["user", "create", "ada@acme.example", "--name", "Ada", "--role", "admin"]);
    let token = program.run(&["token", "create", "--user", "ada@acme.example", "--name", "test"]).trim().to_owned();
    let server = Server::start(program);
    let path = format!("/api/v1/source/{}", source.typed("src"));
    let placed = ask(&server.address(), "localhost", "PATCH", &path, &token, Some(&json!({ "place": "drop" })));
    assert_eq!(placed.map(|answer| answer.status), Some(200));
    drop(server);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let control = match &program.database {
            Some(url) => Control::in_database(url).await,
            None => Control::in_folder(&program.path("data")).await,
        };
        let store = Store::open(&control.expect("opened").place("main")).await.expect("opened");
        let mut in_the_midst = 0;
        for round in 0..KILLS {
            wish(&store, source).await;
            let before = counts(&store, source).await.0;
            let mut server = Server::start_with(program, &["--config", &settings]);
            let begun = Instant::now();
            while counts(&store, source).await.0 == before && !ended(&store, source).await {
                assert!(begun.elapsed() < PATIENCE, "nothing was fetched");
            }
            std::thread::sleep(Duration::from_millis(round * 37 % 100));
            server.kill();
            in_the_midst += u32::from(!ended(&store, source).await);
        }
        assert!(in_the_midst >= 3, "only {in_the_midst} runs were killed before their end");
        wish(&store, source).await;
        let _server = Server::start_with(program, &["--config", &settings]);
        let begun = Instant::now();
        while counts(&store, source).await.0 < (FILES * ROWS) as i64 || !ended(&store, source).await {
            assert!(begun.elapsed() < PATIENCE, "the rest was not fetched");
        }
        assert_eq!(counts(&store, source).await, ((FILES * ROWS) as i64, 0), "rows that were on disk were read again");
        assert_eq!(kept(&store, source).await, (FILES * ROWS, (FILES * ROWS) as i64));
    });
}

#[test]
fn files_are_fetched_once_through_kills_on_files() {
    kill(&Program::on_files());
}

#[test]
fn files_are_fetched_once_through_kills_on_postgres() {
    if let Some(program) = Program::on_postgres("pulls") {
        kill(&program);
    }
}
