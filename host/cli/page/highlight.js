// Luau with colours: a text as tokens, each with a kind. It knows no browser.

const WORDS = new Set(
  "and break continue do else elseif end false for function if in local nil not or repeat return then true until while".split(" "),
);

const TOKENS = new RegExp(
  [
    String.raw`(?<comment>--\[(?<c>=*)\[[\s\S]*?(?:\]\k<c>\]|$)|--[^\n]*)`,
    String.raw`(?<string>"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|` + "`(?:\\\\[\\s\\S]|[^`\\\\])*`?" + String.raw`|\[(?<s>=*)\[[\s\S]*?(?:\]\k<s>\]|$))`,
    String.raw`(?<number>\b0[xXbB][0-9a-fA-F_]+|\b\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
  ].join("|"),
  "g",
);

/// The lines of a text, each a list of `{ kind, text }`. Kinds: `comment`, `string`, `number`, `word`, `call` and `plain`.
export function highlight(text) {
  const tokens = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > end) tokens.push({ kind: "plain", text: text.slice(end, match.index) });
    const { comment, string, number, name } = match.groups;
    end = match.index + match[0].length;
    const kind =
      comment !== undefined ? "comment"
      : string !== undefined ? "string"
      : number !== undefined ? "number"
      : WORDS.has(name) ? "word"
      : /^\s*[({"']/.test(text.slice(end, end + 20)) ? "call"
      : "plain";
    tokens.push({ kind, text: match[0] });
  }
  if (end < text.length) tokens.push({ kind: "plain", text: text.slice(end) });
  return intoLines(tokens);
}

/// A token that goes over several lines is one for each.
function intoLines(tokens) {
  const lines = [[]];
  for (const { kind, text } of tokens) {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part) lines.at(-1).push({ kind, text: part });
    });
  }
  return lines;
}
