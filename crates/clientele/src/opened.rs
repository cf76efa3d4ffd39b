use std::path::PathBuf;

use records::{At, Place};
use serde::Deserialize;
use store::Address;

use crate::failure::Failure;

/// A place from which sources may be pulled, as the settings file says it: a folder or a database, for all tenants or some. What is
/// secret may be in the environment.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Opened {
    folder: Option<PathBuf>,
    database: Option<String>,
    database_env: Option<String>,
    ca: Option<PathBuf>,
    tenants: Vec<String>,
}

impl Opened {
    /// The place of this name.
    ///
    /// Errors when it is none of what a place can be, or several, and when a variable that it names is not there.
    pub fn place(&self, name: &str) -> Result<Place, Failure> {
        let wrong = |what: String| Failure::usage(format!("places.{name}: {what}"));
        let database = said("database", &self.database, &self.database_env).map_err(wrong)?;
        let at = match (&self.folder, database) {
            (Some(folder), None) => At::Folder(folder.clone()),
            (None, Some(url)) => At::Database(Address { url, ca: self.ca.clone() }),
            _ => return Err(wrong("say either a folder or a database".to_owned())),
        };
        Ok(Place { name: name.to_owned(), tenants: self.tenants.clone(), at })
    }
}

/// What is said in the file, or in the variable of the environment that the file names.
fn said(what: &str, here: &Option<String>, variable: &Option<String>) -> Result<Option<String>, String> {
    match (here, variable) {
        (Some(_), Some(_)) => Err(format!("say either {what} or {what}_env")),
        (here, None) => Ok(here.clone()),
        (None, Some(variable)) => match std::env::var(variable) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(format!("{what}_env: the variable {variable} is not set")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Result<At, String> {
        let opened: Opened = toml::from_str(text).map_err(|e| e.to_string())?;
        opened.place("shop").map(|place| place.at).map_err(|e| e.to_string())
    }

    #[test]
    fn a_place_is_one_thing() {
        let database = |url: String, ca: Option<&str>| Ok(At::Database(Address { url, ca: ca.map(PathBuf::from) }));
        assert_eq!(place("folder = 'drop'"), Ok(At::Folder("drop".into())));
        assert_eq!(
            place("database = 'mysql://h/d'\nca = 'ca.pem'"),
            database("mysql://h/d".to_owned(), Some("ca.pem"))
        );
        let home = std::env::var("CARGO_PKG_NAME").expect("cargo runs tests");
        assert_eq!(place("database_env = 'CARGO_PKG_NAME'"), database(home, None));
        for wrong in ["", "folder = 'a'\ndatabase = 'b'", "database = 'a'\ndatabase_env = 'CARGO_PKG_NAME'"] {
            assert!(place(wrong).is_err_and(|said| said.contains("either")), "{wrong}");
        }
        assert!(place("database_env = 'NO_SUCH_VARIABLE'").is_err_and(|said| said.contains("NO_SUCH_VARIABLE")));
    }
}
