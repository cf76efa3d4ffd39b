//! Objects: the standard ones and those that administrators add.

use axum::extract::Path;
use kernel::Label;
use maud::{Markup, html};
use model::{FieldDef, FieldType, Grant, Ident, Layout, ObjectDef, Problem, Scope, Section, system};
use records::{RecordError, free_prefix};

use crate::failure::Answer;
use crate::form::{Pairs, PostedByAdministrator, problems_of};
use crate::settings::{below, table};
use crate::simple::Simple;
use crate::visit::{Administrator, Visit};
use crate::{frame, label};

const ADDRESS: &str = "/settings/objects";

/// The icons offered for an object.
const ICONS: [&str; 16] = [
    "box",
    "building",
    "factory",
    "landmark",
    "briefcase",
    "handshake",
    "package",
    "truck",
    "receipt",
    "file-text",
    "folder",
    "calendar",
    "life-buoy",
    "wrench",
    "star",
    "flag",
];

/// `GET /settings/objects`
pub(crate) async fn list(visit: Administrator) -> Answer {
    let schema = visit.space.schema();
    let rows: Vec<Vec<Markup>> = schema
        .objects()
        .filter(|o| !o.setup)
        .map(|o| {
            let added = o.own_fields().filter(|f| f.custom).count() as u64;
            vec![
                html! { a href={ (ADDRESS) "/" (o.name) } { (ui::icon(label::icon(o))) " " (label::many(&visit, o)) } },
                html! { (o.name) },
                html! { (visit.word(if o.custom { "object-custom" } else { "object-standard" })) },
                html! { (visit.format().integer(o.own_fields().count() as i64)) },
                html! { (visit.format().integer(added as i64)) },
            ]
        })
        .collect();
    let title = visit.word("settings-objects");
    let mut frame = below(&visit, title.clone());
    frame.actions.push(ui::Action {
        label: visit.word("object-new"),
        icon: Some(ui::Icon::Plus),
        href: format!("{ADDRESS}/new"),
        kind: ui::ActionKind::Primary,
        key: Some('c'),
        ..ui::Action::default()
    });
    let heads = ["object", "object-name", "object-kind", "object-fields", "object-added"].map(|k| visit.word(k));
    Ok(frame::page(&visit, frame, ui::page_body(table(&title, &heads, &rows))))
}

fn form(visit: &Visit, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let icons = ICONS.map(|i| (i.to_owned(), i.to_owned()));
    Simple::new(visit, &format!("{ADDRESS}/new"), pairs, problems)
        .text("label.fr", "label-fr", true)
        .text("label.en", "label-en", false)
        .text("plural.fr", "plural-fr", true)
        .text("plural.en", "plural-en", false)
        .text("name", "object-name", true)
        .choice("icon", "object-icon", &icons, None)
        .cancel(ADDRESS)
        .draw("create")
}

/// `GET /settings/objects/new`
pub(crate) async fn new(visit: Administrator) -> Answer {
    let content = form(&visit, &Pairs::default(), &[]);
    let frame = below(&visit, visit.word("object-new")).crumb(visit.word("settings-objects"), ADDRESS);
    Ok(frame::page(&visit, frame, ui::page_body(content)))
}

/// A label in both languages, from a form.
pub(crate) fn label_of(pairs: &Pairs, name: &str) -> Label {
    let text = |lang: &str| pairs.text(&format!("{name}.{lang}")).to_owned();
    Label { fr: text("fr"), en: text("en") }
}

/// A name that a form gives.
pub(crate) fn name_of(pairs: &Pairs) -> Result<Ident, RecordError> {
    Ident::new(pairs.text("name")).map_err(|_| Problem::new("name", "not-a-name").into())
}

fn definition(visit: &Visit, pairs: &Pairs) -> Result<ObjectDef, RecordError> {
    let name = name_of(pairs)?;
    let schema = visit.space.schema();
    if schema.object(name.as_str()).is_some() {
        return Err(Problem::new("name", "taken").text("value", name.as_str()).into());
    }
    let title = FieldDef {
        label: Label { fr: "Nom".into(), en: "Name".into() },
        required: true,
        searchable: true,
        indexed: true,
        ..FieldDef::new(Ident::of("name"), FieldType::Text { max: 255 })
    };
    let section = Section {
        name: Ident::of("details"),
        label: Label::default(),
        fields: vec![Ident::of("name"), Ident::of(system::OWNER)],
    };
    Ok(ObjectDef {
        prefix: free_prefix(&schema, &name),
        label: label_of(pairs, "label"),
        plural: label_of(pairs, "plural"),
        icon: pairs.text("icon").to_owned(),
        title: Ident::of("name"),
        fields: vec![title],
        indexes: Vec::new(),
        layout: Layout {
            columns: ["name", system::OWNER, system::UPDATED_AT].map(Ident::of).to_vec(),
            sections: vec![section],
            ..Layout::default()
        },
        validations: Vec::new(),
        guarded_by: None,
        shared_by: None,
        grants: vec![("*".to_owned(), Grant::write(Scope::Team))],
        setup: false,
        timeline: None,
        custom: true,
        name,
    })
}

/// `POST /settings/objects/new`
pub(crate) async fn create(posted: PostedByAdministrator) -> Answer {
    let result = match definition(&posted, &posted.pairs) {
        Ok(object) => posted.space.define_object(&posted.ctx, object.clone()).await.map(|()| object),
        Err(error) => Err(error),
    };
    match result {
        Ok(object) => Ok(frame::go_saying(&posted, &format!("{ADDRESS}/{}", object.name), "created", None)),
        Err(error) => Ok(frame::refused(form(&posted, &posted.pairs, &problems_of(error)?))),
    }
}

/// `GET /settings/objects/{object}`: its fields.
pub(crate) async fn show(visit: Administrator, Path(object): Path<String>) -> Answer {
    let object = visit.space.object(&object)?;
    let address = format!("{ADDRESS}/{}", object.name);
    let view = visit.view();
    let yes = |on: bool| html! { @if on { (ui::cell(&view, &ui::Cell::Boolean(true))) } };
    let rows: Vec<Vec<Markup>> = object
        .own_fields()
        .map(|f| {
            let name = label::field(&visit, &object, f);
            vec![
                html! { @if f.custom { a href={ (address) "/fields/" (f.name) } { (name) } } @else { (name) } },
                html! { (f.name) },
                html! { (visit.word(&format!("type-{}", f.kind.name()))) },
                yes(f.required),
                yes(f.unique),
                yes(f.searchable),
                yes(f.custom),
            ]
        })
        .collect();
    let title = label::many(&visit, &object);
    let mut frame = below(&visit, title.clone()).crumb(visit.word("settings-objects"), ADDRESS);
    frame.actions.push(ui::Action {
        label: visit.word("field-new"),
        icon: Some(ui::Icon::Plus),
        href: format!("{address}/fields/new"),
        kind: ui::ActionKind::Primary,
        key: Some('c'),
        ..ui::Action::default()
    });
    let heads = [
        "field-label",
        "object-name",
        "field-type",
        "field-required",
        "field-unique",
        "field-searchable",
        "object-added",
    ];
    Ok(frame::page(&visit, frame, ui::page_body(table(&title, &heads.map(|k| visit.word(k)), &rows))))
}
