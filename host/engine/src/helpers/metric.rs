//! `metric.count`: a number for CloudWatch, in its embedded metric format.

use serde_json::{Map, Value, json};

use crate::convert::Unsayable;

/// The most dimensions of a metric that CloudWatch takes.
const DIMENSIONS: usize = 30;

/// Names that the line of a metric has itself: fields of the same name would hide them.
const LINE: [&str; 6] = ["level", "message", "call", "script", "release", "alias"];

/// A name that the line of the metric does not have: `script` becomes `metric_script`.
fn own_name(name: &str) -> String {
    if LINE.contains(&name) { format!("metric_{name}") } else { name.to_owned() }
}

/// The record of a metric.
///
/// # Errors
/// What is wrong, for the author.
pub(super) fn count(
    name: &str,
    number: f64,
    dimensions: Map<String, Value>,
    seconds: i64,
) -> Result<Value, Unsayable> {
    if name.is_empty() || name.len() > 255 || !name.is_ascii() || name == "_aws" {
        return Err(Unsayable::Refused(format!(
            "metric.count: the name is {name:?}; wanted 1 to 255 ASCII characters"
        )));
    }
    if !number.is_finite() {
        let text = "metric.count: the number is not finite; wanted a count";
        return Err(Unsayable::Unusable(text.to_owned()));
    }
    if dimensions.len() > DIMENSIONS {
        return Err(Unsayable::Refused(format!(
            "metric.count: got {} dimensions; the limit is {DIMENSIONS}",
            dimensions.len()
        )));
    }
    let name = &own_name(name);
    let names: Vec<_> = dimensions.keys().map(|key| own_name(key)).collect();
    let mut record = Map::new();
    record.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": seconds.saturating_mul(1000),
            "CloudWatchMetrics": [{
                "Namespace": "Moonring", "Dimensions": [names], "Metrics": [{"Name": name, "Unit": "Count"}],
            }],
        }),
    );
    for (key, value) in dimensions {
        let text = match value {
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => {
                return Err(Unsayable::Refused(format!(
                    "metric.count: the dimension {key:?} has the wrong type; wanted a string, a number or a boolean"
                )));
            }
        };
        if text.is_empty() {
            return Err(Unsayable::Unusable(format!(
                "metric.count: the dimension {key} is empty; wanted a value"
            )));
        }
        if own_name(&key) == *name || key == "_aws" {
            return Err(Unsayable::Refused(format!(
                "metric.count: the dimension {key:?} cannot be used; wanted a name of its own"
            )));
        }
        record.insert(own_name(&key), Value::String(text));
    }
    let whole = number.fract() == 0.0 && number.abs() < 9e15;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it is whole, and within what a float counts exactly"
    )]
    record.insert(name.clone(), if whole { json!(number as i64) } else { json!(number) });
    Ok(Value::Object(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_line_has_itself_are_said_to_be_a_metrics() {
        let dimensions = json!({"script": "night", "level": 2, "queue": "sales"});
        let dimensions = dimensions.as_object().unwrap().clone();
        let Ok(record) = count("call", 1.0, dimensions, 7) else { panic!("it is refused") };
        assert_eq!(
            (&record["metric_call"], &record["metric_script"], &record["metric_level"]),
            (&json!(1), &json!("night"), &json!("2"))
        );
        assert_eq!(
            record["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            json!([["metric_script", "metric_level", "queue"]])
        );
        assert!(LINE.iter().all(|name| record.get(*name).is_none()));
    }
}
