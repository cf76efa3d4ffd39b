//! What users of the library rely on.

mod accuracy;
mod bad_input;
mod incremental;
mod kinds;
mod parsers;
mod people;
mod properties;
mod verdicts;
