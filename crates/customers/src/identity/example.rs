//! Some of what a model would change, record by record.

use std::collections::HashMap;

use kernel::Id;
use matching::{Features, Linker, Pair, probability};
use records::{Access, RecordError, Space};
use store::Reader;

use super::model::broken;
use super::{Choice, Comparison, model_of};
use crate::profile::{Member, members};

/// Examples of each sort that are shown.
const SHOWN: usize = 8;
/// Records of one example that are shown.
const RECORDS: usize = 6;

/// Records that a model would put together, or take apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The records, each with the profile it belongs to.
    pub members: Vec<Member>,
    /// For each of them the group it would be in, counted from 1.
    pub groups: Vec<usize>,
    /// The two that decide: of different profiles, or of different groups, those that resemble each other most, with the probability that
    /// they are the same by this model.
    pub deciding: Option<(usize, usize, f64)>,
}

/// Examples of what adopting a model would change: groups of profiles that it would merge, and profiles that it would split. Those that are
/// as the model wants them by now are left out. Three statements.
///
/// Errors when there is no such model, and when the actor may not change profiles.
pub async fn examples(
    space: &Space,
    access: &Access,
    id: Id,
    reader: &mut Reader,
) -> Result<[Vec<Example>; 2], RecordError> {
    let (_, model, kept) = model_of(space, access, Choice::Learnt(id)).await?;
    let linker = Linker::new(model).map_err(|error| broken(&error))?;
    let told = kept.as_ref().map(Comparison::of).unwrap_or_default();
    let read = |ids: &[String]| ids.iter().filter_map(|id| Id::parse_any(id).ok()).map(|(_, id)| id).collect();
    let merged: Vec<Vec<Id>> = told.merged.iter().take(SHOWN).map(|group| read(group)).collect();
    let split: Vec<Vec<Id>> =
        told.split.iter().take(SHOWN).map(|profile| read(std::slice::from_ref(profile))).collect();
    let profiles: Vec<Id> = merged.iter().chain(&split).flatten().copied().collect();
    let mut of: HashMap<Id, Vec<Id>> = HashMap::new();
    for entry in reader.entries_of(&profiles).await? {
        of.entry(entry.profile).or_default().push(entry.record);
    }
    let wanted: Vec<Id> = of.values().flat_map(|records| records.iter().take(RECORDS)).copied().collect();
    let known: HashMap<Id, Member> = (members(space, access, &wanted, reader).await?.into_iter())
        .map(|member| (member.record.record, member))
        .collect();
    let gather = |profiles: &[Id]| -> Vec<Member> {
        let each = RECORDS.div_ceil(profiles.len().max(1));
        let records = profiles.iter().filter_map(|id| of.get(id)).flat_map(|records| records.iter().take(each));
        records.filter_map(|id| known.get(id).cloned()).take(RECORDS).collect()
    };
    let merges = merged.iter().map(|profiles| judge(&linker, gather(profiles), true));
    let splits = split.iter().map(|profiles| judge(&linker, gather(profiles), false));
    let changes = |example: &Example| example.members.len() > 1;
    Ok([merges.filter(changes).collect(), splits.filter(changes).collect()])
}

/// What a model makes of some records.
fn judge(linker: &Linker, members: Vec<Member>, merges: bool) -> Example {
    let features: Vec<Features> =
        members.iter().map(|member| linker.read(|column| member.record.compared(column))).collect();
    let desk = linker.desk(&features);
    let rows = 0..members.len() as u32;
    let pairs: Vec<Pair> = (rows.clone())
        .flat_map(|a| rows.clone().filter(move |b| a < *b).map(move |b| (a, b)))
        .map(|(a, b)| Pair { a, b, weight: desk.weight(a, b) })
        .collect();
    let links: Vec<Pair> =
        pairs.iter().filter(|pair| pair.weight >= linker.threshold() && !desk.apart(pair.a, pair.b)).copied().collect();
    let clusters = desk.clusters(&links, &[], &|_, _| false);
    let mut groups: Vec<usize> = vec![0; members.len()];
    let mut count = 0;
    for row in rows {
        if groups[row as usize] == 0 {
            count += 1;
            let together = clusters.iter().find(|cluster| cluster.contains(&row));
            together.map_or(&[row][..], Vec::as_slice).iter().for_each(|row| groups[*row as usize] = count);
        }
    }
    let decides = |pair: &&Pair| {
        let (a, b) = (pair.a as usize, pair.b as usize);
        if merges { members[a].profile != members[b].profile } else { groups[a] != groups[b] }
    };
    let deciding = pairs.iter().filter(decides).max_by(|x, y| x.weight.total_cmp(&y.weight));
    let deciding = deciding.map(|pair| (pair.a as usize, pair.b as usize, probability(f64::from(pair.weight))));
    Example { members, groups, deciding }
}
