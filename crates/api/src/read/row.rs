//! Rows as text.

use model::{Record, Schema, Value, to_json};
use serde_json::Value as Json;

use super::embed::Embed;
use super::plan::{Item, Plan, Shown, What};
use super::relation::Link;
use super::run::{Related, Rows, targets};
use super::value::{json, write_value};
use crate::postgrest::{Key, Window};

/// How members without a value are written.
#[derive(Clone, Copy)]
pub(crate) struct Style<'a> {
    pub(crate) schema: &'a Schema,
    /// Leaves them out.
    pub(crate) strip: bool,
}

/// Writes one row as an object.
pub(crate) fn write_row(out: &mut Vec<u8>, style: Style<'_>, plan: &Plan, rows: &Rows, at: usize) {
    if let Some(group) = rows.groups.get(at) {
        return out.extend_from_slice(group);
    }
    out.push(b'{');
    members(out, style, plan, rows, &rows.records[at]);
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b'}');
}

/// Each member is followed by a comma.
fn members(out: &mut Vec<u8>, style: Style<'_>, plan: &Plan, rows: &Rows, record: &Record) {
    for (i, item) in plan.items.iter().enumerate() {
        let before = out.len();
        if let What::Spread(n) = item.what {
            spread(out, style, &plan.embeds[n], &rows.embeds[n], record);
            continue;
        }
        out.extend_from_slice(&item.key);
        let start = out.len();
        match &item.what {
            What::Field(shown) => field(out, style.schema, plan, shown, record, rows.slots.get(i).copied()),
            What::Embed(n) => embed(out, style, &plan.embeds[*n], &rows.embeds[*n], record),
            What::Spread(_) => {}
        }
        if style.strip && &out[start..] == b"null" {
            out.truncate(before);
        } else {
            out.push(b',');
        }
    }
}

fn field(out: &mut Vec<u8>, schema: &Schema, plan: &Plan, shown: &Shown, record: &Record, slot: Option<usize>) {
    let def = &plan.object.fields[shown.at];
    let placed = slot.and_then(|slot| record.fields.iter().nth(slot)).filter(|(name, _)| **name == def.name);
    let value = placed.map_or_else(|| record.value(def.name.as_str()), |(_, value)| value);
    if shown.path.is_empty() && shown.cast.is_none() {
        return write_value(out, schema, def, &shown.prefix, value);
    }
    let mut tree = match value {
        Value::Null => Json::Null,
        value => to_json(schema, &plan.object, def, value),
    };
    for step in &shown.path {
        let next = match (&step.key, &mut tree) {
            (Key::Name(name), Json::Object(map)) => map.get_mut(name).map(Json::take),
            (Key::Index(n), Json::Array(list)) => {
                let n = if *n < 0 { *n + list.len() as i64 } else { *n };
                usize::try_from(n).ok().and_then(|n| list.get_mut(n)).map(Json::take)
            }
            _ => None,
        };
        tree = match next.unwrap_or_default() {
            Json::Null => Json::Null,
            Json::String(text) => Json::String(text),
            other if step.as_text => Json::String(other.to_string()),
            other => other,
        };
    }
    json(out, &shown.cast.map_or_else(|| tree.clone(), |cast| cast.apply(tree.clone())));
}

fn embed(out: &mut Vec<u8>, style: Style<'_>, embed: &Embed, related: &Related, record: &Record) {
    match (&embed.link, related) {
        (Link::One(field), Related::Targets(rows, at)) => {
            match targets(record, field, embed).first().and_then(|id| at.get(id)) {
                Some(row) => write_row(out, style, &embed.plan, rows, *row),
                None => out.extend_from_slice(b"null"),
            }
        }
        (Link::Listed(field), Related::Targets(rows, at)) => {
            let mut list: Vec<usize> =
                targets(record, field, embed).iter().filter_map(|id| at.get(id)).copied().collect();
            if embed.ordered {
                list.sort_unstable();
            }
            array(out, style, embed, rows, &list);
        }
        (_, Related::Children(rows, of)) => {
            let none = Vec::new();
            array(out, style, embed, rows, of.get(&record.id()).unwrap_or(&none));
        }
        (_, Related::Groups(of)) => {
            out.push(b'[');
            match (of.get(&record.id()), &embed.plan.grouping) {
                (Some(group), _) => out.extend_from_slice(group),
                (None, Some(grouping)) => {
                    out.extend_from_slice(&grouping.write_empty(style.schema, &embed.plan.object))
                }
                (None, None) => {}
            }
            out.push(b']');
        }
        (_, Related::Targets(..)) => out.extend_from_slice(b"null"),
    }
}

fn array(out: &mut Vec<u8>, style: Style<'_>, embed: &Embed, rows: &Rows, list: &[usize]) {
    let Window { offset, limit } = embed.window;
    let skip = usize::try_from(offset).unwrap_or(usize::MAX);
    let take = limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
    out.push(b'[');
    for (i, row) in list.iter().skip(skip).take(take).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_row(out, style, &embed.plan, rows, *row);
    }
    out.push(b']');
}

fn spread(out: &mut Vec<u8>, style: Style<'_>, embed: &Embed, related: &Related, record: &Record) {
    let (Link::One(field), Related::Targets(rows, at)) = (&embed.link, related) else { return };
    match targets(record, field, embed).first().and_then(|id| at.get(id)) {
        Some(row) => members(out, style, &embed.plan, rows, &rows.records[*row]),
        None if style.strip => {}
        None => embed.plan.items.iter().for_each(|item| nothing(out, item)),
    }
}

fn nothing(out: &mut Vec<u8>, item: &Item) {
    out.extend_from_slice(&item.key);
    out.extend_from_slice(b"null,");
}

/// The names of a row's members, in order.
pub(crate) fn names(plan: &Plan) -> Vec<&str> {
    if let Some(grouping) = &plan.grouping {
        return grouping.names();
    }
    let mut names = Vec::new();
    for item in &plan.items {
        match &item.what {
            What::Spread(n) => names.extend(self::names(&plan.embeds[*n].plan)),
            What::Field(_) | What::Embed(_) => names.push(item.name.as_str()),
        }
    }
    names
}

/// Writes a line of CSV (RFC 4180).
pub(crate) fn csv_cells<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.push(b'\n');
}
