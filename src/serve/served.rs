//! What a server shows to people, asked of its routes: whichever plugin it is that shows it.

use guichet_core::pages::Door;
use guichet_core::server::Server;

/// Where mails that stay in memory are read, if anything shows them.
pub(crate) const MAILBOX: &str = "/dev/mailbox";

/// Whether something is served at this path.
pub(crate) fn served(server: &Server, path: &str) -> bool {
    server.routes().iter().any(|route| route.path == path)
}

/// The doors that people find: a plugin may name some that no other one opens.
pub(crate) fn doors(server: &Server) -> impl Iterator<Item = &Door> {
    server.app.doors.iter().filter(|door| served(server, &door.path))
}
