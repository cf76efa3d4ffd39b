use records::import::{self, Blank, Method};
use serde_json::json;

use crate::databases::{counts, each, mapping, rejects};

const COMPANIES: &str = "Name,Code,City,Size,Revenue,Founded,Parent\n\
    Durand,D1,Lille,12,\"1 200,50 €\",14/2/2017,Groupe Nord\n\
    Groupe Nord,G1,Lille,300,9 000 000 €,3/1/1990,\n\
    Élan,E1,Brest,,,1/6/2001,groupe nord\n\
    Robert'); DROP TABLE company;--,R1,<script>alert(1)</script>,1,,,\n";

fn companies() -> import::Mapping {
    mapping("company")
        .column("Name", "name")
        .column("code", "code")
        .column("City", "city")
        .column("Size", "size")
        .column("Revenue", "revenue")
        .column("Founded", "founded")
        .column("Parent", "parent")
        .upsert(&["code"])
}

fn comma(mut mapping: import::Mapping) -> import::Mapping {
    mapping.decimal = Some(import::Decimals::Comma);
    mapping
}

#[test]
fn rows_become_records_and_the_same_file_again_changes_nothing() {
    each(async |world| {
        let request = world.request(COMPANIES, comma(companies()));
        let seen = world.preview(&request).await;
        insta::allow_duplicates! { insta::assert_snapshot!(counts(&seen.progress), @"read 4 created 4 updated 0 unchanged 0 rejected 0 made 0") };
        assert!(world.all("company").await.is_empty(), "a preview keeps nothing");
        let (batch, progress) = world.import(&request).await;
        insta::allow_duplicates! { insta::assert_snapshot!(counts(&progress), @"read 4 created 4 updated 0 unchanged 0 rejected 0 made 0") };
        assert_eq!(batch.state, "done");
        let all = world.all("company").await;
        let by = |code: &str| all.iter().find(|r| r.value("code").as_text() == Some(code)).expect("imported");
        assert_eq!(by("D1").value("parent").as_id(), Some(by("G1").id()), "a row may refer to a later one");
        assert_eq!(by("E1").value("parent").as_id(), Some(by("G1").id()), "without regard to case");
        assert_eq!(by("R1").value("name").as_text(), Some("Robert'); DROP TABLE company;--"));
        let schema = world.space.schema();
        let def = schema.object("company").expect("declared");
        let json = |code: &str, name: &str| {
            model::to_json(&schema, def, def.field(name).expect("a field"), by(code).value(name))
        };
        assert_eq!(json("D1", "revenue"), json!({"amount": 1200.5, "currency": "EUR"}));
        assert_eq!(json("D1", "founded"), json!("2017-02-14"));
        assert!(!request.rejects.exists());

        let (_, again) = world.import(&request).await;
        insta::allow_duplicates! { insta::assert_snapshot!(counts(&again), @"read 4 created 0 updated 0 unchanged 4 rejected 0 made 0") };
        assert!(world.all("company").await.iter().all(|r| r.version() == 1));

        let (_, undone) = world.space.undo(&world.ctx(), batch.id).await.expect("undone");
        assert_eq!((undone.removed, undone.kept), (4, 0));
        assert!(world.all("company").await.is_empty());
    });
}

#[test]
fn rows_that_do_not_fit_go_to_a_file_and_the_others_are_imported() {
    each(async |world| {
        let text = "Name,Code,Size,Founded,Kind,Parent\n\
            Good,A,1,2001-02-03,Customer,\n\
            Bad size,B,many,,,\n\
            Bad date,C,2,1234,,\n\
            No such day,D,2,30/02/2001,,\n\
            Bad kind,E,,,Friend,\n\
            ,F,,,,\n\
            Too small,G,-5,,,\n\
            Ragged,H\n\
            Same key,A,2,,,\n\
            Orphan,I,,,,Nobody\n";
        let map = mapping("company").column("name", "name").column("code", "code").column("size", "size");
        let map = map.column("founded", "founded").column("kind", "kind").column("parent", "parent");
        let request = world.request(text, map);
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 10 created 1 updated 0 unchanged 0 rejected 9 made 0");
            insta::assert_snapshot!(rejects(&request), @r"
            3: size: “many” is not a whole number.
            4: founded: “1234” is not a date.
            5: founded: “30/02/2001” is not a date.
            6: kind: “Friend” is not one of the options.
            7: Name: This field is required.
            8: size: Must be 0 or more.
            9: The row has 2 cells where the table has 6 columns.
            10: code: Another record already has this value.
            11: parent: There is no Company “Nobody”.
            ");
        };
        assert_eq!(world.texts("company", "name").await, ["Good"]);
        let seen = world.preview(&request).await;
        assert_eq!(seen.progress.rejected, 10, "now the first one has a key that is taken too");
    });
}

#[test]
fn missing_references_are_created_when_asked() {
    each(async |world| {
        let text = "number,first,last,company\n1,Ann,Martin,Acme\n2,Bob,Petit,ACME\n3,Eve,Grand,Beta\n4,Zoé,Roy,\n";
        let map = mapping("person")
            .column("number", "number")
            .column("first", "name.first")
            .column("last", "name.last")
            .column("company", "company")
            .upsert(&["number"]);
        let request = world.request(text, map.clone());
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 4 created 1 updated 0 unchanged 0 rejected 3 made 0");
        };
        let request =
            world.request(text, map.create_missing("company", &[("kind", "client"), ("labels", "import;new")]));
        let seen = world.preview(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&seen.progress), @"read 4 created 3 updated 0 unchanged 1 rejected 0 made 2");
        };
        let (batch, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 4 created 3 updated 0 unchanged 1 rejected 0 made 2");
        };
        assert_eq!(world.texts("company", "name").await, ["Acme", "Beta"]);
        assert!(world.all("company").await.iter().all(|r| r.value("kind").as_text() == Some("client")));
        world.space.undo(&world.ctx(), batch.id).await.expect("undone");
        assert_eq!(world.texts("company", "name").await, [""; 0]);
        assert_eq!(world.all("person").await.len(), 1);
    });
}

#[test]
fn rows_refer_to_rows_of_later_chunks_whatever_the_order() {
    each(async |world| {
        // Each company belongs to the next one: the order in which references help least.
        let mut text = String::from("name,code,parent\n");
        for n in 0..2_500 {
            let parent = if n % 1_250 == 1_249 {
                String::new()
            } else {
                format!("C{}", if n < 1_250 { n + 1_250 } else { n - 1_249 })
            };
            let parent = if n % 5 == 0 { parent } else { String::new() };
            text.push_str(&format!("Company {n},C{n},{parent}\n"));
        }
        let map = mapping("company").column("name", "name").column("code", "code").column("parent", "parent.code");
        let request = world.request(&text, map);
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 2500 created 2500 updated 0 unchanged 0 rejected 0 made 0");
        };
        let seen = world.preview(&request).await;
        assert_eq!(seen.progress.rejected, 2_500, "all of their codes are taken now");
    });
}

#[test]
fn records_that_stand_above_each_other_are_refused() {
    each(async |world| {
        let text = "name,code,parent\nA,A,B\nB,B,A\nC,C,C\nD,D,\n";
        let map = mapping("company").column("name", "name").column("code", "code").column("parent", "parent.code");
        let request = world.request(text, map);
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 4 created 1 updated 0 unchanged 0 rejected 3 made 0");
        };
    });
}

#[test]
fn parts_and_lists_complete_what_a_record_has() {
    each(async |world| {
        let full = mapping("company")
            .column("name", "name")
            .column("code", "code")
            .column("mail", "emails#work")
            .column("city", "address.city")
            .template("address.street", "{no} {street|capital}")
            .template("labels", "{@source}; import")
            .upsert(&["code"]);
        let first = world.request("name,code,mail,city,no,street\nAcme,A,A@X.example,Lille,8,RUE HAUTE\n", full);
        world.import(&first).await;
        let part = mapping("company")
            .column("code", "code")
            .column("zip", "address.postcode")
            .column("mail", "emails")
            .upsert(&["code"]);
        let second = world.request("code,zip,mail\nA,59000,b@x.example; a@x.example\n", part.clone());
        let (batch, progress) = world.import(&second).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 1 created 0 updated 1 unchanged 0 rejected 0 made 0");
        };
        let look = async |field: &str| {
            let schema = world.space.schema();
            let def = schema.object("company").expect("declared");
            model::to_json(&schema, def, def.field(field).expect("a field"), world.all("company").await[0].value(field))
        };
        assert_eq!(look("address").await, json!({"street": "8 Rue Haute", "postcode": "59000", "city": "Lille"}));
        assert_eq!(look("emails").await, json!([{"value": "a@x.example", "label": "work"}, {"value": "b@x.example"}]));
        assert_eq!(look("labels").await, json!(["test", "import"]));
        world.space.undo(&world.ctx(), batch.id).await.expect("undone");
        assert_eq!(look("emails").await, json!([{"value": "a@x.example", "label": "work"}]));
        let cleared = import::Mapping { blank: Blank::Clear, ..part };
        let third = world.request("code,zip,mail\nA,,\n", cleared);
        world.import(&third).await;
        assert_eq!(look("emails").await, json!([]));
    });
}

#[test]
fn updates_need_a_record_and_never_make_one() {
    each(async |world| {
        let make = mapping("company").column("name", "name").column("city", "city");
        world.import(&world.request("name,city\nA,Lille\nB,Brest\nB,Nice\n", make.clone())).await;
        let update = import::Mapping { method: Method::Update, key: vec!["name".into()], ..make };
        let request = world.request("name,city\nA,Metz\nB,Metz\nC,Metz\n,Metz\n", update);
        let (_, progress) = world.import(&request).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(counts(&progress), @"read 4 created 0 updated 1 unchanged 0 rejected 3 made 0");
            insta::assert_snapshot!(rejects(&request), @r"
            3: Name: 2 records have this key.
            4: Name: No record has this key.
            5: Name: The key is blank: the row cannot find its record.
            ");
        };
    });
}

#[test]
fn a_saved_mapping_comes_back_under_its_name() {
    each(async |world| {
        let (space, ctx) = (&world.space, world.ctx());
        import::save_mapping(space, &ctx, "Sales list", &companies()).await.expect("saved");
        import::save_mapping(space, &ctx, "Sales list", &comma(companies())).await.expect("saved again");
        let companies_of = model::Ident::of("company");
        let known = import::saved_mappings(space, &ctx, &companies_of).await.expect("listed");
        assert_eq!(known.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Sales list"]);
        let by_id = import::saved_mapping(space, &ctx, known[0].0).await.expect("read");
        assert_eq!(by_id, comma(companies()));
        assert_eq!(import::mapping_named(space, &ctx, "Sales list").await.expect("read"), Some(by_id));
        assert_eq!(import::mapping_named(space, &ctx, "Other").await.expect("read"), None);
        assert!(import::saved_mappings(space, &ctx, &model::Ident::of("user")).await.expect("listed").is_empty());
    });
}

#[test]
fn a_first_load_leaves_every_index_in_place_also_after_a_crash() {
    each(async |world| {
        let notes = "n".repeat(45_000);
        let file: String = std::iter::once("Name,Code,Notes\n".to_owned())
            .chain((0..100).map(|n| format!("N{n},C{n},{notes}\n")))
            .collect();
        let asked = mapping("company").column("Name", "name").column("code", "code").column("Notes", "notes");
        let space = &world.space;
        let missing = async || {
            let schema = space.schema();
            let made: Result<bool, records::RecordError> =
                space.store.write(move |w| Box::pin(async move { Ok(w.create_missing_index(&schema).await?) })).await;
            made.expect("looked at")
        };
        let (_, progress) = world.import(&world.request(&file, asked.upsert(&["code"]))).await;
        assert_eq!((progress.created, progress.rejected), (100, 0));
        assert!(!missing().await);

        let schema = space.schema();
        let crashed: Result<(), records::RecordError> = space
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.set_setting("indexes_aside", &json!(true)).await?;
                    Ok(w.drop_plain_indexes(&schema, &model::Ident::of("company")).await?)
                })
            })
            .await;
        crashed.expect("dropped");
        let platform = std::sync::Arc::clone(&space.platform);
        let again = records::Space::open(platform, "test", space.store.clone()).await.expect("opened");
        assert!(!missing().await, "opening made what was missing");
        drop(again);
    });
}
