use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use customers::consent::{Audience, ContactPoint, Gate, PointKind, known};
use customers::person::{CORRECTABLE, Entered, Held, Told, Viewer, Withheld, enter, held};
use customers::profile::NAME;
use kernel::{Id, Timestamp};
use maud::{Markup, html};
use model::{ObjectDef, Record, Value};
use records::RecordError;

use super::{HALF_HOUR, SESSION, button, document, entered};
use crate::customer::aside::details;
use crate::customer::segment::memberships;
use crate::customer::values::with_state;
use crate::failure::Answer;
use crate::names::{Names, Wanted};
use crate::settings::table;
use crate::visit::{Anyone, Visit};
use crate::{frame, label, show as draw};

/// Events shown; the file has all that are given out.
const EVENTS: usize = 100;

/// `GET /me/l/{secret}`: opens a link.
pub(crate) async fn open(visit: Anyone, Path(secret): Path<String>) -> Answer {
    let Some(session) = enter(&visit.space, &visit.ctx, &secret).await? else {
        return Ok((StatusCode::NOT_FOUND, nobody(&visit, "me-dead-link")).into_response());
    };
    let mut response = frame::go(&visit, "/me");
    if let Ok(cookie) = visit.set_cookie(SESSION, &session.text, Some(HALF_HOUR)).parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /me`
pub(crate) async fn show(visit: Anyone, headers: HeaderMap) -> Answer {
    match entered(&visit, &headers).await? {
        Some(who) => match held(&visit.space, &visit.ctx, who.profile).await {
            Ok(held) => Ok(whole(&visit, &who, &held).await?.into_response()),
            // Erased while the page was open.
            Err(RecordError::NotFound { .. }) => Ok(nobody(&visit, "me-nothing-held").into_response()),
            Err(error) => Err(error.into()),
        },
        None => Ok(nobody(&visit, "me-how").into_response()),
    }
}

/// What somebody without a session reads: how to get a link.
fn nobody(visit: &Visit, key: &str) -> Markup {
    let title = visit.word("me-title");
    document(visit, &title, html! { (languages(visit)) h1 { (title) } p { (visit.word(key)) } })
}

fn languages(visit: &Visit) -> Markup {
    let other = if visit.ctx.locale == kernel::Locale::Fr { ("en", "English") } else { ("fr", "Français") };
    html! { nav { a href=(format!("/me/language/{}", other.0)) hreflang=(other.0) lang=(other.0) { (other.1) } } }
}

async fn whole(visit: &Visit, who: &Entered, held: &Held) -> Result<Markup, RecordError> {
    let title = visit.word("me-title");
    let name = held.view.profile.get(NAME).unwrap_or_default();
    let content = html! {
        (languages(visit))
        h1 { (title) }
        p { (visit.say("me-intro", &[("name", (&name).into()), ("point", who.point.value().into())])) }
        (part(visit, "me-values", values(visit, held)))
        (part(visit, "me-consents", consents(visit, who, held).await?))
        (part(visit, "me-records", records(visit, held).await?))
        (part(visit, "me-events", events(visit, held)))
        (part(visit, "me-evaluation", evaluation(visit, held)))
        (part(visit, "me-segments", segments(visit, held)?))
        (part(visit, "me-seen", seen(visit, &held.viewers)))
        (part(visit, "me-messages", html! { p { (visit.word("me-no-messages")) } }))
        (part(visit, "me-withheld", withheld(visit, held)))
        (part(visit, "me-take", take(visit)))
        (part(visit, "me-ask", ask(visit)))
        (button(visit, "/me/leave", &[], &visit.word("me-leave"), "secondary"))
    };
    Ok(document(visit, &title, content))
}

fn part(visit: &Visit, key: &str, body: Markup) -> Markup {
    ui::panel(&visit.word(key), Some(&visit.word(&format!("{key}-hint"))), body)
}

fn day(visit: &Visit, at: Timestamp) -> String {
    visit.format().date(at.to_zoned(visit.ctx.zone.clone()).date())
}

fn source(visit: &Visit, told: Option<&Told>) -> Markup {
    let Some(told) = told else { return html! {} };
    if told.own {
        return html! { (visit.word("me-you-said")) };
    }
    let name = if told.name == customers::profile::STEWARD { visit.word("me-by-hand") } else { told.name.clone() };
    html! {
        (name)
        @if !told.purpose.is_empty() { br; span.muted { (told.purpose) } }
        @if !told.legal_basis.is_empty() {
            br; span.muted { (visit.word(&format!("source.legal_basis-{}", told.legal_basis))) }
        }
    }
}

fn values(visit: &Visit, held: &Held) -> Markup {
    let rows: Vec<Vec<Markup>> = (held.view.golden.0.iter())
        .flat_map(|chosen| chosen.candidates.iter().enumerate().map(move |(place, value)| (chosen.attribute, place, value)))
        .map(|(attribute, place, value)| {
            let correctable = place == 0 && CORRECTABLE.contains(&attribute);
            vec![
                html! { (visit.word(&format!("me-attribute-{attribute}"))) },
                html! {
                    (with_state(visit, attribute, value))
                    @if correctable { details { summary { (visit.word("me-correct")) } (correction(visit, attribute, &value.value)) } }
                },
                source(visit, held.sources.get(&value.source)),
                html! { (day(visit, value.at)) },
            ]
        })
        .collect();
    let heads = ["me-what", "me-value", "me-source", "me-since"].map(|key| visit.word(key));
    html! {
        (table(&visit.word("me-values"), &heads, &rows))
        p.muted { (visit.word("me-addresses-by-request")) }
    }
}

fn correction(visit: &Visit, attribute: &str, value: &str) -> Markup {
    html! {
        form method="post" action="/me/correct" {
            input type="hidden" name="_csrf" value=(visit.csrf);
            input type="hidden" name="attribute" value=(attribute);
            input.input type="text" name="value" value=(value) maxlength="255" aria-label=(visit.word(&format!("me-attribute-{attribute}")));
            " " button.button type="submit" data-kind="secondary" { (visit.word("save")) }
        }
    }
}

/// An address that is not proven: enough to be known again, not enough to be learnt.
fn masked(point: &ContactPoint) -> String {
    let value = point.value();
    match point.kind() {
        PointKind::Email => {
            let (local, domain) = value.split_once('@').unwrap_or((value, ""));
            format!("{}•••@{domain}", local.chars().take(1).collect::<String>())
        }
        _ => format!("••••{}", value.chars().skip(value.chars().count().saturating_sub(2)).collect::<String>()),
    }
}

async fn consents(visit: &Visit, who: &Entered, held: &Held) -> Result<Markup, RecordError> {
    let mut reader = visit.space.store.read().await?;
    let gate = Gate::open(&visit.space, &mut reader).await?;
    let own = known(&mut reader, std::slice::from_ref(&who.point)).await?;
    drop(reader);
    let mut rows = Vec::new();
    for purpose in gate.purposes.sorted().into_iter().filter(|purpose| purpose.active && purpose.is_refusable()) {
        for channel in who.point.kind().channels() {
            let audience = Audience::Consumer;
            let decided = gate.decide(&own, *channel, &purpose.key, audience, visit.ctx.now)?;
            let allowed = decided.first().is_some_and(|decision| decision.allowed);
            let (word, hue) = if allowed { ("consent-yes", ui::Hue::Green) } else { ("consent-no", ui::Hue::Red) };
            let hidden = [
                ("channel", channel.as_str()),
                ("purpose", purpose.key.as_str()),
                ("answer", if allowed { "no" } else { "yes" }),
            ];
            let change = visit.word(if allowed { "me-say-no" } else { "me-say-yes" });
            rows.push(vec![
                html! { (purpose.name(visit.ctx.locale)) },
                html! { (visit.word(&format!("consent-channel-{}", channel.as_str()))) },
                html! { (ui::tag(&ui::Tag::new(visit.word(word), hue))) },
                button(visit, "/me/consent", &hidden, &change, "secondary"),
            ]);
        }
    }
    let heads = ["consent-purpose", "consent-channel", "consent-state", "me-change"].map(|key| visit.word(key));
    let others: Vec<String> = held.points.iter().filter(|point| **point != who.point).map(masked).collect();
    Ok(html! {
        h3 { (who.point.value()) }
        (table(&visit.word("me-consents"), &heads, &rows))
        @if !others.is_empty() { p.muted { (visit.say("me-other-points", &[("points", (&others.join(", ")).into())])) } }
        (button(visit, "/me/object", &[], &visit.word("me-object"), "danger"))
    })
}

async fn records(visit: &Visit, held: &Held) -> Result<Markup, RecordError> {
    let mut wanted = Wanted::default();
    let all: Vec<&(std::sync::Arc<ObjectDef>, Record)> = held.records.iter().chain(&held.activities).collect();
    for (object, record) in &all {
        wanted.record(object, record, object.fields.iter().map(|field| &field.name));
    }
    let mut reader = visit.space.store.read().await?;
    let names = wanted.read(visit, &mut reader).await?;
    drop(reader);
    Ok(html! {
        @if all.is_empty() { p { (visit.word("me-no-records")) } }
        @for (object, record) in all { (one_record(visit, object, record, &names)) }
    })
}

fn withheld(visit: &Visit, held: &Held) -> Markup {
    let ground = |note: &Withheld| match note.field() {
        Some(field) => draw::text(visit, &note.object, field, &Value::Text(note.ground.clone()), &Names::default()),
        None => note.ground.clone(),
    };
    if held.withheld.is_empty() {
        return html! { p { (visit.word("me-nothing-withheld")) } };
    }
    let rows: Vec<Vec<Markup>> = (held.withheld.iter())
        .map(|note| {
            let at = visit.format().date_time(note.at, &visit.ctx.zone);
            vec![html! { (at) }, html! { (label::one(visit, &note.object)) }, html! { (ground(note)) }]
        })
        .collect();
    let heads = ["me-when", "me-what", "me-withheld-ground"].map(|key| visit.word(key));
    html! { p { (visit.word("me-withheld-notes")) } (table(&visit.word("me-withheld"), &heads, &rows)) }
}

fn one_record(visit: &Visit, object: &ObjectDef, record: &Record, names: &Names) -> Markup {
    let rows: Vec<Vec<Markup>> = (object.own_fields())
        .map(|field| (field, record.value(field.name.as_str())))
        .filter(|(_, value)| **value != Value::Null)
        .map(|(field, value)| {
            vec![
                html! { (label::field(visit, object, field)) },
                html! { (draw::text(visit, object, field, value, names)) },
            ]
        })
        .collect();
    let heads = ["me-what", "me-value"].map(|key| visit.word(key));
    html! { h3 { (label::one(visit, object)) } (table(&label::one(visit, object), &heads, &rows)) }
}

fn events(visit: &Visit, held: &Held) -> Markup {
    let name = |source: &Id| held.sources.get(source).map(|told| told.name.clone()).unwrap_or_default();
    let rows: Vec<Vec<Markup>> = (held.events.iter().take(EVENTS))
        .map(|event| {
            vec![
                html! { (visit.format().date_time(event.at, &visit.ctx.zone)) },
                html! {
                    (visit.word(&format!("me-event-{}", event.kind))) " " (event.name.as_deref().unwrap_or_default())
                    details { summary { (visit.word("me-details")) } code { (event.payload) } }
                },
                html! { (name(&event.source)) },
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! { p { (visit.word("me-no-events")) } };
    }
    let heads = ["me-when", "me-what", "me-source"].map(|key| visit.word(key));
    table(&visit.word("me-events"), &heads, &rows)
}

/// How the person is judged, with the reasons.
fn evaluation(visit: &Visit, held: &Held) -> Markup {
    let stage = visit.word(&format!("profile.stage-{}", held.stage));
    let number = |n: i64| visit.format().integer(n);
    html! {
        p { (visit.say("me-stage", &[("stage", (&stage).into())])) }
        @match &held.view.worth {
            Some(worth) => p { (visit.say("me-stage-why", &[
                ("events", worth.events.into()),
                ("orders", worth.orders.into()),
                ("loyal", held.lifecycle.loyal_orders.into()),
                ("days", held.lifecycle.inactive_days.into()),
            ])) },
            None => p { (visit.word("me-stage-none")) },
        }
        @if let Some([recency, frequency, value]) = held.rfm {
            p { (visit.say("me-rfm", &[
                ("recency", (&number(recency.into())).into()),
                ("frequency", (&number(frequency.into())).into()),
                ("value", (&number(value.into())).into()),
            ])) }
        }
        @if let Some(sureness) = held.view.sureness {
            p { (visit.say("me-sureness", &[("share", (&visit.format().percent(sureness * 100.0)).into()), ("records", (held.view.records.len() as i64).into())])) }
        }
        p { (visit.say("me-lineage", &[("steps", (held.view.lineage.len() as i64).into())])) }
        @if !held.view.doubts.is_empty() { p { (visit.say("me-doubts", &[("n", (held.view.doubts.len() as i64).into())])) } }
        @for relation in held.view.relations.iter().filter(|relation| relation.kind == "works_at") {
            @let word = if relation.until.is_none() { "me-works-at" } else { "me-worked-at" };
            p {
                (visit.say(word, &[("name", (&relation.profile.get(NAME).unwrap_or_default()).into())]))
                @let details = details(visit, relation);
                @if !details.is_empty() { " " span.muted { "(" (details.join(" · ")) ")" } }
            }
        }
        @let home = held.view.relations.iter().filter(|relation| relation.kind == "household").count();
        @if home > 0 { p { (visit.say("me-household", &[("n", (home as i64).into())])) } }
    }
}

/// The segments that the person is in, with the reasons.
fn segments(visit: &Visit, held: &Held) -> Result<Markup, RecordError> {
    let profiles = visit.space.object("profile")?;
    Ok(html! {
        @if held.segments.is_empty() { p { (visit.word("me-no-segments")) } }
        (memberships(visit, &profiles, &held.segments, false))
    })
}

fn seen(visit: &Visit, viewers: &[Viewer]) -> Markup {
    let who = |viewer: &Viewer| match (&viewer.name, viewer.roles.first()) {
        (Some(name), _) => name.clone(),
        (None, Some(role)) => visit.word(&format!("me-role-{role}")),
        (None, None) => visit.word("me-role-none"),
    };
    let on = |day: &str| day.parse().map_or_else(|_| day.to_owned(), |day| visit.format().date(day));
    html! {
        @if viewers.is_empty() { p { (visit.word("me-nobody-saw")) } }
        ul { @for viewer in viewers { li { (visit.say("me-viewer", &[("day", (&on(&viewer.day)).into()), ("who", (&who(viewer)).into())])) } } }
    }
}

fn take(visit: &Visit) -> Markup {
    html! { p { @for (form, name) in [("json", "JSON"), ("csv", "CSV"), ("vcf", "vCard")] {
        a.button data-kind="secondary" href=(format!("/me/export/{form}")) download { (name) } " "
    } span.sr-only { (visit.word("me-take")) } } }
}

fn ask(visit: &Visit) -> Markup {
    html! {
        form method="post" action="/me/ask" {
            input type="hidden" name="_csrf" value=(visit.csrf);
            label { (visit.word("me-wish")) br; textarea.input name="wish" rows="3" maxlength="4000" {} }
            p {
                button.button type="submit" name="right" value="rectification" data-kind="secondary" { (visit.word("me-ask-rectification")) } " "
                button.button type="submit" name="right" value="erasure" data-kind="danger" { (visit.word("me-ask-erasure")) }
            }
        }
    }
}
