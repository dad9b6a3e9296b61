//! The picture of the page on benchmarks: how long an event takes, program by program.

use crate::report::Report;

const WIDTH: usize = 720;
const LEFT: usize = 170;
const ROW: usize = 30;
const BAR: usize = 18;

/// A picture that can be read on light and on dark pages.
pub(crate) fn draw(report: &Report<'_>) -> String {
    // An earlier build is for whoever changes the program, not for the page.
    let rows: Vec<_> = report.warm.iter().filter(|row| !row.peer.ends_with(" before")).collect();
    let longest = rows.iter().map(|row| row.cpu_us).fold(1.0, f64::max);
    let room = (WIDTH - LEFT - 70) as f64;
    let height = ROW * rows.len() + 50;
    let mut parts = vec![format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Processor time of one event, in microseconds">
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f }}
.own {{ fill: #2563eb }} .other {{ fill: #8c959f }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .own {{ fill: #6ea8fe }} .other {{ fill: #7d8590 }} }}
</style>
<text x="0" y="18">Processor time of one event, µs (less is better)</text>"#
    )];
    for (number, row) in rows.iter().enumerate() {
        let top = 34 + number * ROW;
        let length = row.cpu_us / longest * room;
        let class = if ["limit", "Node", "Python"].contains(&row.peer) { "other" } else { "own" };
        let text = top + 14;
        parts.push(format!(
            r#"<text x="{}" y="{text}" text-anchor="end">{}, {}</text><rect class="{class}" x="{LEFT}" y="{top}" width="{length:.0}" height="{BAR}" rx="3"/><text x="{:.0}" y="{text}">{:.0}</text>"#,
            LEFT - 8,
            row.peer,
            row.step,
            LEFT as f64 + length + 6.0,
            row.cpu_us
        ));
    }
    parts.push("</svg>\n".to_owned());
    parts.join("\n")
}
