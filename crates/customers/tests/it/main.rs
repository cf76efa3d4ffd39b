//! Sources and events on real databases: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod events;
mod keys;
mod refused;
mod world;
