//! What is around records: history, undo, search, definitions, tokens, the document and its routes.

use axum::body::Body;
use axum::http::{Method, Request};
use kernel::Id;
use serde_json::{Value as Json, json};

use crate::reading::fill;
use crate::world::{Answer, World, make_user, on_each};

/// A request from a signed-in browser.
async fn browse(world: &World, secret: &str, method: Method, path: &str, origin: &str, body: Option<Json>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("cookie", format!("session={secret}"))
        .header("host", "crm.example")
        .header("origin", origin)
        .header("accept-language", "en");
    let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
    world.send(request.body(body).unwrap()).await
}

async fn sign_in(world: &World, name: &str, roles: &[&str]) -> String {
    let user = make_user(&world.space, name, roles).await;
    world.space.open_session(&world.space.system_ctx(), user, "test", "127.0.0.1").await.unwrap().text
}

#[test]
fn history_tells_what_changed_and_undo_takes_it_back() {
    on_each(async |world| {
        let (firms, persons) = fill(world).await;
        let body = json!({ "staff": 1, "sector": "trade" });
        let changed = world.ask(&world.admin, Method::PATCH, "/firm?sector=eq.industry", &[], Some(body)).await;
        let batch = changed.header("batch-id").to_owned();
        let history = world.get(&format!("/firm/{}/history", firms[0])).await;
        assert_eq!(
            history[0]["changes"],
            json!({ "staff": { "from": 40, "to": 1 }, "sector": { "from": "industry", "to": "trade" } })
        );
        assert_eq!(
            (history[0]["op"].clone(), history[0]["via"].clone(), history[0]["batch"].clone()),
            (json!("update"), json!("api"), json!(batch))
        );
        assert_eq!(history[1]["op"], "create");
        let page =
            world.ask(&world.admin, Method::GET, &format!("/firm/{}/history?limit=1", firms[0]), &[], None).await;
        assert!(page.header("link").contains("before="));
        let batches = world.get("/batches").await;
        assert_eq!((batches[0]["id"].clone(), batches[0]["detail"]["rows"].clone()), (json!(batch), json!(2)));

        let path = format!("/batches/{batch}/undo");
        assert_eq!(world.ask(&world.rep, Method::POST, &path, &[], None).await.status, 403);
        let undone = world.ask(&world.admin, Method::POST, &path, &[], None).await.ok();
        assert_eq!(undone["restored"], 2);
        assert_eq!(
            world.get(&format!("/firm/{}?select=staff,sector", firms[0])).await,
            json!({ "staff": 40, "sector": "industry" })
        );
        assert_eq!(world.ask(&world.admin, Method::POST, &path, &[], None).await.status, 422);

        // Hidden fields are hidden in the past too, and so are hidden records.
        assert_eq!(
            world.ask(&world.rep, Method::GET, &format!("/person/{}/history", persons[2]), &[], None).await.status,
            404
        );
        let body = json!({ "name": "Mine", "mails": ["m@m.example"] });
        let mine = world
            .ask(&world.rep, Method::POST, "/person?select=id", &["prefer: return=representation"], Some(body))
            .await
            .ok();
        let mine = mine[0]["id"].as_str().unwrap();
        world
            .ask(
                &world.admin,
                Method::PATCH,
                &format!("/person/{mine}"),
                &[],
                Some(json!({ "private": "x", "score": 1 })),
            )
            .await
            .ok();
        let seen = world.ask(&world.rep, Method::GET, &format!("/person/{mine}/history"), &[], None).await.ok();
        assert_eq!(seen[0]["changes"], json!({ "score": { "from": null, "to": 1.0 } }));
    });
}

#[test]
fn why_somebody_sees_a_record() {
    on_each(async |world| {
        let (firms, persons) = fill(world).await;
        let me = world.get(&format!("/person/{}/access", persons[0])).await;
        assert_eq!(
            (me["visible"].clone(), me["reasons"].clone()),
            (json!(true), json!([{ "because": "administrator" }]))
        );
        assert_eq!(
            world.ask(&world.rep, Method::GET, &format!("/person/{}/access", persons[0]), &[], None).await.status,
            404
        );
        let rep = world.ask(&world.rep, Method::GET, &format!("/firm/{}/access", firms[0]), &[], None).await.ok();
        assert_eq!(rep["reasons"], json!([{ "because": "everything", "role": "Commercial" }]));
        let boss = sign_in(world, "boss", &["admin"]).await;
        let users = world.get("/user?select=id&name=eq.rep").await;
        let path = format!("/person/{}/access?user={}", persons[0], users[0]["id"].as_str().unwrap());
        let about = browse(world, &boss, Method::GET, &path, "https://crm.example", None).await.ok();
        assert_eq!((about["visible"].clone(), about["reasons"].clone()), (json!(false), json!([])));
    });
}

#[test]
fn search_finds_what_one_may_see() {
    on_each(async |world| {
        fill(world).await;
        let found = world.get("/search?q=reu").await;
        assert_eq!((found[0]["object"].clone(), found[0]["title"].clone()), (json!("firm"), json!("Aciers Réunis")));
        assert_eq!(world.get("/search?q=anne&object=person").await[0]["title"], "Anne Petit");
        let rep = async |path: &str| world.ask(&world.rep, Method::GET, path, &[], None).await;
        assert_eq!(rep("/search?q=anne").await.ok(), json!([]));
        assert_eq!(rep("/search?q=reu").await.ok()[0]["object"], "firm");
        assert_eq!(rep("/search?limit=x").await.status, 400);
    });
}

#[test]
fn administrators_add_objects_and_fields() {
    on_each(async |world| {
        let boss = sign_in(world, "boss", &["admin"]).await;
        let here = "https://crm.example";
        let object = json!({ "name": "machine", "label": { "fr": "Machine", "en": "Machine" }, "plural": { "fr": "Machines", "en": "Machines" } });
        let elsewhere =
            browse(world, &boss, Method::POST, "/objects", "https://evil.example", Some(object.clone())).await;
        assert_eq!(elsewhere.status, 403);
        let by_token = world.ask(&world.admin, Method::POST, "/objects", &[], Some(object.clone())).await;
        insta::assert_snapshot!(by_token.refused(403), @"42501: Only an administrator who is signed in may do this; a token may not.");
        let made = browse(world, &boss, Method::POST, "/objects", here, Some(object.clone())).await;
        assert_eq!((made.status.as_u16(), made.json()["prefix"].clone()), (201, json!("mac")));
        assert_eq!(browse(world, &boss, Method::POST, "/objects", here, Some(object)).await.status, 409);
        let field =
            json!({ "name": "power", "label": { "fr": "Puissance", "en": "Power" }, "type": "integer", "min": 0 });
        let made = browse(world, &boss, Method::POST, "/objects/machine/fields", here, Some(field)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let on_firm = json!({ "name": "code", "label": { "fr": "Code", "en": "Code" }, "type": "text", "max": 10 });
        browse(world, &boss, Method::POST, "/objects/firm/fields", here, Some(on_firm)).await.ok();
        let label = json!({ "label": { "fr": "Puissance (kW)", "en": "Power (kW)" } });
        let changed =
            browse(world, &boss, Method::PATCH, "/objects/machine/fields/power", here, Some(label)).await.ok();
        assert!(changed["fields"].as_array().unwrap().iter().any(|f| f["label"]["en"] == "Power (kW)"));
        let wrong = browse(
            world,
            &boss,
            Method::POST,
            "/objects/machine/fields",
            here,
            Some(json!({ "name": "Bad Name", "type": "integer" })),
        )
        .await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        world.create("machine", json!({ "name": "Press", "power": 12 })).await;
        assert_eq!(
            world.get("/machine?power=gt.10&select=name,power").await,
            json!([{ "name": "Press", "power": 12 }])
        );
        world.create("firm", json!({ "name": "Coded", "code": "C1" })).await;
        let document = world.get("/openapi.json").await;
        assert!(document["components"]["schemas"]["machine"]["properties"]["power"].is_object());
        assert!(document["paths"]["/machine/{id}"]["patch"].is_object());
    });
}

#[test]
fn tokens_are_made_by_people_and_taken_back() {
    on_each(async |world| {
        let boss = sign_in(world, "boss", &["admin"]).await;
        let here = "https://crm.example";
        let wish = json!({ "name": "sync", "scopes": ["read:firm"] });
        assert_eq!(world.ask(&world.admin, Method::POST, "/tokens", &[], Some(wish.clone())).await.status, 403);
        let made = browse(world, &boss, Method::POST, "/tokens", here, Some(wish)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let token = made.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(world.ask(&token, Method::GET, "/firm", &[], None).await.ok(), json!([]));
        assert_eq!(world.ask(&token, Method::GET, "/person", &[], None).await.status, 403);
        assert_eq!(world.ask(&token, Method::POST, "/firm", &[], Some(json!({ "name": "x" }))).await.status, 403);
        let listed = browse(world, &boss, Method::GET, "/tokens", here, None).await.ok();
        assert!(listed.as_array().unwrap().iter().all(|t| t.get("token").is_none()));
        let path = format!("/tokens/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(browse(world, &boss, Method::DELETE, &path, here, None).await.status, 204);
        assert_eq!(world.ask(&token, Method::GET, "/firm", &[], None).await.status, 401);
        let past = json!({ "name": "late", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z" });
        assert_eq!(browse(world, &boss, Method::POST, "/tokens", here, Some(past)).await.status, 422);
    });
}

/// Every operation of a document, with the identifiers of records that exist.
async fn operations(world: &World, document: &Json) -> Vec<(Method, String, String)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let object = path.split('/').nth(1).unwrap();
        let known = world.ask(&world.admin, Method::GET, &format!("/{object}?select=id&limit=1"), &[], None).await;
        let id = match known.status.as_u16() {
            200 => known.json()[0]["id"].as_str().map(str::to_owned),
            _ => None,
        };
        let id = id.unwrap_or_else(|| Id::named("nothing").to_string());
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let method: Method = method.to_uppercase().parse().unwrap();
            all.push((
                method,
                path.clone(),
                path.replace("{id}", &id).replace("{name}", "firm").replace("{field}", "staff"),
            ));
        }
    }
    all
}

#[test]
fn every_route_of_the_document_asks_who_one_is() {
    on_each(async |world| {
        fill(world).await;
        world.create("kinds", json!({ "a_text": "x" })).await;
        let boss = sign_in(world, "boss", &["admin"]).await;
        let document = browse(world, &boss, Method::GET, "/openapi.json", "https://crm.example", None).await.ok();
        let before = world.get("/firm?order=name").await;
        let all = operations(world, &document).await;
        assert!(all.len() > 60, "{}", all.len());
        assert_eq!(world.get("").await["openapi"], "3.1.0");
        assert_eq!(world.get("/").await["openapi"], "3.1.0");
        assert_eq!(world.ask("", Method::GET, "/", &[], None).await.status, 401);
        let tags: Vec<&str> =
            document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(
            (tags[0], tags.last(), tags.iter().filter(|t| **t == "interface").count()),
            ("firm", Some(&"interface"), 1)
        );
        for (method, path, real) in all {
            let ask = async |token: &str| {
                let body =
                    matches!(method, Method::POST | Method::PATCH | Method::PUT).then(|| json!({ "name": "Intruder" }));
                world.ask(token, method.clone(), &real, &[], body).await
            };
            let what = format!("{method} {real}");
            let stranger = ask("").await;
            assert_eq!(
                stranger.refused(401),
                "unauthenticated: Sign in, or send a token: “Authorization: Bearer clt_…”.",
                "{what}"
            );
            assert_eq!(ask("clt_wrong").await.status, 401, "{what}");

            let nobody = ask(&world.nobody).await;
            let personal = matches!(path.as_str(), "/me" | "/openapi.json" | "/tokens")
                || path.starts_with("/view")
                || path.starts_with("/objects");
            let hidden = matches!(nobody.status.as_u16(), 403 | 404) || (nobody.status == 200 && nobody.text == "[]");
            assert!(
                hidden || (method == Method::GET && personal && nobody.status == 200),
                "{what}: {} {}",
                nobody.status,
                nobody.text
            );

            let reader = ask(&world.reader).await;
            match method {
                Method::GET => assert!(
                    reader.status.is_success() || reader.status == 404,
                    "{what}: {} {}",
                    reader.status,
                    reader.text
                ),
                _ => assert_eq!(reader.status, 403, "{what}: {}", reader.text),
            }
        }
        assert_eq!(world.get("/firm?order=name").await, before);
        let nothing = world.ask(&world.nobody, Method::GET, "/openapi.json", &[], None).await.ok();
        assert!(
            nothing["paths"]
                .as_object()
                .unwrap()
                .keys()
                .all(|path| !path.starts_with("/firm") && !path.starts_with("/kinds"))
        );
    });
}

#[test]
fn one_knows_who_one_is() {
    on_each(async |world| {
        let me = world.ask(&world.rep, Method::GET, "/me", &[], None).await.ok();
        assert_eq!((me["name"].clone(), me["administrator"].clone()), (json!("rep"), json!(false)));
        assert_eq!(me["objects"]["firm"], json!({ "read": "all", "create": true, "update": "own", "delete": "own" }));
        assert!(me["objects"].get("club").is_none());
        let answer = world.ask(&world.rep, Method::DELETE, "/me", &[], None).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET,HEAD"));
        let french = world.ask("", Method::GET, "/me", &["accept-language: fr"], None).await;
        assert!(french.headers.contains_key("x-request-id"));
    });
}

#[test]
fn the_reference_page_brings_everything_itself() {
    on_each(async |world| {
        let page = world.send(Request::get("/api").header("accept-language", "fr").body(Body::empty()).unwrap()).await;
        assert!(page.text.contains("Référence de l’API") && !page.text.contains(">reference."), "{}", page.text);
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        for asset in ["/api/reference.js", "/api/reference.css"] {
            assert!(page.text.contains(asset));
            assert_eq!(world.send(Request::get(asset).body(Body::empty()).unwrap()).await.status, 200);
        }
    });
}

#[test]
fn nobody_locks_everybody_out() {
    on_each(async |world| {
        let ask = async |method: Method, path: &str, body| world.ask(&world.admin, method, path, &[], body).await;
        let told = "At least one active administrator must remain.";
        for (method, path, body) in [
            (Method::DELETE, "/user?id=not.is.null", None),
            (Method::DELETE, "/role?id=not.is.null", None),
            (Method::PATCH, "/role?id=not.is.null", Some(json!({ "admin": false }))),
            (Method::PATCH, "/user?id=not.is.null", Some(json!({ "active": false }))),
            (Method::PATCH, "/user?id=not.is.null", Some(json!({ "roles": [] }))),
        ] {
            let refused = ask(method.clone(), path, body).await;
            assert_eq!(refused.status, 422, "{method} {path}: {}", refused.text);
            assert_eq!(refused.json()["detail"], told, "{method} {path}");
        }
        assert_eq!(ask(Method::GET, "/me", None).await.ok()["administrator"], true);
        assert_eq!(ask(Method::DELETE, "/user?name=eq.nobody", None).await.status, 204);
    });
}
