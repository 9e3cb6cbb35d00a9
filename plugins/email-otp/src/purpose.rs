//! What a code is for. A code for one purpose is never right for another.

use guichet_core::email_address::EmailAddress;

guichet_core::choices! {
    /// What a code is for.
    pub enum Purpose {
        /// Proves an address of a user who is known.
        EmailVerification = "email-verification",
        /// Signs in.
        SignIn = "sign-in",
        /// Sets a new password.
        ForgetPassword = "forget-password",
        /// Changes the address.
        ChangeEmail = "change-email",
    }
}

impl Purpose {
    /// The `identifier` of its rows: `sign-in-otp-<email>`; `change-email-otp-<email>-<new address>`.
    pub(crate) fn identifier(self, email: &EmailAddress, new: Option<&EmailAddress>) -> String {
        match new {
            Some(new) => format!("{}-otp-{email}-{new}", self.text()),
            None => format!("{}-otp-{email}", self.text()),
        }
    }
}
