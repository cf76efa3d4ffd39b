use kernel::{Ctx, Id, Locale, Zone};
use model::{
    Field, Filter, Grant, Hue, Ident, ObjectDef, Operand, Problem, Query, Record, Schema, boolean, choice, json,
    long_text, reference, text,
};
use records::{Cx, Draft, RecordError};

use crate::identity::Kind;
use crate::profile;

/// Its name, which its members read too.
pub const NAME: Field<String> = text("name").required().unique().searchable();
/// What it is and what for, in French, in the words that its members read.
pub const DESCRIPTION_FR: Field<String> = long_text("description_fr").required();
/// The same in English.
pub const DESCRIPTION_EN: Field<String> = long_text("description_en").required();
/// Whether its members are people or organisations.
pub const ENTITY: Field<String> =
    choice("entity", &[("person", Hue::Blue), ("organisation", Hue::Violet)]).required().default_text("person");
/// What must hold of a profile, as a filter in JSON; everybody where it is empty.
pub const FILTER: Field<Box<serde_json::Value>> = json("filter");
/// The purpose for which its members are looked for.
pub const PURPOSE: Field<Id> = reference("purpose", "purpose");
/// Whether it is used. One that is not has no members.
pub const ACTIVE: Field<bool> = boolean("active").default_bool(true);

/// Most bytes of a filter: what a list's address may carry.
pub const MOST_FILTER: usize = 16 << 10;

/// A segment as it is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its record.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What it is, French and English.
    pub descriptions: (String, String),
    /// What its members are.
    pub entity: Kind,
    /// What must hold of them, not bound: relative days stay relative.
    pub filter: Filter,
    /// The purpose for which they are looked for.
    pub purpose: Option<Id>,
    /// Whether it is used.
    pub active: bool,
}

impl Segment {
    /// Reads a record. A filter that cannot be read lets nobody in.
    pub fn of(record: &Record) -> Segment {
        let read = |json: Box<serde_json::Value>| serde_json::from_value(*json).unwrap_or(Filter::None);
        Segment {
            id: record.id(),
            name: record.get(NAME).unwrap_or_default(),
            descriptions: (
                record.get(DESCRIPTION_FR).unwrap_or_default(),
                record.get(DESCRIPTION_EN).unwrap_or_default(),
            ),
            entity: record.get(ENTITY).as_deref().and_then(Kind::parse).unwrap_or(Kind::Person),
            filter: record.get(FILTER).map_or(Filter::All, read),
            purpose: record.get(PURPOSE),
            active: record.get(ACTIVE) == Some(true),
        }
    }

    /// One that is being made and has neither name nor record yet, in use, of people or of organisations.
    pub fn draft(entity: &str, filter: Filter) -> Segment {
        Segment {
            id: Id::named("segment"),
            name: String::new(),
            descriptions: <(String, String)>::default(),
            entity: Kind::parse(entity).unwrap_or(Kind::Person),
            filter,
            purpose: None,
            active: true,
        }
    }

    /// What it is, in a language.
    pub fn description(&self, locale: Locale) -> &str {
        if locale == Locale::Fr { &self.descriptions.0 } else { &self.descriptions.1 }
    }

    /// What must hold of a profile so that it is a member, as a list of profiles takes it.
    pub fn whole(&self) -> Filter {
        self.filter.clone().and(profile::KIND.eq(self.entity.as_str().to_owned()))
    }

    /// The members, whatever is looked at of them. One that is not active has none.
    ///
    /// Errors when the filter looks at a field that is not there any more.
    pub fn query(&self, schema: &Schema, ctx: &Ctx) -> Result<Query, RecordError> {
        let filter = if self.active { self.whole() } else { Filter::None };
        Ok(Query::of(Ident::of("profile")).filter(bound(&filter, schema, ctx)?))
    }
}

/// A filter over profiles, bound. Days begin in Paris, so that everybody is told the same members.
pub(super) fn bound(filter: &Filter, schema: &Schema, ctx: &Ctx) -> Result<Filter, RecordError> {
    let profiles = schema.object("profile").ok_or_else(|| RecordError::unknown("object", "profile"))?;
    let ctx = Ctx { zone: Zone::get("Europe/Paris").unwrap_or(Zone::UTC), ..ctx.clone() };
    Ok(filter.bind(schema, profiles, &ctx)?)
}

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        DESCRIPTION_FR.def(),
        DESCRIPTION_EN.def(),
        ENTITY.def(),
        FILTER.def(),
        PURPOSE.def(),
        ACTIVE.def(),
    ];
    ObjectDef::new("segment", "seg", "users", "name", fields)
        .columns(&["name", "entity", "purpose", "active", "updated_at"])
        .facts(&["entity", "purpose", "active"])
        .section("details", &["name", "description_fr", "description_en", "entity", "filter", "purpose", "active"])
        .grant("*", Grant::read_only())
        .grant("manager", Grant::full())
        .grant("steward", Grant::full())
}

/// A segment's filter can be read and looks at the profile's own values only, the same for whoever looks.
pub(crate) fn check(draft: &mut Draft, cx: &Cx<'_>) -> Result<(), RecordError> {
    let Some(json) = draft.get(FILTER) else { return Ok(()) };
    let problem = |key: &str| Problem::new(FILTER.name(), key);
    if json.to_string().len() > MOST_FILTER {
        return Err(problem("segment-filter-large").into());
    }
    let filter: Filter =
        serde_json::from_value(*json).map_err(|error| problem("segment-filter").text("detail", error.to_string()))?;
    if !is_own(&filter) {
        return Err(problem("segment-filter-own").into());
    }
    match bound(&filter, &cx.schema(), &cx.ctx) {
        Err(RecordError::Invalid(problems)) => {
            let named = |found: &Problem| Problem { field: FILTER.name().to_owned(), ..found.clone() };
            Err(model::Problems(problems.0.iter().map(named).collect()).into())
        }
        other => other.map(drop),
    }
}

/// Whether a filter looks at nothing but the record's own values: neither through references nor at who asks.
fn is_own(filter: &Filter) -> bool {
    match filter {
        Filter::All | Filter::None => true,
        Filter::And(list) | Filter::Or(list) => list.iter().all(is_own),
        Filter::Not(inner) => is_own(inner),
        Filter::Is(condition) => match &condition.operand {
            Operand::Me => false,
            Operand::Raw(json) => json.get("me").is_none(),
            _ => true,
        },
        Filter::Related { .. } | Filter::Any { .. } => false,
    }
}
