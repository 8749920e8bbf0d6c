//! Passwords: what is a good one, and how one is known again.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use callboard_model::{Error, Result};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub(crate) const SHORTEST: usize = 12;
/// The most: no password is longer, and hashing a book takes time.
const LONGEST: usize = 256;
/// How many are hashed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Hashes passwords, a few at a time.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of a password that nobody has: compared with when there is no account, so that the time does not
    /// tell.
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: hash("the password of nobody")?.into(),
        })
    }

    /// Refuses a password that is easily guessed.
    ///
    /// # Errors
    /// `Invalid`, which says what a password has to be like.
    pub(crate) fn check(name: &str, password: &str) -> Result<()> {
        let length = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            let message = format!("a password has {SHORTEST} to {LONGEST} characters");
            return Err(Error::invalid("password-length", message)
                .hint("take four or five words that have nothing to do with each other"));
        }
        let mut characters = password.chars();
        let first = characters.next();
        if characters.all(|other| Some(other) == first) || password.to_lowercase().contains(name) {
            let message = "a password is not one character again and again, and has not the account's name in it";
            return Err(Error::invalid("password-guessable", message)
                .hint("take four or five words that have nothing to do with each other"));
        }
        Ok(())
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        self.at_turn(move || hash(&password)).await?
    }

    /// Whether `password` is the one whose hash is kept; never, when there is none.
    pub(crate) async fn is(&self, password: String, kept: Option<String>) -> Result<bool> {
        let nobody = Arc::clone(&self.nobody);
        self.at_turn(move || {
            let is_there = kept.is_some();
            let kept = kept.as_deref().unwrap_or(&nobody);
            let same = PasswordHash::new(kept)
                .is_ok_and(|kept| hasher().verify_password(password.as_bytes(), &kept).is_ok());
            same && is_there
        })
        .await
    }

    async fn at_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let failed = || Error::internal("password", "a password cannot be hashed");
        let _turn = self.turns.acquire().await.map_err(|_| failed())?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| failed().source(error))
    }
}

/// Argon2id as OWASP recommends it: 19 MiB, two passes, one lane. They are written in each hash.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn hash(password: &str) -> Result<String> {
    let failed = || Error::internal("password", "a password cannot be hashed");
    let mut salt = [0_u8; 16];
    rand::fill(&mut salt).map_err(|_| failed())?;
    let hashed: PasswordHash = hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| failed())?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = Passwords::new().unwrap();
        let kept = passwords
            .hash("correct horse battery".to_owned())
            .await
            .unwrap();

        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        let is =
            async |password: &str, kept| passwords.is(password.to_owned(), kept).await.unwrap();
        assert!(is("correct horse battery", Some(kept.clone())).await);
        assert!(!is("correct horse", Some(kept)).await);
        assert!(!is("the password of nobody", None).await);
        assert!(!is("", Some("no hash".to_owned())).await);
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        let code = |password: &str| {
            Passwords::check("ada", password).map_err(|error| error.code().to_owned())
        };

        assert_eq!(code("correct horse battery"), Ok(()));
        for (password, expected) in [
            ("short", "password-length"),
            (&"x".repeat(257), "password-length"),
            (&"x".repeat(20), "password-guessable"),
            ("Ada was here 2026", "password-guessable"),
        ] {
            assert_eq!(code(password), Err(expected.to_owned()), "{password}");
        }
    }
}
