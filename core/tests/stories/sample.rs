//! The tables that every Better Auth database has.

use guichet_core::schema::{Column, Default, Schema, Table};

/// The four tables.
pub(crate) fn core_tables() -> Vec<Table> {
    let created = || Column::timestamp("createdAt").required().default(Default::Now);
    let owner = || Column::text("userId").required().indexed().references("user");
    vec![
        Table::new("user")
            .column(Column::id())
            .column(Column::text("name").required())
            .column(Column::text("email").required().unique())
            .column(Column::boolean("emailVerified").required().default(Default::Boolean(false)))
            .column(Column::text("image"))
            .column(created())
            .column(Column::timestamp("updatedAt").required().default(Default::Now)),
        Table::new("session")
            .column(Column::id())
            .column(Column::timestamp("expiresAt").required())
            .column(Column::text("token").required().unique())
            .column(created())
            .column(Column::timestamp("updatedAt").required())
            .column(Column::text("ipAddress"))
            .column(Column::text("userAgent"))
            .column(owner()),
        Table::new("account")
            .column(Column::id())
            .column(Column::text("accountId").required())
            .column(Column::text("providerId").required())
            .column(owner())
            .column(Column::text("accessToken"))
            .column(Column::text("refreshToken"))
            .column(Column::text("idToken"))
            .column(Column::timestamp("accessTokenExpiresAt"))
            .column(Column::timestamp("refreshTokenExpiresAt"))
            .column(Column::text("scope"))
            .column(Column::text("password"))
            .column(created())
            .column(Column::timestamp("updatedAt").required()),
        Table::new("verification")
            .column(Column::id())
            .column(Column::text("identifier").required().indexed())
            .column(Column::text("value").required())
            .column(Column::timestamp("expiresAt").required())
            .column(created())
            .column(Column::timestamp("updatedAt").required().default(Default::Now)),
    ]
}

/// The four tables alone.
pub(crate) fn core() -> Schema {
    with(vec![])
}

/// The four tables and what a plugin declares.
pub(crate) fn with(plugin: Vec<Table>) -> Schema {
    Schema::merge([("core".into(), core_tables()), ("plugin".into(), plugin)]).unwrap()
}

/// Adds columns to `user`.
pub(crate) fn with_user(columns: impl IntoIterator<Item = Column>) -> Schema {
    with(vec![columns.into_iter().fold(Table::new("user"), Table::column)])
}

/// Two people.
pub(crate) const PEOPLE: &str = r#"
insert into "user" ("id", "name", "email", "emailVerified") values ('u1', 'Ada', 'ada@example.com', $1), ('u2', 'Bob', 'bob@example.com', $1)"#;
