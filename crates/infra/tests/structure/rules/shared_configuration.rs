//! Rule: the app reads its configuration from a blob exactly if the template creates the container for it.

use configuration::{BlobUrl, ExtraSuffixes};

use super::Findings;
use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind, Template};
use crate::value::BicepValue;

const APP: &str = "infra/modules/function-app.bicep";
const CONTENTS: &str = "infra/modules/state-contents.bicep";
const MAIN: &str = "infra/main.bicep";

/// Parameters passed to both modules.
const TOLD: &str = "    sharedConfiguration: sharedConfiguration\n    configurationContainer: configurationContainer\n";

/// Checks that container and setting depend on one parameter, and that the setting is the URL of a blob in that
/// container.
pub fn check(repository: &Repository) -> Vec<String> {
    let (Some(app), Some(contents), Some(main)) =
        (repository.template(APP), repository.template(CONTENTS), repository.template(MAIN))
    else {
        return Vec::new();
    };
    let mut findings = Findings::default();
    let is_off = |parameter: &Declaration| {
        parameter.name == "sharedConfiguration"
            && matches!(&parameter.value, Some(BicepValue::Plain(text)) if text == "false")
    };
    findings.expect(
        main.declarations(DeclarationKind::Parameter).any(is_off),
        MAIN,
        "the configuration is shared by default",
    );
    for module in [APP, CONTENTS] {
        let (_, file) = module.split_once('/').unwrap_or_default();
        findings.expect(
            main.declarations(DeclarationKind::Module)
                .filter(|it| it.of == file)
                .any(|it| it.syntax.text.contains(TOLD)),
            MAIN,
            &format!("{module} gets another container, or gets it by another parameter"),
        );
    }
    findings.expect(
        app.text.contains("sharedConfiguration ? configurationSettings : {}")
            && app.text.matches("ARCHIVIST_CONFIG:").count() == 1,
        APP,
        "ARCHIVIST_CONFIG is set without a container, or in another place",
    );
    let made = contents
        .declarations(DeclarationKind::Resource)
        .find(|it| it.name == "configuration")
        .map(|it| it.syntax.text.as_str());
    findings.expect(
        made.is_some_and(|text| {
            text.contains("= if (sharedConfiguration) {") && text.contains("  name: configurationContainer\n")
        }),
        CONTENTS,
        "the container of the configuration is not created, or is created by default",
    );
    let url = url(main, app).map(|url| BlobUrl::parse(&url, &ExtraSuffixes::default()));
    let is_there = matches!(&url, Some(Ok(url)) if url.container.as_str() == "configuration" && url.name.as_str() == "archivist.yaml");
    findings.expect(is_there, APP, "ARCHIVIST_CONFIG is not the URL of archivist.yaml in the container");
    findings.found
}

/// Returns the value of the setting for a typical Azure endpoint.
fn url(main: &Template, app: &Template) -> Option<String> {
    let container = main.variable("configurationContainer")?.text("")?;
    let [BicepValue::Code(text)] = *app.variable("configurationSettings")?.at("ARCHIVIST_CONFIG").as_slice() else {
        return None;
    };
    let text = text.trim_matches('\'').replace("${blobEndpoint}", "https://starchivist.blob.core.windows.net/");
    Some(text.replace("${configurationContainer}", container))
}

#[test]
fn a_configuration_that_the_app_would_not_find_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(MAIN, "sharedConfiguration: sharedConfiguration", "sharedConfiguration: true"), 1);
    assert_eq!(found(MAIN, "configurationContainer = 'configuration'", "configurationContainer = 'settings'"), 1);
    assert_eq!(found(MAIN, "param sharedConfiguration bool = false", "param sharedConfiguration bool = true"), 1);
    assert_eq!(found(MAIN, "configurationContainer: configurationContainer", "configurationContainer: ''"), 1);
    assert_eq!(found(APP, "sharedConfiguration ? configurationSettings : {}", "configurationSettings"), 1);
    assert_eq!(found(APP, "${blobEndpoint}${configurationContainer}/", "${blobEndpoint}app-package/"), 1);
    assert_eq!(found(APP, "${configurationContainer}/archivist.yaml", "${configurationContainer}"), 1);
    assert_eq!(found(CONTENTS, "= if (sharedConfiguration) {", "= {"), 1);
}
