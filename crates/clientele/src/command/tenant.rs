use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use store::Store;

use crate::command::backup;
use crate::command::serve::setup_link;
use crate::failure::Failure;
use crate::target::Target;
use crate::tenants::Tenants;

/// Manage tenants.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a tenant and print its administrator's first sign-in link
    Create {
        /// Its name: lower-case letters, digits, underscores
        name: String,
        /// Host name that leads to it; may be given several times
        #[arg(long = "host", required = true)]
        hosts: Vec<String>,
        /// Address under which browsers reach it, for the link
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// List the tenants
    List,
    /// Let nobody in any more
    Suspend {
        /// Its name
        name: String,
    },
    /// Let people in again
    Resume {
        /// Its name
        name: String,
    },
    /// Copy everything it holds to a file, from which another instance can open it
    Export {
        /// Its name
        name: String,
        /// The file to write
        #[arg(long)]
        out: PathBuf,
    },
    /// Remove it with everything it holds
    Erase {
        /// Its name
        name: String,
        /// Repeat the name, to be sure
        #[arg(long)]
        confirm: String,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let tenants = args.target.tenants().await?;
    match args.action {
        Action::Create { name, hosts, url } => {
            tenants.create(&name, hosts).await?;
            let space = tenants.open(&name).await?;
            println!("made the tenant “{name}”");
            if let Some(link) = setup_link(&space, url.trim_end_matches('/')).await? {
                println!("first sign-in, as its administrator (good for three days, once): {link}");
            }
            Ok(())
        }
        Action::List => list(&tenants).await,
        Action::Suspend { name } => suspend(&tenants, &name, true).await,
        Action::Resume { name } => suspend(&tenants, &name, false).await,
        Action::Export { name, out } => backup::copy(&tenants.open(&name).await?, &out).await,
        Action::Erase { name, confirm } => erase(&tenants, &name, &confirm).await,
    }
}

async fn list(tenants: &Tenants) -> Result<(), Failure> {
    for tenant in tenants.control().tenants().await? {
        let state = tenant.suspended_at.map_or_else(|| "open".to_owned(), |at| format!("suspended since {at}"));
        println!("{}\t{}\t{state}\tmade {}", tenant.name, tenant.hosts.join(" "), tenant.created_at);
    }
    Ok(())
}

async fn suspend(tenants: &Tenants, name: &str, suspended: bool) -> Result<(), Failure> {
    let mut tenant = find(tenants, name).await?;
    tenant.suspended_at = suspended.then(|| tenants.now());
    Ok(tenants.control().put(&tenant).await?)
}

async fn erase(tenants: &Arc<Tenants>, name: &str, confirm: &str) -> Result<(), Failure> {
    if name != confirm {
        return Err(Failure::usage("the name given with --confirm is another one: nothing was erased"));
    }
    find(tenants, name).await?;
    let store = Store::open(&tenants.control().place(name)).await?;
    tenants.control().remove(name).await?;
    store.erase().await?;
    println!("erased the tenant “{name}”");
    Ok(())
}

async fn find(tenants: &Tenants, name: &str) -> Result<store::Tenant, Failure> {
    tenants.control().tenant(name).await?.ok_or_else(|| Failure::usage(format!("there is no tenant “{name}”")))
}
