use clap::Subcommand;
use kernel::Id;
use model::{Ident, Query};
use records::objects::USER_EMAIL;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Manage API tokens.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a token that acts for a user, and print it; it is shown this once
    Create {
        /// The user's address
        #[arg(long)]
        user: String,
        /// What the token is for
        #[arg(long)]
        name: String,
        /// What it may do: read, write, or either for one object, as in write:contact; may be given several times
        #[arg(long = "scope", default_value = "write")]
        scopes: Vec<String>,
        /// Days until it ends; without, it does not
        #[arg(long)]
        days: Option<i64>,
    },
    /// List the tokens
    List,
    /// Take a token back
    Revoke {
        /// Its identifier, as listed
        id: String,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let ctx = space.system_ctx();
    match args.action {
        Action::Create { user, name, scopes, days } => {
            let query = Query::of(Ident::of("user")).filter(USER_EMAIL.eq(user.trim().to_lowercase())).limit(1);
            let found = space.list(&ctx, &query).await?.records;
            let owner =
                found.first().ok_or_else(|| Failure::usage(format!("there is no user with the address “{user}”")))?;
            let expires = days.map(|days| ctx.now + jiff::SignedDuration::from_hours(24 * days.clamp(1, 3_650)));
            let (_, secret) = space.new_token(&ctx, owner.id(), &name, scopes, expires).await?;
            println!("{}", secret.text);
            Ok(())
        }
        Action::List => {
            for token in space.store.read().await?.tokens(None).await? {
                let state = if token.revoked_at.is_some() { "revoked" } else { "good" };
                println!("{}\t{}\t{}\t{state}", token.id.typed("tok"), token.name, token.scopes.join(" "));
            }
            Ok(())
        }
        Action::Revoke { id } => {
            let id = Id::parse(&id, "tok").map_err(|e| Failure::usage(e.to_string()))?;
            if space.revoke_token(&ctx, id).await? {
                Ok(())
            } else {
                Err(Failure::usage("there is no such token, or it was taken back already"))
            }
        }
    }
}
