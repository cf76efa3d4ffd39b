//! The control database: which tenants there are and which host names lead to them.

use std::path::{Path, PathBuf};

use kernel::Timestamp;

use crate::StoreError;
use crate::sql::{Cell, Row, Sql};
use crate::store::{Place, Store};

/// The control database and where tenants' databases lie.
#[derive(Clone)]
pub struct Control {
    store: Store,
    home: Home,
}

#[derive(Clone)]
enum Home {
    Folder(PathBuf),
    Database(String),
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its short name: lower-case letters, digits and underscores; also the file's or schema's name.
    pub name: String,
    /// The host names that lead to it.
    pub hosts: Vec<String>,
    /// Since when nobody gets in.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS tenant (name TEXT PRIMARY KEY, hosts TEXT NOT NULL, suspended_at BIGINT, created_at BIGINT NOT NULL)";

impl Control {
    /// The tenants in a folder, each a SQLite file.
    pub async fn in_folder(folder: &Path) -> Result<Control, StoreError> {
        let store = Store::open(&Place::File(folder.join("control.db"))).await?;
        Control::start(store, Home::Folder(folder.to_owned())).await
    }

    /// The tenants in a PostgreSQL database, each a schema.
    pub async fn in_database(url: &str) -> Result<Control, StoreError> {
        let store = Store::open(&Place::Schema { url: url.to_owned(), schema: "clientele".to_owned() }).await?;
        Control::start(store, Home::Database(url.to_owned())).await
    }

    async fn start(store: Store, home: Home) -> Result<Control, StoreError> {
        store.write(|writer| Box::pin(async move { writer.batch(TABLE).await })).await.or_else(
            |error: StoreError| match error {
                // Two processes started at once, and the other one made the table.
                StoreError::Taken { .. } => Ok(()),
                error => Err(error),
            },
        )?;
        Ok(Control { store, home })
    }

    /// Where a tenant's database is.
    pub fn place(&self, tenant: &str) -> Place {
        match &self.home {
            Home::Folder(folder) => Place::File(folder.join("tenants").join(format!("{tenant}.db"))),
            Home::Database(url) => Place::Schema { url: url.clone(), schema: format!("t_{tenant}") },
        }
    }

    /// All tenants by name.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let mut reader = self.store.read().await?;
        let sql = Sql::of(reader.dialect(), "SELECT name, hosts, suspended_at, created_at FROM tenant ORDER BY name");
        reader.query(&sql).await?.into_iter().map(read).collect()
    }

    /// A tenant by name.
    pub async fn tenant(&self, name: &str) -> Result<Option<Tenant>, StoreError> {
        let mut reader = self.store.read().await?;
        let text = "SELECT name, hosts, suspended_at, created_at FROM tenant WHERE name = ?";
        let row = reader.query_one(&Sql::with(reader.dialect(), text, vec![Cell::text(name)])).await?;
        row.map(read).transpose()
    }

    /// Adds a tenant, or changes its host names and whether it is suspended.
    pub async fn put(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let tenant = tenant.clone();
        self.store
            .write(move |writer| {
                Box::pin(async move {
                    let text = "INSERT INTO tenant (name, hosts, suspended_at, created_at) VALUES (?, ?, ?, ?)
                        ON CONFLICT (name) DO UPDATE SET hosts = excluded.hosts, suspended_at = excluded.suspended_at";
                    let args = vec![
                        Cell::text(&tenant.name),
                        Cell::text(tenant.hosts.join(" ")),
                        tenant.suspended_at.map_or(Cell::Null, |at| Cell::Int(at.as_microsecond())),
                        Cell::Int(tenant.created_at.as_microsecond()),
                    ];
                    let sql = Sql::with(writer.dialect(), text, args);
                    writer.execute(&sql).await.map(drop)
                })
            })
            .await
    }

    /// Takes a tenant off the list.
    pub async fn remove(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.store
            .write(move |writer| {
                Box::pin(async move {
                    let sql = Sql::with(writer.dialect(), "DELETE FROM tenant WHERE name = ?", vec![Cell::Text(name)]);
                    writer.execute(&sql).await.map(drop)
                })
            })
            .await
    }
}

fn read(row: Row) -> Result<Tenant, StoreError> {
    let fault = || StoreError::Fault("a tenant cannot be read back".to_owned());
    let moment = |cell: &Cell| cell.int().and_then(|n| Timestamp::from_microsecond(n).ok());
    Ok(Tenant {
        name: row[0].str().ok_or_else(fault)?.to_owned(),
        hosts: row[1].str().ok_or_else(fault)?.split_whitespace().map(str::to_owned).collect(),
        suspended_at: moment(&row[2]),
        created_at: moment(&row[3]).ok_or_else(fault)?,
    })
}
