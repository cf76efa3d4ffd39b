//! Golden profiles: what is believed of each person and organisation, derived from the records of all sources.

mod alike;
mod bulk;
mod correct;
mod enrich;
mod golden;
mod object;
mod pair;
mod point;
mod quality;
mod refresh;
mod relation;
mod renew;
mod stage;
mod view;

pub(crate) use alike::{APART, apart_job};
pub use alike::{Alike, alike, keep_apart};
pub use bulk::{Accepted, VERDICTS, accept, take_back};
pub use correct::fix;
pub(crate) use correct::{correct, steward_id};
pub use enrich::{Known, Suggestion, known};
pub(crate) use golden::PINNED;
pub use golden::{Candidate, Chosen, Golden, Rule, Rules, STEWARD};
pub use object::*;
pub use pair::{Member, hide, members, waterfall};
pub use point::{PointState, Points};
pub(crate) use point::{keep_latest, told};
pub use quality::{Quality, quality};
pub(crate) use refresh::refresh;
pub use relation::{Relation, Since};
pub(crate) use renew::{RENEW, renew_job};
pub use renew::{SAMPLE, renewing, rules, set_lifecycle, set_rules, try_lifecycle, try_rules};
pub use stage::{Lifecycle, Worth};
pub use view::{Lookup, View, events, find, view};
