//! Calls as sound: prompts by a speech program, audio files, the tones of keys.

mod call_sound;
mod samples;
mod speaker;
mod tones;
mod voice;

pub(crate) use call_sound::CallSound;
pub(crate) use speaker::Speaker;
pub(crate) use voice::Voice;
