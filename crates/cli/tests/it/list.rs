//! `archivist recordings list`.

use insta::assert_snapshot;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run, try_run, wide};

fn catalogue() -> ListedCatalogue {
    ListedCatalogue::from_entries(day::all())
}

#[test]
fn at_80_columns_the_table_drops_columns_and_shortens_names() {
    assert_snapshot!(run(&catalogue(), "recordings list", wide(80)).out);
}

#[test]
fn at_140_columns_the_table_has_every_column() {
    assert_snapshot!(run(&catalogue(), "recordings list", wide(140)).out);
}

#[test]
fn in_a_pipe_nothing_is_cut() {
    assert_snapshot!(run(&catalogue(), "recordings list", PIPED).out);
}

#[test]
fn no_line_is_longer_than_the_terminal_once_an_id_fits() {
    for width in [66, 79, 80, 81, 90, 99, 100, 110, 120, 200, 500] {
        let out = run(&catalogue(), "recordings list", wide(width)).out;
        for line in out.lines() {
            // Each wide character in these names takes two columns.
            let columns: usize = line.chars().map(|c| if ('\u{3000}'..'\u{a000}').contains(&c) { 2 } else { 1 }).sum();
            assert!(columns <= usize::from(width), "{columns} > {width}: {line}");
        }
        assert_eq!(out.lines().count(), 8, "one line per recording:\n{out}");
    }
}

#[test]
fn a_very_narrow_terminal_still_gets_ids_that_are_accepted() {
    let out = run(&catalogue(), "recordings list", wide(10)).out;
    assert!(out.contains("rec_…6h0007"), "{out}");
}

#[test]
fn colours_are_printed_only_on_request() {
    let coloured = run(&catalogue(), "recordings list", cli::Terminal { colour: true, ..wide(140) }).out;
    assert!(coloured.contains("\u{1b}[38;5;9mmissing"), "{coloured:?}");
    assert!(!run(&catalogue(), "recordings list", wide(140)).out.contains('\u{1b}'));
}

#[test]
fn a_hostile_name_cannot_act_on_the_terminal() {
    for arguments in ["recordings list", "recordings list --json"] {
        let out = run(&catalogue(), arguments, PIPED).out;
        assert!(!out.contains(['\u{202e}', '\u{1b}']), "{out:?}");
    }
}

#[test]
fn json_is_one_document_with_the_cursor() {
    let ran = run(&catalogue(), "recordings list --json --limit 1", wide(80));
    assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (0, "", 1));
    assert_snapshot!(ran.out);
}

#[test]
fn a_full_page_shows_the_next_command_and_ignores_new_recordings() {
    let catalogue = catalogue();
    let first = run(&catalogue, "recordings list --limit 4", PIPED);
    assert_eq!(first.out.lines().count(), 1 + 4);
    assert!(
        first.err.starts_with("\nThere is more: repeat the command with --all, or with --cursor "),
        "{}",
        first.err
    );
    catalogue.add(day::written(8, "vm-new", "2026-03-02T16:00:00Z", 1));
    let cursor = first.err.split_whitespace().last().unwrap();
    let second = run(&catalogue, &format!("recordings list --limit 4 --cursor {cursor}"), PIPED);
    let ids = |out: &str| out.lines().skip(1).map(|line| line[..30].to_owned()).collect::<Vec<_>>();
    let shown: Vec<String> = ids(&first.out).into_iter().chain(ids(&second.out)).collect();
    assert_eq!(shown, (1..=7).rev().map(|n| day::id(n).to_string()).collect::<Vec<_>>());
    assert_eq!(second.err, "");
}

#[test]
fn filters_are_combined() {
    let ids = |arguments: &str| {
        let out = run(&catalogue(), &format!("recordings list {arguments}"), PIPED).out;
        out.lines().skip(1).map(|line| line[26..30].trim_start_matches('0').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("--state settled"), ["7", "6", "5", "1"]);
    assert_eq!(ids("--state settled VM"), ["7", "1"]);
    assert_eq!(ids("--bastion bas-spoke-02"), ["3"]);
    assert_eq!(ids("--from 2026-03-02T10:00:00Z --to 2026-03-02T12:00:00Z"), ["4", "2"]);
    assert_eq!(ids("--from 2026-03-02 --to 2026-03-02").len(), 7);
}

#[test]
fn recordings_are_filtered_by_person_machine_and_match_ignoring_case() {
    let names = |arguments: &str| {
        let out = run(&day::evidence(), &format!("recordings list {arguments}"), PIPED).out;
        out.lines().skip(1).map(|line| line[26..30].trim_start_matches('0').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("--person ANN@contoso.example"), ["1"]);
    assert_eq!(names("--machine VM-Web-01"), ["1"]);
    assert_eq!(names("--match unmatched"), ["4", "3"]);
    assert_eq!(names("--match ambiguous --state settled --bastion bas-hub-01"), ["2"]);
    assert_eq!(names("--person bob@contoso.example"), Vec::<String>::new(), "an ambiguous recording has no person");
    assert_eq!(names("--match matched --person ann@contoso.example --machine vm-db-02"), Vec::<String>::new());
}

#[test]
fn a_rare_recording_is_found_across_many_pages() {
    let catalogue = ListedCatalogue::from_entries((1..=4321).map(|n| day::written(n, "vm", "2026-03-02T10:00:00Z", 1)));
    catalogue.add(day::written(0, "rare", "2026-03-01T10:00:00Z", 1));
    assert_eq!(run(&catalogue, "recordings list --to 2026-03-01", PIPED).out.lines().count(), 2);
    assert_eq!(run(&catalogue, "recordings list rare", PIPED).out.lines().count(), 2);
}

#[test]
fn words_find_recordings_and_their_meaning_is_a_note() {
    let ran = run(&day::evidence(), "recordings list ANN web-01 settled 2026-03", PIPED);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.out.contains(&day::id(1).to_string()), "{}", ran.out);
    let parts = "Person, machine or name: ann; Person, machine or name: web-01";
    assert_eq!(ran.err, format!("search: {parts}; State: settled; 2026-03-01 to 2026-03-31\n"));
    let exported = run(&day::evidence(), "recordings export --format jsonl ann yesterday", PIPED);
    assert_eq!(exported.out.lines().count(), 1);
    assert!(exported.err.contains("; Monday 2026-03-02\n"), "{}", exported.err);
}

#[test]
fn a_word_that_no_name_has_is_a_note_with_similar_ones() {
    let ran = run(&day::evidence(), "recordings list anm tue", PIPED);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.ends_with("no name has anm; did you mean ann?\nno recordings found\n"), "{}", ran.err);
    let json = run(&day::evidence(), "recordings list anm --json", PIPED);
    assert_eq!(json.out, "{\"items\":[],\"next_cursor\":null}\n");
    assert!(json.err.ends_with("no name has anm; did you mean ann?\n"), "{}", json.err);
    let exported = run(&day::evidence(), "recordings export --format jsonl zzz", PIPED);
    assert!(exported.err.ends_with("no name has zzz\n"), "{}", exported.err);
}

#[test]
fn words_that_are_no_search_end_with_2() {
    for command in ["list", "export --format csv"] {
        let ran = run(&catalogue(), &format!("recordings {command} anna 2026-13-40"), PIPED);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        let expected = "error: the search has a day that does not exist; write a day (2026-11-17)";
        assert!(ran.err.starts_with(expected) && ran.err.contains("instead of \"2026-13-40\""), "{}", ran.err);
    }
}

#[test]
fn an_empty_list_prints_a_note_and_ends_with_0() {
    let ran = run(&catalogue(), "recordings list --person nobody", PIPED);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "no recordings found\n"));
    let ran = run(&catalogue(), "recordings list --person nobody --json", PIPED);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("{\"items\":[],\"next_cursor\":null}\n", ""));
}

#[test]
fn wrong_arguments_end_with_2_and_show_their_remedy() {
    for (arguments, remedy) in [
        ("--state done", "[possible values: active, settled, expiring, missing, deleted]"),
        ("--from someday", "neither a day (today, yesterday, tuesday"),
        ("--cursor x", "take the `next_cursor` of the page before"),
        ("--limit 0", "0 is not in 1..=1000"),
    ] {
        let (code, text) = refused(&format!("recordings list {arguments}"));
        assert_eq!(code, 2);
        assert!(text.contains(remedy), "{text}");
    }
}

#[test]
fn help_shows_every_option_and_an_example() {
    let (code, text) = refused("recordings list --help");
    assert_eq!(code, 0);
    assert_snapshot!(text);
}

#[test]
fn an_unreachable_catalogue_ends_with_3_and_its_causes() {
    let ran = run(&ListedCatalogue::out_of_reach(), "recordings list", PIPED);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert_eq!(ran.err, "error: failed to read the catalogue \"archivist.sqlite\": disk I/O error\n");
}

/// A stream that fails at every write.
struct Failing(std::io::ErrorKind);

impl std::io::Write for Failing {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_disk_is() {
    for command in ["list", "list --json", "export --format csv", "export --format jsonl"] {
        let line = format!("recordings {command}");
        let ended = |kind| try_run(&catalogue(), &line, PIPED, &mut Failing(kind), &mut Vec::new());
        assert_eq!(ended(std::io::ErrorKind::BrokenPipe).unwrap(), 0, "{command}");
        let error = ended(std::io::ErrorKind::StorageFull).unwrap_err();
        assert_eq!(
            (error.exit().code(), error.to_string().as_str()),
            (3, "failed to write the output: no storage space")
        );
    }
}
