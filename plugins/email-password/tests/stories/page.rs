//! The form at a door, as a method renders it. The door's page is told in the whole product's stories.

use guichet_core::language::Language;
use guichet_core::pages::context;

use crate::start;

guichet_testing::stories! {
    // ASVS 6.2.6, 6.2.7.
    async fn the_form_lets_password_managers_do_their_work(database) {
        let server = start(&database).await;
        let context = context! { action => "/login/email-password/sign-in", email => "<a>", names => false, error => "", field => "", remaining => 0, forgot_href => "/forgot-password", sign_up_href => "" };
        let html = server.app.templates.render(Language::French, "email-password/form.html", context).unwrap();
        for part in [
            r#"type="password""#, r#"autocomplete="current-password""#, r#"autocomplete="username""#,
            r#"data-reveals="email-password-password""#, "&lt;a&gt;", "Se connecter",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        for part in ["maxlength=\"128\"", "onpaste", "role=\"alert\"", "aria-invalid"] {
            assert!(!html.contains(part), "{part}: {html}");
        }
        assert_eq!(server.app.forms.len(), 1);
        assert_eq!(server.app.forms[0].id(), "email-password");
    }
}
