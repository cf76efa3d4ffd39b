use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use kernel::{Clock, Ctx, Id};
use model::{Fields, Ident, Value};
use records::{App, Op, Platform, Space, objects};
use store::{Place, Store};
use tower::ServiceExt;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that would do harm wherever it is not escaped.
pub const HOSTILE: &str = "\"><script>alert(1)</script>' OR 1=1 --";

/// A tenant with the sales app, its users and some records.
pub struct World {
    pub space: Arc<Space>,
    router: Router,
    _folder: Option<tempfile::TempDir>,
}

/// A browser: it keeps cookies.
pub struct Browser<'a> {
    world: &'a World,
    cookies: Vec<(String, String)>,
    htmx: bool,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// What the page asked of the database.
    pub statements: Option<u32>,
}

/// Runs a test on every kind of database at hand.
pub fn on_each(test: impl AsyncFn(&World)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = Place::File(folder.path().join("test.db"));
        let world = World::open(&file, Some(folder)).await;
        test(&world).await;
        let Ok(url) = std::env::var("CLIENTELE_TEST_POSTGRES") else { return };
        let schema = format!("web_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let world = World::open(&Place::Schema { url, schema }, None).await;
        test(&world).await;
        world.space.store.clone().erase().await.expect("erased");
    });
}

impl World {
    async fn open(place: &Place, folder: Option<tempfile::TempDir>) -> World {
        let clock = Clock::fixed("2026-06-15T09:00:00Z".parse().expect("a time"));
        let apps: Vec<App> = vec![sales::app(), customers::app()];
        let platform = Platform::new(apps, vec![web::words()], clock).expect("apps fit together");
        let store = Store::open(place).await.expect("a store");
        let space = Space::open(Arc::new(platform), "test", store).await.expect("a tenant");
        let router = web::router().layer(Extension(Arc::clone(&space)));
        let world = World { space, router, _folder: folder };
        world.user("Ada Admin", "ada@test.example", &[objects::standard_role("admin")]).await;
        world.user("Rémi Rep", "remi@test.example", &[objects::standard_role("rep")]).await;
        world.user("Nora Nobody", "nora@test.example", &[]).await;
        world
    }

    pub fn ctx(&self) -> Ctx {
        self.space.system_ctx()
    }

    async fn user(&self, name: &str, email: &str, roles: &[Id]) -> Id {
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::from(name)),
            (Ident::of("email"), Value::from(email)),
            (Ident::of("language"), Value::from("en")),
            (Ident::of("roles"), if roles.is_empty() { Value::Null } else { Value::Ids(roles.to_vec()) }),
        ]);
        let id = self.create("user", fields).await;
        self.space.set_password(&self.ctx(), id, "a long enough password").await.expect("a password");
        id
    }

    pub async fn create(&self, object: &'static str, fields: Fields) -> Id {
        let made = self.space.write_one(&self.ctx(), &Ident::of(object), Op::Create(fields)).await;
        made.unwrap_or_else(|e| panic!("{object}: {e}")).record.id()
    }

    /// An account of this name.
    pub async fn account(&self, name: &str) -> String {
        let id = self.create("account", Fields::from_iter([(Ident::of("name"), Value::from(name))])).await;
        id.typed("acc")
    }

    pub fn visitor(&self) -> Browser<'_> {
        Browser { world: self, cookies: Vec::new(), htmx: false }
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.visitor();
        browser.get("/sign-in").await;
        let answer = browser.post("/sign-in", &[("email", email), ("password", "a long enough password")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    pub async fn admin(&self) -> Browser<'_> {
        self.signed_in("ada@test.example").await
    }
}

impl Browser<'_> {
    /// The same browser asking as scripts do.
    pub fn htmx(mut self) -> Self {
        self.htmx = true;
        self
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut request = request.header(header::COOKIE, cookies.join("; ")).header(header::ACCEPT_LANGUAGE, "en");
        if self.htmx {
            request = request.header("hx-request", "true");
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.world.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let statements = parts.extensions.get::<web::Cost>().map(|cost| cost.statements);
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = text.split_once('=').expect("a pair");
            self.cookies.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let text = String::from_utf8_lossy(&body.collect().await.expect("a body").to_bytes()).into_owned();
        Answer { status: parts.status, headers: parts.headers, text, statements }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// The token that forms of this browser post.
    pub fn token(&self) -> String {
        let secret = ["session", "visitor"].iter().find_map(|name| self.cookies.iter().find(|(n, _)| n == name));
        secret.map(|(_, v)| records::digest(&format!("{v} csrf"))).unwrap_or_default()
    }

    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut all = vec![("_csrf", token.as_str())];
        all.extend(pairs);
        self.post_raw(path, &all).await
    }

    /// Posts nothing but the token, to a host of this name.
    pub async fn post_to(&mut self, path: &str, host: &str) -> Answer {
        let body = format!("_csrf={}", self.token());
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, host);
        self.send(request, body).await
    }

    /// Posts exactly these pairs.
    pub async fn post_raw(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|l| l.to_str().ok()).unwrap_or_default()
    }

    /// The page, which must have come.
    pub fn page(&self) -> &str {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        &self.text
    }
}
