//! The teams of the company and who works in them.

use serde_json::Value;

use crate::names::slug;
use crate::record::{Record, reference};

/// Key, name, team above.
pub(crate) const TEAMS: [(&str, &str, Option<&str>); 6] = [
    ("direction", "Direction", None),
    ("ventes", "Ventes", Some("direction")),
    ("nord", "Ventes Nord", Some("ventes")),
    ("sud", "Ventes Sud", Some("ventes")),
    ("export", "Export", Some("ventes")),
    ("service", "Service client", Some("direction")),
];

/// A person of the company.
pub(crate) struct User {
    pub(crate) name: &'static str,
    team: &'static str,
    role: &'static str,
    language: &'static str,
    /// Sales won out of a hundred, before the customer's sector counts.
    pub(crate) skill: u64,
}

const fn user_of(
    name: &'static str,
    team: &'static str,
    role: &'static str,
    language: &'static str,
    skill: u64,
) -> User {
    User { name, team, role, language, skill }
}

pub(crate) const USERS: [User; 13] = [
    user_of("Hélène Garrec", "direction", "admin", "fr", 0),
    user_of("Julien Castaing", "nord", "manager", "fr", 48),
    user_of("Amandine Leroux", "nord", "rep", "fr", 52),
    user_of("Karim Benali", "nord", "rep", "fr", 44),
    user_of("Sophie Delattre", "nord", "rep", "fr", 33),
    user_of("Nathalie Fabre", "sud", "manager", "fr", 50),
    user_of("Thomas Giraud", "sud", "rep", "fr", 38),
    user_of("Inès Moreno", "sud", "rep", "fr", 55),
    user_of("Paul Vidal", "sud", "rep", "fr", 29),
    user_of("Emily Hartley", "export", "manager", "en", 42),
    user_of("Lukas Brandt", "export", "rep", "en", 36),
    user_of("Claire Tessier", "service", "agent", "fr", 0),
    user_of("Yann Le Goff", "service", "agent", "fr", 0),
];

/// The numbers of the users who sell in the north, the south and abroad.
pub(crate) const NORTH: [usize; 4] = [1, 2, 3, 4];
pub(crate) const SOUTH: [usize; 4] = [5, 6, 7, 8];
pub(crate) const EXPORT: [usize; 2] = [9, 10];
/// The numbers of those who help customers.
pub(crate) const SERVICE: [usize; 2] = [11, 12];

pub(crate) fn user_reference(user: usize) -> Value {
    reference("user", slug(USERS[user].name, '-'))
}

pub(crate) fn team(number: u64) -> Record {
    let (key, name, parent) = TEAMS[number as usize];
    Record::new("team", key).with("name", name).with_some("parent", parent.map(|parent| reference("team", parent)))
}

pub(crate) fn user(number: u64) -> Record {
    let user = &USERS[number as usize];
    Record::new("user", slug(user.name, '-'))
        .with("name", user.name)
        .with("email", format!("{}@brascourt.example", slug(user.name, '.')))
        .with("team", reference("team", user.team))
        .with("role", user.role)
        .with("language", user.language)
}
