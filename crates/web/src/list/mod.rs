//! Lists: one address holds everything that a list shows, so that it can be kept, sent and saved as a view.

pub(crate) mod builder;
pub(crate) mod cursor;
pub(crate) mod describe;
pub(crate) mod operator;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod table;
pub(crate) mod views;
