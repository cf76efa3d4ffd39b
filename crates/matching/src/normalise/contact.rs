//! E-mail addresses, telephone numbers and web addresses.

/// More addresses or numbers than this are not looked for in one cell.
const MOST: usize = 32;

/// The e-mail addresses of a cell, each in canonical form: lower case, no tag behind `+`, Gmail's dots and second domain removed.
/// Mailboxes that stand for nobody (`noreply@`, `test@`) count as missing.
pub(crate) fn emails(cell: &str) -> impl Iterator<Item = String> {
    let several = cell.matches('@').nth(1).is_some();
    let apart = move |c: char| several && (c.is_whitespace() || ";,/|".contains(c));
    cell.split(apart).filter(move |part| !several || part.contains('@')).take(MOST).filter_map(email)
}

fn email(part: &str) -> Option<String> {
    let lower = part.trim().trim_start_matches("mailto:").to_lowercase();
    let lower = lower.trim_matches(|c: char| c == '<' || c == '>' || c == '"' || c == ';' || c.is_whitespace());
    let (local, domain) = lower.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    let local = local.split('+').next().unwrap_or(local);
    if local.is_empty() || domain.len() < 3 || local.contains(' ') {
        return None;
    }
    let nobody = ["noreply", "no-reply", "nepasrepondre", "test", "none", "na", "n/a", "unknown", "aucun", "xxx"];
    if nobody.contains(&local) || domain.starts_with("example.") || domain == "test.com" {
        return None;
    }
    let google = domain == "gmail.com" || domain == "googlemail.com";
    if google {
        return Some(format!("{}@gmail.com", local.replace('.', "")));
    }
    Some(format!("{local}@{domain}"))
}

/// How an e-mail address is made from a name: `jean.dupont7@free.fr` of Jean Dupont is `FL7@free.fr`. None when the name is
/// not in it. Many people of one name have addresses of one shape, so that agreeing on such an address says little more
/// than agreeing on the name.
pub(crate) fn shape(email: &str, last: &str, first: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (mut local, last, first) = (bare(local), bare(last), bare(first));
    let mut found = false;
    let mut replace = |local: &mut String, name: &str, sign: &str| {
        if name.len() > 2
            && let Some(at) = local.find(name)
        {
            local.replace_range(at..at + name.len(), sign);
            found = true;
        }
    };
    // The longer name first: the shorter one may be part of it.
    if last.len() >= first.len() {
        replace(&mut local, &last, "L");
        replace(&mut local, &first, "F");
    } else {
        replace(&mut local, &first, "F");
        replace(&mut local, &last, "L");
    }
    if let Some(initial) = first.get(..1).filter(|_| found && !local.contains('F')) {
        if local.starts_with(initial) {
            local.replace_range(..1, "f");
        } else if let Some(at) = local.find('L').filter(|at| local[at + 1..].starts_with(initial)) {
            local.replace_range(at + 1..at + 2, "f");
        }
    }
    found.then(|| format!("{local}@{domain}"))
}

/// Whether anyone can have an address at the domain, so that it says nothing of an organisation.
pub(crate) fn is_public_domain(domain: &str) -> bool {
    const NAMES: &[&str] = &[
        "aol",
        "bbox",
        "club-internet",
        "free",
        "gmail",
        "gmx",
        "googlemail",
        "hotmail",
        "icloud",
        "laposte",
        "live",
        "mac",
        "me",
        "msn",
        "neuf",
        "noos",
        "numericable",
        "orange",
        "outlook",
        "protonmail",
        "sfr",
        "t-online",
        "voila",
        "wanadoo",
        "web",
        "yahoo",
        "ymail",
    ];
    domain.split('.').next().is_some_and(|name| NAMES.contains(&name))
}

/// The host of a web address without `www.`.
pub(crate) fn website(cell: &str) -> Option<String> {
    let lower = cell.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.trim_start_matches("www.").trim_end_matches('.');
    (host.contains('.') && !host.contains([' ', '@'])).then(|| host.to_owned())
}

/// Calling code, prefix of national calls, and region of the countries whose numbers are read without a `+`.
const REGIONS: &[(&str, &str, &str)] = &[
    ("FR", "33", "0"),
    ("BE", "32", "0"),
    ("CH", "41", "0"),
    ("LU", "352", ""),
    ("DE", "49", "0"),
    ("AT", "43", "0"),
    ("GB", "44", "0"),
    ("IE", "353", "0"),
    ("ES", "34", ""),
    ("PT", "351", ""),
    ("IT", "39", ""),
    ("NL", "31", "0"),
    ("PL", "48", ""),
    ("US", "1", "1"),
    ("CA", "1", "1"),
    ("AU", "61", "0"),
    ("MA", "212", "0"),
    ("DZ", "213", "0"),
    ("TN", "216", ""),
    ("SE", "46", "0"),
    ("DK", "45", ""),
    ("NO", "47", ""),
    ("FI", "358", "0"),
    ("CZ", "420", ""),
    ("RO", "40", "0"),
];

/// The telephone numbers of a cell, each as the digits of its international form (ITU-T E.164) without the `+`. Extensions are
/// left out. Too few digits, or one digit throughout, count as missing.
pub(crate) fn phones<'a>(cell: &'a str, region: &'a str) -> impl Iterator<Item = String> {
    numbers(cell).filter_map(move |part| phone(part, region))
}

/// A cell as it is, or divided into what can be a number each.
pub(crate) fn numbers(cell: &str) -> impl Iterator<Item = &str> {
    let mut left = cell.bytes().filter(u8::is_ascii_digit).count();
    let mut rest = Some(cell);
    let next = move || {
        let text = rest?;
        let mut before = 0;
        for (at, byte) in text.bytes().enumerate() {
            before += usize::from(byte.is_ascii_digit());
            if before >= DIGITS && left - before >= DIGITS && b";,/|\n".contains(&byte) {
                left -= before;
                rest = Some(&text[at + 1..]);
                return Some(&text[..at]);
            }
        }
        rest.take()
    };
    std::iter::from_fn(next).take(MOST)
}

/// Digits on both sides of a sign that divides numbers.
const DIGITS: usize = 8;

fn phone(cell: &str, region: &str) -> Option<String> {
    let mut digits = String::with_capacity(15);
    let mut international = false;
    let trimmed = cell.trim();
    for c in trimmed.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => international = true,
            'x' | 'X' | 'p' | 'P' if digits.len() >= 8 => break,
            _ => {}
        }
        if digits.len() > 24 {
            return None;
        }
    }
    if !international && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
        international = true;
    }
    let (_, code, trunk) = REGIONS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(region)).unwrap_or(&REGIONS[0]);
    if !international {
        let bare = digits.strip_prefix(code).filter(|rest| !trunk.is_empty() && rest.len() >= 9 && digits.len() >= 11);
        let national = bare.or_else(|| digits.strip_prefix(trunk)).unwrap_or(&digits);
        digits = format!("{code}{national}");
    } else if let Some(rest) = digits.strip_prefix(&format!("{code}0")).filter(|_| *trunk == "0") {
        // +33 (0)6 …
        digits = format!("{code}{rest}");
    }
    let national = digits.strip_prefix(code).unwrap_or(&digits);
    let first = national.bytes().next()?;
    (national.len() >= 6 && national.bytes().any(|byte| byte != first)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(cell: &str) -> Option<String> {
        emails(cell).next()
    }

    fn phone(cell: &str, region: &str) -> Option<String> {
        phones(cell, region).next()
    }

    #[test]
    fn several_in_one_cell() {
        let all = |cell| emails(cell).collect::<Vec<_>>().join(" ");
        assert_eq!(all("noreply@x.fr, A.Roux@free.fr; anne@roux.fr"), "a.roux@free.fr anne@roux.fr");
        assert_eq!(all(&"a@b.fr;".repeat(5000)).split(' ').count(), MOST);
        let all = |cell| phones(cell, "DE").collect::<Vec<_>>().join(" ");
        assert_eq!(all("030/123456; 040/654321"), "4930123456 4940654321");
        assert_eq!(all("030 123456 / 040 654321 | +33 6 12 34 56 78"), "4930123456 4940654321 33612345678");
        assert_eq!(all(";;"), "");
    }

    #[test]
    fn one_of_a_cell() {
        assert_eq!(email(" Jean.Dupont+shop@GMAIL.com ").as_deref(), Some("jeandupont@gmail.com"));
        assert_eq!(email("<a.b@orange.fr>").as_deref(), Some("a.b@orange.fr"));
        assert_eq!(email("noreply@orange.fr"), None);
        assert_eq!(email("a.roux@free.fr; anne@roux.fr").as_deref(), Some("a.roux@free.fr"));
        assert_eq!(email("perso : a.roux@free.fr / pro : anne@roux.fr").as_deref(), Some("a.roux@free.fr"));
        assert_eq!(email("nobody"), None);
        assert_eq!(email("@x.fr"), None);
    }

    #[test]
    fn shapes() {
        let check = |email, last, first| shape(email, last, first).unwrap_or_default();
        assert_eq!(check("jean.dupont7@free.fr", "dupont", "jean"), "FL7@free.fr");
        assert_eq!(check("jdupont@free.fr", "dupont", "jean"), "fL@free.fr");
        assert_eq!(check("dupontj@free.fr", "dupont", "jean"), "Lf@free.fr");
        assert_eq!(check("legall-jp@free.fr", "le gall", "jean pierre"), "Lfp@free.fr");
        assert_eq!(check("x@free.fr", "dupont", "jean"), "");
    }

    #[test]
    fn numbers_in_their_international_form() {
        for cell in
            ["0612345678", "06 12 34 56 78", "+33612345678", "0033 612345678", "+33 (0)6.12.34.56.78", "33612345678"]
        {
            assert_eq!(phone(cell, "FR").as_deref(), Some("33612345678"), "{cell}");
        }
        assert_eq!(phone("(212) 555-0100 x12", "US").as_deref(), Some("12125550100"));
        assert_eq!(phone("+44 20 7946 0000", "FR").as_deref(), Some("442079460000"));
        assert_eq!(phone("06 12 34 56 78 / 01 23 45 67 89", "FR").as_deref(), Some("33612345678"));
        assert_eq!(phone("030/123456", "DE").as_deref(), Some("4930123456"));
        assert_eq!(phone("0000000000", "FR"), None);
        assert_eq!(phone("12", "FR"), None);
        assert_eq!(phone(&"1".repeat(5000), "FR"), None);
    }

    #[test]
    fn websites() {
        assert_eq!(website("https://www.Acme.fr/contact?x").as_deref(), Some("acme.fr"));
        assert_eq!(website("acme"), None);
    }
}
