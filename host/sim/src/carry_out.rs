//! Carries out the orders of the exchange: how long what they ask for takes.

use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::{
    AudioFile, Condition, Input, LegNumber, Order, Prompt, Ticket, audio_files,
};
use serde_json::Value;

use crate::call::{Invocation, PlayedCall};
use crate::event_queue::Scheduled;
use crate::person::Pickup;
use crate::scene::{Attempt, Conversation, Party, Recording};
use crate::speech::spoken_for;
use crate::world::Audio;

/// How long it takes until the far end rings, or is found busy.
pub(crate) const DIALLING: Duration = Duration::from_secs(1);
/// How long it takes to get into a meeting.
const JOINING: Duration = Duration::from_millis(500);
/// How long it takes to mute attendees.
const MUTING: Duration = Duration::from_millis(200);
/// How long a bot waits for somebody to say something.
const LISTENING: Duration = Duration::from_secs(10);
/// How long an audio file is taken to be that is not at hand.
const UNKNOWN_AUDIO: Duration = Duration::from_secs(3);
/// What even an empty file takes: a prompt that took no time could be repeated for ever at one
/// moment.
const SHORTEST_AUDIO: Duration = Duration::from_millis(50);

impl PlayedCall {
    /// Carries out what the exchange has ordered.
    pub(crate) fn carry_out(&mut self) {
        for order in self.exchange.take_orders() {
            self.carry_out_one(order);
        }
    }

    fn carry_out_one(&mut self, order: Order) {
        let now = self.scene.now;
        match order {
            Order::Play { is_looped: true, .. } => {}
            Order::Play { ticket, prompt, .. } => {
                self.finish_at(now + self.length(&prompt), ticket)
            }
            Order::Record { ticket, leg, longest, silence, .. } => {
                let ends_at = longest.map(|longest| now + longest);
                match (silence, ends_at) {
                    (Some(silence), _) => {
                        self.scene.recordings.insert(ticket, Recording { leg, silence, ends_at });
                        self.plan_end_of_recordings(leg);
                    }
                    (None, Some(ends_at)) => self.finish_at(ends_at, ticket),
                    (None, None) => {}
                }
            }
            Order::Stop { ticket } => self.stop(ticket),
            Order::Dial { ticket, leg, to, .. } => self.dial(ticket, leg, &to),
            Order::Join { ticket, .. } => self.finish_at(now + JOINING, ticket),
            Order::Mute { ticket, .. } => self.finish_at(now + MUTING, ticket),
            Order::SendDigits { ticket, digits, tone, comma, .. } => {
                let length = |digit: char| if digit == ',' { comma } else { tone };
                self.finish_at(now + digits.chars().map(length).sum::<Duration>(), ticket);
            }
            Order::Converse { ticket, leg, bot, welcome } => {
                let lasts: Duration = welcome.iter().map(|prompt| self.length(prompt)).sum();
                let nothing = Input::Understood { ticket, intent: None };
                self.scene.queue.add_input(now + lasts + LISTENING, nothing);
                self.scene.conversation = Some(Conversation { ticket, leg, bot });
            }
            Order::Invoke { ticket, event, application } => {
                self.scene.attempts += 1;
                let number = self.scene.attempts;
                self.scene.invoked.insert(ticket, Attempt { number, began: now });
                let now_ms = self.now_ms();
                self.invocations.push_back(Invocation {
                    attempt: number,
                    event,
                    application,
                    now_ms,
                });
            }
            Order::SetTimer { ticket, after } => {
                self.scene.queue.add_input(now + after, Input::Timer { ticket });
            }
            // Nobody here can tell the difference.
            Order::Answer { .. }
            | Order::Bridge { .. }
            | Order::ReduceNoise { .. }
            | Order::PauseRecord { .. }
            | Order::ResumeRecord { .. }
            | Order::HangUp { .. } => {}
        }
    }

    fn finish_at(&mut self, at: Duration, ticket: Ticket) {
        self.scene.queue.add_input(at, Input::Finished { ticket });
    }

    fn stop(&mut self, ticket: Ticket) {
        self.scene.queue.remove(ticket);
        self.scene.invoked.remove(&ticket);
        self.scene.recordings.remove(&ticket);
        self.scene.conversation.take_if(|conversation| conversation.ticket == ticket);
        if let Some(leg) = self.scene.dialled.remove(&ticket) {
            self.scene.queue.remove_leg(leg);
        }
    }

    fn dial(&mut self, ticket: Ticket, leg: LegNumber, to: &str) {
        let now = self.scene.now;
        self.scene.dialled.insert(ticket, leg);
        if self.scene.parties.contains_key(&leg) {
            return self.scene.queue.add(now + DIALLING, Scheduled::Rings { leg });
        }
        // Whoever was called before is gone.
        for other in self.scene.parties.keys().skip(1).copied().collect::<Vec<_>>() {
            self.scene.parties.remove(&other);
            self.scene.queue.remove_leg(other);
        }
        let party = Party::new(self.scene.callees.next(to));
        match party.person.pickup {
            Pickup::After(after) => {
                self.scene.queue.add_input(now + after, Input::Answered { leg })
            }
            Pickup::Busy | Pickup::Refuses => {
                self.scene.queue.add_input(now + DIALLING, Input::Busy { leg });
            }
            Pickup::Never => {}
        }
        self.scene.parties.insert(leg, party);
    }

    /// The telephone of whoever is called rings.
    pub(crate) fn ring(&mut self, leg: LegNumber) {
        let now = self.scene.now;
        let pickup = self.scene.parties.get(&leg).map_or(Pickup::Never, |one| one.person.pickup);
        match pickup {
            Pickup::Busy => return self.feed(Input::Busy { leg }),
            Pickup::After(after) => {
                self.scene.queue.add_input(now + after, Input::Answered { leg })
            }
            Pickup::Refuses => self.scene.queue.add_input(now + DIALLING, Input::Busy { leg }),
            Pickup::Never => {}
        }
        self.feed(Input::Ringing { leg });
    }

    /// Recordings of a leg that silence ends are to end so long after its party has talked.
    pub(crate) fn plan_end_of_recordings(&mut self, leg: LegNumber) {
        let talks_until = self.scene.parties.get(&leg).map(|party| party.talks_until);
        let silent_from = self.scene.now.max(talks_until.unwrap_or_default());
        for (ticket, recording) in &self.scene.recordings {
            if recording.leg == leg {
                self.scene.queue.remove(*ticket);
                let finished = Input::Finished { ticket: *ticket };
                self.scene.queue.add_input(recording.due_at(silent_from), finished);
            }
        }
    }

    /// Somebody says something to the bot that talks with them, if one does.
    pub(crate) fn say_to_bot(&mut self, leg: LegNumber, words: Option<&str>, until: Duration) {
        let Some(Conversation { ticket, bot, .. }) =
            self.scene.conversation.as_ref().filter(|conversation| conversation.leg == leg)
        else {
            return;
        };
        let words = words.unwrap_or_default().to_lowercase();
        let intent = self.world.bots.get(bot).and_then(|bot| bot.intents.get(&words)).cloned();
        self.scene.queue.remove(*ticket);
        self.scene.queue.add_input(until, Input::Understood { ticket: *ticket, intent });
    }

    /// Tells the exchange what is known of the files of an answer before it counts.
    pub(crate) fn look_at_files(&mut self, answer: &Arc<Value>) {
        if self.world.audio.is_none() {
            return;
        }
        for file in audio_files(answer) {
            let condition = match self.look(&file) {
                Audio::Lasts(_) | Audio::Unknown => Condition::Playable,
                Audio::Unusable => Condition::Unusable,
                Audio::Missing => Condition::Missing,
            };
            let is_news = match condition {
                Condition::Playable => self.scene.unplayable.remove(&file),
                _ => {
                    self.scene.unplayable.insert(file.clone());
                    true
                }
            };
            if is_news {
                self.feed(Input::File { file, condition });
            }
        }
    }

    fn look(&self, file: &AudioFile) -> Audio {
        self.world.audio.as_ref().map_or(Audio::Unknown, |look| look(&file.bucket, &file.key))
    }

    fn length(&self, prompt: &Prompt) -> Duration {
        match prompt {
            Prompt::Speech { text, is_ssml, .. } => match &self.world.speech {
                Some(length) => length(text),
                None => spoken_for(text, *is_ssml),
            },
            Prompt::Audio(file) => match self.look(file) {
                Audio::Lasts(lasts) => lasts.max(SHORTEST_AUDIO),
                Audio::Unknown | Audio::Unusable | Audio::Missing => UNKNOWN_AUDIO,
            },
        }
    }
}
