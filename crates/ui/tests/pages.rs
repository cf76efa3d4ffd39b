//! Walks through every sample page: what holds for all of them, whatever they show.

#[path = "../examples/gallery/sample/mod.rs"]
mod sample;

use std::collections::BTreeSet;

use sample::{Sample, documents, fragments};
use ui::{Theme, View, Words};

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1) style='x'>' & \u{202e}";

/// The values of an attribute, as written.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn pages(lang: &str, check: impl Fn(&str, &str)) {
    let words = Words::shipped(lang);
    let view = View { words: &words, lang, theme: Theme::System, csrf: "token" };
    for (name, html) in documents(&Sample { view, instead: None }) {
        check(name, &html);
    }
}

#[test]
fn nothing_is_inline() {
    pages("fr", |name, html| {
        assert!(!html.contains(" style="), "{name} has an inline style");
        assert!(!html.contains("<style"), "{name} has a style element");
        for script in html.split("<script").skip(1) {
            assert!(script.contains("src=\"/assets/"), "{name} has an inline script");
        }
        for event in ["onclick", "onload", "onchange", "onsubmit", "oninput", "hx-on"] {
            assert!(!html.contains(&format!(" {event}")), "{name} has {event}");
        }
    });
}

#[test]
fn every_reference_finds_its_element() {
    pages("en", |name, html| {
        let ids = values(html, "id");
        let known: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{name} repeats an id");
        for attribute in ["for", "popovertarget", "aria-controls", "aria-describedby", "aria-labelledby", "form"] {
            for id in values(html, attribute).iter().flat_map(|value| value.split(' ')) {
                assert!(known.contains(id), "{name}: {attribute} refers to {id}, which does not exist");
            }
        }
    });
}

#[test]
fn every_form_that_posts_carries_the_token() {
    pages("en", |name, html| {
        for form in html.split("<form").skip(1).filter(|form| form.contains(" method=\"post\"")) {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(form.contains(r#"name="_csrf" value="token""#), "{name}: <form{form}");
        }
    });
}

#[test]
fn everything_works_without_script() {
    pages("en", |name, html| {
        for tag in html.split('<').filter(|tag| tag.starts_with("a ") || tag.starts_with("form ")) {
            let tag = tag.split('>').next().unwrap_or_default();
            let goes = [" href=", " action=", " method=\"dialog\""].iter().any(|each| tag.contains(each));
            assert!(goes, "{name}: <{tag}> leads nowhere");
        }
    });
}

#[test]
fn hostile_text_stays_text_everywhere() {
    let words = Words::from_lookup(|_| HOSTILE.to_owned());
    let view = View { words: &words, lang: HOSTILE, theme: Theme::Dark, csrf: HOSTILE };
    let sample = Sample { view, instead: Some(HOSTILE) };
    let calm = Words::shipped("en");
    let view = View { words: &calm, lang: "en", theme: Theme::Dark, csrf: "token" };
    let plain = Sample { view, instead: None };
    let scripts = |html: &str| html.matches("<script").count();
    for ((name, hostile), (_, plain)) in documents(&sample).into_iter().zip(documents(&plain)) {
        assert_eq!(scripts(&hostile), scripts(&plain), "{name} lets a script through");
        assert_eq!(hostile.matches("onerror").count(), hostile.matches("&lt;img src=x onerror").count(), "{name}");
    }
    for (name, hostile) in fragments(&sample) {
        assert_eq!(scripts(&hostile), 0, "{name} lets a script through");
    }
}

#[test]
fn the_assets_of_a_first_visit_stay_small() {
    let text: usize =
        ui::assets().iter().filter(|each| !each.path.ends_with("woff2")).map(|each| each.bytes.len()).sum();
    assert!(text < 200_000, "{text} bytes of styles and scripts before compression");
}
