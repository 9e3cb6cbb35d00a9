//! Providers as data: what tells one from another, one small entry each.

mod france;
mod oauth;
mod openid;
mod own_ways;

use schemars::JsonSchema;
use serde::Deserialize;

/// What is known of a provider before anybody configures it. In its addresses, `{tenant}`, `{issuer}`, `{domain}`,
/// `{region}`, `{user_pool_id}` and `{sandbox}` stand for settings.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its id, as Better Auth names it.
    pub id: &'static str,
    /// Its name on buttons.
    pub name: &'static str,
    /// The address of its metadata; what that says is used where the entry says nothing.
    pub discovery: &'static str,
    /// Where people are sent.
    pub authorize: &'static str,
    /// Where codes become tokens.
    pub token: &'static str,
    /// How the client proves who it is there.
    pub token_auth: TokenAuth,
    /// Where its profile comes from.
    pub profile: Profile,
    /// Its user info endpoint (`OpenID` Connect, section 5.3), where the metadata does not name it.
    pub user_info: &'static str,
    /// How its ID tokens are checked.
    pub id_token: IdTokens,
    /// Where sessions end.
    pub end_session: &'static str,
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// What stands between scopes.
    pub separator: &'static str,
    /// Whether the scopes of a request stand before the others.
    pub requested_first: bool,
    /// Whether PKCE (RFC 7636, S256) is used.
    pub pkce: bool,
    /// Whether a nonce is sent and must come back.
    pub nonce: bool,
    /// Further parameters of the authorisation request.
    pub parameters: &'static [(&'static str, &'static str)],
    /// What the client's id is called there.
    pub client_id_parameter: &'static str,
    /// Where the profile has what.
    pub mapping: Mapping,
    /// Settings of which its addresses are made, with their defaults; without one, they must be set.
    pub settings: &'static [(&'static str, Option<&'static str>)],
    /// Headers of requests for the profile.
    pub headers: &'static [(&'static str, &'static str)],
    /// Where a bare access token of a native app is looked up, to see whether it is for us (Facebook).
    pub debug_token: &'static str,
    /// Whether it knows no addresses at all, so that a placeholder is made in any case.
    pub without_email: bool,
    /// Origins that its sign-in page redirects to.
    pub leads_to: &'static [&'static str],
}

/// How a client proves who it is at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenAuth {
    /// `client_secret` in the body.
    Post,
    /// HTTP Basic.
    Basic,
    /// It does not: a public client.
    None,
    /// A secret that is a JWT signed with a key of ours (Apple).
    #[serde(skip)]
    SignedSecret,
    /// `client_key` beside `client_secret` (TikTok).
    #[serde(skip)]
    ClientKey,
    /// Everything in a query, `appid` and `secret` (WeChat).
    #[serde(skip)]
    Query,
}

/// Where a profile comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The claims of the ID token.
    IdToken,
    /// The claims of the ID token when they name an address, else the user info endpoint of the metadata.
    IdTokenOrUserInfo,
    /// `GET` with the access token.
    Get(&'static str),
    /// `POST` with the access token.
    Post(&'static str),
    /// `POST` of a GraphQL query.
    GraphQl(&'static str, &'static str),
    /// `POST` of the access token and the client's id as a form (VK).
    Form(&'static str),
    /// `GET` with `access_token` and the token answer's `openid` in the query (WeChat).
    OpenId(&'static str),
}

/// How ID tokens are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdTokens {
    /// There are none that anybody looks at.
    None,
    /// By the keys of the metadata.
    Discovered,
    /// By the keys at an address.
    Keys {
        /// Who may have said it.
        issuers: &'static [&'static str],
        /// Where the keys are.
        jwks: &'static str,
    },
    /// As `Keys`, where each tenant is an issuer (Microsoft).
    Tenant {
        /// Who may have said it; `{tid}` is the token's own tenant.
        issuer: &'static str,
        /// Where the keys are.
        jwks: &'static str,
    },
    /// By asking the provider (LINE, whose tokens are signed with the client's secret).
    Ask {
        /// Who may have said it.
        issuer: &'static str,
        /// Where it is asked.
        verify: &'static str,
    },
}

/// Where a profile has what. Keys are JSON pointers (RFC 6901) below `root`; the first that holds something counts.
#[derive(Debug, Clone, Copy)]
pub struct Mapping {
    /// Where the profile begins in the answer.
    pub root: &'static str,
    /// The subject, a text or a number.
    pub id: &'static [&'static str],
    /// The address.
    pub email: &'static [&'static str],
    /// Whether it is verified.
    pub verified: Verified,
    /// The name: of each group, what is there is joined by blanks.
    pub name: &'static [&'static [&'static str]],
    /// The picture; `https://…{/pointer}…` is put together.
    pub image: &'static [&'static str],
}

/// When an address is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Never: the provider does not say.
    Never,
    /// When every one of these is `true`; no other value is.
    All(&'static [&'static str]),
    /// When this is `true` or the text `"true"`: Apple documents both.
    TrueOrText(&'static str),
    /// When this is the number 1 (Zoom).
    One(&'static str),
    /// When this is `true`, or one of the lists holds the address (Microsoft).
    Listed(&'static str, &'static [&'static str]),
    /// As the list of addresses at this address says: the one of the profile, else the primary one (GitHub).
    Emails(&'static str),
    /// The answer of this address has a confirmed one at this pointer (X).
    Confirmed(&'static str, &'static str),
}

/// The claims of `OpenID` Connect, section 5.1.
pub const STANDARD: Mapping = Mapping {
    root: "",
    id: &["/sub"],
    email: &["/email"],
    verified: Verified::All(&["/email_verified"]),
    name: &[&["/name"]],
    image: &["/picture"],
};

/// What most entries begin with.
pub const BASE: Entry = Entry {
    id: "",
    name: "",
    discovery: "",
    authorize: "",
    token: "",
    token_auth: TokenAuth::Post,
    profile: Profile::IdToken,
    user_info: "",
    id_token: IdTokens::None,
    end_session: "",
    scopes: &[],
    separator: " ",
    requested_first: false,
    pkce: true,
    nonce: false,
    parameters: &[],
    client_id_parameter: "client_id",
    mapping: STANDARD,
    settings: &[],
    headers: &[],
    debug_token: "",
    without_email: false,
    leads_to: &[],
};

/// Every built-in provider.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [openid::ENTRIES, oauth::ENTRIES, own_ways::ENTRIES, france::ENTRIES].into_iter().flatten()
}

/// The built-in provider of this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.id == id)
}
