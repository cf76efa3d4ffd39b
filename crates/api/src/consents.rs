//! `/consents`: the ledger of consents by contact point, and the decisions that follow from it.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use customers::consent::{
    self, Audience, Basis, Channel, ContactPoint, Decision, Gate, Line, Proof, State, Statement, known, record,
};
use kernel::{Code, Id, Timestamp};
use model::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::{Body, Call};
use crate::definitions::parse;
use crate::failure::Failure;
use crate::params::Params;

/// Most statements or points in one request.
const MOST: usize = 10_000;

#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Several(Vec<Wish>),
    One(Box<Wish>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    point: String,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    purpose: Option<String>,
    state: State,
    #[serde(default)]
    basis: Option<Basis>,
    #[serde(default)]
    proof: Proof,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    points: Vec<String>,
    channel: Channel,
    purpose: String,
    #[serde(default = "consumer")]
    audience: Audience,
}

fn consumer() -> Audience {
    Audience::Consumer
}

/// What the ledger says about a contact point, oldest first: `?point=email:ada@example.org`.
pub(crate) async fn list(call: Call, params: Params) -> Result<Json<Value>, Failure> {
    consent::check_lookup(&call.space, &call.access).await?;
    let point = point_of(params.get("point").unwrap_or_default())?;
    let mut reader = call.space.store.read().await?;
    let known = known(&mut reader, std::slice::from_ref(&point)).await?.remove(0);
    Ok(Json(json!({
        "point": point.key(),
        "last_action": known.last_action.map(|at| at.to_string()),
        "history": known.history.iter().map(line).collect::<Vec<_>>(),
    })))
}

/// Writes one statement or several into the ledger, all or none. Answers for each whether it is new.
pub(crate) async fn create(
    call: Call,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    call.writes()?;
    let wishes = match parse(&headers, &body)? {
        Given::Several(wishes) => wishes,
        Given::One(wish) => vec![*wish],
    };
    few(wishes.len())?;
    let statements: Vec<Statement> = wishes.into_iter().map(Wish::read).collect::<Result<_, _>>()?;
    let fresh = record(&call.space, &call.ctx, &call.access, &statements).await?;
    let said: Vec<Value> = statements
        .iter()
        .zip(fresh)
        .map(|(statement, new)| json!({ "point": statement.point.key(), "state": statement.state, "new": new }))
        .collect();
    Ok((StatusCode::CREATED, Json(Value::Array(said))))
}

/// Whether points may be used for a purpose on a channel: one decision for each, with its reasons.
pub(crate) async fn decide(call: Call, headers: HeaderMap, Body(body): Body) -> Result<Json<Vec<Value>>, Failure> {
    consent::check_lookup(&call.space, &call.access).await?;
    let asked: Asked = parse(&headers, &body)?;
    few(asked.points.len())?;
    let points: Vec<ContactPoint> = asked.points.iter().map(|text| point_of(text)).collect::<Result<_, _>>()?;
    let mut reader = call.space.store.read().await?;
    let gate = Gate::open(&call.space, &mut reader).await?;
    let known = known(&mut reader, &points).await?;
    let decisions = gate.decide(&known, asked.channel, &asked.purpose, asked.audience, call.ctx.now)?;
    Ok(Json(points.iter().zip(&decisions).map(|(point, decision)| shown(point, decision)).collect()))
}

impl Wish {
    fn read(self) -> Result<Statement, Failure> {
        let source = self
            .source
            .map(|id| {
                let problem = Problem::new("source", "consent-source").text("value", &id);
                Id::parse(&id, "src").map_err(|_| Failure::of(Code::Invalid).detail(problem))
            })
            .transpose()?;
        Ok(Statement {
            point: point_of(&self.point)?,
            channel: self.channel,
            purpose: self.purpose,
            state: self.state,
            basis: self.basis,
            proof: self.proof,
            source,
            at: self.at,
            expires_at: self.expires_at,
        })
    }
}

fn few(n: usize) -> Result<(), Failure> {
    let problem = || Problem::new("", "too-many-rows").number("max", MOST as i64);
    if n > MOST { Err(Failure::of(Code::BadRequest).detail(problem())) } else { Ok(()) }
}

fn point_of(text: &str) -> Result<ContactPoint, Failure> {
    let problem = || Problem::new("point", "consent-point").text("value", text);
    ContactPoint::guess(text).ok_or_else(|| Failure::of(Code::Invalid).detail(problem()))
}

fn line(line: &Line) -> Value {
    json!({
        "id": line.seq,
        "channel": line.channel,
        "purpose": line.purpose,
        "state": line.state,
        "basis": line.basis,
        "proof": line.proof,
        "proven": line.is_proven(),
        "source": line.source.map(|id| id.typed("src")),
        "at": line.at.to_string(),
        "received_at": line.received_at.to_string(),
        "expires_at": line.expires_at.map(|at| at.to_string()),
        "via": line.via,
        "by": line.actor.map(|id| id.typed("usr")),
    })
}

fn shown(point: &ContactPoint, decision: &Decision) -> Value {
    let because: Vec<Value> = decision
        .because
        .iter()
        .map(|reason| json!({ "why": reason.why.as_str(), "consent": reason.line, "law": reason.law }))
        .collect();
    json!({
        "point": point.key(),
        "allowed": decision.allowed,
        "state": decision.standing.as_str(),
        "because": because,
        "until": decision.until.map(|at| at.to_string()),
    })
}
