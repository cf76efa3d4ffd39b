//! Files of a bucket of an S3-compatible store, fetched one at a time into a file that has no name.

use std::fs::File;
use std::io::{Read, Seek, copy};
use std::time::Duration;

use model::Problem;
use records::Bucket;
use rusty_s3::actions::{ListObjectsV2, S3Action};
use rusty_s3::{Credentials, UrlStyle};
use ureq::Agent;

/// Names that the store gives at a time: its own limit.
const PAGE: usize = 1_000;
/// Most names that are looked through.
const MOST_NAMES: usize = 1_000_000;
/// Most bytes of a file.
const MOST_BYTES: u64 = 2 << 30;
/// Most bytes of a page of names.
const MOST_LISTED: u64 = 16 << 20;
/// How long a signature holds, by the machine's clock: the store compares it with its own.
const SIGNED: Duration = Duration::from_secs(300);

/// A file of a bucket.
pub(super) struct Object {
    /// What it is called after the bucket's prefix.
    pub(super) name: String,
    /// What is another one after every change.
    pub(super) stamp: String,
    size: u64,
}

/// A bucket, and how it is spoken to.
pub(super) struct Client {
    bucket: rusty_s3::Bucket,
    credentials: Option<Credentials>,
    prefix: String,
    agent: Agent,
}

impl Client {
    /// Errors when the address of the store cannot be one.
    pub(super) fn of(at: &Bucket) -> Result<Client, Problem> {
        let wrong = |detail: String| unreachable(&detail);
        let style = if at.in_path { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let endpoint = at.endpoint.parse().map_err(|_| wrong(at.endpoint.clone()))?;
        let bucket = rusty_s3::Bucket::new(endpoint, style, at.name.clone(), at.region.clone());
        let keys = at.keys.as_ref();
        let agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .timeout_per_read(Some(Duration::from_secs(60)))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Client {
            bucket: bucket.map_err(|error| wrong(error.to_string()))?,
            credentials: keys.map(|keys| Credentials::new(keys.access.clone(), keys.secret.clone())),
            prefix: at.prefix.clone(),
            agent: agent.into(),
        })
    }

    /// Its own files whose name begins like this, in the order of their names; those of folders in it are not its own. `most` of those
    /// that are wanted end the list: one more says that there are more.
    pub(super) fn list(
        &self,
        begins: &str,
        most: usize,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Object>, Problem> {
        let mut found = Vec::new();
        let mut token = None;
        for _ in 0..MOST_NAMES / PAGE {
            let mut action = self.bucket.list_objects_v2(self.credentials.as_ref());
            action.with_prefix(format!("{}{begins}", self.prefix));
            action.with_delimiter("/");
            // Some stores say that they encoded the names and did not, which loses `+` and `%`.
            action.query_mut().remove("encoding-type");
            if let Some(token) = token.take() {
                action.with_continuation_token(token);
            }
            let mut text = String::new();
            let answered = self.get(action.sign(SIGNED).as_str(), None)?.take(MOST_LISTED).read_to_string(&mut text);
            answered.map_err(|error| unreachable(&error.to_string()))?;
            let page = ListObjectsV2::parse_response(&text).map_err(|error| failed(&error.to_string()))?;
            for object in page.contents {
                let Some(name) = object.key.strip_prefix(&self.prefix).filter(|name| wanted(name)) else { continue };
                let size = object.size.unwrap_or_default();
                let (etag, changed) = (object.etag.unwrap_or_default(), object.last_modified.unwrap_or_default());
                found.push(Object { name: name.to_owned(), stamp: format!("{size} {changed} {etag}"), size });
            }
            if found.len() > most {
                return Ok(found);
            }
            token = page.next_continuation_token;
            if token.is_none() {
                found.sort_by(|a, b| a.name.cmp(&b.name));
                return Ok(found);
            }
        }
        Err(Problem::new("files", "pull-many").number("max", MOST_NAMES as i64))
    }

    /// A file's content, in a file that vanishes when it is closed.
    pub(super) fn fetch(&self, object: &Object) -> Result<File, Problem> {
        let large = || {
            let problem = Problem::new("place", "pull-large").text("file", &object.name);
            problem.number("max", (MOST_BYTES >> 30) as i64)
        };
        if object.size > MOST_BYTES {
            return Err(large());
        }
        let key = format!("{}{}", self.prefix, object.name);
        let url = self.bucket.get_object(self.credentials.as_ref(), &key).sign(SIGNED);
        let mut body = self.get(url.as_str(), Some(&object.name))?.take(MOST_BYTES + 1);
        let broken = |error: std::io::Error| file_broken(&object.name, &error.to_string());
        let mut file = tempfile::tempfile().map_err(broken)?;
        if copy(&mut body, &mut file).map_err(broken)? > MOST_BYTES {
            return Err(large());
        }
        file.rewind().map_err(broken)?;
        Ok(file)
    }

    /// What is at an address, where that is a file's or the bucket's.
    fn get(&self, url: &str, file: Option<&str>) -> Result<impl Read + use<>, Problem> {
        let answer = self.agent.get(url).header("user-agent", "Clientele").call();
        let answer = answer.map_err(|error| unreachable(&error.to_string()))?;
        let status = answer.status();
        let body = answer.into_body().into_reader();
        if status.is_success() {
            return Ok(body);
        }
        let mut text = String::new();
        // What cannot be read is told by the status alone.
        let _ = body.take(64 * 1024).read_to_string(&mut text);
        let code = between(&text, "Code").unwrap_or_default();
        let said = between(&text, "Message").unwrap_or_default();
        let detail = [&status.as_u16().to_string(), code, said].map(str::trim).join(" ").trim().to_owned();
        Err(match (status.as_u16(), code, file) {
            (401 | 403, ..) | (_, "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "AccessDenied", _) => {
                Problem::new("place", "pull-bucket-refused").text("detail", detail)
            }
            (_, "NoSuchBucket", _) | (404, _, None) => {
                Problem::new("place", "pull-bucket-missing").text("value", self.bucket.name())
            }
            (.., Some(file)) => file_broken(file, &detail),
            _ => failed(&detail),
        })
    }
}

/// What an element of a store's answer says. The answer is not trusted to be XML: a proxy may have given it.
fn between<'a>(text: &'a str, element: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(&format!("<{element}>"))?;
    after.split_once("</").map(|(said, _)| said)
}

fn unreachable(detail: &str) -> Problem {
    Problem::new("place", "pull-bucket-unreachable").text("detail", detail)
}

fn failed(detail: &str) -> Problem {
    Problem::new("place", "pull-bucket").text("detail", detail)
}

fn file_broken(file: &str, detail: &str) -> Problem {
    Problem::new("place", "pull-file").text("file", file).text("detail", detail)
}

#[cfg(test)]
mod tests {
    use records::Keys;

    use super::*;

    #[test]
    fn buckets_stand_in_the_path_or_in_the_host() {
        let url = |in_path| {
            let at = Bucket {
                name: "lake".to_owned(),
                prefix: "crm/".to_owned(),
                endpoint: "https://s3.example:9000".to_owned(),
                region: "eu-west-3".to_owned(),
                keys: Some(Keys { access: "A".to_owned(), secret: "S".to_owned() }),
                in_path,
            };
            let client = Client::of(&at).unwrap_or_else(|problem| panic!("{problem:?}"));
            client.bucket.object_url("crm/é t+.csv").to_string()
        };
        assert_eq!(url(true), "https://s3.example:9000/lake/crm/%C3%A9%20t%2B.csv");
        assert_eq!(url(false), "https://lake.s3.example:9000/crm/%C3%A9%20t%2B.csv");
    }

    #[test]
    fn an_answer_need_not_be_xml() {
        assert_eq!(between("<Error><Code>NoSuchBucket</Code></Error>", "Code"), Some("NoSuchBucket"));
        assert_eq!(between("<html>Bad Gateway", "Code"), None);
    }
}
