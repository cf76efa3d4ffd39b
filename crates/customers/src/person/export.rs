//! What is held, to be taken along (RGPD, articles 15.3 and 20).

use kernel::Ctx;
use model::to_json;
use records::Space;
use serde_json::{Map, Value as Json, json};

use super::Held;
use crate::consent::Known;
use crate::segment::{Segment, reasons};

/// The forms in which somebody takes its data along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Everything, for machines.
    Json,
    /// Every value and every event in a line.
    Csv,
    /// How the person is called and reached (vCard 4.0, RFC 6350).
    Vcard,
}

impl Form {
    /// The form with this ending of a file's name.
    pub fn parse(name: &str) -> Option<Form> {
        match name {
            "json" => Some(Form::Json),
            "csv" => Some(Form::Csv),
            "vcf" => Some(Form::Vcard),
            _ => None,
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Vcard => "text/vcard; charset=utf-8",
        }
    }
}

/// Writes what is held, with what the ledger says of the contact points that are proven.
pub fn export(space: &Space, ctx: &Ctx, held: &Held, consents: &[Known], form: Form) -> String {
    match form {
        Form::Json => format!("{:#}", whole(space, ctx, held, consents)),
        Form::Csv => csv(held),
        Form::Vcard => vcard(held),
    }
}

fn whole(space: &Space, ctx: &Ctx, held: &Held, consents: &[Known]) -> Json {
    let schema = space.schema();
    let record = |(object, record): &(std::sync::Arc<model::ObjectDef>, model::Record)| {
        let fields: Map<String, Json> = (object.fields.iter())
            .map(|field| (field.name.to_string(), record.value(field.name.as_str()), field))
            .filter(|(_, value, _)| **value != model::Value::Null)
            .map(|(name, value, field)| (name, to_json(&schema, object, field, value)))
            .collect();
        json!({ "object": object.name.as_str(), "fields": fields })
    };
    let sources: Vec<Json> = (held.view.records.iter())
        .map(|record| {
            let told = held.sources.get(&record.source).cloned().unwrap_or_default();
            json!({
                "source": told.name, "kind": told.kind, "purpose": told.purpose, "legal_basis": told.legal_basis,
                "key": record.key, "since": record.received_at.to_string(), "says": held.view.payloads.get(&record.record),
            })
        })
        .collect();
    let lines = |known: &Known| -> Vec<Json> {
        let line = |line: &crate::consent::Line| {
            json!({
                "channel": line.channel, "purpose": line.purpose, "state": line.state, "basis": line.basis, "proof": line.proof,
                "said_at": line.at.to_string(), "received_at": line.received_at.to_string(),
                "expires_at": line.expires_at.map(|at| at.to_string()),
            })
        };
        known.history.iter().map(line).collect()
    };
    let ledger: Map<String, Json> =
        consents.iter().map(|known| (known.point.key().to_owned(), lines(known).into())).collect();
    let events: Vec<Json> = (held.events.iter())
        .map(|event| serde_json::from_str(&event.payload).unwrap_or_else(|_| event.payload.clone().into()))
        .collect();
    let viewers: Vec<Json> = (held.viewers.iter())
        .map(|viewer| json!({ "day": viewer.day, "roles": viewer.roles, "name": viewer.name }))
        .collect();
    let lineage: Vec<Json> =
        held.view.lineage.iter().map(|step| json!({ "at": step.at.to_string(), "what": step.kind })).collect();
    let segments: Vec<Json> = (held.segments.iter())
        .map(|membership| {
            let Segment { name, .. } = &membership.segment;
            let description = membership.segment.description(ctx.locale);
            json!({ "name": name, "description": description, "because": reasons(&schema, &membership.because) })
        })
        .collect();
    let withheld: Vec<Json> = (held.withheld.iter())
        .map(|note| json!({ "object": note.object.name.as_str(), "at": note.at.to_string(), "ground": note.ground }))
        .collect();
    json!({
        "made_at": ctx.now.to_string(),
        "believed": held.view.golden,
        "sources": sources,
        "records": held.records.iter().map(record).collect::<Vec<_>>(),
        "activities": held.activities.iter().map(record).collect::<Vec<_>>(),
        "events": events,
        "stage": held.stage,
        "recency_frequency_value": held.rfm,
        "segments": segments,
        "figures": held.view.worth,
        "sureness": held.view.sureness,
        "merged_and_split": lineage,
        "consents": ledger,
        "seen_by": viewers,
        "withheld": withheld,
    })
}

fn csv(held: &Held) -> String {
    let mut out = String::from("what,name,value,source,since,purpose,legal_basis\r\n");
    let mut line = |cells: [&str; 7]| {
        let quoted: Vec<String> = cells.iter().map(|cell| quote(cell)).collect();
        out.push_str(&quoted.join(","));
        out.push_str("\r\n");
    };
    for chosen in &held.view.golden.0 {
        for candidate in &chosen.candidates {
            let told = held.sources.get(&candidate.source).cloned().unwrap_or_default();
            let since = candidate.at.to_string();
            let name = chosen.attribute;
            line(["value", name, &candidate.value, &told.name, &since, &told.purpose, &told.legal_basis]);
        }
    }
    for event in &held.events {
        let told = held.sources.get(&event.source).cloned().unwrap_or_default();
        let name = event.name.as_deref().unwrap_or(&event.kind);
        line(["event", name, &event.payload, &told.name, &event.at.to_string(), &told.purpose, &told.legal_basis]);
    }
    out
}

/// A cell of RFC 4180. What a spreadsheet would take for a formula is made text.
fn quote(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn vcard(held: &Held) -> String {
    let golden = &held.view.golden;
    let value = |name: &str| escape(golden.first(name).unwrap_or_default());
    let name = held.view.profile.get(crate::profile::NAME).unwrap_or_default();
    let street = format!("{} {}", value("street_number"), value("street"));
    let mut lines = vec![
        "BEGIN:VCARD".to_owned(),
        "VERSION:4.0".to_owned(),
        format!("FN:{}", escape(&name)),
        format!("N:{};{};;;", value("last_name"), value("first_name")),
    ];
    lines.extend(golden.all("email").iter().map(|each| format!("EMAIL:{}", escape(&each.value))));
    lines.extend(golden.all("phone").iter().map(|each| format!("TEL:{}", escape(&each.value))));
    let address = [street.trim(), &value("city"), &value("region"), &value("postcode"), &value("country")].join(";");
    if address.len() > 4 {
        lines.push(format!("ADR:;;{address}"));
    }
    let further = [("BDAY", "birth_date"), ("ORG", "organisation"), ("TITLE", "job_title"), ("URL", "website")];
    for (property, attribute) in further.into_iter().filter(|(_, attribute)| golden.first(attribute).is_some()) {
        let text = value(attribute);
        lines.push(format!("{property}:{}", if property == "BDAY" { text.replace('-', "") } else { text }));
    }
    lines.push("END:VCARD".to_owned());
    lines.iter().map(|line| fold(line) + "\r\n").collect()
}

/// RFC 6350, section 3.4.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(',', "\\,")
        .replace(';', "\\;")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

/// RFC 6350, section 3.2: at most 75 octets a line, never within a character.
fn fold(line: &str) -> String {
    let (mut out, mut width) = (String::with_capacity(line.len()), 0);
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_lines_are_escaped() {
        assert_eq!(quote("=1+1 \"x\""), "\"'=1+1 \"\"x\"\"\"");
        assert_eq!(escape("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
        let long = fold(&"é".repeat(60));
        assert!(long.split("\r\n").all(|line| line.len() <= 75) && long.replace("\r\n ", "") == "é".repeat(60));
    }
}
