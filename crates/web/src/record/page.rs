//! The page of a record: facts and stages above, properties at the left, timeline or history in the middle, related records at the right.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use kernel::Id;
use maud::{Markup, html};
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Op as Is, Operand, Query, Record, Value};
use records::{Action, RecordError};
use store::{Count, Page, Reader};

use crate::board::{self, Lanes};
use crate::failure::Answer;
use crate::form::Pairs;
use crate::frame::{self, Frame};
use crate::list::table::{avatar, count_text, in_place};
use crate::names::{Names, Wanted, title, title_fields};
use crate::record::form::{hidden, sections};
use crate::record::known;
use crate::settings::consent;
use crate::visit::{Signed, Visit};
use crate::{label, record, show, timeline};

/// Related records shown of each kind.
const RELATED: u32 = 5;

/// Records of another object that point to this one.
struct Link {
    object: Arc<ObjectDef>,
    field: FieldDef,
    page: Page,
    count: Count,
}

/// `GET /o/{object}/{id}`
pub(crate) async fn show(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    draw(&visit, &object, &id, false).await
}

/// `GET /o/{object}/{id}/history`
pub(crate) async fn history(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    draw(&visit, &object, &id, true).await
}

async fn draw(visit: &Visit, object: &str, id: &str, history: bool) -> Answer {
    let (object, id) = record::named(visit, object, id)?;
    visit.access.check(&object, Action::Read)?;
    let mut reader = visit.space.store.read().await?;
    let record = record::read(visit, &object.name, id, &mut reader).await?;
    let mut wanted = Wanted::default();
    let all: Vec<Ident> = object.fields.iter().map(|f| f.name.clone()).collect();
    wanted.record(&object, &record, &all);
    let links = links(visit, &object, id, &mut reader).await?;
    for link in &links {
        let fields = detail_fields(visit, link);
        link.page.records.iter().for_each(|r| wanted.record(&link.object, r, fields.iter().map(|f| &f.name)));
    }
    let stages = stages(visit, &object, &record, &mut reader).await?;
    let log = if history {
        timeline::Log::of_changes(visit, &object, id, None, &mut reader).await?
    } else {
        timeline::Log::of_everything(visit, &object, id, &timeline::From::default(), &mut reader).await?
    };
    log.want(visit, &object, &mut wanted);
    let names = wanted.read(visit, &mut reader).await?;
    let deliveries = if object.name == "webhook" {
        crate::settings::job::deliveries(visit, id, &mut reader).await?
    } else {
        html! {}
    };
    let statements = reader.statements();
    drop(reader);
    let content = ui::RecordLayout {
        head: html! {
            (ui::record_header(&visit.view(), &head(visit, &object, &record, &names)))
            @if record.deleted_at().is_some() { (deleted(visit, &object, id)) }
            (stages)
        },
        properties: properties(visit, &object, &record, &names),
        tabs: tabs(visit, &object, id, history),
        center: if history {
            log.table(visit, &object, &record, &names)
        } else {
            html! {
                @if record.deleted_at().is_none() { (timeline::composer(visit, &object, id)) }
                (log.stream(visit, &object, id, &names))
            }
        },
        aside: html! {
            (known::place(visit, &object, id))
            @for link in &links { (related(visit, &object, id, link, &names)) }
            (deliveries)
        },
    };
    let address = label::list_address(&object);
    let frame = Frame { icon: Some(label::icon(&object)), ..Frame::titled(title(&object, &record, &names)) };
    let frame = frame.crumb(label::many(visit, &object), &address).at(address);
    Ok(frame::page_of(visit, frame, ui::record_page(&content), statements))
}

fn tabs(visit: &Visit, object: &ObjectDef, id: Id, history: bool) -> Markup {
    let address = label::record_address(object, id);
    let tab = |key: &str, href: String, icon, current| ui::Tab {
        label: visit.word(key),
        href,
        icon: Some(icon),
        current,
        ..ui::Tab::default()
    };
    ui::tabs(
        &visit.word("record-tabs"),
        &[
            tab("timeline", address.clone(), ui::Icon::MessageSquare, !history),
            tab("history", format!("{address}/history"), ui::Icon::RotateCcwClock, history),
        ],
    )
}

fn head(visit: &Visit, object: &ObjectDef, record: &Record, names: &Names) -> ui::RecordHeader {
    let address = label::record_address(object, record.id());
    let words = visit.view().words;
    let facts = object
        .layout
        .facts
        .iter()
        .filter_map(|n| object.field(n.as_str()))
        .filter(|f| show::is_shown(visit, object, f));
    let facts = facts.map(|f| ui::KeyValue {
        label: label::field(visit, object, f),
        value: show::cell(visit, object, f, record.value(f.name.as_str()), names),
    });
    let mut header = ui::RecordHeader {
        avatar: avatar(object, &title(object, record, names)),
        facts: facts.collect(),
        subtitle: Some(label::one(visit, object)),
        ..ui::RecordHeader::default()
    };
    let entry = |label: String, icon, href: String, method| ui::MenuEntry {
        label,
        icon: Some(icon),
        href,
        method,
        ..ui::MenuEntry::default()
    };
    if record.deleted_at().is_none() && visit.access.check(object, Action::Update).is_ok() {
        header.actions.push(ui::Action {
            label: words.edit.clone(),
            icon: Some(ui::Icon::Pencil),
            href: format!("{address}/edit"),
            method: ui::Method::Overlay,
            key: Some('e'),
            ..ui::Action::default()
        });
    }
    if object.name == "user" && visit.administers() && record.deleted_at().is_none() {
        let href = format!("/settings/users/{}/invitation", record.id().typed(object.prefix.as_str()));
        header.actions.push(ui::Action {
            label: visit.word("invite"),
            icon: Some(ui::Icon::Send),
            href,
            method: ui::Method::Overlay,
            ..ui::Action::default()
        });
    }
    if consent::of::has_points(object) {
        let href = format!("{address}/consents");
        header.more.push(entry(visit.word("settings-consents"), ui::Icon::Handshake, href, ui::Method::Overlay));
    }
    header.more.push(entry(visit.word("why-visible"), ui::Icon::Eye, format!("{address}/access"), ui::Method::Overlay));
    if record.deleted_at().is_none() && visit.access.check(object, Action::Delete).is_ok() {
        header.more.push(ui::MenuEntry {
            danger: true,
            section: Some(String::new()),
            ..entry(words.delete.clone(), ui::Icon::Trash, format!("{address}/delete"), ui::Method::Post)
        });
    }
    header
}

/// Says that a record is in the bin, and offers to bring it back.
pub(crate) fn deleted(visit: &Visit, object: &ObjectDef, id: Id) -> Markup {
    let restore = ui::Action {
        label: visit.view().words.restore.clone(),
        icon: Some(ui::Icon::RotateCcw),
        href: format!("{}/restore", label::record_address(object, id)),
        method: ui::Method::Post,
        ..ui::Action::default()
    };
    let actions = if visit.access.check(object, Action::Delete).is_ok() { vec![restore] } else { Vec::new() };
    ui::banner(
        &visit.view(),
        &ui::Banner { tone: ui::Tone::Warning, title: visit.word("in-bin"), detail: None, actions },
    )
}

/// The stages as a path, where the board's field is one.
async fn stages(
    visit: &Visit,
    object: &ObjectDef,
    record: &Record,
    reader: &mut Reader,
) -> Result<Markup, RecordError> {
    let Some(by) = board::field(object).filter(|f| show::is_shown(visit, object, f)) else { return Ok(html! {}) };
    let current = record.value(by.name.as_str());
    let schema = visit.space.schema();
    // The set of stages is that of the record's own stage, not the first one.
    let own = match (by.targets().and_then(|t| t.first().cloned()), current.as_id()) {
        (Some(to), Some(id)) => match visit.space.get_many_as(&visit.access, &to, &[id], reader).await?.first() {
            Some(stage) => board::set_of(&schema, &to).and_then(|f| stage.value(f.as_str()).as_id()),
            None => None,
        },
        _ => None,
    };
    let Lanes { lanes, .. } = board::lanes(visit, object, by, own, reader).await?;
    if lanes.len() < 2 || lanes.len() > 12 {
        return Ok(html! {});
    }
    // Only stages that are records follow each other; the options of a choice need not.
    let at = lanes.iter().position(|l| l.value == *current).filter(|_| by.kind.options().is_none());
    let may = record.deleted_at().is_none()
        && visit.access.check(object, Action::Update).is_ok()
        && show::is_editable(visit, object, by);
    let target = format!("{}/stage", label::record_address(object, record.id()));
    let path: Vec<ui::Stage> = lanes
        .into_iter()
        .enumerate()
        .map(|(i, lane)| ui::Stage {
            key: lane.key,
            label: lane.label,
            current: lane.value == *current,
            done: at.is_some_and(|at| i < at),
            time: None,
            hue: lane.hue,
        })
        .collect();
    Ok(ui::stage_path(&visit.view(), &path, may.then_some(target.as_str())))
}

fn properties(visit: &Visit, object: &ObjectDef, record: &Record, names: &Names) -> Markup {
    let address = label::record_address(object, record.id());
    let may = record.deleted_at().is_none() && visit.access.check(object, Action::Update).is_ok();
    let without = hidden(visit, record);
    let schema = visit.space.schema();
    let one = |field: &FieldDef| ui::Property {
        label: label::field(visit, object, field),
        icon: Some(label::type_icon(schema.effective(object, field))),
        value: show::cell(visit, object, field, record.value(field.name.as_str()), names),
        edit: (may && show::is_editable(visit, object, field) && in_place(field))
            .then(|| format!("{address}/cell/{}", field.name)),
        provenance: None,
    };
    let mut groups: Vec<ui::PropertyGroup> = sections(visit, object, &without)
        .into_iter()
        .map(|(heading, fields)| ui::PropertyGroup {
            label: heading.unwrap_or_else(|| visit.word("properties")),
            properties: fields
                .into_iter()
                .flat_map(|f| {
                    let files = attached(visit, object, record, f);
                    if files.is_empty() { vec![one(f)] } else { files }
                })
                .collect(),
            folded: false,
        })
        .collect();
    let named = |f: &&FieldDef| object.layout.sections.iter().any(|s| s.fields.contains(&f.name));
    let inner: Vec<ui::Property> =
        object.fields.iter().filter(|f| f.system && !named(f) && show::is_shown(visit, object, f)).map(one).collect();
    groups.push(ui::PropertyGroup { label: visit.word("section-system"), properties: inner, folded: true });
    ui::properties(&visit.view(), &groups)
}

/// A line per attached file.
fn attached(visit: &Visit, object: &ObjectDef, record: &Record, field: &FieldDef) -> Vec<ui::Property> {
    let Value::Files(files) = record.value(field.name.as_str()) else { return Vec::new() };
    let address = label::record_address(object, record.id());
    let one = |file: &model::FileRef| ui::Property {
        label: label::field(visit, object, field),
        icon: Some(ui::Icon::Paperclip),
        value: ui::Cell::Link { text: file.name.clone(), href: format!("{address}/file/{}", file.id.typed("fil")) },
        ..ui::Property::default()
    };
    files.iter().map(one).collect()
}

/// The records that point here, a page and a count of each kind. Activities stand on the timeline instead.
async fn links(visit: &Visit, object: &ObjectDef, id: Id, reader: &mut Reader) -> Result<Vec<Link>, RecordError> {
    let schema = visit.space.schema();
    let mut links = Vec::new();
    for (other, field) in schema.references_to(&object.name) {
        let inner = other.setup && !object.setup;
        let polymorphic = matches!(field.kind, FieldType::Polymorphic { .. });
        if inner
            || other.timeline.is_some()
            || polymorphic
            || visit.access.check(other, Action::Read).is_err()
            || !visit.access.reads(other, &field.name)
        {
            continue;
        }
        let query = Query::of(other.name.clone())
            .filter(points(field, object, id))
            .limit(RELATED)
            .fields(related_fields(visit, other));
        let (schema, query) = visit.space.authorise(&visit.ctx, &visit.access, &query)?;
        let page = reader.list(&schema, &query).await?;
        // The count is only asked for when there are more than those in sight.
        let count = match page.next {
            None => Count { n: page.records.len() as u64, more: false },
            Some(_) => reader.count(&schema, &query, Some(999)).await?,
        };
        links.push(Link { object: Arc::clone(other), field: field.clone(), page, count });
    }
    Ok(links)
}

/// The records whose field points to this one.
fn points(field: &FieldDef, object: &ObjectDef, id: Id) -> Filter {
    let (op, operand) = match field.kind {
        FieldType::References { .. } => (Is::Has, Operand::Value(Value::Id(id))),
        FieldType::Polymorphic { .. } => {
            (Is::Eq, Operand::Value(Value::Ref(model::Ref { object: object.name.clone(), id })))
        }
        _ => (Is::Eq, Operand::Value(Value::Id(id))),
    };
    Filter::is(field.name.clone(), op, operand)
}

fn related_fields(visit: &Visit, object: &ObjectDef) -> Vec<Ident> {
    let mut fields = title_fields(object).to_vec();
    let extra = object
        .layout
        .facts
        .iter()
        .chain(&object.layout.sum)
        .filter(|n| object.field(n.as_str()).is_some_and(|f| show::is_shown(visit, object, f)));
    fields.extend(extra.cloned());
    fields
}

/// What a related record shows beside its name: the first facts that do not lead back here.
fn detail_fields<'a>(visit: &Visit, link: &'a Link) -> Vec<&'a FieldDef> {
    let object = &link.object;
    let names = object.layout.facts.iter().filter(|n| **n != link.field.name && object.layout.sum.as_ref() != Some(n));
    let fields = names.filter_map(|n| object.field(n.as_str())).filter(|f| show::is_shown(visit, object, f));
    fields.take(2).chain(object.field(object.title.as_str()).filter(|f| f.targets().is_some())).collect()
}

fn related(visit: &Visit, object: &ObjectDef, id: Id, link: &Link, names: &Names) -> Markup {
    let other = &link.object;
    let here = id.typed(object.prefix.as_str());
    let items = link.page.records.iter().map(|r| {
        let details: Vec<String> = detail_fields(visit, link)
            .iter()
            .filter(|f| f.name != other.title)
            .map(|f| show::text(visit, other, f, r.value(f.name.as_str()), names))
            .filter(|t| !t.is_empty())
            .collect();
        let sum = other.layout.sum.as_ref().and_then(|n| other.field(n.as_str()));
        let value = sum.map(|f| show::cell(visit, other, f, r.value(f.name.as_str()), names));
        ui::RelatedItem {
            avatar: avatar(other, &title(other, r, names)),
            href: label::record_address(other, r.id()),
            detail: (!details.is_empty()).then(|| details.join(" · ")),
            value: value.filter(|v| !matches!(v, ui::Cell::Empty)).unwrap_or(ui::Cell::Text(String::new())),
        }
    });
    let mut name = label::many(visit, other);
    let twice = visit.space.schema().references_to(&object.name).filter(|(o, _)| o.name == other.name).count() > 1;
    if twice || other.name == object.name {
        name = format!("{name} ({})", label::field(visit, other, &link.field));
    }
    let filter = Filter::is(link.field.name.clone(), Is::Eq, Operand::Raw(serde_json::json!(here)));
    let filter = serde_json::to_string(&filter).unwrap_or_default();
    let query = Pairs(vec![("filter".into(), filter)]).query();
    let create =
        Pairs(vec![(format!("with.{}", link.field.name), here), ("back".into(), label::record_address(object, id))])
            .query();
    let may = visit.access.check(other, Action::Create).is_ok() && show::is_editable(visit, other, &link.field);
    let empty = visit.say("related-empty", &[("objects", (&label::many(visit, other)).into())]);
    ui::related(
        &visit.view(),
        &ui::Related {
            label: name,
            count: count_text(visit, link.count),
            items: items.collect(),
            all: (link.count.n > 0).then(|| format!("{}?{query}", label::list_address(other))),
            create: may.then(|| format!("{}/new?{create}", label::list_address(other))),
            empty,
        },
    )
}

/// `GET /o/{object}/{id}/timeline`: older entries.
pub(crate) async fn older(
    visit: Signed,
    Path((object, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    visit.access.check(&object, Action::Read)?;
    let from = timeline::From::read(&Pairs::read(query.unwrap_or_default().as_bytes()));
    let mut reader = visit.space.store.read().await?;
    record::read(&visit, &object.name, id, &mut reader).await?;
    let log = timeline::Log::of_everything(&visit, &object, id, &from, &mut reader).await?;
    let mut wanted = Wanted::default();
    log.want(&visit, &object, &mut wanted);
    let names = wanted.read(&visit, &mut reader).await?;
    Ok(log.entries(&visit, &object, id, &names).into_response())
}

/// `GET /o/{object}/{id}/access?user=`: why the reader can see this record, or, for administrators, any user.
pub(crate) async fn access(
    visit: Signed,
    Path((object, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    let record = visit.space.get(&visit.ctx, &object.name, id).await?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let other = Id::parse(asked.text("user"), "usr").ok().filter(|_| visit.administers());
    let (access, name) = match other {
        Some(user) => {
            let found = visit.space.get(&visit.ctx, &Ident::of("user"), user).await?;
            let access = visit.space.access(&visit.ctx.as_actor(kernel::Actor::User(user))).await?;
            (access, found.get(records::objects::USER_NAME).unwrap_or_default())
        }
        None => (Arc::clone(&visit.access), visit.name()),
    };
    let seen = visit.space.get_many_as(&access, &object.name, &[id], &mut visit.space.store.read().await?).await;
    let seen = seen.is_ok_and(|records| !records.is_empty());
    let reasons = if seen { access.explain(&object, &record) } else { Vec::new() };
    let said = visit.say(if seen { "why-sees" } else { "why-not" }, &[("name", (&name).into())]);
    let view = visit.view();
    let body = html! {
        p { (said) }
        ul { @for reason in &reasons { li { (reason_text(&visit, &object, reason)) } } }
        @if visit.administers() {
            @let control = ui::Control { label: Some(visit.word("user")), ..ui::Control::new("user") };
            form.form action={ (label::record_address(&object, id)) "/access" } hx-get={ (label::record_address(&object, id)) "/access" }
                hx-target="#overlay" hx-swap="innerHTML" {
                (ui::reference(&view, &control, "/pick/user", None))
                div.form-actions { button.button data-kind="secondary" { (visit.word("why-other")) } }
            }
        }
    };
    Ok(frame::dialog(&visit, visit.word("why-visible"), false, body))
}

fn reason_text(visit: &Visit, object: &ObjectDef, reason: &records::Reason) -> String {
    use records::Reason;
    let role = |key: &str, role: &String| visit.say(key, &[("role", role.into())]);
    match reason {
        Reason::Administrator => visit.word("why-administrator"),
        Reason::Everything(name) => role("why-everything", name),
        Reason::Owner(name) => role("why-owner", name),
        Reason::Team(name) => role("why-team", name),
        Reason::Shared => visit.word("why-shared"),
        Reason::About(field) => {
            let name = object.field(field.as_str()).map(|f| label::field(visit, object, f)).unwrap_or_default();
            visit.say("why-about", &[("field", (&name).into())])
        }
    }
}

/// `GET /o/{object}/{id}/file/{file}`: a file attached to a record that the reader may see.
pub(crate) async fn file(visit: Signed, Path((object, id, file)): Path<(String, String, String)>) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    let file = Id::parse(&file, "fil").map_err(|_| RecordError::unknown("file", &file))?;
    let mut reader = visit.space.store.read().await?;
    let record = record::read(&visit, &object.name, id, &mut reader).await?;
    let attached = object.fields.iter().filter(|f| visit.access.reads(&object, &f.name)).any(|f| {
        match record.value(f.name.as_str()) {
            Value::Files(files) => files.iter().any(|f| f.id == file),
            _ => false,
        }
    });
    let found = if attached { reader.file(file).await.map_err(RecordError::from)? } else { None };
    let (name, media, content) = found.ok_or_else(|| RecordError::unknown("file", file.to_string()))?;
    Ok(download(&name, &media, content))
}

/// An answer that browsers save instead of showing.
fn download(name: &str, media: &str, content: Vec<u8>) -> Response {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    let plain = media.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    let media = if plain && !media.is_empty() { media } else { "application/octet-stream" };
    ([("content-type", media.to_owned()), ("content-disposition", disposition)], content).into_response()
}
