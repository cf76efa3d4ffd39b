//! What people write, in one form: names, contacts, dates, addresses, organisations. Placeholders count as missing.

pub(crate) mod address;
pub(crate) mod contact;
pub(crate) mod date;
pub(crate) mod fold;
pub(crate) mod mailbox;
pub(crate) mod name;
pub(crate) mod organisation;
pub(crate) mod place;
pub(crate) mod words;
