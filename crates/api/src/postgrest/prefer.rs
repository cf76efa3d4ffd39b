use std::fmt;

use super::{Error, Place};

/// What the `Prefer` headers of a request ask for; none means the client left it to the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// What a change answers with; minimal when left open.
    pub answer: Option<Return>,
    /// Whether and how the matching rows are counted; not at all when left open.
    pub count: Option<Count>,
    /// What an insert does with rows that exist.
    pub resolution: Option<Resolution>,
    /// What stands for keys that a row of a bulk insert lacks; null when left open.
    pub missing: Option<Missing>,
    /// What happens to preferences that cannot be met; they are ignored when left open.
    pub handling: Option<Handling>,
    /// How the transaction ends.
    pub transaction: Option<Transaction>,
    /// Most rows that a change may touch; holds under strict handling.
    pub max_affected: Option<u64>,
    /// Name of the time zone in which times are shown; the name is not checked here.
    pub timezone: Option<String>,
}

/// `return`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// Nothing but the status.
    Minimal,
    /// The headers, with the address of what was made.
    HeadersOnly,
    /// The rows as they are now.
    Representation,
}

/// `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Counts them.
    Exact,
    /// Asks the database's planner.
    Planned,
    /// Counts a few, and asks the planner beyond.
    Estimated,
}

/// `resolution`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Updates the rows that exist.
    MergeDuplicates,
    /// Leaves the rows that exist as they are.
    IgnoreDuplicates,
}

/// `missing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The column's default.
    Default,
    /// No value.
    Null,
}

/// `handling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// A preference that cannot be met is an error.
    Strict,
    /// It is ignored.
    Lenient,
}

/// `tx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// The change is kept.
    Commit,
    /// The change is shown and taken back.
    Rollback,
}

impl Preferences {
    /// Reads the values of all `Prefer` headers, in order. Of a preference given twice the first counts.
    ///
    /// Unknown ones are an error under `handling=strict` only.
    pub fn parse<'a>(headers: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut preferences = Self::default();
        let mut unknown: Vec<&str> = Vec::new();
        let mut first_unknown = 0;
        for header in headers {
            let mut position = 0;
            for part in header.split(',') {
                let preference = part.split(';').next().unwrap_or(part).trim();
                if !preference.is_empty() && preferences.take(preference).is_none() {
                    if unknown.is_empty() {
                        first_unknown = position + part.chars().take_while(|c| c.is_whitespace()).count();
                    }
                    unknown.push(preference);
                }
                position += part.chars().count() + 1;
            }
        }
        if preferences.handling == Some(Handling::Strict) && !unknown.is_empty() {
            let message = format!("handling is strict and these preferences are unknown: {}", unknown.join(", "));
            return Err(Error::new(Place::Header("Prefer"), first_unknown, message));
        }
        Ok(preferences)
    }

    /// None when the preference is unknown or its value is.
    fn take(&mut self, preference: &str) -> Option<()> {
        let (name, value) = preference.split_once('=')?;
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "return" => keep_first(&mut self.answer, known(&RETURNS, value)?),
            "count" => keep_first(&mut self.count, known(&COUNTS, value)?),
            "resolution" => keep_first(&mut self.resolution, known(&RESOLUTIONS, value)?),
            "missing" => keep_first(&mut self.missing, known(&MISSINGS, value)?),
            "handling" => keep_first(&mut self.handling, known(&HANDLINGS, value)?),
            "tx" => keep_first(&mut self.transaction, known(&TRANSACTIONS, value)?),
            "max-affected" => keep_first(&mut self.max_affected, value.parse().ok()?),
            "timezone" if !value.is_empty() => keep_first(&mut self.timezone, value.to_owned()),
            _ => return None,
        }
        Some(())
    }
}

/// The value of `Preference-Applied` when all of them were; empty when nothing was asked.
impl fmt::Display for Preferences {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.handling.map(|value| format!("handling={}", name_of(&HANDLINGS, value))),
            self.resolution.map(|value| format!("resolution={}", name_of(&RESOLUTIONS, value))),
            self.missing.map(|value| format!("missing={}", name_of(&MISSINGS, value))),
            self.answer.map(|value| format!("return={}", name_of(&RETURNS, value))),
            self.count.map(|value| format!("count={}", name_of(&COUNTS, value))),
            self.transaction.map(|value| format!("tx={}", name_of(&TRANSACTIONS, value))),
            self.max_affected.map(|value| format!("max-affected={value}")),
            self.timezone.as_ref().map(|value| format!("timezone={value}")),
        ];
        out.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

const RETURNS: [(&str, Return); 3] =
    [("minimal", Return::Minimal), ("headers-only", Return::HeadersOnly), ("representation", Return::Representation)];
const COUNTS: [(&str, Count); 3] =
    [("exact", Count::Exact), ("planned", Count::Planned), ("estimated", Count::Estimated)];
const RESOLUTIONS: [(&str, Resolution); 2] =
    [("merge-duplicates", Resolution::MergeDuplicates), ("ignore-duplicates", Resolution::IgnoreDuplicates)];
const MISSINGS: [(&str, Missing); 2] = [("default", Missing::Default), ("null", Missing::Null)];
const HANDLINGS: [(&str, Handling); 2] = [("strict", Handling::Strict), ("lenient", Handling::Lenient)];
const TRANSACTIONS: [(&str, Transaction); 2] = [("commit", Transaction::Commit), ("rollback", Transaction::Rollback)];

fn known<T: Copy>(values: &[(&str, T)], name: &str) -> Option<T> {
    values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn name_of<T: PartialEq>(values: &[(&'static str, T)], value: T) -> &'static str {
    values.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

fn keep_first<T>(slot: &mut Option<T>, value: T) {
    slot.get_or_insert(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preference_is_read_and_shown() {
        let headers = [
            "return=representation, count=exact",
            "resolution=merge-duplicates,missing=default , tx=rollback; wait",
            "handling=strict, max-affected=10, timezone=Europe/Paris",
        ];
        let preferences = Preferences::parse(headers).unwrap();
        let shown = preferences.to_string();
        insta::assert_snapshot!(shown, @"handling=strict, resolution=merge-duplicates, missing=default, return=representation, count=exact, tx=rollback, max-affected=10, timezone=Europe/Paris");
        assert_eq!(Preferences::parse([shown.as_str()]), Ok(preferences));
    }

    #[test]
    fn the_first_of_two_counts() {
        let preferences = Preferences::parse(["count=planned", "count=exact, return=minimal"]).unwrap();
        assert_eq!((preferences.count, preferences.answer), (Some(Count::Planned), Some(Return::Minimal)));
    }

    #[test]
    fn the_unknown_is_ignored_unless_handling_is_strict() {
        let unknown = "respond-async, count=roughly, max-affected=-1";
        assert_eq!(Preferences::parse([unknown]), Ok(Preferences::default()));
        let strict = Preferences::parse([&format!("handling=strict, {unknown}")[..]]);
        insta::assert_snapshot!(strict.unwrap_err(), @"header Prefer, character 18: handling is strict and these preferences are unknown: respond-async, count=roughly, max-affected=-1");
    }
}
