//! Moments of the domain at which plugins have a say. Each exists because a shipped plugin needs it; each returns
//! a `Result`, and an `Err` refuses. None of them knows a path.

use async_trait::async_trait;

use crate::app::App;
use crate::db::Tx;
use crate::email_address::EmailAddress;
use crate::error::{Error, Result};
use crate::http::Visit;
use crate::sign_in::{Admission, Attempt};
use crate::store::{NewUser, User};

/// Somebody named an e-mail address in order to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The address.
    pub email: &'a EmailAddress,
    /// The door at which it was named; `None` for the API, which has none.
    pub door: Option<&'a str>,
    /// Who has that address, if anybody yet.
    pub user: Option<&'a User>,
}

/// What is done about an arrival.
#[derive(Debug)]
pub enum Provision {
    /// No opinion: the sign-in method's own rule holds.
    NoOpinion,
    /// There is no user yet, and this is who they are: make it.
    Make(NewUser),
    /// They may not come in here. With an error, they are told so; without, they get the answer that everybody
    /// gets, and no mail.
    TurnAway(Option<Error>),
}

/// What a plugin may do at a moment of the domain.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Who is behind this address, and may they come in? Asked whenever somebody names one, whether or not a user
    /// exists, so that both cost the same. Reads only; whoever asked makes the user, in one statement that a race
    /// cannot split.
    async fn provision(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        let _ = (app, arrival);
        Ok(Provision::NoOpinion)
    }

    /// The first proof is in and no session exists yet: let them in, ask for more, or refuse with an `Err`.
    async fn before_sign_in(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt) -> Result<Admission> {
        let _ = (visit, tx, attempt);
        Ok(Admission::Granted)
    }

    /// A password is about to be set, by whatever route.
    async fn check_password(&self, app: &App, password: &str) -> Result<()> {
        let _ = (app, password);
        Ok(())
    }
}
