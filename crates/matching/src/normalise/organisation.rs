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
    "sci",
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
    "zoo",
];

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

/// The words that tell an organisation from others: no legal form, no article, short forms spelt out. A name made of
/// nothing else is kept whole.
pub(crate) fn organisation_name(cell: &str) -> Option<String> {
    // S.A.R.L. is one word, and so is l'Oréal; 3M & Co are two.
    let dotted = cell.contains('.').then(|| join_initials(cell));
    let folded = fold(dotted.as_deref().unwrap_or(cell));
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

/// An identifying number: letters and digits only. A SIRET or a French VAT number that passes its check gives its SIREN
/// first, so that establishments of one company share a beginning.
pub(crate) fn identifier(cell: &str) -> Option<String> {
    let mut code: String = cell.chars().filter(|c| c.is_alphanumeric()).take(40).collect::<String>().to_lowercase();
    if let Some(rest) = code.strip_prefix("fr").filter(|rest| rest.len() == 11)
        && rest.is_ascii()
        && french_vat(&rest[..2], &rest[2..])
    {
        code = rest[2..].to_owned();
    }
    let first = code.chars().next()?;
    let same = code.chars().all(|c| c == first);
    (code.len() >= 2 && !same && !is_placeholder(&code)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_does_not_tell() {
        let check = |cell| organisation_name(cell).unwrap_or_default();
        assert_eq!(check("S.A.R.L. Dupont & Fils"), "dupont fils");
        assert_eq!(check("DUPONT ET FILS SARL"), "dupont fils");
        assert_eq!(check("The Acme Intl. Co., Ltd"), "acme international");
        assert_eq!(check("SAS"), "sas");
        assert_eq!(check("L'Oréal S.A."), "loreal");
        assert_eq!(check("Müller GmbH"), "muller");
    }

    #[test]
    fn numbers_are_checked() {
        assert!(luhn("732829320") && !luhn("732829321"));
        assert_eq!(identifier("FR 44 732 829 320").as_deref(), Some("732829320"));
        assert_eq!(identifier("732 829 320 00074").as_deref(), Some("73282932000074"));
        assert_eq!(identifier("000000000"), None);
        assert_eq!(identifier("-"), None);
    }
}
