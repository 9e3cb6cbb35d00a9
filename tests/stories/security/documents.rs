//! Numbers that are written for people are those that hold (ASVS 6.1.1, 7.1.1 to 7.1.3).

use std::path::Path;
use std::time::Duration;

use guichet_core::config::Config;
use guichet_core::plugin::switched_on;

use super::everything;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// `7 days`, `90 s`: the largest unit that says it whole.
fn said(span: Duration) -> String {
    let seconds = span.as_secs();
    for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] {
        if seconds >= length && seconds.is_multiple_of(length) {
            let count = seconds / length;
            return format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
        }
    }
    format!("{seconds} seconds")
}

#[test]
fn asvs_7_1_1_session_lives_in_the_documents_are_the_defaults() {
    let text = document("security.md");
    let (session, user) =
        (guichet_core::config::SessionOptions::default(), guichet_core::config::UserOptions::default());
    let (otp, password) = (guichet_email_otp::Options::default(), guichet_email_password::Options::default());
    let (factor, phone) = (guichet_two_factor::Options::default(), guichet_phone_number::Options::default());
    let link = guichet_magic_link::Options::default();
    let (jwt, passkey) = (guichet_jwt::Options::default(), guichet_passkey::Options::default());
    let rows = [
        ("session.expires_in", session.expires_in),
        ("session.expires_in_unremembered", session.expires_in_unremembered),
        ("session.update_age", session.update_age),
        ("session.absolute", session.absolute),
        ("session.fresh_age", session.fresh_age),
        ("user.delete_expires_in", user.delete_expires_in),
        ("plugins.email-otp.expires_in", otp.expires_in),
        ("plugins.email-otp.budget_window", otp.budget_window),
        ("plugins.email-password.verification_expires_in", password.verification_expires_in),
        ("plugins.email-password.reset_expires_in", password.reset_expires_in),
        ("plugins.jwt.expires_in", jwt.expires_in),
        ("plugins.passkey.challenge_expires_in", passkey.challenge_expires_in),
        ("plugins.two-factor.challenge_expires_in", factor.challenge_expires_in),
        ("plugins.two-factor.email_codes_expire_in", factor.email_codes_expire_in),
        ("plugins.two-factor.trust_devices_for", factor.trust_devices_for),
        ("plugins.two-factor.lock_for", factor.lock_for),
        ("plugins.phone-number.expires_in", phone.expires_in),
        ("plugins.phone-number.budget_window", phone.budget_window),
        ("plugins.magic-link.expires_in", link.expires_in),
        ("http.receive_timeout", guichet_core::config::HttpOptions::default().receive_timeout),
    ];
    for (key, span) in rows {
        let row = format!("| `{key}` | {} |", said(span.0));
        assert!(text.contains(&row), "docs/security.md lacks\n{row}");
    }
    let limits = guichet_core::config::RateLimitOptions::default();
    let policy = guichet_core::password::PasswordOptions::default();
    for (key, number) in [
        ("rate_limit.max", u64::from(limits.max)),
        ("plugins.email-otp.tries_per_code", otp.tries_per_code.into()),
        ("plugins.email-otp.tries_per_address", otp.tries_per_address.into()),
        ("plugins.email-otp.codes_kept", otp.codes_kept as u64),
        ("password.tries_per_account", policy.tries_per_account.into()),
        ("password.tries_per_account_and_day", policy.tries_per_account_and_day.into()),
        ("plugins.two-factor.tries_per_challenge", factor.tries_per_challenge.into()),
        ("plugins.two-factor.tries_per_account", factor.tries_per_account.into()),
        ("plugins.phone-number.tries_per_code", phone.tries_per_code.into()),
        ("plugins.phone-number.tries_per_number", phone.tries_per_number.into()),
        ("password.min_length", policy.min_length as u64),
        ("password.max_length", policy.max_length as u64),
        ("password.queue", policy.queue as u64),
        ("http.body_limit", guichet_core::config::HttpOptions::default().body_limit as u64),
    ] {
        let row = format!("| `{key}` | {number} |");
        assert!(text.contains(&row), "docs/security.md lacks\n{row}");
    }
    assert!(text.contains(&format!("| `rate_limit.window` | {} |", said(limits.window.0))));
}

#[test]
fn asvs_6_1_1_every_limit_in_the_documents_is_one_that_holds() {
    let text = document("security.md");
    let config: Config = toml::from_str(&everything("base_url = \"http://localhost:3000\"\n")).unwrap();
    let mut rows = Vec::new();
    for plugin in switched_on(&guichet::plugins::all(), &config).unwrap() {
        for limit in plugin.rate_limits() {
            let counted = limit.field.map_or("address".to_owned(), |field| format!("`{field}`"));
            rows.push(format!(
                "| `{}` | {counted} | {} in {} |",
                limit.route,
                limit.budget.max,
                said(limit.budget.window)
            ));
        }
    }
    let missing: Vec<&String> = rows.iter().filter(|row| !text.contains(row.as_str())).collect();
    assert!(
        !rows.is_empty() && missing.is_empty(),
        "docs/security.md lacks\n{}",
        missing.iter().map(|row| row.as_str()).collect::<Vec<_>>().join("\n")
    );
    let stale: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(" in ") && line.matches('|').count() == 4)
        .filter(|line| !rows.iter().any(|row| row == line))
        .collect();
    assert!(stale.is_empty(), "docs/security.md tells of limits that are none: {stale:#?}");
}

/// Every test that the table of rows names is there, and nothing waits for what is there by now.
#[test]
fn the_table_of_rows_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = document("security-tests.md");
    for built in ["for the administration", "for passkeys", "for the second factor"] {
        let stale = table.lines().find(|line| line.contains("wait") && line.contains(built));
        assert_eq!(stale, None, "docs/security-tests.md waits {built}");
    }
    let mut named = 0;
    for quoted in table.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains(".rs::")) {
        let (file, test) = quoted.split_once("::").unwrap();
        let source =
            std::fs::read_to_string(root.join(file)).unwrap_or_else(|_| panic!("{file} does not exist"));
        assert!(source.contains(&format!("fn {test}(")), "{quoted} does not exist");
        named += 1;
    }
    assert!(named > 100, "{named}");
}
