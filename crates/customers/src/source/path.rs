//! Places in JSON: names and numbers with dots between them, as in `data.items.0.email`.

use serde_json::Value as Json;

/// Deepest place that is listed.
const DEEP: usize = 6;
/// Most places that are listed.
const MOST: usize = 200;

/// What is at a place. A leading `$.` says nothing; a member whose own name has dots in it is found by that name.
pub fn at<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    let path = path.trim();
    let path = path.strip_prefix("$.").unwrap_or(path);
    if path.is_empty() || path == "$" {
        return Some(json);
    }
    if let Some(found) = json.get(path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let inner = match json {
        Json::Array(items) => items.get(first.parse::<usize>().ok()?)?,
        other => other.get(first)?,
    };
    at(inner, rest)
}

/// The places of a record's values, in order: of members of members, and of the first object of a list; a list of plain values is one.
pub fn places(json: &Json) -> Vec<(String, &Json)> {
    let mut found = Vec::new();
    walk(json, String::new(), DEEP, &mut |path, value| {
        if !matches!(value, Json::Object(_)) && !is_list(value) && found.len() < MOST {
            found.push((path, value));
        }
    });
    found
}

/// The places of lists of objects, in order.
pub fn lists(json: &Json) -> Vec<String> {
    let mut found = Vec::new();
    walk(json, String::new(), DEEP, &mut |path, value| {
        if is_list(value) && found.len() < MOST {
            found.push(path);
        }
    });
    found
}

fn is_list(value: &Json) -> bool {
    value.as_array().and_then(|items| items.first()).is_some_and(Json::is_object)
}

fn walk<'a>(json: &'a Json, path: String, deep: usize, tell: &mut dyn FnMut(String, &'a Json)) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if !path.is_empty() {
        tell(path.clone(), json);
    }
    match json {
        Json::Object(members) if deep > 0 => {
            members.iter().for_each(|(name, value)| walk(value, below(name), deep - 1, tell));
        }
        Json::Array(items) if deep > 0 && is_list(json) => walk(&items[0], below("0"), deep - 1, tell),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_listed_and_found_again() {
        let json =
            json!({"id": 7, "data": {"items": [{"mail": "a@b.example", "tags": ["x", "y"]}], "a.b": 1}, "none": []});
        let listed: Vec<String> = places(&json).into_iter().map(|(path, _)| path).collect();
        assert_eq!(listed, ["id", "data.items.0.mail", "data.items.0.tags", "data.a.b", "none"]);
        for (path, value) in places(&json) {
            assert_eq!(at(&json, &path), Some(value), "{path}");
        }
        assert_eq!(lists(&json), ["data.items"]);
        assert_eq!(at(&json, "$.data.items.0.mail"), Some(&json!("a@b.example")));
        assert_eq!((at(&json, ""), at(&json, "$")), (Some(&json), Some(&json)));
        for nowhere in ["data.items.1", "data.items.x", "id.x", "data..items", "."] {
            assert_eq!(at(&json, nowhere), None, "{nowhere}");
        }
    }
}
