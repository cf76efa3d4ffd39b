use std::fs;
use std::path::Path;

use super::server::{Kind, Server};
use crate::Result;

/// Makes a database and starts it. Connections may be encrypted.
const START: &str = r#"
initdb() {
    "$PROGRAMS/initdb" --pgdata="$FOLDER/data" --username=clientele --auth=trust --encoding=UTF8 "$@" \
        --no-sync >"$FOLDER/initdb.log" 2>&1
}
initdb --locale=C.UTF-8 || { rm -rf "$FOLDER/data"; initdb --locale=C; } || { cat "$FOLDER/initdb.log"; exit 1; }
cat >>"$FOLDER/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = '$FOLDER'
max_connections = 300
ssl = on
ssl_cert_file = '$FOLDER/server.pem'
ssl_key_file = '$FOLDER/server.key'
$SETTINGS
END
"$PROGRAMS/pg_ctl" --pgdata="$FOLDER/data" --log="$FOLDER/server.log" --wait --timeout=60 start \
    </dev/null >"$FOLDER/start.log" 2>&1 || { cat "$FOLDER/start.log" "$FOLDER/server.log"; exit 1; }
"#;

/// Stops it at once.
const STOP: &str = r#""$PROGRAMS/pg_ctl" --pgdata="$FOLDER/data" --mode=immediate --wait stop"#;

/// What the server is for.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// Nothing needs to survive.
    Tests,
    /// As an operator would run it: durable, with memory for a million records.
    Measurements,
}

impl Use {
    fn settings(self) -> &'static str {
        match self {
            Use::Tests => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off",
            Use::Measurements => {
                "shared_buffers = 2GB\neffective_cache_size = 6GB\nwork_mem = 16MB\nmax_wal_size = 4GB\nrandom_page_cost = 1.1"
            }
        }
    }
}

/// Starts the PostgreSQL server whose programs lie in `programs`.
///
/// Errors with what the server said.
pub(crate) fn start(programs: &Path, purpose: Use) -> Result<Server> {
    let kind = Kind { name: "PostgreSQL", users: &["postgres", "nobody"], start: START, stop: STOP };
    Server::start(&kind, programs, purpose.settings())
}

/// Address of a server under which tests may create and drop schemas.
pub(crate) fn address(server: &Server) -> String {
    format!("postgres://clientele@127.0.0.1:{}/postgres", server.port)
}

/// The process that all others of a server descend from. Errors when its file cannot be read.
pub(crate) fn postmaster(server: &Server) -> Result<u32> {
    let file = fs::read_to_string(server.folder.join("data").join("postmaster.pid"))?;
    Ok(file.lines().next().unwrap_or_default().trim().parse()?)
}
