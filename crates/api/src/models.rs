//! `/models`: the models that say who is who, learning a new one, and putting one to use.

use std::sync::Arc;

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use customers::identity::{Choice, Comparison, Kind, adopt, ask, model_of, models, refuse, under_way};
use kernel::{Code, Id};
use matching::Model;
use records::{Action, RecordError};
use serde::Deserialize;
use serde_json::{Value, json};
use store::KeptModel;

use crate::call::{Body, Call};
use crate::definitions::parse;
use crate::failure::Failure;
use crate::params::Params;

/// What is to be learnt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    kind: String,
}

fn kind_of(text: &str) -> Result<Kind, Failure> {
    Kind::parse(text).ok_or_else(|| Failure::because(Code::BadRequest, "model-of-what"))
}

fn choice(text: &str) -> Result<Choice, Failure> {
    let starting = text.strip_prefix("starting-").and_then(Kind::parse).map(Choice::Starting);
    let found = starting.or_else(|| Id::parse(text, "mdl").ok().map(Choice::Learnt));
    found.ok_or_else(|| RecordError::unknown("model", text).into())
}

/// The models of `?kind=person` or `organisation`, newest first, the starting one last, and what goes on in the background.
pub(crate) async fn list(call: Call, params: Params) -> Result<Json<Value>, Failure> {
    let kind = kind_of(params.get("kind").unwrap_or("person"))?;
    let known = models(&call.space, &call.access, kind).await?;
    let going_on = under_way(&call.space, &call.access, kind).await?;
    let mut listed: Vec<Value> = known.iter().map(|(model, told)| shown(model, told)).collect();
    let starts = !known.iter().any(|(model, _)| model.state == "current");
    listed.push(starting(kind, starts));
    Ok(Json(json!({
        "models": listed,
        "learning": going_on.learning,
        "matching": going_on.matching.map(|progress| json!({ "done": progress.done, "of": progress.of })),
        "error": going_on.error,
    })))
}

fn starting(kind: Kind, current: bool) -> Value {
    let state = if current { "current" } else { "retired" };
    json!({ "id": format!("starting-{}", kind.as_str()), "kind": kind.as_str(), "state": state })
}

fn shown(model: &KeptModel, told: &Comparison) -> Value {
    let typed = |id: &String| Id::parse_any(id).ok().map(|(_, id)| id.typed("prf"));
    json!({
        "id": model.id.typed("mdl"),
        "kind": model.entity,
        "state": model.state,
        "made_at": model.made_at.to_string(),
        "records": told.records,
        "of": told.of,
        "verdicts": told.verdicts,
        "profiles": told.profiles,
        "clusters": told.clusters,
        "merges": told.merges,
        "splits": told.splits,
        "merged": told.merged.iter().map(|group| group.iter().filter_map(typed).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "split": told.split.iter().filter_map(typed).collect::<Vec<_>>(),
    })
}

/// A model with what its comparisons weigh, in bits.
pub(crate) async fn read(call: Call, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let (kind, model, kept) = model_of(&call.space, &call.access, choice(&id)?).await?;
    let mut answer = match &kept {
        Some(kept) => shown(kept, &Comparison::of(kept)),
        None => {
            let current = call.space.store.read().await?.current_model(kind.as_str()).await?;
            starting(kind, current.is_none())
        }
    };
    answer["prior"] = json!(model.prior);
    answer["comparisons"] = comparisons(&model);
    Ok(Json(answer))
}

fn comparisons(model: &Model) -> Value {
    let one = |comparison: &matching::Comparison| {
        let level = |level: &matching::Level| json!({ "name": level.name, "same": level.m, "others": level.u, "weight": level.weight() });
        json!({
            "name": comparison.name,
            "columns": comparison.columns,
            "levels": comparison.levels.iter().map(level).collect::<Vec<_>>(),
        })
    };
    model.comparisons.iter().map(one).collect()
}

/// Asks for a model to be learnt; it is a candidate when it is there.
pub(crate) async fn create(call: Call, headers: HeaderMap, Body(body): Body) -> Result<StatusCode, Failure> {
    let wish: Wish = parse(&headers, &body)?;
    call.writes()?;
    ask(&call.space, &call.ctx, &call.access, kind_of(&wish.kind)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Puts a model to use; all records are matched anew in the background.
pub(crate) async fn put_to_use(call: Call, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    call.writes()?;
    adopt(&call.space, &call.ctx, Arc::clone(&call.access), choice(&id)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Puts a candidate aside.
pub(crate) async fn put_aside(call: Call, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    call.writes()?;
    call.access.check(&*call.object("profile")?, Action::Update)?;
    match choice(&id)? {
        Choice::Learnt(model) => refuse(&call.space, &call.ctx, Arc::clone(&call.access), model).await?,
        Choice::Starting(_) => return Err(RecordError::unknown("model", &id).into()),
    }
    Ok(StatusCode::NO_CONTENT)
}
