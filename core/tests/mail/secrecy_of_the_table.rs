//! Who reads the table learns neither who gets a mail nor what is in it.

use crate::database::on_both;
use crate::world::{Scripted, World, mail, permanent, temporary};

#[tokio::test]
async fn the_table_shows_neither_recipient_nor_code() {
    on_both(async |place| {
        let world = World::new(place, Scripted::new([permanent(), temporary()])).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        world.deliver().await;
        world.enqueue("m2", "bob@example.fr", None).await;
        world.deliver().await;
        world.enqueue("m3", "carol@example.fr", None).await;
        let rows = world
            .db
            .query(
                r#"select concat_ws('|', "id", "sealed", "kind", "attempts", "nextAttemptAt", "claimedUntil",
                   "lastError", "createdAt", "expiresAt", "failedAt") as "all" from "mailOutbox""#,
            )
            .rows()
            .await
            .unwrap();
        assert_eq!(rows.len(), 3);
        for row in rows {
            let all = row.get::<String>("all").unwrap();
            for told in ["alice", "bob", "carol", "example.fr", "123456", "Votre"] {
                assert!(!all.contains(told), "{told} in {all}");
            }
        }
    })
    .await;
}

#[test]
fn nor_does_what_is_logged_of_a_mail() {
    assert_eq!(format!("{:?}", mail("alice@example.fr")), r#"Mail { kind: "email-otp/code", .. }"#);
}
