//! Texts that only this tenant can have signed.

use records::{RecordError, Secret, Space, digest};
use serde_json::json;

/// Whether a signature is that of a text. Hashes are compared, so that the comparison's time tells nothing about the signature.
pub(crate) fn is_signature(key: &str, text: &str, given: &str) -> bool {
    digest(&signature(key, text)) == digest(given)
}

/// The signature of a text: hashed twice with the key, as HMAC does, so that nothing can be appended to a signed text.
pub(crate) fn signature(key: &str, text: &str) -> String {
    digest(&format!("{key}{}", digest(&format!("{key}{text}"))))
}

/// The key of a kind of token, under the setting of this name, made when it is first needed.
pub(crate) async fn key(space: &Space, setting: &'static str) -> Result<String, RecordError> {
    let read = |json: serde_json::Value| json.as_str().map(str::to_owned);
    if let Some(key) = space.store.read().await?.setting(setting).await?.and_then(read) {
        return Ok(key);
    }
    let fresh = Secret::new("clu_").text;
    let kept: Result<String, store::StoreError> = space
        .store
        .write(move |w| {
            Box::pin(async move {
                w.lock_layout().await?;
                if let Some(key) = w.setting(setting).await?.as_ref().and_then(|json| json.as_str()) {
                    return Ok(key.to_owned());
                }
                w.set_setting(setting, &json!(fresh)).await?;
                Ok(fresh)
            })
        })
        .await;
    Ok(kept?)
}
