use std::fmt;
use std::path::PathBuf;

use store::Address;

/// Somewhere outside from which sources may be pulled. Whoever runs the server names it; administrators of a tenant can only choose
/// among the names, so that they reach no other file and no other host, and never see a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is called.
    pub name: String,
    /// The tenants that may use it; all where none is named.
    pub tenants: Vec<String>,
    /// What is there.
    pub at: At,
}

/// What is at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// Files.
    Folder(PathBuf),
    /// Files of a store that is spoken to as Amazon's S3 is.
    Bucket(Bucket),
    /// A database.
    Database(Address),
}

/// A bucket of an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the names of the files begin with; empty, or with a `/` at its end.
    pub prefix: String,
    /// The store's address, `https://…`.
    pub endpoint: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Who asks; nobody in a bucket that all may read.
    pub keys: Option<Keys>,
    /// Whether its name stands in the path of an address (`https://store/bucket/…`) and not in the host's name.
    pub in_path: bool,
}

/// What a store knows somebody by.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The name.
    pub access: String,
    /// The password. It is not shown.
    pub secret: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("access", &self.access).finish_non_exhaustive()
    }
}

impl At {
    /// Whether there are files, not rows.
    pub fn has_files(&self) -> bool {
        !matches!(self, At::Database(_))
    }
}

impl Place {
    /// Whether a tenant may use it.
    pub fn is_for(&self, tenant: &str) -> bool {
        self.tenants.is_empty() || self.tenants.iter().any(|each| each == tenant)
    }
}
