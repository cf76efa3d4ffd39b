use model::{Ident, Value};
use records::{Op, RecordError};
use serde_json::json;

use crate::world::{World, run, text};

#[test]
fn a_new_opportunity_starts_in_the_first_stage_of_the_default_pipeline() {
    run(async {
        let world = World::new().await;
        let sale = world.create("opportunity", json!({"name": "Ovens", "amount": 1000})).await;
        assert_eq!(sale.value("stage"), &Value::Id(world.stages[0]));
        assert_eq!(text(&sale, "status"), "open");
        assert_eq!(sale.value("probability"), &Value::Number(20.0));
        assert_eq!(sale.value("expected"), &Value::Number(200.0));
    });
}

#[test]
fn winning_sets_status_close_date_and_the_account_s_figures() {
    run(async {
        let world = World::new().await;
        let account = world.create("account", json!({"name": "Brasserie"})).await;
        let sale = json!({"name": "Ovens", "amount": 1000, "account": account.id().to_string()});
        let sale = world.create("opportunity", sale).await;
        assert_eq!(world.get("account", account.id()).await.value("open_opportunities"), &Value::Int(1));
        world.wait_days(9);
        let won =
            world.update("opportunity", sale.id(), json!({"stage": world.stages[2].to_string()})).await.expect("won");
        assert_eq!(text(&won, "status"), "won");
        assert_eq!(won.value("close_date"), &Value::Date(kernel::civil::date(2026, 3, 11)));
        assert_eq!(won.value("cycle_days"), &Value::Int(9));
        let account = world.get("account", account.id()).await;
        assert_eq!(account.value("open_opportunities"), &Value::Int(0));
        assert_eq!(account.value("won_amount"), won.value("amount"));
    });
}

#[test]
fn every_stay_in_a_stage_is_kept() {
    run(async {
        let world = World::new().await;
        let sale = world.create("opportunity", json!({"name": "Ovens"})).await;
        world.wait_days(3);
        world.update("opportunity", sale.id(), json!({"stage": world.stages[1].to_string()})).await.expect("moved");
        world.update("opportunity", sale.id(), json!({"name": "Two ovens"})).await.expect("renamed");
        let stays = world.all("stage_change").await;
        assert_eq!(stays.len(), 2, "a new name is no new stage");
        let left = stays.iter().find(|s| s.value("stage") == &Value::Id(world.stages[0])).expect("the first");
        assert_eq!(left.value("lasted"), &Value::Int(3 * 86_400));
        let open = stays.iter().find(|s| s.value("stage") == &Value::Id(world.stages[1])).expect("the second");
        assert!(open.value("left_at").is_empty());
    });
}

#[test]
fn a_stage_of_another_pipeline_is_refused() {
    run(async {
        let world = World::new().await;
        let other = world.create("pipeline", json!({"name": "Service"})).await;
        let refused = world
            .write(
                "opportunity",
                Op::Create,
                json!({"name": "X", "pipeline": other.id().to_string(), "stage": world.stages[0].to_string()}),
            )
            .await;
        assert!(matches!(&refused, Err(RecordError::Invalid(p)) if p.0[0].field == "stage"), "{refused:?}");
        assert!(world.all("opportunity").await.is_empty());
    });
}

#[test]
fn a_pipeline_in_use_cannot_be_deleted_and_only_one_is_the_default() {
    run(async {
        let world = World::new().await;
        world.create("opportunity", json!({"name": "Ovens"})).await;
        let used = world.all("pipeline").await[0].id();
        let refused = world.space.write_one(&world.ctx(), &Ident::of("pipeline"), Op::Delete(used)).await;
        assert!(matches!(&refused, Err(RecordError::Invalid(p)) if p.0[0].key == "still-referenced"), "{refused:?}");
        world.create("pipeline", json!({"name": "Service", "is_default": true})).await;
        let defaults =
            world.all("pipeline").await.iter().filter(|p| p.value("is_default") == &Value::Bool(true)).count();
        assert_eq!(defaults, 1);
    });
}

#[test]
fn an_account_cannot_stand_above_itself() {
    run(async {
        let world = World::new().await;
        let group = world.create("account", json!({"name": "Group"})).await;
        let branch = world.create("account", json!({"name": "Branch", "parent": group.id().to_string()})).await;
        let refused = world.update("account", group.id(), json!({"parent": branch.id().to_string()})).await;
        assert!(matches!(&refused, Err(RecordError::Invalid(p)) if p.0[0].key == "circular"), "{refused:?}");
    });
}
