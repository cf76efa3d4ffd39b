//! Records in SQLite or PostgreSQL. The only crate that knows a database: dialects, drivers, tables and statements stay in here, and
//! what it offers is the same on both.

mod aside;
mod column;
mod conn;
mod consent;
mod control;
mod entity;
mod erase;
mod error;
mod event;
mod filter;
mod hints;
mod identity;
mod layout;
mod log;
mod person;
mod postgres;
mod queue;
mod search;
mod select;
mod shape;
mod snapshot;
mod source;
mod sql;
mod sqlite;
mod store;
mod system;
mod write;

pub use aside::put_copy;
pub use conn::{Reader, Writer};
pub use consent::{ConsentCount, ConsentLine};
pub use control::{Control, Tenant};
pub use entity::{Doubt, Entry, KeptModel, Link, Step, Verdict};
pub use erase::Traces;
pub use error::StoreError;
pub use event::{Event, Partner, Tally, Trace};
pub use futures_util::future::BoxFuture;
pub use identity::{Session, Token};
pub use log::{Batch, Change, ChangeOp, Position};
pub use person::{PersonLink, Seeing};
pub use queue::Job;
pub use search::Hit;
pub use select::{Count, Figure, Group, Page};
pub use shape::{Property, Refused, Reject, Seen};
pub use source::{Appended, Digest, Incoming, Version, Volume, WriteKey};
pub use store::{Place, Store};
