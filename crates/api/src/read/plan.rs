use std::sync::Arc;

use kernel::Code;
use model::{Filter, Ident, Nulls, ObjectDef, Problem, Query, Sort, system};

use super::cast::Cast;
use super::condition::conditions;
use super::embed::{self, Embed};
use super::group::{Grouping, grouping, is_grouped};
use super::path::{field_of, path};
use super::relation::Link;
use super::value::{json, prefix};
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{self, Column, Direction, Field, Key, Level, Order, Step};

/// What is read of an object's records and how each is shown.
pub(crate) struct Plan {
    pub(crate) object: Arc<ObjectDef>,
    pub(crate) items: Vec<Item>,
    /// Bound, with the caller's predicate.
    pub(crate) query: Query,
    pub(crate) embeds: Vec<Embed>,
    /// Groups instead of records.
    pub(crate) grouping: Option<Grouping>,
}

/// A member of a row.
pub(crate) struct Item {
    pub(crate) name: String,
    /// `"name":`
    pub(crate) key: Vec<u8>,
    pub(crate) what: What,
}

pub(crate) enum What {
    Field(Shown),
    /// The embedded resource with this number.
    Embed(usize),
    /// Its members in place of one.
    Spread(usize),
}

/// A field, a part of it, in a type.
pub(crate) struct Shown {
    /// Which of the object's fields.
    pub(crate) at: usize,
    pub(crate) prefix: String,
    pub(crate) path: Vec<Step>,
    pub(crate) cast: Option<Cast>,
}

/// Plans what a level of a query asks for; only records that match `narrow`.
pub(crate) fn plan(call: &Call, object: &Arc<ObjectDef>, level: &Level, narrow: Filter) -> Result<Plan, Failure> {
    let embeds = level.embeds().map(|e| embed::plan(call, object, e)).collect::<Result<Vec<_>, _>>()?;
    let present = |name: &str| embeds.iter().find(|e| e.name == name).map(Embed::present);
    let mut filter = narrow.and(conditions(call, object, &level.filters, &present)?);
    for inner in embeds.iter().filter(|e| e.inner) {
        filter = filter.and(inner.present());
    }
    let grouping = if is_grouped(object, level) { Some(grouping(call, object, level)?) } else { None };
    let sort = match grouping {
        Some(_) => Vec::new(),
        None => level.order.iter().map(|order| sort(call, object, order)).collect::<Result<Vec<_>, _>>()?,
    };
    let mut plan = Plan {
        object: Arc::clone(object),
        items: Vec::new(),
        query: Query { filter, sort, ..Query::of(object.name.clone()) },
        embeds,
        grouping,
    };
    if plan.grouping.is_none() {
        plan.show(call, level)?;
    }
    let (_, bound) = call.space.authorise(&call.ctx, &call.access, &plan.query).map_err(Failure::reading)?;
    plan.query = bound;
    // The store takes no names for all, and is quicker then.
    if plan.query.fields.len() == object.fields.len() {
        plan.query.fields.clear();
    }
    Ok(plan)
}

impl Plan {
    /// The members of a row, and the fields that they and the embedded resources need.
    fn show(&mut self, call: &Call, level: &Level) -> Result<(), Failure> {
        let object = Arc::clone(&self.object);
        let mut fields: Vec<Ident> = vec![Ident::of(system::ID)];
        let mut embed = 0;
        for item in &level.select {
            match item {
                postgrest::Item::All => {
                    for (at, field) in
                        object.fields.iter().enumerate().filter(|(_, f)| call.access.reads(&object, &f.name))
                    {
                        fields.push(field.name.clone());
                        self.items.push(Item::field(field.name.to_string(), Shown::new(call, &object, at, &[], None)));
                    }
                }
                postgrest::Item::Column(column) => {
                    let shown = shown(call, &object, column)?;
                    fields.push(object.fields[shown.at].name.clone());
                    self.items.push(Item::field(name(column), shown));
                }
                postgrest::Item::Embed(_) => {
                    let related = &self.embeds[embed];
                    if let Link::One(field) | Link::Listed(field) = &related.link {
                        fields.push(field.clone());
                    }
                    if !related.plan.is_empty() {
                        let what = if related.spread { What::Spread(embed) } else { What::Embed(embed) };
                        self.items.push(Item::new(related.name.clone(), what));
                    }
                    embed += 1;
                }
                postgrest::Item::Count { .. } => {}
            }
        }
        fields.sort();
        fields.dedup();
        self.query.fields = fields;
        Ok(())
    }

    /// Whether a row shows nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.grouping.is_none()
    }

    /// Reads this field too.
    pub(crate) fn also(&mut self, field: &Ident) {
        if !self.query.fields.is_empty() && !self.query.fields.contains(field) {
            self.query.fields.push(field.clone());
        }
    }
}

impl Item {
    pub(crate) fn new(name: String, what: What) -> Item {
        let mut key = Vec::with_capacity(name.len() + 3);
        json(&mut key, &name);
        key.push(b':');
        Item { name, key, what }
    }

    fn field(name: String, shown: Shown) -> Item {
        Item::new(name, What::Field(shown))
    }
}

impl Shown {
    fn new(call: &Call, object: &ObjectDef, at: usize, path: &[Step], cast: Option<Cast>) -> Shown {
        Shown { at, prefix: prefix(&call.schema, object, &object.fields[at]), path: path.to_vec(), cast }
    }
}

fn shown(call: &Call, object: &ObjectDef, column: &Column) -> Result<Shown, Failure> {
    let field = field_of(call, object, &column.field.name)?;
    let at = object.fields.iter().position(|f| f.name == field.name).expect("found above");
    let cast = column.cast.as_deref().map(Cast::read).transpose()?;
    Ok(Shown::new(call, object, at, &column.field.path, cast))
}

/// The alias, else the last name on the way, as PostgREST has it.
fn name(column: &Column) -> String {
    let Column { alias, field: Field { name, path }, .. } = column;
    let last = path.iter().rev().find_map(|step| match &step.key {
        Key::Name(name) => Some(name),
        Key::Index(_) => None,
    });
    alias.as_ref().or(last).unwrap_or(name).clone()
}

fn sort(call: &Call, object: &ObjectDef, order: &Order) -> Result<Sort, Failure> {
    if let Some(relation) = &order.relation {
        let problem = Problem::new(format!("{relation}({})", order.field.name), "not-sortable");
        return Err(Failure::of(Code::BadRequest).detail(problem));
    }
    let path = path(call, object, &order.field)?;
    let desc = order.direction == Direction::Descending;
    // PostgreSQL's defaults; where every record has a value, the order of the index gives the same.
    let always = matches!(path.field.as_str(), system::ID | system::CREATED_AT | system::UPDATED_AT | system::VERSION);
    let nulls = match order.nulls {
        _ if always => Nulls::Smallest,
        Some(postgrest::Nulls::First) => Nulls::First,
        Some(postgrest::Nulls::Last) => Nulls::Last,
        None if desc => Nulls::First,
        None => Nulls::Last,
    };
    Ok(Sort { path, desc, nulls })
}
