//! Every built-in provider: where it sends people, with what, how the client proves itself, and what is read of a
//! profile as it really looks.

use std::collections::BTreeSet;

use guichet_core::serde_json::{Value, json};
use guichet_social::providers::{IdTokens, Profile, TokenAuth, all, find};
use guichet_testing::TestServer;

use crate::{Begun, plugins};
use guichet_testing::provider::Fake;

const P: bool = true;
const NO_PKCE: bool = false;

/// What is known of a provider: id, address, scopes, PKCE, how the client proves itself.
type Known = (&'static str, &'static str, &'static str, bool, TokenAuth);

const KNOWN: [Known; 39] = [
    ("google", "https://accounts.google.com/o/oauth2/v2/auth", "email profile openid", P, TokenAuth::Post),
    ("apple", "https://appleid.apple.com/auth/authorize", "email name", P, TokenAuth::SignedSecret),
    (
        "microsoft",
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "openid profile email User.Read offline_access",
        P,
        TokenAuth::Post,
    ),
    ("github", "https://github.com/login/oauth/authorize", "read:user user:email", P, TokenAuth::Post),
    ("franceconnect", "{fake}/authorize", "openid given_name family_name email", NO_PKCE, TokenAuth::Post),
    ("proconnect", "{fake}/authorize", "openid given_name usual_name email", NO_PKCE, TokenAuth::Post),
    ("pro-sante-connect", "{fake}/authorize", "openid scope_all", P, TokenAuth::Post),
    (
        "atlassian",
        "https://auth.atlassian.com/authorize",
        "read:jira-user offline_access",
        P,
        TokenAuth::Post,
    ),
    ("cloudflare", "https://dash.cloudflare.com/oauth2/auth", "user-details.read", P, TokenAuth::Basic),
    (
        "cognito",
        "https://a.auth.eu-west-3.amazoncognito.com/oauth2/authorize",
        "openid profile email",
        P,
        TokenAuth::Post,
    ),
    ("discord", "https://discord.com/api/oauth2/authorize", "identify email", NO_PKCE, TokenAuth::Post),
    ("dropbox", "https://www.dropbox.com/oauth2/authorize", "account_info.read", P, TokenAuth::Post),
    (
        "facebook",
        "https://www.facebook.com/v24.0/dialog/oauth",
        "email public_profile",
        NO_PKCE,
        TokenAuth::Post,
    ),
    ("figma", "https://www.figma.com/oauth", "current_user:read", P, TokenAuth::Basic),
    ("gitlab", "https://git.example.fr/oauth/authorize", "read_user", P, TokenAuth::Post),
    ("huggingface", "https://huggingface.co/oauth/authorize", "openid profile email", P, TokenAuth::Post),
    (
        "kakao",
        "https://kauth.kakao.com/oauth/authorize",
        "account_email profile_image profile_nickname",
        NO_PKCE,
        TokenAuth::Post,
    ),
    ("kick", "https://id.kick.com/oauth/authorize", "user:read", P, TokenAuth::Post),
    ("line", "https://access.line.me/oauth2/v2.1/authorize", "openid profile email", P, TokenAuth::Post),
    ("linear", "https://linear.app/oauth/authorize", "read", NO_PKCE, TokenAuth::Post),
    (
        "linkedin",
        "https://www.linkedin.com/oauth/v2/authorization",
        "profile email openid",
        NO_PKCE,
        TokenAuth::Post,
    ),
    ("naver", "https://nid.naver.com/oauth2.0/authorize", "profile email", NO_PKCE, TokenAuth::Post),
    ("notion", "https://api.notion.com/v1/oauth/authorize", "", NO_PKCE, TokenAuth::Basic),
    ("paybin", "{fake}/oauth2/authorize", "openid email profile", P, TokenAuth::Post),
    ("paypal", "https://www.sandbox.paypal.com/signin/authorize", "", P, TokenAuth::Basic),
    ("polar", "https://polar.sh/oauth2/authorize", "openid profile email", P, TokenAuth::Post),
    ("railway", "https://backboard.railway.com/oauth/auth", "openid email profile", P, TokenAuth::Basic),
    ("reddit", "https://www.reddit.com/api/v1/authorize", "identity", NO_PKCE, TokenAuth::Basic),
    ("roblox", "https://apis.roblox.com/oauth/v1/authorize", "openid profile", NO_PKCE, TokenAuth::Post),
    (
        "salesforce",
        "https://login.salesforce.com/services/oauth2/authorize",
        "openid email profile",
        P,
        TokenAuth::Post,
    ),
    ("slack", "https://slack.com/openid/connect/authorize", "openid profile email", NO_PKCE, TokenAuth::Post),
    ("spotify", "https://accounts.spotify.com/authorize", "user-read-email", P, TokenAuth::Post),
    (
        "tiktok",
        "https://www.tiktok.com/v2/auth/authorize",
        "user.info.profile",
        NO_PKCE,
        TokenAuth::ClientKey,
    ),
    ("twitch", "https://id.twitch.tv/oauth2/authorize", "user:read:email openid", NO_PKCE, TokenAuth::Post),
    (
        "twitter",
        "https://x.com/i/oauth2/authorize",
        "users.read tweet.read offline.access users.email",
        P,
        TokenAuth::Basic,
    ),
    ("vercel", "https://vercel.com/oauth/authorize", "", P, TokenAuth::Post),
    ("vk", "https://id.vk.com/authorize", "email phone", P, TokenAuth::Post),
    ("wechat", "https://open.weixin.qq.com/connect/qrconnect", "snsapi_login", NO_PKCE, TokenAuth::Query),
    ("zoom", "https://zoom.us/oauth/authorize", "", P, TokenAuth::Post),
];

/// A P-256 key of nobody's, PKCS #8.
const APPLE_KEY: &str = include_str!("apple.pem");

fn settings(fake: &Fake) -> String {
    let mut text = String::from("[plugins.social]\n");
    for (id, ..) in KNOWN {
        let more = match id {
            "apple" => format!("team_id = \"T\"\nkey_id = \"K\"\nprivate_key = '''{APPLE_KEY}'''"),
            "cognito" => "client_secret = \"s\"\ndomain = \"https://a.auth.eu-west-3.amazoncognito.com/\"\nregion = \"eu-west-3\"\nuser_pool_id = \"pool\"".to_owned(),
            "gitlab" => "client_secret = \"s\"\nissuer = \"https://git.example.fr/\"".to_owned(),
            "paypal" => "client_secret = \"s\"\nsandbox = true".to_owned(),
            "franceconnect" | "proconnect" | "pro-sante-connect" | "paybin" => {
                format!("client_secret = \"s\"\nissuer = \"{}\"", fake.issuer)
            }
            _ => "client_secret = \"s\"".to_owned(),
        };
        let section = format!("[plugins.social.{id}]\nclient_id = \"client-of-{id}\"\n{more}\n");
        text.push_str(&section);
    }
    text
}

guichet_testing::stories! {
    /// Wishes: 42.
    async fn each_sends_people_where_it_should_with_what_it_should(database) {
        let fake = Fake::start().await;
        let server = TestServer::with(&plugins(), &database, &settings(&fake)).await;
        for (id, address, scopes, pkce, auth) in KNOWN {
            let entry = find(id).unwrap_or_else(|| panic!("{id}"));
            let body = json!({"provider": id, "callbackURL": "/home", "scopes": [], "loginHint": "a@b.fr"});
            let answer = server.browser().post("/sign-in/social", body).await.expect(200).json();
            let url = answer["url"].as_str().unwrap();
            let address = address.replace("{fake}", &fake.issuer);
            assert_eq!(url.split('?').next().unwrap(), address, "{id}");
            let query = Begun::of(url).query;
            let get = |key: &str| query.get(key).map(String::as_str).unwrap_or_default();
            assert_eq!(get("response_type"), "code", "{id}: the form of the answer is ours to choose");
            assert_eq!(get("redirect_uri"), format!("{}/api/auth/callback/{id}", server.base()));
            assert_eq!(get("state").len(), 32, "{id}");
            assert_eq!(get("scope"), scopes.replace(' ', entry.separator), "{id}");
            assert_eq!((get("code_challenge_method") == "S256", get("code_challenge").len() == 43), (pkce, pkce), "{id}");
            assert_eq!(get(entry.client_id_parameter), format!("client-of-{id}"));
            assert_eq!(query.contains_key("nonce"), entry.nonce, "{id}");
            // One of both binds the code to this browser, but where the provider knows neither.
            let neither = ["discord", "facebook", "kakao", "linear", "linkedin", "naver", "notion", "reddit", "roblox", "slack", "tiktok", "wechat"];
            assert_eq!(pkce || entry.nonce, !neither.contains(&id), "{id}");
            assert_eq!(entry.token_auth, auth, "{id}");
            for (key, value) in entry.parameters {
                assert_eq!(get(key), *value, "{id}: {key}");
            }
        }
        let known: BTreeSet<&str> = KNOWN.iter().map(|known| known.0).collect();
        let built_in: BTreeSet<&str> = all().map(|entry| entry.id).collect();
        assert_eq!(known, built_in);
    }

    async fn each_asks_over_tls_and_checks_its_id_tokens_with_keys(_database) {
        for entry in all() {
            let mut addresses = vec![entry.authorize, entry.token, entry.discovery];
            match entry.profile {
                Profile::Get(url) | Profile::Post(url) | Profile::Form(url) | Profile::OpenId(url) | Profile::GraphQl(url, _) => addresses.push(url),
                Profile::IdToken | Profile::IdTokenOrUserInfo => {
                    assert_ne!(entry.id_token, IdTokens::None, "{}: somebody must vouch for it", entry.id);
                }
            }
            for address in addresses.into_iter().filter(|address| !address.is_empty()) {
                let good = ["https://", "{issuer}/"].iter().any(|begin| address.starts_with(begin));
                assert!(good, "{}: {address}", entry.id);
            }
            assert!(!entry.name.is_empty(), "{}", entry.id);
        }
    }

    /// Wishes: 42.
    async fn each_profile_is_read_as_it_looks(_database) {
        let standard = json!({"sub": "7", "email": "a@b.fr", "email_verified": true, "name": "Ann", "picture": "https://i.fr/p"});
        let full = json!(["7", "a@b.fr", true, "Ann", "https://i.fr/p"]);
        let samples: [(&str, Value, Value); 39] = [
            ("google", standard.clone(), full.clone()),
            ("apple", json!({"sub": "7", "email": "a@b.fr", "email_verified": "true"}), json!(["7", "a@b.fr", true, "", null])),
            ("microsoft", json!({"sub": "s", "oid": "7", "email": "a@b.fr", "verified_primary_email": ["a@b.fr"], "name": "Ann"}), json!(["7", "a@b.fr", true, "Ann", null])),
            ("github", json!({"id": 7, "email": null, "login": "ann", "name": null, "avatar_url": "https://i.fr/p"}), json!(["7", null, false, "ann", "https://i.fr/p"])),
            ("franceconnect", json!({"sub": "7", "given_name": "Ann", "family_name": "Bo", "email": "a@b.fr"}), json!(["7", "a@b.fr", false, "Ann Bo", null])),
            ("proconnect", json!({"sub": "7", "given_name": "Ann", "usual_name": "Bo", "email": "a@b.fr", "siret": "1"}), json!(["7", "a@b.fr", false, "Ann Bo", null])),
            ("pro-sante-connect", json!({"sub": "7", "given_name": "Ann", "family_name": "Bo", "SubjectNameID": "899"}), json!(["7", null, false, "Ann Bo", null])),
            ("atlassian", json!({"account_id": "7", "name": "Ann", "email": "a@b.fr", "email_verified": true, "picture": "https://i.fr/p"}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("cloudflare", json!({"success": true, "result": {"id": "7", "email": "a@b.fr", "first_name": "Ann", "last_name": "Bo"}}), json!(["7", "a@b.fr", false, "Ann Bo", null])),
            ("cognito", json!({"sub": "7", "email": "a@b.fr", "email_verified": true, "given_name": "Ann", "picture": "https://i.fr/p"}), full.clone()),
            ("discord", json!({"id": "7", "username": "ann", "global_name": "Ann", "avatar": "h", "email": "a@b.fr", "verified": true}), json!(["7", "a@b.fr", true, "Ann", "https://cdn.discordapp.com/avatars/7/h.png"])),
            ("dropbox", json!({"account_id": "7", "name": {"display_name": "Ann"}, "email": "a@b.fr", "email_verified": true, "profile_photo_url": "https://i.fr/p"}), full.clone()),
            ("facebook", json!({"id": "7", "name": "Ann", "email": "a@b.fr", "picture": {"data": {"url": "https://i.fr/p"}}}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("figma", json!({"id": "7", "email": "a@b.fr", "handle": "Ann", "img_url": "https://i.fr/p"}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("gitlab", json!({"id": 7, "username": "ann", "name": "Ann", "state": "active", "email": "a@b.fr", "avatar_url": "https://i.fr/p"}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("huggingface", json!({"sub": "7", "preferred_username": "Ann", "email": "a@b.fr", "email_verified": true, "picture": "https://i.fr/p"}), full.clone()),
            ("kakao", json!({"id": 7, "kakao_account": {"email": "a@b.fr", "is_email_valid": true, "is_email_verified": true, "profile": {"nickname": "Ann", "profile_image_url": "https://i.fr/p"}}}), full.clone()),
            ("kick", json!({"data": [{"user_id": 7, "name": "Ann", "email": "a@b.fr", "profile_picture": "https://i.fr/p"}]}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("line", standard.clone(), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("linear", json!({"data": {"viewer": {"id": "7", "name": "Ann", "email": "a@b.fr", "avatarUrl": "https://i.fr/p"}}}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("linkedin", standard.clone(), full.clone()),
            ("naver", json!({"resultcode": "00", "response": {"id": "7", "email": "a@b.fr", "nickname": "Ann", "profile_image": "https://i.fr/p"}}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("notion", json!({"bot": {"owner": {"user": {"id": "7", "name": "Ann", "avatar_url": "https://i.fr/p", "person": {"email": "a@b.fr"}}}}}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("paybin", standard.clone(), full.clone()),
            ("paypal", json!({"user_id": "7", "name": "Ann", "email": "a@b.fr", "email_verified": true, "picture": "https://i.fr/p"}), full.clone()),
            ("polar", json!({"sub": "7", "public_name": "Ann", "email": "a@b.fr", "email_verified": true, "avatar_url": "https://i.fr/p"}), full.clone()),
            ("railway", json!({"sub": "7", "name": "Ann", "email": "a@b.fr", "picture": "https://i.fr/p"}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("reddit", json!({"id": "7", "name": "Ann", "email": "a@b.fr", "oauth_client_id": "c", "icon_img": "https://i.fr/p"}), json!(["7", null, false, "Ann", "https://i.fr/p"])),
            ("roblox", json!({"sub": "7", "nickname": "Ann", "picture": "https://i.fr/p"}), json!(["7", null, false, "Ann", "https://i.fr/p"])),
            ("salesforce", json!({"user_id": "7", "name": "Ann", "email": "a@b.fr", "email_verified": true, "photos": {"thumbnail": "https://i.fr/p"}}), full.clone()),
            ("slack", json!({"sub": "s", "https://slack.com/user_id": "7", "email": "a@b.fr", "email_verified": true, "name": "Ann", "picture": "https://i.fr/p"}), full.clone()),
            ("spotify", json!({"id": "7", "display_name": "Ann", "email": "a@b.fr", "images": [{"url": "https://i.fr/p"}]}), json!(["7", "a@b.fr", false, "Ann", "https://i.fr/p"])),
            ("tiktok", json!({"data": {"user": {"open_id": "7", "display_name": "Ann", "avatar_large_url": "https://i.fr/p"}}}), json!(["7", null, false, "Ann", "https://i.fr/p"])),
            ("twitch", json!({"sub": "7", "preferred_username": "Ann", "email": "a@b.fr", "email_verified": true, "picture": "https://i.fr/p"}), full.clone()),
            ("twitter", json!({"data": {"id": "7", "name": "Ann", "profile_image_url": "https://i.fr/p"}}), json!(["7", null, false, "Ann", "https://i.fr/p"])),
            ("vercel", json!({"sub": "7", "preferred_username": "Ann", "email": "a@b.fr", "email_verified": true, "picture": "https://i.fr/p"}), full.clone()),
            ("vk", json!({"user": {"user_id": "7", "first_name": "Ann", "last_name": "Bo", "email": "a@b.fr", "avatar": "https://i.fr/p"}}), json!(["7", "a@b.fr", false, "Ann Bo", "https://i.fr/p"])),
            ("wechat", json!({"openid": "o", "unionid": "7", "nickname": "Ann", "headimgurl": "https://i.fr/p"}), json!(["7", null, false, "Ann", "https://i.fr/p"])),
            ("zoom", json!({"id": "7", "display_name": "Ann", "email": "a@b.fr", "verified": 1, "pic_url": "https://i.fr/p"}), full),
        ];
        let read: BTreeSet<&str> = samples.iter().map(|sample| sample.0).collect();
        assert_eq!(read.len(), all().count());
        for (id, profile, expected) in samples {
            let mapping = find(id).unwrap_or_else(|| panic!("{id}")).mapping;
            let person = mapping.read(&profile).unwrap_or_else(|error| panic!("{id}: {error}"));
            let email = person.email.as_ref().map(guichet_core::email_address::EmailAddress::as_str);
            assert_eq!(json!([person.subject, email, person.email_verified, person.name, person.image]), expected, "{id}");
            // A profile of nobody's is refused by all of them.
            for nobody in [json!({}), json!([]), json!({"sub": "", "id": ""}), Value::Null] {
                assert!(mapping.read(&nobody).is_err(), "{id}: {nobody}");
            }
        }
    }

    async fn what_a_browser_would_run_is_no_picture(_database) {
        let mapping = find("google").unwrap().mapping;
        for image in ["javascript:alert(1)", "data:text/html,x", "//evil.test/p", "ftp://a/b", ""] {
            let person = mapping.read(&json!({"sub": "7", "picture": image, "name": "A\u{0}n\r\nn"})).unwrap();
            assert_eq!((person.image, person.name.as_str()), (None, "Ann"), "{image}");
        }
    }
}
