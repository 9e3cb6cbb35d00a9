//! Providers whose ID token says who somebody is.

use super::{BASE, Entry, IdTokens, Mapping, Profile, STANDARD, TokenAuth, Verified};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "google",
        name: "Google",
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        token: "https://oauth2.googleapis.com/token",
        id_token: IdTokens::Keys {
            issuers: &["https://accounts.google.com", "accounts.google.com"],
            jwks: "https://www.googleapis.com/oauth2/v3/certs",
        },
        scopes: &["email", "profile", "openid"],
        parameters: &[("include_granted_scopes", "true")],
        ..BASE
    },
    Entry {
        id: "apple",
        name: "Apple",
        authorize: "https://appleid.apple.com/auth/authorize",
        token: "https://appleid.apple.com/auth/token",
        token_auth: TokenAuth::SignedSecret,
        id_token: IdTokens::Keys {
            issuers: &["https://appleid.apple.com"],
            jwks: "https://appleid.apple.com/auth/keys",
        },
        scopes: &["email", "name"],
        nonce: true,
        // Apple sends name and address to no other response mode.
        parameters: &[("response_mode", "form_post")],
        mapping: Mapping { verified: Verified::TrueOrText("/email_verified"), image: &[], ..STANDARD },
        ..BASE
    },
    Entry {
        id: "microsoft",
        name: "Microsoft",
        authorize: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        id_token: IdTokens::Tenant {
            issuer: "https://login.microsoftonline.com/{tid}/v2.0",
            jwks: "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys",
        },
        scopes: &["openid", "profile", "email", "User.Read", "offline_access"],
        nonce: true,
        mapping: Mapping {
            // `sub` differs from client to client; `oid` is the person's (contract: Better Auth 1.7).
            id: &["/oid"],
            verified: Verified::Listed(
                "/email_verified",
                &["/verified_primary_email", "/verified_secondary_email"],
            ),
            ..STANDARD
        },
        settings: &[("tenant", Some("common"))],
        leads_to: &["https://login.live.com"],
        ..BASE
    },
    Entry {
        id: "cognito",
        name: "Cognito",
        authorize: "https://{domain}/oauth2/authorize",
        token: "https://{domain}/oauth2/token",
        id_token: IdTokens::Keys {
            issuers: &["https://cognito-idp.{region}.amazonaws.com/{user_pool_id}"],
            jwks: "https://cognito-idp.{region}.amazonaws.com/{user_pool_id}/.well-known/jwks.json",
        },
        scopes: &["openid", "profile", "email"],
        mapping: Mapping { name: &[&["/name"], &["/given_name"], &["/username"]], ..STANDARD },
        settings: &[("domain", None), ("region", None), ("user_pool_id", None)],
        ..BASE
    },
    Entry {
        id: "line",
        name: "LINE",
        authorize: "https://access.line.me/oauth2/v2.1/authorize",
        token: "https://api.line.me/oauth2/v2.1/token",
        id_token: IdTokens::Ask {
            issuer: "https://access.line.me",
            verify: "https://api.line.me/oauth2/v2.1/verify",
        },
        scopes: &["openid", "profile", "email"],
        mapping: Mapping { verified: Verified::Never, ..STANDARD },
        ..BASE
    },
    Entry {
        id: "paybin",
        name: "Paybin",
        authorize: "{issuer}/oauth2/authorize",
        token: "{issuer}/oauth2/token",
        discovery: "{issuer}/.well-known/openid-configuration",
        id_token: IdTokens::Discovered,
        scopes: &["openid", "email", "profile"],
        mapping: Mapping { name: &[&["/name"], &["/preferred_username"]], ..STANDARD },
        settings: &[("issuer", Some("https://idp.paybin.io"))],
        ..BASE
    },
    Entry {
        id: "twitch",
        name: "Twitch",
        authorize: "https://id.twitch.tv/oauth2/authorize",
        token: "https://id.twitch.tv/oauth2/token",
        id_token: IdTokens::Keys {
            issuers: &["https://id.twitch.tv/oauth2"],
            jwks: "https://id.twitch.tv/oauth2/keys",
        },
        scopes: &["user:read:email", "openid"],
        pkce: false,
        nonce: true,
        parameters: &[(
            "claims",
            r#"{"id_token":{"email":null,"email_verified":null,"preferred_username":null,"picture":null}}"#,
        )],
        mapping: Mapping { name: &[&["/preferred_username"]], ..STANDARD },
        ..BASE
    },
    Entry {
        id: "facebook",
        name: "Facebook",
        authorize: "https://www.facebook.com/v24.0/dialog/oauth",
        token: "https://graph.facebook.com/v24.0/oauth/access_token",
        profile: Profile::Get("https://graph.facebook.com/me?fields=id,name,email,picture"),
        // Of native apps alone ("Limited Login"); the redirect flow brings none.
        id_token: IdTokens::Keys {
            issuers: &["https://www.facebook.com"],
            jwks: "https://limited.facebook.com/.well-known/oauth/openid/jwks/",
        },
        scopes: &["email", "public_profile"],
        pkce: false,
        mapping: Mapping {
            id: &["/sub", "/id"],
            verified: Verified::Never,
            image: &["/picture/data/url", "/picture"],
            ..STANDARD
        },
        debug_token: "https://graph.facebook.com/debug_token",
        ..BASE
    },
];
