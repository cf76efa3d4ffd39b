//! The interface over a real database: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod consents;
mod identity;
mod platform;
mod reading;
mod world;
mod writing;
