use axum::http::StatusCode;

use crate::world::{HOSTILE, on_each};

#[test]
fn a_list_filters_sorts_and_continues_by_its_address() {
    on_each(async |world| {
        for n in 0..60 {
            world.account(&format!("Firm {n:02}")).await;
        }
        let mut admin = world.admin().await;
        let page = admin.get("/o/account?sort=name").await;
        assert!(page.page().contains("Firm 00") && !page.text.contains("Firm 55"), "{}", page.text);
        assert!(page.text.contains("60 records"));
        let next = page.text.split("hx-get=\"").find(|t| t.contains("after=")).expect("a next page");
        let next = next.split('"').next().expect("an address").replace("&amp;", "&");
        let mut script = world.admin().await.htmx();
        let rows = script.get(&next).await;
        assert!(rows.page().contains("Firm 55") && !rows.text.contains("<html"), "{}", rows.text);
        let filter = "%7B%22is%22%3A%7B%22field%22%3A%22name%22%2C%22op%22%3A%22contains%22%2C%22operand%22%3A%22firm%2042%22%7D%7D";
        let page = admin.get(&format!("/o/account?filter={filter}")).await;
        assert!(page.page().contains("Firm 42") && !page.text.contains("Firm 41"), "{}", page.text);
        assert!(page.text.contains("contains firm 42"));
        assert_eq!(admin.get("/o/account?filter=%7B").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn the_builder_s_rows_become_the_list_s_address() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let query = "join=and&join.0=or&group=0&field=name&operator=contains&value=a&group=0&field=owner&operator=me";
        let answer = admin.get(&format!("/o/account?{query}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let filter = form_urlencoded::parse(answer.location().split_once('?').expect("a query").1.as_bytes());
        let filter = filter.into_iter().find(|(n, _)| n == "filter").expect("a filter").1.into_owned();
        assert_eq!(
            filter,
            r#"{"or":[{"is":{"field":"name","op":"contains","operand":"a"}},{"is":{"field":"owner","op":"eq","operand":{"me":true}}}]}"#
        );
        let page = admin.get(answer.location()).await;
        assert!(page.page().contains("Name contains a or Owner is me"), "{}", page.text);
        let builder = admin.get(&answer.location().replace("/o/account?", "/o/account/filter?")).await;
        assert!(builder.page().contains(r#"<option value="contains" selected>"#), "{}", builder.text);
    });
}

#[test]
fn hostile_names_stay_text_everywhere() {
    on_each(async |world| {
        let account = world.account(HOSTILE).await;
        let mut admin = world.admin().await;
        let record = format!("/o/account/{account}");
        let edit = format!("{record}/edit");
        let q = "/search?q=script";
        for path in ["/o/account", "/o/account?layout=board", "/", q, record.as_str(), edit.as_str()] {
            let answer = admin.get(path).await;
            assert!(answer.page().contains("&lt;script&gt;"), "{path} does not show the name");
            assert!(!answer.text.contains("<script>alert"), "{path}");
        }
    });
}

#[test]
fn a_view_keeps_what_the_list_shows() {
    on_each(async |world| {
        world.account("Kept").await;
        let mut admin = world.admin().await;
        let answer = admin
            .post("/o/account/views", &[("name", "By name"), ("shared", "true"), ("state", "sort=-name&columns=name")])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = admin.get(answer.location()).await;
        assert!(page.page().contains(r#"aria-sort="descending""#) && page.text.contains("By name"), "{}", page.text);
        let mut rep = world.signed_in("remi@test.example").await;
        assert!(rep.get("/o/account").await.page().contains("By name"));
    });
}

#[test]
fn many_records_change_as_one_batch_and_come_back_as_one() {
    on_each(async |world| {
        for n in 0..5 {
            world.account(&format!("Firm {n}")).await;
        }
        let mut admin = world.admin().await;
        let preview = admin.post("/o/account/bulk", &[("verb", "delete"), ("all", "true")]).await;
        assert!(preview.page().contains("5 records go to the bin"), "{}", preview.text);
        let answer = admin.post("/o/account/bulk", &[("verb", "delete"), ("all", "true"), ("confirm", "true")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = admin.get("/o/account").await;
        assert!(page.page().contains("No Accounts yet"), "{}", page.text);
        let undo = page
            .text
            .split("action=\"/batch/")
            .nth(1)
            .expect("an undo")
            .split('"')
            .next()
            .expect("an address")
            .to_owned();
        assert_eq!(admin.post(&format!("/batch/{undo}"), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(admin.get("/o/account").await.page().contains("5 records"));
    });
}

#[test]
fn pages_cost_the_same_number_of_statements_however_much_they_show() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        let first = world.account("Firm").await;
        let paths = [
            "/o/account".to_owned(),
            "/o/account?layout=board".to_owned(),
            format!("/o/account/{first}"),
            "/o/contact".to_owned(),
        ];
        let person = |n: usize| {
            let name = model::PersonName { first: "Ann".into(), last: format!("Number {n}"), ..Default::default() };
            let account = kernel::Id::parse(&first, "acc").expect("an id");
            model::Fields::from_iter([
                (model::Ident::of("name"), model::Value::Name(Box::new(name))),
                (model::Ident::of("account"), model::Value::Id(account)),
            ])
        };
        world.create("contact", person(0)).await;
        let mut few = Vec::new();
        for path in &paths {
            // The first request may also look for what the following ones remember.
            admin.get(path).await;
            few.push(admin.get(path).await.statements.expect("a cost"));
        }
        for n in 1..4 {
            world.account(&format!("Firm {n}")).await;
            world.create("contact", person(n)).await;
        }
        for (path, few) in paths.iter().zip(few) {
            admin.get(path).await;
            let answer = admin.get(path).await;
            assert_eq!(answer.statements, Some(few), "{path}");
            assert!(few <= 40, "{path}: {few}");
        }
    });
}
