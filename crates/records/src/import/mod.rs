//! Import: files of any common format become records through the one write pipeline, and can be undone as one batch.
//!
//! A [`Mapping`] says which columns fill which fields. [`start`] keeps what is asked as a batch, [`run`] does it, a thousand rows a
//! transaction, each with the progress after it: after a crash, `run` goes on after the last row that was committed. Rows that do not
//! fit go to a file with the reason beside them. Rows may refer to rows that come later in the file: they wait, and the file is read
//! again for them. [`preview`] does everything and keeps nothing.

mod analyse;
mod beside;
mod bulk;
mod chunk;
mod convert;
mod error;
mod feed;
mod find;
mod job;
mod mapping;
mod plan;
mod prepare;
mod propose;
mod reason;
mod request;
mod run;
mod saved;
mod synonyms;
mod task;
mod template;
mod upload;

pub use analyse::{Analysis, Column, analyse};
pub(crate) use bulk::restore;
pub use chunk::Shown;
pub use error::ImportError;
pub(crate) use job::job;
pub use job::{again, enqueue};
pub use mapping::{Blank, Dates, Decimals, FieldMap, Mapping, Method, VERSION};
pub use propose::{Because, Proposal};
pub use reason::{label, problem_sentence, sentence};
pub use request::{Reading, Request};
pub use run::{Preview, cancel, preview, request_of, run, settle, start};
pub use saved::{mapping_named, save_mapping, saved_mapping, saved_mappings};
pub use task::{Progress, progress_of};
pub(crate) use upload::tidy;
pub use upload::{forget, upload_folder};
