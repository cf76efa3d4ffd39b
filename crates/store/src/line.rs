//! A connection to PostgreSQL, driven by whoever waits on it.
//!
//! There is no task that reads and writes the socket: who asks something does so while waiting for the answer. Nothing is handed from
//! thread to thread, and statements that nobody waits for leave together with the next one that somebody does. A write of the customer
//! repository is some thirty statements, of which ten are such.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use futures_util::future::BoxFuture;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Connection, Error, NoTls, Socket, Statement};

use crate::StoreError;
use crate::sql::{Dialect, Row, Sql};

/// Statements that may be on their way at once: what they hold stays small.
const SENT: usize = 8;
/// Prepared statements that are kept. Long ones (rows of an import) come in few lengths; all are let go when there are more than lists
/// and forms need.
const PREPARED: usize = 512;

/// A connection, with the statements it knows and the answers to what was sent and not waited for.
pub(crate) struct Line {
    client: Arc<Client>,
    socket: Driver,
    statements: HashMap<String, Statement>,
    sent: Vec<BoxFuture<'static, Result<(), StoreError>>>,
}

/// What reads and writes the socket; nothing once it ended, so that all who wait hear of it.
struct Driver(Option<Box<Connection<Socket, NoTlsStream>>>);

impl Driver {
    /// Reads and writes while there is something to.
    fn poll(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.0
            && Pin::new(connection).poll(cx).is_ready()
        {
            self.0 = None;
        }
    }

    /// Does what needs the connection.
    async fn until<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            // The work hands over what is to be sent, then the socket is written and read, then the work finds its answer.
            if let Poll::Ready(done) = work.as_mut().poll(cx) {
                return Poll::Ready(done);
            }
            self.poll(cx);
            work.as_mut().poll(cx)
        })
        .await
    }
}

impl Line {
    /// The rows that a statement answers.
    pub(crate) async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let answer = self.ask(sql).await;
        self.after_sent(answer).await
    }

    async fn ask(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql).await?;
        self.socket.until(rows(&self.client, &statement, sql)).await
    }

    /// The rows of two statements that do not wait for each other.
    pub(crate) async fn query_both(&mut self, one: &Sql, other: &Sql) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        let answers = self.ask_both(one, other).await;
        self.after_sent(answers).await
    }

    async fn ask_both(&mut self, one: &Sql, other: &Sql) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        let statements = (self.prepare(one).await?, self.prepare(other).await?);
        let both = async {
            futures_util::try_join!(rows(&self.client, &statements.0, one), rows(&self.client, &statements.1, other))
        };
        self.socket.until(both).await
    }

    /// Runs a statement and answers how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        let answer = match self.prepare(sql).await {
            Ok(statement) => self.socket.until(changed(&self.client, &statement, sql)).await,
            Err(error) => Err(error),
        };
        self.after_sent(answer).await
    }

    /// Runs a script without values.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        let answer = self.socket.until(self.client.batch_execute(text)).await;
        self.after_sent(answer.map_err(StoreError::from)).await
    }

    /// Sends a statement. What is sent after it finds it done; its error is that of the next statement that is waited for.
    pub(crate) async fn send(&mut self, sql: Sql) -> Result<(), StoreError> {
        let mut statement = self.prepare(&sql).await;
        if statement.is_err() || self.sent.len() >= SENT {
            statement = self.after_sent(statement).await;
        }
        let (client, statement) = (Arc::clone(&self.client), statement?);
        self.on_its_way(async move { changed(&client, &statement, &sql).await.map(drop) });
        Ok(())
    }

    /// Sends the beginning of a transaction.
    pub(crate) fn begin(&mut self) {
        let client = Arc::clone(&self.client);
        self.on_its_way(async move { Ok(client.batch_execute("BEGIN").await?) });
    }

    /// Hands a statement over, which its future does when it is first asked; it leaves with what is waited for next.
    fn on_its_way(&mut self, statement: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
        let mut answer: BoxFuture<'static, _> = Box::pin(statement);
        let asked = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.sent.push(match asked {
            Poll::Pending => answer,
            Poll::Ready(answer) => Box::pin(std::future::ready(answer)),
        });
    }

    /// An answer after those of what was sent before: of several errors the first one is told, the others follow from it.
    async fn after_sent<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        for sent in self.sent.drain(..) {
            self.socket.until(sent).await?;
        }
        answer
    }

    async fn prepare(&mut self, sql: &Sql) -> Result<Statement, StoreError> {
        debug_assert_eq!(sql.dialect, Dialect::Postgres);
        if let Some(statement) = self.statements.get(&sql.text) {
            return Ok(statement.clone());
        }
        let prepared = self.socket.until(self.client.prepare(&sql.text)).await;
        let statement = prepared.map_err(|error| match StoreError::from(error) {
            StoreError::Fault(text) => StoreError::Fault(format!("{text}: {}", sql.text)),
            other => other,
        })?;
        if self.statements.len() >= PREPARED {
            self.statements.clear();
        }
        self.statements.insert(sql.text.clone(), statement.clone());
        Ok(statement)
    }
}

async fn rows(client: &Client, statement: &Statement, sql: &Sql) -> Result<Vec<Row>, StoreError> {
    let args: Vec<&(dyn ToSql + Sync)> = sql.args.iter().map(|a| a as &(dyn ToSql + Sync)).collect();
    let rows = client.query(statement, &args).await?;
    rows.iter().map(|row| (0..row.len()).map(|i| row.try_get(i).map_err(StoreError::from)).collect()).collect()
}

async fn changed(client: &Client, statement: &Statement, sql: &Sql) -> Result<u64, StoreError> {
    Ok(client.execute_raw(statement, &sql.args).await?)
}

/// Opens connections for the pool.
pub(crate) struct Lines(pub(crate) Config);

impl Manager for Lines {
    type Type = Line;
    type Error = Error;

    async fn create(&self) -> Result<Line, Error> {
        let (client, connection) = self.0.connect(NoTls).await?;
        let (client, socket) = (Arc::new(client), Driver(Some(Box::new(connection))));
        Ok(Line { client, socket, statements: HashMap::new(), sent: Vec::new() })
    }

    async fn recycle(&self, line: &mut Line, _: &Metrics) -> RecycleResult<Error> {
        // What came while nobody listened: answers that nobody waits for any more, or the end.
        line.socket.poll(&mut Context::from_waker(Waker::noop()));
        if line.socket.0.is_some() { Ok(()) } else { Err(RecycleError::message("the connection ended")) }
    }
}
