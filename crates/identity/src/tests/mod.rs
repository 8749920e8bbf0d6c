//! Identity as a whole, attacked.

mod forged;
mod lists;
mod replicas;
mod sessions;
