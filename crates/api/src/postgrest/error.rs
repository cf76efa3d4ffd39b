use std::fmt;

/// What is wrong with a request, where, and what would have been right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}, character {}: {message}", position + 1)]
pub struct Error {
    /// The part of the request that was read.
    pub place: Place,
    /// Characters before the fault, after percent-decoding.
    pub position: usize,
    /// One sentence: what was found and what was expected.
    pub message: String,
}

/// A part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The query string as it came, before decoding.
    QueryString,
    /// The name of a parameter.
    ParameterName(String),
    /// The value of the parameter with this name.
    Parameter(String),
    /// The value of a header.
    Header(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QueryString => out.write_str("query string"),
            Self::ParameterName(name) => write!(out, "name of parameter `{name}`"),
            Self::Parameter(name) => write!(out, "parameter `{name}`"),
            Self::Header(name) => write!(out, "header {name}"),
        }
    }
}

impl Error {
    pub(super) fn new(place: Place, position: usize, message: impl Into<String>) -> Self {
        Self { place, position, message: message.into() }
    }
}
