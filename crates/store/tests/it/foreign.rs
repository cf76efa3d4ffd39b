//! Databases of others: read some rows at a time, never written to.

use std::sync::atomic::{AtomicU32, Ordering};

use mysql_async::prelude::Queryable;
use serde_json::{Value as Json, json};
use store::{Address, Foreign, Question};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A thousand numbers from 0 on as `x`, a hundred times a hundred as `i`.
const MANY: &str = "WITH d (x) AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
    UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) \
    SELECT a.x * 1000 + b.x * 100 + c.x * 10 + d.x AS i, 'é😀' AS t, NULL AS z FROM d a, d b, d c, d d WHERE a.x * 1000 + b.x * 100 < 2500";

fn question(query: &str) -> Question {
    Question { query: query.to_owned(), since: None }
}

fn at(url: &str) -> Address {
    Address { url: url.to_owned(), ca: None }
}

fn wait_for(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(work);
}

/// Runs a body with the addresses of a file with a table, and of the test servers.
fn on_each(body: impl AsyncFn(&str)) {
    wait_for(async {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        rusqlite::Connection::open(&path).expect("made").execute_batch("CREATE TABLE t (a)").expect("made");
        body(&format!("sqlite:{}", path.display())).await;
        match std::env::var("CLIENTELE_TEST_POSTGRES") {
            Ok(url) => body(&url).await,
            Err(_) => eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested"),
        }
        with_mysql(&["CREATE TABLE t (a int)"], async |url| body(url).await).await;
    });
}

/// Runs a body with the address of a new database on the MySQL or MariaDB test server, where there is one.
async fn with_mysql(made: &[&str], body: impl AsyncFn(&str)) {
    let Ok(server) = std::env::var("CLIENTELE_TEST_MYSQL") else {
        return eprintln!("CLIENTELE_TEST_MYSQL is not set: neither MySQL nor MariaDB is tested");
    };
    let name = format!("foreign_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut conn = mysql_async::Conn::from_url(&server).await.expect("the server answers");
    conn.query_drop(format!("CREATE DATABASE {name}")).await.expect("made");
    conn.query_drop(format!("USE {name}")).await.expect("used");
    for statement in made {
        conn.query_drop(*statement).await.expect(statement);
    }
    body(&format!("{server}/{name}")).await;
    conn.query_drop(format!("DROP DATABASE {name}")).await.expect("dropped");
    conn.disconnect().await.expect("left");
}

async fn all(address: &Address, question: &Question) -> Result<Vec<Json>, String> {
    let mut rows = Foreign::ask(address, question).await.map_err(|e| e.to_string())?;
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
        let ordered = |from: Option<Json>| Question { since: Some(("i".to_owned(), from)), ..question(MANY) };
        let found = all(&at(url), &ordered(None)).await.expect("read");
        assert_eq!((found.len(), &found[1]), (2_500, &json!({"i": 1, "t": "é😀", "z": null})));
        assert_eq!(all(&at(url), &ordered(Some(json!(2_498)))).await.expect("read").len(), 2);
        let odd = |column: &str| Question { since: Some((column.to_owned(), Some(json!(1)))), ..question(MANY) };
        assert!(all(&at(url), &odd("i\" OR 1=1 --")).await.is_err());
        assert!(all(&at(url), &odd("i` OR 1=1 -- ")).await.is_err());
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
            "SELECT 1) t UNION SELECT 1 INTO OUTFILE 'pull_was_here' FROM (SELECT 2",
            "SELECT 1) t UNION SELECT 1 INTO @pull FROM (SELECT 2",
            "ATTACH 'x.db' AS x",
            "",
        ] {
            assert!(all(&at(url), &question(query)).await.is_err(), "{query}");
        }
        assert!(all(&at(url), &question("SELECT * FROM pull_was_here")).await.is_err());
        assert_eq!(all(&at(url), &question("SELECT * FROM t")).await.unwrap_or_default(), [] as [Json; 0]);
    });
}

#[test]
fn values_of_every_type_of_mysql_are_json() {
    wait_for(async {
        let table = "CREATE TABLE every (d DECIMAL(30, 10), u BIGINT UNSIGNED, b TINYINT(1), f FLOAT, g DOUBLE, day DATE, at DATETIME(6), \
                     moment TIMESTAMP NULL, t TIME(2), y YEAR, k BINARY(2), e ENUM('a', 'é'), bits BIT(10), txt TEXT CHARACTER SET latin1)";
        let rows = "INSERT INTO every VALUES (12345678901234567890.0123456789, 18446744073709551615, 1, 0.1, 2.5, '2026-01-31', \
                    '2026-01-31 12:00:00.5', '2026-01-31 12:00:00', '-30:01:02.5', 2026, x'00ff', 'é', b'1000000001', 'Zoë'), \
                    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";
        with_mysql(&["SET time_zone = '+00:00'", table, rows], async |url| {
            let found = all(&at(url), &question("SELECT * FROM every ORDER BY day DESC")).await.expect("read");
            let wanted = json!({
                "d": "12345678901234567890.0123456789", "u": 18446744073709551615_u64, "b": 1, "f": 0.1, "g": 2.5, "day": "2026-01-31",
                "at": "2026-01-31T12:00:00.5", "moment": "2026-01-31T12:00:00+00:00", "t": "-30:01:02.5", "y": 2026, "k": "\\x00ff",
                "e": "é", "bits": 513, "txt": "Zoë"
            });
            assert_eq!(found[0], wanted);
            assert!(found[1].as_object().expect("an object").values().all(Json::is_null));
            for column in ["d", "u", "day", "at", "moment", "t", "y", "bits"] {
                let since = Some((column.to_owned(), Some(wanted[column].clone())));
                let again = all(&at(url), &Question { since, ..question("SELECT * FROM every") }).await.expect("read");
                assert_eq!(again, std::slice::from_ref(&wanted), "from {column} on");
            }
        })
        .await;
    });
}

#[test]
fn what_is_left_early_is_stopped_at_the_server() {
    wait_for(async {
        with_mysql(&["CREATE TABLE t (a int)"], async |url| {
            let endless = "SELECT SLEEP(0.001), 'pull_is_left' AS x FROM information_schema.columns a, information_schema.columns b";
            let rows = Foreign::ask(&at(url), &question(endless)).await.expect("asked");
            let mut other = mysql_async::Conn::from_url(url).await.expect("the server answers");
            let mut running = async || {
                let those = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%pull_is_left%' AND id <> CONNECTION_ID()";
                other.query_first::<u64, _>(those).await.expect("counted")
            };
            while running().await == Some(0) {
                tokio::task::yield_now().await;
            }
            drop(rows);
            while running().await != Some(0) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    });
}

#[test]
fn servers_must_show_a_certificate_where_that_is_asked_for() {
    wait_for(async {
        for (server, ca, asked) in [
            ("CLIENTELE_TEST_POSTGRES", "CLIENTELE_TEST_POSTGRES_CA", "?sslmode=require"),
            ("CLIENTELE_TEST_MYSQL", "CLIENTELE_TEST_MYSQL_CA", "?require_ssl=true"),
        ] {
            let (Ok(url), Ok(ca)) = (std::env::var(server), std::env::var(ca)) else {
                eprintln!("{server} or {ca} is not set: its certificate is not tested");
                continue;
            };
            let encrypted = match server {
                "CLIENTELE_TEST_POSTGRES" => "SELECT version AS v FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
                _ => {
                    "SELECT variable_value AS v FROM information_schema.session_status WHERE variable_name = 'Ssl_version'"
                }
            };
            let known = Address { url: url.clone(), ca: Some(ca.clone().into()) };
            let found = all(&known, &question(encrypted)).await.expect("a certificate that is vouched for");
            assert_eq!(found, [json!({"v": "TLSv1.3"})]);
            let unknown = all(&at(&format!("{url}{asked}")), &question(encrypted)).await;
            assert!(unknown.as_ref().is_err_and(|e| e.contains("certificate")), "{unknown:?}");
            let elsewhere = Address { url: url.replace("127.0.0.1", "localhost"), ca: Some(ca.into()) };
            let other_name = all(&elsewhere, &question(encrypted)).await;
            assert!(other_name.as_ref().is_err_and(|e| e.contains("certificate")), "{other_name:?}");
        }
    });
}
