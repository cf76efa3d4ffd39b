//! Statements: text made of our own words and checked names, with every value bound.

use jiff::{Timestamp, civil::Date};
use kernel::Id;
use model::Ident;

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A value on its way to or from a database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Id(Id),
    Date(Date),
    DateTime(Timestamp),
    Json(String),
    Bytes(Vec<u8>),
    /// A whole column of a table that PostgreSQL unnests.
    Column(Vec<Cell>),
}

/// One row of a result.
pub(crate) type Row = Vec<Cell>;

/// A statement under construction.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    pub(crate) dialect: Dialect,
    pub(crate) text: String,
    pub(crate) args: Vec<Cell>,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect) -> Sql {
        Sql { dialect, text: String::with_capacity(256), args: Vec::new() }
    }

    /// A statement without values, or whose values follow with [`Sql::bind`].
    pub(crate) fn of(dialect: Dialect, text: &str) -> Sql {
        Sql { dialect, text: text.to_owned(), args: Vec::new() }
    }

    /// A fixed statement whose `?` are its values in order.
    pub(crate) fn with(dialect: Dialect, text: &str, args: Vec<Cell>) -> Sql {
        let mut sql = Sql::new(dialect);
        let mut pieces = text.split('?');
        sql.push(pieces.next().unwrap_or_default());
        for (piece, cell) in pieces.zip(args) {
            sql.bind(cell).push(piece);
        }
        sql
    }

    /// Our own words. Never anything that came from outside.
    pub(crate) fn push(&mut self, text: &str) -> &mut Sql {
        self.text.push_str(text);
        self
    }

    /// A quoted name.
    pub(crate) fn name(&mut self, name: &Ident) -> &mut Sql {
        self.quoted(name.as_str())
    }

    /// A quoted name built from checked names and our own suffixes.
    pub(crate) fn quoted(&mut self, name: &str) -> &mut Sql {
        debug_assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.'),
            "{name}"
        );
        self.text.push('"');
        self.text.push_str(name);
        self.text.push('"');
        self
    }

    /// A column of an alias: `t0."name"`.
    pub(crate) fn column(&mut self, alias: usize, name: &str) -> &mut Sql {
        self.text.push('t');
        self.text.push_str(itoa(alias).as_str());
        self.text.push('.');
        self.quoted(name)
    }

    /// A bound value.
    pub(crate) fn bind(&mut self, cell: Cell) -> &mut Sql {
        self.args.push(cell);
        self.text.push(if self.dialect == Dialect::Sqlite { '?' } else { '$' });
        self.text.push_str(itoa(self.args.len()).as_str());
        self
    }

    /// Bound values in parentheses. The number of placeholders is rounded up to a power of two (the last value repeated), so that
    /// few different texts need preparing.
    pub(crate) fn bind_list(&mut self, cells: impl IntoIterator<Item = Cell>) -> &mut Sql {
        let mut cells: Vec<Cell> = cells.into_iter().collect();
        let last = cells.last().cloned().unwrap_or(Cell::Null);
        cells.resize(cells.len().max(1).next_power_of_two(), last);
        self.push("(");
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.bind(cell);
        }
        self.push(")")
    }

    /// `unnest($1::text[], …) AS s(c0, …)`: rows bound column by column, so that one text does for any number of them.
    pub(crate) fn unnest(&mut self, columns: Vec<(&str, Vec<Cell>)>) -> &mut Sql {
        let width = columns.len();
        self.push("unnest(");
        for (i, (kind, cells)) in columns.into_iter().enumerate() {
            self.push(if i == 0 { "" } else { ", " }).bind(Cell::Column(cells)).push("::").push(kind).push("[]");
        }
        self.push(") AS s(");
        for i in 0..width {
            self.push(if i == 0 { "c" } else { ", c" }).push(&i.to_string());
        }
        self.push(")")
    }

    /// The text for this database.
    pub(crate) fn either(&mut self, sqlite: &str, postgres: &str) -> &mut Sql {
        let text = if self.dialect == Dialect::Sqlite { sqlite } else { postgres };
        self.push(text)
    }
}

fn itoa(n: usize) -> String {
    n.to_string()
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    pub(crate) fn opt_id(id: Option<Id>) -> Cell {
        id.map_or(Cell::Null, Cell::Id)
    }

    pub(crate) fn opt_text(text: Option<String>) -> Cell {
        text.map_or(Cell::Null, Cell::Text)
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Cell::Int(n) => Some(*n),
            Cell::Bool(b) => Some(i64::from(*b)),
            Cell::Real(n) => Some(*n as i64),
            _ => None,
        }
    }

    pub(crate) fn real(&self) -> Option<f64> {
        match self {
            Cell::Real(n) => Some(*n),
            Cell::Int(n) => Some(*n as f64),
            _ => None,
        }
    }

    pub(crate) fn str(&self) -> Option<&str> {
        match self {
            Cell::Text(text) | Cell::Json(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn id(&self) -> Option<Id> {
        match self {
            Cell::Id(id) => Some(*id),
            Cell::Bytes(bytes) => bytes.as_slice().try_into().ok().map(Id::from_bytes),
            _ => None,
        }
    }

    pub(crate) fn moment(&self) -> Option<Timestamp> {
        match self {
            Cell::DateTime(at) => Some(*at),
            Cell::Int(micros) => Timestamp::from_microsecond(*micros).ok(),
            _ => None,
        }
    }

    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.str()?).ok()
    }
}
