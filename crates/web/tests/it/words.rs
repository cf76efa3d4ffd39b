use std::collections::BTreeSet;
use std::path::Path;

use kernel::{Clock, Locale};
use records::Platform;

fn sources(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push_str(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// The literal keys that the pages ask for.
fn asked() -> BTreeSet<String> {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let mut keys = BTreeSet::new();
    for call in [".word(\"", ".say(\"", "entry(\"", "tab(\""] {
        for rest in text.split(call).skip(1) {
            let key = rest.split('"').next().expect("an end");
            if !key.contains(['{', '/', ' ']) {
                keys.insert(key.to_owned());
            }
        }
    }
    keys
}

#[test]
fn every_word_that_pages_say_exists_in_both_languages() {
    let platform =
        Platform::new(vec![sales::app(), customers::app()], vec![web::words()], Clock::System).expect("a platform");
    let keys = asked();
    assert!(keys.len() > 100, "{keys:?}");
    for locale in Locale::ALL {
        let missing: Vec<&String> = keys.iter().filter(|k| platform.words.find(locale, k, None).is_none()).collect();
        assert!(missing.is_empty(), "{locale:?}: {missing:?}");
    }
}

#[test]
fn both_languages_have_the_same_words() {
    let keys = |text: &str| -> BTreeSet<String> {
        text.lines()
            .filter(|l| !l.starts_with([' ', '#', '}']))
            .filter_map(|l| l.split_once(" =").map(|(k, _)| k.to_owned()))
            .collect()
    };
    let (fr, en) = web::words();
    assert_eq!(keys(fr), keys(en));
}
