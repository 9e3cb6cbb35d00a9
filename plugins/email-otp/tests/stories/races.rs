//! Everything at once.

use futures_util::future::join_all;

use crate::{EMAIL, another, send, sign_in, start};

guichet_testing::stories! {
    // Better Auth #8067, #9993: parallel use of one code succeeded twice.
    async fn of_a_hundred_parallel_tries_of_a_right_code_exactly_one_succeeds(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let tries = join_all((0..100).map(|_| {
            let browser = server.browser();
            let code = code.clone();
            async move { sign_in(&browser, EMAIL, &code).await }
        }))
        .await;
        let good = tries.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(good, 1, "{:?}", tries.iter().map(|a| a.status).collect::<Vec<_>>());
        assert!(tries.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 400 | 403)));
        assert_eq!(server.count("session").await, 1);
        assert_eq!(server.count("user").await, 1);
    }

    async fn of_a_hundred_parallel_wrong_codes_no_more_than_three_are_evaluated(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let wrong = another(&code);
        let tries = join_all((0..100).map(|_| {
            let browser = server.browser();
            let wrong = wrong.clone();
            async move { sign_in(&browser, EMAIL, &wrong).await }
        }))
        .await;
        let too_many = tries.iter().filter(|answer| answer.code() == "TOO_MANY_ATTEMPTS").count();
        assert!(too_many >= 1);
        assert!(tries.iter().all(|answer| answer.status.is_client_error()));
        sign_in(&server.browser(), EMAIL, &code).await.expect(if too_many > 0 { 400 } else { 200 }).json();
    }

    async fn two_racing_sign_ins_make_one_user(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let first = server.code(EMAIL).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let (one, two) = (server.browser(), server.browser());
        let second = server.code(EMAIL).await;
        let (a, b) = tokio::join!(sign_in(&one, EMAIL, &first), sign_in(&two, EMAIL, &second));
        assert!(a.status == 200 || b.status == 200, "{a:?} {b:?}");
        assert_eq!(server.count("user").await, 1);
    }
}
