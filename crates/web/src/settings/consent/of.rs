//! What contact points may be used for: one table a point, never a sum over points.

use axum::extract::Path;
use customers::consent::{Audience, ContactPoint, Decision, Gate, Known, Standing, known};
use maud::{Markup, html};
use model::{FieldDef, FieldType, ObjectDef, Record};
use records::RecordError;
use store::Reader;

use super::{audience_word, channel_word};
use crate::failure::Answer;
use crate::settings::table;
use crate::visit::{Signed, Visit};
use crate::{frame, record};

/// `GET /o/{object}/{id}/consents`: what the addresses of a record may be used for.
pub(crate) async fn of_record(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    let mut reader = visit.space.store.read().await?;
    let found = visit.space.get_as(&visit.access, &object.name, id, &mut reader).await?;
    let points: Vec<ContactPoint> = object
        .fields
        .iter()
        .filter(|field| visit.access.reads(&object, &field.name))
        .flat_map(|field| points_in(field, &found))
        .collect();
    let body = match points.as_slice() {
        [] => html! { p { (visit.word("consent-no-point")) } },
        points => consents_of(&visit, &mut reader, points).await?,
    };
    Ok(frame::dialog(&visit, visit.word("settings-consents"), true, body))
}

/// Whether records of an object can have contact points.
pub(crate) fn has_points(object: &ObjectDef) -> bool {
    object.fields.iter().any(|field| matches!(field.kind, FieldType::Emails | FieldType::Phones))
}

fn points_in(field: &FieldDef, record: &Record) -> Vec<ContactPoint> {
    match field.kind {
        FieldType::Emails | FieldType::Phones | FieldType::Address => {
            let phones = matches!(field.kind, FieldType::Phones);
            ContactPoint::of_value(record.value(field.name.as_str()), phones)
        }
        _ => Vec::new(),
    }
}

/// What the points of a record or a profile may be used for, one panel a point; four statements. The caller has seen to it that the reader
/// may see the points.
pub(crate) async fn consents_of(
    visit: &Visit,
    reader: &mut Reader,
    points: &[ContactPoint],
) -> Result<Markup, RecordError> {
    let gate = Gate::open(&visit.space, reader).await?;
    let known = known(reader, points).await?;
    Ok(html! { @for each in &known { (ui::panel(each.point.value(), None, by_audience(visit, &gate, each, false))) } })
}

/// The decisions for private persons, then those for people at work.
pub(super) fn by_audience(visit: &Visit, gate: &Gate, known: &Known, because: bool) -> Markup {
    html! { @for audience in [Audience::Consumer, Audience::Professional] {
        h3 { (audience_word(visit, audience)) }
        (matrix(visit, gate, known, audience, because))
    } }
}

/// Purposes by channels, each with its decision; `because` adds the reasons.
fn matrix(visit: &Visit, gate: &Gate, known: &Known, audience: Audience, because: bool) -> Markup {
    let channels = known.point.kind().channels();
    let purposes: Vec<_> = gate
        .purposes
        .sorted()
        .into_iter()
        .filter(|p| p.active && (audience == Audience::Consumer || p.job_related))
        .collect();
    let rows: Vec<Vec<Markup>> = purposes
        .iter()
        .map(|purpose| {
            let name = html! { (purpose.name(visit.ctx.locale)) };
            let cells = channels.iter().map(|channel| {
                let one = std::slice::from_ref(known);
                let decided = gate.decide(one, *channel, &purpose.key, audience, visit.ctx.now);
                let decision = decided.ok().and_then(|mut all| all.pop());
                html! { @if let Some(decision) = decision { (answer(visit, &decision, because)) } }
            });
            std::iter::once(name).chain(cells).collect()
        })
        .collect();
    let heads: Vec<String> = std::iter::once(visit.word("consent-purpose"))
        .chain(channels.iter().map(|channel| channel_word(visit, Some(*channel))))
        .collect();
    table(&visit.word("consent-decisions"), &heads, &rows)
}

fn answer(visit: &Visit, decision: &Decision, because: bool) -> Markup {
    let (word, hue) = match (decision.allowed, decision.standing) {
        (true, _) => ("consent-yes", ui::Hue::Green),
        (false, Standing::Refused(_)) => ("consent-no", ui::Hue::Red),
        (false, Standing::Expired) => ("consent-expired", ui::Hue::Amber),
        (false, _) => ("consent-unasked", ui::Hue::Gray),
    };
    let until = decision.until.map(|at| visit.format().date(at.to_zoned(visit.ctx.zone.clone()).date()));
    html! {
        (ui::tag(&ui::Tag::new(visit.word(word), hue)))
        @if let Some(until) = &until { " " span.muted { (visit.say("consent-until", &[("day", until.into())])) } }
        @if because { @for reason in &decision.because {
            p.muted {
                (visit.word(&format!("consent-why-{}", reason.why.as_str())))
                @if let Some(law) = &reason.law { " — " (law) }
            }
        } }
    }
}
