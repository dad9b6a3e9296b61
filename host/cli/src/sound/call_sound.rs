//! A whole call as sound: what the caller hears on one channel, what they do on the other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use moonring_exchange::{Entry, Happened, Tag, Trace};
use moonring_sim::spoken_for;

use super::clips::Clip;
use super::samples::{count, length, read_wav, wav_bytes, write_wav};
use super::tones::{hum, key};
use super::voice::Voice;
use crate::audio::AudioFolders;
use crate::printer::Printer;

/// What a file that is not at hand sounds for.
const UNKNOWN_AUDIO: Duration = Duration::from_secs(3);
/// The longest call that is written, in seconds: a file of an hour has 115 MB.
const LONGEST: u64 = 3600;

/// What calls are made to sound with.
#[derive(Clone)]
pub(crate) struct CallSound {
    voice: Option<Arc<Voice>>,
    folders: AudioFolders,
}

/// A call that is being put together.
#[derive(Default)]
struct Mix {
    heard: Vec<i16>,
    done: Vec<i16>,
}

impl CallSound {
    pub(crate) fn new(voice: Option<Arc<Voice>>, folders: AudioFolders) -> Self {
        Self { voice, folders }
    }

    /// Writes a call as WAV: left is what the caller hears, right what they press and say.
    ///
    /// # Errors
    /// When the file cannot be written, or the call is longer than an hour.
    pub(crate) fn write(&self, trace: &Trace, path: &Path, printer: Printer) -> anyhow::Result<()> {
        let Mix { heard, done } = self.mix(trace, &[])?;
        let file = std::fs::File::create(path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        write_wav(std::io::BufWriter::new(file), &[&heard, &done])
            .with_context(|| format!("cannot write {}", path.display()))?;
        let lasts = length(&heard).as_secs_f64();
        printer.talk(&format!("{}: {lasts:.1} s of sound", path.display()));
        Ok(())
    }

    /// A whole call as the bytes of a WAV file, with what people said into a microphone.
    ///
    /// # Errors
    /// When the call is longer than an hour.
    pub(crate) fn whole(&self, trace: &Trace, clips: &[Clip]) -> anyhow::Result<Vec<u8>> {
        let Mix { heard, done } = self.mix(trace, clips)?;
        Ok(wav_bytes(&[&heard, &done]))
    }

    /// What a leg hears at an entry of a call; `None` where nothing can say it, or there is no such
    /// file.
    pub(crate) fn heard(&self, what: &str, is_audio: bool) -> Option<Vec<i16>> {
        if is_audio {
            return self.known_file(what);
        }
        self.voice.as_ref().map(|voice| voice.say(what).to_vec())
    }

    fn mix(&self, trace: &Trace, clips: &[Clip]) -> anyhow::Result<Mix> {
        let ends = trace.entries.last().map_or(Duration::ZERO, |entry| entry.at);
        anyhow::ensure!(
            ends.as_secs() <= LONGEST,
            "the call lasts {} minutes; a WAV file has at most {}",
            ends.as_secs() / 60,
            LONGEST / 60
        );
        let mut mix = Mix::default();
        for (index, entry) in trace.entries.iter().enumerate() {
            let rest = &trace.entries[index + 1..];
            match &entry.happened {
                Happened::Hears { leg: Tag::A, what, is_audio, .. } => {
                    let most = until(rest, entry.at, ends);
                    let sound = if *is_audio { self.file(what) } else { self.speech(what) };
                    mix.add(true, entry.at, sound.get(..count(most)).unwrap_or(&sound));
                }
                Happened::Presses { leg, digit, .. } => {
                    mix.add(*leg == Tag::B, entry.at, &key(*digit));
                }
                Happened::Talks { leg, lasts, .. } => {
                    let said = clips.iter().find(|clip| clip.leg == *leg && clip.at == entry.at);
                    let lasts = (*lasts).min(ends.saturating_sub(entry.at));
                    let sound = said.map_or_else(|| hum(lasts), |clip| clip.samples.clone());
                    mix.add(*leg == Tag::B, entry.at, &sound);
                }
                _ => {}
            }
        }
        let whole = count(ends);
        mix.heard.resize(mix.heard.len().max(whole), 0);
        Ok(mix)
    }

    fn speech(&self, text: &str) -> Vec<i16> {
        match &self.voice {
            Some(voice) => voice.say(text).to_vec(),
            None => hum(spoken_for(text, false)),
        }
    }

    fn file(&self, name: &str) -> Vec<i16> {
        self.known_file(name).unwrap_or_else(|| hum(UNKNOWN_AUDIO))
    }

    fn known_file(&self, name: &str) -> Option<Vec<i16>> {
        let path = name.trim_start_matches("s3://").split_once('/');
        let path = path.and_then(|(bucket, key)| self.folders.find(bucket, key));
        let bytes = path.and_then(|path| std::fs::read(path).ok());
        bytes.and_then(|bytes| read_wav(bytes.as_slice()))
    }
}

impl Mix {
    /// Lays samples over what is there from a moment on.
    fn add(&mut self, is_heard: bool, at: Duration, samples: &[i16]) {
        let channel = if is_heard { &mut self.heard } else { &mut self.done };
        let start = count(at);
        channel.resize(channel.len().max(start + samples.len()), 0);
        for (sample, more) in channel.iter_mut().skip(start).zip(samples) {
            *sample = sample.saturating_add(*more);
        }
    }
}

/// How long a prompt can sound: until the caller hears the next one, presses a key that counts, or
/// is gone.
fn until(rest: &[Entry], from: Duration, ends: Duration) -> Duration {
    let cuts = |entry: &&Entry| {
        matches!(
            entry.happened,
            Happened::Hears { leg: Tag::A, .. }
                | Happened::Ends { leg: Tag::A, .. }
                | Happened::Presses { leg: Tag::A, is_heard: true, .. }
        )
    };
    let cut = rest.iter().find(cuts).map_or(ends, |entry| entry.at);
    cut.saturating_sub(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: u64, happened: Happened) -> Entry {
        Entry { at: Duration::from_millis(at), happened }
    }

    #[test]
    fn a_call_sounds_as_it_went() {
        let hears = |what: &str| Happened::Hears {
            leg: Tag::A,
            what: what.to_owned(),
            is_audio: false,
            place: None,
        };
        let presses = Happened::Presses { leg: Tag::A, digit: '1', is_heard: true };
        let entries = vec![
            entry(0, hears("A long text that a key cuts short, and nobody hears its end.")),
            entry(1000, presses),
            entry(3000, hears("Bye.")),
            entry(5000, Happened::Ends { leg: Tag::A, code: 0 }),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("call.wav");
        let sound = CallSound::new(None, AudioFolders { scripts: None, all: None });
        sound.write(&Trace { entries }, &path, Printer::new()).unwrap();
        let mut reader = hound::WavReader::open(&path).unwrap();
        let samples: Vec<i16> = reader.samples::<i16>().map(Result::unwrap).collect();
        // Left and right by the tenth of a second: whether there is sound.
        let sounds = |channel: usize, tenth: usize| {
            let part = samples.chunks(2).skip(tenth * 800).take(800);
            part.map(|frame| frame[channel].unsigned_abs()).max().unwrap() > 500
        };
        assert_eq!(samples.len(), 2 * 8000 * 5);
        for (channel, tenth, is_sound) in [
            (0, 5, true),
            (1, 5, false),
            (0, 15, false),
            (1, 10, true),
            (1, 15, false),
            (0, 31, true),
            (0, 45, false),
        ] {
            assert_eq!(sounds(channel, tenth), is_sound, "channel {channel}, tenth {tenth}");
        }
    }
}
