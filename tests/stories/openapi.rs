//! The document holds exactly the served routes.

use std::collections::BTreeSet;

use crate::{start, with};

guichet_testing::stories! {
    /// Wishes: 12.
    async fn the_document_lists_the_served_routes_and_each_answers(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        let document = browser.request("GET".parse().unwrap(), "/openapi.json", None, None).await.expect(200).json();
        let mut listed = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                listed.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let served: BTreeSet<String> =
            server.routes.iter().map(|route| format!("{} {}", route.method, route.full_path("/api/auth"))).collect();
        assert_eq!(listed, served);
        // A listed route is there: it answers something that the router alone never would.
        for route in &server.routes {
            let path = route.full_path("/api/auth").replace("{method}", "email-otp");
            let path = path.replace("{section}/{action}", "profile/save").replace("{action}", "code");
            let body = (route.method == "POST").then(|| "x".to_owned());
            let answer = browser.request(route.method.clone(), &path, Some("text/strange"), body).await;
            assert_ne!(answer.status, 404, "{route:?}");
        }
    }

    async fn every_summary_is_written_and_every_name_is_unique(database) {
        let server = start(&database).await;
        let names: BTreeSet<_> = server.routes.iter().map(|route| route.name.clone()).collect();
        assert_eq!(names.len(), server.routes.len());
        assert!(server.routes.iter().all(|route| !route.summary.is_empty()));
    }

    async fn the_document_names_the_cookie_as_the_settings_do(database) {
        let server = with(&database, "session = { cookie_prefix = \"acme\" }").await;
        let browser = server.page_browser();
        let document = browser.request("GET".parse().unwrap(), "/openapi.json", None, None).await.expect(200).json();
        assert_eq!(document["components"]["securitySchemes"]["session"]["name"], "acme.session_token");
    }
}
