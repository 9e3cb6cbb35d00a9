//! The business database may be another one, of either kind.

use guichet_testing::{TestDatabase, TestServer};

use crate::{CLIENT, column, fill, plugins, prepare, users};

/// The tenants' portal, with the business database at this URL.
pub(crate) fn at(url: &str) -> String {
    CLIENT.replace("[plugins.prepare-login]", &format!("[plugins.prepare-login]\ndatabase_url = \"{url}\""))
}

async fn refused(database: &TestDatabase, settings: &str) -> String {
    match TestServer::try_with(&plugins(), database, settings).await {
        Ok(_) => panic!("it starts"),
        Err(error) => error,
    }
}

/// Jean comes in; his e-mail lies in another database than his user.
async fn jean_comes_in(database: &TestDatabase, business: &TestDatabase) {
    fill(business).await;
    let server = TestServer::with(&plugins(), database, &at(business.url())).await;
    for email in ["jean@example.com", "inconnu@example.com"] {
        prepare(&server.browser(), email).await.expect(200).json();
    }
    assert_eq!(column(&server, "clientId").await.as_deref(), Some("cli_jean"));
    let tables = business.connect().await;
    assert!(
        tables.query(r#"select 1 from "session""#).execute().await.is_err(),
        "Guichet has no tables there"
    );
}

guichet_testing::stories! {
    async fn it_may_be_a_file(database) {
        jean_comes_in(&database, &TestDatabase::sqlite()).await;
    }

    async fn it_may_be_a_postgres(database) {
        jean_comes_in(&database, &TestDatabase::postgres().await).await;
    }

    async fn its_url_may_stand_in_a_file(database) {
        let business = database.another().await;
        fill(&business).await;
        let file = std::env::temp_dir().join(format!("business-url-{}-{}", std::process::id(), database.dialect().name()));
        std::fs::write(&file, format!("{}\n", business.url())).unwrap();
        let settings = at("").replace("database_url = \"\"", &format!("database_url_file = \"{}\"", file.display()));
        let server = TestServer::with(&plugins(), &database, &settings).await;
        std::fs::remove_file(&file).unwrap();
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1);
        let missing = refused(&database.another().await, &settings).await;
        assert!(missing.contains("database_url_file"), "{missing}");
    }

    async fn one_that_is_not_there_stops_the_start(database) {
        let error = refused(&database, &at("postgres://guichet:hunter2@127.0.0.1:1/business")).await;
        assert!(error.contains("database_url: the business database cannot be used"), "{error}");
        assert!(error.contains("cannot be reached") && !error.contains("hunter2"), "{error}");
    }

    async fn a_missing_file_is_not_made(database) {
        let path = std::env::temp_dir().join(format!("no-business-{}.db", std::process::id()));
        let error = refused(&database, &at(&format!("sqlite:{}", path.display()))).await;
        assert!(error.contains("does not exist") && !path.exists(), "{error}");
    }

    async fn an_empty_one_stops_the_start(database) {
        let business = database.another().await;
        business.run("create table \"Other\" (\"id\" text);\n").await;
        let error = refused(&database, &at(business.url())).await;
        assert!(error.contains("Person") && error.contains(r#"source "person""#), "{error}");
    }
}

#[tokio::test]
async fn the_demonstration_database_can_be_made_twice() {
    let business = TestDatabase::sqlite();
    let db = business.connect().await;
    for _ in 0..2 {
        db.query(guichet_prepare_login::demo_sql()).execute().await.unwrap();
    }
    let database = TestDatabase::sqlite();
    let server = TestServer::with(&plugins(), &database, &at(business.url())).await;
    for (email, comes_in) in [
        ("jean@example.com", 1),
        ("hélène.bréant@example.com", 2),
        ("contact@societe.fr", 3),
        ("proprietaire@example.com", 3),
    ] {
        prepare(&server.browser(), email).await.expect(200).json();
        assert_eq!(users(&server).await, comes_in, "{email}");
    }
}
