use std::env;
use std::path::PathBuf;

use records::{At, Bucket, Keys, Place};
use serde::Deserialize;
use store::Address;
use toml::{Table, Value};

use crate::failure::Failure;

/// What may stand in the environment: the setting with this at its end names the variable.
const ENV: &str = "_env";

/// A place from which sources may be pulled, as the settings file says it: a folder, a bucket or a database, for all tenants or some.
#[derive(Debug, Default, Deserialize)]
pub struct Opened(Table);

/// What is said of a place once variables are looked up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    folder: Option<PathBuf>,
    bucket: Option<String>,
    endpoint: Option<String>,
    region: Option<String>,
    access_key: Option<String>,
    secret_key: Option<String>,
    path_style: Option<bool>,
    database: Option<String>,
    ca: Option<PathBuf>,
    #[serde(default)]
    tenants: Vec<String>,
}

impl Opened {
    /// The place of this name.
    ///
    /// Errors when it is none of what a place can be, or several, and when a variable that it names is not there.
    pub fn place(&self, name: &str) -> Result<Place, Failure> {
        let wrong = |what: String| Failure::usage(format!("places.{name}: {what}"));
        let said: Said = self.looked_up().map_err(wrong)?.try_into().map_err(|e| wrong(format!("{e}")))?;
        let tenants = said.tenants.clone();
        Ok(Place { name: name.to_owned(), tenants, at: said.at().map_err(wrong)? })
    }

    /// What is said, with what is in the environment.
    fn looked_up(&self) -> Result<Table, String> {
        let mut said = Table::new();
        for (key, value) in &self.0 {
            let (key, value) = match (key.strip_suffix(ENV), value) {
                (Some(bare), Value::String(variable)) => {
                    let held = env::var(variable).map_err(|_| format!("{key}: the variable {variable} is not set"))?;
                    (bare, Value::String(held))
                }
                _ => (key.as_str(), value.clone()),
            };
            if said.insert(key.to_owned(), value).is_some() {
                return Err(format!("say either {key} or {key}{ENV}"));
            }
        }
        Ok(said)
    }
}

impl Said {
    fn at(self) -> Result<At, String> {
        let of_buckets = [&self.endpoint, &self.region, &self.access_key, &self.secret_key];
        let of_bucket = self.path_style.is_some() || of_buckets.iter().any(|said| said.is_some());
        match (&self.folder, &self.bucket, &self.database) {
            (None, Some(_), None) if self.ca.is_none() => Ok(At::Bucket(self.bucket()?)),
            (Some(folder), None, None) if !of_bucket && self.ca.is_none() => Ok(At::Folder(folder.clone())),
            (None, None, Some(url)) if !of_bucket => Ok(At::Database(Address { url: url.clone(), ca: self.ca })),
            _ => Err("say either a folder, a bucket or a database, and nothing that is another's".to_owned()),
        }
    }

    fn bucket(self) -> Result<Bucket, String> {
        let address = self.bucket.unwrap_or_default();
        let (name, prefix) =
            address.strip_prefix("s3://").map(|at| at.split_once('/').unwrap_or((at, ""))).unwrap_or_default();
        if name.is_empty() {
            return Err("a bucket is s3://NAME or s3://NAME/PREFIX".to_owned());
        }
        let prefix = prefix.trim_end_matches('/');
        let keys = match (self.access_key, self.secret_key) {
            (Some(access), Some(secret)) => Some(Keys { access, secret }),
            (None, None) => None,
            _ => return Err("say both access_key and secret_key, or neither".to_owned()),
        };
        let region = self.region.unwrap_or_else(|| "us-east-1".to_owned());
        if self.endpoint.as_ref().is_some_and(|at| !at.starts_with("https://") && !at.starts_with("http://")) {
            return Err("an endpoint is https://HOST or http://HOST".to_owned());
        }
        Ok(Bucket {
            name: name.to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            // Amazon wants the bucket in the host's name; other stores know it only in the path, unless told otherwise.
            in_path: self.path_style.unwrap_or(self.endpoint.is_some()),
            endpoint: self.endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
            region,
            keys,
        })
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
        let home = env::var("CARGO_PKG_NAME").expect("cargo runs tests");
        assert_eq!(place("database_env = 'CARGO_PKG_NAME'"), database(home, None));
        for wrong in [
            "",
            "folder = 'a'\ndatabase = 'b'",
            "folder = 'a'\nregion = 'b'",
            "database = 'a'\ndatabase_env = 'CARGO_PKG_NAME'",
            "bucket = 's3://a'\nca = 'b'",
        ] {
            assert!(place(wrong).is_err_and(|said| said.contains("either")), "{wrong}");
        }
        assert!(place("database_env = 'NO_SUCH_VARIABLE'").is_err_and(|said| said.contains("NO_SUCH_VARIABLE")));
        assert!(place("database = 'a'\nhost = 'b'").is_err_and(|said| said.contains("host")));
    }

    #[test]
    fn a_bucket_is_amazons_unless_an_endpoint_is_said() {
        let lake = Bucket {
            name: "lake".to_owned(),
            prefix: "crm/in/".to_owned(),
            endpoint: "https://s3.eu-west-3.amazonaws.com".to_owned(),
            region: "eu-west-3".to_owned(),
            keys: None,
            in_path: false,
        };
        assert_eq!(place("bucket = 's3://lake/crm/in/'\nregion = 'eu-west-3'"), Ok(At::Bucket(lake.clone())));
        let own = Bucket {
            prefix: String::new(),
            endpoint: "http://127.0.0.1:9000".to_owned(),
            region: "us-east-1".to_owned(),
            keys: Some(Keys { access: "a".to_owned(), secret: env::var("CARGO_PKG_NAME").expect("set") }),
            in_path: true,
            ..lake
        };
        let text = "bucket = 's3://lake'\nendpoint = 'http://127.0.0.1:9000'\naccess_key = 'a'\nsecret_key_env = 'CARGO_PKG_NAME'";
        assert_eq!(place(text), Ok(At::Bucket(own)));
        for wrong in [
            "bucket = 'lake'",
            "bucket = 's3://'",
            "bucket = 's3://a'\naccess_key = 'b'",
            "bucket = 's3://a'\nendpoint = 'b'",
        ] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
