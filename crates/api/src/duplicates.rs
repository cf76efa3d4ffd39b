//! `POST /{object}/duplicates`: whom a record that is not saved may be; nothing is kept.

use axum::Json;
use axum::http::HeaderMap;
use customers::profile::{Alike, alike};
use kernel::{Code, Id};
use model::{Problem, Record};
use serde_json::{Value, json};

use crate::call::{Body, On, Reads};
use crate::failure::Failure;
use crate::params::Params;
use crate::write::fields_of;

/// The profiles that a row resembles, the most alike first, as far as the caller may see them; `?id=` is the record when it is saved already.
pub(crate) async fn find(
    On { call, object, .. }: On<Reads>,
    params: Params,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Vec<Value>>, Failure> {
    let id = match params.get("id") {
        None => None,
        Some(text) => {
            let problem = || Problem::new("id", "no-such-record").text("object", object.name.as_str());
            Some(Id::parse(text, object.prefix.as_str()).map_err(|_| Failure::of(Code::Invalid).detail(problem()))?)
        }
    };
    let draft = Record { object: object.name.clone(), fields: fields_of(&call.schema, &object, &headers, &body)? };
    let mut reader = call.space.store.read().await?;
    let found = alike(&call.space, &call.access, &object, id, &draft, &mut reader).await?;
    let one = |alike: &Alike| {
        json!({
            "profile": alike.profile.id().typed("prf"),
            "name": alike.profile.get(customers::profile::NAME),
            "record": alike.record.typed("rec"),
            "id": alike.own.map(|id| id.typed(object.prefix.as_str())),
            "probability": alike.probability,
        })
    };
    Ok(Json(found.iter().map(one).collect()))
}
