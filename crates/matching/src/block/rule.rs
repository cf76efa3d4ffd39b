//! Blocking rules: which parts of two records must agree for the pair to be looked at.

use std::fmt;
use std::str::FromStr;

use crate::dictionary::{Dictionary, ValueKind};
use crate::hash;
use crate::normalise::contact::is_public_domain;
use crate::plan::{Kind, Plan};
use crate::records::Records;
use crate::{Entity, Error};

/// What is taken of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Take {
    /// All of it.
    Whole,
    /// Its sound; of an e-mail address what stands before `@`; of a text its letters in any order.
    Sound,
    /// Its first three letters.
    Start,
    /// Its first letter.
    Initial,
    /// The year of a date.
    Year,
    /// Day and month of a date, in either order.
    Day,
    /// A date, day and month in either order.
    AnyOrder,
    /// The domain of an e-mail address that is not open to everybody.
    Domain,
    /// The rarest words of a text, one at a time.
    Words,
    /// The cell of a grid in which a point lies.
    Cell,
    /// The same of a grid that is half a cell away, for neighbours that a line of the first grid parts.
    Shifted,
}

const TAKES: &[(&str, Take)] = &[
    ("sound", Take::Sound),
    ("start", Take::Start),
    ("initial", Take::Initial),
    ("year", Take::Year),
    ("day", Take::Day),
    ("any_order", Take::AnyOrder),
    ("domain", Take::Domain),
    ("words", Take::Words),
    ("cell", Take::Cell),
    ("shifted", Take::Shifted),
];

/// One part of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Something of the value of a slot.
    Slot(usize, Take),
    /// The sounds of first and last name, in either order.
    Names { last: usize, first: usize },
    /// A constant: every two records agree.
    Everything,
}

/// A rule: all of its parts agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub parts: Vec<Part>,
    /// The same with a record's further addresses or numbers: it has a key for each.
    others: Vec<Vec<Part>>,
    text: String,
}

impl Rule {
    /// Reads a rule such as `last_name.sound + date`.
    pub fn parse(text: &str, plan: &Plan) -> Result<Self, Error> {
        let unreadable = |detail: String| Error::Unreadable { what: "a blocking rule", detail };
        let mut parts = Vec::new();
        let mut set = Vec::new();
        for part in text.split('+').map(str::trim) {
            let (name, take) = part.split_once('.').unwrap_or((part, ""));
            if part == "everything" {
                parts.push(Part::Everything);
                continue;
            }
            if part == "names" {
                let (Some(last), Some(first)) = (plan.slot("last_name"), plan.slot("first_name")) else {
                    return Err(unreadable("“names” needs a first and a last name".to_owned()));
                };
                parts.push(Part::Names { last, first });
                continue;
            }
            let slot = plan.slot(name).ok_or_else(|| {
                let known: Vec<&str> = plan.slots.iter().map(|slot| slot.name.as_str()).collect();
                unreadable(format!("“{name}” is none of {}", known.join(", ")))
            })?;
            if take == "any" {
                set = plan.compared_with(slot);
                if set.len() < 2 {
                    return Err(unreadable(format!("records have one “{name}” at most, so that “.any” says nothing")));
                }
                parts.push(Part::Slot(slot, Take::Whole));
                continue;
            }
            let take = Take::from_str(take).map_err(|()| unreadable(format!("“.{take}” is not known")))?;
            parts.push(Part::Slot(slot, take));
        }
        let in_place = |part: &Part, other: usize| match part {
            Part::Slot(slot, Take::Whole) if set.contains(slot) => Part::Slot(other, Take::Whole),
            part => *part,
        };
        let ways = set.iter().map(|other| parts.iter().map(|part| in_place(part, *other)).collect());
        let others = ways.filter(|way| *way != parts).collect();
        Ok(Self { parts, others, text: text.to_owned() })
    }

    /// Whether the rule gives a record a key for each of several addresses or numbers.
    pub fn is_of_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// The lists of parts of which each gives a key.
    pub fn ways(&self) -> impl Iterator<Item = &[Part]> {
        std::iter::once(&self.parts).chain(&self.others).map(Vec::as_slice)
    }

    /// Whether the rule looks records up by their words.
    pub fn is_by_words(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Slot(_, Take::Words)))
    }

    /// The slots that the rule reads.
    pub fn slots(&self) -> Vec<usize> {
        self.parts
            .iter()
            .flat_map(|part| match part {
                Part::Slot(slot, _) => vec![*slot],
                Part::Names { last, first } => vec![*last, *first],
                Part::Everything => vec![],
            })
            .collect()
    }

    /// The comparisons that depend on what the rule demands, one bit each: they learn nothing from its pairs.
    pub fn comparisons(&self, plan: &Plan) -> u32 {
        let mut slots = self.slots();
        if let Some(point) = plan.point.filter(|point| slots.contains(&point.point)) {
            slots.extend([point.latitude, point.longitude]);
        }
        // Texts and their codes are written in one column.
        let columns = |slots: &[usize]| -> Vec<usize> {
            let reads = |at: &usize| plan.columns[*at].1.slots().iter().any(|slot| slots.contains(slot));
            (0..plan.columns.len()).filter(reads).collect()
        };
        let ours = columns(&slots);
        let touches = |kind: &Kind| columns(&kind.slots()).iter().any(|column| ours.contains(column));
        let bits = plan.comparisons.iter().enumerate();
        bits.filter(|(_, compared)| touches(&compared.kind)).fold(0, |mask, (at, _)| mask | 1 << at)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Take {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.is_empty() {
            return Ok(Take::Whole);
        }
        TAKES.iter().find(|(name, _)| *name == text).map(|(_, take)| *take).ok_or(())
    }
}

/// Keys of a part for all values of a dictionary.
pub(crate) fn part_keys(dictionary: &Dictionary, kind: ValueKind, take: Take) -> Vec<u32> {
    (0..dictionary.len() as u32).map(|id| if id == 0 { 0 } else { part_key(dictionary, kind, take, id) }).collect()
}

/// The key of a part of one value; 0 when there is none.
pub(crate) fn part_key(dictionary: &Dictionary, kind: ValueKind, take: Take, id: u32) -> u32 {
    let entry = dictionary.entry(id);
    let of = |bytes: &[u8]| hash::key(hash::bytes(bytes));
    let date = |year: u32, month: u32, day: u32| {
        let (low, high) = (month.min(day), month.max(day));
        hash::key(hash::mix(u64::from(year), u64::from(low * 100 + high)))
    };
    let (year, month, day) = (entry.sketch / 10_000, entry.sketch / 100 % 100, entry.sketch % 100);
    match (take, kind) {
        (Take::Sound, ValueKind::Name | ValueKind::Place | ValueKind::Email | ValueKind::Words) => entry.sound,
        (Take::Cell, ValueKind::Point) => entry.sound,
        (Take::Shifted, ValueKind::Point) => entry.extra,
        (Take::Whole | Take::Sound | Take::Words, _) => id,
        (Take::Year, ValueKind::Date) => hash::key(u64::from(year)),
        (Take::Day, ValueKind::Date) if month > 0 => date(0, month, day),
        (Take::AnyOrder, ValueKind::Date) if month > 0 => date(year, month, day),
        (Take::Day | Take::AnyOrder, ValueKind::Date) => 0,
        (Take::Domain, ValueKind::Email) => {
            let domain = dictionary.text(id).rsplit('@').next().unwrap_or_default();
            if is_public_domain(domain) { 0 } else { of(domain.as_bytes()) }
        }
        (Take::Start, _) => of(start(dictionary.bytes(id), 3)),
        (Take::Initial, _) => of(start(dictionary.bytes(id), 1)),
        (Take::Year | Take::Day | Take::AnyOrder | Take::Domain | Take::Cell | Take::Shifted, _) => {
            of(dictionary.bytes(id))
        }
    }
}

fn start(bytes: &[u8], length: usize) -> &[u8] {
    &bytes[..bytes.len().min(length)]
}

/// The keys of values for the parts of some rules, worked out once for each distinct value.
pub(crate) struct PartKeys(Vec<((usize, Take), Vec<u32>)>);

impl PartKeys {
    pub fn new<'a>(records: &Records, parts: impl Iterator<Item = &'a Part>) -> Self {
        let mut keys: Vec<((usize, Take), Vec<u32>)> = Vec::new();
        let mut add = |slot: usize, take: Take| {
            // A whole value is its own key.
            if matches!(take, Take::Whole | Take::Words) || keys.iter().any(|(held, _)| *held == (slot, take)) {
                return;
            }
            let dictionary = records.dictionary(slot);
            let kind = records.plan.dictionaries[records.plan.slots[slot].dictionary];
            keys.push(((slot, take), part_keys(dictionary, kind, take)));
        };
        for part in parts {
            match part {
                Part::Slot(slot, take) => add(*slot, *take),
                Part::Names { last, first } => {
                    add(*last, Take::Sound);
                    add(*first, Take::Sound);
                }
                Part::Everything => {}
            }
        }
        Self(keys)
    }

    fn value(&self, slot: usize, take: Take, id: u32) -> u32 {
        let held = self.0.iter().find(|(held, _)| *held == (slot, take));
        held.map_or(id, |(_, keys)| keys[id as usize])
    }

    /// The key of a record for a part, 0 when it has none.
    #[inline]
    pub fn part(&self, part: &Part, row: &[u32]) -> u32 {
        match part {
            Part::Everything => 1,
            Part::Slot(slot, take) => self.value(*slot, *take, row[*slot]),
            Part::Names { last, first } => {
                let (a, b) = (self.value(*last, Take::Sound, row[*last]), self.value(*first, Take::Sound, row[*first]));
                if a == 0 || b == 0 { 0 } else { hash::key(hash::mix(u64::from(a.min(b)), u64::from(a.max(b)))) }
            }
        }
    }

    /// The key of a record under a rule, 0 when one of its parts is missing.
    #[inline]
    pub fn rule(&self, rule: &Rule, row: &[u32]) -> u32 {
        joined(&rule.parts, |part| self.part(part, row))
    }

    /// The keys of a record under a rule that gives several.
    pub fn of_several<'a>(&'a self, rule: &'a Rule, row: &'a [u32]) -> impl Iterator<Item = u32> {
        rule.ways().map(|parts| joined(parts, |part| self.part(part, row))).filter(|key| *key != 0)
    }
}

/// The key of some parts, 0 when one of them has none.
#[inline]
pub(crate) fn joined(parts: &[Part], key: impl Fn(&Part) -> u32) -> u32 {
    let mut hash = 0;
    for part in parts {
        match key(part) {
            0 => return 0,
            key => hash = hash::mix(hash, u64::from(key)),
        }
    }
    hash::key(hash)
}

/// Rules that may be worth their pairs, by what the plan has; the most telling first.
pub(crate) fn propose(plan: &Plan) -> Vec<Rule> {
    let texts: &[&str] = match plan.entity {
        Entity::Person => &[
            "email",
            "phone",
            "identifier",
            "last_name.sound + date.any_order",
            "first_name.sound + date.any_order",
            "names + postcode",
            "names + city.sound",
            "street.sound + house_number + postcode",
            "names + date.year",
            "names + date.day",
            "date.any_order + postcode",
            "email.sound",
            "last_name.start + first_name.start + date.year",
            "last_name.start + first_name.initial + date.day",
            "first_name.sound + street.sound + house_number",
            "last_name.sound + street.sound",
            "names",
            "last_name.sound + postcode + date.year",
            "first_name.start + postcode + date.year",
            "last_name.sound + date.year",
            "first_name.sound + date.year",
            "phone.any",
            "email.any",
        ],
        Entity::Organisation => &[
            "company",
            "identifier",
            "website",
            "phone",
            "email",
            "phone.any",
            "email.any",
            "organisation",
            "organisation.sound",
            "organisation.start + city.sound",
            "organisation.words + postcode",
            "organisation.words + city.sound",
            "street.sound + house_number + postcode",
            "organisation.words + point.cell",
            "organisation.words + point.shifted",
            "organisation.words",
        ],
        Entity::Any => &[
            "identifier",
            "codes.words",
            "text.words",
            "text_2.words",
            "organisation.words",
            "text.words + point.cell",
            "text.words + point.shifted",
            "point.cell",
        ],
    };
    let mut rules: Vec<Rule> = texts.iter().filter_map(|text| Rule::parse(text, plan).ok()).collect();
    if rules.is_empty() {
        // Whatever there is, whole.
        let all = plan.slots.iter().map(|slot| slot.name.as_str());
        rules = all.chain(["phone.any", "email.any"]).filter_map(|name| Rule::parse(name, plan).ok()).collect();
    }
    rules
}
