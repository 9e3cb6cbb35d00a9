//! Settings of administrators.

use std::collections::BTreeMap;
use std::time::Duration;

use guichet_core::config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{SESSION_ACTIONS, USER_ACTIONS};

/// Settings of the plugin `admin`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The role of everybody who is made without one.
    pub default_role: String,
    /// The roles of administrators, whom nobody takes the identity of.
    pub admin_roles: Vec<String>,
    /// Users (by id) who may everything, whatever their role.
    pub admin_user_ids: Vec<String>,
    /// What each role may, as `{ role = { resource = ["action"] } }`, in the place of `admin` and `user`. Where it is given,
    /// no other role can be set.
    pub roles: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// What a banned person is told, in the place of the built-in sentence in their language.
    pub banned_message: Option<String>,
    /// The reason of a ban that was given none.
    pub default_ban_reason: String,
    /// How long a ban lasts that was given no end; for ever when this is not set.
    pub default_ban_expires_in: Option<Span>,
    /// How long somebody is in as somebody else, at the most.
    pub impersonation_expires_in: Span,
    /// Whether who may take identities may also take those of administrators.
    pub allow_impersonating_admins: bool,
    /// Whether users that administrators make get passwords by the rules of `[password]`; `false` refuses long ones alone.
    pub check_created_passwords: bool,
    /// Whether a password that an administrator sets ends every session of its user.
    pub revoke_sessions_on_set_password: bool,
    /// Whether people are told by mail that an administrator set their password, or changed their address.
    pub tell_of_changes: bool,
    /// Whether codes and links are mailed to banned people, which open nothing.
    pub mail_banned: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            default_role: "user".to_owned(),
            admin_roles: vec!["admin".to_owned()],
            admin_user_ids: Vec::new(),
            roles: BTreeMap::new(),
            banned_message: None,
            default_ban_reason: "No reason".to_owned(),
            default_ban_expires_in: None,
            impersonation_expires_in: Span::minutes(60),
            allow_impersonating_admins: false,
            check_created_passwords: true,
            revoke_sessions_on_set_password: true,
            tell_of_changes: true,
            mail_banned: false,
        }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), String> {
        self.check_roles()?;
        let longest = Duration::from_hours(24);
        let life = self.impersonation_expires_in.0;
        if life < Duration::from_mins(1) || life > longest {
            return Err("impersonation_expires_in: must be 1 minute to 24 hours".to_owned());
        }
        if self.default_ban_expires_in.is_some_and(|span| span.0.is_zero()) {
            return Err("default_ban_expires_in: leave it out for bans without an end".to_owned());
        }
        if self.default_ban_reason.trim().is_empty() {
            return Err("default_ban_reason: must not be empty".to_owned());
        }
        Ok(())
    }

    fn check_roles(&self) -> Result<(), String> {
        let is_name = |role: &str| !role.is_empty() && role.trim() == role && !role.contains(',');
        if let Some(role) = self.roles.keys().chain(&self.admin_roles).find(|role| !is_name(role)) {
            return Err(format!("{role:?} is no role: a text without commas, nor spaces around it"));
        }
        if !is_name(&self.default_role) {
            return Err(format!("default_role = {:?}: one role, without commas", self.default_role));
        }
        if self.admin_roles.contains(&self.default_role) {
            return Err("default_role: everybody would be an administrator".to_owned());
        }
        let built_in = |role: &str| self.roles.is_empty() && [ADMIN, "user"].contains(&role);
        let known = |role: &&String| built_in(role) || self.roles.contains_key(*role);
        if let Some(role) = self.admin_roles.iter().find(|role| !known(role)) {
            return Err(format!("admin_roles: {role:?} may nothing; say in roles what it may"));
        }
        for (role, statements) in &self.roles {
            for (resource, actions) in statements {
                let known: &[&str] = match resource.as_str() {
                    "user" => &USER_ACTIONS,
                    "session" => &SESSION_ACTIONS,
                    // The application's own, which `/admin/has-permission` answers for.
                    _ => continue,
                };
                if let Some(unknown) = actions.iter().find(|action| !known.contains(&action.as_str())) {
                    let known = known.join(", ");
                    return Err(format!("roles.{role}.{resource}: {unknown:?} is none of {known}"));
                }
            }
        }
        Ok(())
    }
}

/// The built-in role of administrators.
pub(crate) const ADMIN: &str = "admin";
