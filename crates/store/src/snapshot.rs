//! Copies of a whole database: before an upgrade, for a backup, and its end.

use kernel::Timestamp;

use crate::StoreError;
use crate::kept::remove_file;
use crate::sql::{Cell, Dialect, Sql};
use crate::store::{Place, Store};

impl Store {
    /// Copies the database beside itself and says where: a file `name.before-….db`, or a schema `name_before_…`. The copy is a
    /// database like any other: opening it is how one goes back.
    pub async fn snapshot(&self, now: Timestamp) -> Result<Place, StoreError> {
        let place = self.place();
        let copy = place.before(now);
        if let Place::File(path) = &copy {
            self.copy_file(path).await?;
        } else if let (Place::Schema { schema, .. }, Place::Schema { schema: target, .. }) = (place, &copy) {
            let target = target.clone();
            self.write(move |writer| Box::pin(async move { copy_schema(writer, &schema, &target).await })).await?;
        }
        Ok(copy)
    }

    /// Writes a consistent copy of a SQLite database to a new file, while others read and write.
    pub async fn copy_file(&self, to: &std::path::Path) -> Result<(), StoreError> {
        let path =
            self.file().ok_or_else(|| StoreError::Fault("only a file can be copied to a file".into()))?.to_owned();
        let to = to.to_owned();
        tokio::task::spawn_blocking(move || {
            let connection = rusqlite::Connection::open(&path)?;
            connection.busy_timeout(std::time::Duration::from_secs(30))?;
            connection.execute("VACUUM INTO ?1", [to.to_string_lossy().as_ref()])?;
            Ok(())
        })
        .await
        .map_err(|e| StoreError::Fault(e.to_string()))?
    }

    /// Removes the database with all it holds. Where others still write to it and both would wait for each other, it is tried
    /// again, up to ten times.
    pub async fn erase(self) -> Result<(), StoreError> {
        match self.place() {
            Place::File(path) => {
                drop(self);
                remove_file(&path)
            }
            Place::Schema { schema, .. } => {
                let script = format!("DROP SCHEMA \"{schema}\" CASCADE");
                let mut tries = 1;
                loop {
                    let script = script.clone();
                    let dropped = self.write(move |w| Box::pin(async move { w.batch(&script).await })).await;
                    match dropped {
                        Err(StoreError::Deadlock) if tries < 10 => tries += 1,
                        ended => return ended,
                    }
                }
            }
        }
    }
}

async fn copy_schema(writer: &mut crate::Writer, from: &str, to: &str) -> Result<(), StoreError> {
    let sql = Sql::with(
        Dialect::Postgres,
        "SELECT tablename::text FROM pg_tables WHERE schemaname::text = ? ORDER BY tablename",
        vec![Cell::text(from)],
    );
    let tables = writer.query(&sql).await?;
    writer.batch(&format!("CREATE SCHEMA \"{to}\"")).await?;
    for row in tables {
        let Some(table) = row[0].str() else { continue };
        let script = format!(
            "CREATE TABLE \"{to}\".\"{table}\" (LIKE \"{from}\".\"{table}\" INCLUDING ALL);
             INSERT INTO \"{to}\".\"{table}\" OVERRIDING SYSTEM VALUE SELECT * FROM \"{from}\".\"{table}\""
        );
        writer.batch(&script).await?;
    }
    Ok(())
}
