//! What the person says: about its data, about being written to, and what it asks for.

use std::sync::Arc;

use kernel::{Ctx, Id, Via};
use model::{Fields, Filter, Ident, Problem, Query, Record, Value, system};
use records::{Access, Cx, Op, RecordError, Space};

use super::Entered;
use super::held::points_of;
use crate::consent::{Channel, Proof, State, Statement, record};
use crate::identity::{Linkers, Sources, lock};
use crate::profile::{NAME, correct as say, view};
use crate::right::{ADDRESS, KIND, PROFILE, STATE};

/// What a person may set right at once. Addresses by which people are reached and told apart are changed by somebody who checks that they
/// are the person's: that is asked for with a rectification.
pub const CORRECTABLE: [&str; 12] = [
    "first_name",
    "last_name",
    "full_name",
    "birth_date",
    "street_number",
    "street",
    "address_line",
    "postcode",
    "city",
    "country",
    "organisation",
    "job_title",
];

/// Most characters of a value.
const VALUE: usize = 255;
/// Most characters of a wish.
const WISH: usize = 4_000;

/// The source of what people say about themselves. It is believed before every other one, and never compared: else whoever has a link could
/// take another person's name and address, be taken for that person, and read what is held about it.
pub(crate) fn person_id() -> Id {
    Id::named("source of what people say about themselves")
}

/// The product's own context for what a person does.
fn own(space: &Space, ctx: &Ctx) -> Ctx {
    Ctx { via: Via::Web, now: ctx.now, locale: ctx.locale, request: ctx.request, ..space.system_ctx() }
}

/// Keeps what a person says of an attribute as a record of its own; with an empty value, nothing any more.
///
/// Errors when the attribute is not among [`CORRECTABLE`] and when the value is too long.
pub async fn correct(
    space: &Arc<Space>,
    ctx: &Ctx,
    who: &Entered,
    attribute: &str,
    value: &str,
) -> Result<(), RecordError> {
    if !CORRECTABLE.contains(&attribute) {
        return Err(Problem::new("attribute", "profile-attribute-unknown").text("value", attribute).into());
    }
    if value.chars().count() > VALUE {
        return Err(Problem::new("value", "too-long").number("max", VALUE as i64).into());
    }
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let (profile, attribute, value) = (who.profile, attribute.to_owned(), value.to_owned());
    space
        .transact(&own(space, ctx), move |cx| {
            Box::pin(async move {
                lock(cx).await?;
                let source = source(cx).await?;
                say(cx, &linkers, &sources, source, profile, &attribute, vec![value]).await
            })
        })
        .await
}

/// The source, made when it is first needed.
async fn source(cx: &mut Cx<'_>) -> Result<Id, RecordError> {
    let id = person_id();
    if cx.get("source", id).await?.is_none() {
        let fields = Fields::from_iter([
            (Ident::of(system::ID), Value::Id(id)),
            (Ident::of("name"), Value::from("person")),
            (Ident::of("kind"), Value::from("form")),
            (Ident::of("trust"), Value::Int(1)),
            (Ident::of("legal_basis"), Value::from("legal_obligation")),
        ]);
        cx.write("source", vec![Op::Create(fields)]).await?;
    }
    Ok(id)
}

/// Keeps the person's yes or no for the contact point that is proven. `wording` are the words that it was shown, `from` the address on the
/// internet.
///
/// Errors when the channel does not reach the point or there is no such purpose.
pub async fn answer_consent(
    space: &Arc<Space>,
    ctx: &Ctx,
    who: &Entered,
    (channel, purpose): (Channel, &str),
    yes: bool,
    wording: &str,
    from: &str,
) -> Result<(), RecordError> {
    let statement = Statement {
        point: who.point.clone(),
        channel: Some(channel),
        purpose: Some(purpose.to_owned()),
        state: if yes { State::Granted } else { State::Withdrawn },
        basis: None,
        proof: proof(wording, from),
        source: None,
        at: None,
        expires_at: None,
    };
    record(space, &own(space, ctx), &Access::everything(), &[statement]).await.map(drop)
}

fn proof(wording: &str, from: &str) -> Proof {
    Proof {
        wording: wording.to_owned(),
        place: "/me".to_owned(),
        address: from.to_owned(),
        by: "person".to_owned(),
        ..Proof::default()
    }
}

/// The person objects to all marketing: at every contact point of its profile, since a no needs no proof (RGPD, article 21.2 and 21.3).
pub async fn object_to_all(space: &Arc<Space>, ctx: &Ctx, who: &Entered, from: &str) -> Result<(), RecordError> {
    let mut reader = space.store.read().await?;
    let mut points = points_of(&view(space, &Access::everything(), who.profile, &mut reader).await?.golden);
    drop(reader);
    if !points.contains(&who.point) {
        points.push(who.point.clone());
    }
    let objected = |point| Statement {
        point,
        channel: None,
        purpose: None,
        state: State::Objected,
        basis: None,
        proof: proof("", from),
        source: None,
        at: None,
        expires_at: None,
    };
    let statements: Vec<Statement> = points.into_iter().map(objected).collect();
    record(space, &own(space, ctx), &Access::everything(), &statements).await.map(drop)
}

/// Asks for something that people answer: the request is kept with the link as its proof of identity. One that is open already is given
/// back instead of a second one.
///
/// Errors when there is no such right.
pub async fn ask(space: &Arc<Space>, ctx: &Ctx, who: &Entered, right: &str, wish: &str) -> Result<Record, RecordError> {
    let profile = who.profile.typed("prf");
    let open = Filter::And(vec![PROFILE.eq(profile.clone()), KIND.eq(right.to_owned())]);
    let query = Query::of(Ident::of("rights_request")).filter(open).limit(50);
    let closed = |request: &Record| matches!(request.get(STATE).as_deref(), Some("answered" | "refused"));
    let system = own(space, ctx);
    if let Some(known) = space.list(&system, &query).await?.records.into_iter().find(|request| !closed(request)) {
        return Ok(known);
    }
    let mut reader = space.store.read().await?;
    let name = view(space, &Access::everything(), who.profile, &mut reader).await?.profile.get(NAME);
    drop(reader);
    let wish: String = wish.trim().chars().take(WISH).collect();
    let mut fields = Fields::from_iter([
        (Ident::of(KIND.name()), Value::from(right)),
        (Ident::of("requester"), Value::Text(name.unwrap_or_else(|| who.point.value().to_owned()))),
        (Ident::of(ADDRESS.name()), Value::from(who.point.value())),
        (Ident::of(PROFILE.name()), Value::Text(profile)),
        (Ident::of("identity"), Value::from("link")),
    ]);
    if !wish.is_empty() {
        fields.set(Ident::of("wish"), Value::Text(wish));
    }
    Ok(space.write_one(&system, &Ident::of("rights_request"), Op::Create(fields)).await?.record)
}
