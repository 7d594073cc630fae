//! Allowed destinations of channels, with the same check that runs when a channel is called.

use domain::address_guard::{AddressGuard, ForbiddenAddress, Loopback};
use url::Url;

use crate::account_url::{AccountService, ServiceUrl};
use crate::app_setting::AppSettings;
use crate::fault::TextProblem;
use crate::findings::Findings;
use crate::formats;
use crate::state::HostStorage;
use crate::tree::{ConfigurationNode, Scalar, below};

/// Location of the app that a configuration is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppPlace {
    /// Derived from `state` and the app settings.
    #[default]
    AsSet,
    /// In Azure, where a loopback address would be another machine.
    Azure,
}

/// Returns whether receivers on this machine may be called: only if all of the archivist's storage is local
/// too.
pub fn loopback(root: &ConfigurationNode, place: AppPlace, settings: AppSettings<'_>) -> Loopback {
    if place == AppPlace::Azure || settings.is_set("IDENTITY_ENDPOINT") {
        return Loopback::Refused;
    }
    let urls = root.get("state").and_then(|state| state.get("account_urls"));
    let written = |service: AccountService| {
        let text = urls.and_then(|urls| urls.get(service.name())).and_then(ConfigurationNode::text);
        text.and_then(|text| ServiceUrl::parse(service, text, settings.extra).ok())
    };
    let host = HostStorage::read(settings.value).unwrap_or_default().urls;
    let set = [host.blob, host.queue, host.table];
    let mut state = [AccountService::Blob, AccountService::Queue, AccountService::Table].into_iter().zip(set);
    let is_elsewhere =
        state.any(|(service, set)| written(service).or(set).is_some_and(|endpoint| !endpoint.is_local()));
    if is_elsewhere { Loopback::Refused } else { Loopback::Allowed }
}

/// Checks the URL of every channel. An invalid value of an app setting turns its channel off; an invalid
/// text in the file is a problem. Topic endpoints need no check, because their format accepts known hosts
/// only.
pub fn check(root: &mut ConfigurationNode, loopback: Loopback, findings: &mut Findings) {
    let Some(notifications) = root.get_mut("notifications") else { return };
    let hosts = notifications.get("allowed_hosts").map_or(&[][..], ConfigurationNode::items);
    let guard = AddressGuard::new(loopback, hosts.iter().filter_map(ConfigurationNode::text).map(str::to_owned));
    let Some(channels) = notifications.get_mut("channels") else { return };
    for channel in channels.members_mut() {
        let path = below("notifications.channels", &channel.key);
        for key in ["url", "url_env"] {
            let Some(node) = channel.value.get_mut(key) else { continue };
            let place = node.place;
            let Some(scalar) = node.scalar_mut() else { continue };
            let Err(fault) = destination(&scalar.text, &guard) else { continue };
            let what = format!("{} {}", named(scalar, key), fault.what);
            let path = below(&path, key);
            match (&scalar.written, formats::stand_in("webhook-url")) {
                (Some(_), Some(stand_in)) => {
                    findings.off(place, &path, &TextProblem { what, ..fault });
                    stand_in.clone_into(&mut scalar.text);
                }
                _ => findings.add(place, &path, what, fault.remedy),
            }
        }
    }
}

/// Describes the rejected text without repeating it, because it may be a credential.
fn named(scalar: &Scalar, key: &str) -> String {
    match &scalar.written {
        Some(setting) if key.ends_with("_env") => format!("the value of app setting {setting}"),
        _ => "the text".to_owned(),
    }
}

fn destination(text: &str, guard: &AddressGuard) -> Result<(), TextProblem> {
    // Text that is not a URL was already rejected by its format.
    let Ok(url) = Url::parse(text) else { return Ok(()) };
    let host = url.host_str().unwrap_or_default();
    guard.check(url.scheme(), host).map_err(|refusal| match refusal {
        ForbiddenAddress::NotHttps => {
            let remedy = "write https://<host>/<path>; plain http is for a receiver on the machine that holds all state";
            TextProblem::new("is not an https URL", remedy)
        }
        ForbiddenAddress::Blocked(address) => {
            let remedy = "write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts";
            TextProblem::new(format!("leads to {address}, which is not a public address"), remedy)
        }
    })
}
