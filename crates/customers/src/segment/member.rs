//! Who is in which segment, and why. Membership is asked of the database, or of one profile at hand: it is never kept, so it is never stale.

use kernel::{Ctx, Id};
use model::{Condition, Filter, Ident, Path, Query, Record, Related, Schema, Sort, Value, evaluate, to_json};
use records::{Access, RecordError, Space};
use serde_json::{Map, Value as Json, json};
use store::Reader;

use super::object::bound;
use super::{ACTIVE, Segment};
use crate::profile::KIND;

/// A segment that a profile is in, with the reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// The segment.
    pub segment: Segment,
    /// The conditions that the profile fulfils; none where everybody is a member.
    pub because: Vec<Because>,
}

/// A condition that a profile fulfils.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// The condition as the segment says it.
    pub condition: Filter,
    /// The values that it looks at, as the profile has them.
    pub values: Vec<(Path, Value)>,
}

/// The segments in use that an actor may know of, ready to be asked about profiles.
#[derive(Clone, Debug, Default)]
pub struct Segments(Vec<(Segment, Filter)>);

/// The records that a segment's filter reaches: none, for it looks at the profile's own values only.
struct Nothing;

impl Related for Nothing {
    fn get(&self, _: &Ident, _: Id) -> Option<&Record> {
        None
    }

    fn pointing(&self, _: &Ident, _: &Ident, _: Id) -> Vec<&Record> {
        Vec::new()
    }
}

impl Segments {
    /// Reads them, by name: one statement for each hundred. Those that look at a field which is hidden from the actor are left out, as in
    /// lists, for to be in one would tell what is hidden; so are those whose fields are gone.
    pub async fn load(space: &Space, ctx: &Ctx, access: &Access, reader: &mut Reader) -> Result<Segments, RecordError> {
        let schema = space.schema();
        let profiles = space.object("profile")?;
        let mut query = Query::of(Ident::of("segment")).filter(ACTIVE.eq(true)).limit(100);
        query = query.sort(Sort::by(Ident::of("name"), false));
        let mut found = Vec::new();
        loop {
            let page = match space.list_as(ctx, access, &query, reader).await {
                Err(RecordError::Forbidden { .. }) => return Ok(Segments::default()),
                page => page?,
            };
            for segment in page.records.iter().map(Segment::of) {
                let Ok(query) = segment.query(&schema, ctx) else { continue };
                let filter = bound(&segment.filter, &schema, ctx)?;
                if access.check_paths(&schema, &profiles, &query.filter).is_ok() {
                    found.push((segment, filter));
                }
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(Segments(found)),
            }
        }
    }

    /// The segments that a profile is in. One that is in the bin is in none.
    pub fn of(&self, schema: &Schema, profile: &Record) -> Vec<Membership> {
        if profile.deleted_at().is_some() {
            return Vec::new();
        }
        let kind = profile.get(KIND);
        let member = |(segment, filter): &(Segment, Filter)| {
            let holds = kind.as_deref() == Some(segment.entity.as_str())
                && evaluate(schema, filter, profile, &Nothing) == Some(true);
            let mut because = Vec::new();
            collect(schema, &segment.filter, filter, profile, &mut because);
            holds.then(|| Membership { segment: segment.clone(), because })
        };
        self.0.iter().filter_map(member).collect()
    }
}

/// Walks a filter as it is written beside itself bound, which have the same shape.
fn collect(schema: &Schema, written: &Filter, bound: &Filter, profile: &Record, reasons: &mut Vec<Because>) {
    let paths = paths(written);
    match (written, bound) {
        (Filter::All, _) => {}
        (Filter::And(written), Filter::And(bound)) => {
            written.iter().zip(bound).for_each(|(w, b)| collect(schema, w, b, profile, reasons));
        }
        // Alternatives about one value are one condition on it.
        (Filter::Or(written), Filter::Or(bound)) if paths.len() > 1 => {
            let held = written.iter().zip(bound).filter(|(_, b)| evaluate(schema, b, profile, &Nothing) == Some(true));
            held.for_each(|(w, b)| collect(schema, w, b, profile, reasons));
        }
        _ => {
            let value = |path: Path| {
                let value = profile.value(path.field.as_str());
                let value = path.part.as_ref().map_or_else(|| value.clone(), |part| value.scalar(Some(part.as_str())));
                (path, value)
            };
            let values = paths.into_iter().map(value).collect();
            reasons.push(Because { condition: written.clone(), values });
        }
    }
}

/// What a filter looks at, each once, in its order.
fn paths(filter: &Filter) -> Vec<Path> {
    fn walk<'f>(filter: &'f Filter, found: &mut Vec<&'f Condition>) {
        match filter {
            Filter::And(list) | Filter::Or(list) => list.iter().for_each(|inner| walk(inner, found)),
            Filter::Not(inner) => walk(inner, found),
            Filter::Is(condition) => found.push(condition),
            _ => {}
        }
    }
    let mut conditions = Vec::new();
    walk(filter, &mut conditions);
    let mut paths: Vec<Path> = Vec::new();
    for condition in conditions {
        if !paths.contains(&condition.path) {
            paths.push(condition.path.clone());
        }
    }
    paths
}

/// Reasons for programs: each condition as the filter has it, with the values that fulfil it.
pub fn reasons(schema: &Schema, because: &[Because]) -> Vec<Json> {
    let one = |because: &Because| {
        let value = |(path, value): &(Path, Value)| {
            let field = schema.object("profile").and_then(|object| Some((object, object.field(path.field.as_str())?)));
            let plain = match (field, &path.part) {
                (Some((object, field)), None) => to_json(schema, object, field, value),
                _ => value.as_text().map_or(Json::Null, Json::from),
            };
            (path.to_string(), plain)
        };
        let values: Map<String, Json> = because.values.iter().map(value).collect();
        json!({ "condition": because.condition, "values": values })
    };
    because.iter().map(one).collect()
}
