//! What comes back with somebody who was sent to a provider.

use callboard_model::{Error, ErrorKind, Result};
use url::form_urlencoded;

use super::{BrowserSecret, constant_time_eq};

/// The longest state that is read.
const LONGEST: usize = 16_384;

/// What comes back with somebody who was sent to a provider, in Backstage's form: a query string in hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The provider's environment.
    pub(crate) environment: String,
    /// The origin of the page that opened the window.
    pub(crate) origin: Option<String>,
    /// Where to go in the end, without a window.
    pub(crate) redirect_url: Option<String>,
    /// Whether there is a window.
    pub(crate) flow: Flow,
    /// The scopes that were asked for, where they are remembered.
    pub(crate) scope: Option<String>,
    /// What shows that this very browser was sent away.
    pub(super) seal: String,
}

/// Whether the provider is in a window of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It is: the page that opened it is told what happened.
    #[default]
    Popup,
    /// It is not: the browser comes back to the page.
    Redirect,
}

impl State {
    /// The same, for one browser alone.
    pub(crate) fn sealed(mut self, secret: &BrowserSecret) -> Self {
        self.seal = secret.sign(&self.words());
        self
    }

    /// Whether this browser was sent away with exactly this.
    pub(crate) fn is_of(&self, secret: &BrowserSecret) -> bool {
        constant_time_eq(&self.seal, &secret.sign(&self.words()))
    }

    /// The text for the address.
    pub(crate) fn encode(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("nonce", &self.seal);
        let text = format!("{}&{}", query.finish(), self.words());
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads what came back. Nothing in it is to be believed before [`State::is_of`] says so.
    ///
    /// # Errors
    /// `Forbidden`, in Backstage's words, when it is no state.
    pub(crate) fn decode(text: &str) -> Result<Self> {
        let bytes = unhex(text).unwrap_or_default();
        let mut state = Self::default();
        for (key, value) in form_urlencoded::parse(&bytes) {
            let value = value.into_owned();
            match key.as_ref() {
                "nonce" => state.seal = value,
                "env" => state.environment = value,
                "origin" => state.origin = Some(value),
                "redirectUrl" => state.redirect_url = Some(value),
                "flow" if value == "redirect" => state.flow = Flow::Redirect,
                "scope" => state.scope = Some(value),
                _ => {}
            }
        }
        let missing = |what| {
            let message = format!("OAuth state is invalid, missing {what}");
            Error::new(ErrorKind::Forbidden, "invalid-state", message).hint("sign in again")
        };
        if state.environment.is_empty() {
            return Err(missing("env"));
        }
        if state.seal.is_empty() {
            return Err(missing("nonce"));
        }
        Ok(state)
    }

    fn words(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("env", &self.environment);
        let flow = (self.flow == Flow::Redirect).then_some("redirect");
        let optional = [
            ("origin", self.origin.as_deref()),
            ("redirectUrl", self.redirect_url.as_deref()),
            ("flow", flow),
            ("scope", self.scope.as_deref()),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                query.append_pair(key, value);
            }
        }
        query.finish()
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() > LONGEST || !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| {
        (byte as char)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let byte = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    digits.chunks_exact(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            environment: "production".to_owned(),
            origin: Some("https://portal.example.com".to_owned()),
            redirect_url: Some("https://portal.example.com/a?b=ü&c".to_owned()),
            flow: Flow::Redirect,
            scope: Some("read:user repo".to_owned()),
            seal: String::new(),
        }
    }

    #[test]
    fn a_state_comes_back_as_it_was_sent_away_and_only_in_the_same_browser() {
        let (mine, other) = (BrowserSecret::new().unwrap(), BrowserSecret::new().unwrap());
        let sent = state().sealed(&mine);

        let back = State::decode(&sent.encode()).unwrap();

        assert_eq!(back, sent);
        assert!(back.is_of(&mine));
        assert!(!back.is_of(&other));
        let changed = State {
            redirect_url: Some("https://evil.org".to_owned()),
            ..back
        };
        assert!(!changed.is_of(&mine));
    }

    #[test]
    fn what_is_no_state_is_refused_in_backstages_words() {
        for (text, expected) in [
            ("", "OAuth state is invalid, missing env"),
            ("zz", "OAuth state is invalid, missing env"),
            ("656e763d61", "OAuth state is invalid, missing nonce"),
            ("656e763d6", "OAuth state is invalid, missing env"),
        ] {
            assert_eq!(State::decode(text).unwrap_err().message(), expected);
        }
    }
}
