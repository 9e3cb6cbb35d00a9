//! Mails that tell a person what happened to their account: a way to sign in was added, changed or removed, a device
//! is new (NIST SP 800-63B, section 4.1.3; ASVS 6.3.7).

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::http::Visit;
use crate::language::Language;
use crate::pages::{context, device};
use crate::store::User;

const TEMPLATE: &str = "mail/notice";

/// Writes a notice to `user` into the outbox, in the visit's language. Its words are the messages `<key>-subject`,
/// `<key>-intro` and, where it is another than to change the password, what to do: `<key>-not-you`. They get `$app` and
/// `$what` (a provider's or a passkey's name; may be empty).
pub async fn tell(visit: &Visit, tx: &mut Tx, user: &User, key: &str, what: &str) -> Result<()> {
    let device = short(visit.user_agent(), 120);
    let device =
        if device.is_empty() { Device::Message("core-notice-unknown-device") } else { Device::Named(device) };
    let said = Said { user, language: visit.language(), key, what, device, steps: Vec::new() };
    write(visit.app(), tx, said).await
}

/// As [`tell`], where whoever did it proved nothing: a stranger's words, such as the name of their program, would bring a
/// link along into somebody else's mailbox.
pub async fn tell_of_stranger(visit: &Visit, tx: &mut Tx, user: &User, key: &str) -> Result<()> {
    let device = Device::Message("core-notice-unknown-device");
    let said = Said { user, language: visit.language(), key, what: "", device, steps: Vec::new() };
    write(visit.app(), tx, said).await
}

/// Where a notice leads.
#[derive(Debug, Clone)]
pub struct Step {
    /// The message that says what for.
    pub label: &'static str,
    /// The absolute address.
    pub href: String,
}

/// As [`tell`], where the device is the point: it is told as the list of sessions tells it, by browser, system and
/// address. `steps` lead to what is to be done.
pub async fn tell_of_device(
    visit: &Visit,
    tx: &mut Tx,
    user: &User,
    key: &str,
    steps: Vec<Step>,
) -> Result<()> {
    let device = Device::At(device::summary(visit.user_agent()), visit.address().to_owned());
    let said = Said { user, language: visit.language(), key, what: "", device, steps };
    write(visit.app(), tx, said).await
}

/// As [`tell`], where an operator did it, at the command line or as an administrator; in the configured language.
pub async fn tell_of_operator(app: &App, tx: &mut Tx, user: &User, key: &str, what: &str) -> Result<()> {
    let device = Device::Message("core-notice-operator");
    let said = Said { user, language: app.config.language, key, what, device, steps: Vec::new() };
    write(app, tx, said).await
}

struct Said<'a> {
    user: &'a User,
    language: Language,
    key: &'a str,
    what: &'a str,
    device: Device,
    steps: Vec<Step>,
}

/// Where something was done.
enum Device {
    /// In words of ours.
    Message(&'static str),
    /// As a browser calls itself.
    Named(String),
    /// In the words of the list of sessions (perhaps none), and its address.
    At(String, String),
}

async fn write(
    app: &App,
    tx: &mut Tx,
    Said { user, language, key, what, device, steps }: Said<'_>,
) -> Result<()> {
    let args = [("app", app.config.app_name.as_str()), ("what", what)];
    let said = |part: &str| app.templates.message(language, &format!("{key}-{part}"), &args);
    let not_you = format!("{key}-not-you");
    let not_you = if app.templates.words().has(&not_you) { &not_you } else { "core-notice-not-you" };
    let device = match device {
        Device::Message(message) => app.templates.message(language, message, &[]),
        Device::Named(name) => name,
        Device::At(name, place) => {
            let unknown = || app.templates.message(language, "core-notice-unknown-device", &[]);
            let name = if name.is_empty() { unknown() } else { name };
            app.templates.message(language, "core-notice-device-at", &[("device", &name), ("place", &place)])
        }
    };
    let shown_steps: Vec<_> = steps
        .iter()
        .map(|step| context! { label => app.templates.message(language, step.label, &[]), href => step.href })
        .collect();
    let context = context! {
        name => greeting(user.name.as_deref().unwrap_or_default()), intro => said("intro"), device,
        not_you => app.templates.message(language, not_you, &args), steps => shown_steps,
        moment => app.clock.now().to_the_minute(),
    };
    let mail = app.templates.mail(language, TEMPLATE, &user.email, said("subject"), &context)?;
    Ok(app.outbox.enqueue(tx, &mail, app.new_id(), None).await?)
}

fn short(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// A name as it may stand in a mail: one line, and no stranger's text that brings a link along, nor what mail programs
/// make one of (`evil.test`).
pub fn greeting(name: &str) -> String {
    let name = short(name, 100);
    let letters: Vec<char> = name.chars().collect();
    let is_host = |three: &[char]| matches!(three, [a, '.', b] if a.is_alphanumeric() && b.is_alphanumeric());
    let leads_away = name.contains([':', '/', '@']) || letters.windows(3).any(is_host);
    if leads_away { String::new() } else { name }
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn a_name_brings_no_link_along() {
        for name in ["Jean Dupont", "J. R. R. Tolkien", "Dr. Émile", "O’Brien-Šmíd", "Jean Jr.", "李小龍"]
        {
            assert_eq!(greeting(name), name);
        }
        for name in [
            "Win at evil.test",
            "https://evil.test",
            "www.evil.test",
            "//evil",
            "x@evil",
            "evil.test/a",
            "tel:1",
        ] {
            assert_eq!(greeting(name), "", "{name}");
        }
        assert_eq!(greeting("Jean\r\nBcc"), "JeanBcc");
    }
}
