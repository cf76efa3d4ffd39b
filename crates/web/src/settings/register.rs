//! The register of processing (RGPD, article 30): a page, a page to print, and files.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use customers::retention::{Entry, Register, register, set_security};
use maud::{Markup, html};
use records::RecordError;

use crate::failure::Answer;
use crate::form::{Pairs, PostedByAdministrator};
use crate::frame;
use crate::settings::below;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

const BASE: &str = "/settings/register";

/// `GET /settings/register`
pub(crate) async fn show(visit: Signed) -> Answer {
    let register = register(&visit.space, &visit.ctx).await?;
    let mut frame = below(&visit, visit.word("settings-register"));
    for (key, end) in [("register-print", "print"), ("register-csv", "csv"), ("register-json", "json")] {
        frame.actions.push(ui::Action {
            label: visit.word(key),
            href: format!("{BASE}/{end}"),
            ..ui::Action::default()
        });
    }
    let pairs = Pairs(vec![("security".to_owned(), register.security.clone())]);
    let form = Simple::new(&visit, BASE, &pairs, &[]).long("security", "register-security", false).draw("save");
    let body = html! {
        p.muted { (visit.word("settings-register-hint")) }
        (entries(&visit, &register))
        @if visit.administers() { (ui::panel(&visit.word("register-security"), None, form)) }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn entries(visit: &Visit, register: &Register) -> Markup {
    html! {
        @for entry in &register.entries {
            (ui::panel(&entry.name, Some(&visit.word(&format!("register-kind-{}", entry.kind))), facts(visit, entry)))
        }
        (ui::panel(&visit.word("register-recipients"), Some(&visit.word("register-recipients-hint")), html! {
            @if register.recipients.is_empty() { p.muted { (visit.word("register-nobody")) } }
            @else { ul { @for each in &register.recipients { li { (each) } } } }
        }))
        @if !visit.administers() && !register.security.is_empty() {
            (ui::panel(&visit.word("register-security"), None, html! { p { (register.security) } }))
        }
    }
}

fn facts(visit: &Visit, entry: &Entry) -> Markup {
    let (segments, retention) = (entry.segments.join("\n"), entry.retention.join("\n"));
    let facts = [
        ("register-purpose", &entry.purpose),
        ("register-basis", &entry.legal_basis),
        ("register-people", &entry.people),
        ("register-data", &entry.data),
        ("register-to", &entry.recipients),
        ("register-segments", &segments),
        ("register-retention", &retention),
    ];
    html! {
        @if !entry.active { p { (ui::tag(&ui::Tag::new(visit.word("register-off"), ui::Hue::Gray))) } }
        dl.key-values { @for (key, text) in facts { div {
            dt { (visit.word(key)) }
            dd { @if text.is_empty() { span.muted { (visit.word("register-unsaid")) } } @else {
                @for (i, line) in text.lines().enumerate() { @if i > 0 { br; } (line) }
            } }
        } } }
    }
}

/// `GET /settings/register/{form}`: `print`, `csv` or `json`.
pub(crate) async fn download(visit: Signed, Path(form): Path<String>) -> Answer {
    let register = register(&visit.space, &visit.ctx).await?;
    match form.as_str() {
        "print" => {
            let frame = below(&visit, visit.word("register-print")).crumb(visit.word("settings-register"), BASE);
            Ok(frame::page(&visit, frame, ui::page_body(printed(&visit, &register))))
        }
        "csv" => Ok(file("csv", "text/csv; charset=utf-8", format!("\u{feff}{}", register.csv()))),
        "json" => Ok(file("json", "application/json", serde_json::to_string_pretty(&register).unwrap_or_default())),
        other => Err(RecordError::unknown("format", other).into()),
    }
}

/// All of it on one page, without controls.
fn printed(visit: &Visit, register: &Register) -> Markup {
    html! {
        p.muted { (visit.format().date(visit.ctx.today())) }
        @for entry in &register.entries { section { h2 { (entry.name) } (facts(visit, entry)) } }
        section {
            h2 { (visit.word("register-recipients")) }
            @if register.recipients.is_empty() { p.muted { (visit.word("register-nobody")) } }
            ul { @for each in &register.recipients { li { (each) } } }
        }
        section { h2 { (visit.word("register-security")) } @for line in register.security.lines() { p { (line) } } }
    }
}

fn file(ending: &str, media: &'static str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"register.{ending}\"");
    ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}

/// `POST /settings/register`: the security measures.
pub(crate) async fn save(PostedByAdministrator(posted): PostedByAdministrator) -> Answer {
    set_security(&posted.space, &posted.ctx, posted.pairs.text("security")).await?;
    Ok(frame::go_saying(&posted, BASE, "saved", None))
}
