//! Files of a folder or a bucket, each read once for every change.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use model::Problem;
use records::Bucket;
use tabular::{Options, Row, RowError, Source};

use super::bucket::{Client, Object};
use super::{Progress, Run, Stop, record_of_row};
use crate::source::{FILES, KEY_PATH, Lot, MOST_GIVEN};

/// What tables lie in, by the end of their name.
const ENDS: [&str; 8] = ["csv", "tsv", "txt", "xlsx", "json", "jsonl", "ndjson", "parquet"];
/// Most files of a folder.
const MOST_FILES: usize = 1_000;

/// A file, with what is another one after every change: its size and time of change, and in a bucket what tells its content.
struct Found {
    name: String,
    stamp: String,
    at: Where,
}

/// Where a file is.
enum Where {
    Folder(PathBuf),
    Bucket(Arc<Client>, Object),
}

/// Reads the files of a folder.
pub(super) async fn read(run: &mut Run, folder: &Path) -> Result<(), Stop> {
    let pattern = pattern(run);
    let files = list(folder, &pattern)
        .map_err(|error| Stop::Problem(Problem::new("place", "pull-folder").text("detail", error.to_string())))?;
    read_files(run, files).await
}

/// Reads the files of a bucket.
pub(super) async fn read_bucket(run: &mut Run, bucket: &Bucket) -> Result<(), Stop> {
    let pattern = pattern(run);
    let client = Arc::new(Client::of(bucket).map_err(Stop::Problem)?);
    let asked = Arc::clone(&client);
    let listed = blocking(move || {
        let begins = pattern.split('*').next().unwrap_or_default();
        asked.list(begins, MOST_FILES, |name| is_table(name) && is_like(name, &pattern))
    });
    let found = |object: Object| Found {
        name: object.name.clone(),
        stamp: object.stamp.clone(),
        at: Where::Bucket(Arc::clone(&client), object),
    };
    let files = listed.await?.map_err(Stop::Problem)?.into_iter().map(found).collect();
    read_files(run, files).await
}

fn pattern(run: &Run) -> String {
    run.source.get(FILES).unwrap_or_else(|| "*".to_owned())
}

/// Reads the files that are new or changed, in the order of their names. One that cannot be read keeps none of the others back.
async fn read_files(run: &mut Run, files: Vec<Found>) -> Result<(), Stop> {
    if files.len() > MOST_FILES {
        return Err(Stop::Problem(Problem::new("files", "pull-many").number("max", MOST_FILES as i64)));
    }
    run.progress.files.retain(|name, _| files.iter().any(|file| file.name == *name));
    let mut broken = None;
    for file in files {
        if run.progress.files.get(&file.name) == Some(&file.stamp) {
            continue;
        }
        match read_file(run, file).await {
            Err(Stop::Problem(problem)) => broken = broken.or(Some(problem)),
            done => done?,
        }
    }
    broken.map_or(Ok(()), |problem| Err(Stop::Problem(problem)))
}

fn list(folder: &Path, pattern: &str) -> std::io::Result<Vec<Found>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // A link leads out of the folder, and is not followed.
        let about = entry.metadata()?;
        if !about.is_file() || !is_table(&name) || !is_like(&name, pattern) {
            continue;
        }
        let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        files.push(Found { stamp: format!("{} {changed}", about.len()), at: Where::Folder(entry.path()), name });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Whether a table may lie in a file of this name.
fn is_table(name: &str) -> bool {
    let lower = name.to_lowercase();
    let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
    let end = bare.rsplit_once('.').map_or("", |(_, end)| end);
    !name.starts_with('.') && ENDS.contains(&end)
}

/// Whether a name is like a pattern, in which `*` stands for anything.
fn is_like(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

async fn read_file(run: &mut Run, Found { name: file, stamp, at }: Found) -> Result<(), Stop> {
    let mut table = blocking({
        let file = file.clone();
        move || open(&file, at)
    })
    .await?
    .map_err(Stop::Problem)?;
    let names = table.columns().to_vec();
    let key = match run.source.get(KEY_PATH) {
        None => 0,
        Some(key) => (names.iter().position(|name| *name == key)).ok_or_else(|| {
            Stop::Problem(Problem::new("key_path", "pull-column").text("value", &key).text("file", &file))
        })?,
    };
    // A run that was stopped in this very file goes on after the last row that is on disk.
    let mut last = match &run.progress.current {
        Some((name, then, row)) if *name == file && *then == stamp => *row,
        _ => 0,
    };
    if last > 0 {
        table.skip_to_row(last + 1);
    }
    loop {
        let (back, rows) = blocking(move || {
            let rows: Vec<Result<Row, RowError>> = table.by_ref().take(MOST_GIVEN).collect();
            (table, rows)
        })
        .await?;
        table = back;
        if rows.is_empty() {
            break;
        }
        let mut lot = Lot::of(&run.source, run.now());
        let mut next = Progress { rows: run.progress.rows + rows.len() as u64, ..run.progress.clone() };
        for row in rows {
            match row {
                Ok(row) => {
                    last = row.number;
                    let (key, payload) = record_of_row(&names, key, &row);
                    lot.add(key, payload, false);
                }
                Err(error) if error.reason.is_fatal() => return Err(Stop::Problem(broken(&file, error.to_string()))),
                Err(_) => next.unreadable += 1,
            }
        }
        next.current = Some((file.clone(), stamp.clone(), last));
        run.keep(Some(lot), next).await?;
    }
    let mut next = Progress { current: None, ..run.progress.clone() };
    next.files.insert(file, stamp);
    run.keep(None, next).await
}

/// Opens a file as a table; one of a bucket is fetched first.
fn open(name: &str, at: Where) -> Result<Source, Problem> {
    let file = match at {
        Where::Folder(path) => File::open(path).map_err(|error| broken(name, error.to_string()))?,
        Where::Bucket(client, object) => client.fetch(&object)?,
    };
    Source::of_file(file, name, &Options::default()).map_err(|error| broken(name, error.to_string()))
}

fn broken(file: &str, detail: String) -> Problem {
    Problem::new("place", "pull-file").text("file", file).text("detail", detail)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stop> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Stop::Problem(Problem::new("place", "pull-folder").text("detail", error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_stars_and_letters() {
        for (name, pattern) in
            [("a.csv", "*"), ("a.csv", "a*"), ("a.csv", "*.csv"), ("clients-1.csv", "cl*-*.csv"), ("a.csv", "a.csv")]
        {
            assert!(is_like(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in
            [("a.csv", "b*"), ("a.csv", "*.xlsx"), ("a.csvx", "a.csv"), ("a.csv", ""), ("ab", "ab*b")]
        {
            assert!(!is_like(name, pattern), "{name} {pattern}");
        }
    }
}
