//! Words of headers in German, Spanish, Italian, Dutch and Portuguese, and words that tell what is not compared.

use crate::Role;

/// Words of a header, the role that they announce and the country (ISO 3166) whose habits such a header suggests.
const ABROAD: &[(&str, Role, &str)] = &[
    ("fecha nacimiento", Role::Date, "ES"),
    ("nombre completo", Role::FullName, "ES"),
    ("nombre apellidos", Role::FullName, "ES"),
    ("razon social", Role::OrganisationName, "ES"),
    ("codigo postal", Role::Postcode, "ES"),
    ("data nascita", Role::Date, "IT"),
    ("nome cognome", Role::FullName, "IT"),
    ("ragione sociale", Role::OrganisationName, "IT"),
    ("codice fiscale", Role::Identifier, "IT"),
    ("partita iva", Role::Identifier, "IT"),
    ("data nascimento", Role::Date, "PT"),
    ("nome completo", Role::FullName, "PT"),
    ("vorname", Role::FirstName, "DE"),
    ("rufname", Role::FirstName, "DE"),
    ("nachname", Role::LastName, "DE"),
    ("familienname", Role::LastName, "DE"),
    ("zuname", Role::LastName, "DE"),
    ("geburtsdatum", Role::Date, "DE"),
    ("geburtstag", Role::Date, "DE"),
    ("geboren", Role::Date, "DE"),
    ("geschlecht", Role::Gender, "DE"),
    ("anrede", Role::Gender, "DE"),
    ("strasse", Role::Street, "DE"),
    ("anschrift", Role::Street, "DE"),
    ("hausnummer", Role::StreetNumber, "DE"),
    ("hausnr", Role::StreetNumber, "DE"),
    ("postleitzahl", Role::Postcode, "DE"),
    ("plz", Role::Postcode, "DE"),
    ("wohnort", Role::City, "DE"),
    ("ort", Role::City, "DE"),
    ("stadt", Role::City, "DE"),
    ("bundesland", Role::Region, "DE"),
    ("land", Role::Country, "DE"),
    ("telefon", Role::Phone, "DE"),
    ("telefonnummer", Role::Phone, "DE"),
    ("festnetz", Role::Phone, "DE"),
    ("handy", Role::Phone, "DE"),
    ("mobil", Role::Phone, "DE"),
    ("firma", Role::OrganisationName, "DE"),
    ("firmenname", Role::OrganisationName, "DE"),
    ("unternehmen", Role::OrganisationName, "DE"),
    ("breitengrad", Role::Latitude, "DE"),
    ("langengrad", Role::Longitude, "DE"),
    ("laengengrad", Role::Longitude, "DE"),
    ("latitud", Role::Latitude, "ES"),
    ("longitud", Role::Longitude, "ES"),
    ("latitudine", Role::Latitude, "IT"),
    ("longitudine", Role::Longitude, "IT"),
    ("breedtegraad", Role::Latitude, "NL"),
    ("lengtegraad", Role::Longitude, "NL"),
    ("nombre", Role::FirstName, "ES"),
    ("apellidos", Role::LastName, "ES"),
    ("apellido", Role::LastName, "ES"),
    ("correo", Role::Email, "ES"),
    ("telefono", Role::Phone, "ES"),
    ("movil", Role::Phone, "ES"),
    ("direccion", Role::Street, "ES"),
    ("calle", Role::Street, "ES"),
    ("ciudad", Role::City, "ES"),
    ("poblacion", Role::City, "ES"),
    ("localidad", Role::City, "ES"),
    ("provincia", Role::Region, "ES"),
    ("pais", Role::Country, "ES"),
    ("empresa", Role::OrganisationName, "ES"),
    ("sexo", Role::Gender, "ES"),
    ("nome", Role::FirstName, "IT"),
    ("cognome", Role::LastName, "IT"),
    ("cellulare", Role::Phone, "IT"),
    ("indirizzo", Role::Street, "IT"),
    ("via", Role::Street, "IT"),
    ("cap", Role::Postcode, "IT"),
    ("citta", Role::City, "IT"),
    ("comune", Role::City, "IT"),
    ("paese", Role::Country, "IT"),
    ("azienda", Role::OrganisationName, "IT"),
    ("sesso", Role::Gender, "IT"),
    ("voornaam", Role::FirstName, "NL"),
    ("achternaam", Role::LastName, "NL"),
    ("geboortedatum", Role::Date, "NL"),
    ("straat", Role::Street, "NL"),
    ("adres", Role::Street, "NL"),
    ("huisnummer", Role::StreetNumber, "NL"),
    ("woonplaats", Role::City, "NL"),
    ("plaats", Role::City, "NL"),
    ("telefoon", Role::Phone, "NL"),
    ("telefoonnummer", Role::Phone, "NL"),
    ("mobiel", Role::Phone, "NL"),
    ("bedrijf", Role::OrganisationName, "NL"),
    ("bedrijfsnaam", Role::OrganisationName, "NL"),
    ("geslacht", Role::Gender, "NL"),
    ("apelido", Role::LastName, "PT"),
    ("sobrenome", Role::LastName, "PT"),
    ("telefone", Role::Phone, "PT"),
    ("telemovel", Role::Phone, "PT"),
    ("celular", Role::Phone, "PT"),
    ("morada", Role::Street, "PT"),
    ("endereco", Role::Street, "PT"),
    ("rua", Role::Street, "PT"),
    ("cep", Role::Postcode, "PT"),
    ("cidade", Role::City, "PT"),
];

/// Words of a header that name when something was done with a record, not when its subject was born or founded.
const DOING: &[&str] = &[
    "created",
    "creation",
    "updated",
    "modified",
    "changed",
    "subscribed",
    "subscription",
    "unsubscribed",
    "registered at",
    "registered on",
    "registration date",
    "date registered",
    "signup",
    "sign up",
    "signed up",
    "joined",
    "added",
    "imported",
    "last login",
    "last seen",
    "last visit",
    "last order",
    "last activity",
    "timestamp",
    "inscrit",
    "inscrite",
    "inscription",
    "ajout",
    "ajoute",
    "cree",
    "modifie",
    "modification",
    "maj",
    "mise jour",
    "import",
    "derniere visite",
    "derniere connexion",
    "derniere commande",
    "derniere activite",
    "erstellt",
    "geandert",
    "angemeldet",
    "anmeldung",
    "registriert",
    "creado",
    "actualizado",
    "modificado",
    "creato",
    "modificato",
    "aangemaakt",
    "gewijzigd",
    "criado",
];

/// Words of a header that names the number of a row or article.
const REFERENCE: &[&str] =
    &["ref", "reference", "code", "sku", "id", "identifiant", "identifier", "nummer", "numero", "no", "key"];

fn holds(header: &str, entry: &str) -> bool {
    entry.split(' ').all(|word| header.split(' ').any(|held| held == word))
}

/// The role that a folded header announces in a language other than French and English, with the words that do.
pub(crate) fn abroad(header: &str) -> Option<(&'static str, Role)> {
    ABROAD.iter().find(|(entry, ..)| holds(header, entry)).map(|(entry, role, _)| (*entry, *role))
}

/// The words of a folded header that name when something was done.
pub(crate) fn doing(header: &str) -> Option<&'static str> {
    DOING.iter().find(|entry| holds(header, entry)).copied()
}

/// Whether a folded header names the number of a row or article.
pub(crate) fn is_reference(header: &str) -> bool {
    REFERENCE.iter().any(|entry| holds(header, entry))
}

/// The country that at least two folded headers suggest, and more than suggest any other.
pub(crate) fn region(headers: &[String]) -> Option<&'static str> {
    let suggested = |country: &str| {
        let ours = |header: &&String| ABROAD.iter().any(|(entry, _, held)| *held == country && holds(header, entry));
        headers.iter().filter(ours).count()
    };
    let counts = ["DE", "ES", "IT", "NL", "PT"].map(|country| (suggested(country), country));
    let (most, country) = counts.into_iter().max_by_key(|(count, _)| *count)?;
    let alone = counts.iter().filter(|(count, _)| *count == most).count() == 1;
    (most >= 2 && alone).then_some(country)
}
