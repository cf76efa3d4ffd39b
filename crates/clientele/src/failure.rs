use kernel::{Coded, Locale, Words};
use records::RecordError;
use store::StoreError;

/// Why a command ended without doing what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The records platform refused.
    #[error("{0}")]
    Records(#[from] RecordError),
    /// The command line does not fit.
    #[error("{0}")]
    Usage(String),
    /// A file or the network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Failure {
    /// A command line that does not fit.
    pub fn usage(text: impl Into<String>) -> Failure {
        Failure::Usage(text.into())
    }

    /// Says what went wrong and ends the program: 2 when the input was wrong, 1 when something failed.
    pub fn exit(&self) -> ! {
        let (text, code) = match self {
            Failure::Records(error) => (describe(error), error.code().exit()),
            Failure::Usage(text) => (text.clone(), 2),
            Failure::Io(error) => (error.to_string(), 1),
        };
        eprintln!("clientele: {text}");
        std::process::exit(code)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Records(error.into())
    }
}

fn describe(error: &RecordError) -> String {
    let RecordError::Invalid(problems) = error else { return error.to_string() };
    let Ok(words) = crate::platform::words() else { return error.to_string() };
    problems.0.iter().map(|p| sentence(&words, p)).collect::<Vec<_>>().join("\n")
}

/// A problem as a sentence in English.
pub fn sentence(words: &Words, problem: &model::Problem) -> String {
    let locale = Locale::En;
    let text = match &problem.text {
        Some(label) => label.get(locale).to_owned(),
        None => {
            let args: Vec<(&str, _)> = problem
                .args
                .iter()
                .map(|(name, arg)| {
                    let value = match arg {
                        model::Arg::Number(n) => (*n as f64).into(),
                        model::Arg::Text(text) => text.as_str().into(),
                    };
                    (name.as_str(), value)
                })
                .collect();
            words.with(locale, &format!("problem-{}", problem.key), &args)
        }
    };
    if problem.field.is_empty() { text } else { format!("{}: {text}", problem.field) }
}
