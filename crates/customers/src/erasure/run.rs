use std::sync::Arc;

use kernel::{Ctx, Id, Locale};
use model::{Fields, Ident, Problem, Value};
use records::{Access, Action, Cx, Op, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{BoxFuture, ConsentLine, Digest};

use super::plan::{Found, gather};
use super::{Plan, Stones};
use crate::consent::{ContactPoint, State};
use crate::identity::lock;
use crate::right::{ANSWER, IDENTITY, PROFILE, PROOF, STATE};

/// The kind of job that erases somebody.
pub(crate) const JOB: &str = "erase";
/// How often an erasure that met a change of the profile is tried.
const ATTEMPTS: u32 = 5;
/// Files larger than this are not written anew after every erasure: it would take too long.
const COMPACT: u64 = 1 << 30;
/// What stands for a name and an address that were erased.
const NOBODY: &str = "—";

/// What an erasure did.
#[derive(Clone, Debug, PartialEq)]
pub struct Erased {
    /// What was taken away and what stays.
    pub plan: Plan,
    /// The request that proves it.
    pub request: Id,
    /// Whether the database was written anew, so that nothing is left in free space either. On PostgreSQL the server does it later.
    pub compacted: bool,
}

/// Lets the worker erase the person of a profile, as the answer to a request whose requester's identity was established. For those who
/// answer rights requests.
///
/// Errors when the actor may not, when there is no such profile, and when the request says nothing of the identity.
pub async fn enqueue(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    profile: Id,
    request: Option<Id>,
) -> Result<(), RecordError> {
    super::preview(space, ctx, access, profile).await?;
    access.check(&*space.object("rights_request")?, Action::Update)?;
    if let Some(id) = request {
        let mut reader = space.store.read().await?;
        let found = space.get_as(access, &Ident::of("rights_request"), id, &mut reader).await?;
        if found.get(IDENTITY).is_none() {
            return Err(Problem::new(IDENTITY.name(), "right-identity").into());
        }
        if matches!(found.get(STATE).as_deref(), Some("answered" | "refused")) {
            return Err(Problem::new(STATE.name(), "right-closed").into());
        }
    }
    let payload = json!({ "profile": profile.to_string(), "request": request.map(|id| id.to_string()) });
    let (key, now) = (format!("{JOB} {profile}"), ctx.now);
    let queued: Result<bool, store::StoreError> =
        space.store.write(move |w| Box::pin(async move { w.enqueue(JOB, Some(&key), &payload, now, now).await })).await;
    queued?;
    space.work.notify_one();
    Ok(())
}

pub(crate) fn job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let id = |member: &str| payload.get(member).and_then(Json::as_str).and_then(|id| Id::parse_any(id).ok());
        let Some((_, profile)) = id("profile") else { return Ok(()) };
        let request = id("request").map(|(_, id)| id);
        let ctx = space.system_ctx();
        match run(&space, &ctx, profile, request).await {
            // Erased by an earlier run of this job.
            Ok(_) | Err(RecordError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// Erases the person of a profile in one transaction, keeps it from coming back, and answers the request; without one, a request is made so
/// that the erasure can be proven.
///
/// Errors when there is no such profile, and when it is an organisation.
pub async fn run(space: &Arc<Space>, ctx: &Ctx, profile: Id, request: Option<Id>) -> Result<Erased, RecordError> {
    let stones = Stones::of(space).await?;
    let mut attempt = 1;
    let (plan, needles, request) = loop {
        let found = gather(space, ctx, profile).await?;
        let (plan, needles) = (found.plan.clone(), found.traces.needles.clone());
        let words = report(space, &plan);
        let stones = stones.clone();
        let erased = space
            .transact(&Ctx { now: ctx.now, ..space.system_ctx() }, move |cx| {
                Box::pin(async move { erase(cx, &stones, found, request, words).await })
            })
            .await?;
        match erased {
            Some(request) => break (plan, needles, request),
            None if attempt < ATTEMPTS => attempt += 1,
            None => return Err(store::StoreError::Deadlock.into()),
        }
    };
    records::import::forget(space, &needles);
    let size = space.store.file().and_then(|path| std::fs::metadata(path).ok()).map_or(u64::MAX, |data| data.len());
    let compacted = size <= COMPACT;
    if compacted {
        space.store.compact().await?;
    }
    Ok(Erased { plan, request, compacted })
}

/// Everything in one transaction. Nothing when the profile is made of other records than those that were found: they are found anew then.
async fn erase(
    cx: &mut Cx<'_>,
    stones: &Stones,
    found: Found,
    request: Option<Id>,
    words: [String; 2],
) -> Result<Option<Id>, RecordError> {
    lock(cx).await?;
    let now: Vec<Id> =
        cx.writer.entries_of(&found.traces.profiles[..1]).await?.into_iter().map(|entry| entry.record).collect();
    if now != found.traces.records {
        return Ok(None);
    }
    let marks: Vec<(Digest, kernel::Timestamp)> = (found.own.iter().map(|point| stones.of_point(point)))
        .chain(found.traces.keys.iter().map(|(source, key)| stones.of_key(*source, key)))
        .map(|hash| (hash, cx.ctx.now))
        .collect();
    let schema = cx.schema();
    cx.writer.erase_person(&schema, &found.traces).await?;
    cx.writer.put_tombstones(&marks).await?;
    let lines: Vec<ConsentLine> = found.own.iter().map(|point| objection(cx, stones, point)).collect();
    cx.writer.put_consents(&lines).await?;
    let request = answer(cx, &found, request, words).await?;
    let mut requests = found.requests;
    requests.push(request);
    cx.writer.forget_diffs(&requests).await?;
    cx.writer.forget_words(&schema, &found.words).await?;
    Ok(Some(request))
}

/// What the ledger keeps of an address: that its owner objects, under a hash.
fn objection(cx: &Cx<'_>, stones: &Stones, point: &ContactPoint) -> ConsentLine {
    ConsentLine {
        seq: 0,
        point: stones.point_name(point),
        channel: "*".to_owned(),
        purpose: "*".to_owned(),
        state: State::Objected.as_str().to_owned(),
        basis: None,
        proof: json!({}),
        source: None,
        at: cx.ctx.now,
        received_at: cx.ctx.now,
        expires_at: None,
        via: cx.ctx.via.as_str().to_owned(),
        actor: None,
    }
}

/// Takes name and address out of the requests about the person, and answers the one that asked for this.
async fn answer(
    cx: &mut Cx<'_>,
    found: &Found,
    request: Option<Id>,
    [answer, proof]: [String; 2],
) -> Result<Id, RecordError> {
    let object = "rights_request";
    let anonymous = || {
        Fields::from_iter([
            (Ident::of("requester"), Value::from(NOBODY)),
            (Ident::of("address"), Value::from(NOBODY)),
            (Ident::of("wish"), Value::Null),
            (Ident::of(PROFILE.name()), Value::Null),
        ])
    };
    for id in found.requests.iter().filter(|id| Some(**id) != request) {
        cx.update(object, *id, anonymous()).await?;
    }
    let id = match request {
        Some(id) => {
            cx.update(object, id, anonymous()).await?;
            id
        }
        None => {
            let mut fields = anonymous();
            fields.set(Ident::of("kind"), Value::from("erasure"));
            fields.set(Ident::of(IDENTITY.name()), Value::from("no_doubt"));
            cx.create(object, fields).await?.id()
        }
    };
    let step = |state: &str| Fields::from_iter([(Ident::of(STATE.name()), Value::from(state))]);
    let schema = cx.schema();
    let state = cx.writer.get_many(&schema, &Ident::of(object), &[id], &model::Filter::All, &[]).await?;
    if state.first().and_then(|request| request.get(STATE)).as_deref() != Some("in_progress") {
        cx.update(object, id, step("in_progress")).await?;
    }
    let mut last = step("answered");
    last.set(Ident::of(ANSWER.name()), Value::Text(answer));
    last.set(Ident::of(PROOF.name()), Value::Text(proof));
    cx.write(object, vec![Op::Update { id, fields: last, version: None }]).await?;
    Ok(id)
}

/// Answer and proof in words, without anything about the person.
fn report(space: &Space, plan: &Plan) -> [String; 2] {
    let locale = Locale::default();
    let words = &space.platform.words;
    let objects: usize = plan.objects.values().sum();
    let figures = [
        ("records", plan.records),
        ("versions", plan.versions),
        ("identifiers", plan.identifiers),
        ("objects", objects),
        ("consents", plan.consents),
        ("files", plan.files),
    ];
    let args: Vec<(&str, _)> = figures.iter().map(|(name, n)| (*name, (*n as i64).into())).collect();
    [words.with(locale, "erasure-answer", &[]), words.with(locale, "erasure-report", &args)]
}
