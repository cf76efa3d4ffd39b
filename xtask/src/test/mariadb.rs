use std::path::Path;

use super::server::{Kind, Server};
use crate::Result;

/// Makes a server's folder and starts it, with a redo log of 8 MB instead of 96. Connections may be encrypted.
const START: &str = r#"
small=--innodb-log-file-size=8M
"$PROGRAMS/mariadb-install-db" --no-defaults --datadir="$FOLDER/data" --auth-root-authentication-method=normal \
    --skip-test-db "$small" >"$FOLDER/install.log" 2>&1 || { cat "$FOLDER/install.log"; exit 1; }
server=$(command -v mariadbd || echo /usr/sbin/mariadbd)
"$server" --no-defaults --datadir="$FOLDER/data" --socket="$FOLDER/socket" --pid-file="$FOLDER/pid" --port="$PORT" \
    "$small" --bind-address=127.0.0.1 --innodb-flush-log-at-trx-commit=0 --ssl-cert="$FOLDER/server.pem" \
    --ssl-key="$FOLDER/server.key" </dev/null >"$FOLDER/server.log" 2>&1 &
tries=0
until "$PROGRAMS/mariadb-admin" --no-defaults --socket="$FOLDER/socket" --user=root ping >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { cat "$FOLDER/server.log"; exit 1; }
    sleep 0.1
done
"#;

/// Stops it at once.
const STOP: &str = r#"kill -9 "$(cat "$FOLDER/pid")""#;

/// Starts the MariaDB server whose programs lie in `programs`.
///
/// Errors with what the server said.
pub(super) fn start(programs: &Path) -> Result<Server> {
    let kind = Kind { name: "MariaDB", users: &["mysql", "nobody"], start: START, stop: STOP };
    Server::start(&kind, programs, "")
}

/// Address of a server under which tests may create and drop databases.
pub(super) fn address(server: &Server) -> String {
    format!("mysql://root@127.0.0.1:{}", server.port)
}
