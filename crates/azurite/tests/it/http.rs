//! Minimal HTTP client for these tests.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use azurite::EmulatorPorts;

/// Returns the response to a GET with these header lines, from the port of a service.
pub fn get(port: u16, target: &str, headers: &str) -> String {
    exchange(&mut connect(port).unwrap(), target, headers)
}

/// Sends a GET over an open connection and reads until the peer closes it.
pub fn exchange(connection: &mut (impl Read + Write), target: &str, headers: &str) -> String {
    write!(connection, "GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

/// Connects to a service.
pub fn connect(port: u16) -> io::Result<TcpStream> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
}

/// Returns true if all three ports refuse connections.
pub fn all_refuse(ports: EmulatorPorts) -> bool {
    [ports.blob, ports.queue, ports.table].into_iter().all(|port| connect(port).is_err())
}
