//! Finding people and their sessions.

use guichet_core::serde_json::{Value, json};
use guichet_testing::Browser;

use crate::{ADMIN, EMAIL, act, admin, session, somebody, start, with};

async fn emails(browser: &Browser, query: &str) -> Vec<String> {
    let answer = browser.get(&format!("/admin/list-users?{query}")).await.expect(200).json();
    answer["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["email"].as_str().unwrap().to_owned())
        .collect()
}

async fn refused(browser: &Browser, query: &str) {
    browser.get(&format!("/admin/list-users?{query}")).await.refused(400, "VALIDATION_ERROR");
}

guichet_testing::stories! {
    async fn people_are_found_searched_filtered_and_ordered(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        for email in ["a_b@example.com", "axb@example.com", EMAIL] {
            server.user(email).await;
        }
        let all = browser.get("/admin/list-users").await.expect(200).json();
        assert_eq!((&all["total"], all["users"].as_array().unwrap().len()), (&json!(4), 4));
        assert_eq!((all.get("limit"), all.get("offset")), (None, None));
        let page = browser.get("/admin/list-users?limit=2&offset=1&sortBy=email").await.expect(200).json();
        assert_eq!([&page["total"], &page["limit"], &page["offset"]], [&json!(4), &json!(2), &json!(1)]);
        assert_eq!(emails(&browser, "limit=2&offset=1&sortBy=email").await, [ADMIN, "axb@example.com"]);
        assert_eq!(emails(&browser, "sortBy=email&sortDirection=desc&limit=1").await, [EMAIL]);
        assert_eq!(emails(&browser, "searchValue=jean").await, [EMAIL]);
        assert_eq!(emails(&browser, "searchValue=jean&searchOperator=ends_with").await, Vec::<String>::new());
        assert_eq!(emails(&browser, "searchValue=a_b").await, ["a_b@example.com"], "a wildcard stands for itself");
        assert_eq!(emails(&browser, "searchValue=%25").await, Vec::<String>::new());
        assert_eq!(emails(&browser, "filterField=role&filterValue=admin").await, [ADMIN]);
        assert_eq!(emails(&browser, "filterField=role&filterValue=admin&filterOperator=ne").await.len(), 3);
        assert_eq!(emails(&browser, &format!("filterValue={EMAIL}&filterValue={ADMIN}&filterOperator=in&sortBy=email")).await, [ADMIN, EMAIL]);
        assert_eq!(emails(&browser, &format!("filterValue={EMAIL}&filterOperator=not_in")).await.len(), 3);
        assert_eq!(emails(&browser, "filterField=banned&filterValue=true").await, Vec::<String>::new());
        assert_eq!(emails(&browser, "filterField=emailVerified&filterValue=true").await.len(), 4);
        assert_eq!(emails(&browser, "filterField=createdAt&filterValue=2001-01-01T00:00:00Z&filterOperator=lt").await, Vec::<String>::new());
        assert_eq!(emails(&browser, "searchValue=example&filterField=email&filterValue=a&filterOperator=starts_with").await.len(), 3);
        assert_eq!(emails(&browser, "limit=&offset=0&searchValue=").await.len(), 4);
    }

    async fn a_column_that_nobody_is_shown_cannot_be_asked_about(database) {
        let hidden = "[[user.fields]]\nname = \"secretNote\"\nreturned = false\n[plugins.admin]\n";
        let server = with(&database, hidden).await;
        let (browser, _) = admin(&server).await;
        for query in [
            "filterField=secretNote&filterValue=a&filterOperator=starts_with", "sortBy=secretNote",
            "filterField=nope&filterValue=a", "sortBy=nope", "sortBy=email%22%20desc--",
            "filterField=email%22&filterValue=x", "filterField=banned&filterValue=x&filterOperator=contains",
            "filterField=createdAt&filterValue=yesterday", "filterOperator=like&filterValue=x",
            "searchField=role&searchValue=x", "limit=-1", "limit=1.5", "limit=1001", "limit=1&limit=2", "sortDirection=up",
            "searchValue=a%00b", "filterValue=a&filterValue=b",
        ] {
            refused(&browser, query).await;
        }
    }

    async fn one_is_read_by_id(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let user = server.user(EMAIL).await;
        let shown = browser.get(&format!("/admin/get-user?id={}", user.id)).await.expect(200).json();
        assert_eq!([&shown["email"], &shown["role"], &shown["banned"]], [&json!(EMAIL), &json!("user"), &json!(false)]);
        browser.get("/admin/get-user?id=nope").await.refused(404, "USER_NOT_FOUND");
        browser.get("/admin/get-user").await.refused(400, "VALIDATION_ERROR");
    }

    async fn sessions_are_listed_without_what_opens_them_and_ended(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let second = server.browser();
        crate::sign_in(&second, EMAIL).await.expect(200).json();
        let own = session(&jean).await["session"].clone();
        let list = async || act(&browser, "list-user-sessions", json!({"userId": user.id})).await.expect(200).json()["sessions"].clone();
        let listed = list().await;
        assert_eq!(listed.as_array().unwrap().len(), 2);
        let one = listed.as_array().unwrap().iter().find(|one| one["id"] == own["id"]).unwrap();
        assert_ne!(one["token"], own["token"]);
        for unknown in ["x", ""] {
            let _ = act(&browser, "revoke-user-session", json!({"sessionToken": unknown})).await.expect(200);
        }
        assert_eq!(list().await.as_array().unwrap().len(), 2);
        let ended = act(&browser, "revoke-user-session", json!({"sessionToken": one["token"]})).await.expect(200);
        assert_eq!(ended.json(), json!({"success": true}));
        assert_eq!(session(&jean).await, Value::Null);
        // By what opens it, too, as the reference has it.
        let token = session(&second).await["session"]["token"].clone();
        let _ = act(&browser, "revoke-user-session", json!({"sessionToken": token})).await.expect(200);
        assert_eq!(session(&second).await, Value::Null);
        crate::sign_in(&second, EMAIL).await.expect(200).json();
        let _ = act(&browser, "revoke-user-sessions", json!({"userId": user.id})).await.expect(200);
        assert_eq!((session(&second).await, list().await), (Value::Null, json!([])));
        let _ = act(&browser, "revoke-user-sessions", json!({"userId": "nope"})).await.expect(200);
        let nobody = act(&browser, "list-user-sessions", json!({"userId": "nope"})).await.expect(200);
        assert_eq!(nobody.json(), json!({"sessions": []}));
        assert_eq!(session(&browser).await["user"]["email"], ADMIN);
    }
}
