//! The people and organisations that somebody hangs together with, since when and as what: employers and employees by what records and
//! events say, households by family name and address.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Id, Timestamp, Zone};
use model::Record;
use records::{Access, RecordError, Space};
use store::{Entry, Reader};

use super::object::JOB_TITLE;
use super::view::{MOST_RELATED, MOST_TRACES};
use crate::identity::{Kind, Linkers, Understood, features_of, works_at};
use crate::source::Mirrors;

/// Records whose earlier versions are read for employers of the past.
const LOOKED_BACK: usize = 4;

/// Another profile that one hangs together with.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// `works_at`, `employs` or `household`.
    pub kind: &'static str,
    /// The other profile.
    pub profile: Record,
    /// What the person does there.
    pub role: Option<String>,
    /// Since when.
    pub since: Option<Since>,
    /// Until when; nothing while it lasts.
    pub until: Option<Date>,
}

/// When a relation began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// On this day, as the source says.
    Day(Date),
    /// Not later than this day, on which it was first told.
    Known(Date),
}

impl Since {
    /// The day.
    pub const fn day(self) -> Date {
        match self {
            Since::Day(day) | Since::Known(day) => day,
        }
    }
}

/// What is said of a relation before the other profile is known.
#[derive(Clone, Debug, Default)]
struct Said {
    role: Option<String>,
    since: Option<Since>,
    until: Option<Date>,
}

impl Said {
    /// Puts two words about one relation together: the first day and the last role are kept, and what lasts by one of them lasts.
    fn add(&mut self, other: Said) {
        self.role = self.role.take().or(other.role);
        self.since = match (self.since, other.since) {
            (Some(Since::Day(one)), Some(Since::Day(two))) => Some(Since::Day(one.min(two))),
            (Some(Since::Day(day)), _) | (_, Some(Since::Day(day))) => Some(Since::Day(day)),
            (one, two) => one.into_iter().chain(two).min_by_key(|since| since.day()),
        };
        self.until = self.until.zip(other.until).map(|(one, two)| one.max(two));
    }
}

type Called = (Id, String);

fn day(at: Timestamp) -> Date {
    at.to_zoned(Zone::UTC).date()
}

/// The relations of a profile, as far as the actor may see the others. Two statements for each of the first identifiers that have events, one
/// for each of the first records that changed their employer, and five for all.
pub(super) async fn relations(
    space: &Arc<Space>,
    access: &Access,
    kind: Kind,
    entries: &[Entry],
    records: &[Understood],
    reader: &mut Reader,
) -> Result<Vec<Relation>, RecordError> {
    let mut wanted: Vec<(Called, Said)> = Vec::new();
    by_events(records, reader, &mut wanted).await?;
    by_records(records, reader, &mut wanted).await?;
    if kind == Kind::Organisation {
        let keys: Vec<Called> = records.iter().map(|record| (record.source, record.key.clone())).collect();
        let pointing = Mirrors::of(space).await?.pointing(space, &keys, MOST_RELATED as u32).await?;
        wanted.extend(pointing.into_iter().map(|called| (called, Said::default())));
    }
    let called: Vec<Called> = wanted.iter().map(|(called, _)| called.clone()).collect();
    let known: HashMap<Called, Id> = (reader.records_called(&called).await?.into_iter())
        .map(|(source, key, record)| ((source, key), record))
        .collect();
    let ids: Vec<Id> = known.values().copied().collect();
    let homes: HashMap<Id, Id> = (reader.entries(&ids).await?.into_iter())
        .filter(|entry| entry.entity != kind.as_str())
        .map(|entry| (entry.record, entry.profile))
        .collect();
    let relation = if kind == Kind::Person { "works_at" } else { "employs" };
    let mut others: BTreeMap<Id, (&'static str, Said)> = BTreeMap::new();
    for (called, said) in wanted {
        let Some(profile) = known.get(&called).and_then(|record| homes.get(record)) else { continue };
        match others.get_mut(profile) {
            Some((_, held)) => held.add(said),
            None => drop(others.insert(*profile, (relation, said))),
        }
    }
    let own: HashSet<Id> = entries.iter().map(|entry| entry.profile).collect();
    if kind == Kind::Person {
        let linkers = space.kept::<Linkers>();
        for profile in household(&linkers, entries, reader).await? {
            others.entry(profile).or_insert_with(|| ("household", Said::default()));
        }
    }
    let ids: Vec<Id> = others.keys().copied().filter(|id| !own.contains(id)).take(3 * MOST_RELATED).collect();
    let object = space.object("profile")?;
    let profiles = space.get_many_as(access, &object.name, &ids, reader).await?;
    let mut found: Vec<Relation> = (profiles.into_iter())
        .filter(|profile| profile.deleted_at().is_none())
        .filter_map(|profile| {
            let (kind, said) = others.remove(&profile.id())?;
            let role = if kind == "employs" { profile.get(JOB_TITLE) } else { said.role };
            Some(Relation { kind, role, since: said.since, until: said.until, profile })
        })
        .collect();
    found.sort_by_key(|relation| (relation.until.is_some(), relation.kind, relation.profile.id()));
    Ok(found)
}

/// What events of groups say: somebody belongs to one since the first of them.
async fn by_events(
    records: &[Understood],
    reader: &mut Reader,
    wanted: &mut Vec<(Called, Said)>,
) -> Result<(), RecordError> {
    let traces = records.iter().filter_map(|record| record.key.split_once('/').map(|(of, id)| (record, of, id)));
    for (record, of, id) in traces.take(MOST_TRACES) {
        let (partners, other) = match of {
            "user" => (reader.groups_of(record.source, id, MOST_RELATED as u32).await?, "group"),
            "group" => (reader.users_of(record.source, id, MOST_RELATED as u32).await?, "user"),
            _ => continue,
        };
        let role = record.attributes.first("job_title").filter(|_| partners.len() == 1).map(str::to_owned);
        for (partner, first, _) in partners {
            let said = Said { role: role.clone(), since: Some(Since::Known(day(first))), until: None };
            wanted.push(((record.source, format!("{other}/{partner}")), said));
        }
    }
    Ok(())
}

/// What records say: their employer, and those that earlier versions named.
async fn by_records(
    records: &[Understood],
    reader: &mut Reader,
    wanted: &mut Vec<(Called, Said)>,
) -> Result<(), RecordError> {
    let mut looked = 0;
    for record in records.iter().filter(|record| record.works_at.is_some()) {
        let versions = match record.version > 1 && looked < LOOKED_BACK {
            true => reader.source_versions(record.source, &record.key).await?,
            false => Vec::new(),
        };
        looked += usize::from(!versions.is_empty());
        let mut told: Vec<_> = versions.iter().map(|version| (works_at(version), version.received_at)).collect();
        told.sort_by_key(|(_, at)| *at);
        if told.is_empty() {
            told.push((record.works_at.clone(), record.received_at));
        }
        let current = record.works_at.as_ref().map(|work| (work.source, work.key.clone()));
        for (place, (work, at)) in told.iter().enumerate() {
            let Some(work) = work else { continue };
            let called = (work.source, work.key.clone());
            let ends = told[place + 1..]
                .iter()
                .find(|(next, _)| next.as_ref().is_none_or(|next| (next.source, &next.key) != (called.0, &called.1)));
            let last = ends.is_none() && current.as_ref() == Some(&called);
            let title = || record.attributes.first("job_title").filter(|_| last).map(str::to_owned);
            let said = Said {
                role: work.role.clone().or_else(title),
                since: Some(work.since.map_or(Since::Known(day(*at)), Since::Day)),
                until: work.until.or_else(|| ends.map(|(_, at)| day(*at))),
            };
            match wanted.iter_mut().find(|(known, _)| *known == called) {
                Some((_, held)) => held.add(said),
                None => wanted.push((called, said)),
            }
        }
    }
    Ok(())
}

/// People of the same family name at the same address.
async fn household(linkers: &Linkers, entries: &[Entry], reader: &mut Reader) -> Result<BTreeSet<Id>, RecordError> {
    let linker = linkers.current(reader, Kind::Person).await?;
    let features = entries.iter().map(features_of).collect::<Result<Vec<_>, _>>()?;
    let names: HashSet<&str> = features.iter().filter_map(|read| linker.value(read, "last_name")).collect();
    let rule = linker.model().blocking.iter().position(|rule| rule.starts_with("street.sound"));
    let desk = linker.desk(&features);
    let keys: BTreeSet<i64> = (0..features.len() as u32)
        .flat_map(|row| desk.keys(row))
        .filter(|key| Some(key.rule) == rule)
        .map(|key| key.key.cast_signed())
        .take(4)
        .collect();
    let holders = reader.key_holders(&keys.into_iter().collect::<Vec<_>>(), 30).await?;
    let ids: Vec<Id> = holders.into_iter().map(|(_, record)| record).collect();
    let mut found = BTreeSet::new();
    for entry in reader.entries(&ids).await? {
        let read = features_of(&entry)?;
        if linker.value(&read, "last_name").is_some_and(|name| names.contains(name)) {
            found.insert(entry.profile);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn two_words_about_one_employment_become_one() {
        let known = |y| Some(Since::Known(date(y, 1, 1)));
        let mut said = Said { role: None, since: known(2024), until: Some(date(2025, 1, 1)) };
        said.add(Said { role: Some("Achats".to_owned()), since: known(2023), until: Some(date(2025, 6, 1)) });
        assert_eq!(
            (said.role.as_deref(), said.since, said.until),
            (Some("Achats"), known(2023), Some(date(2025, 6, 1)))
        );
        said.add(Said { role: None, since: Some(Since::Day(date(2024, 5, 1))), until: None });
        assert_eq!(
            (said.since, said.until),
            (Some(Since::Day(date(2024, 5, 1))), None),
            "what a source says exactly counts"
        );
    }
}
