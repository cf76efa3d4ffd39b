use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use kernel::{Actor, Clock, Ctx, Id, Timestamp, Words};
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Query, Record, Schema, Value};
use store::{BoxFuture, Page, Reader, Store, StoreError};
use tokio::sync::{Notify, broadcast};

use crate::access::{Access, Action};
use crate::app::{App, Follower, RuleFn, Screen, Seed, When};
use crate::auth::Known;
use crate::formula::Formulas;
use crate::jobs::Handler;
use crate::pipeline::{Cx, Mode, Notice, Op, Outcome, run};
use crate::share::Share;
use crate::{Place, RecordError, objects};

/// How long an actor's rights are remembered. A change made through another process shows after this time at the latest.
pub(crate) const ACCESS_SECONDS: i64 = 5;

/// What all tenants share: the apps' objects, rules and words, and the clock.
pub struct Platform {
    objects: Vec<ObjectDef>,
    rules: HashMap<(Ident, When), Vec<RuleFn>>,
    apps: Vec<(&'static str, Vec<Ident>)>,
    followers: Vec<Follower>,
    seeds: Vec<Seed>,
    jobs: Vec<(&'static str, Handler)>,
    long_jobs: Vec<&'static str>,
    screens: Vec<Screen>,
    /// Every word of the interface.
    pub words: Words,
    /// The clock.
    pub clock: Clock,
    /// Where sources may be pulled from, by the server's settings.
    pub places: Vec<Place>,
}

/// A tenant at work: its database, its objects, who may do what.
pub struct Space {
    /// What it shares with the others.
    pub platform: Arc<Platform>,
    /// The tenant's short name.
    pub tenant: Arc<str>,
    /// Its database.
    pub store: Store,
    loaded: RwLock<Arc<Loaded>>,
    access: Mutex<HashMap<Id, (Timestamp, Arc<Access>)>>,
    pub(crate) known: Known,
    kept: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    notices: broadcast::Sender<Notice>,
    /// Woken when there may be work for the worker.
    pub work: Notify,
    pub(crate) share: Share,
}

/// The objects as they are now, with what is computed from them.
pub struct Loaded {
    /// The objects.
    pub schema: Arc<Schema>,
    /// The expressions of those objects that have any.
    pub formulas: HashMap<Ident, Formulas>,
    /// For each object, the roll-ups over its records: object and field.
    pub(crate) rollups: HashMap<Ident, Vec<(Ident, Ident)>>,
    /// Counts the changes of definitions.
    pub version: i64,
}

enum Stop<T> {
    Error(RecordError),
    Dry(T),
}

impl<T> From<StoreError> for Stop<T> {
    fn from(error: StoreError) -> Stop<T> {
        Stop::Error(error.into())
    }
}

impl Platform {
    /// Puts apps together. The platform's own objects (users, roles, webhooks …) come first.
    pub fn new(apps: Vec<App>, words: Vec<(&'static str, &'static str)>, clock: Clock) -> Result<Platform, String> {
        let mut all = vec![objects::app()];
        all.extend(apps);
        let mut sources = vec![
            (include_str!("words.fr.ftl"), include_str!("words.en.ftl")),
            (include_str!("import/words.fr.ftl"), include_str!("import/words.en.ftl")),
        ];
        sources.extend(words);
        sources.extend(all.iter().flat_map(|app| app.words.iter().copied()));
        let words = Words::new(sources).map_err(|e| e.to_string())?;
        let (rules, followers) = (HashMap::new(), all.iter().flat_map(|app| app.followers.iter().copied()).collect());
        let seeds = all.iter().flat_map(|app| app.seeds.iter().copied()).collect();
        let jobs = all.iter().flat_map(|app| app.jobs.iter().copied()).collect();
        let long_jobs = all.iter().flat_map(|app| app.long_jobs.iter().copied()).collect();
        let screens = all.iter().flat_map(|app| app.screens.iter().copied()).collect();
        let mut platform = Platform {
            objects: Vec::new(),
            rules,
            apps: Vec::new(),
            followers,
            seeds,
            jobs,
            long_jobs,
            screens,
            words,
            clock,
            places: Vec::new(),
        };
        for app in all {
            platform.apps.push((app.name, app.objects.iter().map(|o| o.name.clone()).collect()));
            platform.objects.extend(app.objects);
            for rule in app.rules {
                platform.rules.entry((Ident::of(rule.object), rule.when)).or_default().push(rule.run);
            }
        }
        Schema::new(platform.objects.clone()).map_err(|e| e.to_string())?;
        Ok(platform)
    }

    /// With places from which sources may be pulled.
    pub fn with_places(self, places: Vec<Place>) -> Platform {
        Platform { places, ..self }
    }

    /// The apps with their objects, in the order of the navigation.
    pub fn apps(&self) -> &[(&'static str, Vec<Ident>)] {
        &self.apps
    }

    pub(crate) fn followers(&self) -> &[Follower] {
        &self.followers
    }

    pub(crate) fn jobs(&self) -> &[(&'static str, Handler)] {
        &self.jobs
    }

    pub(crate) fn long_jobs(&self) -> &[&'static str] {
        &self.long_jobs
    }

    pub(crate) fn screens(&self) -> &[Screen] {
        &self.screens
    }

    pub(crate) fn standard(&self) -> &[ObjectDef] {
        &self.objects
    }

    pub(crate) fn rules(&self, object: &Ident, when: When) -> &[RuleFn] {
        self.rules.get(&(object.clone(), when)).map_or(&[], Vec::as_slice)
    }
}

impl Space {
    /// Opens a tenant's database: migrates it, after a copy when there is something to lose, and brings its tables to the definitions.
    pub async fn open(platform: Arc<Platform>, tenant: &str, store: Store) -> Result<Arc<Space>, RecordError> {
        let fingerprint = fingerprint(platform.standard());
        let (version, known) = {
            let mut reader = store.read().await?;
            let version = reader.version().await?;
            let known = if version > 0 { reader.setting("standard").await? } else { None };
            (version, known)
        };
        let current = known.as_ref().and_then(|v| v.as_str()) == Some(fingerprint.as_str());
        let schema = match (current, version) {
            (true, _) => load(&platform, &mut store.read().await?).await?,
            (false, 0) => migrate(&platform, &store, fingerprint).await?,
            (false, _) => upgrade(&platform, tenant, &store, fingerprint).await?,
        };
        let version = schema_version(&mut store.read().await?).await?;
        let loaded = Arc::new(Loaded::new(schema, version)?);
        let space = Arc::new(Space {
            platform,
            tenant: tenant.into(),
            store,
            loaded: RwLock::new(loaded),
            access: Mutex::new(HashMap::new()),
            known: Known::default(),
            kept: Mutex::default(),
            notices: broadcast::channel(1024).0,
            work: Notify::new(),
            share: Share::default(),
        });
        if !current {
            objects::seed(&space).await?;
            for seed in &space.platform.seeds {
                seed(Arc::clone(&space)).await?;
            }
        }
        crate::import::restore(&space).await?;
        Ok(space)
    }

    /// The objects as they are now.
    pub fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().expect("not poisoned"))
    }

    /// The objects as they are now.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.loaded().schema)
    }

    /// An object by its name.
    pub fn object(&self, name: &str) -> Result<Arc<ObjectDef>, RecordError> {
        self.schema().object(name).cloned().ok_or_else(|| RecordError::unknown("object", name))
    }

    /// Takes over definitions that another process changed.
    pub async fn refresh(&self) -> Result<(), RecordError> {
        let mut reader = self.store.read().await?;
        let version = schema_version(&mut reader).await?;
        if version != self.loaded().version {
            let schema = load(&self.platform, &mut reader).await?;
            self.replace(Loaded::new(schema, version)?);
        }
        Ok(())
    }

    pub(crate) fn replace(&self, loaded: Loaded) {
        *self.loaded.write().expect("not poisoned") = Arc::new(loaded);
        self.forget_access();
    }

    /// Forgets what was remembered of actors' rights.
    pub fn forget_access(&self) {
        self.known.forget();
        self.access.lock().expect("not poisoned").clear();
    }

    /// What an app remembers of this tenant for as long as it is open, made when first asked for: one value of each type.
    pub fn kept<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.kept.lock().expect("not poisoned");
        let value = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::downcast(Arc::clone(value)).expect("kept under its own type")
    }

    /// A context in which the product itself acts now.
    pub fn system_ctx(&self) -> Ctx {
        Ctx::system(&self.tenant, self.platform.clock.now())
    }

    /// What the actor may do.
    pub async fn access(&self, ctx: &Ctx) -> Result<Arc<Access>, RecordError> {
        let Actor::User(user) = ctx.actor else {
            return Ok(Arc::new(Access::of_actor(ctx).unwrap_or_default()));
        };
        if let Some((at, access)) = self.access.lock().expect("not poisoned").get(&user)
            && ctx.now.duration_since(*at).as_secs() < ACCESS_SECONDS
        {
            return Ok(Arc::clone(access));
        }
        let round = self.known.round();
        let access = Arc::new(self.load_access(user).await?);
        let mut remembered = self.access.lock().expect("not poisoned");
        if self.known.round() == round {
            remembered.insert(user, (ctx.now, Arc::clone(&access)));
        }
        drop(remembered);
        Ok(access)
    }

    async fn load_access(&self, user: Id) -> Result<Access, RecordError> {
        let schema = self.schema();
        let mut reader = self.store.read().await?;
        let one = |object: &'static str, ids: Vec<Id>| (Ident::of(object), ids);
        let (object, ids) = one("user", vec![user]);
        let found = reader.get_many(&schema, &object, &ids, &Filter::All, &[]).await?;
        let record = found.first().filter(|r| r.deleted_at().is_none() && *r.value("active") == Value::Bool(true));
        let Some(record) = record else { return Ok(Access::default()) };
        let (object, ids) =
            one("role", if let Value::Ids(ids) = record.value("roles") { ids.clone() } else { Vec::new() });
        let roles = reader.get_many(&schema, &object, &ids, &Filter::All, &[]).await?;
        let roles: Vec<&Record> = roles.iter().filter(|r| r.deleted_at().is_none()).collect();
        let admin = roles.iter().any(|r| *r.value("admin") == Value::Bool(true));
        let text = |r: &Record, f: &str| r.value(f).as_text().unwrap_or_default().to_owned();
        let roles = roles
            .into_iter()
            .map(|r| {
                let own =
                    if let Value::Json(json) = r.value("grants") { objects::read_grants(json) } else { HashMap::new() };
                (text(r, "key"), text(r, "name"), own)
            })
            .collect();
        let mut teams: Vec<Id> = record.value("team").as_id().into_iter().collect();
        let mut level = teams.clone();
        for _ in 0..10 {
            if level.is_empty() {
                break;
            }
            let parents = level.iter().copied().map(Value::Id).collect();
            let filter = Filter::is(Ident::of("parent"), model::Op::In, model::Operand::Values(parents));
            let query = Query::of(Ident::of("team")).filter(filter).limit(1_000).fields([Ident::of("id")]);
            level = reader
                .list(&schema, &query)
                .await?
                .records
                .iter()
                .map(Record::id)
                .filter(|t| !teams.contains(t))
                .collect();
            teams.extend(&level);
        }
        Ok(Access::of_user(user, admin, roles, teams, &schema))
    }

    /// A page of records that the actor may see. Filters are bound, and refused where they look at hidden fields; hidden fields are left
    /// out of the answer.
    pub async fn list(&self, ctx: &Ctx, query: &Query) -> Result<Page, RecordError> {
        let access = self.access(ctx).await?;
        self.list_as(ctx, &access, query, &mut self.store.read().await?).await
    }

    /// The same with rights and a connection at hand, for pages made of several reads.
    pub async fn list_as(
        &self,
        ctx: &Ctx,
        access: &Access,
        query: &Query,
        reader: &mut Reader,
    ) -> Result<Page, RecordError> {
        let (schema, query) = self.authorise(ctx, access, query)?;
        Ok(reader.list(&schema, &query).await?)
    }

    /// The query as it may be run: bound, with the actor's predicate, without hidden fields.
    pub fn authorise(&self, ctx: &Ctx, access: &Access, query: &Query) -> Result<(Arc<Schema>, Query), RecordError> {
        let schema = self.schema();
        let object =
            schema.object(query.object.as_str()).ok_or_else(|| RecordError::unknown("object", &query.object))?;
        access.check(object, Action::Read)?;
        let bound = query.filter.bind(&schema, object, ctx)?;
        access.check_paths(&schema, object, &bound)?;
        for sort in &query.sort {
            let field = object.field(sort.path.field.as_str()).ok_or_else(|| {
                model::Problem::new(sort.path.to_string(), "unknown-field").text("object", object.name.as_str())
            })?;
            let part = sort.path.part.as_ref().is_none_or(|p| field.kind.parts().contains(&p.as_str()));
            if !field.is_sortable() || !part {
                return Err(model::Problem::new(sort.path.to_string(), "not-sortable").into());
            }
            if !access.reads(object, &sort.path.field) {
                return Err(RecordError::forbidden("read", sort.path.to_string()));
            }
        }
        if !query.search.is_empty() {
            access.check_search(object)?;
        }
        let mut query = query.clone();
        query.filter = access.filter(&schema, object, Action::Read).and(bound);
        let all: Vec<Ident> = object.fields.iter().map(|f| f.name.clone()).collect();
        let wanted = if query.fields.is_empty() { &all } else { &query.fields };
        if let Some(unknown) = wanted.iter().find(|f| object.field(f.as_str()).is_none()) {
            return Err(model::Problem::new(unknown, "unknown-field").text("object", object.name.as_str()).into());
        }
        query.fields = wanted.iter().filter(|f| access.reads(object, f)).cloned().collect();
        Ok((schema, query))
    }

    /// A record that the actor may see, without its hidden fields; from the bin too.
    pub async fn get(&self, ctx: &Ctx, object: &Ident, id: Id) -> Result<Record, RecordError> {
        let access = self.access(ctx).await?;
        self.get_as(&access, object, id, &mut self.store.read().await?).await
    }

    /// The same with rights and a connection at hand.
    pub async fn get_as(
        &self,
        access: &Access,
        object: &Ident,
        id: Id,
        reader: &mut Reader,
    ) -> Result<Record, RecordError> {
        let found = self.get_many_as(access, object, &[id], reader).await?;
        found.into_iter().next().ok_or_else(|| RecordError::NotFound { object: object.clone(), id })
    }

    /// Those of these records that the actor may see, in no particular order.
    pub async fn get_many_as(
        &self,
        access: &Access,
        object: &Ident,
        ids: &[Id],
        reader: &mut Reader,
    ) -> Result<Vec<Record>, RecordError> {
        let schema = self.schema();
        let def = schema.object(object.as_str()).ok_or_else(|| RecordError::unknown("object", object))?;
        let filter = access.filter(&schema, def, Action::Read);
        let fields: Vec<Ident> =
            def.fields.iter().filter(|f| access.reads(def, &f.name)).map(|f| f.name.clone()).collect();
        let fields = if fields.len() == def.fields.len() { Vec::new() } else { fields };
        Ok(reader.get_many(&schema, object, ids, &filter, &fields).await?)
    }

    /// Writes changes of one object through the pipeline, in one transaction.
    pub async fn write(
        self: &Arc<Space>,
        ctx: &Ctx,
        object: &Ident,
        ops: Vec<Op>,
        mode: Mode,
    ) -> Result<Vec<Result<Outcome, RecordError>>, RecordError> {
        let object = object.clone();
        self.run(ctx, mode.dry_run, move |cx| Box::pin(async move { run(cx, &object, ops, mode).await })).await
    }

    /// Writes one change.
    pub async fn write_one(self: &Arc<Space>, ctx: &Ctx, object: &Ident, op: Op) -> Result<Outcome, RecordError> {
        self.write(ctx, object, vec![op], Mode::ALL).await?.remove(0)
    }

    /// Runs a verb: several reads and writes in one transaction.
    pub async fn transact<T, F>(self: &Arc<Space>, ctx: &Ctx, f: F) -> Result<T, RecordError>
    where
        T: Send + 'static,
        F: for<'a, 'w> FnOnce(&'a mut Cx<'w>) -> BoxFuture<'a, Result<T, RecordError>> + Send + 'static,
    {
        self.run(ctx, false, f).await
    }

    async fn run<T, F>(self: &Arc<Space>, ctx: &Ctx, dry: bool, f: F) -> Result<T, RecordError>
    where
        T: Send + 'static,
        F: for<'a, 'w> FnOnce(&'a mut Cx<'w>) -> BoxFuture<'a, Result<T, RecordError>> + Send + 'static,
    {
        let access = self.access(ctx).await?;
        self.transact_as(ctx, access, dry, f).await
    }

    /// A verb with rights at hand, such as those of an API token; when `dry`, everything is checked and nothing is kept.
    pub async fn transact_as<T, F>(
        self: &Arc<Space>,
        ctx: &Ctx,
        access: Arc<Access>,
        dry: bool,
        f: F,
    ) -> Result<T, RecordError>
    where
        T: Send + 'static,
        F: for<'a, 'w> FnOnce(&'a mut Cx<'w>) -> BoxFuture<'a, Result<T, RecordError>> + Send + 'static,
    {
        let (platform, loaded, inner) = (Arc::clone(&self.platform), self.loaded(), ctx.clone());
        let result = self
            .store
            .write(move |writer| {
                Box::pin(async move {
                    let mut cx = Cx::new(writer, &platform, loaded, inner, access);
                    let value = f(&mut cx).await.map_err(Stop::Error)?;
                    if dry { Err(Stop::Dry(value)) } else { Ok((value, cx.notices)) }
                })
            })
            .await;
        match result {
            Ok((value, notices)) => {
                if notices.iter().any(|n| matches!(n.object.as_str(), "user" | "role" | "team")) {
                    self.forget_access();
                }
                for notice in notices {
                    // Nobody may be looking.
                    let _ = self.notices.send(notice);
                }
                self.work.notify_one();
                Ok(value)
            }
            Err(Stop::Dry(value)) => Ok(value),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    /// Changes as they are committed by this process.
    pub fn watch(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Waits until there may be work, at most this long.
    pub async fn idle(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.work.notified()).await;
    }
}

impl Loaded {
    pub(crate) fn new(schema: Schema, version: i64) -> Result<Loaded, RecordError> {
        let mut formulas = HashMap::new();
        let mut rollups: HashMap<Ident, Vec<(Ident, Ident)>> = HashMap::new();
        for object in schema.objects() {
            let of = Formulas::of(&schema, object)?;
            if !of.is_empty() {
                formulas.insert(object.name.clone(), of);
            }
            for FieldDef { name, kind, .. } in &object.fields {
                if let FieldType::Rollup(rollup) = kind {
                    rollups.entry(rollup.object.clone()).or_default().push((object.name.clone(), name.clone()));
                }
            }
        }
        Ok(Loaded { schema: Arc::new(schema), formulas, rollups, version })
    }
}

/// The standard objects completed with what administrators added.
pub(crate) async fn load(platform: &Platform, reader: &mut Reader) -> Result<Schema, RecordError> {
    let (objects, fields) = reader.custom_definitions().await?;
    let read = |e: serde_json::Error| StoreError::Fault(format!("a stored definition cannot be read: {e}"));
    let mut all = platform.standard().to_vec();
    for json in objects {
        all.push(serde_json::from_value(json).map_err(read)?);
    }
    for (object, json) in fields {
        let field: FieldDef = serde_json::from_value(json).map_err(read)?;
        if let Some(object) = all.iter_mut().find(|o| o.name == object.as_str()) {
            object.fields.retain(|f| f.name != field.name);
            object.fields.push(field);
        }
    }
    Schema::new(all)
        .map_err(|e| RecordError::Invalid(model::Problem::new("", "definition").text("detail", e.to_string()).into()))
}

/// Copies a database, brings it to the definitions, and removes copies of earlier upgrades. The copy goes again when the upgrade fails, which
/// leaves everything as it was.
async fn upgrade(
    platform: &Arc<Platform>,
    tenant: &str,
    store: &Store,
    fingerprint: String,
) -> Result<Schema, RecordError> {
    let copy = store.copy_for_upgrade(platform.clock.now()).await?;
    tracing::info!(%tenant, ?copy, "copied the database before its upgrade");
    let schema = match migrate(platform, store, fingerprint).await {
        Ok(schema) => schema,
        Err(error) => {
            if let Err(error) = store.remove_copy(&copy).await {
                tracing::warn!(%tenant, ?copy, %error, "the copy of an upgrade that failed could not be removed");
            }
            return Err(error);
        }
    };
    match store.remove_old_copies().await {
        Ok(old) if old.is_empty() => {}
        Ok(old) => tracing::info!(%tenant, ?old, "removed copies of earlier upgrades"),
        Err(error) => tracing::warn!(%tenant, %error, "copies of earlier upgrades could not be removed"),
    }
    Ok(schema)
}

/// Brings a database to the definitions, in one transaction.
async fn migrate(platform: &Arc<Platform>, store: &Store, fingerprint: String) -> Result<Schema, RecordError> {
    let platform = Arc::clone(platform);
    store
        .write(move |writer| {
            Box::pin(async move {
                writer.lock_layout().await?;
                writer.migrate(platform.clock.now()).await?;
                let schema = load(&platform, writer).await?;
                writer.sync(&schema).await?;
                writer.set_setting("standard", &fingerprint.into()).await?;
                Ok(schema)
            })
        })
        .await
}

async fn schema_version(reader: &mut Reader) -> Result<i64, RecordError> {
    Ok(reader.setting("schema").await?.and_then(|v| v.as_i64()).unwrap_or(0))
}

fn fingerprint(objects: &[ObjectDef]) -> String {
    let text = serde_json::to_string(objects).expect("definitions serialise");
    format!("{} {}", env!("CARGO_PKG_VERSION"), Id::named(&text))
}
