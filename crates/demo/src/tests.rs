use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use serde_json::Value;

use crate::accounts::luhn;
use crate::{Company, OBJECTS, Plan, Record, Sizes, SourceFile};

fn company(seed: u64, thousandths: u64) -> Company {
    Company::new(Plan::new(seed, "2026-11-20".parse().unwrap()).scaled(thousandths))
}

fn line(record: &Record) -> String {
    format!("{}/{} {}", record.object, record.key, Value::Object(record.fields.clone()))
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => match map.get("$ref") {
            Some(Value::String(target)) => found.push(target.clone()),
            _ => map.values().for_each(|value| references(value, found)),
        },
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn every_reference_points_to_an_earlier_record(seed in any::<u64>(), thousandths in 1_u64..60) {
        let mut seen = HashSet::new();
        for record in company(seed, thousandths).records() {
            let mut targets = Vec::new();
            references(&Value::Object(record.fields.clone()), &mut targets);
            for target in targets {
                prop_assert!(seen.contains(&target), "{} refers to {target}", line(&record));
            }
            let key = format!("{}/{}", record.object, record.key);
            prop_assert!(seen.insert(key), "{} comes twice", line(&record));
        }
    }

    #[test]
    fn the_same_plan_gives_the_same_bytes(seed in any::<u64>()) {
        let all = || company(seed, 20).records().map(|record| line(&record)).collect::<Vec<_>>();
        prop_assert_eq!(all(), all());
        for source in SourceFile::ALL {
            prop_assert_eq!(company(seed, 20).source_csv(source), company(seed, 20).source_csv(source));
        }
    }

    #[test]
    fn sirens_are_valid_and_differ(seed in any::<u64>()) {
        let mut seen = HashSet::new();
        for record in company(seed, 300).records_of("account") {
            let Some(siren) = record.fields.get("siren").and_then(Value::as_str) else { continue };
            prop_assert_eq!(siren.len(), 9);
            prop_assert_eq!(luhn(siren.bytes().map(|b| u64::from(b - b'0'))) % 10, 0);
            prop_assert!(seen.insert(siren.to_owned()));
        }
    }
}

#[test]
fn the_usual_company_has_the_usual_size() {
    let company = company(1, 1000);
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for record in company.records() {
        *counts.entry(record.object).or_default() += 1;
    }
    let counts: Vec<_> = OBJECTS.into_iter().map(|object| (object, counts[object])).collect();
    let text = counts.iter().map(|(object, count)| format!("{object} {count}")).collect::<Vec<_>>().join(", ");
    insta::assert_snapshot!(text, @"team 6, user 13, product 60, pipeline 2, stage 12, account 1200, contact 3500, lead 600, opportunity 1500, task 3150, call 2250, meeting 1350, note 2250");
    assert!(
        OBJECTS
            .into_iter()
            .all(|object| company.count(object) == counts.iter().find(|(name, _)| *name == object).unwrap().1)
    );
}

#[test]
fn volumes_grow_together() {
    let (usual, double) = (company(1, 1000), company(1, 2000));
    for object in OBJECTS.into_iter().skip(5) {
        assert_eq!(double.count(object), 2 * usual.count(object), "{object}");
    }
    let contacts = Sizes::for_contacts(7_000);
    assert_eq!(contacts, double.plan().sizes);
    // What does not depend on the volume of others stays the same record.
    assert_eq!(usual.record("account", 17), double.record("account", 17));
}

#[test]
fn addresses_of_people_and_sites_of_companies_are_unique() {
    let company = Company::new(Plan { sizes: Sizes::for_contacts(120_000), ..company(3, 1).plan().clone() });
    let mut seen = HashSet::new();
    for number in 0..company.known_people() {
        assert!(seen.insert(company.person(number).email), "{number}");
    }
    let sites = (0..company.count("account")).map(|number| company.account_profile(number).domain);
    assert_eq!(sites.collect::<HashSet<_>>().len() as u64, company.count("account"));
}

#[test]
fn a_million_contacts_cost_no_more_each() {
    let sizes = Sizes::for_contacts(1_000_000);
    assert_eq!((sizes.contacts, sizes.accounts), (1_000_000, 342_857));
    let company = Company::new(Plan { sizes, ..company(1, 1).plan().clone() });
    let last = company.record("contact", 999_999);
    assert_eq!(last.key, "999999");
    assert!(company.record("opportunity", company.count("opportunity") - 1).fields.contains_key("amount"));
}

#[test]
fn nobody_can_be_called_or_written_to() {
    let company = company(5, 200);
    for record in company.records() {
        let text = line(&record);
        for word in text.split(['"', ' ']).filter(|word| word.contains('@') || word.starts_with("https://")) {
            assert!(word.ends_with(".example"), "{text}");
        }
        for phone in text.split('"').filter(|word| word.starts_with('+')) {
            let fiction =
                ["+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998", "+441632960", "+447700900"];
            assert!(fiction.iter().any(|range| phone.starts_with(range)), "{text}");
        }
    }
}

#[test]
fn nobody_in_the_sources_can_be_written_to() {
    let company = company(5, 1000);
    for source in SourceFile::ALL {
        for cell in company.source_rows(source).flatten().filter(|cell| cell.contains('@')) {
            assert!(cell.to_lowercase().ends_with(".example"), "{cell}");
        }
    }
}

#[test]
fn some_people_are_twice_in_one_source() {
    let company = company(1, 1000);
    for source in SourceFile::ALL {
        let rows = company.truth(source).count();
        let people = company.truth(source).map(|appearance| appearance.person).collect::<HashSet<_>>().len();
        let doubles = (rows - people) * 100 / rows;
        assert!((3..10).contains(&doubles), "{source:?}: {doubles} % of {rows}");
    }
}

#[test]
fn sales_are_won_lost_and_open_in_plausible_shares() {
    let company = company(1, 1000);
    let mut shares: HashMap<String, u64> = HashMap::new();
    let mut won = 0_f64;
    for record in company.records_of("opportunity") {
        let stage = record.fields["stage"]["$ref"].as_str().unwrap();
        let status = company.records_of("stage").find(|other| stage == format!("stage/{}", other.key)).unwrap().fields
            ["status"]
            .clone();
        *shares.entry(status.as_str().unwrap().to_owned()).or_default() += 1;
        let history = record.fields["stage_history"].as_array().unwrap();
        assert_eq!(history.last().unwrap()["stage"], record.fields["stage"]);
        let days: Vec<&str> = history.iter().map(|step| step["entered_at"].as_str().unwrap()).collect();
        assert!(days.is_sorted() && days[0] == record.fields["created_at"] && days[days.len() - 1] < "2026-11-21");
        if status == "won" {
            won += record.fields["amount"]["amount"].as_str().unwrap().parse::<f64>().unwrap();
        }
        assert_eq!(status == "lost", record.fields.contains_key("lost_reason"));
    }
    assert!(shares["won"] > 400 && shares["lost"] > 500 && shares["open"] > 100, "{shares:?}");
    assert!((1_000_000.0..9_000_000.0).contains(&won), "{won}");
}

#[test]
fn the_sources_speak_of_the_same_people() {
    let company = company(1, 1000);
    let mut by_person: HashMap<u64, HashSet<SourceFile>> = HashMap::new();
    for source in SourceFile::ALL {
        let rows: Vec<_> = company.source_rows(source).collect();
        let truth: Vec<_> = company.truth(source).collect();
        assert_eq!(rows.len(), truth.len());
        let mut ids = HashSet::new();
        for (row, appearance) in rows.iter().zip(truth) {
            assert_eq!(row.len(), source.columns().len());
            assert_eq!(row[0], appearance.row);
            assert!(ids.insert(row[0].clone()));
            by_person.entry(appearance.person).or_default().insert(source);
        }
        assert_eq!(company.source_csv(source).lines().count(), rows.len() + 1);
    }
    let several = by_person.values().filter(|sources| sources.len() > 1).count();
    assert!(several > 700, "{several}");
    assert!(by_person.keys().any(|person| *person >= company.known_people()));
}

#[test]
fn records_look_like_this() {
    let company = company(1, 1000);
    let examples = [("account", 1), ("contact", 7), ("contact", 3000), ("opportunity", 3), ("meeting", 3), ("note", 4)];
    let lines: Vec<_> = examples.iter().map(|(object, number)| line(&company.record(object, *number))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    account/1 {"name":"Café Martin","website":"https://www.cafe-martin-besancon.example","emails":[{"value":"contact@cafe-martin-besancon.example","label":"work"}],"phones":[{"value":"+33353014015","label":"work"}],"industry":"hospitality","size":49,"annual_revenue":{"amount":"4647944.00","currency":"EUR"},"legal_form":"SA","siren":"044357796","vat_number":"FR70044357796","address":{"street":"86 avenue Jean-Jaurès","street2":"2e étage","postcode":"25000","city":"Besançon","region":"Bourgogne-Franche-Comté","country":"FR"},"location":{"latitude":47.238,"longitude":6.024},"parent":{"$ref":"account/0"},"lifecycle":"inactive","owner":{"$ref":"user/sophie-delattre"},"description":"Café Martin (SA) à Besançon, environ 49 personnes.","tags":[]}
    contact/7 {"name":{"title":"Ms","first":"Laura","last":"Evans"},"account":{"$ref":"account/7"},"job_title":"Workshop manager","emails":[{"value":"laura.evans@ainsworth-plumbing-london.example","label":"work"}],"phones":[{"value":"+447700900002","label":"mobile"},{"value":"+441632960550","label":"work"}],"address":{"street":"88 Station Road","street2":null,"postcode":"SE1 7PB","city":"London","region":"England","country":"GB"},"language":"en","lifecycle":"prospect","do_not_call":false,"owner":{"$ref":"user/lukas-brandt"},"tags":["newsletter"]}
    contact/3000 {"name":{"title":"M.","first":"Michel","last":"Pereira"},"emails":[{"value":"michel.pereira@messagerie.example","label":"home"}],"phones":[{"value":"+33639987044","label":"mobile"},{"value":"+33353013601","label":"home"}],"address":{"street":"107 zone industrielle Nord","street2":null,"postcode":"62000","city":"Arras","region":"Hauts-de-France","country":"FR"},"birth_date":"1959-03-22","language":"fr","lifecycle":"loyal","do_not_call":false,"owner":{"$ref":"user/julien-castaing"},"tags":[]}
    opportunity/3 {"name":"Clinique Thomas – Armoire de sûreté 90 min","account":{"$ref":"account/117"},"contact":{"$ref":"contact/1317"},"pipeline":{"$ref":"pipeline/equipement"},"stage":{"$ref":"stage/equipement-gagnee"},"amount":{"amount":"2021.00","currency":"EUR"},"probability":100,"close_date":"2025-07-21","product":{"$ref":"product/armoire-de-surete-90-min"},"source":"referral","owner":{"$ref":"user/nathalie-fabre"},"created_at":"2025-05-14T09:15:00Z","stage_history":[{"stage":{"$ref":"stage/equipement-qualification"},"entered_at":"2025-05-14T09:15:00Z"},{"stage":{"$ref":"stage/equipement-besoin"},"entered_at":"2025-05-25T10:15:00Z"},{"stage":{"$ref":"stage/equipement-demonstration"},"entered_at":"2025-06-05T11:15:00Z"},{"stage":{"$ref":"stage/equipement-devis"},"entered_at":"2025-06-23T12:15:00Z"},{"stage":{"$ref":"stage/equipement-negociation"},"entered_at":"2025-07-15T13:15:00Z"},{"stage":{"$ref":"stage/equipement-gagnee"},"entered_at":"2025-07-21T14:15:00Z"}]}
    meeting/3 {"subject":"Réunion de lancement","starts_at":"2026-07-06T17:00:00Z","ends_at":"2026-07-06T18:00:00Z","location":"Vannes","about":{"$ref":"account/532"},"attendees":[{"$ref":"contact/532"}],"owner":{"$ref":"user/claire-tessier"},"notes":"Échange cordial avec Suzanne Barbier. L'installation électrique doit être contrôlée."}
    note/4 {"body":"Suzanne Perrin compare avec un concurrent. Prévoir une remise de 5 % maximum.","about":{"$ref":"opportunity/594"},"owner":{"$ref":"user/karim-benali"},"created_at":"2026-11-13T18:38:00Z"}
    "#);
}

#[test]
fn source_files_look_like_this() {
    let company = company(1, 1000);
    let rows = SourceFile::ALL
        .iter()
        .flat_map(|source| company.source_rows(*source).take(4).map(|row| row.join(" | ")).collect::<Vec<_>>());
    insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"), @r#"
    SHOP-00003 | Deschamps | Michèle |  | 06 39 98 52 17 | 30 rue Émile-Zola | 29200 | Brest | 18/12/1950 | 23/08/2025 | 180,00
    SHOP-00004 | Deschamps | Michèle | michele.deschamps@carrelages-georges-brest.example | 06 39 98 52 17 | 30 rue Émile-Zola | 29200 | Brest | 18/12/1950 | 13/10/2025 | 163,63
    SHOP-00005 | Fournier | Thierry | thierry.fournirr@mail.example | +33 (0)639989897 | 15 rue de la Fontaine | 36000 | Châteauroux | 04/04/1970 | 11/09/2026 | 466,87
    SHOP-00006 | Fourner | Thierry | thierry.fournier@mail.example |  | 15 rue de la Fontaine | 36000 | Châteauroux | 04/04/1970 | 10/01/2026 | 148,76
    NEWSLETTER-00001 | gerard.boulanger@conseil-moulin-gap.example | Gérard Boulanger | 2025-03-24 19:28:00 | Gap
    NEWSLETTER-00003 | michele.deschamps@carrelages-georges-brest.example | Michèle Deschamps | 2026-05-20 09:49:00 | Gap
    NEWSLETTER-00005 | thierry.fournier@mail.example | Thierry Fournier | 2026-03-18 16:29:00 | Châteauroux
    NEWSLETTER-00009 | hugo.da-silva@mail.example | Da Silva | 2025-10-06 06:53:00 | Quimper
    HELPDESK-00005 | Thierry | Fournier | thierryf.ournier@mail.example |  |  | 2026-11-12 | Retour : Panneau perforé et crochets
    HELPDESK-00011 | Jeanne | Jacob | jeanne.jacob@poste.example | 0639986593 |  | 2026-11-02 | Facture : Panneau perforé et crochets
    HELPDESK-00047 | Inès | Delmas | ines.delmas@carrosserie-hardy-dieppe.example |  | Carrosserie Hardy | 2026-02-08 | Facture : Vitrine réfrigérée 1,2 m
    HELPDESK-00059 | Séverine | Giraud | severine.giraud@mail.example | 06 39 98 76 47 |  | 2026-05-21 | Panne : Lot de 100 assiettes porcelaine
    FAIR-00011 | JACOB Jeanne |  | 06.39.98.65.93 | jeanne.jacob@poste.example | 42300 | ROANNE | Bureau
    FAIR-00012 | JACOB-PHILIPPE Jeanne |  | +33 (0)639986593 | jeanne.jacob@poste.example | 42300 | ROANNE | Cuisine
    FAIR-00015 | LAMBERT Olivier | MOBILIER BEAUMONT | 0639986694 | olivier.lambert@mobilier-beaumont-chalon-sur-saone.example | 71100 | CHALON-SUR-SAÔNE | Cuisine
    FAIR-00016 | LAMBERT Olivier | MOBILIER BEAUMONT |  | oliviier.lambert@mobilier-beaumont-chalon-sur-saone.example | 71100 | CHALON-SUR-SAÔNE | Service
    "#);
}
