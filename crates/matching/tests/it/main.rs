//! What users of the library rely on.

mod accuracy;
mod bad_input;
mod incremental;
mod parsers;
mod people;
mod properties;
