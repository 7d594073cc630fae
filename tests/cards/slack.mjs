// A drawing of Block Kit, as far as our messages use it: what stands where and how it is marked, not Slack's own looks.

// No font is asked for these; each is a dot in its colour.
const SIGNS = { "🚨": "#c4314b", "⚠️": "#c98a00", "⚠": "#c98a00", "ℹ️": "#2b6cb0", "ℹ": "#2b6cb0" };

/** The blocks of a message as HTML. Tells `wrong` of whatever it does not know. */
export function drawn(blocks, wrong) {
  const shown = blocks.map((block) => {
    switch (block.type) {
      case "header":
        return `<h3>${text(block.text, wrong)}</h3>`;
      case "section": {
        const words = block.text ? `<p>${text(block.text, wrong)}</p>` : "";
        const fields = (block.fields ?? []).map((field) => `<span>${text(field, wrong)}</span>`);
        return words + (fields.length > 0 ? `<div class="fields">${fields.join("")}</div>` : "");
      }
      case "context":
        return `<p class="context">${block.elements.map((element) => text(element, wrong)).join(" ")}</p>`;
      case "actions":
        return `<p>${block.elements.map((button) => `<b class="button">${text(button.text, wrong)}</b>`).join(" ")}</p>`;
      default:
        wrong(`no drawing of a block ${block.type}`);
        return "";
    }
  });
  return `<p class="app"><b>Bastion Archivist</b> <i>APP</i></p>${shown.join("")}`;
}

function text({ type, text: words }, wrong) {
  if (type === "plain_text") return signs(escaped(words));
  if (type !== "mrkdwn") wrong(`no drawing of a text ${type}`);
  // Its three escapes are those of HTML.
  return signs(words.replaceAll(/\*([^*]+)\*/g, "<b>$1</b>").replaceAll(/`([^`]+)`/g, "<code>$1</code>"));
}

const escaped = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function signs(html) {
  let shown = html;
  for (const [sign, colour] of Object.entries(SIGNS)) {
    shown = shown.replaceAll(sign, `<em style="background: ${colour}"></em>`);
  }
  return shown;
}
