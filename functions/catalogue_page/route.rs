//! Paths of the web pages.

use catalogue_page::NavigationEntry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;
use jiff::civil::Date;
use percent_encoding::percent_decode_str;
use pipeline::query::Subject;

/// Page at a path below `ui/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedPage {
    Overview,
    Recordings,
    Recording(RecordingId),
    Sessions,
    Live,
    Session(BastionName, TunnelId),
    Profile(Subject),
    Gaps,
    Deletions,
    Holds,
    Reviews,
    Day(Date),
    Bastions,
    Coverage,
    Health,
}

impl RequestedPage {
    /// Parses a path beginning with `/ui`. Returns `None` if there is no such page.
    pub fn parse(path: &str) -> Option<Self> {
        let below = path.strip_prefix("/ui")?;
        let parts: Vec<String> = below
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| percent_decode_str(part).decode_utf8().map(std::borrow::Cow::into_owned))
            .collect::<Result<_, _>>()
            .ok()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Some(match parts.as_slice() {
            [] => Self::Overview,
            ["recordings"] => Self::Recordings,
            ["recordings", id] => Self::Recording(RecordingId::parse(id).ok()?),
            ["sessions"] => Self::Sessions,
            ["sessions", bastion, tunnel] => Self::Session(BastionName::new(bastion), TunnelId::parse(tunnel)?),
            ["people", person] => Self::Profile(Subject::Person((*person).to_owned())),
            ["machines", machine] => Self::Profile(Subject::Machine((*machine).to_owned())),
            ["live"] => Self::Live,
            ["gaps"] => Self::Gaps,
            ["deletions"] => Self::Deletions,
            ["holds"] => Self::Holds,
            ["reviews"] => Self::Reviews,
            ["days", day] => Self::Day(day.parse().ok()?),
            ["bastions"] => Self::Bastions,
            ["coverage"] => Self::Coverage,
            ["health"] => Self::Health,
            _ => return None,
        })
    }

    /// Returns the names of the query parameters that the page applies. Its heading and links name no others.
    pub fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::Recordings => {
                &["q", "person", "machine", "bastion", "class", "from", "to", "state", "match", "held", "cursor"]
            }
            Self::Sessions => {
                &["person", "machine", "account", "bastion", "from", "to", "state", "without_recording", "cursor"]
            }
            Self::Gaps => &["bastion"],
            Self::Reviews => &["bastion", "cursor"],
            Self::Day(_) => &["bastion", "by"],
            Self::Profile(_) => &["cursor"],
            Self::Coverage => &["month"],
            _ => &[],
        }
    }

    /// Returns the section of the page.
    pub fn place(&self) -> NavigationEntry {
        match self {
            Self::Overview | Self::Day(_) => NavigationEntry::Overview,
            Self::Deletions => NavigationEntry::Deletions,
            Self::Holds => NavigationEntry::Holds,
            Self::Reviews => NavigationEntry::Reviews,
            Self::Recordings | Self::Recording(_) => NavigationEntry::Recordings,
            Self::Sessions | Self::Session(..) | Self::Live | Self::Profile(_) => NavigationEntry::Sessions,
            Self::Gaps => NavigationEntry::Gaps,
            Self::Bastions => NavigationEntry::Bastions,
            Self::Coverage => NavigationEntry::Coverage,
            Self::Health => NavigationEntry::Health,
        }
    }
}

#[cfg(test)]
mod tests {
    use catalogue_page::PageQuery;

    use super::*;

    #[test]
    fn every_page_address_works_with_and_without_a_trailing_slash() {
        for (path, wanted) in [
            ("/ui", RequestedPage::Overview),
            ("/ui/gaps", RequestedPage::Gaps),
            ("/ui/bastions", RequestedPage::Bastions),
            ("/ui/reviews", RequestedPage::Reviews),
        ] {
            assert_eq!(RequestedPage::parse(path), Some(wanted.clone()));
            assert_eq!(RequestedPage::parse(&format!("{path}/")), Some(wanted));
        }
    }

    #[test]
    fn the_parts_of_a_sessions_address_may_hold_anything() {
        let tunnel = TunnelId::parse("a/b c").unwrap();
        let wanted = Some(RequestedPage::Session(BastionName::new("bas?1"), tunnel));
        assert_eq!(RequestedPage::parse("/ui/sessions/bas%3F1/a%2Fb%20c"), wanted);
    }

    #[test]
    fn the_name_of_a_person_or_machine_is_decoded() {
        let person = RequestedPage::Profile(Subject::Person("ann@contoso.example".to_owned()));
        assert_eq!(RequestedPage::parse("/ui/people/ann%40contoso%2Eexample"), Some(person));
        let machine = RequestedPage::Profile(Subject::Machine("vm/1".to_owned()));
        assert_eq!(RequestedPage::parse("/ui/machines/vm%2F1"), Some(machine));
    }

    #[test]
    fn every_parameter_of_a_page_reaches_it() {
        let pages = ["recordings", "sessions", "gaps", "reviews", "days/2026-03-02", "people/ann", "coverage"];
        for page in pages.map(|page| RequestedPage::parse(&format!("/ui/{page}")).unwrap()) {
            for name in page.parameters() {
                let asked =
                    PageQuery::from_pairs([((*name).to_owned(), "x".to_owned()), ("code".to_owned(), "y".to_owned())]);
                let kept = asked.only(page.parameters());
                assert_eq!((kept.get(name), kept.get("code")), (Some("x"), None), "{page:?}");
                assert_eq!(asked.only(RequestedPage::Health.parameters()).get(name), None);
            }
        }
    }

    #[test]
    fn an_unknown_page_address_is_not_parsed() {
        for path in [
            "/", "/ui/x", "/ui/recordings/rec_1", "/ui/recordings/a/b", "/ui/sessions/a", "/ui/%ff", "/ui/people",
            "/ui/days/x", "/api",
        ] {
            assert_eq!(RequestedPage::parse(path), None, "{path}");
        }
    }
}
