//! Values as the reader sees them: cells of lists and properties, and plain text.

use kernel::Id;
use model::{FieldDef, FieldType, Ident, ObjectDef, Value, system};

use crate::label;
use crate::names::Names;
use crate::visit::Visit;

/// The cell of a value.
pub(crate) fn cell(visit: &Visit, object: &ObjectDef, field: &FieldDef, value: &Value, names: &Names) -> ui::Cell {
    use ui::Cell;
    if value.is_empty() {
        return if matches!(field.kind, FieldType::Boolean) { Cell::Boolean(false) } else { Cell::Empty };
    }
    let schema = visit.space.schema();
    let kind = schema.effective(object, field);
    match (kind, value) {
        (_, Value::Bool(on)) => Cell::Boolean(*on),
        (FieldType::Rating { max }, Value::Int(n)) => Cell::Rating { value: (*n).clamp(0, 10) as u8, of: *max },
        (FieldType::Percent, Value::Number(n)) if (0.0..=100.0).contains(n) => {
            Cell::Progress { percent: n.round() as u8, text: visit.format().percent(*n) }
        }
        (_, Value::Int(_) | Value::Number(_)) => Cell::Number(text(visit, object, field, value, names)),
        (_, Value::Money(money)) => Cell::Money(visit.format().money(*money)),
        (_, Value::Date(date)) => {
            Cell::Date { iso: date.to_string(), text: visit.format().date(*date), relative: false }
        }
        (_, Value::DateTime(at)) => Cell::Date {
            iso: at.to_string(),
            text: visit.format().date_time(*at, &visit.ctx.zone),
            relative: field.system || field.read_only,
        },
        (FieldType::Choice { .. }, Value::Text(value)) => Cell::Tags(vec![tag(visit, object, field, value)]),
        (FieldType::MultiChoice { .. }, Value::Texts(values)) => {
            Cell::Tags(values.iter().map(|v| tag(visit, object, field, v)).collect())
        }
        (_, Value::Texts(values)) => Cell::Tags(values.iter().map(|v| ui::Tag::new(v, ui::hue_of(v))).collect()),
        (FieldType::User, Value::Id(id)) => match names.get(*id) {
            Some(name) => Cell::Named { avatar: ui::Avatar::person(name), href: None, detail: None },
            None => Cell::Text(visit.word("hidden-record")),
        },
        (FieldType::Reference { to, .. }, Value::Id(id)) => reference(visit, to, *id, names),
        (_, Value::Ref(r)) => reference(visit, &r.object, r.id, names),
        (FieldType::Emails, Value::Entries(list)) => link(list, |v| format!("mailto:{v}"), str::to_owned),
        (FieldType::Phones, Value::Entries(list)) => link(list, |v| format!("tel:{v}"), phone),
        (FieldType::Links, Value::Entries(list)) => link(list, str::to_owned, |v| bare_link(v).to_owned()),
        (FieldType::Location, Value::Location(_)) | (FieldType::Json, _) => {
            Cell::Text(text(visit, object, field, value, names))
        }
        _ => Cell::Text(text(visit, object, field, value, names)),
    }
}

fn link(list: &[model::Entry], href: impl Fn(&str) -> String, show: impl Fn(&str) -> String) -> ui::Cell {
    let first = list.first().map(|e| e.value.as_str()).unwrap_or_default();
    let more = if list.len() > 1 { format!(" +{}", list.len() - 1) } else { String::new() };
    ui::Cell::Link { text: format!("{}{more}", show(first)), href: href(first) }
}

/// A French number as it is dialled, others as they are stored, in groups.
fn phone(stored: &str) -> String {
    match stored.strip_prefix("+33") {
        Some(rest) if rest.len() == 9 && rest.is_ascii() => {
            format!("0{} {} {} {} {}", &rest[..1], &rest[1..3], &rest[3..5], &rest[5..7], &rest[7..])
        }
        _ => stored.to_owned(),
    }
}

fn bare_link(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/')
}

fn reference(visit: &Visit, object: &Ident, id: Id, names: &Names) -> ui::Cell {
    let schema = visit.space.schema();
    match (schema.object(object.as_str()), names.get(id)) {
        (Some(target), Some(name)) => ui::Cell::Link { text: name.to_owned(), href: label::record_address(target, id) },
        _ => ui::Cell::Text(visit.word("hidden-record")),
    }
}

/// An option as a tag; values that are no option any more stay readable.
pub(crate) fn tag(visit: &Visit, object: &ObjectDef, field: &FieldDef, value: &str) -> ui::Tag {
    match field.kind.options().and_then(|options| options.iter().find(|o| o.value == value)) {
        Some(option) => ui::Tag::new(label::option(visit, object, field, option), label::hue(option.hue)),
        None => ui::Tag::new(value, ui::Hue::Gray),
    }
}

/// A value as plain text; empty when there is none.
pub(crate) fn text(visit: &Visit, object: &ObjectDef, field: &FieldDef, value: &Value, names: &Names) -> String {
    let format = visit.format();
    let schema = visit.space.schema();
    let kind = schema.effective(object, field);
    let named = |id: &Id| names.get(*id).map_or_else(|| visit.word("hidden-record"), str::to_owned);
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (_, Value::Bool(on)) => if *on { &visit.view().words.yes } else { &visit.view().words.no }.clone(),
        (FieldType::Duration, Value::Int(n)) => format.duration(*n),
        (FieldType::Rating { max }, Value::Int(n)) => format!("{n}/{max}"),
        (_, Value::Int(n)) => format.integer(*n),
        (FieldType::Percent, Value::Number(n)) => format.percent(*n),
        (_, Value::Number(n)) => format.number((n * 100.0).round() / 100.0),
        (FieldType::Choice { .. }, Value::Text(value)) => tag(visit, object, field, value).text,
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Date(date)) => format.date(*date),
        (_, Value::DateTime(at)) => format.date_time(*at, &visit.ctx.zone),
        (_, Value::Money(money)) => format.money(*money),
        (_, Value::Id(id)) => named(id),
        (_, Value::Ref(r)) => named(&r.id),
        (_, Value::Ids(ids)) => ids.iter().map(named).collect::<Vec<_>>().join(", "),
        (FieldType::MultiChoice { .. }, Value::Texts(values)) => {
            values.iter().map(|v| tag(visit, object, field, v).text).collect::<Vec<_>>().join(", ")
        }
        (_, Value::Texts(values)) => values.join(", "),
        (_, Value::Name(name)) => name.full(),
        (_, Value::Entries(list)) => list.iter().map(|e| e.value.as_str()).collect::<Vec<_>>().join(", "),
        (_, Value::Address(address)) => address.line(),
        (_, Value::Location(place)) => format!("{}, {}", place.lat, place.lon),
        (_, Value::Files(files)) => files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(", "),
        (_, Value::Json(json)) => json.to_string(),
    }
}

/// Whether a field stands right-aligned in lists.
pub(crate) fn is_numeric(visit: &Visit, object: &ObjectDef, field: &FieldDef) -> bool {
    let schema = visit.space.schema();
    matches!(
        schema.effective(object, field),
        FieldType::Integer { .. } | FieldType::Number | FieldType::Percent | FieldType::Money | FieldType::Duration
    )
}

/// Whether a field is shown at all: not the bookkeeping that only programs need, nor what the reader may not read.
pub(crate) fn is_shown(visit: &Visit, object: &ObjectDef, field: &FieldDef) -> bool {
    let inner = [system::ID, system::VERSION, system::DELETED_AT];
    visit.access.reads(object, &field.name) && !inner.contains(&field.name.as_str())
}

/// Whether the reader may change a field.
pub(crate) fn is_editable(visit: &Visit, object: &ObjectDef, field: &FieldDef) -> bool {
    !field.read_only && !field.is_computed() && visit.access.writes(object, &field.name)
}
