//! What people say into a microphone: pieces of sound, with the moment of the call and the leg.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moonring_exchange::Tag;

use super::samples::{count, length};

/// The most calls whose sound is kept.
const CALLS: usize = 50;
/// The most samples of a call: half an hour.
const SAMPLES: usize = 8000 * 1800;

/// Something that somebody said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clip {
    pub(crate) leg: Tag,
    /// When, from the start of the call.
    pub(crate) at: Duration,
    /// At the rate of a telephone.
    pub(crate) samples: Vec<i16>,
}

/// What was said in the calls of a server, the latest calls last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clips(Arc<Mutex<VecDeque<Said>>>);

#[derive(Debug)]
struct Said {
    call: String,
    clips: Vec<Clip>,
}

impl Clips {
    /// Keeps what somebody said. Of a call that has said more than half an hour, nothing more.
    pub(crate) fn add(&self, call: &str, clip: Clip) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !calls.iter().any(|said| said.call == call) {
            calls.push_back(Said { call: call.to_owned(), clips: Vec::new() });
        }
        let oldest = calls.len().saturating_sub(CALLS);
        calls.drain(..oldest);
        if let Some(said) = calls.iter_mut().find(|said| said.call == call) {
            let before: usize = said.clips.iter().map(|clip| clip.samples.len()).sum();
            if before + clip.samples.len() <= SAMPLES {
                said.clips.push(clip);
            }
        }
    }

    /// What was said in a call.
    pub(crate) fn of(&self, call: &str) -> Vec<Clip> {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let said = calls.iter().find(|said| said.call == call);
        said.map(|said| said.clips.clone()).unwrap_or_default()
    }
}

/// A recording that ended at this moment: what was said in it, on one channel, or on one for each
/// leg. `None` where nothing was said into a microphone meanwhile.
pub(crate) fn recording(
    clips: &[Clip],
    leg: Tag,
    ended: Duration,
    lasts: Duration,
    channels: u16,
) -> Option<Vec<Vec<i16>>> {
    let began = ended.saturating_sub(lasts);
    let legs = if channels > 1 { vec![Tag::A, Tag::B] } else { vec![leg] };
    let channel = |leg: Tag| {
        let mut channel = vec![0_i16; count(lasts)];
        for clip in clips.iter().filter(|clip| clip.leg == leg) {
            // What was said before the recording began is not on it.
            let skipped = count(began.saturating_sub(clip.at));
            let start = count(clip.at.saturating_sub(began));
            let heard = clip.samples.iter().skip(skipped);
            for (sample, said) in channel.iter_mut().skip(start).zip(heard) {
                *sample = sample.saturating_add(*said);
            }
        }
        channel
    };
    let is_in = |clip: &&Clip| {
        legs.contains(&clip.leg) && clip.at < ended && clip.at + length(&clip.samples) > began
    };
    clips.iter().find(is_in)?;
    Some(legs.iter().map(|leg| channel(*leg)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: usize = 8000;

    #[test]
    fn a_recording_has_what_was_said_while_it_ran() {
        let clip = |leg, at, sample| Clip {
            leg,
            at: Duration::from_secs(at),
            samples: vec![sample; SECOND],
        };
        let clips = Clips::default();
        for clip in
            [clip(Tag::A, 1, 100), clip(Tag::A, 3, 200), clip(Tag::B, 3, 300), clip(Tag::A, 9, 400)]
        {
            clips.add("call", clip);
        }
        let said = clips.of("call");
        // From 1.5 s to 5.5 s.
        let (ended, lasts) = (Duration::from_millis(5500), Duration::from_secs(4));
        let one = recording(&said, Tag::A, ended, lasts, 1).unwrap();
        assert_eq!((one.len(), one[0].len()), (1, 4 * SECOND));
        let at = |tenth: usize| one[0][tenth * SECOND / 10 + 1];
        assert_eq!(
            [at(0), at(4), at(5), at(14), at(15), at(24), at(25), at(39)],
            [100, 100, 0, 0, 200, 200, 0, 0]
        );
        let both = recording(&said, Tag::A, ended, lasts, 2).unwrap();
        assert_eq!([both[0][2 * SECOND], both[1][2 * SECOND]], [200, 300]);
        assert_eq!(
            recording(&said, Tag::A, Duration::from_secs(9), Duration::from_secs(4), 1),
            None
        );
    }

    #[test]
    fn the_sound_of_old_calls_is_dropped() {
        let clips = Clips::default();
        for call in 0..=CALLS {
            clips
                .add(&call.to_string(), Clip { leg: Tag::A, at: Duration::ZERO, samples: vec![1] });
        }
        assert!(clips.of("0").is_empty() && clips.of("1").len() == 1);
    }
}
