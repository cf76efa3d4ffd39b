use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use customers::pull::record_of_row;
use customers::source;
use kernel::{Ctx, Id};
use model::{Fields, Ident, Query, Sort, Value};
use records::{Op, Space};

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Manage sources and their write keys.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a source, and print its identifier
    Create {
        /// Its name
        name: String,
        /// What it is: file, object, api, events, form, webhook, sql or folder
        #[arg(long, default_value = "events")]
        kind: String,
        /// How far it is believed where sources differ; 1 is believed most
        #[arg(long, default_value_t = 100)]
        trust: i64,
        /// What its records are about: person or organisation
        #[arg(long, default_value = "person")]
        entity: String,
    },
    /// Give the rows of a table (CSV, XLSX, JSON, Parquet) as records of a source; rows given before are compared, not repeated
    Load {
        /// The source's name or identifier
        source: String,
        /// The file
        file: PathBuf,
        /// The column by which the source knows a record; the first one when absent
        #[arg(long)]
        key: Option<String>,
    },
    /// List the sources
    List,
    /// Make a write key for a source, and print it; it is shown this once
    Key {
        /// The source's name or identifier
        source: String,
        /// What the key is for
        #[arg(long, default_value = "key")]
        name: String,
    },
    /// List the write keys of a source
    Keys {
        /// The source's name or identifier
        source: String,
    },
    /// Take a write key back
    Revoke {
        /// The source's name or identifier
        source: String,
        /// The key's identifier, as listed
        key: String,
    },
    /// Try the refused events of a source again
    Replay {
        /// The source's name or identifier
        source: String,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let ctx = space.system_ctx();
    match args.action {
        Action::Create { name, kind, trust, entity } => {
            let fields = Fields::from_iter([
                (Ident::of("name"), Value::Text(name)),
                (Ident::of("kind"), Value::Text(kind)),
                (Ident::of("trust"), Value::Int(trust)),
                (Ident::of("entity"), Value::Text(entity)),
            ]);
            let made = space.write_one(&ctx, &Ident::of("source"), Op::Create(fields)).await?;
            println!("{}", made.record.id().typed("src"));
        }
        Action::Load { source, file, key } => {
            let source = find(&space, &ctx, &source).await?;
            load(&space, source, &file, key.as_deref()).await?;
        }
        Action::List => {
            let activity = source::activity(&space, &ctx).await?;
            let query = Query::of(Ident::of("source")).sort(Sort::by(Ident::of("name"), false)).limit(1_000);
            for record in space.list(&ctx, &query).await?.records {
                let volume = activity.get(&record.id()).cloned().unwrap_or_default();
                let last = volume.last_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
                let name = record.get(source::NAME).unwrap_or_default();
                println!("{}\t{name}\t{}\t{last}", record.id().typed("src"), volume.accepted);
            }
        }
        Action::Key { source, name } => {
            let (_, secret) = source::new_key(&space, &ctx, find(&space, &ctx, &source).await?, &name).await?;
            println!("{}", secret.text);
        }
        Action::Keys { source } => {
            for key in source::keys(&space, &ctx, find(&space, &ctx, &source).await?).await? {
                let state = if key.revoked_at.is_some() { "revoked" } else { "good" };
                println!("{}\t{}\t{state}", key.id.typed("key"), key.name);
            }
        }
        Action::Revoke { source, key } => {
            let key = Id::parse(&key, "key").map_err(|e| Failure::usage(e.to_string()))?;
            source::revoke_key(&space, &ctx, find(&space, &ctx, &source).await?, key).await?;
        }
        Action::Replay { source } => {
            let source = find(&space, &ctx, &source).await?;
            let done = source::replay(&space, &ctx, source, None).await?;
            println!("accepted {}, duplicates {}, rejected {}", done.accepted, done.repeated, done.rejected);
        }
    }
    Ok(())
}

/// Gives the rows of a file, some at a time: memory does not grow with the file.
async fn load(space: &Arc<Space>, source: Id, file: &Path, key: Option<&str>) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", file.display()));
    let mut rows = tabular::Source::open(file, &tabular::Options::default()).map_err(|error| failed(&error))?;
    let names = rows.columns().to_vec();
    let at = match key {
        None => 0,
        Some(key) => names.iter().position(|name| name == key).ok_or_else(|| {
            Failure::usage(format!("there is no column “{key}”; the columns are: {}", names.join(", ")))
        })?,
    };
    let (mut accepted, mut repeated, mut rejected) = (0, 0, 0);
    let mut unreadable = 0;
    loop {
        let mut records = Vec::with_capacity(source::MOST_GIVEN);
        let mut met = 0;
        for row in rows.by_ref().take(source::MOST_GIVEN) {
            met += 1;
            let Ok(row) = row else {
                unreadable += 1;
                continue;
            };
            records.push(record_of_row(&names, at, &row));
        }
        if met == 0 {
            break;
        }
        let taken = source::give(space, &space.system_ctx(), source, records, false).await?;
        accepted += taken.accepted;
        repeated += taken.repeated;
        rejected += taken.rejected.len();
    }
    println!("accepted {accepted}, known {repeated}, rejected {}", rejected + unreadable);
    Ok(())
}

/// A source by its identifier or its name.
async fn find(space: &Arc<Space>, ctx: &Ctx, text: &str) -> Result<Id, Failure> {
    if let Ok(id) = Id::parse(text, "src") {
        return Ok(id);
    }
    let query = Query::of(Ident::of("source")).filter(source::NAME.eq(text.to_owned())).limit(1);
    let found = space.list(ctx, &query).await?.records;
    found.first().map(model::Record::id).ok_or_else(|| Failure::usage(format!("there is no source “{text}”")))
}
