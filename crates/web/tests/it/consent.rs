use axum::http::StatusCode;

use crate::world::{HOSTILE, World, on_each};

#[test]
fn a_contact_point_is_looked_up_and_a_refusal_noted() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let empty = admin.get("/settings/consents").await;
        assert!(empty.page().contains("No consent yet"));
        let wrong = admin.get("/settings/consents?q=nothing").await;
        assert!(wrong.page().contains("is no contact point"), "{}", wrong.text);
        let fresh = admin.get("/settings/consents?q=Ada%40Example.org").await;
        assert!(fresh.page().contains("Nothing was said about this contact point"), "{}", fresh.text);
        assert!(fresh.page().contains("A yes is needed"), "the reason is shown");
        let fields = [
            ("point", "email:ada@example.org"),
            ("state", "granted"),
            ("channel", "email"),
            ("purpose", "newsletter"),
            ("wording", HOSTILE),
            ("where", "form"),
            ("person", "true"),
        ];
        let noted = admin.post("/settings/consents", &fields).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
        let known = admin.get(noted.location()).await;
        assert!(known.page().contains("Proven") && known.page().contains("Allowed"), "{}", known.text);
        assert!(!known.text.contains("<script>alert"), "what somebody says is escaped");
        let vague = admin.post("/settings/consents", &[("point", "email:ada@example.org"), ("state", "granted")]).await;
        assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
        let objected =
            admin.post("/settings/consents", &[("point", "email:ada@example.org"), ("state", "objected")]).await;
        let after = admin.get(objected.location()).await;
        assert!(after.page().contains("Objection to marketing") && after.page().contains("Refused"), "{}", after.text);
        assert!(admin.get("/settings/consents").await.page().contains("Lines by purpose"));
    });
}

#[test]
fn the_policy_is_changed_and_put_back() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let shown = admin.get("/settings/consents/policy").await;
        for law in ["L. 34-5", "loi n° 2025-594", "délibération n° 2021-131"] {
            assert!(shown.page().contains(law), "{law}: {}", shown.text);
        }
        let refused = admin.post("/settings/consents/policy", &[("months", "0")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let policy = customers::consent::Policy::default();
        let mut fields = vec![("months".to_owned(), "24".to_owned()), ("months_law".to_owned(), "ours".to_owned())];
        for i in 0..policy.rules.len() {
            fields.push((format!("mode-{i}"), "opt_in".to_owned()));
            fields.push((format!("law-{i}"), "our choice".to_owned()));
        }
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let saved = admin.post("/settings/consents/policy", &pairs).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let now = admin.get("/settings/consents/policy").await;
        assert!(now.page().contains("24 months") && !now.page().contains("Bloctel"), "{}", now.text);
        admin.post("/settings/consents/policy/reset", &[]).await;
        assert!(admin.get("/settings/consents/policy").await.page().contains("36 months"));
    });
}

#[test]
fn a_rule_is_looked_at_and_applied_and_the_register_lists_it() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let list = admin.get("/settings/retention").await;
        assert!(list.page().contains("Prospects"), "a tenant starts with rules: {}", list.text);
        let href = list.page().split("href=\"/settings/retention/ret_").nth(1).expect("a rule").to_owned();
        let page = format!("/settings/retention/ret_{}", href.split('"').next().expect("an end"));
        let preview = admin.get(&page).await;
        assert!(
            preview.page().contains("Records found") && preview.page().contains("No record is that old"),
            "{}",
            preview.text
        );
        let ran = admin.post(&format!("{page}/run"), &[]).await;
        assert_eq!(ran.location(), page);
        let register = admin.get("/settings/register").await;
        assert!(register.page().contains("Newsletter") && register.page().contains("36 months"), "{}", register.text);
        admin.post("/settings/register", &[("security", HOSTILE)]).await;
        for form in ["print", "csv", "json"] {
            let file = admin.get(&format!("/settings/register/{form}")).await;
            assert_eq!(file.status, StatusCode::OK);
            assert!(file.text.contains("Newsletter"), "{form}");
        }
        assert!(!admin.get("/settings/register/print").await.text.contains("<script>alert"));
        assert_eq!(admin.get("/settings/register/nothing").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn whoever_sells_does_not_look_around() {
    on_each(async |world: &World| {
        let mut rep = world.signed_in("remi@test.example").await;
        for page in [
            "/settings/consents",
            "/settings/consents/policy",
            "/settings/register",
            "/settings/retention",
            "/o/rights_request",
        ] {
            assert_eq!(rep.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
        }
    });
}
