use std::path::{Path, PathBuf};

use customers::erasure;
use jiff::SignedDuration;
use serde_json::Value as Json;
use store::Place;

use super::erasure::read;
use crate::failure::Failure;
use crate::target::TenantTarget;

/// Put a copy that `backup` wrote in the place of a tenant's database. The server must not run.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    /// The copy
    #[arg(long)]
    from: PathBuf,
    /// Who was erased since, as `erasure export` wrote it; needed where the present database cannot be read any more
    #[arg(long, value_name = "FILE")]
    tombstones: Option<PathBuf>,
}

/// Sets the present database aside, puts the copy there, and erases anew who was erased since the copy was made.
pub async fn run(args: Args) -> Result<(), Failure> {
    if !args.from.is_file() {
        return Err(Failure::usage(format!("there is no file {}", args.from.display())));
    }
    let given = args.tombstones.as_deref().map(read).transpose()?;
    let tenants = args.target.target.tenants().await?;
    let (place, now) = (tenants.control().place(&args.target.tenant), tenants.now());
    drop(tenants);
    let tombstones = match (given, present(&args.target).await) {
        (Some(given), _) => given,
        (None, Ok(held)) => held,
        (None, Err(failure)) => {
            return Err(Failure::usage(format!(
                "who was erased cannot be read from the present database ({failure}): give --tombstones FILE, or move it away"
            )));
        }
    };
    let aside = place.set_aside(now).await?;
    if let Err(failure) = put(&args.from, &place).await {
        place.take_over(&aside).await?;
        return Err(failure);
    }
    let erased = match erase(&args.target, &tombstones).await {
        Ok(erased) => erased,
        Err(failure) => {
            // A moment later, so that it has a name of its own.
            let unfit = place.set_aside(now + SignedDuration::from_millis(1)).await?;
            place.take_over(&aside).await?;
            let unfit = name(&unfit);
            return Err(Failure::usage(format!(
                "the copy cannot be used, everything is as before; it is now {unfit}: {failure}"
            )));
        }
    };
    println!("“{}” is as {} has it; people erased anew: {erased}", args.target.tenant, args.from.display());
    println!("what was there before is kept as {}", name(&aside));
    Ok(())
}

/// Who was erased, as the present database has it. It is closed afterwards.
async fn present(target: &TenantTarget) -> Result<Json, Failure> {
    let space = target.open().await?;
    Ok(erasure::export(&space).await?)
}

/// Erases from the copy, now that it is in its place, who was erased since. It is closed afterwards.
async fn erase(target: &TenantTarget, tombstones: &Json) -> Result<usize, Failure> {
    let space = target.open().await?;
    Ok(erasure::apply(&space, &space.system_ctx(), tombstones).await?)
}

async fn put(copy: &Path, place: &Place) -> Result<(), Failure> {
    match place {
        Place::File(path) => Ok(store::put_copy(copy, path).await?),
        Place::Schema { url, .. } => {
            let status = tokio::process::Command::new("pg_restore")
                .args(["--single-transaction", "--no-owner", "--exit-on-error", "--dbname"])
                .arg(url)
                .arg(copy)
                .status()
                .await
                .map_err(|e| Failure::usage(format!("pg_restore, of PostgreSQL's client programs, is needed: {e}")))?;
            if status.success() { Ok(()) } else { Err(Failure::usage("pg_restore could not put the copy back")) }
        }
    }
}

fn name(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Schema { schema, .. } => format!("schema {schema}"),
    }
}
