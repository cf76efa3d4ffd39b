//! Merging records of one object: their values side by side, one of each chosen, everything that points to them moved; undone in one step.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use kernel::Id;
use maud::{Markup, html};
use model::{FieldDef, Fields, Ident, ObjectDef, Record, Value};
use records::{Action, MOST_MERGED, Merge, RecordError};

use super::known;
use crate::failure::{Answer, explain};
use crate::form::{Pairs, Posted, is_about_input};
use crate::frame::{self, Frame};
use crate::names::{Names, Wanted, title};
use crate::visit::{Signed, Visit};
use crate::{label, record, show};

/// The choice of all values of a field that holds several.
const ALL: &str = "all";

/// The records that an address names: the one it is about, then the others.
async fn chosen(
    visit: &Visit,
    object: &str,
    id: &str,
    pairs: &Pairs,
) -> Result<(Arc<ObjectDef>, Vec<Record>), RecordError> {
    let (object, id) = record::named(visit, object, id)?;
    visit.access.check(&object, Action::Update)?;
    visit.access.check(&object, Action::Delete)?;
    let others = pairs.all("other").filter_map(|other| Id::parse(other, object.prefix.as_str()).ok());
    let mut ids = vec![id];
    ids.extend(others.filter(|other| *other != id).take(MOST_MERGED - 1));
    ids.dedup();
    let mut reader = visit.space.store.read().await?;
    let mut found = visit.space.get_many_as(&visit.access, &object.name, &ids, &mut reader).await?;
    found.retain(|record| record.deleted_at().is_none());
    found.sort_by_key(|record| ids.iter().position(|id| *id == record.id()));
    match found.first() {
        Some(first) if first.id() == id && found.len() > 1 => Ok((object, found)),
        _ => Err(RecordError::unknown("record", pairs.text("other"))),
    }
}

/// The fields that the reader may choose values of.
fn fields<'a>(visit: &'a Visit, object: &'a ObjectDef) -> impl Iterator<Item = &'a FieldDef> {
    let open =
        |f: &&FieldDef| !f.is_computed() && show::is_shown(visit, object, f) && show::is_editable(visit, object, f);
    object.fields.iter().filter(open)
}

/// `GET /o/{object}/{id}/merge?other=`
pub(crate) async fn ask(
    visit: Signed,
    Path((object, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let (object, records) = chosen(&visit, &object, &id, &pairs).await?;
    page(&visit, &object, &records, None).await
}

async fn page(visit: &Visit, object: &ObjectDef, records: &[Record], refused: Option<&RecordError>) -> Answer {
    let first = records[0].id().typed(object.prefix.as_str());
    let (.., known) = known::read(visit, object.name.as_str(), &first).await?;
    let golden: Vec<(Ident, Value)> =
        known.into_iter().flat_map(|known| known.suggestions).map(|found| (found.field, found.value)).collect();
    let mut wanted = Wanted::default();
    records.iter().for_each(|record| wanted.record(object, record, object.fields.iter().map(|field| &field.name)));
    let names = wanted.read(visit, &mut visit.space.store.read().await?).await?;
    let address = label::record_address(object, records[0].id());
    let body = html! {
        @if let Some(error) = refused {
            (ui::banner(&visit.view(), &ui::Banner { tone: ui::Tone::Error, title: explain(visit, error), ..ui::Banner::default() }))
        }
        p { (visit.word("merge-hint")) }
        form.form method="post" action={ (address) "/merge" } {
            (visit.view().csrf_field())
            @for record in records { input type="hidden" name="other" value=(record.id().typed(object.prefix.as_str())); }
            (table(visit, object, records, &golden, &names))
            p.muted { (visit.word("merge-moves")) }
            div.form-actions {
                a.button data-kind="secondary" href=(address) { (visit.view().words.cancel) }
                button.button data-kind="primary" data-submit { (visit.word("merge-do")) }
            }
        }
    };
    let name = title(object, &records[0], &names);
    let frame = Frame::titled(visit.word("merge-title")).crumb(label::many(visit, object), label::list_address(object));
    let frame = frame.crumb(name, address).at(label::list_address(object));
    let mut response = frame::page(visit, frame, ui::page_body(body));
    if refused.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn table(visit: &Visit, object: &ObjectDef, records: &[Record], golden: &[(Ident, Value)], names: &Names) -> Markup {
    let id = |record: &Record| record.id().typed(object.prefix.as_str());
    let heading = visit.word("merge-values");
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(heading) { table.plain.comparison {
            thead { tr {
                th scope="col" { (visit.word("merge-keep")) }
                @for (at, record) in records.iter().enumerate() {
                    th scope="col" { label.side { input type="radio" name="keep" value=(id(record)) checked[at == 0]; (title(object, record, names)) } }
                }
                th scope="col" { (visit.word("merge-all")) }
            } }
            tbody { @for field in fields(visit, object) {
                @let values: Vec<&Value> = records.iter().map(|record| record.value(field.name.as_str())).collect();
                @if values.iter().any(|value| *value != values[0]) {
                    @let name = format!("value.{}", field.name);
                    @let called = label::field(visit, object, field);
                    @let chosen = choice(field, &values, golden);
                    tr {
                        th scope="row" { (called) }
                        @for (at, record) in records.iter().enumerate() {
                            @let text = show::text(visit, object, field, values[at], names);
                            td { label.side {
                                input type="radio" name=(name) value=(id(record)) checked[chosen == Some(at)];
                                @if text.is_empty() { span.muted { (visit.view().words.none) } } @else { (text) }
                            } }
                        }
                        td { @if several(values[0]).or_else(|| several(values[1])).is_some() { label.side {
                            input type="radio" name=(name) value=(ALL) checked[chosen.is_none()] aria-label={ (called) ": " (visit.word("merge-all")) };
                            (visit.word("merge-all"))
                        } } }
                    }
                }
            } }
        } }
    }
}

/// The record whose value is proposed: the one that says what is believed, else the first that says anything. Nothing stands for all values.
fn choice(field: &FieldDef, values: &[&Value], golden: &[(Ident, Value)]) -> Option<usize> {
    if values.iter().any(|value| several(value).is_some()) {
        return None;
    }
    let believed = golden.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value);
    let says = believed.and_then(|believed| values.iter().position(|value| *value == believed));
    Some(says.or_else(|| values.iter().position(|value| !value.is_empty())).unwrap_or(0))
}

/// The parts of a value that holds several.
fn several(value: &Value) -> Option<usize> {
    match value {
        Value::Entries(lines) => Some(lines.len()),
        Value::Texts(tags) => Some(tags.len()),
        Value::Ids(ids) => Some(ids.len()),
        _ => None,
    }
}

/// All values together, each once, those of the survivor first.
fn together(values: &[&Value]) -> Value {
    let mut all = Value::Null;
    for value in values {
        match (&mut all, value) {
            (Value::Entries(held), Value::Entries(more)) => {
                let fresh: Vec<_> =
                    more.iter().filter(|line| held.iter().all(|h| h.value != line.value)).cloned().collect();
                held.extend(fresh);
            }
            (Value::Texts(held), Value::Texts(more)) => {
                let fresh: Vec<_> = more.iter().filter(|tag| !held.contains(tag)).cloned().collect();
                held.extend(fresh);
            }
            (Value::Ids(held), Value::Ids(more)) => {
                let fresh: Vec<_> = more.iter().filter(|id| !held.contains(id)).copied().collect();
                held.extend(fresh);
            }
            (Value::Null, value) => all = (*value).clone(),
            _ => {}
        }
    }
    all
}

/// `POST /o/{object}/{id}/merge`
pub(crate) async fn merge(Path((object, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let (object, records) = chosen(&posted, &object, &id, &posted.pairs).await?;
    let named = |text: &str| {
        let id = Id::parse(text, object.prefix.as_str()).ok()?;
        records.iter().find(|record| record.id() == id)
    };
    let keep = named(posted.pairs.text("keep")).unwrap_or(&records[0]);
    let mut values = Fields::default();
    for field in fields(&posted, &object) {
        let name = field.name.as_str();
        let of = |record: &Record| record.value(name).clone();
        let value = match posted.pairs.text(&format!("value.{name}")) {
            ALL => {
                let mut order: Vec<&Value> = vec![keep.value(name)];
                order.extend(records.iter().filter(|record| record.id() != keep.id()).map(|record| record.value(name)));
                together(&order)
            }
            text => match named(text) {
                Some(record) => of(record),
                None => continue,
            },
        };
        if value != *keep.value(name) {
            values.set(field.name.clone(), value);
        }
    }
    let gone = records.iter().map(Record::id).filter(|id| *id != keep.id()).collect();
    let merge = Merge { object: object.name.clone(), keep: keep.id(), gone, fields: values };
    let label = posted.word("merge-title");
    match posted.space.merge(&posted.ctx, Arc::clone(&posted.access), merge, &label).await {
        Ok((batch, _)) => {
            let address = label::record_address(&object, keep.id());
            Ok(frame::go_saying(&posted, &address, "records-merged", Some(batch)))
        }
        Err(error) if is_about_input(&error) => page(&posted, &object, &records, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}
