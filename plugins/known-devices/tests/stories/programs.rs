//! What keeps no cookies.

use super::*;

/// A sign-in at a route that reads and sets no cookies.
async fn enter_there(browser: &Browser) -> Answer {
    let body = json!({"email": EMAIL}).to_string();
    let path = "/programs/login";
    browser.request("POST".parse().unwrap(), path, Some("application/json"), Some(body)).await.expect(200)
}

fn program(server: &TestServer, name: &str) -> Browser {
    server.browser().header("user-agent", name)
}

guichet_testing::stories! {
    async fn a_program_is_told_once_however_often_it_signs_in(database) {
        let (server, _) = with_jean(&database).await;
        for name in ["python-requests/2.31.0", "python-requests/2.31.0", "python-requests/2.32.4"] {
            let program = program(&server, name);
            enter(&program, EMAIL).await;
            assert_eq!(program.cookie(COOKIE), None);
            enter_there(&program).await;
            assert_eq!(told(&server, EMAIL).await, 1, "{name}");
        }
        enter_there(&program(&server, "curl/8.5.0")).await;
        assert_eq!(told(&server, EMAIL).await, 2);
        let text = &server.mails(EMAIL).await[0].text;
        assert!(text.contains("curl"), "{text}");
    }

    async fn one_without_a_name_is_one_program(database) {
        let (server, _) = with_jean(&database).await;
        for _ in 0..3 {
            enter_there(&server.browser()).await;
        }
        assert_eq!(told(&server, EMAIL).await, 1);
    }

    /// Whoever stole a password knows how browsers call themselves.
    async fn a_browsers_word_for_itself_does_not_count_where_it_could_have_a_cookie(database) {
        let (server, _) = with_jean(&database).await;
        enter_there(&firefox(&server)).await;
        assert_eq!(told(&server, EMAIL).await, 1);
        server.clock.advance(DAY);
        enter(&firefox(&server), EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 2);
    }

    async fn where_it_could_not_it_counts_with_its_address(database) {
        let server = with(&database, "trusted_proxies = [\"127.0.0.1/32\"]").await;
        let at = |address: &str| firefox(&server).header("x-forwarded-for", address);
        enter(&at("192.0.2.1"), EMAIL).await;
        for (address, mails) in [("192.0.2.1", 1), ("192.0.2.1", 1), ("198.51.100.7", 2), ("192.0.2.1", 2)] {
            enter_there(&at(address)).await;
            assert_eq!(told(&server, EMAIL).await, mails, "{address}");
        }
    }

    async fn no_cookie_is_set_there(database) {
        let (server, _) = with_jean(&database).await;
        assert!(enter_there(&firefox(&server)).await.set_cookies().is_empty());
    }
}
