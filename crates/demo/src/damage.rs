//! What happens to a name between a mouth and a database.

use crate::names::{LAST, NICKNAMES, plain};
use crate::rng::Rng;

/// A typing error: a letter doubled, dropped, swapped with its neighbour, or replaced by the key beside it.
pub(crate) fn mistype(text: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + rng.below(letters.len() as u64 - 2) as usize;
    match rng.below(4) {
        0 => letters.insert(at, letters[at]),
        1 => {
            letters.remove(at);
        }
        2 => letters.swap(at, at + 1),
        _ => letters[at] = beside(letters[at]),
    }
    letters.into_iter().collect()
}

/// The key to the right on a French keyboard.
fn beside(c: char) -> char {
    const ROWS: [&str; 4] = ["azertyuiop", "qsdfghjklm", "wxcvbn", "1234567890"];
    let lower = plain(c).unwrap_or(c).to_ascii_lowercase();
    let found = ROWS.iter().find_map(|row| row.find(lower).and_then(|at| row[at + 1..].chars().next()));
    found.unwrap_or('e')
}

/// The text without accents, as old systems keep it.
pub(crate) fn unaccent(text: &str) -> String {
    text.chars().map(|c| plain(c).unwrap_or(c)).collect()
}

/// What friends say, or an initial.
pub(crate) fn nickname(first: &str, rng: &mut Rng) -> String {
    match NICKNAMES.iter().find(|(name, _)| *name == first) {
        Some((_, nickname)) => (*nickname).to_owned(),
        None if rng.percent(30) => format!("{}.", first.chars().next().unwrap_or('X')),
        None => first.to_owned(),
    }
}

/// The name after a marriage: another one, or both.
pub(crate) fn married(last: &str, rng: &mut Rng) -> String {
    let other = rng.pick(&LAST);
    if rng.percent(50) { (*other).to_owned() } else { format!("{last}-{other}") }
}

/// One of the ways in which people write a phone number given in E.164.
pub(crate) fn phone_style(number: &str, rng: &mut Rng) -> String {
    let Some(national) = number.strip_prefix("+33") else { return number.to_owned() };
    let digits = format!("0{national}");
    let pairs = |joint: &str| {
        digits
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).into_owned())
            .collect::<Vec<_>>()
            .join(joint)
    };
    match rng.below(5) {
        0 => digits.clone(),
        1 => pairs("."),
        2 => format!("+33 (0){national}"),
        _ => pairs(" "),
    }
}
