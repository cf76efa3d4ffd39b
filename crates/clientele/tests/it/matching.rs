//! `clientele match` from files to files.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tabular::{Options, Source};

use crate::program::{Program, text_of};

fn organisations(program: &Program, rows: u64) -> String {
    let mut text = demo::ORGANISATION_COLUMNS.join(",") + "\n";
    for row in demo::organisations(rows, 1) {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&(cells.join(",") + "\n"));
    }
    program.write("organisations.csv", &text)
}

/// What a command says when it refuses; nothing may be printed on standard output, and the exit code is that of wrong input.
fn refusal(program: &Program, args: &[&str]) -> String {
    let output = program.command(args).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?}");
    said
}

fn rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let source = Source::open(path, &Options::default()).expect("readable");
    let columns = source.columns().to_vec();
    let text = |row: tabular::Row| row.cells.iter().map(|cell| cell.to_text().into_owned()).collect();
    (columns, source.map(|row| text(row.expect("a row"))).collect())
}

fn f1(result: &Json) -> f64 {
    result["metrics"]["clusters"]["pairs"]["f1"].as_f64().expect("a number")
}

/// The data sets, on machines that have them.
fn data() -> Option<PathBuf> {
    let named = std::env::var_os("CLIENTELE_DATA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = named.into_iter().chain([beside]).find(|folder| folder.join("er").is_dir());
    if found.is_none() {
        eprintln!(
            "CLIENTELE_DATA is not set and there is no shared/data beside the repository: real data is not tested"
        );
    }
    found
}

#[test]
fn a_register_is_matched_without_being_configured() {
    let program = Program::on_files();
    let file = organisations(&program, 2_000);
    let [out, pairs, report] = ["out.csv", "pairs.parquet", "report.html"].map(|name| text_of(&program.path(name)));
    let wanted = ["match", &file, "--truth", "truth", "--out", &out, "--pairs", &pairs, "--report", &report];
    let result = program.json(&wanted);
    assert_eq!((result["rows"].as_u64(), result["entity"].as_str()), (Some(2_000), Some("organisation")));
    assert!(f1(&result) > 0.94, "{result}");
    assert!(result["pairs_scored"].as_u64() < Some(200_000), "{result}");
    assert!(result["cpu_seconds"].as_f64() > Some(0.0) && result["peak_memory_bytes"].as_u64() > Some(1 << 20));

    let (columns, written) = rows(Path::new(&out));
    let (given_columns, given) = rows(Path::new(&file));
    assert_eq!(columns[..4], ["source", "row", "cluster_id", "confidence"]);
    assert_eq!(columns[4..], given_columns);
    assert_eq!(written.len(), given.len());
    for (number, (written, given)) in written.iter().zip(&given).enumerate() {
        assert_eq!((written[0].as_str(), &written[1]), ("organisations", &(number + 2).to_string()));
        assert_eq!(written[4..], given[..]);
        assert!((0.0..=1.0).contains(&written[3].parse::<f64>().expect("a number")));
    }
    let ids: std::collections::HashSet<&str> = written.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(Some(ids.len() as u64), result["clusters"].as_u64());

    let (columns, scored) = rows(Path::new(&pairs));
    assert_eq!(columns[..3], ["source_a", "row_a", "id_a"]);
    let weights: Vec<f64> = scored.iter().map(|row| row[6].parse().expect("a number")).collect();
    assert!(weights.len() > 300 && weights.is_sorted_by(|a, b| a >= b));

    let page = std::fs::read_to_string(&report).expect("a report");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    for loaded in ["src=", "<script", "url(", "@import", "<link"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
}

#[test]
fn values_cannot_break_out_of_the_report() {
    let program = Program::on_files();
    let evil = "<script>alert(1)</script>";
    let mut text = "Nom;Prénom;Ville\n".to_owned();
    for n in 0..40 {
        text.push_str(&format!("{evil}{};Anne;Lyon<b>\n", n / 2));
    }
    let file = program.write("gens.csv", &text);
    let report = text_of(&program.path("r.html"));
    program.run(&["match", &file, "--report", &report, "--language", "fr", "--entity", "person"]);
    let page = std::fs::read_to_string(&report).expect("a report");
    assert!(page.contains("lang=\"fr\"") && page.contains("Rapport de rapprochement"));
    assert!(!page.contains("<script") && !page.contains("Lyon<b>") && page.contains("Lyon&lt;b&gt;"));
}

#[test]
fn the_result_depends_on_nothing_but_the_files() {
    let program = Program::on_files();
    let file = organisations(&program, 600);
    let once = |name: &str, more: &[&str]| {
        let out = text_of(&program.path(name));
        program.run(&[&["match", &file, "--out", &out], more].concat());
        rows(Path::new(&out)).1
    };
    let first = once("a.csv", &["--threads", "1"]);
    assert_eq!(once("b.csv", &["--threads", "2"]), first);
    assert_eq!(once("c.parquet", &[]), first);

    let config = program.run(&["match", &file, "--print-config"]);
    assert!(config.contains("entity = \"organisation\""), "{config}");
    let config = program.write("config.toml", &config);
    assert_eq!(once("d.csv", &["--config", &config]), first);

    let model = text_of(&program.path("model.json"));
    once("e.csv", &["--save-model", &model]);
    assert_eq!(once("f.csv", &["--model", &model]), first);

    let splink = r#"{"probability_two_random_records_match": 0.0005, "comparisons": []}"#;
    let splink = program.write("splink.json", splink);
    assert_eq!(once("g.csv", &["--import-splink-model", &splink]).len(), first.len());
    let said = refusal(&program, &["match", &file, "--import-splink-model", &config]);
    assert!(said.contains("config.toml"), "{said}");
}

#[test]
fn hostile_files_get_an_answer() {
    let program = Program::on_files();
    let refused = |name: &str, text: &[u8]| {
        std::fs::write(program.path(name), text).expect("written");
        refusal(&program, &["match", &text_of(&program.path(name))])
    };
    assert!(refused("empty.csv", b"").contains("empty"));
    assert!(refused("head.csv", b"nom,prenom,email\n").contains("no rows"));
    assert!(refused("binary.csv", &[0, 1, 2, 3, 0, 0, 255, 0]).contains("binary.csv"));
    assert!(refusal(&program, &["match", "absent.csv"]).contains("absent.csv"));

    let matched = |name: &str, text: &[u8], more: &[&str]| {
        std::fs::write(program.path(name), text).expect("written");
        program.json(&[&["match", &text_of(&program.path(name))], more].concat())
    };
    let whole = "Durand,Anne,a@x.example\n".repeat(20);
    let ragged = format!("nom,prenom,email\n{whole}Durand,Anne\nDurand,Anne,a@x.example,more,cells\n");
    let result = matched("ragged.csv", ragged.as_bytes(), &[]);
    assert_eq!((result["rows"].as_u64(), result["sources"][0]["rejected"].as_u64()), (Some(21), Some(1)));

    let mixed =
        ["nom;prénom;email\nLévêque;Zoé;z@x.example\n".as_bytes(), b"L\xE9v\xEAque;Zo\xE9;z@x.example\n"].concat();
    let result = matched("mixed.csv", &mixed, &[]);
    let read = result["rows"].as_u64().unwrap_or(0) + result["sources"][0]["rejected"].as_u64().unwrap_or(0);
    assert_eq!(read, 2);

    let same = "nom,prenom,email\n".to_owned() + &"Durand,Anne,anne@x.example\n".repeat(20_000);
    let result = matched("same.csv", same.as_bytes(), &[]);
    assert_eq!(result["rows"].as_u64(), Some(20_000));
    assert!(result["pairs_scored"].as_u64() < Some(2_000_000), "one block of everything is bounded: {result}");

    let emails: String = (0..500).map(|n| format!("user{}@site{}.example\n", n % 400, n % 20)).collect();
    let result = matched("emails.csv", format!("email\n{emails}").as_bytes(), &[]);
    assert_eq!(result["rows"].as_u64(), Some(500), "{result}");

    let long = format!("nom,prenom,email\n{0},Anne,a@x.example\n{0},Anne,a@x.example\n", "é".repeat(100_000));
    let result = matched("long.csv", long.as_bytes(), &[]);
    assert_eq!(result["rows"].as_u64(), Some(2));

    let nulls = "nom,prenom,email\n".to_owned() + &"Durand,,\n,Anne,\n".repeat(200);
    let result = matched("nulls.csv", nulls.as_bytes(), &[]);
    assert_eq!(result["rows"].as_u64(), Some(400));
}

#[test]
fn wrong_wishes_are_refused_before_work() {
    let program = Program::on_files();
    let file = organisations(&program, 50);
    let said = |more: &[&str]| refusal(&program, &[&["match", &file], more].concat());
    assert!(said(&["--truth", "verity"]).contains("no column “verity”"));
    assert!(said(&["--threshold", "7"]).contains("from 0 to 1"));
    assert!(said(&["--out", "clusters.txt.zip"]).contains("end the name in"));
    assert!(said(&["--out", &file]).contains("written over"));
    assert!(said(&["--region", "France"]).contains("two letters"));
    assert!(said(&["--language", "de"]).contains("fr or en"));
    assert!(said(&["--model", &file]).contains("organisations.csv"));
    let config = program.write("config.toml", "entity = \"martian\"");
    assert!(said(&["--config", &config]).contains("config.toml"));
}

#[test]
fn real_people_are_told_apart() {
    let Some(data) = data() else { return };
    let program = Program::on_files();
    let text = std::fs::read_to_string(data.join("er/febrl/dataset3.csv")).expect("readable");
    let mut lines = text.lines();
    let mut with_truth = format!("{}, truth\n", lines.next().unwrap_or_default());
    for line in lines {
        with_truth.push_str(&format!("{line}, {}\n", line.split('-').nth(1).unwrap_or_default()));
    }
    let febrl = program.write("febrl3.csv", &with_truth);
    let result = program.json(&["match", &febrl, "--truth", "truth"]);
    assert!(f1(&result) >= 0.997, "{}", result["metrics"]["clusters"]);
    let fake = text_of(&data.join("er/fake_1000.csv"));
    let result = program.json(&["match", &fake, "--truth", "cluster"]);
    assert!(f1(&result) >= 0.93, "{}", result["metrics"]["clusters"]);
}
#[test]
fn any_two_rows_are_explained() {
    let program = Program::on_files();
    let file = organisations(&program, 600);
    let text = program.run(&["match", &file, "--explain", "org-000003", "organisations:9"]);
    assert!(text.lines().count() > 2, "{text}");
    let result = program.json(&["match", &file, "--explain", "org-000003", "org-000003"]);
    let bars = result["explanation"]["bars"].as_array().expect("bars");
    let total = bars.iter().filter_map(|bar| bar["weight"].as_f64()).sum::<f64>();
    assert!((total - result["explanation"]["weight"].as_f64().expect("a weight")).abs() < 0.01, "{result}");
    assert!(result["explanation"]["probability"].as_f64() > Some(0.99), "{result}");
    let said = refusal(&program, &["match", &file, "--explain", "org-000003", "nobody"]);
    assert!(said.contains("there is no row “nobody”"), "{said}");
}

#[test]
fn two_files_with_other_headings_are_linked() {
    let program = Program::on_files();
    let people: Vec<(String, String, String)> = (0..120_u32)
        .map(|n| {
            let first = ["Anne", "Luc", "Zoé", "Hugo", "Inès", "Paul", "Rose", "Yann"][n as usize % 8];
            let last = format!(
                "{}{}",
                ["Mar", "Del", "Bou", "Cha", "Ver"][n as usize / 8 % 5],
                ["tin", "mas", "let", "vet"][n as usize / 40]
            );
            (first.to_owned(), last, format!("19{:02}-{:02}-{:02}", 40 + n % 50, 1 + n % 12, 1 + n * 7 % 28))
        })
        .collect();
    let mut crm = "first_name,last_name,birth_date,email\n".to_owned();
    let mut shop = "Nom;Prénom;Né le;Courriel\n".to_owned();
    for (n, (first, last, born)) in people.iter().enumerate() {
        crm.push_str(&format!("{first},{last},{born},p{n}@boite.example\n"));
        if n % 2 == 0 {
            let [year, month, day] = born.split('-').collect::<Vec<_>>()[..] else { unreachable!() };
            shop.push_str(&format!("{};{first};{day}/{month}/{year};p{n}@boite.example\n", last.to_uppercase()));
        }
    }
    let (crm, shop) = (program.write("crm.csv", &crm), program.write("shop.csv", &shop));
    let out = text_of(&program.path("out.csv"));
    let result = program.json(&["match", &crm, &shop, "--out", &out, "--entity", "person", "--distinct-sources"]);
    assert_eq!(result["rows"].as_u64(), Some(180));
    assert_eq!((result["largest_cluster"].as_u64(), result["clusters"].as_u64()), (Some(2), Some(120)), "{result}");
    let (columns, _) = rows(Path::new(&out));
    assert_eq!(columns[4..], ["first_name", "last_name", "birth_date", "email"]);
    let said = refusal(&program, &["match", &crm, &shop, "--distinct-sources=crm,none"]);
    assert!(said.contains("none"), "{said}");
}

#[test]
fn verdicts_hold_and_links_are_as_precise_as_asked() {
    let program = Program::on_files();
    let file = organisations(&program, 600);
    let out = text_of(&program.path("out.csv"));
    let clusters = |more: &[&str]| -> std::collections::HashMap<String, String> {
        program.run(&[&["match", &file, "--out", &out], more].concat());
        rows(Path::new(&out)).1.into_iter().map(|row| (row[4].clone(), row[2].clone())).collect()
    };
    let plain = clusters(&[]);
    let mut ids: Vec<&String> = plain.keys().collect();
    ids.sort();
    let other = ids.iter().find(|id| plain[**id] != plain[ids[0]]).expect("another company");
    let pair = |id: &&&String| ids.iter().filter(|held| plain[**held] == plain[**id]).count() > 1;
    let one = ids.iter().find(pair).expect("a company written twice");
    let two = ids.iter().find(|id| *id != one && plain[**id] == plain[*one]).expect("its other row");
    let labels = program.write("labels.csv", &format!("a,b,verdict\n{},{other},yes\n{one},{two},non\n", ids[0]));
    let told = clusters(&["--labels", &labels]);
    assert_eq!(told[ids[0]], told[*other]);
    assert_ne!(told[*one], told[*two]);

    let result = program.json(&["match", &file, "--precision", "0.999", "--truth", "truth"]);
    assert!(result["expected_precision"].as_f64() >= Some(0.999), "{result}");
    assert!(result["metrics"]["links"]["precision"].as_f64() > Some(0.98), "{result}");
    let labels = program.write("bad.csv", "org-000001,org-000002,perhaps\norg-000001,nobody,yes\n");
    assert!(refusal(&program, &["match", &file, "--labels", &labels]).contains("nobody"));
    assert!(refusal(&program, &["match", &file, "--precision", "2"]).contains("below 1"));
}
