//! Search across objects, the command palette, and the pickers of references and tags.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use maud::html;
use model::{Filter, Ident, ObjectDef, Op as Is, Operand, Query, Record, Value};
use records::{Action, RecordError};
use store::Reader;

use crate::failure::Answer;
use crate::form::Pairs;
use crate::frame::{self, Frame};
use crate::list::params::may_search;
use crate::list::table::avatar;
use crate::names::{Names, Wanted, title, title_fields};
use crate::visit::{Signed, Visit};
use crate::{label, show};

/// A record found.
struct Found {
    object: Arc<ObjectDef>,
    record: Record,
}

/// The records whose words start with those of a text, best first, at most `limit` of each object.
async fn find(
    visit: &Visit,
    text: &str,
    only: Option<&ObjectDef>,
    limit: u32,
    reader: &mut Reader,
) -> Result<Vec<Found>, RecordError> {
    let schema = visit.space.schema();
    let searched: Vec<(Ident, Filter)> = schema
        .objects()
        .filter(|o| only.map_or(!o.setup, |only| only.name == o.name))
        .filter(|o| visit.access.check(o, Action::Read).is_ok())
        .filter(|o| may_search(visit, o))
        .map(|o| (o.name.clone(), visit.access.filter(&schema, o, Action::Read)))
        .collect();
    let hits = reader.search(&schema, text, &searched, limit).await?;
    let mut ids: HashMap<Ident, Vec<kernel::Id>> = HashMap::new();
    hits.iter().for_each(|hit| ids.entry(hit.object.clone()).or_default().push(hit.id));
    let mut records = HashMap::new();
    for (object, ids) in &ids {
        let Some(def) = schema.object(object.as_str()) else { continue };
        for record in fetch(visit, def, ids, reader).await? {
            records.insert(record.id(), record);
        }
    }
    let found = hits.into_iter().filter_map(|hit| {
        let object = Arc::clone(schema.object(hit.object.as_str())?);
        Some(Found { object, record: records.remove(&hit.id)? })
    });
    Ok(found.collect())
}

fn fields(visit: &Visit, object: &ObjectDef) -> Vec<Ident> {
    let mut fields = title_fields(object).to_vec();
    fields.extend(details(visit, object));
    fields
}

/// What tells records of the same name apart.
fn details(visit: &Visit, object: &ObjectDef) -> Vec<Ident> {
    let seen =
        |n: &&Ident| **n != object.title && object.field(n.as_str()).is_some_and(|f| show::is_shown(visit, object, f));
    let facts = object.layout.facts.iter().filter(seen);
    let rest = object.layout.columns.iter().filter(seen).filter(|n| !object.layout.facts.contains(n));
    facts.chain(rest).take(2).cloned().collect()
}

async fn fetch(
    visit: &Visit,
    object: &ObjectDef,
    ids: &[kernel::Id],
    reader: &mut Reader,
) -> Result<Vec<Record>, RecordError> {
    let schema = visit.space.schema();
    let filter = visit.access.filter(&schema, object, Action::Read);
    Ok(reader.get_many(&schema, &object.name, ids, &filter, &fields(visit, object)).await?)
}

async fn names_of(visit: &Visit, found: &[Found], reader: &mut Reader) -> Result<Names, RecordError> {
    let mut wanted = Wanted::default();
    for each in found {
        wanted.record(&each.object, &each.record, &fields(visit, &each.object));
    }
    wanted.read(visit, reader).await
}

fn detail(visit: &Visit, found: &Found, names: &Names) -> Option<String> {
    let object = &found.object;
    let texts: Vec<String> = details(visit, object)
        .iter()
        .filter_map(|n| object.field(n.as_str()))
        .map(|f| show::text(visit, object, f, found.record.value(f.name.as_str()), names))
        .filter(|t| !t.is_empty())
        .collect();
    (!texts.is_empty()).then(|| texts.join(" · "))
}

fn hit(visit: &Visit, found: &Found, names: &Names) -> ui::PaletteHit {
    let name = title(&found.object, &found.record, names);
    let kind = label::one(visit, &found.object);
    let detail = detail(visit, found, names).map_or(kind.clone(), |d| format!("{kind} · {d}"));
    ui::PaletteHit {
        avatar: Some(avatar(&found.object, &name)),
        label: name,
        href: label::record_address(&found.object, found.record.id()),
        detail: Some(detail),
        ..ui::PaletteHit::default()
    }
}

fn asked(query: Option<String>) -> String {
    Pairs::read(query.unwrap_or_default().as_bytes()).text("q").chars().take(200).collect()
}

/// `GET /search/palette?q=`
pub(crate) async fn palette(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    let text = asked(query);
    let mut reader = visit.space.store.read().await?;
    let found = find(&visit, &text, None, 6, &mut reader).await?;
    let names = names_of(&visit, &found, &mut reader).await?;
    let records: Vec<_> = found.iter().take(12).map(|f| hit(&visit, f, &names)).collect();
    let (pages, create) = places(&visit, &text);
    let groups = vec![(visit.word("records"), records), (visit.word("go-to"), pages), (visit.word("create"), create)];
    Ok(ui::palette_hits(&visit.view(), &groups).into_response())
}

/// The pages and the actions whose names have the words of a text.
fn places(visit: &Visit, text: &str) -> (Vec<ui::PaletteHit>, Vec<ui::PaletteHit>) {
    let words = kernel::words_of(text);
    let fits = |label: &str| {
        let label = kernel::words_of(label);
        words.iter().all(|w| label.iter().any(|l| l.starts_with(w.as_str())))
    };
    let place = |label: String, href: String, icon| ui::PaletteHit {
        label,
        href,
        icon: Some(icon),
        ..ui::PaletteHit::default()
    };
    let schema = visit.space.schema();
    let objects = || schema.objects().filter(|o| !o.setup && visit.access.check(o, Action::Read).is_ok());
    let mut pages: Vec<_> =
        objects().map(|o| place(label::many(visit, o), label::list_address(o), label::icon(o))).collect();
    pages.push(place(visit.view().words.settings.clone(), "/settings".into(), ui::Icon::Settings));
    pages.push(place(visit.word("my-profile"), "/profile".into(), ui::Icon::User));
    pages.retain(|p| fits(&p.label));
    let create = objects().filter(|o| visit.access.check(o, Action::Create).is_ok()).map(|o| {
        let label = visit.say("new-record", &[("object", (&label::one(visit, o)).into())]);
        ui::PaletteHit { overlay: true, ..place(label, format!("{}/new", label::list_address(o)), ui::Icon::Plus) }
    });
    let mut create: Vec<_> = create.filter(|p| fits(&p.label)).collect();
    pages.truncate(8);
    create.truncate(if words.is_empty() { 3 } else { 6 });
    (pages, create)
}

/// `GET /search?q=`
pub(crate) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    let text = asked(query);
    let mut reader = visit.space.store.read().await?;
    let found = find(&visit, &text, None, 30, &mut reader).await?;
    let names = names_of(&visit, &found, &mut reader).await?;
    let view = visit.view();
    let mut objects: Vec<&Arc<ObjectDef>> = Vec::new();
    for each in &found {
        if !objects.iter().any(|o| o.name == each.object.name) {
            objects.push(&each.object);
        }
    }
    let none = ui::Empty { icon: Some(ui::Icon::Search), title: view.words.no_result.clone(), ..ui::Empty::default() };
    let control = ui::Control { label: Some(view.words.search.clone()), autofocus: true, ..ui::Control::new("q") };
    let input = ui::Text { value: text.clone(), kind: Some("search"), ..ui::Text::default() };
    let body = html! {
        form.form action="/search" role="search" { (ui::text(&control, &input)) }
        @if found.is_empty() && !text.is_empty() { (ui::empty(&view, &none)) }
        @for object in objects {
            @let items: Vec<_> = found.iter().filter(|f| f.object.name == object.name).collect();
            @let list = ui::Related {
                label: label::many(&visit, object),
                count: items.len().to_string(),
                items: items.iter().map(|f| related(&visit, f, &names)).collect(),
                all: Some(format!("{}?{}", label::list_address(object), Pairs(vec![("q".into(), text.clone())]).query())),
                ..ui::Related::default()
            };
            (ui::related(&view, &list))
        }
    };
    Ok(frame::page(&visit, Frame::titled(view.words.search.clone()), ui::page_body(body)))
}

fn related(visit: &Visit, found: &Found, names: &Names) -> ui::RelatedItem {
    let name = title(&found.object, &found.record, names);
    ui::RelatedItem {
        avatar: avatar(&found.object, &name),
        href: label::record_address(&found.object, found.record.id()),
        detail: detail(visit, found, names),
        value: ui::Cell::Text(String::new()),
    }
}

/// `GET /pick/{object}?q=`: what a picker of that object offers.
pub(crate) async fn pick(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let text = asked(query);
    let mut reader = visit.space.store.read().await?;
    let found = if may_search(&visit, &object) && !text.trim().is_empty() {
        find(&visit, &text, Some(&object), 20, &mut reader).await?
    } else {
        latest(&visit, &object, &text, &mut reader).await?
    };
    let names = names_of(&visit, &found, &mut reader).await?;
    let options: Vec<_> = found
        .iter()
        .map(|f| {
            let name = title(&f.object, &f.record, &names);
            ui::ComboboxOption {
                value: f.record.id().typed(object.prefix.as_str()),
                avatar: Some(avatar(&f.object, &name)),
                label: name,
                detail: detail(&visit, f, &names),
            }
        })
        .collect();
    Ok(ui::combobox_options(&visit.view(), &options, None).into_response())
}

/// The newest records, narrowed by their name.
async fn latest(
    visit: &Visit,
    object: &Arc<ObjectDef>,
    text: &str,
    reader: &mut Reader,
) -> Result<Vec<Found>, RecordError> {
    let mut query = Query::of(object.name.clone()).limit(20).fields(fields(visit, object));
    if !text.trim().is_empty() {
        let operand = Operand::Value(Value::from(text.trim()));
        query = query.filter(Filter::is(object.title.clone(), Is::Contains, operand));
    }
    let records = visit.space.list_as(&visit.ctx, &visit.access, &query, reader).await?.records;
    Ok(records.into_iter().map(|record| Found { object: Arc::clone(object), record }).collect())
}

/// `GET /tags/{object}/{field}?q=`: the tags in use.
pub(crate) async fn tags(
    visit: Signed,
    Path((object, field)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let object = visit.space.object(&object)?;
    let field = object.field(&field).ok_or_else(|| RecordError::unknown("field", &field))?;
    let text = kernel::fold(&asked(query));
    let filled = Filter::Not(Box::new(Filter::is(field.name.clone(), Is::IsNull, Operand::None)));
    let query = Query::of(object.name.clone()).filter(filled).limit(300).fields([field.name.clone()]);
    let records = visit.space.list(&visit.ctx, &query).await?.records;
    let mut tags: Vec<String> = Vec::new();
    for record in &records {
        if let Value::Texts(list) = record.value(field.name.as_str()) {
            tags.extend(list.iter().filter(|t| kernel::fold(t).contains(&text)).cloned());
        }
    }
    tags.sort();
    tags.dedup();
    let options: Vec<_> = tags
        .into_iter()
        .take(20)
        .map(|tag| ui::ComboboxOption { value: tag.clone(), label: tag, ..ui::ComboboxOption::default() })
        .collect();
    Ok(ui::combobox_options(&visit.view(), &options, None).into_response())
}
