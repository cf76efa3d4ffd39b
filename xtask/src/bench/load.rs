//! A load generator: connections that stay open, one request after the other on each, every answer checked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::product::Product;
use super::scenario::Scenario;
use crate::Result;

/// Connections at once, as many as a small company's people who click in the same second.
const CONNECTIONS: usize = 8;
/// Requests that are sent before the measurement, on each connection.
const WARM_UP: u64 = 50;

/// A request.
pub(super) struct Request {
    text: Vec<u8>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// A connection that stays open.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
}

/// What a scenario's requests took.
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) per_second: f64,
    /// Milliseconds below which 50, 95 and 99 of a hundred answers came.
    pub(super) times: [f64; 3],
    /// Processor milliseconds a request: the server's, and its database server's.
    pub(super) work: (f64, f64),
    pub(super) bars: &'static str,
}

impl Request {
    fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: bench.example\r\n");
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        Request { text: text.into_bytes() }
    }

    /// A request of a program with a token.
    pub(super) fn api(method: &str, path: &str, token: &str, body: &str) -> Request {
        let token = format!("Bearer {token}");
        let kind = if body.is_empty() { "" } else { "application/json" };
        Request::new(method, path, &[("Authorization", &token), ("Content-Type", kind)], body)
    }

    /// A page asked for by a browser.
    pub(super) fn page(path: &str, cookie: &str) -> Request {
        Request::new("GET", path, &[("Cookie", cookie), ("Accept", "text/html"), ("Accept-Encoding", "gzip")], "")
            .plain_when_signed_out(cookie)
    }

    /// A form sent by a browser.
    pub(super) fn form(path: &str, cookie: &str, body: &str) -> Request {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        Request::new("POST", path, &[("Cookie", cookie), kind, ("Origin", "http://bench.example")], body)
    }

    /// The sign-in page is read, not measured: it comes as it is.
    fn plain_when_signed_out(self, cookie: &str) -> Request {
        if !cookie.is_empty() {
            return self;
        }
        let text = String::from_utf8_lossy(&self.text).replace("Accept-Encoding: gzip\r\n", "");
        Request { text: text.into_bytes() }
    }
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    pub(super) fn connect(address: &str) -> Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Client { stream: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Sends a request and reads the whole answer.
    pub(super) fn send(&mut self, request: &Request) -> Result<Answer> {
        self.stream.get_mut().write_all(&request.text)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no HTTP answer")?;
        let mut answer = Answer { status, headers: Vec::new(), body: Vec::new() };
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if let Some(length) = answer.header("content-length") {
            answer.body.resize(length.parse()?, 0);
            self.stream.read_exact(&mut answer.body)?;
        } else if answer.header("transfer-encoding") == Some("chunked") {
            self.read_chunks(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> Result {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            let start = body.len();
            body.resize(start + length, 0);
            self.stream.read_exact(&mut body[start..])?;
            line.clear();
            self.stream.read_line(&mut line)?;
            if length == 0 {
                return Ok(());
            }
        }
    }
}

/// Keeps all connections busy with a scenario's requests for a while.
pub(super) fn run(product: &Product, scenario: &Scenario, seconds: Duration) -> Result<Outcome> {
    rounds(product, scenario, |done, _| done < WARM_UP)?;
    let before = product.spent();
    let start = Instant::now();
    let mut times = rounds(product, scenario, |_, start| start.elapsed() < seconds)?;
    let wall = start.elapsed().as_secs_f64();
    let after = product.spent();
    times.sort_unstable();
    let n = times.len();
    let at = |share: f64| times[((n as f64 * share) as usize).min(n - 1)].as_secs_f64() * 1_000.0;
    Ok(Outcome {
        name: scenario.name,
        per_second: n as f64 / wall,
        times: [at(0.5), at(0.95), at(0.99)],
        work: ((after.0 - before.0) * 1_000.0 / n as f64, (after.1 - before.1) * 1_000.0 / n as f64),
        bars: scenario.bars,
    })
}

/// Sends so many requests, spread over all connections.
pub(super) fn all(product: &Product, count: u64, request: impl Fn(u64) -> Request + Sync) -> Result {
    let scenario = Scenario { name: "sending", bars: "", request: Box::new(request) };
    rounds(product, &scenario, |done, _| done < count.div_ceil(CONNECTIONS as u64)).map(drop)
}

fn rounds(product: &Product, scenario: &Scenario, more: impl Fn(u64, Instant) -> bool + Sync) -> Result<Vec<Duration>> {
    let one = |connection: usize| -> std::result::Result<Vec<Duration>, String> {
        let mut client = Client::connect(&product.address).map_err(|e| e.to_string())?;
        let mut times = Vec::with_capacity(100_000);
        let (start, mut done) = (Instant::now(), 0);
        while more(done, start) {
            let request = (scenario.request)(done * CONNECTIONS as u64 + connection as u64);
            let sent = Instant::now();
            let answer = client.send(&request).map_err(|e| e.to_string())?;
            times.push(sent.elapsed());
            if !(200..300).contains(&answer.status) {
                let text = String::from_utf8_lossy(&answer.body);
                return Err(format!("{} is answered with {}: {text}", scenario.name, answer.status));
            }
            done += 1;
        }
        Ok(times)
    };
    thread::scope(|scope| {
        let one = &one;
        let running: Vec<_> = (0..CONNECTIONS).map(|connection| scope.spawn(move || one(connection))).collect();
        let mut all = Vec::new();
        for thread in running {
            all.extend(thread.join().map_err(|_| "a connection's thread panicked")??);
        }
        Ok(all)
    })
}
