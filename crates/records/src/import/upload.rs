//! Files that were uploaded to be imported: kept until they are, and their rejected rows for a month.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use kernel::{Id, Timestamp};

use super::Request;
use crate::Space;

/// How long what was uploaded, and what was rejected of it, can be fetched.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The folder of a file that a user uploads under an identifier.
pub fn upload_folder(space: &Space, user: Id, upload: Id) -> PathBuf {
    base(space).join(user.to_string()).join(upload.to_string())
}

fn base(space: &Space) -> PathBuf {
    match space.store.file().and_then(Path::parent) {
        Some(parent) => parent.join("imports"),
        None => std::env::temp_dir().join("clientele-imports").join(&*space.tenant),
    }
}

/// Removes an uploaded file whose rows are all imported or rejected. A file that the operator named stays where it is.
pub(super) fn imported(space: &Space, request: &Request) {
    if request.path.starts_with(base(space))
        && let Err(error) = fs::remove_file(&request.path)
    {
        tracing::warn!(%error, "an imported file could not be removed");
    }
}

/// Removes what was uploaded more than a month ago.
pub(crate) fn tidy(space: &Space, now: Timestamp) {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    for upload in folders(&base(space)).flat_map(|user| folders(&user).collect::<Vec<_>>()) {
        let changed = fs::metadata(&upload).and_then(|data| data.modified()).ok();
        let old = changed.and_then(|at| Timestamp::try_from(at).ok()).is_some_and(|at| now.duration_since(at) > KEPT);
        if old && let Err(error) = fs::remove_dir_all(&upload) {
            tracing::warn!(%error, "an old upload could not be removed");
        }
    }
}

/// Removes uploaded files, and lists of rejected rows, that hold one of some texts whatever its case; packed ones (XLSX, ODS) cannot be
/// searched and go in any case.
pub fn forget(space: &Space, texts: &[String]) {
    let wanted: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let uploads = folders(&base(space)).flat_map(|user| folders(&user).collect::<Vec<_>>());
    for file in uploads.flat_map(|upload| folders(&upload).collect::<Vec<_>>()) {
        let Ok(content) = fs::read(&file) else { continue };
        let text = String::from_utf8_lossy(&content).to_lowercase();
        let holds = content.starts_with(b"PK") || wanted.iter().any(|wanted| text.contains(wanted));
        if holds && let Err(error) = fs::remove_file(&file) {
            tracing::warn!(%error, "an upload of somebody who was erased could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::Clock;

    use super::*;
    use crate::Platform;

    #[tokio::test(flavor = "multi_thread")]
    async fn uploads_go_after_a_month_and_files_once_imported() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store::Store::open(&store::Place::File(folder.path().join("main.db"))).await.expect("a database");
        let platform = Arc::new(Platform::new(Vec::new(), Vec::new(), Clock::System).expect("a platform"));
        let space = Space::open(platform, "main", store).await.expect("a space");
        let now = space.platform.clock.now();
        let upload = upload_folder(&space, Id::new(now), Id::new(now));
        fs::create_dir_all(&upload).expect("made");
        let file = upload.join("file.csv");
        fs::write(&file, "name").expect("written");
        let elsewhere = folder.path().join("own.csv");
        fs::write(&elsewhere, "name").expect("written");
        for path in [&file, &elsewhere] {
            let mapping = crate::import::Mapping::new(model::Ident::of("user"));
            let (name, source, reading) = (String::new(), String::new(), Default::default());
            imported(
                &space,
                &Request { path: path.clone(), name, source, reading, mapping, rejects: upload.join("r") },
            );
        }
        assert!(!file.exists() && elsewhere.exists(), "only what was uploaded is removed");
        tidy(&space, now);
        assert!(upload.exists());
        tidy(&space, now + KEPT + SignedDuration::from_hours(1));
        assert!(!upload.exists());
    }
}
