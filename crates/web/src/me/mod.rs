//! The customer's page: somebody who is no user, proven by a link, sees what is held about it and has a say. Works without script.

mod act;
mod page;
mod staff;
mod unsubscribe;

pub(crate) use act::{ask, consent, correct, download, leave, object, speak};
pub(crate) use page::{open, show};
pub(crate) use staff::{answers, erase, erasure, give, gives, take_back};
pub(crate) use unsubscribe::{one_click, unsubscribe};

use axum::http::{HeaderMap, header};
use customers::person::{Entered, session};
use maud::{Markup, html};
use records::RecordError;

use crate::visit::Visit;

/// The cookie of a session; never that of a user.
const SESSION: &str = "me";
/// As long as a session can last.
const HALF_HOUR: u32 = 30 * 60;

/// The session's secret.
fn secret(headers: &HeaderMap) -> &str {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|text| text.split(';')).find_map(|pair| pair.trim().strip_prefix("me=")).unwrap_or_default()
}

/// Whose page it is; nothing without a session.
async fn entered(visit: &Visit, headers: &HeaderMap) -> Result<Option<Entered>, RecordError> {
    session(&visit.space, &visit.ctx, secret(headers)).await
}

/// The person that posts, or nobody who may.
async fn poster(visit: &Visit, headers: &HeaderMap) -> Result<Entered, RecordError> {
    entered(visit, headers).await?.ok_or_else(|| RecordError::unknown("page", "me"))
}

/// A document without the shell: what is around it is for users.
fn document(visit: &Visit, title: &str, content: Markup) -> Markup {
    let view = visit.view();
    let body = html! {
        main #main.person {
            (ui::page_body(html! {
                @if let Some((key, _)) = &visit.flash {
                    (ui::toast(&view, ui::Tone::Success, &visit.word(&format!("toast-{key}")), None))
                }
                (content)
            }))
        }
        (ui::toast_region(&view))
    };
    ui::page(&view, &ui::Page { title: title.to_owned(), body })
}

/// A form of hidden values and one button.
fn button(visit: &Visit, action: &str, hidden: &[(&str, &str)], label: &str, kind: &'static str) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="_csrf" value=(visit.csrf);
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            button.button type="submit" data-kind=(kind) { (label) }
        }
    }
}
