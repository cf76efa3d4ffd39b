//! Consents, retention and the register over HTTP.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::world::{Answer, World, on_each_with};

fn with_customers(test: impl AsyncFn(&World)) {
    on_each_with(|| vec![customers::app()], test);
}

async fn post(world: &World, token: &str, path: &str, body: Json) -> Answer {
    world.ask(token, Method::POST, path, &[], Some(body)).await
}

fn statement(point: &str, state: &str) -> Json {
    json!({"point": point, "channel": "email", "purpose": "newsletter", "state": state})
}

async fn allowed(world: &World, points: &[&str]) -> Vec<Json> {
    let asked = json!({"points": points, "channel": "email", "purpose": "newsletter"});
    let answer = post(world, &world.admin, "/consents/decisions", asked).await.ok();
    answer.as_array().expect("a list").iter().map(|decision| decision["allowed"].clone()).collect()
}

#[test]
fn statements_go_in_and_decisions_come_out() {
    with_customers(async |world| {
        let mut yes = statement("Ada@Example.org", "granted");
        yes["proof"] =
            json!({"wording": "J’accepte", "version": "3", "where": "https://shop.example/", "by": "person"});
        yes["at"] = json!("2026-02-01T10:00:00Z");
        let said = post(world, &world.admin, "/consents", yes.clone()).await;
        assert_eq!((said.status.as_u16(), said.json()[0]["new"].clone()), (201, json!(true)));
        assert_eq!(post(world, &world.admin, "/consents", json!([yes])).await.ok()[0]["new"], json!(false));
        assert_eq!(allowed(world, &["ada@example.org", "bob@example.org"]).await, [true, false]);
        let history = world.get("/consents?point=email:ada@example.org").await;
        assert_eq!(history["history"][0]["proof"]["version"], "3");
        assert_eq!(history["history"][0]["proven"], true);
        post(world, &world.admin, "/consents", json!({"point": "ada@example.org", "state": "objected"})).await.ok();
        let asked = json!({"points": ["ada@example.org"], "channel": "email", "purpose": "offers"});
        let decision = post(world, &world.admin, "/consents/decisions", asked).await.ok();
        assert_eq!(
            (decision[0]["state"].as_str(), decision[0]["because"][0]["why"].as_str()),
            (Some("objected"), Some("refused"))
        );
    });
}

#[test]
fn what_does_not_fit_is_refused_whole() {
    with_customers(async |world| {
        let good = statement("ada@example.org", "granted");
        let mut unknown = statement("bob@example.org", "granted");
        unknown["purpose"] = json!("nothing");
        let refused = post(world, &world.admin, "/consents", json!([good, unknown])).await;
        assert!(refused.refused(422).contains("nothing"), "{}", refused.text);
        assert_eq!(allowed(world, &["ada@example.org"]).await, [false]);
        for wrong in [statement("nobody", "granted"), json!({"point": "a@b.example", "state": "perhaps"}), json!([{}])]
        {
            let refused = post(world, &world.admin, "/consents", wrong).await;
            assert!(refused.status.is_client_error(), "{}", refused.text);
        }
        let asked = json!({"points": ["a@b.example"], "channel": "email", "purpose": "nothing"});
        assert_eq!(post(world, &world.admin, "/consents/decisions", asked).await.status, 404);
    });
}

#[test]
fn everybody_says_no_and_few_look() {
    with_customers(async |world| {
        let no = json!({"point": "ada@example.org", "state": "withdrawn"});
        assert_eq!(post(world, &world.rep, "/consents", no.clone()).await.status, 201);
        for (token, status) in [(&world.rep, 403), (&world.nobody, 403), (&String::new(), 401)] {
            let yes = statement("ada@example.org", "granted");
            assert_eq!(post(world, token, "/consents", yes).await.status, status);
            for path in ["/consents?point=ada@example.org", "/register"] {
                assert_eq!(world.ask(token, Method::GET, path, &[], None).await.status, status, "{path}");
            }
            let asked = json!({"points": [], "channel": "email", "purpose": "offers"});
            assert_eq!(post(world, token, "/consents/decisions", asked).await.status, status);
        }
        assert_eq!(post(world, &world.reader, "/consents", no).await.status, 403, "a token for reading only");
    });
}

#[test]
fn rules_are_previewed_and_run_and_the_register_is_read() {
    with_customers(async |world| {
        let document = world.get("/openapi.json").await;
        for path in ["/consents", "/consents/decisions", "/retention_rule/{id}/preview", "/register"] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
        for path in ["/source/{id}/records", "/source/{id}/keys/{key}", "/source/{id}/rejects/replay"] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
        for path in ["/v1/track", "/v1/batch", "/v1/hook/{key}"] {
            assert_eq!(document["paths"][path]["servers"], json!([{ "url": "/" }]), "{path}");
        }
        let register = world.get("/register").await;
        let names: Vec<&str> =
            register["entries"].as_array().expect("a list").iter().filter_map(|e| e["name"].as_str()).collect();
        assert!(names.contains(&"Newsletter"), "{names:?}");
        let wrong = world.ask(&world.admin, Method::GET, "/retention_rule/ret_nothing/preview", &[], None).await;
        assert_eq!(wrong.status, 404);
        assert_eq!(post(world, &world.rep, "/retention_rule/ret_nothing/run", json!({})).await.status, 403);
    });
}
