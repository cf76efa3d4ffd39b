use kernel::{Id, Timestamp};
use model::{Fields, Ident, Query, Record, Value};
use records::{Cx, Draft, Op, RecordError};

use super::{
    CHANGE_ENTERED, CHANGE_LASTED, CHANGE_LEFT, CHANGE_OPPORTUNITY, CHANGE_STAGE, CLOSE_DATE, PIPELINE, PROBABILITY,
    STAGE, STAGE_SINCE, STATUS,
};
use crate::pipeline::{IS_DEFAULT, STAGE_PIPELINE, STAGE_POSITION, STAGE_PROBABILITY, STAGE_STATUS};

/// The stage decides: its pipeline, the status, the probability unless one is given, the day of closing when it closes.
pub async fn follow_stage(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    if draft.get(STAGE).is_none() || (draft.changes(PIPELINE) && !draft.changes(STAGE)) {
        start_pipeline(draft, cx).await?;
    }
    if !draft.changes(STAGE) && !draft.changes(PIPELINE) {
        return Ok(());
    }
    let Some(stage) = draft.get(STAGE) else { return Ok(()) };
    let Some(stage) = cx.get("stage", stage).await? else { return Ok(()) };
    let pipeline = stage.get(STAGE_PIPELINE);
    if draft.gives(PIPELINE) && draft.get(PIPELINE) != pipeline {
        draft.refuse(STAGE, "stage-of-other-pipeline");
    }
    draft.set(PIPELINE, pipeline);
    let status = stage.get(STAGE_STATUS).unwrap_or_default();
    let was_open = draft.was(STATUS).is_none_or(|s| s == "open");
    if !draft.gives(PROBABILITY) {
        draft.set(PROBABILITY, stage.get(STAGE_PROBABILITY));
    }
    if status != "open" && was_open && !draft.gives(CLOSE_DATE) {
        draft.set(CLOSE_DATE, cx.ctx.today());
    }
    draft.set(STATUS, status);
    if draft.changes(STAGE) {
        draft.set(STAGE_SINCE, entered(draft, cx));
    }
    Ok(())
}

/// A sale taken over from elsewhere entered its stage when it closed, or when it was made.
fn entered(draft: &Draft, cx: &Cx<'_>) -> Timestamp {
    let made = match draft.record.value("created_at") {
        Value::DateTime(at) if draft.is_new() => *at,
        _ => cx.ctx.now,
    };
    let closed = draft.get(CLOSE_DATE).filter(|_| draft.is_new() && draft.get(STATUS).is_some_and(|s| s != "open"));
    let closed = closed.and_then(|day| day.to_zoned(cx.ctx.zone.clone()).ok()).map(|z| z.timestamp());
    closed.filter(|at| *at < cx.ctx.now).unwrap_or(made)
}

/// Puts a sale without a stage into the first one of its pipeline, or of the default pipeline.
async fn start_pipeline(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    let pipeline = match draft.get(PIPELINE) {
        Some(id) => Some(id),
        None => {
            let query = Query::of(Ident::of("pipeline")).filter(IS_DEFAULT.eq(true)).limit(1);
            cx.list(&query).await?.first().map(Record::id)
        }
    };
    let Some(pipeline) = pipeline else { return Ok(()) };
    let query = Query::of(Ident::of("stage")).filter(STAGE_PIPELINE.eq(pipeline)).sort(STAGE_POSITION.asc()).limit(1);
    draft.set(PIPELINE, pipeline);
    draft.set(STAGE, cx.list(&query).await?.first().map(Record::id));
    Ok(())
}

/// Ends the stay in the stage left and starts one in the stage entered.
pub async fn keep_stage_history(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    let (Some(stage), true) = (draft.get(STAGE), draft.changes(STAGE)) else { return Ok(()) };
    let opportunity = draft.record.id();
    let at = draft.get(STAGE_SINCE).unwrap_or(cx.ctx.now);
    if !draft.is_new() {
        let open = Query::of(Ident::of("stage_change"))
            .filter(CHANGE_OPPORTUNITY.eq(opportunity))
            .filter(CHANGE_LEFT.is_null())
            .limit(10);
        for stay in cx.list(&open).await? {
            cx.write_later(&stay.object, leave(&stay, at));
        }
    }
    cx.write_later(&Ident::of("stage_change"), Op::Create(stay(opportunity, stage, at)));
    Ok(())
}

fn leave(stay: &Record, at: Timestamp) -> Op {
    let lasted = stay.get(CHANGE_ENTERED).map_or(0, |from| at.duration_since(from).as_secs().max(0));
    let mut fields = Fields::default();
    fields.set(Ident::of(CHANGE_LEFT.name()), Value::DateTime(at));
    fields.set(Ident::of(CHANGE_LASTED.name()), Value::Int(lasted));
    Op::Update { id: stay.id(), fields, version: None }
}

fn stay(opportunity: Id, stage: Id, at: Timestamp) -> Fields {
    let mut fields = Fields::default();
    fields.set(Ident::of(CHANGE_OPPORTUNITY.name()), Value::Id(opportunity));
    fields.set(Ident::of(CHANGE_STAGE.name()), Value::Id(stage));
    fields.set(Ident::of(CHANGE_ENTERED.name()), Value::DateTime(at));
    fields
}
