//! The commands, one module each.

pub mod backup;
pub mod consent;
pub mod demo;
pub mod erasure;
pub mod export;
pub mod import;
pub mod matching;
pub mod object;
pub mod restore;
pub mod serve;
pub mod source;
pub mod tenant;
pub mod token;
pub mod undo;
pub mod user;
