//! MySQL and MariaDB: rows come by themselves, no faster than they are taken.

use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Column, Conn, Error, Opts, OptsBuilder, Row, SslOpts, Statement, Value};
use rustls::crypto::ring;
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Address, BATCH, Batch, DOOR, PATIENCE, Question, WHOLE, inner, quoted};
use crate::StoreError;

/// What the protocol gives as the character set of bytes that are no text.
const BINARY: u16 = 63;
/// The end of a moment in UTC, which is how moments are asked for.
const UTC: &str = "+00:00";

type Sender = mpsc::Sender<Result<Batch, StoreError>>;

pub(super) async fn ask(
    address: &Address,
    question: &Question,
) -> Result<mpsc::Receiver<Result<Batch, StoreError>>, StoreError> {
    let options = options(address)?;
    let mut conn = connect(&options).await?;
    // How long a statement may take has another name on either; neither runs the other's remark.
    let session = format!(
        "SET SESSION time_zone = '{UTC}', net_write_timeout = {0} /*M!100101 , max_statement_time = {0} */ \
         /*!50708 , max_execution_time = {0}000 */",
        WHOLE.as_secs()
    );
    conn.query_drop(session).await.map_err(refused)?;
    conn.query_drop("START TRANSACTION READ ONLY").await.map_err(refused)?;
    let mut text = format!("SELECT * FROM {} AS pulled_row", inner(&question.query));
    let mut bound = Vec::new();
    if let Some((column, from)) = &question.since {
        let column = quoted(column, "`");
        if let Some(from) = from {
            text.push_str(&format!(" WHERE pulled_row.{column} >= ?"));
            bound.push(parameter(from));
        }
        text.push_str(&format!(" ORDER BY pulled_row.{column}"));
    }
    // Prepared, so that it is one statement whatever the query holds. What goes into a file of the server has no columns.
    let statement = conn.prep(text).await.map_err(refused)?;
    if statement.columns().is_empty() || usize::from(statement.num_params()) != bound.len() {
        return Err(StoreError::Fault("a SELECT whose rows can be read was expected".to_owned()));
    }
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let id = conn.id();
        let ended = tokio::select! {
            ended = read(&mut conn, statement, bound, &sender) => ended,
            () = sender.closed() => Err(StoreError::TooSlow),
        };
        match ended {
            // It says goodbye; the end is told all the same when it cannot.
            Ok(()) => drop(conn.disconnect().await),
            Err(error) => {
                // Nobody listens any more when this fails.
                let _ = sender.send(Err(error)).await;
                // The server would go on until it notices that its rows are not taken.
                if let Ok(mut other) = connect(&options).await {
                    let _ = other.query_drop(format!("KILL {id}")).await;
                }
            }
        }
    });
    Ok(receiver)
}

fn options(address: &Address) -> Result<Opts, StoreError> {
    let unreadable = |e: mysql_async::UrlError| StoreError::Unavailable(e.to_string());
    let url = address.url.replacen("mariadb:", "mysql:", 1);
    let given = Opts::from_url(&url).map_err(unreadable)?;
    let wanted = given.ssl_opts().is_some() || address.ca.is_some();
    let secure = wanted.then(|| {
        // The client takes the process's; whichever was chosen first stays.
        let _ = ring::default_provider().install_default();
        let own = address.ca.iter().map(|file| file.clone().into()).collect();
        SslOpts::default().with_root_certs(own).with_disable_built_in_roots(address.ca.is_some())
    });
    Ok(OptsBuilder::from_opts(given).prefer_socket(false).ssl_opts(secure).into())
}

async fn connect(options: &Opts) -> Result<Conn, StoreError> {
    let unreachable = |said: String| StoreError::Unavailable(said);
    let connected = timeout(DOOR, Conn::new(options.clone())).await;
    connected.map_err(|late| unreachable(late.to_string()))?.map_err(|error| unreachable(said(error)))
}

async fn read(conn: &mut Conn, statement: Statement, bound: Vec<Value>, sender: &Sender) -> Result<(), StoreError> {
    let late = |_| StoreError::Unavailable("the query took too long".to_owned());
    let mut rows = timeout(PATIENCE, conn.exec_iter(statement, bound)).await.map_err(late)?.map_err(refused)?;
    loop {
        let some = async {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH
                && let Some(row) = rows.next().await.map_err(refused)?
            {
                batch.push(object(row));
            }
            Ok::<Batch, StoreError>(batch)
        };
        let batch = timeout(PATIENCE, some).await.map_err(late)??;
        if batch.is_empty() {
            return Ok(());
        }
        // Nobody listens any more when this fails.
        sender.send(Ok(batch)).await.map_err(|_| StoreError::TooSlow)?;
    }
}

fn object(row: Row) -> serde_json::Map<String, Json> {
    let columns = row.columns();
    let named = |(column, value): (&Column, Value)| (column.name_str().into_owned(), cell(column, value));
    columns.iter().zip(row.unwrap()).map(named).collect()
}

/// A value as others databases' are given: days and moments by ISO 8601, amounts as text so that no digit is lost, bytes in
/// hexadecimal after `\x`.
fn cell(column: &Column, value: Value) -> Json {
    match value {
        Value::NULL | Value::Date(_, 0, ..) | Value::Date(_, _, 0, ..) => Json::Null,
        Value::Int(n) => n.into(),
        Value::UInt(n) => n.into(),
        // The shortest text that names the number, not the digits that its type cannot hold.
        Value::Float(n) => n.to_string().parse::<f64>().map_or(Json::Null, Json::from),
        Value::Double(n) => n.into(),
        Value::Date(year, month, day, hour, minute, second, micros) => {
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{date}T{hour:02}:{minute:02}:{second:02}{}", fraction(micros));
            match column.column_type() {
                ColumnType::MYSQL_TYPE_DATE | ColumnType::MYSQL_TYPE_NEWDATE => date.into(),
                ColumnType::MYSQL_TYPE_TIMESTAMP | ColumnType::MYSQL_TYPE_TIMESTAMP2 => format!("{time}{UTC}").into(),
                _ => time.into(),
            }
        }
        Value::Time(negative, days, hours, minutes, seconds, micros) => {
            let sign = if negative { "-" } else { "" };
            let hours = days * 24 + u32::from(hours);
            format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{}", fraction(micros)).into()
        }
        Value::Bytes(bytes) => match column.column_type() {
            ColumnType::MYSQL_TYPE_BIT => bytes.iter().fold(0, |n: u64, byte| n << 8 | u64::from(*byte)).into(),
            ColumnType::MYSQL_TYPE_JSON => serde_json::from_slice(&bytes).unwrap_or_default(),
            ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => text(&bytes),
            _ if column.character_set() == BINARY => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("\\x{digits}").into()
            }
            _ => text(&bytes),
        },
    }
}

fn text(bytes: &[u8]) -> Json {
    String::from_utf8_lossy(bytes).into()
}

/// A part of a second after the point, without the zeros at its end.
fn fraction(micros: u32) -> String {
    if micros == 0 { String::new() } else { format!(".{micros:06}").trim_end_matches('0').to_owned() }
}

/// What [`cell`] gave, as the value that it was.
fn parameter(from: &Json) -> Value {
    match (from.as_i64(), from.as_u64(), from.as_f64(), from.as_str().unwrap_or_default()) {
        (Some(n), ..) => Value::Int(n),
        (_, Some(n), ..) => Value::UInt(n),
        (.., Some(n), _) => Value::Double(n),
        (.., text) => Value::from(text.strip_suffix(UTC).unwrap_or(text)),
    }
}

fn refused(error: Error) -> StoreError {
    StoreError::Fault(said(error))
}

/// What the server said, without the numbers around it.
fn said(error: Error) -> String {
    if let Error::Server(server) = &error { server.message.clone() } else { error.to_string() }
}
