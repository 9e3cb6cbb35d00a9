//! One table each. SQL that must be put together (tables with additional columns) is made in `columns`, once, at start.

mod account;
mod columns;
mod fields;
mod session;
mod session_lookups;
mod sessions;
mod users;
mod verification;

pub use account::{Account, Accounts, CREDENTIAL, Credential};
pub use columns::On;
pub(crate) use fields::is_truthy;
pub use fields::{Fields, take_input};
pub use session::{IMPERSONATED_BY, Session};
pub(crate) use sessions::Ended;
pub use sessions::Sessions;
pub use users::{NewUser, User, Users};
pub use verification::{Verification, Verifications};

use crate::schema::{Column, Default, Table};

/// The core's tables, with Better Auth's names (contract, section 23).
pub(crate) fn tables() -> Vec<Table> {
    let created = || Column::timestamp("createdAt").required().default(Default::Now).returned();
    vec![
        Table::new("user")
            .column(Column::id())
            .column(Column::text("name").required().input().returned())
            .column(Column::text("email").required().unique().returned())
            .column(Column::boolean("emailVerified").required().default(Default::Boolean(false)).returned())
            .column(Column::text("image").input().returned())
            .column(created())
            .column(Column::timestamp("updatedAt").required().default(Default::Now).returned()),
        Table::new("session")
            .column(Column::id())
            .column(Column::timestamp("expiresAt").required().returned())
            .column(Column::text("token").required().unique().returned())
            .column(created())
            .column(Column::timestamp("updatedAt").required().returned())
            .column(Column::text("ipAddress").returned())
            .column(Column::text("userAgent").returned())
            .column(Column::text("userId").required().references("user").indexed().returned())
            .column(Column::text("amr"))
            .column(Column::integer("aal")),
        Table::new("account")
            .column(Column::id())
            .column(Column::text("accountId").required().returned())
            .column(Column::text("providerId").required().returned())
            .column(Column::text("userId").required().references("user").indexed().returned())
            .column(Column::text("accessToken"))
            .column(Column::text("refreshToken"))
            .column(Column::text("idToken"))
            .column(Column::timestamp("accessTokenExpiresAt"))
            .column(Column::timestamp("refreshTokenExpiresAt"))
            .column(Column::text("scope"))
            .column(Column::text("password"))
            .column(created())
            .column(Column::timestamp("updatedAt").required().returned()),
        Table::new("verification")
            .column(Column::id())
            .column(Column::text("identifier").required().indexed())
            .column(Column::text("value").required().indexed_though_long())
            .column(Column::timestamp("expiresAt").required().indexed())
            .column(Column::timestamp("createdAt").required().default(Default::Now))
            .column(Column::timestamp("updatedAt").required().default(Default::Now)),
    ]
}
