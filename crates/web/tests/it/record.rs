use axum::http::StatusCode;

use crate::world::{on_each, World};

async fn account(world: &World) -> String {
    format!("/o/account/{}", world.account("Acme").await)
}

#[test]
fn a_record_is_made_shown_changed_deleted_and_restored() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let answer = admin.post("/o/account/new", &[("name", "Boulangerie Lévy")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let record = answer.location().to_owned();
        assert!(admin.get(&record).await.page().contains("Boulangerie Lévy"));
        let answer = admin.post(&format!("{record}/cell/name"), &[("name", "Boulangerie Cohen")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let history = admin.get(&format!("{record}/history")).await;
        assert!(history.page().contains("<del>Boulangerie Lévy</del>"), "{}", history.text);
        assert_eq!(admin.post(&format!("{record}/delete"), &[]).await.location(), "/o/account");
        assert!(admin.get("/o/account?deleted=true").await.page().contains("Boulangerie Cohen"));
        assert_eq!(admin.post(&format!("{record}/restore"), &[]).await.location(), record);
        assert!(admin.get("/o/account").await.page().contains("Boulangerie Cohen"));
    });
}

#[test]
fn a_refused_form_keeps_what_was_entered() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let pairs = [("name.first", "Zoé"), ("emails.value", "no address"), ("emails.label", "work"), ("job_title", "Buyer & more")];
        let answer = admin.post("/o/contact/new", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in [r#"value="Zoé""#, r#"value="no address""#, r#"value="Buyer &amp; more""#, "is not an e-mail address"] {
            assert!(answer.text.contains(kept), "{kept}: {}", answer.text);
        }
    });
}

#[test]
fn two_people_who_change_the_same_field_choose() {
    on_each(async |world| {
        let record = account(world).await;
        let mut admin = world.admin().await;
        let form = admin.get(&format!("{record}/edit")).await;
        assert!(form.page().contains(r#"name="version" value="1""#), "{}", form.text);
        admin.post(&format!("{record}/cell/name"), &[("name", "Theirs")]).await;
        let answer = admin.post(&format!("{record}/edit"), &[("version", "1"), ("name", "Mine")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(r#"name="keep.name""#) && answer.text.contains("Theirs"), "{}", answer.text);
        let answer = admin.post(&format!("{record}/edit"), &[("version", "2"), ("name", "Mine"), ("keep.name", "mine")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(admin.get(&record).await.page().contains("Mine"));
    });
}

#[test]
fn a_cell_answers_its_value_or_its_error() {
    on_each(async |world| {
        let record = account(world).await;
        let mut admin = world.admin().await.htmx();
        assert!(admin.get(&format!("{record}/cell/name")).await.page().contains("data-cell-edit"));
        let answer = admin.post(&format!("{record}/cell/name"), &[("name", "Better")]).await;
        assert!(answer.page().contains(">Better<") && answer.text.contains("/undo"), "{}", answer.text);
        let answer = admin.post(&format!("{record}/cell/name"), &[("name", "")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("This field is required"), "{}", answer.text);
        assert_eq!(admin.get(&format!("{record}/cell/created_at")).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn an_activity_goes_on_the_timeline() {
    on_each(async |world| {
        let record = account(world).await;
        let mut admin = world.admin().await;
        let page = admin.get(&record).await;
        assert!(page.page().contains(&format!("{record}/compose/task")), "{}", page.text);
        let answer = admin.post(&format!("{record}/compose/task"), &[("subject", "Call back")]).await;
        assert_eq!(answer.location(), record, "{}", answer.text);
        assert!(admin.get(&record).await.page().contains("Task · Call back"));
    });
}

#[test]
fn why_a_record_is_seen_has_an_answer() {
    on_each(async |world| {
        let record = account(world).await;
        let mut rep = world.signed_in("remi@test.example").await;
        let answer = rep.get(&format!("{record}/access")).await;
        assert!(answer.page().contains("sees all records of this kind"), "{}", answer.text);
    });
}
