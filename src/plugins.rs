//! The plugins that the product knows, in the order in which their hooks run.

use guichet_core::plugin::Registration;

/// Every plugin; one is on when the configuration has its section, or names no plugin at all and this is on by default.
pub fn all() -> Vec<Registration> {
    vec![
        // First: to a banned person nobody else says anything.
        Registration::of::<guichet_admin::Admin>(),
        Registration::of::<guichet_prepare_login::PrepareLogin>(),
        Registration::of::<guichet_email_otp::EmailOtp>().by_default(),
        Registration::of::<guichet_email_password::EmailPassword>(),
        Registration::of::<guichet_username::Username>(),
        Registration::of::<guichet_upstream::Upstream>(),
        Registration::of::<guichet_magic_link::MagicLink>(),
        Registration::of::<guichet_anonymous::Anonymous>(),
        Registration::of::<guichet_passkey::Passkey>(),
        Registration::of::<guichet_social::Social>(),
        Registration::of::<guichet_pages::Pages>().by_default(),
        Registration::of::<guichet_bearer::Bearer>(),
        Registration::of::<guichet_last_login_method::LastLoginMethod>(),
        Registration::of::<guichet_multi_session::MultiSession>(),
        Registration::of::<guichet_one_time_token::OneTimeToken>(),
        Registration::of::<guichet_jwt::Jwt>(),
        Registration::of::<guichet_revocation::Revocation>(),
        Registration::of::<guichet_phone_number::PhoneNumber>(),
        Registration::of::<guichet_captcha::Captcha>(),
        Registration::of::<guichet_have_i_been_pwned::HaveIBeenPwned>(),
        Registration::of::<guichet_metrics::Metrics>(),
        Registration::of::<guichet_known_devices::KnownDevices>().by_default(),
        Registration::of::<guichet_token_api::TokenApi>(),
        // Last: whoever is refused is not asked for a second factor.
        Registration::of::<guichet_two_factor::TwoFactor>(),
    ]
}
