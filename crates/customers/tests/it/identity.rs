use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use customers::identity::{Attributes, Decision, Effect, Kind, Reader, Snapshot, columns, config, starting};
use demo::SourceFile;
use kernel::Id;
use matching::{Column, Options, Table, resolve};
use model::{Fields, Ident, Query, Record, Value};
use records::{Access, Op, RecordError, Worker};
use serde_json::{Map, Value as Json, json};
use store::{Incoming, Version};

use crate::world::{World, on_each};

impl World {
    /// Keeps records of a source, as a file or another program would give them.
    pub async fn give(&self, source: Id, records: Vec<(String, Json)>) {
        let incoming: Vec<Incoming> = records
            .into_iter()
            .map(|(key, payload)| Incoming { source, key, payload: object(payload), partial: false })
            .collect();
        let now = self.clock.now();
        let kept = self.space.store.write(move |w| Box::pin(async move { w.append_records(&incoming, now).await }));
        kept.await.expect("kept");
    }

    /// Lets the worker resolve what came in. Writes of other tests on the same server may hold the end of the log back for a while.
    pub async fn resolve(&self) {
        let worker = Worker::new(Arc::clone(&self.space), &[]);
        loop {
            while worker.step().await.expect("worked") {}
            if self.is_resolved().await {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn is_resolved(&self) -> bool {
        let sources = self.space.list(&self.ctx(), &Query::of(Ident::of("source"))).await.expect("listed").records;
        let mut reader = self.space.store.read().await.expect("a reader");
        for source in sources {
            let mut after: Option<String> = None;
            loop {
                let page = reader.source_records(source.id(), after.as_deref(), 500).await.expect("read");
                let ids: Vec<Id> = page.iter().map(|record| record.record).collect();
                let entries: BTreeMap<Id, i64> =
                    reader.entries(&ids).await.expect("read").into_iter().map(|e| (e.record, e.version)).collect();
                let expected = |record: &Version| Some(record.version).filter(|_| record.payload != json!({}));
                if page.iter().any(|record| entries.get(&record.record).copied() != expected(record)) {
                    return false;
                }
                match page.last() {
                    Some(last) => after = Some(last.key.clone()),
                    None => break,
                }
            }
        }
        true
    }

    pub async fn source_of(&self, name: &str, entity: &str) -> Id {
        let fields =
            Fields::from_iter([(Ident::of("name"), Value::from(name)), (Ident::of("entity"), Value::from(entity))]);
        let made = self.space.write_one(&self.ctx(), &Ident::of("source"), Op::Create(fields)).await;
        made.expect("a source").record.id()
    }

    /// The profile of every record, by the record's source and key.
    pub async fn partition(&self, sources: &[Id]) -> BTreeMap<String, Id> {
        let mut reader = self.space.store.read().await.expect("a reader");
        let mut found = BTreeMap::new();
        for source in sources {
            let mut after: Option<String> = None;
            loop {
                let page = reader.source_records(*source, after.as_deref(), 500).await.expect("read");
                let ids: Vec<Id> = page.iter().map(|record| record.record).collect();
                let entries: BTreeMap<Id, Id> =
                    reader.entries(&ids).await.expect("read").into_iter().map(|e| (e.record, e.profile)).collect();
                for record in &page {
                    if let Some(profile) = entries.get(&record.record) {
                        found.insert(record.key.clone(), *profile);
                    }
                }
                match page.last() {
                    Some(last) => after = Some(last.key.clone()),
                    None => break,
                }
            }
        }
        found
    }

    pub async fn profiles(&self) -> Vec<Record> {
        let query = Query { limit: 1_000, ..Query::of(Ident::of("profile")) };
        self.space.list(&self.ctx(), &query).await.expect("listed").records
    }
}

pub fn object(json: Json) -> Map<String, Json> {
    if let Json::Object(map) = json { map } else { Map::new() }
}

/// Groups of keys that share a profile.
pub fn groups(partition: &BTreeMap<String, Id>) -> BTreeSet<BTreeSet<String>> {
    let mut by_profile: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    for (key, profile) in partition {
        by_profile.entry(*profile).or_default().insert(key.clone());
    }
    by_profile.into_values().collect()
}

/// People of a small town, some of them known to several sources, each record spoilt a little.
pub fn town(seed: u64, people: u64) -> Vec<(usize, String, Json)> {
    let company =
        demo::Company::new(demo::Plan::new(seed, "2026-01-01".parse().expect("a day")).scaled(people * 1_000 / 3_000));
    let files = [SourceFile::Shop, SourceFile::Newsletter, SourceFile::HelpDesk, SourceFile::TradeFair];
    let mut rows = Vec::new();
    for (at, file) in files.into_iter().enumerate() {
        for row in company.source_rows(file) {
            let key = format!("{at}/{}", row[0]);
            let payload: Map<String, Json> = file
                .columns()
                .iter()
                .zip(&row)
                .map(|(name, cell)| ((*name).to_owned(), cell.as_str().into()))
                .collect();
            rows.push((at, key, Json::Object(payload)));
        }
    }
    rows
}

pub fn shuffled<T>(mut rows: Vec<T>, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..rows.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        rows.swap(at, (state % (at as u64 + 1)) as usize);
    }
    rows
}

/// What a batch makes of the same records, with the starting model.
pub fn batch(rows: &[(usize, String, Json)]) -> BTreeSet<BTreeSet<String>> {
    let mut reader = Reader::default();
    let read: Vec<Attributes> = rows.iter().map(|(.., payload)| reader.read(Kind::Person, payload)).collect();
    let column = |name: String| {
        let mut column = Column::default();
        read.iter().for_each(|record| column.push(record.cell(&name)));
        (name, column)
    };
    let mut table = Table::default();
    table.append("all", columns(Kind::Person).map(|(name, ..)| column(name)).collect()).expect("a table");
    let model = starting(Kind::Person).expect("a model");
    let options = Options { model: Some(&model), ..Options::default() };
    let found = resolve(&table, &config(Kind::Person), &options).expect("resolved");
    let mut clusters: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for ((_, key, _), cluster) in rows.iter().zip(&found.clusters) {
        clusters.entry(*cluster).or_default().insert(key.clone());
    }
    clusters.into_values().collect()
}

#[test]
fn any_order_ends_as_the_batch_does() {
    on_each(async |world| {
        let rows = town(3, 1_000);
        let expected = batch(&rows);
        assert!(rows.len() > 500 && expected.iter().filter(|group| group.len() > 1).count() > 100, "{}", rows.len());
        for (round, chunk) in [(1, rows.len()), (2, 37), (3, 5)] {
            let mut sources = Vec::new();
            for at in 0..4 {
                sources.push(world.source_of(&format!("{round}-{at}"), "person").await);
            }
            for some in shuffled(rows.clone(), round).chunks(chunk) {
                for (at, source) in sources.iter().enumerate() {
                    let ours = some.iter().filter(|(of, ..)| *of == at);
                    world.give(*source, ours.map(|(_, key, payload)| (key.clone(), payload.clone())).collect()).await;
                }
                world.resolve().await;
            }
            let found = groups(&world.partition(&sources).await);
            let differ: Vec<_> = expected.symmetric_difference(&found).collect();
            assert!(differ.is_empty(), "{} of {}: {differ:#?}", differ.len(), expected.len());
            // Out of the way of the next round.
            for (at, source) in sources.into_iter().enumerate() {
                let ours = rows.iter().filter(|(of, ..)| *of == at);
                world.give(source, ours.map(|(_, key, _)| (key.clone(), json!({}))).collect()).await;
            }
            world.resolve().await;
            assert!(world.profiles().await.is_empty());
        }
    });
}

#[test]
fn records_of_several_sources_become_one_profile() {
    on_each(async |world| {
        let shop = world.source_of("Boutique", "person").await;
        let desk = world.source_of("Support", "person").await;
        world
            .give(
                shop,
                vec![
                    ("S1".to_owned(), json!({"Nom": "Lefèvre", "Prénom": "Élodie", "Courriel": "elodie.lefevre@exemple-mail.fr", "Téléphone": "06 39 98 12 34", "Ville": "Lyon"})),
                    ("S2".to_owned(), json!({"Nom": "Roux", "Prénom": "Karim", "Courriel": "k.roux@exemple-mail.fr", "Ville": "Lille"})),
                ],
            )
            .await;
        world.resolve().await;
        world
            .give(
                desk,
                vec![("D1".to_owned(), json!({"first_name": "Elodie", "last_name": "LEFEVRE", "email": "elodie.lefevre@exemple-mail.fr", "phone": "+33639981234"}))],
            )
            .await;
        world.resolve().await;
        let partition = world.partition(&[shop, desk]).await;
        assert_eq!(partition["S1"], partition["D1"]);
        assert_ne!(partition["S1"], partition["S2"]);
        let profiles = world.profiles().await;
        assert_eq!(profiles.len(), 2);
        let one = profiles.iter().find(|profile| profile.id() == partition["S1"]).expect("there");
        assert_eq!(one.get(customers::profile::NAME).as_deref(), Some("Élodie Lefèvre"));
        assert_eq!(one.get(customers::profile::RECORDS), Some(2));
        assert_eq!(one.get(customers::profile::SOURCES), Some(vec!["Boutique".to_owned(), "Support".to_owned()]));
    });
}

/// What several sources say about one person, and about her brother at the same address.
async fn family(world: &World) -> (Id, Vec<Id>) {
    let shop = world.source_of("Boutique", "person").await;
    let desk = world.source_of("Support", "person").await;
    let ana = json!({"first_name": "Ana", "last_name": "Ruiz", "email": "ana.ruiz@exemple-mail.fr", "phone": "0639981234", "city": "Lyon"});
    let again = json!({"first_name": "Ana", "last_name": "Ruiz", "email": "ana.ruiz@exemple-mail.fr", "city": "Lyon"});
    world.give(shop, vec![("S1".to_owned(), ana), ("S2".to_owned(), again)]).await;
    let other = json!({"first_name": "Ana", "last_name": "Ruiz", "phone": "+33 6 39 98 12 34", "email": "ana.ruiz@exemple-mail.fr"});
    world.give(desk, vec![("D1".to_owned(), other)]).await;
    world.resolve().await;
    let partition = world.partition(&[shop, desk]).await;
    assert_eq!(groups(&partition).len(), 1, "{partition:?}");
    (partition["S1"], vec![shop, desk])
}

impl World {
    pub async fn record(&self, source: Id, key: &str) -> Id {
        let mut reader = self.space.store.read().await.expect("a reader");
        reader.source_record(source, key).await.expect("read").expect("there").record
    }

    async fn partition_records(&self, sources: &[Id]) -> Vec<Id> {
        let mut reader = self.space.store.read().await.expect("a reader");
        let profiles: BTreeSet<Id> = self.partition(sources).await.into_values().collect();
        let entries = reader.entries_of(&profiles.into_iter().collect::<Vec<_>>()).await.expect("read");
        entries.into_iter().map(|entry| entry.record).collect()
    }

    /// The profiles of an effect as they are now.
    async fn after(&self, effect: &Effect) -> Vec<Snapshot> {
        let mut now = effect.after.clone();
        let profiles = self.profiles().await;
        for snapshot in &mut now {
            snapshot.profile = profiles.iter().find(|held| held.id() == snapshot.profile.id()).expect("there").clone();
        }
        now
    }

    pub async fn decide(&self, decision: Decision, dry: bool) -> Result<Effect, RecordError> {
        let everything = Arc::new(Access::everything());
        customers::identity::decide(&self.space, &self.ctx(), everything, decision, "because", dry).await
    }

    /// Sends what a record says again, changed a little, so that it is resolved anew.
    async fn touch(&self, source: Id, key: &str) {
        let mut reader = self.space.store.read().await.expect("a reader");
        let held = reader.source_record(source, key).await.expect("read").expect("there").payload;
        drop(reader);
        let mut payload = object(held);
        payload.insert("city".to_owned(), json!("Lyon 3e"));
        self.give(source, vec![(key.to_owned(), Json::Object(payload))]).await;
        self.resolve().await;
    }
}

#[test]
fn what_a_person_separates_stays_separate() {
    on_each(async |world| {
        let (profile, sources) = family(world).await;
        let record = world.record(sources[1], "D1").await;
        let separate = Decision::Separate { profile, records: vec![record] };
        let preview = world.decide(separate.clone(), true).await.expect("previewed");
        assert_eq!((preview.before.len(), preview.after.len()), (1, 2));
        assert_eq!(groups(&world.partition(&sources).await).len(), 1, "a preview keeps nothing");

        let effect = world.decide(separate, false).await.expect("separated");
        assert_eq!(effect.after, world.after(&effect).await);
        let apart = world.partition(&sources).await;
        assert_eq!((apart["S1"], apart["S2"]), (profile, profile), "most records keep the identifier");
        assert_ne!(apart["D1"], profile);
        for (source, key) in [(sources[1], "D1"), (sources[0], "S1")] {
            world.touch(source, key).await;
            assert_eq!(groups(&world.partition(&sources).await), groups(&apart), "never merged again by the machine");
        }

        let back = world.decide(Decision::TakeBack { verdict: effect.verdict }, false).await.expect("taken back");
        assert_eq!(back.after.len(), 1);
        let again = world.partition(&sources).await;
        assert_eq!(again.values().collect::<BTreeSet<_>>(), BTreeSet::from([&profile]));
        let mut reader = world.space.store.read().await.expect("a reader");
        assert_eq!(customers::identity::current(&mut reader, apart["D1"]).await.expect("read"), profile);
        drop(reader);
        let refused = world.decide(Decision::TakeBack { verdict: effect.verdict }, false).await;
        assert!(refused.is_err(), "only once");

        // Separated anew, the record has the identifier that it had when it was alone.
        world.decide(Decision::Separate { profile, records: vec![record] }, false).await.expect("separated");
        assert_eq!(world.partition(&sources).await["D1"], apart["D1"]);
    });
}

#[test]
fn what_a_person_joins_stays_together() {
    on_each(async |world| {
        let source = world.source_of("Salon", "person").await;
        let one = json!({"first_name": "Karim", "last_name": "Roux", "email": "k.roux@exemple-mail.fr"});
        let two =
            json!({"first_name": "Karl", "last_name": "Rousseau", "email": "karl@autre-mail.fr", "city": "Lille"});
        let three =
            json!({"first_name": "Karl", "last_name": "Rousseau", "email": "karl@autre-mail.fr", "city": "Lille"});
        world.give(source, vec![("1".to_owned(), one), ("2".to_owned(), two), ("3".to_owned(), three)]).await;
        world.resolve().await;
        let before = world.partition(&[source]).await;
        assert_eq!(groups(&before).len(), 2);
        let join = Decision::Join { profiles: vec![before["1"], before["2"]] };
        let effect = world.decide(join, false).await.expect("joined");
        assert_eq!((effect.before.len(), effect.after.len()), (2, 1));
        assert_eq!(world.profiles().await.len(), 1);
        for key in ["1", "3"] {
            world.touch(source, key).await;
            assert_eq!(groups(&world.partition(&[source]).await).len(), 1);
        }
        // A later word of a person on two of the records outweighs the earlier one.
        let (a, b) = (world.record(source, "1").await, world.record(source, "2").await);
        world.decide(Decision::Pair { a, b, same: false }, false).await.expect("told apart");
        let after = world.partition(&[source]).await;
        assert_ne!(after["1"], after["2"]);
        assert_eq!(after["2"], after["3"]);
    });
}

#[test]
fn decisions_that_make_no_sense_are_refused() {
    on_each(async |world| {
        let (profile, sources) = family(world).await;
        let [a, b] = [world.record(sources[0], "S1").await, world.record(sources[1], "D1").await];
        let nobody = Id::named("nobody");
        for decision in [
            Decision::Separate { profile, records: vec![] },
            Decision::Separate { profile, records: vec![nobody] },
            Decision::Separate { profile, records: world.partition_records(&sources).await },
            Decision::Separate { profile: nobody, records: vec![a] },
            Decision::Join { profiles: vec![profile] },
            Decision::Join { profiles: vec![profile, nobody] },
            Decision::Pair { a, b: a, same: true },
            Decision::Pair { a, b: nobody, same: false },
            Decision::TakeBack { verdict: nobody },
        ] {
            let refused = world.decide(decision.clone(), false).await;
            assert!(refused.is_err(), "{decision:?}");
        }
        let reader = world.user("reader", &["rep"]).await;
        let access = world.space.access(&reader).await.expect("rights");
        let decision = Decision::Pair { a, b, same: false };
        let refused = customers::identity::decide(&world.space, &reader, access, decision, "", false).await;
        assert!(matches!(refused, Err(RecordError::Forbidden { .. })), "{refused:?}");
        assert_eq!(groups(&world.partition(&sources).await).len(), 1);
    });
}

#[test]
fn values_fixed_by_hand_come_first_and_can_be_let_go() {
    on_each(async |world| {
        let (profile, sources) = family(world).await;
        let everything = Arc::new(Access::everything());
        let fix = async |attribute: &'static str, values: &[&str]| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            customers::profile::fix(&world.space, &world.ctx(), Arc::clone(&everything), profile, attribute, values)
                .await
        };
        let name = async || {
            let profiles = world.profiles().await;
            assert_eq!(profiles.len(), 1);
            assert_eq!(profiles[0].get(customers::profile::RECORDS), Some(3));
            profiles[0].get(customers::profile::NAME).unwrap_or_default()
        };
        fix("last_name", &["Ruiz-Martin"]).await.expect("fixed");
        assert_eq!(name().await, "Ana Ruiz-Martin");
        world.touch(sources[0], "S1").await;
        assert_eq!(name().await, "Ana Ruiz-Martin");
        fix("last_name", &[]).await.expect("let go");
        assert_eq!(name().await, "Ana Ruiz");
        fix("last_name", &["Ruiz-Martin"]).await.expect("fixed again");
        assert_eq!(name().await, "Ana Ruiz-Martin");
        assert!(fix("shoe_size", &["43"]).await.is_err());
    });
}

#[test]
fn an_object_of_ours_is_a_source_like_others() {
    on_each(async |world| {
        let ana = world.user("ana", &["rep"]).await.user().expect("a user");
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::from("Users")),
            (Ident::of("kind"), Value::from("object")),
            (Ident::of("object"), Value::from("user")),
        ]);
        let made = world.space.write_one(&world.ctx(), &Ident::of("source"), Op::Create(fields.clone())).await;
        let source = made.expect("a source").record.id();
        world.resolve().await;
        let karim = world.user("karim", &["rep"]).await.user().expect("a user");
        let names = async |count: usize| loop {
            world.resolve().await;
            let names: BTreeSet<String> =
                world.profiles().await.iter().filter_map(|profile| profile.get(customers::profile::NAME)).collect();
            if names.len() == count {
                break names;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(names(2).await, BTreeSet::from(["ana".to_owned(), "karim".to_owned()]));
        let rename = Fields::from_iter([(Ident::of("name"), Value::from("Ana Ruiz"))]);
        let op = Op::Update { id: ana, fields: rename, version: None };
        world.space.write_one(&world.ctx(), &Ident::of("user"), op).await.expect("renamed");
        world.space.write_one(&world.ctx(), &Ident::of("user"), Op::Delete(karim)).await.expect("deleted");
        assert_eq!(names(1).await, BTreeSet::from(["Ana Ruiz".to_owned()]));
        let keys = [(source, ana.to_string())];
        let originals = customers::source::originals(&world.space, &keys).await.expect("found");
        assert_eq!(originals[&keys[0]].1, ana);
        let mut unknown = fields;
        unknown.set(Ident::of("name"), Value::from("Others"));
        unknown.set(Ident::of("object"), Value::from("spaceship"));
        let refused = world.space.write_one(&world.ctx(), &Ident::of("source"), Op::Create(unknown)).await;
        assert!(refused.is_err());
    });
}

#[test]
fn what_people_do_changes_where_they_stand() {
    on_each(async |world| {
        let stage = async |expected: &str| loop {
            world.resolve().await;
            let profiles = world.profiles().await;
            let stages: Vec<String> =
                profiles.iter().filter_map(|profile| profile.get(customers::profile::STAGE)).collect();
            if stages == [expected] {
                break profiles[0].clone();
            }
            tokio::task::yield_now().await;
        };
        let order = |id: &str, total: &str| {
            json!({"type": "track", "userId": "7", "event": "Order Completed", "messageId": id, "timestamp": "2026-03-01T10:00:00Z",
            "properties": {"total": total, "currency": "EUR"}})
        };
        world.batch(vec![json!({"type": "page", "anonymousId": "a", "messageId": "m0", "name": "Home"})]).await;
        world
            .batch(vec![json!({"type": "identify", "userId": "7", "anonymousId": "a", "messageId": "m1", "traits": {"email": "ana@exemple-mail.fr", "name": "Ana Ruiz"}})])
            .await;
        stage("prospect").await;
        world.batch(vec![order("m2", "40.50")]).await;
        let profile = stage("new_customer").await;
        assert_eq!(profile.get(customers::profile::SPENT).map(|money| money.to_string()), Some("40.5 EUR".to_owned()));
        world.batch(vec![order("m3", "10"), order("m4", "10"), order("m4", "10")]).await;
        let profile = stage("loyal").await;
        assert_eq!(profile.get(customers::profile::ORDERS), Some(3));
        let mut reader = world.space.store.read().await.expect("a reader");
        let everything = Access::everything();
        let view = customers::profile::view(&world.space, &everything, profile.id(), &mut reader).await.expect("seen");
        assert_eq!(view.worth.as_ref().map(|worth| (worth.events, worth.orders)), Some((4, 3)));
        let events = customers::profile::events(&mut reader, &view.records, None, 50).await.expect("read");
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "page").count(), 1, "what came before the name was known");
        assert_eq!(events.len(), 5);
        let found = customers::profile::Lookup::Email("ANA@exemple-mail.fr".to_owned());
        assert_eq!(customers::profile::find(&world.space, &mut reader, &found).await.expect("found"), [profile.id()]);
    });
}

#[test]
fn a_source_can_ask_for_profiles_before_the_acknowledgement() {
    on_each(async |world| {
        world.set("resolve", "at_once").await;
        let given = vec![
            ("1".to_owned(), json!({"email": "ana@exemple-mail.fr", "first_name": "Ana", "last_name": "Ruiz"})),
            (String::new(), json!({})),
            ("3".to_owned(), json!("text")),
        ];
        let taken = customers::source::give(&world.space, &world.ctx(), world.source, given, false).await;
        let taken = taken.expect("given");
        assert_eq!((taken.accepted, taken.repeated, taken.rejected.len()), (1, 0, 2));
        assert_eq!(world.profiles().await.len(), 1);
        let traits = json!({"email": "karim@exemple-mail.fr", "name": "Karim Roux"});
        world.batch(vec![json!({"type": "identify", "userId": "7", "messageId": "m1", "traits": traits})]).await;
        assert_eq!(world.profiles().await.len(), 2);
        // The worker has nothing left to do with them.
        world.resolve().await;
        assert_eq!(world.profiles().await.len(), 2);
        let again =
            vec![("1".to_owned(), json!({"email": "ana@exemple-mail.fr", "first_name": "Ana", "last_name": "Ruiz"}))];
        let taken = customers::source::give(&world.space, &world.ctx(), world.source, again, false).await;
        assert_eq!(taken.expect("given").repeated, 1);
    });
}

#[test]
fn what_waits_to_become_part_of_profiles_is_counted() {
    on_each(async |world| {
        let traits = json!({"email": "karim@exemple-mail.fr", "name": "Karim Roux"});
        world.batch(vec![json!({"type": "identify", "userId": "7", "messageId": "m1", "traits": traits})]).await;
        // On a server that tests share, what overlaps with another's write does not count yet.
        if world.space.store.file().is_some() {
            assert_eq!(customers::source::waiting(&world.space, &world.ctx()).await.expect("counted"), (1, 1));
        }
        // Ends when nothing waits any more.
        while world.profiles().await.is_empty()
            || customers::source::waiting(&world.space, &world.ctx()).await.expect("counted") != (0, 0)
        {
            world.resolve().await;
        }
        let stranger = world.user("stranger", &["rep"]).await;
        customers::source::waiting(&world.space, &stranger).await.expect_err("not theirs to see");
    });
}

#[test]
fn nonsense_of_one_source_does_not_hold_up_the_others() {
    on_each(async |world| {
        let source = world.source_of("Nonsense", "person").await;
        let long = "x".repeat(400);
        let given = vec![
            (
                "1".to_owned(),
                json!({"name": long, "email": "no address", "phone": "not a number", "birth_date": "31/02/1990", "country": "Nowhere"}),
            ),
            (
                "2".to_owned(),
                json!({"identifier": ["a,b", "", "\u{7}bell", long], "first_name": "<script>alert(1)</script>", "last_name": "\u{202e}evil"}),
            ),
            (
                "3".to_owned(),
                json!({"first_name": {"deep": ["er"]}, "email": [[["x@exemple-mail.fr"]]], "phone": 1e300}),
            ),
            ("4".to_owned(), json!({"email": "ana@exemple-mail.fr"})),
        ];
        let taken = customers::source::give(&world.space, &world.ctx(), source, given, false).await.expect("given");
        assert_eq!(taken.accepted, 4);
        world.resolve().await;
        assert_eq!(world.partition(&[source]).await.len(), 4);
        let names: BTreeSet<String> =
            world.profiles().await.iter().filter_map(|profile| profile.get(customers::profile::NAME)).collect();
        assert!(names.contains("ana@exemple-mail.fr"), "{names:?}");
        assert_eq!(names.len(), 4, "{names:?}");
    });
}
