use std::path::PathBuf;
use std::sync::Arc;

use records::{Place, Space};
use store::Control;

use crate::failure::Failure;
use crate::tenants::Tenants;

/// Which databases a command works on.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Target {
    /// Folder with the databases, one file a tenant
    #[arg(long, env = "CLIENTELE_DATA", value_name = "FOLDER", conflicts_with = "database", global = true)]
    pub data: Option<PathBuf>,
    /// Address of a PostgreSQL database, one schema a tenant: postgres://user:password@host/name
    #[arg(long, env = "CLIENTELE_DATABASE", value_name = "URL", global = true)]
    pub database: Option<String>,
}

/// A tenant of them.
#[derive(Clone, Debug, clap::Args)]
pub struct TenantTarget {
    #[command(flatten)]
    pub target: Target,
    /// The tenant's name
    #[arg(long, default_value = "main", env = "CLIENTELE_TENANT", global = true)]
    pub tenant: String,
}

impl Target {
    /// The control database.
    pub async fn control(&self) -> Result<Control, Failure> {
        match (&self.data, &self.database) {
            (Some(folder), None) => Ok(Control::in_folder(folder).await?),
            (None, Some(url)) => Ok(Control::in_database(url).await?),
            _ => Err(Failure::usage("say where the databases are: --data FOLDER or --database postgres://…")),
        }
    }

    /// The tenants, ready to be opened.
    pub async fn tenants(&self) -> Result<Arc<Tenants>, Failure> {
        self.tenants_with(Vec::new()).await
    }

    /// The same with places from which their sources may be pulled.
    pub async fn tenants_with(&self, places: Vec<Place>) -> Result<Arc<Tenants>, Failure> {
        Ok(Arc::new(Tenants::new(self.control().await?, crate::platform::platform(places)?)))
    }
}

impl TenantTarget {
    /// Opens the tenant, making the first one when there is none yet.
    pub async fn open(&self) -> Result<Arc<Space>, Failure> {
        let tenants = self.target.tenants().await?;
        if self.tenant == "main" {
            tenants.ensure_main().await?;
        }
        tenants.open(&self.tenant).await
    }
}
