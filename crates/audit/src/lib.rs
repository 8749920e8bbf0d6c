//! Who did what, and how it ended: to the log, and to a table that administrators read.
//!
//! Never here: a decision about what is written down; whoever does something says so.
