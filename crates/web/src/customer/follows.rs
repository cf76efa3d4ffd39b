//! What follows from a decision: golden values, records, contact points, events and records of this space, before and after.

use std::collections::HashMap;
use std::sync::Arc;

use customers::identity::{Effect, Snapshot, Understood};
use customers::profile::{Golden, Points, Rules, Worth, hide};
use customers::segment::Segments;
use kernel::Id;
use maud::{Markup, html};
use model::{Ident, ObjectDef};
use records::RecordError;
use store::Reader;

use super::{PROFILE, attribute, day, key, values};
use crate::label;
use crate::names::{Names, Wanted};
use crate::visit::Visit;

/// A profile before or after, as the reader may see it.
struct Part {
    name: String,
    records: Vec<Understood>,
    golden: Golden,
    worth: Option<Worth>,
    segments: Vec<(Id, String)>,
}

type Originals = HashMap<(Id, String), (Arc<ObjectDef>, Id)>;

/// Draws what follows. Two statements for each profile and one for each object of this space.
pub(super) async fn draw(visit: &Visit, effect: &Effect, reader: &mut Reader) -> Result<Markup, RecordError> {
    let object = visit.space.object(PROFILE)?;
    let segments = Segments::load(&visit.space, &visit.ctx, &visit.access, reader).await?;
    let rules = Rules::read(reader.setting(Rules::SETTING).await?);
    let mut before = Vec::new();
    for snapshot in &effect.before {
        before.push(part(visit, &object, snapshot, &rules, &segments, reader).await?);
    }
    let mut after = Vec::new();
    for snapshot in &effect.after {
        after.push(part(visit, &object, snapshot, &rules, &segments, reader).await?);
    }
    let keys: Vec<(Id, String)> =
        (after.iter().flat_map(|part| &part.records)).map(|record| (record.source, record.key.clone())).collect();
    let originals = customers::source::originals(&visit.space, &keys).await?;
    let mut wanted = Wanted::default();
    originals.values().for_each(|(object, id)| wanted.one(object.name.clone(), *id));
    let names = wanted.read(visit, reader).await?;
    let args = [("before", (before.len() as i64).into()), ("after", (after.len() as i64).into())];
    Ok(html! {
        p { (visit.say("follows-count", &args)) }
        (golden(visit, &before, &after))
        div.follows { @for part in &after { (stays(visit, &before, part, &originals, &names)) } }
        p.muted { (visit.word("follows-consents")) }
    })
}

async fn part(
    visit: &Visit,
    object: &ObjectDef,
    snapshot: &Snapshot,
    rules: &Rules,
    segments: &Segments,
    reader: &mut Reader,
) -> Result<Part, RecordError> {
    let mut records = snapshot.records.clone();
    hide(&visit.access, object, &mut records);
    let kind = records.first().map_or(customers::identity::Kind::Person, |record| record.kind);
    let keys: Vec<(Id, String)> = records.iter().map(|record| (record.source, record.key.clone())).collect();
    let tallies = reader.tallies(&keys).await?;
    let golden = Golden::of(kind, &records, rules, &Points::of(&records, &tallies));
    let worth = Worth::of(&tallies);
    let shown = visit.access.reads(object, &Ident::of("name"));
    let name = if shown { crate::names::title_text(object, &snapshot.profile) } else { visit.word("hidden-record") };
    let segments = segments.of(&visit.space.schema(), &snapshot.profile);
    let segments = segments.into_iter().map(|each| (each.segment.id, each.segment.name)).collect();
    Ok(Part { name, records, golden, worth, segments })
}

/// The golden values before, then after; what is not as in the first profile before is marked.
fn golden(visit: &Visit, before: &[Part], after: &[Part]) -> Markup {
    let all: Vec<&Part> = before.iter().chain(after).collect();
    let Some(kind) = all.iter().find_map(|part| part.records.first()).map(|record| record.kind) else {
        return html! {};
    };
    let of = |part: &Part, name: &str| -> Vec<String> {
        let candidates = part.golden.all(name);
        let shown = if values::keeps_several(name) { candidates.len() } else { candidates.len().min(1) };
        candidates[..shown].iter().map(|candidate| values::written(visit, name, &candidate.value)).collect()
    };
    let rows =
        values::order(kind).filter(|name| all.iter().any(|part| !part.golden.all(name).is_empty())).map(|name| {
            let first = of(all[0], name);
            let cells = all.iter().enumerate().map(|(at, part)| {
                let values = of(part, name);
                let differs = at >= before.len() && values != first;
                (values, differs)
            });
            ui::Compared { label: attribute(visit, name), cells: cells.collect() }
        });
    let sides = all.iter().enumerate().map(|(at, part)| ui::Side {
        avatar: super::mark(kind, &part.name),
        detail: visit.word(if at < before.len() { "follows-before" } else { "follows-after" }),
        ..ui::Side::default()
    });
    let compared = ui::Comparison { title: visit.word("follows-golden"), sides: sides.collect(), rows: rows.collect() };
    ui::panel(
        &visit.word("follows-golden"),
        None,
        ui::comparison(&visit.view(), &compared, &visit.word("follows-changes")),
    )
}

/// The segments that a profile enters, stays in and leaves, beside those in which its records were before.
fn moves<'p>(before: &'p [Part], after: &'p Part) -> [(&'static str, Vec<&'p str>); 3] {
    let mut was: Vec<&(Id, String)> = before.iter().flat_map(|part| &part.segments).collect();
    was.sort_unstable();
    was.dedup();
    let names = |list: Vec<&'p (Id, String)>| list.into_iter().map(|(_, name)| name.as_str()).collect();
    let (stays, enters) = after.segments.iter().partition(|each| was.contains(each));
    was.retain(|each| !after.segments.contains(each));
    [("follows-enters", names(enters)), ("follows-stays", names(stays)), ("follows-leaves", names(was))]
}

/// What a profile has afterwards.
fn stays(visit: &Visit, before: &[Part], part: &Part, originals: &Originals, names: &Names) -> Markup {
    let (events, orders) = part.worth.as_ref().map_or((0, 0), |worth| (worth.events, worth.orders));
    html! {
        section {
            h3 { (part.name) }
            p { (visit.say("follows-records", &[("n", (part.records.len() as i64).into())])) }
            ul { @for record in &part.records {
                li {
                    (record.source_name) " " (key(&record.key)) " "
                    span.muted { (day(visit, record.received_at)) }
                    @if let Some((object, id)) = originals.get(&(record.source, record.key.clone())) {
                        @if let Some(name) = names.get(*id) { " · " a href=(label::record_address(object, *id)) { (name) } }
                    }
                }
            } }
            @for (key, names) in moves(before, part) {
                @if !names.is_empty() { p { (visit.say(key, &[("names", (&names.join(", ")).into())])) } }
            }
            p { (visit.say("follows-events", &[("events", events.into()), ("orders", orders.into())])) }
        }
    }
}
