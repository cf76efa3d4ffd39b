use std::path::PathBuf;

use kernel::{Ctx, Locale, Via};
use model::{Filter, Ident, Query, Sort};
use records::export::{self, Export};
use records::import::ImportError;
use tabular::{Format, SinkOptions};

use super::import::describe;
use crate::failure::Failure;
use crate::target::TenantTarget;

/// Export a list.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    /// The object: account, contact, opportunity …
    object: String,
    /// The file to write; its ending says the format: .csv, .xlsx, .jsonl or .parquet. - writes CSV to standard output
    #[arg(long)]
    out: PathBuf,
    /// Which records, as a filter in JSON: {"is":{"field":"status","op":"eq","operand":"won"}}
    #[arg(long, value_name = "JSON")]
    filter: Option<String>,
    /// The columns, separated by commas: name,account.name,address.city [default: all, as an import reads them back]
    #[arg(long, value_delimiter = ',')]
    fields: Vec<String>,
    /// The order: a field, with a minus for the greatest first
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
    /// Name the columns as the pages do, in French (fr) or English (en)
    #[arg(long, value_name = "LANGUAGE")]
    labels: Option<String>,
    /// Semicolons between cells, decimal commas and a mark that spreadsheets recognise accents by
    #[arg(long)]
    french: bool,
}

/// Writes what the filter asks for.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let locale = args
        .labels
        .as_deref()
        .map(|l| Locale::parse(l).ok_or_else(|| Failure::usage("--labels is fr or en")))
        .transpose()?;
    let ctx = Ctx { via: Via::Cli, locale: locale.unwrap_or(Locale::En), ..space.system_ctx() };
    let object = space.object(&args.object)?;
    let mut query = Query::of(object.name.clone());
    if let Some(text) = &args.filter {
        let filter: Filter = serde_json::from_str(text).map_err(|e| Failure::usage(format!("--filter: {e}")))?;
        query = query.filter(filter);
    }
    if let Some(sort) = &args.sort {
        let (name, desc) = sort.strip_prefix('-').map_or((sort.as_str(), false), |name| (name, true));
        let field = Ident::new(name).map_err(|e| Failure::usage(format!("--sort: {e}")))?;
        query = query.sort(Sort::by(field, desc));
    }
    let standard = args.out.as_os_str() == "-";
    let format = if standard { Some(Format::Csv) } else { Format::of_name(&args.out.to_string_lossy()) };
    let format =
        format.ok_or_else(|| Failure::usage("the file's ending says the format: .csv, .xlsx, .jsonl or .parquet"))?;
    let mut options = SinkOptions { sheet: object.name.to_string(), ..SinkOptions::default() };
    if args.french {
        options = SinkOptions { delimiter: b';', decimal_comma: true, byte_order_mark: true, ..options };
    }
    let export = Export { query, fields: args.fields, format, options, labels: locale.is_some() };
    let written = if standard {
        export::to_writer(&space, &ctx, &export, std::io::stdout(), |_| true).await
    } else {
        export::to_file(&space, &ctx, &export, &args.out, |_| true).await
    };
    let written = written.map_err(|error: ImportError| describe(&space, &ctx, error))?;
    if !standard {
        println!("{written} records in {}", args.out.display());
    }
    Ok(())
}
