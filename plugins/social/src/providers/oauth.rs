//! Providers whose profile is asked for with the access token.

use super::{BASE, Entry, Mapping, Profile, STANDARD, TokenAuth, Verified};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "atlassian",
        name: "Atlassian",
        authorize: "https://auth.atlassian.com/authorize",
        token: "https://auth.atlassian.com/oauth/token",
        profile: Profile::Get("https://api.atlassian.com/me"),
        scopes: &["read:jira-user", "offline_access"],
        parameters: &[("audience", "api.atlassian.com")],
        mapping: Mapping { id: &["/account_id"], verified: Verified::Never, ..STANDARD },
        ..BASE
    },
    Entry {
        id: "cloudflare",
        name: "Cloudflare",
        authorize: "https://dash.cloudflare.com/oauth2/auth",
        token: "https://dash.cloudflare.com/oauth2/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://api.cloudflare.com/client/v4/user"),
        scopes: &["user-details.read"],
        mapping: Mapping {
            root: "/result",
            id: &["/id"],
            verified: Verified::Never,
            name: &[&["/first_name", "/last_name"], &["/email"]],
            image: &[],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "discord",
        name: "Discord",
        authorize: "https://discord.com/api/oauth2/authorize",
        token: "https://discord.com/api/oauth2/token",
        profile: Profile::Get("https://discord.com/api/users/@me"),
        scopes: &["identify", "email"],
        pkce: false,
        parameters: &[("prompt", "none")],
        mapping: Mapping {
            id: &["/id"],
            verified: Verified::All(&["/verified"]),
            name: &[&["/global_name"], &["/username"]],
            image: &["https://cdn.discordapp.com/avatars/{/id}/{/avatar}.png"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "figma",
        name: "Figma",
        authorize: "https://www.figma.com/oauth",
        token: "https://api.figma.com/v1/oauth/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://api.figma.com/v1/me"),
        scopes: &["current_user:read"],
        mapping: Mapping {
            id: &["/id"],
            verified: Verified::Never,
            name: &[&["/handle"]],
            image: &["/img_url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "gitlab",
        name: "GitLab",
        authorize: "{issuer}/oauth/authorize",
        token: "{issuer}/oauth/token",
        profile: Profile::Get("{issuer}/api/v4/user"),
        scopes: &["read_user"],
        mapping: Mapping {
            id: &["/id"],
            name: &[&["/name"], &["/username"]],
            image: &["/avatar_url"],
            ..STANDARD
        },
        settings: &[("issuer", Some("https://gitlab.com"))],
        ..BASE
    },
    Entry {
        id: "huggingface",
        name: "Hugging Face",
        authorize: "https://huggingface.co/oauth/authorize",
        token: "https://huggingface.co/oauth/token",
        profile: Profile::Get("https://huggingface.co/oauth/userinfo"),
        scopes: &["openid", "profile", "email"],
        mapping: Mapping { name: &[&["/name"], &["/preferred_username"]], ..STANDARD },
        ..BASE
    },
    Entry {
        id: "kakao",
        name: "Kakao",
        authorize: "https://kauth.kakao.com/oauth/authorize",
        token: "https://kauth.kakao.com/oauth/token",
        profile: Profile::Get("https://kapi.kakao.com/v2/user/me"),
        scopes: &["account_email", "profile_image", "profile_nickname"],
        pkce: false,
        mapping: Mapping {
            id: &["/id"],
            email: &["/kakao_account/email"],
            verified: Verified::All(&["/kakao_account/is_email_valid", "/kakao_account/is_email_verified"]),
            name: &[&["/kakao_account/profile/nickname"], &["/kakao_account/name"]],
            image: &[
                "/kakao_account/profile/profile_image_url",
                "/kakao_account/profile/thumbnail_image_url",
            ],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "kick",
        name: "Kick",
        authorize: "https://id.kick.com/oauth/authorize",
        token: "https://id.kick.com/oauth/token",
        profile: Profile::Get("https://api.kick.com/public/v1/users"),
        scopes: &["user:read"],
        mapping: Mapping {
            root: "/data/0",
            id: &["/user_id"],
            verified: Verified::Never,
            image: &["/profile_picture"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "linkedin",
        name: "LinkedIn",
        authorize: "https://www.linkedin.com/oauth/v2/authorization",
        token: "https://www.linkedin.com/oauth/v2/accessToken",
        profile: Profile::Get("https://api.linkedin.com/v2/userinfo"),
        scopes: &["profile", "email", "openid"],
        pkce: false,
        ..BASE
    },
    Entry {
        id: "naver",
        name: "Naver",
        authorize: "https://nid.naver.com/oauth2.0/authorize",
        token: "https://nid.naver.com/oauth2.0/token",
        profile: Profile::Get("https://openapi.naver.com/v1/nid/me"),
        scopes: &["profile", "email"],
        pkce: false,
        mapping: Mapping {
            id: &["/response/id"],
            email: &["/response/email"],
            verified: Verified::Never,
            name: &[&["/response/name"], &["/response/nickname"]],
            image: &["/response/profile_image"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "paypal",
        name: "PayPal",
        authorize: "https://www.{sandbox}paypal.com/signin/authorize",
        token: "https://api-m.{sandbox}paypal.com/v1/oauth2/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get(
            "https://api-m.{sandbox}paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
        ),
        mapping: Mapping { id: &["/user_id"], ..STANDARD },
        ..BASE
    },
    Entry {
        id: "polar",
        name: "Polar",
        authorize: "https://polar.sh/oauth2/authorize",
        token: "https://api.polar.sh/v1/oauth2/token",
        profile: Profile::Get("https://api.polar.sh/v1/oauth2/userinfo"),
        scopes: &["openid", "profile", "email"],
        mapping: Mapping {
            id: &["/id", "/sub"],
            name: &[&["/public_name"], &["/username"]],
            image: &["/avatar_url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "railway",
        name: "Railway",
        authorize: "https://backboard.railway.com/oauth/auth",
        token: "https://backboard.railway.com/oauth/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://backboard.railway.com/oauth/me"),
        scopes: &["openid", "email", "profile"],
        mapping: Mapping { verified: Verified::Never, ..STANDARD },
        ..BASE
    },
    Entry {
        id: "reddit",
        name: "Reddit",
        authorize: "https://www.reddit.com/api/v1/authorize",
        token: "https://www.reddit.com/api/v1/access_token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://oauth.reddit.com/api/v1/me"),
        scopes: &["identity"],
        pkce: false,
        mapping: Mapping {
            id: &["/id"],
            // What Reddit calls an address is an application's id.
            email: &[],
            verified: Verified::Never,
            image: &["/icon_img"],
            ..STANDARD
        },
        without_email: true,
        ..BASE
    },
    Entry {
        id: "roblox",
        name: "Roblox",
        authorize: "https://apis.roblox.com/oauth/v1/authorize",
        token: "https://apis.roblox.com/oauth/v1/token",
        profile: Profile::Get("https://apis.roblox.com/oauth/v1/userinfo"),
        scopes: &["openid", "profile"],
        pkce: false,
        parameters: &[("prompt", "select_account consent")],
        mapping: Mapping {
            email: &[],
            verified: Verified::Never,
            name: &[&["/nickname"], &["/preferred_username"]],
            ..STANDARD
        },
        without_email: true,
        ..BASE
    },
    Entry {
        id: "salesforce",
        name: "Salesforce",
        authorize: "https://{domain}/services/oauth2/authorize",
        token: "https://{domain}/services/oauth2/token",
        profile: Profile::Get("https://{domain}/services/oauth2/userinfo"),
        scopes: &["openid", "email", "profile"],
        mapping: Mapping { id: &["/user_id"], image: &["/photos/picture", "/photos/thumbnail"], ..STANDARD },
        settings: &[("domain", Some("login.salesforce.com"))],
        ..BASE
    },
    Entry {
        id: "slack",
        name: "Slack",
        authorize: "https://slack.com/openid/connect/authorize",
        token: "https://slack.com/api/openid.connect.token",
        profile: Profile::Get("https://slack.com/api/openid.connect.userInfo"),
        scopes: &["openid", "profile", "email"],
        pkce: false,
        mapping: Mapping {
            id: &["/https:~1~1slack.com~1user_id"],
            image: &["/picture", "/https:~1~1slack.com~1user_image_512"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "spotify",
        name: "Spotify",
        authorize: "https://accounts.spotify.com/authorize",
        token: "https://accounts.spotify.com/api/token",
        profile: Profile::Get("https://api.spotify.com/v1/me"),
        scopes: &["user-read-email"],
        mapping: Mapping {
            id: &["/id"],
            verified: Verified::Never,
            name: &[&["/display_name"]],
            image: &["/images/0/url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "vercel",
        name: "Vercel",
        authorize: "https://vercel.com/oauth/authorize",
        token: "https://api.vercel.com/login/oauth/token",
        profile: Profile::Get("https://api.vercel.com/login/oauth/userinfo"),
        mapping: Mapping { name: &[&["/name"], &["/preferred_username"]], ..STANDARD },
        ..BASE
    },
    Entry {
        id: "zoom",
        name: "Zoom",
        authorize: "https://zoom.us/oauth/authorize",
        token: "https://zoom.us/oauth/token",
        profile: Profile::Get("https://api.zoom.us/v2/users/me"),
        mapping: Mapping {
            id: &["/id"],
            verified: Verified::One("/verified"),
            name: &[&["/display_name"]],
            image: &["/pic_url"],
            ..STANDARD
        },
        ..BASE
    },
];
