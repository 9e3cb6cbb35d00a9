//! Settings that are refused, with words that say what to set.

use crate::{CLIENT, refused};

/// The tenants' portal with one line replaced or added.
fn changed(from: &str, to: &str) -> String {
    assert!(CLIENT.contains(from), "{from}");
    CLIENT.replace(from, to)
}

guichet_testing::stories! {
    async fn a_portal_has_a_preset_or_sources(database) {
        let preset = r#"preset = "client-person-entreprise""#;
        let none = refused(&database, &changed(preset, "")).await;
        assert!(none.contains("give it a `preset`"), "{none}");
        let both = format!("{CLIENT}\n[[plugins.prepare-login.portal.source]]\nname = \"x\"\nquery = 'select 1 where $1 = 2'");
        let both = refused(&database.another().await, &both).await;
        assert!(both.contains("exclude each other"), "{both}");
        let unknown = refused(&database.another().await, &changed(preset, r#"preset = "tenants""#)).await;
        assert!(unknown.contains("client-person-entreprise"), "{unknown}");
    }

    async fn there_is_a_portal(database) {
        let error = refused(&database, "[plugins.prepare-login]").await;
        assert!(error.contains("there is no portal"), "{error}");
    }

    async fn names_and_pages_are_not_given_twice(database) {
        let portal = |name: &str, path: &str| {
            format!("[[plugins.prepare-login.portal]]\nname = \"{name}\"\npath = \"{path}\"\nrole = \"A\"\npreset = \"client-person-entreprise\"\n")
        };
        let twice = refused(&database, &format!("{CLIENT}{}", portal("client", "/other"))).await;
        assert!(twice.contains(r#"two portals are named "client""#), "{twice}");
        let twice = refused(&database.another().await, &format!("{CLIENT}{}", portal("other", "/client/login"))).await;
        assert!(twice.contains(r#"two portals have the page "/client/login""#), "{twice}");
    }

    async fn a_landing_place_must_be_trusted(database) {
        let error = refused(&database, &changed(r#""/client""#, r#""https://evil.test/client""#)).await;
        assert!(error.contains("lands_at") && error.contains("trusted_origins"), "{error}");
    }

    async fn a_method_must_be_switched_on(database) {
        let error = refused(&database, &changed(r#"["credulous"]"#, r#"["email-opt"]"#)).await;
        assert!(error.contains(r#""email-opt" is no sign-in method that is switched on; those are: credulous"#), "{error}");
    }

    async fn names_roles_and_paths_have_a_form(database) {
        for (from, to, said) in [
            (r#"name = "client""#, r#"name = "Client""#, "lower-case letters"),
            (r#"name = "client""#, r#"name = "a/b""#, "lower-case letters"),
            (r#"role = "UTILISATEUR""#, r#"role = "A,B""#, "one role"),
            (r#"role = "UTILISATEUR""#, r#"role = """#, "one role"),
            (r#"role = "UTILISATEUR""#, "role = \"A\"\npath = \"client\"", "a path such as"),
            (r#"role = "UTILISATEUR""#, "role = \"A\"\npath = \"/{x}\"", "a path such as"),
            (r#"role = "UTILISATEUR""#, "role = \"A\"\ncolour = \"red\"", "unknown field `colour`"),
            ("[plugins.prepare-login]", "[plugins.prepare-login]\nportals = 1", "unknown field `portals`"),
            ("[plugins.prepare-login]", "[plugins.prepare-login]\nconnections = 0", "connections"),
            ("[plugins.prepare-login]", "[plugins.prepare-login]\ndatabase_url = \"mysql://x\"", "postgres://"),
        ] {
            let error = refused(&database.another().await, &changed(from, to)).await;
            assert!(error.contains(said), "{to}: {error}");
        }
    }
}
