//! Is the secret one that nobody guesses?

use guichet_core::check::Check;
use guichet_core::config::Config;

use crate::serve::requirements::is_public;

const NAME: &str = "secret";

pub(super) fn check(config: &Config, is_there: bool) -> Option<Check> {
    if !is_there {
        // On a public address the settings say already that it is missing.
        return (!is_public(config))
            .then(|| Check::warning(NAME, "there is none yet", "`guichet serve` makes one in data/secret"));
    }
    // One that cannot be read, or is too short, is told by the settings.
    let strength = config.secret_options().strength().ok()?;
    let earlier = match strength.earlier {
        0 => String::new(),
        1 => ", and 1 earlier one still verifies".to_owned(),
        many => format!(", and {many} earlier ones still verify"),
    };
    let says = format!("{} characters{earlier}", strength.length);
    let Some(weakness) = strength.weakness else { return Some(Check::good(NAME, says)) };
    let says = format!("{says}; it {weakness}: who guesses it signs in as anybody");
    let advice =
        "draw one with `guichet secret` and put it first in `secrets`, \"2:new,1:old\": nobody is signed out";
    Some(if config.is_local() { Check::warning(NAME, says, advice) } else { Check::bad(NAME, says, advice) })
}
