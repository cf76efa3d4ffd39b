use kernel::Locale;
use model::{FieldType, Value};
use records::{Op, RecordError};
use serde_json::json;

use crate::world::{World, run};

#[test]
fn a_task_that_is_done_says_when_and_forgets_it_when_reopened() {
    run(async {
        let world = World::new().await;
        let task = world.create("task", json!({"subject": "Call back"})).await;
        let done = world.update("task", task.id(), json!({"status": "done"})).await.expect("done");
        assert_eq!(done.value("done_at"), &Value::DateTime(world.ctx().now));
        let open = world.update("task", task.id(), json!({"status": "open"})).await.expect("open");
        assert!(open.value("done_at").is_empty());
    });
}

#[test]
fn a_meeting_cannot_end_before_it_starts() {
    run(async {
        let world = World::new().await;
        let times = json!({"subject": "Visit", "starts_at": "2026-03-02T10:00:00Z", "ends_at": "2026-03-02T09:00:00Z"});
        let refused = world.write("meeting", Op::Create, times).await;
        assert!(matches!(&refused, Err(RecordError::Invalid(p)) if p.0[0].field == "ends_at"), "{refused:?}");
    });
}

#[test]
fn every_object_field_and_option_has_its_words_in_both_languages() {
    run(async {
        let world = World::new().await;
        let words = &world.space.platform.words;
        let schema = world.space.schema();
        let mut missing = Vec::new();
        for locale in Locale::ALL {
            let mut need = |key: String| {
                if words.find(locale, &key, None).is_none() {
                    missing.push(format!("{} {key}", locale.as_str()));
                }
            };
            for object in schema.objects() {
                need(object.name.to_string());
                need(format!("{}.many", object.name));
                for section in &object.layout.sections {
                    need(format!("section-{}", section.name));
                }
                for field in object.own_fields() {
                    need(format!("{}.{}", object.name, field.name));
                    if let FieldType::Choice { options } | FieldType::MultiChoice { options } = &field.kind {
                        options.iter().for_each(|o| need(format!("{}.{}-{}", object.name, field.name, o.value)));
                    }
                }
                for field in object.fields.iter().filter(|f| f.system) {
                    need(format!("system.{}", field.name));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    });
}
