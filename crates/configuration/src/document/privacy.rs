//! Section `privacy` of the file.

use domain::policy::person::PersonForm;
use schemars::JsonSchema;
use serde::Deserialize;

/// How people are shown outside the catalogue.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "privacy")]
pub struct PrivacyDocument {
    /// How a person is shown in blob index tags, which cannot contain the @ of an address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "shown-in-tags", "default" = "sanitised", "enum" = ["sanitised", "pseudonym", "none"]))]
    pub person_in_tags: Option<ShownDocument>,
    /// How a person is shown in notifications.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "shown", "default" = "full", "enum" = PersonForm::ALL.map(PersonForm::name)))]
    pub person_in_notifications: Option<ShownDocument>,
}

/// Form in which a person is shown, validated by the domain.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct ShownDocument(pub PersonForm);

impl TryFrom<String> for ShownDocument {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        PersonForm::parse(&text).map(Self).ok_or(text)
    }
}
