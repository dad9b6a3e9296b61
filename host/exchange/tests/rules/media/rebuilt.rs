//! A call is its start and its inputs: cut off anywhere and built again, it goes on as it was.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::hostile::{Drawn, any_drawn};
use super::*;
use moonring_exchange::Call;

#[test]
fn a_call_that_is_built_again_from_its_inputs_gives_the_same_orders() {
    let config =
        ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = (any_drawn(), any::<prop::sample::Index>());
    let run = |(drawn, cut): (Drawn, prop::sample::Index)| {
        let switch = drawn.play();
        let inputs = switch.call.inputs();
        let cut = cut.index(inputs.len() + 1);
        let (before, after) = inputs.split_at(cut);
        // As it would be read from a file.
        let start = serde_json::from_value(json!(drawn.start())).unwrap();
        let service = serde_json::from_value(json!(drawn.service)).unwrap();
        let before: Vec<Stamped> = serde_json::from_str(&json!(before).to_string()).unwrap();
        let mut again = Call::rebuild(Arc::new(service), start, before);
        let orders: Vec<Order> = switch.orders[..=cut].concat();
        let read: Vec<Order> = serde_json::from_str(&json!(orders).to_string()).unwrap();
        prop_assert_eq!(&again.take_orders(), &read);
        for (input, orders) in after.iter().zip(&switch.orders[cut + 1..]) {
            again.take(input.at, input.input.clone());
            prop_assert_eq!(&again.take_orders(), orders);
        }
        prop_assert_eq!(again.trace(), switch.call.trace());
        prop_assert_eq!(again.inputs(), inputs);
        Ok(())
    };
    TestRunner::new(config).run(&strategy, run).unwrap();
}
