//! Nothing of what a caller types, and no number of a call, stands in any line, however a script
//! spells it.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::*;

/// Fields whose numbers are nobody's.
const OTHERS: [&str; 6] = ["call", "journal", "micros", "sequence", "release", "line"];

/// Keeps the texts of every line.
#[derive(Clone, Default)]
struct ReleaseRouter(Arc<Mutex<Vec<(String, String)>>>);

impl Visit for ReleaseRouter {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push((field.name().to_owned(), format!("{value:?}")));
    }
}

impl Subscriber for ReleaseRouter {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Says in every way what its event says.
const SCRIPT: &str = "return { default = function(event, call)
  local spelled, each = event.Spelled, {}
  local nested = {}
  for key in string.gmatch(spelled, '[0-9*#]') do
    each[#each + 1] = tonumber(key) or key
    nested[#nested + 1] = { key }
  end
  log.info(spelled, { [spelled] = spelled, deep = { { spelled } }, each = each, whole = tonumber(table.concat(each)), nested = nested })
  pcall(metric.count, 'whole', -(tonumber(table.concat(each)) or 0))
  print(spelled)
  pcall(metric.count, spelled, 1, { [spelled .. ' '] = spelled, level = spelled, call = spelled })
  if event.Raises then error(spelled) end
  return { action.raw { Type = spelled, Parameters = {} } }
end }";

/// Digits with signs between them.
fn spelled(digits: &'static str) -> impl Strategy<Value = String> {
    let gap = prop::sample::select(vec![
        "", "", " ", "-", ".", ") ", " (", ", ", " - ", "/", ":", " -- ", "    ",
    ]);
    prop::collection::vec(gap, digits.len()).prop_map(move |gaps| {
        digits.chars().zip(gaps).map(|(digit, gap)| format!("{digit}{gap}")).collect::<String>()
    })
}

#[test]
fn nothing_that_was_typed_and_no_number_of_the_call_stands_in_any_line() {
    const TYPED: &str = "738291";
    let what = prop_oneof![
        spelled(TYPED).prop_map(|text| (text, TYPED)),
        spelled("4155550123").prop_map(|text| (text, "55550123")),
        spelled("14155550123").prop_map(|text| (format!("+{text}"), "55550123")),
    ];
    let draw = ("[a-z]{1,6} ", what, any::<bool>());
    let lines = ReleaseRouter::default();
    tracing::subscriber::with_default(lines.clone(), || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = Stage::new(SCRIPT, &[(0, true)]);
            let host = host(&stage, 3600);
            assert!(host.prepare(Duration::from_secs(2)).await);
            // Whatever else runs in this process registers the same lines: once they are, this
            // thread's subscriber has them all.
            for number in 0..20 {
                hears(&host, &format!("first {number}")).await;
                tracing::callsite::rebuild_interest_cache();
            }
            let mut runner = TestRunner::new(Config::default());
            for number in 0..600 {
                let (words, (text, never), raises) = draw.new_tree(&mut runner).unwrap().current();
                let event = json!({
                    "InvocationEventType": "DIGITS_RECEIVED", "Spelled": format!("{words}{text}"), "Raises": raises,
                    "ActionData": {"Type": "ReceiveDigits", "ReceivedDigits": TYPED},
                    "CallDetails": {"TransactionId": format!("call {number}"), "Participants": [
                        {"CallId": "a", "ParticipantTag": "LEG-A", "From": "+14155550123", "To": "+12065550100", "Status": "Connected"}]},
                });
                lines.0.lock().unwrap().clear();
                answer(&host, &event).await;
                let seen = lines.0.lock().unwrap().clone();
                assert!(seen.iter().filter(|(name, _)| name == "message").count() >= 3, "{seen:?}");
                for (name, shown) in seen.iter().filter(|(name, _)| !OTHERS.contains(&name.as_str())) {
                    let keys: String = shown.chars().filter(char::is_ascii_digit).collect();
                    assert!(!keys.contains(never), "{event}: {name} is {shown}");
                }
            }
        });
    });
}
