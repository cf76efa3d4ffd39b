use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, command};

/// The folders of `tests/python` that hold a suite, by name.
pub(super) fn suites(root: &Path) -> Result<Vec<PathBuf>> {
    let mut suites = Vec::new();
    for entry in fs::read_dir(root.join("tests").join("python"))? {
        let suite = entry?.path();
        if suite.join("requirements.txt").is_file() {
            suites.push(suite);
        }
    }
    suites.sort();
    Ok(suites)
}

/// Installs what a suite requires into an environment of its own below `target`, and returns the command that runs it.
///
/// Errors without Python or its venv module, and when the installation fails.
pub(super) fn prepare(suite: &Path, target: &Path) -> Result<Command> {
    let name = suite.file_name().ok_or("a suite has a name")?;
    let folder = target.join("python").join(name);
    let programs = folder.join("bin");
    let wanted = fs::read_to_string(suite.join("requirements.txt"))?;
    let installed = folder.join("installed");
    if !fs::read_to_string(&installed).is_ok_and(|present| present == wanted) {
        let python = command::on_path(&["python3"]).ok_or(
            "the tests need Python 3 with its venv module: install it (Debian, Ubuntu: sudo apt-get install python3 python3-venv) and try again",
        )?;
        command::run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
        let mut pip = Command::new(programs.join("pip"));
        command::run(pip.args(["install", "--quiet", "--requirement"]).arg(suite.join("requirements.txt")))?;
        fs::write(&installed, &wanted)?;
    }
    let mut python = Command::new(programs.join("python"));
    python.current_dir(suite).args(["-m", "unittest", "--verbose"]).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(python)
}
