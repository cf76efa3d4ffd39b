use axum::http::StatusCode;

use crate::world::on_each;

#[test]
fn whoever_is_not_signed_in_is_led_to_the_sign_in_and_back() {
    on_each(async |world| {
        let mut browser = world.visitor();
        let answer = browser.get("/o/account?q=a").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/sign-in?next=%2Fo%2Faccount%3Fq%3Da");
        let page = browser.get(answer.location()).await;
        assert!(page.page().contains(r#"name="next" value="/o/account?q=a""#), "{}", page.text);
        let pairs = [("email", "ada@test.example"), ("password", "a long enough password"), ("next", "/o/account?q=a")];
        let answer = browser.post("/sign-in", &pairs).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/o/account?q=a"));
        assert!(browser.get("/o/account").await.page().contains("Accounts"));
    });
}

#[test]
fn a_wrong_password_keeps_the_address_and_says_so() {
    on_each(async |world| {
        let mut browser = world.visitor();
        browser.get("/sign-in").await;
        let answer = browser.post("/sign-in", &[("email", "ada@test.example"), ("password", "wrong")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(r#"value="ada@test.example""#), "{}", answer.text);
        assert!(!answer.text.contains("wrong\""), "a password comes back");
    });
}

#[test]
fn a_post_without_its_token_is_refused() {
    on_each(async |world| {
        let account = world.account("Acme").await;
        let mut admin = world.admin().await;
        for pairs in [vec![], vec![("_csrf", "0")]] {
            let answer = admin.post_raw(&format!("/o/account/{account}/delete"), &pairs).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
        assert!(admin.get("/o/account").await.page().contains("Acme"));
        let mut visitor = world.visitor();
        let answer = visitor
            .post_raw("/sign-in", &[("email", "ada@test.example"), ("password", "a long enough password")])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_first_administrator_comes_by_a_link_that_works_once() {
    on_each(async |world| {
        let ticket = world.space.new_ticket(&world.ctx(), "setup", None).await.expect("a link").text;
        let mut browser = world.visitor();
        assert!(browser.get(&format!("/setup?ticket={ticket}")).await.page().contains("first administrator"));
        let mut pairs = vec![
            ("ticket", ticket.as_str()),
            ("name", "Zoé"),
            ("email", "zoe@test.example"),
            ("language", "en"),
            ("password", "short"),
        ];
        let answer = browser.post("/setup", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.text.contains("10 characters at least") && answer.text.contains("zoe@test.example"),
            "{}",
            answer.text
        );
        pairs[4] = ("password", "long enough now");
        assert_eq!(browser.post("/setup", &pairs).await.location(), "/");
        assert!(browser.get("/").await.page().contains("Zoé"));
        assert_eq!(world.visitor().get(&format!("/setup?ticket={ticket}")).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn every_answer_is_protected() {
    on_each(async |world| {
        let mut admin = world.admin().await;
        for path in ["/", "/sign-in", "/o/account", "/nowhere", "/o/nothing"] {
            let answer = admin.get(path).await;
            assert!(
                answer.headers["content-security-policy"].to_str().expect("text").contains("default-src 'self'"),
                "{path}"
            );
            assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        }
        let cookie = world.visitor().get("/sign-in").await.headers["set-cookie"].clone();
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    });
}
