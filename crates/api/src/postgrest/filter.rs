use super::reader::Reader;
use super::{
    Condition, Connective, Error, Field, Filter, MAX_GROUP_DEPTH, Operator, Place, Quantifier, Search, Test, Truth,
};

const OPERATORS: [(&str, Operator); 19] = [
    ("eq", Operator::Equal),
    ("neq", Operator::NotEqual),
    ("gt", Operator::Greater),
    ("gte", Operator::GreaterOrEqual),
    ("lt", Operator::Less),
    ("lte", Operator::LessOrEqual),
    ("like", Operator::Like),
    ("ilike", Operator::LikeIgnoringCase),
    ("match", Operator::Match),
    ("imatch", Operator::MatchIgnoringCase),
    ("isdistinct", Operator::Distinct),
    ("cs", Operator::Contains),
    ("cd", Operator::Contained),
    ("ov", Operator::Overlaps),
    ("sl", Operator::Before),
    ("sr", Operator::After),
    ("nxr", Operator::NotBeyond),
    ("nxl", Operator::NotAhead),
    ("adj", Operator::Adjacent),
];

const SEARCHES: [(&str, Search); 4] =
    [("fts", Search::Query), ("plfts", Search::Plain), ("phfts", Search::Phrase), ("wfts", Search::Web)];

const TRUTHS: [(&str, Truth); 5] = [
    ("null", Truth::Null),
    ("not_null", Truth::NotNull),
    ("true", Truth::True),
    ("false", Truth::False),
    ("unknown", Truth::Unknown),
];

impl Operator {
    /// The operator's name in the dialect.
    #[must_use]
    pub fn name(self) -> &'static str {
        OPERATORS.iter().find(|(_, operator)| *operator == self).map_or("", |(name, _)| name)
    }

    /// Whether `(any)` and `(all)` may follow.
    fn takes_quantifier(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::Greater
                | Self::GreaterOrEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Like
                | Self::LikeIgnoringCase
                | Self::Match
                | Self::MatchIgnoringCase
        )
    }
}

impl Search {
    /// The operator's name in the dialect.
    #[must_use]
    pub fn name(self) -> &'static str {
        SEARCHES.iter().find(|(_, search)| *search == self).map_or("", |(name, _)| name)
    }
}

impl Truth {
    /// The value's name in the dialect.
    #[must_use]
    pub fn name(self) -> &'static str {
        TRUTHS.iter().find(|(_, truth)| *truth == self).map_or("", |(name, _)| name)
    }
}

/// Where a value ends: with the parameter, or at the next `,` or `)` of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Parameter,
    Group,
}

/// Reads the value of a parameter that filters on `field`.
pub(super) fn condition(reader: &mut Reader<'_>, field: Field) -> Result<Filter, Error> {
    let (negated, test) = negatable_test(reader, Within::Parameter)?;
    reader.end()?;
    Ok(Filter::Condition(Condition { field, negated, test }))
}

/// Reads the value of `and` or `or`, with its parentheses.
pub(super) fn group(reader: &mut Reader<'_>, negated: bool, connective: Connective) -> Result<Filter, Error> {
    let filters = members(reader, 1)?;
    reader.end()?;
    Ok(Filter::Group { negated, connective, filters })
}

fn members(reader: &mut Reader<'_>, depth: usize) -> Result<Vec<Filter>, Error> {
    if depth > MAX_GROUP_DEPTH {
        return Err(reader.error(format!("groups are nested deeper than {MAX_GROUP_DEPTH} levels")));
    }
    reader.expect("(")?;
    let mut filters = Vec::new();
    loop {
        reader.skip_spaces();
        filters.push(member(reader, depth)?);
        reader.skip_spaces();
        if reader.eat(")") {
            reader.skip_spaces();
            return Ok(filters);
        }
        if !reader.eat(",") {
            return Err(reader.expected("`,` or `)`"));
        }
    }
}

fn member(reader: &mut Reader<'_>, depth: usize) -> Result<Filter, Error> {
    for negated in [true, false] {
        for (word, connective) in [("and", Connective::And), ("or", Connective::Or)] {
            let start = reader.mark();
            if (!negated || reader.eat("not.")) && reader.eat(word) && reader.rest().starts_with('(') {
                return Ok(Filter::Group { negated, connective, filters: members(reader, depth + 1)? });
            }
            reader.back_to(start);
        }
    }
    let field = reader.field()?;
    reader.expect(".")?;
    let (negated, test) = negatable_test(reader, Within::Group)?;
    Ok(Filter::Condition(Condition { field, negated, test }))
}

fn negatable_test(reader: &mut Reader<'_>, within: Within) -> Result<(bool, Test), Error> {
    let negated = reader.eat("not.");
    Ok((negated, test(reader, within)?))
}

fn test(reader: &mut Reader<'_>, within: Within) -> Result<Test, Error> {
    let start = reader.mark();
    let word = reader.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
    if word == "in" {
        reader.expect(".")?;
        return Ok(Test::In(list(reader)?));
    }
    if word == "is" {
        reader.expect(".")?;
        return Ok(Test::Is(truth(reader)?));
    }
    if let Some((_, kind)) = SEARCHES.iter().find(|(name, _)| *name == word) {
        let language = language(reader)?;
        reader.expect(".")?;
        return Ok(Test::Search { kind: *kind, language, words: value(reader, within)? });
    }
    let Some((_, operator)) = OPERATORS.iter().find(|(name, _)| *name == word) else {
        let message = format!("`{word}` is no operator, expected one as in `eq.5`, `in.(1,2)` or `not.is.null`");
        return Err(reader.error_at(start, message));
    };
    match quantifier(reader, *operator)? {
        Some(quantifier) => {
            reader.expect(".")?;
            Ok(Test::Quantified(*operator, quantifier, array(reader)?))
        }
        None => {
            reader.expect(".")?;
            Ok(Test::Compare(*operator, value(reader, within)?))
        }
    }
}

fn quantifier(reader: &mut Reader<'_>, operator: Operator) -> Result<Option<Quantifier>, Error> {
    if reader.peek() != Some('(') {
        return Ok(None);
    }
    if !operator.takes_quantifier() {
        return Err(reader.error(format!("`{}` compares with one value, expected `.`", operator.name())));
    }
    if reader.eat("(any)") {
        Ok(Some(Quantifier::Any))
    } else if reader.eat("(all)") {
        Ok(Some(Quantifier::All))
    } else {
        Err(reader.expected("`(any)` or `(all)`"))
    }
}

fn language(reader: &mut Reader<'_>) -> Result<Option<String>, Error> {
    if !reader.eat("(") {
        return Ok(None);
    }
    let language = reader.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if language.is_empty() {
        return Err(reader.expected("a language"));
    }
    reader.expect(")")?;
    Ok(Some(language.to_owned()))
}

fn truth(reader: &mut Reader<'_>) -> Result<Truth, Error> {
    let start = reader.mark();
    let word = reader.take_while(|c| c.is_ascii_alphabetic() || c == '_').to_ascii_lowercase();
    TRUTHS.iter().find(|(name, _)| *name == word).map(|(_, truth)| *truth).ok_or_else(|| {
        let message = format!("`is` knows no `{word}`, expected null, not_null, true, false or unknown");
        reader.error_at(start, message)
    })
}

/// A value. In a parameter of its own it is everything that is left, as it stands; in a group it may be quoted
/// or an array in braces.
fn value(reader: &mut Reader<'_>, within: Within) -> Result<String, Error> {
    if within == Within::Parameter {
        return Ok(reader.take_rest().to_owned());
    }
    let start = reader.mark();
    match reader.peek() {
        Some('"') => {
            let text = reader.quoted()?;
            if matches!(reader.peek(), None | Some(',' | ')')) {
                return Ok(text);
            }
            reader.back_to(start);
        }
        Some('{') => return braced(reader),
        _ => {}
    }
    Ok(reader.take_while(|c| c != ',' && c != ')').to_owned())
}

/// A text from `{` to the `}` that belongs to it, as it stands.
fn braced(reader: &mut Reader<'_>) -> Result<String, Error> {
    let start = reader.mark();
    let whole = reader.rest();
    let mut depth = 0_usize;
    loop {
        if reader.peek() == Some('"') {
            reader.quoted()?;
            continue;
        }
        match reader.next() {
            None => return Err(reader.error_at(start, "this brace is never closed, expected `}`")),
            Some('{') => depth += 1,
            Some('}') => depth -= 1,
            Some(_) => {}
        }
        if depth == 0 {
            return Ok(whole[..whole.len() - reader.rest().len()].to_owned());
        }
    }
}

/// `(a,"b,c")`; `()` has no value.
fn list(reader: &mut Reader<'_>) -> Result<Vec<String>, Error> {
    reader.expect("(")?;
    if reader.eat(")") {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    loop {
        values.push(value(reader, Within::Group)?);
        if reader.eat(")") {
            return Ok(values);
        }
        if !reader.eat(",") {
            return Err(reader.expected("`,` or `)`"));
        }
    }
}

/// `{a,"b,c"}`; `{}` has no value.
fn array(reader: &mut Reader<'_>) -> Result<Vec<String>, Error> {
    reader.expect("{")?;
    reader.skip_spaces();
    if reader.eat("}") {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    loop {
        reader.skip_spaces();
        if reader.peek() == Some('"') {
            values.push(reader.quoted()?);
        } else {
            let item = reader.take_while(|c| !matches!(c, ',' | '{' | '}' | '"')).trim();
            if item.is_empty() {
                return Err(reader.expected("a value"));
            }
            values.push(item.to_owned());
        }
        reader.skip_spaces();
        if reader.eat("}") {
            return Ok(values);
        }
        if !reader.eat(",") {
            return Err(reader.expected("`,` or `}`"));
        }
    }
}

/// The values of an array as PostgreSQL writes one, `{a,"b,c"}`: what `cs`, `cd` and `ov` compare with on a
/// field of many values.
///
/// `parameter` is named in the error when the text is no such array, or an array of arrays.
pub fn array_items(text: &str, parameter: &str) -> Result<Vec<String>, Error> {
    let place = Place::Parameter(parameter.to_owned());
    let mut reader = Reader::new(text, &place);
    let items = array(&mut reader)?;
    reader.end()?;
    Ok(items)
}
