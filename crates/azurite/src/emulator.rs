use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::account::{Account, NoAccountLeft};
use crate::keeper::Keeper;
use crate::options::{EmulatorPorts, Options};
use crate::start_error::EmulatorError;

/// Running storage emulator. Dropping it stops it and waits for its end; it also stops if this process ends without
/// dropping it.
#[derive(Debug)]
pub struct Azurite {
    origin: &'static str,
    ports: EmulatorPorts,
    accounts: u16,
    next: AtomicU16,
    _keeper: Keeper,
}

impl Azurite {
    /// Starts an emulator for tests: plain HTTP, any free ports, all data in memory. Installs it if necessary, and
    /// returns once all three services listen.
    ///
    /// # Errors
    /// Returns a [`EmulatorError`] if Node.js is missing, npm cannot install the emulator, or it does not listen within a
    /// minute.
    pub fn start() -> Result<Self, EmulatorError> {
        Self::start_with(&Options::default())
    }

    /// Starts an emulator with these options.
    ///
    /// # Errors
    /// Like [`start`](Self::start); also if a port is in use, or the folder or the certificate cannot be used.
    pub fn start_with(options: &Options) -> Result<Self, EmulatorError> {
        let (keeper, ports) = Keeper::start(options)?;
        let accounts = options.accounts;
        Ok(Self { origin: options.origin(), ports, accounts, next: AtomicU16::new(0), _keeper: keeper })
    }

    /// Returns the emulator shared by this process; the first call starts it.
    ///
    /// # Errors
    /// Like [`start`](Self::start); every caller gets the same error.
    pub fn shared() -> Result<&'static Self, &'static EmulatorError> {
        static SHARED: OnceLock<Result<Azurite, EmulatorError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// Assigns an unused account.
    ///
    /// # Errors
    /// Returns [`NoAccountLeft`] if all are assigned.
    pub fn account(&self) -> Result<Account, NoAccountLeft> {
        let next = self.next.try_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            (next < self.accounts).then(|| next.saturating_add(1))
        });
        let number = next.map_err(|_| NoAccountLeft(self.accounts))?;
        Ok(Account::new(number, self.origin, self.ports))
    }

    /// Loopback ports of the services.
    pub fn ports(&self) -> EmulatorPorts {
        self.ports
    }
}
