use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Nothing is loaded and nothing runs; only the style inside the page counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const TOKENS: &str = include_str!("../assets/css/tokens.css");
const STYLE: &str = concat!(include_str!("../assets/css/standalone.css"), include_str!("../assets/css/chart.css"));

/// A whole document that needs nothing but itself: to be kept, sent by mail and printed. It has no script, loads nothing and
/// follows the light or dark setting of whoever opens it.
///
/// `lang` is the language of the text, `title` the title in the browser's tab.
pub fn standalone(lang: &str, title: &str, body: Markup) -> Markup {
    // The colours are those of the application; its fonts, which lie in files, are not.
    let tokens = TOKENS.find(":root").map_or("", |at| &TOKENS[at..]);
    html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(tokens)) (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_needs_nothing_from_elsewhere() {
        let html = standalone("fr", "<Titre>", html! { p { "<b>" } }).into_string();
        assert!(html.contains("<html lang=\"fr\">") && html.contains("<title>&lt;Titre&gt;</title>"));
        assert!(html.contains("<p>&lt;b&gt;</p>"));
        for loaded in ["url(", "http://", "https://", "<script", "@import", "<link"] {
            assert!(!html.contains(loaded), "{loaded}");
        }
        assert!(html.contains("--accent:"));
    }
}
