use maud::{DOCTYPE, Markup, html};

use crate::{Theme, View, asset::assets, asset_url};

/// The `Content-Security-Policy` under which pages work: nothing inline, nothing from elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const HTMX_CONFIG: &str =
    r#"{"includeIndicatorCSS":false,"history":"reload","extensions":"sse","noSwap":[204,304,401,403,404,"5xx"]}"#;

/// A whole document.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The title in the browser's tab, most specific part first.
    pub title: String,
    /// The content of the body, usually from [`crate::shell`] or [`crate::sign_in`].
    pub body: Markup,
}

/// Draws a whole document with the assets it needs.
pub fn page(view: &View, page: &Page) -> Markup {
    let theme = view.theme.name();
    let scheme = match view.theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    html! {
        (DOCTYPE)
        html lang=(view.lang) data-theme=(theme) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (page.title) }
                meta name="color-scheme" content=(scheme);
                meta name="csrf-token" content=(view.csrf);
                meta name="htmx-config" content=(HTMX_CONFIG);
                link rel="icon" type="image/svg+xml" href=(asset_url("mark.svg"));
                link rel="preload" as="font" type="font/woff2" crossorigin href=(asset_url("fonts/inter-latin.woff2"));
                link rel="stylesheet" href=(asset_url("app.css"));
                script src=(asset_url("js/theme.js")) {}
                @for asset in assets().iter().filter(|each| is_module(each.path)) {
                    link rel="modulepreload" href=(asset_url(asset.path));
                }
                script defer src=(asset_url("vendor/htmx.js")) {}
                script defer src=(asset_url("vendor/hx-sse.js")) {}
                script type="module" src=(asset_url("js/app.js")) {}
            }
            body {
                a.skip-link href="#main" { (view.words.skip_to_content) }
                (page.body)
            }
        }
    }
}

fn is_module(path: &str) -> bool {
    path.starts_with("js/") && path != "js/theme.js"
}

/// Content that does not fill the page, such as a form or settings: a padded column in the middle, its parts spaced.
pub fn page_body(content: Markup) -> Markup {
    html! { div.page-body { (content) } }
}

/// Part of a page for htmx, with the title the tab takes.
pub fn fragment(title: &str, body: Markup) -> Markup {
    html! { title { (title) } (body) }
}
