//! Files of a folder, each read once for every change.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use model::Problem;
use tabular::{Options, Row, RowError, Source};

use super::{Progress, Run, Stop, record_of_row};
use crate::source::{FILES, KEY_PATH, Lot, MOST_GIVEN};

/// What tables lie in, by the end of their name.
const ENDS: [&str; 8] = ["csv", "tsv", "txt", "xlsx", "json", "jsonl", "ndjson", "parquet"];
/// Most files of a folder.
const MOST_FILES: usize = 1_000;

/// A file with its size and time of change.
struct Found {
    name: String,
    path: PathBuf,
    stamp: String,
}

/// Reads the files that are new or changed, in the order of their names. One that cannot be read keeps none of the others back.
pub(super) async fn read(run: &mut Run, folder: &Path) -> Result<(), Stop> {
    let pattern = run.source.get(FILES).unwrap_or_else(|| "*".to_owned());
    let files = list(folder, &pattern)
        .map_err(|error| Stop::Problem(Problem::new("place", "pull-folder").text("detail", error.to_string())))?;
    if files.len() > MOST_FILES {
        return Err(Stop::Problem(Problem::new("files", "pull-many").number("max", MOST_FILES as i64)));
    }
    run.progress.files.retain(|name, _| files.iter().any(|file| file.name == *name));
    let mut broken = None;
    for file in &files {
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
        let lower = name.to_lowercase();
        let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
        let end = bare.rsplit_once('.').map_or("", |(_, end)| end);
        let wanted = about.is_file() && !name.starts_with('.') && ENDS.contains(&end);
        if !wanted || !is_like(&name, pattern) {
            continue;
        }
        let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        files.push(Found { path: entry.path(), stamp: format!("{} {changed}", about.len()), name });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
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

async fn read_file(run: &mut Run, file: &Found) -> Result<(), Stop> {
    let broken = |detail: String| {
        Stop::Problem(Problem::new("place", "pull-file").text("file", &file.name).text("detail", detail))
    };
    let path = file.path.clone();
    let opened = blocking(move || Source::open(&path, &Options::default())).await?;
    let mut table = opened.map_err(|error| broken(error.to_string()))?;
    let names = table.columns().to_vec();
    let key = match run.source.get(KEY_PATH) {
        None => 0,
        Some(key) => (names.iter().position(|name| *name == key)).ok_or_else(|| {
            Stop::Problem(Problem::new("key_path", "pull-column").text("value", &key).text("file", &file.name))
        })?,
    };
    // A run that was stopped in this very file goes on after the last row that is on disk.
    let mut last = match &run.progress.current {
        Some((name, stamp, row)) if *name == file.name && *stamp == file.stamp => *row,
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
                Err(error) if error.reason.is_fatal() => return Err(broken(error.to_string())),
                Err(_) => next.unreadable += 1,
            }
        }
        next.current = Some((file.name.clone(), file.stamp.clone(), last));
        run.keep(Some(lot), next).await?;
    }
    let mut next = Progress { current: None, ..run.progress.clone() };
    next.files.insert(file.name.clone(), file.stamp.clone());
    run.keep(None, next).await
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
