use maud::{Markup, html};

use crate::Hue;

/// A person's or company's mark: a picture where there is one, initials on a stable colour otherwise.
#[derive(Clone, Debug, Default)]
pub struct Avatar {
    /// The name the initials come from, and the text alternative of the picture.
    pub name: String,
    /// Address of a square picture.
    pub image: Option<String>,
    /// Companies and things have square marks, people round ones.
    pub square: bool,
}

impl Avatar {
    /// A person, by initials.
    pub fn person(name: impl Into<String>) -> Avatar {
        Avatar { name: name.into(), ..Avatar::default() }
    }

    /// A company or thing, by initials.
    pub fn thing(name: impl Into<String>) -> Avatar {
        Avatar { name: name.into(), square: true, image: None }
    }
}

/// The size of an avatar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 20 px, in lists and chips.
    #[default]
    Small,
    /// 28 px, in timelines and menus.
    Medium,
    /// 40 px, in record headers.
    Large,
}

/// Draws an avatar; it is decoration, so the name must stand beside it in text.
pub fn avatar(avatar: &Avatar, size: AvatarSize) -> Markup {
    let size = match size {
        AvatarSize::Small => "small",
        AvatarSize::Medium => "medium",
        AvatarSize::Large => "large",
    };
    html! {
        span.avatar.square[avatar.square] data-size=(size) data-hue=(hue_of(&avatar.name).name()) aria-hidden="true" {
            @match &avatar.image {
                Some(image) => img src=(image) alt="" loading="lazy" decoding="async";,
                None => (initials(&avatar.name)),
            }
        }
    }
}

/// The hue a name always has.
pub fn hue_of(name: &str) -> Hue {
    let sum = name.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    Hue::ALL[sum as usize % Hue::ALL.len()]
}

/// What stands before a person's name and is no part of it.
const TITLES: [&str; 10] = ["m", "mr", "mrs", "ms", "mme", "mlle", "dr", "pr", "prof", "me"];

/// One or two capital letters for a name: of its first and last words, a title not counted, or `?` when it has no letter or digit.
pub fn initials(name: &str) -> String {
    let name = match name.trim().split_once(' ') {
        Some((first, rest)) if TITLES.contains(&first.trim_end_matches('.').to_lowercase().as_str()) => rest,
        _ => name,
    };
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => first.to_uppercase().chain(last.to_uppercase()).collect(),
        (Some(first), None) => first.to_uppercase().collect(),
        _ => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_all_kinds_of_names() {
        for (name, expected) in [
            ("Élodie Béranger", "ÉB"),
            ("Jean-Pierre de la Tour", "JT"),
            ("Mme Sophie Dupont", "SD"),
            ("M. Li", "L"),
            ("  Acme ", "A"),
            ("(Sans nom)", "SN"),
            ("株式会社", "株"),
            ("---", "?"),
            ("", "?"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_keeps_its_hue() {
        assert_eq!(hue_of("Élodie Béranger"), hue_of("Élodie Béranger"));
        assert_ne!(hue_of("Ann"), hue_of("Anne"));
    }
}
