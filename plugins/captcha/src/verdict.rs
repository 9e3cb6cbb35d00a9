//! What a provider says of an answer, and what we make of it.

use serde::Deserialize;

/// The provider's answer; the three have these fields in common.
#[derive(Debug, Deserialize)]
pub(crate) struct Verdict {
    success: bool,
    hostname: Option<String>,
    action: Option<String>,
    /// reCAPTCHA v3; also hCaptcha's enterprise score, where more is worse and nothing is promised here.
    score: Option<f64>,
    #[serde(rename = "error-codes", default)]
    error_codes: Vec<String>,
}

/// What must hold beyond the provider's word.
pub(crate) struct Rules {
    pub(crate) allowed_hostnames: Vec<String>,
    pub(crate) expected_action: Option<String>,
    pub(crate) min_score: f64,
}

impl Rules {
    /// Why an answer is refused, for the log.
    pub(crate) fn objection(&self, verdict: &Verdict) -> Option<String> {
        if !verdict.success {
            return Some(format!("the provider refuses it: {}", verdict.error_codes.join(", ")));
        }
        if verdict.score.is_some_and(|score| score < self.min_score) {
            return Some(format!("its score is below {}", self.min_score));
        }
        if self.expected_action.is_some() && verdict.action != self.expected_action {
            return Some(format!("it was solved for the action {:?}", verdict.action));
        }
        let host = verdict.hostname.as_deref().unwrap_or_default();
        let allowed = self.allowed_hostnames.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
        (!self.allowed_hostnames.is_empty() && !allowed).then(|| format!("it was solved at {host:?}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objection(rules: &Rules, verdict: serde_json::Value) -> bool {
        rules.objection(&serde_json::from_value(verdict).unwrap()).is_some()
    }

    #[test]
    fn every_rule_refuses_what_breaks_it_and_what_is_not_said() {
        let rules = Rules {
            allowed_hostnames: vec!["app.example".to_owned()],
            expected_action: Some("login".to_owned()),
            min_score: 0.5,
        };
        let good = json!({"success": true, "hostname": "APP.example", "action": "login", "score": 0.5});
        assert!(!objection(&rules, good.clone()));
        for (key, value) in [
            ("success", json!(false)),
            ("score", json!(0.4)),
            ("action", json!("other")),
            ("action", json!(null)),
            ("hostname", json!("evil.example")),
            ("hostname", json!(null)),
        ] {
            let mut bad = good.clone();
            bad[key] = value;
            assert!(objection(&rules, bad.clone()), "{bad}");
        }
        let lenient = Rules { allowed_hostnames: Vec::new(), expected_action: None, min_score: 0.5 };
        assert!(!objection(&lenient, json!({"success": true})));
    }
}
