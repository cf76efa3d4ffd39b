//! Settings of customer recognition: models, which value is believed, and where stages begin.

use axum::http::StatusCode;
use customers::identity::{Comparison, Kind, starting};
use kernel::Id;
use model::{Fields, Ident, Value};
use serde_json::{json, to_value};
use store::{Digest, Event, KeptModel};

use crate::world::{World, on_each};

impl World {
    /// A candidate that takes two records for the same from this probability on, and what it is said to change.
    async fn candidate(&self, matched: f64, merged: Vec<Vec<String>>, split: Vec<String>) -> String {
        let mut model = starting(Kind::Person).expect("a model");
        model.thresholds.matched = matched;
        let told = Comparison {
            records: 600,
            merges: merged.len(),
            splits: split.len(),
            merged,
            split,
            ..Comparison::default()
        };
        let kept = KeptModel {
            id: Id::new(self.ctx().now),
            entity: "person".to_owned(),
            made_at: self.ctx().now,
            state: "candidate".to_owned(),
            model: model.to_json(),
            detail: to_value(told).expect("JSON"),
        };
        let address = format!("/settings/identity/models/{}", kept.id.typed("mdl"));
        self.space.store.write(move |w| Box::pin(async move { w.put_model(&kept).await })).await.expect("kept");
        address
    }

    /// Purchases of a user at a source, told by events.
    async fn orders(&self, source: Id, user: &str, count: usize) {
        let now = self.ctx().now;
        let event = |at: usize| Event {
            seq: 0,
            tx: 0,
            message: Digest::of(&format!("{user} {at}")),
            source,
            kind: "track".to_owned(),
            name: Some("Order Completed".to_owned()),
            at: now,
            received_at: now,
            user_id: Some(user.to_owned()),
            anonymous_id: None,
            group_id: None,
            previous_id: None,
            payload: json!({"properties": {"total": 12, "currency": "EUR"}}).to_string(),
        };
        let events: Vec<Event> = (0..count).map(event).collect();
        self.space.store.write(move |w| Box::pin(async move { w.put_events(&events).await })).await.expect("kept");
        let key = [(source, format!("user/{user}"))];
        loop {
            self.work().await;
            let known = self.space.store.read().await.expect("a reader").tallies(&key).await.expect("read");
            if known.iter().any(|tally| tally.orders == count as i64) {
                break;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn named(&self, name: &str) -> Vec<String> {
        let all = self.profiles().await.into_iter();
        all.filter(|p| p.get(customers::profile::NAME).as_deref() == Some(name)).map(|p| p.id().to_string()).collect()
    }
}

#[test]
fn a_model_is_looked_at_adopted_and_left_again() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let anna = world.named("Anna Bertrand").await;
        assert_eq!(anna.len(), 1);
        let candidate = world.candidate(0.999_999, Vec::new(), anna).await;
        let list = admin.get("/settings/identity").await;
        for word in ["Candidate", "The starting model", "In use", "Learn now"] {
            assert!(list.page().contains(word), "{word}: {}", list.text);
        }
        let page = admin.get(&candidate).await;
        for word in ["Would come apart", "Group 2", "What it learnt", "Put aside", "Last name"] {
            assert!(page.page().contains(word), "{word}: {}", page.text);
        }
        let why = page.text.split("href=\"").find(|rest| rest.starts_with("/review/pair")).expect("a link");
        let why = why.split('"').next().expect("an address").replace("&amp;", "&");
        assert!(why.contains("model=mdl_"), "{why}");
        assert!(admin.get(&why).await.page().contains("Starting point"));

        let adopted = admin.post(&format!("{candidate}/adopt"), &[]).await;
        assert_eq!((adopted.status, adopted.location()), (StatusCode::SEE_OTHER, "/settings/identity?kind=person"));
        assert!(admin.get("/settings/identity").await.page().contains("matched anew"));
        world.work().await;
        let annas = world.named("Anna Bertrand").await;
        assert_eq!(annas.len(), 2);
        let over = admin.get("/settings/identity/progress/person").await;
        assert_eq!(over.headers.get("hx-refresh").map(|v| v.as_bytes()), Some(&b"true"[..]));
        let gentle = world.candidate(0.5, vec![annas], Vec::new()).await;
        let page = admin.get(&gentle).await;
        assert!(page.page().contains("Would become one") && page.text.contains("Group 1"), "{}", page.text);
        assert!(!page.text.contains("Group 2"), "{}", page.text);

        let back = admin.post("/settings/identity/models/starting-person/adopt", &[]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        world.work().await;
        assert_eq!(world.named("Anna Bertrand").await.len(), 1);
        let twice = admin.post("/settings/identity/models/starting-person/adopt", &[]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);
    });
}

#[test]
fn models_are_for_those_who_decide() {
    on_each(async |world| {
        let candidate = world.candidate(0.5, Vec::new(), Vec::new()).await;
        let mut rep = world.signed_in("remi@test.example").await;
        for path in ["/settings/identity", "/settings/identity/progress/person", &candidate] {
            assert_eq!(rep.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for verb in ["adopt", "refuse"] {
            assert_eq!(rep.post(&format!("{candidate}/{verb}"), &[]).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(rep.post("/settings/identity/learn/person", &[]).await.status, StatusCode::FORBIDDEN);
        assert!(!rep.get("/settings").await.page().contains("/settings/identity"));

        let mut admin = world.admin().await;
        let few = admin.post("/settings/identity/learn/person", &[]).await;
        assert_eq!(few.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(few.text.contains("500"), "{}", few.text);
        for path in ["/settings/identity/models/x", "/settings/identity/models/mdl_x"] {
            assert_eq!(admin.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(admin.post(&format!("{candidate}/refuse"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(admin.post(&format!("{candidate}/refuse"), &[]).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn which_value_is_believed_is_tried_then_kept() {
    on_each(async |world| {
        world.town().await;
        let fields =
            Fields::from_iter([(Ident::of("name"), Value::from("Registry")), (Ident::of("trust"), Value::Int(1))]);
        let registry = world.create("source", fields).await;
        world.give(registry, &[("R1", json!({"first_name": "Élodie", "last_name": "Lefèvre", "email": "elodie.lefevre@exemple-mail.fr", "phone": "+33639981234", "city": "Bron"}))]).await;
        let mut admin = world.admin().await;
        let address = world.profile("Élodie Lefèvre").await;
        let id = address.rsplit('/').next().expect("an identifier").to_owned();
        let page = admin.get("/settings/identity/golden").await;
        assert!(page.page().contains("Confirmed first") && !page.text.contains("Keep these rules"), "{}", page.text);
        let tried = admin.get(&format!("/settings/identity/golden?profile={id}&rule-address=complete")).await;
        for word in ["Keep these rules", "class=\"differs\"", "Villeurbanne"] {
            assert!(tried.page().contains(word), "{word}: {}", tried.text);
        }
        let wrong = admin.post("/settings/identity/golden", &[("rule-website", "verified")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        let kept = admin.post("/settings/identity/golden", &[("rule-address", "complete")]).await;
        assert_eq!(kept.location(), "/settings/identity/golden");
        assert!(admin.get("/settings/identity/golden").await.page().contains("being made anew"));
        world.work().await;
        let page = admin.get(&address).await;
        assert!(page.page().contains("it says most"), "{}", page.text);
        assert!(!admin.get("/settings/identity/golden").await.page().contains("being made anew"));
        let mut rep = world.signed_in("remi@test.example").await;
        for path in ["/settings/identity/golden", "/settings/identity/stages", "/settings/identity/renewal"] {
            assert_eq!(rep.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in ["/settings/identity/golden", "/settings/identity/stages"] {
            assert_eq!(rep.post(path, &[("loyal_orders", "1")]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn stages_begin_where_a_steward_says() {
    on_each(async |world| {
        let shop = world.source("Shop", "person").await;
        world
            .give(
                shop,
                &[("user/7", json!({"first_name": "Iris", "last_name": "Noe", "email": "iris@exemple-mail.fr"}))],
            )
            .await;
        world.orders(shop, "7", 2).await;
        let mut admin = world.admin().await;
        let stage = async || world.profiles().await[0].get(customers::profile::STAGE).expect("a stage");
        assert_eq!(stage().await, "new_customer");
        let tried = admin.get("/settings/identity/stages?loyal_orders=2").await;
        for word in ["Keep these rules", "+1", "−1", "one profile"] {
            assert!(tried.page().contains(word), "{word}: {}", tried.text);
        }
        let wrong = admin.get("/settings/identity/stages?loyal_orders=many").await;
        assert!(wrong.page().contains("from 1 to 1,000") && wrong.text.contains("many"), "{}", wrong.text);
        let refused = admin.post("/settings/identity/stages", &[("inactive_days", "0")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let kept = admin.post("/settings/identity/stages", &[("loyal_orders", "2")]).await;
        assert_eq!(kept.location(), "/settings/identity/stages");
        world.work().await;
        assert_eq!(stage().await, "loyal");
    });
}
