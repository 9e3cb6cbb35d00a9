//! A small business database for a first look at a portal.

/// `SQLite` statements that make the tables of the preset `client-person-entreprise` and a few made-up tenants.
/// Running them again changes nothing.
pub fn demo_sql() -> &'static str {
    include_str!("demo.sql")
}
