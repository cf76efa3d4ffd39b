use maud::{Markup, html};

use crate::Words;

/// Light, dark, or whatever the reader's system prefers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Follows the operating system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// `system`, `light` or `dark`, as in forms and in the `data-theme` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads [`Theme::name`]; anything else is [`Theme::System`].
    pub fn from_name(name: &str) -> Theme {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// What every component needs of the reader: words, language, theme and CSRF token.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The interface's own words, translated.
    pub words: &'a Words,
    /// BCP 47 tag of the page, such as `fr`.
    pub lang: &'a str,
    /// The reader's theme.
    pub theme: Theme,
    /// Token that every form posts back as `_csrf` and every htmx request sends as `X-CSRF-Token`.
    pub csrf: &'a str,
}

impl View<'_> {
    /// The hidden input that carries the CSRF token of a form.
    pub fn csrf_field(&self) -> Markup {
        html! { input type="hidden" name="_csrf" value=(self.csrf); }
    }
}
