//! The HTTP interfaces that programs speak: REST in the PostgREST dialect.

pub mod postgrest;
