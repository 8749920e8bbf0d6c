//! Each resolver.
