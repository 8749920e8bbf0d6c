//! What people may do: roles, who has them, and what each permits.
//!
//! Never here: who somebody is (`identity`), or what a thing of a certain type is like.
