//! Registration and tax numbers whose checksums hold.

use crate::accounts::luhn;
use crate::rng::{Rng, permute};

/// The registration number of a legal entity: nine digits, the last of which makes Luhn's sum a multiple of ten (INSEE).
pub(crate) fn siren(seed: u64, entity: u64) -> String {
    const ROOM: u64 = 60_000_000;
    let digits = format!("{:08}", 30_000_000 + (permute(entity, ROOM) + seed % ROOM) % ROOM);
    format!("{digits}{}", luhn_key(&digits))
}

/// The number of an establishment: the SIREN, a number of four digits, and Luhn's key over the whole.
pub(crate) fn siret(siren: &str, establishment: u64) -> String {
    let digits = format!("{siren}{:04}", establishment + 1);
    format!("{digits}{}", luhn_key(&digits))
}

#[cfg(test)]
pub(crate) fn is_siren(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit()) && luhn(digits(text)).is_multiple_of(10)
}

/// A VAT number of a country of the European Union, or of Great Britain or Switzerland, by the rules that each publishes for
/// its check digits.
pub(crate) fn vat(country: &str, siren: &str, seed: u64, entity: u64) -> String {
    let mut rng = Rng::of(seed, "vat", entity);
    match country {
        "FR" => {
            let number = value(siren);
            format!("FR{:02}{siren}", (12 + 3 * (number % 97)) % 97)
        }
        "BE" => {
            let number = 4_000_000 + rng.below(5_000_000);
            format!("BE0{number:07}{:02}", 97 - number % 97)
        }
        "DE" => {
            let digits = format!("{}", 10_000_000 + rng.below(89_999_999));
            format!("DE{digits}{}", mod_11_10(&digits))
        }
        "IT" => {
            let digits = format!("{:07}{:03}", 1 + rng.below(9_999_998), 1 + rng.below(100));
            format!("IT{digits}{}", luhn_key(&digits))
        }
        "ES" => {
            let digits = format!("{:07}", rng.below(10_000_000));
            format!("ESB{digits}{}", luhn_key(&digits))
        }
        "NL" => loop {
            let digits = format!("{:08}", rng.below(100_000_000));
            let weighted: u64 = digits_of(&digits).zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
            if weighted % 11 < 10 {
                break format!("NL{digits}{}B01", weighted % 11);
            }
        },
        "GB" => {
            let digits = format!("{:07}", 1_000_000 + rng.below(8_999_999));
            let weighted: u64 = digits_of(&digits).zip((2..=8).rev()).map(|(digit, weight)| digit * weight).sum();
            format!("GB{digits}{:02}", 97 - weighted % 97)
        }
        "CH" => loop {
            let digits = format!("{:08}", 10_000_000 + rng.below(89_999_999));
            let weights = [5, 4, 3, 2, 7, 6, 5, 4];
            let sum: u64 = digits_of(&digits).zip(weights).map(|(digit, weight)| digit * weight).sum();
            let key = (11 - sum % 11) % 11;
            if key < 10 {
                break format!("CHE-{}.{}.{}{key}", &digits[..3], &digits[3..6], &digits[6..]);
            }
        },
        _ => {
            let number = 100_000 + rng.below(899_999);
            format!("LU{number}{:02}", number % 89)
        }
    }
}

fn digits_of(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.bytes().map(|byte| u64::from(byte - b'0'))
}

#[cfg(test)]
fn digits(text: &str) -> impl Iterator<Item = u64> + '_ {
    digits_of(text)
}

fn value(digits: &str) -> u64 {
    digits_of(digits).fold(0, |number, digit| number * 10 + digit)
}

fn luhn_key(digits: &str) -> u64 {
    (10 - luhn(digits_of(digits).chain([0])) % 10) % 10
}

/// ISO 7064, MOD 11,10: the key of German VAT numbers.
fn mod_11_10(digits: &str) -> u64 {
    let product = digits_of(digits).fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        2 * (if sum == 0 { 10 } else { sum }) % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_published_examples() {
        // INSEE's own number; the examples of the European Commission's VIES page and of the German tax office.
        assert_eq!(luhn_key("12002701"), 6);
        assert_eq!(mod_11_10("13669597"), 6);
        assert_eq!(vat("FR", "404833048", 1, 1), "FR83404833048");
        assert!(is_siren("732829320"));
    }

    #[test]
    fn an_establishment_carries_its_company() {
        let siren = siren(4, 9);
        assert!(is_siren(&siren), "{siren}");
        let siret = siret(&siren, 2);
        assert!(siret.starts_with(&siren) && siret.len() == 14);
        assert!(luhn(digits(&siret)).is_multiple_of(10));
    }
}
