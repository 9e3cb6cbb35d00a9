//! What a request is told when it is refused, and what only the log is told.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::Value;

use crate::db::DbError;
use crate::keyring::Unopenable;
use crate::language::Language;

/// The result of anything that serves a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A stable code and its default words. Declared as constants by whoever answers with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// Upper-snake name, part of the wire contract.
    pub code: &'static str,
    /// The English message, Better Auth's where it has one.
    pub english: &'static str,
    /// The French message.
    pub french: &'static str,
    /// The input's field that it concerns, where it is one: a column, or what forms and the API call `email` and `password`.
    pub field: Option<&'static str>,
}

impl ErrorCode {
    /// A code with its words.
    pub const fn new(code: &'static str, english: &'static str, french: &'static str) -> Self {
        Self { code, english, french, field: None }
    }

    /// The same, about one field of the input.
    #[must_use]
    pub const fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// The message in this language.
    pub fn message(&self, language: Language) -> &'static str {
        match language {
            Language::French => self.french,
            Language::English => self.english,
        }
    }
}

/// A refusal, or a failure of ours.
pub struct Error {
    status: StatusCode,
    answer: Answer,
    retry_after: Option<Duration>,
    /// What the body says beside `code` and `message`.
    more: Vec<(&'static str, Value)>,
    /// For the log alone; logged once, where the answer is rendered.
    cause: Option<anyhow::Error>,
}

/// The forms of an error's body (contract, section 1).
#[derive(Debug, Clone)]
pub enum Answer {
    /// `{code, message}`.
    Coded(Box<ErrorCode>),
    /// `{code, message}` with a message put together from the request (validation, content type).
    Worded(&'static str, String),
    /// The same in both languages: (code, English, French).
    Told(&'static str, Box<[String; 2]>),
    /// `{message}` alone: (English, French).
    MessageOnly(Cow<'static, str>, Cow<'static, str>),
    /// An empty body with the content type of JSON.
    Empty,
    /// `404` with neither body nor content type.
    Nothing,
}

impl Error {
    fn new(status: StatusCode, answer: Answer) -> Self {
        Self { status, answer, retry_after: None, more: Vec::new(), cause: None }
    }

    /// A refusal with a code.
    pub fn coded(status: StatusCode, code: ErrorCode) -> Self {
        Self::new(status, Answer::Coded(Box::new(code)))
    }

    /// A refusal whose message is put together; `code` is still a constant.
    pub fn worded(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(status, Answer::Worded(code, message.into()))
    }

    /// A refusal whose message is put together in both languages.
    pub fn told(status: StatusCode, code: &'static str, english: String, french: String) -> Self {
        Self::new(status, Answer::Told(code, Box::new([english, french])))
    }

    /// A refusal with a message and no code.
    pub fn message_only(status: StatusCode, english: &'static str, french: &'static str) -> Self {
        Self::new(status, Answer::MessageOnly(english.into(), french.into()))
    }

    /// A refusal with an empty body.
    pub fn empty(status: StatusCode) -> Self {
        Self::new(status, Answer::Empty)
    }

    /// There is nothing at this address.
    pub fn nothing_here() -> Self {
        Self::new(StatusCode::NOT_FOUND, Answer::Nothing)
    }

    /// A failure of ours: the client learns nothing, the log everything.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::coded(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL_SERVER_ERROR)
        }
    }

    /// Come back later (503 with `Retry-After`).
    pub fn unavailable(cause: impl Into<anyhow::Error>, retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            cause: Some(cause.into()),
            ..Self::coded(StatusCode::SERVICE_UNAVAILABLE, SERVICE_UNAVAILABLE)
        }
    }

    /// Adds `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, span: Duration) -> Self {
        self.retry_after = Some(span);
        self
    }

    /// Adds a field to the body, beside `code` and `message`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((name, value.into()));
        self
    }

    /// Adds what only the log is told.
    #[must_use]
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The status that it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body's form.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// What the body says beside `code` and `message`.
    pub fn more(&self) -> &[(&'static str, Value)] {
        &self.more
    }

    /// In how many seconds to come back, rounded up: whoever waits for so long does not come too early.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|span| span.as_secs() + u64::from(span.subsec_nanos() > 0))
    }

    /// What the log is told.
    pub fn cause(&self) -> Option<&anyhow::Error> {
        self.cause.as_ref()
    }

    /// The stable code, when there is one.
    pub fn code(&self) -> Option<&'static str> {
        match &self.answer {
            Answer::Coded(code) => Some(code.code),
            Answer::Worded(code, _) | Answer::Told(code, ..) => Some(code),
            _ => None,
        }
    }

    /// The field of the input that it concerns, where its code declares one.
    pub fn field(&self) -> Option<&'static str> {
        match &self.answer {
            Answer::Coded(code) => code.field,
            _ => None,
        }
    }

    /// Whether it is this refusal.
    pub fn is(&self, code: ErrorCode) -> bool {
        self.code() == Some(code.code)
    }

    /// The message in this language; empty when the answer has none.
    pub fn message(&self, language: Language) -> Cow<'_, str> {
        match &self.answer {
            Answer::Coded(code) => code.message(language).into(),
            Answer::Worded(_, message) => message.as_str().into(),
            Answer::Told(_, words) => {
                let [english, french] = words.as_ref();
                match language {
                    Language::English => english.as_str().into(),
                    Language::French => french.as_str().into(),
                }
            }
            Answer::MessageOnly(english, french) => match language {
                Language::English => english.clone(),
                Language::French => french.clone(),
            },
            Answer::Empty | Answer::Nothing => "".into(),
        }
    }
}

/// 400 with this code.
pub fn bad_request(code: ErrorCode) -> Error {
    Error::coded(StatusCode::BAD_REQUEST, code)
}

/// 401 with this code.
pub fn unauthorized(code: ErrorCode) -> Error {
    Error::coded(StatusCode::UNAUTHORIZED, code)
}

/// 403 with this code.
pub fn forbidden(code: ErrorCode) -> Error {
    Error::coded(StatusCode::FORBIDDEN, code)
}

/// 404 with this code.
pub fn not_found(code: ErrorCode) -> Error {
    Error::coded(StatusCode::NOT_FOUND, code)
}

/// 422 with this code.
pub fn unprocessable(code: ErrorCode) -> Error {
    Error::coded(StatusCode::UNPROCESSABLE_ENTITY, code)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("status", &self.status.as_u16())
            .field("answer", &self.answer)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code().unwrap_or("without a code"))
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => Self::unavailable(error, Duration::from_secs(2)),
            _ => Self::internal(error),
        }
    }
}

impl From<crate::mail::EnqueueError> for Error {
    fn from(error: crate::mail::EnqueueError) -> Self {
        match error {
            crate::mail::EnqueueError::Database(error) => error.into(),
            crate::mail::EnqueueError::Unsealed(error) => error.into(),
        }
    }
}

impl From<Unopenable> for Error {
    fn from(error: Unopenable) -> Self {
        Self::internal(error)
    }
}

/// The error travels in the response's extensions to the layer that knows the language and the request's id.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) std::sync::Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self)));
        response
    }
}

/// Declares refusals, each a public constant with its words in English and French, and the field of the input that it is
/// `about`, where it is about one; and the list of them. What follows `with` stands in the list, too.
///
/// ```text
/// guichet_core::error_codes! {
///     CODES with INVALID_TOKEN;
///     /// Told with the right password alone.
///     EMAIL_NOT_VERIFIED "Email not verified" "Adresse e-mail non vérifiée";
///     USERNAME_TOO_SHORT "Username is too short" "Cet identifiant est trop court" about "username";
/// }
/// ```
#[macro_export]
macro_rules! error_codes {
    (
        $(#[$of_list:meta])* $visible:vis $list:ident $(with $($other:ident),+)?;
        $($(#[$meta:meta])* $name:ident $english:literal $french:literal $(about $field:literal)?;)*
    ) => {
        $(
            #[doc = concat!("`", stringify!($name), "`: ", $english)]
            $(#[$meta])*
            pub const $name: $crate::error::ErrorCode =
                $crate::error::ErrorCode::new(stringify!($name), $english, $french)$(.about($field))?;
        )*
        $(#[$of_list])*
        $visible const $list: &[$crate::error::ErrorCode] = &[$($name,)* $($($other),+)?];
    };
}

error_codes! {
    /// The core's own codes.
    pub CORE_CODES;
    UNAUTHORIZED "Unauthorized" "Authentification requise";
    SESSION_NOT_FRESH "Session is not fresh" "Cette action demande une connexion récente";
    IMPERSONATED_SESSION "Not allowed while impersonating a user" "Action réservée au titulaire du compte";
    SESSION_EXPIRED "Session expired. Re-authenticate to perform this action." "Session expirée. Reconnectez-vous pour continuer.";
    FAILED_TO_GET_SESSION "Failed to get session" "La session n’a pas pu être lue";
    METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED "POST method requires deferSessionRefresh to be enabled in session config" "La méthode POST n’est pas ouverte ici";
    INVALID_ORIGIN "Invalid origin" "Origine refusée";
    MISSING_OR_NULL_ORIGIN "Missing or null Origin" "Origine absente ou nulle";
    CROSS_SITE_NAVIGATION_LOGIN_BLOCKED "Cross-site navigation login blocked. This request appears to be a CSRF attack." "Connexion depuis un autre site refusée.";
    INVALID_CALLBACK_URL "Invalid callbackURL" "Adresse de retour refusée";
    INVALID_REDIRECT_URL "Invalid redirectURL" "Adresse de redirection refusée";
    INVALID_ERROR_CALLBACK_URL "Invalid errorCallbackURL" "Adresse de retour en cas d’erreur refusée";
    INVALID_NEW_USER_CALLBACK_URL "Invalid newUserCallbackURL" "Adresse de retour des nouveaux comptes refusée";
    INVALID_EMAIL "Invalid email" "Adresse e-mail invalide" about "email";
    INVALID_PASSWORD "Invalid password" "Mot de passe incorrect";
    PASSWORD_TOO_SHORT "Password too short" "Ce mot de passe est trop court" about "password";
    PASSWORD_TOO_LONG "Password too long" "Ce mot de passe est trop long" about "password";
    PASSWORD_MANAGED_ELSEWHERE "Passwords are not kept here, and cannot be set here" "Les mots de passe ne sont pas gérés ici et ne peuvent pas être définis ici" about "password";
    PASSWORD_TOO_COMMON "This password is too easy to guess. Choose another one." "Ce mot de passe est trop facile à deviner. Choisissez-en un autre." about "password";
    INVALID_TOKEN "Invalid token" "Lien invalide ou déjà utilisé";
    TOKEN_EXPIRED "Token expired" "Ce lien a expiré";
    INVALID_OTP "Invalid OTP" "Code invalide ou expiré";
    OTP_EXPIRED "OTP expired" "Code invalide ou expiré";
    TOO_MANY_ATTEMPTS "Too many attempts" "Trop d’essais. Demandez un nouveau code plus tard.";
    USER_NOT_FOUND "User not found" "Compte introuvable";
    USER_GETS_NO_MAIL "Nothing is mailed to this user" "Ce compte ne reçoit pas de courrier";
    AUTHENTICATOR_NOT_FOUND "The user has no such authenticator" "Ce compte n’a pas ce moyen de connexion";
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL "User already exists. Use another email." "Cette adresse e-mail a déjà un compte" about "email";
    FAILED_TO_CREATE_USER "Failed to create user" "Le compte n’a pas pu être créé";
    EMAIL_CAN_NOT_BE_UPDATED "Email can not be updated" "L’adresse e-mail ne se change pas ici" about "email";
    FAILED_TO_UPDATE_USER "Failed to update user" "Le compte n’a pas pu être modifié";
    FAILED_TO_GET_USER_INFO "Failed to get user info" "Compte introuvable";
    FAILED_TO_UNLINK_LAST_ACCOUNT "You can't unlink your last account" "Le dernier moyen de connexion ne peut pas être retiré";
    ACCOUNT_NOT_FOUND "Account not found" "Compte lié introuvable";
    PROVIDER_NOT_SUPPORTED "Provider is not supported." "Ce fournisseur n’est pas pris en charge";
    TOKEN_REFRESH_NOT_SUPPORTED "Provider does not support token refreshing." "Ce fournisseur ne renouvelle pas de jetons";
    REFRESH_TOKEN_NOT_FOUND "Refresh token not found" "Ce compte n’a pas de jeton de renouvellement";
    FAILED_TO_GET_ACCESS_TOKEN "Failed to get a valid access token" "Le jeton d’accès n’a pas pu être renouvelé";
    FAILED_TO_REFRESH_ACCESS_TOKEN "Failed to refresh access token" "Le jeton d’accès n’a pas pu être renouvelé";
    CREDENTIAL_ACCOUNT_NOT_FOUND "Credential account not found" "Ce compte n’a pas de mot de passe";
    FIELD_NOT_ALLOWED "Field not allowed to be set" "Ce champ ne peut pas être modifié";
    MISSING_FIELD "Field is required" "Ce champ est obligatoire";
    PAYLOAD_TOO_LARGE "The request body is too large" "La requête est trop volumineuse";
    REQUEST_TIMEOUT "The request took too long to arrive" "La requête a mis trop longtemps à arriver";
    INTERNAL_SERVER_ERROR "Something went wrong on our side" "Une erreur est survenue de notre côté";
    SERVICE_UNAVAILABLE "The service is busy. Please try again in a moment." "Le service est occupé. Réessayez dans un instant.";
    TOO_MANY_REQUESTS "Too many requests. Please try again later." "Trop de demandes. Réessayez plus tard.";
    NOT_PERMITTED "This account cannot sign in here" "Ce compte ne peut pas se connecter ici";
}
