//! The one gate before anything is sent, and the one way into the ledger.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use model::Problem;
use records::{Access, Action, Cx, RecordError, Space};
use store::{ConsentLine, Reader};

use crate::erasure::Stones;

use super::{Audience, Basis, Channel, ContactPoint, Decision, Line, Policy, Proof, Purposes, Question, State, decide};

/// Something said about a contact point, on its way into the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The point.
    pub point: ContactPoint,
    /// The channel; none for all of them, where it is a no.
    pub channel: Option<Channel>,
    /// The purpose's key; none for all of marketing, where it is a no.
    pub purpose: Option<String>,
    /// What was said.
    pub state: State,
    /// On which ground; consent when none is given for a yes.
    pub basis: Option<Basis>,
    /// How it can be proven.
    pub proof: Proof,
    /// The source that tells.
    pub source: Option<Id>,
    /// When it was said; now when nothing is given.
    pub at: Option<Timestamp>,
    /// Until when a yes counts.
    pub expires_at: Option<Timestamp>,
}

/// What decisions depend on besides the ledger, read once for many of them.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The purposes.
    pub purposes: Purposes,
    /// The policy.
    pub policy: Policy,
}

/// What is known of a contact point.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The point.
    pub point: ContactPoint,
    /// What the ledger says about it, in the order of arrival.
    pub history: Vec<Line>,
    /// When the person last did something at it.
    pub last_action: Option<Timestamp>,
}

impl Gate {
    /// Reads policy and purposes; two statements.
    pub async fn open(space: &Space, reader: &mut Reader) -> Result<Gate, RecordError> {
        Ok(Gate { purposes: Purposes::load(space, reader).await?, policy: Policy::load(reader).await? })
    }

    /// Decides about points of which everything is known, one decision each.
    ///
    /// Errors when there is no such purpose.
    pub fn decide(
        &self,
        known: &[Known],
        channel: Channel,
        purpose: &str,
        audience: Audience,
        now: Timestamp,
    ) -> Result<Vec<Decision>, RecordError> {
        let purpose = self.purposes.get(purpose).ok_or_else(|| RecordError::unknown("purpose", purpose))?;
        let one = |known: &Known| {
            let question = Question { point: &known.point, channel, purpose, audience, last_action: known.last_action };
            decide(&known.history, &question, &self.purposes, &self.policy, now)
        };
        Ok(known.iter().map(one).collect())
    }
}

/// What is known of points, in their order: three statements for all of them on PostgreSQL, and on SQLite two for every 4,096 and
/// one.
pub async fn known(reader: &mut Reader, points: &[ContactPoint]) -> Result<Vec<Known>, RecordError> {
    let mut keys: Vec<String> = points.iter().map(|point| point.key().to_owned()).collect();
    keys.sort_unstable();
    keys.dedup();
    let actions = reader.actions_of(&keys).await?;
    // Of somebody who was erased the ledger keeps the objection, under another name.
    let mut erased: HashMap<String, String> = HashMap::new();
    if let Some(stones) = Stones::there(reader).await? {
        erased.extend(points.iter().map(|point| (stones.point_name(point), point.key().to_owned())));
        keys.extend(erased.keys().cloned());
    }
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    for line in reader.consents_of(&keys).await? {
        let point = erased.get(&line.point).unwrap_or(&line.point).clone();
        lines.entry(point).or_default().push(Line::read(line)?);
    }
    let one = |point: &ContactPoint| Known {
        point: point.clone(),
        history: lines.get(point.key()).cloned().unwrap_or_default(),
        last_action: actions.get(point.key()).copied(),
    };
    Ok(points.iter().map(one).collect())
}

/// Whether contact points may be used for a purpose on a channel: one decision for each, in their order, each from what was said about
/// that very point. Whoever sends anything asks here first. Costs five statements for up to 4,096 points on SQLite, for any number on
/// PostgreSQL.
///
/// Errors when there is no such purpose.
pub async fn may(
    space: &Space,
    reader: &mut Reader,
    points: &[ContactPoint],
    channel: Channel,
    purpose: &str,
    audience: Audience,
) -> Result<Vec<Decision>, RecordError> {
    let gate = Gate::open(space, reader).await?;
    let now = space.platform.clock.now();
    gate.decide(&known(reader, points).await?, channel, purpose, audience, now)
}

/// Whether an actor may look contact points up that no record shows them.
pub async fn check_lookup(space: &Space, access: &Access) -> Result<(), RecordError> {
    let object = space.object("purpose")?;
    access.check(&object, Action::Update)
}

/// Writes statements into the ledger, all or none. Answers for each whether it is new; what the ledger says already is left out.
/// Every user may note a no; a yes is for those who may change purposes.
///
/// Errors when the actor may not, and when a statement does not fit: its place is in the problem's field, as `3.purpose`.
pub async fn record(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    statements: &[Statement],
) -> Result<Vec<bool>, RecordError> {
    let object = space.object("purpose")?;
    let right = if statements.iter().all(|s| s.state.restricts()) { Action::Read } else { Action::Update };
    access.check(&object, right)?;
    let purposes = Purposes::load(space, &mut space.store.read().await?).await?;
    let problems: Vec<Problem> = statements
        .iter()
        .enumerate()
        .filter_map(|(i, s)| s.check(&purposes, ctx.now).err().map(|p| (i, p)))
        .map(|(i, problem)| match statements.len() {
            1 => problem,
            _ => Problem { field: format!("{i}.{}", problem.field), ..problem },
        })
        .collect();
    if !problems.is_empty() {
        return Err(model::Problems(problems).into());
    }
    let lines: Vec<ConsentLine> =
        statements.iter().map(|s| s.line(ctx.now, ctx.via.as_str(), ctx.user()).stored(&s.point)).collect();
    let seen = actions(statements, ctx.now);
    Ok(space
        .store
        .write(move |w| {
            Box::pin(async move {
                let fresh = w.put_consents(&lines).await?;
                w.touch_points(&seen).await?;
                Ok::<_, store::StoreError>(fresh)
            })
        })
        .await?)
}

/// What the persons themselves did: whoever says yes was there.
pub(super) fn actions(statements: &[Statement], now: Timestamp) -> HashMap<String, Timestamp> {
    let mut seen: HashMap<String, Timestamp> = HashMap::new();
    for statement in statements.iter().filter(|s| s.proof.by == "person" && !s.state.restricts()) {
        let at = statement.at.unwrap_or(now).min(now);
        let last = seen.entry(statement.point.key().to_owned()).or_insert(at);
        *last = at.max(*last);
    }
    seen
}

impl Statement {
    /// What a statement needs: a yes is specific (RGPD, article 4.11).
    pub(super) fn check(&self, purposes: &Purposes, now: Timestamp) -> Result<(), Problem> {
        if let Some(key) = &self.purpose
            && purposes.get(key).is_none()
        {
            return Err(Problem::new("purpose", "consent-purpose-unknown").text("value", key));
        }
        if let Some(channel) = self.channel
            && !self.point.kind().channels().contains(&channel)
        {
            return Err(Problem::new("channel", "consent-channel").text("value", channel.as_str()));
        }
        if self.at.is_some_and(|at| at > now) {
            return Err(Problem::new("at", "consent-future"));
        }
        if self.state.restricts() {
            return if self.expires_at.is_some() {
                Err(Problem::new("expires_at", "consent-no-lasts"))
            } else {
                Ok(())
            };
        }
        if self.channel.is_none() {
            return Err(Problem::new("channel", "required"));
        }
        if self.purpose.is_none() {
            return Err(Problem::new("purpose", "required"));
        }
        if self.expires_at.is_some_and(|end| end <= self.at.unwrap_or(now)) {
            return Err(Problem::new("expires_at", "consent-expires"));
        }
        Ok(())
    }

    /// Keeps it in the transaction of what it follows from.
    pub(crate) async fn keep(&self, cx: &mut Cx<'_>) -> Result<(), RecordError> {
        let line = self.line(cx.ctx.now, cx.ctx.via.as_str(), cx.ctx.user()).stored(&self.point);
        cx.writer.put_consents(&[line]).await?;
        Ok(())
    }

    pub(super) fn line(&self, now: Timestamp, via: &str, actor: Option<Id>) -> Line {
        Line {
            seq: 0,
            channel: self.channel,
            purpose: self.purpose.clone(),
            state: self.state,
            basis: self.basis.or((!self.state.restricts()).then_some(Basis::Consent)),
            proof: self.proof.clone().cut(),
            source: self.source,
            at: self.at.unwrap_or(now),
            received_at: now,
            expires_at: self.expires_at,
            via: via.to_owned(),
            actor,
        }
    }
}
