//! Sends requests like the host, over persistent connections.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::{Measured, cpu};

/// Returns the bytes of a request to `recording_landed`.
pub fn request(body: &[u8]) -> Vec<u8> {
    request_to("recording_landed", body)
}

/// Returns the bytes of a request to this function.
pub fn request_to(function: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /{function} HTTP/1.1\r\nHost: 127.0.0.1:7071\r\n\
         X-Azure-Functions-InvocationId: 3f0a9c51-7c1e-4d8c-9a53-0f4f6f1f2b6e\r\n\
         X-Azure-Functions-HostVersion: 4.1048.200.0\r\nUser-Agent: Azure-Functions-Host/4.1048.200.0\r\n\
         Transfer-Encoding: chunked\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{:x}\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

/// A connection to a server whose responses all have the same length.
pub struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects and learns the response length from a first request.
    pub fn open(address: SocketAddr, request: &[u8]) -> Measured<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut connection = Self { stream, answer: Vec::new() };
        connection.send(request)?;
        while !is_whole(&connection.answer)? {
            let mut more = [0; 1024];
            let read = connection.stream.read(&mut more)?;
            connection.answer.extend_from_slice(&more[..read]);
        }
        Ok(connection)
    }

    pub fn send(&mut self, request: &[u8]) -> Measured<()> {
        Ok(self.stream.write_all(request)?)
    }

    /// Waits for the response. Returns an error unless it is a success of the known length.
    pub fn receive(&mut self) -> Measured<()> {
        self.stream.read_exact(&mut self.answer)?;
        if is_whole(&self.answer)? {
            Ok(())
        } else {
            Err("answers differ in length".into())
        }
    }

    /// Returns the time of one request.
    pub fn latency(&mut self, request: &[u8]) -> Measured<Duration> {
        let begin = cpu::elapsed();
        self.send(request)?;
        self.receive()?;
        Ok(cpu::elapsed().saturating_sub(begin))
    }
}

/// Sends the requests in batches, one request per connection and batch.
pub fn send_all<'a>(connections: &mut [Connection], mut requests: impl Iterator<Item = &'a [u8]>) -> Measured<()> {
    loop {
        let mut sent = 0;
        for (connection, request) in connections.iter_mut().zip(&mut requests) {
            connection.send(request)?;
            sent += 1;
        }
        if sent == 0 {
            return Ok(());
        }
        connections.iter_mut().take(sent).try_for_each(Connection::receive)?;
    }
}

fn is_whole(answer: &[u8]) -> Measured<bool> {
    let text = std::str::from_utf8(answer)?;
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return Ok(false) };
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(format!("the server answered {head:?}").into());
    }
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    Ok(body.len() >= length.unwrap_or(usize::MAX))
}
