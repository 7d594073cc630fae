//! Minimal HTTP on this machine: one request per connection.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Maximum size of a request head, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;

/// Received request.
pub struct ReceivedRequest {
    head: String,
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// Returns the value of a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Sends a request to a server on this machine and returns the status.
pub async fn ask(server: SocketAddr, method: &str, path: &str, body: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect(server).await?;
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: {server}\r\nContent-Length: {length}\r\nConnection: close\r\n");
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    status.ok_or_else(|| io::Error::other("no status in the answer"))
}

/// Reads a request. Returns `None` if the client disconnects early or the head is too long.
pub async fn read(stream: &mut TcpStream) -> io::Result<Option<ReceivedRequest>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > LONGEST_HEAD || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut request = ReceivedRequest { head, body: bytes.split_off(end + 4) };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(request))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_request_and_its_status_arrive_complete() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read(&mut stream).await.unwrap().unwrap();
            stream.write_all(b"HTTP/1.1 418 I'm a teapot\r\n\r\n").await.unwrap();
            request
        };
        let (status, request) = tokio::join!(ask(address, "POST", "/x", "two\r\n\r\nlines"), server);
        assert_eq!(status.unwrap(), 418);
        assert_eq!(
            (request.header("host"), request.body.as_slice()),
            (Some(&*address.to_string()), &b"two\r\n\r\nlines"[..])
        );
    }
}
