//! A list as a board: the lanes are the values of a choice, or the records that a reference can point to.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Currency, Id};
use maud::{Markup, html};
use model::{
    FieldDef, FieldType, Fields, Filter, Ident, ObjectDef, Op as Is, Operand, Problem, Query, Record, Sort, Value,
    from_json, system,
};
use records::{Action, Op, RecordError};
use serde_json::Value as Json;
use store::{Count, Figure, Reader};

use crate::failure::Answer;
use crate::form::Posted;
use crate::list::describe;
use crate::list::page::{CAP, header, toolbar};
use crate::list::params::Params;
use crate::list::table::{count_text, currency, figure_text};
use crate::list::views::Saved;
use crate::names::{Names, Wanted, title};
use crate::visit::Visit;
use crate::{change, frame, label, show};

/// Cards read at once in each lane.
const CARDS: u32 = 20;
/// A board has no more lanes.
const LANES: u32 = 40;

/// A column of the board, before its cards.
pub(crate) struct Lane {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) hue: ui::Hue,
    pub(crate) value: Value,
}

/// The lanes of an object and, where the lanes' own records belong to one of several others, those to switch between.
#[derive(Default)]
pub(crate) struct Lanes {
    pub(crate) lanes: Vec<Lane>,
    /// Identifier, name, whether it is the one in sight.
    pub(crate) within: Vec<(String, String, bool)>,
}

/// The field whose values are the lanes.
pub(crate) fn field(object: &ObjectDef) -> Option<&FieldDef> {
    object.layout.board.as_ref().and_then(|name| object.field(name.as_str()))
}

/// The order in which records come as lanes: by their `position` where they have one, else by name.
fn in_order(object: &ObjectDef) -> Sort {
    let position = object.field("position").filter(|f| matches!(f.kind, FieldType::Integer { .. }));
    Sort::by(position.map_or_else(|| object.title.clone(), |f| f.name.clone()), false)
}

/// The lanes of a board. `within` names the record whose lanes to show, where there are several sets.
pub(crate) async fn lanes(
    visit: &Visit,
    object: &ObjectDef,
    by: &FieldDef,
    within: Option<Id>,
    reader: &mut Reader,
) -> Result<Lanes, RecordError> {
    let schema = visit.space.schema();
    if let Some(options) = by.kind.options() {
        let lanes = options.iter().map(|option| Lane {
            key: option.value.clone(),
            label: label::option(visit, object, by, option),
            hue: label::hue(option.hue),
            value: Value::Text(option.value.clone()),
        });
        return Ok(Lanes { lanes: lanes.collect(), within: Vec::new() });
    }
    let Some(to) = by.targets().and_then(|t| t.first().cloned()) else { return Ok(Lanes::default()) };
    let Some(target) = schema.object(to.as_str()) else { return Ok(Lanes::default()) };
    let mut query = Query::of(to).sort(in_order(target)).limit(LANES);
    let mut found = Lanes::default();
    if let Some((above, set)) = sets(&schema, target) {
        let all = Query::of(set.name.clone()).sort(in_order(set)).limit(LANES);
        let all = visit.space.list_as(&visit.ctx, &visit.access, &all, reader).await?.records;
        let current = within.filter(|id| all.iter().any(|r| r.id() == *id)).or(all.first().map(Record::id));
        let names = Names::default();
        found.within = all
            .iter()
            .map(|r| (r.id().typed(set.prefix.as_str()), title(set, r, &names), Some(r.id()) == current))
            .collect();
        if let Some(current) = current {
            query = query.filter(Filter::is(above.name.clone(), Is::Eq, Operand::Value(Value::Id(current))));
        }
    }
    let records = visit.space.list_as(&visit.ctx, &visit.access, &query, reader).await?.records;
    let tint = target.own_fields().find(|f| matches!(f.kind, FieldType::Choice { .. }));
    found.lanes = records
        .iter()
        .map(|record| {
            let name = title(target, record, &Names::default());
            let meaning = tint.and_then(|f| {
                let value = record.value(f.name.as_str()).as_text()?.to_owned();
                Some(show::tag(visit, target, f, &value).hue)
            });
            Lane {
                key: record.id().typed(target.prefix.as_str()),
                label: name,
                hue: meaning.unwrap_or_default(),
                value: Value::Id(record.id()),
            }
        })
        .collect();
    Ok(found)
}

/// The one required reference of the lanes' object: stages belong to pipelines.
fn sets<'a>(schema: &'a model::Schema, target: &'a ObjectDef) -> Option<(&'a FieldDef, &'a ObjectDef)> {
    let mut required = target.own_fields().filter(|f| f.required && matches!(f.kind, FieldType::Reference { .. }));
    let (first, None) = (required.next()?, required.next()) else { return None };
    let set = first.targets()?.first().and_then(|t| schema.object(t.as_str()))?;
    Some((first, set))
}

/// The field by which lanes' records belong to sets.
pub(crate) fn set_of(schema: &model::Schema, lanes: &Ident) -> Option<Ident> {
    schema.object(lanes.as_str()).and_then(|target| sets(schema, target)).map(|(field, _)| field.name.clone())
}

/// The fields a card shows.
struct Face<'a> {
    subtitle: Option<&'a FieldDef>,
    amount: Option<&'a FieldDef>,
    facts: Vec<&'a FieldDef>,
}

fn face<'a>(visit: &Visit, object: &'a ObjectDef, by: &FieldDef) -> Face<'a> {
    let seen = |name: &Ident| object.field(name.as_str()).filter(|f| show::is_shown(visit, object, f));
    let amount = object.layout.sum.as_ref().and_then(seen);
    let facts: Vec<&FieldDef> = object
        .layout
        .facts
        .iter()
        .filter_map(seen)
        .filter(|f| f.name != by.name && amount.is_none_or(|a| a.name != f.name) && f.name != object.title)
        .collect();
    let subtitle = facts.iter().copied().find(|f| f.targets().is_some());
    let facts = facts.into_iter().filter(|f| subtitle.is_none_or(|s| s.name != f.name)).take(2).collect();
    Face { subtitle, amount, facts }
}

fn card(visit: &Visit, object: &ObjectDef, face: &Face<'_>, record: &Record, names: &Names) -> ui::Card {
    let value = |f: &FieldDef| record.value(f.name.as_str()).clone();
    let filled = |f: &FieldDef| !value(f).is_empty();
    let text = |f: &FieldDef| show::text(visit, object, f, &value(f), names);
    let owner = record.owner().and_then(|id| names.get(id)).map(ui::Avatar::person);
    ui::Card {
        id: record.id().typed(object.prefix.as_str()),
        title: title(object, record, names),
        href: label::record_address(object, record.id()),
        subtitle: face.subtitle.filter(|f| filled(f)).map(text),
        amount: face.amount.filter(|f| filled(f)).map(text),
        owner,
        fields: face
            .facts
            .iter()
            .filter(|f| filled(f))
            .map(|f| (label::field(visit, object, f), show::cell(visit, object, f, &value(f), names)))
            .collect(),
        ..ui::Card::default()
    }
}

/// The page of a board, or, asked by a script with `lane`, the next cards of one lane.
pub(crate) async fn page(
    visit: &Visit,
    object: &Arc<ObjectDef>,
    params: Params,
    views: &[Saved],
    mut reader: Reader,
) -> Answer {
    let by = field(object).ok_or_else(|| RecordError::unknown("field", "board"))?;
    let within = Id::parse_any(&params.within).ok().map(|(_, id)| id);
    let found = lanes(visit, object, by, within, &mut reader).await?;
    let face = face(visit, object, by);
    let next = visit.htmx && params.after.is_some();
    let asked = form_urlencoded::parse(visit.address.split_once('?').map_or("", |(_, q)| q).as_bytes())
        .find(|(n, _)| n == "lane")
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default();
    let mut fields: Vec<Ident> = [system::ID, system::OWNER].map(Ident::of).to_vec();
    fields.extend([&object.title, &by.name].map(Clone::clone));
    fields.extend(face.facts.iter().copied().chain(face.subtitle).chain(face.amount).map(|f| f.name.clone()));
    fields.dedup();
    let (schema, base) =
        visit.space.authorise(&visit.ctx, &visit.access, &params.query(visit, object)?.fields(fields).limit(CARDS))?;
    let mut pages = Vec::new();
    let mut wanted = Wanted::default();
    for lane in found.lanes.iter().filter(|l| !next || l.key == asked) {
        let here = Filter::is(by.name.clone(), Is::Eq, Operand::Value(lane.value.clone()));
        let page = reader.list(&schema, &base.clone().filter(here)).await.map_err(RecordError::from)?;
        page.records.iter().for_each(|r| wanted.record(object, r, base.fields.iter()));
        pages.push((lane, page));
    }
    describe::want(visit, &schema, &mut wanted, &params.filter);
    let names = wanted.read(visit, &mut reader).await?;
    let more = |lane: &Lane, next: &model::Cursor| format!("{}&lane={}", params.continued(object, next), lane.key);
    if next {
        let view = visit.view();
        let cards: Markup = html! {
            @for (lane, page) in &pages {
                @for record in &page.records { (ui::card(&view, &card(visit, object, &face, record, &names))) }
                @if let Some(next) = &page.next {
                    li.more-rows hx-get=(more(lane, next)) hx-trigger="revealed" hx-swap="outerHTML" {}
                }
            }
        };
        return Ok(cards.into_response());
    }
    let figures: Vec<(Figure, Ident)> = face.amount.iter().map(|f| (Figure::Sum, f.name.clone())).collect();
    let whole = Query { sort: Vec::new(), after: None, ..base };
    let groups = reader.groups(&schema, &whole, Some(&by.name), &figures, 200).await.map_err(RecordError::from)?;
    let may_create = visit.access.check(object, Action::Create).is_ok();
    let may_move = visit.access.check(object, Action::Update).is_ok() && show::is_editable(visit, object, by);
    let lanes = pages.iter().map(|(lane, page)| {
        let group = groups.iter().find(|g| g.key == lane.value);
        let count = group.map_or(0, |g| g.count);
        let capped = Count { n: count.min(u64::from(CAP)), more: count > u64::from(CAP) };
        let of = face.amount.and_then(|f| currency(f, &page.records)).or(Some(Currency::EUR));
        let sum = face.amount.zip(group.and_then(|g| g.figures.first())).filter(|(_, v)| !v.is_empty());
        ui::Lane {
            key: lane.key.clone(),
            label: lane.label.clone(),
            hue: lane.hue,
            count: count_text(visit, capped),
            sum: sum.map(|(f, value)| figure_text(visit, object, f, value, of)),
            cards: page.records.iter().map(|r| card(visit, object, &face, r, &names)).collect(),
            more: page.next.as_ref().map(|next| more(lane, next)),
            create: may_create.then(|| format!("{}/new?with.{}={}", label::list_address(object), by.name, lane.key)),
        }
    });
    let board = ui::Board {
        label: label::many(visit, object),
        moves: may_move.then(|| format!("{}/board", label::list_address(object))),
        lanes: lanes.collect(),
        empty: ui::Empty {
            icon: Some(ui::Icon::SquareKanban),
            title: visit.word("board-empty"),
            ..ui::Empty::default()
        },
    };
    let bar = toolbar(visit, object, &params, views, describe::chips(visit, object, &params, &names));
    let sets: Vec<ui::Tab> = found
        .within
        .iter()
        .map(|(key, name, current)| ui::Tab {
            label: name.clone(),
            href: params.with(|p| p.within.clone_from(key)).href(object),
            current: *current,
            ..ui::Tab::default()
        })
        .collect();
    let body = html! {
        (ui::toolbar(&visit.view(), &bar))
        @if sets.len() > 1 { (ui::tabs(&label::field(visit, object, by), &sets)) }
        (ui::board(&visit.view(), &board))
    };
    Ok(frame::page_of(visit, header(visit, object, &params), body, reader.statements()))
}

/// `POST /o/{object}/board`: a card goes to another lane.
pub(crate) async fn go(Path(object): Path<String>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    let by = field(&object).ok_or_else(|| RecordError::unknown("field", "board"))?;
    let id = Id::parse(form.pairs.text("card"), object.prefix.as_str()).map_err(|_| Problem::new("", "not-an-id"))?;
    let lane = Json::String(form.pairs.text("lane").to_owned());
    let value = from_json(&form.space.schema(), &object, by, &lane)?;
    let fields = Fields::from_iter([(by.name.clone(), value)]);
    let op = Op::Update { id, fields, version: None };
    let (batch, outcomes) = change::undoable(&form, &object.name, &form.word("moved"), vec![op]).await?;
    let undo = outcomes.iter().any(|o| o.done.is_some()).then_some(batch);
    Ok(frame::done(&form, &format!("{}?layout=board", label::list_address(&object)), "moved", undo, false))
}
