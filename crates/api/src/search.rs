//! `GET /search?q=`: records of every object by the words in them.

use std::collections::HashMap;

use axum::Json;
use kernel::Id;
use model::{Filter, Ident, ObjectDef, Record, Value as Field};
use records::Action;
use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::Failure;
use crate::params::Params;

pub(crate) async fn search(call: Call, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let limit = params.number("limit", 10, 1, 50)? as u32;
    let only = params.get("object").map(|name| call.object(name)).transpose()?;
    let objects: Vec<(Ident, Filter)> = call
        .schema
        .objects()
        .filter(|o| only.as_ref().is_none_or(|only| only.name == o.name) && searches(&call, o))
        .map(|o| (o.name.clone(), call.access.filter(&call.schema, o, Action::Read)))
        .collect();
    let mut reader = call.space.store.read().await?;
    let hits = reader.search(&call.schema, params.get("q").unwrap_or_default(), &objects, limit).await?;
    let mut titles: HashMap<Id, String> = HashMap::new();
    for (object, _) in &objects {
        let ids: Vec<Id> = hits.iter().filter(|h| h.object == *object).map(|h| h.id).collect();
        if ids.is_empty() {
            continue;
        }
        let def = call.object(object.as_str())?;
        for record in call.space.get_many_as(&call.access, object, &ids, &mut reader).await? {
            titles.insert(record.id(), title(&def, &record));
        }
    }
    let show = |hit: &store::Hit| {
        let def = call.schema.object(hit.object.as_str())?;
        let title = titles.get(&hit.id)?;
        Some(
            json!({ "object": hit.object, "id": hit.id.typed(def.prefix.as_str()), "title": title, "in_title": hit.in_title }),
        )
    };
    Ok(Json(hits.iter().filter_map(show).collect()))
}

fn searches(call: &Call, object: &ObjectDef) -> bool {
    object.fields.iter().any(|f| f.searchable)
        && call.access.check(object, Action::Read).is_ok()
        && call.access.check_search(object).is_ok()
}

fn title(object: &ObjectDef, record: &Record) -> String {
    match record.value(object.title.as_str()).scalar(None) {
        Field::Text(text) => text,
        _ => String::new(),
    }
}
