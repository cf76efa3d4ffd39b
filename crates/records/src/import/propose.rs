//! Which field a column fills, told from its header in French and English and from its values.

use kernel::{Locale, Words, words_of};
use model::{FieldDef, FieldType, ObjectDef, Schema, system};
use tabular::value::{ColumnGuess, Kind};

use super::synonyms::SYNONYMS;

/// A field that a column probably fills.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The field, as a mapping writes it.
    pub to: String,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
    /// Why.
    pub because: Because,
}

/// Why a field is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The header is the field's name.
    Name,
    /// The header is a usual name for such a field.
    Synonym,
    /// The header holds the field's name among other words.
    Resembles,
    /// The values look like it.
    Values,
}

/// Below this a guess is no proposal.
const ENOUGH: f64 = 0.5;

/// A place that a column can fill, with what it may be called.
struct Place {
    to: String,
    field: FieldType,
    part: Option<&'static str>,
    /// Names as words: the first ones are the field's own, the others synonyms.
    own: Vec<Vec<String>>,
    other: Vec<Vec<String>>,
    many: bool,
}

/// For each column the field it probably fills. A field is proposed once, lists of addresses and numbers excepted.
pub(super) fn propose(
    schema: &Schema,
    object: &ObjectDef,
    words: &Words,
    columns: &[String],
    guesses: &[ColumnGuess],
) -> Vec<Option<Proposal>> {
    let places = places(schema, object, words);
    let names = object_names(object, words);
    let mut scored: Vec<(f64, usize, usize, Because)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let header = header_words(column);
        for (place_at, place) in places.iter().enumerate() {
            if let Some((score, because)) = score(&header, &names, place, &guesses[at]) {
                scored.push((score, at, place_at, because));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut out: Vec<Option<Proposal>> = vec![None; columns.len()];
    let mut taken = vec![false; places.len()];
    for (confidence, column, place, because) in scored {
        if out[column].is_some() || (taken[place] && !places[place].many) || confidence < ENOUGH {
            continue;
        }
        // Values alone fill a field only once: two columns of addresses may be two people's.
        if taken[place] && because == Because::Values {
            continue;
        }
        // A field is filled whole or by its parts; an amount may have its currency beside it.
        let field = places[place].to.split('.').next().unwrap_or_default();
        let clash =
            |p: &Proposal| p.to.split('.').next() == Some(field) && (p.to == field) != (places[place].to == field);
        if places[place].field != FieldType::Money && out.iter().flatten().any(clash) {
            continue;
        }
        taken[place] = true;
        out[column] = Some(Proposal { to: places[place].to.clone(), confidence, because });
    }
    out
}

fn places(schema: &Schema, object: &ObjectDef, words: &Words) -> Vec<Place> {
    let mut places = Vec::new();
    let kept = |f: &&FieldDef| {
        (!f.system || [system::ID, system::OWNER, system::CREATED_AT].contains(&f.name.as_str()))
            && !f.is_computed()
            && (f.system || !f.read_only)
    };
    for field in object.fields.iter().filter(kept) {
        let many = matches!(field.kind, FieldType::Emails | FieldType::Phones | FieldType::Links | FieldType::Tags);
        let place = |part: Option<&'static str>| Place {
            to: part.map_or_else(|| field.name.to_string(), |p| format!("{}.{p}", field.name)),
            field: field.kind.clone(),
            part,
            own: Vec::new(),
            other: Vec::new(),
            many,
        };
        let mut whole = place(None);
        whole.own = names(object, field, words);
        whole.other = synonyms(object, field.name.as_str(), &field.kind, None);
        places.push(whole);
        let composite =
            matches!(field.kind, FieldType::PersonName | FieldType::Address | FieldType::Money | FieldType::Location);
        for part in field.kind.parts().iter().filter(|_| composite) {
            let mut inner = place(Some(part));
            let labels: Vec<Vec<String>> = Locale::ALL
                .iter()
                .filter_map(|l| words.find(*l, &format!("part.{part}"), None))
                .map(|label| words_of(&label))
                .chain([words_of(part)])
                .collect();
            for name in names(object, field, words) {
                inner.own.extend(labels.iter().map(|label| [&name[..], label].concat()));
            }
            if field.kind != FieldType::Money {
                inner.other.extend(labels);
            }
            inner.other.extend(synonyms(object, field.name.as_str(), &field.kind, Some(part)));
            places.push(inner);
        }
        if let Some(target) = field
            .targets()
            .filter(|t| t.len() == 1 && field.name != system::ID)
            .and_then(|t| schema.object(t[0].as_str()))
        {
            for by in target.fields.iter().filter(|f| f.unique || f.name == target.title) {
                let mut inner = place(None);
                inner.to = format!("{}.{}", field.name, by.name);
                for name in names(object, field, words) {
                    inner.own.extend(names_of_field(target, by, words).into_iter().map(|by| [&name[..], &by].concat()));
                }
                places.push(inner);
            }
        }
    }
    places
}

fn names(object: &ObjectDef, field: &FieldDef, words: &Words) -> Vec<Vec<String>> {
    names_of_field(object, field, words)
}

fn names_of_field(object: &ObjectDef, field: &FieldDef, words: &Words) -> Vec<Vec<String>> {
    let key = if field.system { format!("system.{}", field.name) } else { format!("{}.{}", object.name, field.name) };
    let mut names = vec![words_of(&field.name.as_str().replace('_', " "))];
    for locale in Locale::ALL {
        names.push(words_of(field.label.get(locale)));
        names.extend(words.find(locale, &key, None).map(|label| words_of(&label)));
    }
    names.retain(|n| !n.is_empty());
    names.dedup();
    names
}

fn synonyms(object: &ObjectDef, field: &str, kind: &FieldType, part: Option<&str>) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for (places, list) in SYNONYMS {
        let fits = places.split(' ').any(|place| match place.split_once(':') {
            // `:emails` is a type, `account:parent` a field of an object, `name` a field of any.
            Some(("", kind_name)) => match kind_name.split_once('.') {
                Some((kind_name, wanted)) => kind_name == kind.name() && part == Some(wanted),
                None => kind_name == kind.name() && part.is_none(),
            },
            Some((of, name)) => object.name == of && name == field && part.is_none(),
            None => place == field && part.is_none(),
        });
        if fits {
            out.extend(list.split(',').map(words_of));
        }
    }
    out
}

fn object_names(object: &ObjectDef, words: &Words) -> Vec<String> {
    let mut names = words_of(&object.name.as_str().replace('_', " "));
    for locale in Locale::ALL {
        names.extend(words.find(locale, object.name.as_str(), None).iter().flat_map(|label| words_of(label)));
        names.extend(words_of(object.label.get(locale)));
    }
    names
}

/// The words of a header; `DateOfBirth` and `date_of_birth` are three words.
fn header_words(header: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(header.len() + 8);
    let mut lower = false;
    for c in header.chars() {
        if c.is_uppercase() && lower {
            spaced.push(' ');
        }
        lower = c.is_lowercase();
        spaced.push(c);
    }
    words_of(&spaced)
}

fn score(header: &[String], object: &[String], place: &Place, guess: &ColumnGuess) -> Option<(f64, Because)> {
    let bare: Vec<String> = header.iter().filter(|w| !object.contains(w)).cloned().collect();
    let is = |names: &[Vec<String>], header: &[String]| !header.is_empty() && names.iter().any(|n| n == header);
    let within = |names: &[Vec<String>]| {
        names
            .iter()
            .filter(|n| !n.is_empty() && n.iter().all(|w| header.contains(w)))
            .map(|n| n.len() as f64 / header.len() as f64)
            .fold(0.0, f64::max)
    };
    let (score, because) = if is(&place.own, header) {
        (1.0, Because::Name)
    } else if is(&place.other, header) {
        (0.95, Because::Synonym)
    } else if is(&place.own, &bare) {
        (0.9, Because::Name)
    } else if is(&place.other, &bare) {
        (0.85, Because::Synonym)
    } else if within(&place.own).max(within(&place.other)) >= 0.5 {
        (0.5 + 0.2 * within(&place.own).max(within(&place.other)), Because::Resembles)
    } else {
        return by_values(place, guess).map(|score| (score, Because::Values));
    };
    let score = match fits(&place.field, place.part, guess.kind) {
        Some(true) => score,
        None => score * 0.95,
        Some(false) => score * if because == Because::Name { 0.6 } else { 0.4 },
    };
    Some((score, because))
}

/// What the values alone say: few kinds are telling.
fn by_values(place: &Place, guess: &ColumnGuess) -> Option<f64> {
    let telling = match (guess.kind, &place.field) {
        (Kind::Email, FieldType::Emails) => 0.8,
        (Kind::Phone, FieldType::Phones) => 0.65,
        (Kind::Url, FieldType::Links) => 0.65,
        _ => return None,
    };
    Some(telling * guess.confidence)
}

/// Whether values of a kind can go into a field; `None` when nothing speaks for or against it.
fn fits(field: &FieldType, part: Option<&str>, kind: Kind) -> Option<bool> {
    use FieldType as T;
    let numeric = matches!(kind, Kind::Integer | Kind::Number | Kind::Percent | Kind::Money);
    match (field, kind) {
        (_, Kind::Blank) => None,
        (_, _) if part.is_some() => None,
        (T::Integer { .. } | T::Rating { .. }, kind) => Some(kind == Kind::Integer),
        (T::Number | T::Percent | T::Money, _) => Some(numeric),
        (T::Boolean, kind) => Some(kind == Kind::Boolean || kind == Kind::Integer),
        (T::Date | T::DateTime, Kind::Date | Kind::DateTime | Kind::Integer) => Some(true),
        (T::Date | T::DateTime, _) => Some(false),
        (T::Duration, kind) => Some(kind == Kind::Duration || kind == Kind::Integer),
        (T::Emails | T::Phones, Kind::Text) => None,
        (T::Emails, kind) => Some(kind == Kind::Email),
        (T::Phones, kind) => Some(matches!(kind, Kind::Phone | Kind::Identifier | Kind::Integer)),
        (T::Links, kind) => Some(matches!(kind, Kind::Url | Kind::Text)),
        (T::PersonName | T::Address, kind) => Some(kind == Kind::Text),
        _ => None,
    }
}
