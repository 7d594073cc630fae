use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Response of a receiver to a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    /// Writes these bytes.
    Answer(&'static str),
    /// Writes these bytes, then stalls with the connection open.
    Stall(&'static str),
    /// Writes these bytes and closes the connection.
    BreakOff(&'static str),
    /// Writes these bytes and resets the connection.
    Reset(&'static str),
    /// Writes the first bytes at once and the others one per second. For tests with paused time.
    Trickle(&'static str, &'static str),
    /// Writes the first bytes once, then repeats the others without end.
    Endless(&'static str, &'static str),
}

/// Recording HTTP receiver on a loopback port.
pub(crate) struct Receiver {
    address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Request>,
    hang_ups: mpsc::UnboundedReceiver<usize>,
}

/// State shared by all connections of a receiver.
#[derive(Clone)]
struct Desk {
    behaviours: Arc<[Behaviour]>,
    next: Arc<AtomicUsize>,
    seen: mpsc::UnboundedSender<Request>,
    hung_up: mpsc::UnboundedSender<usize>,
}

impl Desk {
    /// Behaviour for the next request; the last one repeats.
    fn behaviour(&self) -> Behaviour {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.behaviours[next.min(self.behaviours.len() - 1)]
    }
}

/// Resettable connection.
trait Line: AsyncRead + AsyncWrite + Unpin {
    fn socket(&self) -> &TcpStream;
}

impl Line for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Line for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Received request.
#[derive(Debug)]
pub(crate) struct Request {
    /// Request line and headers, without the final empty line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Receiver {
    /// Starts a receiver without TLS.
    pub(crate) async fn plain(behaviour: Behaviour) -> Self {
        Self::start(&[behaviour], None).await
    }

    /// Like [`plain`](Self::plain), but with one behaviour per request; the last one repeats.
    pub(crate) async fn plain_in_turn(behaviours: &[Behaviour]) -> Self {
        Self::start(behaviours, None).await
    }

    /// Starts a receiver with a certificate for `receiver.test`, issued by [`certificate_authority`].
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
        Self::start(&[behaviour], Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn start(behaviours: &[Behaviour], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, requests) = mpsc::unbounded_channel();
        let (hung_up, hang_ups) = mpsc::unbounded_channel();
        let desk = Desk { behaviours: behaviours.into(), next: Arc::default(), seen, hung_up };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, desk) = (tls.clone(), desk.clone());
                // A client that disconnects ends only the task of its connection.
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => serve(tls.accept(stream).await?, &desk).await,
                        None => serve(stream, &desk).await,
                    }
                });
            }
        });
        Self { address, requests, hang_ups }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits for the next request.
    pub(crate) async fn request(&mut self) -> Request {
        self.requests.recv().await.unwrap()
    }

    /// Returns all requests received so far and not yet taken.
    pub(crate) fn all_requests(&mut self) -> Vec<Request> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }

    /// Waits until the client hangs up on an endless response; returns how many bytes it read.
    pub(crate) async fn taken(&mut self) -> usize {
        self.hang_ups.recv().await.unwrap()
    }

    /// Returns true if a request was received and not yet taken; takes it.
    pub(crate) fn was_called(&mut self) -> bool {
        self.requests.try_recv().is_ok()
    }
}

impl Request {
    /// Returns the value of a header; panics if the request has it twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let mut values = headers.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} was sent twice");
        value
    }
}

/// Authority that issued the receivers' certificates.
pub(crate) fn certificate_authority() -> CertificateDer<'static> {
    CertificateDer::from(include_bytes!("../../tests/fixtures/certificates/ca.der").as_slice())
}

/// Authority that issued no certificate.
pub(crate) fn other_authority() -> CertificateDer<'static> {
    CertificateDer::from(include_bytes!("../../tests/fixtures/certificates/other-ca.der").as_slice())
}

async fn serve(stream: impl Line, desk: &Desk) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let request = read_request(&mut stream).await?;
        // The test may have ended.
        let _ = desk.seen.send(request);
        match desk.behaviour() {
            Behaviour::Answer(bytes) => write(&mut stream, bytes.as_bytes()).await?,
            Behaviour::Stall(bytes) => {
                write(&mut stream, bytes.as_bytes()).await?;
                future::pending::<()>().await;
            }
            Behaviour::BreakOff(bytes) => return write(&mut stream, bytes.as_bytes()).await,
            Behaviour::Reset(bytes) => {
                write(&mut stream, bytes.as_bytes()).await?;
                return stream.get_ref().socket().set_zero_linger();
            }
            Behaviour::Trickle(at_once, slowly) => {
                write(&mut stream, at_once.as_bytes()).await?;
                trickle(&mut stream, slowly.as_bytes()).await?;
            }
            Behaviour::Endless(once, again) => {
                let _ = desk.hung_up.send(pour(&mut stream, once.as_bytes(), again.as_bytes()).await);
                return Ok(());
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time of these tests is paused, so nothing waits")]
async fn trickle(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        write(stream, &[*byte]).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// Writes until the peer disconnects; returns the number of bytes written.
async fn pour(stream: &mut (impl AsyncWrite + Unpin), once: &[u8], again: &[u8]) -> usize {
    let (mut taken, mut next) = (0, once);
    while write(stream, next).await.is_ok() {
        taken += next.len();
        next = again;
    }
    taken
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
