use std::fmt;

use kernel::Ctx;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{FieldDef, FieldType, Ident, ObjectDef, Problem, Relative, Scalar, Schema, Span, Value, from_json};

/// A condition on records, as a tree.
///
/// Truth is SQL's: a comparison with a missing value is unknown, and unknown records do not match, negated or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Every record.
    #[default]
    All,
    /// No record.
    None,
    /// All of them hold.
    And(Vec<Filter>),
    /// One of them holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// A comparison.
    Is(Condition),
    /// The record that a reference points to exists and matches. `object` is needed for polymorphic references only.
    Related {
        /// The reference field.
        field: Ident,
        /// Which object, for polymorphic references.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<Ident>,
        /// What must hold for the target.
        filter: Box<Filter>,
    },
    /// Some record of another object points here and matches.
    Any {
        /// The other object.
        object: Ident,
        /// Its reference field that points here.
        via: Ident,
        /// What must hold for it.
        filter: Box<Filter>,
    },
}

/// A comparison of a field with something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is compared.
    #[serde(flatten)]
    pub path: Path,
    /// How.
    pub op: Op,
    /// With what.
    #[serde(default, skip_serializing_if = "Operand::is_none")]
    pub operand: Operand,
}

/// A field or one of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Path {
    /// The field.
    pub field: Ident,
    /// The part: `currency`, `last`, `city`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Ident>,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Eq,
    /// Different.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// One of a list.
    In,
    /// Missing.
    IsNull,
    /// Different, a missing value being a value like others.
    Distinct,
    /// The text contains this, without regard to case and accents.
    Contains,
    /// The text starts with this, without regard to case and accents.
    StartsWith,
    /// SQL's pattern: `%` any text, `_` any character.
    Like,
    /// The same without regard to case and accents.
    Ilike,
    /// A regular expression matches somewhere.
    Match,
    /// The same without regard to case.
    Imatch,
    /// The list has this element (all of these, given a list).
    Has,
    /// The list has one of these.
    HasAny,
    /// Every element of the list is one of these.
    Among,
    /// The day or moment falls in a span.
    Within,
    /// The place is at most so many kilometres away: `{lat, lon, km}`.
    Near,
}

/// What a field is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Operand {
    /// Nothing.
    #[default]
    None,
    /// Its JSON form, not read yet.
    Raw(Json),
    /// A value.
    Value(Value),
    /// Several values.
    Values(Vec<Value>),
    /// The acting user.
    Me,
    /// A day counted from today.
    Relative(Relative),
    /// A span of time counted from today.
    Span(Span),
}

/// Why a filter does not fit the objects.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(
    /// The condition's field and what is wrong with it.
    pub Problem,
);

/// What kind of scalar a path holds, which decides the operators it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Ordered,
    Equality,
    Texts,
    Entries,
    Ids,
    Place,
    Opaque,
}

const MAX_DEPTH: usize = 12;
const MAX_CONDITIONS: usize = 300;
const MAX_LIST: usize = 5_000;

impl Filter {
    /// Whether every record matches.
    pub fn is_all(&self) -> bool {
        matches!(self, Filter::All)
    }

    /// Both hold.
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::All, f) | (f, Filter::All) => f,
            (Filter::None, _) | (_, Filter::None) => Filter::None,
            (Filter::And(mut list), Filter::And(more)) => {
                list.extend(more);
                Filter::And(list)
            }
            (Filter::And(mut list), f) => {
                list.push(f);
                Filter::And(list)
            }
            (f, other) => Filter::And(vec![f, other]),
        }
    }

    /// One of them holds.
    pub fn or(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::None, f) | (f, Filter::None) => f,
            (Filter::All, _) | (_, Filter::All) => Filter::All,
            (Filter::Or(mut list), f) => {
                list.push(f);
                Filter::Or(list)
            }
            (f, other) => Filter::Or(vec![f, other]),
        }
    }

    /// It does not hold.
    pub fn negate(self) -> Filter {
        match self {
            Filter::All => Filter::None,
            Filter::None => Filter::All,
            Filter::Not(inner) => *inner,
            f => Filter::Not(Box::new(f)),
        }
    }

    /// A comparison.
    pub fn is(field: Ident, op: Op, operand: Operand) -> Filter {
        Filter::Is(Condition { path: Path { field, part: None }, op, operand })
    }

    /// Checks every path, operator and operand against the schema, reads raw operands, and puts “me” and relative dates into
    /// values of this call. What comes out can be compiled and evaluated.
    pub fn bind(&self, schema: &Schema, object: &ObjectDef, ctx: &Ctx) -> Result<Filter, FilterError> {
        let mut left = MAX_CONDITIONS;
        self.bind_at(schema, object, ctx, 0, &mut left)
    }

    fn bind_at(
        &self,
        schema: &Schema,
        object: &ObjectDef,
        ctx: &Ctx,
        depth: usize,
        left: &mut usize,
    ) -> Result<Filter, FilterError> {
        if depth > MAX_DEPTH || *left == 0 {
            return Err(FilterError(Problem::new("", "filter-too-large")));
        }
        *left -= 1;
        let mut all = |list: &[Filter]| -> Result<Vec<Filter>, FilterError> {
            list.iter().map(|f| f.bind_at(schema, object, ctx, depth + 1, left)).collect()
        };
        Ok(match self {
            Filter::All => Filter::All,
            Filter::None => Filter::None,
            Filter::And(list) => Filter::And(all(list)?),
            Filter::Or(list) => Filter::Or(all(list)?),
            Filter::Not(inner) => Filter::Not(Box::new(inner.bind_at(schema, object, ctx, depth + 1, left)?)),
            Filter::Is(condition) => Filter::Is(condition.bind(schema, object, ctx)?),
            Filter::Related { field, object: to, filter } => {
                let def = find(object, field)?;
                let targets = def.targets().ok_or_else(|| FilterError(Problem::new(field, "not-a-reference")))?;
                let to = match (to, targets.as_slice()) {
                    (Some(to), list) if list.is_empty() || list.contains(to) => to.clone(),
                    (None, [one]) => one.clone(),
                    _ => return Err(FilterError(Problem::new(field, "wrong-target"))),
                };
                let target = if def.name == "id" { object } else { lookup(schema, &to)? };
                let inner = filter.bind_at(schema, target, ctx, depth + 1, left)?;
                Filter::Related { field: field.clone(), object: Some(target.name.clone()), filter: Box::new(inner) }
            }
            Filter::Any { object: other, via, filter } => {
                let source = lookup(schema, other)?;
                let def = find(source, via)?;
                let points_here = def.targets().is_some_and(|t| t.is_empty() || t.contains(&object.name));
                if !points_here {
                    return Err(FilterError(Problem::new(via, "wrong-target")));
                }
                let inner = filter.bind_at(schema, source, ctx, depth + 1, left)?;
                Filter::Any { object: other.clone(), via: via.clone(), filter: Box::new(inner) }
            }
        })
    }

    /// Calls `visit` with every object and path that the filter looks at; `object` is the one it starts from.
    pub fn paths<'a>(&'a self, object: &'a Ident, visit: &mut dyn FnMut(&'a Ident, &'a Ident)) {
        match self {
            Filter::All | Filter::None => {}
            Filter::And(list) | Filter::Or(list) => list.iter().for_each(|f| f.paths(object, visit)),
            Filter::Not(inner) => inner.paths(object, visit),
            Filter::Is(condition) => visit(object, &condition.path.field),
            Filter::Related { field, object: to, filter } => {
                visit(object, field);
                if let Some(to) = to {
                    filter.paths(to, visit);
                }
            }
            Filter::Any { object: other, via, filter } => {
                visit(other, via);
                filter.paths(other, visit);
            }
        }
    }
}

impl Condition {
    fn bind(&self, schema: &Schema, object: &ObjectDef, ctx: &Ctx) -> Result<Condition, FilterError> {
        let def = find(object, &self.path.field)?;
        let fail = |key: &str| FilterError(Problem::new(self.path.to_string(), key));
        if let Some(part) = &self.path.part
            && !def.kind.parts().contains(&part.as_str())
        {
            return Err(FilterError(
                Problem::new(self.path.to_string(), "unknown-part").text("parts", def.kind.parts().join(", ")),
            ));
        }
        let shape = shape(def, self.path.part.as_ref());
        if !accepts(shape, self.op, &def.kind) {
            return Err(FilterError(
                Problem::new(self.path.to_string(), "operator-not-for-type")
                    .text("op", self.op.as_str())
                    .text("type", def.kind.name()),
            ));
        }
        let read = |json: &Json| read_operand(schema, object, def, self.path.part.as_ref(), self.op, json, ctx);
        let operand = match &self.operand {
            Operand::Raw(json) => read(json)?,
            Operand::Me => Operand::Value(ctx.user().map_or(Value::Null, Value::Id)),
            Operand::Relative(relative) => {
                Operand::Value(relative_value(def, *relative, ctx).ok_or_else(|| fail("not-a-date"))?)
            }
            Operand::Span(span) => span_values(def, *span, ctx).ok_or_else(|| fail("not-a-date"))?,
            Operand::Value(value) => Operand::Value(value.scalar_or_self()),
            Operand::Values(values) => Operand::Values(values.iter().map(Value::scalar_or_self).collect()),
            Operand::None => Operand::None,
        };
        let fits = match self.op {
            Op::IsNull => matches!(operand, Operand::None),
            Op::In | Op::HasAny | Op::Among => matches!(&operand, Operand::Values(list) if list.len() <= MAX_LIST),
            Op::Has => matches!(operand, Operand::Value(_) | Operand::Values(_)),
            Op::Within => matches!(&operand, Operand::Values(list) if list.len() == 2 && !list.contains(&Value::Null)),
            Op::Near => matches!(&operand, Operand::Values(list) if list.len() == 3),
            _ => matches!(operand, Operand::Value(_)),
        };
        if !fits {
            return Err(fail("operand-does-not-fit"));
        }
        Ok(Condition { path: self.path.clone(), op: self.op, operand })
    }
}

impl Value {
    fn scalar_or_self(&self) -> Value {
        match self {
            Value::Money(_) | Value::Ref(_) | Value::Name(_) | Value::Address(_) => self.scalar(None),
            other => other.clone(),
        }
    }
}

fn find<'a>(object: &'a ObjectDef, field: &Ident) -> Result<&'a FieldDef, FilterError> {
    object
        .field(field.as_str())
        .ok_or_else(|| FilterError(Problem::new(field, "unknown-field").text("object", object.name.as_str())))
}

fn lookup<'a>(schema: &'a Schema, name: &Ident) -> Result<&'a ObjectDef, FilterError> {
    schema.object(name.as_str()).map(|o| &**o).ok_or_else(|| FilterError(Problem::new(name, "unknown-object")))
}

pub(crate) fn shape(def: &FieldDef, part: Option<&Ident>) -> Shape {
    match (&def.kind, part.map(Ident::as_str)) {
        (FieldType::Location, Some(_)) => Shape::Ordered,
        (_, Some(_)) => Shape::Text,
        (FieldType::Text { .. } | FieldType::LongText | FieldType::Choice { .. } | FieldType::AutoNumber { .. }, _) => {
            Shape::Text
        }
        (FieldType::PersonName | FieldType::Address, _) => Shape::Text,
        (FieldType::Emails | FieldType::Phones | FieldType::Links, _) => Shape::Entries,
        (FieldType::Formula { result: Scalar::Text, .. }, _) => Shape::Text,
        (FieldType::Formula { result: Scalar::Boolean, .. } | FieldType::Boolean, _) => Shape::Equality,
        (FieldType::Reference { .. } | FieldType::User | FieldType::Polymorphic { .. }, _) => Shape::Equality,
        (FieldType::References { .. }, _) => Shape::Ids,
        (FieldType::MultiChoice { .. } | FieldType::Tags, _) => Shape::Texts,
        (FieldType::Location, None) => Shape::Place,
        (FieldType::Files | FieldType::Json, _) => Shape::Opaque,
        _ => Shape::Ordered,
    }
}

fn accepts(shape: Shape, op: Op, kind: &FieldType) -> bool {
    use Op::{Among, Distinct, Eq, Has, HasAny, In, IsNull, Ne, Near, Within};
    let text = |op| !matches!(op, Has | HasAny | Among | Within | Near);
    match shape {
        Shape::Text => text(op),
        Shape::Entries => text(op) || matches!(op, Has | HasAny),
        Shape::Ordered => match op {
            Within => {
                matches!(kind, FieldType::Date | FieldType::DateTime)
                    || matches!(kind, FieldType::Formula { result: Scalar::Date | Scalar::DateTime, .. })
            }
            op => matches!(op, Eq | Ne | In | IsNull | Distinct | Op::Lt | Op::Lte | Op::Gt | Op::Gte),
        },
        Shape::Equality => matches!(op, Eq | Ne | In | IsNull | Distinct),
        Shape::Texts => matches!(op, IsNull | Has | HasAny | Among),
        Shape::Ids => matches!(op, IsNull | Has | HasAny),
        Shape::Place => matches!(op, IsNull | Near),
        Shape::Opaque => matches!(op, IsNull),
    }
}

fn read_operand(
    schema: &Schema,
    object: &ObjectDef,
    def: &FieldDef,
    part: Option<&Ident>,
    op: Op,
    json: &Json,
    ctx: &Ctx,
) -> Result<Operand, FilterError> {
    let error = |p: Problem| FilterError(p);
    if let Json::Object(map) = json {
        let special = |name: &str| map.get(name).filter(|_| map.len() == 1);
        if special("me").is_some() {
            return Ok(Operand::Value(ctx.user().map_or(Value::Null, Value::Id)));
        }
        if let Some(relative) = special("relative").and_then(|v| serde_json::from_value(v.clone()).ok()) {
            return relative_value(def, relative, ctx)
                .map(Operand::Value)
                .ok_or_else(|| error(Problem::new(&def.name, "not-a-date")));
        }
        if let Some(span) = special("span").and_then(|v| serde_json::from_value(v.clone()).ok()) {
            return span_values(def, span, ctx).ok_or_else(|| error(Problem::new(&def.name, "not-a-date")));
        }
        if op == Op::Near {
            let number = |name: &str| map.get(name).and_then(Json::as_f64).filter(|n| n.is_finite());
            let (Some(lat), Some(lon), Some(km)) = (number("lat"), number("lon"), number("km")) else {
                return Err(error(Problem::new(&def.name, "operand-does-not-fit")));
            };
            return Ok(Operand::Values(vec![Value::Number(lat), Value::Number(lon), Value::Number(km)]));
        }
    }
    let one = |json: &Json| -> Result<Value, FilterError> {
        scalar_operand(schema, object, def, part, op, json).map_err(error)
    };
    match (op, json) {
        (Op::In | Op::HasAny | Op::Among | Op::Has | Op::Within, Json::Array(list)) => {
            Ok(Operand::Values(list.iter().map(one).collect::<Result<_, _>>()?))
        }
        (Op::In | Op::HasAny | Op::Among, json) => Ok(Operand::Values(vec![one(json)?])),
        (_, json) => Ok(Operand::Value(one(json)?)),
    }
}

/// Reads one operand as the scalar that the path compares.
fn scalar_operand(
    schema: &Schema,
    object: &ObjectDef,
    def: &FieldDef,
    part: Option<&Ident>,
    op: Op,
    json: &Json,
) -> Result<Value, Problem> {
    let text = || match json {
        Json::String(text) => Ok(Value::Text(text.clone())),
        Json::Number(n) => Ok(Value::Text(n.to_string())),
        Json::Bool(b) => Ok(Value::Text(b.to_string())),
        _ => Err(Problem::new(&def.name, "not-a-text")),
    };
    if matches!(op, Op::Match | Op::Imatch) {
        if let Some(pattern) = json.as_str()
            && (pattern.len() > 500 || regex::Regex::new(pattern).is_err())
        {
            return Err(Problem::new(&def.name, "not-a-pattern").text("value", pattern));
        }
        return text();
    }
    if matches!(op, Op::Contains | Op::StartsWith | Op::Like | Op::Ilike) {
        return text();
    }
    match (&def.kind, part) {
        (FieldType::Location, Some(_)) => json
            .as_f64()
            .or_else(|| json.as_str()?.parse().ok())
            .map(Value::Number)
            .ok_or_else(|| Problem::new(&def.name, "not-a-number")),
        (_, Some(_)) => text(),
        (FieldType::Text { .. } | FieldType::LongText | FieldType::Choice { .. } | FieldType::AutoNumber { .. }, _) => {
            text()
        }
        (
            FieldType::PersonName
            | FieldType::Address
            | FieldType::Links
            | FieldType::Tags
            | FieldType::MultiChoice { .. },
            _,
        ) => text(),
        (FieldType::Emails, _) => match text()? {
            Value::Text(text) => Ok(Value::Text(text.trim().to_lowercase())),
            other => Ok(other),
        },
        (FieldType::Phones, _) => match text()? {
            Value::Text(text) => Ok(Value::Text(crate::normalise_phone(&text).unwrap_or(text))),
            other => Ok(other),
        },
        (FieldType::References { to }, _) => {
            let kind = FieldType::Reference { to: to.clone(), on_delete: Default::default() };
            from_json(schema, object, &FieldDef::new(def.name.clone(), kind), json)
        }
        (FieldType::Money, _) => {
            let amount = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
            let amount =
                amount.trim().parse().map_err(|_| Problem::new(&def.name, "not-a-number").text("value", &amount))?;
            let money = kernel::Money::new(amount, kernel::Currency::EUR)
                .map_err(|_| Problem::new(&def.name, "amount-out-of-range"))?;
            Ok(Value::Int(money.units()))
        }
        (FieldType::Formula { .. } | FieldType::Rollup(_), _) => {
            let plain = FieldDef::new(def.name.clone(), schema.effective(object, def).clone());
            scalar_operand(schema, object, &plain, None, op, json)
        }
        _ => from_json(schema, object, def, json).map(|v| v.scalar_or_self()),
    }
}

fn relative_value(def: &FieldDef, relative: Relative, ctx: &Ctx) -> Option<Value> {
    let day = relative.day(ctx)?;
    match def.kind {
        FieldType::Date => Some(Value::Date(day)),
        FieldType::DateTime => Some(Value::DateTime(day.to_zoned(ctx.zone.clone()).ok()?.timestamp())),
        _ => None,
    }
}

fn span_values(def: &FieldDef, span: Span, ctx: &Ctx) -> Option<Operand> {
    match def.kind {
        FieldType::Date => span.days(ctx).map(|(a, b)| Operand::Values(vec![Value::Date(a), Value::Date(b)])),
        FieldType::DateTime => {
            span.moments(ctx).map(|(a, b)| Operand::Values(vec![Value::DateTime(a), Value::DateTime(b)]))
        }
        _ => None,
    }
}

impl Scalar {
    /// The field type that holds such values.
    pub fn field_type(self) -> FieldType {
        match self {
            Scalar::Text => FieldType::Text { max: u32::MAX },
            Scalar::Integer => FieldType::Integer { min: None, max: None },
            Scalar::Number => FieldType::Number,
            Scalar::Boolean => FieldType::Boolean,
            Scalar::Date => FieldType::Date,
            Scalar::DateTime => FieldType::DateTime,
        }
    }
}

impl Op {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Ne => "ne",
            Op::Lt => "lt",
            Op::Lte => "lte",
            Op::Gt => "gt",
            Op::Gte => "gte",
            Op::In => "in",
            Op::IsNull => "is_null",
            Op::Distinct => "distinct",
            Op::Contains => "contains",
            Op::StartsWith => "starts_with",
            Op::Like => "like",
            Op::Ilike => "ilike",
            Op::Match => "match",
            Op::Imatch => "imatch",
            Op::Has => "has",
            Op::HasAny => "has_any",
            Op::Among => "among",
            Op::Within => "within",
            Op::Near => "near",
        }
    }
}

impl Operand {
    fn is_none(&self) -> bool {
        matches!(self, Operand::None)
    }
}

impl Serialize for Operand {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = |value: &Value| crate::json::plain(value);
        let json = match self {
            Operand::None => Json::Null,
            Operand::Raw(json) => json.clone(),
            Operand::Value(value) => plain(value),
            Operand::Values(values) => Json::Array(values.iter().map(plain).collect()),
            Operand::Me => serde_json::json!({ "me": true }),
            Operand::Relative(relative) => serde_json::json!({ "relative": relative }),
            Operand::Span(span) => serde_json::json!({ "span": span }),
        };
        json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Operand {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Operand, D::Error> {
        Ok(match Json::deserialize(deserializer)? {
            Json::Null => Operand::None,
            json => Operand::Raw(json),
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{}.{part}", self.field),
            None => self.field.fmt(f),
        }
    }
}
