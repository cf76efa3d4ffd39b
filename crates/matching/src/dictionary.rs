//! Normalised values, each kept once and known by a number.

use hashbrown::HashTable;

use crate::hash;
use crate::metric::letters;
use crate::normalise::mailbox::is_role;
use crate::normalise::name::formal;
use crate::normalise::organisation::{is_checked_company, part_in_group};
use crate::normalise::place::parts;
use crate::sound::sound;

/// What the values of a dictionary are, which decides what is worked out for each of them. The sketch of a value is the set of
/// its letters (see [`letters`]) unless said otherwise here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// Names of people: sound and formal name.
    Name,
    /// Dates as `yyyymmdd`; the sketch is the date as a number.
    Date,
    /// E-mail addresses: the length of the part before `@`; sound and sketch are of that part. The mailbox of a post or a team
    /// has no sound and the sketch [`ROLE`].
    Email,
    /// Words of an address: sound.
    Place,
    /// Numbers of companies: whether they pass their check.
    Company,
    /// Texts compared by their words; the sound is of their letters in any order.
    Words,
    /// Telephone numbers; the sketch is a hash of each end.
    Phone,
    /// Decimal numbers; the sketch holds the bits of an `f32`.
    Number,
    /// Latitude and longitude; the sound is a key of the cell of a grid, `extra` of the cell of the same grid half a cell away.
    Point,
    /// Codes and the like: nothing more than the text.
    Code,
}

/// The sketch of a mailbox that is not one person's: no address has all letters and signs.
pub(crate) const ROLE: u32 = u32::MAX;

/// What is worked out once for each value.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    start: u32,
    len: u32,
    /// Tells most values apart without looking at their text, see [`ValueKind`].
    pub sketch: u32,
    /// A key of the sound; 0 when there is none.
    pub sound: u32,
    /// By kind: a key of the formal name, the length of the local part, 1 for a number that passes its
    /// check, the part in a group of companies.
    pub extra: u32,
}

/// Values by number. Number 0 stands for a missing value.
#[derive(Debug)]
pub(crate) struct Dictionary {
    kind: ValueKind,
    text: String,
    entries: Vec<Entry>,
    /// Numbers with their hashes, so that growing does not read the texts again.
    numbers: HashTable<(u32, u32)>,
    /// The words of the values, for [`ValueKind::Words`].
    pub words: Option<Box<Words>>,
}

/// The words of texts: a vocabulary, and for each text its words by number.
#[derive(Debug)]
pub(crate) struct Words {
    pub vocabulary: Dictionary,
    /// Past-the-end place in `lists` of each text.
    ends: Vec<u32>,
    lists: Vec<u32>,
}

impl Words {
    /// The words of a text, sorted by number, each once.
    #[inline]
    pub fn of(&self, id: u32) -> &[u32] {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.lists[start as usize..self.ends[id] as usize]
    }
}

/// A short hash as the long one that a table wants.
pub(crate) fn spread(short: u32) -> u64 {
    u64::from(short).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Dictionary {
    pub fn new(kind: ValueKind) -> Self {
        let words = (kind == ValueKind::Words).then(|| {
            Box::new(Words { vocabulary: Dictionary::new(ValueKind::Code), ends: vec![0], lists: Vec::new() })
        });
        Self { kind, text: String::new(), entries: vec![Entry::default()], numbers: HashTable::new(), words }
    }

    /// Values, the missing one included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub fn entry(&self, id: u32) -> &Entry {
        &self.entries[id as usize]
    }

    #[inline]
    pub fn text(&self, id: u32) -> &str {
        let entry = &self.entries[id as usize];
        &self.text[entry.start as usize..(entry.start + entry.len) as usize]
    }

    #[inline]
    pub fn bytes(&self, id: u32) -> &[u8] {
        let entry = &self.entries[id as usize];
        &self.text.as_bytes()[entry.start as usize..(entry.start + entry.len) as usize]
    }

    /// The number of a value, if it is known.
    pub fn find(&self, value: &str) -> Option<u32> {
        let hash = hash::bytes(value.as_bytes());
        let held =
            self.numbers.find(spread(hash as u32), |(h, id)| *h == hash as u32 && self.bytes(*id) == value.as_bytes());
        held.map(|(_, id)| *id)
    }

    /// The number of a value, given now if it is new. Past 4 GiB of text all further values are missing.
    pub fn intern(&mut self, value: &str) -> u32 {
        let hash = hash::bytes(value.as_bytes());
        let Self { text, entries, numbers, .. } = self;
        let bytes_of = |id: u32| {
            let entry: &Entry = &entries[id as usize];
            &text.as_bytes()[entry.start as usize..(entry.start + entry.len) as usize]
        };
        let short = hash as u32;
        if let Some((_, id)) = numbers.find(spread(short), |(h, id)| *h == short && bytes_of(*id) == value.as_bytes()) {
            return *id;
        }
        if text.len() + value.len() > u32::MAX as usize {
            return 0;
        }
        let id = entries.len() as u32;
        numbers.insert_unique(spread(short), (short, id), |(h, _)| spread(*h));
        let entry = self.describe(value);
        self.text.push_str(value);
        self.entries.push(entry);
        id
    }

    fn describe(&mut self, value: &str) -> Entry {
        let key_of = |text: &str| hash::key(hash::bytes(text.as_bytes()));
        let mut entry = Entry {
            start: self.text.len() as u32,
            len: value.len() as u32,
            sketch: letters(value.as_bytes()),
            ..Entry::default()
        };
        match self.kind {
            ValueKind::Name => {
                entry.sound = key_of(&sound(value));
                entry.extra = key_of(formal(value));
            }
            ValueKind::Date => entry.sketch = value.parse().unwrap_or(0),
            ValueKind::Email => {
                entry.extra = value.rfind('@').unwrap_or(value.len()) as u32;
                let local = &value[..entry.extra as usize];
                (entry.sound, entry.sketch) = match is_role(local) {
                    true => (0, ROLE),
                    false => (key_of(local), letters(local.as_bytes())),
                };
            }
            ValueKind::Place => entry.sound = key_of(&sound(value)),
            ValueKind::Phone => entry.sketch = ends(value.as_bytes()),
            ValueKind::Number => entry.sketch = value.parse::<f32>().unwrap_or(0.0).to_bits(),
            ValueKind::Company => entry.extra = u32::from(is_checked_company(value)),
            ValueKind::Point => {
                if let Some((north, east)) = parts(value) {
                    (entry.sound, entry.extra) = (cell(north, east, 0.0), cell(north, east, 0.5));
                }
            }
            ValueKind::Code => {}
            ValueKind::Words => {
                entry.extra = part_in_group(value);
                let mut letters: Vec<u8> = value.bytes().filter(|byte| *byte != b' ').collect();
                letters.sort_unstable();
                entry.sound = if letters.len() >= 6 { hash::key(hash::bytes(&letters)) } else { key_of(value) };
                if let Some(words) = &mut self.words {
                    let start = words.lists.len();
                    for word in value.split(' ') {
                        let id = words.vocabulary.intern(word);
                        words.lists.push(id);
                    }
                    words.lists[start..].sort_unstable();
                    let mut kept = start;
                    for at in start..words.lists.len() {
                        if kept == start || words.lists[kept - 1] != words.lists[at] {
                            words.lists[kept] = words.lists[at];
                            kept += 1;
                        }
                    }
                    words.lists.truncate(kept);
                    words.ends.push(kept as u32);
                }
            }
        }
        entry
    }
}

/// Cells of a degree: each is about 1.1 km from south to north.
const CELLS: f64 = 100.0;

/// A key of the cell in which a point lies, the grid being shifted by a part of a cell.
fn cell(north: f64, east: f64, shift: f64) -> u32 {
    let line = |degrees: f64| (degrees * CELLS + shift).floor() as i64 as u64;
    hash::key(hash::mix(line(north), line(east)))
}

/// A hash of the first six and one of the last five digits: one edit leaves one of them as it is.
fn ends(digits: &[u8]) -> u32 {
    let half = |part: &[u8]| (hash::bytes(part) >> 48) as u32;
    half(&digits[..digits.len().min(6)]) << 16 | half(&digits[digits.len().saturating_sub(5)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number() {
        let mut names = Dictionary::new(ValueKind::Name);
        let martin = names.intern("martin");
        assert_eq!((martin, names.intern("marten"), names.intern("martin")), (1, 2, 1));
        assert_eq!(names.entry(1).sound, names.entry(2).sound);
        assert_eq!((names.text(2), names.text(0)), ("marten", ""));
        assert_eq!((names.find("martin"), names.find("x")), (Some(1), None));
    }

    #[test]
    fn neighbours_share_a_cell_of_one_of_two_grids() {
        let mut points = Dictionary::new(ValueKind::Point);
        let [a, b, far] = ["48.85999 2.35222", "48.86001 2.35224", "48.90000 2.35224"].map(|text| points.intern(text));
        let entry = |id| *points.entry(id);
        assert!(entry(a).sound != entry(b).sound && entry(a).extra == entry(b).extra);
        assert!(entry(a).sound != entry(far).sound && entry(a).extra != entry(far).extra);
    }

    #[test]
    fn words_of_a_text_are_a_set() {
        let mut titles = Dictionary::new(ValueKind::Words);
        let a = titles.intern("query by query example");
        let b = titles.intern("example");
        let words = titles.words.as_ref().unwrap();
        assert_eq!(words.of(a).len(), 3);
        assert_eq!(words.of(b), &words.of(a)[2..]);
        assert!(words.of(0).is_empty());
    }
}
