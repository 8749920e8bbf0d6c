//! Who people and programs are, once they have shown it: keys, tokens, sessions.
//!
//! Never here: how somebody signs in (`sign-in`), or what they may do (`roles`).
