//! What happened to somebody, from every source and app, in one stream: events, records that sources sent, activities on the records of
//! this space, decisions, merges and splits, and changes of the profile.

use std::collections::HashMap;
use std::sync::Arc;

use customers::identity::Understood;
use customers::profile;
use kernel::{Id, Timestamp};
use model::{FieldType, Filter, Ident, ObjectDef, Op as Is, Operand, Query, Ref, Value, system};
use records::RecordError;
use serde_json::Value as Json;
use store::{Event, Reader, Step, Verdict};

use super::{PROFILE, Seen, key, moment, sees_all};
use crate::form::Pairs;
use crate::names::{Names, Wanted};
use crate::timeline::{self, Entry};
use crate::visit::Visit;

/// Entries shown at once.
const ENTRIES: usize = 30;
/// Records of this space whose activities are shown.
const MOST_PLACES: usize = 8;
/// Properties of an event that are shown.
const MOST_PROPERTIES: usize = 4;

enum Item {
    Event(Event),
    Record(Understood),
    Verdict(Verdict),
    Step(Step),
    Own(Entry),
}

impl Item {
    fn at(&self) -> Timestamp {
        match self {
            Item::Event(event) => event.at,
            Item::Record(record) => record.received_at,
            Item::Verdict(verdict) => verdict.at,
            Item::Step(step) => step.at,
            Item::Own(entry) => entry.at(),
        }
    }
}

/// A part of the stream, newest first.
pub(super) struct Stream {
    items: Vec<Item>,
    more: Option<Timestamp>,
}

impl Stream {
    /// What happened before a moment. Two statements for each of the first identifiers, one for each kind of activity, one for changes.
    pub(super) async fn read(
        visit: &Visit,
        seen: &Seen,
        before: Option<Timestamp>,
        reader: &mut Reader,
    ) -> Result<Stream, RecordError> {
        let limit = ENTRIES as u32 + 1;
        let view = &seen.view;
        let mut items: Vec<Item> = Vec::new();
        items.extend(profile::events(reader, &view.records, before, limit).await?.into_iter().map(Item::Event));
        items.extend(view.records.iter().cloned().map(Item::Record));
        items.extend(view.verdicts.iter().cloned().map(Item::Verdict));
        let decided = |step: &&Step| !view.verdicts.iter().any(|verdict| Some(verdict.id) == step.verdict);
        items.extend(view.lineage.iter().filter(decided).cloned().map(Item::Step));
        // The history of one profile is short: what its records do not change is not written.
        let changes = reader.history(seen.id(), None, 4 * limit).await?;
        items.extend(changes.into_iter().map(|change| Item::Own(Entry::Change(change))));
        items.extend(activities(visit, seen, before, limit, reader).await?);
        items.retain(|item| before.is_none_or(|before| item.at() < before));
        items.sort_by_key(|item| std::cmp::Reverse(item.at()));
        let more = items.len() > ENTRIES;
        items.truncate(ENTRIES);
        let more = items.last().map(Item::at).filter(|_| more);
        Ok(Stream { items, more })
    }

    /// Adds the users and records that the entries name.
    pub(super) fn want(&self, visit: &Visit, seen: &Seen, wanted: &mut Wanted) {
        for item in &self.items {
            match item {
                Item::Verdict(verdict) => wanted.users(verdict.actor),
                Item::Step(step) => {
                    wanted.users(step.actor);
                    wanted.one(Ident::of(PROFILE), if step.profile == seen.id() { step.other } else { step.profile });
                }
                Item::Own(entry) => entry.want(visit, &seen.object, wanted),
                Item::Event(_) | Item::Record(_) => {}
            }
        }
    }

    /// Where the stream goes on.
    pub(super) fn more(&self, seen: &Seen) -> Option<String> {
        let at = self.more?;
        Some(seen.address(&format!("/timeline?{}", Pairs(vec![("at".into(), at.to_string())]).query())))
    }

    /// The entries, a heading before each month but the first.
    pub(super) fn entries(&self, visit: &Visit, seen: &Seen, names: &Names) -> Vec<ui::TimelineEntry> {
        let sources: HashMap<Id, &str> =
            seen.view.records.iter().map(|record| (record.source, record.source_name.as_str())).collect();
        let mut month = None;
        let mut out = Vec::new();
        for item in &self.items {
            let Some(mut drawn) = draw(visit, seen, item, &sources, names) else { continue };
            let date = item.at().to_zoned(visit.ctx.zone.clone()).date();
            let this = (date.year(), date.month());
            if month.is_some_and(|month| month != this) {
                drawn.heading = Some(timeline::month_text(visit, date));
            }
            month = Some(this);
            out.push(drawn);
        }
        out
    }
}

/// Activities about the profile, and about the records of this space that it is made of.
async fn activities(
    visit: &Visit,
    seen: &Seen,
    before: Option<Timestamp>,
    limit: u32,
    reader: &mut Reader,
) -> Result<Vec<Item>, RecordError> {
    let own = std::iter::once((Arc::clone(&seen.object), seen.id()));
    let mut asked: HashMap<Ident, (Arc<ObjectDef>, Vec<Filter>)> = HashMap::new();
    for (object, id) in own.chain(seen.originals.values().cloned()).take(MOST_PLACES) {
        for (other, field) in timeline::activities(visit, &object) {
            let target = match field.kind {
                FieldType::Polymorphic { .. } => Value::Ref(Ref { object: object.name.clone(), id }),
                _ => Value::Id(id),
            };
            let about = Filter::is(field.name.clone(), Is::Eq, Operand::Value(target));
            asked.entry(other.name.clone()).or_insert((other, Vec::new())).1.push(about);
        }
    }
    let mut found = Vec::new();
    for (other, about) in asked.into_values() {
        let mut filter = Filter::Or(about);
        if let Some(at) = before {
            let before = Operand::Value(Value::DateTime(at));
            filter = filter.and(Filter::is(Ident::of(system::CREATED_AT), Is::Lt, before));
        }
        let query = Query::of(other.name.clone()).filter(filter).limit(limit);
        let page = visit.space.list_as(&visit.ctx, &visit.access, &query, reader).await?;
        found.extend(page.records.into_iter().map(|record| Item::Own(Entry::Activity(Arc::clone(&other), record))));
    }
    Ok(found)
}

fn draw(
    visit: &Visit,
    seen: &Seen,
    item: &Item,
    sources: &HashMap<Id, &str>,
    names: &Names,
) -> Option<ui::TimelineEntry> {
    let at = item.at();
    let drawn = ui::TimelineEntry { iso: at.to_string(), time: moment(visit, at), ..ui::TimelineEntry::default() };
    Some(match item {
        Item::Own(entry) => timeline::one(visit, &seen.object, entry, names)?,
        Item::Event(event) => {
            let source = sources.get(&event.source).copied().unwrap_or_default();
            let shown = sees_all(visit, &seen.object);
            let (icon, summary, body) = happened(visit, event, shown);
            ui::TimelineEntry {
                id: format!("event-{}", event.seq),
                icon: Some(icon),
                actor: ui::Avatar::thing(source),
                summary,
                body,
                ..drawn
            }
        }
        Item::Record(record) => {
            let shown = sees_all(visit, &seen.object);
            let key = if shown { key(&record.key) } else { String::new() };
            let first = if record.version > 1 { "stream-record-again" } else { "stream-record" };
            ui::TimelineEntry {
                id: record.record.typed("rec"),
                icon: Some(ui::Icon::Database),
                actor: ui::Avatar::thing(&record.source_name),
                summary: visit.say(first, &[("key", (&key).into()), ("version", record.version.into())]),
                ..drawn
            }
        }
        Item::Verdict(verdict) => ui::TimelineEntry {
            id: verdict.id.typed("vrd"),
            icon: Some(if verdict.same { ui::Icon::GitMerge } else { ui::Icon::Workflow }),
            actor: timeline::actor(visit, verdict.actor, names),
            summary: visit.word(if verdict.same { "stream-same" } else { "stream-different" }),
            body: (!verdict.note.is_empty()).then(|| verdict.note.clone()),
            href: Some(seen.address("/records")),
            ..drawn
        },
        Item::Step(step) => {
            let other = if step.profile == seen.id() { step.other } else { step.profile };
            let name = names.get(other).map_or_else(|| visit.word("stream-nameless"), str::to_owned);
            let args = [("name", (&name).into()), ("n", (step.records.len() as i64).into())];
            let gained = step.profile == seen.id();
            let word = match (step.kind.as_str(), gained) {
                ("merge", _) => "stream-merged",
                (_, true) => "stream-lost",
                (_, false) => "stream-came",
            };
            ui::TimelineEntry {
                id: format!("step-{}", step.seq),
                icon: Some(ui::Icon::GitMerge),
                actor: timeline::actor(visit, step.actor, names),
                summary: visit.say(word, &args),
                href: Some(seen.address("/records")),
                ..drawn
            }
        }
    })
}

/// An event in readable words: its sentence, and what it was about.
fn happened(visit: &Visit, event: &Event, shown: bool) -> (ui::Icon, String, Option<String>) {
    let payload: Json = serde_json::from_str(&event.payload).unwrap_or_default();
    let properties = payload.get("properties").or_else(|| payload.get("traits"));
    let name = event.name.clone().filter(|_| shown || event.kind == "track").unwrap_or_default();
    let slug: String = kernel::fold(&name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let known = visit.space.platform.words.find(visit.ctx.locale, &format!("event-{slug}"), None);
    let icon = match (event.kind.as_str(), slug.as_str()) {
        ("page" | "screen", _) => ui::Icon::Globe,
        ("identify" | "alias", _) => ui::Icon::User,
        ("group", _) => ui::Icon::Building,
        (_, slug) if slug.starts_with("order") => ui::Icon::Receipt,
        (_, slug) if slug.starts_with("product") || slug.starts_with("cart") || slug.starts_with("checkout") => {
            ui::Icon::ShoppingCart
        }
        (_, slug) if slug.starts_with("email") => ui::Icon::Mail,
        _ => ui::Icon::Zap,
    };
    let summary = match event.kind.as_str() {
        "track" => {
            let did = known.map_or_else(|| name.clone(), |word| word.into_owned());
            visit.say("stream-did", &[("event", (&did).into())])
        }
        kind => {
            let page = properties.and_then(|of| of.get("title").or_else(|| of.get("url"))).and_then(Json::as_str);
            let what = if name.is_empty() && shown { page.unwrap_or_default().to_owned() } else { name };
            visit.say(&format!("stream-{kind}"), &[("name", (&what).into())])
        }
    };
    let body = properties.filter(|_| shown && event.kind == "track").and_then(|of| about(visit, of));
    (icon, summary, body)
}

/// What an event was about: its amount and things first, then a few of its plain properties.
fn about(visit: &Visit, properties: &Json) -> Option<String> {
    let of = properties.as_object()?;
    let mut parts: Vec<String> = Vec::new();
    let amount = ["total", "revenue", "value"].iter().find_map(|name| of.get(*name)?.as_f64());
    if let Some(amount) = amount {
        let currency = of.get("currency").and_then(Json::as_str).unwrap_or_default();
        parts.push(format!("{} {currency}", visit.format().number(amount)).trim().to_owned());
    }
    let names = of.get("products").and_then(Json::as_array).into_iter().flatten();
    let things: Vec<&str> = names.filter_map(|thing| thing.get("name")?.as_str()).take(MOST_PROPERTIES).collect();
    if !things.is_empty() {
        parts.push(things.join(", "));
    }
    let told = ["total", "revenue", "value", "currency", "products"];
    let plain = of.iter().filter(|(name, _)| !told.contains(&name.as_str())).filter_map(|(name, value)| {
        let text = match value {
            Json::String(text) => text.chars().take(120).collect(),
            Json::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(visit.say("stream-property", &[("name", (&name.replace('_', " ")).into()), ("value", (&text).into())]))
    });
    parts.extend(plain.take(MOST_PROPERTIES));
    (!parts.is_empty()).then(|| parts.join(" · "))
}
