//! Clientele: an open CRM ecosystem in one binary.
fn main() {}
