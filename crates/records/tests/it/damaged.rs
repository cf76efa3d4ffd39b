//! Files that are not what they should be: a clear error or a rejected row, nothing half-written, and what was acknowledged stays.

use std::io::Write;

use kernel::{Code, Coded};
use records::import::{self, ImportError};

use crate::databases::{World, counts, each, mapping, rejects};

fn companies() -> import::Mapping {
    mapping("company").column("name", "name").column("code", "code").column("founded", "founded")
}

async fn refused(world: &World, request: &import::Request) -> ImportError {
    match import::start(&world.space, &world.ctx(), request.clone()).await {
        Err(error) => error,
        Ok(batch) => import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect_err("a damaged file"),
    }
}

#[test]
fn rows_that_cannot_be_read_are_rejected_and_the_next_ones_follow() {
    each(async |world| {
        let mut text = b"name,code,founded\nFirst,A,2001-01-01\nShort,B\nLong,C,,,more\n".to_vec();
        text.extend("É".repeat(40_000).bytes());
        text.extend(
            b",U,\nCaf\xe9,D,\nNumber,E,17.5\n\"<b>\",\"Robert'); DROP TABLE company;--\",\n\"never closed,F,\n",
        );
        let mut request = world.request(text, companies());
        request.reading.encoding = Some("utf-8".to_owned());
        request.reading.quote = Some('"');
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(rejects(&request), @r"
            3: The row has 2 cells where the table has 3 columns.
            4: The row has 5 cells where the table has 3 columns.
            5: Name: 255 characters at most.
            6: Line 6 holds a wrong character (byte 80,066 of the file).
            7: founded: “17.5” is not a date.
            9: A quote opened on line 9 is never closed.
            ");
            insta::assert_snapshot!(counts(&progress), @"read 8 created 2 updated 0 unchanged 0 rejected 6 made 0");
        };
        assert_eq!(world.texts("company", "name").await, ["<b>", "First"]);
        assert!(world.texts("company", "code").await.contains(&"Robert'); DROP TABLE company;--".to_owned()));
    });
}

#[test]
fn a_line_of_a_hundred_megabytes_is_one_rejected_row() {
    each(async |world| {
        let request = world.request("", companies());
        let mut file = std::io::BufWriter::new(std::fs::File::create(&request.path).expect("created"));
        file.write_all(b"name,code,founded\nBefore,A,\n").expect("written");
        for _ in 0..100 {
            file.write_all(&[b'x'; 1 << 20]).expect("written");
        }
        file.write_all(b",B,\nAfter,C,\n").expect("written");
        file.into_inner().expect("flushed");
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 3 created 2 updated 0 unchanged 0 rejected 1 made 0");
        };
        assert!(
            std::fs::metadata(&request.rejects).expect("there").len() < 100_000,
            "the reason does not repeat the line"
        );
    });
}

#[test]
fn files_that_are_no_tables_are_refused_as_a_whole() {
    each(async |world| {
        let mut said = String::new();
        for (name, content) in [
            ("empty", &b""[..]),
            ("noise", &[0, 159, 146, 150, 0, 0, 2, 3, 255, 254, 250, 7, 0, 0, 0, 0, 131]),
            ("half a workbook", b"PK\x03\x04\x14\x00\x00\x00\x08\x00 and then nothing"),
            ("no such column", b"title,code,founded\nA,B,\n"),
        ] {
            let error = refused(&world, &world.request(content, companies())).await;
            assert_ne!(error.code(), Code::Internal);
            said.push_str(&format!("{name}: {error}\n"));
        }
        insta::allow_duplicates! { insta::assert_snapshot!(said, @r"
        empty: the file is empty
        noise: the content is neither text, a spreadsheet nor a Parquet file
        half a workbook: this XLSX file is damaged: invalid Zip archive: Could not find EOCD
        no such column: import-no-column column=name columns=title, code, founded
        ") };
        assert!(world.all("company").await.is_empty());
    });
}

#[test]
fn a_file_cut_in_half_keeps_what_came_before_and_says_where_it_ends() {
    each(async |world| {
        let mut text = String::from("[");
        for n in 0..2_500 {
            text.push_str(&format!("{{\"name\":\"N{n}\",\"code\":\"C{n}\",\"founded\":null}},"));
        }
        text.truncate(text.len() - 30);
        let mut request = world.request(text, companies());
        request.reading.format = Some("json".to_owned());
        let batch = import::start(&world.space, &world.ctx(), request.clone()).await.expect("started");
        let error = import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect_err("half a file");
        assert!(matches!(error, ImportError::Broken { .. }), "{error}");
        let batch = world.space.batch(batch.id).await.expect("kept");
        assert_eq!(batch.state, "failed");
        assert_eq!(import::progress_of(&batch).created, 2_499);
        assert_eq!(world.all("company").await.len(), 2_499);
        let (_, undone) = world.space.undo(&world.ctx(), batch.id).await.expect("undone");
        assert_eq!(undone.removed, 2_499);
    });
}

#[test]
fn a_full_disk_stops_the_import_and_it_goes_on_when_there_is_room() {
    each(async |world| {
        let mut text = String::from("name,code,founded\n");
        for n in 0..3_000 {
            text.push_str(&format!("N{n},C{n},{}\n", if n == 1_500 { "no date" } else { "" }));
        }
        let mut request = world.request(text, companies());
        // A device that takes nothing stands in for the disk with the rejected rows.
        let good = request.rejects.clone();
        request.rejects = "/dev/full".into();
        let batch = import::start(&world.space, &world.ctx(), request.clone()).await.expect("started");
        let error = import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect_err("no room");
        assert!(matches!(error, ImportError::File { .. }), "{error}");
        assert_eq!(world.all("company").await.len(), 1_000, "the first chunk stays, the second one is not half there");
        let mut batch = world.space.batch(batch.id).await.expect("kept");
        batch.detail["request"]["rejects"] = serde_json::json!(good);
        world.space.put_batch(&batch).await.expect("kept");
        let batch = import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect("room again");
        assert_eq!(
            counts(&import::progress_of(&batch)),
            "read 3000 created 2999 updated 0 unchanged 0 rejected 1 made 0"
        );
        request.rejects = good;
        assert_eq!(rejects(&request), "1502: founded: “no date” is not a date.\n");
    });
}

#[test]
fn a_stopped_import_goes_on_and_every_row_is_there_once() {
    each(async |world| {
        let mut text = String::from("name,code,founded\n");
        for n in 0..4_000 {
            text.push_str(&format!("N{n},C{n},{}\n", if n % 1_000 == 7 { "never" } else { "" }));
        }
        let request = world.request(&text, companies());
        let batch = import::start(&world.space, &world.ctx(), request.clone()).await.expect("started");
        let stopped = import::run(&world.space, &world.ctx(), batch.id, |p| p.read < 2_000).await.expect("stopped");
        assert_eq!(stopped.state, "cancelled");
        let mid = import::progress_of(&stopped);
        assert_eq!((mid.read, world.all("company").await.len()), (2_000, 1_998));
        std::fs::write(&request.path, text.replace("N1", "M1")).expect("written");
        let other = import::run(&world.space, &world.ctx(), batch.id, |_| true).await;
        assert!(matches!(other, Err(ImportError::OtherFile)));
        std::fs::write(&request.path, &text).expect("written");
        // What a crash leaves behind: rejected rows that no transaction remembers.
        let mut file = std::fs::File::options().append(true).open(&request.rejects).expect("there");
        file.write_all(b"left over,X,,1,\"a crash\",\n").expect("written");
        let batch = import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect("imported");
        assert_eq!(
            counts(&import::progress_of(&batch)),
            "read 4000 created 3996 updated 0 unchanged 0 rejected 4 made 0"
        );
        assert_eq!(rejects(&request).lines().count(), 4);
        assert!(!rejects(&request).contains("a crash"));
        let again = import::run(&world.space, &world.ctx(), batch.id, |_| true).await.expect("nothing to do");
        assert_eq!(import::progress_of(&again), import::progress_of(&batch), "what is done is not done again");
        assert_eq!(world.all("company").await.len(), 3_996);
    });
}

#[test]
fn two_processes_that_go_on_with_one_import_write_every_row_once() {
    each(async |world| {
        let mut text = String::from("name,code,founded\n");
        for n in 0..6_000 {
            text.push_str(&format!("N{n},,\n"));
        }
        let request = world.request(&text, companies());
        let batch = import::start(&world.space, &world.ctx(), request).await.expect("started");
        let ctx = world.ctx();
        let (one, two) = tokio::join!(
            import::run(&world.space, &ctx, batch.id, |_| true),
            import::run(&world.space, &ctx, batch.id, |_| true)
        );
        let ends = [one, two].map(|r| r.is_ok());
        assert!(ends.contains(&true), "one of them gets to the end");
        let batch = world.space.batch(batch.id).await.expect("kept");
        assert_eq!((batch.state.as_str(), import::progress_of(&batch).created), ("done", 6_000));
        let query = model::Query::of(model::Ident::of("company"));
        let schema = world.space.schema();
        let count =
            world.space.store.read().await.expect("a reader").count(&schema, &query, None).await.expect("counted");
        assert_eq!(count.n, 6_000);
    });
}
