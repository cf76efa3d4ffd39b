use maud::{Markup, html};

use crate::Icon;

/// The twelve hues of tags, avatars and charts; each has readable ink on its background in both themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant is named after its colour")]
pub enum Hue {
    #[default]
    Gray,
    Red,
    Orange,
    Amber,
    Lime,
    Green,
    Teal,
    Cyan,
    Blue,
    Indigo,
    Violet,
    Pink,
}

impl Hue {
    /// All hues in the order of the palette.
    pub const ALL: [Hue; 12] = [
        Hue::Gray,
        Hue::Red,
        Hue::Orange,
        Hue::Amber,
        Hue::Lime,
        Hue::Green,
        Hue::Teal,
        Hue::Cyan,
        Hue::Blue,
        Hue::Indigo,
        Hue::Violet,
        Hue::Pink,
    ];

    /// Lower-case name, such as `amber`, as object definitions write it.
    pub fn name(self) -> &'static str {
        match self {
            Hue::Gray => "gray",
            Hue::Red => "red",
            Hue::Orange => "orange",
            Hue::Amber => "amber",
            Hue::Lime => "lime",
            Hue::Green => "green",
            Hue::Teal => "teal",
            Hue::Cyan => "cyan",
            Hue::Blue => "blue",
            Hue::Indigo => "indigo",
            Hue::Violet => "violet",
            Hue::Pink => "pink",
        }
    }

    /// The hue of a name, or `None` when the palette has no such hue.
    pub fn from_name(name: &str) -> Option<Hue> {
        Hue::ALL.into_iter().find(|hue| hue.name() == name)
    }
}

/// A short coloured label: a choice, a status, a category.
#[derive(Clone, Debug, Default)]
pub struct Tag {
    /// What it says.
    pub text: String,
    /// Its colour.
    pub hue: Hue,
    /// An icon before the text.
    pub icon: Option<Icon>,
}

impl Tag {
    /// A tag without icon.
    pub fn new(text: impl Into<String>, hue: Hue) -> Tag {
        Tag { text: text.into(), hue, icon: None }
    }
}

/// Draws a tag.
pub fn tag(tag: &Tag) -> Markup {
    html! {
        span.tag data-hue=(tag.hue.name()) {
            @if let Some(each) = tag.icon { (crate::icon(each)) }
            (tag.text)
        }
    }
}

/// A coloured dot with its meaning in words beside it.
pub fn dot(text: &str, hue: Hue) -> Markup {
    html! { span.dot data-hue=(hue.name()) { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_round_trip_by_name() {
        for hue in Hue::ALL {
            assert_eq!(Hue::from_name(hue.name()), Some(hue));
        }
        assert_eq!(Hue::from_name("mauve"), None);
    }

    #[test]
    fn text_is_escaped() {
        insta::assert_snapshot!(
            tag(&Tag::new("<b>Won</b>", Hue::Green)).into_string(),
            @r#"<span class="tag" data-hue="green">&lt;b&gt;Won&lt;/b&gt;</span>"#
        );
    }
}
