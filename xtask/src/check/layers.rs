use crate::finding::Finding;
use crate::workspace::Workspace;

/// The rows of the architecture, lowest first. A crate uses only crates of lower rows.
const ROWS: &[&[&str]] = &[
    &["kernel"],
    &["model", "matching", "tabular", "demo"],
    &["store", "lake", "ui"],
    &["records"],
    &["customers"],
    &["sales", "marketing", "service", "commerce", "insight"],
    &["api", "web"],
    &["clientele"],
];

/// What the repository's own commands may use of the product: what stands below every database, so that they build in seconds.
const OF_XTASK: usize = 2;

/// Every crate stands in a row and depends only on lower rows.
pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let row = row_of(&package.name);
        if row.is_none() && package.name != "xtask" {
            let message = format!("crate {} stands in no row: give it one in xtask's ROWS", package.name);
            findings.push(Finding::in_file(&manifest, message));
            continue;
        }
        for used in package.dependencies.iter().filter(|dependency| dependency.local) {
            let upper = if package.name == "xtask" { Some(OF_XTASK) } else { row };
            let allowed = matches!((upper, row_of(&used.name)), (Some(upper), Some(lower)) if lower < upper);
            if !allowed {
                let message = format!(
                    "{} ({}) must not use {} ({}): move what it needs to a lower row",
                    package.name,
                    place(row),
                    used.name,
                    place(row_of(&used.name)),
                );
                findings.push(Finding::in_file(&manifest, message));
            }
        }
    }
    findings
}

fn row_of(name: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&name))
}

fn place(row: Option<usize>) -> String {
    row.map_or_else(|| "no row".to_owned(), |row| format!("row {row}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::sample;

    #[test]
    fn lower_rows_are_free_to_use() {
        let workspace = sample(&[("records", &["store", "model"]), ("xtask", &["demo"])]);
        assert_eq!(listed(&check(&workspace)), "");
    }

    #[test]
    fn the_own_row_and_higher_rows_are_not() {
        let workspace = sample(&[("sales", &["marketing"]), ("model", &["store"]), ("xtask", &["store"])]);
        assert_eq!(
            listed(&check(&workspace)),
            "crates/sales/Cargo.toml: sales (row 5) must not use marketing (row 5): move what it needs to a lower row\n\
             crates/model/Cargo.toml: model (row 1) must not use store (row 2): move what it needs to a lower row\n\
             crates/xtask/Cargo.toml: xtask (no row) must not use store (row 2): move what it needs to a lower row"
        );
    }

    #[test]
    fn a_new_crate_must_be_placed() {
        let findings = check(&sample(&[("stray", &[])]));
        assert_eq!(
            listed(&findings),
            "crates/stray/Cargo.toml: crate stray stands in no row: give it one in xtask's ROWS"
        );
    }
}
