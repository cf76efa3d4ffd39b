//! Saved views of a list: records of the object `view`.

use axum::extract::{Path, RawQuery};
use kernel::Id;
use maud::Markup;
use model::{Fields, Filter, Ident, ObjectDef, Op, Operand, Problem, Query, Record, Sort, Value};
use records::objects::{VIEW_NAME, VIEW_QUERY, VIEW_SHARED};
use records::{Action, RecordError};
use store::Reader;

use crate::customer;
use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame;
use crate::label;
use crate::list::params::Params;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

/// A saved view.
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) query: String,
    pub(crate) shared: bool,
    pub(crate) mine: bool,
}

fn object() -> Ident {
    Ident::of("view")
}

/// The views of an object that the reader sees: one's own and the shared ones, by name.
pub(crate) async fn of(visit: &Visit, listed: &ObjectDef, reader: &mut Reader) -> Result<Vec<Saved>, RecordError> {
    let name = Value::Text(listed.name.to_string());
    let filter = Filter::is(Ident::of("object"), Op::Eq, Operand::Value(name));
    let query = Query::of(object()).filter(filter).sort(Sort::by(Ident::of("name"), false)).limit(100);
    match visit.space.list_as(&visit.ctx, &visit.access, &query, reader).await {
        Ok(page) => Ok(page.records.iter().map(|r| saved(visit, r)).collect()),
        Err(RecordError::Forbidden { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn saved(visit: &Visit, record: &Record) -> Saved {
    Saved {
        id: record.id().typed("viw"),
        name: record.get(VIEW_NAME).unwrap_or_default(),
        query: record.get(VIEW_QUERY).unwrap_or_default(),
        shared: record.get(VIEW_SHARED) == Some(true),
        mine: record.owner().is_some() && record.owner() == visit.me(),
    }
}

/// What the list shows: what its address says, else what its view keeps.
pub(crate) fn applied(object: &ObjectDef, views: &[Saved], pairs: &Pairs) -> Result<Params, RecordError> {
    let current = views.iter().find(|v| v.id == pairs.text("view"));
    let Some(view) = current else { return Params::read(object, pairs) };
    if Params::is_said(pairs) {
        return Params::read(object, pairs);
    }
    let mut kept = Pairs::read(view.query.as_bytes());
    kept.push("view", &view.id);
    if let Some(after) = pairs.get("after") {
        kept.push("after", after);
    }
    Params::read(object, &kept)
}

fn current<'a>(params: &Params, views: &'a [Saved]) -> Option<&'a Saved> {
    views.iter().find(|v| v.id == params.view)
}

fn is_changed(params: &Params, view: &Saved) -> bool {
    params.state() != Pairs::read(view.query.as_bytes())
}

/// The menu of views.
pub(crate) fn links(visit: &Visit, object: &ObjectDef, params: &Params, views: &[Saved]) -> Vec<ui::ViewLink> {
    let address = label::list_address(object);
    let all = ui::ViewLink {
        label: visit.say("view-all", &[("objects", (&label::many(visit, object)).into())]),
        href: address.clone(),
        current: current(params, views).is_none(),
        section: None,
    };
    let mut links = vec![all];
    for shared in [false, true] {
        for (i, view) in views.iter().filter(|v| v.shared == shared).enumerate() {
            let heading = if shared { "views-shared" } else { "views-mine" };
            links.push(ui::ViewLink {
                label: view.name.clone(),
                href: format!("{address}?view={}", view.id),
                current: view.id == params.view,
                section: (i == 0).then(|| visit.word(heading)),
            });
        }
    }
    links
}

/// What can be done with the view in force.
pub(crate) fn actions(visit: &Visit, object: &ObjectDef, params: &Params, views: &[Saved]) -> Vec<ui::MenuEntry> {
    let address = label::list_address(object);
    let mut entries = vec![ui::MenuEntry {
        section: Some(String::new()),
        label: visit.word("view-save-as"),
        icon: Some(ui::Icon::Plus),
        href: params.under(&format!("{address}/views/new")),
        method: ui::Method::Overlay,
        ..ui::MenuEntry::default()
    }];
    if let Some(view) = current(params, views).filter(|v| v.mine || visit.access.full) {
        entries.push(ui::MenuEntry {
            label: visit.word("view-edit"),
            icon: Some(ui::Icon::Pencil),
            href: format!("{address}/views/{}", view.id),
            method: ui::Method::Overlay,
            ..ui::MenuEntry::default()
        });
        entries.push(ui::MenuEntry {
            label: visit.word("view-delete"),
            icon: Some(ui::Icon::Trash),
            href: format!("{address}/views/{}/delete", view.id),
            method: ui::Method::Post,
            danger: true,
            confirm: Some(visit.say("view-delete-sure", &[("name", (&view.name).into())])),
            ..ui::MenuEntry::default()
        });
    }
    entries
}

/// The offer to keep what differs from the view in force.
pub(crate) fn unsaved(
    visit: &Visit,
    object: &ObjectDef,
    params: &Params,
    views: &[Saved],
) -> Option<(String, Vec<ui::Action>)> {
    let address = label::list_address(object);
    let save_as = ui::Action {
        label: visit.word("view-save-as"),
        href: params.under(&format!("{address}/views/new")),
        method: ui::Method::Overlay,
        kind: ui::ActionKind::Quiet,
        ..ui::Action::default()
    };
    let Some(view) = current(params, views) else {
        let segment = customer::segment::offer(visit, object, &params.filter);
        return params.narrows().then(|| (String::new(), [save_as].into_iter().chain(segment).collect()));
    };
    if !is_changed(params, view) {
        return None;
    }
    let mut actions = Vec::new();
    if view.mine || visit.access.full {
        actions.push(ui::Action {
            label: visit.word("view-update"),
            href: params.under(&format!("{address}/views/{}/state", view.id)),
            method: ui::Method::Post,
            kind: ui::ActionKind::Quiet,
            ..ui::Action::default()
        });
    }
    actions.push(save_as);
    Some((visit.word("view-unsaved"), actions))
}

fn form(visit: &Visit, action: &str, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let mut form =
        Simple::new(visit, action, pairs, problems).text("name", "view.name", true).switch("shared", "view-shared");
    if let Some(state) = pairs.get("state") {
        form = form.hidden("state", state);
    }
    form.cancel("/").draw("save")
}

/// `GET /o/{object}/views/new`
pub(crate) async fn new(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    let params = Params::read(&object, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    let pairs = Pairs(vec![("state".into(), params.state().query())]);
    let action = format!("{}/views", label::list_address(&object));
    Ok(frame::dialog(&visit, visit.word("view-save-as"), false, form(&visit, &action, &pairs, &[])))
}

fn fields(form: &Posted) -> Fields {
    let shared = Value::Bool(form.pairs.is_on("shared"));
    Fields::from_iter([(Ident::of("name"), Value::from(form.pairs.text("name"))), (Ident::of("shared"), shared)])
}

/// `POST /o/{object}/views`
pub(crate) async fn create(Path(listed): Path<String>, posted: Posted) -> Answer {
    let listed = posted.space.object(&listed)?;
    posted.access.check(&listed, Action::Read)?;
    let params = Params::read(&listed, &Pairs::read(posted.pairs.text("state").as_bytes()))?;
    let mut fields = fields(&posted);
    fields.set(Ident::of("object"), Value::Text(listed.name.to_string()));
    fields.set(Ident::of("query"), Value::Text(params.state().query()));
    let action = format!("{}/views", label::list_address(&listed));
    match posted.space.write_one(&posted.ctx, &object(), records::Op::Create(fields)).await {
        Ok(outcome) => {
            let id = outcome.record.id().typed("viw");
            Ok(frame::go_saying(&posted, &format!("{}?view={id}", label::list_address(&listed)), "saved", None))
        }
        Err(error) => Ok(frame::refused(form(&posted, &action, &posted.pairs, &problems_of(error)?))),
    }
}

fn id_of(text: &str) -> Result<Id, RecordError> {
    Id::parse(text, "viw").map_err(|_| RecordError::unknown("view", text))
}

/// `GET /o/{object}/views/{view}`
pub(crate) async fn edit(visit: Signed, Path((listed, view)): Path<(String, String)>) -> Answer {
    let listed = visit.space.object(&listed)?;
    let record = visit.space.get(&visit.ctx, &object(), id_of(&view)?).await?;
    let view = saved(&visit, &record);
    let pairs = Pairs(vec![("name".into(), view.name), ("shared".into(), view.shared.to_string())]);
    let action = format!("{}/views/{}", label::list_address(&listed), view.id);
    Ok(frame::dialog(&visit, visit.word("view-edit"), false, form(&visit, &action, &pairs, &[])))
}

/// `POST /o/{object}/views/{view}`
pub(crate) async fn change(Path((listed, view)): Path<(String, String)>, posted: Posted) -> Answer {
    let listed = posted.space.object(&listed)?;
    let address = label::list_address(&listed);
    let op = records::Op::Update { id: id_of(&view)?, fields: fields(&posted), version: None };
    match posted.space.write_one(&posted.ctx, &object(), op).await {
        Ok(_) => Ok(frame::go_saying(&posted, &format!("{address}?view={view}"), "saved", None)),
        Err(error) => {
            let action = format!("{address}/views/{view}");
            Ok(frame::refused(form(&posted, &action, &posted.pairs, &problems_of(error)?)))
        }
    }
}

/// `POST /o/{object}/views/{view}/state`: the view shows from now on what the address says.
pub(crate) async fn keep(
    Path((listed, view)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    posted: Posted,
) -> Answer {
    let listed = posted.space.object(&listed)?;
    let params = Params::read(&listed, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    let fields = Fields::from_iter([(Ident::of("query"), Value::Text(params.state().query()))]);
    let op = records::Op::Update { id: id_of(&view)?, fields, version: None };
    posted.space.write_one(&posted.ctx, &object(), op).await?;
    Ok(frame::go_saying(&posted, &format!("{}?view={view}", label::list_address(&listed)), "saved", None))
}

/// `POST /o/{object}/views/{view}/delete`
pub(crate) async fn delete(Path((listed, view)): Path<(String, String)>, posted: Posted) -> Answer {
    let listed = posted.space.object(&listed)?;
    posted.space.write_one(&posted.ctx, &object(), records::Op::Delete(id_of(&view)?)).await?;
    Ok(frame::go_saying(&posted, &label::list_address(&listed), "deleted", None))
}
