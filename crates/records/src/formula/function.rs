use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use super::value::{Val, finite, whole};
use super::{FormulaError, MAX_TEXT};

/// A function, called as `f(x, …)` or `x.f(…)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Function {
    Blank,
    Coalesce,
    Size,
    Lower,
    Upper,
    Trim,
    Contains,
    StartsWith,
    EndsWith,
    Replace,
    Substring,
    Split,
    Join,
    Text,
    Int,
    Double,
    Round,
    Floor,
    Ceil,
    Abs,
    Min,
    Max,
    Sum,
    Date,
    Timestamp,
    Days,
    AddMonths,
    Year,
    Month,
    Day,
    Weekday,
    Hour,
}

/// A function's name, how it is written, and how many arguments it takes.
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    pub(super) arguments: std::ops::RangeInclusive<usize>,
    pub(super) function: Function,
}

const ANY: usize = 50;

const fn f(name: &'static str, usage: &'static str, from: usize, to: usize, function: Function) -> Signature {
    Signature { name, usage, arguments: from..=to, function }
}

/// Every function but `matches`, whose pattern is read when the expression is compiled.
pub(super) const FUNCTIONS: &[Signature] = &[
    f("blank", "blank(x)", 1, 1, Function::Blank),
    f("coalesce", "coalesce(a, b, …)", 1, ANY, Function::Coalesce),
    f("size", "size(text or list)", 1, 1, Function::Size),
    f("lower", "lower(text)", 1, 1, Function::Lower),
    f("lowerAscii", "text.lowerAscii()", 1, 1, Function::Lower),
    f("upper", "upper(text)", 1, 1, Function::Upper),
    f("upperAscii", "text.upperAscii()", 1, 1, Function::Upper),
    f("trim", "trim(text)", 1, 1, Function::Trim),
    f("contains", "text.contains(part)", 2, 2, Function::Contains),
    f("startsWith", "text.startsWith(part)", 2, 2, Function::StartsWith),
    f("endsWith", "text.endsWith(part)", 2, 2, Function::EndsWith),
    f("replace", "text.replace(old, new)", 3, 3, Function::Replace),
    f("substring", "text.substring(from) or text.substring(from, to)", 2, 3, Function::Substring),
    f("split", "text.split(separator)", 2, 2, Function::Split),
    f("join", "list.join() or list.join(separator)", 1, 2, Function::Join),
    f("string", "string(x)", 1, 1, Function::Text),
    f("int", "int(x)", 1, 1, Function::Int),
    f("double", "double(x)", 1, 1, Function::Double),
    f("round", "round(x) or round(x, decimals)", 1, 2, Function::Round),
    f("floor", "floor(x)", 1, 1, Function::Floor),
    f("ceil", "ceil(x)", 1, 1, Function::Ceil),
    f("abs", "abs(x)", 1, 1, Function::Abs),
    f("min", "min(a, b, …) or min(list)", 1, ANY, Function::Min),
    f("max", "max(a, b, …) or max(list)", 1, ANY, Function::Max),
    f("sum", "sum(a, b, …) or sum(list)", 1, ANY, Function::Sum),
    f("date", "date(\"2026-12-31\"), date(moment) or date(year, month, day)", 1, 3, Function::Date),
    f("timestamp", "timestamp(\"2026-12-31T08:00:00Z\")", 1, 1, Function::Timestamp),
    f("days", "days(from, to)", 2, 2, Function::Days),
    f("add_months", "add_months(day, months)", 2, 2, Function::AddMonths),
    f("year", "year(day)", 1, 1, Function::Year),
    f("month", "month(day)", 1, 1, Function::Month),
    f("day", "day(day)", 1, 1, Function::Day),
    f("weekday", "weekday(day), from 1 for Monday", 1, 1, Function::Weekday),
    f("hour", "hour(moment)", 1, 1, Function::Hour),
];

impl Function {
    fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|s| s.function == self).map_or("", |s| s.name)
    }

    /// The function of these arguments; days are counted in `zone`.
    pub(super) fn call<'a>(self, mut args: Vec<Val<'a>>, zone: &TimeZone) -> Result<Val<'a>, FormulaError> {
        use Function as F;
        match self {
            F::Blank => return Ok(Val::Bool(args.iter().all(Val::is_blank))),
            F::Coalesce => return Ok(args.into_iter().find(|v| !v.is_blank()).unwrap_or(Val::Null)),
            F::Min | F::Max | F::Sum => return self.aggregate(args, zone),
            F::Size if args[0] == Val::Null => return Ok(Val::Int(0)),
            _ if args.contains(&Val::Null) => return Ok(Val::Null),
            _ => {}
        }
        let first = std::mem::replace(&mut args[0], Val::Null);
        let rest = &args[1..];
        let wrong =
            |found: &str| FormulaError::Operands { operation: format!("{}()", self.name()), found: found.to_owned() };
        match self {
            F::Size => match first {
                Val::Text(text) => Ok(Val::Int(text.chars().count() as i64)),
                other => {
                    let kind = other.kind();
                    other.elements().map(|l| Val::Int(l.len() as i64)).ok_or_else(|| wrong(kind))
                }
            },
            F::Lower
            | F::Upper
            | F::Trim
            | F::Contains
            | F::StartsWith
            | F::EndsWith
            | F::Replace
            | F::Substring
            | F::Split => {
                if let (F::Contains, Val::List(list)) = (self, &first) {
                    return Ok(Val::Bool(list.iter().any(|v| v.equals(&rest[0], zone))));
                }
                let Val::Text(text) = &first else { return Err(wrong(first.kind())) };
                self.on_text(text, rest).map_err(|e| e.unwrap_or_else(|| wrong("these arguments")))
            }
            F::Join => {
                let kind = first.kind();
                let list = first.elements().ok_or_else(|| wrong(kind))?;
                let separator = match rest.first() {
                    None => "",
                    Some(Val::Text(text)) => text,
                    Some(other) => return Err(wrong(other.kind())),
                };
                let mut out = String::new();
                for item in list.iter().filter(|item| **item != Val::Null) {
                    if !out.is_empty() {
                        out.push_str(separator);
                    }
                    out.push_str(&written(item, zone).ok_or_else(|| wrong(item.kind()))?);
                    if out.len() > MAX_TEXT {
                        return Err(FormulaError::LongText);
                    }
                }
                Ok(Val::text(out))
            }
            F::Text => written(&first, zone).map(Val::text).ok_or_else(|| wrong(first.kind())),
            F::Int | F::Double => match &first {
                Val::Text(text) => match text.trim().parse::<f64>() {
                    Ok(n) if n.is_finite() => Ok(if self == F::Int { integral(n.trunc()) } else { Val::Number(n) }),
                    _ => Err(FormulaError::Unreadable { text: text.to_string(), expected: "a number" }),
                },
                Val::Bool(b) => Ok(Val::Int(i64::from(*b))),
                Val::Int(n) if self == F::Int => Ok(Val::Int(*n)),
                other => {
                    let n = other.number().ok_or_else(|| wrong(other.kind()))?;
                    Ok(if self == F::Int { integral(n.trunc()) } else { Val::Number(n) })
                }
            },
            F::Round | F::Floor | F::Ceil | F::Abs => {
                if let Val::Int(n) = first
                    && rest.is_empty()
                {
                    return Ok(if self == F::Abs {
                        n.checked_abs().map_or(Val::Number((n as f64).abs()), Val::Int)
                    } else {
                        Val::Int(n)
                    });
                }
                let n = first.number().ok_or_else(|| wrong(first.kind()))?;
                Ok(match (self, rest) {
                    (F::Floor, _) => integral(n.floor()),
                    (F::Ceil, _) => integral(n.ceil()),
                    (F::Abs, _) => Val::Number(n.abs()),
                    (_, []) => integral(n.round()),
                    (_, [Val::Int(decimals @ 0..=15), ..]) => rounded(n, *decimals as usize),
                    _ => return Err(wrong("decimals outside 0 to 15")),
                })
            }
            F::Date => self.date(&first, rest, zone),
            F::Timestamp => match &first {
                Val::Text(text) => match text.trim().parse::<Timestamp>() {
                    Ok(at) => Ok(Val::Moment(at)),
                    Err(_) => Err(FormulaError::Unreadable {
                        text: text.to_string(),
                        expected: "a moment such as 2026-12-31T08:00:00Z",
                    }),
                },
                Val::Moment(at) => Ok(Val::Moment(*at)),
                other => Err(wrong(other.kind())),
            },
            F::Hour => match &first {
                Val::Moment(at) => Ok(Val::Int(i64::from(at.to_zoned(zone.clone()).hour()))),
                other => Err(wrong(other.kind())),
            },
            F::Days => {
                let from = first.day(zone).ok_or_else(|| wrong(first.kind()))?;
                let to = rest[0].day(zone).ok_or_else(|| wrong(rest[0].kind()))?;
                Ok(Val::Int(days_between(from, to)))
            }
            F::AddMonths => {
                let day = first.day(zone).ok_or_else(|| wrong(first.kind()))?;
                let months = rest[0].number().and_then(whole).ok_or_else(|| wrong(rest[0].kind()))?;
                let span = Span::new().try_months(months).map_err(|_| FormulaError::OutOfCalendar)?;
                day.checked_add(span).map(Val::Date).map_err(|_| FormulaError::OutOfCalendar)
            }
            F::Year | F::Month | F::Day | F::Weekday => {
                let day = first.day(zone).ok_or_else(|| wrong(first.kind()))?;
                Ok(Val::Int(match self {
                    F::Year => i64::from(day.year()),
                    F::Month => i64::from(day.month()),
                    F::Day => i64::from(day.day()),
                    _ => i64::from(day.weekday().to_monday_one_offset()),
                }))
            }
            F::Blank | F::Coalesce | F::Min | F::Max | F::Sum => Ok(Val::Null),
        }
    }

    /// A function of a text; `Err(None)` for arguments of a wrong type.
    fn on_text<'a>(self, text: &str, rest: &[Val<'a>]) -> Result<Val<'a>, Option<FormulaError>> {
        let argument = |i: usize| match rest.get(i) {
            Some(Val::Text(text)) => Ok(text.as_ref()),
            _ => Err(None),
        };
        let at = |i: usize| rest.get(i).and_then(Val::number).and_then(whole).ok_or(None);
        let owned = |text: String| {
            if text.len() > MAX_TEXT { Err(Some(FormulaError::LongText)) } else { Ok(Val::text(text)) }
        };
        match self {
            Function::Lower => owned(text.to_lowercase()),
            Function::Upper => owned(text.to_uppercase()),
            Function::Trim => owned(text.trim().to_owned()),
            Function::Contains => Ok(Val::Bool(text.contains(argument(0)?))),
            Function::StartsWith => Ok(Val::Bool(text.starts_with(argument(0)?))),
            Function::EndsWith => Ok(Val::Bool(text.ends_with(argument(0)?))),
            Function::Replace => {
                let (old, new) = (argument(0)?, argument(1)?);
                let times = text.matches(old).count();
                if text.len().saturating_add(times.saturating_mul(new.len())) > MAX_TEXT {
                    return Err(Some(FormulaError::LongText));
                }
                owned(text.replace(old, new))
            }
            Function::Substring => {
                let from = at(0)?.max(0) as usize;
                let to = if rest.len() > 1 { at(1)?.max(0) as usize } else { usize::MAX };
                owned(text.chars().skip(from).take(to.saturating_sub(from)).collect())
            }
            _ => {
                Ok(Val::List(text.split(argument(0)?).take(super::MAX_LIST).map(|t| Val::text(t.to_owned())).collect()))
            }
        }
    }

    /// Least, greatest or sum of the arguments or of one list; nulls do not count.
    fn aggregate<'a>(self, args: Vec<Val<'a>>, zone: &TimeZone) -> Result<Val<'a>, FormulaError> {
        let wrong =
            |found: &str| FormulaError::Operands { operation: format!("{}()", self.name()), found: found.to_owned() };
        let mut flat = Vec::with_capacity(args.len());
        for arg in args {
            match arg {
                Val::List(list) => flat.extend(list),
                json @ Val::Json(serde_json::Value::Array(_)) => flat.extend(json.elements().unwrap_or_default()),
                other => flat.push(other),
            }
        }
        let mut best: Option<Val> = None;
        for value in flat.into_iter().filter(|v| *v != Val::Null) {
            best = Some(match best {
                None if self == Function::Sum && value.number().is_none() => return Err(wrong(value.kind())),
                None => value,
                Some(sum) if self == Function::Sum => match (&sum, &value) {
                    (Val::Int(a), Val::Int(b)) => a.checked_add(*b).map_or(finite(*a as f64 + *b as f64), Val::Int),
                    _ => match (sum.number(), value.number()) {
                        (Some(a), Some(b)) => finite(a + b),
                        _ => return Err(wrong(value.kind())),
                    },
                },
                Some(best) => {
                    let order = value
                        .order(&best, zone)
                        .ok_or_else(|| wrong(&format!("{} and {}", best.kind(), value.kind())))?;
                    let better = if self == Function::Min { order.is_lt() } else { order.is_gt() };
                    if better { value } else { best }
                }
            });
        }
        Ok(best.unwrap_or(Val::Null))
    }

    fn date<'a>(self, first: &Val<'a>, rest: &[Val<'a>], zone: &TimeZone) -> Result<Val<'a>, FormulaError> {
        if !rest.is_empty() {
            let parts: Option<Vec<i64>> =
                std::iter::once(first).chain(rest).map(|v| v.number().and_then(whole)).collect();
            return match parts.as_deref() {
                Some(&[year, month, day]) => {
                    let day = i16::try_from(year).ok().zip(i8::try_from(month).ok()).zip(i8::try_from(day).ok());
                    let date = day.and_then(|((y, m), d)| Date::new(y, m, d).ok());
                    date.map(Val::Date).ok_or(FormulaError::OutOfCalendar)
                }
                _ => {
                    Err(FormulaError::Operands { operation: "date()".to_owned(), found: "these arguments".to_owned() })
                }
            };
        }
        match first {
            Val::Text(text) => match text.trim().parse::<Date>() {
                Ok(day) => Ok(Val::Date(day)),
                Err(_) => {
                    Err(FormulaError::Unreadable { text: text.to_string(), expected: "a day such as 2026-12-31" })
                }
            },
            other => other.day(zone).map(Val::Date).ok_or_else(|| FormulaError::Operands {
                operation: "date()".to_owned(),
                found: other.kind().to_owned(),
            }),
        }
    }
}

/// Whole days from one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// The day so many days later.
pub(super) fn day_after(day: Date, days: f64) -> Result<Date, FormulaError> {
    let days = whole(days.floor()).and_then(|d| i32::try_from(d).ok()).ok_or(FormulaError::OutOfCalendar)?;
    let span = Span::new().try_days(days).map_err(|_| FormulaError::OutOfCalendar)?;
    day.checked_add(span).map_err(|_| FormulaError::OutOfCalendar)
}

/// The moment so many days of 24 hours later.
pub(super) fn moment_after(at: Timestamp, days: f64) -> Result<Timestamp, FormulaError> {
    let micros = whole((days * 86_400e6).round()).ok_or(FormulaError::OutOfCalendar)?;
    at.checked_add(jiff::SignedDuration::from_micros(micros)).map_err(|_| FormulaError::OutOfCalendar)
}

/// A whole number when it fits, else a floating one.
fn integral<'a>(n: f64) -> Val<'a> {
    whole(n).map_or_else(|| finite(n), Val::Int)
}

/// Half away from zero on the shortest decimal writing, so that 2.675 rounds to 2.68.
fn rounded<'a>(n: f64, decimals: usize) -> Val<'a> {
    let exact = n.to_string().parse::<rust_decimal::Decimal>();
    let Ok(exact) = exact else { return finite(n) };
    let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    let text = exact.round_dp_with_strategy(decimals as u32, strategy).to_string();
    text.parse().map_or_else(|_| finite(n), Val::Number)
}

/// How a value is written in a text; `None` for lists and composite values.
pub(super) fn written(value: &Val, zone: &TimeZone) -> Option<String> {
    Some(match value {
        Val::Bool(b) => b.to_string(),
        Val::Int(n) => n.to_string(),
        Val::Number(n) => n.to_string(),
        Val::Text(text) => text.clone().into_owned(),
        Val::Date(day) => day.to_string(),
        Val::Moment(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        Val::Composite(model::Value::Money(money)) => money.to_string(),
        Val::Composite(model::Value::Name(name)) => name.full(),
        Val::Composite(model::Value::Address(address)) => address.line(),
        Val::Entry(entry) => entry.value.clone(),
        Val::File(file) => file.name.clone(),
        Val::Reference(_, id) => id.clone(),
        _ => return None,
    })
}
