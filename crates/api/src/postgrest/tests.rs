mod laws;

use super::*;

/// The query as it prints, decoded, so that a test reads as the dialect does.
#[track_caller]
fn read(query_string: &str) -> String {
    let query = Query::parse(query_string, &[]).unwrap_or_else(|error| panic!("{query_string}: {error}"));
    encode::decode(&query.to_string(), 0).expect("printed queries decode")
}

#[track_caller]
fn refused(query_string: &str) -> String {
    match Query::parse(query_string, &[]) {
        Ok(query) => panic!("{query_string} is read as {query}"),
        Err(error) => error.to_string(),
    }
}

/// Reads back as it stands, and means one condition of the root.
#[track_caller]
fn condition(parameter: &str) -> Condition {
    assert_eq!(read(parameter), format!("select=*&{parameter}"));
    let query = Query::parse(parameter, &[]).expect("read before");
    match query.root.filters.as_slice() {
        [Filter::Condition(condition)] => condition.clone(),
        other => panic!("{parameter}: {other:?}"),
    }
}

#[test]
fn nothing_asks_for_every_column() {
    for empty in ["", "select=", "select=*", "&&"] {
        assert_eq!(read(empty), "select=*");
    }
}

#[test]
fn columns_aliases_casts_and_paths() {
    for same in [
        "select=id,name",
        "select=*,title:name",
        "select=amount::text,worth:amount::numeric",
        "select=address->city,address->lines->0->>text,last:address->lines->-1",
        "select=postcode:address->>postcode::integer",
        "select=prénom,名前",
        "select=\"last name\",\"a,b\",\"quo\\\"te\"",
    ] {
        assert_eq!(read(same), same);
    }
    assert_eq!(read("select=%20id%20,%20last%20name"), "select=id,\"last name\"");
    assert_eq!(read("select=data->%220%22"), "select=data->\"0\"");
}

#[test]
fn embedded_resources() {
    for same in [
        "select=name,account(name,owner(name))",
        "select=company:account!billing_account!inner(*),contacts!left(*)",
        "select=name,...account(industry),contacts()",
        "select=contacts(count()),tasks(total:count()::text)",
    ] {
        assert_eq!(read(same), same);
    }
    assert_eq!(read("select=account!inner!billing(name)"), "select=account!billing!inner(name)");
    let query = Query::parse("select=company:account(name),account(id)", &[]).unwrap();
    assert_eq!(query.root.embed("company").map(|embed| embed.relation.as_str()), Some("account"));
    assert_eq!(query.root.embeds().count(), 2);
}

#[test]
fn aggregates() {
    for same in [
        "select=amount.sum(),stage",
        "select=worth:amount::numeric.avg()::text,count()",
        "select=min:amount.min(),max:amount.max(),n:amount.count()",
    ] {
        assert_eq!(read(same), same);
    }
    let query = Query::parse("select=\"count\"()", &[]).unwrap();
    assert!(matches!(&query.root.select[0], Item::Embed(embed) if embed.relation == "count"));
}

#[test]
fn every_comparison() {
    use Operator::*;
    let operators = [
        ("eq", Equal),
        ("neq", NotEqual),
        ("gt", Greater),
        ("gte", GreaterOrEqual),
        ("lt", Less),
        ("lte", LessOrEqual),
        ("like", Like),
        ("ilike", LikeIgnoringCase),
        ("match", Match),
        ("imatch", MatchIgnoringCase),
        ("isdistinct", Distinct),
        ("cs", Contains),
        ("cd", Contained),
        ("ov", Overlaps),
        ("sl", Before),
        ("sr", After),
        ("nxr", NotBeyond),
        ("nxl", NotAhead),
        ("adj", Adjacent),
    ];
    for (name, operator) in operators {
        let found = condition(&format!("size={name}.[1,2)"));
        assert_eq!(found.test, Test::Compare(operator, "[1,2)".to_owned()));
        assert!(condition(&format!("size=not.{name}.1")).negated);
    }
}

#[test]
fn values_of_a_parameter_stand_as_they_are() {
    let value = |parameter: &str| match condition(parameter).test {
        Test::Compare(_, value) => value,
        other => panic!("{other:?}"),
    };
    assert_eq!(value("name=eq."), "");
    assert_eq!(value("name=eq.not.eq.x"), "not.eq.x");
    assert_eq!(value("name=eq.\"Doe, John\""), "\"Doe, John\"");
    assert_eq!(value("name=like.*.com"), "*.com");
    assert_eq!(read("name=eq.a%26b%3D%25"), "select=*&name=eq.a&b=%");
    assert_eq!(read("name=eq.Jean+Luc"), "select=*&name=eq.Jean Luc");
}

#[test]
fn lists_of_values() {
    let list = |parameter: &str| match Query::parse(parameter, &[]).unwrap().root.filters.remove(0) {
        Filter::Condition(Condition { test: Test::In(values) | Test::Quantified(_, _, values), .. }) => values,
        other => panic!("{other:?}"),
    };
    assert_eq!(list("stage=in.(won,lost)"), ["won", "lost"]);
    assert_eq!(
        list("name=in.(\"Doe, John\",\"say \\\"hi\\\"\",\"back\\\\slash\")"),
        ["Doe, John", "say \"hi\"", "back\\slash"]
    );
    assert_eq!(list("name=in.(a.b,c:d, e)"), ["a.b", "c:d", " e"]);
    assert!(list("name=in.()").is_empty());
    assert_eq!(list("name=in.(\"\")"), [""]);
    assert_eq!(list("name=not.in.(1)"), ["1"]);
    assert_eq!(list("name=like(any).{a*, \"b,c*\"}"), ["a*", "b,c*"]);
    assert_eq!(list("amount=gt(all).{1,2}"), ["1", "2"]);
    assert!(list("amount=eq(any).{}").is_empty());
}

#[test]
fn truth_and_search() {
    for (word, truth) in [
        ("null", Truth::Null),
        ("not_null", Truth::NotNull),
        ("true", Truth::True),
        ("false", Truth::False),
        ("unknown", Truth::Unknown),
    ] {
        assert_eq!(condition(&format!("active=is.{word}")).test, Test::Is(truth));
    }
    assert_eq!(read("active=is.NULL"), "select=*&active=is.null");
    for same in ["text=fts.a&b", "text=plfts(french).deux mots", "text=not.phfts(en).x", "text=wfts.\"a b\" -c"] {
        let encoded = same.replace("&b", "%26b");
        assert_eq!(read(&encoded), format!("select=*&{same}"));
    }
}

#[test]
fn groups() {
    for same in [
        "or=(age.lt.18,age.gt.21)",
        "not.and=(a.gte.0,a.lte.100)",
        "or=(stage.eq.won,and(amount.gt.10,not.or(owner.is.null,owner.not.in.(1,2))))",
        "and=(name.eq.\"Doe, John (junior)\",note.like(any).{\"a b\",c})",
        "or=(data->>city.eq.Lyon,data->n.gt.3)",
        "or=(account.is.null,account.not.is.null)",
    ] {
        assert_eq!(read(same), format!("select=*&{same}"));
    }
    assert_eq!(read("or=( a.eq.1 , b.eq.2 )"), "select=*&or=(a.eq.\"1 \",b.eq.\"2 \")");
    assert_eq!(read("or=(tags.cs.{a,\"b}\"},x.eq.1)"), "select=*&or=(tags.cs.\"{a,\\\"b}\\\"}\",x.eq.1)");
    assert_eq!(read("or=(name.eq.,order.eq.1)"), "select=*&or=(name.eq.\"\",\"order\".eq.1)");
    assert_eq!(read("or=(name.eq.\"a\"b)"), "select=*&or=(name.eq.\"\\\"a\\\"b\")");
}

#[test]
fn parameters_of_embedded_resources() {
    let same = "select=name,account(name,owner(name)),tasks(subject)\
                &account.industry=eq.retail&account.or=(size.gt.1,size.is.null)\
                &account.owner.name=ilike.a*&tasks.not.and=(a.eq.1)\
                &tasks.order=due.desc&tasks.limit=3&tasks.offset=6";
    assert_eq!(
        read(same),
        "select=name,account(name,owner(name)),tasks(subject)\
         &account.industry=eq.retail&account.or=(size.gt.1,size.is.null)&account.owner.name=ilike.a*\
         &tasks.not.and=(a.eq.1)&tasks.order=due.desc&tasks.limit=3&tasks.offset=6"
    );
    let query = Query::parse("company.name=eq.x&select=company:account(name)", &[]).unwrap();
    assert_eq!(query.root.embed("company").map(|embed| embed.level.filters.len()), Some(1));
    assert_eq!(read("select=account(name)&account=not.is.null"), "select=account(name)&account=not.is.null");
}

#[test]
fn sort_orders() {
    for same in [
        "order=amount.desc,name",
        "order=amount.desc.nullslast,name.nullsfirst",
        "order=data->>city.desc,data->lines->0",
        "order=\"last name\".desc",
    ] {
        assert_eq!(read(same), format!("select=*&{same}"));
    }
    assert_eq!(read("order=name.asc.nullslast"), "select=*&order=name.nullslast");
    assert_eq!(read("select=account(*)&order=account(name).desc"), "select=account(*)&order=account(name).desc");
}

#[test]
fn windows_columns_and_conflicts() {
    assert_eq!(read("limit=10&offset=20"), "select=*&limit=10&offset=20");
    assert_eq!(read("limit=0"), "select=*&limit=0");
    assert_eq!(read("columns=\"name\",amount&on_conflict=email"), "select=*&columns=name,amount&on_conflict=email");
}

#[test]
fn words_of_the_dialect_can_be_columns_in_quotes() {
    let condition = condition("\"order\"=eq.1");
    assert_eq!(condition.field.name, "order");
    assert_eq!(read("\"a.b\"=eq.1&\"or\"=is.null"), "select=*&\"a.b\"=eq.1&\"or\"=is.null");
}

#[test]
fn own_parameters_are_handed_back() {
    let query = Query::parse("cursor=abc%20d&name=eq.x", &["cursor"]).unwrap();
    assert_eq!(query.own, [("cursor".to_owned(), "abc d".to_owned())]);
    assert_eq!(query.root.filters.len(), 1);
}

#[test]
fn faults_say_where_and_what_was_expected() {
    insta::assert_snapshot!(
        [
            "select=id,,name",
            "select=id,account(name",
            "select=id)",
            "select=account(name))",
            "select=name::",
            "select=amount.total()",
            "select=amount.sum",
            "select=a(*),a(id)",
            "select=a!b!c(*)",
            "select=\"never",
            "select=id&select=name",
            "age=18",
            "age=equals.18",
            "age=eq",
            "age=in.1,2",
            "age=in.(1,2",
            "age=in.(1)2",
            "age=is.maybe",
            "age=is.null.x",
            "age=neq(any).{1}",
            "age=eq(some).{1}",
            "age=eq(any).{1,{2}}",
            "text=fts().x",
            "or=(a.eq.1",
            "or=a.eq.1",
            "or=()",
            "or=(a.eq.1)b",
            "or=(a.b.eq.1)",
            "or=(a.cs.{1)",
            "order=name.down",
            "order=account(name)",
            "order=",
            "limit=-1",
            "limit=10&limit=20",
            "offset=ten",
            "account.name=eq.x",
            "a..b=eq.1",
            "=eq.1",
            "columns=a,,b",
            "na%ZZme=eq.1",
        ]
        .map(|wrong| format!("{wrong:24} {}", refused(wrong)))
        .join("\n"), @r#"
        select=id,,name          parameter `select`, character 4: found `,`, expected a column, `*` or a resource
        select=id,account(name   parameter `select`, character 16: found the end, expected `,` or `)`
        select=id)               parameter `select`, character 3: found `)`, expected the end
        select=account(name))    parameter `select`, character 14: found `)`, expected the end
        select=name::            parameter `select`, character 7: found the end, expected a type
        select=amount.total()    parameter `select`, character 8: no aggregate is called `total`, expected `avg()`, `count()`, `max()`, `min()` or `sum()`
        select=amount.sum        parameter `select`, character 11: found the end, expected `()`
        select=a(*),a(id)        parameter `select`, character 6: `a` is embedded twice: give one of them an alias
        select=a!b!c(*)          parameter `select`, character 5: expected at most one way to join and one relation to follow
        select="never            parameter `select`, character 1: this quote is never closed: end the text with `"`, and write `\"` within it
        select=id&select=name    name of parameter `select`, character 1: given twice, expected once
        age=18                   parameter `age`, character 1: `18` is no operator, expected one as in `eq.5`, `in.(1,2)` or `not.is.null`
        age=equals.18            parameter `age`, character 1: `equals` is no operator, expected one as in `eq.5`, `in.(1,2)` or `not.is.null`
        age=eq                   parameter `age`, character 3: found the end, expected `.`
        age=in.1,2               parameter `age`, character 4: found `1`, expected `(`
        age=in.(1,2              parameter `age`, character 8: found the end, expected `,` or `)`
        age=in.(1)2              parameter `age`, character 7: found `2`, expected the end
        age=is.maybe             parameter `age`, character 4: `is` knows no `maybe`, expected null, not_null, true, false or unknown
        age=is.null.x            parameter `age`, character 8: found `.`, expected the end
        age=neq(any).{1}         parameter `age`, character 4: `neq` compares with one value, expected `.`
        age=eq(some).{1}         parameter `age`, character 3: found `(`, expected `(any)` or `(all)`
        age=eq(any).{1,{2}}      parameter `age`, character 12: found `{`, expected a value
        text=fts().x             parameter `text`, character 5: found `)`, expected a language
        or=(a.eq.1               parameter `or`, character 8: found the end, expected `,` or `)`
        or=a.eq.1                parameter `or`, character 1: found `a`, expected `(`
        or=()                    parameter `or`, character 2: found `)`, expected a column
        or=(a.eq.1)b             parameter `or`, character 9: found `b`, expected the end
        or=(a.b.eq.1)            parameter `or`, character 4: `b` is no operator, expected one as in `eq.5`, `in.(1,2)` or `not.is.null`
        or=(a.cs.{1)             parameter `or`, character 7: this brace is never closed, expected `}`
        order=name.down          parameter `order`, character 5: found `.`, expected `,`, `.asc`, `.desc`, `.nullsfirst` or `.nullslast`
        order=account(name)      parameter `order`, character 1: `account` is not embedded here: add `account(…)` to select
        order=                   parameter `order`, character 1: found the end, expected a column
        limit=-1                 parameter `limit`, character 1: expected a whole number, zero or more
        limit=10&limit=20        name of parameter `limit`, character 1: given twice, expected once
        offset=ten               parameter `offset`, character 1: expected a whole number, zero or more
        account.name=eq.x        name of parameter `account.name`, character 1: `account` is not embedded here: add `account(…)` to select
        a..b=eq.1                name of parameter `a..b`, character 3: found `.`, expected a column
        =eq.1                    name of parameter ``, character 1: found the end, expected a column
        columns=a,,b             parameter `columns`, character 3: found `,`, expected a column
        na%ZZme=eq.1             query string, character 3: `%` needs two hexadecimal digits after it; a percent sign itself is `%25`
        "#);
}

#[test]
fn limits() {
    let deep = |depth: usize| format!("select={}id{}", "a(".repeat(depth), ")".repeat(depth));
    assert!(Query::parse(&deep(MAX_EMBED_DEPTH), &[]).is_ok());
    assert!(refused(&deep(MAX_EMBED_DEPTH + 1)).ends_with("resources are embedded deeper than 8 levels"));

    let groups = |depth: usize| format!("and={}a.eq.1{}", "(and".repeat(depth - 1) + "(", ")".repeat(depth));
    assert!(Query::parse(&groups(MAX_GROUP_DEPTH), &[]).is_ok());
    assert!(refused(&groups(MAX_GROUP_DEPTH + 1)).ends_with("groups are nested deeper than 16 levels"));

    let conditions = |count: usize| vec!["a=eq.1"; count].join("&");
    assert!(Query::parse(&conditions(MAX_CONDITIONS), &[]).is_ok());
    assert!(refused(&conditions(MAX_CONDITIONS + 1)).contains("501 conditions, expected at most 500"));

    let values = |count: usize| format!("a=in.({})", vec!["1"; count].join(","));
    assert!(Query::parse(&values(MAX_VALUES), &[]).is_ok());
    assert!(refused(&values(MAX_VALUES + 1)).contains("10001 values in lists"));

    assert!(refused(&"a".repeat(MAX_LENGTH + 1)).contains("longer than 65536 bytes"));
}

#[test]
fn arrays_as_the_database_writes_them() {
    assert_eq!(array_items("{a, \"b,c\",d e}", "tags"), Ok(vec!["a".to_owned(), "b,c".to_owned(), "d e".to_owned()]));
    assert_eq!(array_items("{}", "tags"), Ok(Vec::new()));
    insta::assert_snapshot!(array_items("a,b", "tags").unwrap_err(), @"parameter `tags`, character 1: found `a`, expected `{`");
    insta::assert_snapshot!(array_items("{a}b", "tags").unwrap_err(), @"parameter `tags`, character 4: found `b`, expected the end");
}
