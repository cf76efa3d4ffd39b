//! Keys to the API, of one's own.

use axum::extract::Path;
use jiff::SignedDuration;
use kernel::Id;
use maud::html;
use model::Problem;
use records::RecordError;

use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame;
use crate::settings::{below, table};
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

fn form(visit: &Visit, pairs: &Pairs, problems: &[Problem]) -> maud::Markup {
    let scopes = [("read".to_owned(), visit.word("token-read")), ("write".to_owned(), visit.word("token-write"))];
    let days = ["30", "90", "365", "0"].map(|d| (d.to_owned(), visit.word(&format!("token-days-{d}"))));
    Simple::new(visit, "/settings/tokens", pairs, problems)
        .text("name", "token-name", true)
        .choice("scope", "token-scope", &scopes, None)
        .choice("days", "token-days", &days, None)
        .draw("create")
}

/// `GET /settings/tokens`
pub(crate) async fn list(visit: Signed) -> Answer {
    let tokens = visit.space.store.read().await?.tokens(visit.me()).await.map_err(RecordError::from)?;
    let view = visit.view();
    let time =
        |at: Option<kernel::Timestamp>| at.map(|at| visit.format().date_time(at, &visit.ctx.zone)).unwrap_or_default();
    let rows: Vec<Vec<maud::Markup>> = tokens
        .iter()
        .filter(|t| t.revoked_at.is_none())
        .map(|t| {
            let revoke = ui::Action {
                label: visit.word("revoke"),
                href: format!("/settings/tokens/{}/revoke", t.id.typed("tok")),
                method: ui::Method::Post,
                kind: ui::ActionKind::Danger,
                ..ui::Action::default()
            };
            vec![
                html! { (t.name) },
                html! { (t.scopes.join(", ")) },
                html! { (time(Some(t.created_at))) },
                html! { (time(t.used_at)) },
                html! { (time(t.expires_at)) },
                html! { (ui::action(&view, &revoke)) },
            ]
        })
        .collect();
    let heads =
        ["token-name", "token-scope", "token-created", "token-used", "token-expires", "revoke"].map(|k| visit.word(k));
    let title = visit.word("settings-tokens");
    let body = html! {
        (ui::panel(&visit.word("token-new"), Some(&visit.word("settings-tokens-hint")), form(&visit, &Pairs::default(), &[])))
        @if !rows.is_empty() { (table(&title, &heads, &rows)) }
    };
    Ok(frame::page(&visit, below(&visit, title.clone()), ui::page_body(body)))
}

/// `POST /settings/tokens`: makes a key and shows it once.
pub(crate) async fn create(posted: Posted) -> Answer {
    let me = posted.me().ok_or(RecordError::Unauthenticated)?;
    let days: i64 = posted.pairs.text("days").parse().unwrap_or(90);
    let ends = (days > 0).then(|| posted.ctx.now + SignedDuration::from_hours(24 * days.min(3_650)));
    let scopes = vec![posted.pairs.text("scope").to_owned()];
    match posted.space.new_token(&posted.ctx, me, posted.pairs.text("name"), scopes, ends).await {
        Ok((token, secret)) => {
            let body = html! {
                p { (posted.word("token-once")) }
                (ui::code_block(&posted.view(), &secret.text))
                p { a.button data-kind="secondary" href="/settings/tokens" { (posted.word("settings-tokens")) } }
            };
            // The form is replaced by the key, so that it is seen exactly once.
            Ok(if posted.htmx {
                axum::response::IntoResponse::into_response(ui::panel(&token.name, None, body))
            } else {
                frame::page(&posted, below(&posted, token.name), ui::page_body(body))
            })
        }
        Err(error) => Ok(frame::refused(form(&posted, &posted.pairs, &problems_of(error)?))),
    }
}

/// `POST /settings/tokens/{id}/revoke`
pub(crate) async fn revoke(Path(id): Path<String>, posted: Posted) -> Answer {
    let unknown = || RecordError::unknown("token", &id);
    let token = Id::parse(&id, "tok").map_err(|_| unknown())?;
    let own = posted.space.store.read().await?.tokens(posted.me()).await.map_err(RecordError::from)?;
    if !own.iter().any(|t| t.id == token) {
        return Err(unknown().into());
    }
    posted.space.revoke_token(&posted.ctx, token).await?;
    Ok(frame::go_saying(&posted, "/settings/tokens", "revoked", None))
}
