//! Writes every component, in French and English, light and dark, into a folder to look at.
//!
//! `cargo run -p ui --example gallery -- OUT`, then serve OUT with any static file server.

mod sample;

use std::{error::Error, fs, path::Path};

use sample::{Sample, documents, fragments};
use ui::{Theme, View, Words};

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("usage: gallery OUT")?;
    let out = Path::new(&out);
    for asset in ui::assets() {
        let path = out.join(ui::asset_url(asset.path).trim_start_matches('/'));
        fs::create_dir_all(path.parent().ok_or("an asset has no folder")?)?;
        fs::write(path, asset.bytes)?;
    }
    let mut links = String::new();
    for lang in ["en", "fr"] {
        let words = Words::shipped(lang);
        for theme in [Theme::Light, Theme::Dark] {
            let sample = Sample { view: View { words: &words, lang, theme, csrf: "sample" }, instead: None };
            for (name, document) in documents(&sample) {
                let file = format!("{name}.{lang}.{}.html", theme.name());
                fs::write(out.join(&file), document)?;
                links.push_str(&format!("<li><a href=\"{file}\">{file}</a></li>\n"));
            }
        }
        let sample = Sample { view: View { words: &words, lang, theme: Theme::Light, csrf: "sample" }, instead: None };
        for (name, fragment) in fragments(&sample) {
            fs::write(out.join(format!("{name}.{lang}")), fragment)?;
        }
    }
    fs::write(out.join("index.html"), format!("<!doctype html><title>Gallery</title><ul>{links}</ul>"))?;
    Ok(())
}
