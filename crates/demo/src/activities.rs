//! What the teams do all day: tasks, calls, meetings, notes.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use crate::Company;
use crate::catalogue::PRODUCTS;
use crate::organisation::{SERVICE, user_reference};
use crate::record::{Record, moment, reference};
use crate::rng::Rng;
use crate::sales::at;

const TASKS: [(&str, &str); 10] = [
    ("Relancer le devis", "Chase the quote"),
    ("Envoyer la documentation", "Send the data sheet"),
    ("Préparer la démonstration", "Prepare the demo"),
    ("Vérifier le délai de livraison", "Check the delivery time"),
    ("Rappeler au sujet de la facture", "Call back about the invoice"),
    ("Mettre à jour les coordonnées", "Update the contact details"),
    ("Proposer un contrat d'entretien", "Offer a maintenance contract"),
    ("Demander le plan de l'atelier", "Ask for the floor plan"),
    ("Confirmer la date d'installation", "Confirm the installation date"),
    ("Faire valider la remise", "Get the discount approved"),
];

const CALLS: [(&str, &str); 6] = [
    ("Premier contact", "First contact"),
    ("Suivi du devis", "Quote follow-up"),
    ("Question technique", "Technical question"),
    ("Réclamation livraison", "Delivery complaint"),
    ("Prise de commande", "Order"),
    ("Enquête de satisfaction", "Satisfaction survey"),
];

const MEETINGS: [(&str, &str); 5] = [
    ("Visite de l'atelier", "Workshop visit"),
    ("Démonstration", "Demonstration"),
    ("Revue annuelle", "Annual review"),
    ("Négociation du contrat", "Contract negotiation"),
    ("Réunion de lancement", "Kick-off"),
];

const OPENINGS: [(&str, &str); 8] = [
    ("Échange cordial avec {who}.", "Good talk with {who}."),
    ("{who} confirme son intérêt pour « {what} ».", "{who} is still interested in “{what}”."),
    ("{who} trouve « {what} » trop cher.", "{who} finds “{what}” too expensive."),
    ("Le besoin de {who} a changé : voir « {what} ».", "{who}'s needs changed: consider “{what}”."),
    ("{who} compare avec un concurrent.", "{who} is comparing us with a competitor."),
    ("Message laissé à {who}.", "Left a message for {who}."),
    ("{who} attend notre visite pour « {what} ».", "{who} expects our visit about “{what}”."),
    ("{who} est en congé, remplaçant à contacter.", "{who} is on leave, contact the deputy."),
];

const CLOSINGS: [(&str, &str); 8] = [
    ("Décision attendue avant la fin du mois.", "Decision expected before the end of the month."),
    ("Budget validé par la direction.", "Budget approved by management."),
    ("Prévoir une remise de 5 % maximum.", "Offer at most 5 % off."),
    ("Livraison souhaitée sous trois semaines.", "Delivery wanted within three weeks."),
    ("Ne pas rappeler avant lundi.", "Do not call before Monday."),
    ("Envoyer un comparatif par courriel.", "Send a comparison by e-mail."),
    ("L'installation électrique doit être contrôlée.", "The electrical installation must be checked."),
    ("Très satisfait de la dernière commande.", "Very happy with the last order."),
];

/// What an activity is about, and in which language it is written.
struct Topic {
    about: Value,
    contact: u64,
    who: String,
    what: &'static str,
    owner: usize,
    english: bool,
}

impl Topic {
    fn say(&self, (french, english): (&str, &str)) -> String {
        let text = if self.english { english } else { french };
        text.replace("{who}", &self.who).replace("{what}", self.what)
    }

    fn tell(&self, rng: &mut Rng) -> String {
        format!("{} {}", self.say(*rng.pick(&OPENINGS)), self.say(*rng.pick(&CLOSINGS)))
    }
}

impl Company {
    /// Most activities are about a sale, others about a person or a company.
    fn topic(&self, rng: &mut Rng) -> Topic {
        let sale = rng.percent(60);
        let deal_number = rng.below(self.plan.sizes.opportunities);
        let deal = self.deal(deal_number);
        let person = self.person(deal.contact);
        let about = match deal.account {
            _ if sale => reference("opportunity", deal_number),
            Some(account) if rng.percent(50) => reference("account", account),
            _ => reference("contact", deal.contact),
        };
        let owner = if !sale && rng.percent(40) { *rng.pick(&SERVICE) } else { deal.owner };
        Topic {
            about,
            contact: deal.contact,
            who: format!("{} {}", person.first, person.last),
            what: PRODUCTS[deal.product as usize].1,
            owner,
            english: deal.abroad,
        }
    }

    /// A working day in the past, more likely a recent one.
    fn past_day(&self, rng: &mut Rng) -> Date {
        let back = rng.between(1, 540).min(rng.between(1, 540));
        workday(self.plan.today.saturating_sub(back.days()))
    }

    pub(crate) fn task(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "task", number);
        let topic = self.topic(&mut rng);
        let today = self.plan.today;
        let due = match rng.weighted(&[70, 6, 5, 19]) {
            0 => self.past_day(&mut rng),
            1 => today.saturating_sub(rng.between(1, 14).days()),
            2 => today,
            _ => workday(today.saturating_add(rng.between(1, 45).days())),
        };
        let age = today.since(due).map_or(0, |span| span.get_days());
        let done = age > 20 || (age > 0 && rng.percent(70));
        let due_at = at(due, rng.between(8, 17) as i8, *rng.pick(&[0, 15, 30, 45]));
        let done_at = due_at.saturating_sub(rng.between(0, 150).minutes());
        Record::new("task", number.to_string())
            .with("subject", topic.say(*rng.pick(&TASKS)))
            .with("due_at", moment(due_at))
            .with("status", if done { "done" } else { "open" })
            .with("priority", ["low", "normal", "high"][rng.weighted(&[20, 60, 20])])
            .with_some("done_at", done.then(|| moment(done_at)))
            .with("about", topic.about.clone())
            .with("owner", user_reference(topic.owner))
            .with_some("description", rng.percent(35).then(|| topic.say(*rng.pick(&CLOSINGS))))
    }

    pub(crate) fn call(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "call", number);
        let topic = self.topic(&mut rng);
        let started = at(self.past_day(&mut rng), rng.between(8, 18) as i8, rng.between(0, 59) as i8);
        let outcome = ["answered", "voicemail", "no_answer"][rng.weighted(&[62, 20, 18])];
        let duration = match outcome {
            "answered" => 30 + rng.skewed(240, 8),
            "voicemail" => 20 + rng.below(40),
            _ => 0,
        };
        Record::new("call", number.to_string())
            .with("subject", topic.say(*rng.pick(&CALLS)))
            .with("direction", if rng.percent(65) { "out" } else { "in" })
            .with("started_at", moment(started))
            .with("duration_s", duration)
            .with("outcome", outcome)
            .with("about", topic.about.clone())
            .with("owner", user_reference(topic.owner))
            .with_some("notes", (outcome == "answered").then(|| topic.tell(&mut rng)))
    }

    pub(crate) fn meeting(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "meeting", number);
        let topic = self.topic(&mut rng);
        let future = rng.percent(12);
        let day = if future {
            workday(self.plan.today.saturating_add(rng.between(0, 40).days()))
        } else {
            self.past_day(&mut rng)
        };
        let starts = at(day, rng.between(8, 17) as i8, *rng.pick(&[0, 30]));
        let ends = starts.saturating_add(rng.pick(&[30_i64, 45, 60, 60, 90, 120]).minutes());
        let location = match (rng.percent(35), topic.english) {
            (true, false) => "Visioconférence".to_owned(),
            (true, true) => "Video call".to_owned(),
            (false, _) => self.person(topic.contact).town.name.to_owned(),
        };
        Record::new("meeting", number.to_string())
            .with("subject", topic.say(*rng.pick(&MEETINGS)))
            .with("starts_at", moment(starts))
            .with("ends_at", moment(ends))
            .with("location", location)
            .with("about", topic.about.clone())
            .with("attendees", vec![reference("contact", topic.contact)])
            .with("owner", user_reference(topic.owner))
            .with_some("notes", (!future).then(|| topic.tell(&mut rng)))
    }

    pub(crate) fn note(&self, number: u64) -> Record {
        let mut rng = Rng::of(self.plan.seed, "note", number);
        let topic = self.topic(&mut rng);
        let written = at(self.past_day(&mut rng), rng.between(8, 18) as i8, rng.between(0, 59) as i8);
        Record::new("note", number.to_string())
            .with("body", topic.tell(&mut rng))
            .with("about", topic.about.clone())
            .with("owner", user_reference(topic.owner))
            .with("created_at", moment(written))
    }
}

/// The day, or the Friday before a weekend.
fn workday(day: Date) -> Date {
    match day.weekday() {
        jiff::civil::Weekday::Saturday => day.saturating_sub(1.day()),
        jiff::civil::Weekday::Sunday => day.saturating_sub(2.days()),
        _ => day,
    }
}
