//! Segments: made, counted, changed, deleted and brought back; told on profiles, to the person, and before a decision.

use axum::http::StatusCode;
use customers::segment::FILTER;
use model::{Ident, Query, Record};

use crate::world::{Answer, Browser, HOSTILE, World, on_each};

/// What the form posts: a segment of those who live in a town.
const LYON: [(&str, &str); 12] = [
    ("name", "Lyonnais"),
    ("description_fr", "Vous habitez Lyon"),
    ("description_en", "You live in Lyon"),
    ("entity", "person"),
    ("join", "and"),
    ("join.0", "and"),
    ("group", "0"),
    ("field", "address.city"),
    ("operator", "eq"),
    ("value", "Lyon"),
    ("purpose", ""),
    ("active", "true"),
];

async fn segments(world: &World) -> Vec<Record> {
    world.space.list(&world.ctx(), &Query::of(Ident::of("segment"))).await.expect("listed").records
}

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = LYON.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes.iter().copied()).collect()
}

async fn made(world: &World, admin: &mut Browser<'_>) -> String {
    let done = admin.post("/o/segment/new", &LYON).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    format!("/o/segment/{}", segments(world).await[0].id().typed("seg"))
}

#[test]
fn a_segment_is_counted_made_changed_and_brought_back() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let form = admin.get("/o/segment/new").await;
        assert!(form.page().contains("data-filter=\"/o/profile/filter/row\""), "{}", form.text);
        let counted = admin.post("/o/segment/new", &with(&[("count", "true")])).await;
        assert!(counted.page().contains("members"), "{}", counted.text);
        assert!(segments(world).await.is_empty(), "counting keeps nothing");
        let empty = admin.post("/o/segment/new", &with(&[("name", ""), ("description_fr", HOSTILE)])).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("&lt;script&gt;") && empty.text.contains("value=\"Lyon\""), "input is kept");

        let address = made(world, &mut admin).await;
        let page = admin.get(&address).await;
        for word in ["Lyonnais", "Address: City is Lyon", "You live in Lyon", "Vous habitez Lyon", "See the members"] {
            assert!(page.page().contains(word), "{word}: {}", page.text);
        }
        let edited = admin.post(&format!("{address}/edit"), &with(&[("value", "Lille")])).await;
        assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.text);
        assert!(admin.get(&address).await.page().contains("City is Lille"));
        assert!(admin.get(&format!("{address}/edit")).await.text.contains("value=\"Lille\""));
        let off: Vec<(&str, &str)> = with(&[]).into_iter().filter(|(name, _)| *name != "active").collect();
        admin.post(&format!("{address}/edit"), &off).await;
        let page = admin.get(&address).await;
        assert!(page.page().contains("not in use") && !page.page().contains("See the members"), "{}", page.text);
        assert_eq!(admin.post(&format!("{address}/delete"), &[]).await.status, StatusCode::SEE_OTHER);
        let gone = admin.get(&address).await;
        assert!(gone.page().contains(&format!("{address}/restore")), "{}", gone.text);
        admin.post(&format!("{address}/restore"), &[]).await;
        assert_eq!(segments(world).await.len(), 1);

        // What the builder cannot show is kept as it is.
        let filter = serde_json::json!({"not": {"is": {"field": "name", "op": "eq", "operand": "X"}}});
        let fields = model::Fields::from_iter([(Ident::of("filter"), model::Value::Json(Box::new(filter.clone())))]);
        let id = segments(world).await[0].id();
        let op = records::Op::Update { id, fields, version: None };
        world.space.write_one(&world.ctx(), &Ident::of("segment"), op).await.expect("written");
        let form = admin.get(&format!("{address}/edit")).await;
        assert!(form.page().contains("written by a program"), "{}", form.text);
        let kept = [
            ("name", "N"),
            ("description_fr", "F"),
            ("description_en", "E"),
            ("entity", "person"),
            ("filter", &filter.to_string()),
        ];
        assert_eq!(admin.post(&format!("{address}/edit"), &kept).await.status, StatusCode::SEE_OTHER);
        assert_eq!(segments(world).await[0].get(FILTER).as_deref(), Some(&filter));

        let mut rep = world.signed_in("remi@test.example").await;
        assert_eq!(rep.get(&address).await.status, StatusCode::OK);
        for path in ["/o/segment/new", &format!("{address}/edit")] {
            assert_eq!(rep.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(rep.post(path, &LYON).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

/// The version that a form was opened with.
fn version_of(form: &Answer) -> String {
    let text = form.text.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    text.expect("the form tells the version").to_owned()
}

#[test]
fn two_people_who_save_a_segment_choose() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let edit = format!("{}/edit", made(world, &mut admin).await);
        let opened = version_of(&admin.get(&edit).await);
        let theirs = with(&[("version", &opened), ("value", "Lille"), ("description_en", "You live up north")]);
        assert_eq!(admin.post(&edit, &theirs).await.status, StatusCode::SEE_OTHER);

        let mine = [("value", "Nantes"), ("description_en", "You live in the west"), ("name", "Nantais")];
        let late = admin.post(&edit, &with(&[&mine[..], &[("version", &opened)]].concat())).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
        let shown = ["keep.filter", "keep.description_en", "City is Lille", "City is Nantes", "You live up north"];
        for word in shown.iter().chain(&["value=\"Nantes\"", "value=\"Nantais\"", "You live in the west"]) {
            assert!(late.text.contains(word), "{word}: {}", late.text);
        }
        assert!(!late.text.contains("keep.name"), "nobody else changed the name: {}", late.text);
        assert_eq!(segments(world).await[0].value("name").as_text(), Some("Lyonnais"), "nothing was written");

        // What was chosen stays chosen when the form comes back for another reason.
        let now = version_of(&late);
        let chosen = [("version", now.as_str()), ("keep.filter", "theirs"), ("keep.description_en", "mine")];
        let counted = admin.post(&edit, &with(&[&mine[..], &chosen, &[("count", "true")]].concat())).await;
        assert!(counted.page().contains("value=\"Lille\"") && version_of(&counted) == now, "{}", counted.text);
        assert_eq!(admin.post(&edit, &with(&[&mine[..], &chosen].concat())).await.status, StatusCode::SEE_OTHER);
        let kept = &segments(world).await[0];
        assert!(kept.get(FILTER).is_some_and(|filter| filter.to_string().contains("Lille")), "{kept:?}");
        assert_eq!(kept.value("description_en").as_text(), Some("You live in the west"));
        assert_eq!(kept.value("name").as_text(), Some("Nantais"));
    });
}

#[test]
fn a_profile_and_its_person_are_told_the_same() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        let lille = with(&[
            ("name", "Lillois"),
            ("value", "Lille"),
            ("description_fr", "Vous habitez Lille"),
            ("description_en", "You live in Lille"),
        ]);
        assert_eq!(admin.post("/o/segment/new", &lille).await.status, StatusCode::SEE_OTHER);
        let profile = world.profile("Karim Roux").await;
        let page = admin.get(&profile).await;
        for word in ["Lillois", "Address: City is Lille", "Known value: Lille"] {
            assert!(page.page().contains(word), "{word}: {}", page.text);
        }
        let links = format!("{profile}/links");
        let offered = admin.get(&links).await;
        let point = offered.page().split("value=\"email:").nth(1).and_then(|rest| rest.split('"').next());
        let point = format!("email:{}", point.expect("an address"));
        let given = admin.post(&links, &[("point", &point)]).await;
        let path = given.page().split("/me/l/").nth(1).expect("a link").split('<').next().expect("an end").to_owned();
        let mut person = world.visitor();
        person.get(&format!("/me/l/{path}")).await;
        for (language, words) in [
            ("en", ["Lillois", "You live in Lille", "Address: City is Lille", "Known value: Lille"]),
            ("fr", ["Lillois", "Vous habitez Lille", "Ville est Lille", "Valeur connue\u{a0}: Lille"]),
        ] {
            person.get(&format!("/me/language/{language}")).await;
            let page = person.get("/me").await;
            words.iter().for_each(|word| assert!(page.page().contains(word), "{word}: {}", page.text));
        }

        // A list of profiles that is narrowed offers to be made a segment.
        let list = admin
            .get("/o/profile?filter=%7B%22is%22%3A%7B%22field%22%3A%22stage%22%2C%22op%22%3A%22is_null%22%7D%7D")
            .await;
        assert!(list.page().contains("/o/segment/new?filter="), "{}", list.text);
        let register = admin.get("/settings/register").await;
        assert!(
            register.page().contains("Lillois") && register.page().contains("You live in Lille"),
            "{}",
            register.text
        );
    });
}

#[test]
fn what_is_decided_says_who_enters_and_leaves() {
    on_each(async |world| {
        world.town().await;
        let mut admin = world.admin().await;
        made(world, &mut admin).await;
        let profile = world.profile("Élodie Lefèvre").await;
        let records = admin.get(&format!("{profile}/records")).await;
        let record = records.page().split("name=\"record\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let path = format!("{profile}/separate?record={}", record.expect("a record"));
        let page = admin.get(&path).await;
        let words = ["Enters: Lyonnais", "Stays in: Lyonnais", "Leaves: Lyonnais"];
        let said: Vec<&str> = words.into_iter().filter(|word| page.page().contains(word)).collect();
        assert!(!said.is_empty(), "one record says Lyon, the other Villeurbanne: {}", page.text);
    });
}
