//! How other programs spell Better Auth's names.

/// Without case and underscores: `emailVerified`, `email_verified` and `EMAILVERIFIED` are one.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// `twoFactorEnabled` as `two_factor_enabled`, by the rule of Better Auth's generator for Drizzle
/// (`convertToSnakeCase`): a word begins at a capital after a small letter or digit, and at the last capital of a
/// run that a small letter follows (`credentialID` is `credential_id`).
pub(super) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(position + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|c| {
                c.is_ascii_lowercase()
                    || c.is_ascii_digit()
                    || (c.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if begins {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_is_as_the_generator_writes_it() {
        for (name, snake) in [
            ("emailVerified", "email_verified"),
            ("id", "id"),
            ("credentialID", "credential_id"),
            ("IDToken", "id_token"),
            ("oauth2Client", "oauth2_client"),
            ("twoFactors", "two_factors"),
        ] {
            assert_eq!(snake_case(name), snake);
            assert_eq!(folded(name), folded(snake));
        }
    }
}
