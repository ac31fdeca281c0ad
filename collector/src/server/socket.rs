//! The listening socket: bound here, or inherited from the program that started the process.
//!
//! With a socket that outlives the process, a restart loses no connection: clients that connect in between
//! wait in its queue for the successor. The socket is passed on as systemd does it (`sd_listen_fds(3)`:
//! descriptor 3 and the variables `LISTEN_FDS` and `LISTEN_PID`), so that any program may hold it.
//! `SO_REUSEPORT` is not used: each process would have its own queue, and lose it when it ends.

use std::{io, net::SocketAddr};

use listenfd::ListenFd;
use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait in the queue until they are accepted, if the system allows so many. The usual 128 are too few: when
/// a newsletter brings more customers at once, the others' connections are dropped, and tried again only after a second.
const MAX_QUEUED_CONNECTIONS: u32 = 4_096;

/// A socket that connections are taken from.
#[derive(Debug)]
pub struct Socket {
    pub(super) listener: TcpListener,
    pub(super) lifetime: Lifetime,
}

/// How long a socket lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// It ends with the process, so the connections in its queue have to be accepted before.
    Process,
    /// Another program holds it. The connections in its queue wait for the successor.
    Longer,
}

/// A socket that was handed over to this process.
#[derive(Debug)]
pub struct InheritedSocket(std::net::TcpListener);

/// Why the inherited socket cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SocketError {
    /// The inherited descriptor is no listening TCP socket.
    #[error(
        "the socket that was handed over (LISTEN_FDS) cannot be used; hand over one listening TCP \
         socket, as ListenStream= of a systemd socket unit does"
    )]
    Inherited(#[source] io::Error),
    /// The address could not be bound.
    #[error("cannot listen on {0}; is another program listening there?")]
    Bind(SocketAddr, #[source] io::Error),
}

impl InheritedSocket {
    /// The socket that was handed over to this process, if any. Call it once, before other threads start: it
    /// removes the variables from the environment.
    ///
    /// # Errors
    /// Something else than one listening TCP socket was handed over.
    pub fn from_environment() -> Result<Option<Self>, SocketError> {
        let mut handed = ListenFd::from_env();
        if handed.len() > 1 {
            let several = format!("{} sockets were handed over", handed.len());
            return Err(SocketError::Inherited(io::Error::other(several)));
        }
        let listener = handed.take_tcp_listener(0).map_err(SocketError::Inherited)?;
        Ok(listener.map(Self))
    }
}

impl Socket {
    /// The inherited socket, or else a new one bound to `address`.
    ///
    /// # Errors
    /// The address is in use or not this machine's, or the inherited socket cannot be used.
    pub async fn open(
        inherited: Option<InheritedSocket>,
        address: SocketAddr,
    ) -> Result<Self, SocketError> {
        let Some(InheritedSocket(listener)) = inherited else {
            let listener = bind(address);
            return listener.map(Self::from).map_err(|error| SocketError::Bind(address, error));
        };
        listener.set_nonblocking(true).map_err(SocketError::Inherited)?;
        let listener = TcpListener::from_std(listener).map_err(SocketError::Inherited)?;
        Ok(Self { listener, lifetime: Lifetime::Longer })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not know.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Whether it was handed over.
    #[must_use]
    pub fn is_inherited(&self) -> bool {
        self.lifetime == Lifetime::Longer
    }
}

/// Binds a listener as [`TcpListener::bind`] does, but with a longer queue.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // After a restart the address is free at once. Windows would let two collectors share it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(MAX_QUEUED_CONNECTIONS)
}

impl From<TcpListener> for Socket {
    fn from(listener: TcpListener) -> Self {
        Self { listener, lifetime: Lifetime::Process }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, net::TcpStream, time::Duration};

    use super::*;

    #[tokio::test]
    async fn a_burst_of_connections_waits_in_the_queue() {
        let socket = Socket::open(None, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.address().unwrap();
        let allowed = fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        let burst = allowed.trim().parse::<usize>().unwrap().min(400);
        // Nobody accepts them yet. Without a place in the queue, a connection is only tried again after a second.
        let mut waiting = Vec::new();
        for number in 0..burst {
            let connection = TcpStream::connect_timeout(&address, Duration::from_millis(900));
            waiting.push(connection.unwrap_or_else(|error| panic!("connection {number}: {error}")));
        }
    }
}
