use axum::http::StatusCode;

use crate::world::{World, on_each};

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
        let pairs = [
            ("name.first", "Zoé"),
            ("emails.value", "no address"),
            ("emails.label", "work"),
            ("job_title", "Buyer & more"),
        ];
        let answer = admin.post("/o/contact/new", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in [
            r#"value="Zoé""#,
            r#"value="no address""#,
            r#"value="Buyer &amp; more""#,
            "“no address” is not an e-mail address",
        ] {
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
        // What was chosen stays chosen when the form comes back for another reason.
        let chosen = [("version", "2"), ("name", "Mine"), ("keep.name", "theirs"), ("emails.value", "no address")];
        let refused = admin.post(&format!("{record}/edit"), &chosen).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains(r#"value="Theirs""#) && !refused.text.contains(r#"value="Mine""#),
            "{}",
            refused.text
        );
        let answer =
            admin.post(&format!("{record}/edit"), &[("version", "2"), ("name", "Mine"), ("keep.name", "mine")]).await;
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

#[test]
fn a_card_moves_and_comes_back() {
    on_each(async |world| {
        use model::{Fields, Ident, Value};
        let field = |name: &'static str, value| (Ident::of(name), value);
        let pipeline = world.create("pipeline", Fields::from_iter([field("name", Value::from("Sales"))])).await;
        let mut stages = Vec::new();
        for (position, name) in ["First", "Second"].into_iter().enumerate() {
            let fields = [
                field("name", Value::from(name)),
                field("pipeline", Value::Id(pipeline)),
                field("position", Value::Int(position as i64)),
                field("probability", Value::Number(10.0 * position as f64)),
            ];
            stages.push(world.create("stage", Fields::from_iter(fields)).await);
        }
        let amount = kernel::Money::from_units(1_000_000, kernel::Currency::EUR);
        let fields = [
            field("name", Value::from("Deal")),
            field("pipeline", Value::Id(pipeline)),
            field("stage", Value::Id(stages[0])),
            field("amount", Value::Money(amount)),
        ];
        let deal = world.create("opportunity", Fields::from_iter(fields)).await;
        let lane = async |browser: &mut crate::world::Browser<'_>| {
            let board = browser.get("/o/opportunity?layout=board").await;
            let lanes: Vec<String> = board.page().split("data-lane=").skip(1).map(str::to_owned).collect();
            lanes.iter().position(|lane| lane.contains("Deal")).expect("the card is on the board")
        };
        let mut admin = world.admin().await;
        assert_eq!(lane(&mut admin).await, 0);
        let (card, to) = (deal.typed("opp"), stages[1].typed("stg"));
        assert_eq!(
            admin.post("/o/opportunity/board", &[("card", &card), ("lane", &to), ("before", "")]).await.status,
            StatusCode::SEE_OTHER
        );
        let page = admin.get("/o/opportunity?layout=board").await;
        let undo = page
            .page()
            .split("action=\"/batch/")
            .nth(1)
            .expect("an undo")
            .split('"')
            .next()
            .expect("an address")
            .to_owned();
        assert_eq!(lane(&mut admin).await, 1);
        assert_eq!(admin.post(&format!("/batch/{undo}"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lane(&mut admin).await, 0);
    });
}
