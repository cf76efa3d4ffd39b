use maud::{Markup, html};

use crate::{Avatar, AvatarSize, Icon, Tag, View, avatar, icon, tag};

/// A value as a list shows it, already formatted for the reader.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// No value.
    #[default]
    Empty,
    /// Plain text, on one line.
    Text(String),
    /// A number, right-aligned with tabular figures.
    Number(String),
    /// An amount with its currency, right-aligned.
    Money(String),
    /// A date or instant.
    Date {
        /// ISO 8601 form for machines.
        iso: String,
        /// What is shown.
        text: String,
        /// Shows it as "3 days ago", kept up to date.
        relative: bool,
    },
    /// Choices, statuses or tags.
    Tags(Vec<Tag>),
    /// A person or thing with its mark; the usual first column.
    Named {
        /// The mark, whose name is shown.
        avatar: Avatar,
        /// The record's address.
        href: Option<String>,
        /// A second text in grey.
        detail: Option<String>,
    },
    /// A link inside the product or out of it.
    Link {
        /// What is shown.
        text: String,
        /// Where it goes; `mailto:` and `tel:` work.
        href: String,
    },
    /// Yes or no.
    Boolean(bool),
    /// Stars.
    Rating {
        /// Filled stars.
        value: u8,
        /// All stars.
        of: u8,
    },
    /// A share of a whole, in per cent.
    Progress {
        /// 0 to 100.
        percent: u8,
        /// The formatted share.
        text: String,
    },
}

impl Cell {
    pub(crate) fn is_numeric(&self) -> bool {
        matches!(self, Cell::Number(_) | Cell::Money(_))
    }
}

/// Draws a value; the same in tables, cards and properties.
pub fn cell(view: &View, cell: &Cell) -> Markup {
    html! {
        @match cell {
            Cell::Empty => span.empty-value aria-label=(view.words.none) role="img" { "—" },
            Cell::Text(text) => span.value { (text) },
            Cell::Number(text) | Cell::Money(text) => span.value.number { (text) },
            Cell::Date { iso, text, relative } => time.value datetime=(iso) data-relative[*relative] title=(text) { (text) },
            Cell::Tags(tags) => span.tags { @for each in tags { (tag(each)) } },
            Cell::Named { avatar: mark, href, detail } => span.named {
                (avatar(mark, AvatarSize::Small))
                @match href {
                    Some(href) => a.value href=(href) title=(mark.name) { (mark.name) },
                    None => span.value title=(mark.name) { (mark.name) },
                }
                @if let Some(detail) = detail { span.muted { (detail) } }
            },
            Cell::Link { text, href } => @if is_external(href) {
                a.value href=(safe_href(href)) rel="noopener noreferrer" target="_blank" { (text) }
            } @else {
                a.value href=(safe_href(href)) { (text) }
            },
            Cell::Boolean(true) => span.yes role="img" aria-label=(view.words.yes) { (icon(Icon::Check)) },
            Cell::Boolean(false) => span.empty-value role="img" aria-label=(view.words.no) { (icon(Icon::Minus)) },
            Cell::Rating { value, of } => progress.stars value=(value) max=(of)
                aria-label={ (value) " " (view.words.rating_of) " " (of) } {},
            Cell::Progress { percent, text } => span.share {
                progress value=(percent) max="100" aria-label=(view.words.progress) { (text) }
                span.number { (text) }
            },
        }
    }
}

/// The editor that replaces a cell while it is edited.
#[derive(Clone, Debug, Default)]
pub struct CellEdit {
    /// What the form posts to. It answers with the new content of the cell ([`cell`]), or with an editor carrying the error.
    pub action: String,
    /// The column's label.
    pub label: String,
    /// The control, from the functions for controls.
    pub control: Markup,
    /// What was wrong with the last value.
    pub error: Option<String>,
}

/// Draws the editor of a cell: Enter and Tab save, Esc restores.
pub fn cell_edit(view: &View, edit: &CellEdit) -> Markup {
    html! {
        form.cell-edit method="post" action=(edit.action) hx-post=(edit.action) hx-target="closest [data-edit]"
            hx-swap="innerHTML" data-cell-edit aria-label=(edit.label) {
            (view.csrf_field())
            (edit.control)
            @if let Some(error) = &edit.error { p.cell-error role="alert" { (error) } }
            button.visually-hidden { (view.words.save) }
        }
    }
}

fn is_external(href: &str) -> bool {
    href.starts_with("https://") || href.starts_with("http://")
}

/// An address that is safe to follow: of the web, mail, telephone or this site; anything else becomes `#`.
pub(crate) fn safe_href(href: &str) -> &str {
    let local = href.starts_with(['/', '#', '?', '.']) && !href.starts_with("//");
    let known = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if local || known { href } else { "#" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Theme, Words};

    #[test]
    fn only_harmless_addresses_are_followed() {
        for (href, expected) in [
            ("/account/1", "/account/1"),
            ("https://example.org", "https://example.org"),
            ("MAILTO:a@b.fr", "MAILTO:a@b.fr"),
            ("javascript:alert(1)", "#"),
            (" javascript:alert(1)", "#"),
            ("data:text/html,x", "#"),
            ("//evil.example", "#"),
        ] {
            assert_eq!(safe_href(href), expected);
        }
    }

    #[test]
    fn hostile_values_stay_text() {
        let words = Words::shipped("en");
        let view = View { words: &words, lang: "en", theme: Theme::System, csrf: "t" };
        let hostile = "\"><script>alert(1)</script>";
        for value in [
            Cell::Text(hostile.into()),
            Cell::Named { avatar: Avatar::person(hostile), href: Some(hostile.into()), detail: Some(hostile.into()) },
            Cell::Date { iso: hostile.into(), text: hostile.into(), relative: true },
            Cell::Link { text: hostile.into(), href: hostile.into() },
            Cell::Tags(vec![Tag::new(hostile, crate::Hue::Red)]),
        ] {
            let html = cell(&view, &value).into_string();
            assert!(!html.contains("<script"), "{html}");
            assert!(!html.contains("=\"\"><"), "{html}");
        }
    }
}
