use std::fmt;

use kernel::Label;
use serde::{Deserialize, Serialize};

/// One thing wrong with an input: where, what, and the figures a sentence about it needs.
///
/// `key` names the sentence in the words (`problem-required`); surfaces render it in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The field, dotted for parts (`amount.currency`); empty when the problem is with the whole record.
    pub field: String,
    /// The name of the sentence, without the prefix `problem-`.
    pub key: String,
    /// What the sentence mentions.
    pub args: Vec<(String, Arg)>,
    /// A sentence an administrator wrote, instead of `key`.
    pub text: Option<Label>,
}

/// A figure or a text in a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A number, written by the reader's locale.
    Number(i64),
    /// A text, as it is.
    Text(String),
}

/// Several problems; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Problems(
    /// In the order found.
    pub Vec<Problem>,
);

impl Problem {
    /// A problem with a field.
    pub fn new(field: impl AsRef<str>, key: &str) -> Problem {
        Problem { field: field.as_ref().to_owned(), key: key.to_owned(), args: Vec::new(), text: None }
    }

    /// Adds a text to the sentence. Long texts are cut: the sentence is shown to people.
    pub fn text(mut self, name: &str, value: impl AsRef<str>) -> Problem {
        let value = value.as_ref();
        let cut: String = value.chars().take(80).collect();
        let cut = if cut.len() < value.len() { cut + "…" } else { cut };
        self.args.push((name.to_owned(), Arg::Text(cut)));
        self
    }

    /// Adds a number to the sentence.
    pub fn number(mut self, name: &str, value: i64) -> Problem {
        self.args.push((name.to_owned(), Arg::Number(value)));
        self
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        match &self.text {
            Some(text) => f.write_str(&text.en)?,
            None => f.write_str(&self.key)?,
        }
        for (name, value) in &self.args {
            match value {
                Arg::Number(n) => write!(f, " {name}={n}")?,
                Arg::Text(t) => write!(f, " {name}={t}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
