use model::{Fields, Ident, Query, Record, Value};
use records::{Cx, Draft, Op, RecordError};

use super::IS_DEFAULT;

/// A pipeline that becomes the default takes that from the one that was.
pub async fn keep_one_default(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    if draft.get(IS_DEFAULT) != Some(true) || !draft.changes(IS_DEFAULT) {
        return Ok(());
    }
    let me = draft.record.id();
    let others = cx.list(&Query::of(Ident::of("pipeline")).filter(IS_DEFAULT.eq(true)).limit(100)).await?;
    let no_longer = |pipeline: &Record| Op::Update {
        id: pipeline.id(),
        fields: Fields::from_iter([(Ident::of(IS_DEFAULT.name()), Value::Bool(false))]),
        version: None,
    };
    let ops = others.iter().filter(|p| p.id() != me).map(no_longer).collect();
    cx.write("pipeline", ops).await.map(drop)
}
