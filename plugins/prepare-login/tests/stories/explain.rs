//! `guichet provision explain EMAIL`.

use std::sync::Arc;

use guichet_core::config::Config;
use guichet_core::plugin::{Plugin, Typed, switched_on};
use guichet_testing::TestServer;

use crate::{CLIENT, fill, make_user, plugins, prepare, start, users};

/// Runs the command as the command line does: on a plugin of its own, which serves nobody and was not started.
async fn explain(server: &TestServer, email: &str) -> Result<String, String> {
    let config = Config { plugins: server.app.config.plugins.clone(), ..Config::default() };
    let plugins: Vec<Arc<dyn Plugin>> = switched_on(&plugins(), &config).unwrap();
    let plugin = plugins.into_iter().find(|plugin| plugin.id() == "prepare-login").unwrap();
    let command = plugin
        .commands()
        .into_iter()
        .find(|c| (c.typed.group, c.typed.name) == ("provision", "explain"))
        .unwrap();
    assert_eq!(command.typed.argument, "EMAIL");
    (command.run)(server.app.clone(), Typed { argument: email.to_owned(), ..Typed::default() })
        .await
        .map_err(|error| format!("{error:#}"))
}

async fn says(server: &TestServer, email: &str, parts: &[&str]) {
    let text = explain(server, email).await.unwrap();
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

guichet_testing::stories! {
    async fn it_says_who_matches(database) {
        let server = start(&database).await;
        says(&server, " Jean@Example.COM ", &[
            "jean@example.com\nuser: none yet\n",
            "portal client (/client/login, role UTILISATEUR)",
            r#"source person: matches, name = "Jean Dupont", clientId = "cli_jean""#,
            "source entreprise: no row with this e-mail",
            "=> comes in: the first sign-in makes a user with the role UTILISATEUR",
        ]).await;
        says(&server, "deux@example.com", &["as the source person says"]).await;
        says(&server, "contact@societe.fr", &["as the source entreprise says"]).await;
    }

    /// Wishes: 110, 111.
    async fn it_says_why_nobody_matches(database) {
        let server = start(&database).await;
        says(&server, "inconnu@example.com", &["no row with this e-mail", "=> is turned away: no source knows this e-mail"]).await;
        says(&server, "bailleur@example.com", &["profilType of its Client cli_bailleur is PROPRIETAIRE, not LOCATAIRE"]).await;
        says(&server, "incoherent@example.com", &["type of its Client cli_incoherent is PERSONNE_MORALE, not PERSONNE_PHYSIQUE"]).await;
        says(&server, "faux@example.com", &["type of its Client cli_faux is PERSONNE_PHYSIQUE, not PERSONNE_MORALE"]).await;
        says(&server, "jumeaux@example.com", &["cli_jumeau_a", "cli_jumeau_b", "=> is turned away: the source person finds 2 different people"]).await;
        says(&server, "zoe.etienne@example.com", &["Zoé.ÉTIENNE@Example.COM", "it differs in its accents"]).await;
        says(&server, "jéan@example.com", &[r#"a row with the e-mail "jean@example.com", which is another one"#]).await;
    }

    async fn it_says_who_is_there_already(database) {
        let server = start(&database).await;
        make_user(&server, "jean@example.com", Some("NOTAIRE")).await;
        says(&server, "jean@example.com", &["user: old, with the role NOTAIRE", "matches", "=> is turned away: the user exists and does not have the role UTILISATEUR"]).await;
        prepare(&server.browser(), "contact@societe.fr").await.expect(200).json();
        says(&server, "contact@societe.fr", &["with the role UTILISATEUR", "=> comes in: the user has the portal's role"]).await;
    }

    async fn it_writes_nothing(database) {
        let server = start(&database).await;
        let count = r#"select (select count(*) from "user") + (select count(*) from "verification") + (select count(*) from "rateLimit")"#;
        for email in ["jean@example.com", "inconnu@example.com", "bailleur@example.com"] {
            explain(&server, email).await.unwrap();
        }
        assert_eq!(server.number(count).await, 0);
        assert_eq!(users(&server).await, 0);
        assert!(explain(&server, "jean").await.unwrap_err().contains("is no e-mail address"));
    }

    async fn it_reads_another_business_database(database) {
        let business = database.another().await;
        fill(&business).await;
        let server = TestServer::with(&plugins(), &database, &crate::business::at(business.url())).await;
        says(&server, "jean@example.com", &[r#"clientId = "cli_jean""#]).await;
    }

    async fn of_a_query_of_ones_own_it_says_what_it_knows(database) {
        fill(&database).await;
        let settings = CLIENT.replace(
            r#"preset = "client-person-entreprise""#,
            "[[plugins.prepare-login.portal.source]]\nname = \"people\"\nquery = '''select \"clientId\" from \"Person\" where \"email\" = $1'''",
        );
        let server = TestServer::with(&plugins(), &database, &settings).await;
        says(&server, "jean@example.com", &[r#"source people: matches, name = "", clientId = "cli_jean""#]).await;
        says(&server, "inconnu@example.com", &["source people: no row with this e-mail"]).await;
    }
}
