use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use super::install;
use crate::{Result, command};

/// What comes before a server's own script: its certificate, for the address at which tests reach it.
const BEFORE: &str = r#"
set -eu
umask 077
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=127.0.0.1" -addext "subjectAltName=IP:127.0.0.1" \
    -addext "basicConstraints=critical,CA:FALSE" -keyout "$FOLDER/server.key" -out "$FOLDER/server.pem" \
    >"$FOLDER/openssl.log" 2>&1 || { cat "$FOLDER/openssl.log"; exit 1; }
"#;

/// A kind of database server.
pub(super) struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// Users that may run it where this process is root; the first one that exists does.
    pub users: &'static [&'static str],
    /// What makes a database in `$FOLDER` with the programs in `$PROGRAMS`, and returns once it answers on `$PORT`.
    pub start: &'static str,
    /// What stops it.
    pub stop: &'static str,
}

/// A server of this tool's own: own folder, own port. It stops when dropped.
pub(crate) struct Server {
    name: &'static str,
    /// The shell that looks after the server; closing its input ends both.
    keeper: Child,
    /// Where its files are.
    pub(super) folder: PathBuf,
    /// Where it listens.
    pub(super) port: u16,
}

impl Server {
    /// Starts the server whose programs lie in `programs`, and a shell that waits for its input to close: then it stops the server and
    /// removes the folder. The input is a pipe from this tool, so that the end comes however this tool ends, even killed.
    ///
    /// As root it runs under another user, because servers refuse root. Errors with what the server said.
    pub(super) fn start(kind: &Kind, programs: &Path, settings: &str) -> Result<Self> {
        install::openssl()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let user = if install::is_root() { Some(unprivileged_user(kind)?) } else { None };
        let folder = make_folder(user)?;
        let end = format!("echo ready\ncat >/dev/null\n{} >/dev/null 2>&1 || true\nrm -rf \"$FOLDER\"\n", kind.stop);
        let mut keeper = shell(user, &[BEFORE, kind.start, &end].concat())
            .current_dir("/")
            .env("PROGRAMS", programs)
            .env("FOLDER", &folder)
            .env("PORT", port.to_string())
            .env("SETTINGS", settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut server_says = BufReader::new(keeper.stdout.take().ok_or("the server's shell has no output")?);
        let mut said = String::new();
        while server_says.read_line(&mut said)? > 0 {
            if said.ends_with("ready\n") {
                println!("==> {} of {} on port {port}", kind.name, programs.display());
                return Ok(Self { name: kind.name, keeper, folder, port });
            }
        }
        keeper.wait()?;
        fs::remove_dir_all(&folder)?;
        Err(format!("{} does not start: {}", kind.name, said.trim()).into())
    }

    /// The file that vouches for the server's certificate.
    pub(super) fn certificate(&self) -> PathBuf {
        self.folder.join("server.pem")
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
            eprintln!("the tests' {} may still run on port {}: {error}", self.name, self.port);
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

fn unprivileged_user(kind: &Kind) -> Result<&'static str> {
    let there = kind.users.iter().find(|user| command::succeeds(Command::new("id").arg(user)));
    let advice = || format!("{} refuses to run as root: add a user named {}", kind.name, kind.users[0]);
    Ok(there.copied().ok_or_else(advice)?)
}

/// A shell that runs a script, under another user where one is given. It is a process group of its own, so
/// that Ctrl-C at the terminal reaches it only as the end of its input.
fn shell(user: Option<&str>, script: &str) -> Command {
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
    command.arg("-c").arg(script).process_group(0);
    command
}
