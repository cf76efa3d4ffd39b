//! Tables in and out: CSV, XLSX, JSON and Parquet behind one [`Source`] and one [`Sink`].
//!
//! Reading and writing are streamed: memory depends on [`Limits`], not on the size of the file. A bad row is an item of
//! the iterator ([`RowError`]) and reading goes on after it wherever the format allows. [`value`] reads what people write
//! in cells (dates, amounts, yes and no) and infers how a whole column is written.
//!
//! ```
//! use tabular::{Options, Source};
//!
//! let text = "nom;ville;montant\nDurand;Liège;1 234,56 €\n".as_bytes().to_vec();
//! let mut source = Source::from_bytes(text, &Options::default())?;
//! assert_eq!(source.columns(), ["nom", "ville", "montant"]);
//! let row = source.next().expect("one row")?;
//! assert_eq!((row.number, row.cells[1].to_text().as_ref()), (2, "Liège"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cell;
mod columns;
mod csv;
mod error;
mod header;
mod json;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod producer;
mod row;
mod sink;
mod source;
mod text;
pub mod value;
mod xlsx;

pub use cell::Cell;
pub use columns::{ColumnSink, Summary, read_columns};
pub use csv::formula;
pub use error::Error;
pub use options::{Encoding, Format, Header, Limits, Options, Ragged};
pub use row::{Reason, Row, RowError};
pub use sink::{Column, ColumnType, Sink, SinkOptions};
pub use source::{Layout, Source};
