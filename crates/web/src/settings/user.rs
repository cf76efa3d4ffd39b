//! Invitations: a link with which a user chooses a password.

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use maud::html;
use records::RecordError;

use crate::failure::Answer;
use crate::form::PostedByAdministrator;
use crate::visit::Administrator;
use crate::{frame, record};

/// `GET /settings/users/{id}/invitation`: asks whether to make a link.
pub(crate) async fn ask(visit: Administrator, Path(id): Path<String>) -> Answer {
    let (object, user) = record::named(&visit, "user", &id)?;
    visit.space.get(&visit.ctx, &object.name, user).await?;
    let action = format!("/settings/users/{id}/invitation");
    let view = visit.view();
    let body = html! {
        p { (visit.word("invitation-hint")) }
        form method="post" action=(action) hx-post=(action) hx-target="#overlay" hx-swap="innerHTML" {
            (view.csrf_field())
            div.form-actions { button.button data-kind="primary" data-submit { (visit.word("invitation-make")) } }
        }
    };
    Ok(frame::dialog(&visit, visit.word("invitation"), false, body))
}

/// `POST /settings/users/{id}/invitation`: makes a link and shows it once.
pub(crate) async fn invite(Path(id): Path<String>, headers: HeaderMap, form: PostedByAdministrator) -> Answer {
    let (object, id) = record::named(&form, "user", &id)?;
    form.space.get(&form.ctx, &object.name, id).await?;
    let secret = form.space.new_ticket(&form.ctx, "invite", Some(id)).await?;
    let host =
        headers.get(header::HOST).and_then(|h| h.to_str().ok()).ok_or_else(|| RecordError::unknown("host", ""))?;
    let scheme = if form.https { "https" } else { "http" };
    let link = format!("{scheme}://{host}/invite?ticket={}", secret.text);
    let body = html! {
        p { (form.word("invitation-hint")) }
        (ui::code_block(&form.view(), &link))
    };
    Ok(frame::dialog(&form, form.word("invitation"), false, body))
}
