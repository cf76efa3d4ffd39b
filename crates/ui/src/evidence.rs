//! Why two records are, or are not, the same: their values side by side, and what each of them adds.

use maud::{Markup, html};

use crate::chart::{Ink, span};
use crate::{Avatar, AvatarSize, View, avatar};

/// A column of a [`Comparison`]: a record.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Its mark and name.
    pub avatar: Avatar,
    /// Its page.
    pub href: Option<String>,
    /// A line below the name.
    pub detail: String,
    /// The name and value that a box in the heading posts, so that the record can be chosen.
    pub select: Option<(String, String)>,
}

/// A row of a [`Comparison`].
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What is compared.
    pub label: String,
    /// For each side its values, and whether they differ from what the others say.
    pub cells: Vec<(Vec<String>, bool)>,
}

/// Records side by side.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What the table shows.
    pub title: String,
    /// The records.
    pub sides: Vec<Side>,
    /// Their values.
    pub rows: Vec<Compared>,
}

/// Draws records side by side; values that differ are marked, and said to differ.
pub fn comparison(view: &View, comparison: &Comparison, differs: &str) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(comparison.title) { table.plain.comparison {
            thead { tr {
                td {}
                @for side in &comparison.sides { th scope="col" { (head(side)) } }
            } }
            tbody { @for row in &comparison.rows { tr {
                th scope="row" { (row.label) }
                @for (values, different) in &row.cells { td.differs[*different] {
                    @if values.is_empty() { span.muted aria-label=(view.words.none) role="img" { "—" } }
                    @for value in values { div { (value) } }
                    @if *different { span.visually-hidden { " (" (differs) ")" } }
                } }
            } } }
        } }
    }
}

fn head(side: &Side) -> Markup {
    let name = html! {
        (avatar(&side.avatar, AvatarSize::Small))
        @match &side.href { Some(href) => a href=(href) { (side.avatar.name) }, None => span { (side.avatar.name) } }
    };
    html! {
        @match &side.select {
            Some((name_of, value)) => label.side { input type="checkbox" name=(name_of) value=(value); (name) },
            None => span.side { (name) },
        }
        span.side-detail { (side.detail) }
    }
}

/// A bar of a [`Waterfall`].
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// What was compared.
    pub label: String,
    /// What came of it, in words.
    pub outcome: String,
    /// The values, where there are any.
    pub values: Option<(String, String)>,
    /// What it adds, in bits.
    pub weight: f64,
    /// The sum so far, this bar included.
    pub total: f64,
    /// The weight, formatted.
    pub text: String,
}

/// The weights of a pair, each starting where the one before ends.
#[derive(Clone, Debug, Default)]
pub struct Waterfall {
    /// What the table shows.
    pub title: String,
    /// The names of its four columns: what, values, outcome, weight.
    pub heads: [String; 4],
    /// The bars.
    pub bars: Vec<Bar>,
    /// The sum, in words.
    pub sum: String,
}

/// Draws a waterfall as a table with a bar in each row.
pub fn waterfall(waterfall: &Waterfall) -> Markup {
    let ends = || waterfall.bars.iter().flat_map(|bar| [bar.total, bar.total - bar.weight]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(waterfall.title) { table.plain.waterfall {
            thead { tr { @for head in &waterfall.heads { th scope="col" { (head) } } } }
            tbody { @for bar in &waterfall.bars { tr {
                th scope="row" { (bar.label) }
                td { @match &bar.values {
                    Some((a, b)) if a == b => (a),
                    Some((a, b)) => { (a) span.muted { " / " } (b) },
                    None => "",
                } }
                td { (bar.outcome) }
                td { div.weight {
                    @let ink = if bar.weight < 0.0 { Ink::Bad } else { Ink::Good };
                    (span(low, high, bar.total - bar.weight, bar.total, ink))
                    span.number { (bar.text) }
                } }
            } } }
        } }
        p.muted { (waterfall.sum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Theme, Words};

    #[test]
    fn differences_are_marked_and_said() {
        let words = Words::shipped("en");
        let view = View { words: &words, lang: "en", theme: Theme::System, csrf: "t" };
        let side = Side { avatar: Avatar::thing("Shop"), detail: "S1".into(), ..Side::default() };
        let row = Compared { label: "City".into(), cells: vec![(vec!["<Lyon>".into()], false), (vec![], false)] };
        let other = Compared { label: "Name".into(), cells: vec![(vec!["A".into()], true)] };
        let table = Comparison { title: "Records".into(), sides: vec![side], rows: vec![row, other] };
        let html = comparison(&view, &table, "differs").into_string();
        assert!(html.contains("&lt;Lyon&gt;") && html.contains(r#"<td class="differs"><div>A</div>"#), "{html}");
        assert!(html.contains("(differs)"));
    }

    #[test]
    fn a_bar_starts_where_the_one_before_ends() {
        let bar = |weight: f64, total: f64| Bar { weight, total, ..Bar::default() };
        let html = waterfall(&Waterfall { bars: vec![bar(-10.0, -10.0), bar(20.0, 10.0)], ..Waterfall::default() });
        assert!(html.into_string().contains(r#"<rect class="ink-good" x="0" y="2" width="100" height="6">"#));
    }
}
