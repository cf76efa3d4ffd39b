use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The name of an object or a field: lower-case letters, digits and single underscores, starting with a letter, at most 48 characters.
///
/// Only such names ever become part of SQL text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Ident(Arc<str>);

/// A name that breaks the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” cannot be a name: use lower-case letters, digits and single underscores, starting with a letter, at most 48 characters"
)]
pub struct IdentError(String);

impl Ident {
    /// Checks and takes a name.
    pub fn new(name: &str) -> Result<Ident, IdentError> {
        let ok = name.len() <= 48
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !name.contains("__")
            && !name.ends_with('_')
            && !name.starts_with("sqlite_")
            && !name.starts_with("pg_");
        if ok { Ok(Ident(name.into())) } else { Err(IdentError(name.chars().take(60).collect())) }
    }

    /// A name written in our code.
    ///
    /// # Panics
    /// When it breaks the rule.
    pub fn of(name: &'static str) -> Ident {
        Ident::new(name).unwrap_or_else(|e| panic!("{e}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Ident {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Ident, D::Error> {
        Ident::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_carry_sql_or_clash_with_part_columns() {
        for bad in [
            "",
            "Account",
            "1a",
            "a__b",
            "a_",
            "_a",
            "a b",
            "a\"; drop table x",
            "sqlite_x",
            "pg_x",
            "é",
            &"a".repeat(49),
        ] {
            assert!(Ident::new(bad).is_err(), "{bad}");
        }
        assert!(Ident::new("close_date2").is_ok());
    }
}
