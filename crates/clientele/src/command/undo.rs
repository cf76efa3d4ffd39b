use kernel::Id;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Undo a batch.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    /// The batch, as the command that made it printed it
    batch: String,
}

/// Takes back every change of the batch that nobody changed since.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let id = Id::parse(&args.batch, "bat").map_err(|e| Failure::usage(e.to_string()))?;
    let (_, undone) = space.undo(&space.system_ctx(), id).await?;
    println!("{} removed, {} restored, {} left because they changed since", undone.removed, undone.restored, undone.kept);
    Ok(())
}
