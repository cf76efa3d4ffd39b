use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::Ctx;
use serde::{Deserialize, Serialize};

/// A calendar unit; weeks start on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// The first day of a unit counted from the current one: `{month, -1}` is the first of last month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// The unit.
    pub unit: Unit,
    /// How many units away.
    pub offset: i32,
}

/// From the start of one unit to the end of another: `{day, 0, 0}` is today, `{month, -3, -1}` the last three months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The unit.
    pub unit: Unit,
    /// The first, counted from the current one.
    pub from: i32,
    /// The last, included.
    pub to: i32,
}

impl Relative {
    /// The day, in the actor's calendar; `None` beyond the year 9999.
    pub fn day(self, ctx: &Ctx) -> Option<Date> {
        start(ctx.today(), self.unit, self.offset)
    }
}

impl Span {
    /// Today, yesterday (`-1`), tomorrow (`1`).
    pub const fn day(offset: i32) -> Span {
        Span { unit: Unit::Day, from: offset, to: offset }
    }

    /// The first day, and the day after the last.
    pub fn days(self, ctx: &Ctx) -> Option<(Date, Date)> {
        let today = ctx.today();
        Some((start(today, self.unit, self.from)?, start(today, self.unit, self.to.checked_add(1)?)?))
    }

    /// The first moment, and the moment after the last, in the actor's zone.
    pub fn moments(self, ctx: &Ctx) -> Option<(Timestamp, Timestamp)> {
        let (from, to) = self.days(ctx)?;
        let at = |day: Date| Some(day.to_zoned(ctx.zone.clone()).ok()?.timestamp());
        Some((at(from)?, at(to)?))
    }
}

fn start(today: Date, unit: Unit, offset: i32) -> Option<Date> {
    let n = i64::from(offset);
    let add = |date: Date, span: jiff::Span| date.checked_add(span).ok();
    let span = |make: fn(jiff::Span, i64) -> Result<jiff::Span, jiff::Error>, n| make(jiff::Span::new(), n).ok();
    match unit {
        Unit::Day => add(today, span(jiff::Span::try_days, n)?),
        Unit::Week => {
            let monday = add(today, -i64::from(today.weekday().to_monday_zero_offset()).days())?;
            add(monday, span(jiff::Span::try_weeks, n)?)
        }
        Unit::Month => add(today.first_of_month(), span(jiff::Span::try_months, n)?),
        Unit::Quarter => {
            let first = jiff::civil::date(today.year(), (today.month() - 1) / 3 * 3 + 1, 1);
            add(first, span(jiff::Span::try_months, n * 3)?)
        }
        Unit::Year => add(today.first_of_year(), span(jiff::Span::try_years, n)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_start_where_calendars_start_them() {
        let ctx = Ctx::system("t", "2026-03-18T23:30:00Z".parse().unwrap());
        let day = |unit, offset| Relative { unit, offset }.day(&ctx).unwrap().to_string();
        assert_eq!(day(Unit::Day, -1), "2026-03-17");
        assert_eq!(day(Unit::Week, 0), "2026-03-16");
        assert_eq!(day(Unit::Month, -1), "2026-02-01");
        assert_eq!(day(Unit::Quarter, -1), "2025-10-01");
        assert_eq!(day(Unit::Year, 1), "2027-01-01");
        assert_eq!(Relative { unit: Unit::Year, offset: i32::MAX }.day(&ctx), None);
    }

    #[test]
    fn today_is_the_actor_s_day() {
        let mut ctx = Ctx::system("t", "2026-03-18T23:30:00Z".parse().unwrap());
        ctx.zone = kernel::Zone::get("Europe/Paris").unwrap();
        let (from, to) = Span::day(0).moments(&ctx).unwrap();
        assert_eq!(
            (from.to_string().as_str(), to.to_string().as_str()),
            ("2026-03-18T23:00:00Z", "2026-03-19T23:00:00Z")
        );
    }
}
