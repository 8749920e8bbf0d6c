//! A client asks, and a person answers.

use std::time::Duration;

use callboard_auth::Outcome;
use callboard_http::{QueryPairs, RequestId};
use callboard_model::{EntityRef, Result, shortened};

use crate::redirect::RedirectUri;
use crate::refusal::Refusal;
use crate::secret;
use crate::server::{Inner, after, event};
use crate::sql::millis;
use crate::sql::sessions::{self, Answer, NewSession, SessionRow};

/// How long a person may take to answer, as in Backstage.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60 * 60);
/// How long a code lasts, as in Backstage.
const CODE_LASTS: Duration = Duration::from_secs(10 * 60);
/// How long it is known that a code was used: whoever shows it again was not meant to have it.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The most questions that wait for an answer. Everybody may ask.
const MOST_PENDING: i64 = 10_000;
/// The most bytes of what a client may send along.
const LONGEST_STATE: usize = 4_096;
const LONGEST_NONCE: usize = 512;
const LONGEST_SCOPE: usize = 1_000;

/// A session in which a client asks somebody.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) client_name: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: String,
    pub(crate) status: String,
    pub(crate) user_ref: Option<String>,
    pub(crate) expires_at: u64,
}

/// What a client asks for.
struct Question<'a> {
    scope: &'a str,
    state: Option<&'a str>,
    nonce: Option<&'a str>,
    challenge: &'a str,
}

impl Session {
    pub(crate) fn of(row: SessionRow) -> Self {
        Self {
            id: row.0,
            client_id: row.1,
            client_name: row.2,
            redirect_uri: row.3,
            scope: row.4,
            state: row.5,
            nonce: row.6,
            challenge: row.7,
            status: row.8,
            user_ref: row.9,
            expires_at: u64::try_from(row.10).unwrap_or(0),
        }
    }

    pub(crate) fn asks_for(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|asked| asked == scope)
    }
}

impl Inner {
    /// Has a client ask: where the browser goes next. When the client is known and something else is wrong, that is
    /// back to the client.
    ///
    /// # Errors
    /// When it is not known that the client wants people sent back to where it says: nobody is sent there then.
    pub(crate) async fn ask(
        &self,
        pairs: &QueryPairs,
        request: Option<&RequestId>,
    ) -> Result<String, Refusal> {
        let id = one(pairs, "client_id")?;
        let id = id.ok_or_else(|| Refusal::request("Missing client_id"))?;
        let redirect = one(pairs, "redirect_uri")?;
        let redirect = redirect.ok_or_else(|| Refusal::request("Missing redirect_uri"))?;
        let redirect = RedirectUri::parse(redirect)?;
        let state = one(pairs, "state")?;
        if state.is_some_and(|state| state.len() > LONGEST_STATE) {
            return Err(Refusal::request("The state is too long"));
        }
        let known = self.clients.name(id, &redirect).await;
        let asked = match &known {
            Err(refusal) => Err(Refusal::request(refusal.description.clone())),
            Ok(name) => match question(pairs, state) {
                Ok(question) => self.begin((id, name), &redirect, &question).await,
                Err(refusal) => Err(refusal),
            },
        };
        let outcome = match &asked {
            Ok(_) => Outcome::Succeeded,
            Err(_) => Outcome::Denied,
        };
        let mut noted = event("oauth-ask", None, outcome)
            .with("client", shortened(id, 300).as_ref())
            .with("host", redirect.url().host_str().unwrap_or_default());
        if let Err(refusal) = &asked {
            noted = noted.with("error", refusal.description.as_str());
        }
        self.record(noted, request);
        // Whoever is not known may have written an address that is not theirs.
        known?;
        Ok(match asked {
            Ok(session) => self.page(&session),
            Err(refusal) => self.back(&redirect, state, &refusal),
        })
    }

    async fn begin(
        &self,
        (client_id, client_name): (&str, &str),
        redirect: &RedirectUri,
        question: &Question<'_>,
    ) -> Result<String, Refusal> {
        let (id, now) = (self.ids.uuid().to_string(), self.now());
        let session = NewSession {
            id: &id,
            client_id,
            client_name,
            redirect_uri: redirect.as_str(),
            scope: question.scope,
            state: question.state,
            nonce: question.nonce,
            challenge: question.challenge,
            now: millis(now),
            expires_at: millis(after(now, ANSWERED_WITHIN)),
        };
        if !sessions::add(&self.database, &session, MOST_PENDING).await? {
            return Err(Refusal::unavailable(
                "Too many clients wait for an answer already",
            ));
        }
        Ok(id)
    }

    /// The page that asks the person.
    fn page(&self, session: &str) -> String {
        let base = self.identity.urls().app_base.as_str();
        format!("{}/oauth2/authorize/{session}", base.trim_end_matches('/'))
    }

    /// Back to the client, which is told what is wrong.
    fn back(&self, redirect: &RedirectUri, state: Option<&str>, refusal: &Refusal) -> String {
        self.send_back(
            redirect,
            state,
            &[
                ("error", refusal.code),
                ("error_description", &refusal.description),
            ],
        )
    }

    /// Back to the client, with `answer` and by whom it is given (RFC 9207).
    fn send_back(
        &self,
        redirect: &RedirectUri,
        state: Option<&str>,
        answer: &[(&str, &str)],
    ) -> String {
        let issuer = self.identity.urls().auth();
        let mut all = answer.to_vec();
        all.extend(state.map(|state| ("state", state)));
        all.push(("iss", &issuer));
        redirect.with(&all)
    }

    /// A session that waits for an answer.
    ///
    /// # Errors
    /// When there is none with this id, or it does not wait any more.
    pub(crate) async fn pending(&self, id: &str) -> Result<Session, Refusal> {
        let row = sessions::by_id(&self.database, id).await?;
        let session = row.map(Session::of);
        let session = session.ok_or_else(|| Refusal::request("Invalid authorization session"))?;
        if session.status != "pending" {
            return Err(answered_already());
        }
        if session.expires_at <= self.now() {
            return Err(Refusal::request("Authorization session expired"));
        }
        Ok(session)
    }

    /// A person lets the client act for them: where their browser goes, with the code.
    ///
    /// # Errors
    /// When the session does not wait for an answer any more.
    pub(crate) async fn approve(
        &self,
        session: &Session,
        person: &EntityRef,
    ) -> Result<String, Refusal> {
        let code = secret::random()?;
        let hash = secret::hash(code.expose());
        self.answer(session, person, ("approved", Some(&hash)))
            .await?;
        let redirect = RedirectUri::parse(&session.redirect_uri)?;
        let answer = [("code", code.expose())];
        Ok(self.send_back(&redirect, session.state.as_deref(), &answer))
    }

    /// A person does not: where their browser goes.
    ///
    /// # Errors
    /// When the session does not wait for an answer any more.
    pub(crate) async fn reject(
        &self,
        session: &Session,
        person: &EntityRef,
    ) -> Result<String, Refusal> {
        self.answer(session, person, ("rejected", None)).await?;
        let redirect = RedirectUri::parse(&session.redirect_uri)?;
        let refusal = Refusal::denied("User denied the request");
        Ok(self.back(&redirect, session.state.as_deref(), &refusal))
    }

    async fn answer(
        &self,
        session: &Session,
        person: &EntityRef,
        (status, code_hash): (&'static str, Option<&str>),
    ) -> Result<(), Refusal> {
        let now = self.now();
        let expires_at = after(now, CODE_LASTS);
        let answer = Answer {
            status,
            user_ref: person.as_str(),
            code_hash,
            now: millis(now),
            expires_at: millis(expires_at),
            kept_until: millis(after(expires_at, KEPT)),
        };
        let is_first = sessions::answer(&self.database, &session.id, &answer).await?;
        is_first.then_some(()).ok_or_else(answered_already)
    }
}

fn answered_already() -> Refusal {
    Refusal::request("Authorization session not found or expired")
}

/// A parameter. Nothing is sent twice, or two readers would take different ones (RFC 6749, 3.1).
fn one<'a>(pairs: &'a QueryPairs, name: &'a str) -> Result<Option<&'a str>, Refusal> {
    let mut all = pairs.all(name);
    let first = all.next();
    if all.next().is_some() {
        return Err(Refusal::request(format!("{name} is sent more than once")));
    }
    Ok(first.filter(|value| !value.is_empty()))
}

fn question<'a>(pairs: &'a QueryPairs, state: Option<&'a str>) -> Result<Question<'a>, Refusal> {
    if one(pairs, "response_type")? != Some("code") {
        let message = "Only authorization code flow is supported";
        return Err(Refusal::of("unsupported_response_type", message));
    }
    let challenge = one(pairs, "code_challenge")?.ok_or_else(|| {
        Refusal::request("PKCE is required for all clients. Provide a code_challenge parameter.")
    })?;
    if one(pairs, "code_challenge_method")? != Some("S256") {
        return Err(Refusal::request("Invalid code_challenge_method"));
    }
    let is_base64 = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    if challenge.len() != 43 || !challenge.bytes().all(is_base64) {
        return Err(Refusal::request("Invalid code_challenge"));
    }
    let scope = one(pairs, "scope")?.unwrap_or_default();
    let is_scope = |c: u8| c.is_ascii_graphic() || c == b' ';
    if scope.len() > LONGEST_SCOPE || !scope.bytes().all(is_scope) {
        return Err(Refusal::of("invalid_scope", "Invalid scope"));
    }
    let nonce = one(pairs, "nonce")?;
    if nonce.is_some_and(|nonce| nonce.len() > LONGEST_NONCE) {
        return Err(Refusal::request("The nonce is too long"));
    }
    Ok(Question {
        scope,
        state,
        nonce,
        challenge,
    })
}
