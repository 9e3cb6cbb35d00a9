//! Settings that cannot be meant.

use guichet_core::plugin::Registration;
use guichet_phone_number::PhoneNumber;
use guichet_testing::TestServer;

guichet_testing::stories! {
    async fn settings_that_cannot_be_meant_are_refused_at_start(database) {
        for (setting, said) in [
            ("digits = 5", "6 to 10"),
            ("expires_in = \"11m\"", "between 1m and 10m"),
            ("tries_per_code = 0", "tries_per_code"),
            // The first try of a window stays counted, right or wrong.
            ("tries_per_number = 1", "tries_per_number must be at least 2"),
            ("sign_up_email = \"all@phone.test\"", "sign_up_email"),
        ] {
            let text = format!("[plugins.phone-number]\n{setting}");
            let refused = TestServer::try_with(&[Registration::of::<PhoneNumber>()], &database, &text).await;
            let error = refused.err().unwrap_or_else(|| panic!("it starts with {setting}"));
            assert!(error.contains(said), "{error}");
        }
    }
}
