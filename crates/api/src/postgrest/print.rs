use std::fmt;

use super::encode::encode;
use super::{
    Column, Condition, Connective, Direction, Embed, Field, Filter, Item, Join, Key, Level, Nulls, Order, Quantifier,
    Query, Step, Test,
};

/// Words that a name must not be mistaken for.
const WORDS: [&str; 13] = [
    "select",
    "columns",
    "on_conflict",
    "order",
    "limit",
    "offset",
    "and",
    "or",
    "not",
    "count",
    "inner",
    "left",
    "in",
];

/// The query string, encoded, without the `?`. Reading it gives the same query.
impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "select={}", encode(&items(&self.root.select)))?;
        level(out, "", &self.root)?;
        for (name, columns) in [("columns", &self.columns), ("on_conflict", &self.on_conflict)] {
            if let Some(columns) = columns {
                write!(out, "&{name}={}", encode(&joined(columns, |column| name_text(column))))?;
            }
        }
        self.own.iter().try_for_each(|(name, value)| write!(out, "&{}={}", encode(name), encode(value)))
    }
}

fn level(out: &mut fmt::Formatter<'_>, prefix: &str, of: &Level) -> fmt::Result {
    let mut parameter =
        |name: &str, value: &str| write!(out, "&{}={}", encode(&format!("{prefix}{name}")), encode(value));
    for filter in &of.filters {
        match filter {
            Filter::Condition(condition) => {
                parameter(&field_text(&condition.field), &test_text(condition, false))?;
            }
            Filter::Group { negated, connective, filters } => {
                parameter(&group_name(*negated, *connective), &members(filters))?;
            }
        }
    }
    if !of.order.is_empty() {
        parameter("order", &joined(&of.order, order_text))?;
    }
    if let Some(limit) = of.window.limit {
        parameter("limit", &limit.to_string())?;
    }
    if of.window.offset > 0 {
        parameter("offset", &of.window.offset.to_string())?;
    }
    for embed in of.embeds() {
        level(out, &format!("{prefix}{}.", name_text(embed.name())), &embed.level)?;
    }
    Ok(())
}

fn joined<T>(things: &[T], text: impl Fn(&T) -> String) -> String {
    things.iter().map(text).collect::<Vec<_>>().join(",")
}

fn items(items: &[Item]) -> String {
    joined(items, |item| match item {
        Item::All => "*".to_owned(),
        Item::Count { alias, cast } => format!("{}count(){}", alias_text(alias), cast_text(cast)),
        Item::Column(column) => column_text(column),
        Item::Embed(embed) => embed_text(embed),
    })
}

fn column_text(column: &Column) -> String {
    let aggregate = column.aggregate.as_ref().map_or_else(String::new, |aggregate| {
        format!(".{}(){}", aggregate.function.name(), cast_text(&aggregate.cast))
    });
    format!("{}{}{}{aggregate}", alias_text(&column.alias), field_text(&column.field), cast_text(&column.cast))
}

fn embed_text(embed: &Embed) -> String {
    let spread = if embed.spread { "..." } else { "" };
    let hint = embed.hint.as_ref().map_or_else(String::new, |hint| format!("!{}", name_text(hint)));
    let join = match embed.join {
        Some(Join::Inner) => "!inner",
        Some(Join::Left) => "!left",
        None => "",
    };
    let (alias, relation) = (alias_text(&embed.alias), name_text(&embed.relation));
    format!("{spread}{alias}{relation}{hint}{join}({})", items(&embed.level.select))
}

fn alias_text(alias: &Option<String>) -> String {
    alias.as_ref().map_or_else(String::new, |alias| format!("{}:", name_text(alias)))
}

fn cast_text(cast: &Option<String>) -> String {
    cast.as_ref().map_or_else(String::new, |cast| format!("::{cast}"))
}

fn order_text(order: &Order) -> String {
    let field = field_text(&order.field);
    let place = match &order.relation {
        Some(relation) => format!("{}({field})", name_text(relation)),
        None => field,
    };
    let direction = match order.direction {
        Direction::Ascending => "",
        Direction::Descending => ".desc",
    };
    let nulls = match order.nulls {
        Some(Nulls::First) => ".nullsfirst",
        Some(Nulls::Last) => ".nullslast",
        None => "",
    };
    format!("{place}{direction}{nulls}")
}

fn members(filters: &[Filter]) -> String {
    let inner = joined(filters, |filter| match filter {
        Filter::Condition(condition) => {
            format!("{}.{}", field_text(&condition.field), test_text(condition, true))
        }
        Filter::Group { negated, connective, filters } => {
            format!("{}{}", group_name(*negated, *connective), members(filters))
        }
    });
    format!("({inner})")
}

fn group_name(negated: bool, connective: Connective) -> String {
    let not = if negated { "not." } else { "" };
    let word = match connective {
        Connective::And => "and",
        Connective::Or => "or",
    };
    format!("{not}{word}")
}

fn test_text(condition: &Condition, in_group: bool) -> String {
    let value = |text: &String| if in_group { value_text(text) } else { text.clone() };
    let not = if condition.negated { "not." } else { "" };
    match &condition.test {
        Test::Compare(operator, text) => format!("{not}{}.{}", operator.name(), value(text)),
        Test::Quantified(operator, quantifier, values) => {
            let quantifier = match quantifier {
                Quantifier::Any => "any",
                Quantifier::All => "all",
            };
            format!("{not}{}({quantifier}).{{{}}}", operator.name(), joined(values, |value| value_text(value)))
        }
        Test::In(values) => format!("{not}in.({})", joined(values, |value| value_text(value))),
        Test::Is(truth) => format!("{not}is.{}", truth.name()),
        Test::Search { kind, language, words } => {
            let language = language.as_ref().map_or_else(String::new, |language| format!("({language})"));
            format!("{not}{}{language}.{}", kind.name(), value(words))
        }
    }
}

fn field_text(field: &Field) -> String {
    field.path.iter().fold(name_text(&field.name), |text, Step { as_text, key }| {
        let arrow = if *as_text { "->>" } else { "->" };
        match key {
            Key::Name(name) if name.parse::<i64>().is_ok() => format!("{text}{arrow}{}", quoted(name)),
            Key::Name(name) => format!("{text}{arrow}{}", name_text(name)),
            Key::Index(index) => format!("{text}{arrow}{index}"),
        }
    })
}

/// A name, quoted where it would be read as something else.
fn name_text(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
        && !WORDS.contains(&name);
    if plain { name.to_owned() } else { quoted(name) }
}

/// A value within a list or group, quoted where it would be read as something else.
fn value_text(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "_-.:/@*%".contains(c));
    if plain { value.to_owned() } else { quoted(value) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
