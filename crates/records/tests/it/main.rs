//! The records platform against real databases: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod damaged;
mod databases;
mod export;
mod import;
mod upgrade;
