//! A value edited where it stands, in a list or among a record's properties.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use maud::html;
use model::{FieldDef, FieldType, Fields, ObjectDef, Record};
use records::{Action, Op, RecordError};

use crate::failure::{Answer, explain};
use crate::form::{Pairs, Posted, is_about_input};
use crate::frame;
use crate::list::table::in_place;
use crate::names::{Names, Wanted};
use crate::record::{self, alike, conflict, form};
use crate::visit::{Signed, Visit};
use crate::{change, control, input, label, show};

fn field<'a>(visit: &Visit, object: &'a ObjectDef, name: &str) -> Result<&'a FieldDef, RecordError> {
    let field = object.field(name).filter(|f| show::is_shown(visit, object, f));
    let field = field.ok_or_else(|| RecordError::unknown("field", name))?;
    if show::is_editable(visit, object, field) && in_place(field) {
        Ok(field)
    } else {
        Err(RecordError::forbidden("update", name))
    }
}

/// `GET /o/{object}/{id}/cell/{field}`
pub(crate) async fn open(visit: Signed, Path((object, id, name)): Path<(String, String, String)>) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    visit.access.check(&object, Action::Update)?;
    let field = field(&visit, &object, &name)?;
    let mut reader = visit.space.store.read().await?;
    let record = record::read(&visit, &object.name, id, &mut reader).await?;
    let mut wanted = Wanted::default();
    wanted.record(&object, &record, [&field.name]);
    let names = wanted.read(&visit, &mut reader).await?;
    let pairs = input::write(&visit, &object, field, record.value(&name), &names);
    Ok(editor(&visit, &object, field, &record, &pairs, &names, None).into_response())
}

fn editor(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    record: &Record,
    pairs: &Pairs,
    names: &Names,
    error: Option<String>,
) -> maud::Markup {
    let action = format!("{}/cell/{}", label::record_address(object, record.id()), field.name);
    let named = label::field(visit, object, field);
    let settings = ui::Control {
        label: Some(named.clone()),
        autofocus: true,
        invalid: error.is_some(),
        ..ui::Control::new(field.name.as_str())
    };
    let version = record.version().to_string();
    let control = html! {
        (control::draw(visit, object, field, pairs, names, &settings))
        input type="hidden" name="version" value=(version);
    };
    ui::cell_edit(&visit.view(), &ui::CellEdit { action, label: named, control, error })
}

/// `POST /o/{object}/{id}/cell/{field}`
pub(crate) async fn save(Path((object, id, name)): Path<(String, String, String)>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, &object, &id)?;
    let field = field(&posted, &object, &name)?;
    let version = conflict::version(&posted.pairs);
    let mut saved = "toast-saved";
    let result = match form::value(&posted, &object, field, None).await {
        Ok(value) => {
            let fields = Fields::from_iter([(field.name.clone(), value)]);
            if matches!(field.kind, FieldType::Emails | FieldType::Phones) {
                let mut reader = posted.space.store.read().await?;
                if alike::is_of_erased(&posted, &object, Some(id), &fields, &mut reader).await? {
                    saved = "toast-saved-erased";
                }
            }
            let op = Op::Update { id, fields, version };
            change::undoable(&posted, &object.name, &label::field(&posted, &object, field), vec![op]).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok((batch, outcomes)) => {
            let changed = outcomes.iter().any(|o| o.done.is_some());
            show_value(&posted, &object, field, id, changed.then_some(batch), saved).await
        }
        Err(error) if is_about_input(&error) || matches!(error, RecordError::Conflict { .. }) => {
            let record = posted.space.get(&posted.ctx, &object.name, id).await?;
            let mut wanted = Wanted::default();
            control::wanted(&posted.space.schema(), &mut wanted, [field], &posted.pairs);
            let names = wanted.read(&posted, &mut posted.space.store.read().await?).await?;
            let text = explain(&posted, &error);
            Ok(frame::refused(editor(&posted, &object, field, &record, &posted.pairs, &names, Some(text))))
        }
        Err(error) => Err(error.into()),
    }
}

async fn show_value(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    id: kernel::Id,
    batch: Option<kernel::Id>,
    saved: &str,
) -> Result<Response, crate::failure::Failure> {
    if !visit.htmx {
        return Ok(frame::go_saying(visit, &label::record_address(object, id), "saved", batch));
    }
    let mut reader = visit.space.store.read().await?;
    let record = record::read(visit, &object.name, id, &mut reader).await?;
    let mut wanted = Wanted::default();
    wanted.record(object, &record, [&field.name]);
    let names = wanted.read(visit, &mut reader).await?;
    let cell = show::cell(visit, object, field, record.value(field.name.as_str()), &names);
    let view = visit.view();
    let undo = batch.map(frame::undo_address);
    let tone = if saved == "toast-saved" { ui::Tone::Success } else { ui::Tone::Warning };
    let body = html! {
        (ui::cell(&view, &cell))
        @if let Some(undo) = &undo { (ui::toast(&view, tone, &visit.word(saved), Some(undo))) }
    };
    Ok(body.into_response())
}
