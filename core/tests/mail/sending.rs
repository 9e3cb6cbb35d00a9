//! What is committed is sent, once, and what is not is never sent.

use std::time::Duration;

use guichet_core::clock::Clock as _;
use guichet_core::mail::Mailbox;
use std::sync::Arc;

use crate::database::on_both;
use crate::world::{Scripted, World, mail};

#[tokio::test]
async fn a_committed_mail_is_delivered_and_its_row_is_gone() {
    on_both(async |place| {
        let mailbox = Arc::new(Mailbox::new());
        let world = World::new(place, mailbox.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        assert_eq!(world.outbox.pending().await.unwrap(), 1);
        let written_at = world.clock.now();
        world.clock.advance(Duration::from_secs(3));
        assert_eq!(world.deliver().await, 1);
        let letter = mailbox.get("m1").unwrap();
        assert_eq!((letter.to.as_str(), letter.kind.as_str()), ("alice@example.fr", "email-otp/code"));
        assert_eq!(
            (letter.subject.as_str(), letter.text.as_str()),
            ("Votre code : 123456", "Votre code : 123456")
        );
        assert_eq!((letter.from.as_str(), letter.written_at), ("Guichet <no-reply@example.com>", written_at));
        assert!(world.rows().await.is_empty());
        assert_eq!((world.outbox.pending().await.unwrap(), world.deliver().await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_rolled_back_is_never_sent() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        let mut tx = world.db.begin().await.unwrap();
        world.outbox.enqueue(&mut tx, &mail("alice@example.fr"), "m1".into(), None).await.unwrap();
        tx.rollback().await.unwrap();
        let mut dropped = world.db.begin().await.unwrap();
        world.outbox.enqueue(&mut dropped, &mail("alice@example.fr"), "m2".into(), None).await.unwrap();
        drop(dropped);
        assert_eq!(world.deliver().await, 0);
        assert!(transport.sent().is_empty() && world.rows().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mail_whose_sender_died_is_sent_again_after_its_claim() {
    on_both(async |place| {
        let dying = Scripted::stuck();
        let world = World::new(place, dying.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        let sender = world.outbox.clone();
        let sender = tokio::spawn(async move { sender.deliver_due().await });
        dying.called(1).await;
        sender.abort();
        assert!(sender.await.unwrap_err().is_cancelled());

        let transport = Scripted::new([]);
        let other = world.replica(crate::world::keyring("secret"), transport.clone()).await;
        world.clock.advance(Duration::from_secs(59));
        assert_eq!(other.deliver_due().await.unwrap(), 0, "the claim still holds");
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(other.deliver_due().await.unwrap(), 1);
        assert!(dying.sent().is_empty() && world.rows().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn after_the_deadline_nothing_is_sent() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        world.enqueue("late", "alice@example.fr", Some(Duration::from_mins(10))).await;
        world.clock.advance(Duration::from_mins(10));
        world.enqueue("fresh", "alice@example.fr", Some(Duration::from_mins(10))).await;
        assert_eq!(world.deliver().await, 1);
        assert_eq!(transport.sent().iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), ["fresh"]);
        assert!(world.rows().await.is_empty());
    })
    .await;
}
