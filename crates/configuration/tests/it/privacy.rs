//! Section `privacy`.

use domain::policy::person::{PersonForm, Privacy};
use insta::assert_snapshot;

use crate::{problems, read};

#[test]
fn people_are_shown_as_configured() {
    let privacy = |text: &str| read(&format!("version: 1\nprivacy: {{ {text} }}\n")).unwrap().privacy;
    assert_eq!(privacy(""), Privacy::default());
    let said = privacy("person_in_tags: none, person_in_notifications: pseudonym");
    assert_eq!(said, Privacy { in_tags: PersonForm::None, in_notifications: PersonForm::Pseudonym });
}

#[test]
fn every_way_to_show_a_person_is_allowed_but_one() {
    for shown in PersonForm::ALL {
        let read = |key: &str| read(&format!("version: 1\nprivacy: {{ {key}: {} }}\n", shown.name())).is_ok();
        assert_eq!(
            (read("person_in_tags"), read("person_in_notifications")),
            (shown != PersonForm::Full, true),
            "{shown:?}"
        );
    }
}

#[test]
fn a_tag_carries_no_address() {
    assert_snapshot!(problems("version: 1\nprivacy: { person_in_tags: full }\n"), @r#"archivist.yaml:2: privacy.person_in_tags: "full" cannot be in a tag, which cannot contain @; write sanitised"#);
}

#[test]
fn an_unknown_way_to_show_people_is_reported_with_the_known_ones() {
    let text = "
version: 1
privacy:
  person_in_tags: hashed
  person_in_notifications: Full
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: privacy.person_in_tags: "hashed" is not a way to show a person; write sanitised, pseudonym or none
    archivist.yaml:5: privacy.person_in_notifications: "Full" is not a way to show a person; write one of full, sanitised, pseudonym, none
    "#);
    assert_snapshot!(problems("version: 1\nprivacy: { person_in_tags: false, person_in_mails: none }\n"), @"
    archivist.yaml:2: privacy.person_in_tags: is true or false; write a text in quotes
    archivist.yaml:2: privacy.person_in_mails: is not a known key; did you mean person_in_tags? Otherwise remove it
    ");
}
