use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::{Result, command};

/// Finds Chromium, after installing it where that is possible.
pub(super) fn chromium() -> Result<PathBuf> {
    let find = || command::on_path(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]);
    found_or_installed("Chromium", &["chromium", "fonts-liberation"], find)
}

/// Finds the folder of PostgreSQL's server programs, after installing them where that is possible.
pub(crate) fn postgres() -> Result<PathBuf> {
    found_or_installed("a PostgreSQL server", &["postgresql"], server_programs)
}

/// Finds the folder of MariaDB's programs, after installing them where that is possible.
pub(super) fn mariadb() -> Result<PathBuf> {
    let find = || {
        let program = command::on_path(&["mariadb-install-db"])?;
        program.parent().map(Path::to_owned)
    };
    found_or_installed("a MariaDB server", &["mariadb-server"], find)
}

/// Makes sure that the program is there with which servers get their certificates.
pub(super) fn openssl() -> Result {
    found_or_installed("OpenSSL's program", &["openssl"], || command::on_path(&["openssl"])).map(drop)
}

/// Makes sure that Node and npm are there.
pub(super) fn node() -> Result {
    let find = || command::on_path(&["node"]).and(command::on_path(&["npm"]));
    found_or_installed("Node with npm", &["nodejs", "npm"], find).map(drop)
}

fn found_or_installed(what: &str, packages: &[&str], find: impl Fn() -> Option<PathBuf>) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let by_hand = format!(
        "the tests need {what}: install it (Debian, Ubuntu: sudo apt-get install {}) and try again",
        packages.join(" ")
    );
    if !is_root() || command::on_path(&["apt-get"]).is_none() {
        return Err(by_hand.into());
    }
    println!("==> installing {}", packages.join(" "));
    update_package_lists()?;
    command::run(
        Command::new("apt-get")
            .args(["install", "--yes", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )?;
    find().ok_or_else(|| by_hand.into())
}

/// Fetches the distribution's package lists, once a run.
fn update_package_lists() -> Result {
    static UPDATED: OnceLock<()> = OnceLock::new();
    if UPDATED.get().is_none() {
        command::run(Command::new("apt-get").args(["update", "-qq"]))?;
        UPDATED.get_or_init(|| ());
    }
    Ok(())
}

/// Whether this process may install packages and must not run a database server.
pub(super) fn is_root() -> bool {
    command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The folder that holds `initdb`, `pg_ctl` and `postgres`: on the search path, or where distributions hide it.
fn server_programs() -> Option<PathBuf> {
    let on_path = command::on_path(&["initdb"]).and_then(|program| fs::canonicalize(program).ok());
    let mut folders: Vec<PathBuf> = on_path.iter().filter_map(|program| program.parent()).map(Path::to_owned).collect();
    folders.extend(versions(Path::new("/usr/lib/postgresql")));
    folders.push("/usr/local/pgsql/bin".into());
    folders
        .into_iter()
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file()))
}

/// `bin` folders of the versions installed side by side, newest first.
fn versions(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}
