//! Sources of an operator's own.

use crate::{column, knock, prepare, refused, users, with};

/// A portal with one query.
fn portal(query: &str) -> String {
    format!(
        r#"
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
methods = ["credulous"]
[[plugins.prepare-login.portal.source]]
name = "people"
query = '''{query}'''
"#
    )
}

const PLAIN: &str = r#"select p."clientId", concat_ws(' ', p."firstName", p."lastName") as "name"
from "Person" p join "Client" c on c."id" = p."clientId" where lower(trim(p."email")) = $1;"#;

guichet_testing::stories! {
    async fn a_query_says_who_somebody_is(database) {
        let server = with(&database, &portal(PLAIN)).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(column(&server, "clientId").await.as_deref(), Some("cli_jean"));
        assert_eq!(column(&server, "name").await.as_deref(), Some("Jean Dupont"));
    }

    async fn a_query_with_a_comment_at_its_end_runs(database) {
        let server = with(&database, &portal(&format!("{} -- by hand", PLAIN.trim_end_matches(';')))).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1);
    }

    async fn a_query_may_begin_with_with(database) {
        let query = r#"with found as (select "clientId" from "Person" where "email" = $1) select "clientId" from found"#;
        let server = with(&database, &portal(query)).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(column(&server, "clientId").await.as_deref(), Some("cli_jean"));
        assert_eq!(column(&server, "name").await.as_deref(), Some(""));
    }

    async fn its_column_email_is_compared_once_more(database) {
        // A prefix is all that this query compares: the address decides.
        let query = r#"select "email", "clientId" from "Person" where substr("email", 1, 4) = substr($1, 1, 4)"#;
        let server = with(&database, &portal(query)).await;
        prepare(&server.browser(), "jean.autre@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 0);
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1);
    }

    async fn two_different_rows_are_nobody_and_two_equal_ones_somebody(database) {
        let server = with(&database, &portal(PLAIN)).await;
        prepare(&server.browser(), "jumeaux@example.com").await.expect(200).json();
        knock(&server.browser(), None, "jumeaux@example.com").await.refused(401, "UNAUTHORIZED");
        assert_eq!(users(&server).await, 0);
        let twice = format!("{} union all {}", PLAIN.trim_end_matches(';'), PLAIN.trim_end_matches(';'));
        let other = database.another().await;
        let server = with(&other, &portal(&twice)).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1);
    }

    async fn a_wrong_column_stops_the_start_with_the_databases_own_words(database) {
        let error = refused(&database, &portal(r#"select "clientId", "nickname" from "Person" where "email" = $1"#)).await;
        for part in ["[plugins.prepare-login]", r#"portal "client""#, r#"source "people""#, "nickname"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    async fn a_wrong_table_stops_the_start(database) {
        let error = refused(&database, &portal(r#"select "clientId" from "Tenant" where "email" = $1"#)).await;
        assert!(error.contains("Tenant") && error.contains(r#"source "people""#), "{error}");
    }

    async fn a_column_that_users_do_not_have_stops_the_start(database) {
        let error = refused(&database, &portal(r#"select "clientId", "lastName" from "Person" where "email" = $1"#)).await;
        assert!(error.contains(r#""lastName", which `user` does not have"#), "{error}");
        assert!(error.contains("it may give: email, name, image, clientId"), "{error}");
    }

    async fn guichets_own_columns_are_not_a_sources(database) {
        for own in ["role", "id", "emailVerified"] {
            let database = database.another().await;
            let error = refused(&database, &portal(&format!(r#"select "lastName" as "{own}" from "Person" where "email" = $1"#))).await;
            assert!(error.contains(&format!("{own:?}, which Guichet fills itself")), "{error}");
        }
    }

    async fn a_query_that_finds_anybody_stops_the_start(database) {
        for query in [
            r#"select "clientId" from "Person" where $1 = $1"#,
            r#"select max("clientId") as "clientId" from "Person" where "email" = $1"#,
        ] {
            let database = database.another().await;
            let error = refused(&database, &portal(query)).await;
            assert!(error.contains("it must compare with $1"), "{error}");
        }
    }

    async fn a_query_that_writes_stops_the_start(database) {
        for query in [
            r#"delete from "Person" where "email" = $1 returning "clientId""#,
            r#"with gone as (delete from "Person" where "email" <> $1 returning "clientId") select "clientId" from gone"#,
        ] {
            let database = database.another().await;
            let before = refused(&database, &portal(query)).await;
            assert!(before.contains(r#"source "people""#), "{before}");
            let db = database.connect().await;
            let left: Option<i64> = db.query(r#"select count(*) from "Person""#).scalar().await.unwrap();
            assert_eq!(left, Some(15));
        }
    }

    async fn a_query_that_compares_with_nothing_is_refused(database) {
        let error = refused(&database, &portal(r#"select "clientId" from "Person""#)).await;
        assert!(error.contains("without it, everybody matches"), "{error}");
    }
}

#[tokio::test]
async fn a_function_that_writes_stops_the_start_on_postgres() {
    let database = guichet_testing::TestDatabase::postgres().await;
    database
        .run("create table \"Seen\" (\"email\" text);\ncreate function seen(text) returns text language sql volatile as 'insert into \"Seen\" values ($1) returning \"email\"';\n")
        .await;
    let error = refused(&database, &portal(r#"select seen($1) as "name""#)).await;
    assert!(error.contains("read-only transaction"), "{error}");
}
