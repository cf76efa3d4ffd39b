//! Webhooks: whatever another system delivers, under a write key and, where the source asks for it, with a signature.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::{Ctx, Id, Timestamp};
use model::{Filter, Ident, Problem, Record};
use records::{Action, RecordError, Space, digest, webhook};
use serde_json::{Map, Value as Json, json};
use store::Refused;

use super::give::{Lot, MOST_GIVEN, Taken, keep};
use super::{KEY_PATH, KIND, LIST_PATH, SIGNATURE, SIGNATURE_HEADER, at, find, sender};
use crate::event::{IntakeError, MAX_BODY};

/// How far the clock of a sender may be from ours (Standard Webhooks).
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What a webhook delivers.
pub struct Delivery<'a> {
    /// The write key in its address.
    pub key: &'a str,
    /// Its headers, by name in lower case.
    pub header: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// Its body: JSON, or an HTML form's values.
    pub body: &'a [u8],
}

/// Takes a delivery: when this answers, its records, or the reason why they were refused with the whole of it, are on disk.
///
/// Errors when nothing of it was kept: no key of a source that is a webhook, no signature where one is asked for, a body that is too large;
/// a body that is no JSON is kept among what was refused, and is an error.
pub async fn deliver(space: &Arc<Space>, delivery: &Delivery<'_>, now: Timestamp) -> Result<Taken, IntakeError> {
    if delivery.body.len() > MAX_BODY {
        return Err(IntakeError::TooLarge);
    }
    let sender = sender(space, delivery.key, now).await?.ok_or(IntakeError::NoKey)?;
    let mut reader = space.store.read().await?;
    let found =
        reader.get_many(&space.schema(), &Ident::of("source"), &[sender.source], &Filter::All, &[]).await?.pop();
    let secret = reader.setting(&setting(sender.source)).await?;
    drop(reader);
    let is_hook = |source: &Record| source.get(KIND).as_deref() == Some("webhook");
    let source = found.filter(is_hook).ok_or(IntakeError::NoKey)?;
    let secret = secret.as_ref().and_then(Json::as_str);
    if !is_signed(&source, secret, delivery, now) {
        return Err(IntakeError::Unsigned);
    }
    let text = String::from_utf8_lossy(delivery.body);
    let form = (delivery.header)("content-type").is_some_and(|media| media.contains("x-www-form-urlencoded"));
    let text = if form { form_as_json(delivery.body).to_string() } else { text.into_owned() };
    match take_apart(&source, &text) {
        Ok(records) => give_all(space, &source, records, now).await,
        Err(problem) => {
            let mut lot = Lot::of(&source, now);
            lot.refuse(Refused::Delivery, None, text, problem.clone());
            keep(space, &source, lot).await?;
            match problem.key.as_str() {
                "hook-not-json" => Err(IntakeError::Unreadable(problem.to_string())),
                _ => Ok(Taken { rejected: vec![(0, problem)], ..Taken::default() }),
            }
        }
    }
}

async fn give_all(
    space: &Arc<Space>,
    source: &Record,
    records: Vec<Json>,
    now: Timestamp,
) -> Result<Taken, IntakeError> {
    let mut total = Taken::default();
    for (chunk, records) in records.chunks(MOST_GIVEN).enumerate() {
        let mut lot = Lot::of(source, now);
        records.iter().for_each(|record| lot.add(String::new(), record.clone(), false));
        let taken = keep(space, source, lot).await?;
        total.accepted += taken.accepted;
        total.repeated += taken.repeated;
        let first = chunk * MOST_GIVEN;
        total.rejected.extend(taken.rejected.into_iter().map(|(place, problem)| (first + place, problem)));
    }
    Ok(total)
}

/// The records in a delivery, by what the source says of their place.
pub(super) fn take_apart(source: &Record, text: &str) -> Result<Vec<Json>, Problem> {
    let body: Json = serde_json::from_str(text)
        .map_err(|error| Problem::new("", "hook-not-json").text("detail", error.to_string()))?;
    if source.get(KEY_PATH).is_none() {
        return Err(Problem::new("", "hook-key-unset"));
    }
    let path = source.get(LIST_PATH).unwrap_or_default();
    let missing = || Problem::new("", "hook-list-missing").text("value", &path);
    match at(&body, &path).ok_or_else(missing)? {
        Json::Array(items) => Ok(items.clone()),
        one @ Json::Object(_) => Ok(vec![one.clone()]),
        _ => Err(missing()),
    }
}

/// A form's values as an object; a name that comes several times is a list.
fn form_as_json(body: &[u8]) -> Json {
    let mut said = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let value = Json::String(value.into_owned());
        match said.get_mut(name.as_ref()) {
            None => drop(said.insert(name.into_owned(), value)),
            Some(Json::Array(values)) => values.push(value),
            Some(one) => *one = Json::Array(vec![one.take(), value]),
        }
    }
    Json::Object(said)
}

fn is_signed(source: &Record, secret: Option<&str>, delivery: &Delivery<'_>, now: Timestamp) -> bool {
    let scheme = source.get(SIGNATURE).unwrap_or_default();
    let expected = match (scheme.as_str(), secret) {
        ("none" | "", _) => return true,
        (_, None) => return false,
        ("standard", Some(secret)) => by_standard(secret, delivery, now),
        (_, Some(secret)) => {
            let name = source.get(SIGNATURE_HEADER).unwrap_or_else(|| DEFAULT_HEADER.to_owned()).to_lowercase();
            let given = (delivery.header)(&name).unwrap_or_default().trim().to_lowercase();
            let given = given.strip_prefix("sha256=").unwrap_or(&given).to_owned();
            let own = webhook::mac(secret.as_bytes(), delivery.body);
            let own: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
            vec![(own, given)]
        }
    };
    // Hashes are compared, so that the comparison's time tells nothing about the signature.
    expected.iter().any(|(own, given)| digest(own) == digest(given))
}

/// Where GitHub, and many after it, put the signature.
const DEFAULT_HEADER: &str = "X-Hub-Signature-256";

/// The signature that a delivery should have, with each that it has (Standard Webhooks 1.0: there may be several while keys change).
fn by_standard(secret: &str, delivery: &Delivery<'_>, now: Timestamp) -> Vec<(String, String)> {
    let header = |name: &str| (delivery.header)(name).unwrap_or_default();
    let (id, sent) = (header("webhook-id"), header("webhook-timestamp"));
    let at = sent.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let in_time = at.is_some_and(|at| now.duration_since(at).abs() <= TOLERANCE);
    let body = std::str::from_utf8(delivery.body).ok().filter(|_| in_time);
    let own = body.zip(at).and_then(|(body, at)| webhook::sign(secret, &id, at.as_second(), body).ok());
    let Some(own) = own else { return Vec::new() };
    header("webhook-signature").split(' ').map(|given| (own.clone(), given.to_owned())).collect()
}

/// Sets the secret with which deliveries to a source that the actor may change are signed. It is never shown again.
///
/// Errors when the actor may not, and when it is empty or, for the Standard Webhooks specification, not in base 64.
pub async fn set_secret(space: &Space, ctx: &Ctx, source: Id, secret: &str) -> Result<(), RecordError> {
    let found = find(space, ctx, source, Action::Update).await?;
    let secret = secret.trim().to_owned();
    let standard = found.get(SIGNATURE).as_deref() == Some("standard");
    if secret.is_empty() || secret.len() > 500 || (standard && webhook::sign(&secret, "", 0, "").is_err()) {
        return Err(Problem::new("secret", "hook-secret").into());
    }
    space.store.write(move |w| Box::pin(async move { w.set_setting(&setting(source), &json!(secret)).await })).await?;
    Ok(())
}

/// Whether a source that the actor may read has a secret for signatures.
pub async fn has_secret(space: &Space, ctx: &Ctx, source: Id) -> Result<bool, RecordError> {
    find(space, ctx, source, Action::Read).await?;
    Ok(space.store.read().await?.setting(&setting(source)).await?.is_some())
}

fn setting(source: Id) -> String {
    format!("webhook secret {source}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_an_object() {
        let form = form_as_json("nom=Ana+Ruiz&mail=a%40b.example&tag=x&tag=y&tag=z&nom%5B%5D=".as_bytes());
        assert_eq!(form, json!({"nom": "Ana Ruiz", "mail": "a@b.example", "tag": ["x", "y", "z"], "nom[]": ""}));
    }
}
