//! The time limit: one month from the receipt, two more where it was extended (RGPD, article 12.3).

use std::sync::{Arc, Mutex};

use jiff::ToSpan;
use kernel::civil::Date;
use model::{Fields, Filter, Ident, Op as Is, Operand, Query, Record, Value};
use records::{Mode, Op, RecordError, Space};

use super::{CLOSED_ON, DEADLINE, DUE_ON, EXTENDED, PAUSED_DAYS, RECEIVED_ON, STATE};

/// Days before the end from which a request is urgent.
const SOON: i64 = 7;
/// Requests written together.
const CHUNK: u32 = 200;
/// The zone in whose days time limits are counted.
const ZONE: &str = "Europe/Paris";

/// How urgent a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// There is time.
    Open,
    /// A week or less.
    Soon,
    /// The time is over.
    Overdue,
    /// The time stands still until the requester's identity is sure.
    Waiting,
    /// It was answered or refused.
    Closed,
}

impl Deadline {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Deadline::Open => "open",
            Deadline::Soon => "soon",
            Deadline::Overdue => "overdue",
            Deadline::Waiting => "waiting",
            Deadline::Closed => "closed",
        }
    }

    /// How urgent a request is on a day.
    pub fn of(request: &Record, today: Date) -> Deadline {
        let due = request.get(DUE_ON).unwrap_or(today);
        match request.get(STATE).as_deref() {
            Some("answered" | "refused") => Deadline::Closed,
            Some("identity_check") => Deadline::Waiting,
            _ if due < today => Deadline::Overdue,
            _ if due <= today.saturating_add(SOON.days()) => Deadline::Soon,
            _ => Deadline::Open,
        }
    }
}

/// Until when a request must be answered: the same day of the next month, its last day where it has no such day, as Regulation (EEC,
/// Euratom) n° 1182/71, article 3, counts months; two months later where extended, and as many days later as the time stood still. That
/// an end on a holiday moves to the next working day is left out: nobody is late for answering before.
pub fn due_on(received: Date, extended: bool, paused_days: i64) -> Date {
    plus_months(received, if extended { 3 } else { 1 }).saturating_add(paused_days.clamp(0, 3_650).days())
}

pub(crate) fn plus_months(day: Date, months: i32) -> Date {
    day.saturating_add(months.months())
}

/// The deadline of a draft or a record as its fields have it.
pub(super) fn due_of(request: &Record) -> Option<Date> {
    let extended = request.get(EXTENDED) == Some(true);
    Some(due_on(request.get(RECEIVED_ON)?, extended, request.get(PAUSED_DAYS).unwrap_or(0)))
}

/// The day on which requests were last looked through in this process.
#[derive(Default)]
struct Looked(Mutex<Option<Date>>);

/// Once a day marks the requests that became urgent or late. Each is marked once, whatever happens: a mark that stands is not written.
pub(crate) async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let zone = kernel::Zone::get(ZONE).unwrap_or(kernel::Zone::UTC);
    let ctx = kernel::Ctx { zone, via: kernel::Via::Rule, ..space.system_ctx() };
    let (today, looked) = (ctx.today(), space.kept::<Looked>());
    if *looked.0.lock().expect("not poisoned") == Some(today) {
        return Ok(false);
    }
    let object = Ident::of("rights_request");
    let open =
        Filter::is(Ident::of(DEADLINE.name()), Is::In, Operand::Values(["open", "soon"].map(Value::from).into()));
    let late = DUE_ON.lt(today.saturating_add((SOON + 1).days()));
    let mut query = Query::of(object.clone()).filter(CLOSED_ON.is_null()).filter(open).filter(late).limit(CHUNK);
    let mut any = false;
    loop {
        let page = space.list(&ctx, &query).await?;
        let ops: Vec<Op> = page
            .records
            .iter()
            .filter(|r| r.get(DEADLINE).as_deref() != Some(Deadline::of(r, today).as_str()))
            .map(|r| Op::Update {
                id: r.id(),
                fields: Fields::from_iter([(Ident::of(DEADLINE.name()), Value::from(Deadline::of(r, today).as_str()))]),
                version: None,
            })
            .collect();
        if !ops.is_empty() {
            any = true;
            for result in space.write(&ctx, &object, ops, Mode::EACH).await? {
                result?;
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    *looked.0.lock().expect("not poisoned") = Some(today);
    Ok(any)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_ends_on_the_same_day_or_the_last() {
        assert_eq!(due_on(date(2026, 1, 15), false, 0), date(2026, 2, 15));
        assert_eq!(due_on(date(2026, 1, 31), false, 0), date(2026, 2, 28));
        assert_eq!(due_on(date(2026, 1, 31), true, 0), date(2026, 4, 30));
        assert_eq!(due_on(date(2026, 3, 1), false, 10), date(2026, 4, 11));
    }
}
