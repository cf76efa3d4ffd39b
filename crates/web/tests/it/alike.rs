//! Possible duplicates, said while a record is typed; records of one customer merged, and enriched from what other sources say.

use axum::http::StatusCode;
use kernel::Id;
use model::{Address, Entry, Fields, Ident, PersonName, Query, Ref, Value};

use crate::world::{Browser, World, on_each};

const TYPED: [(&str, &str); 4] = [
    ("name.first", "Élodie"),
    ("name.last", "Lefevre"),
    ("emails.value", "elodie.lefevre@exemple-mail.fr"),
    ("birth_date", "not yet"),
];

impl World {
    /// Contacts are a source of people.
    async fn contacts_are_a_source(&self) -> Id {
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::from("Contacts")),
            (Ident::of("kind"), Value::from("object")),
            (Ident::of("object"), Value::from("contact")),
            (Ident::of("entity"), Value::from("person")),
        ]);
        self.create("source", fields).await
    }

    /// The profiles of the records of Élodie.
    async fn elodies(&self) -> usize {
        let all = self.profiles().await.into_iter().filter_map(|profile| profile.get(customers::profile::NAME));
        all.filter(|name| kernel::fold(name).contains("elodie")).count()
    }
}

#[test]
fn a_possible_duplicate_is_said_and_said_to_be_somebody_else() {
    on_each(async |world| {
        world.town().await;
        world.contacts_are_a_source().await;
        let mut admin = world.admin().await;
        let form = admin.get("/o/contact/new").await;
        assert!(form.page().contains("hx-post=\"/o/contact/duplicates\""), "{}", form.text);
        let said = admin.post("/o/contact/duplicates", &TYPED).await;
        let elodie = world.profile("Élodie Lefèvre").await;
        for word in ["This may be known already", "Élodie Lefèvre", &elodie, "It is somebody else"] {
            assert!(said.page().contains(word), "{word}: {}", said.text);
        }
        let nothing = admin.post("/o/contact/duplicates", &[("name.last", "Unheard")]).await;
        assert_eq!(nothing.page(), "");

        let record = said.text.split("name=\"apart\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let record = record.expect("a record").to_owned();
        let mut saved = TYPED[..3].to_vec();
        saved.push(("apart", &record));
        let made = admin.post("/o/contact/new", &saved).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let contact = made.location().to_owned();
        while world.elodies().await < 2 {
            world.work().await;
            tokio::task::yield_now().await;
        }
        let id = contact.rsplit('/').next().expect("an identifier");
        let again = admin.post(&format!("/o/contact/duplicates?id={id}"), &TYPED).await;
        assert_eq!(again.page(), "", "what was answered is not asked again");
        let other = admin.post("/o/contact/duplicates", &TYPED).await;
        assert!(other.page().contains(&contact), "a record of the same object is led to: {}", other.text);
    });
}

#[test]
fn nobody_learns_of_a_profile_that_is_not_theirs_to_see() {
    on_each(async |world| {
        world.town().await;
        let mut nobody = world.signed_in("nora@test.example").await;
        let said = nobody.post("/o/contact/duplicates", &TYPED).await;
        assert_eq!(said.page(), "");
        let mut visitor = world.visitor();
        visitor.get("/sign-in").await;
        assert!(!visitor.post("/o/contact/duplicates", &TYPED).await.text.contains("Lefèvre"));
        let mut admin = world.admin().await;
        assert_eq!(admin.post("/o/nothing/duplicates", &TYPED).await.status, StatusCode::NOT_FOUND);
    });
}

impl World {
    /// A contact, by its address, once the repository knows it.
    async fn contact(&self, first: &str, last: &str, email: &str, city: &str) -> String {
        let name = PersonName { first: first.into(), last: last.into(), ..PersonName::default() };
        let address = Address { city: city.into(), ..Address::default() };
        let fields = Fields::from_iter([
            (Ident::of("name"), Value::Name(Box::new(name))),
            (Ident::of("emails"), Value::Entries(vec![Entry { value: email.into(), label: String::new() }])),
            (Ident::of("address"), Value::Address(Box::new(address))),
        ]);
        let id = self.create("contact", fields).await;
        let source = self.sources().await;
        loop {
            self.work().await;
            let mut reader = self.space.store.read().await.expect("a reader");
            let known = reader.source_record(source, &id.to_string()).await.expect("read");
            let records: Vec<Id> = known.into_iter().map(|version| version.record).collect();
            if !reader.entries(&records).await.expect("read").is_empty() {
                return format!("/o/contact/{}", id.typed("con"));
            }
            drop(reader);
            tokio::task::yield_now().await;
        }
    }

    async fn sources(&self) -> Id {
        let all = self.space.list(&self.ctx(), &Query::of(Ident::of("source"))).await.expect("listed").records;
        let contacts = all.iter().find(|source| *source.value("object") == Value::from("contact"));
        contacts.expect("contacts are a source").id()
    }
}

#[test]
fn records_of_one_customer_are_merged_with_what_points_to_them_and_brought_back() {
    on_each(async |world| {
        world.contacts_are_a_source().await;
        let kept = world.contact("Iris", "Noe", "iris@exemple-mail.fr", "Lyon").await;
        let gone = world.contact("Iris", "NOE", "iris@exemple-mail.fr", "Bron").await;
        let [keep, go] = [&kept, &gone].map(|path| path.rsplit('/').next().expect("an identifier").to_owned());
        let id = Id::parse(&go, "con").expect("an identifier");
        let note = Fields::from_iter([
            (Ident::of("body"), Value::from("Prefers mornings")),
            (Ident::of("about"), Value::Ref(Ref { object: Ident::of("contact"), id })),
        ]);
        world.create("note", note).await;
        let mut admin = world.admin().await;
        let known = admin.get(&format!("{kept}/profile")).await;
        let merge = format!("{kept}/merge?other={go}");
        assert!(
            known.page().contains("One other record of this customer") && known.text.contains(&merge),
            "{}",
            known.text
        );
        let asked = admin.get(&merge).await;
        assert!(asked.page().contains("Bron") && asked.text.contains("value.address"), "{}", asked.text);
        let page = async |admin: &mut Browser<'_>, path: &str| admin.get(path).await.text;
        let form = [("other", go.as_str()), ("keep", &keep), ("value.address", &go), ("value.emails", "all")];
        let merged = admin.post(&format!("{kept}/merge"), &form).await;
        assert_eq!((merged.status, merged.location()), (StatusCode::SEE_OTHER, kept.as_str()), "{}", merged.text);
        let shown = page(&mut admin, &kept).await;
        assert!(shown.contains("Bron") && shown.contains("Prefers mornings"), "{shown}");
        assert!(page(&mut admin, &gone).await.contains("in the bin"));
        let undo = shown.split("/batch/").nth(1).and_then(|rest| rest.split('/').next()).expect("an offer").to_owned();
        admin.post(&format!("/batch/{undo}/undo"), &[]).await;
        let shown = page(&mut admin, &kept).await;
        assert!(shown.contains("Lyon") && !shown.contains("Prefers mornings"), "{shown}");
        assert!(page(&mut admin, &gone).await.contains("Prefers mornings"));

        let itself = admin.post(&format!("{kept}/merge"), &[("other", keep.as_str())]).await;
        assert_eq!(itself.status, StatusCode::NOT_FOUND);
        let mut nobody = world.signed_in("nora@test.example").await;
        for path in [merge.as_str(), &format!("{kept}/profile")] {
            assert_eq!(nobody.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(nobody.post(&format!("{kept}/merge"), &form).await.status, StatusCode::FORBIDDEN);
        let mut rep = world.signed_in("remi@test.example").await;
        let refused = rep.post(&format!("{kept}/merge"), &form).await;
        assert!(refused.status.is_client_error(), "contacts of another team: {}", refused.text);
    });
}

#[test]
fn a_record_takes_over_what_other_sources_say() {
    on_each(async |world| {
        world.town().await;
        world.contacts_are_a_source().await;
        let contact = world.contact("Élodie", "Lefèvre", "elodie.lefevre@exemple-mail.fr", "").await;
        let mut admin = world.admin().await;
        let known = admin.get(&format!("{contact}/profile")).await;
        for word in ["What other sources say", "Phones", "value=\"phones\""] {
            assert!(known.page().contains(word), "{word}: {}", known.text);
        }
        let nothing = admin.post(&format!("{contact}/enrich"), &[("field", "job_title")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nothing.text);
        let taken = admin.post(&format!("{contact}/enrich"), &[("field", "phones")]).await;
        assert_eq!(taken.location(), contact, "{}", taken.text);
        let shown = admin.get(&contact).await;
        assert!(shown.page().contains("39 98 12 34") || shown.text.contains("+33639981234"), "{}", shown.text);
        let undo = shown.text.split("/batch/").nth(1).and_then(|rest| rest.split('/').next()).expect("an offer");
        admin.post(&format!("/batch/{undo}/undo"), &[]).await;
        let mut rep = world.signed_in("remi@test.example").await;
        let refused = rep.post(&format!("{contact}/enrich"), &[("field", "phones")]).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
    });
}

#[test]
fn whoever_gives_a_record_an_address_of_the_erased_is_warned() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let name = PersonName { first: "Anne".into(), last: "Autre".into(), ..PersonName::default() };
        let fields = Fields::from_iter([(Ident::of("name"), Value::Name(Box::new(name)))]);
        let anne = world.create("contact", fields).await.typed("con");
        let karim = world.profile("Karim Roux").await;
        let point = admin.get(&format!("{karim}/links")).await.text;
        let mail = point.split("value=\"email:").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
        let id = Id::parse(karim.rsplit('/').next().expect("an identifier"), "prf").expect("an identifier");
        customers::erasure::run(&world.space, &world.ctx(), id, None).await.expect("erased");

        let typed = [("emails.value", mail), ("emails.label", "work")];
        let asked = format!("/o/contact/duplicates?id={anne}");
        let warning = "This address or number is of a person who asked to be erased";
        assert!(admin.post(&asked, &typed).await.page().contains(warning));
        let mut script = world.admin().await.htmx();
        let saved = script.post(&format!("/o/contact/{anne}/cell/emails"), &typed).await;
        assert!(saved.page().contains(warning) && saved.text.contains("/undo"), "{}", saved.text);
        assert!(!admin.post(&asked, &typed).await.page().contains(warning), "it stands there now");
    });
}
