//! Sources and events on real databases: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod buckets;
mod consent;
mod erased;
mod events;
mod forms;
mod hooks;
mod identity;
mod keys;
mod pulls;
mod refused;
mod relation;
mod retention;
mod right;
mod segment;
mod walkthrough;
mod world;
