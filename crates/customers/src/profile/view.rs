//! Everything known about one person or organisation, on one page: who it is and how sure we are, what each source says, relations, value,
//! and what happened, from all sources.
//!
//! The cost is a fixed number of statements plus one for each of the first identifiers that have events, whatever the number of profiles.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kernel::{Id, Timestamp};
use matching::{Pair, probability};
use model::{Ident, Record};
use records::{Access, Action, RecordError, Space};
use serde_json::Value as Json;
use store::{Doubt, Event, Link, Reader, Step, Trace, Verdict};

use super::golden::{Golden, Rules};
use super::point::Points;
use super::relation::{Relation, relations};
use super::stage::Worth;
use crate::identity::{Kind, Linkers, Sources, Understood, current, features_of, understand};

/// Records of a profile that are looked at; nobody has so many, but a mistake may.
const MOST_RECORDS: usize = 200;
/// Identifiers whose events are shown.
pub(super) const MOST_TRACES: usize = 12;
/// Relations of each sort that are shown.
pub(super) const MOST_RELATED: usize = 12;

/// Everything known about one person or organisation, as far as the actor may see it.
#[derive(Clone, Debug)]
pub struct View {
    /// The profile's record, without hidden fields.
    pub profile: Record,
    /// Whether it was asked for by an identifier that it had before a merge.
    pub redirected: bool,
    /// What it is.
    pub kind: Kind,
    /// The records that it is made of, those that are believed most first.
    pub records: Vec<Understood>,
    /// What each record's latest version says, word for word, by record.
    pub payloads: HashMap<Id, Json>,
    /// What is believed, and why.
    pub golden: Golden,
    /// How the records resemble each other.
    pub links: Vec<Link>,
    /// How sure it is that all records are the same: the probability of the weakest link without which they would fall apart. Nothing
    /// for a single record; 1 where a person said so.
    pub sureness: Option<f64>,
    /// Records of other profiles that may be the same, with theirs.
    pub doubts: Vec<(Doubt, Id)>,
    /// What people decided about its records.
    pub verdicts: Vec<Verdict>,
    /// How it came to be, newest first.
    pub lineage: Vec<Step>,
    /// What it did, over all identifiers.
    pub worth: Option<Worth>,
    /// The organisations or people that it hangs together with.
    pub relations: Vec<Relation>,
}

/// A profile by its identifier, perhaps a former one.
///
/// Errors when there is none, and when the actor may not read profiles.
pub async fn view(space: &Arc<Space>, access: &Access, id: Id, reader: &mut Reader) -> Result<View, RecordError> {
    let object = space.object("profile")?;
    access.check(&object, Action::Read)?;
    let sources = space.kept::<Sources>();
    let schema = space.schema();
    let kept = current(reader, id).await?;
    let profile = space.get_as(access, &object.name, kept, reader).await?;
    let mut entries = reader.entries_of(&[kept]).await?;
    entries.truncate(MOST_RECORDS);
    let ids: Vec<Id> = entries.iter().map(|entry| entry.record).collect();
    let versions = reader.latest_versions(&ids).await?;
    let mut records = understand(&sources, &schema, reader, &versions).await?;
    let rules = Rules::read(reader.setting(Rules::SETTING).await?);
    let kind = entries.first().and_then(|entry| Kind::parse(&entry.entity)).unwrap_or(Kind::Person);
    let keys: Vec<(Id, String)> = records.iter().map(|record| (record.source, record.key.clone())).collect();
    let tallies = reader.tallies(&keys).await?;
    let mut golden = Golden::of(kind, &records, &rules, &Points::of(&records, &tallies));
    records.sort_by_key(|record| (record.trust, record.record));
    let mut payloads: HashMap<Id, Json> =
        versions.into_iter().map(|version| (version.record, version.payload)).collect();
    // Who may not see a field sees it nowhere: neither as a golden value nor in a record.
    let hidden = |attribute: &str| field_of(attribute).is_some_and(|field| !access.reads(&object, &Ident::of(field)));
    if golden.0.iter().any(|chosen| hidden(chosen.attribute)) {
        golden.0.retain(|chosen| !hidden(chosen.attribute));
        records.iter_mut().for_each(|record| record.attributes.retain(|attribute| !hidden(attribute)));
        payloads.clear();
    }
    let members: HashSet<Id> = ids.iter().copied().collect();
    let all_links = reader.links(&ids, f64::MIN).await?;
    let links: Vec<Link> = all_links.into_iter().filter(|link| link.a < link.b && members.contains(&link.b)).collect();
    let verdicts = reader.verdicts_on(&ids).await?;
    let doubts = doubts(reader, &ids, &members).await?;
    let worth = Worth::of(&tallies);
    let relations = relations(space, access, kind, &entries, &records, reader).await?;
    Ok(View {
        redirected: kept != id,
        kind,
        sureness: sureness(&ids, &links, &verdicts),
        lineage: reader.lineage(kept, 50).await?,
        profile,
        records,
        payloads,
        golden,
        links,
        doubts,
        verdicts,
        worth,
        relations,
    })
}

/// The profile field in which an attribute shows.
pub(super) fn field_of(attribute: &str) -> Option<&'static str> {
    Some(match attribute {
        "first_name" => "first_name",
        "last_name" => "last_name",
        "full_name" | "name" => "name",
        "email" => "emails",
        "phone" => "phones",
        "birth_date" => "birth_date",
        "identifier" => "identifiers",
        "organisation" => "organisation",
        "job_title" => "job_title",
        "website" => "website",
        "street_number" | "street" | "address" | "address_line" | "postcode" | "city" | "region" | "country" => {
            "address"
        }
        _ => return None,
    })
}

async fn doubts(reader: &mut Reader, ids: &[Id], members: &HashSet<Id>) -> Result<Vec<(Doubt, Id)>, RecordError> {
    let mut found = reader.doubts_on(ids).await?;
    found.retain(|doubt| members.contains(&doubt.a) != members.contains(&doubt.b));
    found.sort_by(|x, y| y.weight.total_cmp(&x.weight));
    found.truncate(MOST_RELATED);
    let others: Vec<Id> =
        found.iter().map(|doubt| if members.contains(&doubt.a) { doubt.b } else { doubt.a }).collect();
    let homes: HashMap<Id, Id> =
        reader.entries(&others).await?.into_iter().map(|entry| (entry.record, entry.profile)).collect();
    Ok(found.into_iter().zip(others).filter_map(|(doubt, other)| Some((doubt, *homes.get(&other)?))).collect())
}

/// The probability of the weakest edge of the strongest tree that holds the records together (Kruskal, 1956).
fn sureness(ids: &[Id], links: &[Link], verdicts: &[Verdict]) -> Option<f64> {
    if ids.len() < 2 {
        return None;
    }
    let place: HashMap<Id, u32> = ids.iter().enumerate().map(|(at, id)| (*id, at as u32)).collect();
    let mut pairs: Vec<Pair> = (links.iter())
        .filter_map(|link| Some(Pair { a: *place.get(&link.a)?, b: *place.get(&link.b)?, weight: link.weight as f32 }))
        .collect();
    for verdict in verdicts.iter().filter(|verdict| verdict.same) {
        let rows: Vec<u32> = verdict.sides.iter().flatten().filter_map(|id| place.get(id).copied()).collect();
        pairs.extend(rows.windows(2).map(|two| Pair { a: two[0], b: two[1], weight: f32::INFINITY }));
    }
    pairs.sort_by(|x, y| y.weight.total_cmp(&x.weight));
    let mut group: Vec<u32> = (0..ids.len() as u32).collect();
    let mut weakest = f32::INFINITY;
    let mut joined = 1;
    for pair in pairs {
        let (a, b) = (group[pair.a as usize], group[pair.b as usize]);
        if a != b {
            group.iter_mut().filter(|held| **held == b).for_each(|held| *held = a);
            weakest = weakest.min(pair.weight);
            joined += 1;
        }
    }
    Some(if joined < ids.len() {
        0.0
    } else if weakest.is_infinite() {
        1.0
    } else {
        probability(f64::from(weakest))
    })
}

/// What happened to a profile before a moment, latest first, from all its identifiers; those that it had before it was known included.
///
/// Costs two statements for each of the first identifiers.
pub async fn events(
    reader: &mut Reader,
    records: &[Understood],
    before: Option<Timestamp>,
    limit: u32,
) -> Result<Vec<Event>, RecordError> {
    let mut found: Vec<Event> = Vec::new();
    let traces = records.iter().filter_map(|record| record.key.split_once('/').map(|(of, id)| (record.source, of, id)));
    for (source, of, id) in traces.take(MOST_TRACES) {
        let own = |event: &Event| event.source == source;
        match of {
            "user" => {
                found.extend(reader.events_of(Trace::User(id), before, limit).await?.into_iter().filter(own));
                for anonymous in reader.anonymous_of(source, id, 5).await? {
                    let earlier = reader.events_of(Trace::Anonymous(&anonymous), before, limit).await?;
                    found.extend(earlier.into_iter().filter(|event| own(event) && event.user_id.is_none()));
                }
            }
            "anonymous" => {
                let events = reader.events_of(Trace::Anonymous(id), before, limit).await?;
                found.extend(events.into_iter().filter(|event| own(event) && event.user_id.is_none()));
            }
            "group" => found.extend(reader.events_of(Trace::Group(id), before, limit).await?.into_iter().filter(own)),
            _ => {}
        }
    }
    found.sort_by_key(|event| std::cmp::Reverse((event.at, event.seq)));
    found.dedup_by_key(|event| event.seq);
    found.truncate(limit as usize);
    Ok(found)
}

/// How a profile is looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// By its identifier, perhaps a former one.
    Profile(Id),
    /// By an e-mail address that some record has.
    Email(String),
    /// By a telephone number that some record has.
    Phone(String),
    /// By what a source calls a record.
    Key(Id, String),
}

/// The profiles that somebody is looked for by; at most a few dozen, those of an identifier first.
pub async fn find(space: &Space, reader: &mut Reader, lookup: &Lookup) -> Result<Vec<Id>, RecordError> {
    let (attribute, value) = match lookup {
        Lookup::Profile(id) => return Ok(vec![current(reader, *id).await?]),
        Lookup::Key(source, key) => {
            let record = reader.source_record(*source, key).await?.map(|version| version.record);
            return Ok(reader.entries(record.as_slice()).await?.into_iter().map(|entry| entry.profile).collect());
        }
        Lookup::Email(value) => ("email", value),
        Lookup::Phone(value) => ("phone", value),
    };
    let linkers = space.kept::<Linkers>();
    let mut found = BTreeSet::new();
    for kind in Kind::ALL {
        let linker = linkers.current(reader, kind).await?;
        let read = linker.read(|column| (column == attribute).then_some(value.as_str()));
        let Some(wanted) = linker.value(&read, attribute) else { continue };
        let keys: Vec<i64> =
            linker.desk([&read]).keys(0).iter().map(|key| crate::identity::key_of(kind, key.key)).collect();
        let ids: Vec<Id> = reader.key_holders(&keys, 60).await?.into_iter().map(|(_, record)| record).collect();
        for entry in reader.entries(&ids).await? {
            let held = features_of(&entry)?;
            let second = format!("{attribute}_2");
            if [attribute, &second].iter().any(|slot| linker.value(&held, slot) == Some(wanted)) {
                found.insert(entry.profile);
            }
        }
    }
    Ok(found.into_iter().collect())
}
