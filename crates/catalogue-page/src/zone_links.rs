//! Keeps the time zone of the reader in the links and forms of a page.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Beginning of a link to a page. Texts from outside cannot contain it, because their quotes are escaped.
const LINK: &str = "href=\"/ui/";
/// Beginning of a form.
const FORM: &str = "<form ";
/// Form that selects the zone.
const OWN_FORM: &str = "class=\"zone\"";
/// Files that do not depend on the zone.
const FILES: [&str; 2] = ["style.css", "icon.svg"];

/// Adds the parameter `tz` to all links and forms of a page. `zone` is a name of the IANA database, which needs no
/// escaping; any other text is left out.
#[must_use]
pub fn keep_zone(html: &str, zone: &str) -> String {
    if !zone.chars().all(|letter| letter.is_ascii_alphanumeric() || "/_+-".contains(letter)) {
        return html.to_owned();
    }
    in_forms(&in_links(html, &utf8_percent_encode(zone, NON_ALPHANUMERIC).to_string()), zone)
}

fn in_links(html: &str, zone: &str) -> String {
    let mut kept = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((before, link)) = rest.split_once(LINK) {
        kept.push_str(before);
        kept.push_str(LINK);
        let (path, behind) = link.split_at(link.find('"').unwrap_or(link.len()));
        let (path, fragment) = path.split_at(fragment_of(path));
        kept.push_str(path);
        if !FILES.contains(&path) {
            kept.push_str(if path.contains('?') { "&amp;tz=" } else { "?tz=" });
            kept.push_str(zone);
        }
        kept.push_str(fragment);
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// Returns the place of the fragment; `#` also stands in escaped characters, as in `&#38;`.
fn fragment_of(path: &str) -> usize {
    let mut found = path.match_indices('#').map(|(at, _)| at);
    found.find(|at| !path[..*at].ends_with('&')).unwrap_or(path.len())
}

fn in_forms(html: &str, zone: &str) -> String {
    let mut kept = String::with_capacity(html.len() + 128);
    let mut rest = html;
    while let Some((before, form)) = rest.split_once(FORM) {
        let (tag, behind) = form.split_at(form.find('>').map_or(form.len(), |at| at + 1));
        kept.push_str(before);
        kept.push_str(FORM);
        kept.push_str(tag);
        if !tag.contains(OWN_FORM) {
            kept.push_str("<input type=\"hidden\" name=\"tz\" value=\"");
            kept.push_str(zone);
            kept.push_str("\">");
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(html: &str) -> String {
        keep_zone(html, "Europe/Berlin")
    }

    #[test]
    fn every_link_to_a_page_keeps_the_zone() {
        for (link, expected) in [
            ("/ui/", "/ui/?tz=Europe%2FBerlin"),
            ("/ui/gaps", "/ui/gaps?tz=Europe%2FBerlin"),
            ("/ui/sessions?a=1&#38;b=2", "/ui/sessions?a=1&#38;b=2&amp;tz=Europe%2FBerlin"),
            ("/ui/health#check-1", "/ui/health?tz=Europe%2FBerlin#check-1"),
            ("/ui/style.css", "/ui/style.css"),
            ("#main", "#main"),
            ("https://portal.azure.com/#resource", "https://portal.azure.com/#resource"),
        ] {
            assert_eq!(kept(&format!("<a href=\"{link}\">x</a>")), format!("<a href=\"{expected}\">x</a>"));
        }
    }

    #[test]
    fn a_form_keeps_the_zone_unless_it_selects_it() {
        let form = "<form class=\"search\" action=\"/ui/recordings\"><input name=\"q\"></form>";
        let hidden = "<input type=\"hidden\" name=\"tz\" value=\"Europe/Berlin\">";
        assert_eq!(kept(form), form.replace("><input name=", &format!(">{hidden}<input name=")));
        let own = "<form class=\"zone\" action=\"/ui/\"><input name=\"tz\"></form>";
        assert_eq!(kept(own), own);
    }
}
