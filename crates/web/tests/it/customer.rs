use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use kernel::Id;
use model::{Fields, Ident, Query, Record, Value};
use records::{Worker, objects};
use serde_json::{Map, Value as Json, json};
use store::{Appended, Incoming};

use crate::world::{Browser, HOSTILE, World, on_each};

impl World {
    pub async fn source(&self, name: &str, entity: &str) -> Id {
        let fields =
            Fields::from_iter([(Ident::of("name"), Value::from(name)), (Ident::of("entity"), Value::from(entity))]);
        self.create("source", fields).await
    }

    /// Keeps records of a source and lets the worker resolve them.
    pub async fn give(&self, source: Id, records: &[(&str, Json)]) {
        let incoming: Vec<Incoming> = records
            .iter()
            .map(|(key, payload)| Incoming {
                source,
                key: (*key).to_owned(),
                payload: payload.as_object().cloned().unwrap_or_else(Map::new),
                partial: false,
            })
            .collect();
        let now = self.ctx().now;
        let kept = self.space.store.write(move |w| Box::pin(async move { w.append_records(&incoming, now).await }));
        let kept: Vec<Appended> = kept.await.expect("kept");
        let wanted: BTreeMap<Id, i64> = kept.iter().map(|kept| (kept.record, kept.version)).collect();
        let ids: Vec<Id> = wanted.keys().copied().collect();
        loop {
            self.work().await;
            let entries = self.space.store.read().await.expect("a reader").entries(&ids).await.expect("read");
            if entries.iter().filter(|entry| wanted[&entry.record] == entry.version).count() == wanted.len() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Lets the worker do what there is to do. Writes of other tests on the same server may hold the end of the log back for a while.
    pub async fn work(&self) {
        let worker = Worker::new(Arc::clone(&self.space), &[]);
        while worker.step().await.expect("worked") {}
    }

    pub async fn profiles(&self) -> Vec<Record> {
        let query = Query { limit: 100, ..Query::of(Ident::of("profile")) };
        self.space.list(&self.ctx(), &query).await.expect("listed").records
    }

    /// The address of the profile of a name.
    pub async fn profile(&self, name: &str) -> String {
        let all = self.profiles().await;
        let found = all.iter().find(|profile| profile.get(customers::profile::NAME).as_deref() == Some(name));
        let found = found.unwrap_or_else(|| {
            panic!("{name}: {:?}", all.iter().map(|p| p.get(customers::profile::NAME)).collect::<Vec<_>>())
        });
        format!("/o/profile/{}", found.id().typed("prf"))
    }

    /// Élodie in two sources, Karim in one, and Anna in two sources of which nobody is sure.
    pub async fn town(&self) {
        let shop = self.source("Boutique", "person").await;
        let desk = self.source("Support", "person").await;
        self.give(
            shop,
            &[
                ("S1", json!({"first_name": "Élodie", "last_name": "Lefèvre", "email": "elodie.lefevre@exemple-mail.fr", "phone": "06 39 98 12 34", "city": "Lyon"})),
                ("S2", json!({"first_name": "Karim", "last_name": "Roux", "email": "k.roux@exemple-mail.fr", "city": "Lille", "job_title": HOSTILE})),
                ("S3", json!({"first_name": "Anna", "last_name": "Bertrand", "birth_date": "1963-02-13", "email": "anna.bertrand86@exemple-mail.fr", "postcode": "33000", "city": "Bordeaux"})),
            ],
        )
        .await;
        self.give(
            desk,
            &[
                ("D1", json!({"first_name": "Elodie", "last_name": "LEFEVRE", "email": "elodie.lefevre@exemple-mail.fr", "phone": "+33639981234", "city": "Villeurbanne"})),
                ("D3", json!({"first_name": "Anna", "last_name": "Bertrand", "birth_date": "1963-12-23", "email": "anna.bertrand33@exemple-mail.fr", "postcode": "69003", "city": "Lyon"})),
            ],
        )
        .await;
    }
}

/// The values of the inputs of a name.
fn inputs<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

async fn french(browser: &mut Browser<'_>) {
    let changed = browser.post("/profile/preferences", &[("lang", "fr")]).await;
    assert!(changed.status.is_redirection() || changed.status.is_success(), "{}", changed.text);
}

#[test]
fn a_profile_says_why_in_both_languages() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let address = world.profile("Élodie Lefèvre").await;
        let page = admin.get(&address).await;
        let text = page.page();
        for word in [
            "How sure",
            "Boutique",
            "Support",
            "Villeurbanne",
            "Other values, not chosen",
            "sent the record S1",
            "Fix by hand",
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(page.statements.expect("counted") <= 40, "{:?}", page.statements);
        let hostile = admin.get(&world.profile("Karim Roux").await).await;
        assert!(hostile.page().contains("&lt;script&gt;") && !hostile.text.contains("<script>alert"));
        french(&mut admin).await;
        let page = admin.get(&address).await;
        for word in
            ["Certitude", "Fiches sources", "Autres valeurs, écartées", "a transmis la fiche S1", "Fixer à la main"]
        {
            assert!(page.page().contains(word), "{word}: {}", page.text);
        }
    });
}

#[test]
fn a_value_is_fixed_and_released() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let address = world.profile("Élodie Lefèvre").await;
        let fixed = admin.post(&format!("{address}/values"), &[("attribute", "city"), ("values", "Bron")]).await;
        assert_eq!(fixed.location(), address, "{}", fixed.text);
        let page = admin.get(&address).await;
        assert!(
            page.page().contains("Bron") && page.text.contains("it counts whatever the sources say"),
            "{}",
            page.text
        );
        admin
            .post(&format!("{address}/values"), &[("attribute", "city"), ("values", "Bron"), ("release", "true")])
            .await;
        assert!(!admin.get(&address).await.page().contains("it counts whatever the sources say"));
        let unknown = admin.post(&format!("{address}/values"), &[("attribute", "shoe"), ("values", "44")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn records_are_separated_after_a_preview_and_brought_back() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let address = world.profile("Élodie Lefèvre").await;
        let before = world.profiles().await.len();
        let records = admin.get(&format!("{address}/records")).await;
        assert!(
            records.page().contains("<svg class=\"graph\"") && records.text.contains("class=\"differs\""),
            "{}",
            records.text
        );
        let ids = inputs(records.page(), "record");
        assert_eq!(ids.len(), 2);
        let preview = admin.get(&format!("{address}/separate?record={}", ids[1])).await;
        assert!(preview.page().contains("1 profile becomes 2 profiles."), "{}", preview.text);
        assert!(preview.text.contains("Consents stay with their e-mail address"));
        assert_eq!(world.profiles().await.len(), before, "looking changes nothing");
        let all = admin.get(&format!("{address}/separate?record={}&record={}", ids[0], ids[1])).await;
        assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing would stay");

        let done = admin.post(&format!("{address}/separate"), &[("record", ids[1]), ("note", "two sisters")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(world.profiles().await.len(), before + 1);
        let page = admin.get(done.location()).await;
        let undo = page.page().split("action=\"/verdict/").nth(1).expect("an undo").split('"').next().expect("an end");
        assert!(page.text.contains("two sisters"), "the stream tells it: {}", page.text);
        let undone = admin.post(&format!("/verdict/{undo}"), &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        assert_eq!(world.profiles().await.len(), before);
        let again = admin.post(&format!("/verdict/{undo}"), &[]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "what is taken back cannot be taken back again");
    });
}

#[test]
fn profiles_are_merged_and_the_former_address_leads_on() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let (one, other) = (world.profile("Élodie Lefèvre").await, world.profile("Karim Roux").await);
        let other_id = other.rsplit('/').next().expect("an identifier");
        let asks = admin.get(&format!("{one}/join")).await;
        assert!(asks.page().contains("/pick/profile"));
        let preview = admin.get(&format!("{one}/join?other={other_id}")).await;
        assert!(preview.page().contains("2 profiles become 1 profile."), "{}", preview.text);
        let joined = admin.post(&format!("{one}/join"), &[("other", other_id)]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text);
        let kept = joined.location().to_owned();
        let gone = if kept == one { &other } else { &one };
        let former = admin.get(gone).await;
        assert_eq!((former.status, former.location()), (StatusCode::SEE_OTHER, kept.as_str()));
        let page = admin.get(&kept).await;
        assert!(page.page().contains("This profile was merged"), "{}", page.text);
        let itself = admin.get(&format!("{kept}/join?other={}", kept.rsplit('/').next().expect("one"))).await;
        assert_eq!(itself.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_pair_is_answered_and_the_answer_undone() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let page = admin.get("/review").await;
        assert!(page.page().contains("Are these the same?") && page.text.contains("Bertrand"), "{}", page.text);
        let pair = inputs(page.page(), "pair")[0].to_owned();
        let answered = admin.post("/review", &[("pair", &pair), ("same", "false"), ("next", "/review")]).await;
        assert_eq!(answered.location(), "/review", "{}", answered.text);
        let after = admin.get("/review").await;
        assert!(after.page().contains("Nothing to review") && after.text.contains("data-key=\"u\""), "{}", after.text);
        let undo = after.page().split("action=\"/verdict/").nth(1).expect("an undo").split('"').next().expect("an end");
        let undone = admin.post(&format!("/verdict/{undo}"), &[("back", "/review")]).await;
        assert_eq!(undone.location(), "/review");
        assert!(admin.get("/review").await.page().contains("Are these the same?"));
        let elsewhere =
            admin.post("/review", &[("pair", &pair), ("same", "true"), ("next", "https://evil.example")]).await;
        assert_eq!(elsewhere.location(), "/review");
    });
}

#[test]
fn pairs_are_accepted_in_bulk_and_taken_back_together() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let none = admin.get("/review/bulk?share=99").await;
        assert!(none.page().contains("No waiting pair is at least 99 % probable"), "{}", none.text);
        let low = admin.get("/review/bulk?share=1").await;
        assert!(low.page().contains("at least 50 %"), "what is less likely than not is not accepted: {}", low.text);
        let done = admin.post("/review/bulk", &[("share", "50")]).await;
        assert!(done.page().contains("1 pair accepted"), "{}", done.text);
        assert!(admin.get("/review").await.page().contains("Nothing to review"));
        let undo = done.page().split("action=\"/batch/").nth(1).expect("an undo").split('"').next().expect("an end");
        let undone = admin.post(&format!("/batch/{undo}"), &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        assert!(admin.get("/review").await.page().contains("Are these the same?"));
    });
}

#[test]
fn the_quality_of_sources_is_measured() {
    on_each(async |world| {
        world.town().await;
        let shop = world.source("Salon", "person").await;
        world
            .give(
                shop,
                &[("T1", json!({"email": "not an address", "last_name": "Noe"})), ("T2", json!({"note": "nobody"}))],
            )
            .await;
        let mut admin = world.admin().await;
        let page = admin.get("/review/quality").await;
        for word in ["Boutique", "Salon", "Completeness", "Unlinkable", "up to 2,000 records"] {
            assert!(page.page().contains(word), "{word}: {}", page.text);
        }
    });
}

#[test]
fn whoever_sells_looks_and_decides_nothing() {
    on_each(async |world| {
        world.town().await;
        let mut rep = world.signed_in("remi@test.example").await;
        let address = world.profile("Élodie Lefèvre").await;
        let page = rep.get(&address).await;
        assert!(page.page().contains("Villeurbanne") && !page.text.contains("Fix by hand"), "{}", page.text);
        assert!(!page.text.contains("href=\"/review\"") && !page.text.contains("Same as"));
        let records = rep.get(&format!("{address}/records")).await;
        assert!(records.page().contains("Support") && !records.text.contains("type=\"checkbox\""), "{}", records.text);
        for path in ["/review", "/review/bulk", "/review/quality", "/review/pair?a=x&b=y"] {
            assert_eq!(rep.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for below in ["separate?record=x", "join", "join?other=x"] {
            assert_eq!(rep.get(&format!("{address}/{below}")).await.status, StatusCode::FORBIDDEN, "{below}");
        }
        for (path, pairs) in [
            (format!("{address}/separate"), vec![("record", "x")]),
            (format!("{address}/join"), vec![("other", "x")]),
            (format!("{address}/values"), vec![("attribute", "city"), ("values", "Bron")]),
            ("/review".to_owned(), vec![("pair", "x")]),
            ("/review/bulk".to_owned(), vec![("share", "50")]),
            (format!("/verdict/{}/undo", Id::named("v").typed("vrd")), vec![]),
        ] {
            assert_eq!(rep.post(&path, &pairs).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn hidden_fields_are_nowhere() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let role = objects::standard_role("rep").typed("rol");
        let given = [("hidden", "emails"), ("hidden", "phones")];
        let saved = admin.post(&format!("/settings/roles/{role}/profile"), &given).await;
        assert!(saved.status.is_redirection() || saved.status.is_success(), "{}", saved.text);
        let mut rep = world.signed_in("remi@test.example").await;
        let address = world.profile("Élodie Lefèvre").await;
        for below in ["", "/records", "/timeline"] {
            let page = rep.get(&format!("{address}{below}")).await;
            assert!(
                !page.page().contains("elodie.lefevre@") && !page.text.contains("39981234"),
                "{below}: {}",
                page.text
            );
            assert!(!page.text.contains("S1"), "what a source calls a record may say it too: {}", page.text);
        }
    });
}
