//! Forms on the web that are sources: what they ask, in both languages, and what becomes of what people send.

mod submit;

use std::collections::BTreeSet;

use kernel::{Ctx, Id, Label};
use model::{Filter, Ident, Problem, Problems, Record, Value, normalise_email, normalise_phone};
use records::{Op, RecordError, Space};
use serde::{Deserialize, Serialize};

use crate::consent::{Channel, Purposes};
use crate::person::person_id;
use crate::source::{ACTIVE, FORM, KIND, find};

pub use submit::{Sent, Submission, submit, token};

/// Most fields of a form.
pub const MOST_FIELDS: usize = 40;
/// Most characters of a text of a form.
const MOST_TEXT: usize = 2_000;
/// Most bytes of what somebody enters into a field.
const MOST_ENTERED: usize = 4_000;

/// What a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// A line.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// One of several values.
    Choice,
    /// Yes or nothing.
    Checkbox,
    /// A consent to a purpose.
    Consent,
}

impl Takes {
    /// Every one.
    pub const ALL: [Takes; 7] =
        [Takes::Text, Takes::LongText, Takes::Email, Takes::Phone, Takes::Choice, Takes::Checkbox, Takes::Consent];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Takes::Text => "text",
            Takes::LongText => "long_text",
            Takes::Email => "email",
            Takes::Phone => "phone",
            Takes::Choice => "choice",
            Takes::Checkbox => "checkbox",
            Takes::Consent => "consent",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Takes> {
        Takes::ALL.into_iter().find(|takes| takes.as_str() == name)
    }
}

/// A field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormField {
    /// Its name in records: small letters, digits, low lines.
    pub name: String,
    /// What people read; of a consent, the very words they agree to.
    pub label: Label,
    /// What it takes.
    pub takes: Takes,
    /// Whether it must be filled in. A consent never must (RGPD, article 7.4).
    pub required: bool,
    /// The values to choose from.
    pub options: Vec<String>,
    /// Of a consent: the purpose's key.
    pub purpose: String,
    /// Of a consent: the channel.
    pub channel: Option<Channel>,
}

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// Its heading.
    pub title: Label,
    /// What stands above the fields.
    pub intro: Label,
    /// What people read when they sent it.
    pub thanks: Label,
    /// Sites that may show it in a frame, as in `https://www.example.fr`.
    pub origins: Vec<String>,
    /// Its fields, in their order.
    pub fields: Vec<FormField>,
}

impl Form {
    /// The form of a source; an empty one where none was made.
    pub fn of(source: &Record) -> Form {
        source.get(FORM).and_then(|json| serde_json::from_value(*json).ok()).unwrap_or_default()
    }

    /// What is wrong with it; places in fields are `3.name`.
    fn check(&self, purposes: &Purposes) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut names = BTreeSet::new();
        let texts = [("title", &self.title), ("intro", &self.intro), ("thanks", &self.thanks)];
        let long = |text: &Label| [&text.fr, &text.en].iter().any(|text| text.chars().count() > MOST_TEXT);
        let too_long = |place: String| Problem::new(place, "form-text-long").number("max", MOST_TEXT as i64);
        problems.extend(texts.iter().filter(|(_, text)| long(text)).map(|(name, _)| too_long((*name).to_owned())));
        if self.fields.is_empty() || self.fields.len() > MOST_FIELDS {
            problems.push(Problem::new("", "form-fields").number("max", MOST_FIELDS as i64));
        }
        let odd = self.origins.iter().find(|origin| !is_origin(origin));
        problems.extend(odd.map(|origin| Problem::new("origins", "form-origin").text("value", origin)));
        for (i, field) in self.fields.iter().enumerate() {
            let at = |part: &str| format!("{i}.{part}");
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if field.name.is_empty() || field.name.len() > 48 || !field.name.chars().all(plain) {
                problems.push(Problem::new(at("name"), "form-name"));
            } else if !names.insert(&field.name) {
                problems.push(Problem::new(at("name"), "form-name-twice").text("value", &field.name));
            }
            if field.label.fr.is_empty() || field.label.en.is_empty() {
                problems.push(Problem::new(at("label_fr"), "form-label"));
            } else if long(&field.label) {
                problems.push(too_long(at("label_fr")));
            }
            if field.takes == Takes::Choice && field.options.is_empty() {
                problems.push(Problem::new(at("options"), "form-options"));
            }
            if field.takes == Takes::Consent {
                let reached = |takes: Takes| self.fields.iter().any(|field| field.takes == takes);
                let reachable = match field.channel {
                    Some(Channel::Email) => reached(Takes::Email),
                    Some(Channel::Sms | Channel::Phone) => reached(Takes::Phone),
                    _ => false,
                };
                if purposes.get(&field.purpose).is_none() {
                    problems.push(Problem::new(at("purpose"), "form-purpose"));
                }
                if !reachable {
                    problems.push(Problem::new(at("channel"), "form-channel"));
                }
                if field.required {
                    problems.push(Problem::new(at("required"), "form-consent-free"));
                }
            }
        }
        problems
    }
}

impl FormField {
    /// What somebody entered, put right.
    fn read(&self, entered: &str) -> Result<Option<String>, Problem> {
        let text: String = entered.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
        if text.is_empty() {
            let missing = self.required.then(|| Problem::new(&self.name, "required"));
            return missing.map_or(Ok(None), Err);
        }
        if text.len() > MOST_ENTERED {
            return Err(Problem::new(&self.name, "form-entered-long").number("max", MOST_ENTERED as i64));
        }
        let wrong = |key: &'static str| Problem::new(&self.name, key).text("value", &text);
        match self.takes {
            Takes::Text | Takes::LongText => Ok(Some(text)),
            Takes::Email => normalise_email(&text).map(Some).ok_or_else(|| wrong("form-email")),
            Takes::Phone => normalise_phone(&text).map(Some).ok_or_else(|| wrong("form-phone")),
            Takes::Choice if self.options.contains(&text) => Ok(Some(text)),
            Takes::Choice => Err(wrong("form-choice")),
            Takes::Checkbox | Takes::Consent => Ok(Some("true".to_owned())),
        }
    }
}

/// Whether a text is a scheme, a host and perhaps a port, and nothing that would say more in a header.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.len() < 250 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
    })
}

/// The open form of this identifier, with its source; anybody may see it.
///
/// Errors when there is none: no source, another kind, switched off, without fields.
pub async fn open(space: &Space, id: Id) -> Result<(Record, Form), RecordError> {
    let mut reader = space.store.read().await?;
    let found = reader.get_many(&space.schema(), &Ident::of("source"), &[id], &Filter::All, &[]).await?;
    // What people say on their own page is believed most; a form that anybody may send is another source.
    let is_open = |source: &Record| {
        id != person_id()
            && source.deleted_at().is_none()
            && source.get(ACTIVE) == Some(true)
            && source.get(KIND).as_deref() == Some("form")
    };
    let source = found.into_iter().find(is_open).ok_or_else(|| RecordError::unknown("form", id.to_string()))?;
    let form = Form::of(&source);
    if form.fields.is_empty() { Err(RecordError::unknown("form", id.to_string())) } else { Ok((source, form)) }
}

/// Saves the form of a source that the actor may change.
///
/// Errors when the actor may not, and with all that is wrong with the form.
pub async fn save(space: &std::sync::Arc<Space>, ctx: &Ctx, source: Id, form: &Form) -> Result<(), RecordError> {
    find(space, ctx, source, records::Action::Update).await?;
    let purposes = Purposes::load(space, &mut space.store.read().await?).await?;
    let problems = form.check(&purposes);
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let value = serde_json::to_value(form).unwrap_or_default();
    let fields = [(Ident::of("web_form"), Value::Json(Box::new(value)))].into_iter().collect();
    space.write_one(ctx, &Ident::of("source"), Op::Update { id: source, fields, version: None }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_cannot_say_more_than_where_they_are() {
        for good in ["https://www.example.fr", "http://localhost:8080"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["*", "https://", "example.fr", "https://a.example; script-src *", "https://a.example/page", "https://a b"]
        {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
