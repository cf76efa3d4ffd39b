//! Consents from a file: CSV, XLSX, JSON or Parquet, one statement a row.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Ctx, Timestamp, fold};
use model::Problem;
use records::{Access, RecordError, Space};
use tabular::Source;

use super::{Basis, Channel, ContactPoint, PointKind, Proof, Purposes, State, Statement, record};

/// Rows written together.
const CHUNK: usize = 1_000;
/// What a row can say, by the names of its columns.
const COLUMNS: [&str; 15] = [
    "point", "email", "phone", "postal", "device", "channel", "purpose", "state", "basis", "wording", "version",
    "where", "address", "by", "at",
];
const EXPIRES: &str = "expires_at";

/// What became of a file's rows.
#[derive(Debug, Default)]
pub struct Told {
    /// Lines written.
    pub new: usize,
    /// Rows that the ledger knew.
    pub repeated: usize,
    /// Rows that were refused: number in the file, reason.
    pub rejected: Vec<(u64, Problem)>,
}

/// Writes a file's rows into the ledger. `columns` says which column holds what where they are not called so (`state` → `Statut`), `fixed`
/// what holds for every row (`channel` → `email`). Rows that do not fit are left out and reported; a file that comes again changes nothing.
///
/// Errors when the file cannot be read, a column is missing, or the actor may not.
pub async fn import(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    mut file: Source,
    columns: &HashMap<String, String>,
    fixed: &HashMap<String, String>,
    source: Option<kernel::Id>,
) -> Result<Told, RecordError> {
    let known = |name: &&String| COLUMNS.contains(&name.as_str()) || name.as_str() == EXPIRES;
    if let Some(name) = columns.keys().chain(fixed.keys()).find(|name| !known(name)) {
        return Err(Problem::new(name, "consent-column-unknown").text("value", name).into());
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    for name in COLUMNS.into_iter().chain([EXPIRES]) {
        let header = columns.get(name).map_or(name, String::as_str);
        let place = file.columns().iter().position(|column| fold(column.trim()) == fold(header));
        match place {
            Some(place) => drop(places.insert(name, place)),
            None if columns.contains_key(name) => {
                return Err(Problem::new(name, "consent-column-missing").text("value", header).into());
            }
            None => {}
        }
    }
    let purposes = Purposes::load(space, &mut space.store.read().await?).await?;
    let mut told = Told::default();
    let mut lot = Vec::with_capacity(CHUNK);
    loop {
        let row = file.next();
        let last = row.is_none();
        match row {
            Some(Ok(row)) => {
                let cell = |name: &str| {
                    let own =
                        places.get(name).and_then(|i| row.cells.get(*i)).map(|cell| cell.to_text().trim().to_owned());
                    own.filter(|text| !text.is_empty()).or_else(|| fixed.get(name).cloned()).unwrap_or_default()
                };
                let read = read(cell, source).and_then(|said| said.check(&purposes, ctx.now).map(|()| said));
                match read {
                    Ok(statement) => lot.push(statement),
                    Err(problem) => told.rejected.push((row.number, problem)),
                }
            }
            Some(Err(error)) => {
                let problem = Problem::new("", "consent-row-unreadable").text("detail", error.reason.to_string());
                told.rejected.push((error.number, problem));
                if error.reason.is_fatal() {
                    lot.clear();
                    return Ok(told);
                }
            }
            None => {}
        }
        if lot.len() == CHUNK || (last && !lot.is_empty()) {
            let fresh = record(space, ctx, access, &lot).await?;
            let new = fresh.iter().filter(|fresh| **fresh).count();
            told.new += new;
            told.repeated += fresh.len() - new;
            lot.clear();
        }
        if last {
            return Ok(told);
        }
    }
}

/// A row's statement.
fn read(cell: impl Fn(&str) -> String, source: Option<kernel::Id>) -> Result<Statement, Problem> {
    let bad = |field: &str, key: &str, value: &str| Problem::new(field, key).text("value", value);
    let named = PointKind::ALL.into_iter().map(|kind| (kind, cell(kind.as_str()))).find(|(_, text)| !text.is_empty());
    let (text, point) = match named {
        Some((kind, text)) => (text.clone(), ContactPoint::new(kind, &text)),
        None => (cell("point"), ContactPoint::guess(&cell("point"))),
    };
    let point = point.ok_or_else(|| bad("point", "consent-point", &text))?;
    let one = |name: &str| Some(cell(name)).filter(|text| !text.is_empty() && text != "*");
    let channel = one("channel")
        .map(|name| Channel::parse(&fold(&name)).ok_or_else(|| bad("channel", "consent-channel-unknown", &name)))
        .transpose()?;
    let said = cell("state");
    let state = state(&said).ok_or_else(|| bad("state", "consent-state", &said))?;
    let basis =
        one("basis").map(|name| Basis::parse(&name).ok_or_else(|| bad("basis", "consent-basis", &name))).transpose()?;
    let moment =
        |name: &str| one(name).map(|text| moment(&text).ok_or_else(|| bad(name, "consent-moment", &text))).transpose();
    // Without its date a file that comes again could not be told from news.
    let at = moment("at")?.ok_or_else(|| Problem::new("at", "required"))?;
    let expires_at = moment(EXPIRES)?;
    let proof = Proof {
        wording: cell("wording"),
        version: cell("version"),
        place: cell("where"),
        address: cell("address"),
        by: cell("by"),
    };
    Ok(Statement { point, channel, purpose: one("purpose"), state, basis, proof, source, at: Some(at), expires_at })
}

/// A state by its name, or as lists of other tools have it.
fn state(text: &str) -> Option<State> {
    let folded = fold(text.trim()).replace([' ', '-', '_'], "");
    match folded.as_str() {
        "yes" | "oui" | "true" | "vrai" | "1" | "optin" | "subscribed" | "abonne" => Some(State::Granted),
        "no" | "non" | "false" | "faux" | "0" => Some(State::Denied),
        "optout" | "unsubscribed" | "desabonne" => Some(State::Withdrawn),
        other => State::parse(other),
    }
}

/// A moment of ISO 8601, or the beginning of a day in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(kernel::Zone::UTC).ok().map(|at| at.timestamp());
    text.parse::<Timestamp>().ok().or_else(day)
}
