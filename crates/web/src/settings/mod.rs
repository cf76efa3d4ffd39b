//! Settings: what administrators set up, and everybody's own API keys.

pub(crate) mod batch;
pub(crate) mod consent;
pub(crate) mod field;
pub(crate) mod identity;
pub(crate) mod job;
pub(crate) mod object;
pub(crate) mod register;
pub(crate) mod retention;
pub(crate) mod role;
pub(crate) mod source;
pub(crate) mod token;
pub(crate) mod user;

use maud::{Markup, html};

use crate::failure::Answer;
use crate::frame::{self, Frame};
use crate::visit::{Signed, Visit};

/// Who sees a page among the settings.
enum Sees {
    Everybody,
    Administrators,
    /// Those who may decide who is who.
    Stewards,
    /// Those who may read records of this object.
    ReadersOf(&'static str),
}

/// The pages: word, address, icon, who sees it.
const PAGES: [(&str, &str, ui::Icon, Sees); 15] = [
    ("settings-objects", "/settings/objects", ui::Icon::Box, Sees::Administrators),
    ("settings-users", "/o/user", ui::Icon::User, Sees::Administrators),
    ("settings-teams", "/o/team", ui::Icon::Users, Sees::Administrators),
    ("settings-roles", "/settings/roles", ui::Icon::Shield, Sees::Administrators),
    ("settings-sources", "/settings/sources", ui::Icon::Database, Sees::ReadersOf("source")),
    ("settings-identity", "/settings/identity", ui::Icon::Contact, Sees::Stewards),
    ("settings-consents", "/settings/consents", ui::Icon::Handshake, Sees::ReadersOf("rights_request")),
    ("settings-rights", "/o/rights_request", ui::Icon::UserCheck, Sees::ReadersOf("rights_request")),
    ("settings-retention", "/settings/retention", ui::Icon::Archive, Sees::ReadersOf("retention_rule")),
    ("settings-register", "/settings/register", ui::Icon::FileText, Sees::ReadersOf("source")),
    ("settings-webhooks", "/o/webhook", ui::Icon::Webhook, Sees::Administrators),
    ("settings-jobs", "/settings/jobs", ui::Icon::RefreshCw, Sees::Administrators),
    ("settings-batches", "/settings/batches", ui::Icon::Layers, Sees::Everybody),
    ("settings-tokens", "/settings/tokens", ui::Icon::Key, Sees::Everybody),
    ("settings-api", "/api/v1/", ui::Icon::Code, Sees::Everybody),
];

impl Sees {
    fn includes(&self, visit: &Visit) -> bool {
        match self {
            Sees::Everybody => true,
            Sees::Administrators => visit.administers(),
            Sees::Stewards => crate::customer::decides(visit),
            Sees::ReadersOf(object) => {
                visit.space.object(object).is_ok_and(|o| visit.access.check(&o, records::Action::Read).is_ok())
            }
        }
    }
}

/// `GET /settings`
pub(crate) async fn index(visit: Signed) -> Answer {
    let pages = PAGES.iter().filter(|(.., sees)| sees.includes(&visit));
    let body = html! {
        ul.tiles { @for (word, href, icon, _) in pages {
            li.tile {
                span.named { (ui::icon(*icon)) a.value href=(href) { (visit.word(word)) } }
                span.tile-detail { (visit.word(&format!("{word}-hint"))) }
            }
        } }
    };
    let title = visit.view().words.settings.clone();
    Ok(frame::page(&visit, Frame::titled(title).at("/settings"), ui::page_body(body)))
}

/// The frame of a page below the settings.
pub(crate) fn below(visit: &Visit, title: String) -> Frame {
    Frame::titled(title).crumb(visit.view().words.settings.clone(), "/settings").at("/settings")
}

/// A plain table with a heading per column.
pub(crate) fn table(label: &str, heads: &[String], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(label) { table.plain {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr { @for (i, cell) in row.iter().enumerate() {
                @if i == 0 { th scope="row" { (cell) } } @else { td data-head=[heads.get(i)] { (cell) } }
            } } } }
        } }
    }
}
