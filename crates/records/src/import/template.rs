//! Texts made of columns: `{street_number} {address_1|lower}`.

use kernel::fold;

/// A template, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Column(usize, Vec<Filter>),
    /// `{@source}`: a text that is the same for the whole import.
    Run(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Filter {
    Lower,
    Upper,
    Capital,
    Slug,
    Digits,
}

impl Template {
    /// Reads a template; the error names what is not known: a column, a filter or a brace without partner.
    pub(super) fn parse(
        text: &str,
        column: impl Fn(&str) -> Option<usize>,
        run: impl Fn(&str) -> Option<String>,
    ) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            if at > 0 {
                pieces.push(Piece::Text(rest[..at].to_owned()));
            }
            let brace = &rest[at..at + 1];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                pieces.push(Piece::Text(brace.to_owned()));
                rest = after;
                continue;
            }
            let end = rest.find('}').filter(|_| brace == "{").ok_or_else(|| brace.to_owned())?;
            let mut parts = rest[..end].split('|').map(str::trim);
            let name = parts.next().unwrap_or_default();
            rest = &rest[end + 1..];
            if let Some(name) = name.strip_prefix('@') {
                pieces.push(Piece::Run(run(name).ok_or_else(|| format!("@{name}"))?));
                continue;
            }
            let at = column(name).ok_or_else(|| name.to_owned())?;
            let filters = parts.map(|f| Filter::parse(f).ok_or_else(|| f.to_owned())).collect::<Result<_, _>>()?;
            pieces.push(Piece::Column(at, filters));
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Template(pieces))
    }

    /// The text for a row; nothing when the template has columns and all of them are blank. Runs of blanks become one.
    pub(super) fn fill<'a>(&self, cell: impl Fn(usize) -> std::borrow::Cow<'a, str>) -> Option<String> {
        let mut out = String::new();
        let (mut columns, mut filled) = (false, false);
        for piece in &self.0 {
            match piece {
                Piece::Text(text) | Piece::Run(text) => out.push_str(text),
                Piece::Column(at, filters) => {
                    columns = true;
                    let mut text = cell(*at).trim().to_owned();
                    for filter in filters {
                        text = filter.apply(&text);
                    }
                    filled |= !text.is_empty();
                    out.push_str(&text);
                }
            }
        }
        if columns && !filled {
            return None;
        }
        let mut clean = String::with_capacity(out.len());
        for word in out.split_whitespace() {
            if !clean.is_empty() {
                clean.push(' ');
            }
            clean.push_str(word);
        }
        Some(clean).filter(|text| !text.is_empty())
    }
}

impl Filter {
    fn parse(name: &str) -> Option<Filter> {
        Some(match name {
            "lower" => Filter::Lower,
            "upper" => Filter::Upper,
            "capital" => Filter::Capital,
            "slug" => Filter::Slug,
            "digits" => Filter::Digits,
            _ => return None,
        })
    }

    fn apply(self, text: &str) -> String {
        match self {
            Filter::Lower => text.to_lowercase(),
            Filter::Upper => text.to_uppercase(),
            Filter::Digits => text.chars().filter(char::is_ascii_digit).collect(),
            Filter::Slug => {
                let folded = fold(text);
                let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
                words.collect::<Vec<_>>().join("-")
            }
            Filter::Capital => {
                let mut start = true;
                let mut out = String::with_capacity(text.len());
                for c in text.chars() {
                    if start {
                        out.extend(c.to_uppercase());
                    } else {
                        out.extend(c.to_lowercase());
                    }
                    start = !c.is_alphanumeric();
                }
                out
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str) -> String {
        let columns = ["no", "street", "blank"];
        let cells = ["8", " stanley  STREET", " "];
        let column = |name: &str| columns.iter().position(|c| *c == name);
        let run = |name: &str| (name == "source").then(|| "shop".to_owned());
        match Template::parse(template, column, run) {
            Ok(template) => format!("{:?}", template.fill(|at| cells[at].into())),
            Err(unknown) => format!("unknown: {unknown}"),
        }
    }

    #[test]
    fn columns_filters_and_constants() {
        insta::assert_snapshot!(check("{no} {street|capital}"), @r#"Some("8 Stanley Street")"#);
        insta::assert_snapshot!(check("{@source}:{street|slug}"), @r#"Some("shop:stanley-street")"#);
        insta::assert_snapshot!(check("{blank} {no} {{x}}"), @r#"Some("8 {x}")"#);
        insta::assert_snapshot!(check("always"), @r#"Some("always")"#);
        insta::assert_snapshot!(check("{blank}, {blank|upper}"), @"None");
    }

    #[test]
    fn what_is_not_known_is_named() {
        insta::assert_snapshot!(check("{nope}"), @"unknown: nope");
        insta::assert_snapshot!(check("{no|shout}"), @"unknown: shout");
        insta::assert_snapshot!(check("{no"), @"unknown: {");
        insta::assert_snapshot!(check("no}"), @"unknown: }");
    }
}
