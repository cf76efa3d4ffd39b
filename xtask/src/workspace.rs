use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Result, command};

/// The repository: its crates and its tracked files.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Folder from the root, as `crates/store`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One dependency as a crate's `Cargo.toml` asks for it.
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// The name under which code imports it.
    pub(crate) imported: String,
    /// Only for tests, examples and benchmarks.
    pub(crate) dev: bool,
    /// A crate of this workspace.
    pub(crate) local: bool,
    /// The version asked for, as `^1.2` or `*`.
    pub(crate) wanted: String,
}

/// A tracked text file.
pub(crate) struct File {
    /// Path from the root, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Lines with their numbers, counted from one.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Somebody else's file, kept as it came.
    pub(crate) fn vendored(&self) -> bool {
        self.path.split('/').any(|folder| folder == "vendor")
    }
}

impl Workspace {
    /// Reads the workspace this tool was built in.
    pub(crate) fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent folder")?;
        let metadata = command::output(command::cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        Self::from_metadata(&serde_json::from_str(&metadata)?)
    }

    /// Reads what `cargo metadata --no-deps` printed.
    pub(crate) fn from_metadata(metadata: &Value) -> Result<Self> {
        let root = text(metadata, "workspace_root")?.to_owned();
        let packages = list(metadata, "packages")?
            .iter()
            .map(|package| read_package(package, &root))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { target: text(metadata, "target_directory")?.into(), root: root.into(), packages })
    }

    /// Whether a crate of this name exists.
    pub(crate) fn has(&self, package: &str) -> bool {
        self.packages.iter().any(|candidate| candidate.name == package)
    }

    /// Every tracked file that holds text.
    pub(crate) fn tracked_files(&self) -> Result<Vec<File>> {
        let paths = command::output(Command::new("git").current_dir(&self.root).args(["ls-files", "-z"]))?;
        let read = |path: &str| {
            let bytes = std::fs::read(self.root.join(path)).ok()?;
            Some(File { path: path.to_owned(), text: String::from_utf8(bytes).ok()? })
        };
        Ok(paths.split_terminator('\0').filter_map(read).collect())
    }
}

fn read_package(package: &Value, root: &str) -> Result<Package> {
    let manifest = text(package, "manifest_path")?;
    let folder = manifest
        .strip_prefix(root)
        .and_then(|path| path.strip_suffix("Cargo.toml"))
        .ok_or_else(|| format!("{manifest} lies outside {root}"))?
        .trim_matches('/');
    Ok(Package {
        name: text(package, "name")?.to_owned(),
        folder: folder.to_owned(),
        dependencies: list(package, "dependencies")?.iter().map(read_dependency).collect::<Result<Vec<_>>>()?,
    })
}

fn read_dependency(dependency: &Value) -> Result<Dependency> {
    let name = text(dependency, "name")?;
    let imported = dependency["rename"].as_str().unwrap_or(name);
    Ok(Dependency {
        name: name.to_owned(),
        imported: imported.replace('-', "_"),
        dev: dependency["kind"] == "dev",
        local: dependency["path"].is_string(),
        wanted: text(dependency, "req")?.to_owned(),
    })
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().ok_or_else(|| format!("cargo metadata has no text at {key}").into())
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value]> {
    match value[key].as_array() {
        Some(items) => Ok(items),
        None => Err(format!("cargo metadata has no list at {key}").into()),
    }
}

/// A workspace of crates named with what they depend on, for tests.
#[cfg(test)]
pub(crate) fn sample(crates: &[(&str, &[&str])]) -> Workspace {
    let dependency = |name: &&str| Dependency {
        name: (*name).to_owned(),
        imported: name.replace('-', "_"),
        dev: false,
        local: true,
        wanted: "*".to_owned(),
    };
    let package = |(name, dependencies): &(&str, &[&str])| Package {
        name: (*name).to_owned(),
        folder: format!("crates/{name}"),
        dependencies: dependencies.iter().map(dependency).collect(),
    };
    Workspace {
        root: PathBuf::from("/repository"),
        target: PathBuf::from("/repository/target"),
        packages: crates.iter().map(package).collect(),
    }
}

/// A tracked file, for tests.
#[cfg(test)]
pub(crate) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metadata_gives_folders_and_imported_names() {
        let metadata = json!({
            "workspace_root": "/here", "target_directory": "/here/target",
            "packages": [{
                "name": "store", "manifest_path": "/here/crates/store/Cargo.toml",
                "dependencies": [
                    { "name": "sea-query", "req": "^1", "rename": null, "kind": null },
                    { "name": "rand", "req": "^0.9", "rename": "chance", "kind": "dev" },
                    { "name": "model", "req": "*", "rename": null, "kind": null, "path": "/here/crates/model" },
                ],
            }],
        });
        let workspace = Workspace::from_metadata(&metadata).unwrap();
        let store = &workspace.packages[0];
        assert_eq!(store.folder, "crates/store");
        let seen: Vec<_> = store.dependencies.iter().map(|d| (d.imported.as_str(), d.dev, d.local)).collect();
        assert_eq!(seen, [("sea_query", false, false), ("chance", true, false), ("model", false, true)]);
    }

    #[test]
    fn a_package_outside_the_root_is_an_error() {
        let metadata = json!({
            "workspace_root": "/here", "target_directory": "/t",
            "packages": [{ "name": "x", "manifest_path": "/there/Cargo.toml", "dependencies": [] }],
        });
        assert!(Workspace::from_metadata(&metadata).is_err());
    }
}
