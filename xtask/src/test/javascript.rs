use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::install;
use crate::{Result, command};

/// The folders of `tests/js` that hold a suite, by name.
pub(super) fn suites(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("tests").join("js");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut suites = Vec::new();
    for entry in fs::read_dir(folder)? {
        let suite = entry?.path();
        if suite.join("package.json").is_file() {
            suites.push(suite);
        }
    }
    suites.sort();
    Ok(suites)
}

/// Installs what a suite's lock file names and returns the command that runs it.
///
/// Errors without a lock file, without Node, and when the installation fails.
pub(super) fn prepare(suite: &Path) -> Result<Command> {
    install::node()?;
    let lock = suite.join("package-lock.json");
    if !lock.is_file() {
        return Err(format!("{} is missing: run npm install there and commit it", lock.display()).into());
    }
    if !is_installed(suite, &lock) {
        command::run(Command::new("npm").current_dir(suite).args(["ci", "--no-audit", "--no-fund"]))?;
    }
    let mut node = Command::new("node");
    node.current_dir(suite).args(["--test", "--test-reporter=spec"]);
    Ok(node)
}

/// npm leaves a copy of what it installed; it is current when it is younger than the lock file.
fn is_installed(suite: &Path, lock: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    match (changed(&suite.join("node_modules").join(".package-lock.json")), changed(lock)) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}
