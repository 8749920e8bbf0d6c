//! Secrets are nowhere but where they are handed over: not in the log, however much is logged, nor in any answer.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use crate::folder::Folder;
use crate::process::Running;

const FIXED: &str = "fixed-token-of-ci";
const SHARED: &str = "c2hhcmVkLXNlY3JldC1zaGFyZWQtc2VjcmV0";
const PASSWORD: &str = "plover waffle anchor";
const WRONG: &str = "wrong waffle anchor";

const CONFIG: &str = "
app: { baseUrl: 'http://localhost:7007' }
auth: { local: { enabled: true }, session: { secret: cookie-secret-of-before } }
backend:
  listen: ':0'
  auth:
    externalAccess:
      - type: static
        options: { token: fixed-token-of-ci, subject: ci }
        accessRestrictions: [{ plugin: catalog, permissionAttribute: { action: read } }]
      - type: legacy
        options: { secret: c2hhcmVkLXNlY3JldC1zaGFyZWQtc2VjcmV0, subject: old }
";

/// What follows `before` in `text`, up to `end`.
fn between<'a>(text: &'a str, before: &str, end: &[char]) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split(end).next().unwrap()
}

/// A portal, and what it answered when that was not a secret.
struct Watched {
    running: Running,
    answers: String,
}

impl Watched {
    /// Sends a request whose answer hands a secret over.
    fn handed(&self, line: &str, headers: &[(&str, &str)], body: &str) -> String {
        self.running.send(line, headers, body)
    }

    /// Sends a request whose answer has no secret.
    fn plain(&mut self, line: &str, headers: &[(&str, &str)], body: &str) -> String {
        let answer = self.running.send(line, headers, body);
        self.answers.push_str(&answer);
        answer
    }
}

#[test]
fn no_secret_is_logged_or_answered() {
    let folder = Folder::new();
    folder.configure(CONFIG);
    let running = Running::start(&folder, &["--log", "trace"]);
    let link = running.printed("/welcome#");
    let invitation = between(&link, "#", &[' ', '\n']).to_owned();
    let mut portal = Watched {
        running,
        answers: String::new(),
    };

    let body = format!(r#"{{"invitation":"{invitation}","password":"{PASSWORD}"}}"#);
    let weak = format!(r#"{{"invitation":"{invitation}","password":"{WRONG} admin"}}"#);
    portal.plain("POST /api/auth/local/invitation/accept", &[], &weak);
    let welcome = portal.handed("POST /api/auth/local/invitation/accept", &[], &body);
    let session = between(&welcome, "callboard-session=", &[';']).to_owned();
    let token = between(&welcome, "\"token\":\"", &['"']).to_owned();
    portal.plain("POST /api/auth/local/invitation/accept", &[], &body);
    let sign_in = |password: &str| format!(r#"{{"name":"admin","password":"{password}"}}"#);
    portal.plain("POST /api/auth/local/sign-in", &[], &sign_in(WRONG));
    portal.plain(
        "POST /api/auth/local/sign-in",
        &[],
        &format!("{} x", sign_in(PASSWORD)),
    );
    portal.plain(
        "POST /api/auth/local/sign-in",
        &[],
        &sign_in(PASSWORD).replace("password", "pass"),
    );

    let cookie = format!("callboard-session={session}");
    let bearer = format!("Bearer {token}");
    let new = r#"{"name":"script","expiresInDays":1}"#;
    let made = portal.handed("POST /api/auth/v1/me/tokens", &[("cookie", &cookie)], new);
    let personal = between(&made, "\"token\":\"", &['"']).to_owned();
    let account = portal.handed(
        "POST /api/auth/v1/accounts",
        &[("cookie", &cookie)],
        r#"{"name":"bob"}"#,
    );
    let invited = between(&account, "/welcome#", &['"']).to_owned();

    let forged = format!("Bearer {}x", &token[..token.len() - 2]);
    let shown = [
        ("cookie", cookie.clone()),
        ("authorization", bearer),
        ("authorization", forged),
        ("authorization", format!("Bearer {personal}")),
        ("authorization", format!("Bearer {personal}x")),
        ("authorization", format!("Bearer {FIXED}")),
        ("authorization", format!("Bearer {FIXED}x")),
    ];
    for (name, value) in &shown {
        for line in [
            "GET /api/catalog/entities",
            "GET /api/auth/v1/me",
            "GET /api/auth/v1/me/sessions",
            "GET /api/auth/v1/me/tokens",
            "GET /api/auth/v1/userinfo",
            "GET /api/auth/v1/accounts",
            "GET /metrics",
            "GET /nowhere",
            "DELETE /api/auth/v1/me/tokens/none",
        ] {
            portal.plain(line, &[(name, value)], "");
        }
    }
    portal.plain("GET /api/auth/.well-known/jwks.json", &[], "");
    portal.plain("GET /catalog", &[], "");
    let printed = folder.run(&["config", "print"]);
    let log = portal.running.terminate().stderr;

    // The log is full, or this says nothing.
    assert!(log.contains("TRACE") && log.len() > 10_000, "{log}");
    for (place, text) in [
        ("the log", &log),
        ("an answer", &portal.answers),
        ("the printed configuration", &printed.stdout),
    ] {
        for (name, secret) in [
            ("the invitation", invitation.as_str()),
            ("another invitation", &invited),
            ("the password", PASSWORD),
            ("a wrong password", WRONG),
            ("the session", &session),
            ("the token", &token),
            ("the personal token", &personal),
            ("the fixed token", FIXED),
            ("the shared secret", SHARED),
            ("the session secret", "cookie-secret-of-before"),
        ] {
            assert!(!text.contains(secret), "{name} is in {place}");
        }
    }
}
