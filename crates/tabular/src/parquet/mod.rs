//! Apache Parquet.

pub(crate) mod columns;
pub(crate) mod read;
pub(crate) mod write;
