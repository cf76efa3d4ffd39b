//! The page that explains a run: what was understood, learnt and found. One file, nothing loaded, nothing run.

mod columns;
mod pairs;
mod quality;
mod scores;
mod weights;

use std::fmt::Display;
use std::path::Path;

use kernel::{Format, Locale, Words};
use matching::{Resolution, Waterfall};
use maud::{Markup, html};

use super::measure::Spent;
use super::read::Input;
use super::rows::Ids;
use super::summary::{Metrics, Sizes};
use crate::failure::Failure;

/// What there is to tell.
pub struct Told<'a> {
    pub input: &'a Input,
    pub ids: &'a Ids,
    pub resolution: &'a Resolution,
    pub metrics: Option<&'a Metrics>,
    pub spent: Spent,
    /// A pair that the person asked about.
    pub asked: Option<(usize, usize, &'a Waterfall)>,
}

/// Writes the page.
pub fn write(path: &Path, locale: Locale, told: &Told) -> Result<(), Failure> {
    let words = words()?;
    let tongue = Tongue { words: &words, locale };
    let page = page(tongue, told).into_string();
    std::fs::write(path, page)
        .map_err(|error| Failure::Io(std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))))
}

fn words() -> Result<Words, Failure> {
    Words::new([(include_str!("words.fr.ftl"), include_str!("words.en.ftl"))])
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// Words and numbers in the reader's language.
#[derive(Clone, Copy)]
struct Tongue<'a> {
    words: &'a Words,
    locale: Locale,
}

impl Tongue<'_> {
    fn word(self, key: &str) -> String {
        self.words.get(self.locale, key).into_owned()
    }

    /// The text of a key, or `otherwise` for what has no key, such as a level that a person named.
    fn word_or(self, key: &str, otherwise: &str) -> String {
        self.words.find(self.locale, key, None).map_or_else(|| otherwise.to_owned(), std::borrow::Cow::into_owned)
    }

    /// The text of a key with a number.
    fn count(self, key: &str, n: u64) -> String {
        self.words.with(self.locale, key, &[("n", (n as f64).into())])
    }

    fn with(self, key: &str, name: &str, value: String) -> String {
        self.words.with(self.locale, key, &[(name, value.into())])
    }

    fn integer(self, n: u64) -> String {
        Format(self.locale).integer(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// A number with this many decimals.
    fn fixed(self, n: f64, decimals: usize) -> String {
        let text = format!("{n:.decimals$}");
        let text = if text.starts_with('-') { text.replacen('-', "\u{2212}", 1) } else { text };
        if self.locale == Locale::Fr { text.replace('.', ",") } else { text }
    }

    /// A weight in bits, with its sign.
    fn weight(self, n: f64) -> String {
        if n.is_infinite() {
            return if n > 0.0 { "+∞".to_owned() } else { "\u{2212}∞".to_owned() };
        }
        let text = self.fixed(n, 1);
        if n > 0.0 { format!("+{text}") } else { text }
    }

    /// A whole weight on an axis.
    fn tick(self, n: f64) -> String {
        let text = self.fixed(n, 0);
        if n > 0.0 { format!("+{text}") } else { text }
    }

    /// A share from 0 to 1 as a percentage, finer where it is near either end.
    fn share(self, n: f64) -> String {
        let percent = n * 100.0;
        let decimals = match percent.min(100.0 - percent) {
            0.0 => 0,
            near if near < 0.1 => 3,
            near if near < 1.0 => 2,
            _ => 1,
        };
        let space = if self.locale == Locale::Fr { "\u{202f}" } else { "" };
        format!("{}{space}%", self.fixed(percent, decimals))
    }

    /// A probability that may be tiny.
    fn probability(self, n: f64) -> String {
        if n == 0.0 || n >= 0.0001 {
            return self.share(n);
        }
        let once = self.integer((1.0 / n).round() as u64);
        self.with("one-in", "n", once)
    }
}

fn page(tongue: Tongue, told: &Told) -> Markup {
    let title = tongue.word("title");
    let sections: [(&str, Option<Markup>); 8] = [
        ("asked", told.asked.map(|(a, b, waterfall)| pairs::asked(tongue, told, a, b, waterfall))),
        ("quality", told.metrics.map(|metrics| quality::section(tongue, told, metrics))),
        ("columns", Some(columns::section(tongue, told))),
        ("weights", Some(weights::section(tongue, told))),
        ("blocking", Some(scores::blocking(tongue, told))),
        ("scores", Some(scores::section(tongue, told))),
        ("clusters", Some(scores::clusters(tongue, told))),
        ("review", Some(pairs::review(tongue, told))),
    ];
    let shown = || sections.iter().filter_map(|(key, section)| Some((*key, section.as_ref()?)));
    let file = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names: Vec<String> = told.input.sources.iter().map(|source| file(&source.path)).collect();
    let body = html! {
        header {
            h1 { (title) }
            p.lead { (names.join(" · ")) }
            (tiles(tongue, told))
            nav.contents aria-label=(tongue.word("contents")) {
                @for (key, _) in shown() { a href={ "#" (key) } { (tongue.word(key)) } }
            }
        }
        @for (key, section) in shown() {
            section id=(key) aria-labelledby={ "h-" (key) } {
                h2 id={ "h-" (key) } { (tongue.word(key)) }
                p.hint { (tongue.word(&format!("{key}.hint"))) }
                (section)
            }
        }
        footer { (tongue.word("footer")) }
    };
    ui::standalone(tongue.locale.as_str(), &format!("{title} · {}", names.join(" · ")), body)
}

fn tiles(tongue: Tongue, told: &Told) -> Markup {
    let resolution = told.resolution;
    let rows = told.input.table.rows() as u64;
    let clusters = resolution.cluster_count as u64;
    let sizes = Sizes::new(resolution);
    let review = resolution.review().count() as u64;
    let spent = told.spent;
    let seconds = tongue.fixed(spent.wall_seconds, 1);
    let cpu = spent.cpu_seconds.map(|cpu| tongue.with("tile-cpu", "n", tongue.fixed(cpu, 1)));
    let memory = spent.peak_bytes.map(|bytes| tongue.with("tile-memory", "n", tongue.integer(bytes >> 20)));
    let entities = format!("tile-entities-{}", entity_name(resolution));
    html! {
        dl.tiles {
            (tile(&tongue.word("tile-rows"), tongue.integer(rows), &tongue.count("tile-files", told.input.sources.len() as u64)))
            (tile(&tongue.word(&entities), tongue.integer(clusters), &tongue.count("tile-largest", sizes.largest.into())))
            (tile(&tongue.word("tile-duplicates"), tongue.integer(rows - clusters), &share_of(tongue, rows - clusters, rows)))
            (tile(&tongue.word("tile-compared"), tongue.integer(resolution.scored), &tongue.word("tile-compared.hint")))
            (tile(&tongue.word("tile-review"), tongue.integer(review), &tongue.word("tile-review.hint")))
            @match told.metrics {
                Some(metrics) => (tile("F1", tongue.fixed(metrics.clusters.pairs.f1, 4), &tongue.word("tile-f1.hint"))),
                None => (tile(&tongue.word("tile-precision"), tongue.share(resolution.expected_precision), &tongue.word("tile-precision.hint"))),
            }
            (tile(&tongue.word("tile-time"), format!("{seconds} s"), &[cpu, memory].into_iter().flatten().collect::<Vec<_>>().join(", ")))
        }
    }
}

fn tile(name: &str, value: impl Display, hint: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) small { (hint) } } } }
}

fn share_of(tongue: Tongue, part: u64, whole: u64) -> String {
    tongue.with("tile-share", "n", tongue.share(part as f64 / whole.max(1) as f64))
}

/// `person`, `organisation` or `any`.
fn entity_name(resolution: &Resolution) -> &'static str {
    match resolution.config.entity {
        matching::Entity::Person => "person",
        matching::Entity::Organisation => "organisation",
        matching::Entity::Any => "any",
    }
}
