use super::{HOUR, MINUTE, SECOND, begin_delays, kind, percent};

#[test]
fn a_drifting_clock_is_off_by_minutes_at_most_and_wanders() {
    let mut widest = 0;
    for seed in 0..20 {
        let world = kind("biased and drifting clocks").generate(seed, 2000);
        for container in 0..2 {
            let delays = super::pairs(&world).filter(|(blob, _)| blob.container == container);
            let delays: Vec<_> = delays.map(|(blob, session)| blob.created_at - session.begin.unwrap().at).collect();
            let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
            assert!(*least >= -151 * SECOND && *most <= 175 * SECOND, "{least} {most}");
            widest = widest.max(most - least);
        }
    }
    assert!(widest > 60 * SECOND, "{widest}");
}

#[test]
fn a_stepping_clock_is_90_seconds_off_and_steps_once() {
    let world = kind("clock step").generate(3, 2000);
    for container in 0..2 {
        let pairs = super::pairs(&world).filter(|(blob, _)| blob.container == container);
        let mut delays: Vec<_> = pairs
            .map(|(blob, session)| (session.begin.unwrap().at, blob.created_at - session.begin.unwrap().at))
            .collect();
        delays.sort_unstable();
        let quarter = delays.len() / 4;
        let before = middle(&delays[..quarter]);
        let after = middle(&delays[3 * quarter..]);
        assert!((after - before).abs().abs_diff(MINUTE) < 3000, "{before} {after}");
        let bias = before - middle_of_delays("shared accounts");
        assert!(bias.abs().abs_diff(90 * SECOND) < 10_000, "{bias}");
    }
}

fn middle(delays: &[(i64, i64)]) -> i64 {
    let mut delays: Vec<_> = delays.iter().map(|(_, delay)| *delay).collect();
    delays.sort_unstable();
    delays[delays.len() / 2]
}

fn middle_of_delays(name: &str) -> i64 {
    let mut delays = begin_delays(&kind(name).generate(3, 2000));
    delays.sort_unstable();
    delays[delays.len() / 2]
}

#[test]
fn one_side_is_an_hour_off_for_a_third_of_the_time() {
    for name in ["storage an hour off", "log an hour off", "hourly jobs, log an hour off"] {
        let delays = begin_delays(&super::world(name));
        let off = percent(&delays, |delay| delay.abs() > HOUR / 2);
        assert!((28..=38).contains(&off), "{name}: {off}");
        assert!(delays.iter().all(|delay| delay.abs() < HOUR / 2 || delay.abs().abs_diff(HOUR) < 30_000), "{name}");
    }
}
