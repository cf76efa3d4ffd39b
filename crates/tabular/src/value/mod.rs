//! What people write in cells: reading it by a known format, and finding the format of a column.
//!
//! Every function is pure and knows no locale but the one in its arguments.
//!
//! ```
//! use tabular::value::{DateOrder, NumberFormat, infer, parse_date, parse_money, Hint, Kind};
//!
//! let guess = infer(["3/1/2017", "14/2/2017", ""], Hint::default());
//! assert_eq!((guess.kind, guess.date_order), (Kind::Date, Some(DateOrder::DayMonthYear)));
//! assert_eq!(parse_date("3/1/2017", DateOrder::DayMonthYear)?.to_string(), "2017-01-03");
//! assert_eq!(parse_money("1 234,56 €", NumberFormat::COMMA)?.currency, Some("EUR"));
//! # Ok::<(), tabular::value::Invalid>(())
//! ```

mod boolean;
mod date;
mod duration;
mod infer;
mod number;
mod recognise;

pub use boolean::parse_bool;
pub use date::{DateOrder, Moment, parse_date, parse_datetime};
pub use duration::parse_duration;
pub use infer::{ColumnGuess, Evidence, Hint, Kind, infer};
pub use number::{Money, NumberFormat, parse_money, parse_number, parse_percent};
pub use recognise::{is_email, is_phone, is_postcode, is_url};

/// Why a text is not the value it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// Nothing is written.
    #[error("the cell is blank")]
    Blank,
    /// Not written as a date of the expected order.
    #[error("this is not a date written as expected")]
    NotADate,
    /// Written as a date, of a day that does not exist.
    #[error("there is no such day")]
    NoSuchDay,
    /// Not a time of day.
    #[error("this is not a time of day")]
    NotATime,
    /// Not a number, or not with these separators.
    #[error("this is not a number")]
    NotANumber,
    /// A number beyond 28 digits.
    #[error("the number is too large")]
    TooLarge,
    /// Not a currency that is known.
    #[error("the currency is not known")]
    UnknownCurrency,
    /// Neither yes nor no.
    #[error("this is neither yes nor no")]
    NotABoolean,
    /// Not a duration.
    #[error("this is not a duration")]
    NotADuration,
}

/// Whether a text looks like data and not like the name of a column: a number, a date, an address…
pub(crate) fn looks_like_value(text: &str) -> bool {
    let first = text.chars().next();
    let starts_as_number =
        first.is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | '€' | '$' | '£' | '.'));
    if starts_as_number {
        let number = |format| parse_money(text, format).is_ok() || parse_percent(text, format).is_ok();
        return number(NumberFormat::POINT)
            || number(NumberFormat::COMMA)
            || date::ORDERS.iter().any(|order| parse_datetime(text, *order).is_ok())
            || is_phone(text);
    }
    is_email(text) || is_url(text)
}
