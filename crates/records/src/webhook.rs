//! Webhooks by the Standard Webhooks specification (version 1): every change that a webhook listens to becomes one job, made in the
//! transaction that moves on in the log, so that none is lost and none is made twice.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Id;
use model::{Fields, Filter, Ident, Query, Record, to_json};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use store::{BoxFuture, Change, ChangeOp};

use crate::objects::{WEBHOOK_ACTIVE, WEBHOOK_EVENTS, WEBHOOK_FAILING, WEBHOOK_SECRET, WEBHOOK_URL};
use crate::pipeline::Op;
use crate::{RecordError, Space};

const CONSUMER: &str = "webhooks";
const CHUNK: u32 = 200;

/// A new signing key: `whsec_` and 192 random bits in base 64.
pub fn new_secret() -> String {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    format!("whsec_{}", BASE64.encode(bytes))
}

/// The signature of a message: `v1,` and the HMAC-SHA-256 of `id.timestamp.body` in base 64.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, String> {
    let key = BASE64
        .decode(secret.strip_prefix("whsec_").unwrap_or(secret))
        .map_err(|e| format!("the key cannot be read: {e}"))?;
    Ok(format!("v1,{}", BASE64.encode(mac(&key, format!("{id}.{timestamp}.{body}").as_bytes()))))
}

/// The HMAC-SHA-256 of a message.
pub fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Makes jobs of the changes since the last time. Answers whether there were any.
pub(crate) async fn dispatch(space: &Arc<Space>) -> Result<bool, RecordError> {
    let schema = space.schema();
    let object = space.object("webhook")?;
    let ctx = space.system_ctx();
    let active =
        Query::of(object.name.clone()).filter(WEBHOOK_ACTIVE.eq(true).bind(&schema, &object, &ctx)?).limit(500);
    {
        let mut reader = space.store.read().await?;
        let nobody = reader.list(&schema, &active).await?.records.is_empty();
        let end = reader.log_end().await?;
        drop(reader);
        if nobody {
            // Whoever subscribes later hears what happens from then on.
            return space
                .store
                .write(move |w| {
                    Box::pin(async move {
                        if w.lock_position(CONSUMER).await? < end {
                            w.set_position(CONSUMER, end).await?;
                        }
                        Ok(false)
                    })
                })
                .await;
        }
    }
    let now = ctx.now;
    space
        .store
        .write(move |w| {
            Box::pin(async move {
                let position = w.lock_position(CONSUMER).await?;
                let (changes, end) = w.tail(position, CHUNK).await?;
                if changes.is_empty() {
                    return Ok(false);
                }
                let hooks = w.list(&schema, &active).await?.records;
                for change in &changes {
                    let listening: Vec<&Record> = hooks.iter().filter(|h| listens(h, change)).collect();
                    if listening.is_empty() || schema.object(change.object.as_str()).is_none_or(|o| o.setup) {
                        continue;
                    }
                    let message = message(w, &schema, change).await?;
                    for hook in listening {
                        let id = format!("msg_{}_{}", hook.id().uuid().simple(), change.seq);
                        let payload = json!({ "webhook": hook.id().to_string(), "id": id, "message": message });
                        w.enqueue("webhook", Some(&id), &payload, now, now).await?;
                    }
                }
                w.set_position(CONSUMER, end).await?;
                Ok::<_, RecordError>(true)
            })
        })
        .await
}

fn listens(hook: &Record, change: &Change) -> bool {
    let name = format!("{}.{}", change.object, change.op.as_str());
    let any = format!("{}.*", change.object);
    hook.get(WEBHOOK_EVENTS).is_some_and(|events| events.iter().any(|e| *e == "*" || *e == name || *e == any))
}

async fn message(w: &mut store::Writer, schema: &model::Schema, change: &Change) -> Result<Json, RecordError> {
    let object = schema.object(change.object.as_str()).ok_or_else(|| RecordError::unknown("object", &change.object))?;
    let found = w.get_many(schema, &object.name, &[change.record], &Filter::All, &[]).await?;
    let record: Option<Json> = found.first().map(|record| {
        let fields = object
            .fields
            .iter()
            .map(|f| (f.name.to_string(), to_json(schema, object, f, record.value(f.name.as_str()))));
        Json::Object(fields.collect())
    });
    let kind = match change.op {
        ChangeOp::Create => "created",
        ChangeOp::Update => "updated",
        ChangeOp::Delete => "deleted",
        ChangeOp::Restore => "restored",
    };
    Ok(json!({
        "type": format!("{}.{kind}", change.object),
        "timestamp": change.at.to_string(),
        "data": {
            "object": change.object.as_str(),
            "id": change.record.typed(object.prefix.as_str()),
            "version": change.version,
            "changes": change.diff,
            "record": record,
        },
    }))
}

/// Sends one message. Anything but an answer of 2xx is a failure, to be tried again; 410 switches the webhook off, as the
/// specification asks.
pub(crate) fn send(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        let hook = Id::parse(&text("webhook"), "whk").map_err(|e| e.to_string())?;
        let found = {
            let mut reader = space.store.read().await.map_err(|e| e.to_string())?;
            reader
                .get_many(&space.schema(), &Ident::of("webhook"), &[hook], &Filter::All, &[])
                .await
                .map_err(|e| e.to_string())?
        };
        let Some(hook) = found.into_iter().find(|h| h.deleted_at().is_none() && h.get(WEBHOOK_ACTIVE) == Some(true))
        else {
            return Ok(());
        };
        let url = hook
            .get(WEBHOOK_URL)
            .and_then(|list| list.into_iter().next())
            .map(|e| e.value)
            .ok_or("the webhook has no address")?;
        let body = payload["message"].to_string();
        let (id, timestamp) = (text("id"), space.platform.clock.now().as_second());
        let signature = sign(&hook.get(WEBHOOK_SECRET).unwrap_or_default(), &id, timestamp, &body)?;
        let status = tokio::task::spawn_blocking(move || post(&url, &id, timestamp, &signature, body))
            .await
            .map_err(|e| e.to_string())?;
        let failing = hook.get(WEBHOOK_FAILING).is_some();
        let change = match &status {
            Ok(410) => Some(Fields::from_iter([(Ident::of("active"), model::Value::Bool(false))])),
            Ok(200..=299) if failing => Some(Fields::from_iter([(Ident::of("failing_since"), model::Value::Null)])),
            Ok(200..=299) => None,
            _ if failing => None,
            _ => Some(Fields::from_iter([(
                Ident::of("failing_since"),
                model::Value::DateTime(space.platform.clock.now()),
            )])),
        };
        if let Some(fields) = change {
            let op = Op::Update { id: hook.id(), fields, version: None };
            space.write_one(&space.system_ctx(), &Ident::of("webhook"), op).await.map_err(|e| e.to_string())?;
        }
        match status {
            Ok(200..=299 | 410) => Ok(()),
            Ok(status) => Err(format!("the address answered {status}")),
            Err(error) => Err(error),
        }
    })
}

fn post(url: &str, id: &str, timestamp: i64, signature: &str, body: String) -> Result<u16, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .into();
    let response = agent
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "Clientele")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signature)
        .send(body)
        .map_err(|e| e.to_string())?;
    Ok(response.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of the Standard Webhooks specification's reference libraries.
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.as_deref(), Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }
}
