//! People: contacts at accounts, private customers, and leads.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::Company;
use crate::accounts::{address, mailbox, phone};
use crate::names::{FIRST_FOREIGN, FIRST_MEN, FIRST_WOMEN, JOBS, JOBS_FOREIGN, LAST, LAST_FOREIGN};
use crate::organisation::{NORTH, SOUTH, user_reference};
use crate::places::{Town, french, french_towns};
use crate::record::{Record, reference};
use crate::rng::{Rng, permute};

const PROVIDERS: [&str; 5] =
    ["courriel.example", "boite.example", "messagerie.example", "poste.example", "mail.example"];

/// Who somebody is.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) woman: bool,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) email: String,
    pub(crate) mobile: Option<String>,
    pub(crate) address: Value,
    pub(crate) town: Town,
    pub(crate) birth_date: String,
    pub(crate) account: Option<u64>,
}

impl Company {
    /// The person with a number: contacts come first, then leads, then people the company does not know yet.
    pub(crate) fn person(&self, number: u64) -> Person {
        let mut rng = Rng::of(self.plan.seed, "person", number);
        let account = (number < self.plan.sizes.business_contacts()).then_some(number % self.plan.sizes.accounts);
        let profile = account.map(|account| self.account_profile(account));
        let abroad = profile.as_ref().is_some_and(|profile| profile.abroad);
        let (firsts, lasts) = if abroad { (FIRST_FOREIGN.len(), LAST_FOREIGN.len()) } else { (160, LAST.len()) };
        let size = (firsts * lasts) as u64;
        // Different numbers give different pairs of names until all have been given; then a lap counts in the address.
        let pair = permute(number, size) as usize;
        let lap = number / size;
        let (first, last) = (pair % firsts, pair / firsts);
        let (woman, first, last) = match (abroad, first) {
            (true, _) => (rng.percent(50), FIRST_FOREIGN[first], LAST_FOREIGN[last]),
            (false, 0..80) => (true, FIRST_WOMEN[first], LAST[last]),
            (false, _) => (false, FIRST_MEN[first - 80], LAST[last]),
        };
        let town = match &profile {
            Some(profile) => profile.town,
            None => french(rng.below(french_towns())),
        };
        let domain = match &profile {
            Some(profile) => profile.domain.clone(),
            None => (*rng.pick(&PROVIDERS)).to_owned(),
        };
        let age = rng.between(21 * 365, 78 * 365);
        let birth_date = self.plan.today.saturating_sub(age.days());
        let mobile = if rng.percent(82) { phone(&mut rng, &town, true) } else { None };
        Person {
            woman,
            first,
            last,
            email: format!("{}@{domain}", mailbox(first, last, lap)),
            mobile,
            address: address(&mut rng, &town),
            town,
            birth_date: birth_date.to_string(),
            account,
        }
    }

    /// How many people the company knows: contacts and leads.
    pub(crate) fn known_people(&self) -> u64 {
        self.plan.sizes.contacts + self.plan.sizes.leads
    }

    pub(crate) fn contact(&self, number: u64) -> Record {
        let person = self.person(number);
        let mut rng = Rng::of(self.plan.seed, "contact", number);
        let profile = person.account.map(|account| self.account_profile(account));
        let abroad = profile.as_ref().is_some_and(|profile| profile.abroad);
        let title = match (person.woman, abroad) {
            (true, false) => "Mme",
            (false, false) => "M.",
            (true, true) => "Ms",
            (false, true) => "Mr",
        };
        let owner = profile.as_ref().map_or_else(|| private_owner(&person.town, &mut rng), |profile| profile.owner);
        let job = person.account.map(|_| if abroad { *rng.pick(&JOBS_FOREIGN) } else { *rng.pick(&JOBS) });
        let mut emails =
            vec![json!({ "value": person.email, "label": if person.account.is_some() { "work" } else { "home" } })];
        if rng.percent(6) {
            emails.push(json!({ "value": format!("{}.{number}@{}", crate::names::slug(person.last, '-'), rng.pick(&PROVIDERS)), "label": "other" }));
        }
        let mut phones = Vec::new();
        if let Some(mobile) = &person.mobile {
            phones.push(json!({ "value": mobile, "label": "mobile" }));
        }
        if let Some(desk) = rng.percent(45).then(|| phone(&mut rng, &person.town, false)).flatten() {
            phones.push(json!({ "value": desk, "label": if person.account.is_some() { "work" } else { "home" } }));
        }
        let lifecycle = *rng.pick(&[
            "suspect",
            "prospect",
            "prospect",
            "new_customer",
            "loyal",
            "loyal",
            "loyal",
            "advocate",
            "inactive",
        ]);
        let tags: Vec<&str> = [
            ("newsletter", rng.percent(40)),
            ("decideur", job.is_some() && rng.percent(20)),
            ("salon-2026", rng.percent(8)),
        ]
        .into_iter()
        .filter_map(|(tag, set)| set.then_some(tag))
        .collect();
        Record::new("contact", number.to_string())
            .with("name", json!({ "title": title, "first": person.first, "last": person.last }))
            .with_some("account", person.account.map(|account| reference("account", account)))
            .with_some("job_title", job)
            .with("emails", emails)
            .with("phones", phones)
            .with("address", person.address)
            .with_some("birth_date", person.account.is_none().then_some(person.birth_date))
            .with("language", if abroad { "en" } else { "fr" })
            .with("lifecycle", lifecycle)
            .with("do_not_call", rng.percent(5))
            .with("owner", user_reference(owner))
            .with("tags", tags)
    }

    pub(crate) fn lead(&self, number: u64) -> Record {
        let person = self.person(self.plan.sizes.contacts + number);
        let mut rng = Rng::of(self.plan.seed, "lead", number);
        // Companies not yet in the accounts: the numbers after theirs.
        let company = rng.percent(70).then(|| self.account_profile(self.plan.sizes.accounts + number).name);
        let status = ["new", "contacted", "qualified", "disqualified", "converted"][rng.weighted(&[34, 26, 18, 14, 8])];
        let job = company.is_some().then(|| *rng.pick(&JOBS));
        let product = crate::catalogue::PRODUCTS[rng.below(60) as usize].1;
        Record::new("lead", number.to_string())
            .with(
                "name",
                json!({ "title": if person.woman { "Mme" } else { "M." }, "first": person.first, "last": person.last }),
            )
            .with_some("company", company)
            .with_some("job_title", job)
            .with("emails", json!([{ "value": person.email, "label": "work" }]))
            .with(
                "phones",
                person.mobile.as_ref().map_or(json!([]), |value| json!([{ "value": value, "label": "mobile" }])),
            )
            .with("address", person.address)
            .with("source", *rng.pick(&["web", "web", "fair", "referral", "partner", "phone"]))
            .with("status", status)
            .with("score", rng.below(101))
            .with("owner", user_reference(private_owner(&person.town, &mut rng)))
            .with("description", format!("Demande de devis : {product}. Projet prévu sous {} mois.", 1 + rng.below(9)))
    }
}

fn private_owner(town: &Town, rng: &mut Rng) -> usize {
    *rng.pick(if town.north { &NORTH } else { &SOUTH })
}
