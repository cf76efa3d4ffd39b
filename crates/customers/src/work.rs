//! Long work over all records: a job that goes on where it stopped, says how far it is, and gives way to a later one.

use kernel::{Id, Timestamp};
use records::RecordError;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Reader, Writer};

/// How far long work is. It is kept with each of its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Which of several works of the same name it is: the one that was started last.
    pub run: Id,
    /// Records that are done.
    pub done: u64,
    /// Records there were when it started.
    pub of: u64,
    /// The last record that is done.
    pub after: Option<Id>,
}

/// The setting under which the progress of work is kept.
fn setting(name: &str) -> String {
    format!("progress of {name}")
}

/// The progress of work that is under way; nothing when there is none.
pub(crate) async fn progress(reader: &mut Reader, name: &str) -> Result<Option<Progress>, RecordError> {
    let kept = reader.setting(&setting(name)).await?;
    Ok(kept.and_then(|json| serde_json::from_value(json).ok()))
}

/// Starts work over `of` records as a job of a kind: earlier work of the same name stops at its next step.
pub(crate) async fn begin(
    writer: &mut Writer,
    job: &str,
    name: &str,
    mut payload: Json,
    of: u64,
    now: Timestamp,
) -> Result<(), RecordError> {
    let run = Id::new(now);
    let progress = Progress { run, done: 0, of, after: None };
    payload["run"] = json!(run);
    writer.set_setting(&setting(name), &json!(progress)).await?;
    writer.enqueue(job, None, &payload, now, now).await?;
    Ok(())
}

/// The run that a job's payload names.
pub(crate) fn run_of(payload: &Json) -> Option<Id> {
    serde_json::from_value(payload.get("run")?.clone()).ok()
}

/// Notes a step within the write that does it. Answers false, and the step is not to be kept, when work that was started later, or another
/// worker, is further.
pub(crate) async fn advance(
    writer: &mut Writer,
    name: &str,
    from: &Progress,
    done: u64,
    after: Id,
) -> Result<bool, RecordError> {
    let next = Progress { done: from.done + done, after: Some(after), ..from.clone() };
    let ours = progress(writer, name).await?.as_ref() == Some(from);
    if ours {
        writer.set_setting(&setting(name), &json!(next)).await?;
    }
    Ok(ours)
}

/// Ends work, unless it was started anew.
pub(crate) async fn end(writer: &mut Writer, name: &str, run: Id) -> Result<(), RecordError> {
    if progress(writer, name).await?.is_some_and(|held| held.run == run) {
        writer.set_setting(&setting(name), &Json::Null).await?;
    }
    Ok(())
}
