//! Spellings of one account of one machine in the log and in blob names.

use random::SplitMix;

use super::world::Machine;

/// Spellings of one account of one machine.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    pub machine: Machine,
    pub address: String,
    /// Account spellings in the log; each session uses one of them.
    pub accounts: Vec<String>,
    /// Blob name without a number.
    pub base: String,
}

const COMPUTE: &str =
    "/SUBSCRIPTIONS/5F0C7A52-9D1B-4A6E-8C55-2B7E3D90A1F4/RESOURCEGROUPS/RG-PROD/PROVIDERS/MICROSOFT.COMPUTE";

const ROLES: [&str; 6] = ["web", "sql", "vm-app", "jump", "Build", "erp-prd"];

fn vm_name(number: usize) -> String {
    format!("{}-{number:02}", ROLES[number % ROLES.len()])
}

/// Returns the documented scheme: `{vm}-{user}`, with the resource id in upper case in the log.
pub(crate) fn plain(number: usize, account: &str) -> Spelling {
    let vm = vm_name(number);
    Spelling {
        machine: Machine::Vm(format!("{COMPUTE}/VIRTUALMACHINES/{}", vm.to_uppercase())),
        address: address(number),
        accounts: vec![account.to_owned()],
        base: format!("{vm}-{account}"),
    }
}

/// Returns one of the spellings that the documentation leaves open. A bastion spells all scale sets the same way.
pub(crate) fn odd(number: usize, scale_set_style: usize, account: &str, random: &mut SplitMix) -> Spelling {
    let (vm, address) = (vm_name(number), address(number));
    let (logged, in_blob) = odd_account(account, random);
    // Machines 2 and 4 of every ten give the same text: `web-02` with `ops-user`, `web-02-ops` with `user`.
    let (machine, in_name, logged, in_blob) = match number % 10 {
        0 | 5 => {
            let (machine, in_name) = scale_set(number, scale_set_style);
            (machine, in_name, logged, in_blob)
        }
        1 | 6 => (Machine::AddressOnly, address.clone(), logged, in_blob),
        2 => (any_case(&vm, random), vm, format!("ops-{account}"), format!("ops-{account}")),
        4 => {
            let longer = format!("{}-ops", vm_name(number - 2));
            (any_case(&longer, random), longer, account.to_owned(), account.to_owned())
        }
        _ => (any_case(&vm, random), vm, logged, in_blob),
    };
    let accounts = vec![logged.clone(), logged.clone(), logged.to_uppercase(), logged.to_lowercase()];
    Spelling { machine, address, accounts, base: format!("{in_name}-{in_blob}") }
}

/// Returns an account as in the log and as in blob names.
fn odd_account(account: &str, random: &mut SplitMix) -> (String, String) {
    match random.between(0, 9) {
        // Client libraries turn a backslash in a URL into a slash.
        0 | 1 => (format!(r"CONTOSO\{account}"), format!("CONTOSO/{account}")),
        2 => (format!(r"CONTOSO\{account}"), format!(r"CONTOSO\{account}")),
        3 => (format!("{account}@contoso.com"), format!("{account}@contoso.com")),
        // Looks like the number of a recording.
        4 => (format!("{account}.7"), format!("{account}.7")),
        _ => (account.to_owned(), account.to_owned()),
    }
}

/// Names a scale set instance by style: after the set and its number, the set, or its number.
fn scale_set(number: usize, style: usize) -> (Machine, String) {
    let (set, instance) = (format!("pool{}", number / 20), number % 20);
    let name = match style % 3 {
        0 => format!("{set}_{instance}"),
        1 => set.clone(),
        _ => instance.to_string(),
    };
    let id = format!("{COMPUTE}/VIRTUALMACHINESCALESETS/{}/VIRTUALMACHINES/{instance}", set.to_uppercase());
    (Machine::ScaleSetInstance(id), name)
}

fn any_case(vm: &str, random: &mut SplitMix) -> Machine {
    let name = if random.happens(50) { vm.to_uppercase() } else { vm.to_owned() };
    Machine::Vm(format!("{COMPUTE}/virtualMachines/{name}"))
}

fn address(number: usize) -> String {
    format!("10.20.{}.{}", number / 250, number % 250 + 4)
}
