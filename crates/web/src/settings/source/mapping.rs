//! What a source's members mean: chosen beside what it sent last, with what is understood of it.

use axum::extract::Path;
use customers::identity::{Attributes, Kind, Reader, reread, vocabulary};
use customers::source::{self, Sample, at, lists, places};
use maud::{Markup, html};
use model::{Fields, Ident, Problem, Record, Value};
use records::{Action, Op, RecordError};
use serde_json::{Map, Value as Json};

use super::{address, named, of_source};
use crate::customer::attribute;
use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame;
use crate::settings::table;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

/// What a member means that is taken for what its name tells.
const BY_NAME: &str = "by-name";
/// What a member means that is left out.
const LEFT_OUT: &str = "-";
/// Most characters shown of what came.
const SHOWN: usize = 6_000;

/// `GET /settings/sources/{id}/mapping`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    let source = named(&visit, &id, Action::Read).await?;
    let (mut frame, tabs) = of_source(&visit, &source, "/mapping");
    let sample = source::sample(&visit.space, &visit.ctx, source.id()).await?;
    let webhook = source.get(source::KIND).as_deref() == Some("webhook");
    if sample.is_some() {
        frame.actions.push(ui::Action {
            label: visit.word("source-reread"),
            icon: Some(ui::Icon::RefreshCw),
            href: format!("{}/reread", address(source.id())),
            method: ui::Method::Post,
            confirm: Some(visit.word("source-reread-sure")),
            ..ui::Action::default()
        });
    }
    let none = ui::Empty {
        icon: Some(ui::Icon::Database),
        title: visit.word("source-sample-none"),
        detail: Some(visit.word("source-sample-none-hint")),
        ..ui::Empty::default()
    };
    let body = html! {
        (tabs)
        @match &sample {
            Some(sample) => (of_sample(&visit, &source, sample)),
            None => (ui::empty(&visit.view(), &none)),
        }
        @if webhook { (signing(&visit, &source, &[]).await?) }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn of_sample(visit: &Visit, source: &Record, sample: &Sample) -> Markup {
    let view = visit.view();
    let text = serde_json::to_string_pretty(&sample.body).unwrap_or_default();
    let text: String = text.chars().take(SHOWN).collect();
    let list = source.get(source::LIST_PATH).unwrap_or_default();
    let when = visit.format().date_time(sample.at, &visit.ctx.zone);
    html! {
        (ui::panel(&visit.word("source-sample"), Some(&when), html! { details { summary { (visit.word("source-sample-show")) } (ui::code_block(&view, &text)) } }))
        @match sample.record(&list) {
            Some(record) => {
                (ui::panel(&visit.word("source-places"), Some(&visit.word("source-places-hint")), place_form(visit, source, sample, Some(record))))
                (ui::panel(&visit.word("source-meanings"), Some(&visit.word("source-meanings-hint")), meaning_form(visit, source, record)))
                (ui::panel(&visit.word("source-understood"), Some(&visit.word("source-understood-hint")), understood(visit, source, record)))
            }
            None => (ui::panel(&visit.word("source-places"), Some(&visit.word("source-places-hint")), place_form(visit, source, sample, None))),
        }
    }
}

/// Where the records and their keys are.
fn place_form(visit: &Visit, source: &Record, sample: &Sample, record: Option<&Json>) -> Markup {
    let (list, key) =
        (source.get(source::LIST_PATH).unwrap_or_default(), source.get(source::KEY_PATH).unwrap_or_default());
    let pairs = Pairs(vec![("list_path".to_owned(), list.clone()), ("key_path".to_owned(), key.clone())]);
    let known = |mut options: Vec<(String, String)>, held: &str| {
        if !held.is_empty() && options.iter().all(|(path, _)| path != held) {
            options.push((held.to_owned(), held.to_owned()));
        }
        options
    };
    let form = Simple::new(visit, &format!("{}/places", address(source.id())), &pairs, &[]);
    let form = if sample.delivery {
        let options = lists(&sample.body).into_iter().map(|path| (path.clone(), path)).collect();
        form.choice("list_path", "source-list", &known(options, &list), Some(&visit.word("source-list-whole")))
    } else {
        form
    };
    let form = match record {
        Some(record) => {
            let keys = places(record).into_iter().filter(|(_, value)| value.is_string() || value.is_number());
            let options = keys.map(|(path, value)| (path.clone(), format!("{path} · {}", short(value)))).collect();
            form.choice("key_path", "source-key-place", &known(options, &key), Some("—"))
        }
        None => form,
    };
    form.draw("save")
}

/// What each member means.
fn meaning_form(visit: &Visit, source: &Record, record: &Json) -> Markup {
    let kind = kind_of(source);
    let given = source.get(source::MAPPING).map_or(Json::Null, |json| *json);
    let by_name = Reader::default().members(kind, record);
    let columns: Vec<ui::Mapping> = places(record)
        .into_iter()
        .map(|(path, value)| {
            let told = by_name.iter().find(|(name, ..)| *name == path).and_then(|(.., meaning)| *meaning);
            let field = match given.get(&path).and_then(Json::as_str) {
                None => BY_NAME.to_owned(),
                Some(name) if vocabulary(kind).iter().any(|each| each.name == name) => name.to_owned(),
                Some(_) => String::new(),
            };
            let note = (field == BY_NAME).then(|| match told {
                Some(name) => visit.say("source-told", &[("attribute", (&attribute(visit, name)).into())]),
                None => visit.word("source-told-nothing"),
            });
            ui::Mapping { column: path, examples: vec![short(value)], field, note }
        })
        .collect();
    let mut options = vec![ui::MappingOption { value: BY_NAME.to_owned(), label: visit.word("source-by-name") }];
    let attributes = vocabulary(kind).iter();
    options.extend(
        attributes.map(|each| ui::MappingOption { value: each.name.to_owned(), label: attribute(visit, each.name) }),
    );
    let more = html! {
        @for (number, column) in columns.iter().enumerate() { input type="hidden" name={ "path." (number) } value=(column.column); }
    };
    let target = format!("{}/mapping", address(source.id()));
    ui::import_mapping(
        &visit.view(),
        &target,
        &visit.word("source-member"),
        &columns,
        &options,
        &more,
        &visit.word("save"),
    )
}

/// What is understood of a record by the mapping as it is.
fn understood(visit: &Visit, source: &Record, record: &Json) -> Markup {
    let mapping = source.get(source::MAPPING).map_or(Json::Null, |json| *json);
    let found: Attributes = Reader::new(&mapping).read(kind_of(source), record);
    let key = source.get(source::KEY_PATH).and_then(|path| at(record, &path).map(short));
    let mut rows: Vec<Vec<Markup>> =
        key.map(|key| vec![html! { (visit.word("source-key-place")) }, html! { code { (key) } }]).into_iter().collect();
    rows.extend(
        found.iter().map(|(name, values)| vec![html! { (attribute(visit, name)) }, html! { (values.join(" · ")) }]),
    );
    let heads = ["source-attribute", "source-value"].map(|key| visit.word(key));
    html! {
        @if found.is_empty() { p.muted { (visit.word("source-understood-nothing")) } }
        @else { (table(&visit.word("source-understood"), &heads, &rows)) }
    }
}

fn kind_of(source: &Record) -> Kind {
    source.get(source::ENTITY).as_deref().and_then(Kind::parse).unwrap_or(Kind::Person)
}

/// A value in few signs.
fn short(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
}

/// `POST /settings/sources/{id}/places`
pub(crate) async fn save_places(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let told = ["list_path", "key_path"].into_iter().filter(|name| posted.pairs.has(name));
    let fields = told.map(|name| (Ident::of(name), text_or_nothing(posted.pairs.text(name)))).collect();
    change(&posted, &source, fields).await
}

/// `POST /settings/sources/{id}/mapping`
pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let kept = source.get(source::MAPPING).map_or(Json::Null, |json| *json);
    let mut mapping: Map<String, Json> = kept.as_object().cloned().unwrap_or_default();
    for number in 0.. {
        let Some(path) = posted.pairs.get(&format!("path.{number}")) else { break };
        match posted.pairs.text(&format!("map.{number}")) {
            BY_NAME => drop(mapping.remove(path)),
            "" => drop(mapping.insert(path.to_owned(), LEFT_OUT.into())),
            name => drop(mapping.insert(path.to_owned(), name.into())),
        }
    }
    let value = if mapping.is_empty() { Value::Null } else { Value::Json(Box::new(Json::Object(mapping))) };
    change(&posted, &source, [(Ident::of("mapping"), value)].into_iter().collect()).await
}

async fn change(posted: &Posted, source: &Record, fields: Fields) -> Answer {
    let op = Op::Update { id: source.id(), fields, version: None };
    posted.space.write_one(&posted.ctx, &Ident::of("source"), op).await?;
    Ok(frame::go_saying(posted, &format!("{}/mapping", address(source.id())), "saved", None))
}

fn text_or_nothing(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) }
}

/// `POST /settings/sources/{id}/reread`: records that came before are understood anew.
pub(crate) async fn read_again(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    reread(&posted.space, &posted.ctx, kind_of(&source)).await?;
    Ok(frame::go_saying(&posted, &format!("{}/mapping", address(source.id())), "source-rereading", None))
}

/// How deliveries are signed.
async fn signing(visit: &Visit, source: &Record, problems: &[Problem]) -> Result<Markup, RecordError> {
    let has = source::has_secret(&visit.space, &visit.ctx, source.id()).await?;
    let option = |name: &str| (name.to_owned(), visit.word(&format!("source.signature-{name}")));
    let text = |field: model::Field<String>| source.get(field).unwrap_or_default();
    let pairs = Pairs(vec![
        ("signature".to_owned(), text(source::SIGNATURE)),
        ("signature_header".to_owned(), text(source::SIGNATURE_HEADER)),
    ]);
    let form = Simple::new(visit, &format!("{}/signature", address(source.id())), &pairs, problems)
        .choice("signature", "source.signature", &["none", "standard", "sha256"].map(option), None)
        .text("signature_header", "source-signature-header", false)
        .password("secret", if has { "source-secret-change" } else { "source-secret" }, "off")
        .draw("save");
    Ok(ui::panel(&visit.word("source.signature"), Some(&visit.word("source-signature-hint")), form))
}

/// `POST /settings/sources/{id}/signature`
pub(crate) async fn sign(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let fields = ["signature", "signature_header"]
        .map(|name| (Ident::of(name), text_or_nothing(posted.pairs.text(name))))
        .into_iter()
        .collect();
    let op = Op::Update { id: source.id(), fields, version: None };
    let saved = posted.space.write_one(&posted.ctx, &Ident::of("source"), op).await;
    let secret = posted.pairs.text("secret");
    let done = match saved {
        Ok(_) if secret.is_empty() => Ok(()),
        Ok(_) => source::set_secret(&posted.space, &posted.ctx, source.id(), secret).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(frame::go_saying(&posted, &format!("{}/mapping", address(source.id())), "saved", None)),
        Err(error) => Ok(frame::refused(signing(&posted, &source, &problems_of(error)?).await?)),
    }
}
