//! The `[sms]` section of the configuration.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{MailSetupError, TransportKind, address, problem};
use crate::config::Secret;
use crate::email_address::EmailAddress;
use crate::mail::sms::{SmsApi, SmsWay};
use crate::outbound::Outbound;

/// Where messages go while mails go into the mailbox of development: to the same page.
const IN_DEVELOPMENT: &str = "{phone}@sms.localhost";

/// How text messages are sent.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmsOptions {
    /// Where messages are posted, as JSON: `{to, text}`.
    pub url: Option<String>,
    /// The bearer key.
    pub api_key: Option<Secret>,
    /// A file that holds `api_key`.
    pub api_key_file: Option<PathBuf>,
    /// Instead of an API: messages leave as mails to this address, in which `{phone}` stands for the number.
    pub by_mail: Option<String>,
}

impl SmsOptions {
    /// The way that is configured. Without one, in development, messages go where the mails go.
    pub fn way(&self, mails: TransportKind, outbound: &Outbound) -> Result<SmsWay, MailSetupError> {
        match (&self.url, &self.by_mail) {
            (Some(_), Some(_)) => Err(problem("sms.by_mail", "set either this or sms.url, not both")),
            (Some(url), None) => self.api(url, outbound).map(SmsWay::Http),
            (None, Some(address)) => by_mail(address).map(SmsWay::Mail),
            (None, None) if mails == TransportKind::Mailbox => Ok(SmsWay::Mail(IN_DEVELOPMENT.to_owned())),
            (None, None) => Ok(SmsWay::Closed),
        }
    }

    fn api(&self, url: &str, outbound: &Outbound) -> Result<SmsApi, MailSetupError> {
        let url = address("sms.url", url)?;
        let api_key = Secret::given("sms.api_key", self.api_key.as_ref(), self.api_key_file.as_deref())?
            .ok_or_else(|| problem("sms.api_key", "set it, or sms.api_key_file"))?;
        Ok(SmsApi { url, api_key: api_key.into(), outbound: outbound.clone() })
    }
}

fn by_mail(address: &str) -> Result<String, MailSetupError> {
    let example = address.replace("{phone}", "+33612345678");
    if example == address || EmailAddress::parse_international(&example).is_none() {
        return Err(problem(
            "sms.by_mail",
            format!("{address:?} is not of the form \"{{phone}}@sms.example\""),
        ));
    }
    Ok(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(settings: &str, mails: TransportKind) -> Result<SmsWay, String> {
        let options: SmsOptions = toml::from_str(settings).unwrap();
        options.way(mails, &Outbound::new().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_way_is_an_api_a_mail_the_mailbox_or_none() {
        let api = "url = \"https://sms.example/send\"\napi_key = \"k\"";
        assert!(matches!(way(api, TransportKind::Smtp), Ok(SmsWay::Http(_))));
        let mail = "by_mail = \"{phone}@sms.example\"";
        assert!(matches!(way(mail, TransportKind::Smtp), Ok(SmsWay::Mail(_))));
        assert!(matches!(way("", TransportKind::Mailbox), Ok(SmsWay::Mail(_))));
        assert!(matches!(way("", TransportKind::Smtp), Ok(SmsWay::Closed)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_key() {
        for (settings, key) in [
            ("url = \"https://sms.example\"", "sms.api_key"),
            ("url = \"http://sms.example\"\napi_key = \"k\"", "sms.url"),
            ("url = \"http://sms.localhost\"\napi_key = \"k\"", "sms.url"),
            ("url = \"https://sms.example\"\napi_key = \"\"", "sms.api_key"),
            ("by_mail = \"all@sms.example\"", "sms.by_mail"),
            ("by_mail = \"{phone}\"", "sms.by_mail"),
            ("url = \"https://sms.example\"\nby_mail = \"{phone}@sms.example\"", "sms.by_mail"),
        ] {
            let error = way(settings, TransportKind::Smtp).err().unwrap();
            assert!(error.starts_with(key), "{settings}: {error}");
        }
    }
}
