use crate::finding::Finding;
use crate::workspace::File;

const LONGEST: usize = 800;
const MEASURED: &[&str] = &["rs", "js", "mjs", "ts", "css", "ftl", "html", "sh", "py"];

/// Folders of somebody's machine. Joined from parts, so that this file passes its own rule.
const MACHINE_FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/")];

const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// What contains a database's name and does not speak of it: the dialect of the API, a prefix kept from names.
const NEIGHBOURS: &[&str] = &["postgrest", "\"sqlite_\""];

const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("db", "g!"),
];

/// No tracked file names a folder of the machine it was written on.
pub(crate) fn machine_paths(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let folder = MACHINE_FOLDERS.iter().find(|folder| {
            line.match_indices(*folder).any(|(at, _)| !line[..at].ends_with(|c: char| part_of_path(c)))
        })?;
        Some(format!("names the machine's folder {folder}: take the path from an argument or the environment"))
    })
}

/// No tracked file names a package registry's host; `Cargo.lock` is cargo's own.
pub(crate) fn registry_hosts(files: &[File]) -> Vec<Finding> {
    let own: Vec<&File> = files.iter().filter(|file| file.path != "Cargo.lock").collect();
    each_line(own, |line| {
        let host = REGISTRY_HOSTS.iter().find(|host| line.contains(*host))?;
        Some(format!("names the registry {host}: name the package and version only"))
    })
}

/// No mark of unfinished work.
pub(crate) fn unfinished(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let mark = UNFINISHED.iter().find(|mark| has_word(line, mark))?;
        Some(format!("holds {mark}: finish it, or write it down as an issue"))
    })
}

/// No source file longer than 800 lines.
pub(crate) fn length(files: &[File]) -> Vec<Finding> {
    let measured = files.iter().filter(|file| !file.vendored() && MEASURED.contains(&file.extension()));
    measured
        .filter_map(|file| {
            let count = file.lines().count();
            (count > LONGEST).then(|| {
                let message = format!("{count} lines, above {LONGEST}: split it by verb or by idea");
                Finding::in_file(&file.path, message)
            })
        })
        .collect()
}

/// Raw HTML is made in `ui` only, where escaping is looked after.
pub(crate) fn raw_html(files: &[File]) -> Vec<Finding> {
    let watched: Vec<&File> = crate_sources(files).filter(|file| !file.path.starts_with("crates/ui/")).collect();
    each_line(watched, |line| {
        has_word(line, "PreEscaped").then(|| "raw HTML outside crates/ui: use or add a component there".to_owned())
    })
}

/// Only the store, and the binary's configuration, know which database runs.
pub(crate) fn databases(files: &[File]) -> Vec<Finding> {
    let free = ["crates/store/", "crates/clientele/"];
    let mut findings = Vec::new();
    for file in crate_sources(files) {
        if free.iter().any(|folder| file.path.starts_with(folder)) || is_test_file(&file.path) {
            continue;
        }
        let product = file.lines().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        for (number, line) in product {
            if let Some(name) = database_named(line) {
                let message = format!("names {name} outside crates/store: ask the store for what differs");
                findings.push(Finding::at(&file.path, number, message));
            }
        }
    }
    findings
}

fn database_named(line: &str) -> Option<&'static str> {
    let code = line.trim_start();
    if code.starts_with("//") {
        return None;
    }
    let lower = NEIGHBOURS.iter().fold(code.to_lowercase(), |line, name| line.replace(name, ""));
    ["sqlite", "postgres", "mysql", "sea_query"].into_iter().find(|name| lower.contains(name))
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/benches/")
}

fn crate_sources(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.starts_with("crates/") && file.extension() == "rs")
}

fn each_line<'a>(files: impl IntoIterator<Item = &'a File>, wrong: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let own = files.into_iter().filter(|file| !file.vendored());
    own.flat_map(|file| {
        let wrong = &wrong;
        file.lines().filter_map(move |(number, line)| Some(Finding::at(&file.path, number, wrong(line)?)))
    })
    .collect()
}

/// Whether `word` stands in `line` on its own, not inside a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(inside) && !line[at + word.len()..].starts_with(inside)
    })
}

/// Whether a path that follows this character goes on from it, as in an address or a longer path.
fn part_of_path(c: char) -> bool {
    c.is_alphanumeric() || "._-}~*/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::listed;
    use crate::workspace::file;

    #[test]
    fn a_machine_path_is_found_where_a_longer_path_is_not() {
        let text = format!("open(\"{0}x\")\nhttps://example.com{0}x\nsrc{0}y\nGET {0}z", MACHINE_FOLDERS[0]);
        let lines: Vec<_> = machine_paths(&[file("a.rs", &text)]).iter().map(|f| f.line).collect();
        assert_eq!(lines, [Some(1), Some(4)]);
    }

    #[test]
    fn a_registry_host_is_found_but_in_the_lock_file_and_vendored_code() {
        let text = format!("see https://{}/x", REGISTRY_HOSTS[0]);
        let files = ["README.md", "Cargo.lock", "crates/ui/vendor/x.js"].map(|path| file(path, &text));
        let found: Vec<_> = registry_hosts(&files).into_iter().map(|f| f.file).collect();
        assert_eq!(found, ["README.md"]);
    }

    #[test]
    fn unfinished_marks_are_whole_words() {
        let text = format!("{0} later\nMAS{0}N\n    {1}()\n", UNFINISHED[0], UNFINISHED[2]);
        let lines: Vec<_> = unfinished(&[file("a.rs", &text)]).iter().map(|f| f.line).collect();
        assert_eq!(lines, [Some(1), Some(3)]);
    }

    #[test]
    fn long_sources_are_found_and_long_data_is_not() {
        let text = "x\n".repeat(LONGEST + 1);
        let files = [file("a.rs", &text), file("b.csv", &text), file("c.rs", &"x\n".repeat(LONGEST))];
        assert_eq!(listed(&length(&files)), "a.rs: 801 lines, above 800: split it by verb or by idea");
    }

    #[test]
    fn raw_html_is_for_ui() {
        let text = "use maud::PreEscaped;";
        let files = ["crates/ui/src/icon.rs", "crates/web/src/list.rs"].map(|path| file(path, text));
        let found: Vec<_> = raw_html(&files).into_iter().map(|f| f.file).collect();
        assert_eq!(found, ["crates/web/src/list.rs"]);
    }

    #[test]
    fn database_names_are_for_the_store() {
        let text = "// on SQLite\nif dialect == Sqlite {}\nPostgREST dialect \"sqlite_\"\n#[cfg(test)]\nmod tests { postgres }";
        let files =
            ["crates/store/src/a.rs", "crates/web/src/a.rs", "crates/web/src/tests.rs"].map(|path| file(path, text));
        assert_eq!(
            listed(&databases(&files)),
            "crates/web/src/a.rs:2: names sqlite outside crates/store: ask the store for what differs"
        );
    }
}
