//! What went wrong, as a sentence for the person who imports.

use kernel::{Locale, Words};
use model::{Arg, ObjectDef, Problem};

use crate::RecordError;

/// The sentence of an error, each problem with the name of its field.
pub fn sentence(words: &Words, locale: Locale, object: &ObjectDef, error: &RecordError) -> String {
    match error {
        RecordError::Invalid(problems) => {
            problems.0.iter().map(|p| problem_sentence(words, locale, object, p)).collect::<Vec<_>>().join(" ")
        }
        error => words.get(locale, &format!("error-{}", kernel::Coded::code(error).as_str())).into_owned(),
    }
}

/// The sentence of one problem, with the name of its field.
pub fn problem_sentence(words: &Words, locale: Locale, object: &ObjectDef, problem: &Problem) -> String {
    let text = match &problem.text {
        Some(label) => label.get(locale).to_owned(),
        None => {
            let args: Vec<(&str, _)> = problem
                .args
                .iter()
                .map(|(name, arg)| match arg {
                    Arg::Number(n) => (name.as_str(), (*n as f64).into()),
                    Arg::Text(text) if name == "object" => (name.as_str(), words.get(locale, text).into_owned().into()),
                    Arg::Text(text) => (name.as_str(), text.as_str().into()),
                })
                .collect();
            words.with(locale, &format!("problem-{}", problem.key), &args)
        }
    };
    if problem.field.is_empty() { text } else { locale.labelled(&label(words, locale, object, &problem.field), &text) }
}

/// What a field is called.
pub fn label(words: &Words, locale: Locale, object: &ObjectDef, path: &str) -> String {
    let (name, part) = path.split_once('.').map_or((path, None), |(n, p)| (n, Some(p)));
    let Some(field) = object.field(name) else { return path.to_owned() };
    let label = field.label.get(locale);
    let label = if !label.is_empty() {
        label.to_owned()
    } else {
        let key = if field.system { format!("system.{name}") } else { format!("{}.{name}", object.name) };
        words.find(locale, &key, None).map_or_else(|| name.to_owned(), std::borrow::Cow::into_owned)
    };
    let Some(part) = part else { return label };
    let of_target = || field.targets()?.iter().find_map(|to| words.find(locale, &format!("{to}.{part}"), None));
    let part = words.find(locale, &format!("part.{part}"), None).or_else(of_target).unwrap_or(part.into());
    format!("{label} › {part}")
}
