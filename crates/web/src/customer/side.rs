//! Records side by side, what differs between them, and why two of them are or are not the same.

use std::collections::HashMap;

use customers::identity::Understood;
use matching::Waterfall;

use super::{attribute, day, key, percent, values};
use crate::visit::Visit;

/// The records as columns. `head` adds to what stands above each.
pub(crate) fn comparison(
    visit: &Visit,
    records: &[&Understood],
    head: impl Fn(usize, &Understood, ui::Side) -> ui::Side,
) -> ui::Comparison {
    let sides = records.iter().enumerate().map(|(at, record)| {
        let detail = format!("{} · {}", key(&record.key), day(visit, record.received_at));
        head(at, record, ui::Side { avatar: ui::Avatar::thing(&record.source_name), detail, ..ui::Side::default() })
    });
    let kind = records.first().map_or(customers::identity::Kind::Person, |record| record.kind);
    let said = |name: &&str| records.iter().any(|record| !record.attributes.get(name).is_empty());
    let rows = values::order(kind).filter(said).map(|name| {
        let cells: Vec<&[String]> = records.iter().map(|record| record.attributes.get(name)).collect();
        let differ = differences(name, &cells);
        let written = |of: &[String]| of.iter().map(|value| values::written(visit, name, value)).collect();
        let cells = cells.into_iter().map(written).zip(differ).collect();
        ui::Compared { label: attribute(visit, name), cells }
    });
    ui::Comparison { title: visit.word("records-side-by-side"), sides: sides.collect(), rows: rows.collect() }
}

/// Which cells differ: those without the value that most have; where all say something else, all of them. What is missing does not differ.
fn differences(name: &str, cells: &[&[String]]) -> Vec<bool> {
    let plain: Vec<Vec<String>> =
        cells.iter().map(|values| values.iter().map(|value| bare(name, value)).collect()).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in plain.iter().flatten() {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let speaking = plain.iter().filter(|values| !values.is_empty()).count();
    let usual = |values: &[String]| values.iter().any(|value| counts[value.as_str()] == most);
    plain.iter().map(|values| !values.is_empty() && speaking > 1 && (most == 1 || !usual(values))).collect()
}

/// What of a value counts when two are compared by eye: signs and capitals do not, nor how a telephone number is dialled.
fn bare(name: &str, value: &str) -> String {
    let folded = kernel::fold(value);
    if name == "email" || name == "website" {
        return folded.trim().to_owned();
    }
    let kept: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let from = if name == "phone" { kept.len().saturating_sub(9) } else { 0 };
    kept[from..].iter().collect()
}

/// A waterfall in words.
pub(super) fn waterfall(visit: &Visit, waterfall: &Waterfall) -> ui::Waterfall {
    let bar = |bar: &matching::Bar| {
        let mut outcome = visit.word(&format!("level-{}", bar.level.replace(' ', "-")));
        if let Some(share) = bar.per_thousand {
            let rare = visit.format().number((share * 100.0).round() / 100.0);
            outcome = format!("{outcome} ({})", visit.say("waterfall-rare", &[("n", (&rare).into())]));
        }
        let empty = bar.a.is_empty() && bar.b.is_empty();
        ui::Bar {
            label: visit.word(&format!("compared-{}", bar.name)),
            outcome,
            values: (!empty).then(|| (dash(&bar.a), dash(&bar.b))),
            weight: bar.weight,
            total: bar.total,
            text: signed(visit, bar.weight),
        }
    };
    let (bits, share) = (signed(visit, waterfall.weight), percent(visit, waterfall.probability));
    ui::Waterfall {
        title: visit.word("waterfall"),
        heads: ["waterfall-what", "waterfall-values", "waterfall-outcome", "waterfall-weight"]
            .map(|key| visit.word(key)),
        bars: waterfall.bars.iter().filter(|bar| bar.weight.abs() >= 0.05).map(bar).collect(),
        sum: visit.say("waterfall-sum", &[("bits", (&bits).into()), ("share", (&share).into())]),
    }
}

fn dash(value: &str) -> String {
    if value.is_empty() { "—".to_owned() } else { value.to_owned() }
}

/// A weight in bits with its sign.
pub(crate) fn signed(visit: &Visit, bits: f64) -> String {
    let text = visit.format().number((bits.abs() * 10.0).round() / 10.0);
    if bits < 0.0 { format!("−{text}") } else { format!("+{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, cells: &[&[&str]]) -> Vec<bool> {
        let cells: Vec<Vec<String>> = cells.iter().map(|of| of.iter().map(|v| (*v).to_owned()).collect()).collect();
        differences(name, &cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_written_otherwise_does_not_differ() {
        assert_eq!(check("last_name", &[&["Lefèvre"], &["LEFEVRE"], &[]]), [false, false, false]);
        assert_eq!(check("phone", &[&["06 39 98 12 34"], &["+33639981234"]]), [false, false]);
        assert_eq!(check("city", &[&["Lyon"]]), [false]);
    }

    #[test]
    fn the_odd_one_out_is_marked() {
        assert_eq!(check("city", &[&["Lyon"], &["Lille"]]), [true, true]);
        assert_eq!(check("city", &[&["Lyon"], &["lyon"], &["Lille"]]), [false, false, true]);
        assert_eq!(check("email", &[&["a@x.example", "b@x.example"], &["b@x.example"]]), [false, false]);
    }
}
