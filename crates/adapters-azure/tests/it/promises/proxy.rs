//! A proxy that cuts one connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use azure_core::http::Url;
use azurite::Account;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Moment of the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before the request is forwarded.
    Before,
    /// After the request is forwarded, before its answer is.
    After,
}

/// Proxy in front of the three services of an account. Stops when dropped.
pub struct Proxy {
    /// The account with the proxy's URLs.
    pub account: Account,
    requests: Arc<AtomicUsize>,
    _listening: JoinSet<()>,
}

impl Proxy {
    /// Cuts only the connection of the request with this number, starting with 1.
    pub async fn before(account: &Account, at: usize, cut: Cut) -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        let mut listening = JoinSet::new();
        let mut account = account.clone();
        for url in [&mut account.blob_url, &mut account.queue_url, &mut account.table_url] {
            let mut to = Url::parse(url).unwrap();
            let behind = to.port().unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            to.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
            *url = to.to_string();
            let requests = requests.clone();
            listening.spawn(async move {
                let mut connections = JoinSet::new();
                loop {
                    let (connection, _) = listener.accept().await.unwrap();
                    let requests = requests.clone();
                    connections.spawn(async move { pass(connection, behind, &requests, at, cut).await });
                }
            });
        }
        Self { account, requests, _listening: listening }
    }

    /// Number of requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Forwards one request and closes the connection after its answer. Returns `None` if the connection was cut or a
/// peer closed it.
async fn pass(front: TcpStream, behind: u16, requests: &AtomicUsize, at: usize, cut: Cut) -> Option<()> {
    let mut front = BufReader::new(front);
    let request = read(&mut front).await?;
    let is_cut = requests.fetch_add(1, Ordering::Relaxed) + 1 == at;
    if is_cut && cut == Cut::Before {
        return None;
    }
    let mut back = TcpStream::connect(("127.0.0.1", behind)).await.ok()?;
    back.write_all(&request).await.ok()?;
    let mut answer = Vec::new();
    back.read_to_end(&mut answer).await.ok()?;
    if is_cut {
        return None;
    }
    front.write_all(&answer).await.ok()?;
    front.shutdown().await.ok()
}

/// Reads a whole request and asks for the connection to be closed after the answer.
async fn read(front: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        front.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().unwrap();
        }
        request.extend(line.into_bytes());
    }
    request.extend(b"connection: close\r\n\r\n");
    let mut body = vec![0; length];
    front.read_exact(&mut body).await.ok()?;
    request.extend(body);
    Some(request)
}
