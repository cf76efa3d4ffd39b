use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use customers::consent::{self, Audience, Channel, ContactPoint, Decision, may};
use kernel::{Ctx, Id, Via};
use records::{Access, Space};
use tabular::{Options, Source};

use crate::failure::{Failure, sentence};
use crate::target::TenantTarget;

/// Look consents up, and take them from files.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Take consents from a CSV, XLSX, JSON or Parquet file, one a row
    Import {
        /// The file
        file: PathBuf,
        /// Which column holds what, as in state=Statut; by default a column is called what it holds: point, email, phone, postal,
        /// device, channel, purpose, state, basis, wording, version, where, address, by, at, expires_at
        #[arg(long = "column", value_name = "WHAT=COLUMN")]
        columns: Vec<String>,
        /// What holds for every row, as in channel=email
        #[arg(long = "set", value_name = "WHAT=VALUE")]
        fixed: Vec<String>,
        /// The identifier of the source that tells
        #[arg(long)]
        source: Option<String>,
    },
    /// Say whether a contact point may be used, and why
    Ask {
        /// An e-mail address, a telephone number, or either of email:, phone:, postal:, device: and an address
        point: String,
        /// email, sms, phone, post, push or ads
        #[arg(long, default_value = "email")]
        channel: String,
        /// The purpose's key
        #[arg(long)]
        purpose: String,
        /// The person is at work
        #[arg(long)]
        professional: bool,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let ctx = space.system_ctx();
    match args.action {
        Action::Import { file, columns, fixed, source } => {
            let source =
                source.map(|id| Id::parse(&id, "src").map_err(|e| Failure::usage(e.to_string()))).transpose()?;
            let table = Source::open(&file, &Options::default()).map_err(|e| Failure::usage(e.to_string()))?;
            import(&space, &ctx, table, (&pairs(&columns)?, &pairs(&fixed)?), source).await
        }
        Action::Ask { point, channel, purpose, professional } => {
            let wrong = |text: &str| Failure::usage(format!("“{text}” is no contact point"));
            let point = ContactPoint::guess(&point).ok_or_else(|| wrong(&point))?;
            let unknown = || Failure::usage(format!("there is no channel “{channel}”"));
            let channel = Channel::parse(&channel).ok_or_else(unknown)?;
            let audience = if professional { Audience::Professional } else { Audience::Consumer };
            let mut reader = space.store.read().await?;
            for decision in may(&space, &mut reader, &[point], channel, &purpose, audience).await? {
                tell(&decision);
            }
            Ok(())
        }
    }
}

async fn import(
    space: &Arc<Space>,
    ctx: &Ctx,
    table: Source,
    (columns, fixed): (&HashMap<String, String>, &HashMap<String, String>),
    source: Option<Id>,
) -> Result<(), Failure> {
    let own = Ctx { via: Via::Import, ..ctx.clone() };
    let told = consent::import(space, &own, &Access::everything(), table, columns, fixed, source).await?;
    let words = crate::platform::words()?;
    for (row, problem) in &told.rejected {
        eprintln!("row {row}: {}", sentence(&words, problem));
    }
    println!("new {}, known {}, rejected {}", told.new, told.repeated, told.rejected.len());
    Ok(())
}

fn tell(decision: &Decision) {
    let until = decision.until.map(|at| format!(" until {at}")).unwrap_or_default();
    println!("{} ({}){until}", if decision.allowed { "yes" } else { "no" }, decision.standing.as_str());
    for reason in &decision.because {
        let law = reason.law.as_deref().map(|law| format!(": {law}")).unwrap_or_default();
        println!("  {}{law}", reason.why.as_str());
    }
}

fn pairs(given: &[String]) -> Result<HashMap<String, String>, Failure> {
    let wrong = |text: &String| Failure::usage(format!("“{text}” is not of the form WHAT=…"));
    let split = |text: &String| {
        let (what, of) = text.split_once('=').ok_or_else(|| wrong(text))?;
        Ok((what.to_owned(), of.to_owned()))
    };
    given.iter().map(split).collect()
}
