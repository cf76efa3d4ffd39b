//! PostgreSQL: a pool per tenant whose connections see that tenant's schema only.

use std::borrow::Cow;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::future::BoxFuture;
use jiff::{Timestamp, civil::date};
use kernel::Id;
use tokio_postgres::NoTls;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};

use crate::StoreError;
use crate::sql::{Cell, Dialect, Row, Sql};

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
const EPOCH: i64 = 946_684_800_000_000;

/// A schema of a PostgreSQL database.
pub(crate) struct PostgresSchema {
    pool: Pool,
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
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(15)))
            .create_timeout(Some(Duration::from_secs(10)))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(PostgresSchema { pool, url: url.to_owned(), schema: schema.to_owned() })
    }

    pub(crate) async fn connection(&self) -> Result<Object, StoreError> {
        Ok(self.pool.get().await?)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }
}

/// Statements that may be on their way at once: what their answers hold stays small.
const SENT: usize = 8;

/// A connection, with the answers to what was sent on it and not waited for.
pub(crate) struct Line {
    client: Arc<Object>,
    sent: Vec<BoxFuture<'static, Result<(), StoreError>>>,
}

impl Line {
    pub(crate) fn new(client: Object) -> Line {
        Line { client: Arc::new(client), sent: Vec::new() }
    }

    pub(crate) async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        debug_assert_eq!(sql.dialect, Dialect::Postgres);
        let answer = query(&self.client, sql).await;
        self.after_sent(answer).await
    }

    /// Asks two questions that do not wait for each other.
    pub(crate) async fn query_both(&mut self, one: &Sql, other: &Sql) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        let answers = futures_util::try_join!(query(&self.client, one), query(&self.client, other));
        self.after_sent(answers).await
    }

    pub(crate) async fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        let answer = execute(&self.client, sql).await;
        self.after_sent(answer).await
    }

    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        let answer = self.client.batch_execute(text).await.map_err(StoreError::from);
        self.after_sent(answer).await
    }

    /// Sends a statement. What is sent after it finds it done; its error is that of the next statement that is waited for.
    pub(crate) async fn send(&mut self, sql: Sql) -> Result<(), StoreError> {
        let mut statement = prepare(&self.client, &sql).await;
        if statement.is_err() || self.sent.len() >= SENT {
            statement = self.after_sent(statement).await;
        }
        let statement = statement?;
        let client = Arc::clone(&self.client);
        self.on_its_way(async move {
            client.execute_raw(&statement, &sql.args).await?;
            Ok(())
        })
        .await
    }

    /// Sends the beginning of a transaction.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        let client = Arc::clone(&self.client);
        self.on_its_way(async move { Ok(client.batch_execute("BEGIN").await?) }).await
    }

    /// The connection, where nothing else holds it.
    pub(crate) fn into_client(self) -> Option<Object> {
        drop(self.sent);
        Arc::into_inner(self.client)
    }

    /// Lets a statement be sent, which its future does when it is first asked; the answer is asked for later.
    async fn on_its_way(
        &mut self,
        statement: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) -> Result<(), StoreError> {
        let mut answer: BoxFuture<'static, _> = Box::pin(statement);
        let asked = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(answer) = asked {
            return self.after_sent(answer).await;
        }
        self.sent.push(answer);
        Ok(())
    }

    /// An answer after those of what was sent before: of several errors the first one is told, the others follow from it.
    async fn after_sent<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        for sent in self.sent.drain(..) {
            sent.await?;
        }
        answer
    }
}

async fn query(client: &Object, sql: &Sql) -> Result<Vec<Row>, StoreError> {
    let statement = prepare(client, sql).await?;
    let args: Vec<&(dyn ToSql + Sync)> = sql.args.iter().map(|a| a as &(dyn ToSql + Sync)).collect();
    let rows = client.query(&statement, &args).await?;
    rows.iter().map(|row| (0..row.len()).map(|i| row.try_get(i).map_err(StoreError::from)).collect()).collect()
}

async fn execute(client: &Object, sql: &Sql) -> Result<u64, StoreError> {
    let statement = prepare(client, sql).await?;
    Ok(client.execute_raw(&statement, &sql.args).await?)
}

async fn prepare(client: &Object, sql: &Sql) -> Result<tokio_postgres::Statement, StoreError> {
    // Long statements (rows of an import) come in few lengths; the cache is emptied when it grows beyond what lists and forms need.
    if client.statement_cache.size() > 512 {
        client.statement_cache.clear();
    }
    client.prepare_cached(&sql.text).await.map_err(|error| match StoreError::from(error) {
        StoreError::Fault(text) => StoreError::Fault(format!("{text}: {}", sql.text)),
        other => other,
    })
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
