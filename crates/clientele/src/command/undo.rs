use kernel::Id;
use records::import;

use super::import::describe;
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
    let ctx = space.system_ctx();
    // An import whose process died is still called running.
    import::settle(&space, id, ctx.now).await.map_err(|error| describe(&space, &ctx, error))?;
    let (_, undone) = space.undo(&ctx, id).await?;
    println!(
        "{} removed, {} restored, {} left because they changed since",
        undone.removed, undone.restored, undone.kept
    );
    Ok(())
}
