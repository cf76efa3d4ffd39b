//! A list as a file.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use kernel::Id;
use model::{ObjectDef, Problem};
use records::export::{Export, to_file};
use records::import::ImportError;
use records::{Action, RecordError};
use tabular::Format;

use crate::failure::{Answer, Failure};
use crate::form::Pairs;
use crate::label;
use crate::list::params::Params;
use crate::visit::{Signed, Visit};

/// What went wrong with a file, as an error of the records platform.
pub(crate) fn failure(error: ImportError) -> Failure {
    match error {
        ImportError::Records(error) => error.into(),
        ImportError::Mapping(problem) => problem.into(),
        other => Problem::new("file", "file-unreadable").text("detail", other.to_string()).into(),
    }
}

fn format(name: &str) -> Option<(Format, &'static str, &'static str)> {
    Some(match name {
        "csv" => (Format::Csv, "csv", "text/csv; charset=utf-8"),
        "xlsx" => (Format::Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "jsonl" => (Format::Json, "jsonl", "application/x-ndjson"),
        "parquet" => (Format::Parquet, "parquet", "application/vnd.apache.parquet"),
        _ => return None,
    })
}

/// `GET /o/{object}/export?format=&…`: what the list shows, all of its records, in a form that an import reads back.
pub(crate) async fn download(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let params = Params::read(&object, &pairs)?;
    let (format, ending, media) =
        format(pairs.text("format")).ok_or_else(|| RecordError::unknown("format", pairs.text("format")))?;
    let path = std::env::temp_dir().join(format!("clientele-{}.{ending}", Id::new(visit.ctx.now).typed("exp")));
    let export = Export::of(params.query(&visit, &object)?, format);
    let written = to_file(&visit.space, &visit.ctx, &export, &path, |_| true).await;
    let opened = written
        .map_err(failure)
        .and_then(|_| std::fs::File::open(&path).map_err(|e| failure(ImportError::Table(e.into()))));
    // The open file stays readable; nothing is left behind when the browser goes away.
    let _ = std::fs::remove_file(&path);
    Ok(attachment(&visit, &object, ending, media, opened?))
}

fn attachment(visit: &Visit, object: &ObjectDef, ending: &str, media: &'static str, file: std::fs::File) -> Response {
    let name: String = kernel::words_of(&label::many(visit, object)).join("-");
    let disposition = format!("attachment; filename=\"{name}-{}.{ending}\"", visit.ctx.today());
    ([("content-type", media.to_owned()), ("content-disposition", disposition)], stream(file)).into_response()
}

/// A file, piece by piece.
pub(crate) fn stream(file: std::fs::File) -> Body {
    let pieces = futures_util::stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let mut piece = vec![0; 64 << 10];
        match tokio::task::block_in_place(|| file.read(&mut piece)) {
            Ok(0) => None,
            Ok(n) => {
                piece.truncate(n);
                Some((Ok(Bytes::from(piece)), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    });
    Body::from_stream(pieces)
}
