//! Who must have a second factor (ASVS 6.3.3). A first factor alone lets such a person no further than to where they set an
//! authenticator up; its first code opens the door.

use anyhow::ensure;
use guichet_core::app::App;
use guichet_core::sign_in::Attempt;
use guichet_core::store::User;

use crate::options::Options;

/// Roles stand in it with commas, whoever keeps it.
const ROLE: &str = "role";
/// What a guest proves (RFC 8176 has no word for nothing).
const NOTHING: [&str; 1] = ["none"];

impl Options {
    /// Whether this user must have one.
    pub(crate) fn requires(&self, user: &User) -> bool {
        let roles = user.extra.text(ROLE).unwrap_or_default();
        self.required || roles.split(',').any(|role| self.required_roles.iter().any(|one| one == role.trim()))
    }

    /// Whether this sign-in must come to one.
    pub(crate) fn requires_of(&self, attempt: &Attempt) -> bool {
        attempt.amr != NOTHING && self.requires(&attempt.user)
    }

    /// Refuses roles where users have none.
    pub(crate) fn fits(&self, app: &App) -> anyhow::Result<()> {
        let has_roles = app.users.extra_columns().any(|column| column.name == ROLE);
        ensure!(
            self.required_roles.is_empty() || has_roles,
            "required_roles: users have no {ROLE:?}; switch on what gives them one, such as [plugins.admin]"
        );
        Ok(())
    }
}
