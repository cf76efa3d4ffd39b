use std::collections::{BTreeMap, HashSet};

use super::{
    DateOrder, Moment, NumberFormat, is_email, is_phone, is_postcode, is_url, parse_bool, parse_datetime,
    parse_duration, parse_money, parse_number, parse_percent,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No value at all.
    Blank,
    /// Free text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers with decimals.
    Number,
    /// Numbers with a percent sign.
    Percent,
    /// Amounts with a currency.
    Money,
    /// Yes or no.
    Boolean,
    /// Dates.
    Date,
    /// Dates with a time of day.
    DateTime,
    /// Durations with their units.
    Duration,
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// Web addresses.
    Url,
    /// Postcodes, which must stay text: a leading zero counts.
    Postcode,
    /// Digits that are no quantity (leading zeros, or more than 15 of them) and must stay text.
    Identifier,
}

/// What is assumed where the values leave a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The order of dates such as 3/1/2017.
    pub date_order: DateOrder,
    /// How a number such as 1,234 is read.
    pub numbers: NumberFormat,
}

impl Default for Hint {
    /// What is usual in France.
    fn default() -> Self {
        Self { date_order: DateOrder::DayMonthYear, numbers: NumberFormat::COMMA }
    }
}

impl Hint {
    /// What is usual in the United States.
    pub const US: Self = Self { date_order: DateOrder::MonthDayYear, numbers: NumberFormat::POINT };
    /// What is usual in Great Britain.
    pub const GB: Self = Self { date_order: DateOrder::DayMonthYear, numbers: NumberFormat::POINT };
}

/// Why a column is believed to hold what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Values that are not blank.
    pub values: usize,
    /// Those that can be read as the guess says.
    pub readable: usize,
    /// Blank values.
    pub blanks: usize,
    /// Different values, counted up to a thousand.
    pub distinct: usize,
    /// Whether another order or separator reads as many values, and the hint decided.
    pub ambiguous: bool,
    /// The value that decided between orders or separators, if one did.
    pub decisive: Option<String>,
    /// A value that the guess cannot read.
    pub exception: Option<String>,
}

/// What a column holds and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnGuess {
    /// What the column holds.
    pub kind: Kind,
    /// The order of its dates.
    pub date_order: Option<DateOrder>,
    /// How its numbers are written.
    pub numbers: Option<NumberFormat>,
    /// The one currency of its amounts, as an ISO 4217 code.
    pub currency: Option<&'static str>,
    /// How sure the guess is, from 0 to 1.
    pub confidence: f64,
    /// Why.
    pub evidence: Evidence,
}

/// The share of the values that a guess must read; the others are reported as exceptions.
const ENOUGH: f64 = 0.9;
const MOST_DISTINCT: usize = 1000;

/// Finds what a column holds from some of its values (a few hundred are enough).
pub fn infer<'a>(samples: impl IntoIterator<Item = &'a str>, hint: Hint) -> ColumnGuess {
    let mut blanks = 0;
    let mut values: Vec<&str> = Vec::new();
    for sample in samples {
        match sample.trim() {
            "" => blanks += 1,
            text if text.len() > 200 => values.push(&text[..text.floor_char_boundary(200)]),
            text => values.push(text),
        }
    }
    let distinct = values.iter().take(10 * MOST_DISTINCT).collect::<HashSet<_>>().len().min(MOST_DISTINCT);
    let column = Column { values, blanks, distinct, hint };
    if column.values.is_empty() {
        return column.guess(Kind::Blank, |_| true);
    }
    column
        .shapes()
        .or_else(|| column.dates())
        .or_else(|| column.numbers())
        .unwrap_or_else(|| column.guess(Kind::Text, |_| true))
}

struct Column<'a> {
    values: Vec<&'a str>,
    blanks: usize,
    distinct: usize,
    hint: Hint,
}

impl Column<'_> {
    fn count(&self, reads: impl Fn(&str) -> bool) -> usize {
        self.values.iter().filter(|value| reads(value)).count()
    }

    fn enough(&self, readable: usize) -> bool {
        readable as f64 >= self.values.len() as f64 * ENOUGH
    }

    fn guess(&self, kind: Kind, reads: impl Fn(&str) -> bool) -> ColumnGuess {
        let readable = self.count(&reads);
        let exception = self.values.iter().find(|value| !reads(value)).map(|value| (*value).to_owned());
        let share = readable as f64 / self.values.len().max(1) as f64;
        // Few values prove little: the confidence of one agreeing value is a half.
        let weight = self.values.len() as f64 / (self.values.len() as f64 + 1.0);
        ColumnGuess {
            kind,
            date_order: None,
            numbers: None,
            currency: None,
            confidence: share * share * weight,
            evidence: Evidence {
                values: self.values.len(),
                readable,
                blanks: self.blanks,
                distinct: self.distinct,
                exception,
                ..Evidence::default()
            },
        }
    }

    /// Kinds whose values cannot be taken for anything else.
    fn shapes(&self) -> Option<ColumnGuess> {
        type Shape = (Kind, fn(&str) -> bool);
        let all: [Shape; 5] = [
            (Kind::Email, is_email),
            (Kind::Url, is_url),
            (Kind::Phone, |value| is_phone(value) && !is_date_like(value)),
            (Kind::Boolean, |value| parse_bool(value).is_ok()),
            (Kind::Duration, |value| parse_duration(value).is_ok()),
        ];
        let (kind, reads) = all.into_iter().find(|(kind, reads)| {
            self.enough(self.count(reads)) && (*kind != Kind::Boolean || (self.distinct <= 2 && self.boolean_words()))
        })?;
        Some(self.guess(kind, reads))
    }

    /// Whether the words say yes or no by themselves; ones and zeros alone must both be there, and so must `x` and nothing.
    fn boolean_words(&self) -> bool {
        let words: HashSet<String> = self.values.iter().map(|value| value.to_lowercase()).collect();
        let has = |word: &str| words.contains(word);
        if words.iter().all(|word| word.len() == 1) {
            (has("0") && has("1"))
                || (has("o") && has("n"))
                || (has("y") && has("n"))
                || (has("t") && has("f"))
                || (has("v") && has("f"))
                || (has("x") && (self.blanks > 0 || has("-")))
        } else {
            true
        }
    }

    fn dates(&self) -> Option<ColumnGuess> {
        let reads = |order| move |value: &str| plausible_date(value, order);
        let mut orders: Vec<(DateOrder, usize)> =
            super::date::ORDERS.into_iter().map(|order| (order, self.count(reads(order)))).collect();
        // The hint wins between equals.
        orders.sort_by_key(|(order, count)| (std::cmp::Reverse(*count), *order != self.hint.date_order));
        let (order, readable) = orders[0];
        if !self.enough(readable) {
            return None;
        }
        let timed = self.count(|value| match parse_datetime(value, order) {
            Ok(Moment::Civil(at)) => at.time() != jiff::civil::Time::midnight() || value.contains(':'),
            Ok(Moment::Exact(_)) => true,
            Err(_) => false,
        });
        let kind = if timed > 0 { Kind::DateTime } else { Kind::Date };
        let mut guess = self.guess(kind, reads(order));
        let rival = orders[1];
        let differs = |value: &&&str| parse_datetime(value, order).ok() != parse_datetime(value, rival.0).ok();
        guess.evidence.ambiguous = rival.1 == readable && self.values.iter().any(|value| differs(&value));
        if rival.1 > 0 && rival.1 < readable {
            let decides = |value: &&&str| plausible_date(value, order) && !plausible_date(value, rival.0);
            guess.evidence.decisive = self.values.iter().find(|value| decides(value)).map(|value| (*value).to_owned());
        }
        if guess.evidence.ambiguous {
            guess.confidence /= 2.0;
        }
        guess.date_order = Some(order);
        Some(guess)
    }

    fn numbers(&self) -> Option<ColumnGuess> {
        let digits = |value: &str| value.bytes().all(|b| b.is_ascii_digit());
        let padded = self.count(|value| digits(value) && value.len() > 1 && value.starts_with('0'));
        if self.enough(self.count(is_postcode)) && self.distinct > 1 && padded * 100 >= self.values.len() {
            return Some(self.guess(Kind::Postcode, is_postcode));
        }
        if self.enough(self.count(digits)) && (padded > 0 || self.count(|value| value.len() > 15) > 0) {
            return Some(self.guess(Kind::Identifier, digits));
        }
        let formats = [NumberFormat::POINT, NumberFormat::COMMA];
        let count = |format| self.count(|value| reads_amount(value, format));
        let (point, comma) = (count(formats[0]), count(formats[1]));
        let format = match point.cmp(&comma) {
            std::cmp::Ordering::Greater => formats[0],
            std::cmp::Ordering::Less => formats[1],
            std::cmp::Ordering::Equal => self.tie(),
        };
        // Codes such as 85123A among numbers say that the numbers are codes too; words such as "n/a" do not.
        let codes = self.count(|value| !reads_amount(value, format) && value.contains(|c: char| c.is_ascii_digit()));
        if !self.enough(point.max(comma)) || codes * 100 > self.values.len() {
            return None;
        }
        let percents = self.count(|value| parse_percent(value, format).is_ok());
        let mut currencies: BTreeMap<&'static str, usize> = BTreeMap::new();
        for value in &self.values {
            if let Some(currency) = parse_money(value, format).ok().and_then(|money| money.currency) {
                *currencies.entry(currency).or_default() += 1;
            }
        }
        let whole = self
            .enough(self.count(|value| parse_number(value, format).is_ok_and(|number| number.is_integer())))
            && !self.values.iter().any(|value| value.contains(format.decimal));
        let kind = if percents * 2 > self.values.len() {
            Kind::Percent
        } else if currencies.values().sum::<usize>() * 2 > self.values.len() {
            Kind::Money
        } else if whole {
            Kind::Integer
        } else {
            Kind::Number
        };
        let mut guess = self.guess(kind, |value| reads_amount(value, format));
        let other = if format == formats[0] { formats[1] } else { formats[0] };
        let differs = |value: &&&str| parse_money(value, format).ok() != parse_money(value, other).ok();
        guess.evidence.ambiguous = point == comma && self.values.iter().any(|value| differs(&value));
        if point != comma {
            let decides = |value: &&&str| reads_amount(value, format) && !reads_amount(value, other);
            guess.evidence.decisive = self.values.iter().find(|value| decides(value)).map(|value| (*value).to_owned());
        }
        if guess.evidence.ambiguous {
            guess.confidence /= 2.0;
        }
        guess.numbers = Some(format);
        guess.currency = currencies.keys().next().copied().filter(|_| currencies.len() == 1);
        Some(guess)
    }

    /// Both formats read every value: `1,234` groups or has decimals. Values that all have groups of three could be either;
    /// the hint decides.
    fn tie(&self) -> NumberFormat {
        self.hint.numbers
    }
}

fn reads_amount(value: &str, format: NumberFormat) -> bool {
    parse_money(value, format).is_ok() || parse_percent(value, format).is_ok()
}

fn is_date_like(value: &str) -> bool {
    super::date::ORDERS.iter().any(|order| plausible_date(value, *order))
}

/// A date of a year that records speak of: a number such as 10203045 is no date.
fn plausible_date(value: &str, order: DateOrder) -> bool {
    let year = match parse_datetime(value, order) {
        Ok(Moment::Civil(at)) => at.year(),
        Ok(Moment::Exact(at)) => jiff::tz::TimeZone::UTC.to_datetime(at).year(),
        Err(_) => return false,
    };
    (1850..2150).contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str]) -> String {
        let guess = infer(values.iter().copied(), Hint::default());
        let numbers = guess.numbers.map(|numbers| numbers.decimal);
        let ColumnGuess { kind, date_order, currency, confidence, evidence, .. } = guess;
        format!(
            "{kind:?} {date_order:?} {numbers:?} {currency:?} {confidence:.2} {:?} {}",
            evidence.decisive, evidence.ambiguous
        )
    }

    #[test]
    fn columns_are_guessed() {
        let columns: [&[&str]; 25] = [
            &["3/1/2017", "14/2/2017"],
            &["3/1/2017", "2/14/2017"],
            &["3/1/2017", "4/2/2017"],
            &["2017-01-03", "2017-02-14 08:30"],
            &["19851217", "19910203", "20010101"],
            &["10203045", "99887766"],
            &["1 234,56 €", "12,00 €"],
            &["$1,234.56", "$12.00"],
            &["1,234", "5,678"],
            &["1,234", "5,67"],
            &["12 %", "7,5 %"],
            &["oui", "non", "oui"],
            &["1", "0", "1", "1"],
            &["1", "1", "1"],
            &["x", "", "x"],
            &["12", "7", "1 200"],
            &["59000", "01200", "75011"],
            &["000123", "000456"],
            &["a@b.example", "c@d.example"],
            &["01 99 00 12 34", "+33 6 39 98 12 34"],
            &["www.a.example", "https://b.example"],
            &["1 h 30", "45 min"],
            &["", " "],
            &["Durand", "12", "Morel"],
            &["85123", "85124", "85125", "85126", "85127", "85128", "85129", "85130", "85131", "85123A"],
        ];
        let lines: Vec<_> = columns.iter().map(|values| format!("{values:?}\n    {}", check(values))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        ["3/1/2017", "14/2/2017"]
            Date Some(DayMonthYear) None None 0.67 Some("14/2/2017") false
        ["3/1/2017", "2/14/2017"]
            Date Some(MonthDayYear) None None 0.67 Some("2/14/2017") false
        ["3/1/2017", "4/2/2017"]
            Date Some(DayMonthYear) None None 0.33 None true
        ["2017-01-03", "2017-02-14 08:30"]
            DateTime Some(YearMonthDay) None None 0.67 None false
        ["19851217", "19910203", "20010101"]
            Date Some(Compact) None None 0.75 None false
        ["10203045", "99887766"]
            Integer None Some(',') None 0.67 None false
        ["1 234,56 €", "12,00 €"]
            Money None Some(',') Some("EUR") 0.67 Some("1 234,56 €") false
        ["$1,234.56", "$12.00"]
            Money None Some('.') Some("USD") 0.67 Some("$1,234.56") false
        ["1,234", "5,678"]
            Number None Some(',') None 0.33 None true
        ["1,234", "5,67"]
            Number None Some(',') None 0.67 Some("5,67") false
        ["12 %", "7,5 %"]
            Percent None Some(',') None 0.67 Some("7,5 %") false
        ["oui", "non", "oui"]
            Boolean None None None 0.75 None false
        ["1", "0", "1", "1"]
            Boolean None None None 0.80 None false
        ["1", "1", "1"]
            Integer None Some(',') None 0.75 None false
        ["x", "", "x"]
            Boolean None None None 0.67 None false
        ["12", "7", "1 200"]
            Integer None Some(',') None 0.75 None false
        ["59000", "01200", "75011"]
            Postcode None None None 0.75 None false
        ["000123", "000456"]
            Identifier None None None 0.67 None false
        ["a@b.example", "c@d.example"]
            Email None None None 0.67 None false
        ["01 99 00 12 34", "+33 6 39 98 12 34"]
            Phone None None None 0.67 None false
        ["www.a.example", "https://b.example"]
            Url None None None 0.67 None false
        ["1 h 30", "45 min"]
            Duration None None None 0.67 None false
        ["", " "]
            Blank None None None 0.00 None false
        ["Durand", "12", "Morel"]
            Text None None None 0.75 None false
        ["85123", "85124", "85125", "85126", "85127", "85128", "85129", "85130", "85131", "85123A"]
            Text None None None 0.91 None false
        "#);
    }

    #[test]
    fn the_hint_decides_what_values_leave_open() {
        let guess = infer(["3/1/2017", "4/2/2017"], Hint::US);
        assert_eq!((guess.date_order, guess.evidence.ambiguous), (Some(DateOrder::MonthDayYear), true));
        let guess = infer(["1,234", "5,678"], Hint::US);
        assert_eq!((guess.kind, guess.evidence.ambiguous), (Kind::Integer, true));
    }

    #[test]
    fn exceptions_are_shown() {
        let mut values = vec!["12"; 30];
        values.push("n/a");
        let guess = infer(values, Hint::default());
        assert_eq!((guess.kind, guess.evidence.exception.as_deref()), (Kind::Integer, Some("n/a")));
    }
}
