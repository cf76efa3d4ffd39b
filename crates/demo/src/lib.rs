//! The sample company: a French distributor of equipment for workshops, offices, hotels and restaurants, which sells to
//! companies and to people. It does not exist, nor does anybody in it.
//!
//! Everything is a pure function of a [`Plan`]: the same seed and day give the same records on every machine. Each record is
//! made from its number alone, so that a million contacts stream in the memory of one.
//!
//! ```
//! use demo::{Company, Plan};
//!
//! let company = Company::new(Plan::new(7, "2026-11-20".parse()?));
//! let first = company.records_of("account").next().expect("an account");
//! assert_eq!(first.fields["address"]["country"], "FR");
//! assert_eq!(company.count("contact"), 3500);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod activities;
mod catalogue;
mod damage;
mod names;
mod organisation;
mod people;
mod places;
mod plan;
mod record;
mod register;
mod rng;
mod sales;
mod sources;
#[cfg(test)]
mod tests;

pub use plan::{OBJECTS, Plan, Sizes};
pub use record::Record;
pub use register::{ORGANISATION_COLUMNS, organisations};
pub use sources::{Appearance, SourceFile};

/// The name of the sample company.
pub const NAME: &str = "Brascourt Équipement";

/// The sample company, ready to make its records.
#[derive(Debug, Clone)]
pub struct Company {
    pub(crate) plan: Plan,
}

impl Company {
    /// The company of a plan.
    pub fn new(plan: Plan) -> Self {
        Self { plan }
    }

    /// The plan the company was made from.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many records of an object there are; 0 for an object the company does not have.
    pub fn count(&self, object: &str) -> u64 {
        let sizes = &self.plan.sizes;
        match object {
            "team" => organisation::TEAMS.len() as u64,
            "user" => organisation::USERS.len() as u64,
            "product" => catalogue::PRODUCTS.len() as u64,
            "pipeline" => sales::PIPELINES.len() as u64,
            "stage" => sales::stage_count(),
            "account" => sizes.accounts,
            "contact" => sizes.contacts,
            "lead" => sizes.leads,
            "opportunity" => sizes.opportunities,
            "task" => sizes.tasks,
            "call" => sizes.calls,
            "meeting" => sizes.meetings,
            "note" => sizes.notes,
            _ => 0,
        }
    }

    /// The record of an object with a number from 0 to its count.
    ///
    /// # Panics
    /// Panics if the company has no such object.
    pub fn record(&self, object: &str, number: u64) -> Record {
        match object {
            "team" => organisation::team(number),
            "user" => organisation::user(number),
            "product" => catalogue::product(number),
            "pipeline" => sales::pipeline(number),
            "stage" => sales::stage(number),
            "account" => self.account(number),
            "contact" => self.contact(number),
            "lead" => self.lead(number),
            "opportunity" => self.opportunity(number),
            "task" => self.task(number),
            "call" => self.call(number),
            "meeting" => self.meeting(number),
            "note" => self.note(number),
            other => panic!("the sample company has no object {other:?}"),
        }
    }

    /// All records of one object, in an order in which references inside the object point backwards.
    pub fn records_of(&self, object: &'static str) -> impl Iterator<Item = Record> + '_ {
        (0..self.count(object)).map(move |number| self.record(object, number))
    }

    /// All records, in an order in which every reference points to a record that came before.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        OBJECTS.into_iter().flat_map(|object| self.records_of(object))
    }
}
