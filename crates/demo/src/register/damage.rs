//! How a company comes to be written in a tool: what is filled in, and how.

use super::company::{Company, Site, site};
use super::words::SHARED_MAILBOXES;
use crate::damage::{mistype, unaccent};
use crate::rng::Rng;

/// What a tool asks for, each as filled in this many times of a hundred.
struct Tool {
    form: u64,
    siren: u64,
    siret: u64,
    vat: u64,
    street: u64,
    city: u64,
    phone: u64,
    email: u64,
    website: u64,
}

/// Accounting, sales, and what visitors type in forms.
const TOOLS: [Tool; 3] = [
    Tool { form: 85, siren: 60, siret: 75, vat: 80, street: 98, city: 99, phone: 70, email: 50, website: 10 },
    Tool { form: 50, siren: 15, siret: 12, vat: 6, street: 82, city: 92, phone: 85, email: 78, website: 60 },
    Tool { form: 15, siren: 3, siret: 1, vat: 1, street: 30, city: 80, phone: 66, email: 93, website: 38 },
];

/// Words of names and what hurried people make of them.
const SHORTER: [(&str, &[&str]); 9] = [
    ("Établissements", &["Ets", "Éts", "Etablissements", "Etab."]),
    ("Société", &["Sté", "Ste", "Soc."]),
    ("et Compagnie", &["et Cie", "& Cie"]),
    (" & ", &[" et ", " and "]),
    ("Frères", &["Frs", "Freres"]),
    ("Boulangerie", &["Boul."]),
    ("Transports", &["Transp.", "Tpts"]),
    ("Menuiserie", &["Menuis."]),
    ("Construcciones", &["Constr."]),
];

/// Kinds of street and how they are cut.
const STREETS: [(&str, &[&str]); 8] = [
    ("avenue", &["av.", "av", "Avenue"]),
    ("boulevard", &["bd", "boul.", "Bvd"]),
    ("rue", &["r.", "Rue"]),
    ("place", &["pl.", "Place"]),
    ("Zone industrielle", &["ZI", "Z.I."]),
    ("straße", &["str.", "strasse"]),
    ("Street", &["St", "St."]),
    ("Calle", &["C/", "c."]),
];

/// One row of the register: a copy of `company`, the `time`th of it, numbered `row`.
pub(crate) fn copy(company: &Company, seed: u64, entity: u64, time: u64, row: u64) -> Vec<String> {
    let mut rng = Rng::of(seed ^ (time << 32), "organisation-copy", entity);
    let rng = &mut rng;
    let tool = &TOOLS[rng.weighted(&[30, 40, 30])];
    let later = time > 0;
    let mut place = company.sites
        [if later && rng.percent(35) { rng.below(company.sites.len() as u64) as usize } else { 0 }]
    .clone();
    if later && rng.percent(8) {
        let moved = site(company.country, "", 0, rng);
        place = Site { phone: place.phone, siret: place.siret, ..moved };
    }
    if later {
        change_phone(&mut place.phone, rng);
    }
    let name = name(company, &place, tool, later, rng);
    let asked = |share: u64, text: String, rng: &mut Rng| if rng.percent(share) { text } else { String::new() };
    let siren = asked(tool.siren, grouped(&company.siren, &[3, 3, 3], later, rng), rng);
    let siret = asked(tool.siret, grouped(&place.siret, &[3, 3, 3, 5], later, rng), rng);
    let vat = asked(tool.vat, vat_number(&company.vat, rng), rng);
    let street = asked(tool.street, street(&place, later, rng), rng);
    let (postcode, city) = if rng.percent(tool.city) { town(&place, later, rng) } else { Default::default() };
    let mut phone = asked(tool.phone, phone(company.country.prefix, &place.phone, rng), rng);
    let mut email = asked(tool.email, email(company, later, rng), rng);
    let website = asked(tool.website, website(company, rng), rng);
    let told = |phone: &str, email: &str| {
        let all = [&siren, &siret, &vat, &street, &website].map(|text| text.as_str());
        all.into_iter().chain([phone, email]).filter(|text| !text.is_empty()).count()
    };
    if told(&phone, &email) < 2 && email.is_empty() {
        email = company.email.clone();
    }
    if told(&phone, &email) < 2 {
        phone = format!("+{}{}", company.country.prefix, place.phone);
    }
    let country = match rng.below(20) {
        0..4 => String::new(),
        4..8 => company.country.name.to_owned(),
        _ => company.country.code.to_owned(),
    };
    let street = if street.is_empty() && told(&phone, &email) < 2 { place.street.clone() } else { street };
    vec![
        format!("org-{:06}", row + 1),
        format!("e{entity}"),
        name,
        siren,
        siret,
        vat,
        street,
        postcode,
        city,
        country,
        phone,
        email,
        website,
    ]
}

fn name(company: &Company, place: &Site, tool: &Tool, later: bool, rng: &mut Rng) -> String {
    let mut name = company.name.clone();
    match &company.acronym {
        Some(acronym) if later && rng.percent(20) => name.clone_from(acronym),
        Some(acronym) if rng.percent(8) => name = format!("{name} ({acronym})"),
        _ => {}
    }
    for (word, shorter) in SHORTER {
        if name.contains(word) && rng.percent(45) {
            let written: &str = rng.pick::<&str>(shorter);
            name = name.replace(word, written);
        }
    }
    if later && rng.percent(22) {
        name = mistype(&name, rng);
    }
    if later && rng.percent(4) {
        let words: Vec<&str> = name.split(' ').collect();
        if let [first, second] = words[..] {
            name = format!("{second} {first}");
        }
    }
    if rng.percent(5) {
        name = if rng.percent(50) { format!("{name} - {}", place.city) } else { format!("{name} ({})", place.city) };
    }
    // A property company is never called without what it is: the name alone is that of the company it belongs to.
    if company.form.0 == "SCI" || rng.percent(tool.form) {
        let (short, full) = company.form;
        let dotted = || short.chars().map(|c| format!("{c}.")).collect::<String>();
        let written = match rng.below(20) {
            0 => full.to_owned(),
            1..4 if short.chars().all(char::is_uppercase) => dotted(),
            4..7 => short.to_lowercase(),
            _ => short.to_owned(),
        };
        let before = company.country.code == "FR" && rng.percent(30);
        name = if before { format!("{written} {name}") } else { format!("{name} {written}") };
    }
    if later && rng.percent(2) {
        name = name.chars().take(24).collect::<String>().trim_end().to_owned();
    }
    if rng.percent(28) {
        name = unaccent(&name);
    }
    match rng.below(100) {
        0..28 => name.to_uppercase(),
        28..31 => name.to_lowercase(),
        _ => name,
    }
}

fn change_phone(phone: &mut String, rng: &mut Rng) {
    match rng.below(100) {
        // A direct line behind the same switchboard, another number altogether, a wrong digit.
        0..12 => phone.replace_range(7.., &format!("{:02}", rng.below(100))),
        12..20 => *phone = format!("{}{:08}", 1 + rng.below(7), rng.below(100_000_000)),
        20..23 => *phone = mistype_digit(phone, rng),
        _ => {}
    }
}

fn phone(prefix: &str, digits: &str, rng: &mut Rng) -> String {
    let national = format!("0{digits}");
    let parts = |joint: &str| {
        let pairs: Vec<String> =
            national.as_bytes().chunks(2).map(|p| String::from_utf8_lossy(p).into_owned()).collect();
        pairs.join(joint)
    };
    match rng.below(20) {
        0..7 if prefix == "33" => parts(" "),
        7..9 if prefix == "33" => parts("."),
        9..12 if prefix == "33" => national,
        12 => format!("00{prefix} {digits}"),
        13..15 => format!("+{prefix} (0){digits}"),
        _ => format!("+{prefix}{digits}"),
    }
}

fn street(place: &Site, later: bool, rng: &mut Rng) -> String {
    let mut street = place.street.clone();
    for (word, shorter) in STREETS {
        if street.contains(word) && rng.percent(35) {
            let written: &str = rng.pick::<&str>(shorter);
            street = street.replacen(word, written, 1);
            break;
        }
    }
    if later && rng.percent(14) {
        street = mistype(&street, rng);
    }
    if later && rng.percent(6) {
        street = street.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned();
    }
    match rng.below(100) {
        0..5 => street = format!("{street}, BP {}", 10 + rng.below(90)),
        5..10 => street = format!("Bâtiment {}, {street}", rng.pick(&["A", "B", "C", "2"])),
        _ => {}
    }
    if rng.percent(25) {
        street = unaccent(&street);
    }
    if rng.percent(20) { street.to_uppercase() } else { street }
}

fn town(place: &Site, later: bool, rng: &mut Rng) -> (String, String) {
    let mut city = place.city.clone();
    let mut postcode = place.postcode.clone();
    if rng.percent(4) && postcode.len() == 5 {
        city = format!("{city} CEDEX");
        postcode.replace_range(3.., &format!("{:02}", 1 + rng.below(98)));
    }
    if later && rng.percent(4) {
        city = mistype(&city, rng);
    }
    if later && rng.percent(3) {
        postcode = mistype_digit(&postcode, rng);
    }
    if rng.percent(30) {
        city = unaccent(&city);
    }
    (postcode, if rng.percent(35) { city.to_uppercase() } else { city })
}

fn email(company: &Company, later: bool, rng: &mut Rng) -> String {
    let mut email = company.email.clone();
    if later && rng.percent(30) {
        let domain = company.domain.as_deref().or_else(|| email.split_once('@').map(|(_, domain)| domain));
        if let (Some(domain), true) = (domain.map(str::to_owned), company.domain.is_some()) {
            email = format!("{}@{domain}", rng.pick(&SHARED_MAILBOXES));
        }
    }
    if later && rng.percent(4) {
        let (local, domain) = email.split_once('@').unwrap_or((&email, ""));
        email = format!("{}@{domain}", mistype(local, rng));
    }
    if rng.percent(5) { email.to_uppercase() } else { email }
}

fn website(company: &Company, rng: &mut Rng) -> String {
    let Some(domain) = &company.domain else { return String::new() };
    match rng.below(8) {
        0 => domain.clone(),
        1 => format!("http://{domain}/"),
        2 => format!("https://www.{domain}/contact"),
        3..5 => format!("https://{domain}"),
        _ => format!("www.{domain}"),
    }
}

/// A number as it is copied from a letterhead: in groups or in one, rarely with a wrong digit.
fn grouped(number: &str, groups: &[usize], later: bool, rng: &mut Rng) -> String {
    let number = if later && rng.percent(2) { mistype_digit(number, rng) } else { number.to_owned() };
    if number.is_empty() || rng.percent(65) {
        return number;
    }
    let mut rest = number.as_str();
    let mut parts = Vec::new();
    for length in groups {
        let (part, tail) = rest.split_at((*length).min(rest.len()));
        parts.push(part);
        rest = tail;
    }
    parts.join(" ")
}

fn vat_number(number: &str, rng: &mut Rng) -> String {
    match rng.below(10) {
        0 => format!("{} {}", &number[..2], &number[2..]),
        1 => number.to_lowercase(),
        _ => number.to_owned(),
    }
}

fn mistype_digit(number: &str, rng: &mut Rng) -> String {
    let places: Vec<usize> = number.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
    let mut text = number.to_owned();
    if !places.is_empty() {
        let at = *rng.pick(&places);
        text.replace_range(at..=at, &rng.below(10).to_string());
    }
    text
}
