use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::workspace::File;

const LANGUAGES: [&str; 2] = ["en", "fr"];

/// Every file of words exists in both languages with the same keys, each key once; French signs stay with the word they belong to.
pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        findings.extend(loose_signs(file));
        for (language, other) in [(LANGUAGES[0], LANGUAGES[1]), (LANGUAGES[1], LANGUAGES[0])] {
            let Some(stem) = file.path.strip_suffix(&format!(".{language}.ftl")) else {
                continue;
            };
            let twin = format!("{stem}.{other}.ftl");
            let keys = keys(file, &mut findings);
            let Some(twin_file) = files.iter().find(|candidate| candidate.path == twin) else {
                findings.push(Finding::in_file(&file.path, format!("has no translation: write {twin}")));
                continue;
            };
            let known = keys_of(twin_file);
            let missing = keys.into_iter().filter(|(key, _)| !known.contains_key(key));
            findings.extend(missing.map(|(key, line)| {
                Finding::at(&file.path, line, format!("{key} is missing in {twin}: translate it there"))
            }));
        }
    }
    findings
}

/// French signs that a common space parts from their word, so that a line may end between the two: a no-break space (U+00A0, before
/// `;`, `!` and `?` the narrow U+202F) holds them together.
fn loose_signs(file: &File) -> Vec<Finding> {
    if !file.path.ends_with(".fr.ftl") {
        return Vec::new();
    }
    let loose = |line: &str| {
        let before = [" :", " ;", " !", " ?", " »"].iter().any(|sign| {
            line.match_indices(sign)
                .any(|(at, _)| line[at + sign.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == '»'))
        });
        before || line.contains("« ")
    };
    let texts = file.lines().filter(|(_, line)| !line.starts_with('#'));
    let found = texts.filter(|(_, line)| loose(line));
    found
        .map(|(number, _)| Finding::at(&file.path, number, "a sign may part from its word: put a no-break space"))
        .collect()
}

fn keys_of(file: &File) -> BTreeMap<String, usize> {
    keys(file, &mut Vec::new())
}

/// Keys of messages, terms and attributes (`message.attribute`) with their lines.
fn keys(file: &File, findings: &mut Vec<Finding>) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    let mut message = String::new();
    for (number, line) in file.lines() {
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let key = if let Some(attribute) = name.trim().strip_prefix('.').filter(|_| line.starts_with(' ')) {
            format!("{message}.{attribute}")
        } else if is_key(name.trim_end()) {
            message = name.trim_end().to_owned();
            message.clone()
        } else {
            continue;
        };
        if let Some(first) = keys.insert(key.clone(), number) {
            findings.push(Finding::at(&file.path, number, format!("{key} already stands in line {first}: keep one")));
        }
    }
    keys
}

fn is_key(name: &str) -> bool {
    let letters = name.strip_prefix('-').unwrap_or(name);
    letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::file;

    #[test]
    fn the_same_keys_in_another_order_are_fine() {
        let english = "-brand = Clientele\nsave = Save\n    .title = Save now = soon\ncount = { $n ->\n    [one] = one\n   *[other] many\n}\n";
        let french =
            "count = { $n } fois\n# note = x\nsave = Enregistrer\n    .title = Tout de suite\n-brand = Clientele\n";
        let files = [file("a/words.en.ftl", english), file("a/words.fr.ftl", french)];
        assert_eq!(listed(&check(&files)), "");
    }

    #[test]
    fn missing_keys_are_found_on_either_side() {
        let files = [
            file("a/words.en.ftl", "save = Save\n    .title = Now\nundo = Undo\n"),
            file("a/words.fr.ftl", "save = Enregistrer\nredo = Refaire\n"),
        ];
        assert_eq!(
            listed(&check(&files)),
            "a/words.en.ftl:2: save.title is missing in a/words.fr.ftl: translate it there\n\
             a/words.en.ftl:3: undo is missing in a/words.fr.ftl: translate it there\n\
             a/words.fr.ftl:2: redo is missing in a/words.en.ftl: translate it there"
        );
    }

    #[test]
    fn loose_signs_are_found_in_french() {
        let french = "# dit : non\na = Vraiment\u{202f}?\nb = « Non »\nc = Un\u{a0}: deux\nd = Un : deux\ne = { $n ->\n    [one] Trop !\n   *[other] «\u{a0}x\u{a0}»\n}\n";
        let english = "a = a\nb = b\nc = c\nd = d\ne = { $n ->\n   *[other] x : y !\n}\n";
        let files = [file("a/words.en.ftl", english), file("a/words.fr.ftl", french)];
        let lines: Vec<String> = listed(&check(&files)).lines().map(|line| line.chars().take(16).collect()).collect();
        assert_eq!(lines, ["a/words.fr.ftl:3", "a/words.fr.ftl:5", "a/words.fr.ftl:7"]);
    }

    #[test]
    fn a_missing_file_and_a_repeated_key_are_found() {
        let files = [file("a/words.fr.ftl", "undo = Annuler\nundo = Défaire\n")];
        assert_eq!(
            listed(&check(&files)),
            "a/words.fr.ftl:2: undo already stands in line 1: keep one\n\
             a/words.fr.ftl: has no translation: write a/words.en.ftl"
        );
    }
}
