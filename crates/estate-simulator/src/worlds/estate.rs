//! The bastions, machines, accounts and people of a world.

use random::SplitMix;

use super::plan::{Agents, EstatePlan, NamingPlan};
use super::spelling::{Spelling, odd, plain};
use super::world::WorldBastion;

/// An estate with all its places and people.
#[derive(Debug)]
pub(crate) struct WorldEstate {
    pub bastions: Vec<WorldBastion>,
    pub places: Vec<MachineAccount>,
    pub people: Vec<Person>,
    /// Style in which the first bastion names scale sets; the next bastion uses the next style.
    scale_set_style: usize,
}

/// One account of one machine.
#[derive(Debug)]
pub(crate) struct MachineAccount {
    pub bastion: usize,
    pub spelling: Spelling,
    /// Indices of the people who use it.
    pub people: Vec<usize>,
}

/// A person and the user agents of their clients.
#[derive(Debug)]
pub(crate) struct Person {
    pub name: String,
    pub browser: String,
    pub native_client: String,
}

const ACCOUNTS: [&str; 6] = ["azureuser", "ops", "m.keller", "svc-deploy", "t-nguyen", "Administrator"];

/// Each agent names its browser engine.
const BROWSERS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
];

/// User agents of browsers that do not name an engine.
const ODD_BROWSERS: [&str; 5] = ["Fabrikam Secure Browser 4.2", "KioskShell/7", "Mozilla/5.0", "-", ""];

const NATIVE_CLIENTS: [&str; 3] = ["AZURECLI/2.67.0 (DEB)", "AzurePowerShell/12.5.0", "OpenSSH_for_Windows_9.5p1"];

impl WorldEstate {
    pub(crate) fn new(plan: &EstatePlan, random: &mut SplitMix) -> Self {
        let people = (0..plan.people.max(12)).map(|number| person(number, plan.agents, random)).collect();
        let bastions = (0..plan.bastions).map(|number| WorldBastion {
            name: format!("bas-{number:02}"),
            container: if plan.has_one_container { 0 } else { number },
        });
        let mut estate = Self {
            bastions: bastions.collect(),
            places: Vec::new(),
            people,
            scale_set_style: random.between(0, 2) as usize,
        };
        for machine in 0..plan.machines {
            for account in 0..plan.accounts {
                let place = estate.place(plan, machine, account, random);
                estate.places.push(place);
            }
        }
        estate
    }

    fn place(&self, plan: &EstatePlan, machine: usize, account: usize, random: &mut SplitMix) -> MachineAccount {
        let account = ACCOUNTS[account % ACCOUNTS.len()];
        let bastion = machine % plan.bastions;
        let spelling = match plan.names {
            NamingPlan::Plain => plain(machine, account),
            NamingPlan::Odd => odd(machine, bastion + self.scale_set_style, account, random),
        };
        let everybody: Vec<usize> = (0..self.people.len()).collect();
        MachineAccount { bastion, spelling, people: random.pick_several(&everybody, plan.people) }
    }
}

fn person(number: usize, agents: Agents, random: &mut SplitMix) -> Person {
    let is_odd = match agents {
        Agents::Ordinary => false,
        Agents::HalfOdd => number % 2 == 1,
        Agents::AllOdd => true,
    };
    let browser = if is_odd { random.pick(&ODD_BROWSERS) } else { random.pick(&BROWSERS) };
    Person {
        name: format!("person{number:02}@contoso.com"),
        browser: browser.to_owned(),
        native_client: random.pick(&NATIVE_CLIENTS).to_owned(),
    }
}
