use std::process::Command;

use crate::finding::Finding;
use crate::workspace::{File, Workspace};
use crate::{Result, command};

/// No snapshot waits for a decision, and none outlived its test.
pub(crate) fn check(workspace: &Workspace, files: &[File]) -> Result<Vec<Finding>> {
    let pending = command::output(Command::new("git").current_dir(&workspace.root).args([
        "ls-files",
        "-z",
        "--others",
        "--exclude=/target/",
        "--exclude=node_modules/",
        "--",
        "*.snap.new",
        "*.pending-snap",
    ]))?;
    let mut findings: Vec<Finding> = pending
        .split_terminator('\0')
        .map(|path| Finding::in_file(path, "a snapshot waits: accept it with cargo insta review, or delete it"))
        .collect();
    findings.extend(orphans(files));
    Ok(findings)
}

/// Snapshot files whose test is gone.
fn orphans(files: &[File]) -> Vec<Finding> {
    let snapshots = files.iter().filter(|file| file.extension() == "snap");
    snapshots
        .filter_map(|snapshot| {
            let lost =
                |why: &str| Some(Finding::in_file(&snapshot.path, format!("{why}: delete it, or restore the test")));
            let header = snapshot.text.lines().take_while(|line| !line.is_empty());
            let Some(source) = header.filter_map(|line| line.strip_prefix("source: ")).next() else {
                return lost("names no source");
            };
            let Some(test) = files.iter().find(|file| file.path == source.trim_matches('"')) else {
                return lost(&format!("its source {source} is gone"));
            };
            if test.text.contains(test_name(&snapshot.path)) {
                None
            } else {
                lost(&format!("no test of {source} makes it"))
            }
        })
        .collect()
}

/// The test's or snapshot's own name in `crate__module__name-2.snap`.
fn test_name(path: &str) -> &str {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".snap");
    let name = stem.rsplit("__").next().unwrap_or(stem);
    match name.rsplit_once('-') {
        Some((base, count)) if count.bytes().all(|digit| digit.is_ascii_digit()) => base,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::file;

    #[test]
    fn a_snapshot_belongs_to_a_test_of_its_source() {
        let header = "---\nsource: crates/store/src/select.rs\nexpression: sql\n---\nSELECT 1\n";
        let files = [
            file("crates/store/src/select.rs", "#[test]\nfn joins_once() {}"),
            file("crates/store/src/snapshots/store__select__tests__joins_once-2.snap", header),
            file("crates/store/src/snapshots/store__select__tests__sorts.snap", header),
            file(
                "crates/store/src/snapshots/store__gone__tests__a.snap",
                "---\nsource: crates/store/src/gone.rs\n---\n",
            ),
        ];
        assert_eq!(
            listed(&orphans(&files)),
            "crates/store/src/snapshots/store__select__tests__sorts.snap: no test of crates/store/src/select.rs makes it: delete it, or restore the test\n\
             crates/store/src/snapshots/store__gone__tests__a.snap: its source crates/store/src/gone.rs is gone: delete it, or restore the test"
        );
    }
}
