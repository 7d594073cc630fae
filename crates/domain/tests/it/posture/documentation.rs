//! Tests that `docs/doctor.md` lists every check, and nothing else.

use domain::decide::posture::Question;

const DOCTOR: &str = include_str!("../../../../../docs/doctor.md");

#[test]
fn the_documentation_has_one_row_for_every_check() {
    let (_, checks) = DOCTOR.split_once("\n## The checks\n").expect("the section of the checks");
    let rows: Vec<(&str, &str)> = checks
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let name = cells.next()?.strip_suffix('`')?;
            let (asks, why, fix) = (cells.next()?, cells.next()?, cells.next()?);
            assert!(!why.is_empty() && fix.ends_with(" |"), "{line}");
            Some((name, asks))
        })
        .collect();
    let expected: Vec<(&str, &str)> = Question::ALL.iter().map(|question| (question.name(), question.asks())).collect();
    assert_eq!(rows, expected);
}
