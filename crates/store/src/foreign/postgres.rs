//! PostgreSQL: rows are fetched from a cursor.

use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, Error, NoTls};

use super::{Address, BATCH, Batch, DOOR, PATIENCE, Question, inner, quoted, tls};
use crate::StoreError;

pub(super) async fn ask(address: &Address, question: &Question) -> Result<Client, StoreError> {
    let client = connect(address).await?;
    let begin = format!(
        "BEGIN READ ONLY; SET LOCAL statement_timeout = '{}s'; SET LOCAL standard_conforming_strings = on",
        PATIENCE.as_secs()
    );
    client.batch_execute(&begin).await.map_err(refused)?;
    let mut text = format!(
        "DECLARE pull NO SCROLL CURSOR FOR SELECT row_to_json(pulled_row)::text FROM {} pulled_row",
        inner(&question.query)
    );
    if let Some((column, from)) = &question.since {
        let column = quoted(column, "\"");
        if let Some(from) = from {
            let from = from.as_str().map_or_else(|| from.to_string(), str::to_owned).replace('\'', "''");
            text.push_str(&format!(" WHERE pulled_row.{column} >= '{from}'"));
        }
        text.push_str(&format!(" ORDER BY pulled_row.{column}"));
    }
    // Prepared, so that it is one statement whatever the query holds.
    client.execute(&text, &[]).await.map_err(refused)?;
    Ok(client)
}

async fn connect(address: &Address) -> Result<Client, StoreError> {
    let unreachable = |e: Error| StoreError::Unavailable(whole(&e));
    let mut config: Config = address.url.parse().map_err(unreachable)?;
    config.connect_timeout(DOOR).application_name("clientele");
    if address.ca.is_some() {
        config.ssl_mode(SslMode::Require);
    }
    if config.get_ssl_mode() == SslMode::Require {
        let (client, connection) = config.connect(tls::Secure::of(address)?).await.map_err(unreachable)?;
        // What ends it is told to whoever waits for rows.
        tokio::spawn(async move { drop(connection.await) });
        Ok(client)
    } else {
        let (client, connection) = config.connect(NoTls).await.map_err(unreachable)?;
        tokio::spawn(async move { drop(connection.await) });
        Ok(client)
    }
}

pub(super) async fn next(client: &Client) -> Result<Batch, StoreError> {
    let rows = client.query(&format!("FETCH {BATCH} FROM pull"), &[]).await.map_err(refused)?;
    let read = |text: &str| serde_json::from_str(text).map_err(|e| StoreError::Fault(e.to_string()));
    rows.iter().map(|row| read(row.try_get(0)?)).collect()
}

fn refused(error: Error) -> StoreError {
    let said = error.as_db_error().map(|db| db.message().to_owned());
    StoreError::Fault(said.unwrap_or_else(|| error.to_string()))
}

/// An error with what led to it: a certificate's fault is said only there.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}
