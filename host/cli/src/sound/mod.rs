//! Calls as sound: prompts by a speech program, audio files, the tones of keys.

mod call_sound;
mod clips;
mod samples;
mod speaker;
mod tones;
mod voice;

pub(crate) use call_sound::CallSound;
pub(crate) use clips::{Clip, Clips, recording};
pub(crate) use samples::{length, read_wav, wav_bytes};
pub(crate) use speaker::Speaker;
pub(crate) use voice::Voice;
