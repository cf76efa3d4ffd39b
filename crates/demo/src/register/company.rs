//! A legal entity as it truly is, before anybody writes it down.

use super::number::{siren, siret, vat};
use super::words::{
    ACTIVITIES, COUNTRIES, Country, ENDS, ESTATES, FRANCHISES, Form, GROUP_WORDS, MAIL_PROVIDERS, REGIONS,
    SHARED_MAILBOXES, STARTS, STREET_KINDS, STREET_NAMES, SURNAME_HEADS, SURNAME_MIDDLES, SURNAME_TAILS,
};
use crate::names::{FIRST_MEN, FIRST_WOMEN, LAST, TRADES, TRADES_FOREIGN, slug};
use crate::places::{french, french_towns};
use crate::rng::Rng;

/// How many entities of a hundred are something to the one before them.
const RELATED: u64 = 22;

/// A place where a company works.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) street: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
    /// Digits without the country's prefix.
    pub(crate) phone: String,
    pub(crate) siret: String,
}

/// A legal entity.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) country: &'static Country,
    /// The name without its legal form.
    pub(crate) name: String,
    /// What insiders call it.
    pub(crate) acronym: Option<String>,
    pub(crate) form: Form,
    /// French companies only.
    pub(crate) siren: String,
    pub(crate) vat: String,
    /// None for companies that use a mailbox at a public provider and have no site.
    pub(crate) domain: Option<String>,
    pub(crate) email: String,
    /// At least one; the first is the seat.
    pub(crate) sites: Vec<Site>,
    surname: String,
}

impl Company {
    /// The entity of this number: of its own, or something to one before.
    pub(crate) fn of(seed: u64, entity: u64) -> Self {
        let mut rng = Rng::of(seed, "organisation", entity);
        if entity == 0 || !rng.percent(RELATED) {
            return Self::fresh(seed, entity, &mut rng);
        }
        // All of a row of relatives are something to the first company: there is one family, not a chain of families.
        let (first, mut of_first) = (0..entity)
            .rev()
            .map(|other| (other, Rng::of(seed, "organisation", other)))
            .find_map(|(other, mut of_other)| (other == 0 || !of_other.percent(RELATED)).then_some((other, of_other)))
            .unwrap_or_else(|| (0, Rng::of(seed, "organisation", 0)));
        Self::fresh(seed, first, &mut of_first).relative(seed, entity, &mut rng)
    }

    fn fresh(seed: u64, entity: u64, rng: &mut Rng) -> Self {
        let weights: Vec<u64> = COUNTRIES.iter().map(|country| country.weight).collect();
        let country = &COUNTRIES[rng.weighted(&weights)];
        let surname = surname(country, rng);
        let named =
            if country.code == "FR" { french_name(&surname, rng) } else { foreign_name(country, &surname, rng) };
        let mut company = Self::registered(country, named.text, seed, entity, rng);
        company.acronym = named.acronym;
        company.surname = surname;
        if let Some(brand) = named.franchise {
            let domain = format!("{}.example", slug(brand, '-'));
            company.email = format!("{}@{domain}", slug(&company.sites[0].city, '-'));
            company.domain = Some(domain);
        }
        company
    }

    /// A company of this name, with everything else its own.
    fn registered(country: &'static Country, name: String, seed: u64, entity: u64, rng: &mut Rng) -> Self {
        let number = if country.code == "FR" { siren(seed, entity) } else { String::new() };
        let sites = [1, 2, 3, 5][rng.weighted(&[74, 16, 7, 3])];
        let sites: Vec<Site> = (0..sites).map(|place| site(country, &number, place, rng)).collect();
        let known = country.forms.len().min(1 + rng.below(6) as usize);
        let form = *rng.pick(&country.forms[..known]);
        let domain = rng.percent(72).then(|| {
            let place = &sites[0];
            let stem = slug(&name, '-');
            let end = place.postcode.get(..2).unwrap_or("0").to_ascii_lowercase();
            if rng.percent(50) {
                format!("{stem}{end}.example")
            } else {
                format!("{stem}-{}.example", slug(&place.city, '-'))
            }
        });
        let email = match &domain {
            Some(domain) => mailbox(domain, rng),
            None => format!("{}{}@{}", slug(&name, '.'), rng.below(90) + 10, rng.pick(&MAIL_PROVIDERS)),
        };
        let vat = vat(country.code, &number, seed, entity);
        Self { country, name, acronym: None, form, siren: number, vat, domain, email, sites, surname: String::new() }
    }

    /// A company that is easily taken for this one and is another.
    fn relative(self, seed: u64, entity: u64, rng: &mut Rng) -> Self {
        let france = self.country.code == "FR";
        let kind = rng.weighted(&[18, if france { 14 } else { 0 }, 24, 12, 16, 16]);
        let name = match kind {
            0 if rng.percent(50) => format!("{} {}", rng.pick(&GROUP_WORDS), self.surname),
            0 => format!("{} {}", self.name, rng.pick(&["Holding", "Invest", "Groupe"])),
            1 if rng.percent(50) => self.surname.clone(),
            1 => format!("{} Immobilier", self.surname),
            2 => return self.neighbour(seed, entity, rng),
            5 => format!("{} {}", trade(self.country, rng), self.surname),
            _ => self.name.clone(),
        };
        let country = if kind == 3 { rng.pick(COUNTRIES) } else { self.country };
        let mut other = Self::registered(country, name, seed, entity, rng);
        other.surname.clone_from(&self.surname);
        if kind == 1 {
            other.form = ("SCI", "Société civile immobilière");
        }
        let shares_seat = kind < 2 || (kind == 5 && rng.percent(40));
        if shares_seat {
            let (own, shared) = (&mut other.sites[0], &self.sites[0]);
            (own.street, own.postcode, own.city) =
                (shared.street.clone(), shared.postcode.clone(), shared.city.clone());
            if rng.percent(45) {
                own.phone.clone_from(&shared.phone);
            }
        }
        let shares_domain = match kind {
            0 => 70,
            1 => 25,
            3 => 60,
            5 => 10,
            _ => 0,
        };
        if let Some(domain) = self.domain.filter(|_| rng.percent(shares_domain)) {
            other.email = if rng.percent(50) { self.email } else { mailbox(&domain, rng) };
            other.domain = Some(domain);
        }
        other
    }

    /// A company that only shares the building: a business centre, an accountant's address.
    fn neighbour(self, seed: u64, entity: u64, rng: &mut Rng) -> Self {
        let mut other = Self::fresh(seed, entity, rng);
        let (own, shared) = (&mut other.sites[0], &self.sites[0]);
        if other.country.code == self.country.code {
            (own.street, own.postcode, own.city) =
                (shared.street.clone(), shared.postcode.clone(), shared.city.clone());
        }
        other
    }
}

struct Named {
    text: String,
    acronym: Option<String>,
    franchise: Option<&'static str>,
}

fn french_name(surname: &str, rng: &mut Rng) -> Named {
    let trade = rng.pick(&TRADES).0;
    let plain = |text: String| Named { text, acronym: None, franchise: None };
    match rng.weighted(&[28, 8, 8, 5, 4, 3, 13, 26, 5]) {
        0 => plain(format!("{trade} {surname}")),
        1 => plain(format!("{surname} {trade}")),
        2 => plain(format!("Établissements {surname}")),
        3 => plain(format!("{surname} & Fils")),
        4 => plain(format!("{surname} Frères")),
        5 => plain(format!("{surname} et Compagnie")),
        6 => {
            let text = format!("Société {} {}", rng.pick(&REGIONS), rng.pick(&ACTIVITIES));
            let words = text.split([' ', '\'']).filter(|word| word.len() > 3 || word.starts_with(char::is_uppercase));
            let initials = words.filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).collect();
            Named { acronym: Some(initials), ..plain(text) }
        }
        7 => plain(brand(rng, trade)),
        _ => {
            let franchise = *rng.pick(&FRANCHISES);
            Named { franchise: Some(franchise), ..plain(franchise.to_owned()) }
        }
    }
}

fn trade(country: &Country, rng: &mut Rng) -> &'static str {
    match country.trades {
        [] if country.code == "GB" => rng.pick(&TRADES_FOREIGN).0,
        [] => rng.pick(&TRADES).0,
        trades => trades[rng.below(trades.len() as u64) as usize],
    }
}

fn foreign_name(country: &Country, surname: &str, rng: &mut Rng) -> Named {
    let trade = trade(country, rng);
    let text = match rng.weighted(&[40, 25, 15, 20]) {
        0 => format!("{surname} {trade}"),
        1 => format!("{trade} {surname}"),
        2 => {
            let sons = match country.code {
                "DE" => "& Söhne",
                "GB" => "& Sons",
                "ES" => "e Hijos",
                "IT" => "& Figli",
                "NL" => "& Zonen",
                _ => "& Fils",
            };
            format!("{surname} {sons}")
        }
        _ => brand(rng, trade),
    };
    Named { text, acronym: None, franchise: None }
}

fn brand(rng: &mut Rng, trade: &str) -> String {
    let middle = *rng.pick(&["", "", "ba", "co", "di", "lo", "ma", "ne", "ri", "sa", "ta", "vi"]);
    let brand = format!("{}{middle}{}", rng.pick(&STARTS), rng.pick(&ENDS));
    if rng.percent(40) { format!("{brand} {trade}") } else { brand }
}

fn surname(country: &Country, rng: &mut Rng) -> String {
    if !country.surnames.is_empty() {
        let (heads, tails) = country.parts;
        return if rng.percent(45) {
            (*rng.pick(country.surnames)).to_owned()
        } else {
            format!("{}{}", rng.pick(heads), rng.pick(tails))
        };
    }
    if rng.percent(45) {
        return (*rng.pick(&LAST)).to_owned();
    }
    format!("{}{}{}", rng.pick(&SURNAME_HEADS), rng.pick(&SURNAME_MIDDLES), rng.pick(&SURNAME_TAILS))
}

/// A mailbox at a company's own domain: one for all, or a person's.
fn mailbox(domain: &str, rng: &mut Rng) -> String {
    if rng.percent(65) {
        return format!("{}@{domain}", rng.pick(&SHARED_MAILBOXES));
    }
    let firsts = if rng.percent(50) { &FIRST_WOMEN } else { &FIRST_MEN };
    let (first, last) = (*rng.pick(firsts), *rng.pick(&LAST));
    format!("{}.{}@{domain}", slug(first, '-'), slug(last, '-'))
}

/// A place of a company, the seat where `place` is 0.
pub(crate) fn site(country: &Country, siren: &str, place: u64, rng: &mut Rng) -> Site {
    let longest = if rng.percent(90) { 140 } else { 900 };
    let house = 1 + rng.below(longest);
    let (postcode, city) = if country.towns.is_empty() {
        let town = french(rng.below(french_towns()));
        (town.postcode, town.name)
    } else {
        *rng.pick(country.towns)
    };
    let street = match country.code {
        "FR" if rng.percent(18) => (*rng.pick(&ESTATES)).to_owned(),
        "DE" | "ES" | "IT" | "NL" => format!("{} {house}", rng.pick(country.streets)),
        "GB" => format!("{house} {}", rng.pick(country.streets)),
        _ => format!("{house} {} {}", rng.pick(&STREET_KINDS), rng.pick(&STREET_NAMES)),
    };
    let (postcode, city) = (postcode.to_owned(), city.to_owned());
    let phone = format!("{}{:08}", 1 + rng.below(5), rng.below(100_000_000));
    let siret = if siren.is_empty() { String::new() } else { siret(siren, place) };
    Site { street, postcode, city, phone, siret }
}
