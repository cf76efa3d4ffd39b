//! Follows the events and adds up what each identifier did: visits, purchases, words in our favour.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::Id;
use records::{RecordError, Space};
use serde_json::{Map, Value as Json};
use store::{Event, Tally};

use crate::identity::{Linkers, Sources, lock};
use crate::profile::{keep_latest, refresh, told};

/// The name of the position up to which events were added up.
pub(crate) const POSITION: &str = "events tallied";
/// Events looked at in one write where nobody waits for it: some 60 ms where each is the first of its profile.
const CHUNK: u32 = 250;
/// What speaks for us, in the names of the Segment specification for commerce.
const PRAISE: [&str; 6] =
    ["Product Reviewed", "Product Shared", "Cart Shared", "Review Submitted", "Friend Invited", "Invite Sent"];

/// Adds up the events that came since the last time. Each is counted once, whatever happens: what is added up, the profiles that
/// change with it and how far it went are written together.
pub async fn tally(space: Arc<Space>) -> Result<bool, RecordError> {
    let position = space.store.read().await?.position(POSITION).await?;
    if space.store.read().await?.events_after(position, 1).await?.0.is_empty() {
        return Ok(false);
    }
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let counted = space.take_up(CHUNK, move |cx, most| {
        Box::pin(async move {
            // In the order in which everybody takes them.
            lock(cx).await?;
            let position = cx.writer.lock_position(POSITION).await?;
            let (events, next) = cx.writer.events_after(position, most).await?;
            let mut fresh: BTreeMap<(Id, String), Tally> = BTreeMap::new();
            for event in &events {
                let one = count(event);
                fresh.entry((one.source, one.key.clone())).and_modify(|held| held.add(&one)).or_insert(one);
            }
            let keys: Vec<(Id, String)> = fresh.keys().cloned().collect();
            // A profile changes with its first event, and with what it buys or recommends.
            let mut telling: BTreeSet<(Id, String)> = fresh.keys().cloned().collect();
            for held in cx.writer.tallies(&keys).await? {
                let key = (held.source, held.key.clone());
                if let Some(new) = fresh.get_mut(&key) {
                    if new.orders == 0 && new.praise == 0 && new.spent.is_empty() && new.reached.is_empty() {
                        telling.remove(&key);
                    }
                    new.add(&held);
                    keep_latest(new);
                }
            }
            cx.writer.put_tallies(&fresh.into_values().collect::<Vec<_>>()).await?;
            let telling: Vec<(Id, String)> = telling.into_iter().collect();
            let records: Vec<Id> =
                cx.writer.records_called(&telling).await?.into_iter().map(|(.., record)| record).collect();
            let profiles: BTreeSet<Id> =
                cx.writer.entries(&records).await?.into_iter().map(|entry| entry.profile).collect();
            refresh(cx, &sources, &linkers, &profiles).await?;
            cx.writer.set_position(POSITION, next).await?;
            Ok(events.len())
        })
    });
    Ok(counted.await? > 0)
}

/// One event as a tally of its identifier.
fn count(event: &Event) -> Tally {
    let key = match (&event.user_id, &event.anonymous_id) {
        (Some(user), _) => format!("user/{user}"),
        (None, Some(anonymous)) => format!("anonymous/{anonymous}"),
        (None, None) => format!("group/{}", event.group_id.as_deref().unwrap_or_default()),
    };
    let name = event.name.as_deref().filter(|_| event.kind == "track").unwrap_or_default();
    let (bought, returned) = (name == "Order Completed", name == "Order Refunded");
    let mut spent = BTreeMap::new();
    if bought || returned {
        let json: Map<String, Json> = serde_json::from_str(&event.payload).unwrap_or_default();
        if let Some((amount, currency)) = json.get("properties").and_then(price) {
            spent.insert(currency, if returned { -amount } else { amount });
        }
    }
    Tally {
        source: event.source,
        key,
        events: 1,
        first_at: event.at,
        last_at: event.at,
        orders: i64::from(bought),
        spent,
        last_order_at: bought.then_some(event.at),
        praise: i64::from(PRAISE.contains(&name)),
        reached: told(event),
    }
}

/// What an order came to, in hundredths, with its currency.
fn price(properties: &Json) -> Option<(i64, String)> {
    let number = |name: &str| {
        let value = properties.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    };
    let amount = ["total", "revenue", "value"].into_iter().find_map(number).filter(|amount| amount.is_finite())?;
    let currency = properties.get("currency").and_then(Json::as_str).filter(|code| code.len() == 3).unwrap_or("EUR");
    // Within what any order comes to, so that sums stay numbers.
    Some(((amount.clamp(-1e12, 1e12) * 100.0).round() as i64, currency.to_uppercase()))
}
