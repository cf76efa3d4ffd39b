use kernel::{Ctx, Id};
use model::ObjectDef;
use serde_json::json;
use store::Batch;

/// A batch of changes made in one request, done when its transaction is.
pub(super) fn batch(ctx: &Ctx, verb: &str, object: &ObjectDef, rows: usize) -> Batch {
    Batch {
        id: Id::new(ctx.now),
        kind: "bulk".to_owned(),
        label: format!("{verb} {}", object.name),
        at: ctx.now,
        actor: ctx.user(),
        state: "done".to_owned(),
        detail: json!({ "verb": verb, "object": object.name.as_str(), "rows": rows }),
        undone_by: None,
    }
}
