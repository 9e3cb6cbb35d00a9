//! What portals say when somebody arrives, and before somebody is let in.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::{NOT_PERMITTED, Result, forbidden};
use guichet_core::hooks::{Arrival, Hooks, Provision};
use guichet_core::http::Visit;
use guichet_core::sign_in::{Admission, Attempt};

use crate::PrepareLogin;
use crate::portal::Portal;
use crate::who::{Found, found};

#[async_trait]
impl Hooks for PrepareLogin {
    async fn provision(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        match self.at(arrival.door) {
            Some(portal) => {
                let answers = portal.ask(app, self.business.db(app)?, arrival.email).await?;
                Ok(portal.at_the_door(arrival.user, arrival.email, found(&answers)))
            }
            None => self.anywhere(app, arrival).await,
        }
    }

    /// Belt and braces: whatever proved who somebody is, a portal's door is for its own people.
    async fn before_sign_in(&self, _: &Visit, _: &mut Tx, attempt: &Attempt) -> Result<Admission> {
        match self.at(attempt.door.as_deref()) {
            Some(portal) if !portal.is_for(&attempt.user) => Err(forbidden(NOT_PERMITTED)),
            _ => Ok(Admission::Granted),
        }
    }
}

impl PrepareLogin {
    fn at(&self, door: Option<&str>) -> Option<&Portal> {
        self.portals.iter().find(|portal| Some(portal.name.as_str()) == door).map(AsRef::as_ref)
    }

    /// At the API, or at a door of somebody else's: who is new and known to a portal becomes one of its people.
    /// Every portal is asked, whoever arrives.
    async fn anywhere(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        let mut decided = None;
        for portal in &self.portals {
            let answers = portal.ask(app, self.business.db(app)?, arrival.email).await?;
            let said = match found(&answers) {
                Found::Somebody(_, person) => Provision::Make(portal.new_user(arrival.email, person)),
                Found::Several(..) => Provision::TurnAway(None),
                Found::Nobody => continue,
            };
            decided.get_or_insert(said);
        }
        Ok(decided.filter(|_| arrival.user.is_none()).unwrap_or(Provision::NoOpinion))
    }
}
