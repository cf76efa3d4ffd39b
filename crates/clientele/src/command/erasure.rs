use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use customers::consent::ContactPoint;
use customers::erasure;
use kernel::Id;
use records::Access;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Erase a person, and carry to other databases who was erased.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Say what erasing the person of a profile takes away, and do it with --yes
    Run {
        /// The profile's identifier
        profile: String,
        /// Erase; there is no undo
        #[arg(long)]
        yes: bool,
    },
    /// Write down who was erased, as hashes: whoever has the file can try addresses out
    Export {
        /// The file to write
        #[arg(long)]
        out: PathBuf,
    },
    /// Erase here who was erased elsewhere, as `export` wrote it
    Apply {
        /// The file
        file: PathBuf,
    },
    /// Let the owner of an e-mail address or a telephone number in again
    Lift {
        /// The address or number
        point: String,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let given = match &args.action {
        Action::Apply { file } => Some(read(file)?),
        _ => None,
    };
    let space = args.target.open().await?;
    let (ctx, access) = (space.system_ctx(), Access::everything());
    match args.action {
        Action::Run { profile, yes } => {
            let id = Id::parse(&profile, "prf").map_err(|e| Failure::usage(e.to_string()))?;
            let plan = erasure::preview(&space, &ctx, &access, id).await?;
            let objects: usize = plan.objects.values().sum();
            println!(
                "records of sources {}, versions {}, identifiers with events {}, records of objects {objects}, consents {}, files {}",
                plan.records, plan.versions, plan.identifiers, plan.consents, plan.files
            );
            if !yes {
                return Err(Failure::usage("nothing was erased: say --yes to erase this person for ever"));
            }
            let erased = erasure::run(&space, &ctx, id, None).await?;
            println!("erased; the proof is {}", erased.request.typed("rrq"));
        }
        Action::Export { out } => {
            let exported = erasure::export(&space).await?;
            let mut file = private(&out)?;
            file.write_all(exported.to_string().as_bytes())?;
            file.sync_all()?;
        }
        Action::Apply { .. } => {
            let people = erasure::apply(&space, &ctx, &given.unwrap_or_default()).await?;
            println!("people erased: {people}");
        }
        Action::Lift { point } => {
            let known = ContactPoint::guess(&point).ok_or_else(|| {
                Failure::usage(format!("“{point}” is neither an e-mail address nor a telephone number"))
            })?;
            let lifted = erasure::lift(&space, &access, &known).await?;
            println!("{}", if lifted { "let in again" } else { "was not kept out" });
        }
    }
    Ok(())
}

/// What `export` wrote.
pub(super) fn read(file: &Path) -> Result<Json, Failure> {
    let text = std::fs::read_to_string(file)?;
    serde_json::from_str(&text).map_err(|e| Failure::usage(format!("{} is no list of tombstones: {e}", file.display())))
}

/// A new file that only its owner reads.
fn private(out: &Path) -> Result<std::fs::File, Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(out).map_err(|e| Failure::usage(format!("{} cannot be written: {e}", out.display())))
}
