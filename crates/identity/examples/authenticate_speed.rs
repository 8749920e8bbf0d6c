//! How long it takes to find out who calls: `cargo run --release --example authenticate_speed -p callboard-identity`.

use std::sync::Arc;
use std::time::Instant;

use axum::http::Request;
use callboard_auth::{Authenticator, Directory, Person, PersonQuery};
use callboard_db::{Database, Settings};
use callboard_identity::{
    AuthSettings, BackendAuthSettings, Foundations, Identity, SESSION_COOKIE, SignedIn, Urls,
};
use callboard_model::{Clock, EntityRef, Ids, Result};

/// Somebody with thirty groups, in a catalog that does not change.
#[derive(Debug)]
struct Town(Vec<EntityRef>);

impl Directory for Town {
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>> {
        let PersonQuery::Ref(entity_ref) = query else {
            return Ok(Vec::new());
        };
        Ok(vec![Person {
            entity_ref: entity_ref.clone(),
            display_name: None,
            email: None,
            picture: None,
        }])
    }

    fn groups_of(&self, _: &EntityRef) -> Vec<EntityRef> {
        self.0.clone()
    }

    fn revision(&self) -> u64 {
        1
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let base = || "http://localhost:7007".parse().expect("it is an address");
    let groups = (0..30).map(|group| EntityRef::new("group", "default", &format!("g{group}")));
    let groups = groups
        .collect::<Result<_, _>>()
        .expect("they are references");
    let foundations = Foundations {
        database: Database::open(&Settings::SqliteMemory).await?,
        clock: Clock::system(),
        ids: Ids::random(),
        urls: Urls::new(base(), base(), &[])?,
        directory: Arc::new(Town(groups)),
    };
    let (auth, backend) = (AuthSettings::default(), BackendAuthSettings::default());
    let identity = Identity::open(foundations, &auth, &backend).await?;
    let user: EntityRef = "user:default/ada".parse().expect("it is a reference");
    let signed_in = identity
        .sign_in(SignedIn {
            entity_ref: user.clone(),
            ownership: vec![user],
            provider: "example".to_owned(),
            user_agent: None,
            previous: None,
        })
        .await?;
    let authenticator = identity.authenticator();
    let token = format!("Bearer {}", signed_in.identity.token);
    let cookie = format!("{SESSION_COOKIE}={}", signed_in.cookie.value());
    measure("a token", &authenticator, "authorization", &token).await?;
    measure("a session", &authenticator, "cookie", &cookie).await
}

async fn measure(
    what: &str,
    authenticator: &Arc<dyn Authenticator>,
    header: &str,
    value: &str,
) -> Result<()> {
    const TIMES: u32 = 200_000;
    let request = Request::get("/api/catalog/entities").header(header, value);
    let (parts, ()) = request.body(()).expect("it is a request").into_parts();
    authenticator.authenticate(&parts).await?;
    let start = Instant::now();
    for _ in 0..TIMES {
        let known = authenticator.authenticate(&parts).await?;
        assert!(known.is_some());
    }
    println!(
        "{what}: {:.2} µs",
        start.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
    );
    Ok(())
}
