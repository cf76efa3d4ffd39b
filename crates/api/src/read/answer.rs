use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::Code;
use model::{Problem, Schema};
use serde_json::Value as Json;

use super::plan::Plan;
use super::row::{Style, csv_cells, names, write_row};
use super::run::Rows;
use crate::failure::Failure;
use crate::postgrest::Format;

/// Rows in the form asked for.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) text: Vec<u8>,
    pub(crate) media: &'static str,
}

/// Writes rows in a format. The only row of a resource that has one stands alone in JSON too.
pub(crate) fn body(schema: &Schema, plan: &Plan, rows: &Rows, format: Format, one: bool) -> Result<Rendered, Failure> {
    let strip = matches!(format, Format::Array { nulls_stripped: true } | Format::Object { nulls_stripped: true });
    let style = Style { schema, strip };
    let count = rows.len();
    let mut text = Vec::with_capacity(64 + count * 512);
    match format {
        Format::Object { .. } if count != 1 => {
            return Err(Failure::of(Code::NotAcceptable)
                .detail(Problem::new("", "not-one-row").number("n", count as i64))
                .named("PGRST116"));
        }
        Format::Object { .. } => write_row(&mut text, style, plan, rows, 0),
        Format::Json | Format::Array { .. } if one && count == 1 => write_row(&mut text, style, plan, rows, 0),
        Format::Json | Format::Array { .. } => {
            text.push(b'[');
            for at in 0..count {
                if at > 0 {
                    text.push(b',');
                }
                write_row(&mut text, style, plan, rows, at);
            }
            text.push(b']');
        }
        Format::Csv => csv(&mut text, style, plan, rows),
    }
    Ok(Rendered { text, media: format.content_type() })
}

fn csv(text: &mut Vec<u8>, style: Style<'_>, plan: &Plan, rows: &Rows) {
    let names = names(plan);
    csv_cells(text, names.iter().copied());
    let mut row = Vec::new();
    for at in 0..rows.len() {
        row.clear();
        write_row(&mut row, style, plan, rows, at);
        let json: Json = serde_json::from_slice(&row).unwrap_or_default();
        let cells: Vec<String> = names
            .iter()
            .map(|name| match &json[*name] {
                Json::Null => String::new(),
                Json::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        csv_cells(text, cells.iter().map(String::as_str));
    }
}

impl Rendered {
    /// The response with this status.
    pub(crate) fn respond(self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(self.text));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        response
    }
}
