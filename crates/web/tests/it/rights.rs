use axum::http::StatusCode;

use crate::world::on_each;

#[test]
fn whoever_may_see_nothing_sees_nothing() {
    on_each(async |world| {
        let account = world.account("Secret firm").await;
        let mut nobody = world.signed_in("nora@test.example").await;
        let record = format!("/o/account/{account}");
        let reads = [
            "/".to_owned(),
            "/o/account".to_owned(),
            "/o/account?layout=board".to_owned(),
            "/o/account?deleted=true".to_owned(),
            "/o/account/new".to_owned(),
            "/o/account/filter".to_owned(),
            "/o/account/columns".to_owned(),
            "/search?q=secret".to_owned(),
            "/search/palette?q=secret".to_owned(),
            "/pick/account?q=secret".to_owned(),
            "/tags/account/tags".to_owned(),
            record.clone(),
            format!("{record}/history"),
            format!("{record}/timeline"),
            format!("{record}/access"),
            format!("{record}/edit"),
            format!("{record}/cell/name"),
            "/o/account/export?format=csv".to_owned(),
            "/o/account/import".to_owned(),
            "/settings/batches".to_owned(),
        ];
        for path in reads {
            let answer = nobody.get(&path).await;
            assert!(!answer.text.contains("Secret"), "{path} shows a hidden record");
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        }
        let writes = [
            "/o/account/new".to_owned(),
            "/o/account/bulk".to_owned(),
            "/o/account/board".to_owned(),
            "/o/account/views".to_owned(),
            format!("{record}/edit"),
            format!("{record}/cell/name"),
            format!("{record}/delete"),
            format!("{record}/restore"),
            format!("{record}/stage"),
            format!("{record}/compose/task"),
        ];
        for path in writes {
            let pairs = [("name", "x"), ("verb", "delete"), ("all", "true"), ("confirm", "true"), ("subject", "x")];
            let answer = nobody.post(&path, &pairs).await;
            assert!(
                matches!(
                    answer.status,
                    StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
                ),
                "{path}: {}",
                answer.status
            );
        }
        let mut admin = world.admin().await;
        assert!(admin.get("/o/account").await.page().contains("Secret firm"));
    });
}
