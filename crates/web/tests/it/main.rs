//! The pages over a real database: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod alike;
mod consent;
mod customer;
mod identity;
mod list;
mod me;
mod record;
mod rights;
mod segment;
mod settings;
mod sign;
mod source;
mod words;
mod world;
