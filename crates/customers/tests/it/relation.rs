//! Relations with their dates: an employer now, one of the past, and a consumer who is a company's contact too.

use customers::profile::{NAME, Since, view};
use jiff::SignedDuration;
use jiff::civil::date;
use records::Access;
use serde_json::json;

use crate::world::{World, on_each};

/// The relations of the only person, as words.
async fn relations(world: &World) -> Vec<String> {
    let person = world.profiles().await.into_iter().find(|profile| profile.get(NAME).as_deref() == Some("Ana Ruiz"));
    let id = person.expect("Ana is known").id();
    let mut reader = world.space.store.read().await.expect("a reader");
    let seen = view(&world.space, &Access::everything(), id, &mut reader).await.expect("seen");
    let mut sources: Vec<&str> = seen.records.iter().map(|record| record.source_name.as_str()).collect();
    sources.sort_unstable();
    assert_eq!(sources, ["Directory", "Shop"], "who buys and who works are one");
    let since = |since: Since| match since {
        Since::Day(day) => format!("since {day}"),
        Since::Known(day) => format!("known since {day}"),
    };
    let word = |relation: &customers::profile::Relation| {
        let until = relation.until.map(|day| format!("until {day}"));
        let parts = [
            Some(relation.kind.to_owned()),
            relation.profile.get(NAME),
            relation.role.clone(),
            relation.since.map(since),
            until,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    seen.relations.iter().map(word).collect()
}

#[test]
fn an_employment_has_its_days_and_its_role() {
    on_each(async |world| {
        let firms = world.source_of("Register", "organisation").await;
        let people = world.source_of("Directory", "person").await;
        let shop = world.source_of("Shop", "person").await;
        let firm = |name: &str, siren: &str| (siren.to_owned(), json!({"name": name, "siren": siren}));
        world.give(firms, vec![firm("Ruiz SARL", "732829320"), firm("Noe SAS", "552100554")]).await;
        let ana = json!({"first_name": "Ana", "last_name": "Ruiz", "email": "ana@exemple-mail.fr"});
        world.give(shop, vec![("C1".to_owned(), ana.clone())]).await;
        let works = |mut of: serde_json::Value, key: &str, role: &str, since: Option<&str>| {
            of["job_title"] = role.into();
            of["works_at"] = json!({"source": firms.to_string(), "key": key, "since": since});
            vec![("P1".to_owned(), of)]
        };
        world.give(people, works(ana.clone(), "732829320", "Buyer", None)).await;
        world.resolve().await;
        assert_eq!(relations(world).await, ["works_at · Ruiz SARL · Buyer · known since 2026-03-02"]);

        world.clock.advance(SignedDuration::from_hours(24 * 30));
        world.give(people, works(ana, "552100554", "Head of purchasing", Some("2026-03-15"))).await;
        world.resolve().await;
        assert_eq!(
            relations(world).await,
            [
                "works_at · Noe SAS · Head of purchasing · since 2026-03-15",
                "works_at · Ruiz SARL · known since 2026-03-02 · until 2026-04-01",
            ]
        );
        assert_eq!(Since::Day(date(2026, 3, 15)).day(), date(2026, 3, 15));
    });
}
