//! The columns of `user` that portals fill.

use guichet_core::db::Dialect;

use crate::{CLIENT, column, prepare, refused, start, with};

guichet_testing::stories! {
    /// Wishes: 56.
    async fn clients_see_role_and_client_and_cannot_set_them(database) {
        let server = start(&database).await;
        let columns = server.app.users.columns();
        for name in ["role", "clientId"] {
            let column = columns.iter().find(|column| column.name == name).unwrap();
            assert!(column.returned && !column.input && !column.required, "{column:?}");
        }
    }

    async fn the_configuration_may_declare_them_itself(database) {
        let fields = r#"
[[user.fields]]
name = "role"
default = "VISITEUR"
[[user.fields]]
name = "clientId"
returned = false
"#;
        let server = with(&database, &format!("{fields}{CLIENT}")).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(column(&server, "role").await.as_deref(), Some("UTILISATEUR"));
        assert_eq!(column(&server, "clientId").await.as_deref(), Some("cli_jean"));
    }

    async fn as_a_number_they_are_refused(database) {
        let fields = "[[user.fields]]\nname = \"clientId\"\nkind = \"integer\"\n";
        let error = refused(&database, &format!("{fields}{CLIENT}")).await;
        assert!(error.contains(r#"the column "clientId" of `user` is declared as Integer; it must be text"#), "{error}");
    }

    async fn tables_that_are_behind_are_named(database) {
        let error = refused(&database, &format!("[database]\nmigrate = false\n{CLIENT}")).await;
        assert!(error.contains("run `guichet migrate`"), "{error}");
    }

    async fn others_are_declared_and_filled_with_their_kind(database) {
        let server = with(&database, r#"
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.column]]
name = "letters"
kind = "integer"
[[plugins.prepare-login.column]]
name = "known"
kind = "boolean"
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
methods = []
[[plugins.prepare-login.portal.source]]
name = "people"
query = '''select length("firstName") as "letters", "firstName" is not null as "known", "lastName" as "name"
from "Person" where "email" = $1'''
"#).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(server.number(r#"select "letters" from "user""#).await, 4);
        let known = server.number(r#"select count(*) from "user" where "known""#).await;
        assert_eq!(known, 1);
        assert!(server.app.users.columns().iter().all(|column| column.name != "clientId"), "nobody needs it");
    }

    async fn a_value_that_is_another_users_makes_nobody_and_tells_nobody(database) {
        let server = with(&database, r#"
[[user.fields]]
name = "letters"
kind = "integer"
input = false
unique = true
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
methods = []
[[plugins.prepare-login.portal.source]]
name = "people"
query = '''select length("firstName") as "letters", "lastName" as "name" from "Person" where "email" = $1'''
"#).await;
        server.user("other@example.com").await;
        server.execute(r#"update "user" set "letters" = 4"#).await;
        let known = prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        let unknown = prepare(&server.browser(), "nobody@example.com").await.expect(200).json();
        assert_eq!(known, unknown);
        assert_eq!(server.count("user").await, 1);
    }

    async fn a_required_column_that_no_source_fills_stops_the_start(database) {
        let fields = "[[user.fields]]\nname = \"phone\"\nrequired = true\n";
        let error = refused(&database, &format!("{fields}{CLIENT}")).await;
        assert!(error.contains(r#"requires the column "phone""#), "{error}");
    }

    async fn a_role_that_an_enum_does_not_know_stops_the_start(database) {
        if database.dialect() == Dialect::Sqlite {
            // It has no enums: any text is a role.
            start(&database).await;
            return;
        }
        database
            .run(
                "create type \"Role\" as enum ('NOTAIRE');\ncreate table \"user\" (\"id\" text primary key, \"name\" text, \
                 \"email\" text not null unique, \"emailVerified\" boolean not null, \"image\" text, \
                 \"createdAt\" timestamp(3) not null, \"updatedAt\" timestamp(3) not null, \"role\" \"Role\");\n",
            )
            .await;
        let error = refused(&database, CLIENT).await;
        assert!(error.contains(r#"role = "UTILISATEUR" is nothing that user.role can hold"#), "{error}");
    }
}
