//! First loads. A large file into an empty object is written without the indexes that only lists and searches use: kept up row by row
//! they cost more than the rows themselves. They are made afterwards in one go, one a transaction so that other writes come between;
//! after a crash, when the database is opened again.

use std::sync::Arc;

use model::{Filter, Query};
use serde_json::json;

use super::plan::Plan;
use super::{ImportError, Request};
use crate::{RecordError, Space};

/// A smaller file is not worth it.
const LARGE: u64 = 4 * 1024 * 1024;
/// Says that indexes are missing.
const ASIDE: &str = "indexes_aside";

/// Drops the object's plain indexes if it is empty, the file is large, and nothing in the import looks records of it up by them.
pub(super) async fn lay_aside(space: &Arc<Space>, request: &Request, plan: &Plan) -> Result<(), ImportError> {
    let large = std::fs::metadata(&request.path).is_ok_and(|file| file.len() >= LARGE);
    let by_unique = match plan.key.as_slice() {
        [] => true,
        [key] => plan.object.field(key.field.as_str()).is_some_and(|field| field.unique) && key.part.is_none(),
        _ => false,
    };
    if !large || !by_unique || plan.lookups.iter().any(|lookup| lookup.own) {
        return Ok(());
    }
    let (schema, object) = (Arc::clone(&plan.schema), plan.object.name.clone());
    space
        .store
        .write(move |w| {
            Box::pin(async move {
                let any = Query::of(object.clone()).filter(Filter::All).limit(1).fields([model::Ident::of("id")]);
                if w.list(&schema, &any).await?.records.is_empty() {
                    w.set_setting(ASIDE, &json!(true)).await?;
                    w.drop_plain_indexes(&schema, &object).await?;
                }
                Ok::<_, RecordError>(())
            })
        })
        .await?;
    Ok(())
}

/// Makes the indexes that a first load laid aside, if one did.
pub(crate) async fn restore(space: &Space) -> Result<(), RecordError> {
    let aside = space.store.read().await?.setting(ASIDE).await?;
    if aside.is_none_or(|value| value.is_null()) {
        return Ok(());
    }
    let mut more = true;
    while more {
        let schema = space.schema();
        more = space
            .store
            .write(move |w| {
                Box::pin(async move {
                    let made = w.create_missing_index(&schema).await?;
                    if !made {
                        w.set_setting(ASIDE, &json!(null)).await?;
                    }
                    Ok::<_, RecordError>(made)
                })
            })
            .await?;
    }
    Ok(())
}
