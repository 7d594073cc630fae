//! Checks the table in `docs/retention.md` against the policy engine.

use domain::policy::retention::resolve;

use super::read;

const PAGE: &str = include_str!("../../../../../docs/retention.md");

#[test]
fn every_line_of_the_table_holds() {
    let (_, from_example) = PAGE.split_once("```yaml\n").unwrap();
    let (example, _) = from_example.split_once("```").unwrap();
    let policy = read(example).retention.unwrap();
    let (_, table) = PAGE.split_once("| recording | class | retain until | delete after | then |").unwrap();
    let rows: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 10, "{}", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [facts, expected @ ..] = cells.as_slice() else { panic!("{row}") };
        let facts = format!("{{ {} }}", facts.replace('`', ""));
        let facts = configuration::facts::read_facts("table", &facts).unwrap();
        let day = facts.day(policy.starts_at).unwrap();
        let said = resolve(&policy, &facts.facts(), facts.class.as_deref(), day).keep();
        let delete_after = said.delete_after.map_or_else(|| "never".to_owned(), |date| date.to_string());
        let mut is = vec![said.class.clone(), said.retain_until.to_string(), delete_after, said.then.name().to_owned()];
        if !said.unknown.is_empty() {
            is[3] = format!("stays: {} is unknown", said.unknown.join(", "));
        }
        assert_eq!(is, expected, "{row}");
    }
}

#[test]
fn the_assertions_of_the_page_hold() {
    let example = PAGE.split("```yaml\n").nth(1).and_then(|text| text.split("```").next()).unwrap();
    let tests = PAGE.split("```yaml\n").find(|text| text.starts_with("# policy-tests.yaml")).unwrap();
    let tests = tests.split("```").next().unwrap();
    let ran = super::run(Some(example), &[("t.yaml", tests)], "policy test t.yaml");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}
