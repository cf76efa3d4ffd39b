//! What the sales app does when its records change, on a real database.

mod activities;
mod opportunities;
mod world;
