use serde::{Deserialize, Serialize};

use crate::{Filter, Ident, Path, Value};

/// Which records of an object to read, in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The object.
    pub object: Ident,
    /// Which records.
    pub filter: Filter,
    /// The order; ties, and an empty list, are broken by creation.
    pub sort: Vec<Sort>,
    /// The fields to read; empty for all. The identifier and the version always come.
    pub fields: Vec<Ident>,
    /// At most this many records.
    pub limit: u32,
    /// Continue after this record.
    pub after: Option<Cursor>,
    /// Skip this many (costs as much as reading them: for the API's `offset` only).
    pub offset: u32,
    /// Records in the bin instead of the others.
    pub deleted: bool,
    /// Only records whose words start with these (folded), through the search index.
    pub search: Vec<String>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sort {
    /// The field, or a part of it.
    pub path: Path,
    /// Greatest first.
    #[serde(default)]
    pub desc: bool,
    /// Where records without a value go.
    #[serde(default)]
    pub nulls: Nulls,
}

/// Where records without a value go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// As if smaller than every value, which is how indexes hold them: first when ascending, last when descending.
    #[default]
    Smallest,
    /// First.
    First,
    /// Last.
    Last,
}

/// The place of a record in an order: its sort values and its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// The compared form of each sort key's value.
    pub keys: Vec<Value>,
    /// The record's running number.
    pub seq: i64,
}

impl Query {
    /// Every record of an object, newest first, fifty at a time.
    pub fn of(object: Ident) -> Query {
        Query {
            object,
            filter: Filter::All,
            sort: Vec::new(),
            fields: Vec::new(),
            limit: 50,
            after: None,
            offset: 0,
            deleted: false,
            search: Vec::new(),
        }
    }

    /// Narrows the records.
    pub fn filter(mut self, filter: Filter) -> Query {
        self.filter = self.filter.and(filter);
        self
    }

    /// Adds a sort key.
    pub fn sort(mut self, sort: Sort) -> Query {
        self.sort.push(sort);
        self
    }

    /// Sets the greatest number of records.
    pub fn limit(mut self, limit: u32) -> Query {
        self.limit = limit;
        self
    }

    /// Names the fields to read.
    pub fn fields(mut self, fields: impl IntoIterator<Item = Ident>) -> Query {
        self.fields = fields.into_iter().collect();
        self
    }
}

impl Sort {
    /// By a field, smallest or greatest first.
    pub fn by(field: Ident, desc: bool) -> Sort {
        Sort { path: Path { field, part: None }, desc, nulls: Nulls::Smallest }
    }

    /// Whether records without a value come first.
    pub fn nulls_first(&self) -> bool {
        match self.nulls {
            Nulls::Smallest => !self.desc,
            Nulls::First => true,
            Nulls::Last => false,
        }
    }
}
