//! The companies that buy.

use serde_json::{Value, json};

use crate::names::{LAST, LAST_FOREIGN, STREETS, TRADES, TRADES_FOREIGN, slug};
use crate::organisation::{EXPORT, NORTH, SOUTH, user_reference};
use crate::places::{Town, foreign, foreign_towns, french, french_towns};
use crate::record::{Record, euros, reference};
use crate::rng::{Rng, permute};
use crate::{Company, names};

/// One account in twelve is abroad.
const ABROAD_EVERY: u64 = 12;
const ABROAD_AT: u64 = 7;
/// One account in forty heads a group; the next ones belong to it.
const GROUP_EVERY: u64 = 40;
const SUBSIDIARIES: u64 = 4;

/// What other records need to know of an account.
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) sector: &'static str,
    pub(crate) town: Town,
    pub(crate) abroad: bool,
    pub(crate) owner: usize,
}

impl Company {
    pub(crate) fn account_profile(&self, number: u64) -> Profile {
        let abroad = number % ABROAD_EVERY == ABROAD_AT;
        let (town, trade, surname, lap) = if abroad {
            let size = TRADES_FOREIGN.len() as u64 * LAST_FOREIGN.len() as u64 * foreign_towns();
            let rank = number / ABROAD_EVERY;
            let combination = permute(rank, size);
            let (trade, rest) = (combination % 16, combination / 16);
            let surname = LAST_FOREIGN[rest as usize % LAST_FOREIGN.len()];
            (foreign(rest / LAST_FOREIGN.len() as u64), TRADES_FOREIGN[trade as usize], surname, rank / size)
        } else {
            let size = TRADES.len() as u64 * LAST.len() as u64 * french_towns();
            let combination = permute(number, size);
            let trades = TRADES.len() as u64;
            let (trade, rest) = (combination % trades, combination / trades);
            let surname = LAST[rest as usize % LAST.len()];
            (french(rest / LAST.len() as u64), TRADES[trade as usize], surname, number / size)
        };
        let head = number.is_multiple_of(GROUP_EVERY);
        let mut name = match (head, abroad) {
            (true, _) => format!("Groupe {surname} {}", trade.0),
            (_, true) => format!("{surname} {}", trade.0),
            _ => format!("{} {surname}", trade.0),
        };
        let mut domain = slug(&format!("{name} {}", town.name), '-');
        if town.is_divided() {
            domain = format!("{domain}{}", town.postcode);
        }
        if lap > 0 {
            name = format!("{name} {}", lap + 1);
            domain = format!("{domain}-{}", lap + 1);
        }
        let team: &[usize] = match (abroad, town.north) {
            (true, _) => &EXPORT,
            (_, true) => &NORTH,
            _ => &SOUTH,
        };
        let owner = *Rng::of(self.plan.seed, "owner", number).pick(team);
        Profile { name, domain: format!("{domain}.example"), sector: trade.1, town, abroad, owner }
    }

    pub(crate) fn account(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "account", number);
        let profile = self.account_profile(number);
        let head = number.is_multiple_of(GROUP_EVERY);
        let parent = match number % GROUP_EVERY {
            place @ 1..=SUBSIDIARIES if !profile.abroad => Some(reference("account", number - place)),
            _ => None,
        };
        let size = if head { 200 + rng.skewed(400, 5) } else { 1 + rng.skewed(14, 11) };
        let revenue = size * (90_000 + rng.below(120_000)) * 100;
        let siren = siren(self.plan.seed, number);
        let legal = if head { "SA" } else { *rng.pick(&["SARL", "SAS", "SASU", "EURL", "SA", "SNC"]) };
        let lifecycle = match rng.weighted(&[18, 22, 10, 30, 6, 11, 3]) {
            0 => "suspect",
            1 => "prospect",
            2 => "new_customer",
            3 => "loyal",
            4 => "advocate",
            5 => "inactive",
            _ => "unqualified",
        };
        let phone = phone(&mut rng, &profile.town, false);
        let tags: Vec<&str> = [
            ("vip", head),
            ("renouvellement", rng.percent(9)),
            ("salon-2026", rng.percent(7)),
            ("paiement-lent", rng.percent(4)),
        ]
        .into_iter()
        .filter_map(|(tag, set)| set.then_some(tag))
        .collect();
        let description = if profile.abroad {
            format!("{} in {}, about {size} people. Met through the export team.", profile.name, profile.town.name)
        } else {
            format!("{} ({legal}) à {}, environ {size} personnes.", profile.name, profile.town.name)
        };
        Record::new("account", number.to_string())
            .with("name", profile.name)
            .with("website", format!("https://www.{}", profile.domain))
            .with("emails", json!([{ "value": format!("contact@{}", profile.domain), "label": "work" }]))
            .with("phones", phone.map_or(json!([]), |value| json!([{ "value": value, "label": "work" }])))
            .with("industry", profile.sector)
            .with("size", size)
            .with("annual_revenue", euros(revenue))
            .with_some("legal_form", (!profile.abroad).then_some(legal))
            .with_some("siren", (!profile.abroad).then(|| siren.clone()))
            .with_some("vat_number", (!profile.abroad).then(|| vat_number(&siren)))
            .with("address", address(&mut rng, &profile.town))
            .with("location", json!({ "latitude": profile.town.latitude, "longitude": profile.town.longitude }))
            .with_some("parent", parent)
            .with("lifecycle", lifecycle)
            .with("owner", user_reference(profile.owner))
            .with("description", description)
            .with("tags", tags)
    }
}

/// A postal address in a town.
pub(crate) fn address(rng: &mut Rng, town: &Town) -> Value {
    let number = 1 + rng.below(140);
    let street = match town.country {
        "GB" | "IE" => format!(
            "{number} {}",
            rng.pick(&["High Street", "Station Road", "Mill Lane", "Church Street", "Market Place"])
        ),
        _ => format!("{number} {}", rng.pick(&STREETS)),
    };
    let second = rng.percent(12).then(|| *rng.pick(&["Bâtiment B", "2e étage", "Résidence Les Ormes", "BP 40"]));
    json!({
        "street": street, "street2": second, "postcode": town.postcode, "city": town.name, "region": town.region, "country": town.country,
    })
}

/// A phone number of the ranges kept for fiction, in E.164; none for countries without such a range.
pub(crate) fn phone(rng: &mut Rng, town: &Town, mobile: bool) -> Option<String> {
    let last = rng.below(10_000);
    let french = |prefix: &str| Some(format!("+33{prefix}{last:04}"));
    match (town.country, mobile) {
        ("GB", true) => Some(format!("+447700900{:03}", last % 1000)),
        ("GB", false) => Some(format!("+441632960{:03}", last % 1000)),
        ("FR", true) => french("63998"),
        ("FR", false) => match town.region {
            "Île-de-France" => french("19900"),
            "Bretagne" | "Normandie" | "Pays de la Loire" | "Centre-Val de Loire" => french("26191"),
            "Hauts-de-France" | "Grand Est" | "Bourgogne-Franche-Comté" => french("35301"),
            "Auvergne-Rhône-Alpes" | "Provence-Alpes-Côte d'Azur" | "Corse" => french("46571"),
            _ => french("53649"),
        },
        _ => None,
    }
}

/// Nine digits, the last of which makes the sum of Luhn a multiple of ten. They start with a zero, as no new company's do.
fn siren(seed: u64, number: u64) -> String {
    const ROOM: u64 = 10_000_000;
    let digits = format!("0{:07}", (permute(number, ROOM) + seed % ROOM) % ROOM);
    let sum = luhn(digits.bytes().map(|byte| u64::from(byte - b'0')).chain([0]));
    format!("{digits}{}", (10 - sum % 10) % 10)
}

pub(crate) fn luhn(digits: impl Iterator<Item = u64>) -> u64 {
    let digits: Vec<u64> = digits.collect();
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum()
}

/// FR, a key of two digits, the SIREN.
fn vat_number(siren: &str) -> String {
    let number = siren.bytes().fold(0_u64, |number, byte| number * 10 + u64::from(byte - b'0'));
    format!("FR{:02}{siren}", (12 + 3 * (number % 97)) % 97)
}

/// The first part of an e-mail address made of a name.
pub(crate) fn mailbox(first: &str, last: &str, lap: u64) -> String {
    let name = format!("{}.{}", names::slug(first, '-'), names::slug(last, '-'));
    if lap == 0 { name } else { format!("{name}{}", lap + 1) }
}
