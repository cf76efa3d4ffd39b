//! Bodies in CSV (RFC 4180).

use serde_json::{Map, Value as Json};

/// Rows as maps from the header's names to texts; `NULL` without quotes is nothing. The error says what is wrong and where.
pub(super) fn read(text: &str) -> Result<Vec<Map<String, Json>>, String> {
    let mut lines = lines(text)?.into_iter();
    let header = lines.next().ok_or("the header is missing")?;
    let names: Vec<String> = header.into_iter().map(|cell| cell.0.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err("a column has no name".to_owned());
    }
    let mut rows = Vec::new();
    for (i, line) in lines.enumerate() {
        if line.len() != names.len() {
            return Err(format!("row {} has {} cells, the header has {}", i + 1, line.len(), names.len()));
        }
        let cell = |(text, quoted): (String, bool)| {
            if text == "NULL" && !quoted { Json::Null } else { Json::String(text) }
        };
        rows.push(names.iter().cloned().zip(line.into_iter().map(cell)).collect());
    }
    Ok(rows)
}

/// Cells, and whether each was quoted. Empty lines are left out.
fn lines(text: &str) -> Result<Vec<Vec<(String, bool)>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Vec::new();
    let mut line = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    loop {
        match chars.next() {
            Some('"') if cell.is_empty() && !quoted => {
                quoted = true;
                loop {
                    match chars.next() {
                        Some('"') if chars.peek() == Some(&'"') => {
                            chars.next();
                            cell.push('"');
                        }
                        Some('"') => break,
                        Some(c) => cell.push(c),
                        None => return Err("a quote is never closed".to_owned()),
                    }
                }
            }
            Some(',') => line.push((std::mem::take(&mut cell), std::mem::take(&mut quoted))),
            Some('\r') if chars.peek() == Some(&'\n') => {}
            end @ (Some('\n') | None) => {
                if !line.is_empty() || !cell.is_empty() || quoted {
                    line.push((std::mem::take(&mut cell), std::mem::take(&mut quoted)));
                    lines.push(std::mem::take(&mut line));
                }
                if end.is_none() {
                    return Ok(lines);
                }
            }
            Some(c) if quoted => return Err(format!("“{c}” stands after a closing quote")),
            Some(c) => cell.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quotes_lines_and_nothing() {
        let rows = read("\u{feff}name,note\r\n\"a \"\"b\"\", c\",\"x\ny\"\r\n\r\nNULL,\"NULL\"\n").unwrap();
        assert_eq!(
            Json::from(rows.into_iter().map(Json::Object).collect::<Vec<_>>()),
            json!([{"name": "a \"b\", c", "note": "x\ny"}, {"name": null, "note": "NULL"}])
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read("a,b\n1"), Err("row 1 has 1 cells, the header has 2".into()));
        assert_eq!(read("a\n\"x"), Err("a quote is never closed".into()));
        assert_eq!(read("a\n\"x\"y"), Err("“y” stands after a closing quote".into()));
        assert!(read("").is_err());
    }
}
