//! A record: its page, its form, its values edited in place, its timeline and history.

pub(crate) mod alike;
pub(crate) mod cell;
pub(crate) mod conflict;
pub(crate) mod form;
pub(crate) mod known;
pub(crate) mod merge;
pub(crate) mod page;
pub(crate) mod verbs;

use std::sync::Arc;

use kernel::Id;
use model::{Ident, ObjectDef, Record};
use records::RecordError;
use store::Reader;

use crate::visit::Visit;

/// The object and the identifier that an address names.
pub(crate) fn named(visit: &Visit, object: &str, id: &str) -> Result<(Arc<ObjectDef>, Id), RecordError> {
    let object = visit.space.object(object)?;
    let id = Id::parse(id, object.prefix.as_str()).map_err(|_| RecordError::unknown("record", id))?;
    Ok((object, id))
}

/// A record that the reader may see, from the bin too.
pub(crate) async fn read(visit: &Visit, object: &Ident, id: Id, reader: &mut Reader) -> Result<Record, RecordError> {
    visit.space.get_as(&visit.access, object, id, reader).await
}
