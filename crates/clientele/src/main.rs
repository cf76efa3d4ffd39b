//! Clientele: an open CRM ecosystem in one binary.

mod command;
mod config;
mod failure;
mod opened;
mod platform;
mod server;
mod target;
mod tenants;

use clap::{Parser, Subcommand};

use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An open CRM ecosystem in one binary: one place for everything known about customers, with sales around it.
#[derive(Parser)]
#[command(name = "clientele", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start with a sample company, to look around
    Demo(command::demo::Args),
    /// Start the server
    Serve(command::serve::Args),
    /// Manage tenants: one database each
    Tenant(command::tenant::Args),
    /// Manage users
    User(command::user::Args),
    /// Manage API tokens
    Token(command::token::Args),
    /// Manage sources of customer data and their write keys
    Source(command::source::Args),
    /// Look consents up, and take them from files
    Consent(command::consent::Args),
    /// Show and extend the objects
    Object(command::object::Args),
    /// Import a file
    Import(command::import::Args),
    /// Export a list
    Export(command::export::Args),
    /// Find the rows that are the same person, organisation or thing
    Match(command::matching::Args),
    /// Undo an import, a bulk change or another batch
    Undo(command::undo::Args),
    /// Copy a tenant's database to a file, while it is in use
    Backup(command::backup::Args),
    /// Put a copy back, without the people who were erased since it was made
    Restore(command::restore::Args),
    /// Erase a person, and carry to other databases who was erased
    Erasure(command::erasure::Args),
}

fn main() {
    let cli = Cli::parse();
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("CLIENTELE_LOG").unwrap_or_else(|_| "warn,clientele=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    // Reads of a SQLite file run on these threads: some more than cores, so that slow ones leave threads to serve with.
    let threads = std::thread::available_parallelism().map_or(2, usize::from) + 6;
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => Failure::from(error).exit(),
    };
    if let Err(failure) = runtime.block_on(run(cli.command)) {
        failure.exit();
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => command::demo::run(args).await,
        Command::Serve(args) => command::serve::run(args).await,
        Command::Tenant(args) => command::tenant::run(args).await,
        Command::User(args) => command::user::run(args).await,
        Command::Token(args) => command::token::run(args).await,
        Command::Source(args) => command::source::run(args).await,
        Command::Consent(args) => command::consent::run(args).await,
        Command::Object(args) => command::object::run(args).await,
        Command::Import(args) => command::import::run(args).await,
        Command::Export(args) => command::export::run(args).await,
        Command::Match(args) => command::matching::run(args).await,
        Command::Undo(args) => command::undo::run(args).await,
        Command::Backup(args) => command::backup::run(args).await,
        Command::Restore(args) => command::restore::run(args).await,
        Command::Erasure(args) => command::erasure::run(args).await,
    }
}
