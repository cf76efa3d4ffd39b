use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use records::Place;
use serde::Deserialize;

use crate::failure::Failure;
use crate::opened::Opened;

/// Where the server listens. Given on the command line, by environment, or in a TOML file; the command line wins, then the
/// environment.
#[derive(Clone, Debug, clap::Args)]
pub struct Listen {
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, env = "CLIENTELE_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one [default: 8080]
    #[arg(long, env = "CLIENTELE_PORT")]
    pub port: Option<u16>,
    /// Address under which browsers reach the server, for links in messages [default: the address listened on]
    #[arg(long, env = "CLIENTELE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// The settings of a TOML file: `data`, `database`, `listen`, `port`, `public_url`, and `places` by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// Folder with the databases.
    pub data: Option<PathBuf>,
    /// Address of a PostgreSQL database.
    pub database: Option<String>,
    listen: Option<IpAddr>,
    port: Option<u16>,
    public_url: Option<String>,
    places: BTreeMap<String, Opened>,
}

impl File {
    /// The places that it opens.
    ///
    /// Errors when one is not said well.
    pub fn places(&self) -> Result<Vec<Place>, Failure> {
        self.places.iter().map(|(name, opened)| opened.place(name)).collect()
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<File, Failure> {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
    }
}

impl Listen {
    /// Fills in what the file says and the command line does not.
    pub fn or(self, file: &File) -> Listen {
        Listen {
            listen: self.listen.or(file.listen),
            port: self.port.or(file.port),
            public_url: self.public_url.or_else(|| file.public_url.clone()),
        }
    }

    /// The address to listen on.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.listen.unwrap_or(IpAddr::from([127, 0, 0, 1])), self.port.unwrap_or(8080))
    }
}
