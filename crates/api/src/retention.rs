//! `/retention_rule/{id}/…`: what a rule would do, and doing it; `/register`: the register of processing.

use axum::Json;
use axum::extract::RawPathParams;
use customers::retention::{self, Register};
use kernel::{Code, Id};
use model::{Ident, Problem, Record};
use records::Action;
use serde_json::{Value, json};

use crate::call::{Administrator, Call};
use crate::failure::Failure;

/// How many records a rule would concern now, and some of them.
pub(crate) async fn preview(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    let rule = rule(&call, &params).await?;
    let preview = retention::preview(&call.space, &call.ctx, &rule).await?;
    let prefix = preview.examples.first().and_then(|r| call.schema.object(r.object.as_str())).map(|o| o.prefix.clone());
    let examples: Vec<String> =
        preview.examples.iter().map(|r| r.id().typed(prefix.as_ref().map_or("", Ident::as_str))).collect();
    Ok(Json(json!({
        "before": preview.before.to_string(),
        "count": preview.count.n,
        "more": preview.count.more,
        "examples": examples,
    })))
}

/// Applies a rule now.
pub(crate) async fn run(Administrator(call): Administrator, params: RawPathParams) -> Result<Json<Value>, Failure> {
    let rule = rule(&call, &params).await?;
    let report = retention::run(&call.space, &call.ctx, &rule).await?;
    Ok(Json(json!({
        "batch": report.batch.map(|id| id.typed("bat")),
        "found": report.found,
        "done": report.done,
        "refused": report.refused,
    })))
}

/// The register of processing in the caller's language.
pub(crate) async fn register(call: Call) -> Result<Json<Register>, Failure> {
    let object = call.object("source")?;
    call.access.check(&object, Action::Read)?;
    Ok(Json(retention::register(&call.space, &call.ctx).await?))
}

async fn rule(call: &Call, params: &RawPathParams) -> Result<Record, Failure> {
    let object = call.object("retention_rule")?;
    call.access.check(&object, Action::Read)?;
    let text = params.iter().find(|(name, _)| *name == "id").map_or("", |(_, value)| value);
    let missing =
        || Failure::of(Code::NotFound).detail(Problem::new("", "no-such-record").text("object", "retention_rule"));
    let id = Id::parse(text, object.prefix.as_str()).map_err(|_| missing())?;
    let mut reader = call.space.store.read().await?;
    Ok(call.space.get_as(&call.access, &object.name, id, &mut reader).await?)
}
