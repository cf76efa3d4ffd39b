use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value as Json;

use crate::program::{Program, said};

/// The program serving, until dropped.
pub struct Server {
    child: Child,
    address: String,
}

/// An answer: its status and its body.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Server {
    /// Serves the instance on a free port.
    pub fn start(program: &Program) -> Server {
        Server::start_with(program, &[])
    }

    /// The same with more arguments.
    pub fn start_with(program: &Program, more: &[&str]) -> Server {
        let mut child = program
            .command(&[&["serve", "--port", "0"], more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let address = said(&mut child, "Clientele answers at http://");
        Server { child, address }
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Where it answers, for clients in other threads.
    pub fn address(&self) -> String {
        self.address.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own; `None` when the server goes away before it has answered.
pub fn ask(address: &str, host: &str, method: &str, path: &str, token: &str, body: Option<&Json>) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let body = body.map(Json::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Prefer: return=representation\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // An answer cut short is no answer.
    let whole = !head.to_ascii_lowercase().contains("content-length")
        || head.lines().any(|l| l.to_ascii_lowercase() == format!("content-length: {}", body.len()));
    whole.then(|| Answer { status, body: body.to_owned() })
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// Lets writers write to a server that is killed (`kill -9`) at a random moment, again and again; answers the names of all writes that
/// were acknowledged. `write` writes something of a name at an address and says whether it was acknowledged; it panics when refused.
pub fn acknowledged_through_kills(
    program: &Program,
    kills: u64,
    writers: u64,
    write: impl Fn(&str, &str) -> bool + Send + Sync + 'static,
) -> Vec<String> {
    let write = Arc::new(write);
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut server = Server::start(program);
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..writers)
            .map(|writer| {
                let (address, write, stop) = (server.address(), Arc::clone(&write), Arc::clone(&stop));
                std::thread::spawn(move || {
                    let mut names = Vec::new();
                    for n in 0.. {
                        let name = format!("R{round} W{writer} N{n}");
                        match write(&address, &name) {
                            true => names.push(name),
                            false if stop.load(Ordering::Relaxed) => break,
                            false => {}
                        }
                    }
                    names
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(40 + round * 37 % 300));
        stop.store(true, Ordering::Relaxed);
        server.kill();
        for writer in writers {
            acknowledged.extend(writer.join().expect("no refusal"));
        }
    }
    acknowledged
}
