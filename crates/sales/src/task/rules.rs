use records::{Cx, Draft, RecordError};

use super::{DONE_AT, STATUS};

/// A task that becomes done is done now, unless it says when; one that is open again is not done.
pub async fn note_completion(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    if draft.changes(STATUS) && !draft.gives(DONE_AT) {
        let done = draft.get(STATUS).as_deref() == Some("done");
        draft.set(DONE_AT, done.then_some(cx.ctx.now));
    }
    Ok(())
}
