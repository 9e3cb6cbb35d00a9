//! What a story plays in: an outbox, a clock that is moved by hand, a transport that does as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guichet_core::Timestamp;
use guichet_core::clock::Clock;
use guichet_core::db::{Db, Row};
use guichet_core::keyring::{Keyring, SystemRandomness, VersionedSecret};
use guichet_core::mail::{Letter, Mail, Outbox, OutboxOptions, SendError, SmsWay, Transport};
use tokio::sync::Semaphore;

use crate::database::Place;

/// Stands still until it is moved.
pub(crate) struct HandClock(Mutex<Timestamp>);

impl HandClock {
    pub(crate) fn advance(&self, span: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(span);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Answers with the outcomes it was given, then takes everything.
pub(crate) struct Scripted {
    outcomes: Mutex<VecDeque<SendError>>,
    sent: Mutex<Vec<Letter>>,
    calls: Semaphore,
    gate: Semaphore,
}

impl Scripted {
    pub(crate) fn new(outcomes: impl IntoIterator<Item = SendError>) -> Arc<Self> {
        Arc::new(Self {
            outcomes: Mutex::new(outcomes.into_iter().collect()),
            sent: Mutex::default(),
            calls: Semaphore::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        })
    }

    /// A transport that does not finish before [`Scripted::open`].
    pub(crate) fn stuck() -> Arc<Self> {
        let transport = Self::new([]);
        transport.gate.forget_permits(Semaphore::MAX_PERMITS);
        transport
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn sent(&self) -> Vec<Letter> {
        self.sent.lock().unwrap().clone()
    }

    /// Waits until `calls` more sendings have begun.
    pub(crate) async fn called(&self, calls: u32) {
        let begun = tokio::time::timeout(Duration::from_secs(30), self.calls.acquire_many(calls));
        begun.await.expect("a mail is on its way").unwrap().forget();
    }
}

#[async_trait::async_trait]
impl Transport for Scripted {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        self.calls.add_permits(1);
        drop(self.gate.acquire().await.unwrap());
        if let Some(problem) = self.outcomes.lock().unwrap().pop_front() {
            return Err(problem);
        }
        self.sent.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

pub(crate) fn temporary() -> SendError {
    SendError::Temporary("the mail server answered 451".into())
}

pub(crate) fn permanent() -> SendError {
    SendError::Permanent("the mail server answered 550".into())
}

pub(crate) fn keyring(secret: &str) -> Keyring {
    let current = VersionedSecret { version: None, secret: secret.to_owned().into() };
    Keyring::new(current, vec![], Arc::new(SystemRandomness))
}

pub(crate) fn mail(to: &str) -> Mail {
    Mail {
        to: to.into(),
        subject: "Votre code : 123456".into(),
        text: "Votre code : 123456".into(),
        html: "<p>123456</p>".into(),
        kind: "email-otp/code",
    }
}

pub(crate) struct World {
    pub(crate) place: Place,
    pub(crate) db: Db,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) outbox: Outbox,
}

impl World {
    pub(crate) async fn new(place: Place, transport: Arc<dyn Transport>) -> Self {
        let start = Timestamp::parse("2026-03-01T08:00:00Z").unwrap();
        let (db, clock) = (place.connect().await, Arc::new(HandClock(Mutex::new(start))));
        let outbox =
            Outbox::new(db.clone(), clock.clone(), keyring("secret"), transport, SmsWay::Closed, quick());
        Self { place, db, clock, outbox }
    }

    /// Another replica: a pool and a worker of its own on the same database.
    pub(crate) async fn replica(&self, keys: Keyring, transport: Arc<dyn Transport>) -> Outbox {
        Outbox::new(self.place.connect().await, self.clock.clone(), keys, transport, SmsWay::Closed, quick())
    }

    pub(crate) async fn enqueue(&self, id: &str, to: &str, deadline: Option<Duration>) {
        let mut tx = self.db.begin().await.unwrap();
        let deadline = deadline.map(|span| self.clock.now().plus(span));
        self.outbox.enqueue(&mut tx, &mail(to), id.to_owned(), deadline).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn deliver(&self) -> usize {
        self.outbox.deliver_due().await.unwrap()
    }

    pub(crate) async fn rows(&self) -> Vec<Row> {
        self.db.query(r#"select * from "mailOutbox" order by "id""#).rows().await.unwrap()
    }
}

/// Looks often, so that moving the clock shows soon.
fn quick() -> OutboxOptions {
    let from = "Guichet <no-reply@example.com>";
    OutboxOptions { poll_interval: Duration::from_millis(20), ..OutboxOptions::new(from) }
}
