// Reads messages for Teams from standard input and writes what is wrong with them, a line for each:
// what the official parser of Adaptive Cards objects to or does not keep, and Markdown that is more than text.
// [{ name, message, reads? }]: some text of the card must read `reads` once its Markdown is rendered.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

const { AdaptiveCard, SerializationContext, ValidationEvent } =
  createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
const markdown = new MarkdownIt({ html: true });
const problems = [];

for (const { name, message, reads } of JSON.parse(readFileSync(0, "utf8"))) {
  const wrong = (what) => problems.push(`${name}: ${what}`);
  if (message.type !== "message" || message.attachments.length !== 1) wrong("not one card in its envelope");
  const [{ contentType, contentUrl, content }] = message.attachments;
  if (contentType !== "application/vnd.microsoft.card.adaptive" || contentUrl !== null) wrong("not an attached card");
  parse(content, wrong);
  const texts = [...textsOf(content)].map((text) => rendered(text, wrong));
  if (reads !== undefined && !texts.includes(reads)) wrong(`nothing reads ${reads}: ${texts.join(" / ")}`);
}

process.stdout.write(problems.map((problem) => `${problem}\n`).join(""));
process.exitCode = problems.length === 0 ? 0 : 1;

function parse(content, wrong) {
  const context = new SerializationContext();
  const card = new AdaptiveCard();
  card.parse(content, context);
  for (let at = 0; at < context.eventCount; at++) wrong(context.getEventAt(at).message);
  for (const { event, message } of card.validateProperties().validationEvents) wrong(`${ValidationEvent[event]} ${message}`);
  // What the parser does not know it drops without a word, but for what belongs to Teams.
  compare(without(content, ["$schema", "msteams"]), without(card.toJSON(), ["$schema", "msteams"]), "card", wrong);
}

// Everything that was written must have been read; the parser leaves out what is its default.
function compare(written, read, place, wrong) {
  if (typeof written !== "object" || written === null) return;
  for (const [key, value] of Object.entries(written)) {
    if (read?.[key] === undefined && !isDefault(key, value)) wrong(`${place}.${key} was not read`);
    else if (read?.[key] !== undefined) compare(value, read[key], `${place}.${key}`, wrong);
  }
}

function isDefault(key, value) {
  return Array.isArray(value) && value.length === 0;
}

function without(object, keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function* textsOf(content) {
  for (const element of content.body) {
    if (element.type === "TextBlock") yield element.text;
    for (const { title, value } of element.facts ?? []) yield* [title, value];
  }
}

// One paragraph of text and nothing else; gives the text as people read it.
function rendered(text, wrong) {
  const html = markdown.render(text);
  const paragraph = /^<p>([^<]*)<\/p>\n$/.exec(html);
  if (paragraph === null) {
    wrong(`${JSON.stringify(text)} is more than text: ${html.trim()}`);
    return text;
  }
  return paragraph[1].replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
