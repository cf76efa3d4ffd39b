//! What must be there before a request goes on, and what follows from it.

use kernel::civil::Date;
use model::{Field, Problem};
use records::{Cx, Draft, RecordError};
use store::BoxFuture;

use super::deadline::due_of;
use super::{
    ANSWER, CLOSED_ON, DEADLINE, DUE_ON, Deadline, EXTENDED, EXTENDED_ON, EXTENSION_REASON, IDENTITY,
    IDENTITY_ASKED_ON, IDENTITY_PROVEN_ON, KIND, NUMBER, PAUSED_DAYS, PROOF, PROOF_FILES, RECEIVED_ON, REFUSAL, STATE,
    due_on,
};
use crate::consent::{ContactPoint, PointKind, Proof, State, Statement};

/// From which state a request may go where.
const STEPS: [(&str, &[&str]); 5] = [
    ("received", &["identity_check", "in_progress", "refused"]),
    ("identity_check", &["in_progress", "refused"]),
    ("in_progress", &["identity_check", "answered", "refused"]),
    ("answered", &[]),
    // After a complaint.
    ("refused", &["in_progress"]),
];

/// Before a request is kept: only the steps there are, each with what it needs; dates and time limit follow.
pub(crate) fn check(draft: &mut Draft, today: Date) -> Result<(), RecordError> {
    let (was, is) = (draft.was(STATE), draft.get(STATE).unwrap_or_default());
    let allowed = match was.as_deref() {
        None => is == "received",
        Some(was) if was == is => true,
        Some(was) => STEPS.iter().any(|(from, to)| *from == was && to.contains(&is.as_str())),
    };
    if !allowed {
        draft.refuse(STATE, "right-step");
        return Ok(());
    }
    if draft.get(RECEIVED_ON).is_some_and(|day| day > today) {
        draft.refuse(RECEIVED_ON, "right-future");
    }
    if was.as_deref() == Some("answered") && [KIND.name(), RECEIVED_ON.name()].iter().any(|f| stays(draft, f)) {
        draft.refuse(STATE, "right-closed");
    }
    let moved = was.as_deref() != Some(is.as_str());
    match is.as_str() {
        "identity_check" if moved => {
            default(draft, IDENTITY_ASKED_ON, today);
            draft.set(IDENTITY_PROVEN_ON, None);
        }
        "in_progress" if moved => {
            needs(draft, IDENTITY.name(), "right-identity");
            if draft.get(IDENTITY_ASKED_ON).is_some() {
                default(draft, IDENTITY_PROVEN_ON, today);
            }
        }
        "answered" => {
            needs(draft, ANSWER.name(), "right-answer");
            if draft.get(PROOF_FILES).is_none() {
                needs(draft, PROOF.name(), "right-proof");
            }
        }
        "refused" => needs(draft, REFUSAL.name(), "right-refusal"),
        _ => {}
    }
    extend(draft, today);
    let closed = matches!(is.as_str(), "answered" | "refused");
    match (closed, draft.get(CLOSED_ON)) {
        (true, None) => draft.set(CLOSED_ON, today),
        (false, Some(_)) => draft.set(CLOSED_ON, None),
        _ => {}
    }
    let asked = draft.get(IDENTITY_ASKED_ON).zip(draft.get(IDENTITY_PROVEN_ON));
    let paused = asked.map_or(0, |(from, to)| i64::from((to - from).get_days()).max(0));
    draft.set(PAUSED_DAYS, Some(paused).filter(|days| *days > 0));
    draft.set(DUE_ON, due_of(&draft.record));
    draft.set(DEADLINE, Deadline::of(&draft.record, today).as_str().to_owned());
    Ok(())
}

/// Two more months, told with their reason within the first one.
fn extend(draft: &mut Draft, today: Date) {
    if draft.get(EXTENDED) != Some(true) {
        return draft.set(EXTENDED_ON, None);
    }
    needs(draft, EXTENSION_REASON.name(), "right-extension");
    if draft.was(EXTENDED) != Some(true) {
        let received = draft.get(RECEIVED_ON).unwrap_or(today);
        if today > due_on(received, false, draft.get(PAUSED_DAYS).unwrap_or(0)) {
            draft.refuse(EXTENDED, "right-extension-late");
        }
        draft.set(EXTENDED_ON, today);
    }
}

fn stays(draft: &Draft, field: &str) -> bool {
    draft.old.as_ref().is_some_and(|old| old.value(field) != draft.record.value(field))
}

fn default(draft: &mut Draft, field: Field<Date>, today: Date) {
    if draft.get(field).is_none() {
        draft.set(field, today);
    }
}

fn needs(draft: &mut Draft, field: &'static str, key: &str) {
    if draft.record.value(field).as_text().is_none_or(|text| text.trim().is_empty()) {
        draft.problems.push(Problem::new(field, key));
    }
}

/// An objection counts from the moment it comes in, not from when it is answered (RGPD, article 21.3): it goes into the ledger of the
/// address at once, in the transaction that keeps the request.
pub(crate) fn object_at_once<'a>(draft: &'a mut Draft, cx: &'a mut Cx<'_>) -> BoxFuture<'a, Result<(), RecordError>> {
    Box::pin(async move {
        if !draft.is_new() || draft.get(KIND).as_deref() != Some("objection") {
            return Ok(());
        }
        let address = draft.get(super::ADDRESS).unwrap_or_default();
        let point = ContactPoint::guess(&address).or_else(|| ContactPoint::new(PointKind::Postal, &address));
        let Some(point) = point else { return Ok(()) };
        let place = draft.get(NUMBER).unwrap_or_default();
        let said = Statement {
            point,
            channel: None,
            purpose: None,
            state: State::Objected,
            basis: None,
            proof: Proof { place, by: "person".to_owned(), ..Proof::default() },
            source: None,
            at: None,
            expires_at: None,
        };
        said.keep(cx).await
    })
}
