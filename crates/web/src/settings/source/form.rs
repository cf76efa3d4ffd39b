//! The form of a source that is one: its texts, its fields, where it stands and how it is put into a page.

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use customers::consent::{Channel, Purposes};
use customers::form::{self, Form, FormField, Takes};
use kernel::Label;
use maud::{Markup, html};
use model::{Problem, Record};
use records::{Action, RecordError};

use super::{address, named, of_source};
use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

/// Empty fields offered below those that a form has.
const OFFERED: usize = 2;
/// The channels a form can ask a consent for.
const CHANNELS: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Phone];

/// `GET /settings/sources/{id}/form`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let source = named(&visit, &id, Action::Read).await?;
    let (frame, tabs) = of_source(&visit, &source, "/form");
    let form = Form::of(&source);
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if visit.https { "https" } else { "http" };
    let url = format!("{scheme}://{host}/f/{}", source.id().typed("src"));
    let body = html! {
        (tabs)
        @if !form.fields.is_empty() {
            (ui::panel(&visit.word("source-form-page"), None, html! {
                p { a href=(url) target="_blank" rel="noopener" { (url) } }
                p.muted { (visit.word("source-form-embed-hint")) }
                (ui::code_block(&visit.view(), &embed(&url, form.title.get(visit.ctx.locale))))
            }))
        }
        (ui::panel(&visit.word("source-tab-form"), Some(&visit.word("source-form-hint")), editor(&visit, &source, &pairs_of(&form), &[]).await?))
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

/// What a site's page holds to show the form.
fn embed(url: &str, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<iframe src=\"{url}\" title=\"{title}\" loading=\"lazy\" style=\"border:0;width:100%;height:48rem\"></iframe>"
    )
}

async fn editor(visit: &Visit, source: &Record, pairs: &Pairs, problems: &[Problem]) -> Result<Markup, RecordError> {
    let purposes = Purposes::load(&visit.space, &mut visit.space.store.read().await?).await?;
    let purposes: Vec<(String, String)> = (purposes.sorted().iter())
        .map(|purpose| (purpose.key.clone(), purpose.name(visit.ctx.locale).to_owned()))
        .collect();
    let kinds =
        Takes::ALL.map(|takes| (takes.as_str().to_owned(), visit.word(&format!("form-takes-{}", takes.as_str()))));
    let channels = CHANNELS
        .map(|channel| (channel.as_str().to_owned(), visit.word(&format!("consent-channel-{}", channel.as_str()))));
    let mut draft = Simple::new(visit, &format!("{}/form", address(source.id())), pairs, problems);
    for text in ["title", "intro", "thanks"] {
        draft = draft.text(&format!("{text}_fr"), &format!("form-{text}-fr"), false).text(
            &format!("{text}_en"),
            &format!("form-{text}-en"),
            false,
        );
    }
    draft = draft.long("origins", "form-origins", false);
    let count = (0..).take_while(|i| pairs.has(&format!("{i}.name"))).count();
    for i in 0..count.max(1) {
        let at = |part: &str| format!("{i}.{part}");
        draft = draft
            .section_called(visit.say("form-field", &[("n", ((i + 1) as i64).into())]))
            .text(&at("name"), "form-name", false)
            .choice(&at("takes"), "form-takes", &kinds, None)
            .text(&at("label_fr"), "form-label-fr", false)
            .text(&at("label_en"), "form-label-en", false)
            .switch(&at("required"), "form-is-required")
            .long(&at("options"), "form-options", false)
            .choice(&at("purpose"), "consent-purpose", &purposes, Some("—"))
            .choice(&at("channel"), "consent-channel", &channels, Some("—"));
    }
    Ok(draft.draw("save"))
}

fn pairs_of(form: &Form) -> Pairs {
    let mut pairs = Pairs::default();
    for (name, text) in [("title", &form.title), ("intro", &form.intro), ("thanks", &form.thanks)] {
        pairs.push(format!("{name}_fr"), text.fr.clone());
        pairs.push(format!("{name}_en"), text.en.clone());
    }
    pairs.push("origins", form.origins.join("\n"));
    let offered = vec![FormField::default(); OFFERED];
    for (i, field) in form.fields.iter().chain(&offered).enumerate() {
        pairs.push(format!("{i}.name"), field.name.clone());
        pairs.push(format!("{i}.takes"), field.takes.as_str());
        pairs.push(format!("{i}.label_fr"), field.label.fr.clone());
        pairs.push(format!("{i}.label_en"), field.label.en.clone());
        pairs.push(format!("{i}.required"), field.required.to_string());
        pairs.push(format!("{i}.options"), field.options.join("\n"));
        pairs.push(format!("{i}.purpose"), field.purpose.clone());
        pairs.push(format!("{i}.channel"), field.channel.map_or("", Channel::as_str));
    }
    pairs
}

/// What was posted; fields without a name and a label are left out.
fn form_of(pairs: &Pairs) -> Form {
    let label = |name: &str| Label {
        fr: pairs.text(&format!("{name}_fr")).to_owned(),
        en: pairs.text(&format!("{name}_en")).to_owned(),
    };
    let lines = |name: &str| -> Vec<String> {
        pairs.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let field = |i: usize| {
        let text = |part: &str| pairs.text(&format!("{i}.{part}"));
        FormField {
            name: text("name").to_owned(),
            label: label(&format!("{i}.label")),
            takes: Takes::parse(text("takes")).unwrap_or_default(),
            required: pairs.is_on(&format!("{i}.required")),
            options: lines(&format!("{i}.options")),
            purpose: text("purpose").to_owned(),
            channel: Channel::parse(text("channel")),
        }
    };
    let fields = (0..).take_while(|i| pairs.has(&format!("{i}.name"))).map(field);
    let named = |field: &FormField| !(field.name.is_empty() && field.label.fr.is_empty() && field.label.en.is_empty());
    Form {
        title: label("title"),
        intro: label("intro"),
        thanks: label("thanks"),
        origins: lines("origins"),
        fields: fields.filter(named).collect(),
    }
}

/// `POST /settings/sources/{id}/form`
pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let form = form_of(&posted.pairs);
    match form::save(&posted.space, &posted.ctx, source.id(), &form).await {
        Ok(()) => Ok(frame::go_saying(&posted, &format!("{}/form", address(source.id())), "saved", None)),
        Err(error) => {
            let problems = problems_of(error)?;
            Ok(frame::refused(editor(&posted, &source, &pairs_of(&form), &problems).await?))
        }
    }
}
