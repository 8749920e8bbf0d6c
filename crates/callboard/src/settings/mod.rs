//! The sections `app` and `backend` of the configuration, as Backstage has them.

mod app;
mod backend;
mod connection;
mod database;
mod listen;
mod text_or_parts;

pub use app::{AppSettings, BaseUrl};
pub use backend::BackendSettings;
pub use connection::{Connection, ConnectionParts, Tls, TlsParts};
pub use database::{DatabaseClient, DatabaseSettings};
pub use listen::{Listen, ListenParts};
