//! Administrators beside every other plugin: a banned person is let in by no way, hears of it only with the right proof,
//! and services are told at once.

use http::Method;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::email_address::EmailAddress;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, sign_in_by_password, visitor, with};

const ADMIN: &str = "anna@example.com";
const PLUGINS: &str = "[plugins.admin]\n[plugins.pages]\n[plugins.email-otp]\n[plugins.email-password]\n[plugins.magic-link]\n\
    [plugins.username]\n[plugins.jwt]\n[plugins.revocation]\n[plugins.token-api]\n[plugins.two-factor]\n[plugins.multi-session]\n\
    [plugins.bearer]\n[plugins.one-time-token]\n";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, PLUGINS).await
}

/// An administrator who is signed in.
async fn admin(server: &TestServer) -> Browser {
    let browser = visitor(server, ADMIN).await;
    server.execute(r#"update "user" set "role" = 'admin'"#).await;
    browser
}

/// Jean, with a password and a user name, signed in; and their id.
async fn jean(server: &TestServer) -> (Browser, String) {
    let browser = visitor(server, EMAIL).await;
    let user = browser.get("/get-session").await.json()["user"].clone();
    let id = user["id"].as_str().unwrap().to_owned();
    let _ = browser.post("/update-user", json!({"username": "jean_d"})).await.expect(200);
    let hash = server.app.passwords.hash(PASSWORD).await.unwrap();
    let mut tx = server.app.db.begin().await.unwrap();
    let now = server.now();
    guichet_core::store::Accounts::put_password(&mut tx, server.app.new_id(), &id, hash, now).await.unwrap();
    tx.commit().await.unwrap();
    (browser, id)
}

async fn act(browser: &Browser, action: &str, body: Value) -> Answer {
    browser.post(&format!("/admin/{action}"), body).await
}

async fn ban(browser: &Browser, id: &str) {
    let _ = act(browser, "ban-user", json!({"userId": id})).await.expect(200);
}

async fn program(server: &TestServer, path: &str, body: Value) -> Answer {
    let body = Some(body.to_string());
    server.browser().at_origin("").request(Method::POST, path, Some("application/json"), body).await
}

/// The claims of a document, unchecked.
fn claims(token: &str) -> Value {
    let body = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// What is told apart from what is random in an answer.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text.clone())
}

guichet_testing::stories! {
    async fn the_feed_tells_services_of_a_ban_at_once(database) {
        let server = start(&database).await;
        let browser = admin(&server).await;
        let (jean, id) = jean(&server).await;
        let token = jean.get("/token").await.expect(200).json()["token"].as_str().unwrap().to_owned();
        let feed = async || claims(&server.browser().get("/revocations").await.expect(200).text);
        assert_eq!(feed().await["users"], json!([]));
        ban(&browser, &id).await;
        let told = feed().await;
        let users = told["users"].as_array().unwrap();
        assert_eq!((users.len(), users[0]["sub"].as_str()), (1, Some(id.as_str())), "{told}");
        let sids: Vec<&Value> = told["sessions"].as_array().unwrap().iter().map(|one| &one["sid"]).collect();
        assert!(sids.contains(&&claims(&token)["sid"]), "{told}");
        // Where the server is asked, it takes the token no more.
        let asked = server.browser().at_origin("").header("authorization", &format!("Bearer {token}"));
        asked.request(Method::GET, "/auth/me", None, None).await.refused(401, "INVALID_ACCESS_TOKEN");
    }

    async fn a_banned_person_comes_in_by_no_way(database) {
        let server = start(&database).await;
        let browser = admin(&server).await;
        let (jean, id) = jean(&server).await;
        // What was in their hands before the ban.
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        let _ = jean.post("/email-otp/send-verification-otp", ask).await.expect(200);
        let code = server.code(EMAIL).await;
        let _ = jean.post("/sign-in/magic-link", json!({"email": EMAIL, "callbackURL": "/"})).await.expect(200);
        let link = server.mailed_link(EMAIL).await;
        let once = jean.get("/one-time-token/generate").await.expect(200).json()["token"].clone();
        let pair = program(&server, "/auth/login", json!({"identifier": EMAIL, "password": PASSWORD})).await.expect(200).json();
        ban(&browser, &id).await;
        assert!(!jean.is_in().await);

        let new = server.browser();
        sign_in_by_password(&new, EMAIL, PASSWORD).await.refused(403, "BANNED_USER");
        new.post("/sign-in/username", json!({"username": "jean_d", "password": PASSWORD})).await.refused(403, "BANNED_USER");
        new.post("/sign-in/email-otp", json!({"email": EMAIL, "otp": code})).await.refused(403, "BANNED_USER");
        program(&server, "/auth/login", json!({"identifier": EMAIL, "password": PASSWORD})).await.refused(403, "BANNED_USER");
        program(&server, "/auth/refresh", json!({"refresh_token": pair["refresh_token"]})).await.refused(401, "INVALID_REFRESH_TOKEN");
        let _ = new.post("/one-time-token/verify", json!({"token": once})).await.expect(400);
        let opened = server.page_browser();
        let _ = opened.page(&link).await;
        let _ = opened.form(&link, &[]).await;
        assert!(!opened.is_in().await);
        // At the page, too.
        let page = server.page_browser();
        let typed = [("email", EMAIL), ("password", PASSWORD)];
        let typed = page.form("/login/email-password/sign-in", &typed).await.expect(403);
        assert!(typed.text.contains("suspendu") || typed.text.contains("banned"), "{}", typed.text);
        assert!(!page.is_in().await);
        assert_eq!(server.number(&format!(r#"select count(*) from "session" where "userId" = '{id}'"#)).await, 0);

        let _ = act(&browser, "unban-user", json!({"userId": id})).await.expect(200);
        let _ = sign_in_by_password(&new, EMAIL, PASSWORD).await.expect(200);
    }

    async fn who_cannot_prove_to_be_them_does_not_hear_of_it(database) {
        let server = start(&database).await;
        let browser = admin(&server).await;
        let (_, id) = jean(&server).await;
        ban(&browser, &id).await;
        let before = server.mails(EMAIL).await.len();
        let other = "nobody@example.com";
        for (path, body) in [
            ("/email-otp/send-verification-otp", json!({"type": "sign-in"})),
            ("/email-otp/send-verification-otp", json!({"type": "forget-password"})),
            ("/email-otp/request-password-reset", json!({})),
            ("/sign-in/magic-link", json!({"callbackURL": "/"})),
            ("/request-password-reset", json!({"redirectTo": "/"})),
            ("/send-verification-email", json!({"callbackURL": "/"})),
            ("/sign-in/email", json!({"password": "another one, and wrong"})),
            ("/sign-in/email-otp", json!({"otp": "000000"})),
        ] {
            let ask = async |email: &str| {
                let mut body = body.clone();
                body["email"] = email.into();
                told(&server.browser().post(path, body).await)
            };
            assert_eq!(ask(EMAIL).await, ask(other).await, "{path}");
        }
        assert_eq!(server.mails(EMAIL).await.len(), before, "nothing is mailed to them");
    }

    async fn a_ban_lets_no_second_factor_be_asked_for(database) {
        let server = start(&database).await;
        let browser = admin(&server).await;
        let (jean, id) = jean(&server).await;
        let _ = jean.post("/two-factor/enable", json!({"password": PASSWORD})).await.expect(200);
        server.execute(&format!(r#"update "user" set "twoFactorEnabled" = true where "id" = '{id}'"#)).await;
        server.execute(r#"update "twoFactor" set "verified" = true"#).await;
        let claim = || json!({"email": EMAIL, "password": PASSWORD});
        let asked = server.browser().post("/sign-in/email", claim()).await.expect(200).json();
        assert_eq!(asked["twoFactorRedirect"], true, "{asked}");
        ban(&browser, &id).await;
        server.browser().post("/sign-in/email", claim()).await.refused(403, "BANNED_USER");
        let _ = act(&browser, "unban-user", json!({"userId": id})).await.expect(200);
        // Nor does it stand in an administrator's way, who changes nothing about it.
        let became = act(&browser, "impersonate-user", json!({"userId": id})).await.expect(200).json();
        assert_eq!(became["user"]["twoFactorEnabled"], true);
        for path in ["disable", "generate-backup-codes", "get-totp-uri", "enable"] {
            let known = json!({"password": PASSWORD});
            browser.post(&format!("/two-factor/{path}"), known).await.refused(403, "IMPERSONATED_SESSION");
        }
        let page = browser.clone().at_origin(server.base());
        let change = [("currentPassword", PASSWORD), ("newPassword", "another long walk by the sea")];
        for path in ["email-password/password", "sessions/end-others", "two-factor/forget", "deletion/delete"] {
            let _ = page.form(&format!("/account/{path}"), &change).await.expect(403);
        }
        let change = json!({"currentPassword": PASSWORD, "newPassword": "another long walk by the sea"});
        browser.post("/change-password", change).await.refused(403, "IMPERSONATED_SESSION");
        browser.post("/verify-password", json!({"password": PASSWORD})).await.refused(403, "IMPERSONATED_SESSION");
    }

    async fn services_see_who_is_somebody_else_and_until_when(database) {
        let server = start(&database).await;
        let browser = admin(&server).await;
        let (_, id) = jean(&server).await;
        let boss = browser.get("/get-session").await.json()["user"]["id"].clone();
        let own = browser.get("/token").await.expect(200).json()["token"].as_str().unwrap().to_owned();
        assert_eq!(claims(&own).get("act"), None);
        let _ = act(&browser, "impersonate-user", json!({"userId": id})).await.expect(200);
        server.clock.advance(std::time::Duration::from_mins(55));
        let token = browser.get("/token").await.expect(200).json()["token"].as_str().unwrap().to_owned();
        let said = claims(&token);
        assert_eq!((&said["sub"], &said["act"]), (&json!(id), &json!({"sub": boss})));
        let left = said["exp"].as_i64().unwrap() - server.now().seconds();
        assert!((290..=300).contains(&left), "not longer than the session: {left}");
    }

    async fn nobody_signs_up_as_an_administrator(database) {
        let server = start(&database).await;
        let body = |field: &str, value: Value| {
            let mut body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean"});
            body[field] = value;
            body
        };
        let new = server.browser();
        new.post("/sign-up/email", body("role", json!("admin"))).await.refused(400, "FIELD_NOT_ALLOWED");
        new.post("/sign-up/email", body("banReason", json!("x"))).await.refused(400, "FIELD_NOT_ALLOWED");
        for field in ["role", "ban_reason", "banned"] {
            let refused = program(&server, "/auth/register", body(field, json!("admin"))).await;
            assert_eq!(refused.status, 422, "{refused:?}");
        }
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        let _ = new.post("/email-otp/send-verification-otp", ask).await.expect(200);
        let code = server.code(EMAIL).await;
        let by_code = json!({"email": EMAIL, "otp": code, "role": "admin"});
        new.post("/sign-in/email-otp", by_code).await.refused(400, "FIELD_NOT_ALLOWED");
        assert_eq!(server.count("user").await, 0);
        let made = new.post("/sign-up/email", body("banned", json!(true))).await.expect(200).json();
        assert_eq!([&made["user"]["role"], &made["user"]["banned"]], [&json!("user"), &json!(false)]);
    }

    async fn a_sign_up_over_a_banned_address_mails_nothing(database) {
        let on = "[plugins.email-password]\n";
        let settings = PLUGINS.replace(on, &format!("{on}auto_sign_in = false\n"));
        let server = with(&database, &settings).await;
        let browser = admin(&server).await;
        let (_, id) = jean(&server).await;
        ban(&browser, &id).await;
        let before = server.mails(EMAIL).await.len();
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean"});
        let answer = server.browser().post("/sign-up/email", body).await.expect(200).json();
        assert_eq!(answer["token"], Value::Null);
        assert_eq!(server.mails(EMAIL).await.len(), before);
    }

    async fn a_portals_role_is_the_same_column(database) {
        let portal = "[plugins.admin]\n[plugins.email-otp]\n[plugins.prepare-login]\n[[plugins.prepare-login.portal]]\n\
            name = \"client\"\nrole = \"UTILISATEUR\"\nlands_at = \"/client\"\npreset = \"client-person-entreprise\"\n";
        database.run(match database.dialect() {
            guichet_core::db::Dialect::Postgres => include_str!("../fixtures/tenants.postgres.sql"),
            guichet_core::db::Dialect::Sqlite => include_str!("../fixtures/tenants.sqlite.sql"),
        }).await;
        let server = with(&database, portal).await;
        let jean = visitor(&server, EMAIL).await;
        let user = jean.get("/get-session").await.json()["user"].clone();
        assert_eq!([&user["role"], &user["banned"]], [&json!("UTILISATEUR"), &json!(false)]);
        jean.get("/admin/list-users").await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS");
        let browser = visitor(&server, ADMIN).await;
        let email = EmailAddress::parse(ADMIN).unwrap();
        let boss = server.app.users.by_email(&server.app.db, &email).await.unwrap().unwrap();
        assert_eq!(boss.extra.text("role"), Some("user"));
        server.execute(&format!(r#"update "user" set "role" = 'admin' where "id" = '{}'"#, boss.id)).await;
        let list = browser.get("/admin/list-users?filterField=role&filterValue=UTILISATEUR").await.expect(200).json();
        assert_eq!(list["total"], 1);
    }
}
