use std::sync::atomic::{AtomicU32, Ordering};

use model::Schema;
use store::{Place, Store, StoreError};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An empty database with the schema's tables, removed when dropped.
pub struct Database {
    pub store: Store,
    _folder: Option<tempfile::TempDir>,
}

/// Both kinds of database, or only the file where no server is at hand.
pub async fn both(schema: &Schema) -> Vec<Database> {
    let mut all = Vec::new();
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&Place::File(folder.path().join("test.db"))).await.expect("a file");
    all.push(Database { store, _folder: Some(folder) });
    match std::env::var("CLIENTELE_TEST_POSTGRES") {
        Ok(url) => {
            let n = NEXT.fetch_add(1, Ordering::Relaxed);
            let schema = format!("store_{}_{n}", std::process::id());
            all.push(Database {
                store: Store::open(&Place::Schema { url, schema }).await.expect("a schema"),
                _folder: None,
            });
        }
        Err(_) => eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested"),
    }
    for database in &all {
        let schema = schema.clone();
        let now = "2026-03-01T00:00:00Z".parse().expect("a moment");
        let made: Result<(), StoreError> = database
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.migrate(now).await?;
                    w.sync(&schema).await.map(drop)
                })
            })
            .await;
        made.expect("tables");
    }
    all
}

/// A runtime as the product has it.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

impl Database {
    pub async fn insert(&self, schema: &Schema, records: Vec<model::Record>) {
        let schema = schema.clone();
        let done: Result<(), StoreError> = self
            .store
            .write(move |w| {
                Box::pin(async move {
                    for record in records {
                        w.insert(&schema, &record.object.clone(), &[record]).await?;
                    }
                    Ok(())
                })
            })
            .await;
        done.expect("inserted");
    }

    pub async fn end(self) {
        if self.store.file().is_none() {
            self.store.erase().await.expect("erased");
        }
    }
}
