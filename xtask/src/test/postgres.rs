use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use super::install;
use crate::{Result, command};

/// Makes a database, starts it, and waits for its input to close: then it stops the server and removes the
/// folder. The input is a pipe from this tool, so that the end comes however this tool ends, even killed.
const SCRIPT: &str = r#"
set -eu
umask 077
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
$SETTINGS
END
"$PROGRAMS/pg_ctl" --pgdata="$FOLDER/data" --log="$FOLDER/server.log" --wait --timeout=60 start \
    </dev/null >"$FOLDER/start.log" 2>&1 || { cat "$FOLDER/start.log" "$FOLDER/server.log"; exit 1; }
echo ready
cat >/dev/null
"$PROGRAMS/pg_ctl" --pgdata="$FOLDER/data" --mode=immediate --wait stop >/dev/null 2>&1 || true
rm -rf "$FOLDER"
"#;

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

/// A PostgreSQL server of this tool's own: own folder, own port. It stops when dropped.
pub(crate) struct Server {
    /// The shell that looks after the server; closing its input ends both.
    keeper: Child,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Starts the server whose programs lie in `programs`.
    ///
    /// As root it runs under another user, because PostgreSQL refuses root. Errors with what the server said.
    pub(crate) fn start(programs: &Path, purpose: Use) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let user = if install::is_root() { Some(unprivileged_user()?) } else { None };
        let folder = make_folder(user)?;
        let mut keeper = shell(user)?
            .current_dir("/")
            .env("PROGRAMS", programs)
            .env("FOLDER", &folder)
            .env("PORT", port.to_string())
            .env("SETTINGS", purpose.settings())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut server_says = BufReader::new(keeper.stdout.take().ok_or("the server's shell has no output")?);
        let mut said = String::new();
        while server_says.read_line(&mut said)? > 0 {
            if said.ends_with("ready\n") {
                println!("==> PostgreSQL of {} on port {port}", programs.display());
                return Ok(Self { keeper, folder, port });
            }
        }
        keeper.wait()?;
        fs::remove_dir_all(&folder)?;
        Err(format!("PostgreSQL does not start: {}", said.trim()).into())
    }

    /// Address under which tests may create and drop schemas.
    pub(crate) fn address(&self) -> String {
        format!("postgres://clientele@127.0.0.1:{}/postgres", self.port)
    }

    /// The process that all others of the server descend from. Errors when its file cannot be read.
    pub(crate) fn postmaster(&self) -> Result<u32> {
        let file = fs::read_to_string(self.folder.join("data").join("postmaster.pid"))?;
        Ok(file.lines().next().unwrap_or_default().trim().parse()?)
    }

    /// Stops the server and removes its folder.
    pub(crate) fn stop(mut self) -> Result {
        self.close()
    }

    fn close(&mut self) -> Result {
        drop(self.keeper.stdin.take());
        self.keeper.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            eprintln!("the tests' PostgreSQL may still run on port {}: {error}", self.port);
        }
    }
}

/// A folder that only the server's user can read.
fn make_folder(user: Option<&str>) -> Result<PathBuf> {
    let made = command::output(Command::new("mktemp").arg("-d").arg(env::temp_dir().join("clientele-test-XXXXXX")))?;
    let folder = PathBuf::from(made.trim_end());
    if let Some(user) = user {
        command::run(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}

fn unprivileged_user() -> Result<&'static str> {
    ["postgres", "nobody"]
        .into_iter()
        .find(|user| command::succeeds(Command::new("id").arg(user)))
        .ok_or_else(|| "PostgreSQL refuses to run as root: add a user named postgres".into())
}

/// A shell that runs [`SCRIPT`], under another user where one is given. It is a process group of its own, so
/// that Ctrl-C at the terminal reaches it only as the end of its input.
fn shell(user: Option<&str>) -> Result<Command> {
    use std::os::unix::process::CommandExt;

    let mut command = match user {
        None => Command::new("sh"),
        Some(user) if command::on_path(&["runuser"]).is_some() => {
            let mut command = Command::new("runuser");
            command.args(["--user", user, "--", "sh"]);
            command
        }
        Some(user) => {
            let mut command = Command::new("su");
            command.args(["--shell", "/bin/sh", user]);
            command
        }
    };
    command.arg("-c").arg(SCRIPT).process_group(0);
    Ok(command)
}
