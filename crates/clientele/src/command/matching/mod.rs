//! `clientele match`: which rows of files are the same person, organisation or thing.

mod join;
mod labels;
mod measure;
mod progress;
mod read;
mod report;
mod rows;
mod summary;
mod write;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use kernel::Locale;
use matching::{ColumnConfig, Config, Entity, Model, Options, Progress, Resolution, Role, Waterfall};
use serde_json::json;

use self::measure::Cost;
use self::progress::{Bar, Step};
use self::read::Input;
use self::rows::Ids;
use self::summary::Metrics;
use crate::failure::Failure;

/// Find the rows that are the same person, organisation or thing.
#[derive(clap::Args)]
#[command(
    after_help = "Nothing needs to be configured: columns are recognised by their names and values. --print-config shows \
how, in a form that can be edited and given back with --config. No database is read or written."
)]
pub struct Args {
    /// The files: CSV, XLSX, JSON lines or Parquet. Rows are compared inside each file and between files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write the rows in their order with source, row, cluster_id and confidence in front; the ending says the format
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a page that explains what was understood, learnt and found
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Write the scored pairs with weight and probability; the ending says the format
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// The column that holds the truth: rows with the same value are the same. It is not compared
    #[arg(long, value_name = "COLUMN")]
    truth: Option<String>,
    /// What a row describes [default: found out]
    #[arg(long, value_enum)]
    entity: Option<Kind>,
    /// No two rows of one file are the same; name the files to say so of some of them only
    #[arg(long, value_name = "NAME,…", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "*")]
    distinct_sources: Vec<String>,
    /// Take rows as the same from this probability on
    #[arg(long, value_name = "0..1")]
    threshold: Option<f64>,
    /// Choose the threshold so that this share of the links is expected to be right; pairs below are left to review
    #[arg(long, value_name = "0..1", conflicts_with = "threshold")]
    precision: Option<f64>,
    /// Verdicts of people: two rows and yes or no on each line. They hold whatever the scores say, and refine the model
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The country of telephone numbers without prefix and of ambiguous dates, by its two letters [default: FR]
    #[arg(long, value_name = "COUNTRY")]
    region: Option<String>,
    /// Read what columns hold, blocking rules and thresholds from a file
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
    /// Print the configuration that would be used, and stop
    #[arg(long)]
    print_config: bool,
    /// Keep what was learnt, to score other files in the same way
    #[arg(long, value_name = "FILE.json")]
    save_model: Option<PathBuf>,
    /// Score with a model that was kept, and learn nothing
    #[arg(long, value_name = "FILE.json")]
    model: Option<PathBuf>,
    /// Score with a model that Splink saved as JSON
    #[arg(long, value_name = "FILE.json", conflicts_with = "model")]
    import_splink_model: Option<PathBuf>,
    /// Explain the weight of two rows, each by its identifier or as SOURCE:ROW
    #[arg(long, num_args = 2, value_names = ["ROW", "ROW"])]
    explain: Vec<String>,
    /// The column that rows are called by [default: one that is named like an identifier and is one]
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The language of the report, fr or en
    #[arg(long, default_value = "en", env = "CLIENTELE_LANGUAGE")]
    language: String,
    /// How many threads to use [default: all processors]
    #[arg(long)]
    threads: Option<usize>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Person,
    Organisation,
    Any,
}

/// Matches the files.
pub async fn run(args: Args) -> Result<(), Failure> {
    static STOP: AtomicBool = AtomicBool::new(false);
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            STOP.store(true, Ordering::Relaxed);
        }
    });
    tokio::task::block_in_place(|| {
        let bar = Bar::new(&STOP);
        let outcome = go(&args, &bar);
        bar.clear();
        print!("{}", outcome?);
        Ok(())
    })
}

/// Does what is asked; gives what is to be printed.
fn go(args: &Args, bar: &Bar) -> Result<String, Failure> {
    let cost = Cost::start();
    let locale = Locale::parse(&args.language).ok_or_else(|| Failure::usage("--language is fr or en"))?;
    check(args)?;
    let input = read::read(&args.files, bar)?;
    for source in input.sources.iter().filter(|source| source.rejected > 0) {
        let first = source.errors.first().map(ToString::to_string).unwrap_or_default();
        bar.clear();
        eprintln!("{}: {} rows cannot be read and are left out: {first}", source.path.display(), source.rejected);
    }
    let truth = args.truth.as_deref().map(|name| column(&input, "--truth", name)).transpose()?;
    let mut config = configure(args, &input)?;
    if let Some(truth) = truth {
        hide(&mut config, &input.table.names()[truth]);
    }
    if args.print_config {
        return Ok(config.to_toml());
    }
    let model = model(args, &config)?;
    let ids = Ids::new(&input, args.id.as_deref())?;
    let labels = match &args.labels {
        Some(path) => labels::read(path, &input, &ids)?,
        None => Vec::new(),
    };
    let progress = |at: Progress| bar.show(Step::Match(at.stage), at.done);
    let options = Options {
        model: model.as_ref(),
        labels: &labels,
        threshold: args.threshold,
        precision: args.precision,
        progress: Some(&progress),
        threads: args.threads,
    };
    let resolution = matching::resolve(&input.table, &config, &options).map_err(failure)?;
    // What was spent up to here is what matching costs; writing files is the reader's wish.
    let spent = cost.spent();
    let metrics = truth.map(|truth| Metrics::new(&input, truth, &resolution));
    if let Some(path) = &args.save_model {
        resolution.model.save(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    if let Some(path) = &args.out {
        write::clusters(path, &input, &resolution, bar)?;
    }
    if let Some(path) = &args.pairs {
        write::pairs(path, &input, &ids, &resolution)?;
    }
    let asked = explained(args, &input, &ids, &resolution)?;
    if let Some(path) = &args.report {
        let told = report::Told {
            input: &input,
            ids: &ids,
            resolution: &resolution,
            metrics: metrics.as_ref(),
            spent,
            asked: asked.as_ref().map(|(a, b, waterfall)| (*a, *b, waterfall)),
        };
        report::write(path, locale, &told)?;
    }
    if args.json {
        let mut out = summary::to_json(&input, &resolution, metrics.as_ref(), spent);
        if let Some((_, _, waterfall)) = &asked {
            out["explanation"] = json!(waterfall);
        }
        return Ok(format!("{out}\n"));
    }
    match asked {
        Some((_, _, waterfall)) => Ok(waterfall.to_text()),
        None => Ok(summary::to_text(&input, &resolution, metrics.as_ref(), spent)),
    }
}

/// Refuses what cannot be done before anything is read.
fn check(args: &Args) -> Result<(), Failure> {
    if args.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
        return Err(Failure::usage("--threshold is a probability, from 0 to 1"));
    }
    if args.precision.is_some_and(|precision| !(0.0..1.0).contains(&precision)) {
        return Err(Failure::usage("--precision is a share below 1, such as 0.99"));
    }
    if args.threads == Some(0) {
        return Err(Failure::usage("--threads is at least 1"));
    }
    for (option, path) in [("--out", &args.out), ("--pairs", &args.pairs)] {
        let Some(path) = path else { continue };
        if tabular::Format::of_name(&path.to_string_lossy()).is_none() {
            let text = format!("{option} {}: end the name in .csv, .parquet, .xlsx or .jsonl", path.display());
            return Err(Failure::usage(text));
        }
    }
    let made = [&args.out, &args.pairs, &args.report, &args.save_model];
    let over = made.into_iter().flatten().find(|path| args.files.contains(path));
    match over {
        Some(path) => Err(Failure::usage(format!("{} is read and would be written over", path.display()))),
        None => Ok(()),
    }
}

/// The configuration: from a file or from the data, with what the command line says.
fn configure(args: &Args, input: &Input) -> Result<Config, Failure> {
    let entity = args.entity.map(|kind| match kind {
        Kind::Person => Entity::Person,
        Kind::Organisation => Entity::Organisation,
        Kind::Any => Entity::Any,
    });
    let mut config = match &args.config {
        Some(path) => {
            let fail = |error: String| Failure::usage(format!("{}: {error}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
            let config = Config::from_toml(&text).map_err(|error| fail(error.to_string()))?;
            Config { entity: entity.unwrap_or(config.entity), ..config }
        }
        None => Config::infer(&input.table, entity).map_err(failure)?,
    };
    if let Some(region) = &args.region {
        if region.len() != 2 || !region.chars().all(|c| c.is_ascii_alphabetic()) {
            return Err(Failure::usage("--region is a country by its two letters: FR, BE, GB"));
        }
        config.region = region.to_ascii_uppercase();
    }
    if args.distinct_sources.iter().any(|name| name == "*") {
        config.distinct_sources = input.sources.iter().map(|source| source.name.clone()).collect();
    } else if !args.distinct_sources.is_empty() {
        config.distinct_sources.clone_from(&args.distinct_sources);
    }
    Ok(config)
}

/// Keeps a column from being compared.
fn hide(config: &mut Config, name: &str) {
    match config.columns.iter_mut().find(|column| column.name == name) {
        Some(column) => {
            column.role = Role::Ignore;
            column.because = "holds the truth".to_owned();
        }
        None => {
            let because = "holds the truth".to_owned();
            config.columns.push(ColumnConfig { name: name.to_owned(), role: Role::Ignore, several: false, because });
        }
    }
}

fn explained(
    args: &Args,
    input: &Input,
    ids: &Ids,
    resolution: &Resolution,
) -> Result<Option<(usize, usize, Waterfall)>, Failure> {
    let [a, b] = args.explain.as_slice() else { return Ok(None) };
    let (a, b) = (ids.find(input, a)?, ids.find(input, b)?);
    let waterfall = matching::explain(&resolution.model, &input.table, a, b).map_err(failure)?;
    Ok(Some((a, b, waterfall)))
}

/// The model to score with, where one is given.
fn model(args: &Args, config: &Config) -> Result<Option<Model>, Failure> {
    let Some(path) = args.model.as_deref().or(args.import_splink_model.as_deref()) else { return Ok(None) };
    let read = if args.model.is_some() {
        Model::load(path)
    } else {
        std::fs::read_to_string(path).map_err(Into::into).and_then(|text| Model::import_splink(&text, config))
    };
    read.map(Some).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn column(input: &Input, option: &str, name: &str) -> Result<usize, Failure> {
    let found = input.table.column(name);
    found.ok_or_else(|| {
        let names = input.table.names().join(", ");
        Failure::usage(format!("{option}: the files have no column “{name}”, only {names}"))
    })
}

/// A run that the person stopped.
fn stopped() -> Failure {
    Failure::Io(std::io::Error::other("stopped; nothing was written"))
}

fn failure(error: matching::Error) -> Failure {
    match error {
        matching::Error::Stopped => stopped(),
        matching::Error::Io(error) => Failure::Io(error),
        other => Failure::usage(other.to_string()),
    }
}
