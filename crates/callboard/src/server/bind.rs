//! The address that the server listens on.

use std::io::ErrorKind;
use std::net::SocketAddr;

use callboard_model::{Error, Result};
use tokio::net::{TcpListener, lookup_host};

use crate::Access;
use crate::settings::Listen;

/// Listens on the address of `listen`, which must be one of this machine unless `access` allows
/// more: nobody signs in yet, so whoever reaches the server may do everything.
pub(crate) async fn bind(listen: &Listen, access: Access) -> Result<TcpListener> {
    let (host, port) = listen.host_and_port();
    let addresses: Vec<SocketAddr> = lookup_host((host.as_str(), port))
        .await
        .map_err(|error| {
            Error::invalid(
                "listen",
                format!("`backend.listen` names the host `{host}`, which has no address"),
            )
            .hint("use an address of this machine, such as `127.0.0.1`")
            .source(error)
        })?
        .collect();
    if access == Access::ThisMachine
        && let Some(open) = addresses.iter().find(|address| !address.ip().is_loopback())
    {
        return Err(exposed(*open));
    }
    let spelled = spell(&host, port);
    TcpListener::bind(addresses.as_slice())
        .await
        .map_err(|error| refused(&spelled, error))
}

/// The address that `listener` got.
pub(crate) fn address_of(listener: &TcpListener) -> Result<SocketAddr> {
    listener.local_addr().map_err(|error| {
        Error::unavailable("listen", "the address of the server cannot be read").source(error)
    })
}

/// The address as people type it.
pub(crate) fn url_of(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn spell(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

fn exposed(address: SocketAddr) -> Error {
    Error::invalid(
        "network-access",
        format!(
            "`backend.listen` is `{address}`, which other machines can reach, and no sign-in is \
             configured: everybody there could read and change everything"
        ),
    )
    .hint(
        "listen on `127.0.0.1`, or add --allow-unauthenticated-network-access if the network \
         around this server keeps strangers out",
    )
}

fn refused(address: &str, error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::AddrInUse => Error::unavailable(
            "address-in-use",
            format!("`{address}` is in use by another program"),
        )
        .hint("stop that program, or set another port in `backend.listen`"),
        ErrorKind::PermissionDenied => Error::unavailable(
            "address-forbidden",
            format!("this user may not listen on `{address}`"),
        )
        .hint("set a port above 1023 in `backend.listen`"),
        ErrorKind::AddrNotAvailable => Error::unavailable(
            "address-elsewhere",
            format!("`{address}` is not an address of this machine"),
        )
        .hint("use an address of this machine in `backend.listen`"),
        _ => Error::unavailable("listen", format!("the server cannot listen on `{address}`"))
            .source(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_others_reach_needs_permission() {
        for open in ["0.0.0.0:0", "[::]:0"] {
            let listen = Listen::parse(open).unwrap();
            let error = bind(&listen, Access::ThisMachine).await.unwrap_err();
            assert_eq!(error.code(), "network-access", "{open}");
        }
        bind(&Listen::parse("0.0.0.0:0").unwrap(), Access::Network)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_port_in_use_is_named() {
        let taken = bind(&Listen::parse(":0").unwrap(), Access::ThisMachine)
            .await
            .unwrap();
        let address = address_of(&taken).unwrap();

        let error = bind(
            &Listen::parse(&address.to_string()).unwrap(),
            Access::ThisMachine,
        )
        .await
        .unwrap_err();

        assert_eq!(
            error.message(),
            format!("`{address}` is in use by another program")
        );
    }
}
