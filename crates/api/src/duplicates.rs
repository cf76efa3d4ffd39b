//! `POST /{object}/duplicates`: whom a record that is not saved may be, and whether it is of somebody who was erased; nothing is kept.

use axum::Json;
use axum::http::HeaderMap;
use customers::erasure::is_erased;
use customers::profile::{Alike, alike};
use kernel::{Code, Id};
use model::{Problem, Record};
use records::Action;
use serde_json::{Value, json};

use crate::call::{Body, On, Reads};
use crate::failure::Failure;
use crate::params::Params;
use crate::write::fields_of;

/// The profiles that a row resembles, the most alike first, as far as the caller may see them, and whether it gains an address or a number of
/// somebody who was erased, told to those who may save it; `?id=` is the record when it is saved already.
pub(crate) async fn find(
    On { call, object, .. }: On<Reads>,
    params: Params,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Failure> {
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
    let saves = [Action::Create, Action::Update].iter().any(|action| call.access.check(&object, *action).is_ok());
    let erased = saves && {
        let old = match id {
            Some(id) => Some(call.space.get_as(&call.access, &object.name, id, &mut reader).await?),
            None => None,
        };
        is_erased(&mut reader, &object, old.as_ref(), &draft.fields).await?
    };
    let one = |alike: &Alike| {
        json!({
            "profile": alike.profile.id().typed("prf"),
            "name": alike.profile.get(customers::profile::NAME),
            "record": alike.record.typed("rec"),
            "id": alike.own.map(|id| id.typed(object.prefix.as_str())),
            "probability": alike.probability,
        })
    };
    Ok(Json(json!({ "profiles": found.iter().map(one).collect::<Vec<_>>(), "erased": erased })))
}
