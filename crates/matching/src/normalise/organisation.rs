//! Names and numbers of organisations.

use super::fold::{fold, is_placeholder};

/// Legal forms of France, its neighbours and the English-speaking countries, folded.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "asbl",
    "bv",
    "bvba",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "ei",
    "eirl",
    "ek",
    "eurl",
    "gbr",
    "gie",
    "gmbh",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "lda",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "ohg",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "sc",
    "sca",
    "scop",
    "scp",
    "scs",
    "se",
    "selarl",
    "sl",
    "slu",
    "snc",
    "spa",
    "sprl",
    "srl",
    "sro",
    "ug",
    "vof",
    "zoo",
];

/// Legal forms in full, the longer first, with what stands for them. A property company stays one: it is not the company
/// that it lets to.
const FORMS_SPELT_OUT: &[(&str, &str)] = &[
    ("societe civile immobiliere", "sci"),
    ("societe par actions simplifiee unipersonnelle", "sasu"),
    ("societe par actions simplifiee", "sas"),
    ("entreprise unipersonnelle a responsabilite limitee", "eurl"),
    ("societe a responsabilite limitee", "sarl"),
    ("societe anonyme", "sa"),
    ("societe en nom collectif", "snc"),
    ("societe cooperative de production", "scop"),
    ("gesellschaft mit beschrankter haftung", "gmbh"),
    ("und compagnie kommanditgesellschaft", "kg"),
    ("kommanditgesellschaft", "kg"),
    ("offene handelsgesellschaft", "ohg"),
    ("aktiengesellschaft", "ag"),
    ("unternehmergesellschaft", "ug"),
    ("public limited company", "plc"),
    ("limited liability partnership", "llp"),
    ("limited liability company", "llc"),
    ("private limited company", "ltd"),
    ("besloten vennootschap", "bv"),
    ("naamloze vennootschap", "nv"),
    ("vennootschap onder firma", "vof"),
    ("sociedad limitada", "sl"),
    ("sociedad anonima", "sa"),
    ("societa per azioni", "spa"),
    ("societa a responsabilita limitata", "srl"),
    ("societa in nome collettivo", "snc"),
];

/// What part a company has in a group, by a word of its normalised name: 1 holds property, 2 holds shares, 0 does business.
pub(crate) fn part_in_group(name: &str) -> u32 {
    name.split(' ').fold(0, |part, word| match word {
        "sci" | "immobiliere" | "foncier" | "fonciere" => 1,
        "groupe" | "holding" | "holdings" | "participations" | "participation" | "financiere" | "finance"
        | "beteiligungs" | "invest" | "developpement" => 2,
        _ => part,
    })
}

/// Words that names of organisations have or lack at will.
const FILLERS: &[&str] = &[
    "and", "au", "aux", "d", "de", "der", "des", "di", "du", "e", "et", "l", "la", "le", "les", "of", "the", "und",
    "y", "et", "den", "die",
];

/// Short and long forms of words in names.
const WORDS: &[(&str, &str)] = &[
    ("assoc", "association"),
    ("assurances", "assurance"),
    ("asso", "association"),
    ("ass", "association"),
    ("centr", "centre"),
    ("cie", "compagnie"),
    ("cons", "conseil"),
    ("constr", "construction"),
    ("constructions", "construction"),
    ("conseils", "conseil"),
    ("distrib", "distribution"),
    ("ent", "entreprise"),
    ("entrep", "entreprise"),
    ("entreprises", "entreprise"),
    ("ets", "etablissements"),
    ("etab", "etablissements"),
    ("etabl", "etablissements"),
    ("etablissement", "etablissements"),
    ("fils", "fils"),
    ("frs", "freres"),
    ("gpe", "groupe"),
    ("group", "groupe"),
    ("grp", "groupe"),
    ("gr", "groupe"),
    ("hldg", "holding"),
    ("ind", "industrie"),
    ("industries", "industrie"),
    ("industry", "industrie"),
    ("inds", "industrie"),
    ("info", "informatique"),
    ("ing", "ingenierie"),
    ("int", "international"),
    ("internat", "international"),
    ("internationale", "international"),
    ("intl", "international"),
    ("lab", "laboratoire"),
    ("labo", "laboratoire"),
    ("laboratoires", "laboratoire"),
    ("mat", "materiaux"),
    ("mfg", "manufacturing"),
    ("mgmt", "management"),
    ("nat", "national"),
    ("nationale", "national"),
    ("natl", "national"),
    ("serv", "services"),
    ("service", "services"),
    ("soc", "societe"),
    ("solution", "solutions"),
    ("ste", "societe"),
    ("sté", "societe"),
    ("svcs", "services"),
    ("sys", "systemes"),
    ("systems", "systemes"),
    ("system", "systemes"),
    ("systeme", "systemes"),
    ("tech", "technologies"),
    ("techn", "technologies"),
    ("techno", "technologies"),
    ("technologie", "technologies"),
    ("technology", "technologies"),
    ("tp", "travaux publics"),
    ("transp", "transports"),
    ("transport", "transports"),
    ("trav", "travaux"),
    ("trp", "transports"),
    ("univ", "universite"),
    ("university", "universite"),
];

/// What stands between a name and an addition that may be where it is: `Roux (Lyon)`, `Roux - Lyon`.
pub(crate) const ADDITION: char = '\u{1f}';

/// The words that tell an organisation from others: no legal form, no article, short forms spelt out. A name made of
/// nothing else is kept whole. What is added in brackets or behind a dash comes behind [`ADDITION`].
pub(crate) fn organisation_name(cell: &str) -> Option<String> {
    let at = cell.find(['(', '[']).or_else(|| [" - ", " – ", " — "].iter().find_map(|dash| cell.find(dash)));
    let Some(at) = at.filter(|at| *at > 0) else { return telling_words(cell) };
    let (Some(name), Some(addition)) = (telling_words(&cell[..at]), telling_words(&cell[at..])) else {
        return telling_words(cell);
    };
    let form_only = |name: &str| name.split(' ').all(|word| LEGAL_FORMS.contains(&word));
    match (form_only(&name), form_only(&addition)) {
        (true, _) => telling_words(cell),
        (_, true) => Some(name),
        _ => Some(format!("{name}{ADDITION}{addition}")),
    }
}

/// A name without an addition that only says in which town it is; `None` where there is none.
pub(crate) fn without_town(name: &str, town: &str) -> Option<String> {
    let (main, addition) = name.split_once(ADDITION)?;
    let is_town = !town.is_empty() && addition.split(' ').all(|word| town.split(' ').any(|held| held == word));
    Some(if is_town { main.to_owned() } else { format!("{main} {addition}") })
}

fn telling_words(cell: &str) -> Option<String> {
    // S.A.R.L. is one word, l'Oréal two of which one is an article.
    let parted = cell.replace(['\'', '’'], " ");
    let dotted = parted.contains('.').then(|| join_initials(&parted));
    let mut folded = fold(dotted.as_deref().unwrap_or(&parted));
    for (long, short) in FORMS_SPELT_OUT {
        if let Some(at) = folded.find(long) {
            folded.replace_range(at..at + long.len(), short);
            folded = fold(&folded);
        }
    }
    if is_placeholder(&folded) {
        return None;
    }
    let mut name = String::with_capacity(folded.len());
    for word in folded.split(' ') {
        if LEGAL_FORMS.contains(&word) || FILLERS.contains(&word) {
            continue;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(WORDS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long));
    }
    Some(if name.is_empty() { folded } else { name })
}

/// `S.A.R.L.` to `SARL`: dots between single letters vanish.
fn join_initials(cell: &str) -> String {
    let chars: Vec<char> = cell.chars().collect();
    let mut joined = String::with_capacity(cell.len());
    for (at, c) in chars.iter().enumerate() {
        let letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
        let lone = *c == '.' && letter(at.checked_sub(1)) && !letter(at.checked_sub(2));
        if !lone {
            joined.push(*c);
        }
    }
    joined
}

/// Whether a number of digits passes Luhn's check (ISO/IEC 7812-1), as SIREN and SIRET do.
pub(crate) fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (at, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return false;
        }
        let doubled = if at % 2 == 1 { digit * 2 } else { digit };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
    }
    sum % 10 == 0
}

/// Whether a French VAT number's key fits its SIREN: `(12 + 3 · (siren mod 97)) mod 97` (Code général des impôts, art. 286 ter).
pub(crate) fn french_vat(key: &str, siren: &str) -> bool {
    match (key.parse::<u64>(), siren.parse::<u64>()) {
        (Ok(key), Ok(number)) => luhn(siren) && (12 + 3 * (number % 97)) % 97 == key,
        _ => false,
    }
}

/// An identifying number: letters and digits only.
pub(crate) fn identifier(cell: &str) -> Option<String> {
    let code: String = cell.chars().filter(|c| c.is_alphanumeric()).take(40).collect::<String>().to_lowercase();
    let first = code.chars().next()?;
    let same = code.chars().all(|c| c == first);
    (code.len() >= 2 && !same && !is_placeholder(&code)).then_some(code)
}

/// The number of a company in a public register: the SIREN, also of a SIRET and of a French VAT number, else the VAT number
/// of another country with its two letters. Numbers that fail their check are kept: one digit of them may be mistyped.
pub(crate) fn company_number(cell: &str) -> Option<String> {
    let code = identifier(cell).filter(|code| code.is_ascii())?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = code.strip_prefix("fr").filter(|rest| rest.len() == 11) {
        // The key behind FR may also be of letters.
        return digits(&rest[2..]).then(|| rest[2..].to_owned());
    }
    match code.len() {
        9 if digits(&code) => Some(code),
        14 if digits(&code) => Some(code[..9].to_owned()),
        10..=14 if !digits(&code[..2]) && code.as_bytes()[..2].iter().all(u8::is_ascii_lowercase) => Some(code),
        _ => None,
    }
}

/// Whether two numbers are of one register and differ in more places than a slip of the hand explains.
pub(crate) fn differ(a: &str, b: &str) -> bool {
    let register = |number: &str| number.bytes().take_while(u8::is_ascii_lowercase).count();
    let at = register(a);
    let same = a.len() == b.len() && at == register(b) && a[..at] == b[..at];
    same && a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() > 2
}

/// Whether a number is certainly one of a French company: a SIREN, SIRET or VAT number that passes its check.
pub(crate) fn is_checked_company(cell: &str) -> bool {
    let code: String = cell.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_lowercase();
    match code.strip_prefix("fr") {
        Some(rest) => rest.len() == 11 && french_vat(&rest[..2], &rest[2..]),
        None => (code.len() == 9 || code.len() == 14) && luhn(&code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_does_not_tell() {
        let check = |cell| organisation_name(cell).unwrap_or_default();
        assert_eq!(check("Roux Garage (Lyon) SARL").replace(ADDITION, "+"), "roux garage+lyon");
        assert_eq!(without_town("roux garage\u{1f}mans", "le mans").as_deref(), Some("roux garage"));
        assert_eq!(without_town("roux\u{1f}mans", "lyon").as_deref(), Some("roux mans"));
        assert_eq!(check("Roux (SARL)"), "roux");
        assert_eq!(check("S.A.R.L. Dupont & Fils"), "dupont fils");
        assert_eq!(check("DUPONT ET FILS SARL"), "dupont fils");
        assert_eq!(check("The Acme Intl. Co., Ltd"), "acme international");
        assert_eq!(check("SAS"), "sas");
        assert_eq!(check("L'Oréal S.A."), "oreal");
        assert_eq!(check("Hébert Société civile immobilière"), "hebert sci");
        assert_eq!(check("SADA Société à responsabilité limitée"), "sada");
        assert_eq!(check("Müller GmbH"), "muller");
        assert_eq!(check("Bianchi & Figli Società per azioni"), "bianchi figli");
    }

    #[test]
    fn companies_of_a_group_have_their_parts() {
        assert_eq!(["hebert sci", "roux holding", "roux conseil"].map(part_in_group), [1, 2, 0]);
    }

    #[test]
    fn numbers_are_checked() {
        assert!(luhn("732829320") && !luhn("732829321"));
        for cell in ["FR 44 732 829 320", "732 829 320 00074", "732829320"] {
            assert_eq!(company_number(cell).as_deref(), Some("732829320"), "{cell}");
            assert!(is_checked_company(cell), "{cell}");
        }
        assert!(!is_checked_company("732829321"));
        assert_eq!(company_number("DE 123 456 788").as_deref(), Some("de123456788"));
        assert_eq!(company_number("12345"), None);
        assert!(differ("esb72424203", "esb20272944") && !differ("esb72424203", "esb72424230"));
        assert!(!differ("esb72424203", "be0728688249"));
        assert_eq!(identifier("000000000"), None);
        assert_eq!(identifier("-"), None);
    }
}
