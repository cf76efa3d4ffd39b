//! Erasure (RGPD, article 17): a person taken out of records, their versions and history, events, search, queues and files, and kept from
//! coming back. What the law demands to be kept is kept, and said.

mod plan;
mod run;
mod screen;
mod stone;

pub use plan::{Kept, Plan, preview};
pub use run::{Erased, enqueue, run};
pub(crate) use run::{JOB, job};
pub use screen::is_erased;
pub(crate) use screen::screen;
pub(crate) use stone::{Stones, hidden_events, let_in};
pub use stone::{apply, export, lift};
