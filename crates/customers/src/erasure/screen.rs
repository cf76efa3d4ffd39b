//! Records of our own objects beside the tombstones: an import makes none of somebody who was erased, and whoever types one is warned.

use model::{FieldType, Fields, ObjectDef, Problem};
use records::{Cx, RecordError};
use store::{BoxFuture, Digest, Reader, StoreError};

use super::Stones;
use crate::consent::ContactPoint;

/// For each of some records of an object, the field in which an address or a number of somebody stands who was erased, if there is one. Two
/// statements for all of them, one where nobody was ever erased.
async fn marked(
    reader: &mut Reader,
    object: &ObjectDef,
    records: &[&Fields],
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
    let marks = |record: &&Fields| -> Vec<(Digest, &str)> {
        let points = fields.iter().flat_map(|(field, phones)| {
            let points = record.get(field).map(|value| ContactPoint::of_value(value, *phones)).unwrap_or_default();
            points.into_iter().map(move |point| (point, *field))
        });
        points.map(|(point, field)| (stones.of_point(&point), field)).collect()
    };
    let marks: Vec<Vec<(Digest, &str)>> = records.iter().map(marks).collect();
    let all: Vec<Digest> = marks.iter().flatten().map(|(mark, _)| *mark).collect();
    let found = reader.tombstoned(&all).await?;
    let one = |own: &Vec<(Digest, &str)>| {
        own.iter().find(|(mark, _)| found.contains(mark)).map(|(_, field)| (*field).to_owned())
    };
    Ok(marks.iter().map(one).collect())
}

/// Lets an import make no record of somebody who was erased.
pub(crate) fn screen<'a>(
    cx: &'a mut Cx<'_>,
    object: &'a ObjectDef,
    records: &'a [&'a Fields],
) -> BoxFuture<'a, Result<Vec<Option<Problem>>, RecordError>> {
    Box::pin(async move {
        let found = marked(cx.writer, object, records).await?;
        Ok(found.into_iter().map(|field| field.map(|field| Problem::new(field, "erased"))).collect())
    })
}

/// Whether a record that somebody types holds an address or a number of a person who was erased. It may be typed all the same: people come
/// back.
pub async fn is_erased(reader: &mut Reader, object: &ObjectDef, draft: &Fields) -> Result<bool, RecordError> {
    Ok(marked(reader, object, &[draft]).await?.iter().any(Option::is_some))
}
