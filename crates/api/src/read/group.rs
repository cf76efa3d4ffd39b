//! Aggregates: counts, sums, means and bounds over all records of a query, or by one field.

use model::{FieldDef, FieldType, Ident, ObjectDef, Problem, Schema, Value};
use store::{Figure, Group};

use super::cast::Cast;
use super::path::field_of;
use super::value::{amount, json, prefix, write_value};
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{Column, Function, Item, Level};

/// What each group shows.
pub(crate) struct Grouping {
    /// The field whose values make the groups.
    pub(crate) by: Option<Ident>,
    pub(crate) figures: Vec<(Figure, Ident)>,
    members: Vec<Member>,
}

struct Member {
    name: String,
    key: Vec<u8>,
    what: What,
    cast: Option<Cast>,
}

enum What {
    Key,
    Count,
    /// The figure with this number, over amounts or not.
    Figure(usize, bool),
}

/// Whether a level asks for aggregates. `count` where no field is called so is the count, as PostgREST's clients write it.
pub(crate) fn is_grouped(object: &ObjectDef, level: &Level) -> bool {
    level.select.iter().any(|item| match item {
        Item::Count { .. } => true,
        Item::Column(column) => column.aggregate.is_some() || is_count(object, column),
        Item::All | Item::Embed(_) => false,
    })
}

fn is_count(object: &ObjectDef, column: &Column) -> bool {
    column.field.name == "count"
        && column.field.path.is_empty()
        && column.aggregate.is_none()
        && object.field("count").is_none()
}

pub(crate) fn grouping(call: &Call, object: &ObjectDef, level: &Level) -> Result<Grouping, Failure> {
    let refuse = |field: &str| Failure::query(Problem::new(field, "not-aggregated"));
    let mut grouping = Grouping { by: None, figures: Vec::new(), members: Vec::new() };
    for item in &level.select {
        let (name, what, cast) = match item {
            Item::All => return Err(refuse("*")),
            Item::Embed(embed) => return Err(refuse(embed.name())),
            Item::Count { alias, cast } => (alias.as_deref().unwrap_or("count"), What::Count, cast),
            Item::Column(column) if is_count(object, column) => {
                (column.alias.as_deref().unwrap_or("count"), What::Count, &column.cast)
            }
            Item::Column(column) => {
                let field = field_of(call, object, &column.field.name)?;
                let kind = call.schema.effective(object, field);
                if !column.field.path.is_empty() || !takes(kind, column.aggregate.as_ref().map(|a| a.function)) {
                    return Err(refuse(&column.field.name));
                }
                match &column.aggregate {
                    None if grouping.by.as_ref().is_some_and(|by| *by != field.name) => {
                        return Err(refuse(&column.field.name));
                    }
                    None => {
                        grouping.by = Some(field.name.clone());
                        (column.alias.as_deref().unwrap_or(field.name.as_str()), What::Key, &column.cast)
                    }
                    Some(aggregate) => {
                        let figure = figure(aggregate.function);
                        grouping.figures.push((figure, field.name.clone()));
                        let money = *kind == FieldType::Money && figure != Figure::Filled;
                        let name = column.alias.as_deref().unwrap_or(aggregate.function.name());
                        (name, What::Figure(grouping.figures.len() - 1, money), &aggregate.cast)
                    }
                }
            }
        };
        let mut key = Vec::new();
        json(&mut key, name);
        key.push(b':');
        grouping.members.push(Member {
            name: name.to_owned(),
            key,
            what,
            cast: cast.as_deref().map(Cast::read).transpose()?,
        });
    }
    Ok(grouping)
}

/// Whether a field can be grouped by, or aggregated so.
fn takes(kind: &FieldType, function: Option<Function>) -> bool {
    use FieldType as T;
    let number = matches!(kind, T::Integer { .. } | T::Number | T::Percent | T::Money | T::Duration | T::Rating { .. });
    match function {
        Some(Function::Sum | Function::Avg) => number,
        Some(Function::Min | Function::Max) => number || matches!(kind, T::Date | T::DateTime),
        Some(Function::Count) => !matches!(kind, T::References { .. }),
        None => {
            matches!(
                kind,
                T::Text { .. }
                    | T::LongText
                    | T::Choice { .. }
                    | T::AutoNumber { .. }
                    | T::Boolean
                    | T::Date
                    | T::DateTime
            ) || matches!(kind, T::Reference { .. } | T::User)
                || (number && *kind != T::Money)
        }
    }
}

fn figure(function: Function) -> Figure {
    match function {
        Function::Avg => Figure::Avg,
        Function::Count => Figure::Filled,
        Function::Max => Figure::Max,
        Function::Min => Figure::Min,
        Function::Sum => Figure::Sum,
    }
}

impl Grouping {
    /// The names of a row's members, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.members.iter().map(|m| m.name.as_str()).collect()
    }

    /// The row of a group without records.
    pub(crate) fn write_empty(&self, schema: &Schema, object: &ObjectDef) -> Vec<u8> {
        let none = |(figure, _): &(Figure, Ident)| {
            if *figure == Figure::Filled { Value::Int(0) } else { Value::Null }
        };
        let group = Group { key: Value::Null, count: 0, figures: self.figures.iter().map(none).collect() };
        self.write(schema, object, &group)
    }

    /// A group as a row of text.
    pub(crate) fn write(&self, schema: &Schema, object: &ObjectDef, group: &Group) -> Vec<u8> {
        let mut out = vec![b'{'];
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&member.key);
            let start = out.len();
            match member.what {
                What::Count => json(&mut out, &group.count),
                What::Key => {
                    let field = self.by.as_ref().and_then(|by| object.field(by.as_str())).expect("planned");
                    write_value(&mut out, schema, field, &prefix(schema, object, field), &group.key);
                }
                What::Figure(n, money) => figure_value(&mut out, schema, &group.figures[n], money),
            }
            if let Some(cast) = member.cast {
                let value = serde_json::from_slice(&out[start..]).unwrap_or_default();
                out.truncate(start);
                json(&mut out, &cast.apply(value));
            }
        }
        out.push(b'}');
        out
    }
}

fn figure_value(out: &mut Vec<u8>, schema: &Schema, value: &Value, money: bool) {
    let plain = FieldDef::new(Ident::of("figure"), FieldType::Number);
    match value {
        Value::Int(units) if money => amount(out, kernel::Money::from_units(*units, kernel::Currency::EUR)),
        Value::Number(units) if money => json(out, &(units / 10_f64.powi(kernel::Money::SCALE as i32))),
        value => write_value(out, schema, &plain, "", value),
    }
}
