//! Databases of others: read some rows at a time, never written to.

use serde_json::{Value as Json, json};
use store::{Foreign, Question};

fn question(query: &str) -> Question {
    Question { query: query.to_owned(), since: None }
}

/// Runs a body with the addresses of a file with a table, and of the test server.
fn on_each(body: impl AsyncFn(&str)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        rusqlite::Connection::open(&path).expect("made").execute_batch("CREATE TABLE t (a)").expect("made");
        body(&format!("sqlite:{}", path.display())).await;
        match std::env::var("CLIENTELE_TEST_POSTGRES") {
            Ok(url) => body(&url).await,
            Err(_) => eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested"),
        }
    });
}

async fn all(url: &str, question: &Question) -> Result<Vec<Json>, String> {
    let mut rows = Foreign::ask(url, question).await.map_err(|e| e.to_string())?;
    let mut found = Vec::new();
    loop {
        let batch = rows.next().await.map_err(|e| e.to_string())?;
        if batch.is_empty() {
            return Ok(found);
        }
        assert!(batch.len() <= 1_000);
        found.extend(batch.into_iter().map(Json::Object));
    }
}

#[test]
fn rows_come_some_at_a_time() {
    on_each(async |url| {
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) SELECT i, 'é' AS t, NULL AS z FROM n";
        let found = all(url, &question(many)).await.expect("read");
        assert_eq!((found.len(), &found[0]), (2_500, &json!({"i": 1, "t": "é", "z": null})));
        let since = |from: Json| Question { since: Some(("i".to_owned(), Some(from))), ..question(many) };
        assert_eq!(all(url, &since(json!(2_499))).await.expect("read").len(), 2);
        let odd = Question { since: Some(("i\" OR 1=1 --".to_owned(), None)), ..question(many) };
        assert!(all(url, &odd).await.is_err());
    });
}

#[test]
fn nothing_is_written_and_nothing_else_is_run() {
    on_each(async |url| {
        for query in [
            "INSERT INTO t VALUES (1)",
            "DELETE FROM t",
            "CREATE TABLE pull_was_here (a int)",
            "SELECT 1) t; CREATE TABLE pull_was_here (a int); --",
            "SELECT 1; CREATE TABLE pull_was_here (a int)",
            "ATTACH 'x.db' AS x",
            "",
        ] {
            assert!(all(url, &question(query)).await.is_err(), "{query}");
        }
        assert!(all(url, &question("SELECT * FROM pull_was_here")).await.is_err());
    });
}
