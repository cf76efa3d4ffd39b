//! The platform's own objects: users, teams, roles, webhooks, views, mappings. Declared like any other.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Id, Label};
use model::{Field, boolean, choice, date_time, json, links, long_text, reference, references, text};
use model::{Fields, Filter, Grant, Hue, Ident, ObjectDef, Query, Record, Scope, Validation, Value, system};
use store::StoreError;

use crate::pipeline::{Cx, Draft, Op};
use crate::{App, RecordError, Space, When};

/// A user's name.
pub const USER_NAME: Field<String> = text("name").required().searchable().indexed();
/// The address with which a user signs in.
pub const USER_EMAIL: Field<String> = text("email").unique().searchable();
/// Whether a user may sign in.
pub const USER_ACTIVE: Field<bool> = boolean("active").default_bool(true);
/// A user's team.
pub const USER_TEAM: Field<Id> = reference("team", "team");
/// A user's roles.
pub const USER_ROLES: Field<Vec<Id>> = references("roles", "role");
/// The language of a user's pages.
pub const USER_LANGUAGE: Field<String> = choice("language", &[("fr", Hue::Blue), ("en", Hue::Red)]).default_text("fr");
/// A user's time zone.
pub const USER_ZONE: Field<String> = text("time_zone").default_text("Europe/Paris");
/// The user to whom a user reports.
pub const USER_MANAGER: Field<Id> = reference("manager", "user");
/// A team's name.
pub const TEAM_NAME: Field<String> = text("name").required().unique().searchable();
/// The team above.
pub const TEAM_PARENT: Field<Id> = reference("parent", "team");
/// A role's name.
pub const ROLE_NAME: Field<String> = text("name").required().unique();
/// By which name objects' definitions give rights to a role.
pub const ROLE_KEY: Field<String> = text("key").required().unique();
/// Whether a role may do everything.
pub const ROLE_ADMIN: Field<bool> = boolean("admin").default_bool(false);
/// A role's rights by object, where they differ from what the objects declare.
pub const ROLE_GRANTS: Field<Box<serde_json::Value>> = json("grants");
/// A webhook's name.
pub const WEBHOOK_NAME: Field<String> = text("name").required();
/// Where a webhook's messages go.
pub const WEBHOOK_URL: Field<Vec<model::Entry>> = links("url").required();
/// What a webhook listens to: `contact.update`, `contact.*`, `*`.
pub const WEBHOOK_EVENTS: Field<Vec<String>> = model::tags("events").required();
/// Whether a webhook's messages are sent.
pub const WEBHOOK_ACTIVE: Field<bool> = boolean("active").default_bool(true);
/// The key that signs a webhook's messages, in the form of the Standard Webhooks specification.
pub const WEBHOOK_SECRET: Field<String> = text("secret").read_only();
/// Since when a webhook's address does not answer.
pub const WEBHOOK_FAILING: Field<kernel::Timestamp> = date_time("failing_since").read_only();
/// A view's name.
pub const VIEW_NAME: Field<String> = text("name").required();
/// The object a view lists.
pub const VIEW_OBJECT: Field<String> = text("object").required().indexed();
/// What a view shows: filter, sort, columns, layout, as in a list's address.
pub const VIEW_QUERY: Field<String> = long_text("query");
/// Whether everybody sees a view.
pub const VIEW_SHARED: Field<bool> = boolean("shared").default_bool(false);
/// A mapping's name.
pub const MAPPING_NAME: Field<String> = text("name").required();
/// The object a mapping fills.
pub const MAPPING_OBJECT: Field<String> = text("object").required().indexed();
/// What a mapping does, as the import has it.
pub const MAPPING_SPEC: Field<Box<serde_json::Value>> = json("spec").required();

/// The platform as an app of its own.
pub fn app() -> App {
    App::new("platform")
        .object(user())
        .object(team())
        .object(role())
        .object(webhook())
        .object(view())
        .object(mapping())
        .on("user", When::Saving, |draft, _| Box::pin(async move { check_user(draft) }))
        .on("user", When::Saving, |draft, cx| Box::pin(keep_an_administrator(draft, cx)))
        .on("user", When::Deleting, |draft, cx| Box::pin(keep_an_administrator(draft, cx)))
        .on("role", When::Saving, |draft, _| Box::pin(async move { check_role(draft) }))
        .on("role", When::Saving, |draft, cx| Box::pin(keep_an_administering_role(draft, cx)))
        .on("role", When::Deleting, |draft, cx| Box::pin(keep_an_administering_role(draft, cx)))
        .on("webhook", When::Saving, |draft, _| Box::pin(async move { check_webhook(draft) }))
}

fn user() -> ObjectDef {
    let fields = vec![
        USER_NAME.def(),
        USER_EMAIL.def(),
        USER_ACTIVE.def(),
        USER_TEAM.def(),
        USER_ROLES.def(),
        USER_LANGUAGE.def(),
        USER_ZONE.def(),
        USER_MANAGER.def(),
    ];
    ObjectDef::new("user", "usr", "user", "name", fields)
        .columns(&["name", "email", "team", "roles", "active"])
        .section("details", &["name", "email", "active", "team", "roles", "manager", "language", "time_zone"])
        .grant("*", Grant::read_only())
        .setup()
}

fn team() -> ObjectDef {
    ObjectDef::new("team", "tea", "users", "name", vec![TEAM_NAME.def(), TEAM_PARENT.def()])
        .columns(&["name", "parent"])
        .section("details", &["name", "parent"])
        .grant("*", Grant::read_only())
        .setup()
}

fn role() -> ObjectDef {
    let fields = vec![ROLE_NAME.def(), ROLE_KEY.def(), ROLE_ADMIN.def(), ROLE_GRANTS.def()];
    ObjectDef::new("role", "rol", "shield", "name", fields)
        .columns(&["name", "key", "admin"])
        .section("details", &["name", "key", "admin", "grants"])
        .setup()
}

fn webhook() -> ObjectDef {
    let fields = vec![
        WEBHOOK_NAME.def(),
        WEBHOOK_URL.def(),
        WEBHOOK_EVENTS.def(),
        WEBHOOK_ACTIVE.def(),
        WEBHOOK_SECRET.def(),
        WEBHOOK_FAILING.def(),
    ];
    ObjectDef::new("webhook", "whk", "webhook", "name", fields)
        .columns(&["name", "url", "events", "active", "failing_since"])
        .section("details", &["name", "url", "events", "active"])
        .setup()
}

fn view() -> ObjectDef {
    let fields = vec![VIEW_NAME.def(), VIEW_OBJECT.def(), VIEW_QUERY.def(), VIEW_SHARED.def()];
    ObjectDef::new("view", "viw", "list", "name", fields)
        .columns(&["name", "object", "shared", "owner"])
        .grant(
            "*",
            Grant { read: Scope::Own, create: true, update: Scope::Own, delete: Scope::Own, ..Grant::default() },
        )
        .shared_by("shared")
        .setup()
}

fn mapping() -> ObjectDef {
    let fields = vec![MAPPING_NAME.def(), MAPPING_OBJECT.def(), MAPPING_SPEC.def()];
    ObjectDef::new("mapping", "map", "map", "name", fields)
        .columns(&["name", "object", "owner"])
        .grant(
            "*",
            Grant { read: Scope::All, create: true, update: Scope::Own, delete: Scope::Own, ..Grant::default() },
        )
        .setup()
}

fn check_user(draft: &mut Draft) -> Result<(), RecordError> {
    if let Some(email) = draft.get(USER_EMAIL) {
        let email = email.trim().to_lowercase();
        let valid = email.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        });
        if !valid {
            draft.refuse(USER_EMAIL, "not-an-email");
        }
        draft.set(USER_EMAIL, email);
    }
    if let Some(zone) = draft.get(USER_ZONE)
        && kernel::Zone::get(&zone).is_err()
    {
        draft.refuse(USER_ZONE, "not-a-time-zone");
    }
    Ok(())
}

/// Somebody must be able to administer: the last active administrator stays one. The set-up, before the first sign-in, is free.
async fn keep_an_administrator(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    let Some(old) = draft.old.clone() else { return Ok(()) };
    let admins: Vec<Id> = {
        let filter = ROLE_ADMIN.eq(true);
        cx.list(&Query::of(Ident::of("role")).filter(filter).limit(100)).await?.iter().map(Record::id).collect()
    };
    let is_admin = |r: &Record| {
        let roles = if let Value::Ids(ids) = r.value("roles") { ids.as_slice() } else { &[] };
        r.deleted_at().is_none()
            && *r.value("active") == Value::Bool(true)
            && roles.iter().any(|id| admins.contains(id))
    };
    if !is_admin(&old) || is_admin(&draft.record) {
        return Ok(());
    }
    let roles = Filter::is(
        Ident::of("roles"),
        model::Op::HasAny,
        model::Operand::Values(admins.iter().copied().map(Value::Id).collect()),
    );
    let others = cx.list(&Query::of(Ident::of("user")).filter(USER_ACTIVE.eq(true)).filter(roles).limit(2)).await?;
    if others.iter().all(|r| r.id() == old.id()) {
        return Err(model::Problem::new("", "last-administrator").into());
    }
    Ok(())
}

/// The role by which the last administrator is one stays one too.
async fn keep_an_administering_role(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    let Some(old) = draft.old.clone() else { return Ok(()) };
    let gives = |role: &Record| role.deleted_at().is_none() && role.get(ROLE_ADMIN) == Some(true);
    if !gives(&old) || gives(&draft.record) {
        return Ok(());
    }
    let roles = cx.list(&Query::of(Ident::of("role")).filter(ROLE_ADMIN.eq(true)).limit(100)).await?;
    let others: Vec<Value> = roles.iter().map(Record::id).filter(|id| *id != old.id()).map(Value::Id).collect();
    let holds = Filter::is(Ident::of("roles"), model::Op::HasAny, model::Operand::Values(others.clone()));
    let users = Query::of(Ident::of("user")).filter(USER_ACTIVE.eq(true)).filter(holds).limit(1);
    if others.is_empty() || cx.list(&users).await?.is_empty() {
        return Err(model::Problem::new("", "last-administrator").into());
    }
    Ok(())
}

fn check_role(draft: &mut Draft) -> Result<(), RecordError> {
    if let Some(grants) = draft.get(ROLE_GRANTS)
        && serde_json::from_value::<HashMap<Ident, Grant>>(*grants).is_err()
    {
        draft.refuse(ROLE_GRANTS, "not-grants");
    }
    Ok(())
}

fn check_webhook(draft: &mut Draft) -> Result<(), RecordError> {
    if draft.is_new() && draft.get(WEBHOOK_SECRET).is_none() {
        draft.set(WEBHOOK_SECRET, crate::webhook::new_secret());
    }
    let known = |event: &String| match event.split_once('.') {
        None => event == "*",
        Some((object, what)) => {
            Ident::new(object).is_ok() && matches!(what, "*" | "create" | "update" | "delete" | "restore")
        }
    };
    if draft.get(WEBHOOK_EVENTS).is_some_and(|events| !events.iter().all(known)) {
        draft.refuse(WEBHOOK_EVENTS, "not-an-event");
    }
    if draft.changes(WEBHOOK_URL) {
        draft.set(WEBHOOK_FAILING, None);
    }
    Ok(())
}

pub(crate) fn read_grants(json: &serde_json::Value) -> HashMap<Ident, Grant> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

/// The roles every tenant starts with.
pub const ROLES: [(&str, &str, bool); 5] = [
    ("admin", "Administrateur", true),
    ("manager", "Responsable", false),
    ("rep", "Commercial", false),
    ("agent", "Agent", false),
    ("steward", "Responsable des données", false),
];

/// The role with this key among those every tenant starts with.
pub fn standard_role(key: &str) -> Id {
    Id::named(&format!("role:{key}"))
}

/// Makes the roles that every tenant starts with, where they are missing.
pub(crate) async fn seed(space: &Arc<Space>) -> Result<(), RecordError> {
    let ctx = space.system_ctx();
    let ids: Vec<Id> = ROLES.iter().map(|(key, ..)| standard_role(key)).collect();
    let schema = space.schema();
    let present: Vec<Id> = {
        let mut reader = space.store.read().await?;
        let found = reader.get_many(&schema, &Ident::of("role"), &ids, &Filter::All, &[]).await?;
        found.iter().map(Record::id).collect()
    };
    let ops: Vec<Op> = ROLES
        .iter()
        .zip(&ids)
        .filter(|(_, id)| !present.contains(id))
        .map(|((key, name, admin), id)| {
            Op::Create(Fields::from_iter([
                (Ident::of(system::ID), Value::Id(*id)),
                (Ident::of("key"), Value::from(*key)),
                (Ident::of("name"), Value::from(*name)),
                (Ident::of("admin"), Value::Bool(*admin)),
            ]))
        })
        .collect();
    if ops.is_empty() {
        return Ok(());
    }
    match space.transact(&ctx, move |cx| Box::pin(async move { cx.write("role", ops).await.map(drop) })).await {
        // Another process that started at the same time was first.
        Err(RecordError::Store(StoreError::Taken { .. })) => Ok(()),
        Err(RecordError::Invalid(problems)) if problems.0.iter().all(|p| p.key == "taken") => Ok(()),
        result => result,
    }
}

/// A condition that administrators and apps write alike.
pub fn validation(name: &'static str, expression: &str, field: Option<&'static str>, fr: &str, en: &str) -> Validation {
    Validation {
        name: Ident::of(name),
        expression: expression.to_owned(),
        field: field.map(Ident::of),
        message: Label { fr: fr.to_owned(), en: en.to_owned() },
    }
}
