//! Transactions that lose against others are tried again.

use std::time::Duration;

use callboard_model::Error;

use crate::errors::CONFLICT;

const MOST: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// Counts the attempts at one transaction. PostgreSQL ends one of two transactions that wait for each other;
/// what was in it did not happen, so it may run again as it was.
#[derive(Debug, Default)]
pub struct Retries {
    made: u32,
}

impl Retries {
    /// Whether to run the transaction again after `error`; waits a little longer each time before saying so.
    pub async fn again(&mut self, error: &Error) -> bool {
        if error.code() != CONFLICT || self.made >= MOST {
            return false;
        }
        tokio::time::sleep(FIRST_PAUSE * 2u32.pow(self.made)).await;
        self.made += 1;
        true
    }
}
