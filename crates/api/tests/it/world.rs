use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use kernel::{Clock, Id};
use model::{Fields, Grant, Hue, Ident, ObjectDef, RollupOp, Scalar, Scope, Value};
use model::{
    address, auto_number, boolean, choice, date, date_time, decimal, duration, emails, formula, integer, json, links,
    location, long_text, money, multi_choice, percent, person_name, phones, polymorphic, rating, reference, references,
    rollup, tags, text, user,
};
use records::{App, Platform, Space, objects};
use serde_json::Value as Json;
use store::{Place, Store};
use tower::ServiceExt;

static NEXT: AtomicU32 = AtomicU32::new(0);

const SECTORS: &[(&str, Hue)] = &[("industry", Hue::Blue), ("trade", Hue::Green), ("service", Hue::Amber)];

/// A tenant with a small app, and tokens of its users.
pub struct World {
    pub space: Arc<Space>,
    pub admin: String,
    pub rep: String,
    /// Somebody without any right.
    pub nobody: String,
    /// The administrator's, for reading only.
    pub reader: String,
    _folder: Option<tempfile::TempDir>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// Runs a test on every kind of database at hand.
pub fn on_each(test: impl AsyncFn(&World)) {
    on_each_with(|| vec![app()], test);
}

/// The same with other apps.
pub fn on_each_with(apps: fn() -> Vec<App>, test: impl AsyncFn(&World)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    // Both databases give the same answers: each snapshot is compared twice.
    insta::allow_duplicates! {
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let file = Place::File(folder.path().join("test.db"));
            test(&World::open(&file, apps(), Some(folder)).await).await;
            let Ok(url) = std::env::var("CLIENTELE_TEST_POSTGRES") else { return };
            let schema = format!("api_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let world = World::open(&Place::Schema { url, schema }, apps(), None).await;
            test(&world).await;
            world.space.store.clone().erase().await.expect("erased");
        });
    }
}

pub fn app() -> App {
    let firm = vec![
        text("name").required().unique().searchable().indexed().def(),
        choice("sector", SECTORS).def(),
        money("revenue").indexed().def(),
        integer("staff").min(0).indexed().def(),
        date("since").def(),
        address("place").def(),
        tags("labels").def(),
        reference("parent", "firm").def(),
        rollup("people", "person", "firm", RollupOp::Count, None, None).def(),
    ];
    let person = vec![
        person_name("name").searchable().indexed().def(),
        emails("mails").unique().searchable().def(),
        phones("phones").def(),
        reference("firm", "firm").def(),
        references("clubs", "club").def(),
        decimal("score").def(),
        boolean("active").default_bool(true).def(),
        date_time("met").def(),
        long_text("private").searchable().def(),
    ];
    let kinds = vec![
        text("a_text").def(),
        long_text("a_long_text").def(),
        integer("an_integer").def(),
        decimal("a_number").def(),
        percent("a_percent").def(),
        money("a_money").def(),
        boolean("a_boolean").def(),
        date("a_date").def(),
        date_time("a_moment").def(),
        duration("a_duration").def(),
        choice("a_choice", SECTORS).def(),
        multi_choice("some_choices", SECTORS).def(),
        person_name("a_name").def(),
        emails("some_emails").def(),
        phones("some_phones").def(),
        links("some_links").def(),
        address("an_address").def(),
        reference("a_reference", "firm").def(),
        references("some_references", "club").def(),
        polymorphic("a_polymorphic", &["firm", "person"]).def(),
        user("a_user").def(),
        model::files("some_files").def(),
        rating("a_rating", 5).def(),
        tags("some_tags").def(),
        location("a_location").def(),
        json("a_json").def(),
        auto_number("an_auto_number", "K-{year}-0000").def(),
        formula("a_formula", "an_integer * 2", Scalar::Integer).def(),
    ];
    let own = Grant { read: Scope::All, create: true, update: Scope::Own, delete: Scope::Own, ..Grant::default() };
    App::new("test")
        .object(
            ObjectDef::new("firm", "frm", "building", "name", firm)
                .grant("rep", own.clone())
                .grant("*", Grant::default()),
        )
        .object(
            ObjectDef::new("person", "per", "user", "name", person)
                .grant("rep", Grant { read: Scope::Own, hidden: vec![Ident::of("private")], ..own.clone() })
                .grant("*", Grant::default()),
        )
        .object(
            ObjectDef::new("club", "clb", "users", "name", vec![text("name").required().unique().def()])
                .grant("*", Grant::default()),
        )
        .object(
            ObjectDef::new(
                "memo",
                "mem",
                "note",
                "body",
                vec![text("body").required().def(), polymorphic("about", &["firm", "person"]).def()],
            )
            .about("about")
            .grant("rep", own)
            .grant("*", Grant::default()),
        )
        .object(ObjectDef::new("kinds", "knd", "shapes", "a_text", kinds).grant("*", Grant::default()))
}

impl World {
    async fn open(place: &Place, apps: Vec<App>, folder: Option<tempfile::TempDir>) -> World {
        let clock = Clock::fixed("2026-03-02T09:00:00Z".parse().expect("a moment"));
        let platform = Arc::new(Platform::new(apps, vec![api::WORDS], clock).expect("a platform"));
        let space = Space::open(platform, "test", Store::open(place).await.expect("a store")).await.expect("a space");
        let mut tokens = Vec::new();
        for (name, roles, scope) in [
            ("admin", vec!["admin"], "write"),
            ("rep", vec!["rep"], "write"),
            ("nobody", vec![], "write"),
            ("reader", vec!["admin"], "read"),
        ] {
            let user = make_user(&space, name, &roles).await;
            let ctx = space.system_ctx();
            let (_, secret) = space.new_token(&ctx, user, name, vec![scope.to_owned()], None).await.expect("a token");
            tokens.push(secret.text);
        }
        let [admin, rep, nobody, reader] = <[String; 4]>::try_from(tokens).expect("four");
        World { space, admin, rep, nobody, reader, _folder: folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        request.extensions_mut().insert(Arc::clone(&self.space));
        let response = api::router().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
    }

    /// A request with a token, headers as `name: value`, and a body where there is one.
    pub async fn ask(&self, token: &str, method: Method, path: &str, headers: &[&str], body: Option<Json>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if !headers.iter().any(|h| h.starts_with("accept-language")) {
            request = request.header("accept-language", "en");
        }
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for header in headers {
            let (name, value) = header.split_once(": ").expect("name: value");
            request = request.header(name, value);
        }
        let body = match body {
            Some(json) => Body::from(json.to_string()),
            None => Body::empty(),
        };
        self.send(request.body(body).expect("a request")).await
    }

    /// The administrator reads.
    pub async fn get(&self, path: &str) -> Json {
        self.ask(&self.admin, Method::GET, path, &[], None).await.ok()
    }

    /// The administrator creates; answers the records.
    pub async fn create(&self, object: &str, body: Json) -> Json {
        self.ask(&self.admin, Method::POST, &format!("/{object}"), &["prefer: return=representation"], Some(body))
            .await
            .ok()
    }
}

pub async fn make_user(space: &Arc<Space>, name: &str, roles: &[&str]) -> Id {
    let roles = roles.iter().map(|key| objects::standard_role(key)).collect();
    let fields = Fields::from_iter([
        (Ident::of("name"), Value::from(name)),
        (Ident::of("email"), Value::Text(format!("{name}@test.example"))),
        (Ident::of("roles"), Value::Ids(roles)),
    ]);
    let ctx = space.system_ctx();
    space.transact(&ctx, move |cx| Box::pin(async move { cx.create("user", fields).await })).await.expect("a user").id()
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// The body of an answer that must be good.
    pub fn ok(&self) -> Json {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        if self.text.is_empty() { Json::Null } else { self.json() }
    }

    /// The code and the detail of an answer that must not be.
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], status);
        format!("{}: {}", json["code"].as_str().expect("a code"), json["detail"].as_str().expect("a detail"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}
