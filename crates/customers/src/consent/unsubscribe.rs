//! Leaving a mailing list with one click (RFC 8058): a token that says which point leaves what, and that nobody else can make.

use std::sync::Arc;

use kernel::{Ctx, Via};
use records::{Access, RecordError, Space};
use serde_json::json;

use crate::signed::{is_signature, key, signature};

use super::{Channel, ContactPoint, Proof, State, Statement, record};

/// The setting that holds the key of the tokens.
const SETTING: &str = "unsubscribe key";

/// What a token stands for: point, channel, purpose.
type Meaning = (String, Option<Channel>, Option<String>);

/// The token for the address in a `List-Unsubscribe` header: whoever sends it back withdraws the point's consent to a purpose on a
/// channel, to all of marketing without a purpose. It never expires: links in old messages must work.
pub async fn unsubscribe_token(
    space: &Space,
    point: &ContactPoint,
    channel: Channel,
    purpose: Option<&str>,
) -> Result<String, RecordError> {
    let meaning = json!([point.key(), channel, purpose]).to_string();
    let key = key(space, SETTING).await?;
    let hex: String = meaning.bytes().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{hex}.{}", signature(&key, &meaning)))
}

/// Takes a token back: the withdrawal counts when this answers. A token that comes twice changes nothing. Answers the point.
///
/// Errors when the token is none of ours.
pub async fn unsubscribe(
    space: &Arc<Space>,
    ctx: &Ctx,
    token: &str,
    address: &str,
) -> Result<ContactPoint, RecordError> {
    let (point, channel, purpose) = read(space, token).await?;
    // A purpose that was deleted since cannot be named; all of marketing is then left.
    let purposes = super::Purposes::load(space, &mut space.store.read().await?).await?;
    let statement = Statement {
        point: point.clone(),
        channel,
        purpose: purpose.filter(|key| purposes.get(key).is_some()),
        state: State::Withdrawn,
        basis: None,
        proof: Proof {
            place: "List-Unsubscribe".to_owned(),
            address: address.to_owned(),
            by: "person".to_owned(),
            ..Proof::default()
        },
        source: None,
        at: None,
        expires_at: None,
    };
    let own = Ctx { via: Via::Web, ..ctx.clone() };
    record(space, &own, &Access::everything(), &[statement]).await?;
    Ok(point)
}

/// Whose token it is.
///
/// Errors when it is none of ours.
pub async fn point_of(space: &Space, token: &str) -> Result<ContactPoint, RecordError> {
    Ok(read(space, token).await?.0)
}

async fn read(space: &Space, token: &str) -> Result<(ContactPoint, Option<Channel>, Option<String>), RecordError> {
    let unknown = || RecordError::unknown("unsubscription", token);
    let (hex, given) = token.split_once('.').ok_or_else(unknown)?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    let meaning = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(unknown)?;
    if !is_signature(&key(space, SETTING).await?, &meaning, given) {
        return Err(unknown());
    }
    let (point, channel, purpose): Meaning = serde_json::from_str(&meaning).map_err(|_| unknown())?;
    let point = ContactPoint::parse(&point).ok_or_else(unknown)?;
    Ok((point, channel, purpose))
}
