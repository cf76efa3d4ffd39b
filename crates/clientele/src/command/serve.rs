use std::path::PathBuf;
use std::sync::Arc;

use records::Space;
use tokio::net::TcpListener;

use crate::config::{File, Listen};
use crate::failure::Failure;
use crate::server;
use crate::target::Target;

/// Start the server.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    listen: Listen,
    /// TOML file with settings: data or database, listen, port, public_url, places
    #[arg(long, env = "CLIENTELE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Serves the tenants. The first start prints the one-time link with which the administrator signs in.
pub async fn run(args: Args) -> Result<(), Failure> {
    let file = args.config.as_deref().map(File::read).transpose()?.unwrap_or_default();
    let mut target = args.target;
    if target.data.is_none() && target.database.is_none() {
        target.data = file.data.clone();
        target.database = file.database.clone();
    }
    let listen = args.listen.or(&file);
    let tenants = target.tenants_with(file.places()?).await?;
    tenants.ensure_main().await?;
    let (listener, url) = bind(&listen).await?;
    println!("Clientele answers at {url}");
    if tenants.control().tenant("main").await?.is_some_and(|t| t.suspended_at.is_none()) {
        let space = tenants.open("main").await?;
        tenants.work(&space);
        if let Some(link) = setup_link(&space, &url).await? {
            println!("First sign-in, as the administrator (good for three days, once): {link}");
        }
    }
    server::serve(listener, tenants).await
}

/// Listens, and says under which address.
pub async fn bind(listen: &Listen) -> Result<(TcpListener, String), Failure> {
    let address = listen.address();
    let listener = TcpListener::bind(address)
        .await
        .map_err(|e| Failure::usage(format!("cannot listen on {address}: {e}; choose another --port")))?;
    let url = listen.public_url.clone().unwrap_or_else(|| {
        listener.local_addr().map_or_else(|_| format!("http://{address}"), |local| format!("http://{local}"))
    });
    Ok((listener, url.trim_end_matches('/').to_owned()))
}

/// The one-time link for the first administrator, while nobody can sign in.
pub async fn setup_link(space: &Arc<Space>, url: &str) -> Result<Option<String>, Failure> {
    if space.store.read().await?.has_credentials().await? {
        return Ok(None);
    }
    let secret = space.new_ticket(&space.system_ctx(), "setup", None).await?;
    Ok(Some(format!("{url}/setup?ticket={}", secret.text)))
}
