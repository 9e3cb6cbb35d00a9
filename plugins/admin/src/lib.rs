//! Administrators: who may list, change, ban and be other users (contract, section 17; Better Auth's `admin` plugin).
//!
//! Who is one stands in `user.role`, which no client sets: the first is made by `guichet admin role`. A ban ends every
//! session, with what else lets a device in, in one transaction, and is asked about at every door.

mod access;
mod ban;
mod caller;
mod commands;
mod data;
mod hooks;
mod input;
mod list;
mod options;
mod routes;

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{ErrorCode, FAILED_TO_CREATE_USER, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL};
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::plugin::{Command, CommandName, Configured, Plugin};
use guichet_core::schema::{Column, Default, Table};
use guichet_core::session::Lent;

use access::Access;
pub use options::Options;

/// The columns of `user` that the plugin keeps.
const ROLE: &str = "role";
const BANNED: &str = "banned";
const BAN_REASON: &str = "banReason";
const BAN_EXPIRES: &str = "banExpires";

guichet_core::error_codes! {
    CODES with FAILED_TO_CREATE_USER, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL;
    /// Told to who proved to be somebody that is banned.
    BANNED_USER "You have been banned from this application. Please contact support if you believe this is an error." "Ce compte est suspendu. Écrivez-nous si vous pensez qu’il s’agit d’une erreur.";
    /// Who bans is not to be locked out by it.
    YOU_CANNOT_BAN_YOURSELF "You cannot ban yourself" "Vous ne pouvez pas suspendre votre propre compte";
    /// Nor removed.
    YOU_CANNOT_REMOVE_YOURSELF "You cannot remove yourself" "Vous ne pouvez pas supprimer votre propre compte";
    /// `user: set-role`.
    YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE "You are not allowed to change users role" "Vous n’avez pas le droit de changer le rôle des utilisateurs";
    /// `user: create`.
    YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS "You are not allowed to create users" "Vous n’avez pas le droit de créer des utilisateurs";
    /// `user: list`.
    YOU_ARE_NOT_ALLOWED_TO_LIST_USERS "You are not allowed to list users" "Vous n’avez pas le droit de lister les utilisateurs";
    /// `session: list`.
    YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS "You are not allowed to list users sessions" "Vous n’avez pas le droit de lister les sessions des utilisateurs";
    /// `user: ban`.
    YOU_ARE_NOT_ALLOWED_TO_BAN_USERS "You are not allowed to ban users" "Vous n’avez pas le droit de suspendre des utilisateurs";
    /// `user: impersonate`.
    YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS "You are not allowed to impersonate users" "Vous n’avez pas le droit de prendre l’identité des utilisateurs";
    /// `session: revoke`.
    YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS "You are not allowed to revoke users sessions" "Vous n’avez pas le droit de fermer les sessions des utilisateurs";
    /// `user: delete`.
    YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS "You are not allowed to delete users" "Vous n’avez pas le droit de supprimer des utilisateurs";
    /// `user: set-password`.
    YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD "You are not allowed to set users password" "Vous n’avez pas le droit de définir le mot de passe des utilisateurs";
    /// `user: set-email`.
    YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL "You are not allowed to update users email" "Vous n’avez pas le droit de changer l’adresse e-mail des utilisateurs";
    /// `user: get`.
    YOU_ARE_NOT_ALLOWED_TO_GET_USER "You are not allowed to get user" "Vous n’avez pas le droit de lire un utilisateur";
    /// `user: update`.
    YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS "You are not allowed to update users" "Vous n’avez pas le droit de modifier des utilisateurs";
    /// `user: send-reset`.
    YOU_ARE_NOT_ALLOWED_TO_SEND_PASSWORD_RESETS "You are not allowed to send password resets" "Vous n’avez pas le droit d’envoyer un lien de nouveau mot de passe";
    /// Nothing that is on lets anybody in with one.
    PASSWORDS_ARE_NOT_IN_USE "Passwords are not in use here" "Les mots de passe ne servent pas ici";
    /// `user: remove-authenticator`.
    YOU_ARE_NOT_ALLOWED_TO_REMOVE_USERS_AUTHENTICATORS "You are not allowed to remove users authenticators" "Vous n’avez pas le droit de retirer les moyens de connexion des utilisateurs";
    /// `user: impersonate-admins`.
    YOU_CANNOT_REMOVE_AUTHENTICATORS_OF_ADMINS "You cannot remove authenticators of admins" "Vous n’avez pas le droit de retirer les moyens de connexion d’un administrateur";
    /// `user: impersonate-admins`.
    YOU_CANNOT_IMPERSONATE_ADMINS "You cannot impersonate admins" "L’identité d’un administrateur ne se prend pas";
    /// `data` is empty.
    NO_DATA_TO_UPDATE "No data to update" "Aucune donnée à modifier";
    /// The settings name the roles that there are.
    YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE "You are not allowed to set a non-existent role value" "Ce rôle n’existe pas";
    /// A role is a text.
    INVALID_ROLE_TYPE "Invalid role type" "Ce n’est pas un rôle";
    /// Passwords have a route of their own, with their rules.
    PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER "Password cannot be updated through update-user. Use the set-user-password endpoint instead" "Le mot de passe ne se change pas ici";
}

/// The plugin.
pub struct Admin {
    options: Options,
    access: Access,
}

impl Configured for Admin {
    type Options = Options;
    const ID: &'static str = "admin";
    const COMMANDS: &'static [CommandName] =
        &[commands::BAN, commands::UNBAN, commands::ROLE_OF, commands::LIST];

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { access: Access::of(&options), options })
    }
}

impl Plugin for Admin {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        let role = Default::Text(self.options.default_role.clone().into());
        vec![
            Table::new("user")
                // Who tries to set it is told so.
                .column(Column::text(ROLE).default(role).guarded().returned())
                .column(Column::boolean(BANNED).default(Default::Boolean(false)).returned())
                .column(Column::text(BAN_REASON).returned())
                .column(Column::timestamp(BAN_EXPIRES).returned()),
            Table::new("session").column(Lent::column()),
        ]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        routes::all(&self)
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![
            // Each hashes a password.
            RateLimit::by_address(routes::create::NAME, 60, 30),
            RateLimit::by_address(routes::password::NAME, 60, 30),
            RateLimit::by_address(routes::impersonate::NAME, 60, 30),
            RateLimit::by_address(routes::reset::NAME, 60, 30),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn commands(self: Arc<Self>) -> Vec<Command> {
        commands::all(&self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
