//! A provider that is configured: its entry, the client that we are there, and what was read of it.

use std::path::Path;

use guichet_core::config::Secret;
use guichet_core::this_machine::safe_url;
use secrecy::SecretString;

use crate::discovery::Discovery;
use crate::keys::Keys;
use crate::options::{GenericOptions, ProviderOptions};
use crate::providers::{BASE, Entry, IdTokens, Mapping, Profile, STANDARD, TokenAuth, Verified, find};

/// A provider that people can sign in with.
pub struct Provider {
    /// What is known of it, with the settings in its addresses.
    pub entry: Entry,
    /// What its button says.
    pub label: String,
    /// Whether it has one.
    pub button: bool,
    /// The client that we are there.
    pub client: Client,
    /// The issuer that its metadata must name; empty without metadata.
    pub issuer: String,
    pub(crate) discovery: Discovery,
    pub(crate) keys: Keys,
}

/// The client that we are with a provider.
#[derive(Debug, Default)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Whom ID tokens may be for, the id first.
    pub audiences: Vec<String>,
    /// Its secret.
    pub secret: Option<SecretString>,
    /// What a secret is made of (Apple).
    pub signing: Option<SigningKey>,
    /// Scopes beside the built-in ones.
    pub scopes: Vec<String>,
    /// Parameters of the authorisation request beside the built-in ones.
    pub parameters: Vec<(String, String)>,
    /// Nobody new comes in.
    pub disable_sign_up: bool,
    /// Somebody new comes in only when the application asks for it.
    pub disable_implicit_sign_up: bool,
    /// Native apps may sign in with an ID token.
    pub id_token_sign_in: bool,
    /// Values of `acr` or `amr` that stand for two factors.
    pub two_factors: Vec<String>,
    /// The hosted domain that people must belong to (Google).
    pub hosted_domain: Option<String>,
}

/// What Apple's client secrets are made of.
#[derive(Debug)]
pub struct SigningKey {
    /// The team.
    pub team_id: String,
    /// The key's id.
    pub key_id: String,
    /// The key, PEM.
    pub pem: SecretString,
}

/// Settings live as long as the program.
fn forever(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn secret(
    key: &str,
    value: Option<&Secret>,
    file: Option<&Path>,
    wrong: &mut Vec<String>,
) -> Option<SecretString> {
    let given = Secret::given(key, value, file);
    given
        .unwrap_or_else(|problem| {
            wrong.push(problem.to_string());
            None
        })
        .map(Into::into)
}

impl Provider {
    /// A built-in provider; the errors are problems of its section.
    pub(crate) fn built_in(id: &str, options: &ProviderOptions) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let Some(entry) = find(id) else { return Err(vec![format!("{id} is no provider that is built in")]) };
        let mut entry = *entry;
        let sandbox = if options.sandbox { "sandbox." } else { "" };
        let mut settings = vec![("sandbox", sandbox.to_owned())];
        for (name, default) in entry.settings {
            let given = match *name {
                "tenant" => &options.tenant,
                "issuer" => &options.issuer,
                "domain" => &options.domain,
                "region" => &options.region,
                _ => &options.user_pool_id,
            };
            match given.as_deref().or(*default).map(|text| text.trim().trim_end_matches('/')) {
                Some(text) if !text.is_empty() => {
                    settings.push((
                        name,
                        text.trim_start_matches(if *name == "domain" { "https://" } else { "" }).to_owned(),
                    ));
                }
                _ => wrong.push(format!("{name} is missing")),
            }
        }
        fill_in(&mut entry, &settings);
        if let Some(pkce) = options.pkce {
            entry.pkce = pkce;
        }
        let secret_of = options.client_secret.as_ref();
        let client_secret =
            secret("client_secret", secret_of, options.client_secret_file.as_deref(), &mut wrong);
        let pem = secret(
            "private_key",
            options.private_key.as_ref(),
            options.private_key_file.as_deref(),
            &mut wrong,
        );
        let signing = match (&options.team_id, &options.key_id, pem) {
            (Some(team_id), Some(key_id), Some(pem)) => {
                Some(SigningKey { team_id: team_id.clone(), key_id: key_id.clone(), pem })
            }
            _ => None,
        };
        match entry.token_auth {
            TokenAuth::SignedSecret if signing.is_none() && client_secret.is_none() => {
                wrong.push(
                    "team_id, key_id and private_key (or a client_secret made of them) are missing"
                        .to_owned(),
                );
            }
            TokenAuth::SignedSecret => {}
            _ if client_secret.is_none() => {
                wrong.push("client_secret (or client_secret_file) is missing".to_owned());
            }
            _ => {}
        }
        let client = Client {
            id: options.client_id.clone(),
            audiences: audiences(&options.client_id, &options.audiences),
            secret: client_secret,
            signing,
            scopes: options.scopes.clone(),
            parameters: options.parameters.clone().into_iter().collect(),
            disable_sign_up: options.disable_sign_up,
            disable_implicit_sign_up: options.disable_implicit_sign_up,
            id_token_sign_in: options.id_token_sign_in.unwrap_or(true),
            two_factors: options.two_factors.clone(),
            hosted_domain: options.hosted_domain.clone(),
        };
        let (label, button) = (options.label.clone(), options.button.unwrap_or(true));
        Self::checked(&entry, label, button, client, None, wrong)
    }

    /// A provider of the operator's own.
    pub(crate) fn generic(options: &GenericOptions) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if options.id.is_empty() || options.id == "credential" || !options.id.chars().all(name) {
            wrong.push(format!("id = {:?}: lower-case letters, digits and dashes", options.id));
        }
        let client_secret = secret(
            "client_secret",
            options.client_secret.as_ref(),
            options.client_secret_file.as_deref(),
            &mut wrong,
        );
        let token_auth = options.token_auth.unwrap_or(match client_secret {
            Some(_) => TokenAuth::Post,
            None => TokenAuth::None,
        });
        if (token_auth == TokenAuth::None) == client_secret.is_some() {
            wrong.push(
                "token_auth = \"none\" is for clients without a client_secret, and they have no other"
                    .to_owned(),
            );
        }
        let text = |text: &Option<String>| text.clone().map_or("", forever);
        let discovered = options.discovery_url.is_some();
        if !discovered && (options.authorization_url.is_none() || options.token_url.is_none()) {
            wrong.push("discovery_url, or authorization_url and token_url, are missing".to_owned());
        }
        let id_token = match (&options.jwks_url, &options.issuer) {
            (Some(jwks), Some(issuer)) if !discovered => IdTokens::Keys {
                issuers: Box::leak(Box::new([forever(issuer.clone())])),
                jwks: forever(jwks.clone()),
            },
            _ if discovered => IdTokens::Discovered,
            _ => IdTokens::None,
        };
        let profile = match (&options.user_info_url, id_token) {
            (Some(url), IdTokens::None) => Profile::Get(forever(url.clone())),
            (None, IdTokens::None) => {
                wrong.push("user_info_url (or discovery_url, or jwks_url and issuer) is missing".to_owned());
                Profile::IdToken
            }
            (Some(_), _) | (None, IdTokens::Discovered) => Profile::IdTokenOrUserInfo,
            (None, _) => Profile::IdToken,
        };
        let nonce = options.nonce.unwrap_or(id_token != IdTokens::None);
        let entry = Entry {
            id: forever(options.id.clone()),
            name: forever(options.label.clone().unwrap_or_else(|| options.id.clone())),
            discovery: text(&options.discovery_url),
            authorize: text(&options.authorization_url),
            token: text(&options.token_url),
            user_info: text(&options.user_info_url),
            token_auth,
            profile,
            id_token,
            end_session: text(&options.end_session_url),
            requested_first: true,
            pkce: options.pkce.unwrap_or(true),
            nonce,
            mapping: mapping(options, id_token),
            leads_to: Box::leak(options.leads_to.iter().cloned().map(forever).collect()),
            ..BASE
        };
        let mut scopes = options.scopes.clone();
        if discovered && !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        let client = Client {
            id: options.client_id.clone(),
            audiences: audiences(&options.client_id, &options.audiences),
            secret: client_secret,
            scopes,
            parameters: options.parameters.clone().into_iter().collect(),
            disable_sign_up: options.disable_sign_up,
            disable_implicit_sign_up: options.disable_implicit_sign_up,
            id_token_sign_in: options.id_token_sign_in.unwrap_or(true),
            two_factors: options.two_factors.clone(),
            ..Client::default()
        };
        let button = options.button.unwrap_or(true);
        Self::checked(&entry, options.label.clone(), button, client, options.issuer.clone(), wrong)
    }

    fn checked(
        entry: &Entry,
        label: Option<String>,
        button: bool,
        client: Client,
        issuer: Option<String>,
        mut wrong: Vec<String>,
    ) -> Result<Self, Vec<String>> {
        if client.id.trim().is_empty() {
            wrong.push("client_id is missing".to_owned());
        }
        if client.audiences.iter().skip(1).any(|audience| audience.trim().is_empty()) {
            wrong.push("audiences: an empty one would be anybody's".to_owned());
        }
        let user_info = match entry.profile {
            Profile::Get(url) => url,
            _ => entry.user_info,
        };
        for url in [entry.discovery, entry.authorize, entry.token, user_info, entry.end_session] {
            if !url.is_empty()
                && let Err(problem) = safe_url(url)
            {
                wrong.push(format!("{url:?} {problem}"));
            }
        }
        let reserved =
            client.parameters.iter().find(|(key, _)| crate::authorize::RESERVED.contains(&key.as_str()));
        if let Some((key, _)) = reserved {
            wrong.push(format!("parameters: {key} is set by us"));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let issuer = match issuer {
            Some(issuer) => issuer,
            None => entry.discovery.rsplit_once("/.well-known/").map_or("", |(issuer, _)| issuer).to_owned(),
        };
        Ok(Self {
            label: label.unwrap_or_else(|| entry.name.to_owned()),
            button,
            client,
            issuer,
            discovery: Discovery::default(),
            keys: Keys::default(),
            entry: *entry,
        })
    }

    /// Its id.
    pub fn id(&self) -> &'static str {
        self.entry.id
    }

    /// The origins that its sign-in page is at, as far as they are known before its metadata is read.
    pub(crate) fn leads_to(&self) -> Vec<String> {
        let known = [self.entry.authorize, self.entry.discovery].into_iter().map(str::to_owned);
        let read = self.discovery.known().map(|metadata| metadata.authorization_endpoint);
        let further = self.entry.leads_to.iter().map(|origin| (*origin).to_owned());
        known.chain(read).chain(further).filter(|url| !url.is_empty()).collect()
    }
}

fn audiences(id: &str, further: &[String]) -> Vec<String> {
    std::iter::once(id.to_owned()).chain(further.iter().cloned()).collect()
}

/// Replaces `{name}` in every address of an entry.
fn fill_in(entry: &mut Entry, settings: &[(&str, String)]) {
    let fill = |template: &'static str| {
        if !template.contains('{') {
            return template;
        }
        let mut text = template.to_owned();
        for (name, value) in settings {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        forever(text)
    };
    entry.discovery = fill(entry.discovery);
    entry.authorize = fill(entry.authorize);
    entry.token = fill(entry.token);
    if let Profile::Get(url) = entry.profile {
        entry.profile = Profile::Get(fill(url));
    }
    entry.id_token = match entry.id_token {
        IdTokens::Keys { issuers, jwks } => IdTokens::Keys {
            issuers: Box::leak(issuers.iter().map(|issuer| fill(issuer)).collect()),
            jwks: fill(jwks),
        },
        IdTokens::Tenant { issuer, jwks } => IdTokens::Tenant { issuer, jwks: fill(jwks) },
        other => other,
    };
}

/// A key of a flat profile becomes a pointer.
fn mapping(options: &GenericOptions, id_token: IdTokens) -> Mapping {
    let pointer = |key: &str| match key.strip_prefix('/') {
        Some(_) => forever(key.to_owned()),
        None => forever(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
    };
    let one = |key: &Option<String>, default: &'static [&'static str]| -> &'static [&'static str] {
        match key {
            Some(key) => Box::leak(Box::new([pointer(key)])),
            None => default,
        }
    };
    let map = &options.map;
    let id: &[&str] = if id_token == IdTokens::None { &["/id", "/sub"] } else { STANDARD.id };
    Mapping {
        root: "",
        id: one(&map.id, id),
        email: one(&map.email, STANDARD.email),
        verified: Verified::All(one(&map.email_verified, &["/email_verified"])),
        name: match &map.name {
            Some(key) => Box::leak(Box::new([one(&Some(key.clone()), &[])])),
            None => STANDARD.name,
        },
        image: one(&map.image, STANDARD.image),
    }
}

/// Tokens and codes go over TLS, or not over a network at all.
pub(crate) fn is_safe(url: &str) -> bool {
    safe_url(url).is_ok()
}
