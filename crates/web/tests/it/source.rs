use axum::http::StatusCode;
use customers::event::{Call, receive};
use serde_json::json;

use crate::world::{HOSTILE, World, on_each};

/// Makes a source on its page and answers where its page is.
async fn make(world: &World) -> String {
    let mut admin = world.admin().await;
    let fields = [
        ("name", "Shop"),
        ("kind", "events"),
        ("entity", "person"),
        ("trust", "10"),
        ("schema", "enforce"),
        ("active", "true"),
    ];
    let made = admin.post("/o/source/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let list = admin.get("/settings/sources").await;
    let href = list.page().split("href=\"/settings/sources/src_").nth(1).expect("the source is listed");
    format!("/settings/sources/src_{}", href.split('"').next().expect("an end"))
}

#[test]
fn a_source_is_made_and_looked_after_on_its_pages() {
    on_each(async |world| {
        let page = make(world).await;
        let mut admin = world.admin().await;
        let health = admin.get(&page).await;
        for shown in ["Never", "legal basis", "New write key", "Events kept by day"] {
            assert!(health.page().contains(shown), "{shown}: {}", health.text);
        }
        let refused = admin.post(&format!("{page}/keys"), &[("name", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = admin.post(&format!("{page}/keys"), &[("name", "web shop")]).await;
        let key = made.page().split("clw_").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
        let key = format!("clw_{key}");
        let again = admin.get(&page).await;
        assert!(again.page().contains("web shop") && !again.text.contains(&key), "a key is shown once");

        let event = json!({"userId": "u", "event": HOSTILE, "messageId": HOSTILE, "properties": {HOSTILE: 1}});
        let now = world.space.platform.clock.now();
        let sent = receive(&world.space, Call::One("track"), Some(&key), event.to_string().as_bytes(), now).await;
        assert_eq!(sent.expect("read").rejected.len(), 1);
        let rejects = admin.get(&format!("{page}/rejects")).await;
        assert!(rejects.page().contains("was never seen from this source"), "{}", rejects.text);
        assert!(!rejects.text.contains("<script>alert"), "what a stranger sends is escaped");
        let tried = admin.post(&format!("{page}/rejects/replay"), &[]).await;
        assert_eq!(tried.location(), format!("{page}/rejects"));
        assert!(admin.get(&format!("{page}/rejects")).await.page().contains("was never seen"), "nothing was mended");
        admin.post(&format!("{page}/rejects/discard"), &[]).await;
        assert!(admin.get(&format!("{page}/rejects")).await.page().contains("Nothing was rejected"));

        let revoke = again.text.split(&format!("{page}/keys/")).nth(1).and_then(|rest| rest.split('"').next());
        let taken = admin.post(&format!("{page}/keys/{}", revoke.expect("a button")), &[]).await;
        assert_eq!(taken.location(), page);
        let closed = receive(&world.space, Call::Batch, Some(&key), b"{\"batch\": []}", now).await;
        assert!(closed.is_err());
    });
}

#[test]
fn what_was_learnt_is_shown_and_forgotten() {
    on_each(async |world| {
        let page = make(world).await;
        let mut admin = world.admin().await;
        let id = kernel::Id::parse(page.rsplit('/').next().expect("an identifier"), "src").expect("an identifier");
        let now = world.space.platform.clock.now();
        let learnt: Result<(), store::StoreError> = world
            .space
            .store
            .write(move |w| {
                Box::pin(async move {
                    let seen = store::Seen { count: 1_234, first_at: now, last_at: now };
                    let of = |property: &str, value: &str| store::Property {
                        source: id,
                        kind: "track".into(),
                        event: "Order Completed".into(),
                        property: property.into(),
                        value: value.into(),
                    };
                    w.learn(&[(of("", ""), seen), (of("total", "number"), seen), (of("total", "text"), seen)]).await
                })
            })
            .await;
        learnt.expect("kept");
        let shown = admin.get(&format!("{page}/events")).await;
        for word in ["Order Completed", "total", "number × 1,234", "text × 1,234", "2,468"] {
            assert!(shown.page().contains(word), "{word}: {}", shown.text);
        }
        let forget = format!("{page}/events/forget?kind=track&event=Order+Completed&property=total");
        assert_eq!(admin.post(&forget, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!admin.get(&format!("{page}/events")).await.page().contains("total"));
    });
}

#[test]
fn whoever_may_not_see_sources_does_not() {
    on_each(async |world| {
        let page = make(world).await;
        let mut rep = world.signed_in("remi@test.example").await;
        assert!(!rep.get("/settings").await.page().contains("/settings/sources"));
        for path in ["/settings/sources".to_owned(), page.clone(), format!("{page}/events"), format!("{page}/rejects")]
        {
            let answer = rep.get(&path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!answer.text.contains("Shop"));
        }
        for path in ["keys", "keys/key_x/revoke", "events/forget", "rejects/replay", "rejects/discard"] {
            assert_eq!(
                rep.post(&format!("{page}/{path}"), &[("name", "x")]).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    });
}

#[test]
fn a_webhooks_members_are_mapped_beside_what_came() {
    on_each(async |world| {
        let page = make(world).await;
        let mut admin = world.admin().await;
        let edit = page.replace("/settings/sources/", "/o/source/") + "/edit";
        assert_eq!(admin.post(&edit, &[("name", "Shop"), ("kind", "webhook")]).await.status, StatusCode::SEE_OTHER);
        assert!(admin.get(&format!("{page}/mapping")).await.page().contains("Nothing has come yet"));
        let made = admin.post(&format!("{page}/keys"), &[("name", "shop")]).await;
        let key = made.page().split("clw_").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
        let body = json!({"list": [{"no": "C-1", "contact": {"to": "ana@x.example", "what": HOSTILE}}]}).to_string();
        let delivery =
            customers::source::Delivery { key: &format!("clw_{key}"), header: &|_| None, body: body.as_bytes() };
        let now = world.space.platform.clock.now();
        customers::source::deliver(&world.space, &delivery, now).await.expect("kept");

        let shown = admin.get(&format!("{page}/mapping")).await;
        assert!(shown.page().contains("<option value=\"list\">list</option>"), "{}", shown.text);
        admin.post(&format!("{page}/places"), &[("list_path", "list")]).await;
        let shown = admin.get(&format!("{page}/mapping")).await;
        assert!(shown.page().contains("contact.to") && !shown.text.contains("<script>alert"), "{}", shown.text);
        admin.post(&format!("{page}/places"), &[("list_path", "list"), ("key_path", "no")]).await;
        let chosen = [("path.0", "no"), ("map.0", ""), ("path.1", "contact.to"), ("map.1", "email")];
        assert_eq!(admin.post(&format!("{page}/mapping"), &chosen).await.location(), format!("{page}/mapping"));
        let shown = admin.get(&format!("{page}/mapping")).await;
        let understood = shown.page().split_once("What is understood").expect("a preview").1.to_owned();
        assert!(understood.contains("ana@x.example") && understood.contains("C-1"), "{understood}");
        let source = admin.get(&format!("{page}/rejects")).await;
        assert!(source.page().contains("not known yet where the key"), "{}", source.text);
        admin.post(&format!("{page}/rejects/replay"), &[]).await;
        assert!(admin.get(&format!("{page}/rejects")).await.page().contains("Nothing was rejected"));
        let refused = admin.post(&format!("{page}/signature"), &[("signature", "standard"), ("secret", "!")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_form_is_made_shown_to_anybody_and_sent_without_a_cookie() {
    on_each(async |world| {
        let page = make(world).await;
        let mut admin = world.admin().await;
        let edit = page.replace("/settings/sources/", "/o/source/") + "/edit";
        admin.post(&edit, &[("name", "Shop"), ("kind", "form")]).await;
        let public = page.replace("/settings/sources/", "/f/");
        let mut visitor = world.visitor();
        assert_eq!(visitor.get(&public).await.status, StatusCode::NOT_FOUND);
        let fields = [
            ("title_fr", "Écrivez-nous"),
            ("title_en", HOSTILE),
            ("origins", "https://www.example.fr"),
            ("0.name", "email"),
            ("0.takes", "email"),
            ("0.label_fr", "E-mail"),
            ("0.label_en", "E-mail"),
            ("0.required", "true"),
        ];
        let refused = admin.post(&format!("{page}/form"), &fields[..6]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert_eq!(admin.post(&format!("{page}/form"), &fields).await.location(), format!("{page}/form"));
        assert!(admin.get(&format!("{page}/form")).await.page().contains("iframe"));
        let shown = visitor.get(&format!("{public}?lang=en")).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(["set-cookie", "x-frame-options"].iter().all(|name| !shown.headers.contains_key(*name)));
        let policy = shown.headers.get("content-security-policy").and_then(|v| v.to_str().ok()).unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'self' https://www.example.fr"), "{policy}");
        assert!(!shown.text.contains("<script"), "what an administrator writes is escaped");
        let early = visitor.post(&format!("{public}?lang=fr"), &[("email", "rien")]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            early.text.contains("ouverte trop longtemps") && early.text.contains("value=\"rien\""),
            "{}",
            early.text
        );
    });
}
