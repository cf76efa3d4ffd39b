use axum::http::Method;
use serde_json::json;

use crate::reading::fill;
use crate::world::on_each;

const SHOW: &str = "prefer: return=representation";

#[test]
fn records_are_made_one_and_many() {
    on_each(async |world| {
        let one = world.ask(&world.admin, Method::POST, "/firm", &[], Some(json!({ "name": "Un" }))).await;
        assert_eq!((one.status.as_u16(), one.text.as_str(), one.header("etag")), (201, "", "\"1\""));
        let path = one.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(world.get(&path).await["name"], "Un");
        let many = world
            .ask(
                &world.admin,
                Method::POST,
                "/firm?select=name",
                &[SHOW],
                Some(json!([{ "name": "Deux" }, { "name": "Trois" }])),
            )
            .await;
        assert_eq!((many.status.as_u16(), many.json()), (201, json!([{ "name": "Deux" }, { "name": "Trois" }])));
        assert!(!many.header("batch-id").is_empty());
        let none = world.ask(&world.admin, Method::POST, "/firm", &[SHOW], Some(json!([]))).await;
        assert_eq!((none.status.as_u16(), none.json()), (201, json!([])));
        let columns = world
            .ask(
                &world.admin,
                Method::POST,
                "/firm?columns=name,staff",
                &[SHOW],
                Some(json!({ "name": "Quatre", "sector": "trade" })),
            )
            .await;
        assert_eq!(columns.json()[0]["sector"], json!(null));
        let dry = world
            .ask(
                &world.admin,
                Method::POST,
                "/firm",
                &["prefer: tx=rollback, return=representation"],
                Some(json!({ "name": "Cinq" })),
            )
            .await;
        assert_eq!(dry.ok()[0]["name"], "Cinq");
        assert_eq!(world.get("/firm?name=eq.Cinq").await, json!([]));
    });
}

#[test]
fn every_problem_is_told_and_nothing_is_written() {
    on_each(async |world| {
        let body =
            json!([{ "name": "Bon" }, { "name": "", "staff": "many", "nothing": 1 }, { "staff": -1, "sector": "war" }]);
        let refused = world.ask(&world.admin, Method::POST, "/firm", &[], Some(body)).await;
        refused.refused(422);
        let errors = refused.json()["errors"].clone();
        let told: Vec<String> = errors
            .as_array()
            .unwrap()
            .iter()
            .map(|e| format!("{} {} {}", e["row"], e["field"], e["message"]))
            .collect();
        assert_eq!(told, [r#"1 "staff" "“many” is not a whole number.""#, r#"1 "nothing" "There is no such field.""#]);
        let refused = world
            .ask(
                &world.admin,
                Method::POST,
                "/firm",
                &[],
                Some(json!([{ "name": "Bon" }, { "staff": -1, "sector": "war" }])),
            )
            .await;
        refused.refused(422);
        let errors = refused.json()["errors"].clone();
        let told: Vec<String> = errors
            .as_array()
            .unwrap()
            .iter()
            .map(|e| format!("{} {} {}", e["row"], e["field"], e["message"]))
            .collect();
        assert_eq!(
            told,
            [
                r#"1 "name" "This field is required.""#,
                r#"1 "sector" "“war” is not one of the options.""#,
                r#"1 "staff" "Must be 0 or more.""#,
            ]
        );
        assert_eq!(world.get("/firm").await, json!([]));
        world.create("firm", json!({ "name": "Bon" })).await;
        let taken = world.ask(&world.admin, Method::POST, "/firm", &[], Some(json!({ "name": "Bon" }))).await;
        insta::assert_snapshot!(taken.refused(409), @"23505: name: Another record already has this value.");
        for (media, body, status) in [
            ("application/json", "{", 400),
            ("application/json", "3", 400),
            ("application/xml", "<a/>", 415),
            ("text/csv", "name,staff\nx", 400),
        ] {
            let request = axum::http::Request::post("/api/v1/firm")
                .header("authorization", format!("Bearer {}", world.admin))
                .header("content-type", media);
            let answer = world.send(request.body(body.into()).unwrap()).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        }
    });
}

#[test]
fn csv_is_read_too() {
    on_each(async |world| {
        let request = axum::http::Request::post("/api/v1/firm?select=name,staff,labels,place")
            .header("authorization", format!("Bearer {}", world.admin))
            .header("content-type", "text/csv; charset=utf-8")
            .header("prefer", "return=representation");
        let body =
            "name,staff,labels,place\n\"Un, deux\",3,\"[\"\"a\"\"]\",\"{\"\"city\"\":\"\"Nice\"\"}\"\nTrois,NULL,,\n";
        let made = world.send(request.body(body.into()).unwrap()).await.ok();
        assert_eq!(
            made,
            json!([{ "name": "Un, deux", "staff": 3, "labels": ["a"], "place": { "city": "Nice" } }, { "name": "Trois", "staff": null, "labels": [], "place": null }])
        );
    });
}

#[test]
fn duplicates_are_merged_or_ignored() {
    on_each(async |world| {
        fill(world).await;
        let body = json!([{ "name": "Café Marin", "staff": 4 }, { "name": "Neuf", "staff": 9 }]);
        let prefer = "prefer: resolution=merge-duplicates, return=representation";
        let merged = world
            .ask(&world.admin, Method::POST, "/firm?on_conflict=name&select=name,staff,sector", &[prefer], Some(body))
            .await;
        assert_eq!(merged.status, 201);
        assert_eq!(
            merged.json(),
            json!([{ "name": "Café Marin", "staff": 4, "sector": "trade" }, { "name": "Neuf", "staff": 9, "sector": null }])
        );
        let body = json!([{ "name": "Neuf", "staff": 1 }, { "name": "Dix" }]);
        let prefer = "prefer: resolution=ignore-duplicates, return=representation";
        let ignored =
            world.ask(&world.admin, Method::POST, "/firm?on_conflict=name&select=name", &[prefer], Some(body)).await;
        assert_eq!(ignored.json(), json!([{ "name": "Dix" }]));
        let by_mail = json!({ "mails": ["anne@a.example"], "score": 9 });
        let prefer = "prefer: resolution=merge-duplicates, return=representation";
        let merged = world
            .ask(
                &world.admin,
                Method::POST,
                "/person?on_conflict=mails&select=score,name-%3E%3Elast",
                &[prefer],
                Some(by_mail),
            )
            .await;
        assert_eq!((merged.status.as_u16(), merged.json()), (200, json!([{ "score": 9.0, "last": "Petit" }])));
        let refused =
            world.ask(&world.admin, Method::POST, "/firm?on_conflict=staff", &[prefer], Some(json!({}))).await;
        insta::assert_snapshot!(refused.refused(400), @"42P10: “on_conflict” takes one unique field, or id.");
    });
}

#[test]
fn one_record_is_changed_with_care() {
    on_each(async |world| {
        let (firms, _) = fill(world).await;
        let path = format!("/firm/{}", firms[0]);
        let ask =
            async |method: Method, headers: &[&str], body| world.ask(&world.admin, method, &path, headers, body).await;
        let read = ask(Method::GET, &[], None).await;
        assert_eq!(read.header("etag"), "\"1\"");
        assert_eq!(ask(Method::GET, &["if-none-match: \"1\""], None).await.status, 304);
        let changed = ask(Method::PATCH, &["if-match: \"1\""], Some(json!({ "staff": 41 }))).await;
        assert_eq!((changed.ok()["staff"].clone(), changed.header("etag")), (json!(41), "\"2\""));
        let stale = ask(Method::PATCH, &["if-match: \"1\""], Some(json!({ "staff": 42 }))).await;
        insta::assert_snapshot!(stale.refused(412), @"precondition-failed: The record is at version 2 now.");
        // Another field than the one that changed meanwhile is no conflict; the same one is.
        assert_eq!(ask(Method::PATCH, &[], Some(json!({ "sector": "trade", "version": 1 }))).await.ok()["version"], 3);
        let conflict = ask(Method::PATCH, &[], Some(json!({ "staff": 43, "version": 1 }))).await;
        insta::assert_snapshot!(conflict.refused(409), @"conflict: Somebody changed the same fields meanwhile.");
        assert_eq!(conflict.json()["conflicts"], json!([{ "field": "staff", "mine": 43, "theirs": 41 }]));
        let replaced = ask(Method::PUT, &["if-match: \"3\""], Some(json!({ "name": "Aciers" }))).await;
        assert_eq!((replaced.ok()["staff"].clone(), replaced.json()["name"].clone()), (json!(null), json!("Aciers")));
        assert_eq!(ask(Method::PATCH, &["prefer: return=minimal"], Some(json!({ "staff": 1 }))).await.status, 204);
        assert_eq!(ask(Method::DELETE, &["if-match: \"1\""], None).await.status, 412);
        assert_eq!(ask(Method::DELETE, &[], None).await.status, 204);
        assert_eq!(ask(Method::GET, &[], None).await.status, 404);
        assert_eq!(ask(Method::DELETE, &[], None).await.status, 404);
        assert_eq!(world.get(&format!("{path}?deleted=true&select=name")).await, json!({ "name": "Aciers" }));
        let back = world.ask(&world.admin, Method::POST, &format!("{path}/restore"), &[], None).await;
        assert_eq!(back.ok()["deleted_at"], json!(null));
        let new = kernel::Id::named("a new one").typed("frm");
        let put =
            world.ask(&world.admin, Method::PUT, &format!("/firm/{new}"), &[], Some(json!({ "name": "Neuve" }))).await;
        assert_eq!((put.status.as_u16(), put.json()["id"].clone()), (201, json!(new)));
    });
}

#[test]
fn many_records_are_changed_by_filter() {
    on_each(async |world| {
        fill(world).await;
        let ask = async |method: Method, path: &str, headers: &[&str], body| {
            world.ask(&world.admin, method, path, headers, body).await
        };
        let refused = ask(Method::PATCH, "/firm", &[], Some(json!({ "staff": 1 }))).await;
        insta::assert_snapshot!(refused.refused(400), @"21000: A change of several rows needs a filter; for all of them: id=not.is.null.");
        let strict = ask(
            Method::PATCH,
            "/firm?sector=eq.industry",
            &["prefer: handling=strict, max-affected=1"],
            Some(json!({ "staff": 1 })),
        )
        .await;
        insta::assert_snapshot!(strict.refused(400), @"PGRST124: 2 rows would change, at most 1 were allowed.");
        let changed = ask(
            Method::PATCH,
            "/firm?sector=eq.industry&select=name,staff&order=name",
            &[SHOW, "prefer: count=exact"],
            Some(json!({ "staff": 1 })),
        )
        .await;
        assert_eq!(changed.ok().as_array().unwrap().len(), 2);
        assert_eq!(changed.header("content-range"), "0-1/2");
        assert!(!changed.header("batch-id").is_empty());
        let by_related = ask(
            Method::PATCH,
            "/firm?select=name,person!inner()&person.active=is.false",
            &[SHOW],
            Some(json!({ "staff": 2 })),
        )
        .await;
        assert_eq!(by_related.ok().as_array().unwrap().len(), 1);
        let gone = ask(Method::DELETE, "/firm?staff=lte.2", &[], None).await;
        assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
        assert_eq!(world.get("/firm?select=name").await, json!([{ "name": "Café Marin" }]));
        assert_eq!(world.get("/firm?select=name&deleted=true").await.as_array().unwrap().len(), 2);
        // What can be seen but not changed is refused, and nothing is.
        let refused = world.ask(&world.rep, Method::DELETE, "/firm?id=not.is.null", &[], None).await;
        refused.refused(403);
    });
}

#[test]
fn a_repeated_key_changes_nothing_again() {
    on_each(async |world| {
        let key = "idempotency-key: order-1";
        let body = json!({ "name": "Une fois" });
        let first = world.ask(&world.admin, Method::POST, "/firm", &[key, SHOW], Some(body.clone())).await;
        let second = world.ask(&world.admin, Method::POST, "/firm", &[key, SHOW], Some(body)).await;
        assert_eq!((second.status, &second.text), (first.status, &first.text));
        assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), ("", "true"));
        assert_eq!(
            (second.header("location"), second.header("content-type")),
            (first.header("location"), first.header("content-type"))
        );
        assert_eq!(world.get("/firm").await.as_array().unwrap().len(), 1);
        let other =
            world.ask(&world.admin, Method::POST, "/firm", &[key, SHOW], Some(json!({ "name": "Autre" }))).await;
        insta::assert_snapshot!(other.refused(422), @"invalid: This idempotency key was used for another request.");
        let somebody_else =
            world.ask(&world.rep, Method::POST, "/firm", &[key], Some(json!({ "name": "Autre" }))).await;
        assert_eq!(somebody_else.status, 201);
    });
}

#[test]
fn what_no_database_keeps_is_refused_at_the_door() {
    on_each(async |world| {
        let asks = [
            (Method::GET, "/firm?name=eq.a%00b", None),
            (Method::GET, "/search?q=%00", None),
            (Method::POST, "/firm", Some(json!({ "name": "a\u{0}b" }))),
            (Method::POST, "/kinds", Some(json!([{ "a_json": { "x": ["\u{0}"] } }]))),
        ];
        for (method, path, body) in asks {
            let refused = world.ask(&world.admin, method, path, &[], body).await;
            insta::assert_snapshot!(refused.json()["detail"].as_str().unwrap(), @"The character U+0000 cannot be part of a text.");
            assert_eq!(refused.status, 400);
        }
    });
}
