use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use kernel::{Code, Coded, Ctx, Id, Locale, Via};
use model::{Ident, ObjectDef, Value};
use records::Space;
use records::import::{
    self, Blank, Dates, Decimals, FieldMap, ImportError, Mapping, Method, Progress, Reading, Request,
};
use serde_json::json;

use crate::failure::Failure;
use crate::target::TenantTarget;

/// Rows of a dry run that are shown.
const SHOWN: usize = 10;

/// Import a file.
#[derive(clap::Args)]
#[command(after_help = "Without --map and --mapping the columns are matched to the fields by their names and values; \
--dry-run shows how. A stopped import goes on with --resume, and `clientele undo` takes a whole import back.")]
pub struct Args {
    #[command(flatten)]
    target: TenantTarget,
    /// The file: CSV, XLSX, JSON lines or Parquet, also packed with gzip
    #[arg(required_unless_present = "resume")]
    file: Option<PathBuf>,
    /// The object to fill: account, contact, opportunity …
    #[arg(long)]
    object: Option<String>,
    /// A mapping: a file (.toml or .json), or the name of a saved one
    #[arg(long, value_name = "FILE|NAME")]
    mapping: Option<String>,
    /// Fill a field from a column: 'Company=account', 'mail=emails#work', 'boss=manager.email'
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    maps: Vec<String>,
    /// Fill a field from a text made of columns: 'address.street={number} {street|capital}'
    #[arg(long = "set", value_name = "FIELD=TEMPLATE")]
    sets: Vec<String>,
    /// Match the columns that --map does not name by their names and values, too
    #[arg(long)]
    auto: bool,
    /// Find the record of a row by this field; several make up one key
    #[arg(long = "key", value_name = "FIELD")]
    keys: Vec<String>,
    /// What is done with a row [default: upsert with a key, create without]
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// Let a value of a column mean another: 'product:GTXPro=GTX Pro'
    #[arg(long = "value-map", value_name = "COLUMN:FROM=TO")]
    values: Vec<String>,
    /// Create the records that a reference does not find, with values if you like: 'account', 'manager:active=false'
    #[arg(long = "create-missing", value_name = "FIELD[:FIELD=VALUE,…]")]
    missing: Vec<String>,
    /// Blank cells take values away
    #[arg(long)]
    clear_blank: bool,
    /// How dates are written [default: found out from the values]
    #[arg(long, value_enum)]
    dates: Option<DateOrder>,
    /// What stands before decimals [default: found out from the values]
    #[arg(long, value_enum)]
    decimal: Option<Decimal>,
    /// The currency of amounts that name none, by its ISO 4217 code [default: EUR]
    #[arg(long)]
    currency: Option<String>,
    /// The character between cells [default: found out]
    #[arg(long)]
    delimiter: Option<char>,
    /// utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-15 [default: found out]
    #[arg(long)]
    encoding: Option<String>,
    /// The row of the header, 0 for none [default: found out]
    #[arg(long)]
    header: Option<u64>,
    /// The sheet of a workbook [default: the first]
    #[arg(long)]
    sheet: Option<String>,
    /// Fill rows that have too few cells with blanks instead of rejecting them
    #[arg(long)]
    pad: bool,
    /// Show what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Where rejected rows go [default: beside you, named after the file]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Where the data comes from, {@source} in templates
    #[arg(long, default_value = "")]
    source: String,
    /// Keep the mapping under this name
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// Go on with an import that stopped
    #[arg(long, value_name = "IMPORT", conflicts_with_all = ["file", "dry_run"])]
    resume: Option<String>,
    /// The language of reasons for rejection
    #[arg(long, default_value = "en", env = "CLIENTELE_LANGUAGE")]
    language: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Create,
    Update,
    Upsert,
}

#[derive(Clone, Copy, ValueEnum)]
enum DateOrder {
    /// 31/12/2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026-12-31
    Ymd,
    /// 20261231
    Compact,
}

#[derive(Clone, Copy, ValueEnum)]
enum Decimal {
    /// 1,234.56
    Point,
    /// 1 234,56
    Comma,
}

/// Imports, shows what an import would do, or goes on with one.
pub async fn run(args: Args) -> Result<(), Failure> {
    let space = args.target.open().await?;
    let locale = Locale::parse(&args.language).ok_or_else(|| Failure::usage("--language is fr or en"))?;
    let ctx = Ctx { locale, via: Via::Cli, ..space.system_ctx() };
    let result = match &args.resume {
        Some(id) => {
            let id = Id::parse(id, "bat").map_err(|e| Failure::usage(e.to_string()))?;
            go(&space, &ctx, id, args.json).await
        }
        None => begin(&space, &ctx, &args).await,
    };
    result.map_err(|error| failure(&space, &ctx, error))
}

async fn begin(space: &Arc<Space>, ctx: &Ctx, args: &Args) -> Result<(), Stop> {
    let path = args.file.clone().unwrap_or_default();
    let path = std::fs::canonicalize(&path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
    let reading = Reading {
        format: None,
        delimiter: args.delimiter,
        quote: None,
        encoding: args.encoding.clone(),
        header: args.header,
        sheet: args.sheet.clone(),
        pad: args.pad,
    };
    let given = match &args.mapping {
        Some(name) => Some(read_mapping(space, ctx, name).await?),
        None => None,
    };
    let object = args.object.clone().or_else(|| given.as_ref().map(|m| m.object.to_string()));
    let object = space
        .object(&object.ok_or_else(|| Failure::usage("say which object to fill: --object account"))?)
        .map_err(Failure::from)?;
    let analysis = tokio::task::block_in_place(|| import::analyse(space, ctx, &object, &path, &reading))?;
    let mut mapping = match given {
        Some(given) => given,
        None if args.auto || (args.maps.is_empty() && args.sets.is_empty()) => analysis.mapping.clone(),
        None => Mapping::new(object.name.clone()),
    };
    amend(&mut mapping, args)?;
    let mapping = analysis.settle(mapping);
    if let Some(name) = &args.save {
        import::save_mapping(space, ctx, name, &mapping).await.map_err(Failure::from)?;
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let rejects = match &args.rejects {
        Some(path) => std::path::absolute(path).map_err(Failure::from)?,
        None => free_name(&name)?,
    };
    if !args.json && args.mapping.is_none() && args.maps.is_empty() {
        show_columns(&analysis, &mapping);
    }
    let request = Request { path, name, source: args.source.clone(), reading, mapping, rejects };
    if args.dry_run {
        return preview(space, ctx, request, &object, args.json).await;
    }
    let batch = import::start(space, ctx, request).await?;
    go(space, ctx, batch.id, args.json).await
}

/// Runs an import and tells how it goes.
async fn go(space: &Arc<Space>, ctx: &Ctx, id: Id, as_json: bool) -> Result<(), Stop> {
    let name = id.typed("bat");
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&stopped);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    if !as_json {
        println!("import {name}");
    }
    let mut line = Line::new(as_json);
    let result = import::run(space, ctx, id, |progress| {
        line.show(progress);
        !stopped.load(Ordering::Relaxed)
    })
    .await;
    line.end();
    let hint = |error: ImportError| {
        eprintln!("what was written before stays; go on with: clientele import --resume {name}");
        Stop::Import(error)
    };
    let batch = match result {
        Err(error @ (ImportError::TakenOver(_) | ImportError::OtherFile)) => return Err(Stop::Import(error)),
        result => result.map_err(hint)?,
    };
    let progress = import::progress_of(&batch);
    let rejects = import::request_of(&batch).map(|r| r.rejects).filter(|_| progress.rejected > 0);
    if as_json {
        let mut out = counts(&progress);
        out["batch"] = json!(name);
        out["state"] = json!(batch.state);
        out["rejects"] = json!(rejects);
        println!("{out}");
        return Ok(());
    }
    print_counts(&progress);
    if let Some(path) = rejects {
        println!("rejected rows and why: {}", path.display());
    }
    match batch.state.as_str() {
        "cancelled" => println!("stopped; go on with: clientele import --resume {name}"),
        _ => println!("take it back with: clientele undo {name}"),
    }
    Ok(())
}

async fn preview(
    space: &Arc<Space>,
    ctx: &Ctx,
    request: Request,
    object: &ObjectDef,
    as_json: bool,
) -> Result<(), Stop> {
    let seen = import::preview(space, ctx, request, SHOWN, None).await?;
    let schema = space.schema();
    let plain = |field: &Ident, value: &Value| match object.field(field.as_str()) {
        Some(def) => model::to_json(&schema, object, def, value),
        None => json!(null),
    };
    if as_json {
        let mut out = counts(&seen.progress);
        out["rows"] = seen
            .shown
            .iter()
            .map(|row| {
                let changes = row.changes.iter().map(|(f, old, new)| (f.to_string(), json!([plain(f, old), plain(f, new)])));
                json!({ "row": row.row, "does": row.op.map(|op| op.as_str()), "changes": changes.collect::<serde_json::Map<_, _>>() })
            })
            .collect();
        out["errors"] = seen.rejected.iter().map(|(row, reason)| json!({ "row": row, "error": reason })).collect();
        println!("{out}");
        return Ok(());
    }
    for row in &seen.shown {
        let does = row.op.map_or("unchanged", |op| op.as_str());
        let changes: Vec<String> = row
            .changes
            .iter()
            .map(|(f, old, new)| {
                if old.is_empty() {
                    format!("{f}: {}", plain(f, new))
                } else {
                    format!("{f}: {} → {}", plain(f, old), plain(f, new))
                }
            })
            .collect();
        println!("row {}: {does} {}", row.row, changes.join(", "));
    }
    for (row, reason) in &seen.rejected {
        println!("row {row}: rejected: {reason}");
    }
    print_counts(&seen.progress);
    println!("nothing was changed: this was a dry run");
    Ok(())
}

/// What the command line adds to a mapping.
fn amend(mapping: &mut Mapping, args: &Args) -> Result<(), Failure> {
    let pair = |text: &str, what: &str| -> Result<(String, String), Failure> {
        let (a, b) = text.split_once('=').ok_or_else(|| Failure::usage(format!("“{text}” is not written {what}")))?;
        Ok((a.trim().to_owned(), b.trim().to_owned()))
    };
    let mut given: Vec<FieldMap> = Vec::new();
    for text in &args.maps {
        // A column's name may hold an equals sign, a field's does not.
        let (column, to) =
            text.rsplit_once('=').ok_or_else(|| Failure::usage(format!("“{text}” is not written COLUMN=FIELD")))?;
        given.push(FieldMap {
            to: to.trim().to_owned(),
            column: Some(column.trim().to_owned()),
            ..FieldMap::default()
        });
    }
    for text in &args.sets {
        let (to, template) = pair(text, "FIELD=TEMPLATE")?;
        given.push(FieldMap { to, template: Some(template), ..FieldMap::default() });
    }
    let field = |to: &str| to.split(['.', '#']).next().unwrap_or_default().to_owned();
    mapping
        .fields
        .retain(|old| !given.iter().any(|new| new.to == old.to || (new.column.is_some() && new.column == old.column)));
    mapping.fields.append(&mut given);
    if !args.keys.is_empty() {
        mapping.key.clone_from(&args.keys);
    }
    match args.mode {
        Some(Mode::Create) => mapping.method = Method::Create,
        Some(Mode::Update) => mapping.method = Method::Update,
        Some(Mode::Upsert) => mapping.method = Method::Upsert,
        None if !args.keys.is_empty() => mapping.method = Method::Upsert,
        None => {}
    }
    for text in &args.values {
        let what = "COLUMN:FROM=TO";
        let (column, rest) =
            text.split_once(':').ok_or_else(|| Failure::usage(format!("“{text}” is not written {what}")))?;
        let (from, to) = pair(rest, what)?;
        mapping.values.entry(column.trim().to_owned()).or_default().insert(from, to);
    }
    for text in &args.missing {
        let (name, with) = text.split_once(':').unwrap_or((text, ""));
        let with = with.split(',').filter(|t| !t.trim().is_empty()).map(|t| pair(t, "FIELD=VALUE"));
        let with: BTreeMap<String, String> = with.collect::<Result<_, _>>()?;
        let mut any = false;
        for map in mapping.fields.iter_mut().filter(|m| field(&m.to) == name.trim()) {
            map.missing = Some(with.clone());
            any = true;
        }
        if !any {
            return Err(Failure::usage(format!("--create-missing {name}: no column fills that field")));
        }
    }
    if args.clear_blank {
        mapping.blank = Blank::Clear;
    }
    mapping.dates = args
        .dates
        .map(|d| match d {
            DateOrder::Dmy => Dates::Dmy,
            DateOrder::Mdy => Dates::Mdy,
            DateOrder::Ymd => Dates::Ymd,
            DateOrder::Compact => Dates::Compact,
        })
        .or(mapping.dates);
    mapping.decimal = args
        .decimal
        .map(|d| match d {
            Decimal::Point => Decimals::Point,
            Decimal::Comma => Decimals::Comma,
        })
        .or(mapping.decimal);
    mapping.currency = args.currency.clone().or(mapping.currency.take());
    Ok(())
}

/// A mapping from a file, or a saved one by its name.
async fn read_mapping(space: &Arc<Space>, ctx: &Ctx, name: &str) -> Result<Mapping, Failure> {
    let json = if Path::new(name).exists() {
        let text = std::fs::read_to_string(name)?;
        let read = if name.ends_with(".json") {
            serde_json::from_str(&text).map_err(|e| e.to_string())
        } else {
            toml::from_str(&text).map_err(|e| e.to_string())
        };
        read.map_err(|e| Failure::usage(format!("{name}: {e}")))?
    } else {
        let saved = import::mapping_named(space, ctx, name).await?;
        return saved.ok_or_else(|| Failure::usage(format!("there is neither a file nor a saved mapping “{name}”")));
    };
    Mapping::from_json(&json).map_err(|problem| Failure::usage(format!("{name}: {problem}")))
}

fn show_columns(analysis: &import::Analysis, mapping: &Mapping) {
    for column in &analysis.columns {
        let map = mapping.fields.iter().find(|m| m.column.as_deref() == Some(column.name.as_str()));
        let to = map.map_or("–", |m| m.to.as_str());
        println!(
            "{:<28} → {to:<24} {}",
            column.name,
            column.samples.iter().take(3).cloned().collect::<Vec<_>>().join(" | ")
        );
    }
    println!();
}

/// A file that does not exist yet, for rejected rows.
fn free_name(name: &str) -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir()?;
    let free = (1..)
        .map(|n| folder.join(if n == 1 { format!("{name}.rejected.csv") } else { format!("{name}.rejected-{n}.csv") }));
    Ok(free.into_iter().find(|path| !path.exists()).unwrap_or_default())
}

fn counts(p: &Progress) -> serde_json::Value {
    json!({
        "read": p.read, "created": p.created, "updated": p.updated, "unchanged": p.unchanged, "rejected": p.rejected, "made": p.made,
    })
}

fn print_counts(p: &Progress) {
    println!(
        "{} rows: {} created, {} updated, {} unchanged, {} rejected",
        p.read, p.created, p.updated, p.unchanged, p.rejected
    );
    if p.made > 0 {
        println!("{} records created because a row refers to them", p.made);
    }
}

/// The line of progress on a terminal.
struct Line {
    shown: bool,
    started: Instant,
    last: Option<Instant>,
    first: Option<u64>,
}

impl Line {
    fn new(quiet: bool) -> Line {
        Line { shown: !quiet && std::io::stderr().is_terminal(), started: Instant::now(), last: None, first: None }
    }

    fn show(&mut self, progress: &Progress) {
        let first = *self.first.get_or_insert(progress.read);
        if !self.shown || self.last.is_some_and(|at| at.elapsed() < Duration::from_millis(200)) {
            return;
        }
        self.last = Some(Instant::now());
        let rate = (progress.read - first) as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        let part = progress.fraction.map_or_else(String::new, |f| format!("{:.0} % ", f * 100.0));
        eprint!("\r{part}{} rows, {} rejected, {rate:.0} rows/s   ", progress.read, progress.rejected);
        // A terminal that cannot be written to is no reason to stop.
        let _ = std::io::stderr().flush();
    }

    fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}

/// Why the command stopped.
enum Stop {
    Import(ImportError),
    Other(Failure),
}

impl From<ImportError> for Stop {
    fn from(error: ImportError) -> Stop {
        Stop::Import(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Other(failure)
    }
}

fn failure(space: &Space, ctx: &Ctx, stop: Stop) -> Failure {
    match stop {
        Stop::Other(failure) => failure,
        Stop::Import(error) => describe(space, ctx, error),
    }
}

/// An import's or an export's error as the command line shows it.
pub fn describe(space: &Space, ctx: &Ctx, error: ImportError) -> Failure {
    match error {
        ImportError::Records(error) => Failure::Records(error),
        ImportError::Mapping(problem) => {
            let schema = space.schema();
            let sentence =
                |object: &ObjectDef| import::problem_sentence(&space.platform.words, ctx.locale, object, &problem);
            Failure::Usage(schema.objects().next().map_or_else(|| problem.to_string(), |object| sentence(object)))
        }
        error if error.code() == Code::Unavailable => Failure::Io(std::io::Error::other(error.to_string())),
        error => Failure::Usage(error.to_string()),
    }
}
