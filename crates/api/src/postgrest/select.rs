use super::reader::{Name, Reader};
use super::{Aggregate, Column, Embed, Error, Field, Function, Item, Join, Level, MAX_EMBED_DEPTH};

const FUNCTIONS: [(&str, Function); 5] = [
    ("avg", Function::Avg),
    ("count", Function::Count),
    ("max", Function::Max),
    ("min", Function::Min),
    ("sum", Function::Sum),
];

impl Function {
    /// The function's name in the dialect.
    #[must_use]
    pub fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}

/// Reads the value of `select`; an empty one asks for every column.
pub(super) fn select(reader: &mut Reader<'_>) -> Result<Vec<Item>, Error> {
    reader.skip_spaces();
    if reader.at_end() {
        return Ok(vec![Item::All]);
    }
    let items = items(reader, 0)?;
    reader.end()?;
    Ok(items)
}

fn items(reader: &mut Reader<'_>, depth: usize) -> Result<Vec<Item>, Error> {
    let mut items: Vec<Item> = Vec::new();
    loop {
        reader.skip_spaces();
        let start = reader.mark();
        let item = item(reader, depth)?;
        if let Item::Embed(embed) = &item
            && items.iter().any(|other| matches!(other, Item::Embed(other) if other.name() == embed.name()))
        {
            let message = format!("`{}` is embedded twice: give one of them an alias", embed.name());
            return Err(reader.error_at(start, message));
        }
        items.push(item);
        reader.skip_spaces();
        if !reader.eat(",") {
            return Ok(items);
        }
    }
}

fn item(reader: &mut Reader<'_>, depth: usize) -> Result<Item, Error> {
    if reader.eat("*") {
        return Ok(Item::All);
    }
    if reader.eat("...") {
        let relation = reader.name("a resource to spread")?;
        return embed(reader, None, relation, true, depth);
    }
    let first = reader.name("a column, `*` or a resource")?;
    let (alias, name) = if !reader.rest().starts_with("::") && reader.eat(":") {
        (Some(first.text), reader.name("what the alias stands for")?)
    } else {
        (None, first)
    };
    if name.is_word("count") && reader.eat("()") {
        return Ok(Item::Count { alias, cast: reader.cast()? });
    }
    if matches!(reader.peek(), Some('(' | '!')) {
        return embed(reader, alias, name, false, depth);
    }
    let field = Field { name: name.text, path: reader.json_path()? };
    let cast = reader.cast()?;
    let aggregate = if reader.eat(".") { Some(aggregate(reader)?) } else { None };
    Ok(Item::Column(Column { alias, field, cast, aggregate }))
}

fn aggregate(reader: &mut Reader<'_>) -> Result<Aggregate, Error> {
    let wanted = "`avg()`, `count()`, `max()`, `min()` or `sum()`";
    let start = reader.mark();
    let name = reader.take_while(|c| c.is_ascii_alphanumeric());
    let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
        return Err(reader.error_at(start, format!("no aggregate is called `{name}`, expected {wanted}")));
    };
    reader.expect("()")?;
    Ok(Aggregate { function: *function, cast: reader.cast()? })
}

fn embed(
    reader: &mut Reader<'_>,
    alias: Option<String>,
    relation: Name,
    spread: bool,
    depth: usize,
) -> Result<Item, Error> {
    if depth == MAX_EMBED_DEPTH {
        return Err(reader.error(format!("resources are embedded deeper than {MAX_EMBED_DEPTH} levels")));
    }
    let mut hint = None;
    let mut join = None;
    while reader.eat("!") {
        let start = reader.mark();
        let modifier = reader.name("`inner`, `left` or the relation to follow")?;
        let repeated = if modifier.is_word("inner") {
            join.replace(Join::Inner).is_some()
        } else if modifier.is_word("left") {
            join.replace(Join::Left).is_some()
        } else {
            hint.replace(modifier.text).is_some()
        };
        if repeated {
            return Err(reader.error_at(start, "expected at most one way to join and one relation to follow"));
        }
    }
    reader.expect("(")?;
    reader.skip_spaces();
    let select = if reader.rest().starts_with(')') { Vec::new() } else { items(reader, depth + 1)? };
    if !reader.eat(")") {
        return Err(reader.expected("`,` or `)`"));
    }
    let level = Level { select, ..Level::default() };
    Ok(Item::Embed(Embed { alias, relation: relation.text, hint, join, spread, level }))
}
