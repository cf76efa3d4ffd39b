//! How good the records of each source are: what is said, what of it can be read, and how many records find others of the same person.
//!
//! Counts are exact and cost one pass over an index; everything else is measured on the first records of each source by key, so that the cost
//! does not grow with the number of records: five statements for each source.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::Id;
use model::{Ident, Query};
use records::{Access, Action, RecordError, Space};
use store::{Entry, Reader, Version};

use crate::identity::{Kind, Linkers, Sources, Understood, features_of, understand, vocabulary};
use crate::source::NAME;

/// Sources that are measured; nobody has so many.
const MOST_SOURCES: u32 = 50;
/// Attributes whose values have a form that can be wrong, with what the matching library calls what it reads of them.
const FORMED: [(&str, &str); 3] = [("email", "email"), ("phone", "phone"), ("birth_date", "date")];

/// How good the records of a source are.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// The source.
    pub source: Id,
    /// Its name.
    pub name: String,
    /// Its records, those that say nothing any more included.
    pub records: i64,
    /// Records that were looked at; the other figures are about them.
    pub sample: usize,
    /// Records that are a profile of their own.
    pub alone: usize,
    /// Records in a profile that another source knows too.
    pub shared: usize,
    /// Records beyond the first of a profile within this source: its duplicates.
    pub duplicates: usize,
    /// Records that say nothing by which they could find others.
    pub unlinkable: usize,
    /// Attributes with the records that say something about them, in the order of the vocabulary.
    pub filled: Vec<(&'static str, usize)>,
    /// Of attributes whose form can be wrong: records whose value cannot be read.
    pub unreadable: Vec<(&'static str, usize)>,
}

/// The quality of all sources, by name, measured on up to `sample` records of each.
///
/// Errors when the actor may not see sources.
pub async fn quality(
    space: &Space,
    access: &Access,
    sample: u32,
    reader: &mut Reader,
) -> Result<Vec<Quality>, RecordError> {
    let object = space.object("source")?;
    access.check(&object, Action::Read)?;
    let query = Query { limit: MOST_SOURCES, ..Query::of(Ident::of("source")) };
    let sources = space.list_as(&space.system_ctx(), access, &query, reader).await?.records;
    let counts: HashMap<Id, i64> = reader.count_source_records().await?.into_iter().collect();
    let mut found = Vec::new();
    for source in sources {
        let records = counts.get(&source.id()).copied().unwrap_or(0);
        if records > 0 {
            let name = source.get(NAME).unwrap_or_default();
            found.push(measure(space, source.id(), name, records, sample, reader).await?);
        }
    }
    found.sort_by(|x, y| x.name.cmp(&y.name));
    Ok(found)
}

async fn measure(
    space: &Space,
    source: Id,
    name: String,
    records: i64,
    sample: u32,
    reader: &mut Reader,
) -> Result<Quality, RecordError> {
    let versions: Vec<Version> = reader.source_records(source, None, sample).await?;
    let understood = understand(&space.kept::<Sources>(), &space.schema(), reader, &versions).await?;
    let understood: Vec<Understood> = understood.into_iter().filter(|record| !record.gone).collect();
    let ids: Vec<Id> = understood.iter().map(|record| record.record).collect();
    let entries: HashMap<Id, Entry> =
        reader.entries(&ids).await?.into_iter().map(|entry| (entry.record, entry)).collect();
    let profiles: HashSet<Id> = entries.values().map(|entry| entry.profile).collect();
    let mut mates: HashMap<Id, Vec<(Id, Id)>> = HashMap::new();
    for mate in reader.entries_of(&profiles.into_iter().collect::<Vec<_>>()).await? {
        mates.entry(mate.profile).or_default().push((mate.record, mate.source));
    }
    let mut quality = Quality {
        source,
        name,
        records,
        sample: understood.len(),
        alone: 0,
        shared: 0,
        duplicates: 0,
        unlinkable: 0,
        filled: Vec::new(),
        unreadable: Vec::new(),
    };
    let (mut filled, mut unreadable) = (BTreeMap::new(), BTreeMap::new());
    for kind in Kind::ALL {
        let linker = space.kept::<Linkers>().current(reader, kind).await?;
        for record in understood.iter().filter(|record| record.kind == kind) {
            for (attribute, _) in record.attributes.iter() {
                *filled.entry(attribute).or_insert(0) += 1;
            }
            let Some(entry) = entries.get(&record.record) else { continue };
            let mates = mates.get(&entry.profile).map_or(&[][..], Vec::as_slice);
            quality.alone += usize::from(mates.len() < 2);
            quality.shared += usize::from(mates.iter().any(|(_, of)| *of != source));
            let first = mates.iter().filter(|(_, of)| *of == source).map(|(id, _)| *id).min();
            quality.duplicates += usize::from(first.is_some_and(|first| first != record.record));
            let features = features_of(entry)?;
            for (attribute, read) in FORMED {
                let said = !record.attributes.get(attribute).is_empty();
                if said && linker.value(&features, read).is_none() {
                    *unreadable.entry(attribute).or_insert(0) += 1;
                }
            }
            quality.unlinkable += usize::from(linker.desk([&features]).keys(0).is_empty());
        }
    }
    let mut order: Vec<&'static str> = Vec::new();
    for attribute in Kind::ALL.into_iter().flat_map(vocabulary) {
        if filled.contains_key(attribute.name) && !order.contains(&attribute.name) {
            order.push(attribute.name);
        }
    }
    quality.filled = order.into_iter().map(|name| (name, filled[name])).collect();
    quality.unreadable = FORMED.into_iter().filter_map(|(name, _)| Some((name, *unreadable.get(name)?))).collect();
    Ok(quality)
}
