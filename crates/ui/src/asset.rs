use std::sync::LazyLock;

/// A file the pages load, embedded in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Path below the prefix of [`asset_url`], such as `app.css` or `js/app.js`.
    pub path: &'static str,
    /// Media type with charset where it has one.
    pub content_type: &'static str,
    /// The content, uncompressed.
    pub bytes: &'static [u8],
    /// Strong validator, quoted.
    pub etag: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($path:literal, $kind:expr, $bytes:expr;)*) => { &[$(($path, $kind, $bytes)),*] };
}

const FILES: &[(&str, &str, &[u8])] = files! {
    "app.css", CSS, concat!(
        include_str!("../assets/css/tokens.css"), include_str!("../assets/css/base.css"),
        include_str!("../assets/css/control.css"), include_str!("../assets/css/shell.css"),
        include_str!("../assets/css/list.css"), include_str!("../assets/css/board.css"),
        include_str!("../assets/css/record.css"), include_str!("../assets/css/profile.css"),
        include_str!("../assets/css/form.css"),
        include_str!("../assets/css/overlay.css"), include_str!("../assets/css/chart.css"),
        include_str!("../assets/css/print.css"),
    ).as_bytes();
    "js/theme.js", JS, include_bytes!("../assets/js/theme.js");
    "js/app.js", JS, include_bytes!("../assets/js/app.js");
    "js/board.js", JS, include_bytes!("../assets/js/board.js");
    "js/combobox.js", JS, include_bytes!("../assets/js/combobox.js");
    "js/columns.js", JS, include_bytes!("../assets/js/columns.js");
    "js/edit.js", JS, include_bytes!("../assets/js/edit.js");
    "js/entries.js", JS, include_bytes!("../assets/js/entries.js");
    "js/filter.js", JS, include_bytes!("../assets/js/filter.js");
    "js/keys.js", JS, include_bytes!("../assets/js/keys.js");
    "js/live.js", JS, include_bytes!("../assets/js/live.js");
    "js/palette.js", JS, include_bytes!("../assets/js/palette.js");
    "js/request.js", JS, include_bytes!("../assets/js/request.js");
    "js/selection.js", JS, include_bytes!("../assets/js/selection.js");
    "js/shell.js", JS, include_bytes!("../assets/js/shell.js");
    "js/time.js", JS, include_bytes!("../assets/js/time.js");
    "js/toast.js", JS, include_bytes!("../assets/js/toast.js");
    "vendor/htmx.js", JS, include_bytes!("../assets/vendor/htmx.js");
    "vendor/hx-sse.js", JS, include_bytes!("../assets/vendor/hx-sse.js");
    "fonts/inter-latin.woff2", FONT, include_bytes!("../assets/fonts/inter-latin.woff2");
    "fonts/inter-latin-ext.woff2", FONT, include_bytes!("../assets/fonts/inter-latin-ext.woff2");
    "mark.svg", SVG, include_bytes!("../assets/mark.svg");
};

struct Set {
    assets: Vec<Asset>,
    version: String,
}

static SET: LazyLock<Set> = LazyLock::new(|| {
    let mut whole = FNV_OFFSET;
    let assets = FILES
        .iter()
        .map(|&(path, content_type, bytes)| {
            whole = fnv(fnv(whole, path.as_bytes()), bytes);
            let etag = format!("\"{:016x}\"", fnv(FNV_OFFSET, bytes)).leak();
            Asset { path, content_type, bytes, etag }
        })
        .collect();
    Set { assets, version: format!("{whole:016x}") }
});

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Every embedded file. Serve each at [`asset_url`] of its path with a long immutable lifetime.
pub fn assets() -> &'static [Asset] {
    &SET.assets
}

/// The address of an asset: `/assets/{version}/{path}`, where the version is a hash of all assets, so that files may
/// refer to each other by relative address and an address never changes its content.
///
/// # Panics
/// When no asset has that path: a mistake of the program, not of its input.
pub fn asset_url(path: &str) -> String {
    assert!(FILES.iter().any(|file| file.0 == path), "no asset named {path}");
    format!("/assets/{}/{path}", SET.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_a_version_and_keep_relative_paths() {
        let css = asset_url("app.css");
        let js = asset_url("js/app.js");
        assert_eq!(css.strip_suffix("app.css"), js.strip_suffix("js/app.js"));
        assert_eq!(css.len(), "/assets//app.css".len() + 16);
    }

    #[test]
    fn every_relative_import_of_a_script_exists() {
        for asset in assets().iter().filter(|a| a.path.starts_with("js/")) {
            let source = std::str::from_utf8(asset.bytes).unwrap();
            for line in source.lines().filter(|l| l.starts_with("import ")) {
                let target = line.rsplit('"').nth(1).unwrap().trim_start_matches("./");
                assert!(
                    assets().iter().any(|a| a.path == format!("js/{target}")),
                    "{} imports {target}, which does not exist",
                    asset.path
                );
            }
        }
    }

    #[test]
    fn scripts_and_styles_obey_a_strict_policy() {
        for asset in assets().iter().filter(|a| a.path.starts_with("js/")) {
            let source = std::str::from_utf8(asset.bytes).unwrap();
            for banned in ["eval(", "new Function", "innerHTML", "setAttribute(\"style\""] {
                assert!(!source.contains(banned), "{} uses {banned}", asset.path);
            }
        }
    }
}
