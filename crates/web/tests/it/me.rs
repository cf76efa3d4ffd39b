//! The customer's page, its links, erasure by staff, and the link at the foot of a message.

use std::sync::Arc;

use axum::http::StatusCode;
use customers::consent::{Channel, ContactPoint, unsubscribe_token};
use kernel::Id;
use model::{Entry, Fields, Ident, PersonName, Query, Ref, Value};
use records::Worker;

use crate::world::{HOSTILE, World, on_each};

const HERS: [&str; 3] = ["ada@exemple-mail.fr", "quillfeather", "zephyrine"];

async fn settle(world: &World) {
    let worker = Worker::new(Arc::clone(&world.space), &[]);
    while worker.step().await.expect("worked") {}
}

/// A contact with a note, taken over into a profile.
async fn profile(world: &World) -> Id {
    let source = Fields::from_iter([
        (Ident::of("name"), Value::from("CRM")),
        (Ident::of("kind"), Value::from("object")),
        (Ident::of("object"), Value::from("contact")),
        (Ident::of("purpose"), Value::from(HOSTILE)),
    ]);
    world.create("source", source).await;
    let name = PersonName { first: "Zephyrine".into(), last: "Quillfeather".into(), ..PersonName::default() };
    let email = Entry { value: "ada@exemple-mail.fr".into(), label: String::new() };
    let contact = Fields::from_iter([
        (Ident::of("name"), Value::Name(Box::new(name))),
        (Ident::of("emails"), Value::Entries(vec![email])),
    ]);
    let contact = world.create("contact", contact).await;
    let note = Fields::from_iter([
        (Ident::of("body"), Value::from("Zephyrine aime le thé")),
        (Ident::of("about"), Value::Ref(Ref { object: Ident::of("contact"), id: contact })),
    ]);
    world.create("note", note).await;
    let kept = Fields::from_iter([
        (Ident::of("body"), Value::from("Son frère conteste la vente")),
        (Ident::of("about"), Value::Ref(Ref { object: Ident::of("contact"), id: contact })),
        (Ident::of("withheld"), Value::from("claim")),
    ]);
    world.create("note", kept).await;
    // Writes of other tests on the same server may hold the end of the log back for a while.
    loop {
        settle(world).await;
        let found = world.space.list(&world.ctx(), &Query::of(Ident::of("profile"))).await.expect("listed").records;
        if let Some(profile) = found.first() {
            return profile.id();
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_person_sees_corrects_refuses_takes_along_and_is_erased() {
    on_each(async |world| {
        let id = profile(world).await;
        let typed = id.typed("prf");
        let mut admin = world.admin().await;
        let links = format!("/o/profile/{typed}/links");
        assert!(admin.get(&links).await.page().contains("Make a link for"));
        let given = admin.post(&links, &[("point", "email:ada@exemple-mail.fr")]).await;
        let path = given.page().split("/me/l/").nth(1).expect("a link").split('<').next().expect("an end").to_owned();
        assert!(admin.get(&format!("/o/profile/{typed}")).await.page().contains("/erasure"));
        let mut rep = world.signed_in("remi@test.example").await;
        assert_eq!(rep.get(&links).await.status, StatusCode::FORBIDDEN);
        assert_eq!(rep.get(&format!("/o/profile/{typed}/erasure")).await.status, StatusCode::FORBIDDEN);

        let mut ada = world.visitor();
        assert!(ada.get("/me").await.page().contains("opens with a link"));
        assert_eq!(ada.post("/me/object", &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ada.get("/me/l/me_nothing").await.status, StatusCode::NOT_FOUND);
        assert_eq!(ada.get(&format!("/me/l/{path}")).await.location(), "/me");
        let shown = ada.get("/me").await;
        for text in [
            "Quillfeather",
            "aime le thé",
            "ada@exemple-mail.fr",
            "Defence of a legal claim",
            "CRM",
            "somebody of the administration",
        ] {
            assert!(shown.page().contains(text), "{text}: {}", shown.text);
        }
        assert!(!shown.text.contains("conteste"), "a withheld note is named and not shown: {}", shown.text);
        assert!(!shown.text.contains("<script>alert"), "what a source is for is escaped");
        assert!(!shown.text.contains("me-attribute-") && !shown.text.contains("me-role-"), "every word is there");
        let fixed = ada.post("/me/correct", &[("attribute", "job_title"), ("value", "Compositrice")]).await;
        assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
        let refused = ada.post("/me/correct", &[("attribute", "email"), ("value", "x@exemple-mail.fr")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let yes = [("channel", "email"), ("purpose", "newsletter"), ("answer", "yes")];
        assert_eq!(ada.post("/me/consent", &yes).await.status, StatusCode::SEE_OTHER);
        settle(world).await;
        let shown = ada.get("/me").await;
        assert!(shown.page().contains("Compositrice") && shown.page().contains("You said so"), "{}", shown.text);
        assert!(shown.page().contains("I refuse"), "the yes counts");
        assert_eq!(ada.post("/me/object", &[]).await.status, StatusCode::SEE_OTHER);
        for (form, text) in [("json", "aime le thé"), ("csv", "Compositrice"), ("vcf", "EMAIL:ada@exemple-mail.fr")] {
            let file = ada.get(&format!("/me/export/{form}")).await;
            assert!(file.page().contains(text), "{form}: {}", file.text);
            assert!(!file.text.contains("conteste"), "{form}: {}", file.text);
            assert!(form != "json" || file.text.contains("\"ground\": \"claim\""), "{}", file.text);
        }
        ada.get("/me/language/fr").await;
        let french = ada.get("/me").await;
        assert!(french.page().contains("Vos données") && french.page().contains("Vous l’avez dit"));

        ada.post("/me/ask", &[("right", "erasure"), ("wish", "Effacez Zephyrine")]).await;
        let object = Ident::of("rights_request");
        let asked = world.space.list(&world.ctx(), &Query::of(object)).await.expect("listed").records;
        let request = asked.first().expect("a request").id().typed("rrq");
        let page = format!("/o/profile/{typed}/erasure");
        assert!(admin.get(&page).await.page().contains("Notes"));
        let unsure = admin.post(&page, &[("request", &request), ("sure", "yes")]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unsure.text.contains("nothing was erased") && unsure.text.contains(&request), "the page is kept");
        let sure = admin.post(&page, &[("request", &request), ("sure", "Erase")]).await;
        assert_eq!(sure.status, StatusCode::SEE_OTHER, "{}", sure.text);
        settle(world).await;
        let dump = world.space.store.read().await.expect("a reader").dump().await.expect("dumped").to_lowercase();
        let left: Vec<&str> = dump.lines().filter(|line| HERS.iter().any(|hers| line.contains(hers))).collect();
        assert!(left.is_empty(), "{left:#?}");
        let typed = admin.post("/o/contact/duplicates", &[("emails.value", "ada@exemple-mail.fr")]).await;
        assert!(typed.page().contains("asked to be erased"), "whoever types her is warned: {}", typed.text);
        let other = admin.post("/o/contact/duplicates", &[("emails.value", "eve@exemple-mail.fr")]).await;
        assert!(!other.page().contains("asked to be erased"), "{}", other.text);
        assert!(ada.get("/me").await.page().contains("Cette page s’ouvre"), "the session went with her");
        let answered = admin.get(&format!("/o/rights_request/{request}")).await;
        assert!(answered.page().contains("art. 5.2"), "{}", answered.text);
    });
}

#[test]
fn a_message_is_refused_with_one_click() {
    on_each(async |world| {
        let point = ContactPoint::guess("ada@exemple-mail.fr").expect("a point");
        let token = unsubscribe_token(&world.space, &point, Channel::Email, None).await.expect("a token");
        let path = format!("/unsubscribe/{token}");
        let mut browser = world.visitor();
        assert!(browser.get(&path).await.page().contains("ada@exemple-mail.fr"));
        let history = async || {
            let mut reader = world.space.store.read().await.expect("a reader");
            customers::consent::known(&mut reader, std::slice::from_ref(&point)).await.expect("known")[0].history.len()
        };
        assert_eq!(history().await, 0, "looking changes nothing");
        let mut program = world.visitor();
        let done = program.post_raw(&path, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!((done.status, history().await), (StatusCode::OK, 1), "{}", done.text);
        assert_eq!(browser.get("/unsubscribe/7b7d.00").await.status, StatusCode::NOT_FOUND);
    });
}
