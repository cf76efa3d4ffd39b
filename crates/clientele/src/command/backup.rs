use std::path::{Path, PathBuf};
use std::sync::Arc;

use records::Space;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Copy a tenant's database to a file.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
}

/// Copies while others read and write.
pub async fn run(args: Args) -> Result<(), Failure> {
    copy(&args.target.open().await?, &args.out).await
}

/// A consistent copy: of a SQLite database a SQLite file, of a PostgreSQL schema what `pg_dump` writes.
pub async fn copy(space: &Arc<Space>, out: &Path) -> Result<(), Failure> {
    if out.exists() {
        return Err(Failure::usage(format!("{} exists: choose another name", out.display())));
    }
    match space.store.place() {
        store::Place::File(_) => space.store.copy_file(out).await?,
        store::Place::Schema { url, schema } => dump(&url, &schema, out).await?,
    }
    println!("copied “{}” to {}", space.tenant, out.display());
    Ok(())
}

async fn dump(url: &str, schema: &str, out: &Path) -> Result<(), Failure> {
    let status = tokio::process::Command::new("pg_dump")
        .args(["--format=custom", "--no-owner", "--schema", schema, "--file"])
        .arg(out)
        .arg("--dbname")
        .arg(url)
        .status()
        .await
        .map_err(|e| Failure::usage(format!("pg_dump, of PostgreSQL's client programs, is needed: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failure::usage("pg_dump could not copy the schema")) }
}
