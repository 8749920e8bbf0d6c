//! How often somebody may guess.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callboard_model::{Clock, Error, ErrorKind, Result};

/// Wrong guesses until one has to wait.
const FREE: u32 = 5;
/// The wait after that, which doubles with each further guess.
const FIRST_WAIT: u64 = 30_000;
/// The longest wait.
const LONGEST_WAIT: u64 = 15 * 60_000;
/// How long wrong guesses are remembered.
const REMEMBERED: u64 = 60 * 60_000;
/// The most names that are remembered.
const MOST: usize = 10_000;

/// Wrong guesses, by the name that was tried.
#[derive(Debug)]
pub(crate) struct Attempts {
    clock: Clock,
    wrong: Mutex<HashMap<String, Wrong>>,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    guesses: u32,
    last: u64,
}

impl Wrong {
    /// When the next guess may come.
    fn until(self) -> u64 {
        let Some(more) = self.guesses.checked_sub(FREE) else {
            return 0;
        };
        let wait = FIRST_WAIT.saturating_mul(1_u64.checked_shl(more).unwrap_or(u64::MAX));
        self.last.saturating_add(wait.min(LONGEST_WAIT))
    }
}

impl Attempts {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            wrong: Mutex::default(),
        }
    }

    /// Counts a guess before its answer is known: many at once are many.
    ///
    /// # Errors
    /// `TooMany`, when there were too many wrong ones lately.
    pub(crate) fn begin(&self, name: &str) -> Result<()> {
        let now = self.clock.unix_millis();
        let mut wrong = self.lock();
        let known = wrong.get(name).copied();
        let known = known.filter(|known| now < known.last.saturating_add(REMEMBERED));
        if let Some(known) = known
            && now < known.until()
        {
            let seconds = (known.until() - now).div_ceil(1000);
            let message =
                format!("there were too many wrong passwords for this account; wait {seconds} s");
            return Err(Error::new(ErrorKind::TooMany, "too-many-attempts", message)
                .hint("ask an administrator for a new invitation if you forgot the password"));
        }
        if wrong.len() >= MOST && known.is_none() {
            wrong.retain(|_, known| now < known.last.saturating_add(LONGEST_WAIT));
        }
        if wrong.len() >= MOST && known.is_none() {
            let message = "there are too many wrong passwords at this moment";
            return Err(Error::new(ErrorKind::TooMany, "too-many-attempts", message)
                .hint("try again in a few minutes"));
        }
        let guesses = known.map_or(0, |known| known.guesses).saturating_add(1);
        wrong.insert(name.to_owned(), Wrong { guesses, last: now });
        Ok(())
    }

    /// The guess was right.
    pub(crate) fn forget(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Wrong>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_guesses_wrong_too_often_waits_longer_each_time() {
        let clock = Clock::manual(1_000_000);
        let attempts = Attempts::new(clock.clone());
        for _ in 0..FREE {
            attempts.begin("ada").unwrap();
        }

        let refusal = attempts.begin("ada").unwrap_err();

        assert_eq!(refusal.kind(), ErrorKind::TooMany);
        assert!(refusal.message().ends_with("wait 30 s"), "{refusal}");
        attempts.begin("bob").unwrap();
        clock.advance(Duration::from_secs(30));
        attempts.begin("ada").unwrap();
        let refusal = attempts.begin("ada").unwrap_err();
        assert!(refusal.message().ends_with("wait 60 s"), "{refusal}");
        for _ in 0..40 {
            clock.advance(Duration::from_millis(LONGEST_WAIT));
            attempts.begin("ada").unwrap();
        }
        attempts.forget("ada");
        attempts.begin("ada").unwrap();
    }

    #[test]
    fn names_are_not_remembered_without_end() {
        let clock = Clock::manual(1_000_000);
        let attempts = Attempts::new(clock.clone());
        for name in 0..MOST {
            attempts.begin(&name.to_string()).unwrap();
        }

        assert!(attempts.begin("one more").is_err());
        clock.advance(Duration::from_millis(LONGEST_WAIT));
        attempts.begin("one more").unwrap();
    }
}
