//! What somebody sends through a form: a record of the source, an event, and consents with their proof.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::{Ctx, Locale, Timestamp, Via};
use model::{Problem, Problems, Record};
use records::{Access, RecordError, Space, digest};
use serde_json::{Map, Value as Json, json};

use super::{Form, FormField, Takes};
use crate::consent::{Channel, ContactPoint, PointKind, Proof, State, Statement, record};
use crate::event;
use crate::signed::{is_signature, key, signature};

/// The setting that holds the key of the tokens.
const SETTING: &str = "form key";
/// Nobody reads a form and fills it in within this time.
const SHORTEST: SignedDuration = SignedDuration::from_secs(2);
/// A page that was open for longer is loaded again.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Forms that one address may send in [`WINDOW`].
const MOST: i64 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// What came back from a form's page.
#[derive(Debug)]
pub struct Submission<'a> {
    /// What [`token`] gave when the page was shown.
    pub token: &'a str,
    /// What stands in the field that people do not see.
    pub trap: &'a str,
    /// Names and values as they were entered.
    pub entered: &'a [(String, String)],
    /// The language in which the form was shown.
    pub locale: Locale,
    /// The form's address.
    pub page: &'a str,
    /// The address on the internet from which it was sent.
    pub address: &'a str,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on disk; it is the same when a page is sent twice.
    Kept,
    /// Too much came from this address.
    TooMany,
}

/// A token for a form's page: when it was shown, signed.
pub async fn token(space: &Space, now: Timestamp) -> Result<String, RecordError> {
    let shown = format!("{}.{:08x}", now.as_millisecond(), rand_of(now));
    Ok(format!("{shown}.{}", signature(&key(space, SETTING).await?, &shown)))
}

/// Some bits, so that two pages shown in one millisecond are two.
fn rand_of(now: Timestamp) -> u32 {
    let bytes = *kernel::Id::new(now).as_bytes();
    u32::from_le_bytes([bytes[12], bytes[13], bytes[14], bytes[15]])
}

/// Takes what somebody sent through a form. When this answers [`Sent::Kept`], the record, the event and the consents are on disk.
///
/// Errors with what is wrong with each field, and when it was sent too quickly, too late, or by a program.
pub async fn submit(
    space: &Arc<Space>,
    ctx: &Ctx,
    source: &Record,
    form: &Form,
    sent: Submission<'_>,
) -> Result<Sent, RecordError> {
    let counter = format!("form {}", digest(&format!("{} {}", source.id(), sent.address)));
    let (now, since) = (ctx.now, ctx.now - WINDOW);
    let count: Result<i64, store::StoreError> =
        space.store.write(move |w| Box::pin(async move { w.count_attempt(&counter, now, since).await })).await;
    if count? > MOST {
        return Ok(Sent::TooMany);
    }
    if !sent.trap.is_empty() {
        return Err(Problem::new("", "form-robot").into());
    }
    shown_at(space, sent.token, now).await?;
    let said = read(form, &sent)?;
    let statements = statements(source, form, &sent, &said)?;
    let web = Ctx { via: Via::Web, ..ctx.clone() };
    if !statements.is_empty() {
        record(space, &web, &Access::everything(), &statements).await?;
    }
    // A page that is sent twice is one submission.
    let id = digest(sent.token)[..32].to_owned();
    let context = json!({ "page": { "url": sent.page }, "locale": sent.locale.as_str() });
    let properties = json!({ "form": source.get(crate::source::NAME) });
    let events = [
        json!({ "type": "identify", "messageId": format!("form-{id}-who"), "anonymousId": id, "traits": said, "context": context }),
        json!({ "type": "track", "event": "Form Submitted", "messageId": format!("form-{id}"), "anonymousId": id,
            "properties": properties, "context": context }),
    ];
    event::keep_own(space, source, &events, now).await?;
    Ok(Sent::Kept)
}

/// When the page was shown.
async fn shown_at(space: &Space, token: &str, now: Timestamp) -> Result<(), RecordError> {
    let late = || RecordError::from(Problem::new("", "form-late"));
    let (shown, given) = token.rsplit_once('.').ok_or_else(late)?;
    if !is_signature(&key(space, SETTING).await?, shown, given) {
        return Err(late());
    }
    let at = shown.split('.').next().and_then(|millis| Timestamp::from_millisecond(millis.parse().ok()?).ok());
    let ago = now.duration_since(at.ok_or_else(late)?);
    match ago {
        ago if ago > LONGEST => Err(late()),
        ago if ago < SHORTEST => Err(Problem::new("", "form-early").into()),
        _ => Ok(()),
    }
}

/// What was entered, by field; checks are yes or no.
fn read(form: &Form, sent: &Submission<'_>) -> Result<Map<String, Json>, RecordError> {
    let (mut said, mut problems) = (Map::new(), Vec::new());
    let entered = |name: &str| sent.entered.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    for field in &form.fields {
        let is_box = matches!(field.takes, Takes::Checkbox | Takes::Consent);
        match field.read(entered(&field.name)) {
            Ok(value) if is_box => drop(said.insert(field.name.clone(), Json::Bool(value.is_some()))),
            Ok(value) => drop(value.map(|text| said.insert(field.name.clone(), Json::String(text)))),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(said) } else { Err(Problems(problems).into()) }
}

/// The consents that were given, each about the address that stands beside it, in the very words that were shown.
fn statements(
    source: &Record,
    form: &Form,
    sent: &Submission<'_>,
    said: &Map<String, Json>,
) -> Result<Vec<Statement>, RecordError> {
    let point = |channel: Channel| {
        let (takes, kind) = match channel {
            Channel::Email => (Takes::Email, PointKind::Email),
            _ => (Takes::Phone, PointKind::Phone),
        };
        let mut texts = form.fields.iter().filter(|field| field.takes == takes);
        texts.find_map(|field| ContactPoint::new(kind, said.get(&field.name)?.as_str()?))
    };
    let ticked = |field: &&FormField| field.takes == Takes::Consent && said.get(&field.name) == Some(&Json::Bool(true));
    let statement = |field: &FormField| {
        let channel = field.channel.unwrap_or(Channel::Email);
        let point = point(channel).ok_or_else(|| Problem::new(&field.name, "form-consent-point"))?;
        Ok(Statement {
            point,
            channel: Some(channel),
            purpose: Some(field.purpose.clone()),
            state: State::Granted,
            basis: None,
            proof: Proof {
                wording: field.label.get(sent.locale).to_owned(),
                place: sent.page.to_owned(),
                address: sent.address.to_owned(),
                by: "person".to_owned(),
                ..Proof::default()
            },
            source: Some(source.id()),
            at: None,
            expires_at: None,
        })
    };
    form.fields.iter().filter(ticked).map(statement).collect()
}
