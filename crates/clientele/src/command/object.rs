use std::path::PathBuf;

use clap::Subcommand;
use model::{FieldDef, ObjectDef};
use records::free_prefix;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Show and extend the objects.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the objects
    List,
    /// Print an object's definition as JSON
    Show {
        /// Its name
        name: String,
    },
    /// Add or change an object from its definition in JSON, as `show` prints it
    Define {
        /// A file, or - for standard input
        file: PathBuf,
    },
    /// Add a field to an object, or change one that was added, from its definition in JSON:
    /// {"name":"shoe_size","type":"integer","min":15,"max":60,"label":{"fr":"Pointure","en":"Shoe size"}}
    Field {
        /// The object
        object: String,
        /// The definition
        definition: String,
    },
}

/// Runs the action.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let ctx = space.system_ctx();
    match args.action {
        Action::List => {
            for object in space.schema().objects() {
                let kind = if object.custom { "added" } else { "standard" };
                println!("{}\t{}\t{} fields\t{kind}", object.name, object.prefix, object.own_fields().count());
            }
            Ok(())
        }
        Action::Show { name } => {
            let mut object = (*space.object(&name)?).clone();
            object.fields.retain(|f| !f.system);
            println!("{}", serde_json::to_string_pretty(&object).expect("definitions serialise"));
            Ok(())
        }
        Action::Define { file } => {
            let text = if file.as_os_str() == "-" {
                std::io::read_to_string(std::io::stdin())?
            } else {
                std::fs::read_to_string(&file)?
            };
            let mut json: Json =
                serde_json::from_str(&text).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
            if json["prefix"].is_null()
                && let Some(name) = json["name"].as_str().and_then(|n| model::Ident::new(n).ok())
            {
                json["prefix"] = free_prefix(&space.schema(), &name).as_str().into();
            }
            let object: ObjectDef =
                serde_json::from_value(json).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
            let name = object.name.clone();
            space.define_object(&ctx, object).await?;
            println!("defined {name}");
            Ok(())
        }
        Action::Field { object, definition } => {
            let field: FieldDef =
                serde_json::from_str(&definition).map_err(|e| Failure::usage(format!("the definition: {e}")))?;
            let name = field.name.clone();
            space.define_field(&ctx, &object, field).await?;
            println!("defined {object}.{name}");
            Ok(())
        }
    }
}
