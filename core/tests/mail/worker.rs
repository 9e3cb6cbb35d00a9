//! The worker: wakes, shares with other replicas, survives outages, stops politely.

use std::collections::HashSet;
use std::time::Duration;

use guichet_core::db::Dialect;
use guichet_core::mail::{Outbox, OutboxOptions, SmsWay};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::database::on_both;
use crate::world::{Scripted, World, keyring, permanent};

fn start(outbox: &Outbox) -> (JoinHandle<()>, CancellationToken) {
    let (outbox, stop) = (outbox.clone(), CancellationToken::new());
    let child = stop.clone();
    (tokio::spawn(async move { outbox.run(child).await }), stop)
}

async fn stopped(worker: (JoinHandle<()>, CancellationToken)) {
    worker.1.cancel();
    tokio::time::timeout(Duration::from_secs(30), worker.0).await.expect("the worker ends").unwrap();
}

#[tokio::test]
async fn two_workers_deliver_200_mails_once_each() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        let other = world.replica(keyring("secret"), transport.clone()).await;
        let workers = [start(&world.outbox), start(&other)];
        for number in 0..200 {
            world.enqueue(&format!("m{number:03}"), "alice@example.fr", None).await;
        }
        transport.called(200).await;
        for worker in workers {
            stopped(worker).await;
        }
        let sent = transport.sent();
        let different: HashSet<_> = sent.iter().map(|letter| letter.id.clone()).collect();
        assert_eq!((sent.len(), different.len()), (200, 200));
        assert_eq!(world.outbox.pending().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn rounds_that_compete_for_the_same_rows_send_each_once() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        for number in 0..100 {
            world.enqueue(&format!("m{number:03}"), "alice@example.fr", None).await;
        }
        let mut rounds = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let replica = world.replica(keyring("secret"), transport.clone()).await;
            rounds.spawn(async move { replica.deliver_due().await.unwrap() });
        }
        assert_eq!(rounds.join_all().await.into_iter().sum::<usize>(), 100);
        assert_eq!(transport.sent().len(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_commit_wakes_the_worker_and_a_stop_lets_it_finish() {
    on_both(async |place| {
        let transport = Scripted::stuck();
        let world = World::new(place, transport.clone()).await;
        let slow =
            OutboxOptions { poll_interval: Duration::from_hours(1), ..OutboxOptions::new("g@example.com") };
        let clock = world.clock.clone();
        let outbox =
            Outbox::new(world.db.clone(), clock, keyring("secret"), transport.clone(), SmsWay::Closed, slow);
        let world = World { outbox, ..world };
        let worker = start(&world.outbox);
        for id in ["m1", "m2", "m3"] {
            world.enqueue(id, "alice@example.fr", None).await;
            transport.called(1).await;
        }
        worker.1.cancel();
        world.enqueue("m4", "alice@example.fr", None).await;
        transport.open();
        stopped(worker).await;
        let mut sent: Vec<_> = transport.sent().into_iter().map(|letter| letter.id).collect();
        sent.sort();
        assert_eq!(sent, ["m1", "m2", "m3"], "what was on its way is finished, nothing new is begun");
        assert_eq!(world.outbox.pending().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_outage_of_the_database_does_not_end_the_worker() {
    on_both(async |place| {
        let transport = Scripted::new([]);
        let world = World::new(place, transport.clone()).await;
        let own = world.replica(keyring("secret"), transport.clone()).await;
        let worker = start(&own);
        world.enqueue("before", "alice@example.fr", None).await;
        transport.called(1).await;
        world.db.query(r#"alter table "mailOutbox" rename to "away""#).execute().await.unwrap();
        if world.db.dialect() == Dialect::Postgres {
            let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid()";
            world.db.query(cut).rows().await.unwrap();
        }
        // Long enough for several rounds to fail.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!worker.0.is_finished());
        let back = r#"alter table "away" rename to "mailOutbox""#;
        // A connection that was used a moment ago is not asked whether it still stands: it may fail once.
        if world.db.query(back).execute().await.is_err() {
            world.db.query(back).execute().await.unwrap();
        }
        world.enqueue("after", "alice@example.fr", None).await;
        transport.called(1).await;
        stopped(worker).await;
        assert_eq!(transport.sent().last().unwrap().id, "after");
    })
    .await;
}

#[tokio::test]
async fn mails_that_were_given_up_are_forgotten_after_a_month() {
    on_both(async |place| {
        let transport = Scripted::new([permanent()]);
        let world = World::new(place, transport.clone()).await;
        world.enqueue("m1", "alice@example.fr", None).await;
        world.deliver().await;
        transport.called(1).await;
        for (days, rows) in [(29, 1), (2, 0)] {
            world.clock.advance(Duration::from_hours(24 * days));
            let worker = start(&world.outbox);
            world.enqueue(&format!("after {days}"), "alice@example.fr", None).await;
            transport.called(1).await;
            stopped(worker).await;
            assert_eq!(world.rows().await.len(), rows);
        }
    })
    .await;
}
