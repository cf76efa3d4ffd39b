//! Files of a bucket, on a real server of the S3 protocol whose buckets are folders.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use customers::pull::{Progress, progress, run};
use hyper_util::rt::TokioIo;
use records::{At, Bucket, Keys};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use serde_json::json;

use crate::world::{World, on_each_with};

/// Serves a folder for as long as the runtime lives; answers where.
async fn serve(folder: &Path) -> String {
    let store = s3s_fs::FileSystem::new(folder).expect("a folder");
    let mut builder = S3ServiceBuilder::new(store);
    builder.set_auth(SimpleAuth::from_single("reader", "secret"));
    let service = builder.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                // The other end may go away at any moment.
                let _ = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new())
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    });
    address
}

/// Runs a body with a world in which `lake` is a bucket's part, `stranger`, `nowhere` and `silent` are ones that cannot be read.
fn with_bucket(body: impl AsyncFn(&World, &Path)) {
    on_each_with(
        async || {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir_all(folder.path().join("lake/crm/old")).expect("made");
            let endpoint = serve(folder.path()).await;
            let own = Bucket {
                name: "lake".to_owned(),
                prefix: "crm/".to_owned(),
                endpoint,
                region: "us-east-1".to_owned(),
                keys: Some(Keys { access: "reader".to_owned(), secret: "secret".to_owned() }),
                in_path: true,
            };
            let keys = Some(Keys { access: "reader".to_owned(), secret: "another".to_owned() });
            let places = vec![
                ("stranger", At::Bucket(Bucket { keys, ..own.clone() })),
                ("nobody", At::Bucket(Bucket { keys: None, ..own.clone() })),
                ("nowhere", At::Bucket(Bucket { name: "nowhere".to_owned(), ..own.clone() })),
                ("silent", At::Bucket(Bucket { endpoint: "http://127.0.0.1:1".to_owned(), ..own.clone() })),
                ("lake", At::Bucket(own)),
            ];
            (places, folder)
        },
        async |world, folder| {
            world.set("kind", "folder").await;
            world.set("place", "lake").await;
            body(world, &folder.path().join("lake/crm")).await;
        },
    );
}

async fn fetch(world: &World) -> Progress {
    run(&world.space, world.source).await.expect("our own database answers");
    progress(&world.space, &world.ctx(), world.source).await.expect("read")
}

fn problem(progress: &Progress) -> String {
    progress.problem.as_ref().map(|problem| format!("{}:{}", problem.field, problem.key)).unwrap_or_default()
}

fn table(numbers: std::ops::Range<usize>) -> String {
    let rows = numbers.map(|n| format!("{n};n{n}@x.example\n"));
    std::iter::once("id;email\n".to_owned()).chain(rows).collect()
}

#[test]
fn objects_are_read_once_for_every_change() {
    with_bucket(async |world, folder| {
        fs::write(folder.join("clients é + 1 100%20 & <b>.csv"), table(0..1_200)).expect("written");
        fs::write(folder.join("b.jsonl"), "{\"id\": \"j1\", \"email\": \"j@x.example\"}\n").expect("written");
        fs::write(folder.join("notes.md"), "id\n1").expect("written");
        fs::write(folder.join("old/c.csv"), table(5_000..5_001)).expect("written");
        fs::write(folder.parent().expect("a folder").join("d.csv"), table(6_000..6_001)).expect("written");
        let first = fetch(world).await;
        assert_eq!((first.rows, problem(&first).as_str(), first.ended_at.is_some()), (1_201, "", true));
        assert_eq!(fetch(world).await.rows, 0, "nothing changed");
        fs::write(folder.join("clients é + 1 100%20 & <b>.csv"), table(0..1_210)).expect("written");
        assert_eq!(fetch(world).await.rows, 1_210);
        world.set("files", "clients*2*.csv").await;
        fs::write(folder.join("clients é + 2.csv"), table(1_210..1_220)).expect("written");
        fs::write(folder.join("clients é + 3.csv"), table(1_220..1_230)).expect("written");
        assert_eq!(fetch(world).await.rows, 10);
        let mut reader = world.space.store.read().await.expect("a reader");
        let versions = reader.source_versions(world.source, "1215").await.expect("read");
        assert_eq!(versions[0].payload, json!({"id": "1215", "email": "n1215@x.example"}));
    });
}

#[test]
fn lists_of_any_length_are_read_to_their_end() {
    with_bucket(async |world, folder| {
        for n in 0..2_100 {
            fs::write(folder.join(format!("n{n:04}.bin")), "").expect("written");
        }
        fs::write(folder.join("a.csv"), table(0..1)).expect("written");
        fs::write(folder.join("z.csv"), table(1..3)).expect("written");
        assert_eq!(fetch(world).await.rows, 3);
        for n in 0..1_001 {
            fs::write(folder.join(format!("m{n:04}.csv")), "").expect("written");
        }
        let past = fetch(world).await;
        assert_eq!((problem(&past).as_str(), past.rows), ("files:pull-many", 0));
    });
}

#[test]
fn what_cannot_be_read_says_why() {
    with_bucket(async |world, folder| {
        fs::write(folder.join("a.csv"), table(0..1)).expect("written");
        for (place, wanted) in [
            ("stranger", "place:pull-bucket-refused"),
            ("nobody", "place:pull-bucket-refused"),
            ("nowhere", "place:pull-bucket-missing"),
            ("silent", "place:pull-bucket-unreachable"),
            ("lake", ""),
        ] {
            world.set("place", place).await;
            assert_eq!(problem(&fetch(world).await), wanted, "{place}");
        }
        fs::write(folder.join("bad.parquet"), "PAR1 and no more than that PAR1").expect("written");
        fs::write(folder.join("c.csv"), table(1..3)).expect("written");
        let large = fs::File::create(folder.join("large.csv")).expect("made");
        large.set_len(3 << 30).expect("a hole");
        let past = fetch(world).await;
        assert_eq!((problem(&past).as_str(), past.rows), ("place:pull-file", 2), "what is broken keeps no other back");
        fs::remove_file(folder.join("bad.parquet")).expect("removed");
        assert_eq!(problem(&fetch(world).await), "place:pull-large");
    });
}

#[test]
fn a_run_that_was_stopped_goes_on_without_doubling() {
    with_bucket(async |world, folder| {
        fs::write(folder.join("a.csv"), table(0..6_000)).expect("written");
        let (space, source) = (Arc::clone(&world.space), world.source);
        let task = tokio::spawn(async move { run(&space, source).await });
        while progress(&world.space, &world.ctx(), world.source).await.expect("read").rows < 1_000 {
            tokio::task::yield_now().await;
        }
        task.abort();
        let _ = task.await;
        let second = fetch(world).await;
        assert!(second.rows <= 5_000, "{} rows were read again", second.rows);
        let volumes = world.space.store.read().await.expect("a reader").volumes(world.source, 30).await.expect("read");
        let (accepted, repeated) = volumes.iter().fold((0, 0), |(a, b), v| (a + v.accepted, b + v.repeated));
        assert_eq!((accepted, repeated), (6_000, 0));
    });
}
