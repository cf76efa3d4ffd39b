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
    /// A database.
    Database(Address),
}

impl Place {
    /// Whether a tenant may use it.
    pub fn is_for(&self, tenant: &str) -> bool {
        self.tenants.is_empty() || self.tenants.iter().any(|each| each == tenant)
    }
}
