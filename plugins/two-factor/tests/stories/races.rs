//! Many at once (B1; Better Auth #8067, #9993).

use futures_util::future::join_all;

use super::*;

guichet_testing::stories! {
    async fn of_a_hundred_parallel_wrong_codes_no_more_than_the_budget_is_compared(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let mut browsers = Vec::new();
        for _ in 0..25 {
            browsers.push(jean.waiting(&server).await);
        }
        let wrong = jean.wrong(&server);
        let tries = (0..100).map(|n| {
            let (browser, wrong) = (browsers[n % 25].clone(), wrong.clone());
            async move {
                if n % 2 == 0 { totp(&browser, &wrong).await } else { backup(&browser, "aaaaa-bbbbb").await }
            }
        });
        let answers = join_all(tries).await;
        let compared = answers.iter().filter(|answer| answer.status == 401).count();
        assert_eq!(compared, 10, "{:?}", answers.iter().map(|a| a.status.as_u16()).collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 401 | 429)));
    }

    async fn of_a_hundred_parallel_right_codes_one_opens(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        let code = jean.code(&server);
        let copies: Vec<Browser> = (0..100).map(|_| copy(&server, &waiting)).collect();
        let answers = join_all(copies.iter().map(|browser| totp(browser, &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(server.count("session").await, 2);
    }

    async fn one_code_opens_one_of_many_sign_ins(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let mut browsers = Vec::new();
        for _ in 0..8 {
            browsers.push(jean.waiting(&server).await);
        }
        let code = jean.code(&server);
        let answers = join_all(browsers.iter().map(|browser| totp(browser, &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        let mut browsers = Vec::new();
        for _ in 0..8 {
            browsers.push(jean.waiting(&server).await);
        }
        let answers = join_all(browsers.iter().map(|browser| backup(browser, &jean.codes[0]))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    }

    async fn a_trusted_devices_cookie_lets_one_of_many_sign_ins_through(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = jean.waiting(&server).await;
        let body = json!({"code": jean.code(&server), "trustDevice": true});
        let _ = browser.post("/two-factor/verify-totp", body).await.expect(200);
        let trust = browser.cookie("better-auth.trust_device").unwrap();
        let answers = join_all((0..20).map(|_| {
            let thief = server.browser();
            thief.set_cookie("better-auth.trust_device", &trust);
            async move { first(&thief, EMAIL).await.expect(200).json() }
        }))
        .await;
        assert_eq!(answers.iter().filter(|answer| answer["token"].is_string()).count(), 1);
    }
}

/// Another browser with the same challenge.
fn copy(server: &TestServer, waiting: &Browser) -> Browser {
    let browser = server.browser();
    browser.set_cookie("better-auth.two_factor", &waiting.cookie("better-auth.two_factor").unwrap());
    browser
}
