//! The names of the endpoints that limits, pages and mails speak of.

pub(crate) const CHANGE_EMAIL: &str = "email-password.change-email";
pub(crate) const CHANGE_PASSWORD: &str = "email-password.change-password";
pub(crate) const REQUEST_RESET: &str = "email-password.request-password-reset";
pub(crate) const RESET: &str = "email-password.reset-password";
pub(crate) const SEND_VERIFICATION: &str = "email-password.send-verification-email";
pub(crate) const SIGN_UP: &str = "email-password.sign-up";
pub(crate) const VERIFY_EMAIL: &str = "email-password.verify-email";
pub(crate) const SIGN_IN: &str = "email-password.sign-in";
