use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use customers::event::{Call, IntakeError, Receipt, receive};
use customers::source;
use jiff::SignedDuration;
use kernel::{Actor, Clock, Ctx, Id};
use model::{Fields, Ident, Value};
use records::{Op, Platform, Space, Worker, objects};
use serde_json::{Value as Json, json};
use store::{Place, Property, Store};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A tenant with a source and a write key for it.
pub struct World {
    pub space: Arc<Space>,
    pub clock: Clock,
    pub source: Id,
    pub key: String,
    /// The folder that is the place `drop`.
    pub folder: tempfile::TempDir,
}

/// Runs a body on a file, and on PostgreSQL where there is a server.
pub fn on_each(body: impl AsyncFn(&World)) {
    on_each_with(async || (Vec::new(), ()), async |world, ()| body(world).await);
}

/// The same with more places, made for each world with what they need.
pub fn on_each_with<T>(made: impl AsyncFn() -> (Vec<(&'static str, records::At)>, T), body: impl AsyncFn(&World, &T)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mut places = vec![Place::File(folder.path().join("test.db"))];
        match std::env::var("CLIENTELE_TEST_POSTGRES") {
            Ok(url) => {
                let n = NEXT.fetch_add(1, Ordering::Relaxed);
                places.push(Place::Schema { url, schema: format!("customers_{}_{n}", std::process::id()) });
            }
            Err(_) => eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested"),
        }
        for place in places {
            let (others, kept) = made().await;
            let world = World::open(&place, others).await;
            body(&world, &kept).await;
            if world.space.store.file().is_none() {
                world.space.store.clone().erase().await.expect("erased");
            }
        }
    });
}

impl World {
    async fn open(place: &Place, others: Vec<(&str, records::At)>) -> World {
        let clock = Clock::fixed("2026-03-02T09:00:00Z".parse().expect("a moment"));
        let folder = tempfile::tempdir().expect("a folder");
        let url = std::env::var("CLIENTELE_TEST_POSTGRES").unwrap_or_default();
        let database = if let Place::File(path) = place { format!("sqlite:{}", path.display()) } else { url };
        let place_of = |name: &str, tenants: &[&str], at| records::Place {
            name: name.to_owned(),
            tenants: tenants.iter().map(|tenant| (*tenant).to_owned()).collect(),
            at,
        };
        let at = |url: &str| records::At::Database(store::Address { url: url.to_owned(), ca: None });
        let mut places = vec![
            place_of("drop", &["test"], records::At::Folder(folder.path().to_owned())),
            place_of("others", &["another"], records::At::Folder(folder.path().to_owned())),
            place_of("shop", &[], at(&database)),
            place_of("gone", &[], at("sqlite:nowhere/at/all.db")),
        ];
        places.extend(others.into_iter().map(|(name, at)| place_of(name, &[], at)));
        let platform = Platform::new(vec![customers::app()], Vec::new(), clock.clone()).expect("the app fits");
        let platform = platform.with_places(places);
        let store = Store::open(place).await.expect("a store");
        let space = Space::open(Arc::new(platform), "test", store).await.expect("a tenant");
        let mut world = World { space, clock, source: Id::named("none"), key: String::new(), folder };
        world.source = world.create_source("Site").await;
        world.key = world.new_key(world.source).await;
        world
    }

    pub fn ctx(&self) -> Ctx {
        self.space.system_ctx()
    }

    pub async fn create_source(&self, name: &str) -> Id {
        let fields = Fields::from_iter([(Ident::of("name"), Value::from(name))]);
        let made = self.space.write_one(&self.ctx(), &Ident::of("source"), Op::Create(fields)).await;
        made.expect("a source").record.id()
    }

    pub async fn set(&self, field: &'static str, value: impl Into<Value>) {
        let fields = Fields::from_iter([(Ident::of(field), value.into())]);
        let op = Op::Update { id: self.source, fields, version: None };
        self.space.write_one(&self.ctx(), &Ident::of("source"), op).await.expect("changed");
        self.wait(6);
    }

    pub async fn new_key(&self, source: Id) -> String {
        source::new_key(&self.space, &self.ctx(), source, "test").await.expect("a key").1.text
    }

    /// A user with these roles, as a context.
    pub async fn user(&self, name: &str, roles: &[&str]) -> Ctx {
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::from(name)),
            (Ident::of("email"), Value::Text(format!("{name}@test.example"))),
            (Ident::of("roles"), Value::Ids(roles.iter().map(|key| objects::standard_role(key)).collect())),
        ]);
        let made = self.space.write_one(&self.ctx(), &Ident::of("user"), Op::Create(fields)).await;
        self.ctx().as_actor(Actor::User(made.expect("a user").record.id()))
    }

    /// Lets seconds pass: longer than what was looked up is remembered.
    pub fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub async fn send(&self, call: &str, body: Json) -> Result<Receipt, IntakeError> {
        self.send_text(call, &body.to_string()).await
    }

    pub async fn send_text(&self, call: &str, body: &str) -> Result<Receipt, IntakeError> {
        let call = Call::parse(call).expect("a call");
        receive(&self.space, call, Some(&self.key), body.as_bytes(), self.clock.now()).await
    }

    /// A batch that must be read; answers how many were accepted, repeated and rejected.
    pub async fn batch(&self, events: Vec<Json>) -> (usize, usize, usize) {
        let receipt = self.send("batch", json!({ "batch": events })).await.expect("read");
        (receipt.accepted, receipt.repeated, receipt.rejected.len())
    }

    /// Lets the worker learn until it has seen this many events of the source.
    pub async fn learn(&self, events: i64) -> Vec<(Property, i64)> {
        let worker = Worker::new(Arc::clone(&self.space), &[]);
        loop {
            worker.step().await.expect("worked");
            let mut reader = self.space.store.read().await.expect("a reader");
            let known = reader.properties(self.source, None, 1_000).await.expect("read");
            let seen: i64 = known.iter().filter(|(p, _)| p.property.is_empty()).map(|(_, s)| s.count).sum();
            // Writes of other tests on the same server may hold the end of the log back for a while.
            if seen >= events {
                self.wait(6);
                return known.into_iter().map(|(property, seen)| (property, seen.count)).collect();
            }
            tokio::task::yield_now().await;
        }
    }
}
