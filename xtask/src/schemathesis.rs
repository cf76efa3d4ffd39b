//! Schemathesis against the product: requests made up from the OpenAPI document, to find what breaks its promises.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, process, thread};

use crate::workspace::Workspace;
use crate::{Result, command};

const PACKAGES: [&str; 2] = ["schemathesis==4.32.5", "openapi-spec-validator==0.9.0"];
/// What must hold. Left out are the checks that take every value of a type for a good one: a filter or a selection is a text, and most
/// texts are none.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
response_headers_conformance,ignored_auth,unsupported_method,use_after_free";
const EMAIL: &str = "admin@test.example";
/// Fetches the document with a token, and writes it to a file.
const FETCH: &str = "import sys, urllib.request as r; \
open(sys.argv[3], 'wb').write(r.urlopen(r.Request(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]})).read())";

/// Starts the product with a sample company, checks its document with an independent validator and sends it made-up requests.
/// `arguments` go to Schemathesis.
///
/// Errors when the document is not valid, when a request is answered otherwise than it says, and when Python is missing.
pub(crate) fn run(arguments: &[&str]) -> Result {
    let workspace = Workspace::open()?;
    let tools = tools(&workspace.target)?;
    command::run(command::cargo(&workspace.root).args(["build", "--package", "clientele"]))?;
    let product = Product::start(&workspace.target.join("debug").join("clientele"))?;
    let document = product.folder.join("openapi.json");
    let url = format!("{}/api/v1/openapi.json", product.url);
    command::run(Command::new(tools.join("python")).args(["-c", FETCH, &url, &product.token]).arg(&document))?;
    command::run(Command::new(tools.join("openapi-spec-validator")).arg(&document))?;
    // Requests about users and roles come last: some of them take the caller's own rights away.
    for part in ["--exclude-path-regex", "--include-path-regex"] {
        let mut run = Command::new(tools.join("schemathesis"));
        run.current_dir(&product.folder).args(["run", &url, part, "^/(user|role)(/|$)", "--header"]);
        run.arg(format!("Authorization: Bearer {}", product.token));
        run.args(["--checks", CHECKS, "--max-examples", "30", "--workers", "2", "--request-timeout", "20"])
            .args(arguments);
        command::run(&mut run)?;
    }
    Ok(())
}

/// The folder of the tools' programs, installed on the first run.
fn tools(target: &Path) -> Result<PathBuf> {
    let folder = target.join("schemathesis");
    let programs = folder.join("bin");
    let installed = folder.join("installed");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&installed).is_ok_and(|present| present == wanted) {
        return Ok(programs);
    }
    let python = command::on_path(&["python3"])
        .ok_or("Python 3 with its venv module is needed: install python3 and python3-venv")?;
    command::run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    command::run(Command::new(programs.join("pip")).args(["install", "--quiet"]).args(PACKAGES))?;
    fs::write(&installed, wanted)?;
    Ok(programs)
}

/// The product at work, with an administrator's token. It ends, and its folder goes, when this is dropped.
struct Product {
    server: Child,
    folder: PathBuf,
    url: String,
    token: String,
}

impl Product {
    /// Starts it with a small sample company, so that there are records to read and change.
    fn start(binary: &Path) -> Result<Product> {
        let folder = env::temp_dir().join(format!("clientele-schemathesis-{}", process::id()));
        fs::create_dir_all(&folder)?;
        let data = folder.join("data");
        let mut server = Command::new(binary)
            .args(["demo", "--no-open", "--contacts", "50", "--port", "0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(server.stdout.take().ok_or("the server has no output")?).lines();
        let mut product = Product { url: String::new(), token: String::new(), server, folder };
        while product.url.is_empty() {
            let line = lines.next().ok_or("the server ended before it said its address")??;
            let url = line.split_whitespace().find(|word| word.starts_with("http://"));
            product.url = url.unwrap_or_default().to_owned();
        }
        // The rest is read too, or the server would find nobody listening.
        thread::spawn(move || lines.for_each(drop));
        let said = |words: &[&str]| {
            let words = words.iter().map(|word| if *word == "DATA" { data.as_os_str() } else { OsStr::new(word) });
            command::output(Command::new(binary).args(words))
        };
        said(&["user", "--data", "DATA", "create", EMAIL, "--name", "Admin", "--role", "admin"])?;
        let token = said(&["token", "--data", "DATA", "create", "--user", EMAIL, "--name", "schemathesis"])?;
        product.token = token.trim().to_owned();
        Ok(product)
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // Nothing can be done about a server that has ended already, or a folder that is gone.
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
