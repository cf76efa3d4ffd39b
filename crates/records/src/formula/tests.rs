use kernel::{Actor, Ctx, Currency, Id, Label, Money, Timestamp, Zone, civil};
use model::{
    Address, Entry, FieldDef, FieldType, Ident, ObjectDef, PersonName, Problem, Problems, Record, Ref, Scalar, Schema,
    Validation, Value,
};
use proptest::prelude::*;

use super::{Formulas, Program};

fn field(name: &'static str, kind: FieldType) -> FieldDef {
    FieldDef::new(Ident::of(name), kind)
}

fn formula(name: &'static str, expression: &str, result: Scalar) -> FieldDef {
    field(name, FieldType::Formula { expression: expression.to_owned(), result })
}

fn deal(extra: Vec<FieldDef>, validations: Vec<Validation>) -> Schema {
    let mut fields = vec![
        field("title", FieldType::Text { max: 200 }),
        field("amount", FieldType::Money),
        field("probability", FieldType::Percent),
        field("seats", FieldType::Integer { min: None, max: None }),
        field("won", FieldType::Boolean),
        field("closes", FieldType::Date),
        field("seen_at", FieldType::DateTime),
        field("buyer", FieldType::PersonName),
        field("emails", FieldType::Emails),
        field("address", FieldType::Address),
        field("tags", FieldType::Tags),
        field("contacts", FieldType::References { to: Ident::of("deal") }),
        field("about", FieldType::Polymorphic { to: vec![Ident::of("deal")] }),
        field("extra", FieldType::Json),
    ];
    fields.extend(extra);
    let deal = ObjectDef { validations, ..ObjectDef::new("deal", "dea", "x", "title", fields) };
    let named =
        |name, prefix| ObjectDef::new(name, prefix, "x", "name", vec![field("name", FieldType::Text { max: 9 })]);
    Schema::new([named("user", "usr"), named("team", "tea"), deal]).unwrap()
}

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn ctx() -> Ctx {
    let now: Timestamp = "2026-03-10T23:30:00Z".parse().unwrap();
    Ctx { zone: Zone::get("Europe/Paris").unwrap(), ..Ctx::system("t", now).as_actor(Actor::User(id(7))) }
}

fn record() -> Record {
    let mut record = Record::new(Ident::of("deal"));
    let mut set = |name: &'static str, value| record.fields.set(Ident::of(name), value);
    set("id", Value::Id(id(1)));
    set("owner", Value::Id(id(7)));
    set("created_at", Value::DateTime("2026-03-01T12:00:00Z".parse().unwrap()));
    set("title", Value::from("Été à Lyon"));
    set("amount", Value::Money(Money::from_units(12_345_000, Currency::EUR)));
    set("probability", Value::Number(40.0));
    set("seats", Value::Int(7));
    set("closes", Value::Date(civil::date(2026, 3, 1)));
    set("buyer", Value::Name(Box::new(PersonName::split("Anne Martin"))));
    let entry = |value: &str, label: &str| Entry { value: value.to_owned(), label: label.to_owned() };
    set("emails", Value::Entries(vec![entry("a@x.fr", "work"), entry("b@y.com", "home")]));
    set("address", Value::Address(Box::new(Address { city: "Lyon".to_owned(), ..Address::default() })));
    set("tags", Value::Texts(vec!["vip".to_owned(), "south".to_owned()]));
    set("contacts", Value::Ids(vec![id(2), id(3)]));
    set("about", Value::Ref(Ref { object: Ident::of("deal"), id: id(2) }));
    set("extra", Value::Json(Box::new(serde_json::json!({"n": 3, "deep": {"list": [1, 2.5, "x"]}}))));
    record
}

/// The result on the sample deal, or the error's sentence.
fn eval(expression: &str) -> String {
    eval_on(&record(), expression)
}

fn eval_on(record: &Record, expression: &str) -> String {
    let schema = deal(vec![], vec![]);
    let program = match Program::compile(expression, &schema, schema.object("deal").unwrap()) {
        Ok(program) => program,
        Err(error) => return error.to_string(),
    };
    let ctx = ctx();
    match program.run(record, &ctx) {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

fn all(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(expression, expected)| (expression, eval(expression), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn numbers_mix() {
    all(&[
        ("1 + 1.5", "Number(2.5)"),
        ("7 / 2", "Number(3.5)"),
        ("6 / 2", "Int(3)"),
        ("7 % 4", "Int(3)"),
        ("-seats", "Int(-7)"),
        ("1 == 1.0", "Bool(true)"),
        ("seats * 0.5 > 3", "Bool(true)"),
        ("amount.amount * probability / 100", "Number(493.8)"),
        ("1 / 0", "Null"),
        ("1.0 / 0.0", "Null"),
        ("9223372036854775807 + 1", "Number(9.223372036854776e18)"),
        ("-9223372036854775808 / -1", "Number(9.223372036854776e18)"),
        ("round(2.675, 2)", "Number(2.68)"),
        ("round(2.5)", "Int(3)"),
        ("floor(-1.5) + ceil(1.2)", "Int(0)"),
        ("abs(-3)", "Int(3)"),
        ("min(3, 1.5, 2)", "Number(1.5)"),
        ("max([4, 9])", "Int(9)"),
        ("sum(1, null, 2.5)", "Number(3.5)"),
        ("int(\"12\") + double(\"0.5\")", "Number(12.5)"),
        ("int(\"twelve\")", "“twelve” cannot be read as a number"),
        ("1 - -1", "Int(2)"),
        ("2u + 1", "Int(3)"),
    ]);
}

#[test]
fn texts_and_parts() {
    all(&[
        ("size(title)", "Int(10)"),
        ("title.upper()", "Text(\"ÉTÉ À LYON\")"),
        ("lower(title).contains('lyon') && title.endsWith('Lyon')", "Bool(true)"),
        ("buyer.full + ' / ' + address.city", "Text(\"Anne Martin / Lyon\")"),
        ("buyer.first", "Text(\"Anne\")"),
        ("buyer.title", "Null"),
        ("amount.currency == 'EUR' ? 'ours' : 'theirs'", "Text(\"ours\")"),
        ("emails[0].value", "Text(\"a@x.fr\")"),
        ("emails[9].value", "Null"),
        ("emails.primary", "Text(\"a@x.fr\")"),
        ("has(address.city) && !has(address.street)", "Bool(true)"),
        ("title.substring(0, 3)", "Text(\"Été\")"),
        ("title.substring(99)", "Text(\"\")"),
        ("'a-b'.replace('-', '+')", "Text(\"a+b\")"),
        ("'a-b'.split('-')", "List([Text(\"a\"), Text(\"b\")])"),
        ("tags.join(', ')", "Text(\"vip, south\")"),
        ("string(amount) + string(closes)", "Text(\"1234.5 EUR2026-03-01\")"),
        ("'123456789'.matches('^[0-9]{9}$')", "Bool(true)"),
        ("trim('  x ')", "Text(\"x\")"),
        ("extra.deep.list[1] + extra.n", "Number(5.5)"),
        ("extra.nothing.deeper", "Null"),
    ]);
}

#[test]
fn lists_and_references() {
    all(&[
        ("'vip' in tags", "Bool(true)"),
        ("tags.contains('north')", "Bool(false)"),
        ("size(tags) + size(emails) + size(contacts)", "Int(6)"),
        ("'b@y.com' in emails", "Bool(true)"),
        ("emails.exists(e, e.label == 'home' && e.value.endsWith('.com'))", "Bool(true)"),
        ("emails.all(e, e.value.contains('@'))", "Bool(true)"),
        ("emails.exists_one(e, e.label == 'work')", "Bool(true)"),
        ("emails.filter(e, e.label == 'home').map(e, e.value)", "List([Text(\"b@y.com\")])"),
        ("tags.map(t, t == 'vip', upper(t))", "List([Text(\"VIP\")])"),
        ("emails.all(e, tags.exists(t, t == 'vip' && e.value != ''))", "Bool(true)"),
        ("owner == me", "Bool(true)"),
        ("me.startsWith('usr_')", "Bool(true)"),
        ("id.startsWith('dea_') && contacts[0].startsWith('dea_')", "Bool(true)"),
        ("about == contacts[0] && about.object == 'deal'", "Bool(true)"),
        ("contacts[0] == about", "Bool(true)"),
    ]);
}

#[test]
fn days_and_moments() {
    all(&[
        ("today", "Date(2026-03-11)"),
        ("closes < today", "Bool(true)"),
        ("today - closes", "Int(10)"),
        ("today - created_at", "Int(10)"),
        ("now > closes", "Bool(true)"),
        ("days(created_at, now)", "Int(10)"),
        ("now - created_at > 9.4 && now - created_at < 9.5", "Bool(true)"),
        ("closes + 30", "Date(2026-03-31)"),
        ("closes - 1 == date('2026-02-28')", "Bool(true)"),
        ("now - 1", "Moment(2026-03-09T23:30:00Z)"),
        ("year(closes) * 100 + month(closes)", "Int(202603)"),
        ("day(now)", "Int(11)"),
        ("hour(now)", "Int(0)"),
        ("weekday(closes)", "Int(7)"),
        ("date(2026, 2, 30)", "the day or moment lies outside the years −9999 to 9999"),
        ("date('soon')", "“soon” cannot be read as a day such as 2026-12-31"),
        ("add_months(date('2026-01-31'), 1)", "Date(2026-02-28)"),
        ("date(now) == today", "Bool(true)"),
        ("timestamp('2026-03-10T23:30:00Z') == now", "Bool(true)"),
        ("closes + 1e300", "the day or moment lies outside the years −9999 to 9999"),
    ]);
}

#[test]
fn null_follows_sql() {
    all(&[
        ("seen_at == null", "Bool(true)"),
        ("seen_at < now", "Null"),
        ("today - seen_at", "Null"),
        ("seen_at < now && false", "Bool(false)"),
        ("seen_at < now || true", "Bool(true)"),
        ("seen_at < now || false", "Null"),
        ("!(seen_at < now)", "Null"),
        ("seen_at < now ? 1 : 2", "Int(2)"),
        ("won", "Bool(false)"),
        ("!won", "Bool(true)"),
        ("blank(seen_at) && !blank(title)", "Bool(true)"),
        ("coalesce(seen_at, null, closes)", "Date(2026-03-01)"),
        ("upper(null)", "Null"),
        ("size(null)", "Int(0)"),
        ("year(seen_at)", "Null"),
    ]);
    let empty = Record::new(Ident::of("deal"));
    assert_eq!(eval_on(&empty, "amount.amount * 2"), "Null");
    assert_eq!(eval_on(&empty, "emails.exists(e, e.label == 'x')"), "Bool(false)");
    assert_eq!(eval_on(&empty, "emails.all(e, e.label == 'x')"), "Bool(true)");
    assert_eq!(eval_on(&empty, "'x' in tags"), "Bool(false)");
}

#[test]
fn what_can_never_work_is_refused_with_its_place() {
    all(&[
        ("", "the expression is empty"),
        ("amunt.amount", "at character 1: there is no field “amunt”; did you mean “amount”?"),
        ("'amunt' + amunt.currency", "at character 11: there is no field “amunt”; did you mean “amount”?"),
        ("1 + zzzzzz", "at character 5: there is no field “zzzzzz”"),
        ("uper(title)", "at character 1: there is no function “uper”; did you mean “upper”?"),
        ("title.substring()", "at character 7: substring is written text.substring(from) or text.substring(from, to)"),
        ("emails.all(e)", "at character 8: all is written list.name(x, expression about x)"),
        ("amount.amunt", "there is no part “amunt” in an amount of money; it has amount, currency"),
        ("amount * 2", "* does not work on an amount of money and a whole number"),
        ("title + 1", "+ does not work on a text and a whole number"),
        ("closes < '2026-01-01'", "< does not work on a day and a text"),
        ("won ? 1 : title * 2", "* does not work on a text and a whole number"),
        ("won || today > seats", "> does not work on a day and a whole number"),
        ("title && true", "&& does not work on a text"),
        ("{'a': 1}", "a map, {…}, cannot be used here"),
        ("title.matches(title)", "the pattern of matches() is written out between quotes"),
        ("title.matches('(')", "the pattern of matches() cannot be read: error: unclosed group"),
        ("e + emails.map(e, e)", "at character 1: there is no field “e”"),
        (
            "tags.all(a, tags.all(b, tags.all(c, true)))",
            "at most 2 of all, exists, exists_one, map and filter may stand inside each other",
        ),
    ]);
}

#[test]
fn syntax_errors_have_a_place() {
    insta::assert_snapshot!(
        ["1 +", "(1", "title == 'x", "é = 1", "1 2", "\n  title ==", "seats > 1 and won"].map(eval).join("\n"),
        @r"
    at character 4: mismatched input 'the end' expecting expression
    at character 3: expected ')'
    at character 10: unterminated string literal
    at character 1: unexpected character
    at character 3: mismatched input '2' expecting the end
    at character 12: mismatched input 'the end' expecting expression
    at character 11: mismatched input 'and' expecting the end
    "
    );
}

#[test]
fn long_deep_and_heavy_expressions_are_refused() {
    let too_deep = "the expression is nested deeper than 48 levels; split it over several formula fields";
    let n = 900;
    for text in [
        "(".repeat(n) + &")".repeat(n),
        "[".repeat(n),
        "{".repeat(n),
        "!".repeat(n) + "true",
        "-".repeat(n) + "1",
        "! -".repeat(n / 2) + "1",
        "true?1:".repeat(n / 4) + "1",
        "1+".repeat(n) + "1",
        "title".to_owned() + &".a".repeat(n),
        "title".to_owned() + &"[0]".repeat(n / 2),
        "true?".repeat(n / 3) + "1",
    ] {
        assert_eq!(eval(&text), too_deep, "{text}");
    }
    assert_eq!(eval(&("true && ".repeat(200) + "true")), "Bool(true)");
    assert_eq!(eval(&("upper(".repeat(45) + "title" + &")".repeat(45))), "Text(\"ÉTÉ À LYON\")");
    assert_eq!(eval(&("(".repeat(40) + "seats" + &" + 1)".repeat(40))), "Int(47)");
    assert_eq!(
        eval(&"1".repeat(2_001)),
        "the expression is longer than 2000 bytes; split it over several formula fields"
    );
    let mut large = record();
    large.fields.set(Ident::of("tags"), Value::Texts(vec!["t".to_owned(); 1_000]));
    assert_eq!(
        eval_on(&large, "tags.all(a, tags.all(b, a == b))"),
        "the expression takes too much work on this record; shorten its lists"
    );
    assert_eq!(eval_on(&large, "tags.all(a, a == 't')"), "Bool(true)");
    large.fields.set(Ident::of("tags"), Value::Texts(vec!["t".to_owned(); 1_001]));
    assert_eq!(eval_on(&large, "tags.all(a, a == 't')"), "a list has more than 1000 elements");
    large.fields.set(Ident::of("title"), Value::Text("x".repeat(60_000)));
    assert_eq!(eval_on(&large, "title + title"), "a text grows beyond 100000 bytes");
    assert_eq!(eval_on(&large, "title.replace('x', 'xxx')"), "a text grows beyond 100000 bytes");
}

#[test]
fn results_take_the_declared_type() {
    let schema = deal(vec![], vec![]);
    let object = schema.object("deal").unwrap();
    let check = |result, expression: &str| match Program::compile_for(result, expression, &schema, object) {
        Ok(program) => program.evaluate(result, &record(), &ctx()).map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    assert_eq!(check(Scalar::Integer, "6.0 / 2"), Ok(Value::Int(3)));
    assert_eq!(
        check(Scalar::Integer, "seats / 2").unwrap_err(),
        "the result is a number, expected a whole number (round it with round(x))"
    );
    assert_eq!(check(Scalar::Number, "seats"), Ok(Value::Number(7.0)));
    assert_eq!(
        check(Scalar::Text, "seats").unwrap_err(),
        "the result is a whole number, expected a text (write it with string(x))"
    );
    assert_eq!(check(Scalar::Text, "''"), Ok(Value::Null));
    assert_eq!(check(Scalar::Date, "now"), Ok(Value::Date(civil::date(2026, 3, 11))));
    assert_eq!(check(Scalar::DateTime, "today"), Ok(Value::DateTime("2026-03-10T23:00:00Z".parse().unwrap())));
    assert_eq!(check(Scalar::Boolean, "1").unwrap_err(), "the result is a whole number, expected yes or no");
    assert_eq!(check(Scalar::Boolean, "seen_at > now"), Ok(Value::Null));
}

#[test]
fn formulas_use_each_other_in_any_order() {
    let schema = deal(
        vec![
            formula("label", "title + ' ' + string(weighted)", Scalar::Text),
            formula("weighted", "round(net * probability / 100, 2)", Scalar::Number),
            formula("net", "amount.amount / 1.2", Scalar::Number),
        ],
        vec![],
    );
    let formulas = Formulas::of(&schema, schema.object("deal").unwrap()).unwrap();
    assert_eq!(formulas.computed().map(Ident::as_str).collect::<Vec<_>>(), ["net", "weighted", "label"]);
    let mut record = record();
    formulas.apply(&mut record, &ctx()).unwrap();
    assert_eq!(record.value("label"), &Value::from("Été à Lyon 411.5"));
    record.fields.set(Ident::of("amount"), Value::Null);
    formulas.apply(&mut record, &ctx()).unwrap();
    assert_eq!([record.value("net"), record.value("label")], [&Value::Null, &Value::Null]);
}

#[test]
fn circles_name_their_path() {
    let circle = |fields| {
        let schema = deal(fields, vec![]);
        Formulas::of(&schema, schema.object("deal").unwrap()).unwrap_err().to_string()
    };
    assert_eq!(circle(vec![formula("a", "a + 1", Scalar::Integer)]), "a: formula-circle path=a → a");
    let three = vec![
        formula("entry", "a + 1", Scalar::Integer),
        formula("a", "b + 1", Scalar::Integer),
        formula("b", "seats + a", Scalar::Integer),
    ];
    assert_eq!(circle(three), "a: formula-circle path=a → b → a");
}

fn rule(name: &'static str, expression: &str, field: Option<&'static str>) -> Validation {
    Validation {
        name: Ident::of(name),
        expression: expression.to_owned(),
        field: field.map(Ident::of),
        message: Label { fr: format!("non : {name}"), en: format!("no: {name}") },
    }
}

#[test]
fn conditions_and_rules() {
    let mut reason = field("reason", FieldType::Text { max: 50 });
    reason.required_when = Some("!won && closes < today".to_owned());
    reason.visible_when = Some("amount.amount > 1000".to_owned());
    reason.read_only_when = Some("owner != me".to_owned());
    let rules = vec![
        rule("future", "closes >= today", Some("closes")),
        rule("after_seen", "closes > seen_at", None),
        rule("rich", "amount.amount > 10", None),
    ];
    let schema = deal(vec![reason], rules);
    let formulas = Formulas::of(&schema, schema.object("deal").unwrap()).unwrap();
    let names = |list: Result<Vec<&Ident>, Problems>| list.unwrap().iter().map(|n| n.to_string()).collect::<Vec<_>>();
    let (mut record, ctx) = (record(), ctx());
    assert_eq!(names(formulas.required(&record, &ctx)), ["reason"]);
    assert!(names(formulas.hidden(&record, &ctx)).is_empty());
    assert!(names(formulas.locked(&record, &ctx)).is_empty());
    let violation = Problem {
        text: Some(Label { fr: "non : future".to_owned(), en: "no: future".to_owned() }),
        ..Problem::new("closes", "rule").text("rule", "future")
    };
    assert_eq!(formulas.violations(&record, &ctx), [violation]);

    record.fields.set(Ident::of("amount"), Value::Null);
    record.fields.set(Ident::of("won"), Value::Bool(true));
    record.fields.set(Ident::of("owner"), Value::Null);
    record.fields.set(Ident::of("closes"), Value::Date(civil::date(2027, 1, 1)));
    assert!(names(formulas.required(&record, &ctx)).is_empty());
    assert_eq!(names(formulas.hidden(&record, &ctx)), ["reason"]);
    assert_eq!(names(formulas.locked(&record, &ctx)), ["reason"]);
    assert!(formulas.violations(&record, &ctx).is_empty());
}

#[test]
fn every_problem_is_reported_where_it_stands() {
    let mut reason = field("reason", FieldType::Text { max: 50 });
    reason.visible_when = Some("nothing == 1".to_owned());
    reason.required_when = Some("seats".to_owned());
    reason.read_only_when = Some("seat > 1".to_owned());
    let schema = deal(vec![reason, formula("bad", "1 +", Scalar::Text)], vec![rule("odd", "title > 1", Some("title"))]);
    let problems = Formulas::of(&schema, schema.object("deal").unwrap()).unwrap_err();
    insta::assert_snapshot!(problems.to_string().replace("; ", "\n"), @r"
    reason.required_when: formula-result expected=yes or no found=a whole number
    reason.visible_when: formula-unknown-name at=1 name=nothing
    reason.read_only_when: formula-misspelt-name at=1 name=seat nearest=seats
    bad: formula-syntax at=4 message=mismatched input 'the end' expecting expression
    validations.odd: formula-operands operation=> found=a text and a whole number
    ");
}

#[test]
fn a_formula_that_fails_on_one_record_says_where() {
    let schema = deal(
        vec![formula("half", "seats / 2", Scalar::Integer), formula("twice", "seats * 2", Scalar::Integer)],
        vec![],
    );
    let formulas = Formulas::of(&schema, schema.object("deal").unwrap()).unwrap();
    let mut record = record();
    let problems = formulas.apply(&mut record, &ctx()).unwrap_err();
    assert_eq!(
        (problems.0.len(), problems.0[0].field.as_str(), problems.0[0].key.as_str()),
        (1, "half", "formula-result")
    );
    assert_eq!(record.value("twice"), &Value::Int(14));
}

#[test]
fn no_expression_costs_nothing() {
    let schema = deal(vec![], vec![]);
    assert!(Formulas::of(&schema, schema.object("deal").unwrap()).unwrap().is_empty());
}

const PIECES: &[&str] = &[
    "title",
    "amount",
    "emails",
    "closes",
    "now",
    "e",
    "1",
    "2.5",
    "-9223372036854775808",
    "'é'",
    "null",
    "true",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " < ",
    " == ",
    " in ",
    " && ",
    " || ",
    "!",
    "-",
    "?",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    ".map(e, ",
    ".exists(e, ",
    "has(",
    ".substring(",
    "date(",
    "round(",
    "add_months(",
    "min(",
    ".replace(",
    "0x",
    "b'x'",
    "r'\\'",
    "`",
    "\"",
    "\n",
    "//",
    "é",
    "\u{0}",
    "1e400",
    "99u",
];

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        eval(&text);
    }

    #[test]
    fn any_heap_of_pieces_is_read_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        eval(&pieces.concat());
    }

    #[test]
    fn numbers_agree_with_arithmetic(a in -1_000_000_i64..1_000_000, b in 1_i64..1_000_000) {
        prop_assert_eq!(eval(&format!("({a} * {b}) / {b} == {a}")), "Bool(true)");
        prop_assert_eq!(eval(&format!("{a} + {b} > {a} && {a}.5 - {b} < {a}.5")), "Bool(true)");
    }
}
