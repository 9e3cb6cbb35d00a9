//! Who may what: roles, and the actions on resources that each of them has (Better Auth's access control).

use std::collections::BTreeMap;

use guichet_core::store::User;

use crate::options::ADMIN;
use crate::{Options, ROLE};

/// Every action on users.
pub(crate) const USER_ACTIONS: [&str; 13] = [
    "create",
    "list",
    "set-role",
    "ban",
    "impersonate",
    "impersonate-admins",
    "delete",
    "set-password",
    "send-reset",
    "remove-authenticator",
    "set-email",
    "get",
    "update",
];
/// Every action on sessions.
pub(crate) const SESSION_ACTIONS: [&str; 3] = ["list", "revoke", "delete"];

/// What the built-in administrators may not.
const NOT_BUILT_IN: &str = "impersonate-admins";

/// Actions by resource.
pub(crate) type Statements = BTreeMap<String, Vec<String>>;

/// An action on a resource: `("user", "ban")`.
pub(crate) type Permission = (&'static str, &'static str);

/// Roles and what they may.
pub(crate) struct Access {
    roles: BTreeMap<String, Statements>,
    /// Whether the settings name the roles, so that there are no others.
    is_closed: bool,
    default_role: String,
    admin_roles: Vec<String>,
    admin_ids: Vec<String>,
}

impl Access {
    pub(crate) fn of(options: &Options) -> Self {
        let is_closed = !options.roles.is_empty();
        Self {
            roles: if is_closed { options.roles.clone() } else { built_in() },
            is_closed,
            default_role: options.default_role.clone(),
            admin_roles: options.admin_roles.clone(),
            admin_ids: options.admin_user_ids.clone(),
        }
    }

    /// The roles of a user, in the order in which they were set.
    fn roles_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = &'a str> {
        let role = user.extra.text(ROLE).filter(|role| !role.is_empty());
        role.unwrap_or(&self.default_role).split(',')
    }

    /// Whether a user may do this.
    pub(crate) fn allows(&self, user: &User, (resource, action): Permission) -> bool {
        let asked = [(resource.to_owned(), vec![action.to_owned()])].into();
        self.allows_all(user, &asked)
    }

    /// Whether one of the user's roles has every action that is asked for, and one at least.
    pub(crate) fn allows_all(&self, user: &User, asked: &Statements) -> bool {
        if self.admin_ids.contains(&user.id) {
            return true;
        }
        self.roles_of(user).filter_map(|role| self.roles.get(role)).any(|has| {
            !asked.is_empty()
                && asked.iter().all(|(resource, actions)| {
                    !actions.is_empty()
                        && has.get(resource).is_some_and(|own| actions.iter().all(|one| own.contains(one)))
                })
        })
    }

    /// Whether this is an administrator, whose identity is not taken lightly.
    pub(crate) fn is_admin(&self, user: &User) -> bool {
        self.admin_ids.contains(&user.id)
            || self.roles_of(user).any(|role| self.admin_roles.iter().any(|admin| admin == role))
    }

    /// Whether a role can be set: any, unless the settings name them.
    pub(crate) fn can_be_set(&self, role: &str) -> bool {
        !self.is_closed || self.roles.contains_key(role)
    }

    /// Whether the settings, or the built-in roles, say what a role may.
    pub(crate) fn knows(&self, role: &str) -> bool {
        self.roles.contains_key(role)
    }

    /// The roles of which is known what they may.
    pub(crate) fn known(&self) -> String {
        self.roles.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn admin_roles(&self) -> &[String] {
        &self.admin_roles
    }

    pub(crate) fn admin_ids(&self) -> &[String] {
        &self.admin_ids
    }
}

/// `admin`, who may everything but be another administrator, and `user`, who may nothing.
fn built_in() -> BTreeMap<String, Statements> {
    let owned = |actions: &[&str]| actions.iter().map(|&action| action.to_owned()).collect::<Vec<_>>();
    let mut user = owned(&USER_ACTIONS);
    user.retain(|action| action != NOT_BUILT_IN);
    let session = owned(&SESSION_ACTIONS);
    let nothing = || Statements::from([("user".to_owned(), Vec::new()), ("session".to_owned(), Vec::new())]);
    [
        (ADMIN.to_owned(), Statements::from([("user".to_owned(), user), ("session".to_owned(), session)])),
        ("user".to_owned(), nothing()),
    ]
    .into()
}
