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

#[test]
fn one_column_with_several_addresses_is_enough() {
    let address = |person: usize, which: usize| format!("p{person}.{which}x@free.fr");
    let rows: Vec<Cells> = (0..2000)
        .map(|row| match row % 2 {
            0 => vec![format!("{}; {}", address(row / 2, 0), address(row / 2, 1))],
            _ => vec![address(row / 2, 1)],
        })
        .collect();
    let truth: Vec<u32> = (0..2000).map(|row| row / 2).collect();
    let f1 = f1(&table(&["Courriel"], &rows), &truth);
    assert!(f1 > 0.99, "{f1}");
}

/// People of some companies: four columns, one of them the house's mailbox.
fn staff(dice: &mut Dice, houses: usize) -> (Vec<Cells>, Vec<u32>) {
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for house in 0..houses {
        let mailbox =
            format!("{}@{}{house}.fr", pick(dice, &["contact", "info", "service.client", "rh"]), surname(dice));
        for _ in 0..2 {
            let first = pick(dice, &["Anna", "Karim", "Léa", "Tom", "Ines", "Hugo", "Jonas", "Marie", "Paul", "Lucie"]);
            let phone =
                format!("06 {:02} {:02} {:02} {:02}", dice.roll(100), dice.roll(100), dice.roll(100), dice.roll(100));
            let entity = truth.last().map_or(0, |last: &u32| last + 1);
            let last = surname(dice);
            for copy in 0..1 + dice.roll(2) {
                let last = if copy == 0 { last.clone() } else { last.to_uppercase() };
                rows.push(vec![last, first.to_owned(), mailbox.to_lowercase(), phone.clone()]);
                truth.push(entity);
            }
        }
    }
    (rows, truth)
}

const STAFF: [&str; 4] = ["nom", "prénom", "mail", "tel"];

#[test]
fn a_mailbox_of_a_post_is_no_person() {
    let (mut rows, truth) = staff(&mut Dice(11), 800);
    let colleagues = rows.len();
    for (last, first, mail, tel) in [
        ("Roux", "Karim", "contact@acme.fr", "01 02 03 04 05"),
        ("Zyskind", "Élodie", "contact@acme.fr", ""),
        ("ZYSKIND", "Elodie", "contact@acme.fr", "01 02 03 04 06"),
        ("Roux", "Karim", "contact@acme.fr", "01 02 03 04 05"),
        ("", "", "contact@lone.fr", ""),
        ("", "", "contact@lone.fr", ""),
        ("Steinbach", "", "info@a-house.fr", ""),
        ("Steinbach", "", "info@b-house.fr", ""),
    ] {
        rows.push([last, first, mail, tel].map(str::to_owned).to_vec());
    }
    let table = table(&STAFF, &rows);
    let found = found(&table);
    let judged = evaluate::clusters(&found.clusters[..colleagues], &truth).pairs;
    assert!(judged.f1 > 0.99, "{judged:?}");
    let cluster = |at: usize| found.clusters[colleagues + at];
    assert_eq!((cluster(0), cluster(1)), (cluster(3), cluster(2)));
    assert_ne!(cluster(0), cluster(1));
    assert_ne!(cluster(4), cluster(5), "a shared mailbox alone joins nobody");
    let mail = |a: usize, b: usize| {
        let waterfall = explain(&found.model, &table, colleagues + a, colleagues + b).unwrap();
        let bar = waterfall.bars.into_iter().find(|bar| bar.name == "email").unwrap();
        (bar.level, bar.weight)
    };
    assert_eq!(mail(6, 7), ("missing".to_owned(), 0.0));
    let own = {
        let waterfall = explain(&found.model, &table, 0, 0).unwrap();
        waterfall.bars.into_iter().find(|bar| bar.name == "phone").unwrap().weight
    };
    assert!(mail(0, 1).1 < own - 2.0, "a house's mailbox weighs less than a number of one's own");
}

#[test]
fn cells_with_several_values_are_sets() {
    let mut dice = Dice(5);
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for person in 0..1700u32 {
        let address = |dice: &mut Dice| format!("{}{}@free.fr", surname(dice).to_lowercase(), dice.roll(1_000_000));
        let number = |dice: &mut Dice| format!("06{:08}", dice.roll(100_000_000));
        let (mails, phones) = ([address(&mut dice), address(&mut dice)], [number(&mut dice), number(&mut dice)]);
        let name = surname(&mut dice);
        match dice.roll(3) {
            // One address, or one number, stands behind another.
            0 => {
                rows.push(vec![name.clone(), mails.join("; "), String::new()]);
                rows.push(vec![name, mails[1].clone(), String::new()]);
            }
            1 => {
                rows.push(vec![name.clone(), String::new(), phones.join(" / ")]);
                rows.push(vec![name, String::new(), phones[1].clone()]);
            }
            _ => {
                rows.push(vec![name.clone(), mails[0].clone(), phones[0].clone()]);
                rows.push(vec![name, mails[0].clone(), phones[0].clone()]);
            }
        }
        truth.extend([person, person]);
    }
    let table = table(&["nom de famille", "mail", "tel"], &rows);
    let found = found(&table);
    assert!(found.config.columns[1..].iter().all(|column| column.several));
    let judged = evaluate::clusters(&found.clusters, &truth).pairs;
    assert!(judged.f1 > 0.98, "{judged:?}");
    let mut index = Index::new(found.model.clone()).unwrap();
    for row in &rows {
        let cells: Vec<(&str, &str)> =
            ["nom de famille", "mail", "tel"].into_iter().zip(row.iter().map(String::as_str)).collect();
        index.insert("t", &cells).unwrap();
    }
    let theirs: Vec<u32> = (0..rows.len() as u32).map(|row| index.cluster(row).unwrap()).collect();
    assert_eq!(evaluate::clusters(&theirs, &found.clusters).pairs.f1, 1.0, "the index finds what the batch found");
}

const PLACES: [&str; 3] = ["nom", "lat", "lon"];

/// Shops under a few signs, each written twice some metres apart, the second time with another word in its name; of one in ten
/// only the middle of the town is known, and they are different ones.
fn shops(dice: &mut Dice) -> (Vec<Cells>, Vec<u32>) {
    const SIGNS: &[&str] =
        &["Boulangerie", "Pharmacie", "Café", "Tabac", "Coiffure", "Boucherie", "Librairie", "Garage"];
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for shop in 0..2000u32 {
        let town = dice.roll(20) as f64;
        let near = |dice: &mut Dice, reach: usize| dice.roll(reach) as f64 / 100_000.0;
        let (north, east) = (45.0 + town / 10.0 + near(dice, 4000), 2.0 + town / 7.0 + near(dice, 4000));
        let name = format!("{} {}", pick(dice, SIGNS), surname(dice));
        let middle = dice.roll(10) == 0;
        for copy in 0..2 {
            let (north, east) = match middle {
                true => (45.0 + town / 10.0, 2.0 + town / 7.0),
                false => (north + near(dice, 20), east + near(dice, 20)),
            };
            let name = if copy == 0 { name.clone() } else { format!("{name} {}", surname(dice)) };
            rows.push(vec![name, format!("{north:.5}"), format!("{east:.5}").replace('.', ",")]);
            if !middle {
                truth.push(shop);
            } else {
                truth.push(10_000 + rows.len() as u32);
            }
        }
    }
    (rows, truth)
}

#[test]
fn what_is_near_and_named_alike_is_the_same() {
    let (mut rows, truth) = shops(&mut Dice(21));
    let all = rows.len();
    for (name, north, east) in [
        ("Zoo de la Palmyre", "0", "0"),
        ("Parc Zyskind", "0.0", "0,000"),
        ("Halle Quercus", "48.85661", "2.35222"),
        ("Halle Quercus", "48.85663", "2.35224"),
        ("Halle Quercus", "43.29650", "5.36980"),
    ] {
        rows.push([name, north, east].map(str::to_owned).to_vec());
    }
    let table = table(&PLACES, &rows);
    let config = Config::infer(&table, Some(Entity::Any)).unwrap();
    let found = resolve(&table, &config, &Options::default()).unwrap();
    let distance = |a: usize, b: usize| {
        let waterfall = explain(&found.model, &table, a, b).unwrap();
        let bar = waterfall.bars.into_iter().find(|bar| bar.name == "distance").unwrap();
        (bar.level, bar.weight)
    };
    assert_eq!(distance(all, all + 1), ("missing".to_owned(), 0.0));
    assert_eq!(distance(all + 2, all + 3).0, "within 50 m");
    assert_eq!(distance(all + 2, all + 4).0, "farther than 50 km");
    let middle =
        (0..all).step_by(2).find(|at| rows[*at][1..] == rows[at + 1][1..] && truth[*at] != truth[at + 1]).unwrap();
    assert!(distance(middle, middle + 1).1 < distance(all + 2, all + 3).1 - 3.0, "many share the middle of a town");
    assert_eq!(found.clusters[all + 2], found.clusters[all + 3]);
    let judged = evaluate::clusters(&found.clusters[..all], &truth).pairs;
    assert!(judged.f1 > 0.9, "{judged:?}");
}

#[test]
fn an_address_and_its_point_are_one_piece_of_evidence() {
    let mut dice = Dice(2);
    let mut rows: Vec<Cells> = (0..400)
        .map(|n| {
            let street = format!("{} rue {}", dice.roll(90) + 1, surname(&mut dice));
            let point =
                format!("{:.5}, {:.5}", 45.0 + dice.roll(300) as f64 / 100.0, 2.0 + dice.roll(300) as f64 / 100.0);
            vec![format!("{} {n}", surname(&mut dice)), street, "Lyon".to_owned(), point]
        })
        .collect();
    rows.push(["Roux", "4 rue Zyskind", "Lyon", "45.75000, 4.85000"].map(str::to_owned).to_vec());
    rows.push(["Braun", "4 rue Zyskind", "Lyon", "45.75001, 4.85001"].map(str::to_owned).to_vec());
    rows.push(["Braun", "", "", "45.75001, 4.85001"].map(str::to_owned).to_vec());
    let table = table(&["nom de famille", "adresse", "ville", "position"], &rows);
    let found = found(&table);
    assert_eq!(found.config.role("position"), matching::Role::Coordinates);
    let level = |a: usize, b: usize| {
        let waterfall = explain(&found.model, &table, a, b).unwrap();
        waterfall.bars.into_iter().find(|bar| bar.name == "distance").unwrap().level
    };
    assert_eq!(
        (level(400, 401), level(400, 402), level(401, 402)),
        ("missing".into(), "within 50 m".into(), "exact".into())
    );
}
