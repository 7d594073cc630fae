//! No message reveals a secret.

use crate::{SETTINGS, problems, read, warnings};

#[test]
fn a_configuration_shows_neither_secrets_nor_urls_of_channels() {
    let shown = format!("{:?}", read(include_str!("../golden/v1.yaml")).unwrap().channels);
    assert_eq!(shown.matches("[redacted]").count(), 4);
    assert!(!shown.contains("whsec_") && !shown.contains("example"), "{shown}");
}

#[test]
fn no_problem_repeats_the_value_of_an_app_setting() {
    for (name, value) in SETTINGS.iter().filter(|(_, value)| !value.is_empty()) {
        for text in [
            format!("version: 1\n${{{name}}}: 1\nmatching: {{ settle_after: '${{{name}}}' }}"),
            format!("version: 1\nbastions: [{{ name: '${{{name}}} ', resource_id: '${{{name}}}', recordings: 1 }}]"),
            format!(
                "version: 1\nbastions: [{{ recordings: {{ account_url: '${{{name}}}x', container: '${{{name}}}', until: '${{{name}}}' }} }}]"
            ),
            format!(
                "version: 1\nnotifications: {{ channels: {{ a: {{ kind: '${{{name}}}', url: '${{{name}}}' }} }} }}"
            ),
            format!(
                "version: 1\nnotifications: {{ channels: {{ a: {{ kind: webhook, url_env: {name}, secret_env: {name}, url: 'x${{{name}}}' }} }} }}"
            ),
            format!(
                "version: 1\nstate: {{ account_urls: {{ blob: '${{{name}}}x', queue: '${{{name}}}', table: {name} }} }}\nbastions: 1"
            ),
            format!("version: 1\nbastions: [{{ name: '${{{name}}}' }}, {{ name: '${{{name}}}' }}]"),
        ] {
            let problems = read(&text).unwrap_err();
            assert!(!format!("{problems} {problems:?}").contains(value), "{problems}");
        }
    }
}

#[test]
fn a_secret_used_as_a_name_is_not_repeated() {
    for (secret, url) in [("whsec_0123456789abcdef", "https://user:pass@host.example/0123"), ("a+b/c==", "/0123")] {
        let text = format!(
            "version: 1\nnotifications: {{ channels: {{ a: {{ kind: webhook, url_env: '{url}', secret_env: '{secret}' }}, b: {{ kind: webhook, url: '{url}#', secret_env: SIEM_SECRET }} }} }}"
        );
        let problems = read(&text).unwrap_err().to_string();
        assert!(!problems.contains("0123") && !problems.contains("a+b"), "{problems}");
    }
}

#[test]
fn a_sas_in_an_account_url_is_not_repeated() {
    for url in
        ["https://st1.blob.core.windows.net?sig=hidden", "https://hidden@st1.blob.core.windows.net", "//?sig=hidden"]
    {
        for text in [
            format!("version: 1\nbastions: [{{ recordings: {{ account_url: '{url}' }} }}]"),
            format!("version: 1\nstate: {{ account_urls: {{ blob: '{url}' }} }}"),
        ] {
            let problems = read(&text).unwrap_err().to_string();
            assert!(problems.contains("account_url") && !problems.contains("hidden"), "{problems}");
        }
    }
}

#[test]
fn a_misplaced_secret_is_not_repeated_in_a_problem() {
    for secret in
        ["https://st1.example/c?sv=1&sig=hidden", "AccountName=a;AccountKey=hidden==", "Bearer hidden.hidden.hidden"]
    {
        for text in [
            format!("version: 1\n\"{secret}\": 1"),
            format!("version: 1\ntime_zone: \"{secret}\""),
            format!(
                "version: 1\nbastions: [{{ name: \"{secret}\", recordings: {{ account_url: file:///srv/local, container: \"{secret}\" }} }}]"
            ),
            format!("version: 1\nnotifications: {{ routes: [{{ name: a, channels: [\"{secret}\"] }}] }}"),
        ] {
            let told = problems(&text);
            assert!(told.contains("archivist.yaml:2") && !told.contains("hidden"), "{told}");
        }
    }
}

fn channel(url: &str) -> String {
    format!(
        "version: 1\nnotifications: {{ channels: {{ a: {{ kind: webhook, url: '{url}', secret_env: SIEM_SECRET }} }} }}"
    )
}

#[test]
fn an_inline_channel_url_with_a_secret_is_warned_about_without_it() {
    for (url, expected) in [
        ("https://a.example/hook?sv=1&SIG=hidden", "has a secret in its query: sig"),
        ("https://a.example/hook?code=hidden", "has a secret in its query: code"),
        ("https://a.example/hook?x=1&access_token=hidden", "has a secret in its query: access_token"),
        ("https://hooks.slack.com/services/T0/B0/hidden", "is a credential"),
        ("https://contoso.webhook.office.com/webhookb2/hidden", "is a credential"),
        ("https://outlook.office.com/webhook/hidden", "is a credential"),
    ] {
        let warned = warnings(&channel(url));
        assert!(warned.contains(expected) && warned.contains("write url_env"), "{url}: {warned}");
        assert!(!warned.contains("hidden"), "{warned}");
    }
    for url in ["https://a.example/hook?page=1", "https://a.example/token", "http://127.0.0.1:4000/hook?code=1"] {
        assert_eq!(warnings(&channel(url)), "", "{url}");
    }
}

#[test]
fn user_information_in_a_channel_url_is_refused_without_repeating_it() {
    for url in ["https://user:hidden@a.example/hook", "https://hidden@a.example", "http://u:hidden@127.0.0.1:4000/"] {
        let problems = read(&channel(url)).unwrap_err().to_string();
        assert!(problems.contains("contains a user name or a password") && !problems.contains("hidden"), "{problems}");
    }
}
