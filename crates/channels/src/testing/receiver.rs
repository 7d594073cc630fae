use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// How a receiver treats every request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    /// Writes these bytes.
    Answer(&'static str),
    /// Writes these bytes and then nothing more, with the connection open.
    Stall(&'static str),
    /// Writes these bytes and closes the connection.
    BreakOff(&'static str),
    /// Says 200 and sends a body without end.
    Endless,
}

/// An HTTP receiver on a loopback port that keeps what it was sent.
pub(crate) struct Receiver {
    address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Request>,
}

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    /// Request line and headers, without the last empty line.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: String,
}

impl Receiver {
    /// A receiver without TLS.
    pub(crate) async fn plain(behaviour: Behaviour) -> Self {
        Self::start(behaviour, None).await
    }

    /// A receiver with a certificate for `receiver.test` that [`certificate_authority`] vouches for.
    pub(crate) async fn with_tls(behaviour: Behaviour) -> Self {
        let certificate =
            CertificateDer::from(include_bytes!("../../tests/fixtures/certificates/receiver.der").as_slice());
        let key =
            PrivatePkcs8KeyDer::from(include_bytes!("../../tests/fixtures/certificates/receiver.key.der").as_slice());
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key.into())
            .unwrap();
        Self::start(behaviour, Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn start(behaviour: Behaviour, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, seen) = (tls.clone(), seen.clone());
                // A client that goes away ends its connection's task and nothing else.
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => serve(tls.accept(stream).await?, behaviour, &seen).await,
                        None => serve(stream, behaviour, &seen).await,
                    }
                });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request; waits for it.
    pub(crate) async fn request(&mut self) -> Request {
        self.requests.recv().await.unwrap()
    }

    /// Whether a request came that nobody asked for yet.
    pub(crate) fn was_called(&mut self) -> bool {
        self.requests.try_recv().is_ok()
    }
}

impl Request {
    /// The value of a header that was sent once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let mut values = headers.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} was sent twice");
        value
    }
}

/// The authority that vouches for receivers with TLS.
pub(crate) fn certificate_authority() -> CertificateDer<'static> {
    CertificateDer::from(include_bytes!("../../tests/fixtures/certificates/ca.der").as_slice())
}

/// An authority that vouches for nobody.
pub(crate) fn other_authority() -> CertificateDer<'static> {
    CertificateDer::from(include_bytes!("../../tests/fixtures/certificates/other-ca.der").as_slice())
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    behaviour: Behaviour,
    seen: &mpsc::UnboundedSender<Request>,
) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let request = read_request(&mut stream).await?;
        // The test may have ended.
        let _ = seen.send(request);
        match behaviour {
            Behaviour::Answer(bytes) => write(&mut stream, bytes.as_bytes()).await?,
            Behaviour::Stall(bytes) => {
                write(&mut stream, bytes.as_bytes()).await?;
                future::pending::<()>().await;
            }
            Behaviour::BreakOff(bytes) => return write(&mut stream, bytes.as_bytes()).await,
            Behaviour::Endless => {
                write(&mut stream, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                loop {
                    write(&mut stream, b"10\r\n0123456789abcdef\r\n").await?;
                }
            }
        }
    }
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

async fn read_request(stream: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Request> {
    let mut request = Request { head: String::new(), body: String::new() };
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            break;
        }
        request.head += &line;
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    request.body = String::from_utf8(body).unwrap();
    Ok(request)
}
