//! Tables of other kinds than registers of French people: what is linked where there is little, or everything, to go by.

use matching::{Config, Entity, Index, Options, Resolution, Table, Verdict, evaluate, explain, resolve};

use crate::people::Dice;

type Cells = Vec<String>;

fn table(columns: &[&str], rows: &[Cells]) -> Table {
    let mut table = Table::default();
    add(&mut table, "t", columns, rows);
    table
}

fn add(table: &mut Table, source: &str, columns: &[&str], rows: &[Cells]) {
    let rows: Vec<Vec<Option<&str>>> = rows
        .iter()
        .map(|row| row.iter().map(|text| Some(text.as_str()).filter(|text| !text.is_empty())).collect())
        .collect();
    table.append_rows(source, columns, &rows).expect("rows of equal length");
}

fn found(table: &Table) -> Resolution {
    resolve(table, &Config::infer(table, None).expect("columns"), &Options::default()).expect("resolved")
}

/// The F1 of pairs in clusters.
fn f1(table: &Table, truth: &[u32]) -> f64 {
    evaluate::clusters(&found(table).clusters, truth).pairs.f1
}

fn pick<'a>(dice: &mut Dice, from: &[&'a str]) -> &'a str {
    from[dice.roll(from.len())]
}

/// A made-up surname of two parts.
fn surname(dice: &mut Dice) -> String {
    const HEADS: &[&str] =
        &["Stein", "Rosen", "Linden", "Buch", "Eichen", "Hagen", "Winter", "Sommer", "Schön", "Grün", "Mühl"];
    const TAILS: &[&str] =
        &["bach", "berg", "feld", "mann", "meier", "hoff", "hausen", "thal", "kamp", "brink", "eder", "holz"];
    format!("{}{}", pick(dice, HEADS), pick(dice, TAILS))
}

#[test]
fn one_column_of_addresses_is_enough() {
    let mut dice = Dice(7);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for person in 0..1500 {
        let local = format!("{}.{}{person}", surname(&mut dice).to_lowercase(), dice.roll(90));
        for copy in 0..1 + dice.roll(3) {
            let written = match copy {
                0 => format!("{local}@free.fr"),
                1 => format!(" {}@FREE.fr", local.to_uppercase()),
                _ => format!("{local}+lettre@free.fr"),
            };
            rows.push(vec![written]);
            truth.push(person);
        }
    }
    let f1 = f1(&table(&["Courriel"], &rows), &truth);
    assert!(f1 > 0.99, "{f1}");
}

#[test]
fn one_column_of_numbers_is_enough() {
    for (header, number) in [("Téléphone", "06 12 34 "), ("NIR", "2 90 03 14 ")] {
        let mut dice = Dice(3);
        let (mut rows, mut truth) = (Vec::new(), Vec::new());
        for entity in 0..900 {
            for _ in 0..1 + dice.roll(2) {
                let blank = pick(&mut dice, &[" ", ""]);
                rows.push(vec![format!("{number}{:02}{blank}{:02}", entity / 100, entity % 100)]);
                truth.push(entity);
            }
        }
        let f1 = f1(&table(&[header], &rows), &truth);
        assert!(f1 > 0.97, "{header}: {f1}");
    }
}

#[test]
fn a_name_alone_is_not_enough() {
    let rows: Vec<Cells> = (0..400).map(|n| vec![["Martin", "Durand", "Petit"][n % 3].to_owned()]).collect();
    let found = found(&table(&["Nom de famille"], &rows));
    assert!(found.cluster_count > 300, "{}", found.cluster_count);
}

#[test]
fn rows_that_are_equal_in_everything_are_one_record_written_twice() {
    let columns = ["nom", "prénom", "email"];
    let same = || vec!["Durand".to_owned(), "Anne".to_owned(), "anne@x-mail.fr".to_owned()];
    for copies in [3, 40, 5000] {
        let rows: Vec<Cells> = (0..copies).map(|_| same()).collect();
        assert_eq!(found(&table(&columns, &rows)).cluster_count, 1, "{copies}");
    }
    // Among others, one at a time and explained.
    let mut dice = Dice(5);
    let mut rows: Vec<Cells> =
        (0..300).map(|n| vec![surname(&mut dice), "Luc".to_owned(), format!("a{n}@free.fr")]).collect();
    rows.extend((0..60).map(|_| same()));
    let table = table(&columns, &rows);
    let batch = found(&table);
    assert_eq!(batch.cluster_count, 301);
    let waterfall = explain(&batch.model, &table, 300, 301).expect("rows");
    assert!(waterfall.weight >= 10.0 - 1e-3, "{}", waterfall.weight);
    let sum: f64 = waterfall.bars.iter().map(|bar| bar.weight).sum();
    assert!((sum - waterfall.weight).abs() < 0.01);
    let mut index = Index::of_resolution(&table, &batch).expect("an index");
    let again = index.insert("t", &[("nom", "Durand"), ("prénom", "Anne"), ("email", "anne@x-mail.fr")]);
    let again = again.expect("inserted");
    assert_eq!((again.verdict, again.cluster), (Verdict::Attach, batch.clusters[300]));
}

#[test]
fn equal_rows_with_nothing_of_their_own_stay_apart() {
    let rows: Vec<Cells> = (0..200).map(|_| vec!["Martin".to_owned(), "Lyon".to_owned()]).collect();
    assert!(found(&table(&["nom de famille", "ville"], &rows)).cluster_count > 100);
}

#[test]
fn addresses_made_alike_from_other_names_say_nothing() {
    let mut dice = Dice(11);
    let first = ["André", "Andrée", "Luc", "Léa", "Karim"];
    let columns = ["nom", "prénom", "date de naissance", "email"];
    let plain = |text: &str| text.to_lowercase().replace(['é', 'ü', 'ö'], "e");
    let mut person = |last: &str, first: &str| {
        let born = format!("{}-{:02}-{:02}", 1940 + dice.roll(60), 1 + dice.roll(12), 1 + dice.roll(28));
        vec![last.to_owned(), first.to_owned(), born, format!("{}.{}@gmail.com", plain(first), plain(last))]
    };
    let mut rows = Vec::new();
    for (at, last) in
        ["Caron", "Baron", "Garon", "Caran", "Carol", "Saron", "Varon", "Marin", "Maron"].iter().enumerate()
    {
        for first in &first[..3 + at % 3] {
            rows.push(person(last, first));
        }
    }
    let found = found(&table(&columns, &rows));
    assert_eq!(found.cluster_count, rows.len());
}

#[test]
fn german_people() {
    const FIRST: &[&str] = &["Jörg", "Jürgen", "Käthe", "Günther", "Anna", "Frank", "Christa", "Heike", "Björn", "Ute"];
    const STREET: &[&str] = &["Mozartstraße", "Schillerstraße", "Hauptstraße", "Am Hafen", "Lindenweg"];
    const TOWN: &[(&str, &str)] =
        &[("10115", "Berlin"), ("50667", "Köln"), ("80331", "München"), ("90402", "Nürnberg")];
    let unfolded = |text: &str| text.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    let mut dice = Dice(17);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for person in 0..700 {
        let (first, last) = (pick(&mut dice, FIRST).to_owned(), surname(&mut dice));
        let (day, month, year) = (1 + dice.roll(28), 1 + dice.roll(12), 1940 + dice.roll(60));
        let street = format!("{} {}", pick(&mut dice, STREET), 1 + dice.roll(90));
        let (plz, town) = TOWN[dice.roll(TOWN.len())];
        let phone = format!("0170 {:07}", dice.roll(9_999_999));
        let mail = format!("{}.{}{}@web.de", unfolded(&first), unfolded(&last), dice.roll(99)).to_lowercase();
        for copy in 0..1 + dice.roll(3) {
            let mut row = vec![
                first.clone(),
                last.clone(),
                format!("{day:02}.{month:02}.{year}"),
                street.clone(),
                plz.to_owned(),
                town.to_owned(),
                phone.clone(),
                mail.clone(),
            ];
            if copy > 0 {
                row = row.iter().map(|cell| if dice.roll(2) == 0 { unfolded(cell) } else { cell.clone() }).collect();
                row[6] = row[6].replacen("0170 ", "+49 170 ", 1);
                let gone = 2 + dice.roll(6);
                row[gone] = String::new();
            }
            rows.push(row);
            truth.push(person);
        }
    }
    let columns = ["Vorname", "Nachname", "Geburtsdatum", "Straße", "PLZ", "Ort", "Telefon", "E-Mail"];
    let table = table(&columns, &rows);
    let config = Config::infer(&table, None).expect("columns");
    assert_eq!((config.entity, config.region.as_str()), (Entity::Person, "DE"));
    let f1 = f1(&table, &truth);
    assert!(f1 > 0.99, "{f1}");
}

#[test]
fn readers_of_a_newsletter() {
    const FIRST: &[&str] = &["Emma", "Hugo", "Léa", "Paul", "Sophie", "Nicolas", "Claire", "Julie"];
    let mut dice = Dice(23);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    let plain = |text: &str| text.to_lowercase().replace('é', "e").replace('ö', "o").replace('ü', "u");
    for person in 0..900 {
        let (first, last) = (pick(&mut dice, FIRST), surname(&mut dice));
        let mail = plain(&format!("{first}.{last}{person}@free.fr"));
        for _ in 0..1 + dice.roll(2) {
            let name = match dice.roll(4) {
                0 => format!("{first} {last}"),
                1 => format!("{last} {first}"),
                2 => format!("{} {first}", last.to_uppercase()),
                _ => format!("{}. {last}", first.chars().next().expect("a letter")),
            };
            let seen = format!("2025-{:02}-{:02} 10:00:00", 1 + dice.roll(12), 1 + dice.roll(28));
            rows.push(vec![mail.clone(), name, seen, pick(&mut dice, &["Lyon", "Paris", "Brest"]).to_owned()]);
            truth.push(person);
        }
    }
    let f1 = f1(&table(&["email", "name", "subscribed_at", "city"], &rows), &truth);
    assert!(f1 > 0.95, "{f1}");
}

#[test]
fn names_of_organisations_with_and_without_their_town() {
    let mut dice = Dice(31);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for company in 0..600 {
        let brand = format!("{}{}", surname(&mut dice), surname(&mut dice).to_lowercase());
        let name = format!("{brand} {}", pick(&mut dice, &["Garage", "Conseil", "Transports", "Boulangerie"]));
        let town = pick(&mut dice, &["Lyon", "Lille", "Brest", "Nantes", "Le Mans"]);
        let street = format!("{} rue {}", 1 + dice.roll(90), surname(&mut dice));
        let phone = format!("02{:08}", dice.roll(99_999_999));
        let written =
            [name.clone(), format!("{name} ({town}) SARL"), format!("S.A.R.L. {name} - {town}"), name.to_uppercase()];
        for _ in 0..1 + dice.roll(3) {
            let gone = dice.roll(3);
            let cell = |at, text: &String| if at == gone { String::new() } else { text.clone() };
            let name = written[dice.roll(written.len())].clone();
            rows.push(vec![name, cell(0, &street), town.to_owned(), cell(1, &phone)]);
            truth.push(company);
        }
    }
    let table = table(&["Raison sociale", "Adresse", "Ville", "Téléphone"], &rows);
    let f1 = f1(&table, &truth);
    assert!(f1 > 0.96, "{f1}");
}

#[test]
fn addresses_of_numbered_columns_are_one_set() {
    let mut dice = Dice(41);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for person in 0..500 {
        let last = surname(&mut dice);
        let (home, work) = (format!("h{}@free.fr", dice.roll(99_999)), format!("w{}@travail.fr", dice.roll(99_999)));
        rows.push(vec![last.clone(), "Anne".to_owned(), home.clone(), work.clone()]);
        truth.push(person);
        if dice.roll(2) == 0 {
            // The other way round, and one of them alone.
            let swapped = if dice.roll(2) == 0 { vec![work, home] } else { vec![work, String::new()] };
            rows.push([vec![last, "Anne".to_owned()], swapped].concat());
            truth.push(person);
        }
    }
    let f1 = f1(&table(&["nom", "prénom", "email", "E-mail pro"], &rows), &truth);
    assert!(f1 > 0.97, "{f1}");
}
