//! Signing in, from outside.
