//! Settings: what is refused, by name and place, and what wins over what.

use std::fs;
use std::path::Path;

use guichet_core::serde_json::Value;

use crate::program::{Said, guichet};

/// Runs `guichet config check` beside this `guichet.toml`.
pub(crate) fn check(file: &str, settings: &[(&str, &str)]) -> Said {
    let folder = folder(file);
    guichet(folder.path(), &["config", "check"], settings)
}

fn show(file: &str, settings: &[(&str, &str)]) -> String {
    let folder = folder(file);
    guichet(folder.path(), &["config", "show"], settings).well()
}

pub(crate) fn folder(file: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    if !file.is_empty() {
        fs::write(folder.path().join("guichet.toml"), file).unwrap();
    }
    folder
}

#[track_caller]
pub(crate) fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

#[test]
fn what_a_plugin_needs_of_others_is_checked_before_a_table_is_touched() {
    let column = "[plugins.email-password]\n[plugins.upstream]\nurl = \"http://backend:8000/login\"\n\
                  body = { email = \"{email}\", password = \"{password}\" }\nanswer = { id = \"/id\", columns = { role = \"/role\" } }\n";
    let cases = [
        (
            "[plugins.token-api]\n[plugins.email-password]\n",
            "[plugins.token-api]: its access tokens are JWTs",
        ),
        ("[plugins.revocation]\n", "[plugins.revocation]: it signs with the keys of access tokens"),
        ("[plugins.username]\n", "[plugins.username]: names are signed in with by password"),
        (column, "[plugins.upstream]: answer.columns.role: no such column"),
    ];
    for (settings, said) in cases {
        let folder = folder(settings);
        says(&guichet(folder.path(), &["config", "check"], &[]).failed(), &[said]);
        says(&guichet(folder.path(), &["serve"], &[("GUICHET_LISTEN", "127.0.0.1:0")]).failed(), &[said]);
        let doctor = guichet(folder.path(), &["doctor", "--offline"], &[]);
        says(&doctor.out, &[said]);
        assert!(doctor.code == 1 && !doctor.out.contains("good     settings"), "{doctor:?}");
        let tables = guichet(folder.path(), &["migrate", "--plan"], &[]);
        assert!(tables.out.contains("+ table \"user\""), "{tables:?}");
    }
}

#[test]
fn a_public_address_is_refused_with_everything_that_is_missing() {
    let public = [("GUICHET_BASE_URL", "http://login.example.fr")];
    let folder = folder("");
    let said = guichet(folder.path(), &["serve"], &public).failed();
    for part in [
        "GUICHET_BASE_URL",
        "https://",
        "GUICHET_SECRET_FILE",
        "secret_file",
        "GUICHET_MAIL__TRANSPORT",
        "mail.smtp.url",
        "GUICHET_MAIL__FROM",
    ] {
        says(&said, &[part]);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    // `config check` says the same.
    says(&check("", &public).failed(), &["GUICHET_SECRET_FILE", "GUICHET_MAIL__TRANSPORT", "https"]);
    // What is set need not be said.
    let more = [
        public[0],
        ("GUICHET_SECRET", "a-secret-that-is-at-least-32-characters"),
        ("GUICHET_MAIL__TRANSPORT", "smtp"),
    ];
    let said = guichet(folder.path(), &["serve"], &more).failed();
    says(&said, &["https://", "mail.from", "mail.smtp.host"]);
    assert!(!said.contains("GUICHET_SECRET_FILE"), "{said}");
}

#[test]
fn a_public_address_with_all_it_needs_is_good() {
    let settings = [
        ("GUICHET_BASE_URL", "https://login.example.fr"),
        ("GUICHET_SECRET", "a-secret-that-is-at-least-32-characters"),
        ("GUICHET_MAIL__TRANSPORT", "smtp"),
        ("GUICHET_MAIL__FROM", "Guichet <no-reply@example.fr>"),
        ("GUICHET_MAIL__SMTP__URL", "smtps://u:p@mail.example.fr"),
    ];
    says(
        &check("", &settings).well(),
        &["The configuration is good", "https://login.example.fr", "GUICHET_BASE_URL"],
    );
    let lab = [("GUICHET_BASE_URL", "http://lab.example.fr"), ("GUICHET_ALLOW_INSECURE", "true")];
    check("", &lab).well();
}

#[test]
fn an_address_is_an_origin() {
    for (url, part) in [
        ("https://login.example.fr/auth", "no path"),
        ("https://login.example.fr/?a=1", "end after the host"),
        ("https://ann:pw@login.example.fr", "no user name or password"),
        ("ftp://login.example.fr", "https://"),
        ("login.example.fr", "must be an address such as https://"),
    ] {
        let said = check("", &[("GUICHET_BASE_URL", url)]).failed();
        says(&said, &["GUICHET_BASE_URL", "base_url", part]);
    }
}

#[test]
fn unknown_keys_are_all_named_with_their_lines_and_the_known_ones() {
    let file = "basse_url = \"http://127.0.0.1:1\"\n\n[session]\nexpires = \"7d\"\n\n[plugins.email-otp]\ndigit = 6\n\
                [plugins.magik]\n[[user.fields]]\nname = \"a\"\nkid = \"text\"\n";
    let said = check(file, &[]).failed();
    let mut plugins: Vec<&str> = guichet::plugins::all().iter().map(|plugin| plugin.id).collect();
    plugins.sort_unstable();
    let known = plugins.join(", ");
    says(
        &said,
        &[
            "guichet.toml, line 1: unknown key \"basse_url\"; did you mean base_url?",
            "guichet.toml, line 4: unknown key \"expires\" in [session]",
            "expires_in_unremembered",
            "guichet.toml, line 7: unknown key \"digit\" in [plugins.email-otp]; did you mean digits?",
            "guichet.toml, line 8: unknown plugin \"magik\"",
            &known,
            "guichet.toml, line 11: unknown key \"kid\"",
        ],
    );
}

#[test]
fn unknown_variables_are_named_with_the_known_ones() {
    let said = check(
        "",
        &[
            ("GUICHET_BASSE_URL", "x"),
            ("GUICHET_PLUGINS__EMAIL_OTP__DIGIT", "6"),
            ("GUICHET_LISTEN__PORT", "1"),
        ],
    )
    .failed();
    says(
        &said,
        &[
            "GUICHET_BASSE_URL: unknown variable; did you mean GUICHET_BASE_URL?",
            "GUICHET_PLUGINS__EMAIL_OTP__DIGIT: unknown variable",
            "GUICHET_PLUGINS__EMAIL_OTP__DIGITS",
            "GUICHET_LISTEN__PORT: listen has no keys below it",
        ],
    );
}

#[test]
fn a_wrong_value_is_named_with_its_place_and_a_secret_is_not_printed() {
    let file = "\nsecret = 123456789\n";
    let said = check(file, &[]).failed();
    says(&said, &["guichet.toml, line 2: secret: must be"]);
    assert!(!said.contains("123456789"), "{said}");
    let said = check("listen = \"here\"", &[]).failed();
    says(&said, &["guichet.toml, line 1: listen: "]);
    let said = check("[plugins.email-otp]\ndigits = \"six\"\n", &[]).failed();
    says(&said, &["guichet.toml, line 2: plugins.email-otp.digits: must be a whole number"]);
    let said = check("[plugins.email-otp]\ndigits = 60\n", &[]).failed();
    says(&said, &["[plugins.email-otp]", "digits = 60: must be 6 to 10"]);
    let said = check("a = = 1", &[]).failed();
    says(&said, &["guichet.toml, line 1: "]);
    let wrong = [("GUICHET_DATABASE__CONNECTIONS", "many"), ("GUICHET_DATABASE__MIGRATE", "maybe")];
    let said = check("", &wrong).failed();
    says(
        &said,
        &[
            "GUICHET_DATABASE__CONNECTIONS: must be a whole number",
            "GUICHET_DATABASE__MIGRATE: must be true or false",
        ],
    );
    let said = check("", &[("GUICHET_DATABASE__URL", "mysql://ann:hunter2@db/people")]).failed();
    says(&said, &["GUICHET_DATABASE__URL: database.url: must begin with postgres:// or sqlite:"]);
    assert!(!said.contains("hunter2"), "{said}");
    says(&check("", &[("GUICHET_SECRET", "short")]).failed(), &["5 characters", "32"]);
    let missing =
        guichet(folder("").path(), &["--config", "elsewhere.toml", "config", "check"], &[]).failed();
    says(&missing, &["elsewhere.toml does not exist"]);
}

#[test]
fn variables_hold_digits_lists_and_plugins_keys() {
    let digits = "12345678901234567890123456789012";
    check("", &[("GUICHET_SECRET", digits)]).well();
    let shown = show(
        "",
        &[
            ("GUICHET_APP_NAME", "42"),
            ("GUICHET_TRUSTED_ORIGINS", "https://a.example.fr, https://b.example.fr"),
            ("GUICHET_TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("GUICHET_PLUGINS__EMAIL_OTP__DIGITS", "8"),
            ("GUICHET_SESSION__EXPIRES_IN", "3d"),
            ("GUICHET_USER__FIELDS", "[{ name = \"phone\", unique = true }]"),
            ("GUICHET_LANGUAGE", ""),
        ],
    );
    says(
        &shown,
        &[
            "app_name = \"42\"",
            "trusted_origins = [\"https://a.example.fr\", \"https://b.example.fr\"]  # GUICHET_TRUSTED_ORIGINS",
            "trusted_proxies = [\"10.0.0.0/8\"]",
            "plugins.email-otp.digits = 8  # GUICHET_PLUGINS__EMAIL_OTP__DIGITS",
            "plugins.pages = {}  # default",
            "session.expires_in = \"3d\"",
            "phone",
        ],
    );
    assert!(!shown.contains("language"), "an empty variable is not set:\n{shown}");
}

#[test]
fn a_file_with_plugins_states_all_of_them_and_variables_add_to_them() {
    let shown = show("[plugins.email-otp]\n", &[]);
    assert!(!shown.contains("plugins.pages"), "{shown}");
    let shown = show("[plugins.email-otp]\n", &[("GUICHET_PLUGINS__PAGES__LANDS_AT", "/home")]);
    says(&shown, &["plugins.email-otp = {}", "plugins.pages.lands_at = \"/home\""]);
}

#[test]
fn variables_win_over_the_file_whichever_way_they_say_it() {
    let file = "secret_file = \"nowhere\"\n[database]\nurl = \"sqlite:a.db\"\nconnections = 3\n";
    let folder = folder(file);
    fs::write(folder.path().join("url"), "sqlite:b.db\n").unwrap();
    let settings = [
        ("GUICHET_SECRET", "a-secret-that-is-at-least-32-characters"),
        ("GUICHET_DATABASE__URL_FILE", "url"),
    ];
    let said = guichet(folder.path(), &["config", "check"], &settings).well();
    says(&said, &["SQLite, b.db", "guichet.toml, GUICHET_DATABASE__URL_FILE, GUICHET_SECRET"]);
    let both = [("GUICHET_SECRET", "x"), ("GUICHET_SECRET_FILE", "y")];
    says(&check("", &both).failed(), &["GUICHET_SECRET: set either this or GUICHET_SECRET_FILE, not both"]);
    let both = "[database]\nurl = \"sqlite:a.db\"\nurl_file = \"x\"\n";
    says(
        &check(both, &[]).failed(),
        &["guichet.toml, line 2: database.url: set either this or url_file, not both"],
    );
}

#[test]
fn secrets_are_never_shown() {
    let file = "secret = \"hunter2-hunter2-hunter2-hunter2-hunter2\"\n[database]\n\
                url = \"postgres://ann:hunter2@db.example.fr/people?password=hunter2\"\n[mail.smtp]\n\
                password = \"hunter2\"\nusername = \"u\"\n[mail.http]\napi_key = \"hunter2\"\n[plugins.prepare-login]\n\
                database_url = \"postgres://bob:hunter2@db.example.fr/business\"\n\
                [[plugins.prepare-login.portal]]\nname = \"client\"\nrole = \"TENANT\"\n\
                preset = \"client-person-entreprise\"\n";
    let shown = show(file, &[]);
    assert!(!shown.contains("hunter2"), "{shown}");
    says(
        &shown,
        &[
            "secret = \"(hidden)\"  # guichet.toml, line 1",
            "@db.example.fr/people",
            "@db.example.fr/business",
        ],
    );
}

#[test]
fn whatever_is_named_as_a_secret_is_declared_as_one() {
    let text = guichet(Path::new("."), &["config", "schema"], &[]).well();
    let schema: Value = guichet_core::serde_json::from_str(&text).unwrap();
    let mut open = Vec::new();
    let mut declared = Vec::new();
    look_for_secrets(&schema, "", &mut open, &mut declared);
    // Named like a secret, and none.
    let none = ["plugins.jwt.keys_max_age", "plugins.captcha.site_key", "plugins.social.generic.token_url"];
    // Where a back end's answer has its tokens.
    let pointers =
        ["answer.access_token", "answer.refresh_token", "refresh.access_token", "refresh.refresh_token"];
    let is_pointer =
        |name: &str| name.strip_prefix("plugins.upstream.").is_some_and(|below| pointers.contains(&below));
    let is_place = |name: &str| name.ends_with(".key_id") || name.ends_with("_path") || is_pointer(name);
    open.retain(|name| !none.contains(&name.as_str()) && !is_place(name));
    assert!(open.is_empty(), "these are shown by `config show`; their type is to be Secret: {open:?}");
    for key in ["secret", "database.url", "mail.smtp.password", "plugins.prepare-login.database_url"] {
        assert!(declared.iter().any(|name| name == key), "{key} is missing in {declared:?}");
    }
}

/// Texts whose names are those of secrets: `open` ones, and those that are declared.
fn look_for_secrets(schema: &Value, path: &str, open: &mut Vec<String>, declared: &mut Vec<String>) {
    const NAMES: [&str; 5] = ["secret", "password", "key", "token", "database_url"];
    let below = [schema, &schema["items"]].into_iter().filter_map(|one| one["properties"].as_object());
    for (key, value) in below.flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let kind = &value["type"];
        let is_text =
            kind == "string" || kind.as_array().is_some_and(|all| all.iter().any(|one| one == "string"));
        if value["writeOnly"] == true {
            declared.push(path.clone());
        } else if is_text && !key.ends_with("_file") && NAMES.iter().any(|name| key.contains(name)) {
            open.push(path.clone());
        }
        look_for_secrets(value, &path, open, declared);
    }
}

#[test]
fn editors_get_a_schema_of_every_key() {
    let text = guichet(Path::new("."), &["config", "schema"], &[]).well();
    let schema: Value = guichet_core::serde_json::from_str(&text).unwrap();
    assert_eq!(
        schema["properties"]["plugins"]["properties"]["email-otp"]["properties"]["digits"]["type"],
        "integer"
    );
    assert!(!text.contains("$ref"));
}

#[test]
fn proxies_are_addresses_or_networks() {
    check("trusted_proxies = [\"127.0.0.1\", \"::1\", \"10.0.0.0/8\"]", &[]).well();
    check("", &[("GUICHET_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")]).well();
    let said = check("trusted_proxies = [\"127.0.0.1\", \"proxy.example.fr\"]", &[]).failed();
    says(&said, &["line 1", "trusted_proxies", "proxy.example.fr", "10.0.0.0/8"]);
}
