//! When names are set, and when somebody names themselves by one.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Value;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, bad_request};
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::store::{Fields, User};

use crate::rules::{normal_form, wrong};
use crate::{DISPLAY, USERNAME, USERNAME_IS_ALREADY_TAKEN, USERNAME_IS_IMMUTABLE, Username};

#[async_trait]
impl Hooks for Username {
    async fn before_user_write(&self, visit: &Visit, user: Option<&User>, fields: &mut Fields) -> Result<()> {
        let shown = fields.text(DISPLAY).map(str::to_owned);
        // Who signs up with a name to be shown alone signs in with it too, where it can be signed in with.
        if let (None, None, Some(shown)) = (user, fields.get(USERNAME), &shown)
            && wrong(&self.options, shown).is_none()
        {
            fields.set(USERNAME, Value::Text(Some(shown.clone())));
        }
        let Some(name) = fields.text(USERNAME).map(str::to_owned) else { return Ok(()) };
        if let Some(code) = wrong(&self.options, &name) {
            return Err(bad_request(code));
        }
        let kept = normal_form(&name);
        let own = user.and_then(|user| user.extra.text(USERNAME));
        if !self.options.changeable && own.is_some_and(|own| own != kept) {
            return Err(bad_request(USERNAME_IS_IMMUTABLE));
        }
        let app = visit.app();
        let owner = app.users.by_unique(&app.db, USERNAME, kept.as_str()).await?;
        if owner.is_some_and(|owner| user.is_none_or(|user| user.id != owner.id)) {
            return Err(bad_request(USERNAME_IS_ALREADY_TAKEN));
        }
        if user.is_none() && shown.is_none_or(|shown| shown.is_empty()) {
            fields.set(DISPLAY, Value::Text(Some(name)));
        }
        fields.set(USERNAME, Value::Text(Some(kept)));
        Ok(())
    }

    fn names_people(&self) -> bool {
        true
    }

    async fn address_of(&self, app: &App, name: &str) -> Result<Option<EmailAddress>> {
        if wrong(&self.options, name).is_some() {
            return Ok(None);
        }
        let user = app.users.by_unique(&app.db, USERNAME, normal_form(name)).await?;
        Ok(user.and_then(|user| EmailAddress::parse_international(&user.email)))
    }
}
