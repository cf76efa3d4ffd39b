//! Postal addresses, French and English habits.

use super::fold::{fold, is_placeholder};

/// The parts of an address that are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// House number with its suffix: `12`, `12b`.
    pub number: Option<String>,
    /// Street type and name without articles.
    pub street: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// City.
    pub city: Option<String>,
}

/// Abbreviations of street types and of words in street names.
const WORDS: &[(&str, &str)] = &[
    ("all", "allee"),
    ("allees", "allee"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bat", "batiment"),
    ("bd", "boulevard"),
    ("blv", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("bvd", "boulevard"),
    ("cdt", "commandant"),
    ("ch", "chemin"),
    ("che", "chemin"),
    ("chem", "chemin"),
    ("cir", "circuit"),
    ("cl", "close"),
    ("cres", "crescent"),
    ("crs", "cours"),
    ("crt", "court"),
    ("ct", "court"),
    ("dr", "docteur"),
    ("fbg", "faubourg"),
    ("fg", "faubourg"),
    ("gal", "general"),
    ("gen", "general"),
    ("gr", "grande"),
    ("hwy", "highway"),
    ("imp", "impasse"),
    ("lieut", "lieutenant"),
    ("ln", "lane"),
    ("lot", "lotissement"),
    ("mal", "marechal"),
    ("mgr", "monseigneur"),
    ("mt", "mont"),
    ("pas", "passage"),
    ("pass", "passage"),
    ("pde", "parade"),
    ("pl", "place"),
    ("pkwy", "parkway"),
    ("pres", "president"),
    ("prof", "professeur"),
    ("pt", "petit"),
    ("qu", "quai"),
    ("r", "rue"),
    ("rd", "road"),
    ("res", "residence"),
    ("rte", "route"),
    ("sq", "square"),
    ("ste", "sainte"),
    ("str", "strasse"),
    ("ter", "terrace"),
    ("tce", "terrace"),
    ("za", "zone"),
    ("zac", "zone"),
    ("zi", "zone"),
];

/// Words that street names have or lack at will.
const ARTICLES: &[&str] =
    &["d", "de", "del", "della", "des", "du", "l", "la", "le", "les", "of", "the", "aux", "au", "et"];

const SUFFIXES: &[(&str, char)] =
    &[("bis", 'b'), ("ter", 't'), ("quater", 'q'), ("b", 'b'), ("t", 't'), ("a", 'a'), ("c", 'c')];

/// Number and street of one line.
pub(crate) fn street(cell: &str) -> (Option<String>, Option<String>) {
    let folded = fold_street(cell);
    if is_placeholder(&folded) {
        return (None, None);
    }
    let words: Vec<&str> = folded.split(' ').collect();
    let mut number = None;
    let mut rest: &[&str] = &words;
    let is_number = |word: &str| word.len() <= 6 && word.as_bytes()[0].is_ascii_digit();
    if is_number(words[0]) && words.len() > 1 {
        rest = &words[1..];
        let mut found = words[0].to_owned();
        if let Some((_, suffix)) = SUFFIXES.iter().find(|(word, _)| rest.len() > 1 && *word == rest[0]) {
            found.push(*suffix);
            rest = &rest[1..];
        }
        number = Some(found);
    } else if words.len() > 1 && is_number(words[words.len() - 1]) && !words[words.len() - 1].starts_with("19") {
        number = Some(words[words.len() - 1].to_owned());
        rest = &words[..words.len() - 1];
    }
    let mut street = String::with_capacity(folded.len());
    for (at, word) in rest.iter().enumerate() {
        let word = match *word {
            "st" if at > 0 && at + 1 == rest.len() => "street",
            "st" => "saint",
            "dr" if at > 0 && at + 1 == rest.len() => "drive",
            word => WORDS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long),
        };
        if ARTICLES.contains(&word) && rest.len() > 1 {
            continue;
        }
        if !street.is_empty() {
            street.push(' ');
        }
        street.push_str(word);
    }
    (number, (!street.is_empty()).then_some(street))
}

/// Apostrophes part words in streets (`rue de l'Église`).
fn fold_street(cell: &str) -> String {
    if cell.contains(['\'', '’']) { fold(&cell.replace(['\'', '’'], " ")) } else { fold(cell) }
}

/// A house number alone.
pub(crate) fn number(cell: &str) -> Option<String> {
    let folded = fold(cell);
    (!is_placeholder(&folded)).then(|| folded.replace(' ', ""))
}

/// A postal code: letters and digits only; four digits get their leading zero back where codes have five.
pub(crate) fn postcode(cell: &str, region: &str) -> Option<String> {
    let mut code: String = cell.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    code.make_ascii_lowercase();
    if let Some(rest) = code.strip_prefix('f').filter(|rest| rest.len() == 5) {
        code = rest.to_owned();
    }
    if code.len() == 4 && matches!(region, "FR" | "DE" | "ES" | "IT") && code.bytes().all(|byte| byte.is_ascii_digit())
    {
        code.insert(0, '0');
    }
    let empty = code.len() < 2 || code.bytes().all(|byte| byte == b'0') || is_placeholder(&code);
    (!empty).then_some(code)
}

/// A city: `st` spelt out, no `cedex`, no number of a district.
pub(crate) fn city(cell: &str) -> Option<String> {
    let folded = fold(cell);
    if is_placeholder(&folded) {
        return None;
    }
    if !folded.contains(' ') {
        return Some(folded);
    }
    let mut city = String::with_capacity(folded.len());
    for (at, word) in folded.split(' ').enumerate() {
        let word = match word {
            "cedex" if at > 0 => break,
            "st" => "saint",
            "ste" => "sainte",
            word if at > 0 && word.as_bytes()[0].is_ascii_digit() => continue,
            word => word,
        };
        if !city.is_empty() {
            city.push(' ');
        }
        city.push_str(word);
    }
    Some(city)
}

/// A country by its ISO 3166 code, where its name is one of the usual ones in French, English or its own language.
pub(crate) fn country(cell: &str) -> Option<String> {
    let folded = fold(cell);
    let code = match folded.as_str() {
        "france" | "fra" => "fr",
        "allemagne" | "germany" | "deutschland" | "deu" | "ger" => "de",
        "belgique" | "belgium" | "belgie" | "bel" => "be",
        "suisse" | "switzerland" | "schweiz" | "svizzera" | "che" => "ch",
        "luxembourg" | "lux" => "lu",
        "espagne" | "spain" | "espana" | "esp" => "es",
        "italie" | "italy" | "italia" | "ita" => "it",
        "pays bas" | "netherlands" | "the netherlands" | "nederland" | "holland" | "nld" => "nl",
        "portugal" | "prt" => "pt",
        "autriche" | "austria" | "osterreich" | "aut" => "at",
        "royaume uni" | "united kingdom" | "uk" | "great britain" | "england" | "gbr" => "gb",
        "irlande" | "ireland" | "irl" => "ie",
        "etats unis" | "united states" | "united states of america" | "usa" => "us",
        "pologne" | "poland" | "polska" | "pol" => "pl",
        code => code,
    };
    (!is_placeholder(code)).then(|| code.to_owned())
}

/// The parts of an address in one cell: `12 bis rue de la Paix, 75002 Paris`.
pub(crate) fn whole(cell: &str, region: &str) -> Address {
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let words: Vec<&str> = cell.split([' ', ',', '\n', ';']).filter(|word| !word.is_empty()).collect();
    let code = words.iter().enumerate().skip(1).rev().find(|(_, word)| digits(word) >= 4 && word.len() <= 7);
    let Some((at, code)) = code else {
        let mut parts = cell.splitn(2, [',', '\n']);
        let (number, street) = street(parts.next().unwrap_or_default());
        return Address { number, street, postcode: None, city: parts.next().and_then(city) };
    };
    let (number, street) = street(&words[..at].join(" "));
    Address { number, street, postcode: postcode(code, region), city: city(&words[at + 1..].join(" ")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(cell: &str) -> String {
        let (number, street) = street(cell);
        format!("{} | {}", number.unwrap_or_default(), street.unwrap_or_default())
    }

    #[test]
    fn streets() {
        assert_eq!(check("12 bis, av. de la République"), "12b | avenue republique");
        assert_eq!(check("3 r. de l'Église"), "3 | rue eglise");
        assert_eq!(check("Hauptstr. 12"), "12 | hauptstr");
        assert_eq!(check("5 main st"), "5 | main street");
        assert_eq!(check("5 rue St Michel"), "5 | rue saint michel");
        assert_eq!(check("rue du 8 Mai 1945"), " | rue 8 mai 1945");
        assert_eq!(check("n/a"), " | ");
    }

    #[test]
    fn places() {
        assert_eq!(city("St-Étienne Cedex 09").as_deref(), Some("saint etienne"));
        assert_eq!(city("PARIS 12").as_deref(), Some("paris"));
        assert_eq!(postcode("1000", "FR").as_deref(), Some("01000"));
        assert_eq!(postcode("F-75002", "FR").as_deref(), Some("75002"));
        assert_eq!(postcode("SW1A 1AA", "GB").as_deref(), Some("sw1a1aa"));
    }

    #[test]
    fn countries() {
        assert_eq!(["Deutschland", "DE", "Allemagne"].map(|cell| country(cell).unwrap()), ["de", "de", "de"]);
    }

    #[test]
    fn one_cell() {
        let address = whole("12 bis rue de la Paix, 75002 Paris", "FR");
        assert_eq!(address.number.as_deref(), Some("12b"));
        assert_eq!(address.street.as_deref(), Some("rue paix"));
        assert_eq!(address.postcode.as_deref(), Some("75002"));
        assert_eq!(address.city.as_deref(), Some("paris"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(cell in ".{0,60}") {
            let _ = (street(&cell), number(&cell), postcode(&cell, "FR"), city(&cell), whole(&cell, "FR"));
        }
    }
}
