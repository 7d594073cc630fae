//! When the handler is killed: by what it has done, and not by a clock.

use host_stand_in::{Calls, Killer, Messages};

/// After so many messages, repetitions included: the odd ones as soon as so many were begun, the even ones as soon as so
/// many have ended, when others are being worked on.
const SCHEDULE: [u64; 10] = [3, 14, 30, 47, 65, 84, 104, 125, 147, 170];

/// How many kills there are.
pub const KILLS: u64 = SCHEDULE.len() as u64;

/// Kills the handler ten times on its way.
pub async fn kill(calls: Calls, killer: Killer) {
    let mut messages = calls.messages();
    for (number, count) in (1..).zip(SCHEDULE) {
        let has_come = |messages: &Messages| is_time(number, count, *messages);
        if messages.wait_for(has_come).await.is_err() {
            return;
        }
        killer.kill();
    }
}

fn is_time(number: u64, count: u64, messages: Messages) -> bool {
    let so_far = if number % 2 == 1 { messages.begun } else { messages.ended };
    so_far >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_in_the_middle_of_a_message_and_just_after_one_by_turns() {
        assert!(is_time(1, 3, Messages { begun: 3, ended: 0 }));
        assert!(!is_time(2, 3, Messages { begun: 9, ended: 2 }));
        assert!(is_time(2, 3, Messages { begun: 9, ended: 3 }));
    }

    #[test]
    fn no_two_kills_are_asked_for_at_once() {
        // A host works on so many messages of one queue at a time.
        assert!(SCHEDULE.windows(2).all(|two| two[1] > two[0] + 8));
    }
}
