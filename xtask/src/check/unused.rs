use crate::finding::Finding;
use crate::workspace::{Dependency, File, Workspace};

/// Every dependency of a crate is named in that crate's sources, and every shared version is asked for by a crate.
pub(crate) fn check(workspace: &Workspace, files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let sources: Vec<&File> = files
            .iter()
            .filter(|file| file.extension() == "rs" && file.path.starts_with(&format!("{}/", package.folder)))
            .collect();
        for dependency in &package.dependencies {
            if !sources.iter().any(|source| names(source, &package.folder, dependency)) {
                let kind = if dependency.dev { "no test" } else { "no source" };
                let message = format!("{kind} of {} names {}: remove it", package.name, dependency.imported);
                findings.push(Finding::in_file(&manifest, message));
            }
        }
    }
    findings
}

/// Entries of the root's `[workspace.dependencies]` that no crate inherits; our own crates may wait there.
pub(crate) fn shared_versions(workspace: &Workspace, root_manifest: &toml::Table) -> Vec<Finding> {
    let Some(shared) = root_manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(toml::Value::as_table)
    else {
        return Vec::new();
    };
    let wanted = |key: &str| {
        let imported = key.replace('-', "_");
        workspace.packages.iter().flat_map(|package| &package.dependencies).any(|used| used.imported == imported)
    };
    shared
        .iter()
        .filter(|(key, asked)| asked.get("path").is_none() && !wanted(key))
        .map(|(key, _)| Finding::in_file("Cargo.toml", format!("no crate asks for {key}: remove it")))
        .collect()
}

fn names(source: &File, folder: &str, dependency: &Dependency) -> bool {
    let inside = source.path.strip_prefix(folder).unwrap_or(&source.path);
    let product = inside.starts_with("/src/") || inside == "/build.rs";
    (product || dependency.dev)
        && source.lines().any(|(_, line)| !line.trim_start().starts_with("//") && has_name(line, &dependency.imported))
}

/// Whether a crate's name stands in a line as a name of its own.
fn has_name(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| !line[..at].ends_with(part) && !line[at + name.len()..].starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::{file, sample};

    #[test]
    fn a_dependency_named_only_in_a_comment_or_a_longer_name_is_unused() {
        let workspace = sample(&[("store", &["sea-query", "rand"])]);
        let files = [
            file("crates/store/src/lib.rs", "use sea_query::Query;\n// rand would do\nlet operand = 1;"),
            file("crates/other/src/lib.rs", "use rand::Rng;"),
        ];
        assert_eq!(
            listed(&check(&workspace, &files)),
            "crates/store/Cargo.toml: no source of store names rand: remove it"
        );
    }

    #[test]
    fn tests_do_not_use_a_dependency_of_the_product() {
        let mut workspace = sample(&[("store", &["insta"])]);
        let files = [file("crates/store/tests/all.rs", "insta::assert_snapshot!(sql);")];
        assert_eq!(check(&workspace, &files).len(), 1);
        workspace.packages[0].dependencies[0].dev = true;
        assert_eq!(check(&workspace, &files).len(), 0);
    }

    #[test]
    fn a_shared_version_nobody_asks_for_is_found() {
        let workspace = sample(&[("store", &["sea-query"])]);
        let root =
            toml::from_str("[workspace.dependencies]\nsea-query = \"1\"\nlake = { path = \"lake\" }\nrand = \"0.9\"\n")
                .unwrap();
        assert_eq!(listed(&shared_versions(&workspace, &root)), "Cargo.toml: no crate asks for rand: remove it");
    }
}
