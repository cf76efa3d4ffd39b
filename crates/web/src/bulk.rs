//! One change of many records: previewed, made as one batch, undone as one.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use kernel::Id;
use maud::{Markup, html};
use model::{FieldDef, Fields, Ident, ObjectDef, Problem, Query, Value, system};
use records::{Action, Op, RecordError};

use crate::failure::Answer;
use crate::form::{Form, Pairs, Posted};
use crate::frame;
use crate::list::params::Params;
use crate::list::table::in_place;
use crate::names::Names;
use crate::record::form::value;
use crate::visit::{Signed, Visit};
use crate::{change, control, label, show};

/// The most records that one change may touch from a page; more take an import.
const MOST: usize = 10_000;

/// What is done with the records.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Edit,
    Delete,
    Restore,
}

impl Verb {
    fn read(text: &str) -> Result<Verb, RecordError> {
        match text {
            "edit" => Ok(Verb::Edit),
            "delete" => Ok(Verb::Delete),
            "restore" => Ok(Verb::Restore),
            other => Err(RecordError::unknown("verb", other)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Verb::Edit => "edit",
            Verb::Delete => "delete",
            Verb::Restore => "restore",
        }
    }
}

/// The records chosen: those ticked, or all that the list shows.
async fn chosen(form: &Form, object: &ObjectDef) -> Result<Vec<Id>, RecordError> {
    if !form.pairs.is_on("all") {
        let ids = form.pairs.all("id").filter_map(|t| Id::parse(t, object.prefix.as_str()).ok());
        return Ok(ids.take(MOST).collect());
    }
    let params = Params::read(object, &form.pairs)?;
    let query = Query { sort: Vec::new(), ..params.query(form, object)? }.fields([Ident::of(system::ID)]).limit(1_000);
    let (schema, mut query) = form.space.authorise(&form.ctx, &form.access, &query)?;
    let mut reader = form.space.store.read().await?;
    let mut ids = Vec::new();
    loop {
        let page = reader.list(&schema, &query).await?;
        ids.extend(page.records.iter().map(model::Record::id));
        if ids.len() > MOST {
            return Err(Problem::new("", "bulk-too-many").number("max", MOST as i64).into());
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(ids),
        }
    }
}

/// The fields that many records can be given at once.
fn fields<'a>(visit: &Visit, object: &'a ObjectDef) -> Vec<&'a FieldDef> {
    let open = |f: &&FieldDef| {
        show::is_shown(visit, object, f) && show::is_editable(visit, object, f) && in_place(f) && !f.unique
    };
    object.fields.iter().filter(open).collect()
}

/// `POST /o/{object}/bulk`: a preview first, the change when it is confirmed.
pub(crate) async fn act(Path(object): Path<String>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    let verb = Verb::read(form.pairs.text("verb"))?;
    form.access.check(&object, if verb == Verb::Edit { Action::Update } else { Action::Delete })?;
    let ids = chosen(&form, &object).await?;
    if ids.is_empty() {
        return Err(Problem::new("", "bulk-none").into());
    }
    if !form.pairs.is_on("confirm") {
        return Ok(preview(&form, &object, verb, ids.len()));
    }
    let ops: Vec<Op> = match verb {
        Verb::Delete => ids.into_iter().map(Op::Delete).collect(),
        Verb::Restore => ids.into_iter().map(Op::Restore).collect(),
        Verb::Edit => {
            let field = object
                .field(form.pairs.text("field"))
                .filter(|f| fields(&form, &object).iter().any(|o| o.name == f.name));
            let field = field.ok_or_else(|| Problem::new("field", "required"))?;
            let value: Value = value(&form, &object, field, None).await?;
            let one =
                |id| Op::Update { id, fields: Fields::from_iter([(field.name.clone(), value.clone())]), version: None };
            ids.into_iter().map(one).collect()
        }
    };
    let many = label::many(&form, &object);
    let name = form.say(&format!("bulk-{}", verb.name()), &[("objects", (&many).into())]);
    let (batch, made) = change::bulk(&form, &object.name, &name, ops).await?;
    let back = Params::read(&object, &form.pairs)?.href(&object);
    let mut response = frame::go_saying(&form, &back, "bulk-done", (made.done > 0).then_some(batch));
    if made.refused > 0 {
        let text = form.say("bulk-refused", &[("done", made.done.into()), ("refused", made.refused.into())]);
        if form.htmx {
            response =
                ui::toast(&form.view(), ui::Tone::Warning, &text, Some(&frame::undo_address(batch))).into_response();
            response.headers_mut().insert("hx-trigger", axum::http::HeaderValue::from_static("close-overlay"));
        }
    }
    Ok(response)
}

fn preview(form: &Posted, object: &Arc<ObjectDef>, verb: Verb, count: usize) -> axum::response::Response {
    let view = form.view();
    let n = count as u64;
    let text = form.say(&format!("bulk-{}-preview", verb.name()), &[("n", n.into())]);
    let action = format!("{}/bulk", label::list_address(object));
    let kind = if verb == Verb::Delete { "danger" } else { "primary" };
    let keep = form.pairs.0.iter().filter(|(name, _)| name != "_csrf" && name != "confirm");
    let body = html! {
        form.form method="post" action=(action) hx-post=(action) hx-target="#overlay" hx-swap="innerHTML" {
            (view.csrf_field())
            @for (name, value) in keep { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="confirm" value="true";
            p { (text) }
            @if verb == Verb::Edit { (edit_fields(form, object)) }
            p.muted { (form.word("bulk-undo-hint")) }
            div.form-actions {
                a.button data-kind="secondary" href=(label::list_address(object)) data-cancel { (view.words.cancel) }
                button.button data-kind=(kind) data-submit { (form.word(&format!("bulk-{}-submit", verb.name()))) }
            }
        }
    };
    let title = form.say(&format!("bulk-{}", verb.name()), &[("objects", (&label::many(form, object)).into())]);
    frame::dialog(form, title, false, body)
}

fn edit_fields(visit: &Visit, object: &ObjectDef) -> Markup {
    let fields = fields(visit, object);
    let address = format!("{}/bulk/field", label::list_address(object));
    let first = fields.first().copied();
    html! {
        div.field {
            label for="bulk-field" { (visit.view().words.field) }
            select #bulk-field.input name="field" hx-get=(address) hx-trigger="change" hx-target="#bulk-value" hx-swap="innerHTML" {
                @for field in &fields { option value=(field.name) { (label::field(visit, object, field)) } }
            }
        }
        div #bulk-value { @if let Some(field) = first { (new_value(visit, object, field)) } }
    }
}

fn new_value(visit: &Visit, object: &ObjectDef, field: &FieldDef) -> Markup {
    control::field(visit, object, field, &Pairs::default(), &Names::default(), None, false)
}

/// `GET /o/{object}/bulk/field?field=`: the control of the field to change.
pub(crate) async fn field(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Update)?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let field = fields(&visit, &object).into_iter().find(|f| f.name == asked.text("field"));
    let field = field.ok_or_else(|| RecordError::unknown("field", asked.text("field")))?;
    Ok(new_value(&visit, &object, field).into_response())
}
