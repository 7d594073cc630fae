//! The people of the estate and their clients.

use random::SplitMix;

/// Client of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// IP address.
    pub address: String,
    /// Port.
    pub port: u16,
    /// User agent.
    pub agent: String,
}

/// A person at a client. `person` is `None` behind a shareable link.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) person: Option<String>,
    pub(crate) client: Client,
}

const PEOPLE: [&str; 8] = ["zuko", "m.keller", "j.okafor", "s.lindqvist", "ops", "t-nguyen", "dev", "auditor"];

const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
];

const NATIVE_CLIENTS: [&str; 7] = [
    "AZURECLI/2.66.0",
    "AZURECLI/2.66.0 (MSI)",
    "python/3.11.9 (Linux-6.8.0-x86_64) AZURECLI/2.61.0",
    "AzurePowerShell/12.4.0",
    "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.20348; en-US) PowerShell/7.4.6",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.22621.4249",
    "OpenSSH_for_Windows_9.5p1",
];

/// Returns `count` different people, each at a browser.
pub(crate) fn visitors(count: usize, random: &mut SplitMix) -> Vec<Visitor> {
    let people: Vec<usize> = (0..PEOPLE.len()).collect();
    let people = random.pick_several(&people, count);
    people.into_iter().map(|number| visitor(number, random)).collect()
}

fn visitor(number: usize, random: &mut SplitMix) -> Visitor {
    Visitor {
        person: Some(format!("{}@contoso.com", PEOPLE[number])),
        client: Client {
            address: format!("203.0.113.{}", number + 20),
            port: random.between(40_000, 60_000) as u16,
            agent: random.pick(&BROWSERS).to_owned(),
        },
    }
}

impl Visitor {
    /// Returns the same person at a native client.
    pub(crate) fn natively(&self, random: &mut SplitMix) -> Self {
        let agent = random.pick(&NATIVE_CLIENTS).to_owned();
        Self { client: Client { agent, ..self.client.clone() }, ..self.clone() }
    }

    /// Returns the same person at this IP address.
    pub(crate) fn at_address(&self, address: &str) -> Self {
        Self { client: Client { address: address.to_owned(), ..self.client.clone() }, ..self.clone() }
    }
}
