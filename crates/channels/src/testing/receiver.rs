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

/// How a receiver treats a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    /// Writes these bytes.
    Answer(&'static str),
    /// Writes these bytes and then nothing more, with the connection open.
    Stall(&'static str),
    /// Writes these bytes and closes the connection.
    BreakOff(&'static str),
    /// Writes these bytes and resets the connection.
    Reset(&'static str),
    /// Writes the first bytes at once, and of the others one in a second. For tests whose time is paused.
    Trickle(&'static str, &'static str),
    /// Writes the first bytes once, and the others for ever.
    Endless(&'static str, &'static str),
}

/// An HTTP receiver on a loopback port that keeps what it was sent.
pub(crate) struct Receiver {
    address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Request>,
    hang_ups: mpsc::UnboundedReceiver<usize>,
}

/// What all connections of a receiver share.
#[derive(Clone)]
struct Desk {
    behaviours: Arc<[Behaviour]>,
    next: Arc<AtomicUsize>,
    seen: mpsc::UnboundedSender<Request>,
    hung_up: mpsc::UnboundedSender<usize>,
}

impl Desk {
    /// How the next request is treated: the last way stays.
    fn behaviour(&self) -> Behaviour {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.behaviours[next.min(self.behaviours.len() - 1)]
    }
}

/// A connection that can be reset.
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
        Self::start(&[behaviour], None).await
    }

    /// The same, which treats one request after the other in these ways, and all later ones as the last.
    pub(crate) async fn plain_in_turn(behaviours: &[Behaviour]) -> Self {
        Self::start(behaviours, None).await
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
                // A client that goes away ends its connection's task and nothing else.
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

    /// The next request; waits for it.
    pub(crate) async fn request(&mut self) -> Request {
        self.requests.recv().await.unwrap()
    }

    /// All requests that came and nobody asked for yet.
    pub(crate) fn all_requests(&mut self) -> Vec<Request> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }

    /// How many bytes of an endless answer were taken before the client hung up; waits for that.
    pub(crate) async fn taken(&mut self) -> usize {
        self.hang_ups.recv().await.unwrap()
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

#[expect(clippy::disallowed_methods, reason = "the time of these tests is paused, so nobody waits")]
async fn trickle(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        write(stream, &[*byte]).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// Writes until nobody takes it any more; gives how many bytes were taken.
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
