use super::{Error, Place};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json`: a list of rows.
    Json,
    /// `application/vnd.pgrst.array+json`: a list of rows, without members that have no value when stripped.
    Array {
        /// Leaves out members without a value.
        nulls_stripped: bool,
    },
    /// `application/vnd.pgrst.object+json`: one row; any other number of rows is an error.
    Object {
        /// Leaves out members without a value.
        nulls_stripped: bool,
    },
    /// `text/csv`: rows as lines, with a header.
    Csv,
}

impl Format {
    /// Reads the value of `Accept`. Of several the one with the highest weight counts, of equal ones the first;
    /// none at all means JSON.
    ///
    /// Errors when every type asked for is unknown.
    pub fn from_accept(accept: Option<&str>) -> Result<Self, Error> {
        let accept = accept.map(str::trim).filter(|accept| !accept.is_empty());
        let Some(accept) = accept else {
            return Ok(Self::Json);
        };
        let mut best: Option<(u16, Self)> = None;
        for offer in accept.split(',') {
            let mut parts = offer.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<&str> = parts.collect();
            let weight = weight(&parameters);
            if let Some(format) = Self::of(&media_type, parameters.contains(&"nulls=stripped"))
                && weight > best.map_or(0, |(weight, _)| weight)
            {
                best = Some((weight, format));
            }
        }
        best.map(|(_, format)| format).ok_or_else(|| {
            let message = format!(
                "`{accept}` cannot be served, expected application/json, application/vnd.pgrst.object+json, \
                 application/vnd.pgrst.array+json or text/csv"
            );
            Error::new(Place::Header("Accept"), 0, message)
        })
    }

    /// The value of `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Array { nulls_stripped: false } => "application/json; charset=utf-8",
            Self::Array { nulls_stripped: true } => "application/vnd.pgrst.array+json; nulls=stripped; charset=utf-8",
            Self::Object { nulls_stripped: false } => "application/vnd.pgrst.object+json; charset=utf-8",
            Self::Object { nulls_stripped: true } => "application/vnd.pgrst.object+json; nulls=stripped; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    fn of(media_type: &str, nulls_stripped: bool) -> Option<Self> {
        match media_type {
            "application/json" | "application/*" | "*/*" => Some(Self::Json),
            "application/vnd.pgrst.array+json" | "application/vnd.pgrst.array" => Some(Self::Array { nulls_stripped }),
            "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => {
                Some(Self::Object { nulls_stripped })
            }
            "text/csv" | "text/*" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// The weight of an offer in thousandths; one without a readable weight has all of it.
fn weight(parameters: &[&str]) -> u16 {
    let written = parameters.iter().find_map(|parameter| parameter.strip_prefix("q="));
    written
        .and_then(|weight| weight.parse::<f32>().ok())
        .map_or(1000, |weight| (weight.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(accept: &str) -> Result<Format, Error> {
        Format::from_accept(Some(accept))
    }

    #[test]
    fn known_types() {
        assert_eq!(Format::from_accept(None), Ok(Format::Json));
        assert_eq!(read("*/*"), Ok(Format::Json));
        assert_eq!(read("Application/JSON; charset=utf-8"), Ok(Format::Json));
        assert_eq!(read("text/csv"), Ok(Format::Csv));
        assert_eq!(read("application/vnd.pgrst.object+json"), Ok(Format::Object { nulls_stripped: false }));
        assert_eq!(
            read("application/vnd.pgrst.object+json;nulls=stripped"),
            Ok(Format::Object { nulls_stripped: true })
        );
        assert_eq!(read("application/vnd.pgrst.array+json"), Ok(Format::Array { nulls_stripped: false }));
    }

    #[test]
    fn the_heaviest_known_type_counts() {
        assert_eq!(read("text/html, text/csv;q=0.5, application/json;q=0.9"), Ok(Format::Json));
        assert_eq!(read("image/png, */*;q=0.1"), Ok(Format::Json));
        assert!(read("application/json;q=0").is_err());
    }

    #[test]
    fn unknown_types_are_refused() {
        insta::assert_snapshot!(read("image/png").unwrap_err(), @"header Accept, character 1: `image/png` cannot be served, expected application/json, application/vnd.pgrst.object+json, application/vnd.pgrst.array+json or text/csv");
    }
}
