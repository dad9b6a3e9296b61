//! What calls cost at Lambda's public prices, computed from the figures.
//!
//! Lambda bills each event by the memory of the function and its time, in whole milliseconds. It
//! gives a function one processor for each 1,769 MB of memory, so an event that needs 100 µs of a
//! processor takes 1.4 ms with 128 MB.

use crate::warm::WarmRow;

/// US dollars for a million requests: us-east-1, x86, November 2026.
const MILLION_REQUESTS: f64 = 0.20;
/// US dollars for a GB-second: us-east-1, x86, the first tier, November 2026.
const GB_SECOND: f64 = 0.000_016_666_7;
/// The memory that comes with one processor.
const MB_OF_A_PROCESSOR: f64 = 1769.0;
/// The sizes of the table.
const SIZES: [f64; 4] = [128.0, 256.0, 512.0, 1024.0];
/// The events of a call of the meeting: it comes, a PIN is typed, the meeting is joined, it ends.
const EVENTS: f64 = 4.0;
/// How many calls the table is about.
const CALLS: f64 = 1_000_000.0;

/// What the calls cost with so much memory.
pub(crate) struct CostRow {
    pub(crate) memory_mb: f64,
    /// Milliseconds that are billed for an event.
    pub(crate) own_ms: f64,
    pub(crate) own_dollars: f64,
    /// The same of the handler in Node; `None` where Node did not play.
    pub(crate) node: Option<NodeCost>,
}

pub(crate) struct NodeCost {
    pub(crate) ms: f64,
    pub(crate) dollars: f64,
}

pub(crate) fn compute(warm: &[WarmRow]) -> Vec<CostRow> {
    let cpu_us = |peer: &str| {
        let rows: Vec<_> = warm.iter().filter(|row| row.peer == peer).collect();
        let sum: f64 = rows.iter().map(|row| row.cpu_us).sum();
        (!rows.is_empty()).then(|| sum / rows.len() as f64)
    };
    let own = cpu_us("meeting").unwrap();
    let node = cpu_us("Node");
    SIZES
        .iter()
        .map(|&memory_mb| {
            let ms = |cpu_us: f64| billed_ms(cpu_us, memory_mb);
            let node = node
                .map(|cpu_us| NodeCost { ms: ms(cpu_us), dollars: dollars(ms(cpu_us), memory_mb) });
            CostRow { memory_mb, own_ms: ms(own), own_dollars: dollars(ms(own), memory_mb), node }
        })
        .collect()
}

fn billed_ms(cpu_us: f64, memory_mb: f64) -> f64 {
    let processors = (memory_mb / MB_OF_A_PROCESSOR).min(1.0);
    (cpu_us / 1000.0 / processors).ceil()
}

fn dollars(ms: f64, memory_mb: f64) -> f64 {
    let events = CALLS * EVENTS;
    let gb_seconds = events * ms / 1000.0 * memory_mb / 1024.0;
    events / 1_000_000.0 * MILLION_REQUESTS + gb_seconds * GB_SECOND
}
