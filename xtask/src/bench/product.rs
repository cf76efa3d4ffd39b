//! The product as its operator runs it, and what it costs.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::load::{Client, Request};
use crate::{Result, command};

const EMAIL: &str = "admin@bench.example";
const PASSWORD: &str = "measured-not-guessed";
/// Ticks of the kernel's clock in a second, on every Linux that this runs on.
const TICKS: f64 = 100.0;

/// Where the data lies.
pub(super) struct Database {
    pub(super) arguments: Vec<OsString>,
    /// The database server's first process, whose family's work is counted too.
    pub(super) postmaster: Option<u32>,
}

/// What a command cost.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) wall: Duration,
    /// Processor seconds of the product.
    pub(super) product: f64,
    /// Processor seconds of the database server.
    pub(super) database: f64,
}

/// A running server, with what it takes to ask it.
pub(super) struct Product {
    server: Child,
    postmaster: Option<u32>,
    pub(super) address: String,
    pub(super) token: String,
    pub(super) cookie: String,
}

/// Runs a command of the product to its end.
pub(super) fn cost(command: &mut Command, database: &Database) -> Result<Cost> {
    let shown = command::shown(command);
    let before = database.postmaster.map_or(0.0, family);
    let start = Instant::now();
    let children = waited_for()?;
    let output = command.stdin(Stdio::null()).output()?;
    let wall = start.elapsed();
    if !output.status.success() {
        return Err(format!("{shown} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let database = database.postmaster.map_or(0.0, family) - before;
    Ok(Cost { wall, product: waited_for()? - children, database })
}

impl Product {
    /// Starts the server, with an administrator, a token and a session.
    pub(super) fn start(binary: &Path, database: &Database) -> Result<Product> {
        let said = |words: &[&str]| {
            let mut command = Command::new(binary);
            command.args(words).args(&database.arguments).env("BENCH_PASSWORD", PASSWORD);
            command::output(&mut command)
        };
        said(&["user", "create", EMAIL, "--name", "Admin", "--role", "admin", "--password-env", "BENCH_PASSWORD"])?;
        let token = said(&["token", "create", "--user", EMAIL, "--name", "bench", "--scope", "write"])?;
        let mut server = Command::new(binary)
            .args(["serve", "--port", "0"])
            .args(&database.arguments)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(server.stdout.take().ok_or("the server has no output")?).lines();
        let mut product = Product {
            server,
            postmaster: database.postmaster,
            address: String::new(),
            token: token.trim().to_owned(),
            cookie: String::new(),
        };
        while product.address.is_empty() {
            let line = lines.next().ok_or("the server ended before it said its address")??;
            let url = line.split_whitespace().find_map(|word| word.split_once("http://"));
            product.address = url.map_or("", |(_, rest)| rest.trim_end_matches(['/', '.'])).to_owned();
        }
        // The rest is read too, or the server would find nobody listening.
        thread::spawn(move || lines.for_each(drop));
        product.cookie = product.sign_in()?;
        Ok(product)
    }

    fn sign_in(&self) -> Result<String> {
        let mut client = Client::connect(&self.address)?;
        let page = client.send(&Request::page("/sign-in", ""))?;
        let before = page.header("set-cookie").and_then(|c| c.split(';').next()).unwrap_or_default().to_owned();
        let text = String::from_utf8_lossy(&page.body);
        let csrf = text.split("name=\"_csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form = format!(
            "_csrf={}&email={}&password={PASSWORD}",
            csrf.ok_or("the sign-in page has no form")?,
            EMAIL.replace('@', "%40")
        );
        let answer = client.send(&Request::form("/sign-in", &before, &form))?;
        let session = answer.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("session="));
        let (_, cookie) = session.ok_or_else(|| format!("the sign-in is answered with {}", answer.status))?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Processor seconds so far, of the server and of its database server.
    pub(super) fn spent(&self) -> (f64, f64) {
        (of_process(self.server.id()), self.postmaster.map_or(0.0, family))
    }

    /// Resident memory in megabytes: all of it, and what is not a mapped file.
    pub(super) fn memory(&self) -> Result<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id()))?;
        let kilobytes = |name: &str| -> u64 {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        Ok((kilobytes("VmRSS:") / 1024, kilobytes("RssAnon:") / 1024))
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // Nothing can be done about a server that has ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The fields of a process's line in `/proc`, from its state on.
fn stat(process: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    Some(text.rsplit(')').next()?.split_whitespace().map(str::to_owned).collect())
}

fn ticks(stat: &[String], places: std::ops::Range<usize>) -> f64 {
    stat[places].iter().filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() / TICKS
}

fn of_process(process: u32) -> f64 {
    stat(process).map_or(0.0, |stat| ticks(&stat, 11..13))
}

/// A process and its children, those that ended included.
fn family(process: u32) -> f64 {
    let own = stat(process).map_or(0.0, |stat| ticks(&stat, 11..15));
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let others = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children = others.filter_map(stat).filter(|stat| stat[1] == process.to_string());
    own + children.map(|stat| ticks(&stat, 11..13)).sum::<f64>()
}

/// Processor seconds of this process's children that ended.
fn waited_for() -> Result<f64> {
    let own = stat(std::process::id()).ok_or("this needs Linux's /proc")?;
    Ok(ticks(&own, 13..15))
}
