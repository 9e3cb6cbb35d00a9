//! Providers with a way of their own to ask for tokens or for the profile.

use super::{BASE, Entry, Mapping, Profile, STANDARD, TokenAuth, Verified};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "github",
        name: "GitHub",
        authorize: "https://github.com/login/oauth/authorize",
        token: "https://github.com/login/oauth/access_token",
        profile: Profile::Get("https://api.github.com/user"),
        scopes: &["read:user", "user:email"],
        mapping: Mapping {
            id: &["/id"],
            verified: Verified::Emails("https://api.github.com/user/emails"),
            name: &[&["/name"], &["/login"]],
            image: &["/avatar_url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "twitter",
        name: "X",
        authorize: "https://x.com/i/oauth2/authorize",
        token: "https://api.x.com/2/oauth2/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://api.x.com/2/users/me?user.fields=profile_image_url"),
        scopes: &["users.read", "tweet.read", "offline.access", "users.email"],
        mapping: Mapping {
            id: &["/data/id"],
            email: &["/data/email"],
            verified: Verified::Confirmed(
                "https://api.x.com/2/users/me?user.fields=confirmed_email",
                "/data/confirmed_email",
            ),
            name: &[&["/data/name"]],
            image: &["/data/profile_image_url"],
            ..STANDARD
        },
        without_email: true,
        ..BASE
    },
    Entry {
        id: "dropbox",
        name: "Dropbox",
        authorize: "https://www.dropbox.com/oauth2/authorize",
        token: "https://api.dropboxapi.com/oauth2/token",
        profile: Profile::Post("https://api.dropboxapi.com/2/users/get_current_account"),
        scopes: &["account_info.read"],
        mapping: Mapping {
            id: &["/account_id"],
            name: &[&["/name/display_name"]],
            image: &["/profile_photo_url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "linear",
        name: "Linear",
        authorize: "https://linear.app/oauth/authorize",
        token: "https://api.linear.app/oauth/token",
        profile: Profile::GraphQl(
            "https://api.linear.app/graphql",
            "query { viewer { id name email avatarUrl active createdAt updatedAt } }",
        ),
        scopes: &["read"],
        pkce: false,
        mapping: Mapping {
            root: "/data/viewer",
            id: &["/id"],
            verified: Verified::Never,
            image: &["/avatarUrl"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "notion",
        name: "Notion",
        authorize: "https://api.notion.com/v1/oauth/authorize",
        token: "https://api.notion.com/v1/oauth/token",
        token_auth: TokenAuth::Basic,
        profile: Profile::Get("https://api.notion.com/v1/users/me"),
        pkce: false,
        parameters: &[("owner", "user")],
        headers: &[("notion-version", "2022-06-28")],
        mapping: Mapping {
            root: "/bot/owner/user",
            id: &["/id"],
            email: &["/person/email"],
            verified: Verified::Never,
            image: &["/avatar_url"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "tiktok",
        name: "TikTok",
        authorize: "https://www.tiktok.com/v2/auth/authorize",
        token: "https://open.tiktokapis.com/v2/oauth/token/",
        token_auth: TokenAuth::ClientKey,
        profile: Profile::Get(
            "https://open.tiktokapis.com/v2/user/info/?fields=open_id,avatar_large_url,display_name,username",
        ),
        scopes: &["user.info.profile"],
        separator: ",",
        pkce: false,
        client_id_parameter: "client_key",
        mapping: Mapping {
            id: &["/data/user/open_id"],
            email: &["/data/user/email"],
            verified: Verified::Never,
            name: &[&["/data/user/display_name"], &["/data/user/username"]],
            image: &["/data/user/avatar_large_url"],
            ..STANDARD
        },
        without_email: true,
        ..BASE
    },
    Entry {
        id: "vk",
        name: "VK",
        authorize: "https://id.vk.com/authorize",
        token: "https://id.vk.com/oauth2/auth",
        profile: Profile::Form("https://id.vk.com/oauth2/user_info"),
        scopes: &["email", "phone"],
        mapping: Mapping {
            id: &["/user/user_id"],
            email: &["/user/email"],
            verified: Verified::Never,
            name: &[&["/user/first_name", "/user/last_name"]],
            image: &["/user/avatar"],
            ..STANDARD
        },
        ..BASE
    },
    Entry {
        id: "wechat",
        name: "WeChat",
        authorize: "https://open.weixin.qq.com/connect/qrconnect",
        token: "https://api.weixin.qq.com/sns/oauth2/access_token",
        token_auth: TokenAuth::Query,
        profile: Profile::OpenId("https://api.weixin.qq.com/sns/userinfo"),
        scopes: &["snsapi_login"],
        separator: ",",
        pkce: false,
        client_id_parameter: "appid",
        parameters: &[("lang", "cn")],
        mapping: Mapping {
            id: &["/unionid", "/openid"],
            verified: Verified::Never,
            name: &[&["/nickname"]],
            image: &["/headimgurl"],
            ..STANDARD
        },
        without_email: true,
        ..BASE
    },
];
