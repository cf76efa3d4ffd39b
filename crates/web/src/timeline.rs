//! What happened to a record: its activities and its changes in one stream, and its changes alone as a table.

use std::sync::Arc;

use kernel::{Id, Timestamp};
use maud::{Markup, html};
use model::{
    FieldDef, FieldType, Filter, Ident, ObjectDef, Op as Is, Operand, Query, Record, Ref, Value, from_json, system,
};
use records::{Action, RecordError};
use store::{Change, ChangeOp, Reader};

use crate::form::Pairs;
use crate::names::{Names, Wanted, title};
use crate::visit::Visit;
use crate::{control, label, show};

/// Entries shown at once.
const ENTRIES: usize = 30;
/// Changes shown at once in the history.
const CHANGES: u32 = 100;

/// Where a stream continues: before this moment, and before this change of the log.
#[derive(Default)]
pub(crate) struct From {
    at: Option<Timestamp>,
    seq: Option<i64>,
}

impl From {
    pub(crate) fn read(pairs: &Pairs) -> From {
        From { at: pairs.text("at").parse().ok(), seq: pairs.text("seq").parse().ok() }
    }
}

/// Something that happened to a record.
pub(crate) enum Entry {
    Change(Change),
    Activity(Arc<ObjectDef>, Record),
}

/// Entries, newest first.
pub(crate) struct Log {
    entries: Vec<Entry>,
    /// The query that continues it.
    more: Option<String>,
}

impl Entry {
    /// Adds the users and records that it names.
    pub(crate) fn want(&self, visit: &Visit, object: &ObjectDef, wanted: &mut Wanted) {
        match self {
            Entry::Change(change) => {
                wanted.users(change.actor);
                for (field, [before, after]) in changed(visit, object, change) {
                    wanted.value(object, field.name.as_str(), &before);
                    wanted.value(object, field.name.as_str(), &after);
                }
            }
            Entry::Activity(other, record) => {
                wanted.users(record.value(system::CREATED_BY).as_id().or(record.owner()));
                wanted.record(other, record, &other.layout.facts);
            }
        }
    }

    /// When it happened.
    pub(crate) fn at(&self) -> Timestamp {
        match self {
            Entry::Change(change) => change.at,
            Entry::Activity(_, record) => match record.value(system::CREATED_AT) {
                Value::DateTime(at) => *at,
                _ => Timestamp::UNIX_EPOCH,
            },
        }
    }
}

/// The objects whose records stand on this object's timeline, with the field that points there.
pub(crate) fn activities(visit: &Visit, object: &ObjectDef) -> Vec<(Arc<ObjectDef>, FieldDef)> {
    let schema = visit.space.schema();
    let found = schema.objects().filter_map(|other| {
        let field = other.timeline.as_ref().and_then(|name| other.field(name.as_str()))?;
        let here = field.targets().is_some_and(|t| t.is_empty() || t.contains(&object.name));
        (here && visit.access.check(other, Action::Read).is_ok() && visit.access.reads(other, &field.name))
            .then(|| (Arc::clone(other), field.clone()))
    });
    found.collect()
}

impl Log {
    /// Activities and changes. One statement per kind of activity and one for the changes.
    pub(crate) async fn of_everything(
        visit: &Visit,
        object: &ObjectDef,
        id: Id,
        from: &From,
        reader: &mut Reader,
    ) -> Result<Log, RecordError> {
        let limit = ENTRIES as u32 + 1;
        let mut entries: Vec<Entry> =
            reader.history(id, from.seq, limit).await?.into_iter().map(Entry::Change).collect();
        for (other, field) in activities(visit, object) {
            let target = match field.kind {
                FieldType::Polymorphic { .. } => Value::Ref(Ref { object: object.name.clone(), id }),
                _ => Value::Id(id),
            };
            let mut filter = Filter::is(field.name.clone(), Is::Eq, Operand::Value(target));
            if let Some(at) = from.at {
                let before = Operand::Value(Value::DateTime(at));
                filter = filter.and(Filter::is(Ident::of(system::CREATED_AT), Is::Lt, before));
            }
            let query = Query::of(other.name.clone()).filter(filter).limit(limit);
            let page = visit.space.list_as(&visit.ctx, &visit.access, &query, reader).await?;
            entries.extend(page.records.into_iter().map(|r| Entry::Activity(Arc::clone(&other), r)));
        }
        entries.sort_by_key(|e| std::cmp::Reverse(e.at()));
        let more = entries.len() > ENTRIES;
        entries.truncate(ENTRIES);
        let last = entries.last().map(Entry::at);
        let seq =
            entries.iter().filter_map(|e| if let Entry::Change(c) = e { Some(c.seq) } else { None }).min().or(from.seq);
        let more = last.filter(|_| more).map(|at| {
            let seq = seq.map(|s| s.to_string()).unwrap_or_default();
            Pairs(vec![("at".into(), at.to_string()), ("seq".into(), seq)]).query()
        });
        Ok(Log { entries, more })
    }

    /// The changes alone.
    pub(crate) async fn of_changes(
        _: &Visit,
        _: &ObjectDef,
        id: Id,
        before: Option<i64>,
        reader: &mut Reader,
    ) -> Result<Log, RecordError> {
        let changes = reader.history(id, before, CHANGES).await?;
        Ok(Log { entries: changes.into_iter().map(Entry::Change).collect(), more: None })
    }

    /// Adds the users and records that the entries name.
    pub(crate) fn want(&self, visit: &Visit, object: &ObjectDef, wanted: &mut Wanted) {
        self.entries.iter().for_each(|entry| entry.want(visit, object, wanted));
    }

    /// The stream.
    pub(crate) fn stream(&self, visit: &Visit, object: &ObjectDef, id: Id, names: &Names) -> Markup {
        let none = ui::Empty {
            icon: Some(ui::Icon::MessageSquare),
            title: visit.word("timeline-empty"),
            ..ui::Empty::default()
        };
        let more = self.more_address(object, id);
        ui::timeline(&visit.view(), &self.drawn(visit, object, names), more.as_deref(), &none)
    }

    /// The entries alone.
    pub(crate) fn entries(&self, visit: &Visit, object: &ObjectDef, id: Id, names: &Names) -> Markup {
        ui::timeline_entries(&visit.view(), &self.drawn(visit, object, names), self.more_address(object, id).as_deref())
    }

    fn more_address(&self, object: &ObjectDef, id: Id) -> Option<String> {
        self.more.as_ref().map(|query| format!("{}/timeline?{query}", label::record_address(object, id)))
    }

    fn drawn(&self, visit: &Visit, object: &ObjectDef, names: &Names) -> Vec<ui::TimelineEntry> {
        let mut month = None;
        let mut out = Vec::new();
        for entry in &self.entries {
            let Some(mut drawn) = one(visit, object, entry, names) else { continue };
            let day = entry.at().to_zoned(visit.ctx.zone.clone()).date();
            let this = (day.year(), day.month());
            if month.is_some_and(|m| m != this) {
                drawn.heading = Some(month_text(visit, day));
            }
            month = Some(this);
            out.push(drawn);
        }
        out
    }

    /// The changes as a table, each value restorable.
    pub(crate) fn table(&self, visit: &Visit, object: &ObjectDef, record: &Record, names: &Names) -> Markup {
        let may = record.deleted_at().is_none() && visit.access.check(object, Action::Update).is_ok();
        let address = label::record_address(object, record.id());
        let mut rows = Vec::new();
        for entry in &self.entries {
            let Entry::Change(change) = entry else { continue };
            let row = |what: ui::Change, restore| ui::HistoryRow {
                iso: change.at.to_string(),
                time: visit.format().date_time(change.at, &visit.ctx.zone),
                actor: actor(visit, change.actor, names),
                through: visit.word(&format!("via-{}", change.via)),
                change: what,
                restore,
            };
            if change.op != ChangeOp::Update {
                let done = visit.word(&format!("change-{}", change.op.as_str()));
                rows.push(row(
                    ui::Change { field: label::one(visit, object), before: String::new(), after: done },
                    None,
                ));
                continue;
            }
            for (field, [before, after]) in changed(visit, object, change) {
                let open =
                    may && show::is_editable(visit, object, field) && *record.value(field.name.as_str()) != before;
                let restore = open.then(|| ui::Action {
                    label: visit.view().words.restore.clone(),
                    icon: Some(ui::Icon::RotateCcw),
                    href: format!("{address}/history/{}/{}", change.seq, field.name),
                    method: ui::Method::Post,
                    kind: ui::ActionKind::Quiet,
                    ..ui::Action::default()
                });
                rows.push(row(difference(visit, object, field, &before, &after, names), restore));
            }
        }
        html! {
            @if rows.is_empty() {
                (ui::empty(&visit.view(), &ui::Empty { title: visit.word("history-empty"), ..ui::Empty::default() }))
            } @else { (ui::history_table(&visit.view(), &rows)) }
        }
    }
}

/// The values before and after of the fields that a change touched and the reader may see.
fn changed<'a>(visit: &Visit, object: &'a ObjectDef, change: &Change) -> Vec<(&'a FieldDef, [Value; 2])> {
    let schema = visit.space.schema();
    let Some(diff) = change.diff.as_ref().and_then(|d| d.as_object()) else { return Vec::new() };
    let one = |(name, pair): (&String, &serde_json::Value)| {
        let field = object.field(name).filter(|f| show::is_shown(visit, object, f))?;
        let stored = FieldDef { kind: schema.effective(object, field).clone(), ..field.clone() };
        let read = |json: &serde_json::Value| from_json(&schema, object, &stored, json).unwrap_or_default();
        Some((field, [read(&pair[0]), read(&pair[1])]))
    };
    diff.iter().filter_map(one).collect()
}

/// The value that a change replaced, for a restoration.
pub(crate) fn former(visit: &Visit, object: &ObjectDef, change: &Change, field: &str) -> Option<Value> {
    changed(visit, object, change).into_iter().find(|(f, _)| f.name == field).map(|(_, [before, _])| before)
}

fn difference(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    before: &Value,
    after: &Value,
    names: &Names,
) -> ui::Change {
    let text = |value| show::text(visit, object, field, value, names);
    ui::Change { field: label::field(visit, object, field), before: text(before), after: text(after) }
}

/// Who did something: a user, or the product itself.
pub(crate) fn actor(visit: &Visit, user: Option<Id>, names: &Names) -> ui::Avatar {
    match user {
        Some(id) => ui::Avatar::person(names.get(id).map_or_else(|| visit.word("hidden-record"), str::to_owned)),
        None => ui::Avatar::thing(visit.word("product-name")),
    }
}

/// A month with its year.
pub(crate) fn month_text(visit: &Visit, day: jiff::civil::Date) -> String {
    let text = visit.format().date(day);
    text.split_once('\u{a0}').map_or(text.clone(), |(_, rest)| rest.to_owned())
}

/// An entry as the stream shows it; nothing where the reader may see nothing of it.
pub(crate) fn one(visit: &Visit, object: &ObjectDef, entry: &Entry, names: &Names) -> Option<ui::TimelineEntry> {
    let at = entry.at();
    let mut drawn = ui::TimelineEntry {
        iso: at.to_string(),
        time: visit.format().date_time(at, &visit.ctx.zone),
        ..ui::TimelineEntry::default()
    };
    match entry {
        Entry::Change(change) => {
            drawn.id = format!("change-{}", change.seq);
            drawn.icon = Some(match change.op {
                ChangeOp::Create => ui::Icon::Plus,
                ChangeOp::Update => ui::Icon::Pencil,
                ChangeOp::Delete => ui::Icon::Trash,
                ChangeOp::Restore => ui::Icon::RotateCcw,
            });
            drawn.actor = actor(visit, change.actor, names);
            drawn.summary = visit.word(&format!("timeline-{}", change.op.as_str()));
            let fields = changed(visit, object, change);
            if change.op == ChangeOp::Update && fields.is_empty() {
                return None;
            }
            drawn.changes =
                fields.iter().map(|(f, [before, after])| difference(visit, object, f, before, after, names)).collect();
        }
        Entry::Activity(other, record) => {
            drawn.id = record.id().typed(other.prefix.as_str());
            drawn.icon = Some(label::icon(other));
            drawn.actor = actor(visit, record.value(system::CREATED_BY).as_id().or(record.owner()), names);
            let name = title(other, record, names);
            drawn.summary = format!("{} · {name}", label::one(visit, other));
            drawn.href = Some(label::record_address(other, record.id()));
            let long = other.own_fields().find(|f| {
                matches!(f.kind, FieldType::LongText) && f.name != other.title && show::is_shown(visit, other, f)
            });
            let body = long.and_then(|f| record.value(f.name.as_str()).as_text()).filter(|t| !t.is_empty());
            let facts: Vec<String> = other
                .layout
                .facts
                .iter()
                .filter(|n| other.timeline.as_ref() != Some(n) && **n != other.title)
                .filter_map(|n| other.field(n.as_str()))
                .filter(|f| show::is_shown(visit, other, f))
                .filter_map(|f| {
                    let text = show::text(visit, other, f, record.value(f.name.as_str()), names);
                    (!text.is_empty()).then(|| format!("{} : {text}", label::field(visit, other, f)))
                })
                .collect();
            let text = [facts.join(" · "), body.unwrap_or_default().to_owned()];
            let text: Vec<String> = text.into_iter().filter(|t| !t.is_empty()).collect();
            drawn.body = (!text.is_empty()).then(|| text.join("\n\n"));
        }
    }
    Some(drawn)
}

/// The fields that a composer asks for: the name, then what is required, then a text and a moment.
pub(crate) fn asked<'a>(visit: &Visit, other: &'a ObjectDef) -> Vec<&'a FieldDef> {
    let about = other.timeline.as_ref();
    let open =
        |f: &&FieldDef| Some(&f.name) != about && show::is_editable(visit, other, f) && show::is_shown(visit, other, f);
    let first = other.field(other.title.as_str()).filter(open);
    let needed = other.own_fields().filter(open).filter(|f| f.required && f.default.is_none() && f.name != other.title);
    let extra = other
        .own_fields()
        .filter(open)
        .filter(|f| matches!(f.kind, FieldType::LongText | FieldType::DateTime) && !f.required);
    let mut fields: Vec<&FieldDef> = first.into_iter().chain(needed).collect();
    for field in extra {
        let kind = std::mem::discriminant(&field.kind);
        if field.name != other.title && !fields.iter().skip(1).any(|f| std::mem::discriminant(&f.kind) == kind) {
            fields.push(field);
        }
    }
    fields
}

/// The place to add an activity, one form per kind.
pub(crate) fn composer(visit: &Visit, object: &ObjectDef, id: Id) -> Markup {
    let tabs: Vec<ui::ComposerTab> = activities(visit, object)
        .into_iter()
        .filter(|(other, field)| {
            visit.access.check(other, Action::Create).is_ok() && show::is_editable(visit, other, field)
        })
        .map(|(other, _)| {
            let fields: Vec<Markup> = asked(visit, &other)
                .into_iter()
                .map(|f| {
                    let control = ui::Control {
                        label: Some(label::field(visit, &other, f)),
                        placeholder: Some(label::field(visit, &other, f)),
                        required: f.required,
                        ..ui::Control::new(f.name.as_str())
                    };
                    control::draw(visit, &other, f, &Pairs::default(), &Names::default(), &control)
                })
                .collect();
            ui::ComposerTab {
                key: other.name.to_string(),
                label: label::one(visit, &other),
                icon: Some(label::icon(&other)),
                action: format!("{}/compose/{}", label::record_address(object, id), other.name),
                fields: html! { @for field in fields { (field) } },
                submit: visit.view().words.add.clone(),
            }
        })
        .collect();
    if tabs.is_empty() {
        html! {}
    } else {
        ui::composer(&visit.view(), &ui::Composer { tabs })
    }
}

/// One new activity as an entry of the stream.
pub(crate) fn fresh(visit: &Visit, object: &ObjectDef, other: Arc<ObjectDef>, record: Record, names: &Names) -> Markup {
    let log = Log { entries: vec![Entry::Activity(other, record)], more: None };
    ui::timeline_entries(&visit.view(), &log.drawn(visit, object, names), None)
}
