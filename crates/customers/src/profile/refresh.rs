//! Writes profiles anew after their records changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Currency, Id, Money};
use matching::Linker;
use model::{Address, Entry as Line, Fields, Filter, Ident, Record, Value, normalise_email, normalise_phone, system};
use records::{Cx, Op, RecordError};
use store::Tally;

use super::golden::{Candidate, Golden, PINNED, Rules};
use super::object::*;
use super::point::Points;
use super::stage::{Lifecycle, Worth};
use crate::identity::{Kind, Linkers, Sources, Understood, understand};

/// Addresses and numbers that a profile shows; all of them are in its records.
const MOST_LINES: usize = 20;

/// Writes profiles as their records now have them: made, changed, put into the bin when no record is left, taken out of it when records
/// came back. Costs a fixed number of statements for all of them, and the pipeline's.
pub(crate) async fn refresh(
    cx: &mut Cx<'_>,
    sources: &Sources,
    linkers: &Linkers,
    profiles: &BTreeSet<Id>,
) -> Result<(), RecordError> {
    let ids: Vec<Id> = profiles.iter().copied().collect();
    let entries = cx.writer.entries_of(&ids).await?;
    let records: Vec<Id> = entries.iter().map(|entry| entry.record).collect();
    let versions = cx.writer.latest_versions(&records).await?;
    let schema = cx.schema();
    let understood = understand(sources, &schema, cx.writer, &versions).await?;
    let home: HashMap<Id, Id> = entries.iter().map(|entry| (entry.record, entry.profile)).collect();
    let mut members: BTreeMap<Id, Vec<Understood>> = BTreeMap::new();
    for record in understood {
        members.entry(home[&record.record]).or_default().push(record);
    }
    let called: Vec<(Id, String)> =
        members.values().flatten().map(|record| (record.source, record.key.clone())).collect();
    let mut tallies: HashMap<(Id, String), Tally> = HashMap::new();
    for tally in cx.writer.tallies(&called).await? {
        tallies.insert((tally.source, tally.key.clone()), tally);
    }
    let mut settings = cx.writer.settings(&[Lifecycle::SETTING, Rules::SETTING]).await?;
    let lifecycle = Lifecycle::read(settings.remove(Lifecycle::SETTING));
    let rules = Rules::read(settings.remove(Rules::SETTING));
    let mut readers: HashMap<Kind, Arc<Linker>> = HashMap::new();
    for kind in members.values().map(|records| records[0].kind).collect::<BTreeSet<_>>() {
        readers.insert(kind, linkers.current(cx.writer, kind).await?);
    }
    let object = Ident::of("profile");
    let known: HashMap<Id, Record> = (cx.writer.get_many(&schema, &object, &ids, &Filter::All, &[]).await?)
        .into_iter()
        .map(|record| (record.id(), record))
        .collect();
    let mut ops = Vec::new();
    for id in ids {
        let held = known.get(&id);
        let binned = held.is_some_and(|record| record.deleted_at().is_some());
        match (members.get(&id), held) {
            (None, Some(_)) if !binned => ops.push(Op::Delete(id)),
            (None, _) => {}
            (Some(records), held) => {
                let own: Vec<Tally> = (records.iter())
                    .filter_map(|record| tallies.get(&(record.source, record.key.clone())).cloned())
                    .collect();
                let points = Points::of(records, &own);
                let mut fields = fields(&readers[&records[0].kind], records, &rules, &points);
                live(cx, &mut fields, records, Worth::of(&own).as_ref(), lifecycle, held);
                if binned {
                    ops.push(Op::Restore(id));
                }
                match held {
                    Some(_) => ops.push(Op::Update { id, fields, version: None }),
                    None => {
                        fields.set(Ident::of(system::ID), Value::Id(id));
                        ops.push(Op::Create(fields));
                    }
                }
            }
        }
    }
    write(cx, &object, ops).await
}

/// Writes changes of profiles. One that is refused, whatever a source said, does not hold up the others.
async fn write(cx: &mut Cx<'_>, object: &Ident, ops: Vec<Op>) -> Result<(), RecordError> {
    let refused = |error: &RecordError| matches!(error, RecordError::Invalid(_) | RecordError::Batch(_));
    match cx.write(object.as_str(), ops.clone()).await {
        Err(error) if refused(&error) => {}
        written => return written.map(drop),
    }
    for op in ops {
        match cx.write(object.as_str(), vec![op]).await {
            Err(error) if refused(&error) => tracing::warn!(%error, "a profile could not be written"),
            written => drop(written?),
        }
    }
    Ok(())
}

/// The fields of a profile made of these records, which are at least one.
fn fields(linker: &Linker, records: &[Understood], rules: &Rules, points: &Points) -> Fields {
    let kind = records[0].kind;
    let golden = Golden::of(kind, records, rules, points);
    let read = linker.read(|column| golden.all(column).first().map(|candidate| candidate.value.as_str()));
    let birth = golden.first("birth_date").and_then(|_| linker.value(&read, "date")).and_then(day);
    let text = |name: &str| golden.first(name).map(|value| value.chars().take(255).collect::<String>());
    let (first, last) = (text("first_name"), text("last_name"));
    let own: BTreeSet<&str> =
        records.iter().filter(|record| record.trust != PINNED).map(|record| record.source_name.as_str()).collect();
    let mut record = Record::new(Ident::of("profile"));
    record.set(NAME, Some(display_name(kind, &golden, records)));
    record.set(KIND, Some(kind.as_str().to_owned()));
    record.set(FIRST_NAME, first);
    record.set(LAST_NAME, last);
    record.set(EMAILS, lines(golden.all("email"), normalise_email));
    record.set(PHONES, lines(golden.all("phone"), normalise_phone));
    record.set(ADDRESS, address(&golden));
    record.set(BIRTH_DATE, birth);
    record.set(ORGANISATION, text("organisation").filter(|_| kind == Kind::Person));
    record.set(JOB_TITLE, text("job_title"));
    let short = golden.all("identifier").iter().filter(|candidate| candidate.value.chars().count() <= 50);
    let identifiers: Vec<String> = short.take(MOST_LINES).map(|candidate| candidate.value.clone()).collect();
    record.set(IDENTIFIERS, Some(identifiers));
    record.set(WEBSITE, text("website"));
    record.set(RECORDS, Some(records.iter().filter(|record| record.trust != PINNED).count() as i64));
    record.set(SOURCES, Some(own.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    record.fields
}

/// The stage that the most believed record names.
pub(super) fn said<'r>(records: impl Iterator<Item = &'r Understood>) -> Option<&'r str> {
    let naming = records.filter_map(|record| Some((record.trust, record.attributes.first("stage")?)));
    naming.min_by_key(|(trust, _)| *trust).map(|(_, stage)| stage)
}

/// Where a profile stands in a customer's life, and what the relation is worth.
fn live(
    cx: &Cx<'_>,
    fields: &mut Fields,
    records: &[Understood],
    worth: Option<&Worth>,
    lifecycle: Lifecycle,
    held: Option<&Record>,
) {
    let stage = lifecycle.stage(worth, said(records.iter()), cx.ctx.now);
    let since = held.filter(|held| held.get(STAGE).as_deref() == Some(stage)).and_then(|held| held.get(STAGE_SINCE));
    let spent = worth.and_then(|worth| worth.spent.as_ref()).and_then(|(amount, code)| {
        let currency: Currency = code.parse().ok()?;
        Some(Money::from_units(amount.saturating_mul(100), currency))
    });
    let mut record = Record { object: Ident::of("profile"), fields: std::mem::take(fields) };
    record.set(STAGE, Some(stage.to_owned()));
    record.set(STAGE_SINCE, since.or(Some(cx.ctx.now)));
    record.set(ORDERS, worth.map(|worth| worth.orders));
    record.set(SPENT, spent);
    record.set(LAST_ORDER_AT, worth.and_then(|worth| worth.last_order_at));
    *fields = record.fields;
}

/// What a profile is called: by its name, else by how it can be reached, else by what its source calls it.
fn display_name(kind: Kind, golden: &Golden, records: &[Understood]) -> String {
    let whole = match kind {
        Kind::Person => {
            let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|part| golden.first(part)).collect();
            let full = golden.first("full_name").filter(|_| parts.len() < 2).map(str::to_owned);
            full.or_else(|| (!parts.is_empty()).then(|| parts.join(" ")))
        }
        Kind::Organisation => golden.first("name").map(str::to_owned),
    };
    let other = ["email", "phone"].iter().find_map(|name| golden.first(name)).map(str::to_owned);
    let name = whole.or(other).unwrap_or_else(|| records[0].key.clone());
    name.chars().take(255).collect()
}

fn lines(candidates: &[Candidate], normal: impl Fn(&str) -> Option<String>) -> Option<Vec<Line>> {
    let mut found: Vec<Line> = Vec::new();
    for value in candidates.iter().filter_map(|candidate| normal(&candidate.value)) {
        if found.len() < MOST_LINES && found.iter().all(|line| line.value != value) {
            found.push(Line { value, label: String::new() });
        }
    }
    (!found.is_empty()).then_some(found)
}

fn address(golden: &Golden) -> Option<Box<Address>> {
    let part = |name: &str| golden.first(name).unwrap_or_default().to_owned();
    let street = [part("street_number"), part("street")].join(" ").trim().to_owned();
    let street = if street.is_empty() { part("address") } else { street };
    let country = Some(part("country")).filter(|code| code.len() == 2).map(|code| code.to_uppercase());
    let address = Address {
        street,
        street2: part("address_line"),
        postcode: part("postcode"),
        city: part("city"),
        region: part("region"),
        country: country.unwrap_or_default(),
    };
    (!address.is_empty()).then(|| Box::new(address))
}

/// A day from eight digits; none when only the year is known.
fn day(digits: &str) -> Option<Date> {
    let number: u32 = digits.parse().ok()?;
    Date::new((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8).ok()
}
