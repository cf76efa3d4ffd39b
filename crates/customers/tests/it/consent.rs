//! The ledger on real databases: what comes in, what is decided, and that no regrouping of people moves a consent.

use std::collections::{BTreeSet, HashMap};

use customers::consent::{
    Audience, Channel, ContactPoint, Decision, Gate, Line, Policy, Proof, Question, State, Statement, Why, decide,
    import, known, may, purpose, record, unsubscribe, unsubscribe_token,
};
use customers::identity;
use kernel::{Ctx, Id, Timestamp};
use model::{Fields, Ident, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use records::{Access, Op, RecordError, Worker};
use serde_json::json;

use crate::world::{World, on_each};

fn point(text: &str) -> ContactPoint {
    ContactPoint::guess(text).expect("a point")
}

fn said(text: &str, channel: Option<Channel>, purpose: Option<&str>, state: State) -> Statement {
    Statement {
        point: point(text),
        channel,
        purpose: purpose.map(str::to_owned),
        state,
        basis: None,
        proof: Proof::default(),
        source: None,
        at: None,
        expires_at: None,
    }
}

fn newsletter(text: &str, state: State) -> Statement {
    said(text, Some(Channel::Email), Some("newsletter"), state)
}

fn proven(statement: Statement) -> Statement {
    let proof =
        Proof { wording: "J’accepte".into(), place: "formulaire".into(), by: "person".into(), ..Proof::default() };
    Statement { proof, ..statement }
}

async fn keep(world: &World, statements: &[Statement]) -> Vec<bool> {
    record(&world.space, &world.ctx(), &Access::everything(), statements).await.expect("recorded")
}

async fn decisions(world: &World, texts: &[&str]) -> Vec<Decision> {
    let points: Vec<ContactPoint> = texts.iter().map(|text| point(text)).collect();
    let mut reader = world.space.store.read().await.expect("a reader");
    let answer = may(&world.space, &mut reader, &points, Channel::Email, "newsletter", Audience::Consumer).await;
    answer.expect("decided")
}

async fn allowed(world: &World, text: &str) -> bool {
    decisions(world, &[text]).await[0].allowed
}

/// Lets the worker follow the events until a point is known to have this many lines.
async fn follow(world: &World, text: &str, lines: usize) -> Vec<Line> {
    let worker = Worker::new(world.space.clone(), &[]);
    loop {
        worker.step().await.expect("worked");
        let history = history(world, text).await;
        // Writes of other tests on the same server may hold the end of the log back for a while.
        if history.len() >= lines {
            return history;
        }
        tokio::task::yield_now().await;
    }
}

async fn history(world: &World, text: &str) -> Vec<Line> {
    let mut reader = world.space.store.read().await.expect("a reader");
    known(&mut reader, &[point(text)]).await.expect("read").remove(0).history
}

#[test]
fn a_tenant_starts_with_purposes_that_administrators_change() {
    on_each(async |world| {
        let mut reader = world.space.store.read().await.expect("a reader");
        let gate = Gate::open(&world.space, &mut reader).await.expect("opened");
        drop(reader);
        assert!(gate.purposes.get("newsletter").expect("there").marketing);
        assert!(!gate.purposes.get("service").expect("there").marketing);
        let object = Ident::of("purpose");
        let id = kernel::Id::named("purpose:newsletter");
        let op = |name: &'static str, value: Value| Op::Update {
            id,
            fields: Fields::from_iter([(Ident::of(name), value)]),
            version: None,
        };
        keep(world, &[newsletter("a@b.example", State::Granted)]).await;
        assert!(allowed(world, "a@b.example").await);
        world.space.write_one(&world.ctx(), &object, op("active", Value::Bool(false))).await.expect("changed");
        assert!(!allowed(world, "a@b.example").await);
        let renamed = world.space.write_one(&world.ctx(), &object, op("key", "other".into())).await;
        assert!(matches!(renamed, Err(RecordError::Invalid(_))));
        assert_eq!(purpose::KEY.name(), "key");
    });
}

#[test]
fn statements_are_kept_once_and_checked() {
    on_each(async |world| {
        let at = Some("2026-02-01T10:00:00Z".parse().expect("a moment"));
        let yes = Statement { at, ..newsletter("Ada@Example.org", State::Granted) };
        assert_eq!(keep(world, &[yes.clone(), yes.clone()]).await, [true, false]);
        assert_eq!(keep(world, &[yes]).await, [false]);
        assert!(allowed(world, "ada@example.org").await);
        assert!(!allowed(world, "other@example.org").await);
        let phone = said("0639981234", Some(Channel::Email), Some("newsletter"), State::Granted);
        let future = Statement { at: Some(world.clock.now() + jiff::SignedDuration::from_secs(60)), ..phone.clone() };
        for wrong in [
            phone,
            future,
            said("a@b.example", None, Some("newsletter"), State::Granted),
            said("a@b.example", Some(Channel::Email), None, State::Granted),
            said("a@b.example", Some(Channel::Email), Some("nothing"), State::Denied),
        ] {
            let refused = record(&world.space, &world.ctx(), &Access::everything(), std::slice::from_ref(&wrong)).await;
            assert!(matches!(refused, Err(RecordError::Invalid(_))), "{wrong:?}");
        }
        assert_eq!(history(world, "a@b.example").await, []);
    });
}

#[test]
fn everybody_notes_a_no_and_stewards_a_yes() {
    on_each(async |world| {
        for (role, may) in [("rep", false), ("steward", true), ("admin", true)] {
            let ctx: Ctx = world.user(role, &[role]).await;
            let access = world.space.access(&ctx).await.expect("rights");
            let address = format!("{role}@example.org");
            let yes = record(&world.space, &ctx, &access, &[newsletter(&address, State::Granted)]).await;
            assert_eq!(yes.is_ok(), may, "{role}");
            world.wait(1);
            let ctx = Ctx { now: world.clock.now(), ..ctx };
            record(&world.space, &ctx, &access, &[newsletter(&address, State::Withdrawn)]).await.expect("noted");
            assert!(!allowed(world, &address).await);
        }
        let nobody = world.ctx().as_actor(kernel::Actor::Nobody);
        let access = world.space.access(&nobody).await.expect("rights");
        let no = record(&world.space, &nobody, &access, &[newsletter("x@example.org", State::Denied)]).await;
        assert!(matches!(no, Err(RecordError::Forbidden { .. })));
    });
}

#[test]
fn a_thousand_points_cost_five_statements() {
    on_each(async |world| {
        let texts: Vec<String> = (0..3_000).map(|i| format!("p{i}@example.org")).collect();
        let yes: Vec<Statement> = texts.iter().step_by(3).map(|text| newsletter(text, State::Granted)).collect();
        keep(world, &yes).await;
        let points: Vec<ContactPoint> = texts.iter().map(|text| point(text)).collect();
        let mut reader = world.space.store.read().await.expect("a reader");
        let before = reader.statements();
        let answers = may(&world.space, &mut reader, &points, Channel::Email, "newsletter", Audience::Consumer).await;
        assert_eq!(reader.statements() - before, 5);
        let answers = answers.expect("decided");
        assert!(answers.iter().enumerate().all(|(i, decision)| decision.allowed == (i % 3 == 0)));
    });
}

#[test]
fn events_speak_for_the_address_in_them_and_once() {
    on_each(async |world| {
        let consent = |name: &str, email: &str| {
            json!({"type": "track", "event": name, "userId": "u1",
                   "properties": {"email": email, "channel": "email", "purpose": "newsletter", "wording": "Oui"},
                   "context": {"ip": "192.0.2.1", "page": {"url": "https://shop.example/inscription"}}})
        };
        let mut event = consent("Consent Given", "one@example.org");
        event["messageId"] = json!("m1");
        world.batch(vec![event.clone(), event, consent("Consent Given", "two@example.org")]).await;
        world.batch(vec![json!({"type": "alias", "userId": "u1", "previousId": "u2"})]).await;
        world.batch(vec![consent("Unsubscribed", "two@example.org")]).await;
        assert_eq!(follow(world, "two@example.org", 2).await.len(), 2);
        let one = history(world, "one@example.org").await;
        assert_eq!(one.len(), 1, "a message that comes twice counts once");
        assert_eq!(
            (one[0].proof.address.as_str(), one[0].proof.place.as_str()),
            ("192.0.2.1", "https://shop.example/inscription")
        );
        assert!(allowed(world, "one@example.org").await);
        assert!(!allowed(world, "two@example.org").await);
    });
}

#[test]
fn a_trait_that_is_sent_again_and_again_is_one_line() {
    on_each(async |world| {
        let identify = |consent: bool| {
            json!({"type": "identify", "userId": "u1",
                   "traits": {"email": "ada@example.org", "consent": {"newsletter": {"email": consent}}}})
        };
        for consent in [true, true, false, false] {
            world.batch(vec![identify(consent)]).await;
            world.wait(60);
        }
        world.batch(vec![json!({"type": "track", "event": "Unsubscribed", "userId": "u1", "properties": {"email": "ada@example.org"}})]).await;
        let history = follow(world, "ada@example.org", 3).await;
        let states: Vec<State> = history.iter().map(|line| line.state).collect();
        assert_eq!(states, [State::Granted, State::Denied, State::Withdrawn]);
    });
}

#[test]
fn a_file_is_read_with_its_own_columns_and_comes_twice_without_harm() {
    on_each(async |world| {
        let text = "Courriel;Statut;Date;Finalité\nada@example.org;oui;2026-01-05;newsletter\nnothing;oui;2026-01-05;newsletter\n\
                    bob@example.org;désabonné;2026-01-06;newsletter\ncy@example.org;oui;;newsletter\n";
        let map = |pairs: &[(&str, &str)]| -> HashMap<String, String> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        let columns = map(&[("email", "Courriel"), ("state", "Statut"), ("at", "Date"), ("purpose", "Finalité")]);
        let fixed = map(&[("channel", "email")]);
        for (new, repeated) in [(2, 0), (0, 2)] {
            let file =
                tabular::Source::from_bytes(text.as_bytes().to_vec(), &tabular::Options::default()).expect("read");
            let (ctx, full, source) = (world.ctx(), Access::everything(), Some(world.source));
            let told = import(&world.space, &ctx, &full, file, &columns, &fixed, source).await.expect("imported");
            assert_eq!((told.new, told.repeated), (new, repeated));
            let reasons: Vec<(u64, &str)> = told.rejected.iter().map(|(row, p)| (*row, p.key.as_str())).collect();
            assert_eq!(reasons, [(3, "consent-point"), (5, "required")]);
        }
        assert!(allowed(world, "ada@example.org").await);
        assert_eq!(history(world, "bob@example.org").await[0].state, State::Withdrawn);
    });
}

#[test]
fn one_click_withdraws_and_no_other_token_does() {
    on_each(async |world| {
        keep(world, &[newsletter("ada@example.org", State::Granted), newsletter("bob@example.org", State::Granted)])
            .await;
        let ada = point("ada@example.org");
        let token = unsubscribe_token(&world.space, &ada, Channel::Email, Some("newsletter")).await.expect("a token");
        let forged = token.replacen(&token[..2], if token.starts_with("00") { "01" } else { "00" }, 1);
        for wrong in [forged.as_str(), "", "zz.zz", &token[..token.len() - 1]] {
            assert!(unsubscribe(&world.space, &world.ctx(), wrong, "192.0.2.1").await.is_err(), "{wrong}");
        }
        assert!(allowed(world, "ada@example.org").await);
        world.wait(1);
        for _ in 0..2 {
            let left = unsubscribe(&world.space, &world.ctx(), &token, "192.0.2.1").await.expect("left");
            assert_eq!(left, ada);
        }
        assert_eq!(decisions(world, &["ada@example.org"]).await[0].because[0].why, Why::Refused);
        assert!(allowed(world, "bob@example.org").await);
    });
}

#[test]
fn the_policy_is_the_administrators() {
    on_each(async |world| {
        let strict = Policy { months: 1, ..Policy::default() };
        let steward = world.user("steward", &["steward"]).await;
        assert!(matches!(strict.clone().save(&world.space, &steward).await, Err(RecordError::Forbidden { .. })));
        let none = Policy { rules: Vec::new(), ..Policy::default() };
        assert!(matches!(none.save(&world.space, &world.ctx()).await, Err(RecordError::Invalid(_))));
        keep(world, &[newsletter("ada@example.org", State::Granted)]).await;
        world.wait(40 * 24 * 3600);
        assert!(allowed(world, "ada@example.org").await);
        strict.save(&world.space, &world.ctx()).await.expect("kept");
        assert!(!allowed(world, "ada@example.org").await);
    });
}

/// What can happen in a made-up world of few addresses and few people.
#[derive(Clone, Debug)]
enum Act {
    /// A statement through the interface.
    Say { at: usize, purpose: Option<usize>, state: State, proven: bool },
    /// One through a file.
    Import { at: usize, purpose: usize, yes: bool },
    /// One through an event of a user.
    Track { user: usize, at: usize, purpose: usize, state: State },
    /// A user is seen with an address: records with shared and changing addresses.
    Identify { user: usize, at: usize },
    /// Two users turn out to be one.
    Alias { user: usize, previous: usize },
    /// Somebody decides that the profiles of two addresses are one.
    Merge { at: usize, into: usize },
    /// Somebody takes the record of an address out of its profile.
    Part { at: usize },
    /// Somebody takes the latest decision back.
    Undo,
}

const ADDRESSES: usize = 4;
const USERS: usize = 3;
const PURPOSES: [&str; 3] = ["newsletter", "offers", "work_prospecting"];

fn any_act() -> impl Strategy<Value = Act> {
    let (at, user, purpose) = (0..ADDRESSES, 0..USERS, 0..PURPOSES.len());
    let state = prop::sample::select(State::ALL);
    prop_oneof![
        3 => (at.clone(), prop::option::weighted(0.8, purpose.clone()), state.clone(), any::<bool>())
            .prop_map(|(at, purpose, state, proven)| Act::Say { at, purpose, state, proven }),
        1 => (at.clone(), purpose.clone(), any::<bool>()).prop_map(|(at, purpose, yes)| Act::Import { at, purpose, yes }),
        2 => (user.clone(), at.clone(), purpose, state)
            .prop_map(|(user, at, purpose, state)| Act::Track { user, at, purpose, state }),
        2 => (user.clone(), at.clone()).prop_map(|(user, at)| Act::Identify { user, at }),
        1 => (user.clone(), user).prop_map(|(user, previous)| Act::Alias { user, previous }),
        2 => (at.clone(), at.clone()).prop_map(|(at, into)| Act::Merge { at, into }),
        2 => at.prop_map(|at| Act::Part { at }),
        1 => Just(Act::Undo),
    ]
}

/// A made-up world: what was said about each address, by hand. Each address has a record; who belongs together is for the product to say.
struct Story<'a> {
    world: &'a World,
    addresses: Vec<String>,
    said: Vec<Vec<Line>>,
    acted: Vec<Option<Timestamp>>,
    decided: Vec<Id>,
    number: usize,
}

impl Story<'_> {
    fn note(&mut self, at: usize, purpose: Option<usize>, state: State, proof: Proof, via: &str) {
        let now = self.world.clock.now();
        let purpose = purpose.map(|i| PURPOSES[i].to_owned());
        if !state.restricts() && proof.by == "person" {
            self.acted[at] = Some(now);
        }
        let channel = Some(Channel::Email);
        let (basis, source, seq) = (None, None, self.said[at].len() as i64);
        self.said[at].push(Line {
            seq,
            channel,
            purpose,
            state,
            basis,
            proof,
            source,
            at: now,
            received_at: now,
            expires_at: None,
            via: via.to_owned(),
            actor: None,
        });
    }

    async fn act(&mut self, act: Act) {
        let world = self.world;
        let user = |n: usize| format!("{}-user{n}", self.number);
        match act {
            Act::Say { at, purpose, state, proven: is_proven } => {
                let purpose = purpose.or((!state.restricts()).then_some(0));
                let text = self.addresses[at].clone();
                let statement = said(&text, Some(Channel::Email), purpose.map(|i| PURPOSES[i]), state);
                let statement = if is_proven { proven(statement) } else { statement };
                keep(world, std::slice::from_ref(&statement)).await;
                self.note(at, purpose, state, statement.proof, "cli");
            }
            Act::Import { at, purpose, yes } => {
                let now = world.clock.now();
                let text = format!(
                    "email,state,at,purpose,channel\n{},{yes},{now},{},email\n",
                    self.addresses[at].to_uppercase(),
                    PURPOSES[purpose]
                );
                let file = tabular::Source::from_bytes(text.into_bytes(), &tabular::Options::default()).expect("read");
                let none = HashMap::new();
                let told = import(&world.space, &world.ctx(), &Access::everything(), file, &none, &none, None).await;
                assert_eq!(told.expect("imported").new, 1);
                let state = if yes { State::Granted } else { State::Denied };
                self.note(at, Some(purpose), state, Proof::default(), "cli");
            }
            Act::Track { user: who, at, purpose, state } => {
                let name = match state {
                    State::Granted => "Consent Given",
                    State::Denied => "Consent Denied",
                    State::Withdrawn => "Consent Withdrawn",
                    State::Objected => "Email Marked as Spam",
                };
                let properties = json!({"email": self.addresses[at], "channel": "email", "purpose": PURPOSES[purpose]});
                world
                    .batch(vec![json!({"type": "track", "event": name, "userId": user(who), "properties": properties})])
                    .await;
                let proof = Proof { by: "person".into(), ..Proof::default() };
                self.note(at, Some(purpose), state, proof, "event");
                if !state.restricts() || state == State::Denied || state == State::Withdrawn {
                    self.acted[at] = Some(world.clock.now());
                }
            }
            Act::Identify { user: who, at } => {
                let traits = json!({"email": self.addresses[at], "name": "Ada Martin"});
                world.batch(vec![json!({"type": "identify", "userId": user(who), "traits": traits})]).await;
            }
            Act::Alias { user: who, previous } => {
                world.batch(vec![json!({"type": "alias", "userId": user(who), "previousId": user(previous)})]).await;
            }
            Act::Merge { at, into } => {
                let homes = self.homes().await;
                let profiles = vec![homes[at], homes[into]];
                if profiles[0] != profiles[1] {
                    self.decide(identity::Decision::Join { profiles }).await;
                }
            }
            Act::Part { at } => {
                let (homes, record) = (self.homes().await, world.record(world.source, &self.key(at)).await);
                self.decide(identity::Decision::Separate { profile: homes[at], records: vec![record] }).await;
            }
            Act::Undo => {
                if let Some(verdict) = self.decided.pop() {
                    self.decide(identity::Decision::TakeBack { verdict }).await;
                }
            }
        }
        world.wait(60);
    }

    fn key(&self, at: usize) -> String {
        format!("{}-record{at}", self.number)
    }

    /// Gives every address a record.
    async fn begin(&self) {
        let record =
            |at: usize| (self.key(at), json!({ "email": self.addresses[at], "name": format!("Ada Martin {at}") }));
        self.world.give(self.world.source, (0..ADDRESSES).map(record).collect()).await;
    }

    /// The profile of each address's record.
    async fn homes(&self) -> Vec<Id> {
        self.world.resolve().await;
        let all = self.world.partition(&[self.world.source]).await;
        (0..ADDRESSES).map(|at| all[&self.key(at)]).collect()
    }

    /// Decides; what would change nothing is refused, which is as well.
    async fn decide(&mut self, decision: identity::Decision) {
        let is_new = !matches!(decision, identity::Decision::TakeBack { .. });
        match self.world.decide(decision, false).await {
            Ok(effect) => self.decided.extend(is_new.then_some(effect.verdict)),
            Err(RecordError::Invalid(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// Lets the worker follow until it has seen every event: then each address has the lines that were said about it.
    async fn settle(&self) {
        for (address, lines) in self.addresses.iter().zip(&self.said) {
            follow(self.world, address, lines.len()).await;
        }
    }

    /// The decisions for every profile are those of its addresses, each from its own lines.
    async fn check(&self) {
        let (world, homes) = (self.world, self.homes().await);
        let mut reader = world.space.store.read().await.expect("a reader");
        let gate = Gate::open(&world.space, &mut reader).await.expect("opened");
        let now = world.clock.now();
        for profile in homes.iter().collect::<BTreeSet<_>>() {
            let own: Vec<usize> = (0..ADDRESSES).filter(|at| homes[*at] == *profile).collect();
            let points: Vec<ContactPoint> = own.iter().map(|at| point(&self.addresses[*at])).collect();
            for key in PURPOSES {
                for audience in [Audience::Consumer, Audience::Professional] {
                    let found =
                        may(&world.space, &mut reader, &points, Channel::Email, key, audience).await.expect("decided");
                    let purpose = gate.purposes.get(key).expect("there");
                    for (decision, at) in found.iter().zip(&own) {
                        let point = point(&self.addresses[*at]);
                        let last_action = self.acted[*at];
                        let question =
                            Question { point: &point, channel: Channel::Email, purpose, audience, last_action };
                        let alone = decide(&self.said[*at], &question, &gate.purposes, &gate.policy, now);
                        let shown = |d: &Decision| (d.allowed, d.standing, d.until);
                        assert_eq!(shown(decision), shown(&alone), "{point} {key} {audience:?} {:#?}", self.said[*at]);
                    }
                }
            }
        }
    }
}

#[test]
fn a_consent_never_leaves_its_contact_point() {
    on_each(async |world| {
        let mut runner = TestRunner::deterministic();
        let acts = prop::collection::vec(any_act(), 1..25);
        for number in 0..24 {
            let story = acts.new_tree(&mut runner).expect("a story").current();
            let addresses = (0..ADDRESSES).map(|i| format!("p{i}@case{number}.example")).collect();
            let said = vec![Vec::new(); ADDRESSES];
            let (acted, decided) = (vec![None; ADDRESSES], Vec::new());
            let mut state = Story { world, addresses, said, acted, decided, number };
            state.begin().await;
            for act in story {
                state.act(act).await;
            }
            state.settle().await;
            state.check().await;
        }
    });
}
