//! The link at the foot of a message, and the one click of mail programs (RFC 8058).

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use customers::consent::{point_of, unsubscribe as withdraw};
use maud::html;

use super::{button, document};
use crate::failure::Answer;
use crate::visit::{Anyone, visit_of};

/// `GET /unsubscribe/{token}`: asks; programs that follow links change nothing.
pub(crate) async fn unsubscribe(visit: Anyone, Path(token): Path<String>) -> Answer {
    let point = point_of(&visit.space, &token).await?;
    let title = visit.word("unsubscribe-title");
    let body = html! {
        h1 { (title) }
        p { (visit.say("unsubscribe-ask", &[("point", point.value().into())])) }
        (button(&visit, &format!("/unsubscribe/{token}"), &[], &title, "primary"))
    };
    Ok(document(&visit, &title, body).into_response())
}

/// `POST /unsubscribe/{token}`: the token alone is the proof; a mail program has no other.
pub(crate) async fn one_click(Path(token): Path<String>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let visit = visit_of(&parts)?;
    let point = withdraw(&visit.space, &visit.ctx, &token, &visit.agent.1).await?;
    let title = visit.word("unsubscribe-done");
    let text = visit.say("unsubscribe-done-hint", &[("point", point.value().into())]);
    Ok((StatusCode::OK, document(&visit, &title, html! { h1 { (title) } p { (text) } })).into_response())
}
