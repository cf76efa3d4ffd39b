use kernel::{Locale, fold};

/// ISO 3166 codes with their French and English names, from the Unicode CLDR.
const COUNTRIES: &str = include_str!("countries.txt");

/// The countries to choose from in the reader's language; a value that is no code is offered as it is.
pub(crate) fn choices(locale: Locale, current: &str) -> Vec<ui::Country> {
    let mut countries: Vec<ui::Country> = COUNTRIES
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            let (code, fr, en) = (parts.next()?, parts.next()?, parts.next()?);
            let name = if locale == Locale::Fr { fr } else { en };
            Some(ui::Country { code: code.to_owned(), name: name.to_owned() })
        })
        .collect();
    countries.sort_by_cached_key(|c| fold(&c.name));
    if !current.is_empty() && !countries.iter().any(|c| c.code == current) {
        countries.insert(0, ui::Country { code: current.to_owned(), name: current.to_owned() });
    }
    countries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_written_by_hand_is_kept() {
        let names: Vec<String> = choices(Locale::Fr, "Bretagne").into_iter().take(2).map(|c| c.name).collect();
        assert_eq!(names, ["Bretagne", "Afghanistan"]);
        assert!(choices(Locale::En, "FR").iter().filter(|c| c.code == "FR").count() == 1);
    }
}
