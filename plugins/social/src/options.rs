//! `[plugins.social]`

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use guichet_core::account_tokens::ProviderTokenStorage;
use guichet_core::config::{Secret, Span};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::providers::TokenAuth;

/// Declares [`Options`] with one section a built-in provider, so that a misspelt one is refused by name.
macro_rules! options {
    ($($field:ident $(= $id:literal)?),* $(,)?) => {
        /// Settings of sign-in with providers.
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Options {
            /// How the providers' tokens are kept: `sealed`, or `plain` as Better Auth keeps them (parity). Plain ones
            /// are read either way.
            pub store_tokens: ProviderTokenStorage,
            /// What happens when the address belongs to a user and one of both sides has not proven it: a `code` is
            /// mailed to it, or the sign-in is refused (`refuse`: parity).
            pub unproven_address: Unproven,
            /// How many wrong codes an address has in `budget_window`, however many sign-ins ask for one.
            pub tries_per_address: u32,
            /// The window of `tries_per_address`.
            pub budget_window: Span,
            /// What happens when a provider tells no address: an unverified `placeholder` that no mail can reach, or
            /// `refuse` (parity).
            pub missing_email: MissingEmail,
            /// Providers whose addresses count as verified, by id.
            pub trusted_providers: Vec<String>,
            /// Whether a signed-in user may link an account of another address.
            pub allow_different_emails: bool,
            /// Whether people are told by mail of accounts that are linked to theirs and removed.
            pub tell_of_links: bool,
            /// Whether a sign-out is continued at the provider, where it has a page for that.
            pub provider_logout: bool,
            /// Any other OpenID or OAuth 2 provider.
            pub generic: Vec<GenericOptions>,
            $(
                $(#[serde(rename = $id)])?
                #[doc = concat!("The built-in provider `", stringify!($field), "`.")]
                #[schemars(with = "ProviderOptions")]
                pub $field: Option<ProviderOptions>,
            )*
        }

        impl Default for Options {
            fn default() -> Self {
                Self {
                    store_tokens: ProviderTokenStorage::Sealed,
                    unproven_address: Unproven::Code,
                    tries_per_address: 10,
                    budget_window: Span::minutes(60),
                    missing_email: MissingEmail::Placeholder,
                    trusted_providers: Vec::new(),
                    allow_different_emails: false,
                    tell_of_links: true,
                    provider_logout: true,
                    generic: Vec::new(),
                    $($field: None,)*
                }
            }
        }

        impl Options {
            /// The built-in providers that have a section, by id.
            pub(crate) fn built_in(&self) -> Vec<(String, ProviderOptions)> {
                let all = [$((stringify!($field).replace('_', "-"), &self.$field)),*];
                all.into_iter().filter_map(|(id, options)| Some((id, options.clone()?))).collect()
            }
        }
    };
}

options! {
    google, apple, microsoft, github, franceconnect, proconnect, pro_sante_connect = "pro-sante-connect",
    atlassian, cloudflare, cognito, discord, dropbox, facebook, figma, gitlab, huggingface, kakao, kick, line, linear,
    linkedin, naver, notion, paybin, paypal, polar, railway, reddit, roblox, salesforce, slack, spotify, tiktok, twitch,
    twitter, vercel, vk, wechat, zoom,
}

/// What is done about an address that is not proven on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unproven {
    /// A code by mail proves it.
    Code,
    /// `account_not_linked`.
    Refuse,
}

/// What is done where a provider tells no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MissingEmail {
    /// `<subject>@<provider>.placeholder.invalid`, unverified.
    Placeholder,
    /// `email_not_found`.
    Refuse,
}

/// `[plugins.social.<id>]`: a built-in provider.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderOptions {
    /// The client's id with the provider.
    pub client_id: String,
    /// Further client ids (of native apps) that ID tokens may be for.
    pub audiences: Vec<String>,
    /// The client's secret.
    pub client_secret: Option<Secret>,
    /// A file that holds the secret instead.
    pub client_secret_file: Option<PathBuf>,
    /// Scopes beside the built-in ones.
    pub scopes: Vec<String>,
    /// Parameters of the authorisation request beside the built-in ones, e.g. `{ prompt = "select_account" }`.
    pub parameters: BTreeMap<String, String>,
    /// What the button says instead of the provider's name.
    pub label: Option<String>,
    /// Whether the provider has a button on pages.
    pub button: Option<bool>,
    /// Whether nobody new comes in this way.
    pub disable_sign_up: bool,
    /// Whether somebody new comes in only when the application asks for it (`requestSignUp`).
    pub disable_implicit_sign_up: bool,
    /// Whether native apps may sign in with an ID token that they got themselves (default `true`).
    pub id_token_sign_in: Option<bool>,
    /// Values of `acr` or `amr` that stand for two factors; none by default.
    pub two_factors: Vec<String>,
    /// Whether PKCE is used, against the built-in choice.
    pub pkce: Option<bool>,
    /// The provider's own address where it has several: GitLab, Paybin, FranceConnect, ProConnect, Pro Santé Connect.
    pub issuer: Option<String>,
    /// Microsoft: the tenant's id, or `common`, `organizations`, `consumers`.
    pub tenant: Option<String>,
    /// Cognito, Salesforce: the host of one's own domain.
    pub domain: Option<String>,
    /// Cognito: the region.
    pub region: Option<String>,
    /// Cognito: the user pool's id.
    pub user_pool_id: Option<String>,
    /// Google: the hosted domain that people must belong to; `*` for any.
    pub hosted_domain: Option<String>,
    /// PayPal: whether it is the sandbox.
    pub sandbox: bool,
    /// Apple: the team's id, of which a client secret is made.
    pub team_id: Option<String>,
    /// Apple: the key's id.
    pub key_id: Option<String>,
    /// Apple: the private key (PEM, ES256).
    pub private_key: Option<Secret>,
    /// A file that holds the private key instead.
    pub private_key_file: Option<PathBuf>,
}

/// `[[plugins.social.generic]]`: any OpenID or OAuth 2 provider, by discovery or by hand.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GenericOptions {
    /// Its id: lower-case letters, digits and dashes; part of the callback's path and of stored accounts.
    pub id: String,
    /// What its button says.
    pub label: Option<String>,
    /// Whether it has a button on pages (default `true`).
    pub button: Option<bool>,
    /// The client's id with the provider.
    pub client_id: String,
    /// Further client ids that ID tokens may be for.
    pub audiences: Vec<String>,
    /// The client's secret; none for a public client.
    pub client_secret: Option<Secret>,
    /// A file that holds the secret instead.
    pub client_secret_file: Option<PathBuf>,
    /// The provider's metadata, `https://idp.example.fr/.well-known/openid-configuration`.
    pub discovery_url: Option<String>,
    /// The issuer, where it is not what the metadata's address says.
    pub issuer: Option<String>,
    /// Where people are sent, without discovery.
    pub authorization_url: Option<String>,
    /// Where codes become tokens, without discovery.
    pub token_url: Option<String>,
    /// Where the profile is, without discovery.
    pub user_info_url: Option<String>,
    /// The provider's keys, without discovery.
    pub jwks_url: Option<String>,
    /// Where sessions end, without discovery.
    pub end_session_url: Option<String>,
    /// How the client proves who it is: `post`, `basic` or `none`.
    pub token_auth: Option<TokenAuth>,
    /// The scopes; `openid` is added where there is discovery.
    pub scopes: Vec<String>,
    /// Parameters of the authorisation request.
    pub parameters: BTreeMap<String, String>,
    /// Whether PKCE is used (default `true`).
    pub pkce: Option<bool>,
    /// Whether a nonce is asked for and checked (default: where there are ID tokens).
    pub nonce: Option<bool>,
    /// Where the profile has what, as keys or JSON pointers.
    pub map: MapOptions,
    /// Origins that its sign-in page redirects to, for the pages' content security policy.
    pub leads_to: Vec<String>,
    /// Whether nobody new comes in this way.
    pub disable_sign_up: bool,
    /// Whether somebody new comes in only when the application asks for it.
    pub disable_implicit_sign_up: bool,
    /// Whether native apps may sign in with an ID token that they got themselves (default `true`).
    pub id_token_sign_in: Option<bool>,
    /// Values of `acr` or `amr` that stand for two factors; none by default.
    pub two_factors: Vec<String>,
}

/// Where a profile has what.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MapOptions {
    /// The subject: `sub` unless given (`id` without discovery and keys).
    pub id: Option<String>,
    /// The address: `email`.
    pub email: Option<String>,
    /// Whether it is verified: `email_verified`.
    pub email_verified: Option<String>,
    /// The name: `name`.
    pub name: Option<String>,
    /// The picture: `picture`.
    pub image: Option<String>,
}
