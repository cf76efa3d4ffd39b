//! Where somebody stands in a customer's life, and what the relation is worth.

use jiff::SignedDuration;
use kernel::Timestamp;
use model::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tally;

/// From when to when somebody is what: suspect → prospect → new customer → loyal → advocate, and inactive. Editable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifecycle {
    /// Events that make a suspect a prospect.
    pub prospect_events: i64,
    /// Purchases that make a customer loyal.
    pub loyal_orders: i64,
    /// Reviews, shares and invitations that make a loyal customer an advocate.
    pub advocate_praise: i64,
    /// Days without a purchase after which a customer is inactive.
    pub inactive_days: i64,
}

impl Default for Lifecycle {
    fn default() -> Lifecycle {
        Lifecycle { prospect_events: 1, loyal_orders: 3, advocate_praise: 1, inactive_days: 730 }
    }
}

impl Lifecycle {
    /// The name of the setting that holds it.
    pub const SETTING: &str = "lifecycle";

    /// Reads the setting; the usual limits where it cannot be read.
    pub fn read(setting: Option<Json>) -> Lifecycle {
        setting.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
    }

    /// Whether the limits make sense.
    ///
    /// Errors with the first that does not: counts from 1 to 1,000, days from 1 to 36,500.
    pub fn check(&self) -> Result<(), Problem> {
        let counts = [
            ("prospect_events", self.prospect_events, 1_000),
            ("loyal_orders", self.loyal_orders, 1_000),
            ("advocate_praise", self.advocate_praise, 1_000),
            ("inactive_days", self.inactive_days, 36_500),
        ];
        match counts.iter().find(|(_, value, most)| !(1..=*most).contains(value)) {
            Some((name, _, most)) => Err(Problem::new(*name, "lifecycle-limit").number("max", *most)),
            None => Ok(()),
        }
    }

    /// The stage of somebody who did this. What a source or a steward says comes first.
    pub fn stage(&self, value: Option<&Worth>, said: Option<&str>, now: Timestamp) -> &'static str {
        if let Some((known, _)) = super::STAGES.iter().find(|(stage, _)| Some(*stage) == said) {
            return known;
        }
        let Some(value) = value else { return "suspect" };
        match value.orders {
            0 if value.events < self.prospect_events => "suspect",
            0 => "prospect",
            _ if value.last_order_at.is_none_or(|at| at < self.inactive_before(now)) => "inactive",
            orders if orders < self.loyal_orders => "new_customer",
            _ if value.praise < self.advocate_praise => "loyal",
            _ => "advocate",
        }
    }

    /// Customers whose last purchase was before this moment are inactive.
    pub fn inactive_before(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(SignedDuration::from_hours(24 * self.inactive_days.clamp(1, 36_500))).unwrap_or(Timestamp::MIN)
    }
}

/// What somebody did, over all identifiers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// Events.
    pub events: i64,
    /// When the first happened.
    pub first_at: Timestamp,
    /// When the last happened.
    pub last_at: Timestamp,
    /// Purchases.
    pub orders: i64,
    /// What they came to in the currency in which most was spent, in hundredths, with its code.
    pub spent: Option<(i64, String)>,
    /// When the last purchase was made.
    pub last_order_at: Option<Timestamp>,
    /// Times it spoke for us.
    pub praise: i64,
}

impl Worth {
    /// The sum of tallies; nothing of none.
    pub fn of(tallies: &[Tally]) -> Option<Worth> {
        let mut all = tallies.first()?.clone();
        tallies[1..].iter().for_each(|tally| all.add(tally));
        let most = all.spent.into_iter().max_by_key(|(_, amount)| *amount).map(|(currency, amount)| (amount, currency));
        Some(Worth {
            events: all.events,
            first_at: all.first_at,
            last_at: all.last_at,
            orders: all.orders,
            spent: most,
            last_order_at: all.last_order_at,
            praise: all.praise,
        })
    }

    /// Recency, frequency and monetary value, each from 1 to 5 (Hughes, *Strategic Database Marketing*, 1994), by fixed limits, so that
    /// one customer's score does not depend on the others: days since the last purchase, purchases, and what they came to.
    pub fn rfm(&self, now: Timestamp) -> Option<[u8; 3]> {
        let days = now.duration_since(self.last_order_at?).as_hours() / 24;
        let spent = self.spent.as_ref().map_or(0, |(amount, _)| amount / 100);
        let up = |value: i64, limits: [i64; 4]| 1 + limits.iter().filter(|limit| value >= **limit).count() as u8;
        let recency = 6 - up(days, [31, 91, 181, 366]);
        Some([recency, up(self.orders, [2, 3, 6, 10]), up(spent, [100, 300, 800, 2_000])])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::Id;

    use super::*;

    const NOW: &str = "2026-03-02T09:00:00Z";

    fn worth(events: i64, orders: i64, last: &str, praise: i64) -> Worth {
        let tally = Tally {
            source: Id::named("s"),
            key: "user/1".to_owned(),
            events,
            first_at: NOW.parse().unwrap(),
            last_at: NOW.parse().unwrap(),
            orders,
            spent: BTreeMap::from([("EUR".to_owned(), 45_000), ("USD".to_owned(), 100)]),
            last_order_at: last.parse().ok(),
            praise,
            reached: BTreeMap::new(),
        };
        Worth::of(&[tally]).unwrap()
    }

    #[test]
    fn a_customers_life() {
        let stage = |worth: &Worth| Lifecycle::default().stage(Some(worth), None, NOW.parse().unwrap());
        assert_eq!(Lifecycle::default().stage(None, None, NOW.parse().unwrap()), "suspect");
        assert_eq!(stage(&worth(0, 0, "", 0)), "suspect");
        assert_eq!(stage(&worth(1, 0, "", 0)), "prospect");
        assert_eq!(stage(&worth(5, 1, "2026-02-01T00:00:00Z", 0)), "new_customer");
        assert_eq!(stage(&worth(5, 3, "2026-02-01T00:00:00Z", 0)), "loyal");
        assert_eq!(stage(&worth(5, 3, "2026-02-01T00:00:00Z", 1)), "advocate");
        assert_eq!(stage(&worth(5, 9, "2023-02-01T00:00:00Z", 9)), "inactive");
        let said = Lifecycle::default().stage(Some(&worth(5, 0, "", 0)), Some("unqualified"), NOW.parse().unwrap());
        assert_eq!(said, "unqualified");
    }

    #[test]
    fn recency_frequency_and_value() {
        let rfm = |worth: &Worth| worth.rfm(NOW.parse().unwrap());
        assert_eq!(rfm(&worth(1, 1, "2026-02-20T00:00:00Z", 0)), Some([5, 1, 3]));
        assert_eq!(rfm(&worth(1, 12, "2024-02-20T00:00:00Z", 0)), Some([1, 5, 3]));
        assert_eq!(rfm(&worth(1, 0, "", 0)), None);
    }
}
