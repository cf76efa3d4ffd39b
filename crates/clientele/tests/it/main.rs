//! The program as its users run it: SQLite always, PostgreSQL where `CLIENTELE_TEST_POSTGRES` gives the address of a server.

mod crm_sales;
mod disk;
mod events;
mod gone;
mod kill;
mod matching;
mod program;
mod pulls;
mod restore;
mod server;
mod tenants;
mod writes;
