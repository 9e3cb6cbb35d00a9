//! Settings that cannot be meant.

use guichet_core::plugin::Registration;
use guichet_email_otp::EmailOtp;
use guichet_testing::TestServer;

guichet_testing::stories! {
    async fn settings_that_cannot_be_meant_are_refused_at_start(database) {
        for (setting, said) in [
            ("digits = 5", "6 to 10"),
            ("expires_in = \"11m\"", "between 1m and 10m"),
            ("codes_kept = 0", "codes_kept"),
            ("tries_per_code = 0", "tries_per_code"),
            // The first try of a window stays counted, right or wrong.
            ("tries_per_address = 1", "tries_per_address must be at least 2"),
        ] {
            let text = format!("[plugins.email-otp]\n{setting}");
            let refused = TestServer::try_with(&[Registration::of::<EmailOtp>()], &database, &text).await;
            let error = refused.err().unwrap_or_else(|| panic!("it starts with {setting}"));
            assert!(error.contains(said), "{error}");
        }
    }

    async fn two_tries_are_enough_for_right_codes(database) {
        let text = "[plugins.email-otp]\ntries_per_address = 2";
        let server = TestServer::with(&[Registration::of::<EmailOtp>()], &database, text).await;
        for _ in 0..3 {
            let browser = server.browser();
            crate::send(&browser, crate::EMAIL).await.expect(200).json();
            let code = server.code(crate::EMAIL).await;
            crate::sign_in(&browser, crate::EMAIL, &code).await.expect(200).json();
        }
    }
}
