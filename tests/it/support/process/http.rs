//! A minimal HTTP client, with which a test controls the time of each byte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use super::LIMIT;

/// A response.
#[derive(Debug, PartialEq, Eq)]
pub struct ReceivedAnswer {
    pub status: u16,
    pub body: String,
}

/// A connection with one call.
pub struct SentCall(BufReader<TcpStream>);

/// Posts a body and reads the response.
pub fn post(port: u16, path: &str, body: &str) -> io::Result<ReceivedAnswer> {
    let mut call = SentCall::begin(port, path, &format!("Content-Length: {}\r\n", body.len()))?;
    call.send(body.as_bytes())?;
    call.answer()
}

/// Gets a path and reads the response.
pub fn get(port: u16, target: &str) -> io::Result<ReceivedAnswer> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(LIMIT))?;
    let mut call = SentCall(BufReader::new(stream));
    call.send(format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").as_bytes())?;
    call.answer()
}

impl SentCall {
    /// Sends the head of a POST with additional header lines.
    pub fn begin(port: u16, path: &str, headers: &str) -> io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        let mut call = Self(BufReader::new(stream));
        let invocation = "X-Azure-Functions-InvocationId: 5e0f9c1a-7d2b-4a36-9f58-0c1d2e3f4a5b";
        let head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{invocation}\r\n");
        call.send(format!("{head}{headers}\r\n").as_bytes())?;
        Ok(call)
    }

    /// Sends more of the body.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    /// Waits for `100 Continue`. The head must contain `Expect: 100-continue`.
    pub fn wait_until_body_is_read(&mut self) -> io::Result<()> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
        self.0.read_line(&mut line)?;
        Ok(())
    }

    /// Reads the response.
    pub fn answer(mut self) -> io::Result<ReceivedAnswer> {
        let mut text = String::new();
        self.0.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        Ok(ReceivedAnswer { status, body: body.to_owned() })
    }
}
