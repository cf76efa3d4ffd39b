use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::world::{World, on_each};

/// Three firms, four persons, two clubs, two memos.
pub async fn fill(world: &World) -> (Vec<String>, Vec<String>) {
    let ids =
        |json: Json| json.as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let firms = ids(world
        .create("firm", json!([
            { "name": "Aciers Réunis", "sector": "industry", "revenue": { "amount": 1200.5, "currency": "EUR" }, "staff": 40, "since": "1998-04-01",
              "place": { "city": "Lille", "postcode": "59000" }, "labels": ["gold", "north"] },
            { "name": "Bois du Sud", "sector": "industry", "revenue": 800, "staff": 12, "labels": ["gold"] },
            { "name": "Café Marin", "sector": "trade", "staff": 3 },
        ]))
        .await);
    let clubs = ids(world.create("club", json!([{ "name": "Chess" }, { "name": "Rowing" }])).await);
    let persons = ids(world
        .create("person", json!([
            { "name": { "first": "Anne", "last": "Petit" }, "mails": ["anne@a.example"], "firm": firms[0], "clubs": [clubs[0], clubs[1]], "score": 3.5 },
            { "name": "Bruno Noir", "mails": ["bruno@a.example"], "firm": firms[0], "clubs": [clubs[1]], "score": 1.0, "active": false },
            { "name": "Chloé Roux", "mails": ["chloe@b.example"], "firm": firms[1], "score": 2.0, "private": "sick" },
            { "name": "Denis Seul", "mails": ["denis@d.example"] },
        ]))
        .await);
    world
        .create(
            "memo",
            json!([{ "body": "call back", "about": firms[0] }, { "body": "likes tea", "about": persons[0] }]),
        )
        .await;
    (firms, persons)
}

fn names(json: &Json) -> Vec<&str> {
    json.as_array().unwrap().iter().map(|r| r["name"].as_str().or(r["name"]["full"].as_str()).unwrap()).collect()
}

#[test]
fn filters_keep_what_they_say() {
    on_each(async |world| {
        let (firms, _) = fill(world).await;
        for (query, expected) in [
            ("sector=eq.industry", vec!["Aciers Réunis", "Bois du Sud"]),
            ("sector=neq.industry", vec!["Café Marin"]),
            ("staff=gt.10&staff=lt.40", vec!["Bois du Sud"]),
            ("revenue=gte.1200.5", vec!["Aciers Réunis"]),
            ("revenue->amount=gte.800", vec!["Aciers Réunis", "Bois du Sud"]),
            ("revenue->>currency=eq.EUR", vec!["Aciers Réunis", "Bois du Sud"]),
            ("revenue=is.null", vec!["Café Marin"]),
            ("revenue=not.is.null&staff=not.eq.12", vec!["Aciers Réunis"]),
            ("name=ilike.*du sud", vec!["Bois du Sud"]),
            ("name=like.A*", vec!["Aciers Réunis"]),
            ("name=match.^[BC]", vec!["Bois du Sud", "Café Marin"]),
            ("name=plfts.reunis", vec!["Aciers Réunis"]),
            ("name=wfts.cafe or bois", vec!["Bois du Sud", "Café Marin"]),
            ("name=fts.bois%26!marin", vec!["Bois du Sud"]),
            ("name=in.(\"Café Marin\",\"Bois du Sud\")", vec!["Bois du Sud", "Café Marin"]),
            ("name=in.()", vec![]),
            ("labels=cs.{gold,north}", vec!["Aciers Réunis"]),
            ("labels=ov.{north,south}", vec!["Aciers Réunis"]),
            ("labels=cd.{gold}", vec!["Bois du Sud", "Café Marin"]),
            ("place->>city=eq.Lille", vec!["Aciers Réunis"]),
            ("since=lt.2000-01-01", vec!["Aciers Réunis"]),
            ("or=(staff.eq.3,and(sector.eq.industry,staff.gte.40))", vec!["Aciers Réunis", "Café Marin"]),
            ("not.or=(staff.eq.3,staff.eq.12)", vec!["Aciers Réunis"]),
            ("staff=eq(any).{3,12}", vec!["Bois du Sud", "Café Marin"]),
            ("owner=eq.me&staff=eq.3", vec!["Café Marin"]),
            ("q=reu", vec!["Aciers Réunis"]),
            ("people=gt.0", vec!["Aciers Réunis", "Bois du Sud"]),
            ("created_at=gte.2026-03-01", vec!["Aciers Réunis", "Bois du Sud", "Café Marin"]),
        ] {
            let query = query
                .replace(' ', "%20")
                .replace('"', "%22")
                .replace('é', "%C3%A9")
                .replace('>', "%3E")
                .replace('^', "%5E")
                .replace('{', "%7B")
                .replace('}', "%7D");
            let found = world.get(&format!("/firm?order=name&{query}")).await;
            assert_eq!(names(&found), expected, "{query}");
        }
        let found = world.get(&format!("/firm?id=eq.{}", firms[2])).await;
        assert_eq!(names(&found), ["Café Marin"]);
    });
}

#[test]
fn selections_rename_cast_and_reach_into_values() {
    on_each(async |world| {
        fill(world).await;
        let select = "n:name,staff::text,revenue-%3Eamount,revenue-%3E%3Ecurrency,place-%3E%3Ecity,labels-%3E0,money:revenue::numeric,since";
        let found = world.get(&format!("/firm?select={select}&order=name&limit=1")).await;
        assert_eq!(
            found,
            json!([{ "n": "Aciers Réunis", "staff": "40", "amount": 1200.5, "currency": "EUR", "city": "Lille", "labels": "gold", "money": 1200.5, "since": "1998-04-01" }])
        );
    });
}

#[test]
fn related_rows_are_embedded() {
    on_each(async |world| {
        fill(world).await;
        let found = world.get("/person?select=name-%3E%3Elast,firm(name,sector),clubs(name)&order=name-%3E%3Elast&clubs.order=name.desc").await;
        assert_eq!(
            found,
            json!([
                { "last": "Noir", "firm": { "name": "Aciers Réunis", "sector": "industry" }, "clubs": [{ "name": "Rowing" }] },
                { "last": "Petit", "firm": { "name": "Aciers Réunis", "sector": "industry" }, "clubs": [{ "name": "Rowing" }, { "name": "Chess" }] },
                { "last": "Roux", "firm": { "name": "Bois du Sud", "sector": "industry" }, "clubs": [] },
                { "last": "Seul", "firm": null, "clubs": [] },
            ])
        );
        let found = world
            .get("/firm?select=name,person(last:name-%3E%3Elast)&order=name&person.order=score.desc&person.limit=1")
            .await;
        assert_eq!(
            found,
            json!([
                { "name": "Aciers Réunis", "person": [{ "last": "Petit" }] },
                { "name": "Bois du Sud", "person": [{ "last": "Roux" }] },
                { "name": "Café Marin", "person": [] },
            ])
        );
        let found = world.get("/firm?select=name,person!inner(id)&person.active=is.false").await;
        assert_eq!(names(&found), ["Aciers Réunis"]);
        let found = world.get("/firm?select=name,person()&person=is.null").await;
        assert_eq!(found, json!([{ "name": "Café Marin" }]));
        let found = world.get("/person?select=...firm(company:name)&name-%3E%3Elast=eq.Roux").await;
        assert_eq!(found, json!([{ "company": "Bois du Sud" }]));
        let found =
            world.get("/club?select=name,person(name-%3E%3Elast)&order=name&person.order=name-%3E%3Elast").await;
        assert_eq!(found[1], json!({ "name": "Rowing", "person": [{ "last": "Noir" }, { "last": "Petit" }] }));
        let found = world.get("/memo?select=body,firm(name),person(name-%3E%3Elast)&order=body").await;
        assert_eq!(
            found,
            json!([{ "body": "call back", "firm": { "name": "Aciers Réunis" }, "person": null }, { "body": "likes tea", "firm": null, "person": { "last": "Petit" } }])
        );
        let found = world.get("/firm?select=name,memo(body),person(count(),score.sum())&order=name&limit=1").await;
        assert_eq!(
            found,
            json!([{ "name": "Aciers Réunis", "memo": [{ "body": "call back" }], "person": [{ "count": 2, "sum": 4.5 }] }])
        );
        let found = world.get("/firm?select=name,person(name,firm(name,owner(name)))&order=name&limit=1").await;
        assert_eq!(found[0]["person"][0]["firm"]["owner"]["name"], "admin");
    });
}

#[test]
fn aggregates_group_by_one_field() {
    on_each(async |world| {
        fill(world).await;
        let found = world.get("/firm?select=sector,count(),staff.sum(),revenue.sum(),people:people.max()").await;
        assert_eq!(
            found,
            json!([
                { "sector": "industry", "count": 2, "sum": 52, "sum": 2000.5, "people": 2 },
                { "sector": "trade", "count": 1, "sum": null, "people": 0 },
            ])
        );
        assert_eq!(world.get("/firm?select=count&sector=eq.industry").await, json!([{ "count": 2 }]));
        assert_eq!(world.get("/firm?select=a:staff.avg()::int").await, json!([{ "a": 18 }]));
        let refused = world.ask(&world.admin, Method::GET, "/firm?select=sector,name,count()", &[], None).await;
        insta::assert_snapshot!(refused.refused(400), @"bad-request: name: Aggregates go with at most one field to group by, of a type that can be grouped or computed.");
    });
}

#[test]
fn pages_by_range_offset_and_cursor() {
    on_each(async |world| {
        fill(world).await;
        let ask = async |path: &str, headers: &[&str]| world.ask(&world.admin, Method::GET, path, headers, None).await;
        let page = ask("/firm?select=name&order=name", &["range: 1-1", "prefer: count=exact"]).await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-range"), names(&page.json())),
            (206, "1-1/3", vec!["Bois du Sud"])
        );
        let whole = ask("/firm?select=name", &["prefer: count=exact"]).await;
        assert_eq!((whole.status.as_u16(), whole.header("content-range")), (200, "0-2/3"));
        let estimated = ask("/firm?select=name", &["prefer: count=estimated"]).await;
        assert_eq!(estimated.header("content-range"), "0-2/3");
        let beyond = ask("/firm?offset=4", &["prefer: count=exact"]).await;
        insta::assert_snapshot!(beyond.refused(416), @"PGRST103: The range starts at row 4; there are 3.");
        assert_eq!(ask("/firm?offset=4", &[]).await.ok(), json!([]));
        assert_eq!(ask("/firm?limit=0", &[]).await.header("content-range"), "*/*");

        for order in ["name", "name.desc", "revenue", "sector,staff.desc", "revenue.desc.nullslast", "created_at.desc"]
        {
            let all = world.get(&format!("/firm?select=id&order={order}")).await;
            let mut seen = Vec::new();
            let mut path = format!("/firm?select=id&order={order}&limit=1");
            loop {
                let page = ask(&path, &[]).await;
                seen.extend(page.ok().as_array().unwrap().clone());
                let cursor = page.header("next-cursor").to_owned();
                if cursor.is_empty() {
                    break;
                }
                assert!(
                    page.header("link").starts_with("</api/v1/firm?")
                        && page.header("link").ends_with(">; rel=\"next\"")
                );
                path = format!("/firm?select=id&order={order}&limit=1&cursor={cursor}");
            }
            assert_eq!(Json::from(seen), all, "{order}");
        }
        let refused = ask("/firm?order=name&cursor=abc", &[]).await;
        insta::assert_snapshot!(refused.refused(400), @"bad-request: This cursor belongs to another order or object: start again without it.");
    });
}

#[test]
fn formats_are_negotiated() {
    on_each(async |world| {
        let (firms, _) = fill(world).await;
        let ask = async |path: &str, accept: &str| {
            world.ask(&world.admin, Method::GET, path, &[&format!("accept: {accept}")], None).await
        };
        let csv = ask("/firm?select=name,staff,labels,place-%3E%3Ecity&order=name&limit=2", "text/csv").await;
        insta::assert_snapshot!(csv.text, @r#"
        name,staff,labels,city
        Aciers Réunis,40,"[""gold"",""north""]",Lille
        Bois du Sud,12,"[""gold""]",
        "#);
        let one = ask(&format!("/firm?select=name&id=eq.{}", firms[1]), "application/vnd.pgrst.object+json").await;
        assert_eq!(
            (one.ok(), one.header("content-type")),
            (json!({ "name": "Bois du Sud" }), "application/vnd.pgrst.object+json; charset=utf-8")
        );
        let many = ask("/firm?select=name", "application/vnd.pgrst.object+json").await;
        insta::assert_snapshot!(many.refused(406), @"PGRST116: One row is expected, and there are 3.");
        let stripped =
            ask("/firm?select=name,revenue&order=name.desc&limit=1", "application/vnd.pgrst.array+json;nulls=stripped")
                .await;
        assert_eq!(stripped.ok(), json!([{ "name": "Café Marin" }]));
        assert_eq!(ask("/firm", "image/png").await.status, 406);
        let head = world.ask(&world.admin, Method::HEAD, "/firm", &["prefer: count=exact"], None).await;
        assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("content-range")), (200, "", "0-2/3"));
    });
}

#[test]
fn what_cannot_be_answered_is_explained() {
    on_each(async |world| {
        fill(world).await;
        let mut told = String::new();
        for path in [
            "/nothing",
            "/firm?select=nothing",
            "/firm?nothing=eq.1",
            "/firm?staff=eq.many",
            "/firm?staff=like.1*",
            "/firm?labels=eq.gold",
            "/firm?staff=adj.(1,2)",
            "/firm?place-%3E%3Eplanet=eq.x",
            "/firm?order=labels",
            "/firm?order=person(score)&select=person(score)",
            "/firm?select=name::point",
            "/firm?select=club(name)",
            "/user?select=person(name)",
            "/firm?select=...person(name)",
            "/firm?name=is.strange",
            "/firm/x",
            "/firm/x/y/z",
        ] {
            let answer = world.ask(&world.admin, Method::GET, path, &[], None).await;
            let json = answer.json();
            told.push_str(&format!(
                "{path} → {} {}: {}\n",
                answer.status.as_u16(),
                json["code"].as_str().unwrap(),
                json["message"].as_str().unwrap()
            ));
        }
        insta::assert_snapshot!(told, @r#"
        /nothing → 404 not-found: There is no object “nothing”.
        /firm?select=nothing → 400 42703: nothing: There is no such field.
        /firm?nothing=eq.1 → 400 42703: nothing: There is no such field.
        /firm?staff=eq.many → 400 bad-request: staff: “many” is not a whole number.
        /firm?staff=like.1* → 400 bad-request: staff: The operator “like” does not apply to a field of type integer.
        /firm?labels=eq.gold → 400 bad-request: labels: The operator “eq” does not apply to a field of type tags.
        /firm?staff=adj.(1,2) → 400 bad-request: staff: The operator “adj” does not apply to a field of type integer.
        /firm?place-%3E%3Eplanet=eq.x → 400 bad-request: place->>planet: The field has no such part. Its parts: street, street2, postcode, city, region, country.
        /firm?order=labels → 400 bad-request: labels: Records cannot be sorted by this field.
        /firm?order=person(score)&select=person(score) → 400 bad-request: Records cannot be sorted by this field.
        /firm?select=name::point → 400 42704: There is no type “point” to cast to.
        /firm?select=club(name) → 400 PGRST200: “club” is not related to “firm”.
        /user?select=person(name) → 400 PGRST200: “person” is not related to “user”.
        /firm?select=...person(name) → 400 PGRST119: “person” has many rows and cannot be spread into one.
        /firm?name=is.strange → 400 PGRST100: The request cannot be read: parameter `name`, character 4: `is` knows no `strange`, expected null, not_null, true, false or unknown.
        /firm/x → 404 not-found: There is no such record of “firm”, or you have no access to it.
        /firm/x/y/z → 404 not-found: There is nothing at this address.
        "#);
        let french = world.ask(&world.admin, Method::GET, "/nothing", &["accept-language: fr"], None).await;
        insta::assert_snapshot!(french.refused(404), @"not-found: Il n’y a pas d’objet « nothing ».");
    });
}

#[test]
fn every_type_reads_as_the_model_writes_it() {
    on_each(async |world| {
        let (firms, persons) = fill(world).await;
        let clubs = world.get("/club?select=id").await;
        let me = world.get("/user?select=id&name=eq.admin").await[0]["id"].clone();
        let full = json!({
            "a_text": "x \"y\" é", "a_long_text": "a\nb", "an_integer": -7, "a_number": 0.1, "a_percent": 12.5, "a_money": { "amount": 1234.5678, "currency": "USD" },
            "a_boolean": false, "a_date": "2026-02-28", "a_moment": "2026-02-28T10:00:00.123456Z", "a_duration": 3600, "a_choice": "trade",
            "some_choices": ["trade", "service"], "a_name": { "title": "Mme", "first": "Zoé", "last": "de La Tour" }, "some_emails": [{ "value": "z@z.example", "label": "work" }],
            "some_phones": ["+33612345678"], "some_links": ["https://z.example/"], "an_address": { "street": "1 rue X", "city": "Lyon" }, "a_reference": firms[0],
            "some_references": [clubs[1]["id"], clubs[0]["id"]], "a_polymorphic": persons[0], "a_user": me,
            "a_rating": 4, "some_tags": ["a", "b"], "a_location": { "lat": 48.5, "lon": -2.25 }, "a_json": { "deep": [1, { "x": null }] },
        });
        let made = world.create("kinds", json!([full, {}])).await;
        let schema = world.space.schema();
        let object = schema.object("kinds").unwrap();
        let ctx = world.space.system_ctx();
        for shown in made.as_array().unwrap() {
            let id = kernel::Id::parse(shown["id"].as_str().unwrap(), "knd").unwrap();
            let record = world.space.get(&ctx, &object.name, id).await.unwrap();
            let read = world.get(&format!("/kinds/{}", shown["id"].as_str().unwrap())).await;
            assert_eq!(read, *shown);
            for field in &object.fields {
                let expected = model::to_json(&schema, object, field, record.value(field.name.as_str()));
                assert_eq!(read[field.name.as_str()], expected, "{}", field.name);
            }
        }
        assert_eq!(made[0]["a_formula"], -14);
        assert_eq!(made[0]["an_auto_number"], "K-2026-0001");
        for (name, given) in full.as_object().unwrap() {
            let shown = &made[0][name];
            let same = match name.as_str() {
                "a_name" => shown["full"] == "Mme Zoé de La Tour",
                "some_phones" | "some_links" => shown[0]["value"] == given[0],
                _ => shown == given,
            };
            assert!(same, "{name}: {shown}");
        }
        let sent_back = world
            .ask(
                &world.admin,
                Method::PUT,
                &format!("/kinds/{}", made[0]["id"].as_str().unwrap()),
                &[],
                Some(made[0].clone()),
            )
            .await;
        assert_eq!(sent_back.ok()["version"], 1);
    });
}

#[test]
fn rows_and_fields_stay_hidden_on_every_path() {
    on_each(async |world| {
        let (firms, persons) = fill(world).await;
        let rep = async |path: &str| world.ask(&world.rep, Method::GET, path, &[], None).await;
        assert_eq!(names(&rep("/firm?select=name&order=name").await.ok()).len(), 3);
        assert_eq!(rep("/person").await.ok(), json!([]));
        assert_eq!(rep(&format!("/person/{}", persons[0])).await.status, 404);
        assert_eq!(rep(&format!("/firm/{}?select=person(name)", firms[0])).await.ok(), json!({ "person": [] }));
        assert_eq!(rep("/firm?select=name,person!inner(name)").await.ok(), json!([]));
        assert_eq!(rep("/firm?select=person(count())&limit=1").await.ok(), json!([{ "person": [{ "count": 0 }] }]));
        // A memo about a person who cannot be seen cannot be seen.
        assert_eq!(rep("/memo?select=body").await.ok(), json!([{ "body": "call back" }]));
        insta::assert_snapshot!(rep("/person?select=private").await.refused(403), @"42501: You may not read “person.private”.");
        assert_eq!(rep("/person?private=eq.sick").await.status, 403);
        assert_eq!(rep("/person?order=private").await.status, 403);
        assert_eq!(rep("/firm?select=person!inner(id)&person.private=eq.sick").await.status, 403);
        assert_eq!(rep("/club").await.status, 403);
        let body = json!({ "name": "Mine Own", "mails": ["m@m.example"] });
        let mine =
            world.ask(&world.rep, Method::POST, "/person", &["prefer: return=representation"], Some(body)).await.ok();
        assert!(mine[0].get("private").is_none() && mine[0]["id"].is_string());
        assert_eq!(rep("/person").await.ok().as_array().unwrap().len(), 1);
    });
}

#[test]
fn what_a_database_cannot_compute_is_the_queries_fault() {
    on_each(async |world| {
        let rich = json!([{ "name": "A", "revenue": 900_000_000_000_000_i64 }, { "name": "B", "revenue": 900_000_000_000_000_i64 }]);
        world.create("firm", rich).await;
        let ask = async |path: &str| world.ask(&world.admin, Method::GET, path, &[], None).await;
        let total = ask("/firm?select=revenue.sum()").await;
        assert!(total.refused(400).contains("larger than the largest"), "{}", total.text);
        // A named group: known to SQLite's library here, unknown to PostgreSQL.
        let named = ask("/firm?name=match.(%3FP%3Cfirst%3EA)").await;
        assert!(matches!(named.status.as_u16(), 200 | 400), "{} {}", named.status, named.text);
        assert_eq!(named.status == 200, world.space.store.file().is_some(), "{}", named.text);
    });
}

#[test]
fn the_words_of_hidden_fields_are_not_found() {
    on_each(async |world| {
        fill(world).await;
        let by = async |token: &str, path: &str| world.ask(token, Method::GET, path, &[], None).await;
        assert_eq!(names(&by(&world.admin, "/person?q=chlo").await.ok()), ["Chloé Roux"]);
        assert_eq!(names(&by(&world.admin, "/person?q=sick").await.ok()), ["Chloé Roux"]);
        for words in ["sick", "chlo"] {
            by(&world.rep, &format!("/person?q={words}")).await.refused(403);
        }
        assert!(!by(&world.rep, "/search?q=sick").await.text.contains("Chlo"));
    });
}
