//! The store against real databases: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod agree;
mod databases;
mod foreign;
mod paging;
mod sample;
mod searching;
mod sources;
mod system;
