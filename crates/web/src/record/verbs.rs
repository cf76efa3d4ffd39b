//! What can be done with a record besides changing its values: delete, restore, move to a stage, put a former value back, add an activity.

use axum::extract::Path;
use axum::response::IntoResponse;
use model::{Fields, Problem, Value, from_json};
use records::{Op, RecordError};
use serde_json::Value as Json;

use crate::failure::Answer;
use crate::form::Posted;
use crate::names::{Wanted, title_text};
use crate::record::{self, form};
use crate::{board, change, frame, label, timeline};

/// `POST /o/{object}/{id}/delete`
pub(crate) async fn delete(Path((object, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    let record = posted.space.get(&posted.ctx, &object.name, id).await?;
    let (batch, _) =
        change::undoable(&posted, &object.name, &title_text(&object, &record), vec![Op::Delete(id)]).await?;
    Ok(frame::go_saying(&posted, &label::list_address(&object), "deleted", Some(batch)))
}

/// `POST /o/{object}/{id}/restore`
pub(crate) async fn restore(Path((object, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    posted.space.write_one(&posted.ctx, &object.name, Op::Restore(id)).await?;
    Ok(frame::go_saying(&posted, &label::record_address(&object, id), "restored", None))
}

/// `POST /o/{object}/{id}/stage`
pub(crate) async fn stage(Path((object, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    let by = board::field(&object).ok_or_else(|| RecordError::unknown("field", "board"))?;
    let value = from_json(&posted.space.schema(), &object, by, &Json::String(posted.pairs.text("stage").to_owned()))?;
    let fields = Fields::from_iter([(by.name.clone(), value)]);
    let op = Op::Update { id, fields, version: None };
    let (batch, _) = change::undoable(&posted, &object.name, &posted.word("moved"), vec![op]).await?;
    Ok(frame::go_saying(&posted, &label::record_address(&object, id), "moved", Some(batch)))
}

/// `POST /o/{object}/{id}/history/{change}/{field}`: the value before a change comes back.
pub(crate) async fn put_back(
    Path((object, id, seq, field)): Path<(String, String, i64, String)>,
    posted: Posted,
) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    let changes = {
        let mut reader = posted.space.store.read().await?;
        record::read(&posted, &object.name, id, &mut reader).await?;
        reader.history(id, Some(seq.saturating_add(1)), 1).await?
    };
    let former = changes.iter().find(|c| c.seq == seq).and_then(|c| timeline::former(&posted, &object, c, &field));
    let def = object.field(&field).ok_or_else(|| RecordError::unknown("field", &field))?;
    let value = former.ok_or_else(|| RecordError::unknown("change", seq.to_string()))?;
    let op = Op::Update { id, fields: Fields::from_iter([(def.name.clone(), value)]), version: None };
    let (batch, _) = change::undoable(&posted, &object.name, &label::field(&posted, &object, def), vec![op]).await?;
    Ok(frame::go_saying(&posted, &format!("{}/history", label::record_address(&object, id)), "restored", Some(batch)))
}

/// `POST /o/{object}/{id}/compose/{activity}`: an activity about the record. Scripts get its entry for the timeline.
pub(crate) async fn compose(Path((object, id, other)): Path<(String, String, String)>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    let other = posted.space.object(&other)?;
    posted.space.get(&posted.ctx, &object.name, id).await?;
    let about = other
        .timeline
        .as_ref()
        .and_then(|n| other.field(n.as_str()))
        .ok_or_else(|| Problem::new("", "wrong-target"))?;
    let mut fields = form::values(&posted, &other, None).await?;
    let here = match about.kind {
        model::FieldType::Polymorphic { .. } => Value::Ref(model::Ref { object: object.name.clone(), id }),
        _ => Value::Id(id),
    };
    fields.set(about.name.clone(), here);
    let outcome = posted.space.write_one(&posted.ctx, &other.name, Op::Create(fields)).await?;
    if !posted.htmx {
        return Ok(frame::go_saying(&posted, &label::record_address(&object, id), "created", None));
    }
    let mut reader = posted.space.store.read().await?;
    let record = record::read(&posted, &other.name, outcome.record.id(), &mut reader).await?;
    let mut wanted = Wanted::default();
    wanted.users(posted.me());
    wanted.record(&other, &record, &other.layout.facts);
    let names = wanted.read(&posted, &mut reader).await?;
    Ok(timeline::fresh(&posted, &object, other, record, &names).into_response())
}
