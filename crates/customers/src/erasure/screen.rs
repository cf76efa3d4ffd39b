//! Records of our own objects beside the tombstones: neither a file nor a program makes one of somebody who was erased or gives one an address
//! of such a person, and whoever types it is warned.

use model::{FieldType, Fields, ObjectDef, Problem, Record};
use records::{Cx, Draft, RecordError};
use store::{BoxFuture, Digest, Reader, StoreError};

use super::Stones;
use crate::consent::ContactPoint;

/// What a record of ours was, and what it is to be.
type Step<'a> = (Option<&'a Record>, &'a Fields);

/// For each of some records of an object, the field that gains an address or a number of somebody who was erased, if there is one. At most two
/// statements for all of them, one where nobody was ever erased.
async fn marked(
    reader: &mut Reader,
    object: &ObjectDef,
    records: &[Step<'_>],
) -> Result<Vec<Option<String>>, StoreError> {
    let fields: Vec<(&str, bool)> = (object.fields.iter())
        .filter(|field| matches!(field.kind, FieldType::Emails | FieldType::Phones))
        .map(|field| (field.name.as_str(), matches!(field.kind, FieldType::Phones)))
        .collect();
    let none = vec![None; records.len()];
    if fields.is_empty() {
        return Ok(none);
    }
    let Some(stones) = Stones::there(reader).await? else { return Ok(none) };
    let marks = |(old, new): &Step<'_>| -> Vec<(Digest, &str)> {
        let gained = fields.iter().flat_map(|(field, phones)| {
            let points = |of: &Fields| of.get(field).map(|v| ContactPoint::of_value(v, *phones)).unwrap_or_default();
            let held = old.map(|old| points(&old.fields)).unwrap_or_default();
            points(new).into_iter().filter(move |point| !held.contains(point)).map(move |point| (point, *field))
        });
        gained.map(|(point, field)| (stones.of_point(&point), field)).collect()
    };
    let marks: Vec<Vec<(Digest, &str)>> = records.iter().map(marks).collect();
    let all: Vec<Digest> = marks.iter().flatten().map(|(mark, _)| *mark).collect();
    if all.is_empty() {
        return Ok(none);
    }
    let found = reader.tombstoned(&all).await?;
    let one = |own: &Vec<(Digest, &str)>| {
        own.iter().find(|(mark, _)| found.contains(mark)).map(|(_, field)| (*field).to_owned())
    };
    Ok(marks.iter().map(one).collect())
}

/// Lets no record gain an address or a number of somebody who was erased.
pub(crate) fn screen<'a>(
    cx: &'a mut Cx<'_>,
    object: &'a ObjectDef,
    drafts: &'a [&'a Draft],
) -> BoxFuture<'a, Result<Vec<Option<Problem>>, RecordError>> {
    Box::pin(async move {
        let steps: Vec<Step<'_>> = drafts.iter().map(|draft| (draft.old.as_ref(), &draft.record.fields)).collect();
        let found = marked(cx.writer, object, &steps).await?;
        Ok(found.into_iter().map(|field| field.map(|field| Problem::new(field, "erased"))).collect())
    })
}

/// Whether a record gains, by what somebody types, an address or a number of a person who was erased; `old` is the record where it is there
/// already. It may be typed all the same: people come back.
pub async fn is_erased(
    reader: &mut Reader,
    object: &ObjectDef,
    old: Option<&Record>,
    draft: &Fields,
) -> Result<bool, RecordError> {
    Ok(marked(reader, object, &[(old, draft)]).await?.iter().any(Option::is_some))
}
