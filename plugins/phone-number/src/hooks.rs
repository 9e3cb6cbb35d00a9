//! Numbers are set by a code alone.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::{Result, bad_request};
use guichet_core::hooks::{Arrival, Hooks, Provision};
use guichet_core::http::Visit;
use guichet_core::one_time_code::TryBudget;
use guichet_core::store::{Fields, User};
use guichet_core::timestamp::Timestamp;

use crate::number::PhoneNumber as Number;
use crate::{NUMBER, PHONE_NUMBER_CANNOT_BE_UPDATED, PhoneNumber, VERIFIED, codes, lost};

#[async_trait]
impl Hooks for PhoneNumber {
    /// At sign-up too, where the reference takes a number unproven: whoever named somebody else's would keep its owner
    /// away. Taking the own number away is allowed, and takes its proof along.
    async fn before_user_write(&self, _: &Visit, _: Option<&User>, fields: &mut Fields) -> Result<()> {
        match fields.get(NUMBER) {
            None => Ok(()),
            Some(value) if value.is_null() => {
                fields.set(VERIFIED, false);
                Ok(())
            }
            Some(_) => Err(bad_request(PHONE_NUMBER_CANNOT_BE_UPDATED)),
        }
    }

    /// Addresses that stand for numbers are nobody's mailbox: nobody comes in by one, and no mail goes there.
    async fn provision(&self, _: &App, arrival: Arrival<'_>) -> Result<Provision> {
        let digits: String = arrival.email.as_str().chars().filter(char::is_ascii_digit).collect();
        let stands_for =
            Number::parse(&format!("+{digits}")).and_then(|number| self.options.address_of(&number));
        let is_placeholder = stands_for.is_some_and(|address| address == *arrival.email);
        Ok(if is_placeholder { Provision::TurnAway(None) } else { Provision::NoOpinion })
    }

    /// Whoever set the account up was not shown to own the address, and their number would stay a way in.
    async fn mailbox_first_proven(&self, app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        lost::forget(app, tx, user_id).await
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        TryBudget::clean(codes::BUDGET, &app.db, now).await?;
        Ok(())
    }
}
