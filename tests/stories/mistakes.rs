//! Several mistakes at once: each is named with its place, and none hides another.

use std::fs;

use crate::config::{check, folder, says};
use crate::program::guichet;

#[test]
fn one_mistake_hides_no_other() {
    let file = "listen = \"nope\"\n\n[session]\nexpires_in = \"7 jours\"\nexpires = \"7d\"\n\n[database]\n\
                connections = 0\n\n[plugins.email-otp]\ndigits = 60\nexpires_in = \"3h\"\ndigit = 6\n\n\
                [plugins.email-password]\nreset_expires_in = \"1s\"\n\n[plugins.pages]\nlands_at = 3\n";
    let said = check(file, &[("GUICHET_APP_NAME", " "), ("GUICHET_HTTP__BODY_LIMIT", "much")]).failed();
    says(
        &said,
        &[
            "guichet.toml, line 1: listen: must be an IP address and a port, such as 127.0.0.1:3000",
            "guichet.toml, line 4: session.expires_in: must be a length of time such as \"15m\" or \"7d\", not \"7 jours\"",
            "guichet.toml, line 5: unknown key \"expires\" in [session]",
            "guichet.toml, line 8: database.connections: must be at least 1",
            "guichet.toml, line 11: [plugins.email-otp] digits = 60: must be 6 to 10",
            "guichet.toml, line 12: [plugins.email-otp] expires_in must be between 1m and 10m",
            "guichet.toml, line 13: unknown key \"digit\"",
            "guichet.toml, line 16: [plugins.email-password] reset_expires_in must be between 5m and 1d",
            "guichet.toml, line 19: plugins.pages.lands_at: must be a string",
            "GUICHET_APP_NAME: app_name: ",
            "GUICHET_HTTP__BODY_LIMIT: must be a whole number",
        ],
    );
    assert_eq!(said.lines().count(), 12, "{said}");
}

#[test]
fn lists_keep_their_lines_when_one_of_their_parts_is_wrong() {
    let file = "[[rate_limit.rules]]\nwindow = \"1m\"\nmax = 1\n\n[[rate_limit.rules]]\nroute = \"core.ok\"\n\
                window = \"1m\"\nmax = \"few\"\n\n[[rate_limit.rules]]\nroute = \"core.ok\"\nwindow = \"x\"\nmax = 1\n";
    let said = check(file, &[]).failed();
    says(
        &said,
        &[
            "guichet.toml, line 1: rate_limit.rules.0: missing field `route`",
            "guichet.toml, line 8: rate_limit.rules.1.max: must be a whole number",
            "guichet.toml, line 12: rate_limit.rules.2.window: ",
        ],
    );
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn keys_that_exclude_each_other_are_named_once() {
    let file = "listen = \"nope\"\n[plugins.prepare-login]\ndatabase_url = \"sqlite:a.db\"\n\
                database_url_file = \"b\"\n[[plugins.prepare-login.portal]]\nname = \"client\"\n";
    let said = check(file, &[]).failed();
    says(
        &said,
        &[
            "guichet.toml, line 1: listen: ",
            "plugins.prepare-login.database_url: set either this or database_url_file, not both",
            "guichet.toml, line 5: plugins.prepare-login.portal.0: missing field `role`",
        ],
    );
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn another_kind_of_database_is_called_by_its_name() {
    let said = check("", &[("GUICHET_DATABASE__URL", "mysql://ann:hunter2@db/people")]).failed();
    says(&said, &["must begin with postgres:// or sqlite:, not mysql://"]);
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn pages_lead_to_trusted_places_alone() {
    let file =
        "[plugins.pages]\nlands_at = \"https://evil.test/a\"\nsign_out_leads_to = \"https://evil.test/b\"\n";
    let folder = folder(file);
    let said = guichet(folder.path(), &["serve"], &[("GUICHET_LISTEN", "127.0.0.1:0")]).failed();
    says(
        &said,
        &[
            "[plugins.pages]",
            "lands_at = \"https://evil.test/a\" is neither",
            "sign_out_leads_to = \"https://evil.test/b\"",
        ],
    );
}

guichet_testing::stories! {
    async fn a_wrong_query_is_named_with_the_database_that_was_asked(database) {
        let file = "[plugins.email-otp]\n[plugins.prepare-login]\n[[plugins.prepare-login.portal]]\nname = \"client\"\n\
                    role = \"TENANT\"\n[[plugins.prepare-login.portal.source]]\nname = \"people\"\n\
                    query = 'select nickname as name from \"user\" where email = $1'\n";
        let folder = folder(file);
        let settings = [("GUICHET_DATABASE__URL", database.url()), ("GUICHET_LISTEN", "127.0.0.1:0")];
        let said = guichet(folder.path(), &["serve"], &settings).failed();
        let place = guichet_core::db::described(database.url());
        says(&said, &["portal \"client\"", "source \"people\"", &place, "nickname"]);
        assert!(!said.contains("at line") && !said.contains("error returned from database"), "{said}");
        fs::remove_file(folder.path().join("guichet.toml")).unwrap();
    }
}
