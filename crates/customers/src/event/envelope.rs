//! The body of a call: one event, or a batch with what its events share.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::IntakeError;

/// Most bytes of a body, unpacked, as the specification has it.
pub const MAX_BODY: usize = 500 * 1024;
/// Most bytes of an event, as the specification has it.
pub const MAX_EVENT: usize = 32 * 1024;

/// Which call it is: the last part of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Several events of any kind.
    Batch,
    /// One event of this kind.
    One(&'static str),
}

/// The kinds of event.
const KINDS: [&str; 6] = ["identify", "track", "page", "screen", "group", "alias"];

impl Call {
    /// Reads the last part of an address: a kind of event, `batch` or `import`, or the first letter of either.
    pub fn parse(path: &str) -> Option<Call> {
        if matches!(path, "batch" | "b" | "import") {
            return Some(Call::Batch);
        }
        KINDS.into_iter().find(|kind| *kind == path || (path.len() == 1 && kind.starts_with(path))).map(Call::One)
    }
}

/// The kind of event of this name.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|kind| *kind == name)
}

/// A body taken apart.
pub(super) struct Envelope<'a> {
    /// The events as they came.
    pub(super) items: Vec<&'a str>,
    /// The write key, when the body has it.
    pub(super) key: Option<String>,
    /// What every event shares unless it says otherwise.
    pub(super) shared: Shared,
}

/// What the events of a batch share.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// When the sender sent it, by its clock.
    pub(super) sent_at: Option<String>,
    /// The context of events that have none.
    pub(super) context: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(default)]
    write_key: Option<String>,
    #[serde(default)]
    sent_at: Option<serde_json::Value>,
    #[serde(default)]
    context: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    #[serde(default)]
    write_key: Option<String>,
}

impl<'a> Envelope<'a> {
    /// Takes a body apart.
    ///
    /// Errors when it is larger than [`MAX_BODY`] or not what the call promises.
    pub(super) fn read(call: Call, body: &'a [u8]) -> Result<Envelope<'a>, IntakeError> {
        if body.len() > MAX_BODY {
            return Err(IntakeError::TooLarge);
        }
        let unreadable = |error: &dyn std::fmt::Display| IntakeError::Unreadable(error.to_string());
        let text = std::str::from_utf8(body).map_err(|e| unreadable(&e))?;
        match call {
            Call::Batch => {
                let batch: Batch<'a> = serde_json::from_str(text).map_err(|e| unreadable(&e))?;
                let sent_at = batch.sent_at.as_ref().and_then(|v| v.as_str()).map(str::to_owned);
                Ok(Envelope {
                    items: batch.batch.into_iter().map(RawValue::get).collect(),
                    key: batch.write_key,
                    shared: Shared { sent_at, context: batch.context.filter(|c| c.is_object()) },
                })
            }
            Call::One(_) => {
                let one: One = serde_json::from_str(text).map_err(|e| unreadable(&e))?;
                Ok(Envelope { items: vec![text.trim()], key: one.write_key, shared: Shared::default() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_names_and_letters() {
        assert_eq!(Call::parse("batch"), Some(Call::Batch));
        assert_eq!(Call::parse("t"), Some(Call::One("track")));
        assert_eq!(Call::parse("screen"), Some(Call::One("screen")));
        assert_eq!(Call::parse("x"), None);
        assert_eq!(Call::parse(""), None);
    }

    #[test]
    fn a_batch_is_taken_apart_without_reading_its_events() {
        let body = br#"{"batch": [ {"a": "\ud800"} , 3], "writeKey": "k", "sentAt": "x", "context": {"ip": "1"}}"#;
        let envelope = Envelope::read(Call::Batch, body).unwrap();
        assert_eq!(envelope.items, [r#"{"a": "\ud800"}"#, "3"]);
        assert_eq!((envelope.key.as_deref(), envelope.shared.sent_at.as_deref()), (Some("k"), Some("x")));
        assert!(matches!(Envelope::read(Call::Batch, b"{\"batch\": 3}"), Err(IntakeError::Unreadable(_))));
        assert!(matches!(Envelope::read(Call::One("track"), b"nothing"), Err(IntakeError::Unreadable(_))));
        assert!(matches!(Envelope::read(Call::Batch, &[b' '; MAX_BODY + 1]), Err(IntakeError::TooLarge)));
    }
}
