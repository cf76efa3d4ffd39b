//! `/profiles/lookup`, `/verdicts` and `/review`: everything known about somebody, and what people decide about who is who.

use axum::Json;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, StatusCode};
use customers::identity::{Decision, Effect, Snapshot, Understood, decide};
use customers::profile::{Lookup, Since, View, find, hide, view};
use customers::segment::{Membership, Segments, reasons};
use kernel::{Code, Id};
use matching::probability;
use model::{Ident, ObjectDef, Problem, Record, to_json};
use records::{Action, RecordError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::call::{Body, Call};
use crate::definitions::parse;
use crate::failure::Failure;
use crate::params::Params;

/// Most profiles that one look-up answers with.
const MOST: usize = 20;
/// Most pairs that are answered with at once.
const PAIRS: i64 = 200;

/// A decision as it is posted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    separate: Option<Separation>,
    #[serde(default)]
    join: Option<Vec<String>>,
    #[serde(default)]
    pair: Option<Pair>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    dry: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Separation {
    profile: String,
    records: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: String,
    b: String,
    same: bool,
}

/// Profiles by `?id=`, `?email=`, `?phone=` or `?source=&key=`, each with its golden values and their reasons.
pub(crate) async fn lookup(call: Call, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let object = call.object("profile")?;
    call.access.check(&object, Action::Read)?;
    let asked = |name: &str| params.get(name).map(str::trim).filter(|value| !value.is_empty());
    let seen = |field: &'static str| call.access.reads(&object, &Ident::of(field));
    let wanted = match (asked("id"), asked("email"), asked("phone"), asked("source").zip(asked("key"))) {
        (Some(id), ..) => Lookup::Profile(id_of("id", id, "prf")?),
        (_, Some(email), ..) if seen("emails") => Lookup::Email(email.to_owned()),
        (_, _, Some(phone), _) if seen("phones") => Lookup::Phone(phone.to_owned()),
        (.., Some((source, key))) => Lookup::Key(id_of("source", source, "src")?, key.to_owned()),
        _ => return Err(Failure::because(Code::BadRequest, "lookup-by-what")),
    };
    let mut reader = call.space.store.read().await?;
    let segments = Segments::load(&call.space, &call.ctx, &call.access, &mut reader).await?;
    let mut found = Vec::new();
    for id in find(&call.space, &mut reader, &wanted).await?.into_iter().take(MOST) {
        match view(&call.space, &call.access, id, &mut reader).await {
            Ok(view) => found.push(shown(&call, &object, &segments, &view)),
            Err(RecordError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(found))
}

/// Separates records from a profile, joins profiles, or answers about a pair. With `dry`, nothing is kept and the answer is what would follow.
pub(crate) async fn create(
    call: Call,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    call.writes()?;
    let wish: Wish = parse(&headers, &body)?;
    let decision = match (&wish.separate, &wish.join, &wish.pair) {
        (Some(of), None, None) => Decision::Separate {
            profile: id_of("profile", &of.profile, "prf")?,
            records: of.records.iter().map(|id| id_of("records", id, "rec")).collect::<Result<_, _>>()?,
        },
        (None, Some(of), None) => {
            Decision::Join { profiles: of.iter().map(|id| id_of("join", id, "prf")).collect::<Result<_, _>>()? }
        }
        (None, None, Some(of)) => {
            Decision::Pair { a: id_of("a", &of.a, "rec")?, b: id_of("b", &of.b, "rec")?, same: of.same }
        }
        _ => return Err(Failure::because(Code::BadRequest, "verdict-on-what")),
    };
    let effect = decide(&call.space, &call.ctx, call.access.clone(), decision, &wish.note, wish.dry).await?;
    let status = if wish.dry { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(follows(&call, &effect, wish.dry).await?)))
}

/// Takes a verdict back.
pub(crate) async fn undo(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    call.writes()?;
    let text = params.iter().find(|(name, _)| *name == "id").map_or("", |(_, value)| value);
    let verdict = Id::parse(text, "vrd").map_err(|_| RecordError::unknown("verdict", text))?;
    let decision = Decision::TakeBack { verdict };
    let effect = decide(&call.space, &call.ctx, call.access.clone(), decision, "", false).await?;
    Ok(Json(follows(&call, &effect, false).await?))
}

/// Pairs of records that wait for an answer, the most worthwhile first.
pub(crate) async fn review(call: Call, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    call.access.check(&*call.object("profile")?, Action::Update)?;
    let limit = params.number("limit", 50, 1, PAIRS)?;
    let mut reader = call.space.store.read().await?;
    let doubts = reader.doubts(None, None, limit as u32).await?;
    let pair = |doubt: &store::Doubt| {
        json!({
            "a": doubt.a.typed("rec"),
            "b": doubt.b.typed("rec"),
            "kind": doubt.entity,
            "probability": probability(doubt.weight),
            "worth": doubt.worth,
        })
    };
    Ok(Json(doubts.iter().map(pair).collect()))
}

fn id_of(field: &str, text: &str, prefix: &str) -> Result<Id, Failure> {
    let problem = || Problem::new(field, "no-such-record").text("object", prefix).text("value", text);
    Id::parse(text, prefix).map_err(|_| Failure::of(Code::Invalid).detail(problem()))
}

/// The fields of a profile that the caller may read.
fn fields(call: &Call, object: &ObjectDef, profile: &Record) -> Map<String, Value> {
    let seen = object.fields.iter().filter(|field| call.access.reads(object, &field.name));
    let one = |field: &model::FieldDef| {
        let value = to_json(&call.schema, object, field, profile.value(field.name.as_str()));
        (field.name.to_string(), value)
    };
    seen.map(one).collect()
}

/// Whether nothing of profiles is hidden: what a source calls a record may say what a field hides.
fn sees_all(call: &Call, object: &ObjectDef) -> bool {
    object.own_fields().all(|field| call.access.reads(object, &field.name))
}

fn member(call: &Call, object: &ObjectDef, record: &Understood) -> Value {
    json!({
        "id": record.record.typed("rec"),
        "source": record.source.typed("src"),
        "source_name": record.source_name,
        "key": sees_all(call, object).then_some(&record.key),
        "version": record.version,
        "received_at": record.received_at.to_string(),
        "attributes": record.attributes,
    })
}

fn shown(call: &Call, object: &ObjectDef, segments: &Segments, view: &View) -> Value {
    let golden: Map<String, Value> = (view.golden.0.iter())
        .map(|chosen| {
            let candidates: Vec<Value> = (chosen.candidates.iter())
                .map(|candidate| {
                    json!({
                        "value": candidate.value,
                        "record": candidate.record.typed("rec"),
                        "source": candidate.source.typed("src"),
                        "source_name": candidate.source_name,
                        "at": candidate.at.to_string(),
                        "records": candidate.records,
                        "pinned": candidate.pinned,
                        "state": candidate.state,
                    })
                })
                .collect();
            (chosen.attribute.to_owned(), json!({ "rule": chosen.rule.as_str(), "candidates": candidates }))
        })
        .collect();
    let relations: Vec<Value> = (view.relations.iter())
        .map(|relation| {
            json!({
                "kind": relation.kind,
                "profile": relation.profile.id().typed("prf"),
                "role": relation.role,
                "since": relation.since.map(|since| since.day().to_string()),
                "since_is_exact": relation.since.map(|since| matches!(since, Since::Day(_))),
                "until": relation.until.map(|until| until.to_string()),
            })
        })
        .collect();
    let seen = |field: &'static str| call.access.reads(object, &Ident::of(field));
    let rfm = view.worth.as_ref().and_then(|worth| worth.rfm(call.ctx.now)).filter(|_| seen("orders") && seen("spent"));
    json!({
        "profile": fields(call, object, &view.profile),
        "redirected": view.redirected,
        "sureness": view.sureness,
        "golden": golden,
        "records": view.records.iter().map(|record| member(call, object, record)).collect::<Vec<_>>(),
        "links": view.links.iter().map(|link| json!({
            "a": link.a.typed("rec"), "b": link.b.typed("rec"), "probability": probability(link.weight),
        })).collect::<Vec<_>>(),
        "verdicts": view.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        "relations": relations,
        "rfm": rfm,
        "segments": memberships(call, segments, &view.profile),
    })
}

/// The segments that a profile is in, and why.
fn memberships(call: &Call, segments: &Segments, profile: &Record) -> Vec<Value> {
    let one = |membership: &Membership| {
        json!({
            "id": membership.segment.id.typed("seg"),
            "name": membership.segment.name,
            "description": membership.segment.description(call.ctx.locale),
            "because": reasons(&call.schema, &membership.because),
        })
    };
    segments.of(&call.schema, profile).iter().map(one).collect()
}

fn verdict(verdict: &store::Verdict) -> Value {
    let side = |side: &Vec<Id>| side.iter().map(|id| id.typed("rec")).collect::<Vec<_>>();
    json!({
        "id": verdict.id.typed("vrd"),
        "at": verdict.at.to_string(),
        "by": verdict.actor.map(|id| id.typed("usr")),
        "same": verdict.same,
        "note": verdict.note,
        "sides": verdict.sides.each_ref().map(side),
    })
}

/// What a decision changes, as far as the caller may see it.
async fn follows(call: &Call, effect: &Effect, dry: bool) -> Result<Value, Failure> {
    let object = call.object("profile")?;
    let mut reader = call.space.store.read().await?;
    let segments = Segments::load(&call.space, &call.ctx, &call.access, &mut reader).await?;
    drop(reader);
    let part = |snapshot: &Snapshot| {
        let mut records = snapshot.records.clone();
        hide(&call.access, &object, &mut records);
        json!({
            "profile": fields(call, &object, &snapshot.profile),
            "records": records.iter().map(|record| member(call, &object, record)).collect::<Vec<_>>(),
            "segments": memberships(call, &segments, &snapshot.profile),
        })
    };
    Ok(json!({
        "verdict": (!dry).then(|| effect.verdict.typed("vrd")),
        "before": effect.before.iter().map(part).collect::<Vec<_>>(),
        "after": effect.after.iter().map(part).collect::<Vec<_>>(),
    }))
}
