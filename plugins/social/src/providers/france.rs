//! The three of the French state. Their user info is a signed JWT or JSON; all of them end the session at a page.

use super::{BASE, Entry, IdTokens, Mapping, Profile, STANDARD};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "franceconnect",
        name: "FranceConnect",
        discovery: "{issuer}/.well-known/openid-configuration",
        profile: Profile::IdTokenOrUserInfo,
        id_token: IdTokens::Discovered,
        scopes: &["openid", "given_name", "family_name", "email"],
        pkce: false,
        nonce: true,
        parameters: &[("acr_values", "eidas1")],
        mapping: Mapping { name: &[&["/given_name", "/family_name"]], image: &[], ..STANDARD },
        settings: &[("issuer", Some("https://oidc.franceconnect.gouv.fr/api/v2"))],
        ..BASE
    },
    Entry {
        id: "proconnect",
        name: "ProConnect",
        discovery: "{issuer}/.well-known/openid-configuration",
        profile: Profile::IdTokenOrUserInfo,
        id_token: IdTokens::Discovered,
        scopes: &["openid", "given_name", "usual_name", "email"],
        pkce: false,
        nonce: true,
        parameters: &[("acr_values", "eidas1")],
        mapping: Mapping { name: &[&["/given_name", "/usual_name"]], image: &[], ..STANDARD },
        settings: &[("issuer", Some("https://proconnect.gouv.fr/api/v2"))],
        ..BASE
    },
    Entry {
        id: "pro-sante-connect",
        name: "Pro Santé Connect",
        discovery: "{issuer}/.well-known/wallet-openid-configuration",
        profile: Profile::IdTokenOrUserInfo,
        id_token: IdTokens::Discovered,
        scopes: &["openid", "scope_all"],
        nonce: true,
        parameters: &[("acr_values", "eidas1")],
        mapping: Mapping { name: &[&["/given_name", "/family_name"]], image: &[], ..STANDARD },
        settings: &[("issuer", Some("https://auth.esante.gouv.fr/auth/realms/esante-wallet"))],
        leads_to: &["https://wallet.esante.gouv.fr"],
        ..BASE
    },
];
