use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Id;
use maud::{Markup, html};
use model::ObjectDef;
use records::Action;

use crate::visit::{FLASH, Undo, Visit};
use crate::{customer, label};

/// What stands around a page's content.
#[derive(Default)]
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) icon: Option<ui::Icon>,
    pub(crate) crumbs: Vec<ui::Crumb>,
    pub(crate) actions: Vec<ui::Action>,
    /// The address of the sidebar's link to mark.
    pub(crate) current: String,
}

impl Frame {
    /// A frame with nothing but a title.
    pub(crate) fn titled(title: impl Into<String>) -> Frame {
        Frame { title: title.into(), ..Frame::default() }
    }

    /// Adds a step of the way to the page.
    pub(crate) fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Frame {
        self.crumbs.push(ui::Crumb { label: label.into(), href: Some(href.into()) });
        self
    }

    /// Marks a link of the sidebar.
    pub(crate) fn at(mut self, href: impl Into<String>) -> Frame {
        self.current = href.into();
        self
    }
}

/// A page with the shell around it.
pub(crate) fn page(visit: &Visit, frame: Frame, content: Markup) -> Response {
    document(visit, frame, content).into_response()
}

/// A page with what it asked of the database.
pub(crate) fn page_of(visit: &Visit, frame: Frame, content: Markup, statements: u32) -> Response {
    let mut response = page(visit, frame, content);
    response.extensions_mut().insert(Cost { statements });
    response
}

/// What a page cost; in the extensions of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Statements that its parts ran, those of the session not counted.
    pub statements: u32,
}

/// A page with the shell around it, as text.
pub(crate) fn document(visit: &Visit, frame: Frame, content: Markup) -> Markup {
    let view = visit.view();
    let title = format!("{} · {}", frame.title, visit.word("product-name"));
    let content = html! {
        @if let Some((key, undo)) = &visit.flash {
            (ui::toast(&view, ui::Tone::Success, &visit.word(&format!("toast-{key}")), undo.map(Undo::address).as_deref()))
        }
        (content)
    };
    ui::page(&view, &ui::Page { title, body: ui::shell(&view, &shell(visit, frame), content) })
}

/// What opens over the page when asked so, and is a page of its own otherwise.
pub(crate) fn dialog(visit: &Visit, title: String, wide: bool, body: Markup) -> Response {
    if visit.htmx {
        return ui::dialog(&visit.view(), &ui::Dialog { title, body, wide }).into_response();
    }
    page(visit, Frame::titled(title), ui::page_body(body))
}

/// Where a batch is undone.
pub(crate) fn undo_address(batch: Id) -> String {
    Undo::Batch(batch).address()
}

/// Leads to another page: scripts by a header, browsers by a redirect.
pub(crate) fn go(visit: &Visit, target: &str) -> Response {
    let Ok(value) = HeaderValue::from_str(target) else { return StatusCode::SEE_OTHER.into_response() };
    if visit.htmx {
        return ([("hx-redirect", value)], "").into_response();
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

/// Leads to another page, which says what was done and offers to undo it.
pub(crate) fn go_saying(visit: &Visit, target: &str, key: &str, batch: Option<Id>) -> Response {
    saying(visit, go(visit, target), key, batch.map(Undo::Batch))
}

/// Leads to another page, which says what was decided about who is who and offers to take it back.
pub(crate) fn go_deciding(visit: &Visit, target: &str, key: &str, verdict: Id) -> Response {
    saying(visit, go(visit, target), key, Some(Undo::Verdict(verdict)))
}

/// Lets the next page say what was done.
pub(crate) fn saying(visit: &Visit, mut response: Response, key: &str, undo: Option<Undo>) -> Response {
    let value = format!("{key}:{}", undo.map(Undo::typed).unwrap_or_default());
    if let Ok(cookie) = visit.set_cookie(FLASH, &value, Some(60)).parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Says that something was done: a message for scripts, which show the page anew when `refresh`; else the page it came from.
pub(crate) fn done(visit: &Visit, back: &str, key: &str, batch: Option<Id>, refresh: bool) -> Response {
    if !visit.htmx || refresh {
        return go_saying(visit, back, key, batch);
    }
    let undo = batch.map(undo_address);
    let toast = ui::toast(&visit.view(), ui::Tone::Success, &visit.word(&format!("toast-{key}")), undo.as_deref());
    ([("hx-trigger", "close-overlay")], toast).into_response()
}

/// A fragment with a status.
pub(crate) fn refused(content: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, content).into_response()
}

fn shell(visit: &Visit, frame: Frame) -> ui::Shell {
    let item = |label: String, href: &str, icon| ui::NavItem {
        label,
        href: href.to_owned(),
        icon: Some(icon),
        current: frame.current == href,
        ..ui::NavItem::default()
    };
    let home = item(visit.word("home"), "/", ui::Icon::House);
    let groups = groups(visit, &frame.current);
    let mut phone = vec![ui::NavItem { current: frame.current == "/", ..home.clone() }];
    phone.extend(groups.iter().flat_map(|g| &g.items).take(3).map(|i| ui::NavItem { letter: None, ..i.clone() }));
    let entry = |key: &str, href: &str, icon| ui::MenuEntry {
        label: visit.word(key),
        href: href.to_owned(),
        icon: Some(icon),
        ..ui::MenuEntry::default()
    };
    ui::Shell {
        workspace: visit.space.tenant.to_string(),
        home: "/".into(),
        palette: ui::Palette { url: "/search/palette".into(), page: "/search".into() },
        favourites: Vec::new(),
        groups: std::iter::once(ui::NavGroup {
            label: visit.word("overview"),
            items: vec![ui::NavItem { letter: Some('h'), ..home }],
        })
        .chain(groups)
        .collect(),
        phone,
        settings: Some(item(visit.view().words.settings.clone(), "/settings", ui::Icon::Settings)),
        user: ui::Avatar::person(visit.name()),
        user_detail: visit.user.as_ref().and_then(|u| u.get(records::objects::USER_EMAIL)).unwrap_or_default(),
        user_entries: vec![
            entry("my-profile", "/profile", ui::Icon::User),
            entry("sessions", "/profile/sessions", ui::Icon::Monitor),
        ],
        preferences: "/profile/preferences".into(),
        sign_out: "/sign-out".into(),
        languages: vec![("fr".into(), "Français".into()), ("en".into(), "English".into())],
        live: Some("/live".into()),
        notifications: None,
        header: ui::PageHeader {
            crumbs: frame.crumbs,
            title: frame.title,
            icon: frame.icon,
            actions: frame.actions,
            presence: Vec::new(),
        },
    }
}

/// The apps with the objects that the reader may see; what administrators added comes last.
fn groups(visit: &Visit, current: &str) -> Vec<ui::NavGroup> {
    let schema = visit.space.schema();
    let mut letters = vec!['h'];
    let mut item = |object: &ObjectDef| {
        let href = label::list_address(object);
        let label = label::many(visit, object);
        let letter = label.to_lowercase().chars().find(|c| c.is_ascii_lowercase() && !letters.contains(c));
        letters.extend(letter);
        ui::NavItem {
            current: current == href,
            label,
            href,
            icon: Some(label::icon(object)),
            letter,
            ..ui::NavItem::default()
        }
    };
    let seen = |object: &&std::sync::Arc<ObjectDef>| !object.setup && visit.access.check(object, Action::Read).is_ok();
    let mut groups: Vec<ui::NavGroup> = Vec::new();
    for (app, names) in visit.space.platform.apps() {
        let mut items: Vec<_> =
            names.iter().filter_map(|n| schema.object(n.as_str())).filter(seen).map(|o| item(o)).collect();
        let profiles = items.iter().position(|item| item.href == "/o/profile");
        if let Some(at) = profiles.filter(|_| customer::decides(visit)) {
            items.insert(at + 1, review(visit, current));
        }
        if !items.is_empty() {
            groups.push(ui::NavGroup { label: visit.word(&format!("app-{app}")), items });
        }
    }
    let custom: Vec<_> = schema.objects().filter(|o| o.custom).filter(seen).map(|o| item(o)).collect();
    if !custom.is_empty() {
        groups.push(ui::NavGroup { label: visit.word("app-custom"), items: custom });
    }
    groups
}

/// The pairs of records that wait for an answer.
fn review(visit: &Visit, current: &str) -> ui::NavItem {
    let waiting = visit.space.kept::<customer::Waiting>().count();
    ui::NavItem {
        label: visit.word("review-nav"),
        href: "/review".to_owned(),
        icon: Some(ui::Icon::ListChecks),
        current: current == "/review",
        count: (waiting > 0).then(|| customer::Waiting::text(visit, waiting)),
        letter: None,
    }
}
