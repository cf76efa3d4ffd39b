use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Fields, Ident, ObjectDef, Schema, Value, from_json, system};
use records::{Mode, Op, Space, objects};
use serde_json::{Value as Json, json};

use crate::command::serve::bind;
use crate::config::Listen;
use crate::failure::Failure;
use crate::server;
use crate::target::Target;

/// Records written in one transaction.
const CHUNK: usize = 1_000;
/// The password of the sample company's users.
const PASSWORD: &str = "clientele-demo";
/// Everything that is left to chance follows from it.
const SEED: u64 = 1815;
/// Contacts of the usual sample company.
const CONTACTS: u64 = 3_500;

/// Start with a sample company.
#[derive(clap::Args)]
pub struct Args {
    /// Folder to keep the sample company in [default: clientele-demo in the user's data folder]
    #[arg(long, env = "CLIENTELE_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    #[command(flatten)]
    listen: Listen,
    /// Throw away what the folder holds and start anew
    #[arg(long)]
    reset: bool,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// How many contacts the company has; everything else grows with them
    #[arg(long, default_value_t = CONTACTS, value_name = "CONTACTS")]
    contacts: u64,
}

/// Makes the sample company when the folder has none, and serves it.
pub async fn run(args: Args) -> Result<(), Failure> {
    let folder = args.data.unwrap_or_else(default_folder);
    if args.reset {
        reset(&folder)?;
    }
    let target = Target { data: Some(folder.clone()), database: None };
    let tenants = target.tenants().await?;
    tenants.ensure_main().await?;
    let space = tenants.open("main").await?;
    let made = space.store.read().await?.setting("demo").await?.is_some();
    if !made {
        if space.store.read().await?.has_credentials().await? {
            return Err(Failure::usage(format!(
                "{} holds data that is no sample company: choose another --data",
                folder.display()
            )));
        }
        fill(&space, args.contacts).await?;
    }
    let (listener, url) = bind(&args.listen).await?;
    tenants.work(&space);
    let plan = demo::Company::new(demo::Plan::new(SEED, space.system_ctx().today()));
    println!("\n  {} is open for business.\n", demo::NAME);
    println!("  Address    {url}");
    for (role, what) in [("admin", "Sign in as"), ("manager", "or"), ("rep", "or")] {
        if let Some(user) = plan.records_of("user").find(|u| u.fields["role"] == role) {
            println!("  {what:<10} {}  ({role})", user.fields["email"].as_str().unwrap_or_default());
        }
    }
    println!("  Password   {PASSWORD}");
    println!("  Data       {}\n", folder.display());
    if !args.no_open {
        open_browser(&url);
    }
    server::serve(listener, tenants).await
}

fn default_folder() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(home).unwrap_or_else(std::env::temp_dir);
    base.join("clientele-demo")
}

/// Removes the databases of a folder, and nothing else that may lie there.
fn reset(folder: &std::path::Path) -> Result<(), Failure> {
    let tenants = folder.join("tenants");
    if tenants.is_dir() {
        std::fs::remove_dir_all(&tenants)?;
    }
    for name in ["control.db", "control.db-wal", "control.db-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Loads the sample company through the write pipeline.
pub async fn fill(space: &Arc<Space>, contacts: u64) -> Result<(), Failure> {
    let ctx = space.system_ctx();
    let mut plan = demo::Plan::new(SEED, ctx.today());
    if contacts != CONTACTS {
        plan.sizes = demo::Sizes::for_contacts(contacts);
    }
    let company = demo::Company::new(plan);
    let schema = space.schema();
    for name in demo::OBJECTS {
        let Some(object) = schema.object(name) else { continue };
        let mut ops = Vec::with_capacity(CHUNK);
        let mut emails = HashMap::new();
        for record in company.records_of(name) {
            let id = key_id(name, &record.key);
            if let (true, Some(email)) = (name == "user", record.fields.get("email").and_then(Json::as_str)) {
                emails.insert(id, email.to_owned());
            }
            ops.push(Op::Create(fields(&schema, object, id, record.fields)?));
            if ops.len() == CHUNK {
                write(space, &ctx, object, std::mem::take(&mut ops)).await?;
            }
        }
        write(space, &ctx, object, ops).await?;
        for id in emails.into_keys() {
            space.set_password(&ctx, id, PASSWORD).await?;
        }
    }
    let sources =
        [demo::SourceFile::Shop, demo::SourceFile::Newsletter, demo::SourceFile::HelpDesk, demo::SourceFile::TradeFair];
    if let Some(folder) = space.store.file().and_then(|f| f.parent()?.parent()) {
        let folder = folder.join("sources");
        std::fs::create_dir_all(&folder)?;
        for (source, name) in sources.into_iter().zip(["shop", "newsletter", "help_desk", "trade_fair"]) {
            std::fs::write(folder.join(format!("{name}.csv")), company.source_csv(source))?;
        }
    }
    if contacts == CONTACTS {
        know_customers(space, &company).await?;
        group_customers(space).await?;
    }
    space.store.write(|w| Box::pin(async move { w.set_setting("demo", &Json::Bool(true)).await })).await?;
    Ok(())
}

/// Makes sources of the contacts, the accounts and the four files: their records become customer profiles in the background.
async fn know_customers(space: &Arc<Space>, company: &demo::Company) -> Result<(), Failure> {
    let ctx = space.system_ctx();
    let source = async |name: &str, kind: &str, object: Option<&str>, entity: &str, trust: i64, basis: &str| {
        let mut fields = Fields::from_iter([
            (Ident::of("name"), Value::from(name)),
            (Ident::of("kind"), Value::from(kind)),
            (Ident::of("entity"), Value::from(entity)),
            (Ident::of("trust"), Value::Int(trust)),
            (Ident::of("legal_basis"), Value::from(basis)),
        ]);
        if let Some(object) = object {
            fields.set(Ident::of("object"), Value::from(object));
        }
        let made = space.write_one(&ctx, &Ident::of("source"), Op::Create(fields)).await?;
        Ok::<Id, Failure>(made.record.id())
    };
    source("Contacts", "object", Some("contact"), "person", 10, "legitimate_interests").await?;
    source("Comptes", "object", Some("account"), "organisation", 10, "legitimate_interests").await?;
    for (file, name, trust, basis) in [
        (demo::SourceFile::Shop, "Boutique en ligne", 20, "contract"),
        (demo::SourceFile::HelpDesk, "Assistance", 30, "contract"),
        (demo::SourceFile::TradeFair, "Salon", 50, "legitimate_interests"),
        (demo::SourceFile::Newsletter, "Lettre d’information", 60, "consent"),
    ] {
        let id = source(name, "file", None, "person", trust, basis).await?;
        let rows: Vec<(String, Json)> = (company.source_rows(file))
            .map(|row| {
                let said = file.columns().iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
                let said: serde_json::Map<String, Json> =
                    said.map(|(name, cell)| ((*name).to_owned(), cell.as_str().into())).collect();
                (row[0].clone(), Json::Object(said))
            })
            .collect();
        for some in rows.chunks(customers::source::MOST_GIVEN) {
            customers::source::give(space, &ctx, id, some.to_vec(), false).await?;
        }
    }
    Ok(())
}

/// Segments of the profiles: loyal customers of a town, prospects who can be written to, organisations that several sources know.
async fn group_customers(space: &Arc<Space>) -> Result<(), Failure> {
    let is = |field: &str, op: &str, operand: Json| json!({"is": {"field": field, "op": op, "operand": operand}});
    let lyon = json!({"is": {"field": "address", "part": "city", "op": "eq", "operand": "Lyon"}});
    let written = json!({"not": {"is": {"field": "emails", "op": "is_null"}}});
    for (name, fr, en, entity, purpose, filter) in [
        (
            "Clients fidèles à Lyon",
            "Vous habitez Lyon et vous achetez souvent chez nous : nous vous invitons d’abord à ce qui s’y passe.",
            "You live in Lyon and buy from us often: you are the first whom we invite to what happens there.",
            "person",
            Some("offers"),
            json!({"and": [is("stage", "in", json!(["loyal", "advocate"])), lyon]}),
        ),
        (
            "Prospects à qui écrire",
            "Vous vous êtes intéressé à nous sans avoir encore acheté : nous vous envoyons nos nouvelles si vous le voulez bien.",
            "You showed interest and have not bought yet: we send you our news if you agree.",
            "person",
            Some("newsletter"),
            json!({"and": [is("stage", "in", json!(["prospect"])), written]}),
        ),
        (
            "Entreprises fidèles",
            "Votre entreprise est cliente depuis longtemps : un interlocuteur vous suit.",
            "Your company has been a customer for long: somebody looks after you.",
            "organisation",
            None,
            is("stage", "in", json!(["loyal", "advocate"])),
        ),
    ] {
        let mut fields = Fields::from_iter([
            (Ident::of("name"), Value::from(name)),
            (Ident::of("description_fr"), Value::from(fr)),
            (Ident::of("description_en"), Value::from(en)),
            (Ident::of("entity"), Value::from(entity)),
            (Ident::of("filter"), Value::Json(Box::new(filter))),
        ]);
        if let Some(purpose) = purpose {
            fields.set(Ident::of("purpose"), Value::Id(Id::named(&format!("purpose:{purpose}"))));
        }
        space.write_one(&space.system_ctx(), &Ident::of("segment"), Op::Create(fields)).await?;
    }
    Ok(())
}

async fn write(space: &Arc<Space>, ctx: &Ctx, object: &ObjectDef, ops: Vec<Op>) -> Result<(), Failure> {
    space.write(ctx, &object.name, ops, Mode::ALL).await?;
    Ok(())
}

/// The identifier of a record of the sample company, the same whenever it is made.
fn key_id(object: &str, key: &str) -> Id {
    Id::named(&format!("demo:{object}/{key}"))
}

/// The generator's fields as the objects have them.
fn fields(schema: &Schema, object: &ObjectDef, id: Id, map: serde_json::Map<String, Json>) -> Result<Fields, Failure> {
    let mut fields = Fields::default();
    fields.set(Ident::of(system::ID), Value::Id(id));
    for (name, json) in map {
        let (name, json) = match name.as_str() {
            "role" => {
                ("roles", serde_json::json!([objects::standard_role(json.as_str().unwrap_or("rep")).to_string()]))
            }
            "duration_s" => ("duration", json),
            "location" if object.name == "account" => continue,
            "stage_history" => continue,
            name => (name, resolve(schema, json)),
        };
        let field = object.field(name).ok_or_else(|| Failure::usage(format!("{} has no field {name}", object.name)))?;
        let value = from_json(schema, object, field, &json).map_err(records::RecordError::from)?;
        fields.set(field.name.clone(), value);
    }
    if let Some(Value::DateTime(at)) = fields.get(system::CREATED_AT)
        && let Some(opened) = object.field("opened_on")
    {
        let day = at.to_zoned(kernel::Zone::UTC).date();
        fields.set(opened.name.clone(), Value::Date(day));
    }
    Ok(fields)
}

/// References as typed identifiers, in lists too.
fn resolve(schema: &Schema, json: Json) -> Json {
    match json {
        Json::Array(list) => list.into_iter().map(|item| resolve(schema, item)).collect(),
        Json::Object(map) => match map.get("$ref").and_then(Json::as_str).and_then(|r| r.split_once('/')) {
            Some((object, key)) => {
                let prefix = schema.object(object).map_or("", |o| o.prefix.as_str());
                Json::String(key_id(object, key).typed(prefix))
            }
            None => Json::Object(map),
        },
        other => other,
    }
}

fn open_browser(url: &str) {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if cfg!(target_os = "linux") && !has_display {
        return;
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    // No browser is no reason to stop: the address stands above.
    let _ = std::process::Command::new(program)
        .arg(url)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
}
