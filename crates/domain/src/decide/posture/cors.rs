//! Checks the CORS rules for the portal's player, which reads recordings.

use super::check::{Check, FactJudgement, good, warning};
use super::facts::{CorsRule, ServiceFacts, Watched};
use super::known::MaybeKnown;
use super::question::Question as Q;

/// Required time in seconds for which browsers cache the rule.
const MAX_AGE: i64 = 86_400;
/// Origin pattern for all bastions.
const WILDCARD: &str = "https://*.bastion.azure.com";

/// Match between a rule's origin and the bastion's, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    Http,
    Case,
    Slash,
    Everybody,
    Yes,
}

/// Runs every check of the CORS rules.
pub(super) fn checks(one: &Watched) -> Vec<Check> {
    let account = one.expected.recordings.account.as_str();
    let origin =
        one.host.present("the bastion is not visible, and so neither is its origin").and_then(|host| {
            match host.dns_name.as_str() {
                "" => MaybeKnown::unread("the bastion shows no address of its page"),
                name => MaybeKnown::Read(format!("https://{name}")),
            }
        });
    let both = |service: &MaybeKnown<ServiceFacts>| {
        service.as_ref().and_then(|service| origin.clone().map(|origin| (service.clone(), origin)))
    };
    let fix = |origin: &str| {
        format!(
            "az storage cors add --account-name {account} --services b --origins {origin} --methods GET --allowed-headers '*' --exposed-headers '*' --max-age {MAX_AGE}"
        )
    };
    let of_rule = |question: Q, judge: &dyn Fn(&CorsRule, &str) -> FactJudgement| {
        let rule = both(&one.service).and_then(|(service, origin)| match best(&service.cors, &origin) {
            Some((rule, fit)) if fit > Fit::No => MaybeKnown::Read((rule.clone(), origin)),
            _ => MaybeKnown::unread("no rule is for the bastion's origin"),
        });
        question.check(account, rule, |(rule, origin)| judge(&rule, &fix(&origin)))
    };
    vec![
        Q::CorsOrigin.check(account, both(&one.service), |(service, origin)| {
            judge_origin(best(&service.cors, &origin), &origin, &fix(&origin))
        }),
        of_rule(Q::CorsMethod, &|rule, fix| {
            if rule.methods.iter().any(|method| method.eq_ignore_ascii_case("GET")) {
                good(rule.methods.join(", "))
            } else {
                warning(format!("it may use {} only, not GET", rule.methods.join(", ")), fix)
            }
        }),
        of_rule(Q::CorsHeaders, &|rule, fix| {
            if rule.headers.iter().any(|header| header == "*") {
                good("all")
            } else {
                warning(format!("it may send {} only", listed(&rule.headers)), fix)
            }
        }),
        of_rule(Q::CorsMaxAge, &|rule, fix| {
            if rule.max_age == MAX_AGE {
                good(format!("{MAX_AGE} s"))
            } else {
                warning(format!("{} s, but {MAX_AGE} is required", rule.max_age), fix)
            }
        }),
    ]
}

fn judge_origin(best: Option<(&CorsRule, Fit)>, origin: &str, fix: &str) -> FactJudgement {
    match best.map(|(_, fit)| fit) {
        Some(Fit::Yes) => good(format!("{origin} may read")),
        Some(Fit::Everybody) => warning("every page may read (origin *), including the bastion's", fix),
        Some(Fit::Slash) => warning(
            "the origin ends with a slash, which no browser sends; one published setup works with it, most do not",
            fix,
        ),
        Some(Fit::Case) => warning("the origin differs in upper and lower case, which count here", fix),
        Some(Fit::Http) => warning("the origin begins with http://, the bastion's page with https://", fix),
        Some(Fit::No) | None => warning(format!("no rule is for {origin}: recordings cannot be played"), fix),
    }
}

/// Returns the best matching rule.
fn best<'a>(rules: &'a [CorsRule], origin: &str) -> Option<(&'a CorsRule, Fit)> {
    let of = |rule: &'a CorsRule| (rule, rule.origins.iter().map(|known| fit(known, origin)).max().unwrap_or(Fit::No));
    // If several rules match equally well, the first one counts, as in storage.
    rules.iter().map(of).rev().max_by_key(|(_, fit)| *fit)
}

fn fit(known: &str, origin: &str) -> Fit {
    let known = known.trim();
    let is_it = |text: &str| text == origin || text == WILDCARD;
    let bare = known.trim_end_matches('/');
    if is_it(known) {
        Fit::Yes
    } else if known == "*" {
        Fit::Everybody
    } else if is_it(bare) {
        Fit::Slash
    } else if is_it(&bare.to_ascii_lowercase()) || bare.eq_ignore_ascii_case(origin) {
        Fit::Case
    } else if bare.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
        && bare.get(7..).is_some_and(|host| is_it(&format!("https://{}", host.to_ascii_lowercase())))
    {
        Fit::Http
    } else {
        Fit::No
    }
}

fn listed(headers: &[String]) -> String {
    if headers.is_empty() { "no header".to_owned() } else { headers.join(", ") }
}
