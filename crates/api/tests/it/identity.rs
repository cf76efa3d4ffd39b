//! Profiles, verdicts and the pairs that wait, over HTTP.

use std::sync::Arc;

use axum::http::Method;
use kernel::Id;
use model::{Fields, Ident, Value};
use records::{Op, Worker};
use serde_json::{Value as Json, json};
use store::Incoming;

use crate::world::{Answer, World, on_each_with};

async fn post(world: &World, token: &str, path: &str, body: Json) -> Answer {
    world.ask(token, Method::POST, path, &[], Some(body)).await
}

/// Ada in two sources.
async fn known(world: &World) -> [Id; 2] {
    let mut sources = Vec::new();
    for (name, key, payload) in [
        (
            "Shop",
            "S1",
            json!({"first_name": "Ada", "last_name": "Noe", "email": "ada@exemple-mail.fr", "city": "Lyon"}),
        ),
        (
            "Desk",
            "D1",
            json!({"first_name": "Ada", "last_name": "Noe", "email": "ada@exemple-mail.fr", "city": "Bron"}),
        ),
    ] {
        let ctx = world.space.system_ctx();
        let fields = Fields::from_iter([(Ident::of("name"), Value::from(name))]);
        let made = world.space.write_one(&ctx, &Ident::of("source"), Op::Create(fields)).await.expect("a source");
        let source = made.record.id();
        let payload = payload.as_object().cloned().expect("an object");
        let incoming = [Incoming { source, key: key.to_owned(), payload, partial: false }];
        let kept =
            world.space.store.write(move |w| Box::pin(async move { w.append_records(&incoming, ctx.now).await }));
        kept.await.expect("kept");
        sources.push(source);
    }
    let worker = Worker::new(Arc::clone(&world.space), &[]);
    // Writes of other tests on the same server may hold the end of the log back for a while.
    loop {
        while worker.step().await.expect("worked") {}
        let mut reader = world.space.store.read().await.expect("a reader");
        let mut records = Vec::new();
        for (source, key) in sources.iter().zip(["S1", "D1"]) {
            records.push(reader.source_record(*source, key).await.expect("read").expect("kept").record);
        }
        if reader.entries(&records).await.expect("read").len() == records.len() {
            break;
        }
        drop(reader);
        tokio::task::yield_now().await;
    }
    [sources[0], sources[1]]
}

#[test]
fn a_profile_is_found_separated_and_brought_back() {
    on_each_with(
        || vec![customers::app()],
        async |world| {
            let [shop, _] = known(world).await;
            let found = world.get("/profiles/lookup?email=ada@exemple-mail.fr").await;
            assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
            let city = &found[0]["golden"]["city"]["candidates"];
            assert_eq!(city.as_array().map(Vec::len), Some(2), "{city}");
            let profile = found[0]["profile"]["id"].as_str().expect("an identifier").to_owned();
            let by_key = world.get(&format!("/profiles/lookup?source={}&key=S1", shop.typed("src"))).await;
            assert_eq!(by_key[0]["profile"]["id"], found[0]["profile"]["id"]);
            let record = found[0]["records"][1]["id"].clone();
            let mut wish = json!({"separate": {"profile": profile, "records": [record]}, "note": "two", "dry": true});
            let dry = post(world, &world.admin, "/verdicts", wish.clone()).await.ok();
            assert_eq!((dry["after"].as_array().map(Vec::len), dry["verdict"].is_null()), (Some(2), true), "{dry}");
            assert_eq!(world.get("/profiles/lookup?email=ada@exemple-mail.fr").await.as_array().map(Vec::len), Some(1));
            wish["dry"] = json!(false);
            let done = post(world, &world.admin, "/verdicts", wish).await;
            assert_eq!(done.status.as_u16(), 201, "{}", done.text);
            let verdict = done.json()["verdict"].as_str().expect("a verdict").to_owned();
            assert_eq!(world.get("/profiles/lookup?email=ada@exemple-mail.fr").await.as_array().map(Vec::len), Some(2));
            let undone = post(world, &world.admin, &format!("/verdicts/{verdict}/undo"), json!({})).await;
            assert_eq!(undone.status.as_u16(), 200, "{}", undone.text);
            assert_eq!(world.get("/profiles/lookup?email=ada@exemple-mail.fr").await.as_array().map(Vec::len), Some(1));
            assert!(world.get("/review").await.is_array());
        },
    );
}

#[test]
fn a_segments_members_are_a_list_of_profiles() {
    on_each_with(
        || vec![customers::app()],
        async |world| {
            known(world).await;
            let segment = |name: &str, city: &str| {
                json!({
                    "name": name, "description_fr": "Qui habite là", "description_en": "Who lives there",
                    "filter": {"is": {"field": "address", "part": "city", "op": "in", "operand": ["Lyon", city]}},
                })
            };
            let made = world.create("segment", segment("Rhône", "Bron")).await;
            let path = format!("/segment/{}/members", made[0]["id"].as_str().expect("an identifier"));
            let members = world.get(&format!("{path}?select=id,name")).await;
            assert_eq!(members[0]["name"], "Ada Noe", "{members}");
            assert_eq!(world.get(&format!("{path}?name=eq.Bob")).await, json!([]), "narrowed like every list");
            let counted = world.ask(&world.admin, Method::GET, &path, &["Prefer: count=exact"], None).await;
            assert_eq!(counted.header("content-range"), "0-0/1");
            let found = world.get("/profiles/lookup?email=ada@exemple-mail.fr").await;
            let told = &found[0]["segments"][0];
            let city = found[0]["profile"]["address"]["city"].clone();
            assert_eq!((&told["id"], &told["because"][0]["values"]["address.city"]), (&made[0]["id"], &city), "{told}");
            let wish = json!({"separate": {"profile": found[0]["profile"]["id"], "records": [found[0]["records"][1]["id"]]}, "dry": true});
            let dry = post(world, &world.admin, "/verdicts", wish).await.ok();
            assert_eq!(dry["after"][0]["segments"][0]["name"], "Rhône", "{dry}");

            let refused = world.ask(&world.nobody, Method::GET, &path, &[], None).await;
            assert!(refused.status.is_client_error(), "{}", refused.text);
            let wrong = world.ask(&world.admin, Method::GET, "/segment/seg_nothing/members", &[], None).await;
            assert_eq!(wrong.status.as_u16(), 404);
            let made = post(world, &world.rep, "/segment", segment("Mien", "Lyon")).await;
            assert_eq!(made.status.as_u16(), 403, "{}", made.text);
            assert!(world.get("/openapi.json").await["paths"]["/segment/{id}/members"]["get"].is_object());
        },
    );
}

#[test]
fn who_may_not_decide_is_refused() {
    on_each_with(
        || vec![customers::app()],
        async |world| {
            known(world).await;
            let found = world.get("/profiles/lookup?email=ada@exemple-mail.fr").await;
            let wish =
                json!({"separate": {"profile": found[0]["profile"]["id"], "records": [found[0]["records"][0]["id"]]}});
            for token in [&world.rep, &world.nobody, &world.reader] {
                let refused = post(world, token, "/verdicts", wish.clone()).await;
                assert_eq!(refused.status.as_u16(), 403, "{}", refused.text);
            }
            for wrong in [json!({}), json!({"join": ["prf_x"]}), json!({"pair": {"a": "x", "b": "y"}})] {
                let refused = post(world, &world.admin, "/verdicts", wrong).await;
                assert!(refused.status.is_client_error(), "{}", refused.text);
            }
            let vague = world.ask(&world.admin, Method::GET, "/profiles/lookup", &[], None).await;
            assert_eq!(vague.status.as_u16(), 400);
            let gone = post(world, &world.admin, "/verdicts/vrd_nothing/undo", json!({})).await;
            assert_eq!(gone.status.as_u16(), 404);
        },
    );
}

#[test]
fn models_are_listed_adopted_and_put_aside() {
    on_each_with(
        || vec![customers::app()],
        async |world| {
            known(world).await;
            let model = customers::identity::starting(customers::identity::Kind::Person).expect("a model");
            let kept = store::KeptModel {
                id: Id::new(world.space.system_ctx().now),
                entity: "person".to_owned(),
                made_at: world.space.system_ctx().now,
                state: "candidate".to_owned(),
                model: model.to_json(),
                detail: json!({"records": 700, "merges": 1}),
            };
            let path = format!("/models/{}", kept.id.typed("mdl"));
            world.space.store.write(move |w| Box::pin(async move { w.put_model(&kept).await })).await.expect("kept");
            for token in [&world.rep, &world.nobody, &world.reader] {
                for verb in ["adoption", "refusal"] {
                    let refused = post(world, token, &format!("{path}/{verb}"), json!({})).await;
                    assert_eq!(refused.status.as_u16(), 403, "{}", refused.text);
                }
                let refused = post(world, token, "/models", json!({"kind": "person"})).await;
                assert_eq!(refused.status.as_u16(), 403, "{}", refused.text);
            }
            let listed = world.get("/models").await;
            assert_eq!(listed["models"][0]["records"], 700, "{listed}");
            assert_eq!(listed["models"][1]["id"], "starting-person");
            assert!(world.get(&path).await["comparisons"][0]["levels"][0]["weight"].is_number());
            let few = post(world, &world.admin, "/models", json!({"kind": "person"})).await;
            assert_eq!(few.status.as_u16(), 422, "{}", few.text);
            let adopted = post(world, &world.admin, &format!("{path}/adoption"), json!({})).await;
            assert_eq!(adopted.status.as_u16(), 202, "{}", adopted.text);
            let listed = world.get("/models").await;
            assert_eq!((&listed["models"][0]["state"], &listed["matching"]["of"]), (&json!("current"), &json!(2)));
            let late = post(world, &world.admin, &format!("{path}/refusal"), json!({})).await;
            assert_eq!(late.status.as_u16(), 404, "{}", late.text);
        },
    );
}

#[test]
fn duplicates_are_found_before_a_record_is_saved() {
    on_each_with(
        || vec![crate::world::app(), customers::app()],
        async |world| {
            known(world).await;
            let typed = json!({"name": {"first": "Ada", "last": "Noe"}, "mails": [{"value": "ada@exemple-mail.fr"}]});
            let found = post(world, &world.admin, "/person/duplicates", typed.clone()).await.ok();
            let first = &found["profiles"][0];
            assert_eq!((&first["name"], &first["id"]), (&json!("Ada Noe"), &Json::Null), "{found}");
            assert!(first["probability"].as_f64().is_some_and(|p| p > 0.9), "{found}");
            assert_eq!(found["erased"], json!(false));
            let other =
                post(world, &world.admin, "/person/duplicates", json!({"name": {"last": "Unheard"}})).await.ok();
            assert_eq!(other, json!({"profiles": [], "erased": false}));
            let refused = post(world, &world.nobody, "/person/duplicates", typed).await;
            assert_eq!(refused.status.as_u16(), 403, "{}", refused.text);
            for wrong in [json!({"nothing": 1}), json!([]), json!({"mails": 3})] {
                let refused = post(world, &world.admin, "/person/duplicates", wrong).await;
                assert!(refused.status.is_client_error(), "{}", refused.text);
            }
        },
    );
}

#[test]
fn the_erased_come_back_by_hand_and_not_by_list() {
    on_each_with(
        || vec![crate::world::app(), customers::app()],
        async |world| {
            known(world).await;
            let two = json!([{"name": {"last": "Her"}}, {"name": {"last": "Other"}}]);
            assert_eq!(post(world, &world.admin, "/person", two).await.status.as_u16(), 201);
            let found = world.get("/profiles/lookup?email=ada@exemple-mail.fr").await;
            let profile =
                found[0]["profile"]["id"].as_str().and_then(|id| Id::parse(id, "prf").ok()).expect("a profile");
            customers::erasure::run(&world.space, &world.space.system_ctx(), profile, None).await.expect("erased");
            let hers = json!({"mails": [{"value": "ada@exemple-mail.fr"}]});
            let typed = json!({"name": {"last": "Noe"}, "mails": [{"value": "ada@exemple-mail.fr"}]});
            let said = post(world, &world.admin, "/person/duplicates", typed.clone()).await.ok();
            assert_eq!(said, json!({"profiles": [], "erased": true}));
            let said = post(world, &world.reader, "/person/duplicates", typed.clone()).await.ok();
            assert_eq!(said["erased"], json!(false), "who may not save it is not told: {said}");

            let listed = post(world, &world.admin, "/person", json!([typed])).await;
            assert!(listed.status.is_client_error() && listed.text.contains("\"erased\""), "{}", listed.text);
            let all = world.ask(&world.admin, Method::PATCH, "/person?id=not.is.null", &[], Some(hers.clone())).await;
            assert!(all.status.is_client_error() && all.text.contains("\"erased\""), "{}", all.text);
            let one = world.ask(&world.admin, Method::PATCH, "/person?name-%3E%3Elast=eq.Her", &[], Some(hers)).await;
            assert!(one.status.is_success(), "one by one they come back: {}", one.text);
        },
    );
}
