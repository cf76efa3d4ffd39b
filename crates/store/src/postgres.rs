//! PostgreSQL: a pool per tenant whose connections see that tenant's schema only.

use std::borrow::Cow;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Object, Pool};
use jiff::{Timestamp, civil::date};
use kernel::Id;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};

use crate::StoreError;
use crate::line::Lines;
use crate::sql::Cell;

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
const EPOCH: i64 = 946_684_800_000_000;

/// A schema of a PostgreSQL database.
pub(crate) struct PostgresSchema {
    pool: Pool<Lines>,
    url: String,
    schema: String,
}

impl PostgresSchema {
    pub(crate) fn open(url: &str, schema: &str, connections: usize) -> Result<PostgresSchema, StoreError> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|e| StoreError::Unavailable(format!("the database address cannot be read: {e}")))?;
        config.options(format!("-csearch_path={schema} -cstatement_timeout=60000 -clock_timeout=20000 -cTimeZone=UTC"));
        config.connect_timeout(Duration::from_secs(10));
        config.application_name("clientele");
        let pool = Pool::builder(Lines(config))
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(15)))
            .create_timeout(Some(Duration::from_secs(10)))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(PostgresSchema { pool, url: url.to_owned(), schema: schema.to_owned() })
    }

    pub(crate) async fn connection(&self) -> Result<Object<Lines>, StoreError> {
        Ok(self.pool.get().await?)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }
}

/// JSON without the zero character, which PostgreSQL's jsonb cannot hold. A backslash that is itself escaped starts nothing.
fn without_zeros(text: &str) -> Cow<'_, str> {
    const ZERO: &str = "\\u0000";
    if !text.contains(ZERO) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with(ZERO) { 0 } else { rest.chars().take(2).map(char::len_utf8).sum() };
        out.push_str(&rest[..length]);
        rest = &rest[if length == 0 { ZERO.len() } else { length }..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

impl ToSql for Cell {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Bool(b) => b.to_sql(ty, out),
            Cell::Int(n) => match *ty {
                Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
                Type::FLOAT8 => (*n as f64).to_sql(ty, out),
                _ => n.to_sql(ty, out),
            },
            Cell::Real(n) => n.to_sql(ty, out),
            Cell::Text(text) => text.replace('\0', "").to_sql(ty, out),
            Cell::Id(id) => {
                out.extend_from_slice(id.as_bytes());
                Ok(IsNull::No)
            }
            Cell::Date(day) => {
                let days = (*day - date(2000, 1, 1)).get_days();
                out.extend_from_slice(&days.to_be_bytes());
                Ok(IsNull::No)
            }
            Cell::DateTime(at) => {
                out.extend_from_slice(&(at.as_microsecond() - EPOCH).to_be_bytes());
                Ok(IsNull::No)
            }
            Cell::Json(text) => {
                if *ty == Type::JSONB {
                    out.extend_from_slice(&[1]);
                }
                out.extend_from_slice(without_zeros(text).as_bytes());
                Ok(IsNull::No)
            }
            Cell::Bytes(bytes) => bytes.to_sql(ty, out),
            Cell::Column(cells) => cells.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Cell, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Cell::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Cell::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Cell::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::FLOAT8 => Cell::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Cell::Real(f64::from(f32::from_sql(ty, raw)?)),
            Type::UUID => Cell::Id(Id::from_bytes(raw.try_into()?)),
            Type::DATE => {
                let days = i32::from_be_bytes(raw.try_into()?);
                Cell::Date(date(2000, 1, 1).checked_add(jiff::Span::new().try_days(days)?)?)
            }
            Type::TIMESTAMPTZ => {
                Cell::DateTime(Timestamp::from_microsecond(i64::from_be_bytes(raw.try_into()?) + EPOCH)?)
            }
            Type::JSONB => Cell::Json(std::str::from_utf8(&raw[1..])?.to_owned()),
            Type::JSON => Cell::Json(std::str::from_utf8(raw)?.to_owned()),
            Type::BYTEA => Cell::Bytes(raw.to_vec()),
            _ => Cell::Text(std::str::from_utf8(raw)?.to_owned()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Cell, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_go_and_escaped_backslashes_stay() {
        assert_eq!(without_zeros(r#"{"a":"x\u0000y"}"#), r#"{"a":"xy"}"#);
        assert_eq!(without_zeros(r#"{"a":"C:\\u0000\n\u0000é"}"#), r#"{"a":"C:\\u0000\né"}"#);
        assert_eq!(without_zeros("plain"), "plain");
    }
}
