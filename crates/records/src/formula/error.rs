use model::Problem;

use super::{MAX_DEPTH, MAX_LENGTH, MAX_LIST, MAX_NESTING, MAX_TEXT};

/// Why an expression was refused or has no result. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum FormulaError {
    #[error("the expression is empty")]
    Empty,
    #[error("the expression is longer than {MAX_LENGTH} bytes; split it over several formula fields")]
    TooLong,
    #[error("the expression is nested deeper than {MAX_DEPTH} levels; split it over several formula fields")]
    TooDeep,
    #[error("at most {MAX_NESTING} of all, exists, exists_one, map and filter may stand inside each other")]
    TooNested,
    #[error("at character {at}: {message}")]
    Syntax { at: usize, message: String },
    #[error("at character {at}: there is no field “{name}”{}", hint(.nearest))]
    UnknownName { name: String, at: usize, nearest: Option<String> },
    #[error("at character {at}: there is no function “{name}”{}", hint(.nearest))]
    UnknownFunction { name: String, at: usize, nearest: Option<String> },
    #[error("at character {at}: {function} is written {usage}")]
    Arguments { function: String, usage: &'static str, at: usize },
    #[error("{what} cannot be used here")]
    Unsupported { what: &'static str },
    #[error("the pattern of matches() {what}")]
    Pattern { what: String },
    #[error("there is no part “{part}” in {of}; it has {parts}")]
    UnknownPart { part: String, of: &'static str, parts: &'static str },
    #[error("{operation} does not work on {found}")]
    Operands { operation: String, found: String },
    #[error("the result is {found}, expected {expected}")]
    Result { expected: &'static str, found: &'static str },
    #[error("“{text}” cannot be read as {expected}")]
    Unreadable { text: String, expected: &'static str },
    #[error("the day or moment lies outside the years −9999 to 9999")]
    OutOfCalendar,
    #[error("a list has more than {MAX_LIST} elements")]
    LongList,
    #[error("a text grows beyond {MAX_TEXT} bytes")]
    LongText,
    #[error("the expression takes too much work on this record; shorten its lists")]
    TooMuchWork,
    #[error("formulas use each other in a circle: {path}")]
    Circle { path: String },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or(String::new(), |name| format!("; did you mean “{name}”?"))
}

impl FormulaError {
    /// The name of the sentence in the words, without the prefix `problem-`.
    pub fn key(&self) -> &'static str {
        match self {
            FormulaError::Empty => "formula-empty",
            FormulaError::TooLong => "formula-too-long",
            FormulaError::TooDeep => "formula-too-deep",
            FormulaError::TooNested => "formula-too-nested",
            FormulaError::Syntax { .. } => "formula-syntax",
            FormulaError::UnknownName { nearest: Some(_), .. } => "formula-misspelt-name",
            FormulaError::UnknownFunction { nearest: Some(_), .. } => "formula-misspelt-function",
            FormulaError::UnknownName { .. } => "formula-unknown-name",
            FormulaError::UnknownFunction { .. } => "formula-unknown-function",
            FormulaError::Arguments { .. } => "formula-arguments",
            FormulaError::Unsupported { .. } => "formula-unsupported",
            FormulaError::Pattern { .. } => "formula-pattern",
            FormulaError::UnknownPart { .. } => "formula-unknown-part",
            FormulaError::Operands { .. } => "formula-operands",
            FormulaError::Result { .. } => "formula-result",
            FormulaError::Unreadable { .. } => "formula-unreadable",
            FormulaError::OutOfCalendar => "formula-out-of-calendar",
            FormulaError::LongList => "formula-long-list",
            FormulaError::LongText => "formula-long-text",
            FormulaError::TooMuchWork => "formula-too-much-work",
            FormulaError::Circle { .. } => "formula-circle",
        }
    }

    /// The problem with `field` (or with the whole record, when empty) that this error is.
    ///
    /// Arguments: `at`, `message`, `name`, `nearest` (for what is misspelt), `function`, `usage`, `what`, `part`, `of`,
    /// `parts`, `operation`, `found`, `expected`, `text`, `path`, `max`, as the variant's fields.
    pub fn problem(&self, field: &str) -> Problem {
        let problem = Problem::new(field, self.key());
        match self {
            FormulaError::Empty | FormulaError::OutOfCalendar | FormulaError::TooMuchWork => problem,
            FormulaError::TooLong => problem.number("max", MAX_LENGTH as i64),
            FormulaError::TooDeep => problem.number("max", MAX_DEPTH as i64),
            FormulaError::TooNested => problem.number("max", MAX_NESTING as i64),
            FormulaError::LongList => problem.number("max", MAX_LIST as i64),
            FormulaError::LongText => problem.number("max", MAX_TEXT as i64),
            FormulaError::Syntax { at, message } => problem.number("at", *at as i64).text("message", message),
            FormulaError::UnknownName { name, at, nearest } | FormulaError::UnknownFunction { name, at, nearest } => {
                let problem = problem.number("at", *at as i64).text("name", name);
                match nearest {
                    Some(nearest) => problem.text("nearest", nearest),
                    None => problem,
                }
            }
            FormulaError::Arguments { function, usage, at } => {
                problem.number("at", *at as i64).text("function", function).text("usage", usage)
            }
            FormulaError::Unsupported { what } => problem.text("what", what),
            FormulaError::Pattern { what } => problem.text("what", what),
            FormulaError::UnknownPart { part, of, parts } => {
                problem.text("part", part).text("of", of).text("parts", parts)
            }
            FormulaError::Operands { operation, found } => problem.text("operation", operation).text("found", found),
            FormulaError::Result { expected, found } => problem.text("expected", expected).text("found", found),
            FormulaError::Unreadable { text, expected } => problem.text("text", text).text("expected", expected),
            FormulaError::Circle { path } => problem.text("path", path),
        }
    }
}
