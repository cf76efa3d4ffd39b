use super::encode::decode;
use super::reader::{Name, Reader};
use super::{
    Connective, Error, Field, Filter, Item, Level, MAX_CONDITIONS, MAX_LENGTH, MAX_VALUES, Order, Place, Query, Test,
    filter, order, select,
};

/// Names that are parameters of every query, not columns.
const WHOLE: [&str; 3] = ["select", "columns", "on_conflict"];

impl Query {
    /// Reads a query string as it stands in the address, without the `?`.
    ///
    /// Parameters named in `own` are not of the dialect: the caller gets them back as they are, decoded.
    ///
    /// Errors name the place and what was expected: on syntax, on a parameter given twice that may stand once,
    /// on one for a resource that `select` does not embed, and beyond the limits of this module.
    pub fn parse(query_string: &str, own: &[&str]) -> Result<Self, Error> {
        if query_string.len() > MAX_LENGTH {
            let message = format!("longer than {MAX_LENGTH} bytes: ask in several requests");
            return Err(Error::new(Place::QueryString, 0, message));
        }
        let mut query = Self::default();
        let mut rest = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in parameters(query_string)? {
            if own.contains(&name.as_str()) {
                query.own.push((name, value));
                continue;
            }
            if WHOLE.contains(&name.as_str()) {
                once(&mut seen, &name)?;
            }
            let place = Place::Parameter(name.clone());
            let mut reader = Reader::new(&value, &place);
            match name.as_str() {
                "select" => query.root.select = select::select(&mut reader)?,
                "columns" => query.columns = Some(names(&mut reader)?),
                "on_conflict" => query.on_conflict = Some(names(&mut reader)?),
                _ => rest.push((name, value)),
            }
        }
        if query.root.select.is_empty() {
            query.root.select.push(Item::All);
        }
        for (name, value) in rest {
            let key = ParameterName::read(&name)?;
            if matches!(key.meaning, Meaning::Order | Meaning::Limit | Meaning::Offset) {
                once(&mut seen, &name)?;
            }
            apply(&mut query.root, &name, key, &value)?;
        }
        within_limits(&query.root)?;
        Ok(query)
    }
}

/// Splits a query string into decoded names and values; a parameter without `=` has an empty value.
fn parameters(query_string: &str) -> Result<Vec<(String, String)>, Error> {
    let mut parameters = Vec::new();
    let mut start = 0;
    for part in query_string.split('&') {
        if !part.is_empty() {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            parameters.push((decode(name, start)?, decode(value, start + name.len() + 1)?));
        }
        start += part.len() + 1;
    }
    Ok(parameters)
}

fn once(seen: &mut Vec<String>, name: &str) -> Result<(), Error> {
    if seen.iter().any(|known| known == name) {
        return Err(Error::new(Place::ParameterName(name.to_owned()), 0, "given twice, expected once"));
    }
    seen.push(name.to_owned());
    Ok(())
}

fn names(reader: &mut Reader<'_>) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    loop {
        names.push(reader.name("a column")?.text);
        if reader.at_end() {
            return Ok(names);
        }
        if !reader.eat(",") {
            return Err(reader.expected("`,`"));
        }
    }
}

/// What a parameter's name says: for which embedded resource, and what it means there.
struct ParameterName {
    path: Vec<String>,
    meaning: Meaning,
}

enum Meaning {
    Order,
    Limit,
    Offset,
    Group { negated: bool, connective: Connective },
    Filter(Field),
}

impl ParameterName {
    fn read(name: &str) -> Result<Self, Error> {
        let place = Place::ParameterName(name.to_owned());
        let mut reader = Reader::new(name, &place);
        let mut segments: Vec<Name> = Vec::new();
        let last = loop {
            let segment = reader.name("a column")?;
            if !reader.eat(".") {
                break segment;
            }
            segments.push(segment);
        };
        let steps = reader.json_path()?;
        reader.end()?;

        let word = |word| last.is_word(word) && steps.is_empty();
        let meaning = if word("order") {
            Meaning::Order
        } else if word("limit") {
            Meaning::Limit
        } else if word("offset") {
            Meaning::Offset
        } else if word("and") || word("or") {
            let negated = segments.last().is_some_and(|before| before.is_word("not"));
            if negated {
                segments.pop();
            }
            let connective = if word("and") { Connective::And } else { Connective::Or };
            Meaning::Group { negated, connective }
        } else {
            Meaning::Filter(Field { name: last.text, path: steps })
        };
        Ok(Self { path: segments.into_iter().map(|segment| segment.text).collect(), meaning })
    }
}

fn apply(root: &mut Level, name: &str, key: ParameterName, value: &str) -> Result<(), Error> {
    let level = level_at(root, &key.path, name)?;
    let place = Place::Parameter(name.to_owned());
    let mut reader = Reader::new(value, &place);
    match key.meaning {
        Meaning::Order => {
            let terms = order::order(&mut reader)?;
            check_relations(level, &terms, &place)?;
            level.order = terms;
        }
        Meaning::Limit => level.window.limit = Some(number(&mut reader)?),
        Meaning::Offset => level.window.offset = number(&mut reader)?,
        Meaning::Group { negated, connective } => {
            level.filters.push(filter::group(&mut reader, negated, connective)?);
        }
        Meaning::Filter(field) => level.filters.push(filter::condition(&mut reader, field)?),
    }
    Ok(())
}

fn level_at<'a>(root: &'a mut Level, path: &[String], name: &str) -> Result<&'a mut Level, Error> {
    let mut level = root;
    for step in path {
        level = match level.embed_mut(step) {
            Some(embed) => &mut embed.level,
            None => return Err(not_embedded(Place::ParameterName(name.to_owned()), step)),
        };
    }
    Ok(level)
}

fn check_relations(level: &Level, terms: &[Order], place: &Place) -> Result<(), Error> {
    let unknown = terms.iter().filter_map(|term| term.relation.as_deref()).find(|name| level.embed(name).is_none());
    unknown.map_or(Ok(()), |name| Err(not_embedded(place.clone(), name)))
}

fn not_embedded(place: Place, name: &str) -> Error {
    Error::new(place, 0, format!("`{name}` is not embedded here: add `{name}(…)` to select"))
}

fn number(reader: &mut Reader<'_>) -> Result<u64, Error> {
    let digits = reader.take_while(|c| c.is_ascii_digit());
    let number = digits.parse().map_err(|_| reader.error_at(0, "expected a whole number, zero or more"))?;
    reader.end()?;
    Ok(number)
}

fn within_limits(root: &Level) -> Result<(), Error> {
    let (conditions, values) = size(root);
    for (size, most, what) in [(conditions, MAX_CONDITIONS, "conditions"), (values, MAX_VALUES, "values in lists")] {
        if size > most {
            let message = format!("{size} {what}, expected at most {most}: ask in several requests");
            return Err(Error::new(Place::QueryString, 0, message));
        }
    }
    Ok(())
}

/// Number of conditions and of values in their lists, all levels together.
fn size(level: &Level) -> (usize, usize) {
    let own = level.filters.iter().flat_map(Filter::conditions).map(|condition| match &condition.test {
        Test::In(values) | Test::Quantified(_, _, values) => (1, values.len()),
        _ => (1, 0),
    });
    let embedded = level.embeds().map(|embed| size(&embed.level));
    own.chain(embedded).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
}
