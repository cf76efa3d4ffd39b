//! Roles: what each may do with the records of each object, and which fields it does not see or change.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::Path;
use kernel::Id;
use maud::{Markup, html};
use model::{Fields, Grant, Ident, ObjectDef, Query, Record, Schema, Scope, Sort, Value};
use records::objects::{ROLE_ADMIN, ROLE_GRANTS, ROLE_KEY, ROLE_NAME};
use records::{Access, Action, Op, RecordError};

use crate::failure::Answer;
use crate::form::{Pairs, PostedByAdministrator};
use crate::settings::{below, table};
use crate::simple::Simple;
use crate::visit::{Administrator, Visit};
use crate::{frame, label, record};

const SCOPES: [(&str, Scope); 4] =
    [("none", Scope::None), ("own", Scope::Own), ("team", Scope::Team), ("all", Scope::All)];

/// `GET /settings/roles`
pub(crate) async fn list(visit: Administrator) -> Answer {
    let query = Query::of(Ident::of("role")).sort(Sort::by(Ident::of("name"), false)).limit(200);
    let roles = visit.space.list(&visit.ctx, &query).await?.records;
    let view = visit.view();
    let rows: Vec<Vec<Markup>> = roles
        .iter()
        .map(|role| {
            let name = role.get(ROLE_NAME).unwrap_or_default();
            let href = format!("/settings/roles/{}", role.id().typed("rol"));
            let full = role.get(ROLE_ADMIN) == Some(true);
            vec![
                html! { @if full { (name) } @else { a href=(href) { (name) } } },
                html! { (role.get(ROLE_KEY).unwrap_or_default()) },
                html! { (ui::cell(&view, &ui::Cell::Boolean(full))) },
            ]
        })
        .collect();
    let title = visit.word("settings-roles");
    let mut frame = below(&visit, title.clone());
    frame.actions.push(ui::Action {
        label: visit.word("create"),
        icon: Some(ui::Icon::Plus),
        href: "/o/role/new".into(),
        method: ui::Method::Overlay,
        kind: ui::ActionKind::Primary,
        key: Some('c'),
        ..ui::Action::default()
    });
    let heads = ["role.name", "role.key", "role.admin"].map(|k| visit.word(k));
    Ok(frame::page(&visit, frame, ui::page_body(table(&title, &heads, &rows))))
}

/// A role and what its members may do.
struct Held {
    record: Record,
    own: HashMap<Ident, Grant>,
    access: Access,
}

async fn held(visit: &Visit, id: &str) -> Result<Held, RecordError> {
    let (object, id) = record::named(visit, "role", id)?;
    let record = visit.space.get(&visit.ctx, &object.name, id).await?;
    let own: HashMap<Ident, Grant> =
        record.get(ROLE_GRANTS).and_then(|json| serde_json::from_value(*json).ok()).unwrap_or_default();
    let role = (record.get(ROLE_KEY).unwrap_or_default(), record.get(ROLE_NAME).unwrap_or_default(), own.clone());
    let schema = visit.space.schema();
    let access = Access::of_user(Id::named("nobody"), false, vec![role], Vec::new(), &schema);
    Ok(Held { record, own, access })
}

impl Held {
    /// What the role may do with an object's records. A role that reads or writes nothing at all says nothing about single fields:
    /// those keep the limits set for them.
    fn grant(&self, object: &ObjectDef) -> Grant {
        let kept = self.own.get(&object.name).cloned().unwrap_or_default();
        let grant = Grant {
            read: self.access.scope(object, Action::Read),
            create: self.access.scope(object, Action::Create) > Scope::None,
            update: self.access.scope(object, Action::Update),
            delete: self.access.scope(object, Action::Delete),
            ..kept
        };
        let reads = |f: &Ident| self.access.reads(object, f);
        let names = |limited: &dyn Fn(&Ident) -> bool| -> Vec<Ident> {
            object.own_fields().map(|f| &f.name).filter(|f| limited(f)).cloned().collect()
        };
        let hidden = if grant.read > Scope::None { names(&|f| !reads(f)) } else { grant.hidden.clone() };
        let writes = grant.create || grant.update > Scope::None;
        let locked = if writes { names(&|f| reads(f) && !self.access.writes(object, f)) } else { grant.locked.clone() };
        Grant { hidden, locked, ..grant }
    }
}

fn objects(schema: &Schema) -> impl Iterator<Item = &Arc<ObjectDef>> {
    schema.objects().filter(|o| !o.setup)
}

fn scope(visit: &Visit, name: String, what: &str, value: Scope) -> Markup {
    let choices: Vec<_> = SCOPES
        .iter()
        .map(|(key, _)| ui::Choice {
            value: (*key).into(),
            label: visit.word(&format!("scope-{key}")),
            ..ui::Choice::default()
        })
        .collect();
    let current = SCOPES.iter().find(|(_, s)| *s == value).map_or("none", |(key, _)| key);
    let control = ui::Control { label: Some(what.to_owned()), ..ui::Control::new(name) };
    ui::choice(&control, &choices, current, None)
}

/// `GET /settings/roles/{id}`
pub(crate) async fn show(visit: Administrator, Path(id): Path<String>) -> Answer {
    let held = held(&visit, &id).await?;
    let schema = visit.space.schema();
    let action = format!("/settings/roles/{id}");
    let rows: Vec<Vec<Markup>> = objects(&schema)
        .map(|object| {
            let grant = held.grant(object);
            let name = label::many(&visit, object);
            let at = |what: &str| format!("{what}.{}", object.name);
            let called = |key: &str| format!("{name}: {}", visit.word(key));
            let create = ui::Control { label: Some(called("grant-create")), ..ui::Control::new(at("create")) };
            let fields = grant.hidden.len() + grant.locked.len();
            vec![
                html! { (name) },
                scope(&visit, at("read"), &called("grant-read"), grant.read),
                ui::boolean(&create, grant.create),
                scope(&visit, at("update"), &called("grant-update"), grant.update),
                scope(&visit, at("delete"), &called("grant-delete"), grant.delete),
                html! { a href={ (action) "/" (object.name) } { (visit.say("grant-fields", &[("n", (fields as u64).into())])) } },
            ]
        })
        .collect();
    let heads: Vec<String> = std::iter::once(visit.word("settings-objects"))
        .chain(["grant-read", "grant-create", "grant-update", "grant-delete", "object-fields"].map(|k| visit.word(k)))
        .collect();
    let view = visit.view();
    let body = html! {
        form.form method="post" action=(action) {
            (view.csrf_field())
            (table(&visit.word("settings-roles"), &heads, &rows))
            div.form-actions { button.button data-kind="primary" data-submit { (view.words.save) } }
        }
    };
    let title = held.record.get(ROLE_NAME).unwrap_or_default();
    let frame = below(&visit, title).crumb(visit.word("settings-roles"), "/settings/roles");
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn scope_of(text: &str) -> Scope {
    SCOPES.iter().find(|(key, _)| *key == text).map_or(Scope::None, |(_, scope)| *scope)
}

async fn store(form: &PostedByAdministrator, held: Held) -> Result<(), RecordError> {
    let json = serde_json::to_value(&held.own).unwrap_or_default();
    let fields = Fields::from_iter([(Ident::of("grants"), Value::Json(Box::new(json)))]);
    let op = Op::Update { id: held.record.id(), fields, version: Some(held.record.version()) };
    form.space.write_one(&form.ctx, &Ident::of("role"), op).await.map(drop)
}

/// `POST /settings/roles/{id}`
pub(crate) async fn save(Path(id): Path<String>, form: PostedByAdministrator) -> Answer {
    let mut held = held(&form, &id).await?;
    let schema = form.space.schema();
    for object in objects(&schema) {
        let value = |what: &str| form.pairs.get(&format!("{what}.{}", object.name)).map(str::to_owned);
        let present = held.grant(object);
        let Some(read) = value("read") else { continue };
        let grant = Grant {
            read: scope_of(&read),
            create: value("create").as_deref() == Some("true"),
            update: scope_of(&value("update").unwrap_or_default()),
            delete: scope_of(&value("delete").unwrap_or_default()),
            ..present.clone()
        };
        // What is as the definition has it stays so when the definition changes.
        if grant != present {
            held.own.insert(object.name.clone(), grant);
        }
    }
    store(&form, held).await?;
    Ok(frame::go_saying(&form, &format!("/settings/roles/{id}"), "saved", None))
}

/// `GET /settings/roles/{id}/{object}`: the fields hidden from a role, or locked.
pub(crate) async fn fields(visit: Administrator, Path((id, object)): Path<(String, String)>) -> Answer {
    let held = held(&visit, &id).await?;
    let object = visit.space.object(&object)?;
    let grant = held.grant(&object);
    let options: Vec<(String, String)> =
        object.own_fields().map(|f| (f.name.to_string(), label::field(&visit, &object, f))).collect();
    let listed = |name: &'static str, fields: &[Ident]| {
        fields.iter().map(|f| (name.to_owned(), f.to_string())).collect::<Vec<_>>()
    };
    let pairs = Pairs([listed("hidden", &grant.hidden), listed("locked", &grant.locked)].concat());
    let form = Simple::new(&visit, &format!("/settings/roles/{id}/{}", object.name), &pairs, &[])
        .boxes("hidden", "grant-hidden", &options)
        .boxes("locked", "grant-locked", &options)
        .cancel(&format!("/settings/roles/{id}"))
        .draw("save");
    let name = held.record.get(ROLE_NAME).unwrap_or_default();
    let title = format!("{name} · {}", label::many(&visit, &object));
    let frame = below(&visit, title)
        .crumb(visit.word("settings-roles"), "/settings/roles")
        .crumb(name, format!("/settings/roles/{id}"));
    Ok(frame::page(&visit, frame, ui::page_body(form)))
}

/// `POST /settings/roles/{id}/{object}`
pub(crate) async fn save_fields(Path((id, object)): Path<(String, String)>, form: PostedByAdministrator) -> Answer {
    let mut held = held(&form, &id).await?;
    let object = form.space.object(&object)?;
    let named = |name: &str| form.pairs.all(name).filter_map(|f| object.field(f)).map(|f| f.name.clone()).collect();
    let grant = Grant { hidden: named("hidden"), locked: named("locked"), ..held.grant(&object) };
    held.own.insert(object.name.clone(), grant);
    store(&form, held).await?;
    Ok(frame::go_saying(&form, &format!("/settings/roles/{id}"), "saved", None))
}
