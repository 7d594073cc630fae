//! Checks the bastion's write access to its container.

use jiff::Timestamp;

use super::check::{Check, critical, good, unknown, warning};
use super::facts::{Watched, WriteAccess};
use super::known::MaybeKnown;
use super::question::Question as Q;
use super::sas::expiry;

/// Roles with permission to write blobs: *Storage Blob Data Contributor* and *Storage Blob Data Owner*.
const WRITERS: [&str; 2] = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"];
const NEW_SAS: &str = "make a new signature (portal > storage account > Containers > the container > Shared access tokens), \
                       give it to the bastion (portal > bastion > Session recordings), then change sas_expires in archivist.yaml; \
                       `archivist doctor --sas-stdin` checks it first";

/// Runs every check of the access.
pub(super) fn checks(one: &Watched, now: Timestamp) -> Vec<Check> {
    let (name, account) = (one.expected.bastion.as_str(), one.expected.recordings.account.as_str());
    let not_sas = "the bastion writes with an identity, which has no signature";
    let not_said = "archivist.yaml does not say how the bastion writes (recording_access)";
    let mut checks = vec![
        Q::AccessKind.judged(
            name,
            match one.expected.access {
                WriteAccess::SasUntil(_) => good("a shared access signature"),
                WriteAccess::Identity => good("an identity of the bastion"),
                WriteAccess::NotStated if one.expected.resource_id.is_none() => {
                    unknown("the bastion has no resource id in archivist.yaml, like any bastion on this machine")
                }
                WriteAccess::NotStated => warning(
                    not_said,
                    "write recording_access: { sas_expires: DATE }, or { managed_identity: true }, at the bastion in archivist.yaml",
                ),
            },
        ),
        Q::AccessExpiry.judged(
            name,
            match one.expected.access {
                WriteAccess::SasUntil(until) => expiry(Some(until), now, NEW_SAS),
                WriteAccess::Identity => good("an identity does not expire"),
                WriteAccess::NotStated => unknown(not_said),
            },
        ),
    ];
    checks.push(match one.expected.access {
        WriteAccess::Identity => Q::AccessSharedKey.judged(name, good("not needed: the bastion writes with an identity")),
        WriteAccess::SasUntil(_) | WriteAccess::NotStated => {
            Q::AccessSharedKey.check(name, one.account.present("the storage account is not visible"), |facts| {
                match (facts.takes_keys, one.expected.access) {
                    (true, _) => good("they are accepted"),
                    (false, WriteAccess::NotStated) => unknown(not_said),
                    (false, _) => critical(
                        "the account refuses signatures made with its keys: the bastion's is invalid",
                        format!("az storage account update --name {account} --allow-shared-key-access true; or let the bastion write with an identity"),
                    ),
                }
            })
        }
    });
    checks.push(Q::AccessKeys.judged(
        name,
        match one.expected.access {
            WriteAccess::Identity => good(not_sas),
            WriteAccess::SasUntil(_) | WriteAccess::NotStated => unknown(
                "when the signature began cannot be read back from the bastion; give it to `archivist doctor --sas-stdin`",
            ),
        },
    ));
    checks.push(role(one, name));
    checks
}

fn role(one: &Watched, name: &str) -> Check {
    let at = &one.expected.recordings;
    match one.expected.access {
        WriteAccess::SasUntil(_) => {
            return Q::AccessRole.judged(name, good("not needed: the bastion writes with a signature"));
        }
        WriteAccess::NotStated => {
            return Q::AccessRole
                .judged(name, unknown("archivist.yaml does not say how the bastion writes (recording_access)"));
        }
        WriteAccess::Identity => {}
    }
    let host = one.host.present("the bastion is not visible");
    let both: MaybeKnown<_> = host.and_then(|host| one.roles.as_ref().map(|roles| (host, roles)));
    Q::AccessRole.check(name, both, |(host, roles)| {
        if host.principals.is_empty() {
            let fix = "portal > bastion > Identity: switch it on, then give it Storage Blob Data Contributor for the container";
            return critical("the bastion has no identity, but archivist.yaml says that it writes with one", fix);
        }
        let may_write = |principal: &String| {
            let is_writer = |definition: &str| WRITERS.iter().any(|writer| writer.eq_ignore_ascii_case(definition));
            roles.iter().any(|role| role.principal.eq_ignore_ascii_case(principal) && is_writer(&role.definition))
        };
        if host.principals.iter().any(may_write) {
            return good("Storage Blob Data Contributor, or Owner");
        }
        critical(
            "its identity has no role that lets it write blobs there",
            format!(
                "az role assignment create --assignee-object-id {} --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Contributor' --scope $(az storage account show --name {} --query id --output tsv)/blobServices/default/containers/{}",
                host.principals[0],
                at.account.as_str(),
                at.container.as_str()
            ),
        )
    })
}
