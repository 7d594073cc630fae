//! Rule: the page trusts the platform's identity header only if the platform's authentication is enabled.

use super::Findings;
use crate::repository::Repository;
use crate::template::DeclarationKind;

const APP: &str = "infra/modules/function-app.bicep";
const MAIN: &str = "infra/main.bicep";

/// Checks that setting and authentication depend on one condition, and that no other place sets them.
pub fn check(repository: &Repository) -> Vec<String> {
    let (app, main) = (repository.file(APP), repository.file(MAIN));
    let mut findings = Findings::default();
    findings.expect(app.matches("pageSettings").count() == 2, APP, "pageSettings are used in more than one place");
    findings.expect(
        app.contains("empty(pageClientId) ? {} : pageSettings"),
        APP,
        "pageSettings are set without authentication",
    );
    findings.expect(
        main.contains("    pageClientId: pageClientId\n"),
        MAIN,
        "the app learns of authentication in another way",
    );
    let resource = |name: &str| {
        let template = repository.template(APP)?;
        template.declarations(DeclarationKind::Resource).find(|it| it.body().text("name") == Some(name))
    };
    let authentication = resource("authsettingsV2").map_or("", |it| it.syntax.text.as_str());
    findings.expect(
        authentication.contains("= if (!empty(pageClientId)) {"),
        APP,
        "authentication has another condition than its setting",
    );
    // Otherwise the page trusts the header while nothing in front removes a forged one.
    findings.expect(
        resource("appsettings").is_some_and(|it| it.syntax.text.contains("  dependsOn: [authentication]\n")),
        APP,
        "pageSettings are set before authentication is enabled",
    );
    let of_page = |text: &str| text.matches("ARCHIVIST_PAGE_AUTH").count();
    let elsewhere =
        repository.templates.iter().filter(|template| template.path != APP).map(|it| of_page(&it.text)).sum::<usize>();
    findings.expect(of_page(app) == 1 && elsewhere == 0, APP, "ARCHIVIST_PAGE_AUTH is set in another place, too");
    let is_strict = ["platform: { enabled: true", "requireAuthentication: true", "'RedirectToLoginPage'"];
    findings.expect(
        is_strict.iter().all(|text| authentication.contains(text)),
        APP,
        "authentication admits anonymous callers",
    );
    // The admin API of the host and the webhooks of extensions accept keys: no request reaches them without sign-in.
    findings.expect(
        authentication.contains("excludedPaths: ['/api/v1/*']\n"),
        APP,
        "other paths than those of the API are open without a sign-in",
    );
    findings.expect(
        repository.file("functions/catalogue_query/function.json").contains("\"api/v1/{*path}\""),
        "functions/catalogue_query/function.json",
        "the API has another path than the one open without a sign-in",
    );
    findings.found
}

#[test]
fn a_page_trusting_a_forged_header_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(APP, "empty(pageClientId) ? {} : pageSettings", "pageSettings"), 1);
    assert_eq!(found(APP, "  AZURE_CLIENT_ID: identityClientId\n", "  ARCHIVIST_PAGE_AUTH: 'app-service'\n"), 1);
    assert_eq!(found(MAIN, "pageClientId: pageClientId", "pageClientId: 'x'"), 1);
    assert_eq!(found(APP, "= if (!empty(pageClientId)) {", "= if (publicAccess) {"), 1);
    assert_eq!(found(APP, "  dependsOn: [authentication]\n", ""), 1);
    assert_eq!(found(APP, "name: 'authsettingsV2'", "name: 'authsettings'"), 3);
    assert_eq!(found(APP, "requireAuthentication: true", "requireAuthentication: false"), 1);
    assert_eq!(found(APP, "['/api/v1/*']", "['/api/v1/*', '/admin/*']"), 1);
    assert_eq!(found("functions/catalogue_query/function.json", "api/v1/", "api/v2/"), 1);
    assert_eq!(found(APP, "'RedirectToLoginPage'", "'AllowAnonymous'"), 1);
}
