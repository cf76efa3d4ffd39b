use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use customers::consent::{Channel, Gate, known};
use customers::person::{self, Form as Kind, held};
use kernel::Locale;
use model::Problem;
use records::RecordError;

use super::{SESSION, entered, poster, secret};
use crate::failure::Answer;
use crate::form::PostedByAnyone;
use crate::frame;
use crate::visit::{Anyone, LANGUAGE};

/// A language is remembered for a year.
const YEAR: u32 = 365 * 24 * 3600;

/// `GET /me/language/{language}`
pub(crate) async fn speak(visit: Anyone, Path(language): Path<String>) -> Answer {
    let mut response = frame::go(&visit, "/me");
    if let Some(locale) = Locale::parse(&language)
        && let Ok(cookie) = visit.set_cookie(LANGUAGE, locale.as_str(), Some(YEAR)).parse()
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /me/correct`
pub(crate) async fn correct(headers: HeaderMap, form: PostedByAnyone) -> Answer {
    let who = poster(&form, &headers).await?;
    let (attribute, value) = (form.pairs.text("attribute"), form.pairs.text("value"));
    person::correct(&form.space, &form.ctx, &who, attribute, value).await?;
    Ok(frame::go_saying(&form, "/me", "saved", None))
}

/// `POST /me/consent`: only for the contact point that the link proves.
pub(crate) async fn consent(headers: HeaderMap, form: PostedByAnyone) -> Answer {
    let who = poster(&form, &headers).await?;
    let name = form.pairs.text("channel");
    let channel = Channel::parse(name).ok_or_else(|| RecordError::unknown("channel", name))?;
    let key = form.pairs.text("purpose");
    let gate = Gate::open(&form.space, &mut form.space.store.read().await?).await?;
    let purpose = gate.purposes.get(key).ok_or_else(|| RecordError::unknown("purpose", key))?;
    let yes = form.pairs.text("answer") == "yes";
    // The words that stood beside the button.
    let said = form.word(if yes { "me-say-yes" } else { "me-say-no" });
    let wording =
        format!("{} · {} · {said}", purpose.name(form.ctx.locale), form.word(&format!("consent-channel-{name}")));
    person::answer_consent(&form.space, &form.ctx, &who, (channel, key), yes, &wording, &form.agent.1).await?;
    Ok(frame::go_saying(&form, "/me", "saved", None))
}

/// `POST /me/object`
pub(crate) async fn object(headers: HeaderMap, form: PostedByAnyone) -> Answer {
    let who = poster(&form, &headers).await?;
    person::object_to_all(&form.space, &form.ctx, &who, &form.agent.1).await?;
    Ok(frame::go_saying(&form, "/me", "saved", None))
}

/// `POST /me/ask`
pub(crate) async fn ask(headers: HeaderMap, form: PostedByAnyone) -> Answer {
    let who = poster(&form, &headers).await?;
    let right = form.pairs.text("right");
    if !["erasure", "rectification"].contains(&right) {
        return Err(Problem::new("right", "required").into());
    }
    person::ask(&form.space, &form.ctx, &who, right, form.pairs.text("wish")).await?;
    Ok(frame::go_saying(&form, "/me", "asked", None))
}

/// `POST /me/leave`
pub(crate) async fn leave(headers: HeaderMap, form: PostedByAnyone) -> Answer {
    person::leave(&form.space, secret(&headers)).await?;
    let mut response = frame::go(&form, "/me");
    if let Ok(cookie) = form.set_cookie(SESSION, "", Some(0)).parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /me/export/{form}`
pub(crate) async fn download(visit: Anyone, headers: HeaderMap, Path(form): Path<String>) -> Answer {
    let who = entered(&visit, &headers).await?.ok_or_else(|| RecordError::unknown("page", "me"))?;
    let kind = Kind::parse(&form).ok_or_else(|| RecordError::unknown("page", &form))?;
    let held = held(&visit.space, &visit.ctx, who.profile).await?;
    let consents = known(&mut visit.space.store.read().await?, std::slice::from_ref(&who.point)).await?;
    let text = person::export(&visit.space, &visit.ctx, &held, &consents, kind);
    let name = HeaderValue::from_str(&format!("attachment; filename=\"me.{form}\""))
        .map_err(|_| RecordError::unknown("page", &form))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind.media())), (header::CONTENT_DISPOSITION, name)], text)
        .into_response())
}
