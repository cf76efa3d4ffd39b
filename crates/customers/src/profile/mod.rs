//! Golden profiles: what is believed of each person and organisation, derived from the records of all sources.

mod bulk;
mod correct;
mod golden;
mod object;
mod pair;
mod quality;
mod refresh;
mod stage;
mod view;

pub use bulk::{Accepted, VERDICTS, accept, take_back};
pub use correct::fix;
pub(crate) use correct::{correct, steward_id};
pub(crate) use golden::PINNED;
pub use golden::{Candidate, Chosen, Golden, Rule, Rules, STEWARD};
pub use object::*;
pub use pair::{Member, hide, members, waterfall};
pub use quality::{Quality, quality};
pub(crate) use refresh::refresh;
pub use stage::{Lifecycle, Worth};
pub use view::{Lookup, Relation, View, events, find, view};
