//! What portals say to sign-in methods, at their own doors and elsewhere.

use guichet_core::serde_json::json;

use crate::{REVEALING, knock, make_user, start, users, with};

/// Two portals on the same tables.
const TWO: &str = r#"
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
methods = ["credulous"]
preset = "client-person-entreprise"
[[plugins.prepare-login.portal]]
name = "owner"
role = "BAILLEUR"
path = "/bailleurs"
methods = ["credulous"]
[[plugins.prepare-login.portal.source]]
name = "owners"
query = '''
select p."email", p."firstName" as "name", c."id" as "clientId"
from "Person" p join "Client" c on c."id" = p."clientId"
where c."profilType" = 'PROPRIETAIRE' and lower(trim(p."email")) = $1'''
"#;

guichet_testing::stories! {
    /// Wishes: 116.
    async fn one_call_at_the_door_is_enough(database) {
        let server = start(&database).await;
        let session = knock(&server.browser(), Some("client"), "jean@example.com").await.expect(200).json();
        assert_eq!(session["user"]["clientId"], "cli_jean");
        assert_eq!(session["user"]["name"], "Jean Dupont");
        assert_eq!(users(&server).await, 1);
    }

    async fn by_the_api_a_tenant_becomes_a_user_of_the_portal(database) {
        let server = start(&database).await;
        let session = knock(&server.browser(), None, "contact@societe.fr").await.expect(200).json();
        assert_eq!(session["user"]["role"], "UTILISATEUR");
        assert_eq!(session["user"]["clientId"], "cli_societe");
    }

    async fn another_door_is_like_the_api(database) {
        let server = start(&database).await;
        let session = knock(&server.browser(), Some("default"), "jean@example.com").await.expect(200).json();
        assert_eq!(session["user"]["clientId"], "cli_jean");
    }

    /// Wishes: 103.
    async fn a_user_with_the_role_comes_in_though_no_source_knows_them(database) {
        let server = start(&database).await;
        make_user(&server, "ancien@example.com", Some("UTILISATEUR")).await;
        knock(&server.browser(), Some("client"), "ancien@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1, "nobody is made");
    }

    async fn one_of_several_roles_is_enough(database) {
        let server = start(&database).await;
        make_user(&server, "ancien@example.com", Some("NOTAIRE,UTILISATEUR")).await;
        knock(&server.browser(), Some("client"), "ancien@example.com").await.expect(200).json();
    }

    async fn a_user_with_another_role_is_turned_away_at_the_door_alone(database) {
        let server = start(&database).await;
        make_user(&server, "jean@example.com", Some("NOTAIRE")).await;
        knock(&server.browser(), Some("client"), "jean@example.com").await.refused(401, "UNAUTHORIZED");
        knock(&server.browser(), None, "jean@example.com").await.expect(200).json();
        let role = server.text(r#"select "role" from "user""#).await;
        assert_eq!((users(&server).await, role.as_deref()), (1, Some("NOTAIRE")));
    }

    async fn a_user_without_a_role_is_not_promoted(database) {
        let server = start(&database).await;
        make_user(&server, "jean@example.com", None).await;
        knock(&server.browser(), Some("client"), "jean@example.com").await.refused(401, "UNAUTHORIZED");
        assert_eq!(server.text(r#"select "role" from "user""#).await, None);
        assert_eq!(server.text(r#"select "clientId" from "user""#).await, None);
    }

    async fn a_careless_method_does_not_get_anybody_past_the_door(database) {
        let server = start(&database).await;
        make_user(&server, "jean@example.com", Some("NOTAIRE")).await;
        let body = json!({"email": "jean@example.com", "door": "client"});
        server.browser().post("/sign-in/credulous", body).await.refused(403, "NOT_PERMITTED");
        assert_eq!(server.count("session").await, 0);
    }

    async fn a_revealing_portal_tells_every_method(database) {
        let server = with(&database, REVEALING).await;
        make_user(&server, "notaire@example.com", Some("NOTAIRE")).await;
        knock(&server.browser(), Some("client"), "inconnu@example.com").await.refused(404, "ACCOUNT_NOT_FOUND_FOR_EMAIL");
        knock(&server.browser(), Some("client"), "notaire@example.com").await.refused(403, "EMAIL_NOT_ASSOCIATED");
    }

    /// Wishes: 131.
    async fn two_portals_let_in_their_own_people(database) {
        let server = with(&database, TWO).await;
        let owner = knock(&server.browser(), Some("owner"), "bailleur@example.com").await.expect(200).json();
        assert_eq!(owner["user"]["role"], "BAILLEUR");
        let tenant = knock(&server.browser(), Some("client"), "jean@example.com").await.expect(200).json();
        assert_eq!(tenant["user"]["role"], "UTILISATEUR");
        for (door, email) in [
            ("client", "bailleur@example.com"),
            ("owner", "jean@example.com"),
            ("owner", "contact@societe.fr"),
            ("client", "sci@example.com"),
        ] {
            knock(&server.browser(), Some(door), email).await.refused(401, "UNAUTHORIZED");
        }
        let both = knock(&server.browser(), None, "gerant@example.com").await.expect(200).json();
        assert_eq!(both["user"]["role"], "UTILISATEUR", "by the API, the first portal that knows somebody");
        assert_eq!(users(&server).await, 3);
        let doors: Vec<_> = server.app.doors.iter().map(|door| (door.name.as_str(), door.path.as_str())).collect();
        assert_eq!(doors, [("client", "/client/login"), ("owner", "/bailleurs")]);
    }

    async fn the_portals_page_has_words_in_both_languages(database) {
        use guichet_core::language::Language::{English, French};
        let server = start(&database).await;
        let door = server.app.door("client").unwrap();
        assert_eq!((door.title.text(French), door.title.text(English)), ("Espace locataire", "Tenant portal"));
        assert_eq!(door.lands_at.as_deref(), Some("/client"));
        assert!(door.offers("credulous") && !door.offers("email-otp"));
    }
}
