//! Runs the pipeline in tests of what stands on it.

use crate::engine::Engine;

impl Engine {
    /// Looks at what was asked for and works until nothing is due.
    pub(crate) async fn settle(&self) {
        loop {
            let stepped = self.step().await.unwrap();
            let taken = self.take_reads(16).await.unwrap();
            if !stepped && taken.is_empty() {
                return;
            }
            for taken in taken {
                self.read(taken).await;
            }
        }
    }
}
