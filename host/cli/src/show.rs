//! A call shown as it goes.

use std::cell::{Cell, RefCell};

use moonring_exchange::{Entry, Happened, Tag};
use moonring_sim::{EndlessExchange, PlayedCall, explain, step, tell, tell_requests, to_json};
use serde_json::Value;

use crate::local_host::LocalHost;
use crate::printer::{Hue, Printer, printable};
use crate::sound::Speaker;
use crate::update::Update;

/// How a call is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShowForm {
    /// What people do and hear.
    Story,
    /// Events and answers too.
    Events,
    /// Everything, as objects for programs.
    Json,
}

impl ShowForm {
    /// As a command line says.
    pub(crate) fn of(is_json: bool, has_events: bool) -> Self {
        match () {
            () if is_json => Self::Json,
            () if has_events => Self::Events,
            () => Self::Story,
        }
    }
}

/// Shows what happens in calls.
pub(crate) struct Show {
    printer: Printer,
    form: ShowForm,
    /// How many entries of the trace have been shown.
    shown: Cell<usize>,
    endless: RefCell<EndlessExchange>,
    /// Who says prompts aloud.
    speaker: Option<Speaker>,
    /// What stands before each line, where there are many calls.
    mark: String,
    /// The same for programs: its TransactionId.
    id: Option<String>,
}

impl Show {
    pub(crate) fn new(printer: Printer, form: ShowForm) -> Self {
        Self {
            printer,
            form,
            shown: Cell::new(0),
            endless: RefCell::default(),
            speaker: None,
            mark: String::new(),
            id: None,
        }
    }

    /// The same with prompts said aloud.
    pub(crate) fn with_speaker(self, speaker: Speaker) -> Self {
        Self { speaker: Some(speaker), ..self }
    }

    pub(crate) fn printer(&self) -> Printer {
        self.printer
    }

    /// How calls are shown.
    pub(crate) fn form(&self) -> ShowForm {
        self.form
    }

    /// Shows one call of many.
    pub(crate) fn of_call(printer: Printer, form: ShowForm, number: usize, id: &str) -> Self {
        let (mark, id) = (format!("{number:>4} "), Some(id.to_owned()));
        Self { mark, id, ..Self::new(printer, form) }
    }

    /// Leaves out what has happened in a call so far.
    pub(crate) fn skip(&self, call: &PlayedCall) {
        self.shown.set(call.trace().entries.len());
    }

    /// A new call.
    pub(crate) fn begin(&self) {
        self.shown.set(0);
        self.endless.take();
    }

    /// Plays a call whose people know what they do, and which is updated at these moments, as fast
    /// as it goes.
    pub(crate) fn play(
        &self,
        call: &mut PlayedCall,
        mut scripts: &LocalHost,
        updates: &[Update],
    ) -> anyhow::Result<()> {
        self.begin();
        for Update { at, arguments } in updates {
            call.update_at(*at, arguments.clone());
        }
        while step(call, &mut scripts) {
            self.show(call)?;
        }
        self.show(call)?;
        for late in updates.iter().filter(|update| update.at > call.now()) {
            let at = late.at.as_secs_f64();
            self.printer.error_text(&format!("the call cannot be updated at {at} s: it is over"));
        }
        Ok(())
    }

    /// Shows what is new.
    pub(crate) fn show(&self, call: &PlayedCall) -> anyhow::Result<()> {
        for entry in call.trace().entries.iter().skip(self.shown.get()) {
            self.shown.set(self.shown.get() + 1);
            let is_event =
                matches!(entry.happened, Happened::Invoked { .. } | Happened::Answered { .. });
            let lines = match self.form {
                ShowForm::Json => vec![self.object(entry).to_string()],
                ShowForm::Story if is_event => tell_requests(entry),
                ShowForm::Story | ShowForm::Events => tell(entry),
            };
            for line in lines {
                match self.form {
                    ShowForm::Json => self.printer.data(&line)?,
                    _ => {
                        let line = format!("{}{}", self.mark, printable(&line));
                        self.printer.coloured_data(&line, hue(entry))?;
                    }
                }
            }
            self.speak(entry);
            if self.form == ShowForm::Json {
                continue;
            }
            // The story itself has what was not answered.
            let is_told = matches!(entry.happened, Happened::NotAnswered { .. });
            let is_enough = is_told || self.endless.borrow().is_said();
            let troubles = if is_enough { Vec::new() } else { explain(entry) };
            let endless = self.endless.borrow_mut().look(entry);
            for line in troubles.into_iter().chain(endless) {
                let line = format!("{}{}", self.mark, printable(&line));
                self.printer.coloured_data(&line, Hue::Failure)?;
            }
        }
        Ok(())
    }
}

impl Show {
    /// An entry as programs read it.
    fn object(&self, entry: &Entry) -> Value {
        let mut object = to_json(entry);
        if let (Some(id), Some(fields)) = (&self.id, object.as_object_mut()) {
            fields.insert("TransactionId".to_owned(), Value::from(id.as_str()));
        }
        object
    }

    /// Says aloud what the caller hears, until something cuts it short.
    fn speak(&self, entry: &Entry) {
        let Some(speaker) = &self.speaker else { return };
        match &entry.happened {
            Happened::Hears { leg: Tag::A, what, is_audio: false, .. } => speaker.say(what),
            Happened::Hears { leg: Tag::A, .. }
            | Happened::Presses { leg: Tag::A, is_heard: true, .. }
            | Happened::Ends { leg: Tag::A, .. } => speaker.stop(),
            _ => {}
        }
    }
}

/// The colour of an entry.
fn hue(entry: &Entry) -> Hue {
    match &entry.happened {
        Happened::Hears { .. } => Hue::Speech,
        Happened::Presses { .. } | Happened::Talks { .. } => Hue::Caller,
        Happened::NotAnswered { .. } | Happened::Logs(_) | Happened::Warns(_) => Hue::Failure,
        Happened::Ends { code, .. } if *code != 0 => Hue::Failure,
        Happened::Invoked { .. } | Happened::Answered { .. } => Hue::Aside,
        _ => Hue::Plain,
    }
}
