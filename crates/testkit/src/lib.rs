//! The whole portal inside a test: no port, no process, a database and a folder of its own.
//!
//! A [`TestApp`] is the portal as the program builds it, on a manual clock and counted ids. Tests
//! write entity files with [`TestApp::write`], ask with [`TestApp::get`], and wait for what follows
//! with [`TestApp::eventually`], which sleeps on the change feed instead of guessing times. With
//! `CALLBOARD_TEST_POSTGRES` set, the same tests run on PostgreSQL.
//!
//! Never here: what is right; that is in the tests. Anything that the program itself uses.
//! Adding a way to ask: one method of [`TestApp`].
//! Start reading at [`TestApp`].

mod answer;
mod app;
mod feed;
mod running;

pub use answer::Answer;
pub use app::TestApp;
