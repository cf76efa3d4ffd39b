use axum::http::StatusCode;

use crate::world::on_each;

#[test]
fn an_object_and_its_fields_are_made_on_the_pages_and_used_at_once() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let labels =
            [("label.fr", "Véhicule"), ("label.en", "Vehicle"), ("plural.fr", "Véhicules"), ("plural.en", "Vehicles")];
        let refused = admin.post("/settings/objects/new", &[labels.as_slice(), &[("name", "Ve hicle")]].concat()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(r#"value="Véhicule""#), "{}", refused.text);
        let made = admin
            .post("/settings/objects/new", &[labels.as_slice(), &[("name", "vehicle"), ("icon", "truck")]].concat())
            .await;
        assert_eq!(made.location(), "/settings/objects/vehicle", "{}", made.text);
        let field = [
            ("type", "choice"),
            ("label.fr", "Énergie"),
            ("label.en", "Energy"),
            ("name", "energy"),
            ("options", "Diesel\nelectric | Électrique | Electric"),
        ];
        assert_eq!(admin.post("/settings/objects/vehicle/fields/new", &field).await.status, StatusCode::SEE_OTHER);
        let field = [
            ("type", "reference"),
            ("label.fr", "Client"),
            ("label.en", "Customer"),
            ("name", "customer"),
            ("to", "account"),
        ];
        assert_eq!(admin.post("/settings/objects/vehicle/fields/new", &field).await.status, StatusCode::SEE_OTHER);
        let account = world.account("Acme").await;
        let form = admin.get("/o/vehicle/new").await;
        assert!(form.page().contains("Electric") && form.text.contains("Customer"), "{}", form.text);
        let made =
            admin.post("/o/vehicle/new", &[("name", "Van 12"), ("energy", "electric"), ("customer", &account)]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let list = admin.get("/o/vehicle?columns=name,energy,customer").await;
        for shown in ["Vehicles", "Van 12", "Electric", "Acme"] {
            assert!(list.page().contains(shown), "{shown}: {}", list.text);
        }
        let record = admin.get(&format!("/o/account/{account}")).await;
        assert!(record.page().contains("Van 12"), "the account does not show its vehicle");
    });
}

#[test]
fn a_role_s_rights_are_set_on_its_page() {
    on_each(async |world| {
        let account = world.account("Acme").await;
        let mut admin = world.admin().await;
        let role = records::objects::standard_role("rep").typed("rol");
        assert!(admin.get(&format!("/settings/roles/{role}")).await.page().contains(r#"name="read.account""#));
        let rights = [
            ("read.account", "all"),
            ("create.account", "false"),
            ("update.account", "none"),
            ("delete.account", "none"),
        ];
        assert_eq!(admin.post(&format!("/settings/roles/{role}"), &rights).await.status, StatusCode::SEE_OTHER);
        let hidden = [("hidden", "industry"), ("locked", "name")];
        assert_eq!(admin.post(&format!("/settings/roles/{role}/account"), &hidden).await.status, StatusCode::SEE_OTHER);
        let mut rep = world.signed_in("remi@test.example").await;
        let page = rep.get(&format!("/o/account/{account}")).await;
        assert!(page.page().contains("Acme") && !page.text.contains("Industry"), "{}", page.text);
        assert_eq!(rep.get("/o/account/new").await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            rep.post(&format!("/o/account/{account}/cell/name"), &[("name", "Mine")]).await.status,
            StatusCode::FORBIDDEN
        );
        let by_hidden =
            "%7B%22is%22%3A%7B%22field%22%3A%22industry%22%2C%22op%22%3A%22eq%22%2C%22operand%22%3A%22x%22%7D%7D";
        assert_eq!(rep.get(&format!("/o/account?filter={by_hidden}")).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_right_given_anew_comes_with_all_fields() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let role = records::objects::standard_role("rep").typed("rol");
        let none = [
            ("read.account", "all"),
            ("create.account", "false"),
            ("update.account", "none"),
            ("delete.account", "none"),
        ];
        let some = [
            ("read.account", "all"),
            ("create.account", "true"),
            ("update.account", "all"),
            ("delete.account", "none"),
        ];
        for rights in [none, some] {
            assert_eq!(admin.post(&format!("/settings/roles/{role}"), &rights).await.status, StatusCode::SEE_OTHER);
        }
        let mut rep = world.signed_in("remi@test.example").await;
        let made = rep.post("/o/account/new", &[("name", "Mine"), ("industry", "Trade")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        assert!(rep.get(made.location()).await.page().contains("Trade"));
    });
}

#[test]
fn settings_are_for_administrators() {
    on_each(async |world| {
        let role = records::objects::standard_role("rep").typed("rol");
        let mut rep = world.signed_in("remi@test.example").await;
        for path in [
            "/settings/objects".to_owned(),
            "/settings/objects/new".to_owned(),
            "/settings/objects/account".to_owned(),
            "/settings/objects/account/fields/new".to_owned(),
            "/settings/roles".to_owned(),
            format!("/settings/roles/{role}"),
            format!("/settings/roles/{role}/account"),
            "/settings/jobs".to_owned(),
        ] {
            assert_eq!(rep.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in [
            "/settings/objects/new".to_owned(),
            "/settings/objects/account/fields/new".to_owned(),
            format!("/settings/roles/{role}"),
            format!("/settings/roles/{role}/account"),
            "/settings/jobs/1/revive".to_owned(),
            "/settings/users/x/invitation".to_owned(),
        ] {
            assert_eq!(rep.post(&path, &[("name", "x")]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn a_key_is_shown_once_and_taken_back() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let made = admin.post("/settings/tokens", &[("name", "Sync"), ("scope", "read"), ("days", "30")]).await;
        assert!(made.page().contains("clt_"), "{}", made.text);
        let list = admin.get("/settings/tokens").await;
        assert!(list.page().contains("Sync") && !list.text.contains("clt_"));
        let revoke = list
            .text
            .split("action=\"/settings/tokens/tok_")
            .nth(1)
            .expect("a key")
            .split('"')
            .next()
            .expect("an end")
            .to_owned();
        assert_eq!(admin.post(&format!("/settings/tokens/tok_{revoke}"), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!admin.get("/settings/tokens").await.page().contains("Sync"));
    });
}

#[test]
fn the_language_is_one_s_own_to_choose() {
    on_each(async |world| {
        let mut nobody = world.signed_in("nora@test.example").await;
        assert_eq!(nobody.post("/profile/preferences", &[("lang", "fr")]).await.status, StatusCode::SEE_OTHER);
        assert!(nobody.get("/profile").await.page().contains("Mon profil"));
        let refused = nobody.post("/profile", &[("language", "fr"), ("time_zone", "Europe/Nowhere")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Europe/Nowhere"), "{}", refused.text);
    });
}

#[test]
fn an_invited_user_chooses_a_password_once() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let made = admin
            .post(
                "/o/user/new",
                &[
                    ("name", "Iris"),
                    ("email", "iris@test.example"),
                    ("language", "en"),
                    ("active", "true"),
                    ("time_zone", "Europe/Paris"),
                ],
            )
            .await;
        let id = made.location().rsplit('/').next().expect("an id").to_owned();
        let page = admin.post_to(&format!("/settings/users/{id}/invitation"), "crm.test").await;
        let link =
            page.page().split("http://crm.test").nth(1).expect("a link").split('<').next().expect("an end").to_owned();
        let mut iris = world.visitor();
        assert!(iris.get(&link).await.page().contains("Join the workspace"));
        let ticket = link.split_once("ticket=").expect("a ticket").1;
        let pairs = [("ticket", ticket), ("password", "iris likes long ones")];
        assert_eq!(iris.post("/invite", &pairs).await.location(), "/");
        assert!(iris.get("/").await.page().contains("Iris"));
        assert_eq!(world.visitor().get(&link).await.status, StatusCode::NOT_FOUND);
    });
}
