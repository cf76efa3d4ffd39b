//! The register of processing (RGPD, article 30), made from purposes, sources, retention rules and webhooks: what is set up is what it says.

use std::sync::Arc;

use kernel::{Ctx, Locale};
use model::{Ident, Query, Record, Sort};
use records::{Action, RecordError, Space, objects};
use serde::Serialize;

use super::{ACTION, LAW, MONTHS, NAME, OBJECT, PURPOSE};
use crate::consent::{Policy, purpose};
use crate::segment::Segment;
use crate::source;

/// The setting that describes the security measures (RGPD, articles 30.1 g and 32).
pub const SECURITY: &str = "register security";

/// The register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Register {
    /// What personal data is processed for.
    pub entries: Vec<Entry>,
    /// Who receives data automatically: the webhooks, with what they listen to.
    pub recipients: Vec<String>,
    /// The security measures, as the administrators describe them.
    pub security: String,
}

/// One processing: a purpose, a segment without one, or a source's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entry {
    /// What it is.
    pub name: String,
    /// `purpose`, `segment` or `source`.
    pub kind: &'static str,
    /// What for (30.1 b).
    pub purpose: String,
    /// On which ground (6.1).
    pub legal_basis: String,
    /// Whose data (30.1 c).
    pub people: String,
    /// Which data (30.1 c).
    pub data: String,
    /// Who receives it (30.1 d).
    pub recipients: String,
    /// The segments of people that are made for it, each with what it is.
    pub segments: Vec<String>,
    /// For how long (30.1 f), one line a rule.
    pub retention: Vec<String>,
    /// Whether it goes on.
    pub active: bool,
}

/// The register as the actor, who may read sources, sees it; six statements.
pub async fn register(space: &Space, ctx: &Ctx) -> Result<Register, RecordError> {
    let access = space.access(ctx).await?;
    let object = space.object("source")?;
    access.check(&object, Action::Read)?;
    let mut reader = space.store.read().await?;
    let schema = space.schema();
    let mut all = async |object: &'static str, by: &'static str| -> Result<Vec<Record>, RecordError> {
        let query = Query::of(Ident::of(object)).sort(Sort::by(Ident::of(by), false)).limit(500);
        Ok(reader.list(&schema, &query).await?.records)
    };
    let (purposes, sources) = (all("purpose", "key").await?, all("source", "name").await?);
    let (rules, webhooks) = (all("retention_rule", "name").await?, all("webhook", "name").await?);
    let segments: Vec<Segment> = all("segment", "name").await?.iter().map(Segment::of).collect();
    let policy = Policy::load(&mut reader).await?;
    let words = &space.platform.words;
    let months = |n: i64| words.with(ctx.locale, "register-months", &[("n", n.into())]);
    let basis = |record: &Record, field: &str| {
        let name = record.value(field).as_text().unwrap_or_default();
        if name.is_empty() {
            String::new()
        } else {
            words.get(ctx.locale, &format!("purpose.legal_basis-{name}")).into_owned()
        }
    };
    let mut entries: Vec<Entry> = Vec::new();
    for record in &purposes {
        let own = |rule: &&Record| rule.get(PURPOSE) == Some(record.id());
        let mut retention: Vec<String> = rules.iter().filter(own).map(|rule| said(rule, space, ctx)).collect();
        let consents = record.get(purpose::MONTHS).unwrap_or(i64::from(policy.months));
        if record.get(purpose::KIND).as_deref() != Some("service") {
            let text = words.with(ctx.locale, "register-consents", &[("months", months(consents).into())]);
            retention.insert(0, text);
        }
        let text = |field| record.get(field).unwrap_or_default();
        let name = text(if ctx.locale == Locale::Fr { purpose::NAME_FR } else { purpose::NAME_EN });
        entries.push(Entry {
            name: name.clone(),
            kind: "purpose",
            purpose: name,
            legal_basis: basis(record, purpose::LEGAL_BASIS.name()),
            people: text(purpose::PEOPLE),
            data: text(purpose::DATA),
            recipients: text(purpose::RECIPIENTS),
            segments: (segments.iter())
                .filter(|segment| segment.active && segment.purpose == Some(record.id()))
                .map(|segment| told(segment, ctx.locale))
                .collect(),
            retention,
            active: record.get(purpose::ACTIVE) == Some(true),
        });
    }
    let free = rules.iter().filter(|rule| rule.get(PURPOSE).is_none());
    let general: Vec<String> = free.map(|rule| said(rule, space, ctx)).collect();
    for segment in segments.iter().filter(|segment| segment.purpose.is_none()) {
        entries.push(Entry {
            name: segment.name.clone(),
            kind: "segment",
            purpose: segment.description(ctx.locale).to_owned(),
            people: words.get(ctx.locale, &format!("segment.entity-{}", segment.entity.as_str())).into_owned(),
            active: segment.active,
            ..Entry::default()
        });
    }
    for record in &sources {
        let entity = record.get(source::ENTITY).unwrap_or_default();
        entries.push(Entry {
            name: record.get(source::NAME).unwrap_or_default(),
            kind: "source",
            purpose: record.get(source::PURPOSE).unwrap_or_default(),
            legal_basis: basis(record, source::LEGAL_BASIS.name()),
            people: words.get(ctx.locale, &format!("source.entity-{entity}")).into_owned(),
            data: mapped(record),
            retention: general.clone(),
            active: record.get(source::ACTIVE) == Some(true),
            ..Entry::default()
        });
    }
    let recipients = webhooks
        .iter()
        .filter(|hook| hook.get(objects::WEBHOOK_ACTIVE) == Some(true))
        .map(|hook| {
            let events = hook.get(objects::WEBHOOK_EVENTS).unwrap_or_default().join(", ");
            format!("{} ({events})", hook.get(objects::WEBHOOK_NAME).unwrap_or_default())
        })
        .collect();
    let security = security(&mut reader).await?;
    Ok(Register { entries, recipients, security })
}

/// A segment with what it is.
fn told(segment: &Segment, locale: Locale) -> String {
    locale.labelled(&segment.name, segment.description(locale))
}

/// The members that a source's mapping names.
fn mapped(source: &Record) -> String {
    let mapping = source.get(source::MAPPING);
    let members = mapping.as_ref().and_then(|json| json.as_object());
    members.map(|map| map.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

fn said(rule: &Record, space: &Space, ctx: &Ctx) -> String {
    let words = &space.platform.words;
    let months = words.with(ctx.locale, "register-months", &[("n", rule.get(MONTHS).unwrap_or_default().into())]);
    let action = rule.get(ACTION).unwrap_or_default();
    let action = words.get(ctx.locale, &format!("retention_rule.action-{action}")).into_owned();
    let text = |field| rule.get(field).unwrap_or_default();
    let args = [
        ("name", text(NAME).into()),
        ("object", text(OBJECT).into()),
        ("months", months.into()),
        ("action", action.into()),
        ("law", text(LAW).into()),
    ];
    words.with(ctx.locale, "register-rule", &args)
}

/// The security measures as they are described.
pub async fn security(reader: &mut store::Reader) -> Result<String, RecordError> {
    let kept = reader.setting(SECURITY).await?;
    Ok(kept.as_ref().and_then(|json| json.as_str()).unwrap_or_default().to_owned())
}

/// Describes the security measures, for administrators.
pub async fn set_security(space: &Arc<Space>, ctx: &Ctx, text: &str) -> Result<(), RecordError> {
    space.access(ctx).await?.administers()?;
    let json = serde_json::Value::from(text.trim().chars().take(20_000).collect::<String>());
    Ok(space.store.write(move |w| Box::pin(async move { w.set_setting(SECURITY, &json).await })).await?)
}

impl Register {
    /// As a table for spreadsheets (RFC 4180), one line a processing; nothing in it is taken for a formula.
    pub fn csv(&self) -> String {
        let heads = [
            "name",
            "kind",
            "purpose",
            "legal_basis",
            "people",
            "data",
            "recipients",
            "segments",
            "retention",
            "active",
        ];
        let mut out = format!("{}\r\n", heads.join(","));
        for entry in &self.entries {
            let retention = entry.retention.join("\n");
            let segments = entry.segments.join("\n");
            let active = entry.active.to_string();
            let cells = [
                &entry.name,
                entry.kind,
                &entry.purpose,
                &entry.legal_basis,
                &entry.people,
                &entry.data,
                &entry.recipients,
                &segments,
                &retention,
                &active,
            ];
            out.push_str(&cells.map(quoted).join(","));
            out.push_str("\r\n");
        }
        out
    }
}

fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
