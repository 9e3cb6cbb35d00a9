//! Starts the product for a test: the very composition that `serve` uses, on a database of its own; only the clock
//! and the way out for mails differ. Browsers with cookie jars visit it over real HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

pub mod authenticator;
mod browser;
mod clock;
mod credulous;
mod database;
mod meanwhile;
pub mod provider;
mod server;
mod stand_in;
pub mod totp;

pub use browser::{Answer, Browser, SESSION_COOKIE};
pub use clock::TestClock;
pub use credulous::Credulous;
pub use database::TestDatabase;
pub use meanwhile::Meanwhile;
pub use server::TestServer;
pub use stand_in::{serve, serve_with};

/// Stories that run on both databases: each becomes a module with the tests `postgres` and `sqlite`.
///
/// ```text
/// guichet_testing::stories! {
///     async fn a_code_works_once(database) { … }
/// }
/// ```
#[macro_export]
macro_rules! stories {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block)*) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its file")]
            use super::*;

            async fn story($database: $crate::TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::TestDatabase::postgres().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::TestDatabase::sqlite()).await;
            }
        }
    )*};
}
