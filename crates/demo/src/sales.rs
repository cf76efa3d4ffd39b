//! Pipelines, their stages, and two years of sales through them.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde_json::json;

use crate::Company;
use crate::catalogue::{PRODUCTS, product_key};
use crate::organisation::{USERS, user_reference};
use crate::record::{Record, euros, moment, reference};
use crate::rng::Rng;

/// Key, name, status, probability in percent, usual days in it.
type Stage = (&'static str, &'static str, &'static str, u64, i64);

pub(crate) struct Pipeline {
    key: &'static str,
    name: &'static str,
    /// Open stages in order, then won, then lost.
    stages: &'static [Stage],
}

pub(crate) const PIPELINES: [Pipeline; 2] = [
    Pipeline {
        key: "equipement",
        name: "Équipement",
        stages: &[
            ("equipement-qualification", "Qualification", "open", 10, 9),
            ("equipement-besoin", "Analyse du besoin", "open", 25, 14),
            ("equipement-demonstration", "Démonstration", "open", 40, 16),
            ("equipement-devis", "Devis envoyé", "open", 60, 21),
            ("equipement-negociation", "Négociation", "open", 80, 12),
            ("equipement-gagnee", "Gagnée", "won", 100, 0),
            ("equipement-perdue", "Perdue", "lost", 0, 0),
        ],
    },
    Pipeline {
        key: "contrats",
        name: "Contrats de service",
        stages: &[
            ("contrats-renouveler", "À renouveler", "open", 30, 30),
            ("contrats-offre", "Offre envoyée", "open", 60, 20),
            ("contrats-accord", "Accord verbal", "open", 85, 10),
            ("contrats-signe", "Signé", "won", 100, 0),
            ("contrats-resilie", "Résilié", "lost", 0, 0),
        ],
    },
];

const LOST_REASONS: [&str; 6] = ["price", "competitor", "no_budget", "no_decision", "timing", "product_fit"];
const DAYS: i64 = 730;
/// How many sales start in each month, January first, out of twenty.
const SEASONS: [u64; 12] = [12, 14, 18, 15, 13, 14, 9, 5, 20, 18, 19, 10];

pub(crate) fn pipeline(number: u64) -> Record {
    let pipeline = &PIPELINES[number as usize];
    Record::new("pipeline", pipeline.key)
        .with("name", pipeline.name)
        .with("position", number + 1)
        .with("is_default", number == 0)
}

pub(crate) fn stage_count() -> u64 {
    PIPELINES.iter().map(|pipeline| pipeline.stages.len() as u64).sum()
}

pub(crate) fn stage(number: u64) -> Record {
    let mut place = number as usize;
    let mut pipelines = PIPELINES.iter();
    let (pipeline, (key, name, status, probability, _)) = loop {
        let Some(pipeline) = pipelines.next() else { panic!("there is no stage {number}") };
        match pipeline.stages.get(place) {
            Some(stage) => break (pipeline, *stage),
            None => place -= pipeline.stages.len(),
        }
    };
    Record::new("stage", key)
        .with("name", name)
        .with("pipeline", reference("pipeline", pipeline.key))
        .with("position", place as u64 + 1)
        .with("status", status)
        .with("probability", probability)
}

/// Where a sale stands.
pub(crate) struct Course {
    pub(crate) created: Date,
    /// The stages entered, by their number in the pipeline, with the day.
    pub(crate) steps: Vec<(usize, Date)>,
    pub(crate) close_date: Date,
}

/// Whom a sale concerns.
pub(crate) struct Deal {
    pub(crate) account: Option<u64>,
    pub(crate) contact: u64,
    pub(crate) owner: usize,
    pub(crate) abroad: bool,
    pub(crate) sector: &'static str,
    pub(crate) customer: String,
    pub(crate) product: u64,
}

impl Company {
    pub(crate) fn deal(&self, number: u64) -> Deal {
        let sizes = &self.plan.sizes;
        let mut rng = Rng::of(self.plan.seed, "deal", number);
        let business = sizes.business_contacts();
        let product = rng.below(PRODUCTS.len() as u64);
        let private = sizes.contacts - business;
        if private > 0 && (business == 0 || rng.percent(14)) {
            let contact = business + rng.below(private);
            let person = self.person(contact);
            let owner = if person.town.north { 2 + rng.below(3) } else { 6 + rng.below(3) };
            let customer = format!("{} {}", person.first, person.last);
            return Deal {
                account: None,
                contact,
                owner: owner as usize,
                abroad: false,
                sector: "private",
                customer,
                product,
            };
        }
        // Some accounts buy far more often than others.
        let contact = rng.below(business).min(rng.below(business));
        let account = contact % sizes.accounts;
        let profile = self.account_profile(account);
        Deal {
            account: Some(account),
            contact,
            owner: profile.owner,
            abroad: profile.abroad,
            sector: profile.sector,
            customer: profile.name,
            product,
        }
    }

    fn created(&self, rng: &mut Rng) -> Date {
        loop {
            let day = self.plan.today.saturating_sub(rng.between(1, DAYS).days());
            if rng.below(20) < SEASONS[day.month() as usize - 1] {
                return day;
            }
        }
    }

    /// The way of a sale through its pipeline up to today.
    pub(crate) fn course(&self, number: u64, deal: &Deal, pipeline: &Pipeline) -> Course {
        let mut rng = Rng::of(self.plan.seed, "course", number);
        let created = self.created(&mut rng);
        let open = pipeline.stages.len() - 2;
        let sector: i64 = match deal.sector {
            "hospitality" | "food" => 8,
            "construction" | "private" => 4,
            "services" | "health" => -6,
            _ => 0,
        };
        let wins = (USERS[deal.owner].skill as i64 + sector).clamp(10, 80) as u64;
        let won = rng.percent(wins);
        // A lost sale is lost somewhere on the way, most often after the quote.
        let lost_after = (!won).then(|| (rng.below(open as u64) as usize).max(rng.below(open as u64) as usize));
        let mut steps = vec![(0, created)];
        let mut day = created;
        for stage in 0..open {
            let usual = pipeline.stages[stage].4;
            day = day.saturating_add((1 + rng.skewed(usual as u64, 6) as i64).min(120).days());
            let next = match (lost_after, stage + 1) {
                (Some(last), _) if last == stage => open + 1,
                (_, next) => next,
            };
            if day > self.plan.today {
                break;
            }
            steps.push((next, day));
            if next > open {
                break;
            }
        }
        let last = steps[steps.len() - 1];
        let close_date = if last.0 >= open {
            last.1
        } else {
            let left: i64 = pipeline.stages[last.0..open].iter().map(|stage| stage.4).sum();
            last.1.saturating_add((left + rng.between(-10, 30)).max(1).days())
        };
        Course { created, steps, close_date }
    }

    pub(crate) fn opportunity(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "opportunity", number);
        let deal = self.deal(number);
        let service = PRODUCTS[deal.product as usize].0 == "Service";
        let pipeline = &PIPELINES[usize::from(service && deal.account.is_some())];
        let course = self.course(number, &deal, pipeline);
        let (last, _) = course.steps[course.steps.len() - 1];
        let (stage, _, status, probability, _) = pipeline.stages[last];
        let price = PRODUCTS[deal.product as usize].2;
        let pieces = if deal.account.is_some() { 1 + rng.skewed(2, 9).min(60) } else { 1 };
        let discount = rng.below(16);
        let hour = |day: Date, shift: i8| moment(at(day, 9 + shift, 15));
        let history: Vec<_> = course
            .steps
            .iter()
            .enumerate()
            .map(|(step, (stage, day))| json!({ "stage": reference("stage", pipeline.stages[*stage].0), "entered_at": hour(*day, (step % 8) as i8) }))
            .collect();
        let name = format!("{} – {}", deal.customer, PRODUCTS[deal.product as usize].1);
        Record::new("opportunity", number.to_string())
            .with("name", name)
            .with_some("account", deal.account.map(|account| reference("account", account)))
            .with("contact", reference("contact", deal.contact))
            .with("pipeline", reference("pipeline", pipeline.key))
            .with("stage", reference("stage", stage))
            .with("amount", euros(price * pieces * (100 - discount)))
            .with("probability", probability)
            .with("close_date", course.close_date.to_string())
            .with("product", reference("product", product_key(deal.product)))
            .with("source", *rng.pick(&["web", "fair", "referral", "partner", "phone"]))
            .with_some("lost_reason", (status == "lost").then(|| *rng.pick(&LOST_REASONS)))
            .with("owner", user_reference(deal.owner))
            .with("created_at", hour(course.created, 0))
            .with("stage_history", history)
    }
}

/// A time of a day.
pub(crate) fn at(day: Date, hour: i8, minute: i8) -> DateTime {
    day.at(hour, minute, 0, 0)
}
