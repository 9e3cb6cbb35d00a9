//! Mails and text messages: what plugins hand over, the outbox that keeps them until they are delivered, and the ways out.

mod delivery;
pub mod options;
mod outbox;
mod sms;
mod table;
pub mod transport;
mod worker;

use std::fmt;

pub use outbox::{EnqueueError, Outbox, OutboxOptions};
pub use sms::{Sms, SmsApi, SmsWay};
pub use table::tables;
pub use transport::{Letter, Mailbox, SendError, Transport};

/// A mail as a plugin writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// One address, in its normal form ([`crate::email_address::EmailAddress`]).
    pub to: String,
    /// One line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The same body as HTML.
    pub html: String,
    /// What it is, for logs: `email-otp/code`.
    pub kind: &'static str,
}

/// Subject and bodies hold codes and links, so only the kind is shown.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("kind", &self.kind).finish_non_exhaustive()
    }
}
