use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::account::{Account, NoAccountLeft};
use crate::keeper::Keeper;
use crate::options::{Options, Ports};
use crate::start_error::StartError;

/// A running storage emulator. Dropping it stops it, and waits until it is gone; it also stops when this process
/// ends without dropping it, however that happens.
#[derive(Debug)]
pub struct Azurite {
    origin: &'static str,
    ports: Ports,
    accounts: u16,
    next: AtomicU16,
    _keeper: Keeper,
}

impl Azurite {
    /// Starts an emulator for tests: plain http, any free ports, all in memory. Installs it first where that was not
    /// done, and returns when all three services listen.
    ///
    /// # Errors
    /// [`StartError`] where Node.js is missing, npm cannot install the emulator, or it does not listen within a minute.
    pub fn start() -> Result<Self, StartError> {
        Self::start_with(&Options::default())
    }

    /// Starts an emulator that is to be run in another way.
    ///
    /// # Errors
    /// As [`start`](Self::start); also where a port is taken, or the folder or the certificate cannot be used.
    pub fn start_with(options: &Options) -> Result<Self, StartError> {
        let (keeper, ports) = Keeper::start(options)?;
        let accounts = options.accounts;
        Ok(Self { origin: options.origin(), ports, accounts, next: AtomicU16::new(0), _keeper: keeper })
    }

    /// The one emulator of this process, started by whoever asks first.
    ///
    /// # Errors
    /// As [`start`](Self::start); the same error for everybody who asks.
    pub fn shared() -> Result<&'static Self, &'static StartError> {
        static SHARED: OnceLock<Result<Azurite, StartError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// An account that was not handed out before.
    ///
    /// # Errors
    /// [`NoAccountLeft`] where all were handed out.
    pub fn account(&self) -> Result<Account, NoAccountLeft> {
        let next = self.next.try_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            (next < self.accounts).then(|| next.saturating_add(1))
        });
        let number = next.map_err(|_| NoAccountLeft(self.accounts))?;
        Ok(Account::new(number, self.origin, self.ports))
    }

    /// The loopback ports it listens on.
    pub fn ports(&self) -> Ports {
        self.ports
    }
}
