use std::path::Path;
use std::process::Stdio;

use crate::finding::Finding;
use crate::{Result, command};

/// Every source is formatted as `cargo fmt` does it.
pub(crate) fn check(root: &Path) -> Result<Vec<Finding>> {
    let output = command::cargo(root)
        .args(["fmt", "--all", "--", "--check", "--files-with-diff"])
        .stdin(Stdio::null())
        .output()?;
    let root = format!("{}/", root.display());
    let findings: Vec<Finding> = String::from_utf8(output.stdout)?
        .lines()
        .map(|path| Finding::in_file(path.trim_start_matches(&root), "not formatted: run cargo fmt"))
        .collect();
    if findings.is_empty() && !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo fmt failed: {}", said.trim()).into());
    }
    Ok(findings)
}
