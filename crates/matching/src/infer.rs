//! Recognises what columns hold, by header and content, in six languages.

use hashbrown::HashSet;

use crate::headers;
use crate::normalise::{contact, date, fold::fold, organisation, place};
use crate::{Column, ColumnConfig, Config, Entity, Error, Role, Table, Thresholds};

/// Cells of a column that are looked at.
const LOOKED_AT: usize = 2000;

/// Words of a header, and the role that they announce. All words of an entry must occur; longer entries come first.
const HEADERS: &[(&str, Role)] = &[
    ("nom de famille", Role::LastName),
    ("nom usage", Role::LastName),
    ("nom naissance", Role::LastName),
    ("nom marital", Role::LastName),
    ("last name", Role::LastName),
    ("family name", Role::LastName),
    ("lastname", Role::LastName),
    ("surname", Role::LastName),
    ("lname", Role::LastName),
    ("patronyme", Role::LastName),
    ("first name", Role::FirstName),
    ("given name", Role::FirstName),
    ("firstname", Role::FirstName),
    ("forename", Role::FirstName),
    ("fname", Role::FirstName),
    ("prenom", Role::FirstName),
    ("prenoms", Role::FirstName),
    ("full name", Role::FullName),
    ("fullname", Role::FullName),
    ("nom complet", Role::FullName),
    ("nom prenom", Role::FullName),
    ("raison sociale", Role::OrganisationName),
    ("denomination", Role::OrganisationName),
    ("company name", Role::OrganisationName),
    ("organisation name", Role::OrganisationName),
    ("organization name", Role::OrganisationName),
    ("account name", Role::OrganisationName),
    ("nom entreprise", Role::OrganisationName),
    ("nom societe", Role::OrganisationName),
    ("nom commercial", Role::OrganisationName),
    ("enseigne", Role::OrganisationName),
    ("date naissance", Role::Date),
    ("date of birth", Role::Date),
    ("birth date", Role::Date),
    ("birthdate", Role::Date),
    ("birthday", Role::Date),
    ("naissance", Role::Date),
    ("dob", Role::Date),
    ("sexe", Role::Gender),
    ("sex", Role::Gender),
    ("gender", Role::Gender),
    ("genre", Role::Gender),
    ("civilite", Role::Gender),
    ("email", Role::Email),
    ("mail", Role::Email),
    ("courriel", Role::Email),
    ("e mail", Role::Email),
    ("telephone", Role::Phone),
    ("phone", Role::Phone),
    ("mobile", Role::Phone),
    ("portable", Role::Phone),
    ("tel", Role::Phone),
    ("gsm", Role::Phone),
    ("fax", Role::Phone),
    ("street number", Role::StreetNumber),
    ("house number", Role::StreetNumber),
    ("numero voie", Role::StreetNumber),
    ("num voie", Role::StreetNumber),
    ("full address", Role::FullAddress),
    ("adresse complete", Role::FullAddress),
    ("address 2", Role::AddressLine),
    ("adresse 2", Role::AddressLine),
    ("address2", Role::AddressLine),
    ("complement adresse", Role::AddressLine),
    ("complement", Role::AddressLine),
    ("code postal", Role::Postcode),
    ("postal code", Role::Postcode),
    ("zip code", Role::Postcode),
    ("postcode", Role::Postcode),
    ("zipcode", Role::Postcode),
    ("zip", Role::Postcode),
    ("cp", Role::Postcode),
    ("plz", Role::Postcode),
    ("street", Role::Street),
    ("address", Role::Street),
    ("adresse", Role::Street),
    ("rue", Role::Street),
    ("voie", Role::Street),
    ("city", Role::City),
    ("town", Role::City),
    ("ville", Role::City),
    ("commune", Role::City),
    ("suburb", Role::City),
    ("localite", Role::City),
    ("locality", Role::City),
    ("state", Role::Region),
    ("county", Role::Region),
    ("region", Role::Region),
    ("departement", Role::Region),
    ("province", Role::Region),
    ("lat lon", Role::Coordinates),
    ("lat lng", Role::Coordinates),
    ("lat long", Role::Coordinates),
    ("latlng", Role::Coordinates),
    ("latlon", Role::Coordinates),
    ("coordinates", Role::Coordinates),
    ("coordonnees gps", Role::Coordinates),
    ("coordonnees geographiques", Role::Coordinates),
    ("geo point", Role::Coordinates),
    ("latitude", Role::Latitude),
    ("lat", Role::Latitude),
    ("longitude", Role::Longitude),
    ("lng", Role::Longitude),
    ("lon", Role::Longitude),
    ("long", Role::Longitude),
    ("pays", Role::Country),
    ("country", Role::Country),
    ("siren", Role::Identifier),
    ("siret", Role::Identifier),
    ("vat", Role::Identifier),
    ("tva", Role::Identifier),
    ("ssn", Role::Identifier),
    ("soc sec", Role::Identifier),
    ("social security", Role::Identifier),
    ("securite sociale", Role::Identifier),
    ("nir", Role::Identifier),
    ("ean", Role::Identifier),
    ("gtin", Role::Identifier),
    ("isbn", Role::Identifier),
    ("doi", Role::Identifier),
    ("website", Role::Website),
    ("url", Role::Website),
    ("site", Role::Website),
    ("web", Role::Website),
    ("domain", Role::Website),
    ("price", Role::Number),
    ("prix", Role::Number),
    ("year", Role::Number),
    ("annee", Role::Number),
    ("title", Role::Text),
    ("titre", Role::Text),
    ("description", Role::Text),
    ("authors", Role::Text),
    ("author", Role::Text),
    ("auteurs", Role::Text),
    ("auteur", Role::Text),
    ("venue", Role::Category),
    ("journal", Role::Category),
    ("brand", Role::Category),
    ("marque", Role::Category),
    ("manufacturer", Role::Category),
    ("fabricant", Role::Category),
    ("category", Role::Category),
    ("categorie", Role::Category),
    ("company", Role::OrganisationName),
    ("entreprise", Role::OrganisationName),
    ("societe", Role::OrganisationName),
    ("organisation", Role::OrganisationName),
    ("organization", Role::OrganisationName),
    ("account", Role::OrganisationName),
];

/// Headers of numbers that only count rows, or of the answer itself.
const NUMBERING: &[&str] = &[
    "id",
    "rec id",
    "record id",
    "unique id",
    "row",
    "row id",
    "rowid",
    "index",
    "no",
    "num",
    "numero",
    "ligne",
    "uuid",
    "truth",
    "cluster",
    "cluster id",
    "entity id",
    "label",
    "source",
    "key",
];

/// Why an empty column is left out.
const NO_VALUES: &str = "no values";

/// The share of cells that hold several values from which a column is read so.
const SEVERAL: f64 = 0.01;

/// Whether there are two different values.
fn several(mut values: impl Iterator<Item = String>) -> bool {
    values.next().is_some_and(|first| values.any(|value| value != first))
}

/// What the content of a column looks like.
#[derive(Default)]
struct Content {
    filled: usize,
    /// Share of the cells that are e-mail addresses, telephone numbers, dates, web addresses, numbers.
    email: f64,
    phone: f64,
    date: f64,
    /// Share of the cells that are dates with a time of day.
    timed: f64,
    /// Share of the cells with more than one e-mail address, or telephone number.
    emails: f64,
    phones: f64,
    website: f64,
    number: f64,
    company_number: f64,
    /// Share of the cells that are precise degrees of latitude, of longitude, or both.
    latitude: f64,
    longitude: f64,
    coordinates: f64,
    /// Different cells for each cell.
    distinct: f64,
    /// Mean number of words.
    words: f64,
}

impl Content {
    fn of(column: &Column, region: &str) -> Self {
        let step = (column.len() / LOOKED_AT).max(1);
        let cells: Vec<&str> = (0..column.len())
            .step_by(step)
            .filter_map(|row| column.get(row))
            .filter(|cell| !cell.trim().is_empty())
            .take(LOOKED_AT)
            .collect();
        let filled = cells.len();
        let share =
            |is: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| is(cell)).count() as f64 / filled.max(1) as f64;
        let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
        let mut sorted = cells.clone();
        sorted.sort_unstable();
        sorted.dedup();
        Self {
            email: share(&|cell| contact::emails(cell).next().is_some()),
            emails: share(&|cell| several(contact::emails(cell))),
            phone: share(&|cell| {
                let is_phone = |part: &str| {
                    (9..=15).contains(&digits(part))
                        && part.bytes().all(|b| b.is_ascii_digit() || b" +.-()/".contains(&b))
                        && (part.trim_start().starts_with(['0', '+', '(']) || part.contains(' '))
                        && contact::phones(part, region).next().is_some()
                };
                contact::numbers(cell).all(is_phone)
            }),
            phones: share(&|cell| several(contact::phones(cell, region))),
            date: share(&|cell| {
                digits(cell) >= 6
                    && date::date(cell, false)
                        .is_some_and(|date| (1850..2100).contains(&date.year) && date.month <= 31 && date.day > 0)
            }),
            timed: share(&|cell| date::has_time(cell)),
            website: share(&|cell| contact::website(cell).is_some()),
            number: share(&|cell| {
                digits(cell) > 0 && cell.trim().bytes().all(|b| b.is_ascii_digit() || b" .,-$".contains(&b) || b >= 128)
            }),
            company_number: share(&organisation::is_checked_company),
            latitude: share(&|cell| place::is_precise(cell) && place::latitude(cell).is_some()),
            longitude: share(&|cell| place::is_precise(cell) && place::longitude(cell).is_some()),
            coordinates: share(&|cell| place::is_precise(cell) && place::coordinates(cell).is_some()),
            distinct: sorted.len() as f64 / filled.max(1) as f64,
            words: cells.iter().map(|cell| cell.split_whitespace().count()).sum::<usize>() as f64
                / filled.max(1) as f64,
            filled,
        }
    }
}

impl Config {
    /// Recognises the columns of a table. The entity is recognised too when it is not given.
    ///
    /// ```
    /// use matching::{Config, Entity, Role, Table};
    /// let mut table = Table::default();
    /// table.append_rows("crm", &["Nom", "Prénom", "contact", "CP"], &[
    ///     vec![Some("Durand"), Some("Zoé"), Some("zoe@durand.fr"), Some("69001")],
    /// ])?;
    /// let config = Config::infer(&table, None)?;
    /// assert_eq!(config.entity, Entity::Person);
    /// assert_eq!(config.columns.iter().map(|c| c.role).collect::<Vec<_>>(),
    ///     [Role::LastName, Role::FirstName, Role::Email, Role::Postcode]);
    /// # Ok::<(), matching::Error>(())
    /// ```
    pub fn infer(table: &Table, entity: Option<Entity>) -> Result<Self, Error> {
        if table.rows() == 0 {
            return Err(Error::Empty);
        }
        let mut config = Self::default();
        let headers: Vec<String> = table.names().iter().map(|name| split_header(name)).collect();
        if let Some(region) = headers::region(&headers) {
            config.region = region.to_owned();
        }
        let contents: Vec<Content> = table.columns().iter().map(|column| Content::of(column, &config.region)).collect();
        let recognised: Vec<(Role, String)> =
            headers.iter().zip(&contents).map(|(header, content)| recognise(header, content)).collect();
        config.entity = entity.unwrap_or_else(|| entity_of(&recognised, &headers));
        for (at, name) in table.names().iter().enumerate() {
            let (role, because) = fit(recognised[at].clone(), &headers[at], &contents[at], config.entity);
            let several = match role {
                Role::Email => contents[at].emails >= SEVERAL,
                Role::Phone => contents[at].phones >= SEVERAL,
                _ => false,
            };
            config.columns.push(ColumnConfig { name: name.clone(), role, several, because });
        }
        config.settle_names();
        config.thresholds = Thresholds::of(config.entity);
        if config.entity == Entity::Any && table.sources().len() > 1 {
            // Catalogues of things are linked with each other; people and organisations are entered twice in one register.
            config.distinct_sources = config.sources_without_repeats(table);
        }
        let useful = |column: &ColumnConfig| column.role != Role::Ignore;
        if !config.columns.iter().any(useful) {
            return Err(Error::NothingToCompare(table.names().join(", ")));
        }
        Ok(config)
    }

    /// Recognises what columns hold by their headers alone: for records that come one at a time.
    ///
    /// ```
    /// use matching::{Config, Entity, Role};
    /// let config = Config::of_headers(&["firstName", "lastName", "ville"], Entity::Person);
    /// assert_eq!(config.role("ville"), Role::City);
    /// ```
    pub fn of_headers(names: &[&str], entity: Entity) -> Self {
        let place = Content { latitude: 0.5, longitude: 0.5, coordinates: 0.5, ..Content::default() };
        let content = Content { filled: 1, date: 0.5, number: 0.5, phone: 0.5, ..place };
        let mut config = Self { entity, thresholds: Thresholds::of(entity), ..Self::default() };
        for name in names {
            let header = split_header(name);
            let (role, because) = fit(recognise(&header, &content), &header, &content, entity);
            config.columns.push(ColumnConfig { name: (*name).to_owned(), role, several: false, because });
        }
        config.settle_names();
        config
    }

    /// Sources in which hardly any row repeats another's first text.
    fn sources_without_repeats(&self, table: &Table) -> Vec<String> {
        let text = self.columns.iter().find(|column| column.role == Role::Text);
        let Some(column) = text.and_then(|column| table.column(&column.name)) else { return Vec::new() };
        let clean = |source: &usize| {
            let rows = table.source_rows(*source);
            let cells: Vec<String> = rows.filter_map(|row| table.value(row, column)).map(fold).collect();
            let different: HashSet<&String> = cells.iter().collect();
            different.len() as f64 >= 0.9 * cells.len() as f64
        };
        (0..table.sources().len()).filter(clean).map(|source| table.sources()[source].clone()).collect()
    }

    /// “Nom” and “name” are a family name beside a first name, else a whole name, an organisation or a title.
    fn settle_names(&mut self) {
        let has = |config: &Config, role| config.columns.iter().any(|column| column.role == role);
        let (first, last) = (has(self, Role::FirstName), has(self, Role::LastName));
        let entity = self.entity;
        for column in &mut self.columns {
            if !matches!(split_header(&column.name).as_str(), "nom" | "name" | "noms" | "client" | "contact name") {
                continue;
            }
            if matches!(column.role, Role::Email | Role::Phone) || column.because == NO_VALUES {
                continue;
            }
            column.role = match entity {
                Entity::Person if first && !last => Role::LastName,
                Entity::Person if last => continue,
                Entity::Person => Role::FullName,
                Entity::Organisation => Role::OrganisationName,
                Entity::Any => Role::Text,
            };
        }
        let located = has(self, Role::Latitude) && has(self, Role::Longitude);
        for column in self.columns.iter_mut().filter(|_| !located) {
            if matches!(column.role, Role::Latitude | Role::Longitude) {
                column.role = Role::Ignore;
                column.because = "latitude and longitude are not both given".to_owned();
            }
        }
        if self.columns.iter().any(|column| column.role == Role::FullName) && first && last {
            for column in self.columns.iter_mut().filter(|column| column.role == Role::FullName) {
                column.role = Role::Ignore;
                column.because = "first and last name are given apart".to_owned();
            }
        }
    }
}

/// A header as words: `birth_date`, `BirthDate` and `Date de naissance` alike.
fn split_header(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_uppercase() && lower {
            spaced.push(' ');
        }
        lower = c.is_lowercase();
        spaced.push(c);
    }
    fold(&spaced.replace(['\'', '’'], " "))
}

fn recognise(header: &str, content: &Content) -> (Role, String) {
    let by_header = |words: &str| format!("header “{words}”");
    if NUMBERING.contains(&header) || header.starts_with("truth") {
        return (Role::Ignore, by_header(header));
    }
    if content.filled == 0 {
        return (Role::Ignore, NO_VALUES.to_owned());
    }
    if content.email > 0.5 {
        return (Role::Email, "content: e-mail addresses".to_owned());
    }
    if let Some(entry) = headers::doing(header) {
        return (Role::Ignore, by_header(entry));
    }
    let words: Vec<&str> = header.split(' ').collect();
    // A long description is no longitude.
    let stands = |entry: &str| entry != "long" || header == "long";
    let held = HEADERS.iter().find(|(entry, _)| stands(entry) && entry.split(' ').all(|word| words.contains(&word)));
    if let Some((entry, role)) = held.copied().or_else(|| headers::abroad(header)) {
        let fits = match role {
            Role::Date => content.date > 0.3 || content.number > 0.5,
            Role::Phone => content.number > 0.3 || content.phone > 0.3,
            Role::Latitude => content.latitude >= 0.5,
            Role::Longitude => content.longitude >= 0.5,
            Role::Coordinates => content.coordinates >= 0.5,
            _ => true,
        };
        if fits {
            return (role, by_header(entry));
        }
    }
    if content.timed > 0.5 {
        return (Role::Ignore, "content: times at which something was done".to_owned());
    }
    if content.coordinates > 0.8 {
        return (Role::Coordinates, "content: latitudes and longitudes".to_owned());
    }
    if content.date > 0.8 {
        return (Role::Date, "content: dates".to_owned());
    }
    if content.company_number > 0.8 && content.distinct > 0.3 {
        return (Role::Identifier, "content: company numbers that pass their check".to_owned());
    }
    if content.phone > 0.7 {
        return (Role::Phone, "content: telephone numbers".to_owned());
    }
    if content.website > 0.7 {
        return (Role::Website, "content: web addresses".to_owned());
    }
    (Role::Ignore, String::new())
}

/// Persons have names or a birth date; organisations have a legal name or number; the rest is anything.
fn entity_of(recognised: &[(Role, String)], headers: &[String]) -> Entity {
    let has = |role: Role| recognised.iter().any(|(held, _)| *held == role);
    let person = has(Role::LastName) || has(Role::FirstName) || has(Role::FullName);
    let birth =
        headers.iter().any(|header| header.contains("birth") || header.contains("naissance") || header == "dob");
    if person || birth {
        return Entity::Person;
    }
    if has(Role::OrganisationName) {
        return Entity::Organisation;
    }
    let company =
        headers.iter().any(|header| header.contains("siren") || header.contains("siret") || header.contains("tva"));
    let contact = has(Role::Email) || has(Role::Phone) || has(Role::Street);
    let named = headers.iter().any(|header| header == "name" || header == "nom");
    match (company, contact && named) {
        (true, _) => Entity::Organisation,
        (_, true) => Entity::Person,
        _ => Entity::Any,
    }
}

/// The role under the entity: what is not recognised is compared as text where anything may matter, else left out.
fn fit((role, because): (Role, String), header: &str, content: &Content, entity: Entity) -> (Role, String) {
    if role == Role::Ignore && because.is_empty() && entity == Entity::Any {
        let (role, what) = if headers::is_reference(header) && content.distinct > 0.99 && content.filled > 20 {
            (Role::Ignore, "references that are all different")
        } else if content.number > 0.9 {
            if content.distinct > 0.95 && content.filled > 50 {
                (Role::Ignore, "numbers that are all different")
            } else {
                (Role::Number, "numbers")
            }
        } else if content.distinct > 0.2 || content.words >= 3.0 {
            (Role::Text, "words")
        } else {
            (Role::Category, "a few repeated values")
        };
        return (role, format!("content: {what}"));
    }
    if role == Role::Ignore && because.is_empty() {
        return (Role::Ignore, "not recognised".to_owned());
    }
    if role == Role::OrganisationName && entity == Entity::Person && header != "name" {
        return (Role::Category, because);
    }
    if role == Role::Text && entity == Entity::Person {
        return (if header.contains("title") || header.contains("titre") { Role::Ignore } else { role }, because);
    }
    (role, because)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], row: &[&str]) -> String {
        let mut table = Table::default();
        let cells: Vec<Option<&str>> = row.iter().map(|cell| Some(*cell)).collect();
        table.append_rows("t", names, &[cells]).unwrap();
        match Config::infer(&table, None) {
            Ok(config) => {
                let roles: Vec<String> = config.columns.iter().map(|column| format!("{:?}", column.role)).collect();
                format!("{:?}: {}", config.entity, roles.join(" "))
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn references_of_things_are_left_out() {
        let mut table = Table::default();
        let cells: Vec<(String, String)> = (0..40).map(|n| (format!("P{n}"), format!("Lampe {}", n / 2))).collect();
        let rows: Vec<Vec<Option<&str>>> =
            cells.iter().map(|(a, b)| vec![Some(a.as_str()), Some(b.as_str())]).collect();
        table.append_rows("t", &["Référence", "Désignation"], &rows).unwrap();
        let config = Config::infer(&table, None).unwrap();
        assert_eq!((config.role("Référence"), config.role("Désignation")), (Role::Ignore, Role::Text));
    }

    #[test]
    fn several_values_of_a_cell_are_seen() {
        let cells = |odd: &'static str, usual: &'static str| move |row: usize| Some(if row == 7 { odd } else { usual });
        let mail = cells("a.roux@free.fr; anne@roux.fr", "paul@orange.fr");
        let phone = cells("06 12 34 56 78 / 01 42 34 56 78", "06 11 22 33 44");
        let infer = |rows: usize| {
            let rows: Vec<Vec<Option<&str>>> = (0..rows).map(|row| vec![Some("Roux"), mail(row), phone(row)]).collect();
            let mut table = Table::default();
            table.append_rows("t", &["nom", "mail", "tél"], &rows).unwrap();
            let config = Config::infer(&table, Some(Entity::Person)).unwrap();
            assert_eq!(Config::from_toml(&config.to_toml()).unwrap(), config);
            config.columns.iter().map(|column| (column.role, column.several)).collect::<Vec<_>>()
        };
        assert_eq!(infer(100), [(Role::FullName, false), (Role::Email, true), (Role::Phone, true)]);
        assert_eq!(infer(101), [(Role::FullName, false), (Role::Email, false), (Role::Phone, false)]);
    }

    #[test]
    fn headers_tell_the_country() {
        let mut table = Table::default();
        table.append_rows("t", &["Vorname", "Nachname"], &[vec![Some("Jörg"), Some("Weiß")]]).unwrap();
        assert_eq!(Config::infer(&table, None).unwrap().region, "DE");
    }

    #[test]
    fn headers_and_contents() {
        insta::assert_snapshot!(check(
            &["rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id"],
            &["rec-1", "mitchell", "green", "7", "wallaby place", "delmar", "cleveland", "2119", "sa", "19560409", "1804974"],
        ), @"Person: Ignore FirstName LastName StreetNumber Street AddressLine City Postcode Region Date Identifier");
        insta::assert_snapshot!(check(
            &["Raison sociale", "SIRET", "Tél.", "Adresse", "CP", "Ville", "x"],
            &["ACME SARL", "73282932000074", "01 23 45 67 89", "1 rue X", "75001", "Paris", "contact@acme.fr"],
        ), @"Organisation: OrganisationName Identifier Phone Street Postcode City Email");
        insta::assert_snapshot!(check(
            &["id", "name", "description", "price"],
            &["0", "Sony Turntable - PSLX350H", "Sony Turntable - PSLX350H/ Belt Drive System", "399"],
        ), @"Any: Ignore Text Text Number");
        insta::assert_snapshot!(check(&["Nom", "mail"], &["Anne Roux", "anne@roux.fr"]), @"Person: FullName Email");
        insta::assert_snapshot!(check(
            &["Vorname", "Nachname", "Geburtsdatum", "Straße", "Hausnr.", "PLZ", "Ort", "Handy", "E-Mail", "Firma", "Erstellt am"],
            &["Jörg", "Weiß", "31.12.1980", "Ringstraße", "4", "10115", "Berlin", "0170 1731883", "j@weiss.de", "X GmbH", "2024-01-01"],
        ), @"Person: FirstName LastName Date Street StreetNumber Postcode City Phone Email Category Ignore");
        insta::assert_snapshot!(check(
            &["Nombre", "Apellidos", "Fecha de nacimiento", "Correo electrónico", "Código postal"],
            &["Ana", "García", "31/12/1980", "ana@garcia.es", "28001"],
        ), @"Person: FirstName LastName Date Email Postcode");
        insta::assert_snapshot!(check(
            &["email", "name", "Inscrit le", "date d'ajout", "seen", "Né(e) le"],
            &["anne@roux.fr", "Anne Roux", "2024-01-01", "2024-02-01", "2025-10-07 10:00:00", "31/12/1980"],
        ), @"Person: Email FullName Ignore Ignore Ignore Date");
        insta::assert_snapshot!(check(
            &["Enseigne", "lat", "long", "Position", "Long description"],
            &["Chez Zoé", "48.85661", "2,35222", "48.85661, 2.35222", "1.25"],
        ), @"Organisation: OrganisationName Latitude Longitude Coordinates Text");
        insta::assert_snapshot!(check(&["name", "lat", "lon"], &["Chez Zoé", "6862305", "652469"]), @"Any: Text Number Number");
        insta::assert_snapshot!(check(&["Enseigne", "latitude"], &["Chez Zoé", "48.85661"]), @"Organisation: OrganisationName Ignore");
        insta::assert_snapshot!(check(&["id", "index"], &["1", "2"]), @"no column was recognised: give some a role in the configuration (columns: id, index)");
    }
}
