use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::{HeaderMap, Method, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Ctx, Format, Id, Locale, Via, Zone};
use model::Record;
use records::objects::{USER_LANGUAGE, USER_NAME, USER_ZONE};
use records::{Access, RecordError, Secret, Space, digest};

use crate::failure::Failure;

/// The cookie of a signed-in browser.
pub(crate) const SESSION: &str = "session";
/// The cookie from which forms before the sign-in get their token.
pub(crate) const VISITOR: &str = "visitor";
/// The cookie that remembers light or dark.
pub(crate) const THEME: &str = "theme";
/// The cookie that remembers the language of somebody who is no user.
pub(crate) const LANGUAGE: &str = "language";
/// The cookie that carries one message over a redirect.
pub(crate) const FLASH: &str = "flash";

/// Who asks, and how the answer is to look.
pub(crate) struct Visit {
    pub(crate) space: Arc<Space>,
    pub(crate) ctx: Ctx,
    pub(crate) access: Arc<Access>,
    /// The signed-in user.
    pub(crate) user: Option<Record>,
    /// The hash of the session's secret.
    pub(crate) session: String,
    /// What every form posts back.
    pub(crate) csrf: String,
    pub(crate) theme: ui::Theme,
    /// Asked by a script: a fragment is wanted.
    pub(crate) htmx: bool,
    /// Reached over https: cookies say so.
    pub(crate) https: bool,
    /// The path and query asked for.
    pub(crate) address: String,
    /// The browser's name of itself and its network address.
    pub(crate) agent: (String, String),
    /// A new visitor's secret, which the answer hands out.
    fresh: Option<String>,
    /// The message carried over a redirect: its word's key, and what it can undo.
    pub(crate) flash: Option<(String, Option<Undo>)>,
}

static WORDS: LazyLock<[ui::Words; 2]> = LazyLock::new(|| Locale::ALL.map(|l| ui::Words::shipped(l.as_str())));

impl Visit {
    /// What components need of the reader.
    pub(crate) fn view(&self) -> ui::View<'_> {
        let lang = self.ctx.locale;
        ui::View { words: &WORDS[lang as usize], lang: lang.as_str(), theme: self.theme, csrf: &self.csrf }
    }

    /// A word in the reader's language.
    pub(crate) fn word(&self, key: &str) -> String {
        self.space.platform.words.get(self.ctx.locale, key).into_owned()
    }

    /// A sentence with figures in the reader's language.
    pub(crate) fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, arg)| (*name, arg.fluent())).collect();
        self.space.platform.words.with(self.ctx.locale, key, &args)
    }

    /// How the reader writes numbers and dates.
    pub(crate) fn format(&self) -> Format {
        Format(self.ctx.locale)
    }

    /// The signed-in user's identifier.
    pub(crate) fn me(&self) -> Option<Id> {
        self.ctx.user()
    }

    /// Whether the user administers the workspace.
    pub(crate) fn administers(&self) -> bool {
        self.access.administers().is_ok()
    }

    async fn of(space: Arc<Space>, parts: &Parts) -> Result<Visit, RecordError> {
        let headers = &parts.headers;
        let now = space.platform.clock.now();
        let secret = cookie(headers, SESSION).unwrap_or_default();
        let found = if secret.is_empty() { None } else { space.session(secret, now).await? };
        let (session, user) = found.map_or((None, None), |(s, u)| (Some(s), Some(u)));
        let locale = match &user {
            Some(user) => user.get(USER_LANGUAGE).and_then(|l| Locale::parse(&l)),
            None => (cookie(headers, LANGUAGE).and_then(Locale::parse))
                .or_else(|| text(headers, "accept-language").and_then(Locale::negotiate)),
        };
        let zone = user.as_ref().and_then(|u| u.get(USER_ZONE)).and_then(|z| Zone::get(&z).ok()).unwrap_or(Zone::UTC);
        let ctx = Ctx {
            tenant: Arc::clone(&space.tenant),
            actor: user.as_ref().map_or(Actor::Nobody, |u| Actor::User(u.id())),
            now,
            locale: locale.unwrap_or_default(),
            zone,
            via: Via::Web,
            batch: None,
            request: Id::new(now),
        };
        let access = space.access(&ctx).await?;
        let known = if user.is_some() { Some(secret) } else { cookie(headers, VISITOR) };
        let fresh = known.is_none().then(|| Secret::new("").text);
        let csrf = digest(&format!("{} csrf", known.or(fresh.as_deref()).unwrap_or_default()));
        Ok(Visit {
            ctx,
            access,
            user,
            session: session.map(|s| s.hash).unwrap_or_default(),
            csrf,
            theme: ui::Theme::from_name(cookie(headers, THEME).unwrap_or_default()),
            htmx: headers.contains_key("hx-request"),
            https: text(headers, "x-forwarded-proto") == Some("https"),
            address: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            agent: (text(headers, "user-agent").unwrap_or_default().to_owned(), address(parts)),
            fresh,
            flash: cookie(headers, FLASH).and_then(read_flash),
            space,
        })
    }

    /// A `Set-Cookie` header; without `seconds` the browser forgets the cookie when it closes, and 0 removes it.
    pub(crate) fn set_cookie(&self, name: &str, value: &str, seconds: Option<u32>) -> String {
        let age = seconds.map_or_else(String::new, |s| format!("; Max-Age={s}"));
        let secure = if self.https { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
    }

    /// The user's name.
    pub(crate) fn name(&self) -> String {
        self.user.as_ref().and_then(|u| u.get(USER_NAME)).unwrap_or_default()
    }
}

/// What a message offers to undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undo {
    /// The changes of a batch.
    Batch(Id),
    /// A verdict about who is who.
    Verdict(Id),
}

impl Undo {
    /// As it stands in cookies and addresses.
    pub(crate) fn typed(self) -> String {
        match self {
            Undo::Batch(id) => id.typed("bat"),
            Undo::Verdict(id) => id.typed("vrd"),
        }
    }

    fn parse(text: &str) -> Option<Undo> {
        Id::parse(text, "bat").map(Undo::Batch).or_else(|_| Id::parse(text, "vrd").map(Undo::Verdict)).ok()
    }

    /// Where it is undone.
    pub(crate) fn address(self) -> String {
        match self {
            Undo::Batch(_) => format!("/batch/{}/undo", self.typed()),
            Undo::Verdict(_) => format!("/verdict/{}/undo", self.typed()),
        }
    }
}

/// A figure or a text in a sentence.
pub(crate) enum Arg<'a> {
    Number(i64),
    Text(Cow<'a, str>),
}

impl<'a> Arg<'a> {
    fn fluent(&self) -> fluent_bundle::FluentValue<'_> {
        match self {
            Arg::Number(n) => (*n).into(),
            Arg::Text(text) => text.as_ref().into(),
        }
    }
}

impl From<i64> for Arg<'_> {
    fn from(n: i64) -> Self {
        Arg::Number(n)
    }
}

impl From<u64> for Arg<'_> {
    fn from(n: u64) -> Self {
        Arg::Number(n as i64)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

/// The network address; behind a proxy of the same machine, the one that the proxy tells.
pub(crate) fn address(parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let told = text(&parts.headers, "x-forwarded-for")
        .and_then(|list| list.split(',').next_back())
        .and_then(|t| t.trim().parse().ok());
    let address: Option<IpAddr> = if peer.is_none_or(|ip| ip.is_loopback()) { told.or(peer) } else { peer };
    address.map(|ip| ip.to_string()).unwrap_or_default()
}

fn read_flash(value: &str) -> Option<(String, Option<Undo>)> {
    let (key, undo) = value.split_once(':').unwrap_or((value, ""));
    let plain = !key.is_empty() && key.len() < 40 && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    plain.then(|| (key.to_owned(), Undo::parse(undo)))
}

/// Reads who asks before the handler, draws errors after it, and protects every answer.
pub(crate) async fn edge(request: Request, next: Next) -> Response {
    let Some(space) = request.extensions().get::<Arc<Space>>().cloned() else {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    };
    let (mut parts, body) = request.into_parts();
    let unsafe_method = !is_safe(&parts.method);
    let visit = match Visit::of(space, &parts).await {
        Ok(visit) => Arc::new(visit),
        Err(error) => {
            tracing::error!(%error, "a request could not be started");
            return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    parts.extensions.insert(Arc::clone(&visit));
    if !unsafe_method
        && !visit.htmx
        && crate::customer::decides(&visit)
        && let Err(error) = visit.space.kept::<crate::customer::Waiting>().renew(&visit, false).await
    {
        tracing::warn!(%error, "the pairs that wait could not be counted");
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = crate::failure::answer(&visit, &failure, unsafe_method);
    }
    protect(&visit, &mut response);
    response
}

pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn protect(visit: &Visit, response: &mut Response) {
    let headers = response.headers_mut();
    let set = [
        ("content-security-policy", ui::CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in set {
        headers.entry(name).or_insert(axum::http::HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(axum::http::HeaderValue::from_static("no-store"));
    let mut cookies = Vec::new();
    if let Some(secret) = &visit.fresh {
        cookies.push(visit.set_cookie(VISITOR, secret, None));
    }
    if visit.flash.is_some()
        && headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"))
    {
        cookies.push(visit.set_cookie(FLASH, "", Some(0)));
    }
    for cookie in cookies {
        if let Ok(value) = cookie.parse() {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// Anybody; for pages before the sign-in.
pub(crate) struct Anyone(pub(crate) Arc<Visit>);

/// A signed-in user who reads. Handlers of unsafe methods cannot take it: they take [`crate::form::Posted`], which checks the token.
pub(crate) struct Signed(pub(crate) Arc<Visit>);

/// A signed-in user who reads and administers.
pub(crate) struct Administrator(pub(crate) Arc<Visit>);

impl Deref for Anyone {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Deref for Signed {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Deref for Administrator {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

/// The visit that [`edge`] put into the request.
pub(crate) fn visit_of(parts: &Parts) -> Result<Arc<Visit>, Failure> {
    parts.extensions.get::<Arc<Visit>>().cloned().ok_or_else(|| Failure::from(RecordError::Unauthenticated))
}

fn safe_visit(parts: &Parts) -> Result<Arc<Visit>, Failure> {
    if is_safe(&parts.method) { visit_of(parts) } else { Err(RecordError::forbidden("post", "form").into()) }
}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Anyone, Failure> {
        safe_visit(parts).map(Anyone)
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Signed, Failure> {
        let visit = safe_visit(parts)?;
        if visit.user.is_some() { Ok(Signed(visit)) } else { Err(RecordError::Unauthenticated.into()) }
    }
}

impl<S: Sync> FromRequestParts<S> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Administrator, Failure> {
        let Signed(visit) = Signed::from_request_parts(parts, state).await?;
        visit.access.administers()?;
        Ok(Administrator(visit))
    }
}
