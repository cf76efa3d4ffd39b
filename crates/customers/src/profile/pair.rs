//! Single records in the light of the profile they belong to, and two of them side by side.

use std::collections::HashMap;

use kernel::Id;
use matching::{Column, Model, Table, Waterfall};
use model::{Ident, ObjectDef};
use records::{Access, Action, RecordError, Space};
use store::{Reader, StoreError};

use super::view::field_of;
use crate::identity::{Linkers, Sources, Understood, columns, understand};

/// A source's record and the profile it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The record, without what the actor may not see.
    pub record: Understood,
    /// Its profile.
    pub profile: Id,
}

/// Records with their profiles, in the order asked for; those that are nowhere are left out. Three statements.
///
/// Errors when the actor may not read profiles.
pub async fn members(
    space: &Space,
    access: &Access,
    ids: &[Id],
    reader: &mut Reader,
) -> Result<Vec<Member>, RecordError> {
    let object = space.object("profile")?;
    access.check(&object, Action::Read)?;
    let homes: HashMap<Id, Id> =
        reader.entries(ids).await?.into_iter().map(|entry| (entry.record, entry.profile)).collect();
    let versions = reader.latest_versions(ids).await?;
    let mut records = understand(&space.kept::<Sources>(), &space.schema(), reader, &versions).await?;
    hide(access, &object, &mut records);
    let mut found: HashMap<Id, Understood> = records.into_iter().map(|record| (record.record, record)).collect();
    let member = |id: &Id| Some(Member { profile: *homes.get(id)?, record: found.remove(id)? });
    Ok(ids.iter().filter_map(member).collect())
}

/// Takes out of records what the actor may not see of profiles.
pub fn hide(access: &Access, object: &ObjectDef, records: &mut [Understood]) {
    let seen = |attribute: &str| field_of(attribute).is_none_or(|field| access.reads(object, &Ident::of(field)));
    records.iter_mut().for_each(|record| record.attributes.retain(seen));
}

/// Why two records of one kind are, or are not, the same by a model, by the one in use when none is named, whether or not they were ever
/// compared.
pub async fn waterfall(
    space: &Space,
    reader: &mut Reader,
    a: &Understood,
    b: &Understood,
    model: Option<&Model>,
) -> Result<Waterfall, RecordError> {
    let in_use = space.kept::<Linkers>().current(reader, a.kind).await?;
    let model = model.unwrap_or(in_use.model());
    let mut table = Table::default();
    let cells = columns(a.kind).map(|(name, ..)| {
        let mut column = Column::default();
        column.push(a.attributes.cell(&name));
        column.push(b.attributes.cell(&name));
        (name, column)
    });
    let broken = |error: matching::Error| StoreError::Fault(format!("two records cannot be compared: {error}"));
    table.append("records", cells.collect()).map_err(broken)?;
    Ok(matching::explain(model, &table, 0, 1).map_err(broken)?)
}
