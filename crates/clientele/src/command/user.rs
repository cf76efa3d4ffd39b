use clap::Subcommand;
use kernel::Id;
use model::{Fields, Ident, Query, Value};
use records::{Op, objects};

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Manage users.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add a user; without a password, print a link with which they choose one
    Create {
        /// The address they sign in with
        email: String,
        /// Their name
        #[arg(long)]
        name: String,
        /// Role: admin, manager, rep, agent or the key of another; may be given several times
        #[arg(long = "role", default_value = "rep")]
        roles: Vec<String>,
        /// Read the password from this environment variable
        #[arg(long, value_name = "VARIABLE")]
        password_env: Option<String>,
        /// Address under which browsers reach the server, for the link
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// List the users
    List,
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let ctx = space.system_ctx();
    match args.action {
        Action::Create { email, name, roles, password_env, url } => {
            let password = password_env
                .map(|variable| std::env::var(&variable).map_err(|_| Failure::usage(format!("{variable} is not set"))))
                .transpose()?;
            let wanted = Query::of(Ident::of("role")).filter(objects::ROLE_KEY.one_of(roles.clone())).limit(100);
            let found = space.list(&ctx, &wanted).await?.records;
            if let Some(missing) =
                roles.iter().find(|key| !found.iter().any(|r| r.get(objects::ROLE_KEY).as_ref() == Some(key)))
            {
                return Err(Failure::usage(format!("there is no role “{missing}”")));
            }
            let ids: Vec<Id> = found.iter().map(model::Record::id).collect();
            let fields = Fields::from_iter([
                (Ident::of("name"), Value::Text(name)),
                (Ident::of("email"), Value::Text(email.clone())),
                (Ident::of("roles"), Value::Ids(ids)),
            ]);
            let user = space.write_one(&ctx, &Ident::of("user"), Op::Create(fields)).await?.record.id();
            match password {
                Some(password) => {
                    space.set_password(&ctx, user, &password).await?;
                    println!("added {email}");
                }
                None => {
                    let secret = space.new_ticket(&ctx, "invite", Some(user)).await?;
                    let url = url.trim_end_matches('/');
                    println!(
                        "added {email}; to choose a password (good for three days, once): {url}/invite?ticket={}",
                        secret.text
                    );
                }
            }
            Ok(())
        }
        Action::List => {
            let mut query = Query::of(Ident::of("user")).limit(500);
            loop {
                let page = space.list(&ctx, &query).await?;
                for user in &page.records {
                    let text = |field: &str| user.value(field).as_text().unwrap_or_default().to_owned();
                    let active = user.get(objects::USER_ACTIVE) == Some(true);
                    println!(
                        "{}\t{}\t{}\t{}",
                        user.id().typed("usr"),
                        text("email"),
                        text("name"),
                        if active { "active" } else { "closed" }
                    );
                }
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => return Ok(()),
                }
            }
        }
    }
}
