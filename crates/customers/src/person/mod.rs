//! The person's own page: what is held about somebody, shown to that somebody, and what it may say about it. Nobody signs in here: a link
//! that was sent to a contact point proves that whoever opens it reads what comes to that point, and nothing more.

mod export;
mod held;
mod link;
mod say;

pub use export::{Form, export};
pub use held::{Held, Told, Viewer, Withheld, held, note_view};
pub(crate) use held::{activities, own_records};
pub use link::{Entered, enter, leave, link, links, revoke, session};
pub(crate) use say::person_id;
pub use say::{CORRECTABLE, answer_consent, ask, correct, object_to_all};
