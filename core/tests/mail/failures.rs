//! What happens to a mail that cannot be delivered.

use std::time::Duration;

use guichet_core::Timestamp;

use crate::database::on_both;
use crate::world::{Scripted, World, keyring, permanent, temporary};

#[tokio::test]
async fn a_temporary_failure_backs_off_and_succeeds_later() {
    on_both(async |place| {
        let transport = Scripted::new([temporary(), temporary()]);
        let world = World::new(place, transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        assert_eq!((world.deliver().await, world.deliver().await), (0, 0), "it is not due again at once");
        let row = &world.rows().await[0];
        assert_eq!(row.get::<i64>("attempts").unwrap(), 1);
        assert_eq!(row.get::<String>("lastError").unwrap(), "the mail server answered 451");
        assert!(row.maybe::<Timestamp>("claimedUntil").unwrap().is_none());
        world.clock.advance(Duration::from_secs(5));
        assert_eq!(world.deliver().await, 0);
        world.clock.advance(Duration::from_secs(4));
        assert_eq!(world.deliver().await, 0);
        assert_eq!(world.rows().await[0].get::<i64>("attempts").unwrap(), 2, "the second pause is longer");
        world.clock.advance(Duration::from_secs(6));
        assert_eq!(world.deliver().await, 1);
        assert!(world.rows().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_permanent_refusal_is_not_retried_and_its_row_is_kept_without_the_mail() {
    on_both(async |place| {
        let transport = Scripted::new([permanent()]);
        let world = World::new(place, transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        let full = world.rows().await[0].get::<String>("sealed").unwrap();
        assert_eq!(world.deliver().await, 0);
        world.clock.advance(Duration::from_hours(25));
        assert_eq!((world.deliver().await, world.outbox.pending().await.unwrap()), (0, 0));
        assert!(transport.sent().is_empty());
        let row = &world.rows().await[0];
        assert_eq!(row.get::<String>("lastError").unwrap(), "the mail server answered 550");
        assert!(row.maybe::<Timestamp>("failedAt").unwrap().is_some());
        assert!(row.maybe::<Timestamp>("nextAttemptAt").unwrap().is_none());
        let kept = keyring("secret").open(&row.get::<String>("sealed").unwrap()).unwrap();
        let kept = secrecy::ExposeSecret::expose_secret(&kept);
        assert!(kept.contains("alice@example.fr") && !kept.contains("123456") && !full.contains(kept));
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_never_goes_through_is_given_up_after_a_day() {
    on_both(async |place| {
        let transport = Scripted::new((0..100).map(|_| temporary()));
        let world = World::new(place, transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        for _ in 0..26 * 60 {
            world.deliver().await;
            world.clock.advance(Duration::from_mins(1));
        }
        let row = &world.rows().await[0];
        let given_up = row.get::<Timestamp>("failedAt").unwrap();
        let lived = row.get::<Timestamp>("createdAt").unwrap().until(given_up);
        assert!(lived > Duration::from_hours(22) && lived <= Duration::from_hours(24), "{lived:?}");
        assert!(row.get::<i64>("attempts").unwrap() < 60, "at most hourly or so after a while");
    })
    .await;
}

#[tokio::test]
async fn a_mail_with_a_deadline_is_given_up_when_no_attempt_fits_before_it() {
    on_both(async |place| {
        let transport = Scripted::new([temporary()]);
        let world = World::new(place, transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", Some(Duration::from_secs(2))).await;
        assert_eq!(world.deliver().await, 0);
        assert!(world.rows().await[0].maybe::<Timestamp>("failedAt").unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_recipient_that_is_not_one_plain_address_is_never_handed_over() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        let bad =
            ["a@x.fr,b@y.fr", "a@x.fr\r\nBcc: b@y.fr", "\"a@evil.tld x\"@good.fr", "a@x.fr＠evil.example"];
        for (number, to) in bad.iter().enumerate() {
            world.enqueue(&format!("m{number}"), to, None).await;
        }
        assert_eq!(world.deliver().await, 0);
        assert!(transport.sent().is_empty());
        for row in world.rows().await {
            assert!(row.maybe::<Timestamp>("failedAt").unwrap().is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_mail_sealed_with_a_secret_that_is_not_known_yet_waits_for_it() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        let outdated = world.replica(keyring("older secret"), transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        assert_eq!(outdated.deliver_due().await.unwrap(), 0);
        world.clock.advance(Duration::from_secs(5));
        assert_eq!(world.deliver().await, 1);
    })
    .await;
}
