//! All figures, as tables and as JSON.

use serde_json::{Value, json};

use crate::costs::{self, CostRow};
use crate::instructions::InstructionRow;
use crate::starts::StartRow;
use crate::warm::{Peak, Warm, WarmRow};

/// The program that all others are compared with.
const LIMIT: &str = "limit";

pub(crate) struct Report<'a> {
    pub(crate) warm: &'a [WarmRow],
    peaks: &'a [Peak],
    pub(crate) starts: &'a [StartRow],
    instructions: &'a [InstructionRow],
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        warm: &'a Warm,
        starts: &'a [StartRow],
        instructions: &'a [InstructionRow],
    ) -> Self {
        Self { warm: &warm.rows, peaks: &warm.peaks, starts, instructions }
    }

    pub(crate) fn to_text(&self) -> String {
        let mut lines = vec![
            "| program | event | p50 µs | × limit | p99 µs | CPU µs | × limit | instructions | × limit |".to_owned(),
            "|---|---|---|---|---|---|---|---|---|".to_owned(),
        ];
        let limit = self.warm.iter().find(|row| row.peer == LIMIT).unwrap();
        let fewest = self.instructions(LIMIT, limit.step);
        for row in self.warm {
            let WarmRow { peer, step, p50_us, p99_us, cpu_us } = row;
            let counted = match (self.instructions(peer, step), fewest) {
                (Some(count), Some(fewest)) => {
                    format!("{count} | {:.2}", count as f64 / fewest as f64)
                }
                _ => " | ".to_owned(),
            };
            lines.push(format!(
                "| {peer} | {step} | {p50_us:.1} | {:.2} | {p99_us:.0} | {cpu_us:.1} | {:.2} | {counted} |",
                p50_us / limit.p50_us,
                cpu_us / limit.cpu_us,
            ));
        }
        lines.push(String::new());
        lines.push("| program | peak memory, MiB |".to_owned());
        lines.push("|---|---|".to_owned());
        lines.extend(self.peaks.iter().map(|Peak { peer, mib }| format!("| {peer} | {mib:.1} |")));
        lines.push(String::new());
        lines.push("| start | first poll, ms | first answer, ms |".to_owned());
        lines.push("|---|---|---|".to_owned());
        for StartRow { name, poll_ms, answer_ms } in self.starts {
            lines.push(format!("| {name} | {poll_ms:.1} | {answer_ms:.1} |"));
        }
        lines.push(String::new());
        lines.push("| memory, MB | billed ms an event | $ for 1,000,000 meeting calls | Node: billed ms | Node: $ |".to_owned());
        lines.push("|---|---|---|---|---|".to_owned());
        for CostRow { memory_mb, own_ms, own_dollars, node } in costs::compute(self.warm) {
            let node =
                node.map_or(" | ".to_owned(), |node| format!("{} | {:.2}", node.ms, node.dollars));
            lines.push(format!("| {memory_mb} | {own_ms} | {own_dollars:.2} | {node} |"));
        }
        lines.join("\n") + "\n"
    }

    pub(crate) fn to_json(&self) -> Value {
        let warm = self.warm.iter().map(|row| {
            json!({
                "program": row.peer, "event": row.step, "p50_us": row.p50_us,
                "p99_us": row.p99_us, "cpu_us": row.cpu_us,
                "instructions": self.instructions(row.peer, row.step),
            })
        });
        let peaks = self.peaks.iter().map(|peak| json!({"program": peak.peer, "mib": peak.mib}));
        let starts = self.starts.iter().map(|row| {
            json!({"start": row.name, "first_poll_ms": row.poll_ms, "first_answer_ms": row.answer_ms})
        });
        json!({
            "warm": warm.collect::<Value>(),
            "peaks": peaks.collect::<Value>(),
            "starts": starts.collect::<Value>(),
            "costs": costs::compute(self.warm).iter().map(|row| json!({
                "memory_mb": row.memory_mb, "billed_ms": row.own_ms, "dollars": row.own_dollars,
                "node": row.node.as_ref().map(|node| json!({"billed_ms": node.ms, "dollars": node.dollars})),
            })).collect::<Value>(),
        })
    }

    fn instructions(&self, peer: &str, step: &str) -> Option<u64> {
        let mut rows = self.instructions.iter();
        rows.find(|row| row.peer == peer && row.step == step).map(|row| row.instructions)
    }
}
