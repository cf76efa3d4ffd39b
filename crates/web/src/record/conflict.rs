//! A record that somebody else saved while its form was open: which version the form was opened with, and the choice between what this
//! reader entered and what the other saved.

use kernel::Id;
use maud::Markup;
use model::{FieldDef, ObjectDef, Value, system};
use records::{FieldConflict, RecordError};

use crate::form::{Form, Pairs};
use crate::label;
use crate::names::{Names, Wanted};
use crate::visit::Visit;

/// The version that a form was opened with.
pub(crate) fn version(pairs: &Pairs) -> Option<i64> {
    pairs.text(system::VERSION).parse().ok()
}

/// The control that tells [`version`].
pub(crate) fn hidden(version: i64) -> (String, String) {
    (system::VERSION.to_owned(), version.to_string())
}

/// Whether the reader leaves a field as the other saved it.
pub(crate) fn is_left(pairs: &Pairs, field: &str) -> bool {
    pairs.get(&format!("keep.{field}")) == Some("theirs")
}

/// What was posted, with the stored values where the reader leaves them, so that a form that is drawn once more holds what was chosen.
pub(crate) fn settled(posted: &Pairs, stored: &Pairs) -> Pairs {
    let left = |name: &str| is_left(posted, name.split('.').next().unwrap_or_default());
    let mine = posted.0.iter().filter(|(name, _)| !left(name));
    Pairs(mine.chain(stored.0.iter().filter(|(name, _)| left(name))).cloned().collect())
}

/// The choice, for each field that both changed; `draw` says how a value is shown.
pub(crate) async fn panel(
    form: &Form,
    object: &ObjectDef,
    id: Id,
    conflicts: &[FieldConflict],
    draw: impl Fn(&Visit, &ObjectDef, &FieldDef, &Value, &Names) -> ui::Cell,
) -> Result<Markup, RecordError> {
    let record = form.space.get(&form.ctx, &object.name, id).await?;
    let by = record.value(system::UPDATED_BY).as_id();
    let mut wanted = Wanted::default();
    wanted.users(by);
    for conflict in conflicts {
        wanted.value(object, conflict.field.as_str(), &conflict.mine);
        wanted.value(object, conflict.field.as_str(), &conflict.theirs);
    }
    let names = wanted.read(form, &mut form.space.store.read().await?).await?;
    let who = by.and_then(|id| names.get(id)).map_or_else(|| form.word("product-name"), str::to_owned);
    let when = match record.value(system::UPDATED_AT) {
        Value::DateTime(at) => form.format().date_time(*at, &form.ctx.zone),
        _ => String::new(),
    };
    let rows = conflicts.iter().filter_map(|conflict| {
        let field = object.field(conflict.field.as_str())?;
        Some(ui::ConflictRow {
            name: field.name.to_string(),
            label: label::field(form, object, field),
            mine: draw(form, object, field, &conflict.mine, &names),
            theirs: draw(form, object, field, &conflict.theirs, &names),
        })
    });
    let by = form.say("changed-by", &[("who", (&who).into()), ("when", (&when).into())]);
    Ok(ui::conflict_panel(&form.view(), &ui::Conflict { by, rows: rows.collect() }))
}
