use std::sync::Arc;

use kernel::{Clock, Ctx, Id};
use model::{Fields, Ident, ObjectDef, Query, Record, Value, from_json};
use records::{Op, Platform, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{Place, Store};

/// A tenant with the sales app and one pipeline: Qualification, Quote, Won, Lost.
pub struct World {
    pub space: Arc<Space>,
    pub clock: Clock,
    pub stages: [Id; 4],
    _folder: tempfile::TempDir,
}

pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

impl World {
    pub async fn new() -> World {
        let clock = Clock::fixed("2026-03-02T09:00:00Z".parse().expect("a moment"));
        let platform = Platform::new(vec![sales::app()], Vec::new(), clock.clone()).expect("the app fits the platform");
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&Place::File(folder.path().join("test.db"))).await.expect("a file");
        let space = Space::open(Arc::new(platform), "test", store).await.expect("a tenant");
        let mut world = World { space, clock, stages: [Id::named("none"); 4], _folder: folder };
        let pipeline = world.create("pipeline", json!({"name": "Equipment", "is_default": true})).await;
        for (i, (name, status, probability)) in
            [("Qualification", "open", 20), ("Quote", "open", 60), ("Won", "won", 100), ("Lost", "lost", 0)]
                .into_iter()
                .enumerate()
        {
            let stage = json!({"name": name, "pipeline": pipeline.id().to_string(), "position": i + 1, "status": status, "probability": probability});
            world.stages[i] = world.create("stage", stage).await.id();
        }
        world
    }

    pub fn ctx(&self) -> Ctx {
        self.space.system_ctx()
    }

    fn fields(&self, object: &ObjectDef, json: Json) -> Fields {
        let schema = self.space.schema();
        let read = |(name, json): (&String, &Json)| {
            let field = object.field(name).unwrap_or_else(|| panic!("{} has no {name}", object.name));
            (field.name.clone(), from_json(&schema, object, field, json).expect("a value"))
        };
        json.as_object().expect("an object").iter().map(read).collect()
    }

    pub async fn write(&self, object: &str, op: impl FnOnce(Fields) -> Op, json: Json) -> Result<Record, RecordError> {
        let object = self.space.object(object).expect("an object");
        let fields = self.fields(&object, json);
        self.space.write_one(&self.ctx(), &object.name, op(fields)).await.map(|o| o.record)
    }

    pub async fn create(&self, object: &str, json: Json) -> Record {
        self.write(object, Op::Create, json).await.expect("created")
    }

    pub async fn update(&self, object: &str, id: Id, json: Json) -> Result<Record, RecordError> {
        self.write(object, |fields| Op::Update { id, fields, version: None }, json).await
    }

    pub async fn get(&self, object: &'static str, id: Id) -> Record {
        self.space.get(&self.ctx(), &Ident::of(object), id).await.expect("there")
    }

    pub async fn all(&self, object: &'static str) -> Vec<Record> {
        self.space.list(&self.ctx(), &Query::of(Ident::of(object)).limit(100)).await.expect("read").records
    }

    pub fn wait_days(&self, days: i64) {
        self.clock.advance(std::time::Duration::from_secs(days as u64 * 86_400).try_into().expect("a duration"));
    }
}

pub fn text(record: &Record, field: &str) -> String {
    match record.value(field) {
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
