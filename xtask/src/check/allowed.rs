mod licence;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use toml::Table;

use crate::finding::Finding;
use crate::workspace::Workspace;
use crate::{Result, command};

/// Whether `cargo deny` is there to read `deny.toml`.
pub(crate) fn has_cargo_deny(root: &Path) -> bool {
    command::succeeds(command::cargo(root).args(["deny", "--version"]))
}

/// `cargo deny` on licences, bans and sources; advisories need a database from the network and are not asked.
pub(crate) fn cargo_deny(root: &Path) -> Result {
    command::run(command::cargo(root).args(["deny", "check", "licenses", "bans", "sources"]))
}

/// Our own reading of `deny.toml`, for where `cargo deny` is absent: licences, bans and sources of every
/// package that is built for one of the targets it lists.
pub(crate) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let policy: Table = toml::from_str(&std::fs::read_to_string(workspace.root.join("deny.toml"))?)?;
    let mut packages = BTreeMap::new();
    for target in strings(policy.get("graph"), "targets") {
        let metadata = command::output(command::cargo(&workspace.root).args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--filter-platform",
            target,
        ]))?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        for package in metadata["packages"].as_array().into_iter().flatten() {
            if let Some(package) = read_package(package) {
                packages.insert((package.name.clone(), package.version.clone()), package);
            }
        }
    }
    let mut findings: Vec<Finding> = packages.values().flat_map(|package| refusals(package, &policy)).collect();
    findings.extend(wildcards(workspace));
    Ok(findings)
}

/// A package from outside the workspace.
struct Package {
    name: String,
    version: String,
    licence: String,
    source: String,
}

/// None for the workspace's own crates, which have no source.
fn read_package(package: &Value) -> Option<Package> {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let source = package["source"].as_str()?.to_owned();
    Some(Package { name: text("name"), version: text("version"), licence: text("license"), source })
}

fn refusals(package: &Package, policy: &Table) -> Vec<Finding> {
    let refuse = |why: String| Finding::in_file("Cargo.lock", format!("{} {}: {why}", package.name, package.version));
    let mut findings = Vec::new();

    let licences = policy.get("licenses");
    let mut allowed = strings(licences, "allow");
    for exception in entries_for(licences, "exceptions", &package.name) {
        allowed.extend(strings(Some(exception), "allow"));
    }
    let clarified = entries_for(licences, "clarify", &package.name)
        .find_map(|entry| entry.get("expression").and_then(toml::Value::as_str));
    let expression = clarified.unwrap_or(&package.licence);
    if !licence::allowed(expression, &allowed) {
        let shown = if expression.is_empty() { "none stated" } else { expression };
        findings.push(refuse(format!("licence {shown} is not in deny.toml: choose another package")));
    }

    for ban in entries_for(policy.get("bans"), "deny", &package.name) {
        let reason = ban.get("reason").and_then(toml::Value::as_str).unwrap_or("deny.toml bans it");
        findings.push(refuse(format!("banned: {reason}")));
    }

    let sources = policy.get("sources");
    let git = package.source.starts_with("git+");
    let public = package.source.starts_with("registry+https://github.com/rust-lang/");
    let known = strings(sources, if git { "allow-git" } else { "allow-registry" })
        .iter()
        .any(|address| package.source.contains(address));
    if !public && !known {
        findings.push(refuse(format!("comes from {}: use the public registry", package.source)));
    }
    findings
}

/// Dependencies that take any version of a package.
fn wildcards(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        for dependency in package.dependencies.iter().filter(|used| !used.local && used.wanted == "*") {
            let message = format!("{} is asked for in any version: name one", dependency.name);
            findings.push(Finding::in_file(&format!("{}/Cargo.toml", package.folder), message));
        }
    }
    findings
}

fn strings<'a>(table: Option<&'a toml::Value>, key: &str) -> Vec<&'a str> {
    let list = table.and_then(|table| table.get(key)).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

/// The tables of a list that speak of one package, by `name` or `crate`.
fn entries_for<'a>(
    table: Option<&'a toml::Value>,
    key: &str,
    package: &'a str,
) -> impl Iterator<Item = &'a toml::Value> {
    let list = table.and_then(|table| table.get(key)).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter(move |entry| {
        ["name", "crate"].iter().any(|key| entry.get(key).and_then(toml::Value::as_str) == Some(package))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::sample;

    const POLICY: &str = r#"
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "odd", allow = ["Zlib"] }]
        clarify = [{ crate = "quiet", expression = "MIT" }]
        [bans]
        deny = [{ name = "sqlx", reason = "one way to a database" }]
        [sources]
        allow-git = ["https://example.org/forge"]
    "#;
    const REGISTRY: &str = "registry+https://github.com/rust-lang/index";

    fn verdict(name: &str, licence: &str, source: &str) -> String {
        let package = Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            source: source.to_owned(),
        };
        listed(&refusals(&package, &toml::from_str(POLICY).unwrap()))
    }

    #[test]
    fn allowed_packages_pass() {
        assert_eq!(verdict("plain", "MIT OR GPL-3.0", REGISTRY), "");
        assert_eq!(verdict("odd", "Zlib", REGISTRY), "");
        assert_eq!(verdict("quiet", "", REGISTRY), "");
        assert_eq!(verdict("plain", "MIT", "git+https://example.org/forge/plain#abc"), "");
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        assert_eq!(
            verdict("plain", "GPL-3.0", REGISTRY),
            "Cargo.lock: plain 1.0.0: licence GPL-3.0 is not in deny.toml: choose another package"
        );
        assert_eq!(
            verdict("plain", "", REGISTRY),
            "Cargo.lock: plain 1.0.0: licence none stated is not in deny.toml: choose another package"
        );
        assert_eq!(verdict("sqlx", "MIT", REGISTRY), "Cargo.lock: sqlx 1.0.0: banned: one way to a database");
        assert_eq!(
            verdict("plain", "MIT", "git+https://example.net/x#abc"),
            "Cargo.lock: plain 1.0.0: comes from git+https://example.net/x#abc: use the public registry"
        );
    }

    #[test]
    fn any_version_is_not_a_version() {
        let mut workspace = sample(&[("store", &["rand"])]);
        assert_eq!(listed(&wildcards(&workspace)), "");
        workspace.packages[0].dependencies[0].local = false;
        assert_eq!(
            listed(&wildcards(&workspace)),
            "crates/store/Cargo.toml: rand is asked for in any version: name one"
        );
    }
}
