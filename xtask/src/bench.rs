//! The product under load: a release build, a million contacts, both databases, a load generator on the same machine.

mod company;
mod events;
mod figures;
mod load;
mod matching;
mod product;
mod profiles;
mod scenario;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, process};

use self::figures::{Import, Report};
use self::product::{Database, Product};
use crate::test::install;
use crate::test::postgres::{self, Use};
use crate::workspace::Workspace;
use crate::{Result, command};

/// What is measured.
struct Wish {
    contacts: u64,
    seconds: Duration,
    sqlite: bool,
    postgres: bool,
    /// A product that is built already.
    binary: Option<PathBuf>,
}

impl Wish {
    fn read(arguments: &[&str]) -> Result<Wish> {
        let mut wish =
            Wish { contacts: 1_000_000, seconds: Duration::from_secs(8), sqlite: false, postgres: false, binary: None };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number =
                || -> Result<u64> { Ok(rest.next().ok_or("a number is missing")?.replace('_', "").parse()?) };
            match *argument {
                "--contacts" => wish.contacts = number()?,
                "--seconds" => wish.seconds = Duration::from_secs(number()?),
                "--binary" => wish.binary = Some(rest.next().ok_or("a path is missing")?.into()),
                "sqlite" => wish.sqlite = true,
                "postgres" => wish.postgres = true,
                other => return Err(format!("bench does not know {other}").into()),
            }
        }
        if !wish.sqlite && !wish.postgres {
            (wish.sqlite, wish.postgres) = (true, true);
        }
        Ok(wish)
    }
}

/// Imports a company of this size, puts every kind of request under load, and writes the figures into `docs/benchmarks.md`.
///
/// Errors when the product cannot be built, started or filled, and when a request is answered with anything but success.
pub(crate) fn run(arguments: &[&str]) -> Result {
    if let ["matching", rest @ ..] = arguments {
        return matching::run(rest);
    }
    if let ["profiles", rest @ ..] = arguments {
        return profiles::run(rest);
    }
    if let ["events", rest @ ..] = arguments {
        return events::run(rest);
    }
    let wish = Wish::read(arguments)?;
    let workspace = Workspace::open()?;
    let binary = built(&wish, &workspace)?;
    let (mut reports, mut files) = (Vec::new(), None);
    databases(&wish, |name, database, folder| {
        let files = match &mut files {
            Some(files) => files,
            none => none.insert(company::write(folder, wish.contacts)?),
        };
        reports.push(one(name, &wish, &binary, database, files)?);
        Ok(())
    })?;
    let text: String = reports.iter().map(Report::markdown).collect();
    print!("{text}");
    figures::write(&workspace.root.join("docs").join("benchmarks.md"), "load", &text)
}

/// The product to measure: the one that was named, or a release build.
fn built(wish: &Wish, workspace: &Workspace) -> Result<PathBuf> {
    if let Some(built) = &wish.binary {
        return Ok(built.clone());
    }
    command::run(command::cargo(&workspace.root).args(["build", "--release", "--package", "clientele"]))?;
    Ok(workspace.target.join("release").join("clientele"))
}

/// Measures on each database that was wished for, one after the other: its name, the database, and a folder for files that goes at the end.
fn databases(wish: &Wish, mut measure: impl FnMut(&'static str, &Database, &Path) -> Result) -> Result {
    let folder = env::temp_dir().join(format!("clientele-bench-{}", process::id()));
    fs::create_dir_all(&folder)?;
    let outcome = on_each(wish, &folder, &mut measure);
    fs::remove_dir_all(&folder)?;
    outcome
}

fn on_each(wish: &Wish, folder: &Path, measure: &mut dyn FnMut(&'static str, &Database, &Path) -> Result) -> Result {
    if wish.sqlite {
        let database = Database { arguments: vec!["--data".into(), folder.join("sqlite").into()], postmaster: None };
        measure("SQLite", &database, folder)?;
        fs::remove_dir_all(folder.join("sqlite"))?;
    }
    if wish.postgres {
        let server = postgres::start(&install::postgres()?, Use::Measurements)?;
        let arguments = vec!["--database".into(), postgres::address(&server).into()];
        let database = Database { arguments, postmaster: Some(postgres::postmaster(&server)?) };
        measure("PostgreSQL", &database, folder)?;
        server.stop()?;
    }
    Ok(())
}

fn one(name: &'static str, wish: &Wish, binary: &Path, database: &Database, files: &company::Files) -> Result<Report> {
    let mut imports = Vec::new();
    for (object, file, rows) in
        [("account", &files.accounts, files.account_rows), ("contact", &files.contacts, wish.contacts)]
    {
        eprintln!("==> {name}: importing {rows} records of {object}");
        let mut import = Command::new(binary);
        import
            .arg("import")
            .arg(file)
            .args(["--object", object, "--key", "external_id", "--auto"])
            .args(&database.arguments);
        let cost = product::cost(import.arg("--map").arg("external_id=external_id"), database)?;
        imports.push(Import { object, rows, cost });
    }
    let product = Product::start(binary, database)?;
    let scenarios = scenario::all(&product, wish.contacts)?;
    let mut results = Vec::new();
    for scenario in scenarios {
        eprintln!("==> {name}: {}", scenario.name);
        results.push(load::run(&product, &scenario, wish.seconds)?);
    }
    let memory = product.memory()?;
    Ok(Report { name, contacts: wish.contacts, imports, results, memory })
}
