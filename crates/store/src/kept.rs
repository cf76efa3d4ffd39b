//! Copies of a database from before its upgrades: made where there is room for one, remembered in the database, and removed when newer ones
//! are there. What is remembered is all that is ever removed, and of that only what is named as a copy of this very database: a backup that
//! was restored under another name remembers the copies of the first.

use std::path::Path;

use kernel::Timestamp;
use serde_json::{Value as Json, json};

use crate::StoreError;
use crate::store::{Place, Store};

/// How many copies stay.
const STAY: usize = 3;
/// The setting with the names of those there are, oldest first.
const SETTING: &str = "copies";

impl Store {
    /// Copies the database beside itself before its upgrade, and says where.
    ///
    /// Errors when the disk has no room for the copy; on PostgreSQL the server says so. Nothing was changed then.
    pub async fn copy_for_upgrade(&self, now: Timestamp) -> Result<Place, StoreError> {
        if let Some(file) = self.file() {
            has_room(file)?;
        }
        let copy = self.snapshot(now).await?;
        let name = copy.name();
        self.write(move |w| {
            Box::pin(async move {
                w.lock_layout().await?;
                let mut names = names(w.setting(SETTING).await?);
                names.push(name);
                w.set_setting(SETTING, &json!(names)).await
            })
        })
        .await?;
        Ok(copy)
    }

    /// Removes one of the copies: of an upgrade that failed, which left everything as it was.
    pub async fn remove_copy(&self, copy: &Place) -> Result<(), StoreError> {
        self.remove_copies(&[copy.name()]).await
    }

    /// Removes the copies of earlier upgrades but for the latest three, and says which.
    pub async fn remove_old_copies(&self) -> Result<Vec<String>, StoreError> {
        let mut old = names(self.read().await?.setting(SETTING).await?);
        old.truncate(old.len().saturating_sub(STAY));
        self.remove_copies(&old).await?;
        Ok(old)
    }

    async fn remove_copies(&self, old: &[String]) -> Result<(), StoreError> {
        for name in old {
            if self.place().is_copy(name) {
                self.place().beside(name).remove(self).await?;
            }
            let name = name.clone();
            self.write(move |w| {
                Box::pin(async move {
                    w.lock_layout().await?;
                    let mut names = names(w.setting(SETTING).await?);
                    names.retain(|kept| *kept != name);
                    w.set_setting(SETTING, &json!(names)).await
                })
            })
            .await?;
        }
        Ok(())
    }
}

impl Place {
    /// A file's name without its folder, or a schema's.
    fn name(&self) -> String {
        match self {
            Place::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Place::Schema { schema, .. } => schema.clone(),
        }
    }

    /// Whether this is what a copy of it from before an upgrade is called.
    fn is_copy(&self, name: &str) -> bool {
        let head = |name: &str| name.rsplit_once("before").map(|(head, _)| head.to_owned());
        head(name) == head(&self.before(Timestamp::UNIX_EPOCH).name())
    }

    /// The place of another name in the same folder or database.
    fn beside(&self, name: &str) -> Place {
        match self {
            Place::File(path) => Place::File(path.with_file_name(name)),
            Place::Schema { url, .. } => Place::Schema { url: url.clone(), schema: name.to_owned() },
        }
    }

    /// Removes a database that nobody uses, if it is there; `by` is one of the same folder or server.
    async fn remove(&self, by: &Store) -> Result<(), StoreError> {
        match self {
            Place::File(path) => remove_file(path),
            Place::Schema { schema, .. } => {
                let script = format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
                by.write(move |w| Box::pin(async move { w.batch(&script).await })).await
            }
        }
    }
}

/// Removes a SQLite file with its log, if it is there.
pub(crate) fn remove_file(path: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.to_owned().into_os_string();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::Unavailable(e.to_string())),
            _ => {}
        }
    }
    Ok(())
}

fn names(held: Option<Json>) -> Vec<String> {
    held.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
}

/// Whether the disk of a SQLite file has room for a copy of it and a tenth more, which its upgrade may take.
fn has_room(file: &Path) -> Result<(), StoreError> {
    let gone = |e: std::io::Error| StoreError::Unavailable(e.to_string());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).map_err(|e| gone(e.into()))?;
    let size = std::fs::metadata(file).map_err(gone)?.len();
    let (needed, free) = (size + size / 10, disk.f_bavail.saturating_mul(disk.f_frsize));
    if free >= needed {
        return Ok(());
    }
    Err(StoreError::NoRoom { folder: folder.to_owned(), needed: needed.div_ceil(1 << 20), free: free >> 20 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_copies_of_the_database_itself_are_its_copies() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let file = Place::File("/data/tenants/main.db".into());
        assert!(file.is_copy(&file.before(now).name()));
        for other in ["main.db", "old.before-20260301120000000.db", "../main.before-20260301120000000.db", ""] {
            assert!(!file.is_copy(other), "{other}");
        }
        let schema = Place::Schema { url: "postgres://localhost/x".into(), schema: "t_main".into() };
        assert!(schema.is_copy(&schema.before(now).name()));
        assert!(!schema.is_copy("t_main") && !schema.is_copy("t_old_before_20260301120000000"));
    }
}
