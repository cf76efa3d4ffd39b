use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use kernel::Timestamp;
use records::{Handler, Platform, Space, Worker};
use store::{Control, Store, Tenant};
use tokio::sync::Mutex;

use crate::failure::Failure;

/// How long the list of tenants is remembered: a tenant that another process suspends is shut out after this time.
const REMEMBERED: Duration = Duration::from_secs(3);

/// The tenants of an instance: found by host name, opened when first asked for, each with a worker.
pub struct Tenants {
    control: Control,
    platform: Arc<Platform>,
    handlers: Vec<(&'static str, Handler)>,
    open: RwLock<HashMap<String, Arc<Space>>>,
    opening: Mutex<()>,
    list: RwLock<Option<(tokio::time::Instant, Arc<Vec<Tenant>>)>>,
}

/// Why no tenant answers under a host name.
#[derive(Debug)]
pub enum Closed {
    /// No tenant has this host name.
    Unknown,
    /// The tenant is suspended.
    Suspended,
    /// Its database cannot be opened.
    Failed(Failure),
}

impl Tenants {
    /// The tenants that a control database lists.
    pub fn new(control: Control, platform: Arc<Platform>) -> Tenants {
        Tenants {
            control,
            platform,
            handlers: handlers(),
            open: RwLock::default(),
            opening: Mutex::default(),
            list: RwLock::default(),
        }
    }

    /// The control database.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.platform.clock.now()
    }

    /// Makes the tenant `main`, which answers under every host name that no other tenant has, if there is none.
    pub async fn ensure_main(&self) -> Result<(), Failure> {
        if self.control.tenants().await?.is_empty() {
            self.create("main", vec!["*".to_owned()]).await?;
        }
        Ok(())
    }

    /// Makes a tenant with its database.
    pub async fn create(&self, name: &str, hosts: Vec<String>) -> Result<(), Failure> {
        let fits = name.len() <= 40
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            return Err(Failure::usage(format!(
                "“{name}” cannot be a tenant's name: use lower-case letters, digits and underscores"
            )));
        }
        let hosts: Vec<String> = hosts.iter().map(|h| h.trim().to_ascii_lowercase()).collect();
        for tenant in self.control.tenants().await? {
            if tenant.name == name {
                return Err(Failure::usage(format!("there is a tenant “{name}” already")));
            }
            if let Some(host) = tenant.hosts.iter().find(|h| hosts.contains(h)) {
                return Err(Failure::usage(format!("the host name “{host}” belongs to the tenant “{}”", tenant.name)));
            }
        }
        self.control.put(&Tenant { name: name.to_owned(), hosts, suspended_at: None, created_at: self.now() }).await?;
        self.forget();
        self.open(name).await.map(drop)
    }

    /// Forgets what is remembered of the list.
    pub fn forget(&self) {
        *self.list.write().expect("not poisoned") = None;
    }

    /// Opens a tenant by name, suspended or not.
    pub async fn open(&self, name: &str) -> Result<Arc<Space>, Failure> {
        if let Some(space) = self.open.read().expect("not poisoned").get(name) {
            return Ok(Arc::clone(space));
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(space) = self.open.read().expect("not poisoned").get(name) {
            return Ok(Arc::clone(space));
        }
        if self.control.tenant(name).await?.is_none() {
            return Err(Failure::usage(format!("there is no tenant “{name}”")));
        }
        let store = Store::open(&self.control.place(name)).await?;
        let space = Space::open(Arc::clone(&self.platform), name, store).await?;
        self.open.write().expect("not poisoned").insert(name.to_owned(), Arc::clone(&space));
        Ok(space)
    }

    /// Starts a worker for a tenant, for as long as the process lives.
    pub fn work(&self, space: &Arc<Space>) {
        let worker = Worker::new(Arc::clone(space), &self.handlers);
        tokio::spawn(async move { worker.run().await });
    }

    /// The tenant that answers under a host name.
    pub async fn by_host(&self, host: &str) -> Result<Arc<Space>, Closed> {
        let list = self.remembered().await.map_err(Closed::Failed)?;
        let host = host
            .rsplit_once(':')
            .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
        let host = host.to_ascii_lowercase();
        let named = |wanted: &str| list.iter().find(|t| t.hosts.iter().any(|h| h == wanted));
        let tenant = named(&host).or_else(|| named("*")).ok_or(Closed::Unknown)?;
        if tenant.suspended_at.is_some() {
            return Err(Closed::Suspended);
        }
        if let Some(space) = self.open.read().expect("not poisoned").get(&tenant.name) {
            return Ok(Arc::clone(space));
        }
        let space = self.open(&tenant.name).await.map_err(Closed::Failed)?;
        self.work(&space);
        Ok(space)
    }

    async fn remembered(&self) -> Result<Arc<Vec<Tenant>>, Failure> {
        if let Some((at, list)) = self.list.read().expect("not poisoned").as_ref()
            && at.elapsed() < REMEMBERED
        {
            return Ok(Arc::clone(list));
        }
        let list = Arc::new(self.control.tenants().await?);
        *self.list.write().expect("not poisoned") = Some((tokio::time::Instant::now(), Arc::clone(&list)));
        Ok(list)
    }
}

/// The jobs that run besides the platform's own.
fn handlers() -> Vec<(&'static str, Handler)> {
    Vec::new()
}
