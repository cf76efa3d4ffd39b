//! The company that is imported: the sample company's accounts and contacts, as files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::civil::date;
use serde_json::{Map, Value};

use crate::Result;

/// The files to import.
pub(super) struct Files {
    pub(super) accounts: PathBuf,
    pub(super) account_rows: u64,
    pub(super) contacts: PathBuf,
}

/// Column titles, and where each value stands in the sample's record.
const ACCOUNT: [(&str, &[&str]); 6] = [
    ("name", &["name"]),
    ("website", &["website", "0", "value"]),
    ("address.street", &["address", "street"]),
    ("address.postcode", &["address", "postcode"]),
    ("address.city", &["address", "city"]),
    ("lifecycle", &["lifecycle"]),
];
const CONTACT: [(&str, &[&str]); 10] = [
    ("name.first", &["name", "first"]),
    ("name.last", &["name", "last"]),
    ("account.external_id", &["account", "$ref"]),
    ("job_title", &["job_title"]),
    ("emails", &["emails", "0", "value"]),
    ("phones", &["phones", "0", "value"]),
    ("address.postcode", &["address", "postcode"]),
    ("address.city", &["address", "city"]),
    ("birth_date", &["birth_date"]),
    ("lifecycle", &["lifecycle"]),
];

/// Writes both files into a folder.
pub(super) fn write(folder: &Path, contacts: u64) -> Result<Files> {
    let mut plan = demo::Plan::new(1, date(2026, 1, 1));
    plan.sizes = demo::Sizes::for_contacts(contacts);
    let company = demo::Company::new(plan);
    let file = |object: &'static str, columns: &[(&str, &[&str])]| -> Result<PathBuf> {
        let path = folder.join(format!("{object}.csv"));
        let mut out = BufWriter::new(File::create(&path)?);
        let titles: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
        writeln!(out, "external_id,{}", titles.join(","))?;
        for record in company.records_of(object) {
            write!(out, "{}", record.key)?;
            for (_, place) in columns {
                write!(out, ",\"{}\"", at(&record.fields, place).replace('"', "\"\""))?;
            }
            writeln!(out)?;
        }
        out.flush()?;
        Ok(path)
    };
    Ok(Files {
        accounts: file("account", &ACCOUNT)?,
        account_rows: company.count("account"),
        contacts: file("contact", &CONTACT)?,
    })
}

/// The text at a place; of a reference, the key.
fn at<'a>(fields: &'a Map<String, Value>, place: &[&str]) -> &'a str {
    let (first, rest) = place.split_first().expect("a place has a name");
    let value = rest.iter().try_fold(fields.get(*first).unwrap_or(&Value::Null), |value, step| match value {
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    });
    let text = value.and_then(Value::as_str).unwrap_or_default();
    if place.last() == Some(&"$ref") { text.rsplit('/').next().unwrap_or_default() } else { text }
}
