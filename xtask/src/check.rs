mod allowed;
mod format;
mod layers;
mod snapshots;
mod tidy;
mod unused;
mod words;

use crate::finding::Finding;
use crate::workspace::Workspace;
use crate::{Result, command};

/// How much to check.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Everything,
    /// Only what needs no compilation.
    Quick,
}

/// Runs the rules, tells of each how it went, and fails if one did.
///
/// The rules that take a moment come first; all run even when one fails.
pub(crate) fn run(extent: Extent) -> Result {
    let workspace = Workspace::open()?;
    let root = &workspace.root;
    let files = workspace.tracked_files()?;
    let root_manifest: toml::Table = toml::from_str(&std::fs::read_to_string(root.join("Cargo.toml"))?)?;

    let mut report = Report::default();
    report.rule("layers", Ok(layers::check(&workspace)));
    report.rule("dependencies used", Ok(unused::check(&workspace, &files)));
    report.rule("shared versions used", Ok(unused::shared_versions(&workspace, &root_manifest)));
    report.rule("no machine's paths", Ok(tidy::machine_paths(&files)));
    report.rule("no registry's hosts", Ok(tidy::registry_hosts(&files)));
    report.rule("nothing unfinished", Ok(tidy::unfinished(&files)));
    report.rule("file length", Ok(tidy::length(&files)));
    report.rule("raw HTML", Ok(tidy::raw_html(&files)));
    report.rule("databases", Ok(tidy::databases(&files)));
    report.rule("words", Ok(words::check(&files)));
    report.rule("snapshots", snapshots::check(&workspace, &files));
    report.rule("format", format::check(root));
    if allowed::has_cargo_deny(root) {
        report.tool("dependencies allowed, by cargo deny", allowed::cargo_deny(root));
    } else {
        report.rule("dependencies allowed, by our own reading of deny.toml", allowed::check(&workspace));
    }
    if extent == Extent::Quick {
        return report.end();
    }
    report.tool(
        "clippy",
        command::run(command::cargo(root).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ])),
    );
    report.tool(
        "docs",
        command::run(
            command::cargo(root)
                .args(["doc", "--workspace", "--no-deps", "--quiet"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        ),
    );
    report.end()
}

/// Prints each rule's outcome and counts those that failed.
#[derive(Default)]
struct Report {
    rules: usize,
    failed: usize,
}

impl Report {
    fn rule(&mut self, name: &str, outcome: Result<Vec<Finding>>) {
        match outcome {
            Ok(findings) if findings.is_empty() => self.passed(name),
            Ok(findings) => {
                let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
                self.failed(name, &lines.join("\n      "));
            }
            Err(error) => self.failed(name, &error.to_string()),
        }
    }

    fn tool(&mut self, name: &str, outcome: Result) {
        match outcome {
            Ok(()) => self.passed(name),
            Err(error) => self.failed(name, &error.to_string()),
        }
    }

    fn passed(&mut self, name: &str) {
        self.rules += 1;
        println!("ok    {name}");
    }

    fn failed(&mut self, name: &str, why: &str) {
        self.rules += 1;
        self.failed += 1;
        println!("FAIL  {name}\n      {why}");
    }

    fn end(self) -> Result {
        let Self { rules, failed } = self;
        if failed > 0 {
            return Err(format!("{failed} of {rules} rules failed").into());
        }
        println!("{rules} rules hold");
        Ok(())
    }
}
