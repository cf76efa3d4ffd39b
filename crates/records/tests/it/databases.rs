use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;
use kernel::{Clock, Ctx};
use model::{
    ObjectDef, Query, Record, address, choice, date, emails, integer, long_text, money, person_name, reference,
    references, tags, text,
};
use records::import::{self, Mapping, Preview, Progress, Reading, Request};
use records::{App, Platform, RecordError, Space};
use store::{Batch, Place, Store};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A tenant with a small app, and a folder for its files.
pub struct World {
    pub space: Arc<Space>,
    folder: tempfile::TempDir,
}

fn app() -> App {
    let company = vec![
        text("name").required().searchable().indexed().def(),
        text("code").unique().def(),
        text("city").def(),
        integer("size").min(0).def(),
        money("revenue").def(),
        date("founded").def(),
        choice("kind", &[("client", model::Hue::Blue), ("supplier", model::Hue::Red)]).def(),
        emails("emails").def(),
        tags("labels").def(),
        address("address").def(),
        long_text("notes").def(),
        reference("parent", "company").def(),
        references("partners", "company").def(),
    ];
    let person = vec![
        person_name("name").required().searchable().indexed().def(),
        text("number").unique().def(),
        date("born").def(),
        reference("company", "company").def(),
    ];
    App::new("test")
        .object(ObjectDef::new("company", "com", "building-2", "name", company))
        .object(ObjectDef::new("person", "per", "contact", "name", person))
        .words(
            "company = Société\n    .name = Nom\n    .kind-client = Client\n    .kind-supplier = Fournisseur\nperson = Personne",
            "company = Company\n    .name = Name\n    .kind-client = Customer\n    .kind-supplier = Supplier\nperson = Person",
        )
}

/// Runs a test on every database at hand.
pub fn each<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for postgres in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let place = if postgres {
                let Ok(url) = std::env::var("CLIENTELE_TEST_POSTGRES") else {
                    eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested");
                    continue;
                };
                let n = NEXT.fetch_add(1, Ordering::Relaxed);
                Place::Schema { url, schema: format!("records_{}_{n}", std::process::id()) }
            } else {
                Place::File(folder.path().join("test.db"))
            };
            let store = Store::open(&place).await.expect("a database");
            let clock = Clock::fixed("2026-03-01T12:00:00Z".parse().expect("a moment"));
            let platform = Arc::new(Platform::new(vec![app()], Vec::new(), clock).expect("a platform"));
            let space = Space::open(platform, "test", store.clone()).await.expect("a tenant");
            test(World { space, folder }).await;
            if postgres {
                store.erase().await.expect("erased");
            }
        }
    });
}

/// The definitions of a version of the program: each has a field of its own more.
fn version(n: i64) -> Arc<Platform> {
    let field = text(Box::leak(format!("added_{n}").into_boxed_str()));
    let extra = ObjectDef::new("extra", "ext", "contact", "name", vec![text("name").def(), field.def()]);
    let clock = Clock::fixed("2026-03-02T12:00:00Z".parse().expect("a moment"));
    clock.advance(SignedDuration::from_hours(n));
    let later = App::new("extra").object(extra).words("extra = Ajout", "extra = Extra");
    Arc::new(Platform::new(vec![app(), later], Vec::new(), clock).expect("a platform"))
}

impl World {
    /// Opens the database with a later version of the program.
    pub async fn upgrade(&self, n: i64) -> Result<Arc<Space>, RecordError> {
        Space::open(version(n), "test", self.space.store.clone()).await
    }

    /// The copies beside the database: names of files or schemas.
    pub async fn copies(&self) -> Vec<String> {
        let held = self.space.store.read().await.expect("a reader").setting("copies").await.expect("read");
        held.map(|json| serde_json::from_value(json).expect("names")).unwrap_or_default()
    }

    pub fn ctx(&self) -> Ctx {
        Ctx { locale: kernel::Locale::En, ..self.space.system_ctx() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A request for a file of this content.
    pub fn request(&self, content: impl AsRef<[u8]>, mapping: Mapping) -> Request {
        let path = self.path(&format!("file-{}.csv", NEXT.fetch_add(1, Ordering::Relaxed)));
        std::fs::write(&path, content).expect("written");
        let rejects = path.with_extension("rejected.csv");
        Request { name: "file.csv".into(), path, source: "test".into(), reading: Reading::default(), mapping, rejects }
    }

    /// Imports, and answers the batch and how it went.
    pub async fn import(&self, request: &Request) -> (Batch, Progress) {
        let batch = import::start(&self.space, &self.ctx(), request.clone()).await.expect("started");
        let batch = import::run(&self.space, &self.ctx(), batch.id, |_| true).await.expect("imported");
        let progress = import::progress_of(&batch);
        (batch, progress)
    }

    pub async fn preview(&self, request: &Request) -> Preview {
        import::preview(&self.space, &self.ctx(), request.clone(), 10, None).await.expect("previewed")
    }

    /// Every record of an object, in the order of creation.
    pub async fn all(&self, object: &'static str) -> Vec<Record> {
        let query = Query::of(model::Ident::of(object)).limit(5_000);
        let mut records = self.space.list(&self.ctx(), &query).await.expect("listed").records;
        records.reverse();
        records
    }

    pub async fn texts(&self, object: &'static str, field: &str) -> Vec<String> {
        let text = |r: &Record| r.value(field).scalar(None).as_text().unwrap_or_default().to_owned();
        let mut all: Vec<String> = self.all(object).await.iter().map(text).collect();
        all.sort();
        all
    }
}

/// `created updated unchanged rejected made`.
pub fn counts(p: &Progress) -> String {
    format!(
        "read {} created {} updated {} unchanged {} rejected {} made {}",
        p.read, p.created, p.updated, p.unchanged, p.rejected, p.made
    )
}

pub fn mapping(object: &'static str) -> Mapping {
    Mapping::new(model::Ident::of(object))
}

/// The rejected rows as `row: error`.
pub fn rejects(request: &Request) -> String {
    let Ok(mut source) = tabular::Source::open(&request.rejects, &tabular::Options::default()) else {
        return String::new();
    };
    let at = |name: &str| source.columns().iter().position(|c| c == name).expect("a column");
    let (row, error) = (at("row"), at("error"));
    let mut out = String::new();
    for item in &mut source {
        let item = item.expect("readable");
        out.push_str(&format!("{}: {}\n", item.cells[row].to_text(), item.cells[error].to_text()));
    }
    out
}
