//! The files of four other systems, in which the same people turn up under changing names.

use jiff::ToSpan;

use crate::Company;
use crate::accounts::address;
use crate::catalogue::PRODUCTS;
use crate::damage::{married, mistype, nickname, phone_style, unaccent};
use crate::people::Person;
use crate::places::{french, french_towns};
use crate::rng::{Rng, permute};

/// One of the systems that customers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceFile {
    /// Orders of the web shop: French headings, semicolons, decimal commas, day-month-year.
    Shop,
    /// Subscribers of the newsletter: few columns, few checks.
    Newsletter,
    /// Requests to the help desk: English headings, ISO dates.
    HelpDesk,
    /// Visitors of the stand at a trade fair, typed from cards: capitals, no accents.
    TradeFair,
}

/// Who a row of a source file really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// The file.
    pub source: SourceFile,
    /// The identifier in the first column of the row.
    pub row: String,
    /// The number of the person; rows of one person have the same number in all files.
    pub person: u64,
    /// The key of the contact, where the person is one.
    pub contact: Option<String>,
}

/// What one system knows about a person.
struct Copy {
    id: String,
    person: u64,
    first: String,
    last: String,
    email: String,
    phone: String,
    street: String,
    postcode: String,
    city: String,
    birth_date: String,
    company: String,
    rng: Rng,
}

impl SourceFile {
    /// All files.
    pub const ALL: [Self; 4] = [Self::Shop, Self::Newsletter, Self::HelpDesk, Self::TradeFair];

    /// The name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Shop => "boutique.csv",
            Self::Newsletter => "newsletter.csv",
            Self::HelpDesk => "helpdesk.csv",
            Self::TradeFair => "salon.csv",
        }
    }

    /// The headings of the file.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Shop => &[
                "Client",
                "Nom",
                "Prénom",
                "Courriel",
                "Téléphone",
                "Adresse",
                "Code postal",
                "Ville",
                "Naissance",
                "Dernière commande",
                "Total commandes",
            ],
            Self::Newsletter => &["id", "email", "name", "subscribed_at", "city"],
            Self::HelpDesk => {
                &["requester_id", "first_name", "last_name", "email", "phone", "organization", "last_ticket", "subject"]
            }
            Self::TradeFair => &["Badge", "NOM Prénom", "Société", "Mobile", "Mail", "CP", "Ville", "Intérêt"],
        }
    }

    /// The character between cells.
    pub fn delimiter(self) -> char {
        match self {
            Self::Shop | Self::TradeFair => ';',
            Self::Newsletter | Self::HelpDesk => ',',
        }
    }

    fn stream(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Newsletter => "newsletter",
            Self::HelpDesk => "helpdesk",
            Self::TradeFair => "fair",
        }
    }

    /// How many people of a hundred appear in the file.
    fn share(self) -> u64 {
        match self {
            Self::Shop => 45,
            Self::Newsletter => 55,
            Self::HelpDesk => 28,
            Self::TradeFair => 22,
        }
    }

    /// How many of a hundred copies carry an error or a change.
    fn carelessness(self) -> u64 {
        match self {
            Self::Shop => 25,
            Self::Newsletter => 35,
            Self::HelpDesk => 30,
            Self::TradeFair => 50,
        }
    }
}

impl Company {
    /// The rows of a source file, as many cells as the file has columns.
    pub fn source_rows(&self, source: SourceFile) -> impl Iterator<Item = Vec<String>> + '_ {
        self.copies(source).map(move |copy| self.row(source, copy))
    }

    /// A source file as text, with its headings, lines ending in CR LF.
    pub fn source_csv(&self, source: SourceFile) -> String {
        let mut text = String::new();
        let mut line = |cells: &mut dyn Iterator<Item = &str>| {
            for (index, cell) in cells.enumerate() {
                if index > 0 {
                    text.push(source.delimiter());
                }
                if cell.contains(['"', ',', ';', '\n', '\r']) {
                    text.push('"');
                    text.push_str(&cell.replace('"', "\"\""));
                    text.push('"');
                } else {
                    text.push_str(cell);
                }
            }
            text.push_str("\r\n");
        };
        line(&mut source.columns().iter().copied());
        for row in self.source_rows(source) {
            line(&mut row.iter().map(String::as_str));
        }
        text
    }

    /// Who the rows of a source file really are, in the order of the rows.
    pub fn truth(&self, source: SourceFile) -> impl Iterator<Item = Appearance> + '_ {
        self.copies(source).map(move |copy| Appearance {
            source,
            row: copy.id,
            person: copy.person,
            contact: (copy.person < self.plan.sizes.contacts).then(|| copy.person.to_string()),
        })
    }

    fn copies(&self, source: SourceFile) -> impl Iterator<Item = Copy> + '_ {
        (0..self.plan.sizes.people).flat_map(move |rank| {
            let mut rng = Rng::of(self.plan.seed, source.stream(), rank);
            let times = match rng.percent(source.share()) {
                false => 0,
                true if rng.percent(6) => 2,
                true => 1,
            };
            (0..times).map(move |time| self.copy(source, rank, time))
        })
    }

    /// Four people of five are known; the others lie beyond.
    fn someone(&self, rank: u64) -> u64 {
        let known = self.known_people();
        if rank % 5 == 4 { known + rank } else { permute(rank, known) }
    }

    fn copy(&self, source: SourceFile, rank: u64, time: u64) -> Copy {
        let number = self.someone(rank);
        let person = self.person(number);
        let mut rng = Rng::of(self.plan.seed ^ (time + 1), source.stream(), rank + (1 << 40));
        let company = person.account.map(|account| self.account_profile(account).name).unwrap_or_default();
        let part = |field: &str| person.address[field].as_str().unwrap_or_default().to_owned();
        let mut copy = Copy {
            id: format!("{}-{:05}", source.stream().to_uppercase(), rank * 2 + time + 1),
            person: number,
            first: person.first.to_owned(),
            last: person.last.to_owned(),
            email: person.email.clone(),
            phone: person.mobile.clone().unwrap_or_default(),
            street: part("street"),
            postcode: part("postcode"),
            city: part("city"),
            birth_date: person.birth_date.clone(),
            company,
            rng: rng.clone(),
        };
        if rng.percent(source.carelessness()) || time > 0 {
            self.change(&mut copy, &person, &mut rng);
        }
        for (field, rate) in
            [(&mut copy.phone, 20), (&mut copy.birth_date, 15), (&mut copy.street, 8), (&mut copy.email, 4)]
        {
            if rng.percent(rate) {
                field.clear();
            }
        }
        copy.phone = phone_style(&copy.phone, &mut rng);
        copy.rng = rng;
        copy
    }

    fn change(&self, copy: &mut Copy, person: &Person, rng: &mut Rng) {
        match rng.weighted(&[26, 12, 10, 12, 6, 10, 14, 10]) {
            0 => copy.last = mistype(&copy.last, rng),
            1 => copy.first = mistype(&copy.first, rng),
            2 => copy.first = nickname(&copy.first, rng),
            3 if person.woman => copy.last = married(&copy.last, rng),
            3 | 4 => std::mem::swap(&mut copy.first, &mut copy.last),
            5 => {
                // A mailbox that a whole office reads.
                let domain = copy.email.split_once('@').map_or("boite.example", |(_, domain)| domain).to_owned();
                let shared = if person.account.is_some() {
                    "contact".to_owned()
                } else {
                    format!("famille.{}", crate::names::slug(person.last, '-'))
                };
                copy.email = format!("{shared}@{domain}");
            }
            6 => {
                let town = french(rng.below(french_towns()));
                let moved = address(rng, &town);
                copy.street = moved["street"].as_str().unwrap_or_default().to_owned();
                copy.postcode = town.postcode.to_owned();
                copy.city = town.name.to_owned();
            }
            _ => {
                // Only the mailbox: its domain must stay one of nobody.
                let (mailbox, domain) = copy.email.split_once('@').unwrap_or((copy.email.as_str(), "boite.example"));
                copy.email = format!("{}@{domain}", mistype(mailbox, rng));
            }
        }
    }

    fn row(&self, source: SourceFile, mut copy: Copy) -> Vec<String> {
        let back = copy.rng.between(1, 700);
        let day = self.plan.today.saturating_sub(back.days());
        match source {
            SourceFile::Shop => {
                let total = copy.rng.skewed(18_000, 9);
                let birth = copy.birth_date.split('-').rev().collect::<Vec<_>>().join("/");
                let ordered = format!("{:02}/{:02}/{}", day.day(), day.month(), day.year());
                let total = format!("{},{:02}", total / 100, total % 100);
                vec![
                    copy.id,
                    copy.last,
                    copy.first,
                    copy.email,
                    copy.phone,
                    copy.street,
                    copy.postcode,
                    copy.city,
                    birth,
                    ordered,
                    total,
                ]
            }
            SourceFile::Newsletter => {
                let name = match copy.rng.below(4) {
                    0 => String::new(),
                    1 => copy.first,
                    _ => format!("{} {}", copy.first, copy.last),
                };
                let email = if copy.rng.percent(10) { copy.email.to_uppercase() } else { copy.email };
                vec![
                    copy.id,
                    email,
                    name,
                    format!("{day} {:02}:{:02}:00", copy.rng.below(24), copy.rng.below(60)),
                    copy.city,
                ]
            }
            SourceFile::HelpDesk => {
                let product = PRODUCTS[copy.rng.below(PRODUCTS.len() as u64) as usize].1;
                let subject = format!(
                    "{} : {product}",
                    copy.rng.pick(&["Panne", "Pièce manquante", "Facture", "Question", "Retour"])
                );
                vec![copy.id, copy.first, copy.last, copy.email, copy.phone, copy.company, day.to_string(), subject]
            }
            SourceFile::TradeFair => {
                let name = format!("{} {}", unaccent(&copy.last).to_uppercase(), copy.first);
                let family = PRODUCTS[copy.rng.below(PRODUCTS.len() as u64) as usize].0;
                let company = unaccent(&copy.company).to_uppercase();
                vec![
                    copy.id,
                    name,
                    company,
                    copy.phone,
                    copy.email,
                    copy.postcode,
                    copy.city.to_uppercase(),
                    family.to_owned(),
                ]
            }
        }
    }
}
