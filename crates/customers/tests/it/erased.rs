//! A person taken out of everything, and kept from coming back.

use customers::consent::{Audience, Channel, ContactPoint, PointKind, Proof, State, Statement, may, record};
use customers::erasure::{Kept, apply, export, is_erased, lift, preview, run};
use customers::person::{Entered, ask, correct, enter, held, link, object_to_all, revoke, session};
use customers::profile::{Lookup, NAME, find, view};
use customers::source::give;
use kernel::Id;
use model::{Entry, Fields, Ident, ObjectDef, Value, emails, phones, text};
use records::{Access, Op, Worker, import};
use serde_json::json;
use store::{Place, Store};

use crate::world::{World, on_each};

/// What nobody but Ada has.
const HERS: [&str; 5] = ["ada@exemple-mail.fr", "ada.old@exemple-mail.fr", "639981234", "quillfeather", "visitor-7"];

async fn settle(world: &World) {
    let worker = Worker::new(world.space.clone(), &[]);
    while worker.step().await.expect("worked") {}
}

async fn profile_of(world: &World, email: &str) -> Option<Id> {
    let mut reader = world.space.store.read().await.expect("a reader");
    let found = find(&world.space, &mut reader, &Lookup::Email(email.to_owned())).await.expect("looked");
    found.first().copied()
}

fn ada() -> serde_json::Value {
    json!({"first_name": "Ada", "last_name": "Quillfeather", "email": "ada@exemple-mail.fr", "phone": "06 39 98 12 34"})
}

/// Two sources, events from before and after she was known, a consent, a refusal, somebody else.
async fn fill(world: &World) -> Id {
    let ctx = world.ctx();
    let shop = world.create_source("Boutique").await;
    let mut old = ada();
    old["email"] = json!("ada.old@exemple-mail.fr");
    give(&world.space, &ctx, world.source, vec![("c-1".to_owned(), old)], false).await.expect("kept");
    give(&world.space, &ctx, world.source, vec![("c-1".to_owned(), ada())], false).await.expect("kept");
    let other = json!({"first_name": "Bob", "last_name": "Martin", "email": "bob@exemple-mail.fr"});
    give(&world.space, &ctx, shop, vec![("c-9".to_owned(), ada()), ("c-8".to_owned(), other)], false)
        .await
        .expect("kept");
    let seen = json!({"type": "page", "messageId": "m0", "anonymousId": "visitor-7", "name": "Home"});
    let known =
        json!({"type": "identify", "messageId": "m1", "anonymousId": "visitor-7", "userId": "u-1", "traits": ada()});
    let bought = json!({"type": "track", "messageId": "m2", "userId": "u-1", "event": "Order Completed",
        "properties": {"order_id": "o1", "revenue": 20, "currency": "EUR"}});
    let bad =
        json!({"type": "track", "messageId": "m3", "userId": "u-1", "properties": {"mail": "Ada@Exemple-mail.fr"}});
    assert_eq!(world.batch(vec![seen, known, bought, bad]).await, (3, 0, 1));
    let statement = Statement {
        point: ContactPoint::guess("ada@exemple-mail.fr").expect("a point"),
        channel: Some(Channel::Email),
        purpose: Some("newsletter".to_owned()),
        state: State::Granted,
        basis: None,
        proof: Proof { wording: "Oui".into(), place: "form".into(), by: "person".into(), ..Proof::default() },
        source: None,
        at: None,
        expires_at: None,
    };
    record(&world.space, &ctx, &Access::everything(), &[statement]).await.expect("noted");
    world.resolve().await;
    profile_of(world, "ada@exemple-mail.fr").await.expect("a profile")
}

async fn left(store: &Store) -> Vec<String> {
    let dump = store.read().await.expect("a reader").dump().await.expect("dumped").to_lowercase();
    let lines = dump.lines().filter(|line| HERS.iter().any(|hers| line.contains(hers)));
    lines.map(|line| line.chars().take(300).collect()).collect()
}

#[test]
fn nothing_of_a_person_is_left_and_nothing_brings_it_back() {
    on_each(async |world| {
        let (space, ctx, all) = (&world.space, world.ctx(), Access::everything());
        let profile = fill(world).await;
        assert!(left(&space.store).await.len() > 10, "she is everywhere");
        let who = Entered { profile, point: ContactPoint::guess("ada@exemple-mail.fr").expect("a point") };
        let request = ask(space, &ctx, &who, "erasure", "Effacez Quillfeather").await.expect("asked");
        let again = ask(space, &ctx, &who, "erasure", "").await.expect("asked");
        assert_eq!(request.id(), again.id(), "one open request of a kind");

        let plan = preview(space, &ctx, &all, profile).await.expect("planned");
        assert!(plan.records >= 3 && plan.versions > plan.records, "{plan:?}");
        assert_eq!(plan.kept, [Kept::Request, Kept::Objection, Kept::Tombstones]);
        let erased = run(space, &ctx, profile, Some(request.id())).await.expect("erased");
        assert_eq!(erased.request, request.id());
        settle(world).await;
        assert_eq!(left(&space.store).await, Vec::<String>::new());
        if let Some(path) = space.store.file() {
            for file in [path.to_owned(), path.with_extension("db-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                let found: Vec<&&str> = HERS.iter().filter(|hers| text.contains(**hers)).collect();
                assert!(found.is_empty(), "{found:?} in {}", file.display());
            }
        }
        let answered = space.get(&ctx, &Ident::of("rights_request"), request.id()).await.expect("kept");
        let text = |field: &str| answered.value(field).as_text().unwrap_or_default().to_owned();
        assert_eq!((text("state").as_str(), text("address").as_str()), ("answered", "—"));
        assert!(text("proof").contains("art. 5.2"), "{}", text("proof"));
        assert!(profile_of(world, "bob@exemple-mail.fr").await.is_some(), "others stay");

        // Neither a file that comes again nor an event brings her back; another key does not help.
        let again = vec![("c-1".to_owned(), json!({"x": 1})), ("c-77".to_owned(), ada())];
        let taken = give(space, &ctx, world.source, again, false).await.expect("read");
        assert_eq!((taken.accepted, taken.rejected.len()), (0, 2));
        assert!(taken.rejected.iter().all(|(_, problem)| problem.key == "erased"));
        let known = json!({"type": "identify", "messageId": "m9", "userId": "u-5", "traits": ada()});
        let seen = json!({"type": "page", "messageId": "m8", "anonymousId": "visitor-7"});
        assert_eq!(world.batch(vec![known, seen]).await, (0, 0, 2));
        settle(world).await;
        assert_eq!(left(&space.store).await, Vec::<String>::new());

        // Nobody writes to her for marketing, until she comes back.
        let points = [who.point.clone()];
        let mut reader = space.store.read().await.expect("a reader");
        let decided =
            may(space, &mut reader, &points, Channel::Email, "work_prospecting", Audience::Professional).await;
        assert!(!decided.expect("decided")[0].allowed);
        drop(reader);
        assert!(lift(space, &all, &who.point).await.expect("lifted"));
        let back = json!({"email": "ada@exemple-mail.fr", "first_name": "Ada"});
        let taken = give(space, &ctx, world.source, vec![("c-78".to_owned(), back)], false).await.expect("read");
        assert_eq!((taken.accepted, taken.rejected.len()), (1, 0));
    });
}

/// An object of members: name, e-mails and telephones.
async fn members(world: &World) {
    let fields = vec![text("name").required().def(), emails("emails").def(), phones("phones").def()];
    let mut object = ObjectDef::new("member", "mem", "user", "name", fields);
    object.label = kernel::Label { fr: "Membre".into(), en: "Member".into() };
    object.plural = object.label.clone();
    object.fields.iter_mut().for_each(|field| field.label = object.label.clone());
    world.space.define_object(&world.ctx(), object).await.expect("an object");
}

/// The value of a list with one line.
fn line(value: &str) -> Value {
    Value::Entries(vec![Entry { value: value.to_owned(), label: String::new() }])
}

/// A file of members as an import takes it.
fn file(world: &World, text: &str, mapping: import::Mapping) -> import::Request {
    let path = world.folder.path().join("members.csv");
    std::fs::write(&path, text).expect("written");
    import::Request {
        name: "members.csv".into(),
        source: "test".into(),
        reading: import::Reading::default(),
        rejects: path.with_extension("rejected.csv"),
        path,
        mapping: mapping.column("Name", "name").column("Mail", "emails").column("Phone", "phones"),
    }
}

/// What an import did, and what its preview said: the same.
async fn took(world: &World, request: &import::Request) -> import::Progress {
    let (space, ctx) = (&world.space, world.ctx());
    let seen = import::preview(space, &ctx, request.clone(), 10, None).await.expect("previewed").progress;
    let batch = import::start(space, &ctx, request.clone()).await.expect("started");
    let batch = import::run(space, &ctx, batch.id, |_| true).await.expect("imported");
    let done = import::progress_of(&batch);
    let counts = |p: &import::Progress| (p.created, p.updated, p.unchanged, p.rejected);
    assert_eq!(counts(&seen), counts(&done), "a preview says the same");
    done
}

/// Rows of a file of members with the address that was erased, with its number written otherwise, and of somebody else.
const FILE: &str = "Name,Mail,Phone\nAda,Ada@Exemple-mail.fr,\nHer,,+33 6 39 98 12 34\nBob,bob@exemple-mail.fr,\n";

#[test]
fn an_import_makes_no_record_of_the_erased() {
    on_each(async |world| {
        let (space, ctx, all) = (&world.space, world.ctx(), Access::everything());
        members(world).await;
        let request = file(world, FILE, import::Mapping::new(Ident::of("member")));
        let took = async || {
            let done = took(world, &request).await;
            (done.created, done.rejected)
        };
        assert_eq!(took().await, (3, 0), "nobody was erased yet");
        let profile = fill(world).await;
        run(space, &ctx, profile, None).await.expect("erased");
        assert_eq!(took().await, (1, 2));
        let why = std::fs::read_to_string(&request.rejects).expect("a file of rejected rows");
        let reason = "Cette personne a demandé son effacement";
        assert_eq!(why.matches(reason).count(), 2, "{why}");

        // Whoever types her is warned, and may go on; once she came back, files may have her too.
        let schema = space.schema();
        let member = schema.object("member").expect("there");
        let point = ContactPoint::guess("ada@exemple-mail.fr").expect("a point");
        let typed = |mail: &str| {
            Fields::from_iter([(Ident::of("name"), Value::from("Ada")), (Ident::of("emails"), line(mail))])
        };
        let erased = async |mail: &str| {
            let mut reader = space.store.read().await.expect("a reader");
            is_erased(&mut reader, member, None, &typed(mail)).await.expect("looked")
        };
        assert!(erased("ada@exemple-mail.fr").await && !erased("bob@exemple-mail.fr").await);
        let by_hand = Op::Create(typed("ada@exemple-mail.fr"));
        space.write_one(&ctx, &Ident::of("member"), by_hand).await.expect("people come back");
        assert!(lift(space, &all, &point).await.expect("lifted"));
        assert_eq!((took().await, erased("ada@exemple-mail.fr").await), ((2, 1), false));
    });
}

/// Rows that change members who are there: each says something new of them, of Her and Hers with an address or a number that was erased.
const CHANGES: &str = "Name,Mail,Phone\nHer,Ada@Exemple-mail.fr,\nHers,,06 39 98 12 34\nBob,bob.b@exemple-mail.fr,\nAda,ada@exemple-mail.fr,01 99 00 12 34\n";

#[test]
fn an_import_gives_nobody_an_address_of_the_erased() {
    on_each(async |world| {
        let (space, ctx) = (&world.space, world.ctx());
        members(world).await;
        let named = |name: &str| (Ident::of("name"), Value::from(name));
        let mut ids = Vec::new();
        for name in ["Her", "Hers", "Bob"] {
            let op = Op::Create(Fields::from_iter([named(name)]));
            let made = space.write_one(&ctx, &Ident::of("member"), op).await.expect("made");
            ids.push(made.record.id());
        }
        let profile = fill(world).await;
        run(space, &ctx, profile, None).await.expect("erased");
        // Who was typed by hand since keeps what was typed, and may be told more of.
        let back = Fields::from_iter([named("Ada"), (Ident::of("emails"), line("ada@exemple-mail.fr"))]);
        let back =
            space.write_one(&ctx, &Ident::of("member"), Op::Create(back)).await.expect("people come back").record;

        let request = file(world, CHANGES, import::Mapping::new(Ident::of("member")).upsert(&["name"]));
        let done = took(world, &request).await;
        assert_eq!((done.created, done.updated, done.rejected), (0, 2, 2));
        let why = std::fs::read_to_string(&request.rejects).expect("a file of rejected rows");
        assert_eq!(why.matches("Cette personne a demandé son effacement").count(), 2, "{why}");
        for id in &ids[..2] {
            let kept = space.get(&ctx, &Ident::of("member"), *id).await.expect("there");
            assert!(kept.value("emails").is_empty() && kept.value("phones").is_empty(), "{kept:?}");
        }
        let told = space.get(&ctx, &Ident::of("member"), back.id()).await.expect("there");
        assert!(!told.value("phones").is_empty(), "{told:?}");

        // By hand it is a warning, and only of what the record gains.
        let schema = space.schema();
        let member = schema.object("member").expect("there");
        let hers = Fields::from_iter([(Ident::of("emails"), line("ada@exemple-mail.fr"))]);
        let her = space.get(&ctx, &Ident::of("member"), ids[0]).await.expect("there");
        let mut reader = space.store.read().await.expect("a reader");
        assert!(is_erased(&mut reader, member, Some(&her), &hers).await.expect("looked"));
        assert!(!is_erased(&mut reader, member, Some(&told), &hers).await.expect("looked"));
    });
}

#[test]
fn a_backup_that_is_put_back_does_not_bring_the_person_back() {
    on_each(async |world| {
        let (space, ctx) = (&world.space, world.ctx());
        let Place::File(path) = space.store.place() else { return };
        let profile = fill(world).await;
        let copy = path.with_file_name("copy.db");
        space.store.copy_file(&copy).await.expect("copied");
        run(space, &ctx, profile, None).await.expect("erased");
        let stones = export(space).await.expect("exported");
        assert!(HERS.iter().all(|hers| !stones.to_string().contains(hers)));
        let restored = Store::open(&Place::File(copy)).await.expect("a store");
        let restored = records::Space::open(space.platform.clone(), "test", restored).await.expect("a tenant");
        assert!(!left(&restored.store).await.is_empty());
        assert_eq!(apply(&restored, &ctx, &stones).await.expect("applied"), 1);
        assert_eq!(left(&restored.store).await, Vec::<String>::new());
        assert!(apply(&restored, &ctx, &json!({"stones": [["x", 1]]})).await.is_err());
    });
}

#[test]
fn a_link_opens_one_persons_page_until_it_ends() {
    on_each(async |world| {
        let (space, ctx, all) = (&world.space, world.ctx(), Access::everything());
        let profile = fill(world).await;
        let point = ContactPoint::guess("ada@exemple-mail.fr").expect("a point");
        let foreign = ContactPoint::guess("bob@exemple-mail.fr").expect("a point");
        assert!(link(space, &ctx, &all, profile, &foreign, 7).await.is_err(), "only to her own addresses");
        let rep = space.access(&world.user("rep", &["rep"]).await).await.expect("rights");
        assert!(link(space, &ctx, &rep, profile, &point, 7).await.is_err());
        let secret = link(space, &ctx, &all, profile, &point, 7).await.expect("a link");
        assert!(enter(space, &ctx, "me_nothing").await.expect("looked").is_none());
        let opened = enter(space, &ctx, &secret.text).await.expect("looked").expect("opened");
        let who = session(space, &ctx, &opened.text).await.expect("looked").expect("a session");
        assert_eq!((who.profile, &who.point), (profile, &point));
        assert!(session(space, &ctx, &secret.text).await.expect("looked").is_none(), "a link is no session");
        world.wait(31 * 60);
        assert!(session(space, &world.ctx(), &opened.text).await.expect("looked").is_none());
        let again = enter(space, &world.ctx(), &secret.text).await.expect("looked").expect("opened");
        assert!(revoke(space, &all, &secret.hash).await.expect("revoked"));
        assert!(session(space, &world.ctx(), &again.text).await.expect("looked").is_none());
        assert!(enter(space, &world.ctx(), &secret.text).await.expect("looked").is_none());
    });
}

#[test]
fn what_somebody_says_about_itself_is_believed_and_never_compared() {
    on_each(async |world| {
        let (space, ctx) = (&world.space, world.ctx());
        let profile = fill(world).await;
        let who =
            Entered { profile, point: ContactPoint::new(PointKind::Email, "ada@exemple-mail.fr").expect("a point") };
        assert!(correct(space, &ctx, &who, "email", "bob@exemple-mail.fr").await.is_err(), "addresses are asked for");
        for (attribute, value) in [("first_name", "Bob"), ("last_name", "Martin"), ("job_title", "Compositrice")] {
            correct(space, &ctx, &who, attribute, value).await.expect("said");
        }
        settle(world).await;
        let mut reader = space.store.read().await.expect("a reader");
        let view = view(space, &Access::everything(), profile, &mut reader).await.expect("there");
        drop(reader);
        assert_eq!(view.profile.get(NAME).as_deref(), Some("Bob Martin"));
        assert_eq!(view.golden.first("job_title"), Some("Compositrice"));
        assert_ne!(profile_of(world, "bob@exemple-mail.fr").await, Some(profile), "nobody becomes somebody else");
        let held = held(space, &ctx, profile).await.expect("held");
        assert!(held.sources.values().any(|told| told.own) && held.events.len() >= 3, "{:?}", held.sources);
        object_to_all(space, &ctx, &who, "192.0.2.1").await.expect("objected");
        let points: Vec<ContactPoint> = held.points.clone();
        assert_eq!(points.len(), 2);
        let mut reader = space.store.read().await.expect("a reader");
        let phone = points.iter().find(|point| point.kind() == PointKind::Phone).cloned().expect("a phone");
        let decided =
            may(space, &mut reader, &[phone], Channel::Phone, "work_prospecting", Audience::Professional).await;
        assert!(!decided.expect("decided")[0].allowed, "a no to all is one at every address");
    });
}
