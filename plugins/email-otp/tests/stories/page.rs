//! The steps at a door are told with the pages, in the whole product's stories; here is what the API says of pages'
//! codes.

use crate::{EMAIL, send, sign_in, start};

guichet_testing::stories! {
    /// Wishes: 95, 119.
    async fn the_mail_is_french_unless_english_is_asked_for_and_greets_nobody_unknown(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let mails = server.mails(EMAIL).await;
        assert!(mails[0].text.contains("Bonjour,"), "{}", mails[0].text);
        send(&server.browser().header("accept-language", "en"), EMAIL).await.expect(200).json();
        let mails = server.mails(EMAIL).await;
        assert!(mails[0].text.contains("Hello,"), "{}", mails[0].text);
        let code = server.code(EMAIL).await;
        assert!(!mails[0].subject.contains(&code), "a subject is shown on locked screens");
        sign_in(&server.browser(), EMAIL, &code).await.expect(200).json();
    }
}
