//! The page of a list.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use maud::{Markup, html};
use model::{FieldDef, Ident, ObjectDef, Query, Sort, system};
use records::{Action, RecordError};
use store::Count;

use crate::failure::Answer;
use crate::form::Pairs;
use crate::frame::{self, Frame};
use crate::list::params::{Layout, Params, may_search};
use crate::list::{builder, describe, table, views};
use crate::names::Wanted;
use crate::visit::{Signed, Visit};
use crate::{label, show};

/// No count goes further; `+` says that there are more.
pub(crate) const CAP: u32 = 10_000;

/// `GET /o/{object}`
pub(crate) async fn list(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    if builder::is_posted(&pairs) {
        return Ok(frame::go(&visit, &builder::target(&visit, &object, &pairs)?));
    }
    let mut reader = visit.space.store.read().await?;
    let views = views::of(&visit, &object, &mut reader).await?;
    let params = views::applied(&object, &views, &pairs)?;
    if params.layout == Layout::Board && object.layout.board.is_some() && !params.deleted {
        return crate::board::page(&visit, &object, params, &views, reader).await;
    }
    let fields = table::columns(&visit, &object, &params);
    let (schema, query) = authorised(&visit, &object, &params, &fields)?;
    let page = reader.list(&schema, &query).await.map_err(RecordError::from)?;
    let mut wanted = Wanted::default();
    for record in &page.records {
        wanted.record(&object, record, fields.iter().map(|f| &f.name));
    }
    describe::want(&visit, &schema, &mut wanted, &params.filter);
    let rest = params.after.is_some() && visit.htmx;
    let more = page.next.as_ref().map(|next| params.continued(&object, next));
    let mut content = ui::Table {
        id: format!("list-{}", object.name),
        label: label::many(&visit, &object),
        columns: table::head(&visit, &object, &params, &fields),
        selectable: true,
        more,
        ..ui::Table::default()
    };
    if rest {
        let names = wanted.read(&visit, &mut reader).await?;
        content.rows = table::rows(&visit, &object, &fields, &page.records, &names);
        return Ok(ui::rows(&visit.view(), &content).into_response());
    }
    let whole = Query { sort: Vec::new(), after: None, ..query.clone() };
    let count = reader.count(&schema, &whole, Some(CAP)).await.map_err(RecordError::from)?;
    content.footer = Some(table::footer(&visit, &mut reader, &query, &object, &fields, &page.records, count).await?);
    let names = wanted.read(&visit, &mut reader).await?;
    content.rows = table::rows(&visit, &object, &fields, &page.records, &names);
    content.empty = nothing(&visit, &object, &params);
    let bar = toolbar(&visit, &object, &params, &views, describe::chips(&visit, &object, &params, &names));
    let body = html! {
        (ui::toolbar(&visit.view(), &bar))
        (ui::table(&visit.view(), &content))
        @if !page.records.is_empty() { (selection(&visit, &object, &params, count)) }
    };
    Ok(frame::page_of(&visit, header(&visit, &object, &params), body, reader.statements()))
}

/// The query of a list as it may be run, with the fields that its rows need.
pub(crate) fn authorised(
    visit: &Visit,
    object: &ObjectDef,
    params: &Params,
    fields: &[&FieldDef],
) -> Result<(Arc<model::Schema>, Query), RecordError> {
    let mut wanted: Vec<Ident> = fields.iter().map(|f| f.name.clone()).collect();
    for name in [Ident::of(system::ID), object.title.clone()] {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    }
    visit.space.authorise(&visit.ctx, &visit.access, &params.query(visit, object)?.fields(wanted))
}

/// What stands above a list.
pub(crate) fn header(visit: &Visit, object: &ObjectDef, params: &Params) -> Frame {
    let address = label::list_address(object);
    let mut frame = Frame { icon: Some(label::icon(object)), ..Frame::titled(label::many(visit, object)) }.at(&address);
    if params.deleted {
        frame = frame.crumb(label::many(visit, object), &address);
        frame.title = visit.word("bin");
    }
    if visit.access.check(object, Action::Create).is_ok() && !params.deleted {
        frame.actions.push(ui::Action {
            label: visit.word("create"),
            icon: Some(ui::Icon::Plus),
            href: params.under(&format!("{address}/new")),
            method: ui::Method::Overlay,
            kind: ui::ActionKind::Primary,
            key: Some('c'),
            ..ui::Action::default()
        });
    }
    frame
}

fn entry(label: String, icon: ui::Icon, href: String) -> ui::MenuEntry {
    ui::MenuEntry { label, icon: Some(icon), href, ..ui::MenuEntry::default() }
}

/// The line above a list, for every layout.
pub(crate) fn toolbar(
    visit: &Visit,
    object: &ObjectDef,
    params: &Params,
    views: &[views::Saved],
    chips: Vec<ui::Chip>,
) -> ui::Toolbar {
    let address = label::list_address(object);
    let words = visit.view().words;
    let mut layouts = Vec::new();
    if object.layout.board.is_some() {
        for (layout, key, icon) in
            [(Layout::Table, "layout-table", ui::Icon::Table2), (Layout::Board, "layout-board", ui::Icon::SquareKanban)]
        {
            let href = params.with(|p| p.layout = layout).href(object);
            layouts.push(ui::Layout { label: visit.word(key), icon, href, current: params.layout == layout });
        }
    }
    let mut tools = Vec::new();
    if visit.access.check(object, Action::Create).is_ok() {
        tools.push(entry(words.import.clone(), ui::Icon::Upload, format!("{address}/import")));
    }
    for (i, format) in ["csv", "xlsx", "jsonl", "parquet"].iter().enumerate() {
        let mut pairs = params.pairs();
        pairs.push("format", *format);
        tools.push(ui::MenuEntry {
            section: (i == 0).then(|| words.export.clone()),
            ..entry(
                visit.word(&format!("format-{format}")),
                ui::Icon::Download,
                format!("{address}/export?{}", pairs.query()),
            )
        });
    }
    let bin = params.with(|p| p.deleted = !p.deleted).href(object);
    tools.push(ui::MenuEntry {
        section: Some(String::new()),
        current: params.deleted,
        ..entry(visit.word("bin"), ui::Icon::Trash, bin)
    });
    let board = params.layout == Layout::Board;
    ui::Toolbar {
        views: views::links(visit, object, params, views),
        view_actions: views::actions(visit, object, params, views),
        layouts,
        chips,
        filter: Some(params.under(&format!("{address}/filter"))),
        clear: Some(
            params
                .with(|p| {
                    p.filter = model::Filter::All;
                    p.search.clear();
                })
                .href(object),
        ),
        sorts: if board { Vec::new() } else { sorts(visit, object, params) },
        columns: (!board).then(|| params.under(&format!("{address}/columns"))),
        search: may_search(visit, object).then(|| address.clone()),
        query: params.search.clone(),
        keep: params.with(|p| p.search.clear()).pairs().0.into_iter().filter(|(n, _)| n != "q").collect(),
        tools,
        unsaved: views::unsaved(visit, object, params, views),
    }
}

fn sorts(visit: &Visit, object: &ObjectDef, params: &Params) -> Vec<ui::MenuEntry> {
    let newest = ui::MenuEntry {
        current: params.sort.is_empty(),
        ..entry(visit.word("sort-newest"), ui::Icon::Clock, params.with(|p| p.sort.clear()).href(object))
    };
    let shown = params.shown(object).iter().chain([&object.title]);
    let mut seen = Vec::new();
    let mut entries = vec![newest];
    for field in
        shown.filter_map(|n| object.field(n.as_str())).filter(|f| f.is_sortable() && show::is_shown(visit, object, f))
    {
        if seen.contains(&&field.name) {
            continue;
        }
        seen.push(&field.name);
        let current = params.sort.first().filter(|s| s.path.field == field.name);
        let desc = current.is_some_and(|s| !s.desc);
        let sort = Sort::by(field.name.clone(), desc);
        entries.push(ui::MenuEntry {
            current: current.is_some(),
            ..entry(
                label::field(visit, object, field),
                if current.is_some_and(|s| s.desc) { ui::Icon::ArrowDown } else { ui::Icon::ArrowUp },
                params.with(|p| p.sort = vec![sort]).href(object),
            )
        });
    }
    entries
}

/// What an empty list says: nothing there yet, nothing that matches, nothing in the bin.
fn nothing(visit: &Visit, object: &ObjectDef, params: &Params) -> ui::Empty {
    let words = visit.view().words;
    let icon = Some(label::icon(object));
    if params.narrows() {
        let clear = ui::Action {
            label: words.clear_filters.clone(),
            href: params
                .with(|p| {
                    p.filter = model::Filter::All;
                    p.search.clear();
                })
                .href(object),
            ..ui::Action::default()
        };
        return ui::Empty { icon, title: words.no_match.clone(), detail: None, actions: vec![clear] };
    }
    if params.deleted {
        return ui::Empty { icon: Some(ui::Icon::Trash), title: visit.word("bin-empty"), ..ui::Empty::default() };
    }
    let mut actions = Vec::new();
    if visit.access.check(object, Action::Create).is_ok() {
        let address = label::list_address(object);
        actions.push(ui::Action {
            label: visit.word("create"),
            icon: Some(ui::Icon::Plus),
            href: format!("{address}/new"),
            method: ui::Method::Overlay,
            ..ui::Action::default()
        });
        actions.push(ui::Action {
            label: words.import.clone(),
            icon: Some(ui::Icon::Upload),
            href: format!("{address}/import"),
            ..ui::Action::default()
        });
    }
    let many = label::many(visit, object);
    ui::Empty { icon, title: visit.say("list-empty", &[("objects", (&many).into())]), detail: None, actions }
}

fn selection(visit: &Visit, object: &ObjectDef, params: &Params, count: Count) -> Markup {
    let words = visit.view().words;
    let mut verbs = Vec::new();
    let mut add = |verb: &str, label: String, icon| verbs.push((verb.to_owned(), label, Some(icon)));
    if params.deleted {
        if visit.access.check(object, Action::Delete).is_ok() {
            add("restore", words.restore.clone(), ui::Icon::RotateCcw);
        }
    } else {
        if visit.access.check(object, Action::Update).is_ok() {
            add("edit", words.edit.clone(), ui::Icon::Pencil);
        }
        if visit.access.check(object, Action::Delete).is_ok() {
            add("delete", words.delete.clone(), ui::Icon::Trash);
        }
    }
    if verbs.is_empty() {
        return html! {};
    }
    let bulk = ui::Bulk {
        action: format!("{}/bulk", label::list_address(object)),
        verbs,
        dangerous: vec!["delete".into()],
        matching: Some(table::count_text(visit, count)),
        keep: params.state().0,
    };
    ui::selection_bar(&visit.view(), &bulk)
}

/// `GET /o/{object}/columns`: which columns are shown.
pub(crate) async fn columns(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let params = Params::read(&object, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    let shown = table::columns(&visit, &object, &params);
    let rest =
        object.fields.iter().filter(|f| show::is_shown(&visit, &object, f) && !shown.iter().any(|s| s.name == f.name));
    let entries: Vec<_> = shown
        .iter()
        .map(|f| (f, true))
        .chain(rest.collect::<Vec<_>>().iter().map(|f| (f, false)))
        .filter(|(f, _)| f.name != object.title)
        .map(|(f, on)| (f.name.to_string(), label::field(&visit, &object, f), on))
        .collect();
    let target = params.under(&format!("{}/columns", label::list_address(&object)));
    let title = visit.view().words.columns.clone();
    Ok(frame::dialog(&visit, title, false, ui::columns_chooser(&visit.view(), &target, &entries)))
}

/// `POST /o/{object}/columns`: the list with the chosen columns.
pub(crate) async fn choose_columns(
    Path(object): Path<String>,
    RawQuery(query): RawQuery,
    form: crate::form::Posted,
) -> Answer {
    let object = form.space.object(&object)?;
    form.access.check(&object, Action::Read)?;
    let params = Params::read(&object, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    let chosen: Vec<Ident> = form.pairs.all("column").filter_map(|c| object.field(c)).map(|f| f.name.clone()).collect();
    let chosen = if chosen.is_empty() { vec![object.title.clone()] } else { chosen };
    Ok(frame::go(&form, &params.with(|p| p.columns = chosen).href(&object)))
}
