use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}", headers in vec(".{0,40}", 0..3)) {
        reads_back(&text)?;
        let _ = Preferences::parse(headers.iter().map(String::as_str));
        let _ = Format::from_accept(headers.first().map(String::as_str));
        let _ = Window::from_headers(headers.first().map(String::as_str), headers.last().map(String::as_str));
    }

    #[test]
    fn text_that_looks_like_the_dialect_is_read_or_refused(
        pieces in vec(prop::sample::select(PIECES), 0..40),
    ) {
        reads_back(&pieces.concat())?;
    }

    #[test]
    fn what_is_printed_reads_the_same(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(Query::parse(&printed, &["cursor"]), Ok(query), "{}", printed);
    }
}

const PIECES: &[&str] = &[
    "select=",
    "order=",
    "limit=",
    "or=",
    "not.",
    "and",
    "or",
    "in.",
    "is.null",
    "eq",
    "eq.",
    "(any)",
    "fts",
    "a",
    "b",
    "a",
    "count()",
    ".sum()",
    "->",
    "->>",
    "::",
    ":",
    "!",
    "inner",
    "...",
    "*",
    "(",
    ")",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "\\",
    ",",
    ".",
    "&",
    "=",
    "-",
    "1",
    " ",
    "%22",
    "%",
    "é",
    ".desc",
    ".nullslast",
];

fn reads_back(text: &str) -> Result<(), TestCaseError> {
    if let Ok(query) = Query::parse(text, &[]) {
        let printed = query.to_string();
        prop_assert_eq!(Query::parse(&printed, &[]), Ok(query), "{} printed as {}", text, printed);
    }
    Ok(())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{0,6}",
        1 => prop::sample::select(&["order", "or", "not", "count", "inner", "-1", "0", "a b", "-", "a.b"][..])
            .prop_map(str::to_owned),
        1 => ".{1,5}",
    ]
}

fn cast() -> impl Strategy<Value = Option<String>> {
    of("[a-z][a-z0-9_]{0,6}")
}

fn field() -> impl Strategy<Value = Field> {
    let key = prop_oneof![name().prop_map(Key::Name), any::<i64>().prop_map(Key::Index)];
    let step = (any::<bool>(), key).prop_map(|(as_text, key)| Step { as_text, key });
    (name(), vec(step, 0..3)).prop_map(|(name, path)| Field { name, path })
}

fn item() -> impl Strategy<Value = Item> {
    let function =
        prop::sample::select(&[Function::Avg, Function::Count, Function::Max, Function::Min, Function::Sum][..]);
    let aggregate = (function, cast()).prop_map(|(function, cast)| Aggregate { function, cast });
    let column = (of(name()), field(), cast(), of(aggregate))
        .prop_map(|(alias, field, cast, aggregate)| Item::Column(Column { alias, field, cast, aggregate }));
    let count = (of(name()), cast()).prop_map(|(alias, cast)| Item::Count { alias, cast });
    prop_oneof![1 => Just(Item::All), 4 => column, 1 => count]
}

fn test() -> impl Strategy<Value = Test> {
    use Operator::*;
    let quantifiable = prop::sample::select(
        &[Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Like, LikeIgnoringCase, Match, MatchIgnoringCase][..],
    );
    let single = prop::sample::select(
        &[NotEqual, Distinct, Contains, Contained, Overlaps, Before, After, NotBeyond, NotAhead, Adjacent][..],
    );
    let quantifier = prop_oneof![Just(Quantifier::Any), Just(Quantifier::All)];
    let truth = prop::sample::select(&[Truth::Null, Truth::NotNull, Truth::True, Truth::False, Truth::Unknown][..]);
    let kind = prop::sample::select(&[Search::Query, Search::Plain, Search::Phrase, Search::Web][..]);
    let values = || vec(".{0,6}", 0..4);
    prop_oneof![
        (prop_oneof![quantifiable.clone(), single], ".{0,8}")
            .prop_map(|(operator, value)| Test::Compare(operator, value)),
        (quantifiable, quantifier, values())
            .prop_map(|(operator, quantifier, values)| Test::Quantified(operator, quantifier, values)),
        values().prop_map(Test::In),
        truth.prop_map(Test::Is),
        (kind, of("[a-z]{1,6}"), ".{0,8}").prop_map(|(kind, language, words)| Test::Search { kind, language, words }),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let condition = (field(), any::<bool>(), test())
        .prop_map(|(field, negated, test)| Filter::Condition(Condition { field, negated, test }));
    condition.prop_recursive(3, 12, 3, |inner| {
        let connective = prop_oneof![Just(Connective::And), Just(Connective::Or)];
        (any::<bool>(), connective, vec(inner, 1..4)).prop_map(|(negated, connective, filters)| Filter::Group {
            negated,
            connective,
            filters,
        })
    })
}

fn order() -> impl Strategy<Value = Order> {
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    let nulls = of(prop_oneof![Just(Nulls::First), Just(Nulls::Last)]);
    (field(), direction, nulls).prop_map(|(field, direction, nulls)| Order { relation: None, field, direction, nulls })
}

/// A level without embedded resources.
fn leaf(items: impl Strategy<Value = Vec<Item>>) -> impl Strategy<Value = Level> {
    let window = (any::<u64>(), of(any::<u64>())).prop_map(|(offset, limit)| Window { offset, limit });
    (items, vec(filter(), 0..3), vec(order(), 0..3), window).prop_map(|(select, filters, order, window)| Level {
        select,
        filters,
        order,
        window,
    })
}

fn level() -> impl Strategy<Value = Level> {
    leaf(vec(item(), 0..4)).prop_recursive(2, 6, 2, |inner| {
        (leaf(vec(item(), 0..3)), vec(embed(inner), 0..3)).prop_map(|(mut level, embeds)| {
            for embed in embeds {
                if level.embed(embed.name()).is_none() {
                    level.order.extend(embed.alias.as_ref().map(|alias| Order {
                        relation: Some(alias.clone()),
                        field: Field { name: "name".to_owned(), path: Vec::new() },
                        direction: Direction::Descending,
                        nulls: None,
                    }));
                    level.select.push(Item::Embed(embed));
                }
            }
            level
        })
    })
}

fn embed(level: impl Strategy<Value = Level>) -> impl Strategy<Value = Embed> {
    let join = of(prop_oneof![Just(Join::Inner), Just(Join::Left)]);
    (of(name()), name(), of(name()), join, any::<bool>(), level).prop_map(
        |(alias, relation, hint, join, spread, level)| Embed {
            alias: alias.filter(|_| !spread),
            relation,
            hint,
            join,
            spread,
            level,
        },
    )
}

fn query() -> impl Strategy<Value = Query> {
    let own = vec(".{0,6}".prop_map(|value| ("cursor".to_owned(), value)), 0..2);
    (level(), of(vec(name(), 1..3)), of(vec(name(), 1..3)), own).prop_map(|(mut root, columns, on_conflict, own)| {
        if root.select.is_empty() {
            root.select.push(Item::All);
        }
        Query { root, columns, on_conflict, own }
    })
}
